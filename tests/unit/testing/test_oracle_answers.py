"""The oracle's transitions, drop-offs and last touchpoints, each expected value worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from journeykit.testing import oracle
from journeykit.testing.cases import day, event, fixed_cases, trial_lifecycle
from journeykit.testing.oracle.answers import quantile
from journeykit.testing.oracle.shares import Z, wilson


def case(name):
    """Find a fixed case by its name."""
    return next(case for case in fixed_cases() if case.name == name)


def words(rows, *fields):
    """Keep some fields of each row."""
    return [tuple(row[field] for field in fields) for row in rows]


def observe_days(history, *, as_of, **settings):
    """Observe {customer: {day: touchpoint}}; None is an event of the stage "visit" without touchpoint."""
    events = [
        event(customer, when, touchpoint, stage=None if touchpoint else "visit")
        for customer, days in history.items()
        for when, touchpoint in days.items()
    ]
    return oracle.observe(events, trial_lifecycle(), as_of=day(as_of), **settings)


def test_quantiles_are_linearly_interpolated():
    """Of 1, 2, 4, 10: the median is half way from 2 to 4; the 90th percentile 0.7 of the way from 4 to 10."""
    days = [Fraction(value) for value in (10, 1, 4, 2)]

    assert (
        quantile(days, Fraction(1, 2)),
        quantile(days, Fraction(9, 10)),
        quantile([], Fraction(1, 2)),
    ) == (
        3.0,
        8.2,
        None,
    )


def test_moves_are_counted_and_declared_moves_never_taken_are_listed():
    """ana: visit, signup, visit, signup on days 0 to 3; ben: visit. Two visits of ana's move on after one day
    each; ben's is open, and three visits are too few to read a censored share at. Nothing into an exit is
    "never taken".
    """
    rows = oracle.transitions(case("a loop a-b-a-b").observed())

    assert words(
        rows, "source", "target", "kind", "declared", "moves", "customers", "share", "median_days"
    ) == [
        ("visit", "signup", "advance", True, 2, 1, None, 1.0),
        ("signup", "visit", "regress", False, 1, 1, None, 1.0),
        ("signup", "trial", "advance", True, 0, 0, None, None),
        ("trial", "paid", "advance", True, 0, 0, None, None),
        ("paid", "paid", "repeat", True, 0, 0, None, None),
        ("at_risk", "trial", "recover", True, 0, 0, None, None),
        ("lapsed", "trial", "re_entry", True, 0, 0, None, None),
    ]


def test_transitions_are_in_order_of_their_moves_then_of_the_stages():
    """signup to trial was taken twice; the rest, once or never, in the order of sources and targets."""
    history = {
        "ana": {0: "page_view", 1: "account_created", 2: "first_login"},
        "ben": {0: "account_created", 1: "first_login", 2: "page_view"},
    }

    rows = oracle.transitions(observe_days(history, as_of=3))

    assert words(rows, "source", "target", "moves")[:4] == [
        ("signup", "trial", 2),
        ("visit", "signup", 1),
        ("trial", "visit", 1),
        ("trial", "paid", 0),
    ]


def test_days_run_from_first_event_to_first_event_exactly():
    """visit began on day 0 and signup on day 2.5, whatever happened in visit in between."""
    observed = observe_days({"ana": {0: "page_view", 2: "page_view", 2.5: "account_created"}}, as_of=3)

    row = oracle.transitions(observed)[0]

    assert (row["median_days"], row["p90_days"]) == (2.5, 2.5)


def test_without_censoring_a_share_is_visits_over_visits_with_an_interval_clustered_by_customer():
    """visit: ana has three visits, all moved to signup, ben one, dropped. 3 / 4. Each customer's influence is
    (own moves - 3/4 x own visits) / 4 = +-3/16; the variance 2 x 9/256; the sample size that would give it
    (3/16) / (9/128) = 8/3, not 4.
    """
    loop = {when: ("page_view", "account_created")[when % 2] for when in range(6)}
    observed = observe_days({"ana": loop, "ben": {0: "page_view"}}, as_of=12)

    row = oracle.transitions(observed)[0]

    low, high = wilson(0.75, 8 / 3)
    assert words([row], "source", "target", "moves", "share") == [("visit", "signup", 3, 0.75)]
    assert (row["share_low"], row["share_high"]) == pytest.approx((low, high), abs=1e-12)


def test_a_share_with_open_visits_is_the_aalen_johansen_estimate():
    """14 visits: 2 open, censored on day 1; 2 moved on day 2, of 12 at risk: 1/6; the other 10, all at risk
    on day 10, dropped: 5/6. Leaving the open ones out would be 10/12 by luck here; counting them as not lost
    10/14. Influence on 1 - m/12: -10/144 for each mover, 2/144 for each other of the 12: variance 240/20736 =
    5/432, and (5/36) / (5/432) = 12, the sample that Wilson's published interval for 10 of 12 (0.5520,
    0.9530) has.
    """
    history = {f"dropped{number}": {0: "page_view"} for number in range(10)}
    history |= {f"moved{number}": {18: "page_view", 20: "account_created"} for number in range(2)}
    history |= {f"open{number}": {19: "page_view"} for number in range(2)}

    row = next(row for row in oracle.drop_offs(observe_days(history, as_of=20)) if row["stage"] == "visit")

    assert words([row], "visits", "moved", "dropped", "open", "lost") == [(14, 2, 10, 2, 10)]
    assert (row["share_lost"], row["undetermined"]) == (float(Fraction(5, 6)), 0.0)
    assert (row["share_low"], row["share_high"]) == pytest.approx((0.5520, 0.9530), abs=1e-4)


def test_a_share_is_read_at_the_last_day_with_ten_visits_at_risk():
    """12 visits: 3 moved on day 2 of 12 at risk; 1 open, censored on day 4; 8 dropped on day 10, of 8 at
    risk, which are too few. The tenth longest visit lasts 2 days: read there, 3/4 is undetermined, and
    nothing lost yet.
    """
    history = {f"dropped{number}": {0: "page_view"} for number in range(8)}
    history |= {f"moved{number}": {10: "page_view", 12: "account_created"} for number in range(3)}
    history |= {"open": {16: "page_view"}}

    observed = observe_days(history, as_of=20)

    row = next(row for row in oracle.drop_offs(observed) if row["stage"] == "visit")
    assert words([row], "dropped", "share_lost", "share_low", "undetermined") == [(8, 0.0, 0.0, 0.75)]
    assert row["share_high"] == pytest.approx(wilson(0, 12)[1])
    assert oracle.transitions(observed)[0]["share"] == 0.25


def test_outcomes_come_before_censoring_within_a_day():
    """10 visits: 1 moved on day 3 and 1 censored on day 3 too: it was at risk, so 1/10 and not 1/9."""
    history = {f"dropped{number}": {0: "page_view"} for number in range(8)}
    history |= {"moved": {10: "page_view", 13.9: "account_created"}, "open": {16.1: "page_view"}}

    row = oracle.transitions(observe_days(history, as_of=20))[0]

    assert (row["moves"], row["share"]) == (1, 0.1)


def test_too_few_visits_with_one_still_open_have_no_share():
    """Nine dropped and one open, all in one stage, would do; with eight and one nothing can be read."""
    nine = {f"c{number}": {0: "page_view"} for number in range(8)} | {"open": {15: "page_view"}}

    rows = oracle.drop_offs(observe_days(nine, as_of=20))

    assert words(rows, "lost", "open", "share_lost", "share_low", "share_high", "undetermined") == [
        (8, 1, None, None, None, 1.0)
    ]


def test_a_departure_may_yet_be_undone_so_it_is_censored():
    """Of two visits of lapsed one came back after four days; the other may: no share, all undetermined."""
    rows = oracle.drop_offs(case("an exit, then a re-entry").observed())

    assert words(rows, "stage", "moved", "departed", "share_lost", "undetermined") == [
        ("trial", 0, 0, 1.0, 0.0),
        ("lapsed", 1, 1, None, 1.0),
    ]


def test_drop_offs_are_the_largest_share_first_and_null_last():
    """ana: trial, paid, visit on days 0, 1, 2; ben: paid on day 1; as_of day 12, idle 10. visit: ana dropped,
    never went on to signup, and had reached the goal. trial: she moved on. paid: one moved, one achieved,
    which may yet be left: no share of two visits; nothing lies above it. Wilson for 1 of 1 is 1/(1+z^2) to 1.
    """
    rows = oracle.drop_offs(case("a goal, then a regression").observed())

    one = 1 / (1 + Z * Z)
    shares = [
        (row["share_lost"], row["share_low"], row["share_high"])
        for row in rows
        if row["share_lost"] is not None
    ]
    assert words(
        rows,
        "stage",
        "customers",
        "visits",
        "moved",
        "exited",
        "achieved",
        "departed",
        "dropped",
        "open",
        "lost",
    ) == [
        ("visit", 1, 1, 0, 0, 0, 0, 1, 0, 1),
        ("trial", 1, 1, 1, 0, 0, 0, 0, 0, 0),
        ("paid", 2, 2, 1, 0, 1, 0, 0, 0, 0),
    ]
    assert words(rows, "undetermined", "not_taken", "reached_goal", "returned_after_idle", "group") == [
        (0.0, 1, 1, 0, None),
        (0.0, 0, 1, 0, None),
        (1.0, None, 2, 0, None),
    ]
    assert shares == [pytest.approx((1.0, one, 1.0)), pytest.approx((0.0, 0.0, 1 - one))]


def test_not_taken_counts_those_who_are_done_and_never_went_straight_on():
    """From visit only signup is onward. Counted: ben (moved, but to trial), cy (dropped), gus (exited). Not:
    ana and fay (went on, fay before she dropped), dee (open), eve (back, and open), ira (wanted no more than
    visit). hal left at_risk for visit, and only trial is declared from there.
    """
    history = {
        "ana": {0: "page_view", 1: "account_created"},
        "ben": {0: "page_view", 1: "first_login"},
        "cy": {0: "page_view"},
        "dee": {15: "page_view"},
        "eve": {0: "page_view", 1: "first_login", 15: "page_view"},
        "fay": {0: "page_view", 1: "account_created", 2: "page_view"},
        "gus": {0: "page_view", 1: "cancelled"},
        "hal": {0: "complaint", 15: "page_view"},
        "ira": {0: "page_view"},
    }
    targets = [{"customer": "ira", "target_stage": "visit"}]

    rows = oracle.drop_offs(observe_days(history, as_of=20, customers=targets))

    assert {row["stage"]: row["not_taken"] for row in rows if row["stage"] in {"visit", "at_risk"}} == {
        "visit": 3,
        "at_risk": 1,
    }


def test_the_last_touchpoint_is_the_event_directly_before_the_loss():
    """Lost from visit: ana exited after an unmapped event, ben fell silent after an event without touchpoint,
    cy after a page view, dee exited after one and, back again, fell silent after another. page_view: 3 of 5;
    the customers' deviations -.6, -.6, .4 and .8 give the variance 1.52/25, and 0.24 / 0.0608 = 75/19.
    zz_unknown: 1 of 5; .8, -.2, -.2, -.4: .88/25, 0.16 / 0.0352 = 50/11; without touchpoint likewise.
    """
    history = {
        "ana": {0: "page_view", 1: "zz_unknown", 2: "cancelled"},
        "ben": {0: "page_view", 1: None},
        "cy": {0: "page_view"},
        "dee": {0: "page_view", 1: "account_created", 2: "page_view", 3: "cancelled", 4: "page_view"},
    }

    rows = oracle.last_touchpoints(observe_days(history, as_of=20))

    sizes = [(0.6, 75 / 19), (0.2, 50 / 11), (0.2, 50 / 11)]
    assert words(
        rows, "stage", "touchpoint", "declared", "dropped", "exited", "lost", "customers", "share"
    ) == [
        ("visit", "page_view", True, 2, 1, 3, 2, 0.6),
        ("visit", "zz_unknown", False, 0, 1, 1, 1, 0.2),
        ("visit", None, False, 1, 0, 1, 1, 0.2),
    ]
    assert [(row["share_low"], row["share_high"]) for row in rows] == [
        pytest.approx(wilson(share, size)) for share, size in sizes
    ]


def test_groups_come_from_the_customers_table_and_missing_is_a_group_of_its_own():
    """ana is health, with signup as her target; ben's vertical is empty and cy is in no table: one group,
    last.
    """
    rows = oracle.drop_offs(case("targets and groups of the customers").observed())

    assert words(rows, "group", "stage", "customers", "achieved", "dropped", "reached_goal") == [
        ("health", "visit", 1, 0, 0, 1),
        ("health", "signup", 1, 1, 0, 1),
        (None, "signup", 2, 0, 2, 0),
        (None, "visit", 1, 0, 0, 0),
    ]


def test_a_group_from_the_events_is_the_first_value_in_order_by_as_of():
    """ana's first value is on an unmapped event; ben's lies after as_of; cy has values but no visit: no
    group.
    """
    events = [
        event("ana", 0, "page_view", channel=""),
        event("ana", 1, "zz_unknown", channel="mail"),
        event("ana", 2, "page_view", channel="web"),
        event("ben", 0, "page_view", channel=None),
        event("ben", 9, "page_view", channel="web"),
        event("cy", 0, "zz_unknown", channel="phone"),
    ]

    observed = oracle.observe(events, trial_lifecycle(), as_of=day(5), by="channel")

    assert words(oracle.drop_offs(observed), "group", "customers") == [("mail", 1), (None, 1)]
    assert [row["group"] for row in oracle.transitions(observed)] == ["mail"] * 6 + [None] * 6


def test_a_customer_without_a_value_in_the_table_takes_one_from_the_events():
    """ana's is in the table, ben's is empty there, cy's row is missing; the events know all three."""
    events = [
        event(customer, 0, "page_view", **{"attribute:region": region})
        for customer, region in {"ana": "north", "ben": "west", "cy": "east"}.items()
    ]
    table = [{"customer": "ana", "region": "south"}, {"customer": "ben", "region": ""}]

    observed = oracle.observe(events, trial_lifecycle(), customers=table, by="region")

    assert {person.customer: person.group for person in observed.people} == {
        "ana": "south",
        "ben": "west",
        "cy": "east",
    }


