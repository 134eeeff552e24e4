"""The oracle's gap analysis, worked out by hand."""

from __future__ import annotations

import pytest

from journeykit.model import Activity, Lifecycle, Touchpoint
from journeykit.testing import oracle
from journeykit.testing.cases import event, trial_lifecycle


def words(rows, *fields, **where):
    """Keep some fields of the rows that have these values."""
    found = [row for row in rows if all(row[field] == value for field, value in where.items())]
    return [tuple(row[field] for field in fields) for row in found]


def activity(stage, touchpoint, effort=None, unit="hours"):
    """Make an activity."""
    return Activity(stage, touchpoint, effort=effort, unit=unit)


VISITORS = [
    *(event(f"c{number}", 0, "page_view") for number in range(4)),
    event("c0", 1, "newsletter"),
    event("c1", 1, "banner", stage="visit"),
    event("c2", 1, "banner", stage="visit"),
    event("c3", 1, None, stage="visit"),
    event("c3", 2, "mystery"),
    event("c3", 3, "mystery"),
]
"""Four visitors: page_view 4 of 4, newsletter 1, banner, which the plan does not know, 2; an unmapped name
twice.
"""

COMPANY = [
    activity("visit", "page_view", 6),
    activity("visit", "newsletter", 2),
    activity("visit", "flyer", 8),
]


def test_customers_are_held_against_the_company_in_each_stage():
    """Importance 4, 1, 2 of 7. Over the two matched units importance is 4/5 and 1/5, effort 3/4 and 1/4:
    exactly 0.05 apart, which is even. flyer costs 8 of 16 and nobody sees it; banner nobody tends.
    """
    rows = oracle.gaps(oracle.observe(VISITORS, trial_lifecycle()), COMPANY).rows

    assert words(rows, "touchpoint", "expected", "customers", "reach", "importance_share", stage="visit") == [
        ("page_view", True, 4, 1.0, 4 / 7),
        ("newsletter", True, 1, 0.25, 1 / 7),
        ("banner", False, 2, 0.5, 2 / 7),
        ("flyer", False, 0, 0.0, None),
    ]
    assert words(rows, "effort", "effort_share", "match", "investment", "action", "rank", stage="visit") == [
        (6.0, 0.75, "matched", "even", "keep", 3),
        (2.0, 0.25, "matched", "even", "keep", 4),
        (None, None, "missing", None, "start", 2),
        (8.0, None, "unmatched", None, "drop", 1),
    ]


def test_match_score_and_presence_count_units_in_each_stage_and_overall():
    """visit: 2 of 4 either side, 2 of 3 on the customers'. Overall there are 8 more: 2 of 12, 2 of 11."""
    answer = oracle.gaps(oracle.observe(VISITORS, trial_lifecycle()), COMPANY)

    assert words(answer.presence, "stage", "match_score", "presence") == [
        ("visit", 0.5, 2 / 3),
        ("signup", 0.0, 0.0),
        ("trial", 0.0, 0.0),
        ("paid", 0.0, 0.0),
        ("at_risk", 0.0, 0.0),
        ("lapsed", 0.0, 0.0),
        (None, 2 / 12, 2 / 11),
    ]
    assert answer.unmapped_touchpoints == [{"touchpoint": "mystery", "events": 2, "customers": 1}]
    assert answer.unseen_stages == ["signup", "trial", "paid", "at_risk", "lapsed"]


def test_a_stage_without_visits_has_no_reach_importance_investment_or_action():
    """Nobody got as far as signup: what customers do there isn't known, so nothing is advised."""
    company = [*COMPANY, activity("signup", "account_created", 3)]

    rows = oracle.gaps(oracle.observe(VISITORS, trial_lifecycle()), company).rows

    assert words(
        rows,
        "customers",
        "reach",
        "importance_share",
        "match",
        "effort_share",
        "investment",
        "action",
        stage="signup",
    ) == [(0, None, None, "matched", 1.0, None, None)]
    assert words(rows, "match", "action", stage="lapsed") == [("missing", None)]


def test_without_activities_only_the_customer_side_is_shown_ranked_by_importance():
    """What of the plan nobody did, what nobody planned; 0/0 is null."""
    answer = oracle.gaps(oracle.observe(VISITORS, trial_lifecycle()))

    fields = ("touchpoint", "customers", "match", "effort", "effort_share", "investment", "action", "rank")
    assert words(answer.rows, *fields, stage="visit") == [
        ("page_view", 4, None, None, None, None, None, 1),
        ("newsletter", 1, None, None, None, None, None, 3),
        ("banner", 2, None, None, None, None, None, 2),
    ]
    assert words(answer.presence, "match_score", "presence") == [(None, None)] * 7


LOGINS = [event("ana", 0, "first_login"), event("ben", 0, "first_login"), event("ben", 1, "support_call")]
"""Importance in trial: first_login 2/3, support_call 1/3."""


def test_effort_beyond_a_twentieth_of_importance_is_over_or_under_invested():
    """Effort 1/4 against 2/3, and 3/4 against 1/3: 5/12 apart each."""
    company = [activity("trial", "first_login", 1), activity("trial", "support_call", 3)]

    rows = oracle.gaps(oracle.observe(LOGINS, trial_lifecycle()), company).rows

    assert words(rows, "touchpoint", "investment", "action", "rank", stage="trial") == [
        ("first_login", "under_invested", "increase", 1),
        ("support_call", "over_invested", "decrease", 2),
    ]


