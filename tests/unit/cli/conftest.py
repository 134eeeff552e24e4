"""A small log on disk, and the command line in this process."""

from __future__ import annotations

import pytest

from journeykit.cli.running import run

EVENTS = """\
account,at,activity,row,tier
ana,2024-01-01,page_view,1,gold
ana,2024-01-04,first_login,2,gold
ana,2024-01-10,Invoice sent,3,gold
ben,2024-01-02,page_view,1,silver
ben,2024-01-05,first_login,2,silver
ben,2024-01-06,page_view,3,silver
cleo,2024-01-03,page_view,1,gold
cleo,2024-01-09,first_login,2,gold
cleo,2024-01-21,cancelled,3,gold
dan,2024-02-20,page_view,1,
dan,2024-03-01,first_login,2,
"""

LIFECYCLE = """\
id: acme-trial
title: Acme's trial
idle: 30 days
stages:
  - visit
  - {id: trial, label: Trying it out}
  - {id: paid, kind: goal}
  - {id: lapsed, kind: exit}
transitions:
  - [visit, trial]
  - [trial, paid]
touchpoints:
  - {id: page_view, stages: visit}
  - {id: first_login, stages: trial}
  - {id: invoice_paid, stages: paid}
  - {id: cancelled, stages: lapsed}
"""

MAP = """\
touchpoints:
  Invoice sent: invoice_paid
"""

ACTIVITIES = """\
stage,touchpoint,effort,unit
visit,page_view,10,hours
trial,webinar,30,hours
"""

CUSTOMERS = """\
account,vertical
ana,Finance
ben,Health
cleo,Finance
"""


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Work in a directory with a log, a lifecycle and what belongs to them."""
    contents = {
        "events.csv": EVENTS,
        "acme.yaml": LIFECYCLE,
        "map.yaml": MAP,
        "activities.csv": ACTIVITIES,
        "customers.csv": CUSTOMERS,
    }
    for name, content in contents.items():
        (tmp_path / name).write_text(content, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


@pytest.fixture
def journeykit(files, capsys):
    """Run `journeykit` with arguments; gives the exit code, and what was written to stdout and stderr."""

    def command(*arguments):
        code = run(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return command


@pytest.fixture
def report(journeykit):
    """Run `journeykit report` on the small log, with further arguments."""
    usual = ("report", "events.csv", "--lifecycle", "acme.yaml", "--customer", "account", "--timestamp", "at")

    def command(*arguments):
        return journeykit(*usual, "--touchpoint", "activity", *arguments)

    return command
