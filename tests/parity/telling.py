"""What the oracle says of a batch: of each log by itself, and of all of them together."""

from __future__ import annotations

from collections import Counter
from functools import cache, cached_property
from typing import TYPE_CHECKING

from journeykit.testing import oracle
from tests.parity.drawing import LOG
from tests.parity.questions import QUESTIONS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    import journeykit as jk
    from journeykit.testing.cases import Row
    from journeykit.testing.oracle import Observed
    from journeykit.testing.oracle.observing import Person
    from tests.parity.drawing import Batch
    from tests.parity.questions import Answer


class Told:
    """The oracle's answers about one batch; each is found once."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.as_of: dt.datetime | None = batch.as_of
        self.as_of = self.observe(batch.events, None, batch.lifecycle).as_of

    def observe(self, events: Iterable[Row], by: str | None, plan: jk.Lifecycle) -> Observed:
        """Observe events by brute force; the idle of the batch is that of its own plan."""
        batch = self.batch
        mine = plan is batch.lifecycle
        rules = [(rule.stage, rule.holds) for rule in batch.rules] if mine else []
        return oracle.observe(
            tuple(events),
            plan,
            as_of=self.as_of,
            idle=batch.idle if mine else None,
            customers=batch.customers,
            by=by,
            columns=batch.columns,
            rules=rules,
        )

    @property
    def whole(self) -> Observed:
        """All logs together, in one group."""
        return self.parts(None)[0][0]

    @cache  # noqa: B019 - as long as the tests run
    def parts(self, by: str | None) -> list[tuple[Observed, Observed]]:
        """Observe under both plans: with "log" each log by itself, else all together."""
        batch = self.batch
        logs: list[tuple[Row, ...]] = [batch.events]
        if by == "log":
            numbers = sorted({row[LOG] for row in batch.events}, key=str)
            logs = [tuple(row for row in batch.events if row[LOG] == number) for number in numbers]
        seen = [
            (self.observe(rows, by, batch.lifecycle), self.observe(rows, by, batch.other)) for rows in logs
        ]
        return [pair for pair in seen if pair[0].people]

    def rows(self, question: Callable[[Observed], list[Row]], by: str | None) -> list[Row]:
        """Ask of each part, and put the answers one after another."""
        return [row for one, _ in self.parts(by) for row in question(one)]

    def answer(self, question: str, by: str | None) -> Answer:
        """Answer a question."""
        return QUESTIONS[question].tell(self, by)

    @cached_property
    def bridge(self) -> str:
        """A stage that many customers come to, though not most of them at first."""
        begun = Counter(visit.stage for person in self.whole.people for visit in person.visits[1:])
        return begun.most_common(1)[0][0]

    @cached_property
    def followed(self) -> list[Person]:
        """Customers to follow: the busiest, and one who never came to a stage."""
        people = sorted(self.whole.people, key=lambda one: (-len(one.steps), str(one.customer)))
        unplaced = [one for one in people if not one.visits]
        return [*people[:1], *unplaced[:1]]
