"""How the path before a bridge goes with what comes after it: definitions page, Carry-over."""

from __future__ import annotations

import pytest
from tests.logs import log_of, observe_days, picked, rounded

import journeykit as jk
from journeykit.testing.cases import day

BUY = jk.Lifecycle(
    "buy",
    stages=["hear", "weigh", "bought", jk.Stage("doubt", kind="risk")],
    transitions=[("hear", "weigh"), ("weigh", "bought")],
    touchpoints={
        "ad": "hear",
        "tip": "hear",
        "demo": "weigh",
        "call": ["hear", "weigh"],
        "order": "bought",
        "complaint": "doubt",
    },
    bridges=[jk.Bridge("use", stage="bought", target="new")],
    idle="20 days",
)
USE = jk.Lifecycle(
    "use",
    stages=["new", "busy", jk.Stage("settled", kind="goal"), jk.Stage("left", kind="exit")],
    touchpoints={"order": "new", "login": "busy", "renewal": "settled", "cancel": "left"},
    idle="30 days",
)
FACTOR = ("factor", "name", "outcome")
ARMS = ("with_customers", "with_ended", "with_open", "without_customers", "without_ended", "without_open")


def both(histories, *, as_of=None, customers=None, buy=BUY, use=USE):
    """Observe {customer: {day: what}} as a buyer's and as a user's journey."""
    journey = observe_days(histories, lifecycle=buy, as_of=as_of, customers=customers)
    return journey, jk.observe(journey.log, use, as_of=journey.as_of)


def asked(histories, **settings):
    """Ask with the bridge that the plan declares."""
    return jk.carry_over(*both(histories, **settings))


def row(result, factor, name, outcome):
    """Find one row."""
    return next(one for one in result if (one.factor, one.name, one.outcome) == (factor, name, outcome))


def crossing(histories, *names, **settings):
    """Give some counts of who crossed."""
    (told,) = asked(histories, **settings).crossings
    return tuple(getattr(told, name) for name in names)


def having(histories, factor, name=None):
    """Count those who have a factor, of those who are followed."""
    return row(asked(histories, as_of=99), factor, name, "reached").with_customers


# --- one example, by hand

EIGHT = {
    "ana": {0: "tip", 5: "demo", 10: "order", 20: "renewal"},
    "ben": {0: "tip", 6: "demo", 10: "order", 30: "renewal"},
    "cy": {0: "tip", 7: "order", 17: "renewal"},
    "dee": {0: "tip", 4: "demo", 8: "order", 18: "cancel"},
    "eve": {0: "ad", 20: "order", 30: "renewal"},
    "fay": {0: "ad", 9: "order", 12: "login"},
    "gus": {0: "ad", 12: "order", 13: "cancel", 14: "renewal"},
    "hal": {0: "ad", 15: "order"},
}
"""Of four who came by a tip three settle; of four who came by an ad one does. The rest leave or go silent."""


def test_a_worked_example():
    """Of eight customers, counted on paper: 3 of 4 against 1 of 4.

    By as_of nobody is open, so that a share is a count over a count; Wilson's interval of 3 of 4 is 0.3006 to
    0.9544, that of 1 of 4 is 0.0456 to 0.6994. The difference is 1/2, from there sqrt(0.4494**2 + 0.4494**2)
    down and sqrt(0.2044**2 + 0.2044**2) up.
    """
    found = asked(EIGHT, as_of=99)

    names = ("day", *ARMS, "with_share", "without_share", "difference", "difference_low", "difference_high")
    tips = [row(found, "touchpoint", "tip", outcome) for outcome in ("reached", "lost")]
    assert rounded(picked(tips, *names)) == [
        (33, 4, 3, 0, 4, 1, 0, 0.75, 0.25, 0.5, -0.1355, 0.7891),
        (33, 4, 1, 0, 4, 3, 0, 0.25, 0.75, -0.5, -0.7891, 0.1355),
    ]  # fmt: skip
    assert found.bridge == "bought"
    names = ("never_crossed", "crossed", "followed", "reached", "lost", "open", "median_days", "day")
    assert picked(found.crossings, *names, "share_reached", "share_lost", "undetermined") == [
        (0, 8, 8, 4, 4, 0, 10.0, 33, 0.5, 0.5, 0.0)
    ]


