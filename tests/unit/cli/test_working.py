"""While the work lasts: what it may use, what a terminal shows of it, and how it is stopped."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from tests.interrupting import PLAN, write_millions

import journeykit as jk
from journeykit.cli.terminal import Terminal, Work
from journeykit.progress import Progress

# --- what it may use


def test_limits_are_those_of_the_engine(report, monkeypatch):
    """A laptop that others work on, a disk that is fast: the command line says it as Python does."""
    asked = []
    events = jk.events

    def note(source, **given):
        asked.append({name: given.get(name) for name in ("memory_limit", "threads", "temp_dir")})
        return events(source, **given)

    monkeypatch.setattr(jk, "events", note)
    code, _, err = report("--memory-limit", "300MB", "--threads", "1", "--temp-dir", ".")

    assert (code, err) == (0, "")
    assert asked == [{"memory_limit": "300MB", "threads": 1, "temp_dir": Path()}]


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--memory-limit", "much", "memory_limit='much' is no size such as '4GB' or '500MB'"),
        ("--threads", "0", "threads=0 is no number of threads, 1 or more"),
        ("--temp-dir", "nowhere", "temp_dir='nowhere' is no folder: make it first"),
    ],
)
def test_a_limit_that_is_none_is_one_line(report, option, value, said):
    """The engine would say it in its own words, or much later."""
    assert report(option, value) == (2, "", f"error: {said}\n")


# --- what a terminal shows


@pytest.fixture
def shown(monkeypatch):
    """A terminal, and all that was written to its stderr."""
    monkeypatch.setenv("TERM", "xterm")
    stream = io.StringIO()
    stream.isatty = lambda: True
    console = Console(file=stream, force_terminal=True, width=100, no_color=True)
    return Terminal(console, console), stream


def test_a_terminal_shows_how_far_it_is_and_clears_that_away(shown):
    """Ten seconds of silence look like a hang; what is left over would look like an answer."""
    terminal, stream = shown
    half = Progress(
        step="ordering events", fraction=0.5, seconds=2.0, rows=10, rows_per_second=1.4e6, seconds_left=2.0
    )

    with terminal.working() as doing:
        doing("Opening the events")
        doing.progress(half)

    drawn = stream.getvalue()
    assert "Ordering events ━━━━━━━━━━━━" in drawn
    assert "1,400,000 rows a second, 2 s left" in drawn
    assert drawn.endswith("\x1b[?25h\r\x1b[1A\x1b[2K")


def test_where_nobody_looks_nothing_is_measured(monkeypatch):
    """A cron job has no terminal, and its engine need not count percent."""
    console = Console(file=io.StringIO())

    with Terminal(console, console).working() as doing:
        doing("Opening the events")

    assert (type(doing), doing.progress) == (Work, None)


# --- how it is stopped

STOPPED = """
import os, signal, threading, time
import journeykit as jk
observe, sent = jk.observe, []
def press():
    sent.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)
def stopped_observe(*given, **named):
    threading.Timer(0.3, press).start()
    return observe(*given, **named)
jk.observe = stopped_observe
from journeykit.cli import main
try:
    main()
finally:
    open("seconds", "w").write(str(time.monotonic() - sent[0]))
"""


def test_ctrl_c_in_the_middle_of_millions_of_events_is_one_word(tmp_path):
    """DuckDB 2.0 would hear of it after seconds, and raises an error of its own."""
    write_millions(tmp_path / "events.parquet")
    (tmp_path / "plan.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "temp").mkdir()
    columns = ["--customer", "customer", "--timestamp", "timestamp", "--touchpoint", "touchpoint"]
    asked = ("report", "events.parquet", "-l", "plan.yaml", *columns, "-o", "page.html")

    done = subprocess.run(
        [sys.executable, "-c", STOPPED, *asked],
        cwd=tmp_path,
        env=os.environ | {"TMPDIR": str(tmp_path / "temp")},
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"interrupted\n")
    assert float((tmp_path / "seconds").read_text()) < 1
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        "events.parquet", "plan.yaml", "seconds", "temp",
    ]  # fmt: skip
