"""Stage rules: which are used, in which order, and what is said of those that make no sense."""

from __future__ import annotations

import ibis
import pytest
from tests.logs import log_of, paths
from tests.plugged import manager_of, plugin

import journeykit as jk
from journeykit import observing
from journeykit.relations.coding import code_events
from journeykit.relations.rules import choose_rules
from journeykit.relations.scratch import Scratch
from journeykit.testing.cases import trial_lifecycle

DEAR = jk.StageRule("dear", stage="paid", when=lambda events: events.value > 2)

HISTORY = {
    "ana": {
        1: {"touchpoint": "page_view", "value": 5.0, "stage": None},
        2: {"touchpoint": "page_view", "value": 5.0, "stage": "trial"},
        3: {"touchpoint": "page_view", "value": None, "stage": None},
        4: {"touchpoint": "support_call", "value": 5.0, "stage": "nowhere"},
    }
}


def observed(*rules: jk.StageRule, **settings: object) -> jk.Journey:
    """Observe the history under rules of the caller's."""
    return jk.observe(log_of(HISTORY), trial_lifecycle(), rules=rules, **settings)


def test_the_stage_column_comes_first_a_rule_second_and_the_touchpoint_last():
    """Who wrote a stage knew it; a rule knows more than a name."""
    journey = observed(DEAR)

    assert paths(journey) == {
        "ana": ["paid/page_view", "trial/page_view", "visit/page_view", "?/support_call"]
    }


def test_the_first_rule_that_holds_counts():
    """Rules overlap; the order is what their author, or who gives them, means."""
    early = jk.StageRule("early", stage="signup", when=lambda events: events.value > 4)

    first = [paths(observed(*rules))["ana"][0] for rules in ((DEAR, early), (early, DEAR))]

    assert first == ["paid/page_view", "signup/page_view"]


def test_a_null_condition_does_not_hold():
    """What is not known of an event says nothing of its stage."""
    denied = jk.StageRule("cheap", stage="lapsed", when=lambda events: ~(events.value > 2))

    assert paths(observed(denied))["ana"][2] == "visit/page_view"


def test_a_journey_and_its_answers_name_the_rules_that_were_used():
    """Two reports of one log differ; the definition says why."""
    skipped = jk.StageRule("pro", stage="paid", when=lambda events: events.x, needs=["attribute:plan"])
    journey = observed(DEAR, skipped)

    assert journey.rules == ("dear",)
    assert jk.drop_offs(journey).definition.rules == "dear"
    assert jk.transitions(observed()).definition.rules == ""


def test_plugins_rules_are_used_unless_others_are_given():
    """`rules=()` is how one finds out what they changed."""
    log, plan = log_of(HISTORY), trial_lifecycle()
    manager = manager_of(plugin(stage_rules=lambda lifecycle: [DEAR] if lifecycle == plan else []))

    used = [
        jk.observe(log, plan, manager=manager, **told).rules
        for told in ({}, {"rules": ()}, {"rules": [DEAR]})
    ]

    assert used == [("dear",), (), ("dear",)]


def test_without_rules_there_is_nothing_more_to_run():
    """Ten million events are coded as fast as before there were rules."""
    log, plan = log_of(HISTORY), trial_lifecycle()

    queries = []
    for rules in ((), (DEAR,)):
        chosen = choose_rules(log, plan, rules, None)
        queries.append(ibis.to_sql(code_events(log, plan, Scratch(log.engine), rules=chosen).events))

    assert ["ruled" in query for query in queries] == [False, True]


def test_rules_see_the_columns_that_the_log_was_opened_with():
    """The names are those of `events`, whatever the source calls its columns."""
    seen = []
    rule = jk.StageRule(
        "any", stage="paid", when=lambda events: seen.extend(events.columns) or events.value > 2
    )

    log = log_of({"ana": {1: {"touchpoint": "page_view", "value": 3.0, "plan": "pro"}}})
    jk.observe(log, trial_lifecycle(), rules=[rule])

    assert seen == ["customer", "time_us", "touchpoint", "value", "attribute:plan"]


def dear(when: object, stage: str = "paid") -> jk.StageRule:
    """Make a rule of this name."""
    return jk.StageRule("dear", stage=stage, when=when)


STAGES = "Known: visit, signup, trial, paid, at_risk, lapsed."
COLUMNS = "Known: customer, time_us, stage, touchpoint, value."


@pytest.mark.parametrize(
    ("rule", "error", "said"),
    [
        (
            dear(lambda events: events.value > 2, "padi"),
            jk.UnknownNameError,
            f"no stage named 'padi' in lifecycle 'trial' (rule 'dear'). Did you mean 'paid'? {STAGES}",
        ),
        (
            dear(lambda events: events.valeu > 2),
            jk.UnknownNameError,
            f"no column named 'valeu' in the events (stage rule 'dear'). Did you mean 'value'? {COLUMNS}",
        ),
        (
            dear(lambda events: events.value),
            jk.EventLogError,
            "stage rule 'dear': gave a value of type float64, which is no Ibis truth value",
        ),
        (dear(lambda _: 1 / 0), jk.EventLogError, "stage rule 'dear': ZeroDivisionError: division by zero"),
        (
            dear("value > 2"),
            jk.EventLogError,
            "rules: rule 'dear': when is 'value > 2', which can't be called",
        ),
        ("value > 2", jk.EventLogError, "rules: 'value > 2' is no StageRule"),
    ],
    ids=["stage", "column", "number", "raises", "no function", "no rule"],
)
def test_a_rule_of_the_callers_own_that_makes_no_sense_is_named(rule, error, said):
    """No plugin is to blame, and no plugin is blamed."""
    with pytest.raises(error) as raised:
        observed(rule)

    assert str(raised.value) == said


def test_two_rules_of_one_name_are_refused():
    """`Journey.rules` could not say which of them was used."""
    with pytest.raises(jk.EventLogError, match="rules: 'dear' stands there more than once"):
        observed(DEAR, DEAR)


def test_a_rule_that_the_engine_cannot_run_is_told_from_data_that_it_cannot_read():
    """The first is mended in the rule, the second in the file."""
    good = jk.StageRule("fine", stage="paid", when=lambda events: events.value > 2)
    bad = jk.StageRule("bad", stage="trial", when=lambda events: events.touchpoint.cast("int64") > 2)

    with pytest.raises(jk.EventLogError) as raised:
        observed(good, bad)

    assert str(raised.value).startswith("stage rule 'bad': the engine can't run it: ConversionException")


def test_a_rule_that_runs_is_not_blamed_for_what_fails_beside_it(monkeypatch):
    """A full disk is no plugin's fault."""

    def fails(*_, **__):
        raise jk.EngineError("the disk is full")

    monkeypatch.setattr(observing, "code_events", fails)

    with pytest.raises(jk.EngineError, match="the disk is full"):
        observed(DEAR)
