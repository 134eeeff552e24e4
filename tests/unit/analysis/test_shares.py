"""Aalen-Johansen shares, against worked examples: definitions page, Shares and Intervals."""

from __future__ import annotations

import itertools

import ibis
import pyarrow as pa
import pytest

from journeykit.analysis.intervals import wilson
from journeykit.analysis.shares import CENSORED, end_shares
from journeykit.engines import engine_of
from journeykit.relations.observed import count_ends, count_pairs, pairs_of
from journeykit.relations.scratch import Scratch

LOST, MOVED = 1, 0
GROUPS = 10


@pytest.fixture(scope="module")
def scratch():
    """An engine for all of these."""
    backend = ibis.duckdb.connect()
    yield Scratch(engine_of(backend))
    backend.disconnect()


@pytest.fixture
def estimate(scratch):
    """Estimate how visits end, each told as (day, cause), (day, cause, customer) or with a stage and a group,
    too.
    """

    def ask(*visits):
        others = itertools.count(1000)
        rows, seen = [], set()
        for day, ending, *told in visits:
            customer, stage, group = [*told, *(next(others), 0, 0)[len(told) :]]
            rows.append({"day": day, "ending": ending, "customer": customer, "stage": stage, "group": group,
                         "counts_customer": (group, stage, customer) not in seen, "counts_ending": False,
                         "reached": False})  # fmt: skip
            seen.add((group, stage, customer))
        names = {"customer": pa.int64(), "group": pa.int32(), "stage": pa.int16(), "day": pa.int32(),
                 "ending": pa.int16(), "counts_customer": pa.bool_(), "counts_ending": pa.bool_(),
                 "reached": pa.bool_()}  # fmt: skip
        table = scratch.send("told", pa.Table.from_pylist(rows, pa.schema(list(names.items()))))
        apart = pairs_of(table.mutate(customer=table.customer * GROUPS + table.group))
        pairs = count_pairs(apart.mutate(group=(apart.customer % GROUPS).cast("int32")))
        return end_shares(count_ends(table), scratch, pairs=pairs)

    return ask


def told(share):
    """Round a share and its interval for comparison with what was worked out on paper."""
    return tuple(None if cell is None else round(cell, 4) for cell in (share.value, share.low, share.high))


def test_where_nothing_is_censored_a_share_is_a_count_over_a_count(estimate):
    """Three of seven is three of seven, whatever the days: with nobody left to wait for there is nothing to
    estimate.

    One visit is enough: the ten at risk are asked only where somebody is still open.
    """
    ends = estimate((0, LOST), (3, LOST), (3, MOVED), (4, MOVED), (9, LOST), (9, MOVED), (400, MOVED))[0, 0]
    alone = estimate((5, LOST))[0, 0]

    assert (ends.share(LOST).value, ends.share(MOVED).value, ends.undetermined, ends.day) == (
        pytest.approx(3 / 7, abs=1e-12), pytest.approx(4 / 7, abs=1e-12), pytest.approx(0, abs=1e-12), 400,
    )  # fmt: skip
    assert (told(alone.share(LOST)), alone.undetermined) == ((1.0, 0.2065, 1.0), 0.0)


def test_a_worked_example_with_two_causes(estimate):
    """Twenty visits, worked out in fractions: what was lost or moved by each day, and what is still on.

    day 0: 1 of 20 lost: lost 1/20, on 19/20. day 2: 2 of 19 moved (and 1 is censored, who counts as at risk):
    moved 19/20 * 2/19 = 1/10, on 17/20. day 3: of 16, 1 lost and 1 moved: each 17/320, on 119/160. day 5: 2
    censored. day 8: 3 of 12 lost: 119/640, on 357/640. Nine are at risk on day 9: read on day 8.
    """
    visits = [
        (0, LOST), *[(2, MOVED)] * 2, (2, CENSORED), (3, LOST), (3, MOVED), *[(5, CENSORED)] * 2,
        *[(8, LOST)] * 3, *[(9, LOST)] * 5, *[(20, CENSORED)] * 4,
    ]  # fmt: skip

    ends = estimate(*visits)[0, 0]

    assert (ends.share(LOST).value, ends.share(MOVED).value, ends.undetermined, ends.day) == (
        pytest.approx(37 / 128, abs=1e-12), pytest.approx(49 / 320, abs=1e-12),
        pytest.approx(357 / 640, abs=1e-12), 8,
    )  # fmt: skip


