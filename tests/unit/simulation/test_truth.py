"""Tests of the truth: probabilities are exact, and frequencies come near them."""

from __future__ import annotations

import collections
import math

import pytest

from journeykit.model import Lifecycle, Stage
from journeykit.simulation import simulate

DAY = 86_400


def _near(count, total, probability):
    """Whether a count is within five standard deviations; the rarest may happen twice more than that."""
    rare = 2 if probability else 0
    return abs(count - total * probability) <= 5 * math.sqrt(total * probability * (1 - probability)) + rare


def test_every_stages_probabilities_make_one(log):
    """A visit ends in exactly one way."""
    for stage in log.lifecycle.stage_ids:
        assert math.isclose(sum(log.truth.moves[stage].values()) + log.truth.ends[stage], 1)
        assert math.isclose(sum(log.truth.stay_days[stage]), 1)
        assert math.isclose(sum(log.truth.last_sign_days[stage]), 1)
    assert math.isclose(sum(log.truth.starts.values()), 1)


def test_what_came_out_conserves_visits(log):
    """visits = moved + exited + achieved + departed + dropped = moves in + started."""
    for row in log.truth.stages:
        moves_in = sum(
            count for (_, target), count in log.truth.realised_moves.items() if target == row.stage
        )
        moves_out = sum(
            count for (source, _), count in log.truth.realised_moves.items() if source == row.stage
        )
        assert row.visits == row.moved + row.exited + row.achieved + row.departed + row.dropped
        assert row.visits == moves_in + row.started
        assert row.moved + row.exited == moves_out
        assert row.lost == row.exited + row.dropped
    assert sum(row.started for row in log.truth.stages) == 6_000


def test_what_came_out_is_near_its_probability(log):
    """Moves, losses and starts of six thousand customers."""
    for row in log.truth.stages:
        assert _near(row.started, 6_000, log.truth.starts.get(row.stage, 0.0))
        assert _near(row.lost, row.visits, log.truth.exited[row.stage] + log.truth.dropped[row.stage])
        for target in log.lifecycle.stage_ids:
            count = log.truth.realised_moves.get((row.stage, target), 0)
            assert _near(count, row.visits, log.truth.share_moved(row.stage, target))


def test_days_to_a_move_and_to_the_last_sign_of_life_are_as_the_truth_says(log, rows, visits_of):
    """Whole days, counted from the timestamps as a share's clock counts them."""
    stays, signs = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    for events in list(rows(log).values()):
        visits = visits_of(log.lifecycle, events)
        begun = [visit[0]["timestamp"] for visit in visits]
        for visit, start, following in zip(visits, begun, begun[1:], strict=False):
            stays[visit[0]["stage"]][(following - start).total_seconds() // DAY] += 1
        last = (events[-1]["timestamp"] - begun[-1]).total_seconds() // DAY
        signs[visits[-1][0]["stage"]][last] += 1

    for found, expected in ((stays, log.truth.stay_days), (signs, log.truth.last_sign_days)):
        for stage, counts in found.items():
            total = counts.total()
            assert max(counts) < len(expected[stage])
            assert all(_near(counts[day], total, share) for day, share in enumerate(expected[stage]))
    assert sum(counts.total() for counts in stays.values()) > 5_000


@pytest.fixture(scope="module")
def known():
    """One day at most, half of the visits lost: numbers to compute by hand."""
    plan = Lifecycle(
        "known",
        stages=["try", Stage("pay", kind="goal"), Stage("ill", kind="risk"), Stage("out", kind="exit")],
        touchpoints={"login": "try", "invoice": "pay", "ticket": "ill", "goodbye": "out"},
        idle="10 days",
    )
    moves = {"try": {"pay": 0.25, "out": 0.125}, "ill": {"out": 1.0}, "out": {"ill": 0.5}}
    return simulate(
        plan,
        customers=10,
        start="2025-01-01",
        seed=1,
        moves=moves,
        starts={"try": 1.0},
        longest_stay="1 day",
        events_per_visit=1 + math.log(2),
    ).truth


def test_given_probabilities_stand(known):
    """A test that wants P(lost) of exactly 0.75 gets it."""
    assert known.moves["try"] == {"pay": 0.25, "out": 0.125}
    assert known.starts == {"try": 1.0}
    assert known.ends == {"try": 0.625, "pay": known.ends["pay"], "ill": 0.0, "out": 0.5}
    assert known.exited == {"try": 0.125, "pay": 0.04, "ill": 1.0, "out": 0.0}
    assert known.dropped == {"try": 0.625, "pay": 0.0, "ill": 0.0, "out": 0.0}


def test_shares_can_be_asked_by_day(known):
    """An estimate with a recent cut-off is read at a day, and the truth it meets is that day's."""
    first, second = known.stay_days["try"]

    assert math.isclose(first + second, 1)
    assert known.share_moved("try", "pay") == 0.25
    assert known.share_moved("try", "pay", by_day=0) == 0.25 * first
    assert known.share_moved("try", "pay", by_day=1) == pytest.approx(0.25)
    assert known.share_moved("try", "ill") == 0.0
    assert known.share_lost("try") == 0.75
    assert known.share_lost("try", by_day=-1) == 0.0
    assert known.share_lost("try", by_day=9) == pytest.approx(0.125)
    # Half of the visits have one event only: the last sign of life is the first, on day 0.
    assert known.share_lost("try", by_day=10) == pytest.approx(0.125 + 0.625 * (0.5 + 0.5 * first))
    assert known.share_lost("try", by_day=11) == pytest.approx(0.75)
    assert known.share_lost("try", by_day=3, idle_days=2) == pytest.approx(0.75)
    assert known.share_lost("out") == 0.0


def test_a_visit_of_one_event_ends_where_it_begins(log):
    """In a stage where every event is an entry, a further one would be another visit."""
    plan = Lifecycle("again", stages=["buy"], transitions=[("buy", "buy")], touchpoints={"order": "buy"})
    truth = simulate(plan, customers=10, start="2025-01-01", seed=1).truth

    assert truth.last_sign_days["buy"][0] == 1.0
    assert sum(truth.last_sign_days["buy"][1:]) == 0.0


def test_the_truth_can_not_be_changed(log):
    """A test that did would judge by its own mistake."""
    with pytest.raises(TypeError):
        log.truth.moves["visit"]["cart"] = 1.0
    with pytest.raises(AttributeError):
        log.truth.cut_short = 3
