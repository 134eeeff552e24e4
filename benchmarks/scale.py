"""See how time and memory grow with the log: 1 to 100 million events under one memory limit.

    python benchmarks/scale.py                               # 1, 3, 10, 30 and 100 million
    python benchmarks/scale.py --sizes 1,3,10 --save         # and save the journey, and load it

Each size runs in a process of its own, from Parquet to transitions, drop-offs, gaps and the graph.  The logs
are kept in ~/.cache/journeykit-benchmarks; that of 100 million events is 630 MB, and takes a minute to make.
Prints the exponents that fit (1: time grows as the log does), and fails where a temporary file stays behind.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from children import machine, run
from environments import log

MILLION = 1_000_000
SMALL = 1_000
"""The log asked first has so many events: what a process pays once is no part of what is measured."""


def measure(millions: float, memory_limit: str, *, save: bool) -> dict[str, Any]:
    """Measure one size.

    Raises:
        SystemExit: A temporary file stayed behind.
    """
    events = log(round(millions * MILLION))
    with tempfile.TemporaryDirectory() as folder:
        spill = Path(folder, "spill")
        spill.mkdir()
        options: list[object] = ["--warm", log(SMALL), "--spill", spill, "--memory-limit", memory_limit]
        if save:
            options += ["--save", Path(folder, "journey.jkt")]
        told = run(Path(sys.executable), "scale_one.py", events, *options)
        left = told["left"] + [path.name for path in spill.iterdir()]
        strange = [path.name for path in Path(folder).iterdir() if path.name not in {"spill", "journey.jkt"}]
    if left or strange:
        sys.exit(f"{millions} million events: {', '.join(left + strange)} stayed behind")
    return told


def exponent(sizes: list[float], seconds: list[float]) -> float | None:
    """Fit seconds = a * size ** exponent, by least squares of the logarithms."""
    if len(sizes) < 2:  # noqa: PLR2004 - a line needs two points
        return None
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def show(told: dict[str, Any]) -> None:
    """Print one size."""
    asked = ", ".join(f"{name} {seconds:.2f}" for name, seconds in told["first"].items())
    memory = f"peak {told['peak_mb']:,.0f} MB, spilled {told['spilled_mb']:,.0f} MB"
    print(
        f"{told['events']:>12,} events  {told['seconds']:7.2f} s, {told['cpu_seconds']:.1f} CPU s, {memory}"
    )
    print(f"{'':>20}  observe {told['observe']:.2f} s, {asked}; nothing left behind")
    if "save" in told:
        loaded = ", ".join(f"{name} {seconds:.2f}" for name, seconds in told["loaded"].items())
        size = f"{told['saved_mb']:,.0f} MB"
        print(f"{'':>20}  save {told['save']:.2f} s ({size}), load {told['load']:.2f} s, {loaded}")
    sys.stdout.flush()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1,3,10,30,100", help="in millions, separated by commas")
    parser.add_argument("--memory-limit", default="4GB")
    parser.add_argument("--save", action="store_true", help="save each journey, too, and load it again")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "scale.json")
    wanted = parser.parse_args()
    began = machine()
    print(began)
    found = []
    for size in map(float, wanted.sizes.split(",")):
        found.append(measure(size, wanted.memory_limit, save=wanted.save))
        show(found[-1])
    events = [told["events"] for told in found]
    fitted = {
        name: exponent(events, [told[name] for told in found])
        for name in ("seconds", "cpu_seconds", "peak_mb")
    }
    print(f"fitted exponents: {fitted}")
    wanted.out.parent.mkdir(exist_ok=True)
    report = {"machine": began, "memory_limit": wanted.memory_limit, "sizes": found, "exponents": fitted}
    wanted.out.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
