"""The command line: `journeykit demo`, `report`, `lifecycles`, `plugins`, `check`, `new-plugin`.

Reads arguments, asks what the public functions ask, and shows the answers.  Errors are one
readable line on stderr and exit code 2.  Nothing is imported here, so that even an
interrupt in the first moment is one word; no command imports an engine before it needs one.

May import: everything below.
"""

from __future__ import annotations

import sys
from typing import NoReturn

INTERRUPTED = 130


def main() -> NoReturn:
    """Run the command line and leave: 0 is done, 2 an error, 130 an interrupt, 141 a closed pipe."""
    try:
        from journeykit.cli.running import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    if code == INTERRUPTED and sys.stderr is not None:
        sys.stderr.write("interrupted\n")
    sys.exit(code)