def test_the_rows_are_in_the_order_of_the_lifecycle_not_of_size():
    """The largest of many differences is the likeliest to be chance; every factor is asked, also in vain."""
    found = asked(EIGHT, as_of=99)

    factors = [
        *[("stage", name) for name in ("hear", "weigh", "doubt")],
        *[("touchpoint", name) for name in ("ad", "tip", "demo", "call", "order", "complaint")],
        ("regressed", None),
        ("skipped", None),
        ("slow", None),
    ]
    assert picked(found, *FACTOR) == [
        (*factor, outcome) for factor in factors for outcome in ("reached", "lost")
    ]


# --- before the bridge


def test_the_stages_of_the_path_are_those_visited_before_the_first_visit_to_the_bridge():
    """What comes after can't have led there; the bridge itself is no factor."""
    histories = {
        "ana": {0: "ad", 1: "order", 2: "demo", 3: "order"},
        "ben": {0: "demo", 1: "ad", 2: "order"},
        "cy": {0: "order"},
    }

    assert [having(histories, "stage", name) for name in ("hear", "weigh", "doubt")] == [2, 1, 0]


def test_the_touchpoints_of_the_path_are_those_used_before_the_crossing_in_whichever_stage():
    """What comes in the same instant counts by its order; a name that the plan does not know is no factor."""
    histories = {
        "ana": {0: "call", 1: "order", 2: "ad"},
        "ben": {0: "demo", 1: "call", 2: "order"},
        "cy": {0: "zz", 1: ["order", "tip"]},
    }

    names = ("ad", "tip", "demo", "call", "order")
    assert [having(histories, "touchpoint", name) for name in names] == [0, 1, 1, 2, 0]
    assert "zz" not in picked(asked(histories, as_of=99), "name")


def test_the_moves_of_the_path_include_the_one_onto_the_bridge():
    """To skip the demo is to come from hearing straight to buying."""
    histories = {
        "ana": {0: "ad", 1: "order"},
        "ben": {0: "ad", 1: "demo", 2: "order", 3: "ad"},
        "cy": {0: "demo", 1: "ad", 2: "demo", 3: "order"},
        "dee": {0: "ad", 1: "complaint", 2: "order"},
    }

    assert (having(histories, "skipped"), having(histories, "regressed")) == (1, 1)


def test_slow_are_those_who_took_longer_than_half_of_the_followed():
    """The clock runs from the first visit, not from what nobody knows; the median itself is not slow."""
    histories = {
        "ana": {0: "order"},
        "ben": {-50: "zz", 0: "ad", 4: "order"},
        "cy": {0: "ad", 5: "order"},
        "dee": {0: "ad", 9: "order"},
        "eve": {0: "ad", 4: "order"},
        "fay": {0: "ad", 50: "demo"},
    }

    assert having(histories, "slow") == 2
    assert crossing(histories, "median_days", as_of=99) == (4.0,)


# --- after the bridge


def test_the_first_outcome_counts():
    """Whoever left and came back was lost; whoever renewed and then left had been reached."""
    histories = {
        "ana": {0: "order", 3: "cancel", 5: "renewal"},
        "ben": {0: "order", 3: "renewal", 5: "cancel"},
        "cy": {0: "order", 3: ["renewal", "cancel"]},
    }

    assert crossing(histories, "reached", "lost", "open", as_of=99) == (2, 1, 0)


def test_silence_loses_by_the_patience_of_the_other_journey_and_is_dated():
    """Lost 30 days after the last sign of life, whatever that was: of what nobody knows, too."""
    histories = {"ana": {0: "order", 4: "zz"}, "ben": {0: "order", 4.5: "login"}}

    assert crossing(histories, "lost", "open", "day", as_of=34.4) == (1, 1, None)
    assert crossing(histories, "lost", "open", "day", as_of=34.5) == (2, 0, 34)


def test_the_own_target_is_reached_like_a_goal():
    """Not everyone can, or should, go all the way."""
    histories = {"ana": {0: "order", 9: "login"}, "ben": {0: "order", 9: "login"}}
    log = log_of(histories, customers={"ana": {"target_stage": "busy"}})
    buy = jk.Lifecycle("buy", stages=["busy", "bought"], touchpoints={"order": "bought"})
    pair = [jk.observe(log, plan, as_of=day(20)) for plan in (buy, USE)]

    (told,) = jk.carry_over(*pair, bridge="bought").crossings

    assert (told.reached, told.open) == (1, 1)


