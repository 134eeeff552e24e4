"""What gap detectors find stands on the page and in the terminal; their words are a plugin's."""

from __future__ import annotations

import html
import json

import pytest
from tests.plugged import manager_of, plugin

import journeykit as jk
from journeykit.analysis import detecting
from journeykit.cli.running import run
from journeykit.html.answers import find
from journeykit.html.report import render

NASTY = "<script>alert(1)</script> \x1b[31m \u202e & 'quoted' {{ 7 * 7 }}"


@pytest.fixture
def nasty(monkeypatch):
    """Install a detector that finds something nasty in every stage of every group."""

    def everywhere(gaps, lifecycle):
        for row in gaps.stages:
            if row.stage is not None:
                yield jk.GapFinding(
                    stage=row.stage,
                    touchpoint=NASTY,
                    finding=NASTY,
                    action=NASTY,
                    customers=1,
                    group=row.group,
                )

    manager = manager_of(plugin(gap_detectors=lambda: {"<b>bold": everywhere}))
    monkeypatch.setattr(detecting, "default_manager", lambda: manager)


@pytest.mark.usefixtures("nasty")
def test_findings_stand_on_the_page_and_do_no_harm(observe_days, some_days):
    """A plugin's sentence is text, whatever it holds."""
    page = render(find(observe_days(some_days)))

    table = page.partition('id="findings-table"')[2].partition("</table>")[0]
    shown = NASTY.replace("\x1b", r"\x1b").replace("\u202e", r"\u202e")
    assert table.count(html.escape(shown).replace("&#x27;", "&#39;")) == 3 * 5
    assert "&lt;b&gt;bold" in table
    assert ("<script" in page, "\x1b" in page, "\u202e" in page) == (False, False, False)


@pytest.mark.usefixtures("nasty")
def test_groups_have_findings_of_their_own(observe_days, some_days):
    """As every other table of the page."""
    journey = observe_days(some_days, tier={"ana": "gold", "ben": "gold"})

    page = render(find(journey, by="tier"))

    assert [f'id="findings-table{end}"' in page for end in ("", "-by")] == [True, True]


def test_without_findings_the_page_says_nothing_of_them(observe_days, some_days):
    """Most logs have none; an empty table would look like something missing."""
    assert "findings-table" not in render(find(observe_days(some_days)))


@pytest.mark.usefixtures("nasty")
def test_findings_are_printed_and_written_for_programs(tmp_path, monkeypatch, capsys):
    """The terminal shows a few and says how many more there are; the JSON has all of them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "e.csv").write_text("c,t,w\nana,2024-01-01,page\n", "utf-8")
    stages = ", ".join(f"s{number}" for number in range(15))
    (tmp_path / "p.yaml").write_text(
        f"id: p\nstages: [{stages}]\ntouchpoints: [{{id: page, stages: s0}}]\n", "utf-8"
    )
    command = ["report", "e.csv", "-l", "p.yaml", "--customer", "c", "--timestamp", "t", "--touchpoint", "w"]

    assert run([*command, "--json", "out.json"]) == 0

    said = capsys.readouterr().out
    assert said.count("(<b>bold)") == 12
    assert "... and 3 more findings: --json has all of them." in said
    assert ("\x1b" in said, "\u202e" in said) == (False, False)
    written = json.loads((tmp_path / "out.json").read_text("utf-8"))["gaps"]["findings"]
    assert [one["stage"] for one in written] == [f"s{number}" for number in range(15)]
    assert (written[0]["finding"], written[0]["detector"], "group" in written[0]) == (NASTY, "<b>bold", False)
