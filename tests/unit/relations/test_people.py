"""What is known of each customer: definitions page, Groups; Outcome of a visit, for target stages."""

from __future__ import annotations

import pytest
from tests.logs import frame, log_of, observe_days

import journeykit as jk


def attribute(journey, name):
    """Give the value of an attribute for each customer."""
    rows = journey.scratch.rows_of(journey.customers)
    return {row["id"]: row[journey.attribute(name)] for row in rows}


def test_an_attribute_is_that_of_the_first_event_that_has_one():
    """Customers begin on one device and change later: the first that is known is theirs, an empty text is
    none.

    That of an unmapped event counts, as ben's; cy's comes after as_of.
    """
    journey = observe_days(
        {
            "ana": {
                0: {"touchpoint": "page_view", "channel": ""},
                1: {"touchpoint": "page_view", "channel": "web"},
                2: {"touchpoint": "page_view", "channel": "app"},
            },
            "ben": {
                0: {"touchpoint": "zz", "channel": "app"},
                1: {"touchpoint": "page_view", "channel": "web"},
            },
            "cy": {
                0: {"touchpoint": "page_view", "channel": None},
                9: {"touchpoint": "page_view", "channel": "web"},
            },
        },
        as_of=5,
    )

    assert attribute(journey, "channel") == {"ana": "web", "ben": "app", "cy": None}


def test_the_first_of_events_that_are_equal_so_far_is_told_by_the_other_columns_in_order():
    """Two rows of one instant and touchpoint: their own columns break the tie, so that the rows' order can't.

    ana's contact comes before her channel; ben's missing contact comes last; cy's value is a number, 9 before
    10; dee's attributes come by name, age before plan, and after every parameter.
    """
    row = {"touchpoint": "page_view"}
    journey = observe_days(
        {
            "ana": {0: [row | {"contact": "b", "channel": "app"}, row | {"contact": "a", "channel": "web"}]},
            "ben": {0: [row | {"contact": None, "channel": "app"}, row | {"contact": "z", "channel": "web"}]},
            "cy": {0: [row | {"value": 10.0, "plan": "x"}, row | {"value": 9.0, "plan": "y"}]},
            "dee": {0: [row | {"plan": "p", "age": 2}, row | {"plan": "q", "age": 1}]},
        }
    )

    assert (attribute(journey, "channel"), attribute(journey, "plan")) == (
        {"ana": "web", "ben": "web", "cy": None, "dee": None},
        {"ana": None, "ben": None, "cy": "y", "dee": "q"},
    )


def test_what_the_customers_table_says_comes_first():
    """A CRM's master data is looked after; an event's cell is what somebody typed. Where it says nothing,
    events do.
    """
    histories = {
        customer: {0: {"touchpoint": "page_view", "region": "north"}}
        for customer in ("ana", "ben", "cy", "dee")
    }
    customers = {
        "ana": {"region": "south"},
        "ben": {"region": None},
        "cy": {"region": ""},
        "eve": {"region": "west"},
    }

    journey = observe_days(histories, customers=customers)

    assert attribute(journey, "region") == {"ana": "south", "ben": "north", "cy": "north", "dee": "north"}


def test_values_of_two_types_become_text():
    """The CRM counts plans by number, the tracker by name; neither may be lost for the other."""
    histories = {customer: {0: {"touchpoint": "page_view", "plan": "gold"}} for customer in ("ana", "ben")}

    journey = observe_days(histories, customers={"ana": {"plan": 7}, "ben": {"plan": None}})

    assert attribute(journey, "plan") == {"ana": "7", "ben": "gold"}


def test_a_column_answers_to_its_parameter_and_to_its_own_name():
    """Whoever wrote channel="medium" may ask for either."""
    rows = log_of({"ana": {0: {"touchpoint": "page_view", "medium": "web"}}}).source.to_pyarrow()
    log = jk.events(
        rows, customer="customer", timestamp="timestamp", touchpoint="touchpoint", channel="medium"
    )

    journey = jk.observe(log, jk.Lifecycle("one", stages=["visit"], touchpoints={"page_view": "visit"}))

    assert (attribute(journey, "channel"), attribute(journey, "medium")) == ({"ana": "web"}, {"ana": "web"})


