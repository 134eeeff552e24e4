"""Hard logs, each small enough to be counted by hand.

Random logs alone let `count(distinct customer)` turn into `count(customer)`
unnoticed: every test of a question asks these beside the drawn ones.

May import: model, errors.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from journeykit.model import Lifecycle, Stage
from journeykit.testing import oracle

if TYPE_CHECKING:
    from journeykit.testing.oracle import Observed

Row = dict[str, Any]

FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
"""Day 0 of every case."""


@dataclass(frozen=True)
class JourneyInput:
    """All that `observe` and a question are asked with.

    Attributes:
        name: What makes the case hard.
        lifecycle: The plan.
        events: One dict an event, as the oracle reads them.
        columns: The event columns given, in the canonical order, whether or not a row fills them.
        as_of: The moment of observation, or None for the default.
        idle: The silence that counts as a drop-off, or None for the lifecycle's.
        customers: One dict a customer, or None.
        by: An attribute of the customers or the events, or None.
    """

    name: str
    lifecycle: Lifecycle
    events: tuple[Row, ...]
    columns: tuple[str, ...]
    as_of: datetime | None = None
    idle: timedelta | None = None
    customers: tuple[Row, ...] | None = field(default=None)
    by: str | None = None

    def observed(self) -> Observed:
        """Observe by brute force."""
        return oracle.observe(
            self.events,
            self.lifecycle,
            as_of=self.as_of,
            idle=self.idle,
            customers=self.customers,
            by=self.by,
            columns=self.columns,
        )


def day(number: float) -> datetime:
    """Return the moment so many days after the first day."""
    return FIRST_DAY + timedelta(days=number)


def event(customer: str | None, when: float | None, touchpoint: str | None = None, **cells: object) -> Row:
    """Make an event: who, on which day, which touchpoint, and any other cells."""
    return {
        "customer": customer,
        "timestamp": None if when is None else day(when),
        "touchpoint": touchpoint,
        **cells,
    }


@cache
def trial_lifecycle() -> Lifecycle:
    """Return the lifecycle of the fixed cases: loops, shared touchpoints, a goal, a risk and an exit."""
    return Lifecycle(
        "trial",
        stages=[
            "visit",
            "signup",
            "trial",
            Stage("paid", kind="goal", entry=("invoice_paid",)),
            Stage("at_risk", kind="risk"),
            Stage("lapsed", kind="exit"),
        ],
        transitions=[
            ("visit", "signup"),
            ("signup", "trial"),
            ("trial", "paid"),
            ("paid", "paid"),
            ("at_risk", "trial"),
            ("lapsed", "trial"),
        ],
        touchpoints={
            "page_view": "visit",
            "account_created": "signup",
            "first_login": "trial",
            "invoice_paid": "paid",
            "complaint": "at_risk",
            "cancelled": "lapsed",
            "support_call": ["trial", "paid"],
            "newsletter": ["visit", "paid"],
        },
        idle="10 days",
    )


def _case(name: str, *events: Row, **settings: Any) -> JourneyInput:
    columns = tuple(dict.fromkeys(column for row in events for column in row))
    return JourneyInput(name, trial_lifecycle(), events, columns, **settings)


def fixed_cases() -> list[JourneyInput]:
    """Return the hard logs, each under the name of what makes it hard."""
    return [*_order_cases(), *_stage_cases(), *_ending_cases(), *_cell_cases()]


def _order_cases() -> list[JourneyInput]:
    return [
        _case("one event", event("ana", 0, "page_view")),
        _case(
            "a loop a-b-a-b",
            *(event("ana", when, ("page_view", "account_created")[when % 2]) for when in range(4)),
            event("ben", 1, "page_view"),
        ),
        _case("a tie of two stages", event("ana", 0, "account_created"), event("ana", 0, "page_view")),
        _case(
            "a tie that the sequence settles",
            event("ana", 0, "page_view", sequence=2),
            event("ana", 0, "account_created", sequence=1),
            event("ana", 0, "first_login", sequence=None),
        ),
        _case(
            "all events at one instant",
            *(
                event(customer, 3, touchpoint)
                for customer in ("ben", "ana")
                for touchpoint in ("cancelled", "support_call", "zz_unknown", "page_view", "invoice_paid")
            ),
        ),
        _case(
            "a tie that only the stage column breaks",
            event("ana", 0, "support_call", stage=None),
            event("ana", 0, "support_call", stage="nowhere"),
            event("ana", 1, "page_view", stage=None),
        ),
        _case("equal rows", *(event("ana", when, "page_view") for when in (0, 0, 1, 1))),
    ]


def _stage_cases() -> list[JourneyInput]:
    return [
        _case(
            "an unmapped event between two of one stage",
            event("ana", 0, "page_view"),
            event("ana", 1, "zz_unknown"),
            event("ana", 2, "page_view"),
            event("ben", 2, "zz_unknown"),
        ),
        _case(
            "a shared touchpoint resolved by an earlier event, and by nothing",
            event("ana", 0, "invoice_paid"),
            event("ana", 1, "page_view"),
            event("ana", 2, "support_call"),
            event("ana", 3, "newsletter"),
            event("ben", 0, "support_call"),
            event("ben", 1, "newsletter"),
        ),
        _case(
            "the stage column rules over the touchpoint",
            event("ana", 0, "page_view", stage="trial"),
            event("ana", 1, "page_view", stage="nowhere"),
            event("ana", 2, None, stage="paid"),
            event("ana", 3, "support_call", stage=""),
            event("ana", 4, "zz_unknown", stage="paid"),
        ),
        _case(
            "entry events at one instant",
            event("ana", 0, "invoice_paid"),
            event("ana", 0, "invoice_paid"),
            event("ana", 1, "invoice_paid"),
            event("ben", 0, "first_login"),
            event("ben", 1, None, stage="paid"),
            event("ben", 2, "invoice_paid"),
            event("ben", 3, "support_call"),
            event("ben", 4, "invoice_paid"),
        ),
    ]


def _ending_cases() -> list[JourneyInput]:
    return [
        _case(
            "an exit, then a re-entry",
            event("ana", 0, "first_login"),
            event("ana", 1, "cancelled"),
            event("ana", 5, "first_login"),
            event("ben", 0, "first_login"),
            event("ben", 2, "cancelled"),
            as_of=day(20),
        ),
        _case(
            "a goal, then a regression",
            event("ana", 0, "first_login"),
            event("ana", 1, "invoice_paid"),
            event("ana", 2, "page_view"),
            event("ben", 1, "invoice_paid"),
            as_of=day(12),
        ),
        _case(
            "a silence that ended",
            event("ana", 0, "page_view"),
            event("ana", 10, "page_view"),
            event("ben", 0, "page_view"),
            event("ben", 1, "zz_unknown"),
            event("ben", 11, "account_created"),
            as_of=day(19),
        ),
        _case(
            "as_of before the last event",
            event("ana", 0, "page_view"),
            event("ana", 1, "account_created"),
            event("ana", 30, "first_login"),
            event("ben", 0.5, "page_view"),
            event("cy", 12, "page_view"),
            as_of=day(11),
        ),
        _enough_visits(),
    ]


def _enough_visits() -> JourneyInput:
    return _case(
        "enough visits to read censored shares at",
        *(event(f"c{number}", number % 4, "page_view") for number in range(14)),
        *(event(f"c{number}", number % 4 + number, "account_created") for number in range(5)),
        event("c9", 9, "newsletter"),
        event("c10", 11, "page_view"),
        as_of=day(11.5),
    )


def _cell_cases() -> list[JourneyInput]:
    return [
        _case(
            "a customer called NA",
            event("NA", 0, "page_view", channel="NA"),
            event("NA", 1, "account_created", channel=""),
            event("null", 1, "page_view", channel=None),
            event("", 1, "page_view", channel="mail"),
            by="channel",
        ),
        _case(
            "rows to set aside",
            event("ana", 0, "page_view", event_id="1"),
            event("ana", 2, "account_created", event_id="2"),
            event("ana", 1, "first_login", event_id="2"),
            event("ben", 1, "first_login", event_id=None),
            event("ben", 1, "", event_id="3"),
            event(None, 1, "page_view", event_id="4"),
            event("ben", None, "page_view", event_id="5"),
            {**event("ben", 0, "page_view", event_id="6"), "timestamp": datetime(9999, 12, 31, tzinfo=UTC)},
        ),
        _case(
            "targets and groups of the customers",
            event("ana", 0, "page_view"),
            event("ana", 1, "account_created"),
            event("ben", 0, "page_view"),
            event("ben", 1, "account_created"),
            event("cy", 0, "account_created"),
            as_of=day(40),
            customers=(
                {"customer": "ana", "target_stage": "signup", "vertical": "health"},
                {"customer": "ben", "target_stage": None, "vertical": ""},
                {"customer": "dee", "target_stage": "paid", "vertical": "retail"},
            ),
            by="vertical",
        ),
    ]
