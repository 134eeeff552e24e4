"""Tests of checking what is asked for."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from journeykit.errors import SimulationError
from journeykit.model import Lifecycle
from journeykit.simulation import simulate


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"customers": 0}, "customers: is 0, must be 1 or more"),
        ({"days": 0}, "days: is 0, must be 1 or more"),
        ({"max_visits": 0}, "max_visits: is 0, must be 1 or more"),
        ({"events_per_visit": 0.5}, "events_per_visit: is 0.5, must be 1 or more"),
        ({"events_per_visit": float("nan")}, "events_per_visit: is nan, must be 1 or more"),
        ({"ties": 1.5}, "ties: is 1.5, must be a probability from 0 to 1"),
        ({"sentiment": float("nan")}, "sentiment: is nan, must be a probability from 0 to 1"),
        (
            {"drop": 0.7, "recover": 0},
            "drop: with exits, risk, regress, skip, repeat it makes 1.04, more than 1",
        ),
        ({"achieve": 0.8}, "achieve: with exits, risk, regress, skip, repeat it makes 1.14, more than 1"),
        ({"recover": 0.95}, "recover: with drop it makes 1.05, more than 1"),
        ({"attributes": {"log": []}}, "attributes: 'log' has no values"),
        ({"attributes": {"customer": ["a"]}}, "attributes: 'customer' is the name of the column of ids"),
        (
            {"longest_stay": "60 days"},
            "longest_stay: is 60 days, must be a day shorter than the lifecycle's idle, 60 days",
        ),
        ({"longest_stay": dt.timedelta(0)}, "longest_stay, typical_stay: must be longer than 0"),
        ({"typical_stay": "0 days"}, "longest_stay, typical_stay: must be longer than 0"),
        ({"moves": {"visit": {"byu": 1.0}}}, "moves: no stage named 'byu'"),
        (
            {"moves": {"cart": {"cart": 0.1}}},
            "moves: 'cart' declares no transition to itself, so no visit can follow one there",
        ),
        (
            {"moves": {"cart": {"buy": 0.7, "gone": 0.4}}},
            "moves: those from 'cart' must be probabilities that make 1 or less",
        ),
        (
            {"moves": {"cart": {"buy": -0.1}}},
            "moves: those from 'cart' must be probabilities that make 1 or less",
        ),
        ({"starts": {"byu": 1.0}}, "starts: no stage named 'byu'"),
        ({"starts": {"visit": 0.5}}, "starts: must be probabilities that make 1"),
    ],
)
def test_what_can_not_be_is_said(shop, parameters, problem):
    """Silence would give a log that is not what was asked for."""
    with pytest.raises(SimulationError) as raised:
        simulate(shop, **{"customers": 5, "start": "2025-01-01", "seed": 1, **parameters})

    assert raised.value.problems == (problem,)


def test_everything_wrong_is_said_at_once(shop):
    """One sentence each, under one heading."""
    with pytest.raises(ValueError, match="simulated") as raised:
        simulate(shop, customers=0, start="2025-01-01", seed=1, ties=2, starts={"byu": 1})

    assert str(raised.value) == (
        "this can't be simulated:\n"
        "  customers: is 0, must be 1 or more\n"
        "  ties: is 2, must be a probability from 0 to 1\n"
        "  starts: no stage named 'byu'"
    )


def test_shares_of_stages_that_are_not_there_may_make_any_sum():
    """A lifecycle without a goal need not care what achieving one would make."""
    plan = Lifecycle("again", stages=["buy"], transitions=[("buy", "buy")], touchpoints={"order": "buy"})
    simulation = simulate(
        plan, customers=5, start="2025-01-01", seed=1, repeat=0.8, drop=0.05, exits=0, regress=0, skip=0
    )

    assert simulation.truth.moves["buy"] == {"buy": 0.8}


def test_an_idle_too_short_to_divide_is_refused():
    """No stay is shorter than a microsecond."""
    plan = Lifecycle("tiny", stages=["a"], idle=dt.timedelta(microseconds=1))

    with pytest.raises(SimulationError, match="must be shorter than the lifecycle's idle"):
        simulate(plan, customers=1, start="2025-01-01", seed=1)


@pytest.mark.parametrize("longest", ["2 hours", "1 day", "40 days"])
def test_a_longest_stay_is_never_outlasted(shop, rows, visits_of, longest):
    """In whole days: a move on the last day may be some hours later."""
    simulation = simulate(shop, customers=100, start="2025-01-01", seed=1, longest_stay=longest)
    most = {"2 hours": dt.timedelta(hours=2), "1 day": dt.timedelta(days=2), "40 days": dt.timedelta(days=41)}

    for events in rows(simulation).values():
        begun = [visit[0]["timestamp"] for visit in visits_of(shop, events)]
        assert all(later - earlier <= most[longest] for earlier, later in itertools.pairwise(begun))


def test_a_typical_stay_is_about_the_mean(shop):
    """It says how fast the business is, not more."""
    truth = simulate(shop, customers=1, start="2025-01-01", seed=1, typical_stay="8 days").truth

    means = [sum(day * share for day, share in enumerate(days)) for days in truth.stay_days.values()]
    assert 6 < sum(means) / len(means) < 10
