"""What plugins offer, and what is wrong with it when it is run: each is named, with its plugin."""

from __future__ import annotations

import itertools

import ibis
import pytest
from tests.logs import log_of, observe_days
from tests.plugged import manager_of, plan, plugin

import journeykit as jk

# --- stage rules: run by `observe`, which can't go on without knowing what they tell

WAY_OUT = "(observe(..., rules=()) uses no rule, and JOURNEYKIT_PLUGINS can leave the plugin out)"

KNOWN = "Known: customer, time_us, touchpoint, value."
NEEDS = "A rule that not every log has the columns for names them in needs="


def observed_with(rule: jk.StageRule) -> jk.Journey:
    """Observe a log under a rule that a plugin offers."""
    lifecycle = jk.Lifecycle("acme", ["visit", "paid"], touchpoints={"page_view": "visit"})
    log = log_of({"ana": {1: "page_view", 2: {"touchpoint": "till", "value": 3.0}}})
    return jk.observe(log, lifecycle, manager=manager_of(plugin("Ruler", stage_rules=lambda: [rule])))


def rule_of(when, **more: object) -> jk.StageRule:
    """Make a rule for the stage "paid"."""
    return jk.StageRule("dear", stage="paid", when=when, **more)


def no_argument():
    """Take no events."""


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (
            lambda events: events.valeu > 2,
            f"no column named 'valeu' in the events. Did you mean 'value'? {KNOWN} {NEEDS}",
        ),
        (
            lambda events: events["attribute:plan"] == "pro",
            f"no column named 'attribute:plan' in the events. {KNOWN} {NEEDS}",
        ),
        (lambda events: events.value + 2, "gave a value of type float64, which is no Ibis truth value"),
        (lambda _: True, "gave True, which is no Ibis truth value"),
        (lambda _: None, "gave None, which is no Ibis truth value"),
        (lambda _: 1 / 0, "ZeroDivisionError: division by zero"),
        (no_argument, "TypeError: no_argument() takes 0 positional arguments but 1 was given"),
    ],
    ids=["column", "item", "number", "truth of Python", "nothing", "raises", "no argument"],
)
def test_a_rule_that_makes_no_sense_is_named_with_its_plugin(when, said):
    """The log is not to blame, and no query has run."""
    with pytest.raises(jk.PluginError) as raised:
        observed_with(rule_of(when))

    start = "plugin 'Ruler', hook 'journeykit_stage_rules': stage rule 'dear': "
    assert str(raised.value) == f"{start}{said} {WAY_OUT}"


def test_a_rule_is_refused_before_any_query(monkeypatch):
    """A log of a day's reading must not be read for a misspelt column."""
    monkeypatch.setattr(jk.EventLog, "rows_of", lambda *_: pytest.fail("asked the engine"))

    with pytest.raises(jk.PluginError):
        observed_with(rule_of(lambda events: events.valeu > 2))


def test_a_rule_about_another_table_is_named():
    """Ibis would complain of a relation that nobody has heard of."""
    other = ibis.table({"a": "int64"}, name="other")

    with pytest.raises(jk.PluginError, match="stage rule 'dear': its predicate is not about the events"):
        observed_with(rule_of(lambda _: other.a > 1))


def test_a_rule_that_the_engine_cannot_run_is_named():
    """DuckDB's complaint alone would put the blame on the file."""
    with pytest.raises(jk.PluginError) as raised:
        observed_with(rule_of(lambda events: events.touchpoint.cast("int64") > 2))

    assert str(raised.value).startswith(
        "plugin 'Ruler', hook 'journeykit_stage_rules': stage rule 'dear': the engine can't run it:"
    )
    assert "page_view" in str(raised.value) or "till" in str(raised.value)


def test_a_rule_for_a_stage_there_is_not_is_left_out():
    """That is known before any log is: the hook is told the lifecycle."""
    wrong = jk.StageRule("dear", stage="padi", when=lambda events: events.value > 2)

    with pytest.warns(jk.JourneykitWarning, match="Did you mean 'paid'"):
        journey = observed_with(wrong)

    assert journey.rules == ()


@pytest.mark.parametrize(
    ("rule", "cause"),
    [
        ({"stage": None}, "no stage named 'None' in lifecycle 'acme' (rule 'dear')"),
        ({"stage": "paid", "needs": None}, "rule 'dear': needs None, which is no column's name"),
    ],
    ids=["stage", "needs"],
)
def test_a_rule_that_could_never_be_used_is_refused(rule, cause):
    """It would be skipped in every log, and nobody would know."""
    dear = jk.StageRule("dear", when=lambda events: events.value > 2, **rule)
    manager = manager_of(plugin("Ruler", stage_rules=lambda: [dear]))

    assert len(manager.stage_rules(plan("acme", "paid"))) == 0
    assert cause in str(manager.failures[0])


