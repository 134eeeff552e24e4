"""Observe the same by lists and by windows, and tell all that was observed."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from hypothesis import reject

from journeykit import observing
from tests.property.engine import observed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import ibis.expr.types as ir

    import journeykit as jk
    from journeykit.testing.cases import JourneyInput


@contextlib.contextmanager
def by_lists(case: JourneyInput) -> Iterator[jk.Journey]:
    """Observe by lists; a log without a usable event is not drawn."""
    with usable(), observed(case) as journey:
        assert has_lists(journey)
        yield journey


@contextlib.contextmanager
def by_windows(case: JourneyInput) -> Iterator[jk.Journey]:
    """Observe by windows."""
    with patch.object(observing, "is_plain", lambda *_: False), observed(case) as journey:
        assert not has_lists(journey)
        yield journey


@contextlib.contextmanager
def usable() -> Iterator[None]:
    """Draw another log where this one has no event that can be used."""
    try:
        yield
    except observing.EventLogError:
        reject()


def has_lists(journey: jk.Journey) -> bool:
    """Tell which way it was ordered."""
    made = journey.log.backend.con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    return any(name.endswith("_lists") for (name,) in made)


def told(journey: jk.Journey) -> dict[str, Any]:
    """Tell all that was observed, with ids for numbers of customers, in an order of its own."""
    seen = journey.observed
    ends = rows(journey, seen.ends)
    return {
        "counts": journey.counts,
        "customers": in_order(journey.scratch.rows_of(journey.customers.drop("customer"))),
        "steps": in_order(rows(journey, seen.steps)),
        "links": in_order(rows(journey, seen.links)),
        "visits": in_order(rows(journey, seen.visits)),
        "moves": in_order(rows(journey, seen.moves)),
        "ends": Counter((row["id"], row["stage"], row["day"], row["ending"], row["reached"]) for row in ends),
        # Which of a customer's visits is the one that counts is for each to choose.
        "stages": Counter((row["id"], row["stage"]) for row in ends if row["counts_customer"]),
        "endings": Counter((row["id"], row["stage"], row["ending"]) for row in ends if row["counts_ending"]),
        "pairs": sum((pair(row) for row in by_customer(journey, seen.count_pairs)), Counter()),
        "counted": in_order(by_customer(journey, lambda join: counted(seen.count_ends(join)))),
        "uses": in_order(by_customer(journey, seen.count_uses)),
        "users": sorted(
            tuple(str(row[name]) for name in ("id", "stage", "touchpoint", "customers"))
            for row in by_customer(journey, seen.count_users)
        ),
    }


def rows(journey: jk.Journey, relation: ir.Table) -> list[dict[str, Any]]:
    """Fetch a relation, with the customers' ids."""
    named = relation.inner_join(journey.customers.select("customer", "id"), "customer").drop("customer")
    return journey.scratch.rows_of(named)


def by_customer(journey: jk.Journey, count: Callable[[Any], ir.Table]) -> list[dict[str, Any]]:
    """Have something counted, each customer being a group of their own."""
    found = count(lambda relation: relation.mutate(group=relation.customer))
    return rows(journey, found.rename(customer="group"))


def counted(ends: ir.Table) -> ir.Table:
    """Add the counts of ends up as far as they do not depend on which of a customer's visits counts."""
    return ends.group_by(["group", "stage"]).aggregate(
        **{name: ends[name].sum() for name in ("visits", "customers", "enders", "reached")}
    )


def in_order(found: list[dict[str, Any]]) -> list[str]:
    """Sort rows, whatever order they and their columns came in."""
    return sorted(str(sorted(row.items())) for row in found)


def pair(row: dict[str, Any]) -> Counter[Any]:
    """Count a pair; which of the two is the one is for each to choose."""
    ends = sorted([(row["day"], row["ending"]), (row["other_day"], row["other_ending"])])
    return Counter({(row["id"], row["stage"], *ends): row["n"]})