def test_an_attribute_named_like_a_parameter_does_not_hide_that_column():
    """A source may have a column "channel" and mean "medium" by the channel: no answer may mix the two."""
    rows = log_of(
        {"ana": {0: {"touchpoint": "page_view", "medium": "web", "channel": "7"}}}
    ).source.to_pyarrow()
    log = jk.events(
        rows, customer="customer", timestamp="timestamp", touchpoint="touchpoint", channel="medium",
        attributes=["channel"],
    )  # fmt: skip

    journey = jk.observe(log, jk.Lifecycle("one", stages=["visit"], touchpoints={"page_view": "visit"}))

    assert attribute(journey, "medium") == {"ana": "web"}


def test_what_the_customers_table_says_of_a_column_of_the_source_is_completed_from_it():
    """The one source calls it medium, and so does the other: where the table says nothing, the events do."""
    rows = log_of(
        {name: {0: {"touchpoint": "page_view", "medium": "web"}} for name in ("ana", "ben")}
    ).source.to_pyarrow()
    told = frame([{"customer": "ana", "medium": "shop"}, {"customer": "ben", "medium": None}])
    log = jk.events(
        rows,
        customer="customer",
        timestamp="timestamp",
        touchpoint="touchpoint",
        channel="medium",
        customers=told,
    )

    journey = jk.observe(log, jk.Lifecycle("one", stages=["visit"], touchpoints={"page_view": "visit"}))

    assert attribute(journey, "medium") == {"ana": "shop", "ben": "web"}


def test_names_that_differ_in_their_case_are_two_attributes():
    """The one source says Region, the other region: an engine that can't tell them apart must not stop
    anyone.
    """
    histories = {"ana": {0: {"touchpoint": "page_view", "region": "north"}}}

    journey = observe_days(histories, customers={"ana": {"Region": "South"}})

    assert (attribute(journey, "Region"), attribute(journey, "region")) == (
        {"ana": "South"},
        {"ana": "north"},
    )


def test_a_column_is_found_under_its_own_case():
    """Exports like capital letters: channel="Channel" answers to either."""
    rows = log_of({"ana": {0: {"touchpoint": "page_view", "Channel": "web"}}}).source.to_pyarrow()
    log = jk.events(
        rows, customer="customer", timestamp="timestamp", touchpoint="touchpoint", channel="Channel"
    )

    journey = jk.observe(log, jk.Lifecycle("one", stages=["visit"], touchpoints={"page_view": "visit"}))

    assert (attribute(journey, "channel"), attribute(journey, "Channel")) == ({"ana": "web"}, {"ana": "web"})


def test_a_target_stage_may_have_a_crms_name_and_an_unknown_one_is_an_error():
    """A target that nobody can reach would turn every success into a loss without a word."""
    customers = {"ana": {"target_stage": "Onboarding"}, "ben": {"target_stage": "Onbording"}}
    lifecycle = jk.Lifecycle("two", stages=["use", "leave"], touchpoints={"log_in": "use"})

    with pytest.raises(jk.UnknownNameError) as caught:
        observe_days(
            {"ana": {0: "log_in"}}, lifecycle=lifecycle.map(stages={"Onboarding": "use"}), customers=customers
        )

    assert str(caught.value) == (
        "no stage named 'Onbording' in column 'target_stage' of customers. Did you mean 'Onboarding'? "
        "Known: use, leave, Onboarding."
    )


@pytest.mark.parametrize(("stage", "kind"), [("at_risk", "risk"), ("lapsed", "exit")])
def test_nobody_can_aim_at_a_stage_without_a_rank(stage, kind):
    """At or above compares ranks: a target without one could never be reached, nor missed."""
    with pytest.raises(jk.EventLogError) as caught:
        observe_days({"ana": {0: "page_view"}}, customers={"ana": {"target_stage": stage}})

    assert str(caught.value) == (
        f"column 'target_stage' of customers: '{stage}' is a {kind} stage, which has no rank to aim at"
    )


def test_a_customer_that_is_called_like_nothing_is_a_customer():
    """pandas reads a customer called NA as missing; the engine must not, nor lose whom no table tells of."""
    histories = {name: {0: "page_view"} for name in ("NA", "null", "0", "nan", "Øst")}

    journey = observe_days(histories, customers={"NA": {"tier": "gold"}, "0": {"tier": "NA"}})

    assert attribute(journey, "tier") == {"NA": "gold", "null": None, "0": "NA", "nan": None, "Øst": None}
