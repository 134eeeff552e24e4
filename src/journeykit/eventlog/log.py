"""An event log: a source, what its columns mean, and which of its rows are events.

Everything is an expression until somebody counts.  No event row reaches Python; a
handful of rejected ones do, as examples.

May import: check, rejection, counting, times, columns, customers, proposals, engines, model, errors.
"""

from __future__ import annotations

import uuid
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self

import attrs
import ibis

from journeykit.errors import EventLogError, warn
from journeykit.eventlog import counting, rejection
from journeykit.eventlog.proposals import fitting_formats
from journeykit.eventlog.source import take_back

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

    from journeykit.engines import Engine
    from journeykit.eventlog.check import LogCheck
    from journeykit.eventlog.counting import LogCounts
    from journeykit.eventlog.customers import Customers
    from journeykit.eventlog.rejection import Judged
    from journeykit.eventlog.times import ZoneRule
    from journeykit.model.lifecycle import Lifecycle

EXAMPLES: Final = 3
"""Rejected rows shown for each reason."""

_GUESSED_FROM: Final = 200
"""Distinct unreadable timestamps that a format is guessed from."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EventLog:
    """Events of customers, as `events` opens them.

    Attributes:
        name: What to call the source in messages, such as its path.
        columns: For each parameter of `events` that was given, the source's column.
        attributes: The source's columns kept as attributes.
        timezone: The clocks that timestamps without an offset show.
        timestamp_format: How timestamps are written; None: ISO 8601, or typed.
        zone_rule: How the column says which clocks it shows.
        engine: What holds the rows.
        source: The rows as they are.
        second: The second source, one row a customer, or None.
        told: What the reader has to say, as sentences.
        schema: Where the relations made in the engine are ordinary ones; None: they are temporary.
        handed: Frames handed over to the engine, taken away by `close`.
        uid: Tells this log from every other, also once a journey of it is saved.
    """

    name: str
    columns: Mapping[str, str]
    attributes: tuple[str, ...]
    timezone: str
    timestamp_format: str | None
    zone_rule: ZoneRule
    engine: Engine
    source: ir.Table
    second: Customers | None
    verdict: Judged
    owned: bool
    told: tuple[str, ...] = ()
    schema: str | None = None
    handed: list[ir.Table] = attrs.field(factory=list)
    uid: str = attrs.field(factory=lambda: uuid.uuid4().hex, init=False)
    _said: set[str] = attrs.field(factory=set, init=False)

    def __repr__(self) -> str:
        given = "".join(f", {role}={column!r}" for role, column in self.columns.items())
        more = f", attributes={list(self.attributes)}" if self.attributes else ""
        return f"EventLog({self.name}{given}{more})"

    @property
    def backend(self) -> BaseBackend:
        """The Ibis backend of the engine; every expression runs on it."""
        return self.engine.backend

    @cached_property
    def judged(self) -> Judged:
        """Every row, judged; what a reader made is laid out once, where the engine is ours."""
        unwanted = self.verdict.unwanted
        if not self.owned or not (unwanted.collapse or unwanted.aside):
            return self.verdict
        with self.engine.errors(self):
            return rejection.lay_out(self.verdict, self._keep)

    def _keep(self, rows: ir.Table) -> ir.Table:
        """Compute rows, and leave them with the engine until that is closed."""
        name = f"journeykit_rows_{uuid.uuid4().hex}"
        return self.engine.keep(name, rows, schema=None)

    @cached_property
    def events(self) -> ir.Table:
        """The usable rows, lazily and in no order.

        `customer` (text or a number, as in the source), `time_us` (int64, microseconds since 1970 in UTC),
        then only what was given: `sequence`, `stage`, `touchpoint`, `event_id`, `contact`, `channel`,
        `device`, `department`, `initiator`, `agent`, `sentiment`, `value`, `writer`, and `attribute:<name>`
        for each attribute.
        """
        return rejection.usable(self.judged)

    @cached_property
    def rejected(self) -> ir.Table:
        """The rows that are no events, lazily: the source's columns, and `reason`.

        A column of the source that is called `reason` itself is `source:reason` here.
        """
        return rejection.set_aside(self.judged)

    @property
    def written(self) -> ir.Table:
        """All rows, lazily: who or what wrote each."""
        return self.judged.source.select(writer=self.judged.values["writer"])

    @property
    def customers(self) -> ir.Table | None:
        """What is known of each customer, lazily: `customer`, then the columns of the second source."""
        return self.second.table if self.second else None

    @property
    def customer_columns(self) -> tuple[str, ...]:
        """The columns of `customers`, but for the customer."""
        return tuple(self.second.table.columns[1:]) if self.second else ()

    def counts(self) -> LogCounts:
        """Count the rows read, used and set aside, once.

        Raises:
            EventLogError: A value of the `sequence` column is no number.

        Warns:
            JourneykitWarning: Rows can't be used; said once a log.
        """
        counts = self._counts
        if counts.faults and "set aside" not in self._said:
            self._said.add("set aside")
            message = f"{self._summary(counts)}. log.check() shows examples, log.rejected holds them"
            warn(message)
        return counts

    @cached_property
    def span_us(self) -> tuple[int, int]:
        """The times that no event lies outside of, in microseconds since 1970; there must be an event."""
        return counting.read_span(self._answer)

    @cached_property
    def _answer(self) -> list[dict[str, Any]]:
        typed = self.source[self.columns["timestamp"]].type().is_timestamp()
        return counting.count_rows(self.judged, self.rows_of, typed=typed)

    @cached_property
    def _counts(self) -> LogCounts:
        rows = self._answer
        if bad := sum(row.get("bad_sequence") or 0 for row in rows):
            column = self.columns["sequence"]
            text = f"{self.name}: {bad} values of column {column!r}, named as sequence=, are no numbers"
            raise EventLogError(f"{text}; as text, 10 would come before 9")
        return counting.read_counts(rows)

    def require_usable(self) -> None:
        """See that there is at least one event.

        Raises:
            EventLogError: There is none; the message says why.
        """
        counts = self._counts
        if not counts.read:
            raise EventLogError(f"{self.name} holds no rows")
        if not counts.used:
            raise EventLogError(
                f"{self.name}: no row can be used\n{self._explained(counts, counts.by_reason)}"
            )
        self.counts()

    def require_all_usable(self) -> None:
        """See that every row can be used, but for those that are not wanted.

        Raises:
            EventLogError: Rows can't be; the message says why.
        """
        counts = self._counts
        if faults := counts.faults:
            head = f"{self.name}: {sum(faults.values())} of {counts.read} rows can't be used (strict=True)"
            raise EventLogError(f"{head}\n{self._explained(counts, faults)}")

    def check(self, lifecycle: Lifecycle | None = None) -> LogCheck:
        """Look the log over: what was read, what was set aside and why, ties, time span, names, customers.

        Args:
            lifecycle: The plan whose touchpoints and stages the log's names should match.

        Returns:
            The findings; printed, they are a page to read.
        """
        from journeykit.eventlog.check import check_log

        return check_log(self, lifecycle)

    def examples(self) -> dict[str, tuple[str, ...]]:
        """Show up to 3 of the rows set aside for each reason, as text, the first by code point."""
        given = self._shown()
        texts = {"role:" + role: self.rejected[name].cast("string") for role, name in given.items()}
        rows = self.rejected.select("reason", **texts)
        keys = sorted(texts, key=lambda name: name != "role:timestamp")
        order = [self.engine.by_code_point(rows[name]) for name in keys]
        numbered = rows.mutate(number=ibis.row_number().over(group_by=rows.reason, order_by=order))
        first = numbered.filter(numbered.number < EXAMPLES).order_by("reason", "number")
        found: dict[str, tuple[str, ...]] = {}
        for row in self.rows_of(first):
            told = (role for role in given if role in self.columns or row["role:" + role] is not None)
            text = ", ".join(f"{role}={row['role:' + role]!r}" for role in told)
            found[row["reason"]] = (*found.get(row["reason"], ()), text)
        return found

    def _shown(self) -> dict[str, str]:
        """Name the columns of `rejected` that an example shows: those that were named, then a reader's."""
        shown = rejection.raw_names(self.source.columns)
        given = {role: shown[column] for role, column in self.columns.items()}
        aside = self.verdict.unwanted.aside
        if aside is None:
            return given
        left_out = {*given.values(), shown[aside]}
        return given | {name: name for name in shown.values() if name not in left_out}

    def fitting_formats(self) -> tuple[str, ...]:
        """Name the values of `timestamp_format` that fit what can't be read; none where nothing fits."""
        column = rejection.raw_names(self.source.columns)[self.columns["timestamp"]]
        unreadable = self.rejected.filter(self.rejected.reason == "unreadable_timestamp")
        texts = unreadable.select(text=unreadable[column].cast("string")).distinct()
        first = texts.order_by(self.engine.by_code_point(texts.text)).limit(_GUESSED_FROM)
        return fitting_formats(row["text"] for row in self.rows_of(first))

    def rows_of(self, expression: ir.Table) -> list[dict[str, Any]]:
        """Ask the engine for a few rows of counts or examples."""
        with self.engine.errors(self):
            rows: list[dict[str, Any]] = self.engine.arrow(expression).to_pylist()
        return rows

    def _summary(self, counts: LogCounts) -> str:
        reasons = ", ".join(f"{rows} {reason}" for reason, rows in counts.by_reason.items())
        text = f"{self.name}: {counts.set_aside} of {counts.read} rows are set aside: {reasons}"
        return ". ".join([text, *self._proposals(counts)])

    def _explained(self, counts: LogCounts, reasons: Mapping[str, int]) -> str:
        examples = self.examples()
        lines = []
        for reason, rows in reasons.items():
            lines.append(f"  {reason}: {rows} row{'s' if rows != 1 else ''}, such as")
            lines += [f"    {example}" for example in examples[reason]]
        return "\n".join([*lines, *self._proposals(counts)])

    def _proposals(self, counts: LogCounts) -> list[str]:
        """Propose formats where most timestamps can't be read."""
        if counts.by_reason.get("unreadable_timestamp", 0) * 2 < counts.read:
            return []
        formats = " or ".join(f"timestamp_format={form!r}" for form in self.fitting_formats())
        return [f"The timestamps fit {formats}"] if formats else []

    def close(self) -> None:
        """Take away what was handed over to the engine, and let go of it, if it is ours; once."""
        take_back(self.engine, self.handed, self.schema)
        if self.owned:
            self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
