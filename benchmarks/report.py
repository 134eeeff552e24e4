"""Time the whole main job on a large log: `journeykit report --json` on simulated events in Parquet.

    python benchmarks/report.py 10000000

Prints seconds and peak memory of the command, and how long each step of it takes in this process.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

import journeykit as jk

LIFECYCLE = "b2b-seven-phase"
EVENTS_A_CUSTOMER = 14.0


def write_events(path: Path, events: int) -> int:
    """Simulate a log of about so many events and write it; return how many there are."""
    simulation = jk.simulate(
        jk.lifecycle(LIFECYCLE), customers=round(events / EVENTS_A_CUSTOMER), start="2023-01-01", seed=7
    )
    pq.write_table(simulation.events, path, compression="zstd")
    return simulation.events.num_rows


def run_report(events: Path, out: Path) -> tuple[float, float]:
    """Run the command; return its seconds and its peak memory in MB."""
    names = [
        "--customer",
        "customer",
        "--timestamp",
        "timestamp",
        "--touchpoint",
        "touchpoint",
        "--stage",
        "stage",
    ]
    journeykit = Path(sys.executable).with_name("journeykit")
    command = [journeykit, "report", str(events), "--lifecycle", LIFECYCLE, *names]
    began = time.perf_counter()
    subprocess.run([*command, "--json", str(out)], check=True, stdout=subprocess.DEVNULL)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return time.perf_counter() - began, peak


def profile(events: Path) -> None:
    """Print how long each step takes."""
    log = jk.events(
        events, customer="customer", timestamp="timestamp", touchpoint="touchpoint", stage="stage"
    )
    lifecycle = jk.lifecycle(LIFECYCLE)
    began = time.perf_counter()
    log.counts()
    steps = {"read and count": time.perf_counter() - began}
    began = time.perf_counter()
    journey = jk.observe(log, lifecycle)
    steps["observe"] = time.perf_counter() - began
    for question in (jk.transitions, jk.drop_offs, jk.last_touchpoints, jk.gaps, jk.Journey.graph):
        began = time.perf_counter()
        question(journey)
        steps[question.__name__] = time.perf_counter() - began
    print(journey.counts)
    for name, seconds in steps.items():
        print(f"  {name:<18} {seconds:6.2f} s")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("events", type=int, nargs="?", default=10_000_000)
    wanted = parser.parse_args().events
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder, "events.parquet"), Path(folder, "out.json")
        began = time.perf_counter()
        count = write_events(path, wanted)
        elapsed = time.perf_counter() - began
        print(f"simulated and wrote {count:,} events in {elapsed:.1f} s, {os.cpu_count()} cores")
        seconds, peak = run_report(path, out)
        print(f"journeykit report --json: {seconds:.1f} s, peak memory {peak:.0f} MB")
        print("answers:", ", ".join(json.loads(out.read_text())))
        profile(path)


if __name__ == "__main__":
    main()
