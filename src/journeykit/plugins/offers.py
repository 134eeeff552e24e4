"""What plugins offer through the hooks: rules, readers, questions and detectors, as values.

Values only; what runs them is elsewhere: `observe` the rules, `events` the readers,
`analyze` the questions, `gaps` the detectors.  No engine is imported here.

May import: model; result and analysis for types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from journeykit.model.convert import as_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import ibis.expr.types as ir

    from journeykit.analysis.gap_rows import GapFinding, Gaps
    from journeykit.model import Lifecycle
    from journeykit.result import Result

Analysis: TypeAlias = "Callable[..., Result[Any]]"
"""A question: a journey first, the rest by keyword; the answer is a `Result`."""

GapDetector: TypeAlias = "Callable[[Gaps, Lifecycle], Iterable[GapFinding]]"
"""Counts in, findings out: what a gap analysis counted, and the plan; no events."""


@attrs.frozen
class StageRule:
    """A rule that tells which events belong to a stage, run by the engine.

    It tells for events whose stage column is null, and comes before their touchpoint.  Of
    several rules that hold, the first offered counts.

    Attributes:
        id: Its name, for people: `Journey.rules` lists those that were used.
        stage: Id of the stage.
        when: Takes the events as an Ibis table (`EventLog.events`) and returns an Ibis truth value.
        needs: Columns of the events without which the rule is skipped, such as "value" or
            "attribute:plan".
    """

    id: str
    stage: str = attrs.field(kw_only=True)
    when: Callable[[ir.Table], ir.BooleanValue] = attrs.field(kw_only=True)
    needs: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)


@attrs.frozen
class SourceTable:
    """One table of a source, opened lazily on the engine.

    Attributes:
        name: What to call it in messages, such as its file's name.
        table: Its rows, as they are.
    """

    name: str
    table: ir.Table


@attrs.frozen(kw_only=True)
class Reading:
    """What a reader makes of a source; `events` takes it from there.

    Attributes:
        events: One row an event, usable or not, lazily.
        columns: For parameters of `journeykit.events`, such as "customer", the column of *events*.
        attributes: More columns to group by.
        customers: One row a customer, under the same column name as the customer in *events*; in
            a column `stored_stage` stands the stage that the system itself says they are in now.
        timezone: The clocks that timestamps without an offset show.
        timestamp_format: How timestamps are written, as `journeykit.events` takes it.
        aside: A text column of *events* that says in snake_case why a row is no event of a
            customer, such as "other_property" or "deleted"; null where it is one.
        collapse: Whether a row that repeats the stage which its customer is in already is no event:
            it is set aside as "same_stage", once times and writers have been judged.
        notes: What whoever reads the answer has to know, one sentence each; said as a warning.
    """

    events: ir.Table
    columns: Mapping[str, str]
    attributes: tuple[str, ...] = attrs.field(default=(), converter=as_names)
    customers: ir.Table | None = None
    timezone: str = "UTC"
    timestamp_format: str | None = None
    aside: str | None = None
    collapse: bool = False
    notes: tuple[str, ...] = attrs.field(default=(), converter=as_names)


@attrs.frozen
class Reader:
    """A reader of one format of exports.

    Attributes:
        format: Its name, such as "hubspot".
        title: What it reads, in a line.
        read: Takes the tables of the source and the caller's options, and returns expressions
            over the tables: no row is read into Python.
        options: The options it knows, each with a line of help; others are refused before it is run.
    """

    format: str
    title: str = attrs.field(kw_only=True)
    read: Callable[[Sequence[SourceTable], Mapping[str, str]], Reading] = attrs.field(kw_only=True)
    options: Mapping[str, str] = attrs.field(factory=dict, kw_only=True)
