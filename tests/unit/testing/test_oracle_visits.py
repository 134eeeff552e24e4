"""The oracle orders, places and cuts events as the definitions say; expected values are counted by hand."""

from __future__ import annotations

from journeykit.model import Lifecycle, Stage
from journeykit.testing import oracle
from journeykit.testing.cases import day, event, fixed_cases, trial_lifecycle


def case(name):
    """Find a fixed case by its name."""
    return next(case for case in fixed_cases() if case.name == name)


def stays(observed):
    """Write each customer's visits as `stage:outcome` words."""
    return {
        person.customer: " ".join(f"{visit.stage}:{visit.outcome}" for visit in person.visits)
        for person in observed.people
    }


def placed(observed):
    """Write each customer's events as the graph's nodes."""
    return {
        person.customer: " ".join(f"{step.stage or '?'}/{step.touchpoint}" for step in person.steps)
        for person in observed.people
    }


def test_a_tie_is_broken_by_the_stage_and_not_by_the_rows_or_the_alphabet():
    """Of two events at one instant the lower stage comes first: visit, then signup, though it is written
    later.
    """
    assert stays(case("a tie of two stages").observed()) == {"ana": "visit:moved signup:open"}


def test_a_sequence_comes_before_the_stage_and_null_sequences_last():
    """The sequence says signup (1), visit (2); the row without one comes after both."""
    observed = case("a tie that the sequence settles").observed()

    assert stays(observed) == {"ana": "signup:moved visit:moved trial:open"}


def test_at_one_instant_certain_stages_come_first_then_shared_and_unknown_touchpoints():
    """Stage codes visit, paid, lapsed; then the nulls: support_call by its code, zz_unknown after all known
    names.

    support_call is shared by trial and paid: paid was the latest earlier certain one of them.
    """
    observed = case("all events at one instant").observed()

    expected = "visit/page_view paid/invoice_paid lapsed/cancelled paid/support_call ?/zz_unknown"
    assert placed(observed) == {"ben": expected, "ana": expected}


def test_ties_that_stage_and_touchpoint_leave_are_broken_by_the_columns_in_order_of_the_parameters():
    """Channel comes before agent, attributes come last, by name; nulls last, text by code point ("Z" before
    "a").
    """
    rows = [
        event("ana", 0, "page_view", channel=None, agent="x", **{"attribute:b": "1"}),
        event("ana", 0, "page_view", channel="a", agent="y", **{"attribute:b": "2"}),
        event("ana", 0, "page_view", channel="Z", agent="z", **{"attribute:b": "3"}),
        event("ana", 0, "page_view", channel="Z", agent="y", **{"attribute:b": "5", "attribute:a": None}),
        event("ana", 0, "page_view", channel="Z", agent="y", **{"attribute:b": "9", "attribute:a": "0"}),
    ]

    groups = [oracle.observe(rows[:some], trial_lifecycle(), by="b").groups() for some in range(1, 6)]

    assert groups == [["1"], ["2"], ["3"], ["5"], ["9"]]


def test_the_stage_column_as_it_is_written_breaks_the_last_tie():
    """Neither event has a stage code and their touchpoint is the same: "nowhere" comes before null."""
    observed = case("a tie that only the stage column breaks").observed()

    assert placed(observed) == {"ana": "?/support_call trial/support_call visit/page_view"}


def test_equal_rows_are_all_kept():
    """Four rows, two and two alike, are four events of one visit."""
    observed = case("equal rows").observed()

    assert oracle.counts(observed)["events"] == 4
    assert stays(observed) == {"ana": "visit:open"}


def test_a_shared_touchpoint_takes_the_latest_certain_stage_among_its_own_else_the_lowest():
    """ana: page_view does not speak for support_call (trial, paid): paid, three events back, does; newsletter
    (visit, paid) takes visit, the latest certain one, not the paid that support_call was only assigned. ben:
    nothing certain came before: trial, the lower; visit, the lower.
    """
    observed = case("a shared touchpoint resolved by an earlier event, and by nothing").observed()

    assert placed(observed) == {
        "ana": "paid/invoice_paid visit/page_view paid/support_call visit/newsletter",
        "ben": "trial/support_call visit/newsletter",
    }


def test_a_stage_without_rank_is_the_last_that_a_shared_touchpoint_takes():
    """low has rank 2, risk, listed first, has none: low. Two without rank: the one listed first."""
    lifecycle = Lifecycle(
        "ranks",
        stages=[
            Stage("risk", kind="risk"),
            Stage("gone", kind="exit"),
            Stage("high", rank=3),
            Stage("low", rank=2),
        ],
        touchpoints={"any": ["risk", "high", "low"], "none": ["risk", "gone"]},
    )
    events = [event("ana", 0, "any"), event("ben", 0, "none")]

    assert placed(oracle.observe(events, lifecycle)) == {"ana": "low/any", "ben": "risk/none"}


def test_the_stage_column_rules_and_an_unknown_stage_is_unmapped():
    """An unknown value does not fall back to the touchpoint; an empty one does. support_call then takes paid,
    the latest certain stage, which an event without touchpoint has by the column alone.
    """
    observed = case("the stage column rules over the touchpoint").observed()

    assert placed(observed) == {
        "ana": "trial/page_view ?/page_view paid/None paid/support_call paid/zz_unknown",
    }
    assert oracle.counts(observed)["unmapped"] == 1


