"""Software accounts as buyers and as users: what carries over, and what only seems to.

The accounts of ravenstack were simulated table by table, so that nothing carries over. But churn grows over
the two years, and whoever subscribes late has had more time to ask for support before.
"""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import attrs
import pyarrow as pa
import pytest

import journeykit as jk
from journeykit.testing import oracle
from tests.property.test_oracle import check_same, rows

if TYPE_CHECKING:
    from pathlib import Path

BUY = jk.Lifecycle(
    "buy",
    stages=["registered", "trial", "subscribed"],
    touchpoints={
        "signup": "registered",
        "support_ticket": ["registered", "trial"],
        "trial_start": "trial",
        "subscription_start": "subscribed",
    },
    bridges=[jk.Bridge("use", stage="subscribed")],
    idle="180 days",
)
USE = jk.Lifecycle(
    "use",
    stages=["subscribed", jk.Stage("shrinking", kind="risk"), jk.Stage("churned", kind="exit")],
    touchpoints={
        "subscription_start": "subscribed",
        "subscription_end": "shrinking",
        "churn": "churned",
        "churn_after_reactivation": "churned",
    },
    idle="180 days",
)
THIRDS = ("2023-10-01", "2024-05-01")
"""About a third of the accounts subscribe first before, a third between, a third after these days."""


@pytest.fixture(scope="module")
def events(shared_data: Path) -> list[dict[str, Any]]:
    """The log, as the oracle reads it."""
    with gzip.open(shared_data / "ravenstack" / "events.csv.gz", "rt", encoding="utf-8") as file:
        return [
            {
                "customer": row["account_id"],
                "timestamp": datetime.fromisoformat(row["date"]).replace(tzinfo=UTC),
                "touchpoint": row["stage"],
                "sequence": float(row["rank"]),
            }
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def customers(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """When each account first subscribed, as a third of the two years."""
    first: dict[str, str] = {}
    for row in events:
        if row["touchpoint"] == "subscription_start":
            day = row["timestamp"].date().isoformat()
            first[row["customer"]] = min(day, first.get(row["customer"], day))
    return [
        {"customer": account, "third": sum(day >= end for end in THIRDS)}
        for account, day in sorted(first.items())
    ]


@pytest.fixture(scope="module")
def pair(events: Any, customers: Any) -> tuple[jk.Journey, jk.Journey]:
    """The log under both plans."""
    names = {name: name for name in events[0]}
    log = jk.events(pa.Table.from_pylist(events), **names, customers=pa.Table.from_pylist(customers))
    return jk.observe(log, BUY), jk.observe(log, USE)


def tickets(found: jk.CarryOvers) -> list[jk.CarryOver]:
    """What support before the first subscription has to do with being lost after it."""
    return [row for row in found if (row.name, row.outcome) == ("support_ticket", "lost")]


@pytest.mark.parametrize("by", [None, "third"])
def test_a_real_log_gives_the_same_as_plain_python(pair, events, customers, by):
    """Dates without hours, tickets before the registration, exits that are left again."""
    one, two = (oracle.observe(events, plan, customers=customers, by=by) for plan in (BUY, USE))
    found, theirs = jk.carry_over(*pair, by=by), oracle.carry_over(one, two, bridge="subscribed")

    check_same([attrs.asdict(row) for row in found.crossings], theirs.crossings)
    check_same(rows(found), theirs.rows)
    check_same(rows(jk.overlap(*pair, by=by)), oracle.overlap(one, two))


def test_what_tickets_seem_to_carry_over_is_the_calendar(pair):
    """Of all accounts, those with a ticket before are lost more often; of those of one time, they are not.

    An association vanishes where what stands behind it is held still: why the docs say to ask by segment.
    """
    (everybody,) = tickets(jk.carry_over(*pair))
    thirds = [row for row in tickets(jk.carry_over(*pair, by="third")) if row.difference is not None]

    assert everybody.difference_low > 0.05
    assert len(thirds) >= 2
    assert all(abs(row.difference) < 0.05 for row in thirds)
    assert all(row.difference_low < 0 < row.difference_high for row in thirds)