def test_the_textbooks_example_with_one_cause_and_its_standard_error(estimate):
    """Remissions under 6-MP (Freireich et al., Blood 21 (1963)): Kaplan-Meier at 16 weeks is 0.6275.

    Of 21 patients 10 are at risk in week 17, 9 in week 19. With one cause and a visit a customer, the
    infinitesimal jackknife is Greenwood's formula: a standard error of 0.1141.
    """
    relapsed = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]

    ends = estimate(*((week, LOST) for week in relapsed), *((week, CENSORED) for week in censored))[0, 0]

    share = 1 - 0.62745098
    low, high = wilson(share, share * (1 - share) / 0.11405387**2)
    assert (told(ends.share(LOST)), round(ends.undetermined, 4), ends.day) == (
        (0.3725, round(low, 4), round(high, 4)), 0.6275, 17,
    )  # fmt: skip


def test_a_share_is_read_at_the_last_day_with_ten_at_risk(estimate):
    """The tail of a curve rests on a handful of visits: what lies beyond is undetermined, and says so.

    Ten are at risk on day 2; on day 5, when another is lost, nine are.
    """
    ends = estimate((2, LOST), (5, LOST), *[(7, CENSORED)] * 8)[0, 0]

    assert (told(ends.share(LOST)), round(ends.undetermined, 12), ends.day) == ((0.1, 0.0179, 0.4042), 0.9, 2)


def test_with_nine_visits_and_an_open_one_there_is_no_day_to_read_at(estimate):
    """Saying nothing is better than a share of three visits: null, not 0."""
    ends = estimate(*[(2, LOST)] * 8, (7, CENSORED))[0, 0]

    assert (told(ends.share(LOST)), told(ends.share(MOVED)), ends.undetermined, ends.day) == (
        (None, None, None), (None, None, None), 1.0, None,
    )  # fmt: skip


def test_a_cause_that_ends_no_visit_by_then_has_share_0_of_as_many_as_there_are_customers(estimate):
    """Nobody of ten was lost is no promise that nobody will be: the interval says 0 to 28 %."""
    ends = estimate((2, CENSORED), (5, LOST), *[(7, CENSORED)] * 8)[0, 0]

    assert (told(ends.share(LOST)), told(ends.share(MOVED)), ends.undetermined, ends.day) == (
        (0.0, 0.0, 0.2775), (0.0, 0.0, 0.2775), 1.0, 2,
    )  # fmt: skip


def test_within_a_day_outcomes_come_before_censoring(estimate):
    """Whoever is censored on a day was there when the others left that day."""
    ends = estimate(*[(3, LOST)] * 5, *[(3, CENSORED)] * 5)[0, 0]

    assert (ends.share(LOST).value, ends.undetermined) == (0.5, 0.5)


def test_intervals_are_clustered_by_customer(estimate):
    """Three losses of one customer and one move of another are the word of two, not of four.

    Influences: ana's visits add 3 * (1 - 3/4) / 4 = 3/16, ben's (0 - 3/4) / 4 = -3/16. The variance is their
    squares, 18/256; 3/16 over that is an effective size of 8/3, and Wilson's interval with it 0.2385 to
    0.9664.
    """
    ana, ben = 1, 2

    ends = estimate((0, LOST, ana), (1, LOST, ana), (5, LOST, ana), (2, MOVED, ben))[0, 0]

    assert (ends.customers, told(ends.share(LOST))) == (2, (0.75, 0.2385, 0.9664))


def test_a_customers_visits_to_two_stages_are_no_cluster_and_stages_and_groups_stand_alone(estimate):
    """Each stage of each group is a question of its own."""
    first, second, other = 0, 1, 1
    found = estimate(
        (1, LOST, 1, first), (1, MOVED, 2, first), (1, LOST, 1, second), (1, MOVED, 3, second),
        (4, LOST, 4, second, other),
    )  # fmt: skip

    assert {cell: told(ends.share(LOST)) for cell, ends in found.items()} == {
        (0, first): (0.5, 0.0945, 0.9055),
        (0, second): (0.5, 0.0945, 0.9055),
        (other, second): (1.0, 0.2065, 1.0),
    }


def test_a_stage_that_can_be_read_and_one_that_cannot_do_not_meet(estimate):
    """A customer who looped through both must not bring the one's influence into the other."""
    found = estimate((1, LOST, 1, 0), (3, LOST, 1, 0), (1, LOST, 1, 1), (3, CENSORED, 1, 1))

    assert [told(found[cell].share(LOST)) for cell in ((0, 0), (0, 1))] == [
        (1.0, 0.2065, 1.0),
        (None, None, None),
    ]


def test_no_visits_have_no_shares(estimate):
    """A log that fits the lifecycle nowhere is an answer, too: an empty one."""
    assert estimate() == {}
