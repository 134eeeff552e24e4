"""Drawn journeys are journeys as any: observed by the engine, and what the oracle observes."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings

import pytest
from hypothesis import given, settings

import journeykit as jk
from journeykit.errors import EventLogError
from journeykit.testing import strategies as jst
from journeykit.testing.cases import JourneyInput, fixed_cases
from journeykit.testing.observing import observe_input

FAILING = """
from hypothesis import Phase, given, settings
from journeykit.testing import strategies as jst

@settings(database=None, derandomize=True, deadline=None, max_examples=1, phases=[Phase.generate])
@given(jst.journeys(most=3))
def test_it(journey):
    assert journey.counts.customers == 0

test_it()
"""


@settings(max_examples=10)
@given(jst.journeys())
def test_a_drawn_journey_can_be_asked(journey):
    """No draw warns, and none is left without events."""
    assert journey.counts.events > 0
    assert sum(row.visits for row in jk.drop_offs(journey)) == journey.counts.visits


@pytest.mark.parametrize("case", fixed_cases(), ids=lambda case: case.name)
def test_the_engine_is_given_what_the_oracle_is_given(case):
    """The same rows, columns and settings, or a difference would say nothing."""
    with warnings.catch_warnings(action="ignore", category=jk.JourneykitWarning):
        journey = observe_input(case)

    brute = case.observed()
    assert journey.counts.visits == sum(len(person.visits) for person in brute.people)
    assert journey.counts.later == brute.later


def test_rules_can_be_given():
    """A plugin's author observes hard logs under the plugin's own rules."""
    rule = jk.StageRule("all", stage="at_risk", when=lambda events: events.customer.notnull())

    with observe_input(fixed_cases()[0], rules=[rule]) as journey:
        assert journey.rules == ("all",)
        assert [row.stage for row in jk.drop_offs(journey)] == ["at_risk"]


def test_an_input_without_events_is_an_error():
    """As of `observe`; the strategy draws another one."""
    case = fixed_cases()[0]
    empty = JourneyInput("empty", case.lifecycle, ({**case.events[0], "customer": None},), case.columns)

    with pytest.raises(EventLogError):
        observe_input(empty)


def test_a_failing_example_says_what_it_was_observed_from():
    """A relation in an engine that is gone says nothing, and Ibis can't even write it."""
    done = subprocess.run([sys.executable, "-c", FAILING], capture_output=True, text=True, check=False)

    assert re.search(r"JourneyInput\(\s*name='drawn'", done.stderr), done.stderr
    assert "TypeError" not in done.stderr
    assert "HypothesisDeprecationWarning" not in done.stderr