def test_whoever_never_crosses_is_counted_and_compared_with_nobody():
    """They have no after; those without any visit have no before."""
    histories = {"ana": {0: "ad", 5: "renewal"}, "ben": {0: "ad", 1: "order"}, "cy": {0: "zz"}}

    assert crossing(histories, "never_crossed", "crossed", "followed", as_of=9) == (1, 1, 1)


def test_whoever_stands_in_an_outcome_when_they_cross_is_left_out():
    """What was so before can't have followed; what was left again can.

    ana is settled and buys again; ben has left, and buys; cy had settled and was busy again. An order, which
    makes everybody new, would hide that: another plan begins with what comes after it.
    """
    use = jk.Lifecycle(
        "use",
        stages=["busy", jk.Stage("settled", kind="goal"), jk.Stage("left", kind="exit")],
        touchpoints={"login": "busy", "renewal": "settled", "cancel": "left"},
    )
    histories = {
        "ana": {0: "renewal", 5: "order", 6: "renewal"},
        "ben": {0: "cancel", 5: "order", 6: "login"},
        "cy": {0: "renewal", 1: "login", 5: "order", 9: "renewal"},
    }

    names = ("crossed", "reached_before", "lost_before", "followed", "reached")
    assert crossing(histories, *names, as_of=99, use=use) == (3, 1, 1, 1, 1)


def test_what_begins_at_the_instant_of_the_crossing_comes_after_it():
    """One event may be the last of the one journey and the first of the other."""
    use = jk.Lifecycle("use", stages=["new", jk.Stage("won", kind="goal")], touchpoints={"order": "won"})

    names = ("reached_before", "reached", "day")
    assert crossing({"ana": {0: "ad", 5: "order"}}, *names, as_of=9, use=use) == (0, 1, 0)


def test_whoever_crosses_into_nothing_is_open_and_then_lost():
    """Sold and never begun: the purest loss there is must not fall out of the numbers."""
    use = jk.Lifecycle("use", stages=["busy"], touchpoints={"login": "busy"}, idle="30 days")
    histories = {"ana": {0: "order", 1: "login"}, "ben": {0: "ad", 5: "order"}}

    assert crossing(histories, "followed", "lost", "open", as_of=34, use=use) == (2, 1, 1)
    assert crossing(histories, "followed", "lost", "open", as_of=35, use=use) == (2, 2, 0)


# --- shares and their difference


def crowd(name, count, *, outcome=None, after=10, began=0):
    """Make customers who came by *name* and bought two days later."""
    return {
        f"{name} {outcome} {after} {began} {number}": {
            began: name,
            began + 2: "order",
            **({began + 2 + after: outcome} if outcome else {}),
        }
        for number in range(count)
    }


def test_both_arms_are_read_at_one_day():
    """More is known of those who came early: what they did later must not be held against the others.

    By as_of, day 40, the ads have been watched for 28 days at least; the tips for 8, the last day with ten of
    them at risk. By day 8 nobody of the ads had renewed: 6 of 12 did so on day 10; 5 of 15 tips on day 5.
    """
    histories = {
        **crowd("ad", 6, outcome="renewal"),
        **crowd("ad", 6, began=10),
        **crowd("tip", 5, outcome="renewal", after=5, began=30),
        **crowd("tip", 10, began=30),
    }

    found = row(asked(histories, as_of=40), "touchpoint", "tip", "reached")

    assert rounded(
        [(found.day, found.with_share, found.without_share, found.difference, found.without_ended)]
    ) == [(8, 0.3333, 0.0, 0.3333, 6)]


def test_an_arm_of_which_nobody_is_left_can_be_read_at_any_later_day():
    """Four whose ways are known to the end need no tenth at risk, and hold nobody back."""
    histories = {
        **crowd("tip", 2, outcome="renewal", after=5),
        **crowd("tip", 2, outcome="cancel", after=5),
        **crowd("ad", 6, outcome="renewal"),
        **crowd("ad", 12, began=10),
    }

    found = row(asked(histories, as_of=40), "touchpoint", "tip", "reached")

    assert rounded([(found.day, found.with_share, found.without_share)]) == [(28, 0.5, 0.3333)]


