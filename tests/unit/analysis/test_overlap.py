"""Who stands in which pair of stages, over time: definitions page, Overlap."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.logs import log_of, observe_days, picked

import journeykit as jk
from journeykit.testing.cases import day, trial_lifecycle

USE = jk.Lifecycle(
    "use",
    stages=["free", jk.Stage("settled", kind="goal"), jk.Stage("left", kind="exit")],
    touchpoints={"first_login": "free", "page_view": "free", "invoice_paid": "settled", "cancelled": "left"},
    idle="20 days",
)
"""The same customers with the eyes of those who serve them; the trial lifecycle's idle is 10 days."""

CELL = ("stage", "other_stage", "customers", "silent")


def both(histories, *, as_of=None, customers=None, use=USE):
    """Observe {customer: {day: what}} under the trial lifecycle and under *use*; day 0 is 1 January 2024."""
    journey = observe_days(histories, as_of=as_of, customers=customers)
    return journey, jk.observe(journey.log, use, as_of=journey.as_of)


def standing(histories, **settings):
    """Say who stands where at the last moment."""
    found = jk.overlap(*both(histories, **settings))
    return picked((row for row in found if row.at == found[-1].at), *CELL)


def test_a_worked_example():
    """A free user is a customer to those who serve them, and still choosing in their own eyes.

    ana reads in January, logs in on 10 and 15 February, is silent at its end, and pays on 5 March. ben signs
    up on 20 January, logs in on the 26th and on 25 February, and cancels on 1 March. cy reads on 25 February,
    and never tries. What dee does on 1 February neither plan knows.
    """
    found = jk.overlap(
        *both(
            {
                "ana": {25: "page_view", 40: "first_login", 45: "first_login", 64: "invoice_paid"},
                "ben": {19: "account_created", 25: "first_login", 55: "first_login", 60: "cancelled"},
                "cy": {55: "page_view"},
                "dee": {31: "zz"},
            },
            as_of=69,
        )
    )

    assert [(f"{row.at:%m-%d}", row.stage, row.other_stage, row.customers, row.silent) for row in found] == [
        ("01-31", "visit", "free", 1, 0),
        ("01-31", "trial", "free", 1, 0),
        ("02-29", "visit", "free", 1, 0),
        ("02-29", "trial", "free", 1, 1),
        ("02-29", None, None, 0, 1),
        ("03-10", "visit", "free", 0, 1),
        ("03-10", "paid", "settled", 1, 0),
        ("03-10", "lapsed", "left", 1, 0),
        ("03-10", None, None, 0, 1),
    ]


@pytest.mark.parametrize(
    ("every", "ends"),
    [
        ("day", ["02-27", "02-28", "02-29", "03-01", "03-02", "03-03", "03-04", "03-05"]),
        ("week", ["03-03", "03-05"]),
        ("month", ["02-29", "03-05"]),
        ("quarter", ["03-05"]),
        ("year", ["03-05"]),
    ],
)
def test_the_moments_are_the_ends_of_calendar_periods_and_as_of(every, ends):
    """A leap day ends February, a Sunday the week; the last period is cut off where knowledge ends."""
    found = jk.overlap(*both({"ana": {57.5: "page_view"}}, as_of=64.25), every=every)

    assert [f"{row.at:%m-%d}" for row in found] == ends
    assert found[-1].at == day(64.25)
    assert {row.at.time() for row in found[:-1]} <= {dt.time(23, 59, 59, 999999)}


@pytest.mark.parametrize(
    ("every", "ends"),
    [
        ("month", ["2023-12-31", "2024-01-31", "2024-02-01"]),
        ("quarter", ["2023-12-31", "2024-02-01"]),
        ("year", ["2023-12-31", "2024-02-01"]),
        ("week", ["2023-12-31", "2024-01-07", "2024-01-14", "2024-01-21", "2024-01-28", "2024-02-01"]),
    ],
)
def test_periods_end_where_the_calendar_says_whatever_the_first_event(every, ends):
    """Quarters begin in January, not with the log; `as_of` at midnight is a moment of the day it begins."""
    found = jk.overlap(*both({"ana": {-1: "invoice_paid"}}, as_of=31), every=every)

    assert [f"{row.at:%Y-%m-%d}" for row in found] == ends


def test_an_event_at_midnight_belongs_to_the_day_it_begins():
    """Many logs hold dates without hours: what is dated 1 February must not count in January."""
    histories = {"ana": {0: "page_view", 31: "invoice_paid"}, "ben": {31: "page_view"}}

    found = jk.overlap(*both(histories, as_of=35), every="month")

    assert picked(found, *CELL) == [
        ("visit", "free", 0, 1), ("visit", "free", 1, 0), ("paid", "settled", 1, 0),
    ]  # fmt: skip


