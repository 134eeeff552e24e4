"""First-contact resolution and missing self-service, counted by hand on the small export."""

import journeykit as jk
import pytest
from journeykit.testing.observing import observe_input
from journeykit.testing.strategies import fixed_cases

from journeykit_telecom import repeat_calls


def test_a_first_call_is_enough_if_no_other_follows(journey, manager):
    """Of two customers with a question about activation, one called again the next day."""
    rows = {row.touchpoint: row for row in jk.analyze("repeat_calls", journey, manager=manager)}

    assert {name: (row.customers, row.settled, row.resolved) for name, row in rows.items()} == {
        "activation_call": (2, 2, 1),
        "technical_call": (1, 1, 1),  # the second was 16 days later
        "billing_call": (4, 2, 1),  # the calls of 26 and 28 March are not a week old
        "plan_call": (2, 1, 1),
        "complaint": (1, 1, 1),
    }
    assert rows["activation_call"].share == 0.5
    assert rows["activation_call"].share_low == pytest.approx(0.0945, abs=1e-4)


def test_a_shorter_wait_settles_more_calls(journey):
    """Two days after its last call, everybody's first one is judged."""
    rows = {row.touchpoint: row for row in repeat_calls(journey, days=2)}

    assert (rows["billing_call"].settled, rows["billing_call"].resolved) == (4, 4)


def test_a_plan_without_calls_is_refused():
    """A table of nothing would be read as: nobody calls."""
    journey = observe_input(fixed_cases()[0])

    with pytest.raises(jk.EventLogError, match="'trial' has no touchpoint with channel 'phone'"):
        repeat_calls(journey)


def test_self_service_is_missed_where_customers_can_only_call(journey, manager):
    """In the stage of use there is an app; while customers get started there is none."""
    findings = {row.stage: row for row in jk.gaps(journey, manager=manager).findings}

    assert set(findings) == {"activating", "at_risk"}
    assert (findings["activating"].touchpoint, findings["activating"].customers) == (
        "activation_call",
        2,
    )