def test_a_crms_own_names_are_read_and_answered_with_the_lifecycles_ids():
    """'Call (won)' is support_call in paid alone, so it also resolves the next call; 'Trialling' is trial."""
    ours = trial_lifecycle().map(
        touchpoints={"Call (won)": "paid/support_call"}, stages={"Trialling": "trial"}
    )
    events = [
        event("ana", 0, "Call (won)"),
        event("ana", 1, "support_call"),
        event("ana", 2, "page_view", stage="Trialling"),
    ]

    assert placed(oracle.observe(events, ours)) == {
        "ana": "paid/support_call paid/support_call trial/page_view"
    }


def test_neither_an_unmapped_event_nor_a_silence_splits_a_visit():
    """One visit each; ben's only event is unmapped, so he is unplaced."""
    observed = case("an unmapped event between two of one stage").observed()

    assert stays(observed) == {"ana": "visit:open", "ben": ""}
    assert oracle.counts(observed)["unplaced"] == 1
    assert stays(case("a silence that ended").observed())["ana"] == "visit:open"


def test_a_loop_is_four_visits():
    """a-b-a-b is not two stages: it is four visits, three moves."""
    assert stays(case("a loop a-b-a-b").observed()) == {
        "ana": "visit:moved signup:moved visit:moved signup:open",
        "ben": "visit:open",
    }


def test_entry_events_begin_visits_in_a_stage_that_repeats():
    """paid repeats at invoice_paid. ana: two at one instant begin one visit, the third a second. ben: the run
    began with an event that is no entry, so the first invoice continues it; support_call is no entry; the
    second invoice begins another.
    """
    assert stays(case("entry events at one instant").observed()) == {
        "ana": "paid:moved paid:achieved",
        "ben": "trial:moved paid:moved paid:achieved",
    }


def test_where_no_entry_is_named_any_event_of_the_stage_begins_a_visit():
    """Three purchases on two days are two visits: those at one instant are one."""
    lifecycle = Lifecycle("shop", stages=["buy"], transitions=[("buy", "buy")], touchpoints={"order": "buy"})
    events = [event("ana", 0, "order"), event("ana", 0, "order"), event("ana", 1, None, stage="buy")]

    assert stays(oracle.observe(events, lifecycle)) == {"ana": "buy:moved buy:open"}


def test_an_exit_is_a_loss_that_may_be_undone_and_a_stay_in_it_is_a_departure():
    """ana came back, and fell silent again on day 15; ben is still away."""
    assert stays(case("an exit, then a re-entry").observed()) == {
        "ana": "trial:exited lapsed:moved trial:dropped",
        "ben": "trial:exited lapsed:departed",
    }


def test_between_two_exit_stages_a_customer_moves():
    """Nobody is lost twice: exited means from a stage that is no exit."""
    stages = ["in", Stage("paused", kind="exit"), Stage("gone", kind="exit")]
    events = [event("ana", when, None, stage=stage) for when, stage in enumerate(("in", "paused", "gone"))]

    assert stays(oracle.observe(events, Lifecycle("exits", stages=stages))) == {
        "ana": "in:exited paused:moved gone:departed"
    }


def test_a_goal_is_achieved_only_while_it_lasts_and_silence_does_not_undo_it():
    """ben, in the goal and silent for 11 days of idle 10, has achieved; ana regressed from it and is silent
    10 days.
    """
    assert stays(case("a goal, then a regression").observed()) == {
        "ana": "trial:moved paid:moved visit:dropped",
        "ben": "paid:achieved",
    }


def test_a_customers_own_target_is_success_at_and_above_it():
    """ana's target is signup; ben has none; cy is in no table; dee is in no log.  as_of is 39 days after."""
    observed = case("targets and groups of the customers").observed()

    assert stays(observed) == {
        "ana": "visit:moved signup:achieved",
        "ben": "visit:moved signup:dropped",
        "cy": "signup:dropped",
    }


def test_silence_of_exactly_idle_is_a_drop_off_and_less_is_not():
    """At day 11 with idle 10: heard on day 1 is dropped, a moment later is open; an unmapped event is a sign
    of life.
    """
    events = [
        event("ana", 1, "page_view"),
        event("ben", 1.001, "page_view"),
        event("cy", 0, "page_view"),
        event("cy", 2, "zz_unknown"),
    ]

    observed = oracle.observe(events, trial_lifecycle(), as_of=day(11))

    assert stays(observed) == {"ana": "visit:dropped", "ben": "visit:open", "cy": "visit:open"}


def test_a_silence_that_ended_is_counted_on_the_visit_it_began_in():
    """idle is 10. ana: days 0 to 10, within her one visit. ben: from the unmapped event of day 1 to day 11,
    which begins signup: the silence began in visit. cy: silent before her first visit, which is no visit's
    silence.
    """
    events = [
        *case("a silence that ended").events,
        event("cy", 0, "zz_unknown"),
        event("cy", 15, "page_view"),
    ]

    rows = oracle.drop_offs(oracle.observe(events, trial_lifecycle(), as_of=day(19)))

    assert {row["stage"]: (row["visits"], row["returned_after_idle"]) for row in rows} == {
        "visit": (3, 2),
        "signup": (1, 0),
    }