def test_an_event_at_as_of_counts():
    """What is known is known as of then, that instant included."""
    found = jk.overlap(*both({"ana": {0: "page_view", 35: "invoice_paid"}}, as_of=35))

    assert picked(found, *CELL)[-1] == ("paid", "settled", 1, 0)


def test_the_latest_visit_begun_by_then_says_where_a_customer_stands():
    """Loops and ties: of several visits begun at one instant, the last in order.

    What belongs to no stage moves nobody, and is a sign of life.
    """
    histories = {
        "ana": {0: "page_view", 1: "first_login", 2: "page_view"},
        "ben": {0: ["page_view", "first_login", "account_created"]},
        "cy": {-9: "page_view", 0: "zz"},
    }

    assert standing(histories, as_of=5) == [("visit", "free", 2, 0), ("trial", "free", 1, 0)]


def test_the_silent_are_counted_beside_those_who_are_there():
    """Otherwise whoever ever came would stand there for good, and every line would only rise.

    Idle is 10 days in the one journey, 20 in the other; ana was silent for 10 days, ben a moment less.
    """
    histories = {"ana": {0: "page_view"}, "ben": {0.00001: "page_view"}}

    assert standing(histories, as_of=9.9) == [("visit", "free", 2, 0)]
    assert standing(histories, as_of=10) == [("visit", "free", 1, 1)]


def test_each_journey_has_its_own_patience():
    """Whoever has dropped from one of the two stands in that pair no longer.

    ana has paid, where silence says nothing; to the other plan she is a free user still, and 20 days are its
    patience. ben settled as he signed up, and 10 days are the patience of the one. No stage of the
    other holds cy, who cancelled: it is patient for 20 days with her, too.
    """
    use = jk.Lifecycle(
        "use",
        stages=["free", jk.Stage("settled", kind="goal")],
        touchpoints={"invoice_paid": "free", "account_created": "settled"},
        idle="20 days",
    )
    histories = {"ana": {0: "invoice_paid"}, "ben": {0: "account_created"}, "cy": {0: "cancelled"}}

    told = [standing(histories, as_of=when, use=use) for when in (9, 10, 19, 20)]

    there, gone = (1, 0), (0, 1)
    assert told == [
        [("signup", "settled", *ben), ("paid", "free", *ana), ("lapsed", None, *cy)]
        for ben, ana, cy in ((there,) * 3, (gone, there, there), (gone, there, there), (gone,) * 3)
    ]


def test_nobody_is_silent_in_a_goal_at_their_target_or_after_an_exit():
    """A customer who is content, or gone, need not call: where both journeys hold them, they stay.

    cy's own target is trial, in either plan; dee has none.
    """
    histories = {
        "ana": {0: "invoice_paid"},
        "ben": {0: "cancelled"},
        "cy": {0: "first_login"},
        "dee": {0: "first_login"},
    }
    customers = {"cy": {"target_stage": "trial"}}

    assert standing(histories, as_of=99, customers=customers, use=trial_lifecycle()) == [
        ("trial", "trial", 1, 1), ("paid", "paid", 1, 0), ("lapsed", "lapsed", 1, 0),
    ]  # fmt: skip


def test_whoever_comes_back_stands_there_again():
    """Silence that ended is no loss any more: the moments in between stay what they were."""
    found = jk.overlap(*both({"ana": {0: "first_login", 70: "first_login"}}, as_of=75))

    assert [(f"{row.at:%m-%d}", row.customers, row.silent) for row in found] == [
        ("01-31", 0, 1), ("02-29", 0, 1), ("03-16", 1, 0),
    ]  # fmt: skip


def test_rows_are_in_order_of_time_then_of_the_lifecycles():
    """A table that is read downwards; those in no stage come last."""
    histories = {
        "ana": {0: "zz"},
        "ben": {0: "account_created"},
        "cy": {0: "cancelled"},
        "dee": {0: "page_view"},
        "eve": {0: "invoice_paid"},
    }

    found = jk.overlap(*both(histories, as_of=40))

    pairs = [("visit", "free"), ("signup", None), ("paid", "settled"), ("lapsed", "left"), (None, None)]
    assert picked(found, "stage", "other_stage") == pairs * 2


def test_groups_are_those_of_the_customers_with_an_event():
    """Also of those whom no stage holds: a segment that nobody could place is a finding."""
    histories = {"ana": {0: "page_view"}, "ben": {0: "zz"}, "cy": {0: "page_view"}}
    customers = {"ana": {"tier": "gold"}, "ben": {"tier": "basic"}}

    found = jk.overlap(*both(histories, as_of=5, customers=customers), by="tier")

    assert picked(found, "group", *CELL) == [
        ("basic", None, None, 1, 0), ("gold", "visit", "free", 1, 0), (None, "visit", "free", 1, 0),
    ]  # fmt: skip