def test_an_arm_known_to_the_end_can_be_read_before_it():
    """Two of four had left by the day at which the others are read; that the rest renewed later hides nobody.

    The open ads have been watched for 28 days; of the tips two left on day 26, and two renewed on day 35.
    """
    histories = {
        **crowd("tip", 2, outcome="cancel", after=26),
        **crowd("tip", 2, outcome="renewal", after=35),
        **crowd("ad", 6, outcome="renewal"),
        **crowd("ad", 12, began=10),
    }

    found = [row(asked(histories, as_of=40), "touchpoint", "tip", outcome) for outcome in ("reached", "lost")]

    assert rounded(picked(found, "day", "with_ended", "with_share", "without_share")) == [
        (28, 2, 0.0, 0.3333), (28, 2, 0.5, 0.0),
    ]  # fmt: skip


def test_an_arm_that_is_too_small_to_read_gives_no_difference():
    """Nine customers, one of them open, have no day to read at: counts are told, shares are not."""
    told = {**crowd("tip", 8, outcome="renewal"), **crowd("tip", 1)}
    histories = {**told, **crowd("ad", 20, outcome="renewal")}

    found = row(asked(histories, as_of=20), "touchpoint", "tip", "reached")

    names = (*ARMS, "day", "with_share", "without_share", "difference", "difference_low", "difference_high")
    assert picked([found], *names) == [(9, 8, 1, 20, 20, 0, None, None, None, None, None, None)]


def test_what_everybody_or_nobody_has_gives_no_difference():
    """There is nobody to hold them against."""
    found = asked(EIGHT, as_of=99)

    everybody, nobody = row(found, "stage", "hear", "lost"), row(found, "stage", "doubt", "lost")
    names = ("with_customers", "without_customers", "day", "with_share", "without_share", "difference")
    assert picked([everybody, nobody], *names) == [
        (8, 0, None, None, None, None), (0, 8, None, None, None, None),
    ]  # fmt: skip


def test_groups_are_questions_of_their_own():
    """What holds of all may hold in no segment: asked by segment, it shows. The median is the segment's."""
    histories = {name: EIGHT[name] for name in ("ana", "cy", "eve", "hal")}
    customers = {"ana": {"tier": "gold"}, "eve": {"tier": "gold"}, "cy": {"tier": "basic"}}

    found = jk.carry_over(*both(histories, as_of=99, customers=customers), by="tier")

    rows = [one for one in found if (one.factor, one.outcome) == ("slow", "reached")]
    names = ("group", "with_customers", "with_ended", "without_customers", "without_ended", "difference")
    assert picked(rows, *names) == [
        ("basic", 0, 0, 1, 1, None), ("gold", 1, 1, 1, 1, 0.0), (None, 0, 0, 1, 0, None),
    ]  # fmt: skip
    assert picked(found.crossings, "group", "followed", "median_days") == [
        ("basic", 1, 7.0), ("gold", 2, 15.0), (None, 1, 15.0),
    ]  # fmt: skip


def test_where_nobody_crosses_there_is_nothing_to_compare():
    """An answer with nobody in it, not an error."""
    found = asked({"ana": {0: "ad", 1: "login"}})

    assert (set(picked(found, *ARMS)), set(picked(found, "difference"))) == ({(0,) * 6}, {(None,)})
    assert picked(found.crossings, "never_crossed", "crossed", "day", "undetermined", "median_days") == [
        (1, 0, None, 1.0, None)
    ]


@pytest.mark.filterwarnings("ignore:no event belongs to a stage")
def test_where_nobody_was_ever_placed_nobody_crosses():
    """A plan that fits the log nowhere."""
    assert crossing({"ana": {0: "zz"}}, "never_crossed", "crossed", "followed") == (0, 0, 0)


# --- the answer as a value


def test_the_definition_says_what_is_compared_and_that_nothing_is_adjusted():
    """The patience that loses is the other journey's."""
    made = asked(EIGHT, as_of=99).definition

    assert (made.question, made.lifecycle, made.idle_days, made.by) == ("carry_over", "buy, use", 30.0, None)
    assert "not adjusted for the number of factors" in made.intervals
    assert "left out" in made.censoring


def test_answers_are_equal_by_all_they_hold():
    """Two bridges may have the same rows, of other customers."""
    pair = both(EIGHT, as_of=99)

    one, same, other = jk.carry_over(*pair), jk.carry_over(*pair), jk.carry_over(*pair, bridge="weigh")

    assert (one == same, hash(one) == hash(same), one == other) == (True, True, False)
