"""What is drawn is hard enough: a law that is only asked easy journeys says nothing."""

from __future__ import annotations

import functools
import subprocess
import sys

import pytest
from hypothesis import Phase, given, settings

from journeykit.testing import oracle
from journeykit.testing import strategies as jst


def _ties(drawn):
    moments = [(row["customer"], row["timestamp"]) for row in drawn.events]
    return len(set(moments)) < len(moments)


def _visits(drawn):
    return [visit for person in drawn.observed().people for visit in person.visits]


def _moves(drawn):
    return {(row["kind"], row["moves"] > 0) for row in oracle.transitions(drawn.observed())}


FEATURES = {
    "ties": _ties,
    "a repeat": lambda drawn: ("repeat", True) in _moves(drawn),
    "a re-entry": lambda drawn: ("re_entry", True) in _moves(drawn),
    "a recovery": lambda drawn: ("recover", True) in _moves(drawn),
    "a lateral move": lambda drawn: ("lateral", True) in _moves(drawn),
    "a skip": lambda drawn: ("skip", True) in _moves(drawn),
    "a regression": lambda drawn: ("regress", True) in _moves(drawn),
    "declared and never taken": lambda drawn: ("advance", False) in _moves(drawn),
    "a silence that ended": lambda drawn: any(visit.returned_after_idle for visit in _visits(drawn)),
    "a share that can be read though visits are censored": lambda drawn: any(
        row["open"] + row["achieved"] + row["departed"] and row["undetermined"] < 1
        for row in oracle.drop_offs(drawn.observed())
    ),
    "as_of before the last event": lambda drawn: drawn.observed().later > 0,
    "unmapped events": lambda drawn: oracle.counts(drawn.observed())["unmapped"] > 0,
    "an unplaced customer": lambda drawn: oracle.counts(drawn.observed())["unplaced"] > 0,
    "repeated event ids": lambda drawn: drawn.observed().rejected["repeated_event_id"] > 0,
    "rows without customer": lambda drawn: drawn.observed().rejected["no_customer"] > 0,
    "moments out of range": lambda drawn: drawn.observed().rejected["timestamp_out_of_range"] > 0,
    "a customer called NA": lambda drawn: any(visit.customer == "NA" for visit in _visits(drawn)),
    "a missing group beside others": lambda drawn: (
        len(groups := drawn.observed().groups()) > 1 and None in groups
    ),
    "a target reached": lambda drawn: any(
        visit.outcome == "achieved" and drawn.lifecycle.stage(visit.stage).kind != "goal"
        for visit in _visits(drawn)
    ),
    "names of a CRM": lambda drawn: len(drawn.lifecycle.stage_names) > len(drawn.lifecycle.stage_ids),
    "ties of rank": lambda drawn: (
        len(ranks := [r for s in drawn.lifecycle.stage_ids if (r := drawn.lifecycle.rank(s))])
        > len(set(ranks))
    ),
}


@functools.cache
def features_drawn():
    """Draw a few hundred journeys, always the same ones, and name the features that any of them has."""
    found = set()

    @settings(max_examples=500, database=None, derandomize=True, deadline=None, phases=[Phase.generate])
    @given(jst.journeys_input())
    def draw(drawn):
        found.update(name for name in FEATURES.keys() - found if FEATURES[name](drawn))

    draw()
    return found


@pytest.mark.parametrize("feature", FEATURES)
def test_every_hard_thing_is_drawn(feature):
    """Found within 500 draws, or it would hardly ever be asked."""
    assert feature in features_drawn()


def test_the_fixed_cases_have_names_of_their_own():
    """A failure names its case."""
    names = [case.name for case in jst.fixed_cases()]

    assert len(names) == len(set(names)) > 12


def test_only_the_strategies_need_hypothesis():
    """A plugin's author may compare with the oracle without installing hypothesis."""
    code = (
        "import sys, journeykit.testing.oracle, journeykit.testing.cases; print('hypothesis' in sys.modules)"
    )

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert printed.stdout.strip() == "False"
