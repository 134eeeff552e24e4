"""Virtual environments and logs for the comparison, kept in a folder outside the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

from make_events import make_events

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "journeykit-benchmarks"


def environment(name: str, requirements: tuple[str, ...]) -> Path:
    """Make a virtual environment, unless it is there already; give its Python."""
    folder = CACHE / name
    python = folder / "bin" / "python"
    stamp = folder / "requirements.txt"
    wanted = "\n".join(requirements)
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"installing {', '.join(requirements)} into {folder}", flush=True)
        venv.create(folder, clear=True, with_pip=True)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements]
        subprocess.run(command, check=True, stdout=sys.stderr)
        stamp.write_text(wanted)
    return python


def log(events: int) -> Path:
    """Make a log of about so many events, unless it is there already; give its path."""
    path = CACHE / f"events-{events}.parquet"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        print(f"making {events:,} events: {path}", flush=True)
        make_events(path, events)
    return path
