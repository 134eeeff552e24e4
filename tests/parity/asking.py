"""Ask an engine about a batch: one relation, one query for each question."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa

import journeykit as jk
from journeykit.testing.observing import ATTRIBUTE, TYPES
from tests.parity.questions import ACROSS, QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from journeykit.eventlog.check import LogCheck
    from journeykit.eventlog.source import EventSource
    from tests.parity.drawing import Batch
    from tests.parity.questions import Answer
    from tests.parity.telling import Told

    Put = Callable[[pa.Table], EventSource]
    """Puts a frame into an engine."""


class Seen:
    """One batch in one engine, observed under both of its plans, and what has been asked so far.

    Attributes:
        told: The oracle's side of it.
        is_slow: Whether the engine takes a second to answer anything.
        log: The relation, opened.
        journey: Under the batch's plan.
        other: Under the second one.
    """

    def __init__(self, told: Told, put: Put, *, is_slow: bool = False) -> None:
        self.told = told
        self.is_slow = is_slow
        batch = told.batch
        self.log = open_batch(batch, put)
        rules = [rule.rule(f"rule {number}") for number, rule in enumerate(batch.rules)]
        self.journey = jk.observe(self.log, batch.lifecycle, as_of=batch.as_of, idle=batch.idle, rules=rules)
        self.other = jk.observe(self.log, batch.other, as_of=self.journey.as_of, rules=())

        self._answers: dict[tuple[str, str | None], Answer] = {}

    def column(self, name: str) -> str:
        """Say what the relation calls a column."""
        return column(self.told.batch, name)

    def asked_by(self, question: str) -> tuple[str | None, ...]:
        """List the values of `by` that a question is asked with."""
        asked = [self.told.batch.by if by == ACROSS else by for by in QUESTIONS[question].by]
        return tuple(asked[:1] if self.is_slow and question != "drop_offs" else asked)

    def answer(self, question: str, by: str | None) -> Answer:
        """Ask a question, once."""
        if (question, by) not in self._answers:
            self._answers[question, by] = QUESTIONS[question].ask(self, by)
        return self._answers[question, by]

    @cached_property
    def check(self) -> LogCheck:
        """Look the log over, once."""
        return self.log.check(self.told.batch.lifecycle)

    def close(self) -> None:
        """Let go of the engine."""
        for one in (self.journey, self.other, self.log):
            one.close()


def open_batch(batch: Batch, put: Put, **settings: Any) -> jk.EventLog:
    """Put a batch into an engine and open it there."""
    called = {name: column(batch, name) for name in batch.columns if not name.startswith(ATTRIBUTE)}
    attributes = [name.removeprefix(ATTRIBUTE) for name in batch.columns if name.startswith(ATTRIBUTE)]
    return jk.events(
        put(events_frame(batch)),
        **called,
        attributes=attributes,
        customers=put(customers_frame(batch)),
        timezone=batch.timezone,
        **settings,
    )


def column(batch: Batch, name: str) -> str:
    """Say what the relation of a batch calls a column."""
    return batch.called.get(name, name.removeprefix(ATTRIBUTE))


def events_frame(batch: Batch) -> pa.Table:
    """Lay the events of a batch out as an arrow table."""
    cells = {name: [row[name] for row in batch.events] for name in batch.columns}
    columns = {column(batch, name): _array(cells[name], TYPES.get(name)) for name in batch.columns}
    if batch.written is not None:
        columns[column(batch, "timestamp")] = pa.array(batch.written)
    return pa.table(columns)


def customers_frame(batch: Batch) -> pa.Table:
    """Lay what is known of the customers of a batch out as an arrow table."""
    names = dict.fromkeys(name for row in batch.customers for name in row)
    cells = {name: [row.get(name) for row in batch.customers] for name in names}
    return pa.table({batch.called.get(name, name): _array(cells[name]) for name in names})


def _array(cells: Sequence[Any], kind: pa.DataType | None = None) -> pa.Array:
    made = pa.array(cells, kind)
    return made.cast(pa.string()) if pa.types.is_null(made.type) else made
