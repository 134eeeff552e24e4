"""The oracle reads rows as the definitions say: null cells, and rows that can't be used."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from journeykit.testing import oracle
from journeykit.testing.cases import day, event, trial_lifecycle


def test_a_row_that_breaks_several_rules_is_set_aside_under_the_first_that_fits():
    """Each of the six rows below breaks the rule named beside it and, where it can, every later one."""
    events = [
        event("", None, ""),  # no_customer
        event("ana", None, ""),  # no_timestamp
        {**event("ana", 0, ""), "timestamp": "yesterday"},  # unreadable_timestamp
        {**event("ana", 0, ""), "timestamp": datetime(2201, 1, 1, tzinfo=UTC)},  # timestamp_out_of_range
        event("ana", 0, "", stage="", event_id="1"),  # no_touchpoint_or_stage
        event("ana", 0, "page_view", event_id="1"),
        event("ana", 1, "page_view", event_id="1"),  # repeated_event_id
    ]

    counts = oracle.counts(oracle.observe(events, trial_lifecycle()))

    assert counts == {
        "read": 7,
        "rejected": {
            "no_customer": 1,
            "no_timestamp": 1,
            "unreadable_timestamp": 1,
            "timestamp_out_of_range": 1,
            "no_touchpoint_or_stage": 1,
            "repeated_event_id": 1,
        },
        "used": 1,
        "events": 1,
        "later": 0,
        "unmapped": 0,
        "customers": 1,
        "unplaced": 0,
    }


def test_the_years_1900_and_2200_can_be_used():
    """The bounds of the range belong to it."""
    years = (1899, 1900, 2200, 2201)
    events = [
        {**event("ana", 0, "page_view"), "timestamp": datetime(year, 7, 1, tzinfo=UTC)} for year in years
    ]

    counts = oracle.counts(oracle.observe(events, trial_lifecycle()))

    assert (counts["rejected"], counts["used"]) == ({"timestamp_out_of_range": 2}, 2)


def test_of_repeated_event_ids_the_first_in_time_then_sequence_then_code_point_is_kept():
    """Which of the repeats is kept decides the answer, so it must not depend on the order of the rows.

    Id 1: day 1 before day 2. Id 2: sequence 1 before 2 before null. Id 3: "Zoom" before "ad". A null id
    repeats nothing.
    """
    events = [
        event("ana", 2, "late", event_id="1"),
        event("ana", 1, "early", event_id="1"),
        event("ben", 1, "a third", event_id="2"),
        event("ben", 1, "b second", event_id="2", sequence=2),
        event("ben", 1, "c first", event_id="2", sequence=1),
        event("cy", 1, "ad", event_id="3"),
        event("cy", 1, "Zoom", event_id="3"),
        event("dee", 1, "one"),
        event("dee", 1, "one"),
    ]

    observed = oracle.observe(events, trial_lifecycle())

    assert observed.rejected == {"repeated_event_id": 4}
    assert {person.customer: [step.touchpoint for step in person.steps] for person in observed.people} == {
        "ana": ["early"],
        "ben": ["c first"],
        "cy": ["Zoom"],
        "dee": ["one", "one"],
    }


def test_as_of_defaults_to_the_newest_usable_event_and_later_events_are_counted():
    """An unmapped event is a sign of life; one that can't be used, or lies after `as_of`, is none."""
    events = [
        event("ana", 0, "page_view"),
        event("ben", 5, "zz_unknown"),
        {**event("ana", 0, "page_view"), "timestamp": datetime(9999, 12, 31, tzinfo=UTC)},
    ]

    by_default = oracle.observe(events, trial_lifecycle())
    earlier = oracle.observe(events, trial_lifecycle(), as_of=day(0))

    assert (by_default.as_of, by_default.later) == (day(5), 0)
    assert (earlier.later, [person.customer for person in earlier.people]) == (1, ["ana"])


def test_a_log_without_usable_rows_has_no_moment_and_no_answers():
    """An empty log is an empty answer, not an error."""
    observed = oracle.observe([event(None, 0, "page_view")], trial_lifecycle())

    assert (observed.as_of, observed.people) == (None, ())
    assert oracle.drop_offs(observed) == []


def test_two_rows_for_one_customer_are_an_error():
    """Which of the two would be believed?"""
    with pytest.raises(ValueError, match="a customer has two rows"):
        oracle.observe([], trial_lifecycle(), customers=[{"customer": "ana"}, {"customer": "ana"}])


def test_a_target_stage_must_be_known_and_have_a_rank():
    """A misspelt target would silently never be reached."""
    with pytest.raises(LookupError, match=r"no stage named 'pade' in target_stage\. Did you mean 'paid'"):
        oracle.observe([], trial_lifecycle(), customers=[{"customer": "ana", "target_stage": "pade"}])
    with pytest.raises(ValueError, match="'lapsed' is a risk or an exit stage"):
        oracle.observe([], trial_lifecycle(), customers=[{"customer": "ana", "target_stage": "lapsed"}])


def test_an_unknown_column_and_an_unknown_group_are_errors():
    """A misspelt key would silently be ignored."""
    with pytest.raises(ValueError, match="chanel"):
        oracle.observe([event("ana", 0, chanel="web")], trial_lifecycle())
    with pytest.raises(LookupError, match="vertical"):
        oracle.observe([event("ana", 0, "page_view")], trial_lifecycle(), by="vertical")
