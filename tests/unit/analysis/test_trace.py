"""One customer's journey."""

from __future__ import annotations

import gc

import pytest
from tests.logs import observe_days, picked

import journeykit as jk
from journeykit.graph.schema import validate
from journeykit.testing.cases import day

HISTORIES = {
    "ana": {
        0: "zz",
        1: "page_view",
        2: {"stage": "visit"},
        3: "account_created",
        4: "page_view",
        9: "first_login",
    },
    "ben": {0: "page_view", 1: "first_login"},
    "cy": {0: "zz"},
}


def test_a_trace_is_the_customers_events_in_order_with_their_stages_and_visits():
    """Whoever is asked "why do you count me as lost?" looks here: every event by as_of, and what became of
    it.
    """
    found = jk.trace(observe_days(HISTORIES, as_of=5), "ana")

    assert found.customer == "ana"
    assert picked(found.steps, "timestamp", "stage", "touchpoint", "visit", "begins") == [
        (day(0), None, "zz", 0, False),
        (day(1), "visit", "page_view", 1, True),
        (day(2), "visit", None, 1, False),
        (day(3), "signup", "account_created", 2, True),
        (day(4), "visit", "page_view", 3, True),
    ]


def test_a_trace_counts_one_customer_alone():
    """Later events are none of hers to tell of."""
    journey = observe_days(HISTORIES, as_of=5)

    assert [jk.trace(journey, name).journey.counts for name in ("ana", "cy")] == [
        jk.Counts(events=5, later=0, unmapped=1, customers=1, unplaced=0, visits=3),
        jk.Counts(events=1, later=0, unmapped=1, customers=1, unplaced=1, visits=0),
    ]


def test_the_graph_of_a_trace_has_only_what_that_customer_did():
    """A line through the plan, not the plan with a line in it."""
    graph = jk.trace(observe_days(HISTORIES, as_of=5), "ana").graph()

    validate(graph)
    moves = [
        (source, target, data["moves"]) for source, target, data in graph.edges(data=True) if "moves" in data
    ]
    assert (graph.graph["origin"], graph.graph["customers"], sorted(graph), sorted(moves)) == (
        "customer", 1,
        ["?/zz", "signup", "signup/account_created", "visit", "visit/page_view"],
        [
            ("?/zz", "visit/page_view", 1),
            ("signup", "visit", 1),
            ("signup/account_created", "visit/page_view", 1),
            ("visit", "signup", 1),
        ],
    )  # fmt: skip


def test_the_graph_of_a_trace_may_be_the_stages_alone():
    """The way through the stages fits on a slide."""
    graph = jk.trace(observe_days(HISTORIES), "ben").graph(touchpoints=False)

    assert (sorted(graph), sorted(graph.edges)) == (["trial", "visit"], [("visit", "trial")])


def test_a_trace_outlives_the_name_of_its_journey():
    """`jk.trace(jk.observe(...), ...)` leaves nobody but the trace to hold what was made in the engine."""
    found = jk.trace(observe_days(HISTORIES), "ben")
    gc.collect()

    assert sorted(found.graph(touchpoints=False)) == ["trial", "visit"]


@pytest.mark.parametrize("ids", [(7, 42), ("7", "42"), (7.0, 42.0)], ids=["numbers", "text", "fractions"])
def test_a_customer_is_found_by_a_number_or_its_text(ids):
    """An id typed into a form is text, whatever the log holds."""
    journey = observe_days({ids[0]: {0: "page_view"}, ids[1]: {0: "zz"}})

    assert [picked(jk.trace(journey, asked).steps, "touchpoint") for asked in (7, "7")] == [
        [("page_view",)]
    ] * 2


@pytest.mark.parametrize("ids", [(7, 42), ("7", "42")], ids=["numbers", "text"])
def test_an_unknown_customer_is_an_error_whatever_it_is(ids):
    """A customer who is not there must not look like one who did nothing."""
    journey = observe_days({name: {0: "page_view"} for name in ids})

    told = []
    for asked in ("ana", None, 1.5, [7], ""):
        with pytest.raises(jk.UnknownNameError) as caught:
            jk.trace(journey, asked)
        told.append(str(caught.value))

    assert told == [
        f"no customer named {asked} in the log by as_of."
        for asked in ("'ana'", "'None'", "'1.5'", "'[7]'", "''")
    ]


def test_a_customer_who_came_after_as_of_is_not_there_yet():
    """What is known is known as of then."""
    journey = observe_days({"ana": {0: "page_view"}, "ben": {9: "page_view"}}, as_of=3)

    with pytest.raises(jk.UnknownNameError, match="no customer named 'ben' in the log by as_of"):
        jk.trace(journey, "ben")


def test_a_customer_called_like_sql_is_looked_for_by_name():
    """Ids are data: the engine never reads them as anything else."""
    name = "'; drop table steps; --"

    assert len(jk.trace(observe_days({name: {0: "page_view"}, "ben": {0: "page_view"}}), name).steps) == 1
