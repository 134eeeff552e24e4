"""Gap findings: in order, under their detector's name, whoever offers it."""

from __future__ import annotations

import pytest
from tests.logs import observe_days
from tests.plugged import manager_of, plugin

import journeykit as jk


def found(*findings: tuple[str, str | None], **more: object) -> list[jk.GapFinding]:
    """Make findings of a stage and a touchpoint."""
    return [
        jk.GapFinding(stage=stage, touchpoint=touchpoint, finding="So.", **more)
        for stage, touchpoint in findings
    ]


@pytest.fixture(scope="module")
def journey() -> jk.Journey:
    """Two customers of two channels."""
    return observe_days(
        {
            "ana": {1: {"touchpoint": "page_view", "channel": "web"}},
            "ben": {1: {"touchpoint": "account_created", "channel": None}},
        }
    )


def test_findings_stand_by_stage_touchpoint_and_detector(journey):
    """A reader goes through the lifecycle once, whatever detectors there are, and in which order."""
    detectors = {
        "z": lambda *_: found(("trial", "support_call"), ("visit", None), ("visit", "zz_unknown")),
        "a": lambda *_: found(("visit", "newsletter"), ("visit", None), ("visit", "page_view")),
    }

    findings = jk.gaps(journey, detectors=detectors).findings

    assert [(one.stage, one.touchpoint, one.detector) for one in findings] == [
        ("visit", None, "a"),
        ("visit", None, "z"),
        ("visit", "page_view", "a"),
        ("visit", "newsletter", "a"),
        ("visit", "zz_unknown", "z"),
        ("trial", "support_call", "z"),
    ]


def test_groups_come_in_the_order_of_the_answer(journey):
    """The findings of one group stand together, the missing one last."""

    def each_group(gaps, lifecycle):
        return [
            jk.GapFinding(stage=lifecycle.stage_ids[0], finding="So.", group=row.group)
            for row in reversed(gaps.stages)
            if row.stage is None
        ]

    findings = jk.gaps(journey, by="channel", detectors={"groups": each_group}).findings

    assert [one.group for one in findings] == ["web", None]


def test_a_detector_is_given_the_finished_counts_and_the_plan(journey):
    """Counts in, findings out: there is no event to be had."""
    seen = []

    jk.gaps(journey, detectors={"spy": lambda *given: seen.append(given) or ()})

    ((gaps, lifecycle),) = seen
    assert (gaps, lifecycle) == (jk.gaps(journey, detectors={}), journey.lifecycle)


def test_a_detector_can_not_sign_for_another(journey):
    """The name on a finding is where to complain."""
    forged = jk.GapFinding(stage="visit", finding="So.", detector="not_found")

    (only,) = jk.gaps(journey, detectors={"mine": lambda *_: [forged]}).findings

    assert only.detector == "mine"


def test_two_answers_are_equal_where_their_findings_are(journey):
    """A result is equal by all that it holds."""

    def answer(stage):
        return jk.gaps(journey, detectors={"d": lambda *_: found((stage, None))})

    assert (answer("visit") == answer("visit"), answer("visit") == answer("trial")) == (True, False)


def test_no_plugin_is_loaded_for_the_callers_own_detectors(journey, monkeypatch):
    """Who asks for no detector must not have to wait for, or be warned of, any."""
    monkeypatch.setattr("journeykit.analysis.detecting.default_manager", lambda: pytest.fail("was asked"))

    assert jk.gaps(journey, detectors={}).findings == ()


def test_the_callers_own_detector_raises_what_it_raises(journey):
    """It is being written just now: its traceback is what its author needs."""
    with pytest.raises(ZeroDivisionError):
        jk.gaps(journey, detectors={"mine": lambda *_: 1 / 0})


def test_what_the_callers_own_detector_finds_has_to_make_sense(journey):
    """No plugin is to blame, and none is blamed."""
    with pytest.raises(jk.EventLogError) as raised:
        jk.gaps(journey, detectors={"mine": lambda *_: found(("vist", None))})

    assert str(raised.value).startswith(
        "gap detector 'mine': no stage named 'vist' in lifecycle 'trial'. Did you mean 'visit'?"
    )


def test_plugins_detectors_are_asked_unless_others_are_given(journey):
    """What ships is asked beside them."""
    manager = manager_of(plugin(gap_detectors=lambda: {"theirs": lambda *_: found(("visit", None))}))
    activities = [jk.Activity("lapsed", "cancelled")]

    def detectors(**told):
        return [
            one.detector for one in jk.gaps(journey, activities=activities, manager=manager, **told).findings
        ]

    assert detectors() == ["not_found", "theirs", "not_found"]
    assert detectors(detectors={}) == []