@pytest.mark.parametrize(
    ("efforts", "expected"),
    [
        (
            [("first_login", 5), ("first_login", None), ("support_call", 3)],
            [(None, None, None), (3.0, 1.0, "even")],
        ),
        (
            [("first_login", 1), ("first_login", 1), ("support_call", 1)],
            [(2.0, 2 / 3, "even"), (1.0, 1 / 3, "even")],
        ),
        ([("first_login", 0), ("support_call", 0)], [(0.0, None, None), (0.0, None, None)]),
    ],
)
def test_efforts_of_a_unit_are_summed_and_unknown_or_no_effort_decides_nothing(efforts, expected):
    """One unknown part makes a unit's effort unknown, and leaves it out of both shares; a sum of 0 has no
    shares.
    """
    company = [activity("trial", touchpoint, effort) for touchpoint, effort in efforts]

    rows = oracle.gaps(oracle.observe(LOGINS, trial_lifecycle()), company).rows

    assert words(rows, "effort", "effort_share", "investment", stage="trial") == expected


def test_units_are_ranked_by_what_they_weigh():
    """In trial: flyer takes 3 of the 4 known hours, stand 1, and nobody knows of fair, which counts nothing;
    the missing logins weigh 2/3 and the calls 1/3. Nothing else was seen: 0, in order of stage and
    touchpoint.
    """
    company = [activity("trial", "flyer", 3), activity("trial", "stand", 1), activity("trial", "fair")]

    rows = oracle.gaps(oracle.observe(LOGINS, trial_lifecycle()), company).rows

    assert [name for _, name in sorted(words(rows, "rank", "touchpoint"))] == [
        "flyer",
        "first_login",
        "support_call",
        "stand",
        "page_view",
        "newsletter",
        "account_created",
        "fair",
        "invoice_paid",
        "support_call",
        "newsletter",
        "complaint",
        "cancelled",
    ]


@pytest.mark.parametrize(("customers", "match"), [(100, "matched"), (101, "unmatched")])
def test_what_fewer_than_one_in_a_hundred_do_is_not_on_the_customer_side(customers, match):
    """One of 100 is on it; one of 101 is not, but is still shown beside the activity."""
    events = [event(f"c{number}", 0, "page_view") for number in range(customers)]
    events.append(event("c0", 1, "rare", stage="visit"))
    observed = oracle.observe(events, trial_lifecycle())

    rows = oracle.gaps(observed, [activity("visit", "rare")]).rows

    assert words(rows, "customers", "reach", "match", touchpoint="rare") == [(1, 1 / customers, match)]
    shown = words(oracle.gaps(observed).rows, "customers", touchpoint="rare")
    assert shown == ([(1,)] if match == "matched" else [])


def test_groups_have_their_own_customers_and_the_same_company():
    """Two logins in the north, one with a call in the south."""
    regions = {"ana": "north", "ben": "south"}
    events = [{**row, "attribute:region": regions[row["customer"]]} for row in LOGINS]
    company = [activity("trial", "support_call", 1)]

    rows = oracle.gaps(oracle.observe(events, trial_lifecycle(), by="region"), company).rows

    assert words(rows, "group", "touchpoint", "customers", "match", "importance_share", stage="trial") == [
        ("north", "first_login", 1, "missing", 1.0),
        ("north", "support_call", 0, "matched", 0.0),
        ("south", "first_login", 1, "missing", 0.5),
        ("south", "support_call", 1, "matched", 0.5),
    ]


def test_on_paper_the_plan_is_the_customer_side():
    """Weights 3 and, unsaid, 1: importance 3/4 and 1/4; not_planned is not expected, and takes half the
    effort.
    """
    lifecycle = Lifecycle(
        "paper",
        stages=["only", "empty"],
        touchpoints=[
            Touchpoint("main", stages=("only",), weight=3),
            Touchpoint("side", stages=("only",)),
            Touchpoint("not_planned", stages=("only",), expected=False),
        ],
    )

    answer = oracle.plan_gaps(lifecycle, [activity("only", "main", 1), activity("only", "not_planned", 1)])

    fields = ("touchpoint", "customers", "reach", "importance_share", "match", "investment", "action", "rank")
    assert words(answer.rows, *fields) == [
        ("main", None, None, 0.75, "matched", "even", "keep", 3),
        ("side", None, None, 0.25, "missing", None, "start", 2),
        ("not_planned", None, None, None, "unmatched", None, "drop", 1),
    ]
    assert words(answer.presence, "stage", "match_score", "presence") == [
        ("only", 1 / 3, 0.5),
        ("empty", None, None),
        (None, 1 / 3, 0.5),
    ]


def test_activities_are_read_under_a_crms_own_names():
    """A CRM's name of a touchpoint or a stage meets the plan's."""
    ours = trial_lifecycle().map(touchpoints={"Site": "page_view"}, stages={"Visiting": "visit"})

    rows = oracle.gaps(oracle.observe(VISITORS, ours), [activity("Visiting", "Site", 1)]).rows

    assert words(rows, "touchpoint", "match", effort=1.0) == [("page_view", "matched")]


def test_an_unknown_stage_and_mixed_units_are_errors():
    """Hours and euros can't be summed."""
    with pytest.raises(LookupError, match=r"no stage named 'vist' in activities\. Did you mean 'visit'"):
        oracle.plan_gaps(trial_lifecycle(), [activity("vist", "page_view")])
    mixed = [activity("visit", "page_view", 1, "hours"), activity("visit", "newsletter", 1, "euro")]
    with pytest.raises(ValueError, match=r"stage 'visit': efforts in several units, \['euro', 'hours'\]"):
        oracle.plan_gaps(trial_lifecycle(), mixed)
