"""Groups of customers: definitions page, Groups."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from tests.logs import observe_days, picked

import journeykit as jk

QUESTIONS = (jk.transitions, jk.drop_offs, jk.last_touchpoints, jk.gaps)


def sizes(journey, by):
    """Count the customers of each group that visited something."""
    return [(row.group, row.customers) for row in jk.drop_offs(journey, by=by)]


def seen_with(**values):
    """Observe customers who were seen once, each with a value of `plan`."""
    return observe_days(
        {name: {0: {"touchpoint": "page_view", "plan": value}} for name, value in values.items()}
    )


@pytest.mark.parametrize(
    ("values", "groups"),
    [
        (("b", "a", None, ""), [("a", 1), ("b", 1), (None, 2)]),
        (("NA", "null", "None", None), [("NA", 1), ("None", 1), ("null", 1), (None, 1)]),
        ((2, 10, 2, None), [(10, 1), (2, 2), (None, 1)]),
        ((True, False, True, None), [(False, 1), (True, 2), (None, 1)]),
        ((0.5, float("nan"), 0.5, None), [(0.5, 2), (None, 2)]),
        ((Decimal("1.50"), Decimal("1.5"), None, None), [(Decimal("1.50"), 2), (None, 2)]),
        ((dt.date(2024, 2, 1), dt.date(2024, 1, 1), None, None),
         [(dt.date(2024, 1, 1), 1), (dt.date(2024, 2, 1), 1), (None, 2)]),
        ((dt.time(9, 30), dt.time(8), None, None), [(dt.time(8), 1), (dt.time(9, 30), 1), (None, 2)]),
        ((None, None, None, None), [(None, 4)]),
    ],
    ids=["text", "words for nothing", "numbers", "truths", "fractions", "decimals", "dates", "times",
         "nothing"],
)  # fmt: skip
def test_each_value_is_a_group_and_what_is_missing_is_one_of_its_own(values, groups):
    """Whoever has no value is somebody, too: the missing come last, the others by their text, with their
    type.
    """
    journey = seen_with(**dict(zip("abcd", values, strict=True)))

    assert sizes(journey, "plan") == groups


def test_the_groups_are_those_of_customers_with_a_visit():
    """A segment of which nobody was placed has no stage to report on."""
    journey = observe_days(
        {"ana": {0: {"touchpoint": "page_view", "plan": "a"}}, "ben": {0: {"touchpoint": "zz", "plan": "b"}}}
    )

    found = {question.__name__: {row.group for row in question(journey, by="plan")} for question in QUESTIONS}
    assert found == {"transitions": {"a"}, "drop_offs": {"a"}, "last_touchpoints": set(), "gaps": {"a"}}


@pytest.mark.filterwarnings("ignore:no event belongs to a stage")
def test_where_nobody_was_placed_there_is_no_group():
    """An answer without rows, not an error."""
    journey = observe_days({"ana": {0: {"touchpoint": "zz", "plan": "b"}}})

    assert [list(question(journey, by="plan")) for question in QUESTIONS] == [[], [], [], []]


def test_an_unknown_attribute_names_those_there_are_and_the_nearest():
    """Nobody remembers how the CRM spells it."""
    journey = observe_days(
        {"ana": {0: {"touchpoint": "page_view", "channel": "web", "region": "x"}}},
        customers={"ana": {"vertical": "b"}},
    )

    told = []
    for question in QUESTIONS:
        with pytest.raises(jk.UnknownNameError) as caught:
            question(journey, by="chanel")
        told.append(str(caught.value))

    assert told == [
        "no customer attribute named 'chanel'. Did you mean 'channel'? Known: vertical, channel, region."
    ] * len(QUESTIONS)


def test_a_question_may_be_asked_by_one_attribute_after_another():
    """The groups of the last question must not linger in those of the next."""
    journey = observe_days(
        {
            "ana": {0: {"touchpoint": "page_view", "plan": "a", "region": "x"}},
            "ben": {0: {"touchpoint": "page_view", "plan": "b", "region": "x"}},
        }
    )

    assert [sizes(journey, by) for by in ("plan", "region", None, "plan")] == [
        [("a", 1), ("b", 1)], [("x", 2)], [(None, 2)], [("a", 1), ("b", 1)],
    ]  # fmt: skip


def test_groups_sum_to_the_total_of_what_is_counted():
    """A report by segment and one without must tell of the same customers."""
    journey = observe_days(
        {
            "ana": {0: {"touchpoint": "page_view", "plan": "a"}, 1: "account_created", 2: "page_view"},
            "ben": {0: {"touchpoint": "page_view", "plan": "b"}, 1: "account_created"},
            "cy": {0: "page_view", 40: "page_view"},
        }
    )

    split = {}
    for row in jk.drop_offs(journey, by="plan"):
        split[row.stage] = split.get(row.stage, 0) + row.visits
    assert split == dict(picked(jk.drop_offs(journey), "stage", "visits")) == {"visit": 4, "signup": 2}
