"""What the tests of simulation share: one lifecycle with everything in it, and counting by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest

from journeykit.model import Lifecycle, Stage, Touchpoint
from journeykit.simulation import simulate


@pytest.fixture(scope="session")
def shop() -> Lifecycle:
    """Loops, a repeat with an entry touchpoint, a shared touchpoint, risk, exit and a way back."""
    return Lifecycle(
        "shop",
        stages=[
            "visit",
            "cart",
            Stage("buy", kind="goal", entry=("order",)),
            Stage("at_risk", kind="risk"),
            Stage("gone", kind="exit"),
        ],
        transitions=[("visit", "cart"), ("cart", "buy"), ("buy", "buy"), ("buy", "visit"), ("gone", "cart")],
        touchpoints=[
            Touchpoint("page", stages=("visit",), channel="web"),
            Touchpoint("basket", stages=("cart",)),
            Touchpoint("order", stages=("buy",), initiator="customer"),
            Touchpoint("delivery", stages=("buy",), initiator="company"),
            Touchpoint("support", stages=("visit", "cart", "buy")),
            Touchpoint("complaint", stages=("at_risk",)),
            Touchpoint("farewell", stages=("gone",)),
        ],
        idle="60 days",
    )


@pytest.fixture(scope="session")
def log(shop):
    """A log large enough for its frequencies to be near their probabilities."""
    return simulate(shop, customers=6_000, start="2025-01-01", seed=7)


@pytest.fixture(scope="session")
def rows():
    """Takes a simulation's events customer by customer, each in its true order."""

    def by_customer(simulation):
        journeys = {}
        for row in simulation.events.to_pylist():
            journeys.setdefault(row["customer"], []).append(row)
        return {name: sorted(events, key=lambda row: row["sequence"]) for name, events in journeys.items()}

    return by_customer


@pytest.fixture(scope="session")
def visits_of():
    """Splits one customer's events into visits by the true stage and, where it repeats, its entry events."""

    def split(lifecycle, events):
        visits = []
        for row in events:
            if row["stage"] is None:
                continue
            again = lifecycle.repeats(row["stage"]) and (
                row["touchpoint"] in lifecycle.entry_touchpoints(row["stage"])
            ) | (not lifecycle.entry_touchpoints(row["stage"]))
            if not visits or visits[-1][0]["stage"] != row["stage"] or again:
                visits.append([row])
            else:
                visits[-1].append(row)
        return visits

    return split


@pytest.fixture(scope="session")
def moves_of(visits_of):
    """Lists one customer's moves as pairs of stages."""

    def moves(lifecycle, events):
        return [(one[0]["stage"], other[0]["stage"]) for one, other in pairwise(visits_of(lifecycle, events))]

    return moves