def test_a_rule_whose_columns_a_log_lacks_is_skipped():
    """One plugin serves logs with and without a value."""
    journey = observed_with(
        rule_of(lambda events: events["attribute:plan"] == "pro", needs=["attribute:plan"])
    )

    assert journey.rules == ()


def test_a_predicate_that_asks_whether_there_is_a_column_gets_an_answer():
    """`hasattr` is how Python asks."""
    journey = observed_with(
        rule_of(lambda events: events.value > 2 if not hasattr(events, "plan") else events.plan == "pro")
    )

    assert journey.rules == ("dear",)


# --- readers, questions and detectors: run one by one


def test_a_reader_that_fails_is_named():
    """Its exception alone would look like a fault of the file, or of journeykit."""
    source = log_of({"ana": {1: "page_view"}}).source.to_pyarrow()

    def events(read):
        bad = plugin("Bad", readers=lambda: [jk.Reader("acme", title="", read=read)])
        with pytest.raises(jk.PluginError) as raised:
            jk.events(source, format="acme", manager=manager_of(bad))
        assert (raised.value.plugin, raised.value.hook) == ("Bad", "journeykit_readers")
        return raised.value.cause

    assert events(lambda *_: 1 / 0) == "reader of format 'acme': ZeroDivisionError: division by zero"
    assert "which is no `Reading`" in events(lambda *_: source)
    missing = jk.Reading(
        events=ibis.memtable(source), columns={"customer": "custmer", "timestamp": "timestamp"}
    )
    assert "custmer" in events(lambda *_: missing)


def test_a_question_that_raises_is_named():
    """Even where it raises what journeykit raises itself: the error came out of the plugin."""
    journey = observe_days({"ana": {1: "page_view"}})

    def of(question, **options):
        with pytest.raises(jk.PluginError) as raised:
            jk.analyze(
                "mine",
                journey,
                manager=manager_of(plugin("Bad", analyses=lambda: {"mine": question})),
                **options,
            )
        return str(raised.value)

    start = "plugin 'Bad', hook 'journeykit_analyses': analysis 'mine': "
    assert of(lambda _: 1 / 0) == f"{start}ZeroDivisionError: division by zero"
    assert of(lambda _: [1, 2]) == f"{start}returned [1, 2], which is no Result"
    assert of(lambda _: None) == f"{start}returned None, which is no Result"
    assert of(lambda journey, by: jk.drop_offs(journey, by=by), by="plan").startswith(
        f"{start}no customer attribute named 'plan'"
    )


FOUND = jk.GapFinding(stage="visit", finding="Something.")


@pytest.mark.parametrize(
    ("detector", "cause"),
    [
        (lambda *_: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda *_: None, "returned None, not a list of what it offers; is a return missing?"),
        (lambda *_: [{"stage": "visit"}], "{'stage': 'visit'} is no GapFinding"),
        (lambda *_: itertools.repeat(FOUND), "offers more than 1,000 items: does its generator end?"),
        (
            lambda *_: [jk.GapFinding(stage="vist", finding="Something.")],
            "no stage named 'vist' in lifecycle 'trial'. Did you mean 'visit'?",
        ),
        (lambda *_: [jk.GapFinding(stage="visit", finding="")], "finding must be a sentence, not ''"),
        (
            lambda *_: [jk.GapFinding(stage="visit", finding="So.", share=1.5)],
            "share must be a number from 0 to 1 or None, not 1.5",
        ),
        (
            lambda *_: [jk.GapFinding(stage="visit", finding="So.", customers=-1)],
            "customers must be a whole number from 0 or None, not -1",
        ),
        (
            lambda *_: [jk.GapFinding(stage="visit", finding="So.", group="nobody's")],
            "\"nobody's\" is no group of the answer: take it from a row",
        ),
    ],
)  # fmt: skip
def test_a_detector_that_fails_is_left_out_and_the_others_stand(detector, cause):
    """One more question of the counts is no reason to lose the counts."""
    journey = observe_days({"ana": {1: "page_view"}})
    manager = manager_of(
        plugin("Bad", gap_detectors=lambda: {"bad": detector}),
        plugin("Good", gap_detectors=lambda: {"good": lambda *_: [FOUND]}),
    )

    with pytest.warns(jk.JourneykitWarning, match="left out: plugin 'Bad'"):
        found = jk.gaps(journey, manager=manager)

    assert [one.detector for one in found.findings] == ["good"]
    (failure,) = manager.failures
    assert (failure.plugin, failure.hook) == ("Bad", "journeykit_gap_detectors")
    assert failure.cause.startswith(f"gap detector 'bad': {cause}")