def test_a_customer_called_na_is_a_customer():
    """Both "NA" and "null" are names; an empty string is none.  Their channels: "NA", and missing."""
    observed = case("a customer called NA").observed()

    assert observed.rejected == {"no_customer": 1}
    assert words(oracle.drop_offs(observed), "group", "stage", "customers") == [
        ("NA", "visit", 1),
        ("NA", "signup", 1),
        (None, "visit", 1),
    ]


def test_next_moves_join_consecutive_touchpoints_and_bridge_nothing():
    """ana: page_view, an event without touchpoint, zz_unknown, page_view, page_view of an unknown stage. ben:
    zz_unknown, page_view four days later. (2 + 4) / 2 = 3 days.
    """
    events = [
        event("ana", 0, "page_view"),
        event("ana", 1, None, stage="signup"),
        event("ana", 2, "zz_unknown"),
        event("ana", 4, "page_view"),
        event("ana", 4.5, "page_view", stage="nowhere"),
        event("ben", 0, "zz_unknown"),
        event("ben", 4, "page_view"),
    ]

    observed = oracle.observe(events, trial_lifecycle())

    assert oracle.next_moves(observed) == {
        ("?/zz_unknown", "visit/page_view"): (2, 3.0),
        ("visit/page_view", "?/page_view"): (1, 0.5),
    }
    assert oracle.touchpoint_nodes(observed) == {
        "visit/page_view": {"events": 3, "customers": 2},
        "?/zz_unknown": {"events": 2, "customers": 2},
        "?/page_view": {"events": 1, "customers": 1},
    }


def test_stage_nodes_count_every_stage_of_the_lifecycle():
    """trial: both customers exited; ana came back and dropped: 3 of 3 lost.  Nobody saw visit."""
    nodes = oracle.stage_nodes(case("an exit, then a re-entry").observed())

    assert nodes["trial"] == {"customers": 2, "visits": 3, "lost": 3, "open": 0, "share_lost": 1.0}
    assert nodes["visit"] == {"customers": 0, "visits": 0, "lost": 0, "open": 0, "share_lost": None}
    assert list(nodes) == list(trial_lifecycle().stage_ids)
