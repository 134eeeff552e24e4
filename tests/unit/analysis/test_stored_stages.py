"""The stage that follows from the events beside the one the CRM stores: definitions page, Stored stage."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.logs import observe_days, picked
from tests.property.engine import observed
from tests.property.test_oracle import check_same, rows

import journeykit as jk
from journeykit.testing import oracle
from journeykit.testing import strategies as jst
from journeykit.testing.cases import trial_lifecycle
from journeykit.testing.oracle.stored import stored_stages as brute_force

if TYPE_CHECKING:
    from journeykit.testing.cases import JourneyInput

some = settings(max_examples=max(2, settings.default.max_examples // 6))


def told(**stored):
    """Say what the CRM stores for each customer."""
    return {customer: {"stored_stage": stage} for customer, stage in stored.items()}


def counted(journey, by=None):
    """Give what is counted of each pair."""
    return picked(jk.stored_stages(journey, by=by), "stage", "stored", "customers", "agrees")


def test_the_stage_by_the_events_stands_beside_the_stored_one():
    """Whoever sells by the CRM's stage should know for how many customers it is not what they did.

    ana and ben are where the CRM says; cy has come back to the page, and the CRM knows only that cy once
    signed up; for dee it says what no lifecycle knows; for eve nothing; fay did what belongs to no stage.
    """
    journey = observe_days(
        {
            "ana": {0: "page_view"},
            "ben": {0: "account_created", 1: "page_view"},
            "cy": {0: "account_created", 1: "page_view"},
            "dee": {0: "account_created"},
            "eve": {0: "account_created"},
            "fay": {0: "zz"},
        },
        customers=told(ana="visit", ben="visit", cy="signup", dee="Qualified", eve=None, fay="paid"),
    )

    assert counted(journey) == [
        ("visit", "visit", 2, True),
        ("visit", "signup", 1, False),
        ("signup", "Qualified", 1, False),
        ("signup", None, 1, None),
        (None, "paid", 1, None),
    ]


def test_the_disagreement_is_the_sum_of_what_does_not_agree():
    """One number for the board: neither what is unknown to us nor what the CRM leaves out counts in it."""
    journey = observe_days(
        {name: {0: "page_view"} for name in "abcd"},
        customers=told(a="visit", b="trial", c="elsewhere", d=""),
    )

    answer = jk.stored_stages(journey)

    assert sum(row.customers for row in answer if row.agrees is False) == 2


def test_the_crms_own_names_are_read_as_those_of_a_stage_column():
    """A CRM says "Closed Won"; both spellings are one stage, and one row."""
    lifecycle = trial_lifecycle().map(stages={"Closed Won": "paid"})
    journey = observe_days(
        {"ana": {0: "invoice_paid"}, "ben": {0: "invoice_paid"}},
        lifecycle=lifecycle,
        customers=told(ana="Closed Won", ben="paid"),
    )

    assert counted(journey) == [("paid", "paid", 2, True)]


def test_what_happened_after_as_of_has_not_happened():
    """The stage is that of the last visit begun by then; whoever came later is not there yet."""
    journey = observe_days(
        {"ana": {0: "page_view", 9: "account_created"}, "ben": {9: "page_view"}},
        as_of=5,
        customers=told(ana="signup", ben="visit"),
    )

    assert counted(journey) == [("visit", "signup", 1, False)]


def test_nobody_whom_the_events_do_not_name_is_counted():
    """The CRM's records without any event are `log.check()`'s to tell."""
    journey = observe_days({"ana": {0: "page_view"}}, customers=told(ana="visit", zoe="paid"))

    assert counted(journey) == [("visit", "visit", 1, True)]


def test_customers_without_a_visit_have_their_group():
    """Other questions leave them out, since they have no stage; here that is the finding."""
    journey = observe_days(
        {
            "ana": {0: {"touchpoint": "page_view", "plan": "a"}},
            "ben": {0: {"touchpoint": "zz", "plan": "b"}},
        },
        customers=told(ana="trial", ben="visit"),
    )

    answer = jk.stored_stages(journey, by="plan")

    assert picked(answer, "group", "stage", "stored", "customers", "agrees") == [
        ("a", "visit", "trial", 1, False),
        ("b", None, "visit", 1, None),
    ]


def test_a_stored_stage_may_be_a_column_of_the_events():
    """Some exports repeat the record's current stage on every row."""
    journey = observe_days({"ana": {0: {"touchpoint": "page_view", "stored_stage": "visit"}}})

    assert counted(journey) == [("visit", "visit", 1, True)]


