"""Run one system in one process: start up, answer, ask again, and say how long each took.

A system is a class.  Its instances are made with the path of a log, and it names

- `steps`: the methods that lead from the file to the answers, the first of which reads and orders;
- `further`: methods that ask more of what is ordered already.

A method returns its answer, `{name of the answer: {key: {column: value}}}`, or None.
Needs nothing but Python, for each system runs in an environment of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    Answers = dict[str, dict[str, dict[str, Any]]]

calls: list[str] = []
"""Whom this process tried to reach."""


class System(Protocol):
    """What answers: see the module."""

    steps: tuple[str, ...]
    further: tuple[str, ...]
    packages: tuple[str, ...]

    def __init__(self, path: str) -> None: ...


def stay_at_home() -> None:
    """Refuse this process every connection to another machine, and note whom it tried to reach."""

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        remote = event == "socket.getaddrinfo" or (
            event == "socket.connect" and isinstance(arguments[1], tuple)
        )
        if remote:
            calls.append(str(arguments[-1] if event == "socket.connect" else arguments[0]))
            raise PermissionError(f"a benchmark asks nobody: {calls[-1]}")

    sys.addaudithook(refuse)


stay_at_home()


def main(system: type[System]) -> None:
    """Read the command line of a system's script, answer, and print one line of JSON."""
    loaded = time.time()
    wanted = _read_arguments(loaded)
    if wanted.warm:
        _ask(system(wanted.warm), (*system.steps, *system.further))
    ready = time.time()
    used = _cpu()
    asked = system(wanted.events)
    answers: Answers = {}
    steps = _ask(asked, system.steps, answers)
    result = {
        "import": loaded - wanted.began,
        "startup": ready - wanted.began,
        "seconds": sum(steps.values()),
        "cpu_seconds": _cpu() - used,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "steps": steps,
        "further": _ask(asked, system.further),
        "again": _ask(asked, (*system.steps[1:], *system.further)),
        "versions": {"python": sys.version.split()[0], **{name: version(name) for name in system.packages}},
    }
    if wanted.alone:
        result["alone"] = {name: _alone(system, wanted.events, name) for name in result["again"]}
    result["calls"] = calls
    if wanted.answers:
        wanted.answers.write_text(json.dumps(answers))
    report = json.dumps(result)
    wanted.result.write_text(report) if wanted.result else print(report)


def _read_arguments(loaded: float) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=sys.modules["__main__"].__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("events", help="a Parquet file, as make_events.py writes it")
    parser.add_argument("--warm", help="a small log of the same kind, answered first: that is start-up")
    parser.add_argument("--alone", action="store_true", help="also ask each question first, of a new order")
    parser.add_argument("--began", type=float, default=loaded, help="when the process was started")
    parser.add_argument("--answers", type=Path, help="where to write the answers as JSON")
    parser.add_argument(
        "--result", type=Path, help="where to write what was measured, instead of printing it"
    )
    return parser.parse_args()


def _ask(system: System, names: tuple[str, ...], answers: Answers | None = None) -> dict[str, float]:
    """Ask one question after the other; give the seconds of each."""
    seconds = {}
    for name in names:
        began = time.perf_counter()
        told = getattr(system, name)()
        seconds[name] = time.perf_counter() - began
        if answers is not None and told:
            answers.update(told)
    return seconds


def _alone(system: type[System], path: str, name: str) -> float:
    """Order the log anew, and ask nothing but this."""
    fresh = system(path)
    getattr(fresh, system.steps[0])()
    return _ask(fresh, (name,))[name]


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
