"""Invoices of real customers: orders that repeat, counted by hand and by brute force."""

from __future__ import annotations

import statistics
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

import journeykit as jk
from journeykit.testing import oracle
from tests.realdata import reference

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400
SAMPLE = 8
"""Brute force takes every eighth customer."""


@pytest.fixture(scope="module")
def specific(known: Any) -> dict[str, Any]:
    """What is known of this log alone."""
    return known("retailer").facts["specific"]


@pytest.fixture(scope="module")
def journey(example: Any) -> jk.Journey:
    """The log under its plan."""
    return example("retailer")


@pytest.fixture(scope="module")
def orders(known: Any) -> dict[str, list[reference.Event]]:
    """The orders of each customer, cancellations left out."""
    return reference.histories(
        event for event in known("retailer").events if event.touchpoint != "cancellation"
    )


def test_customers_with_one_order_with_several_and_with_none(journey, specific):
    """Who stayed in the first order ordered once; who stayed before it only cancelled."""
    rows = {row.stage: row for row in jk.drop_offs(journey)}

    assert rows["first_order"].customers == specific["customers_with_purchase"]
    assert rows["first_order"].dropped + rows["first_order"].open == specific["one_time_buyers"]
    assert (
        rows["earlier_order"].dropped + rows["earlier_order"].open
        == specific["customers_with_cancellation_but_no_purchase"]
    )
    assert rows["repurchase"].customers == specific["customers_with_purchase"] - specific["one_time_buyers"]


def test_every_later_order_is_a_visit(journey, orders):
    """Invoices of one minute are one order; a cancellation begins none."""
    moments = [sorted({event.timestamp for event in history[1:]}) for history in orders.values()]
    gaps = [
        (later - earlier).total_seconds() / DAY for times in moments for earlier, later in pairwise(times)
    ]
    rows = {row.stage: row for row in jk.drop_offs(journey)}
    repeat = next(row for row in jk.transitions(journey) if row.kind == "repeat")

    assert rows["repurchase"].visits == sum(map(len, moments))
    assert repeat.moves == len(gaps)
    assert repeat.customers == sum(len(times) > 1 for times in moments)
    assert repeat.median_days == pytest.approx(statistics.median(gaps), rel=1e-12)


def test_ninety_days_are_too_short_a_silence(journey, example):
    """More silences of 90 days had ended than would count as lost: so says the plan, of its half a year."""
    rows = {
        days: next(row for row in jk.drop_offs(observed) if row.stage == "first_order")
        for days, observed in ((90, example("retailer", "90 days")), (180, journey))
    }

    assert {days: (row.dropped, row.returned_after_idle) for days, row in rows.items()} == {
        90: (794, 861),
        180: (566, 265),
    }


def test_days_between_orders(known, specific):
    """Where cancellations are left out, the move from order to order is every gap between purchases."""
    plan = jk.Lifecycle("one", stages=["shop"], touchpoints={"order": "shop"})
    names = dict.fromkeys(("first_purchase", "repeat_purchase"), "order")
    purchases = [event for event in known("retailer").events if event.touchpoint in names]
    with reference.open_events(purchases) as log, jk.observe(log, plan.map(touchpoints=names)) as journey:
        edge = journey.graph().edges["shop/order", "shop/order"]

        assert round(edge["median_days"], 6) == specific["median_days_between_purchases"]


def test_retention_by_cohort(orders, specific):
    """Months as stages, the first order's month as the group: the cohort table that every analyst draws."""
    months = sorted({f"{event.timestamp:%Y-%m}" for history in orders.values() for event in history})
    events = [event for history in orders.values() for event in history]
    cohort = {customer: f"{history[0].timestamp:%Y-%m}" for customer, history in orders.items()}
    table = (
        reference.as_table(events)
        .append_column("month", pa.array([f"{event.timestamp:%Y-%m}" for event in events]))
        .append_column("cohort", pa.array([cohort[event.customer] for event in events]))
    )
    plan = jk.Lifecycle("months", stages=months)
    with (
        jk.events(
            table, customer="customer", timestamp="timestamp", stage="month", attributes=["cohort"]
        ) as log,
        jk.observe(log, plan) as journey,
    ):
        found: dict[str, dict[str, int]] = {}
        for row in jk.drop_offs(journey, by="cohort"):
            found.setdefault(row.group, {})[row.stage] = row.customers

        assert {
            group: [counts.get(month, 0) for month in months[months.index(group) :]]
            for group, counts in found.items()
        } == specific["monthly_cohort_retention_customers(month0,1,..)"]


def nearly(cell: object) -> object:
    """Let a float differ by rounding: sums of squares in another order do."""
    return pytest.approx(cell, rel=1e-7, abs=1e-9) if isinstance(cell, float) else cell


def as_rows(events: list[reference.Event]) -> list[dict[str, Any]]:
    """Lay events out as the oracle reads them."""
    return [event._asdict() for event in events]


def test_every_outcome_equals_brute_force(journey, known):
    """All customers, all visits, counted by loops over lists."""
    brute = oracle.observe(as_rows(known("retailer").events), journey.lifecycle)
    visits = brute.visits(None)
    outcomes = Counter((visit.stage, visit.outcome) for visit in visits)
    returned = Counter(visit.stage for visit in visits if visit.returned_after_idle)
    rows = jk.drop_offs(journey)
    kinds = ("moved", "exited", "achieved", "departed", "dropped", "open")

    assert {
        (row.stage, kind): getattr(row, kind) for row in rows for kind in kinds if getattr(row, kind)
    } == dict(outcomes)
    assert {row.stage: row.returned_after_idle for row in rows} == dict(returned)


def test_every_number_of_a_sample_equals_brute_force(known, project: Path):
    """Shares, intervals, medians and last touchpoints, too."""
    sample = sorted({event.customer for event in known("retailer").events})[::SAMPLE]
    events = [event for event in known("retailer").events if event.customer in set(sample)]
    plan = reference.example_plan("retailer", project)
    brute = oracle.observe(as_rows(events), plan)
    with reference.open_events(events) as log, jk.observe(log, plan) as journey:
        for question in ("transitions", "drop_offs", "last_touchpoints"):
            ours = getattr(jk, question)(journey).to_dicts()
            theirs = getattr(oracle, question)(brute)
            assert ours == [{name: nearly(row[name]) for name in ours[0]} for row in theirs]
