"""The call centre's export becomes events, and what is no call of a customer's is set aside, counted."""

import journeykit as jk
import pyarrow as pa
import pytest


@pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")
def test_every_row_is_used_or_set_aside_for_a_reason(log):
    """Nobody should have to ask where a row went."""
    assert log.counts().by_reason == {
        "hung_up": 1,  # c10: nobody spoke
        "other_direction": 1,  # c09: we called
        "test_call": 1,  # c12
        "no_customer": 1,  # c18: a withheld number
        "unreadable_timestamp": 1,  # c19
        "repeated_event_id": 1,  # c16, exported twice
    }


def test_a_porting_code_puts_a_customer_at_risk(journey):
    """The call was about a bill; what it told us was something else."""
    steps = [(step.stage, step.touchpoint) for step in jk.trace(journey, "4520003333").steps]

    assert steps == [("using", "billing_call"), ("at_risk", "billing_call")]
    assert journey.rules == ("porting_code_given",)


def test_a_frame_keeps_its_types(manager):
    """Numbers for subscribers and true for a code, as a database has them, mean the same."""
    calls = pa.table(
        {
            "call_id": [1, 2],
            "subscriber": [4520001111, 4520002222],
            "started": ["01-03-2024 09:02", "02-03-2024 09:02"],
            "direction": ["in", "in"],
            "reason": ["Bill", "Bill"],
            "seconds": [300, 0],
            "agent": ["kim", "bo"],
            "porting_code": [True, False],
        }
    )
    plan = jk.lifecycle("telecom-postpaid", manager=manager)
    with (
        jk.events(calls, format="call_centre", manager=manager) as log,
        jk.observe(log, plan, manager=manager) as journey,
    ):
        assert log.counts().by_reason == {"hung_up": 1}
        assert [step.stage for step in jk.trace(journey, "4520001111").steps] == ["at_risk"]


def test_calls_in_the_other_direction_can_be_asked_for(calls, manager):
    """A campaign that calls customers is a journey, too."""
    options = {"direction": "out"}
    with jk.events(calls, format="call_centre", options=options, manager=manager) as log:
        assert log.counts().by_reason["other_direction"] == 19


def test_a_direction_that_is_none_is_refused(calls, manager):
    """With the words that there are."""
    with pytest.raises(jk.UnknownNameError, match="no direction named 'inn'. Did you mean 'in'"):
        jk.events(calls, format="call_centre", options={"direction": "inn"}, manager=manager)


def test_another_export_is_refused(tmp_path, manager):
    """The columns that are missing say which file was meant."""
    other = tmp_path / "chats.csv"
    other.write_text("chat_id,subscriber,started\n1,2,3\n", "utf-8")

    with pytest.raises(jk.EventLogError, match="chats.csv.* has no column 'call_id' or 'direction' or"):
        jk.events(other, format="call_centre", manager=manager)
