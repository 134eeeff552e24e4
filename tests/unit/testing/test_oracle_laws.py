"""Laws that the oracle's answers hold for every journey that can be drawn, and for the fixed hard ones."""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit.testing import oracle
from journeykit.testing import strategies as jst
from journeykit.testing.oracle.shares import shares_of, wilson
from journeykit.testing.oracle.visits import OUTCOMES

every_case = pytest.mark.parametrize("drawn", jst.fixed_cases(), ids=lambda case: case.name)
drawn_cases = given(jst.journeys_input())


def law(check):
    """Check a law of an observed journey on the fixed cases and on drawn ones."""

    def on_fixed(drawn):
        check(drawn)

    def on_drawn(drawn):
        check(drawn)

    on_fixed.__doc__ = on_drawn.__doc__ = check.__doc__
    return every_case(on_fixed), settings(max_examples=60, deadline=None)(drawn_cases(on_drawn))


def _visits_conserve(drawn):
    """Every visit has one outcome, and was moved into or started: visits = moves in + started."""
    observed = drawn.observed()
    moves = oracle.transitions(observed)
    for row in oracle.drop_offs(observed):
        group, stage = row["group"], row["stage"]
        mine = [move for move in moves if move["group"] == group]
        into = sum(move["moves"] for move in mine if move["target"] == stage)
        out = sum(move["moves"] for move in mine if move["source"] == stage)
        started = sum(person.visits[0].stage == stage for person in observed.members(group) if person.visits)

        assert row["visits"] == sum(row[outcome] for outcome in OUTCOMES) == into + started
        assert row["moved"] + row["exited"] == out
        assert row["lost"] == row["exited"] + row["dropped"]
        assert row["customers"] <= row["visits"]
        assert max(row["reached_goal"], row["not_taken"] or 0) <= row["customers"]
        assert row["returned_after_idle"] <= row["visits"]


test_visits_conserve_in_fixed_cases, test_visits_conserve = law(_visits_conserve)


def _shares_make_a_whole(drawn):
    """What moved, what was lost in silence and what is undetermined is everything, and each lies in its
    interval.
    """
    observed = drawn.observed()
    moves = oracle.transitions(observed)
    for row in oracle.drop_offs(observed):
        mine = [move for move in moves if (move["group"], move["source"]) == (row["group"], row["stage"])]
        shares = [(move["share"], move["share_low"], move["share_high"]) for move in mine]
        shares.append((row["share_lost"], row["share_low"], row["share_high"]))
        if row["share_lost"] is None:
            assert row["undetermined"] == 1
            assert row["visits"] < 10
            assert all(share == (None, None, None) for share in shares)
            continue
        assert all(0 <= low <= share <= high <= 1 for share, low, high in shares)
        here = [visit for visit in observed.visits(row["group"]) if visit.stage == row["stage"]]
        found = shares_of(here)
        assert sum(found.probabilities.values()) + found.undetermined == 1
        if not row["open"] + row["achieved"] + row["departed"]:
            assert row["share_lost"] == float(Fraction(row["lost"], row["visits"]))
            assert row["undetermined"] == 0
            assert [move["share"] for move in mine] == [move["moves"] / row["visits"] for move in mine]


test_shares_make_a_whole_in_fixed_cases, test_shares_make_a_whole = law(_shares_make_a_whole)


def _influence_is_a_derivative(drawn):
    """Weighing one customer's visits a millionth more or less changes the estimate as the influence says, and
    weighing everybody's more changes nothing.
    """
    observed = drawn.observed()
    little = Fraction(1, 10**6)
    for group in observed.groups():
        for stage in observed.lifecycle.stage_ids:
            here = [visit for visit in observed.visits(group) if visit.stage == stage]
            found = shares_of(here)
            for customer, influence in found.influence.items():
                more = _weighted(here, found.day, {customer: 1 + little})
                less = _weighted(here, found.day, {customer: 1 - little})
                slopes = {cause: float((more[cause] - less[cause]) / (2 * little)) for cause in more}
                assert {cause: influence.get(cause, 0.0) for cause in slopes} == pytest.approx(
                    slopes, abs=1e-9
                )
            for cause in found.probabilities:
                slopes = [influence.get(cause, 0.0) for influence in found.influence.values()]
                assert math.isclose(math.fsum(slopes), 0, abs_tol=1e-12)


def _weighted(visits, day, weights):
    """Estimate by walking every single day, weighing each visit by its customer's weight (1 unless given)."""
    left, ended = Fraction(1), Counter()
    for today in range(day + 1):
        weighed = [(visit, weights.get(visit.customer, 1)) for visit in visits if visit.day >= today]
        risk, before = sum(weight for _, weight in weighed), left
        for visit, weight in weighed:
            if visit.day == today and not visit.censored:
                ended[visit.outcome, visit.next_stage] += before * weight / risk
                left -= before * weight / risk
    return ended