def test_an_unknown_attribute_is_refused_as_everywhere():
    """The same `by=` for every question."""
    with pytest.raises(jk.UnknownNameError, match="no customer attribute named 'tier'"):
        jk.overlap(*both({"ana": {0: "page_view"}}), by="tier")


def test_the_definition_names_both_lifecycles_and_the_patience_of_each():
    """Whoever counts again elsewhere needs both."""
    made = jk.overlap(*both({"ana": {0: "page_view"}}), every="week").definition

    unit = "a pair of stages at the end of a week"
    assert (made.question, made.unit, made.lifecycle) == ("overlap", unit, "trial, use")
    assert "idle (10 days in trial and 20 days in use)" in made.censoring


def test_a_lifecycle_that_fits_nobody_still_counts_everybody():
    """The other journey alone says where they stand."""
    plan = jk.Lifecycle("other", stages=["a"], touchpoints={"never": "a"}, idle="1 day")
    journey = observe_days({"ana": {0: "page_view"}}, as_of=0)
    with pytest.warns(jk.JourneykitWarning, match="no event belongs to a stage"):
        other = jk.observe(journey.log, plan, as_of=journey.as_of)

    assert picked(jk.overlap(journey, other), *CELL) == [("visit", None, 1, 0)]
    assert picked(jk.overlap(other, journey), *CELL) == [(None, "visit", 1, 0)]


def test_journeys_of_two_logs_are_refused():
    """Two exports may call two people by one name."""
    one, two = (observe_days({"ana": {0: "page_view"}}) for _ in range(2))

    with pytest.raises(jk.EventLogError) as caught:
        jk.overlap(one, two)

    assert str(caught.value) == (
        "overlap: the journeys 'trial' (of the pyarrow frame) and 'trial' (of the pyarrow frame) are not of "
        "one log: open the log once, and observe it under both lifecycles"
    )


def test_journeys_as_of_two_dates_are_refused():
    """What one knows of March, the other can't know in February."""
    log = log_of({"ana": {0: "page_view"}})
    one, two = jk.observe(log, trial_lifecycle(), as_of=day(40)), jk.observe(log, USE, as_of=day(3))

    with pytest.raises(jk.EventLogError) as caught:
        jk.overlap(one, two)

    assert str(caught.value) == (
        "overlap: the journeys are 'trial' as of 2024-02-10T00:00:00+00:00 and 'use' as of "
        "2024-01-04T00:00:00+00:00: observe both as of one date, such as as_of='2024-01-04T00:00:00+00:00'"
    )


@pytest.mark.parametrize("closed", [0, 1])
def test_a_closed_journey_is_refused_whichever_it_is(closed):
    """The engine's own complaint would name a table that nobody made."""
    pair = both({"ana": {0: "page_view"}})
    pair[closed].close()

    with pytest.raises(jk.EngineError, match="the journey is closed"):
        jk.overlap(*pair)


def test_an_unknown_period_names_those_there_are():
    """Months are the default; nobody remembers how the others are spelt."""
    with pytest.raises(jk.UnknownNameError) as caught:
        jk.overlap(*both({"ana": {0: "page_view"}}), every="quater")

    assert str(caught.value) == (
        "no period named 'quater' in every=. Did you mean 'quarter'? Known: day, week, month, quarter, year."
    )


@pytest.mark.filterwarnings("ignore:the newest event is of")
@pytest.mark.parametrize(
    ("every", "years", "way_out"),
    [("day", 3, "say every='week', "), ("month", 90, "say every='quarter', "), ("year", 1_100, "")],
)
def test_more_moments_than_anyone_reads_are_refused_with_a_way_out(every, years, way_out):
    """One event dated 1970 makes twenty thousand days; a table of these helps nobody."""
    log = log_of({"ana": {0: "page_view"}})
    as_of = f"{2024 + years}-01-01"
    pair = [jk.observe(log, plan, as_of=as_of) for plan in (trial_lifecycle(), USE)]

    with pytest.raises(jk.EventLogError) as caught:
        jk.overlap(*pair, every=every)

    assert str(caught.value) == (
        f"overlap: every={every!r} makes more than 1,000 points from 2024-01-01 to {as_of}: {way_out}look "
        "for an event dated too early, or observe as of an earlier date"
    )


def test_a_thousand_moments_are_not_too_many():
    """The limit itself is allowed."""
    pair = both({"ana": {0: "page_view"}}, as_of=999)

    assert len(jk.overlap(*pair, every="day")) == 1_000


def test_one_customer_alone_may_be_asked_about():
    """`trace` gives a journey of one; the pairs are then of that one."""
    journey, other = both({"ana": {0: "page_view"}, "ben": {0: "invoice_paid"}}, as_of=5)

    assert picked(jk.overlap(jk.trace(journey, "ben").journey, other), *CELL) == [("paid", "settled", 1, 0)]
