"""Ask the three questions of a log, and print, draw and write the answers.

May import: cli, html, analysis, journey, errors.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

import journeykit as jk
from journeykit.cli.inputs import open_log, read_activities, read_plan
from journeykit.cli.payload import to_json
from journeykit.cli.printing import print_table
from journeykit.html.answers import find
from journeykit.html.files import check_place, require_page, write_file
from journeykit.html.gap_tables import gaps_table
from journeykit.html.headlines import headlines, weighty
from journeykit.html.names import Names
from journeykit.html.questions import drop_offs_table, transitions_table
from journeykit.html.reading import set_aside, written
from journeykit.html.report import render
from journeykit.html.wording import count, counted, moment, plain
from journeykit.model.duration import in_words, to_timedelta
from journeykit.observing import to_utc

if TYPE_CHECKING:
    from collections.abc import Callable

    from journeykit.analysis.gap_rows import Gaps
    from journeykit.cli.inputs import Request
    from journeykit.cli.terminal import Terminal
    from journeykit.html.answers import Findings

STDOUT = "-"

MOST_MOVES, MOST_STAGES, MOST_GAPS = 15, 60, 12
"""How many rows of each answer are printed."""

MOST_UNKNOWN = 5
"""How many names that the lifecycle does not know are printed."""


def report_on(terminal: Terminal, request: Request, *, page: Path | None, json: str | None) -> None:
    """Answer the three questions about a log, and write what is asked for.

    Files are written before anything is printed, so that a reader of the output who leaves
    early (`| head`) takes nothing from them.

    Args:
        terminal: Where to print.
        request: What to read, and how.
        page: Where to write the page, or None.
        json: Where to write the JSON, "-" for stdout, or None.
    """
    _check_places(request, page, json)
    idle = None if request.idle is None else to_timedelta(request.idle)
    as_of = to_utc(request.as_of)
    with terminal.working() as doing:
        doing("Opening the events")
        plan = read_plan(request)
        activities = read_activities(request)
        with (
            open_log(request) as log,
            jk.observe(log, plan, as_of=as_of, idle=idle, progress=doing.progress) as journey,
        ):
            found = find(journey, activities=activities, by=request.by, doing=doing)
            written = write(found, page=page, json=json, doing=doing)
    if json == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(to_json(found).encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
        terminal = terminal.answers_to_stderr()
    tell(terminal, found)
    for place in written:
        terminal.say(f"Wrote {plain(place)}")
    if not written and json is None:
        terminal.say("Add -o report.html for all of this as a page, --json - for programs.", style="dim")


def write(
    found: Findings, *, page: Path | None, json: str | None, doing: Callable[[str], object]
) -> list[str]:
    """Write the files that are asked for, and name them."""
    written = []
    if page is not None:
        doing("Writing the page")
        write_file(page, render(found))
        written.append(str(page))
    if json not in {None, STDOUT}:
        doing("Writing the JSON")
        write_file(str(json), to_json(found))
        written.append(str(json))
    return written


def _check_places(request: Request, page: Path | None, json: str | None) -> None:
    """Refuse, before any work, places that can't be written to or that hold what is read."""
    places = [Path(place) for place in (page, json) if place is not None and place != STDOUT]
    files = request.files if places else ()
    for place in places:
        check_place(place)
        for file in files:
            if place.exists() and place.samefile(file):
                raise typer.BadParameter(f"{place} is read from: write to another place")
    if page is not None:
        require_page(page)
    if len({os.path.realpath(place) for place in places}) < len(places):
        raise typer.BadParameter(f"{places[0]} can't be both the page and the JSON")


def tell(terminal: Terminal, found: Findings) -> None:
    """Print what was read and the three answers."""
    names = Names(found.journey.lifecycle, labels=False)
    _tell_reading(terminal, found)
    asked = found.asked
    gaps = weighty(asked.gaps, has_activities=found.has_activities)
    tables = {
        "drop-offs": (drop_offs_table(asked.drop_offs, names), MOST_STAGES),
        "transitions": (transitions_table(asked.transitions, names), MOST_MOVES * (4 if found.split else 1)),
        "gaps": (gaps_table(asked.gaps, names, has_activities=found.has_activities, only=gaps), MOST_GAPS),
    }
    for headline in headlines(found, names):
        table, most = tables[headline.id]
        terminal.say()
        terminal.say(headline.title, style="bold")
        terminal.say()
        print_table(terminal, table, most=most)
        terminal.say()
        for sentence in headline.sentences:
            terminal.say(f"* {sentence}")
    _tell_findings(terminal, asked.gaps)
    terminal.say()


def _tell_findings(terminal: Terminal, gaps: Gaps) -> None:
    """Print what gap detectors found; their words are a plugin's."""
    for row in gaps.findings[:MOST_GAPS]:
        group = Names.group(row.group, gaps.definition.by)
        said = " ".join(plain(text) for text in (row.finding, row.action) if text)
        terminal.say(f"* {f'{group}: ' if group else ''}{said} ({plain(row.detector)})")
    rest = len(gaps.findings) - MOST_GAPS
    if rest > 0:
        terminal.say(f"... and {counted(rest, 'more finding')}: --json has all of them.", style="dim")


def _tell_reading(terminal: Terminal, found: Findings) -> None:
    journey, check = found.journey, found.check
    counts, plan = journey.counts, journey.lifecycle
    title = plain(plan.title.get("en"))
    terminal.say(f"{title} ({plain(plan.id)})" if title else plain(plan.id), style="bold")
    aside = count(check.read - check.used)
    rows = f"{counted(check.read, 'row')} read, {count(check.used)} used, {aside} set aside"
    terminal.say(f"{plain(check.name)}: {rows}")
    for group in check.set_aside:
        example = f", such as {plain(group.examples[0])}" if group.examples else ""
        terminal.say(f"  {count(group.rows)} {set_aside(group.reason)}{example}")
    if check.writers:
        terminal.say(f"Written by: {written(check)}")
    size = f"{counted(counts.customers, 'customer')}, {counted(counts.events, 'event')}"
    last = journey.as_of if counts.later else check.last
    span = f"from {moment(check.first)} to {moment(last)}"
    terminal.say(f"{size} {span}; {counted(counts.visits, 'visit')} to stages")
    later = f", {counted(counts.later, 'later event')} left out" if counts.later else ""
    silence = f"silence of {in_words(journey.idle)} or longer is a loss"
    terminal.say(f"As of {moment(journey.as_of)}{later}; {silence}")
    if journey.rules:
        terminal.say(f"Stages told by rules, too: {plain(', '.join(journey.rules))}")
    unknown = [*(check.unmapped_touchpoints or ()), *(check.unmapped_stages or ())]
    if unknown:
        named = ", ".join(f"{plain(one.name)} ({count(one.events)})" for one in unknown[:MOST_UNKNOWN])
        more = ", ..." if len(unknown) > MOST_UNKNOWN else ""
        terminal.say(f"Names the lifecycle does not know: {named}{more}")
    for sentence in check.notes:
        terminal.say(f"Note: {plain(sentence)}")