test_influence_is_a_derivative_in_fixed_cases, test_influence_is_a_derivative = law(
    _influence_is_a_derivative
)


def _lost_visits_have_a_last_touchpoint(drawn):
    """The rows of a stage sum to what drop_offs calls lost, and their shares to 1."""
    observed = drawn.observed()
    lost: Counter[tuple[object, str]] = Counter()
    share: Counter[tuple[object, str]] = Counter()
    for row in oracle.last_touchpoints(observed):
        lost[row["group"], row["stage"]] += row["lost"]
        share[row["group"], row["stage"]] += row["share"]
        assert row["lost"] == row["dropped"] + row["exited"] > 0
        assert row["share_low"] <= row["share"] <= row["share_high"]

    assert lost == {
        (row["group"], row["stage"]): row["lost"] for row in oracle.drop_offs(observed) if row["lost"]
    }
    assert all(math.isclose(total, 1) for total in share.values())


test_last_touchpoints_sum_in_fixed_cases, test_last_touchpoints_sum = law(_lost_visits_have_a_last_touchpoint)


def _groups_sum_to_the_total(drawn):
    """Whoever is in no group would be lost from the answer."""
    observed = drawn.observed()
    whole = replace(drawn, by=None).observed()
    counted = ("customers", "visits", *OUTCOMES, "reached_goal", "returned_after_idle")
    summed: dict[str, Counter[str]] = {}
    for row in oracle.drop_offs(observed):
        summed.setdefault(row["stage"], Counter()).update({field: row[field] for field in counted})

    assert {stage: {field: sums[field] for field in counted} for stage, sums in summed.items()} == {
        row["stage"]: {field: row[field] for field in counted} for row in oracle.drop_offs(whole)
    }


test_groups_sum_to_the_total_in_fixed_cases, test_groups_sum_to_the_total = law(_groups_sum_to_the_total)


def _rows_may_come_in_any_order(drawn):
    """Files have no order: what ties leave open is settled by the columns, or equal."""
    shuffled = list(drawn.events)
    random.Random(len(shuffled)).shuffle(shuffled)
    other = replace(drawn, events=tuple(shuffled))

    assert _answers(other.observed()) == _answers(drawn.observed())


def _answers(observed):
    return {
        "transitions": oracle.transitions(observed),
        "drop_offs": oracle.drop_offs(observed),
        "last_touchpoints": oracle.last_touchpoints(observed),
        "gaps": oracle.gaps(observed),
        "next": oracle.next_moves(observed),
        "counts": oracle.counts(observed),
    }


test_order_of_rows_is_nothing_in_fixed_cases, test_order_of_rows_is_nothing = law(_rows_may_come_in_any_order)


def _next_moves_conserve(drawn):
    """An event of a touchpoint is a customer's first, follows one, or follows an event without touchpoint."""
    observed = drawn.observed()
    moves = sum(count for count, _ in oracle.next_moves(observed).values())
    events = sum(node["events"] for node in oracle.touchpoint_nodes(observed).values())
    unfollowed = sum(
        step.touchpoint is not None and (place == 0 or person.steps[place - 1].touchpoint is None)
        for person in observed.people
        for place, step in enumerate(person.steps)
    )

    assert moves + unfollowed == events <= oracle.counts(observed)["events"]


test_next_moves_conserve_in_fixed_cases, test_next_moves_conserve = law(_next_moves_conserve)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_gaps_hold_both_sides(data):
    """Both shares are shares of something, ranks are a permutation, and match_score and presence count the
    rows.
    """
    drawn = data.draw(jst.journeys_input())
    company = data.draw(jst.activities(drawn.lifecycle))
    observed = drawn.observed()

    for answer in (oracle.gaps(observed, company), oracle.plan_gaps(drawn.lifecycle, company)):
        for group in {row["group"] for row in answer.rows}:
            rows = [row for row in answer.rows if row["group"] == group]
            assert sorted(row["rank"] for row in rows) == list(range(1, len(rows) + 1))
            for stage in drawn.lifecycle.stage_ids:
                here = [row for row in rows if row["stage"] == stage]
                for field in ("importance_share", "effort_share"):
                    shares = [row[field] for row in here if row[field] is not None]
                    assert not shares or math.isclose(sum(shares), 1)
                matched = sum(row["match"] == "matched" for row in here)
                side = sum(row["match"] != "unmatched" for row in here)
                presence = next(p for p in answer.presence if (p["stage"], p["group"]) == (stage, group))
                assert presence["match_score"] == (matched / len(here) if here else None)
                assert presence["presence"] == (matched / side if side else None)


def test_wilson_agrees_with_published_intervals():
    """0 of 10, 5 of 10 and 81 of 263 (Newcombe 1998, table I): 0 to .2775, .2366 to .7634, .2553 to .3662."""
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)
    assert wilson(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
