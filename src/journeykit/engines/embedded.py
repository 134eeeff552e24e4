"""A DuckDB of our own, in memory: for files and frames, which have no engine.

What does not fit into its memory goes to a folder of its own, which goes with it.  It takes
nothing from the network.

May import: duckdb, errors.
"""

from __future__ import annotations

import os
import re
import tempfile
import uuid
from pathlib import Path
from typing import Final

import attrs
import ibis

from journeykit.engines.duckdb import DuckDB
from journeykit.errors import EventLogError

MEMORY_LIMIT: Final = "2GB"
"""What it may hold in memory before it spills to disk, unless the caller says: a quarter of a small laptop.

Ten million events of a plain log take 0.4 GB of it; a hundred million are done with it, and with 800 MB.
"""

_SIZE: Final = re.compile(r"(?i)^\s*\d+(\.\d+)?\s*[kmgt]i?b\s*$")


@attrs.frozen(kw_only=True)
class Limits:
    """What an engine of our own may use.

    Attributes:
        memory_limit: How much memory before it spills, such as "4GB"; None: 2 GB.
        threads: How many threads; None: as many as the machine has.
        temp_dir: An existing folder for what does not fit into memory; None: that of the system.
    """

    memory_limit: str | None = None
    threads: int | None = None
    temp_dir: str | os.PathLike[str] | None = None

    def __attrs_post_init__(self) -> None:
        if self.memory_limit is not None and not _is_size(self.memory_limit):
            raise EventLogError(f"memory_limit={self.memory_limit!r} is no size such as '4GB' or '500MB'")
        if self.threads is not None and not _is_count(self.threads):
            raise EventLogError(f"threads={self.threads!r} is no number of threads, 1 or more")
        if self.temp_dir is not None and not Path(self.temp_dir).is_dir():
            raise EventLogError(f"temp_dir={os.fspath(self.temp_dir)!r} is no folder: make it first")

    @property
    def said(self) -> tuple[str, ...]:
        """Name what the caller said."""
        told = attrs.asdict(self)
        return tuple(name for name, value in told.items() if value is not None)


def connect_embedded(limits: Limits = Limits()) -> DuckDB:
    """Open a DuckDB of our own: in memory, spilling to a folder of its own, never on the network."""
    spill = Path(limits.temp_dir or tempfile.gettempdir()) / f"journeykit-{uuid.uuid4().hex}"
    more = {} if limits.threads is None else {"threads": limits.threads}
    own = ibis.duckdb.connect(
        memory_limit=limits.memory_limit or MEMORY_LIMIT,
        temp_directory=str(spill),
        autoinstall_known_extensions=False,
        autoload_known_extensions=False,
        **more,
    )
    # DuckDB would draw a bar of its own in notebooks and shells.
    own.settings["enable_progress_bar"] = False
    return DuckDB(own)


def _is_size(text: object) -> bool:
    return isinstance(text, str) and bool(_SIZE.match(text)) and float(re.findall(r"[\d.]+", text)[0]) > 0


def _is_count(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number >= 1
