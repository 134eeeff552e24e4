"""Lay out what a report tells as the page's sections, in words; the template only marks them up.

Same findings, same page: nothing here asks for the time, or for anything else outside.

May import: model, answers, gap_tables, headlines, names, questions, reading, table, wording.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from journeykit.graph import to_svg
from journeykit.html.gap_tables import findings_table, gaps_table, presence_table, unmapped_table
from journeykit.html.headlines import Headline, headlines
from journeykit.html.names import Names
from journeykit.html.planning import lifecycle_facts, stages_table
from journeykit.html.questions import drop_offs_table, last_touchpoints_table, transitions_table
from journeykit.html.reading import reading
from journeykit.html.section import Part, Section
from journeykit.html.standing import Figure, Standing, figures, standing
from journeykit.html.wording import isolated, moment, plain
from journeykit.model.duration import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from journeykit.html.answers import Answers, Findings
    from journeykit.html.table import Tone

OUTCOME_KEY: tuple[tuple[Tone, str], ...] = (
    ("bad", "lost: into an exit or in silence"),
    ("warn", "open: heard from recently"),
    ("calm", "moved on"),
    ("good", "achieved: in a goal, or at their own target"),
    ("faint", "departed: in an exit"),
)


@attrs.frozen(kw_only=True)
class Page:
    """What the page says, from top to bottom."""

    title: str
    heading: str
    lead: str
    figures: tuple[Figure, ...]
    headlines: tuple[Headline, ...]
    standing: Standing
    svg: str
    svg_width: int
    sections: tuple[Section, ...]


def lay_out(found: Findings) -> Page:
    """Lay out a page of what was found."""
    journey = found.journey
    names = Names(journey.lifecycle)
    heading = plain(journey.lifecycle.title.get("en") or journey.lifecycle.id)
    svg = to_svg(found.graph)
    silence = f"silence of {in_words(journey.idle)} or longer"
    until = f"as of {moment(journey.as_of)}"
    return Page(
        title=f"{heading}, {until}",
        heading=heading,
        lead=f"The customer journey as it was observed, {until}; {silence} counts as a loss.",
        figures=figures(found),
        headlines=headlines(found, names),
        standing=standing(found),
        svg=svg,
        svg_width=_width(svg),
        sections=(
            Section("summary", "What stands out"),
            Section(
                "graph",
                "The journey",
                paragraphs=(
                    "Stages stand as the lifecycle ranks them; lines are as thick as moves are many.",
                ),
            ),
            _drop_offs(found, names),
            _transitions(found, names),
            _gaps(found, names),
            Section(
                "lifecycle",
                "The plan",
                facts=lifecycle_facts(journey.lifecycle),
                parts=(Part(table=stages_table(journey.lifecycle, names)),),
            ),
            reading(found),
        ),
    )


def _width(svg: str) -> int:
    """Read how wide a drawing is; a page that has less room shrinks it a little, then lets it scroll."""
    found = re.search(r' width="([0-9]+)', svg)
    return int(found[1]) if found else 0


def _each(found: Findings) -> Iterator[tuple[str, str, Answers]]:
    """Give the answers of all, then those by group, each with the end of its tables' ids and a heading."""
    yield "", "", found.overall
    if found.split is not None:
        by = plain(found.split.gaps.definition.by)
        yield "-by", f"By {isolated(by)}", found.split


def _joined(title: str, group: str) -> str:
    """Put the heading of the groups after a title."""
    return f"{title}, {group[0].lower()}{group[1:]}" if group else title


def _drop_offs(found: Findings, names: Names) -> Section:
    parts = [
        Part(title=title, table=drop_offs_table(answers.drop_offs, names, end=end))
        for end, title, answers in _each(found)
    ]
    parts += [
        Part(
            title=_joined("What came last", title),
            table=last_touchpoints_table(answers.last_touchpoints, names, end=end),
        )
        for end, title, answers in _each(found)
    ]
    told = (
        "A visit is lost when the customer goes from the stage into an exit, or falls silent for "
        f"{in_words(found.journey.idle)} or longer. Who was heard from more recently is open, and never lost."
    )
    return Section(
        "drop-offs",
        "Where customers are lost",
        paragraphs=(told,),
        key=OUTCOME_KEY,
        parts=tuple(parts),
    )


def _transitions(found: Findings, names: Names) -> Section:
    return Section(
        "transitions",
        "How customers move",
        paragraphs=(
            "Loops, skips and steps back are facts, not errors. Planned moves that nobody made stand last.",
        ),
        parts=tuple(
            Part(title=title, table=transitions_table(answers.transitions, names, end=end))
            for end, title, answers in _each(found)
        ),
    )


def _gaps(found: Findings, names: Names) -> Section:
    told = found.has_activities
    parts = [
        Part(title=title, table=gaps_table(answers.gaps, names, has_activities=told, end=end))
        for end, title, answers in _each(found)
    ]
    if told:
        parts += [
            Part(title=_joined("Presence", title), table=presence_table(answers.gaps, names, end=end))
            for end, title, answers in _each(found)
        ]
    parts += [
        Part(title=_joined("Findings", title), table=findings_table(answers.gaps, names, end=end))
        for end, title, answers in _each(found)
        if answers.gaps.findings
    ]
    overall = found.overall.gaps
    if overall.unmapped:
        paragraph = (
            "The lifecycle has no stage for these. They are signs of life, and nothing else; "
            "map them to touchpoints with Lifecycle.map or --map."
        )
        parts.append(
            Part(
                title="Touchpoints of no stage", paragraphs=(paragraph,), table=unmapped_table(overall, names)
            )
        )
    unseen = tuple(names.stage(stage) for stage in overall.unseen)
    if unseen:
        parts.append(Part(title="Stages that nobody visited", names=unseen))
    with_activities = "What customers do, or are expected to do, is held against what the company does."
    without = (
        "The plan is held against what customers do. What the company does was not told: "
        "with its activities, this section says where to start, stop and shift effort."
    )
    return Section(
        "gaps", "Where the gaps are", paragraphs=(with_activities if told else without,), parts=tuple(parts)
    )
