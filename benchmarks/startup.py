"""Time what a process pays before it does anything: importing journeykit, `journeykit --help`, and networkx.

    python benchmarks/startup.py

Prints medians of interleaved runs, and whether any engine or data library was loaded.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

HEAVY = ("duckdb", "ibis", "numpy", "pandas", "polars", "psycopg", "pyarrow", "pyspark", "sqlglot")

HELP = "import sys\nfrom journeykit.cli import main\nsys.argv = ['journeykit', '--help']\nmain()"
CODE = {"Python alone": "", "import journeykit": "import journeykit", "import networkx": "import networkx"}


def seconds(command: list[str]) -> float:
    """Run a command to its end."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def loaded(code: str) -> list[str]:
    """List the heavy libraries that some code loads."""
    told = f"import atexit, sys\natexit.register(lambda: print(*sys.modules, file=sys.stderr))\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", told], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    modules = set(done.stderr.split())
    return [name for name in HEAVY if name in modules]


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=15)
    wanted = parser.parse_args()
    commands = {name: [sys.executable, "-c", code] for name, code in CODE.items()}
    commands["journeykit --help"] = [str(Path(sys.executable).with_name("journeykit")), "--help"]
    found: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(wanted.rounds):
        for name, command in commands.items():
            found[name].append(seconds(command))
    for name, times in found.items():
        print(f"{name:<20} {statistics.median(times) * 1000:6.0f} ms")
    for name, code in (("import journeykit", CODE["import journeykit"]), ("journeykit --help", HELP)):
        print(f"{name} loads: {', '.join(loaded(code)) or 'none of ' + ', '.join(HEAVY)}")


if __name__ == "__main__":
    main()
