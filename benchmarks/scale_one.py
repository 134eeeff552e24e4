"""Observe one log under a memory limit and ask it everything once: scale.py runs this for each size.

python benchmarks/scale_one.py events.parquet --spill folder --memory-limit 4GB
"""

from __future__ import annotations

import argparse
import json
import resource
import threading
import time
from pathlib import Path
from typing import Any

from with_journeykit import lifecycle

import journeykit as jk

SECONDS_BETWEEN_LOOKS = 0.2


class Watch:
    """Looks again and again how much lies in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.most = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._done.wait(SECONDS_BETWEEN_LOOKS):
            self.most = max(self.most, size_of(self.folder))

    def stop(self) -> None:
        """Look no more."""
        self._done.set()
        self._thread.join()


def size_of(folder: Path) -> int:
    """Add up the files in a folder, of which any may vanish meanwhile."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total


def observe(events: Path, limits: dict[str, Any]) -> jk.Journey:
    """Read a log and order it."""
    log = jk.events(events, customer="customer", timestamp="timestamp", touchpoint="touchpoint", **limits)
    return jk.observe(log, lifecycle())


def ask(journey: jk.Journey) -> dict[str, float]:
    """Ask each question once; give the seconds."""
    seconds = {}
    for question in (jk.transitions, jk.drop_offs, jk.gaps, jk.Journey.graph):
        began = time.perf_counter()
        question(journey)
        seconds[question.__name__] = time.perf_counter() - began
    return seconds


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("events", type=Path)
    parser.add_argument("--warm", type=Path, required=True, help="a small log, asked first: that is start-up")
    parser.add_argument("--spill", type=Path, required=True, help="an empty folder")
    parser.add_argument("--memory-limit", default="4GB")
    parser.add_argument("--save", type=Path, help="where to save the journey, to load it from there")
    parser.add_argument("--began", type=float, default=time.time())
    parser.add_argument("--result", type=Path, required=True)
    wanted = parser.parse_args()
    limits = {"memory_limit": wanted.memory_limit, "temp_dir": wanted.spill}
    with observe(wanted.warm, limits) as small:
        ask(small)
    watch = Watch(wanted.spill)
    started, used = time.perf_counter(), time.process_time()
    journey = observe(wanted.events, limits)
    observed = time.perf_counter() - started
    told = {"observe": observed, "first": ask(journey), "events": journey.counts.events}
    told["seconds"] = observed + sum(told["first"].values())
    told["cpu_seconds"] = time.process_time() - used
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told["visits"], told["customers"] = journey.counts.visits, journey.counts.customers
    if wanted.save:
        told |= save_and_load(journey, wanted.save, limits)
    watch.stop()
    journey.close()
    journey.log.close()
    told |= {"spilled_mb": watch.most / 1e6, "left": [path.name for path in wanted.spill.iterdir()]}
    wanted.result.write_text(json.dumps(told))


def save_and_load(journey: jk.Journey, path: Path, limits: dict[str, Any]) -> dict[str, Any]:
    """Save a journey, close it, load it, and ask it everything once."""
    began = time.perf_counter()
    journey.save(path)
    elapsed = time.perf_counter() - began
    journey.close()
    journey.log.close()
    saved = time.perf_counter()
    with jk.load(path, **limits) as again:
        loaded = time.perf_counter() - saved
        asked = ask(again)
    return {
        "save": elapsed,
        "load": loaded,
        "loaded": asked,
        "saved_mb": path.stat().st_size / 1e6,
    }


if __name__ == "__main__":
    main()
