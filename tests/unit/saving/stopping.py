"""Stop `save` at named points, in processes that may be killed: `python stopping.py folder`.

For each point, `folder` holds a folder of its name with the old journey in it, `journey.jkt`.  Over each
a process of its own saves `folder/new.jkt`, and is stopped there; what it ended with is printed, as JSON.
Nothing of DuckDB is opened before the processes part, for its threads would not come along.
"""

from __future__ import annotations

import errno
import json
import os
import pathlib
import resource
import signal
import sys
import time
from importlib import import_module
from pathlib import Path

import journeykit as jk
from journeykit.engines.attached import Attached
from journeykit.saving import replacing

PLACES = {
    "before anything is written": (Attached, "__init__", 1),
    "half-way through the relations": (Attached, "write", 2),
    "before the manifest": (Attached, "write", 5),
    "before the last checkpoint": (Attached, "finish", 2),
    "between write and flush": (replacing, "_flush", 1),
    "between flush and rename": (pathlib.Path, "replace", 1),
    "after the rename": (replacing, "_flush", 2),
}
"""Where: what is called there, and the how manieth call it is."""


def ctrl_c(_):
    """As a person at the keyboard does."""
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(5)


def kill(_):
    """As the system does where memory is out: nothing of ours runs any more."""
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(5)


def disk_full(_):
    """As the system says it."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def engine_gone(journey):
    """Somebody closes the connection under us."""
    journey.log.engine.close()


WAYS = {"Ctrl-C": ctrl_c, "killed": kill, "disk full": disk_full, "engine gone": engine_gone}

LIMITS = {
    "no space for a header": 5_000,
    "no space for the relations": 500_000,
    "no space for the rest": 1_000_000,
}
"""How long a file may become, which DuckDB meets as it meets a full disk."""


def names():
    """List the points: a place, and what happens there."""
    return [*(f"{place}, {way}" for place in PLACES for way in WAYS), *LIMITS]


def arm(point, journey):
    """See that what is to happen happens at that point."""
    if point in LIMITS:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMITS[point], LIMITS[point]))
        return
    place, _, way = point.rpartition(", ")
    owner, name, call = PLACES[place]
    original, calls = getattr(owner, name), []

    def stopping(*args, **settings):
        calls.append(1)
        if len(calls) == call:
            WAYS[way](journey)
        return original(*args, **settings)

    setattr(owner, name, stopping)


def save_over(folder, point):
    """Save the new journey over the old one, and stop at a point."""
    journey = jk.load(Path(folder) / "new.jkt")
    said = "saved", ""
    arm(point, journey)
    try:
        journey.save(Path(folder) / point / "journey.jkt")
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
        said = type(error).__name__, str(error)
    sys.stdout.write(json.dumps([point, *said]) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    for module in ("journeykit.saving.loading", "ibis.backends.duckdb", "networkx", "pandas"):
        import_module(module)  # once, and not in each process
    for one in names():
        child = os.fork()
        if not child:
            save_over(sys.argv[1], one)
        os.waitpid(child, 0)