def test_stages_stored_as_numbers_are_read_by_their_digits():
    """Pipelines often have numbers for stages."""
    journey = observe_days(
        {"ana": {0: "page_view"}},
        lifecycle=trial_lifecycle().map(stages={"7": "visit"}),
        customers=told(ana=7),
    )

    assert counted(journey) == [("visit", "visit", 1, True)]


def test_without_a_stored_stage_the_way_out_is_named():
    """An attribute error would leave people looking for a setting."""
    journey = observe_days({"ana": {0: "page_view"}}, customers={"ana": {"stage": "visit"}})

    with pytest.raises(jk.EventLogError) as caught:
        jk.stored_stages(journey)
    assert str(caught.value) == (
        "the pyarrow frame: no customer attribute 'stored_stage' says which stage the CRM stores. Read "
        "the CRM's files with format=, those of the records among them, or give customers= a column "
        "'stored_stage'"
    )


def test_an_attribute_of_too_many_values_is_no_stage():
    """A mistaken column of ids would make an answer as long as the list of customers."""
    names = [f"c{number}" for number in range(201)]
    journey = observe_days(
        {name: {0: "page_view"} for name in names}, customers={name: {"stored_stage": name} for name in names}
    )

    with pytest.raises(jk.EventLogError) as caught:
        jk.stored_stages(journey)
    assert str(caught.value) == (
        "the pyarrow frame: the customer attribute 'stored_stage' has 201 different values: is it a stage? "
        "A CRM has at most 200 of them"
    )


def test_the_definition_says_what_was_counted():
    """The two stages are of two dates, unless somebody takes care."""
    journey = observe_days({"ana": {0: "page_view"}}, customers=told(ana="visit"))

    told_so = jk.stored_stages(journey).definition

    assert (told_so.question, told_so.unit, told_so.censoring) == (
        "stored_stages",
        "a stage by the events, and the stage stored for the customers in it",
        "the stage is that of the last visit begun by as_of; the stored one is as of the export",
    )


@st.composite
def stored_inputs(draw: st.DrawFn) -> JourneyInput:
    """Draw a journey whose customers have stored stages: ids, a CRM's names, unknown ones and none."""
    drawn = draw(jst.journeys_input(most=40))
    assume(oracle.counts(drawn.observed())["events"])
    names = (None, "", "elsewhere", "Aa", *drawn.lifecycle.stage_names)
    listed = {row["customer"]: row for row in drawn.customers or ()}
    everyone = dict.fromkeys([*listed, *(row["customer"] for row in drawn.events if row["customer"])])
    some_of = [one for one in everyone if one in listed or draw(st.booleans())] or [next(iter(everyone))]
    customers = tuple(
        {**listed.get(one, {"customer": one}), "stored_stage": draw(st.sampled_from(names))}
        for one in some_of
    )
    return replace(drawn, customers=customers)


def compare(given: JourneyInput) -> list[dict[str, Any]]:
    """Ask the engine and the oracle; they must agree."""
    brute = given.observed()
    with warnings.catch_warnings(action="ignore"), observed(given) as journey:
        ours = rows(jk.stored_stages(journey, by=given.by))
    check_same(ours, brute_force(brute, given.customers or ()))
    return ours


@settings(max_examples=max(2, settings.default.max_examples // 2))
@given(stored_inputs())
def test_drawn_journeys_equal_the_oracle(drawn):
    """On logs with ties, loops, unmapped names, later events and customers nobody placed."""
    compare(drawn)


@pytest.mark.parametrize("case", jst.fixed_cases(), ids=lambda case: case.name)
def test_fixed_hard_cases_equal_the_oracle(case):
    """Each case once broke an implementation, or would break a careless one."""
    everyone = list(dict.fromkeys(row["customer"] for row in case.events if row["customer"]))
    listed = {row["customer"]: row for row in case.customers or ()}
    names = ("visit", "elsewhere", None, "lapsed")
    stored = {one: names[place % len(names)] for place, one in enumerate(everyone)}
    given = tuple(
        {**listed.get(one, {"customer": one}), "stored_stage": stage} for one, stage in stored.items()
    )

    compare(replace(case, customers=given))


@some
@given(stored_inputs())
def test_the_customers_sum_to_all_customers(drawn):
    """Each is in exactly one pair, in whatever groups."""
    everyone = oracle.counts(drawn.observed())["customers"]

    assert sum(row["customers"] for row in compare(drawn)) == everyone
    assert sum(row["customers"] for row in compare(replace(drawn, by=None))) == everyone
