"""Compare journeykit with SQL written by hand and with its peers: the same four answers, in one run.

    python benchmarks/compare.py                          # 10 million events, five rounds
    python benchmarks/compare.py --events 1000000 --rounds 3 --peers none

Each system runs in a process and in a virtual environment of its own; the environments, and the log,
are kept in ~/.cache/journeykit-benchmarks.  The rounds are interleaved, so that what else the machine
does falls on all of them alike: trust the ratios of one run, not the seconds of two.

First everybody answers once, and their counts must agree wherever they count the same thing.
What they report is written as JSON, and the medians are printed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agreement import agree
from children import machine, run
from environments import environment, log

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL = 1_000
"""The log answered first, which is start-up, has so many events."""

OURS = "journeykit"


@dataclass(frozen=True)
class Contender:
    """A system, the script that runs it, and what that needs; nothing: the Python that runs this."""

    name: str
    script: str
    requirements: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    def python(self) -> Path:
        """Find the Python to run it with, made for it where it needs one of its own."""
        if not self.requirements:
            return Path(sys.executable)
        return environment(self.requirements[0].partition("=")[0].partition(">")[0], self.requirements)


def contenders(peers: list[str]) -> list[Contender]:
    """List who takes part, ourselves first."""
    duckdb = (f"duckdb=={version('duckdb')}", f"numpy=={version('numpy')}")
    known = {
        "pm4py": Contender("pm4py on polars", "with_pm4py.py", ("pm4py", "polars")),
        "retentioneering": Contender(
            "Retentioneering", "with_retentioneering.py", ("retentioneering>=5,<6",)
        ),
    }
    return [
        Contender(OURS, "with_journeykit.py", options=("--alone",)),
        Contender("SQL by hand, counts", "by_hand.py", duckdb),
        Contender("SQL by hand, in full", "by_hand_full.py", duckdb),
        *(known[peer] for peer in peers),
    ]


def check(taking_part: list[Contender], events: Path, small: Path) -> None:
    """Have everybody answer once, and hold the answers against ours.

    Raises:
        SystemExit: Some of them differ.
    """
    answers = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "answers.json")
        for one in taking_part:
            run(one.python(), one.script, events, "--warm", small, "--answers", path)
            answers[one.name] = json.loads(path.read_text())
    for name, told in list(answers.items())[1:]:
        same, different = agree(answers[OURS], told)
        print(f"  {name}: " + ", ".join(f"{count} {what}" for what, count in same.items()) + " agree")
        if different:
            sys.exit("  but these do not:\n    " + "\n    ".join(different[:20]))


def measure(
    taking_part: list[Contender], events: Path, small: Path, rounds: int
) -> Iterator[dict[str, list[Any]]]:
    """Run everybody in turn, so many times; give after each round what was found by then."""
    found: dict[str, list[Any]] = {one.name: [] for one in taking_part}
    for turn in range(rounds):
        for one in taking_part:
            told = run(one.python(), one.script, events, "--warm", small, *one.options)
            found[one.name].append(told)
            print(f"  round {turn + 1}: {one.name:<21} {told['seconds']:7.2f} s", flush=True)
        yield found


def median(rounds: list[Any], *keys: str) -> float:
    """Give the median of one figure over the rounds."""
    values = []
    for one in rounds:
        value = one
        for key in keys:
            value = value[key]
        values.append(value)
    return statistics.median(values)


def print_table(found: dict[str, list[Any]]) -> None:
    """Print the medians, with ratios to ours."""
    ours = found[OURS]
    columns = ("seconds", "cpu_seconds", "peak_mb", "import", "startup", "process_seconds")
    heads = ("seconds", "x ours", "CPU s", "x ours", "peak MB", "x ours", "import", "start-up", "process")
    print(f"\n{'':<22}" + "".join(f"{head:>10}" for head in heads))
    for name, rounds in found.items():
        values = [median(rounds, column) for column in columns]
        cells = []
        for value, column in zip(values, columns, strict=True):
            cells.append(f"{value:10.0f}" if column == "peak_mb" else f"{value:10.2f}")
            if column in columns[:3]:
                cells.append(f"{value / median(ours, column):10.2f}")
        print(f"{name:<22}" + "".join(cells))
    print("\nstep by step, and asked again, in seconds")
    for name, rounds in found.items():
        for part in ("steps", "further", "again", "alone"):
            asked = rounds[0].get(part) or {}
            told = ", ".join(f"{step} {median(rounds, part, step):.3f}" for step in asked)
            print(f"  {name:<21} {part:<8} {told}") if told else None


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", default="pm4py,retentioneering", help="separated by commas, or none")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "compare.json")
    wanted = parser.parse_args()
    if wanted.rounds < 1:
        parser.error("--rounds: at least 1")
    peers = [] if wanted.peers == "none" else wanted.peers.split(",")
    taking_part = contenders(peers)
    events, small = log(wanted.events), log(SMALL)
    began = machine()
    print(f"{began}\nthe counts are compared:")
    check(taking_part, events, small)
    wanted.out.parent.mkdir(exist_ok=True)
    for done, found in enumerate(measure(taking_part, events, small, wanted.rounds), start=1):
        report = {"machine": began, "events": wanted.events, "rounds": done, "systems": found}
        wanted.out.write_text(json.dumps(report, indent=1) + "\n")
    print_table(found)


if __name__ == "__main__":
    main()
