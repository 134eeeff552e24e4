"""Whatever goes wrong becomes a line and an exit code; nothing traces back."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from journeykit.cli.running import sentence
from journeykit.errors import EventLogError, LifecycleError

MAIN = "from journeykit.cli import main; main()"
REPORT = ("report", "events.csv", "-l", "acme.yaml", "--customer", "account", "--timestamp", "at")


def start(*arguments, **environment):
    """Start `journeykit` in a process of its own."""
    command = [sys.executable, "-c", MAIN, *arguments]
    env = os.environ | environment
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_a_reader_who_leaves_is_no_error(files):
    """`journeykit report ... | head -1` is how people look at long output."""
    process = start(*REPORT, "--touchpoint", "activity", "-o", "page.html")
    process.stdout.close()
    err = process.stderr.read()
    code = process.wait()
    process.stderr.close()

    assert (code, err) == (141, b"")
    assert (files / "page.html").exists()


@pytest.mark.parametrize(
    "arguments", [[], ["--help"], ["report", "--help"], [*REPORT, "--touchpoint", "activity", "--json", "-"]]
)
def test_a_reader_who_leaves_help_or_json_is_no_error_either(files, arguments):
    """`journeykit | head -3`: help and JSON are written by other means than tables, and leave alike."""
    process = start(*arguments)
    process.stdout.close()
    err = process.stderr.read()
    code = process.wait()
    process.stderr.close()

    assert (code, err) == (141, b"")


INTERRUPTED = """
import os, signal, sys
import journeykit as jk
def interrupted(*_, **__):
    try:
        os.kill(os.getpid(), signal.SIGINT)
        signal.pause()
    except KeyboardInterrupt:
        {how}
jk.{where} = interrupted
from journeykit.cli import main
main()
"""


@pytest.mark.parametrize("where", ["read_lifecycle", "observe"])
@pytest.mark.parametrize("how", ["raise", "raise RuntimeError('Query interrupted')"])
def test_an_interrupt_is_one_word_and_leaves_no_file(files, where, how):
    """Ctrl-C means stop, not "show me the source"; DuckDB turns it into an error of its own."""
    code = INTERRUPTED.format(where=where, how=how)
    command = [sys.executable, "-c", code, *REPORT, "--touchpoint", "activity", "-o", "page.html"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)

    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"interrupted\n")
    assert not (files / "page.html").exists()


def test_a_terminal_that_knows_ascii_only_gets_ascii(files):
    """A cron job has LC_ALL=C; a Danish name must not stop its report."""
    with (files / "events.csv").open("a", encoding="utf-8") as log:
        log.write("eve,2024-01-05,Møde 🎉,1,\n")
    out, err = start(*REPORT, "--touchpoint", "activity", PYTHONIOENCODING="ascii").communicate()

    assert err == b""
    assert "M\\xf8de \\U0001f389 (1)" in out.decode("ascii")


def test_json_on_stdout_is_utf_8_wherever_it_runs(files):
    """JSON is UTF-8 by its standard, whatever the terminal."""
    with (files / "events.csv").open("a", encoding="utf-8") as log:
        log.write("eve,2024-01-05,Møde 🎉,1,\n")
    out, _ = start(*REPORT, "--touchpoint", "activity", "--json", "-", PYTHONIOENCODING="ascii").communicate()

    assert [row["touchpoint"] for row in json.loads(out)["gaps"]["unmapped"]] == ["Invoice sent", "Møde 🎉"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["report"], "error: Missing argument 'SOURCE'. Try 'journeykit report --help'.\n"),
        (["reprot"], "error: No such command 'reprot'. Did you mean 'report'? Try 'journeykit --help'.\n"),
    ],
)
def test_a_mistyped_command_is_one_line_too(journeykit, arguments, line):
    """The same shape as every other error, so that one habit reads them all."""
    assert journeykit(*arguments) == (2, "", line)


def test_an_error_nobody_foresaw_is_a_line_that_says_how_to_see_more(journeykit, monkeypatch):
    """Even our own mistakes must not scroll the screen away; those who mend them can."""

    def broken():
        raise KeyError("stage\nof grace")

    monkeypatch.setattr("journeykit.lifecycles", broken)

    assert journeykit("lifecycles") == (
        2,
        "",
        (
            "error: journeykit itself failed, with KeyError: 'stage\\nof grace'. "
            "JOURNEYKIT_TRACEBACK=1 shows where\n"
        ),
    )
    monkeypatch.setenv("JOURNEYKIT_TRACEBACK", "1")
    with pytest.raises(KeyError):
        journeykit("lifecycles")


def test_lists_of_problems_keep_their_lines_and_other_messages_become_one():
    """Forty broken rules in one line help nobody; a reason in three lines breaks log viewers."""
    assert sentence(
        EventLogError("no row can be used\n  no_customer: 3 rows, such as\n    a=1\n    a=2")
    ) == ("no row can be used; no_customer: 3 rows, such as a=1; a=2")
    assert sentence(LifecycleError("acme", ["stage 'a': x", "stage 'b': y"])) == (
        "lifecycle 'acme' has 2 problems:\n  stage 'a': x\n  stage 'b': y"
    )


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (PermissionError(13, "Permission denied", "page.html"), "page.html: Permission denied"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (MemoryError(), "there is not enough memory for this"),
    ],
)
def test_what_the_machine_refuses_is_said_plainly(error, text):
    """A full disk is not a defect of journeykit."""
    assert sentence(error) == text


def test_work_is_shown_on_a_terminal_and_cleared_away(files):
    """Silence for ten seconds looks like a hang; a file that stdout goes to must not hear of it."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-c", MAIN, *REPORT, "--touchpoint", "activity"]
    done = subprocess.run(
        command, env=os.environ | {"TERM": "xterm"}, stdout=subprocess.PIPE, stderr=theirs, check=True
    )
    os.close(theirs)
    shown = os.read(ours, 1_000_000)
    os.close(ours)

    assert b"Starting" in shown
    assert shown.endswith(b"\x1b[?25h\r\x1b[1A\x1b[2K")
    assert b"\x1b" not in done.stdout
