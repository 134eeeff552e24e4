"""A question asked by its name is the question."""

from __future__ import annotations

import inspect

import pytest
from tests.logs import observe_days
from tests.plugged import manager_of, plugin

import journeykit as jk
from journeykit.plugins import default_manager


@pytest.fixture(scope="module")
def journey() -> jk.Journey:
    """Two customers, one of whom has moved on."""
    return observe_days({"ana": {1: "page_view", 2: "account_created"}, "ben": {1: "page_view"}})


@pytest.mark.parametrize("name", ["transitions", "drop_offs", "last_touchpoints", "gaps"])
def test_our_own_questions_are_asked_by_name(journey, name):
    """A program that is told the name of a question needs no list of ours."""
    assert jk.analyze(name, journey) == getattr(jk, name)(journey)


def test_every_question_of_a_journey_that_is_public_can_be_asked_by_name():
    """One that was forgotten would be found by the first person who needs it."""
    questions = [
        name
        for name in jk.__all__
        if getattr(jk, name).__module__ == f"journeykit.analysis.{name}"
        and _is_of_a_journey(getattr(jk, name))
    ]

    # A trace is of one customer, and no `Result`; `analyze` would ask itself.
    assert set(questions) - {"trace", "analyze"} == set(default_manager().analyses)


def _is_of_a_journey(question) -> bool:
    return next(iter(inspect.signature(question).parameters)) in {"journey", "name"}


def test_options_are_the_questions_own():
    """What a plugin's question takes by keyword is what `analyze` takes."""
    journey = observe_days({"ana": {1: {"touchpoint": "page_view", "channel": "web"}}})

    answer = jk.analyze("drop_offs", journey, by="channel")

    assert answer == jk.drop_offs(journey, by="channel")


def test_a_question_looks_where_it_was_found(journey):
    """Gaps asked by name once had the findings of whatever happens to be installed."""
    finding = jk.GapFinding(stage="visit", finding="So.")
    manager = manager_of(plugin(gap_detectors=lambda: {"acme": lambda *_: [finding]}))

    assert jk.analyze("gaps", journey, manager=manager) == jk.gaps(journey, manager=manager)
    assert jk.analyze("gaps", journey, manager=manager) != jk.gaps(journey)


def test_options_may_have_any_name(journey):
    """A question may well take something called `name`."""

    def named(journey, *, name, **more):
        return jk.Result([], jk.Definition(question=name, unit=str(more), lifecycle=""), row_type=jk.DropOff)

    manager = manager_of(plugin(analyses=lambda: {"named": named}))

    answer = jk.analyze("named", journey, manager=manager, name="mine", other=1)

    assert (answer.definition.question, answer.definition.unit) == ("mine", "{'other': 1}")


def test_an_unknown_question_is_an_error_with_the_nearest_one(journey):
    """Names are typed from memory."""
    with pytest.raises(
        jk.UnknownNameError, match=r"no analysis named 'drop_of'\. Did you mean 'drop_offs'\?"
    ):
        jk.analyze("drop_of", journey)


def test_an_unknown_option_is_an_error_with_the_nearest_one(journey):
    """Python would say how many arguments there are, and name none."""
    with pytest.raises(jk.UnknownNameError) as raised:
        jk.analyze("gaps", journey, activity=[])

    assert str(raised.value).startswith(
        "no option named 'activity' in analysis 'gaps'. Did you mean 'activities'? Known: activities, by, "
    )


def test_an_error_of_our_own_stays_itself(journey):
    """Whoever catches `UnknownNameError` of `drop_offs` catches it here, too."""
    with pytest.raises(jk.UnknownNameError, match="no customer attribute named 'vertical'"):
        jk.analyze("drop_offs", journey, by="vertical")


def test_a_question_that_does_not_say_what_it_takes_is_asked_all_the_same(journey):
    """Some callables, such as those written in C, have no signature to read."""

    class Mute:
        __signature__ = "not one"

        def __call__(self, journey, **options):
            return jk.drop_offs(journey, **options)

    manager = manager_of(plugin(analyses=lambda: {"mute": Mute()}))

    assert jk.analyze("mute", journey, manager=manager, by=None) == jk.drop_offs(journey)
