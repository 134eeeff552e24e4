"""Names as small integers: definitions page, Order."""

from __future__ import annotations

import pytest
from tests.logs import observe_days


def test_touchpoints_are_coded_by_the_lifecycle_then_by_code_point():
    """An answer's order must not depend on where it was counted: engines sort text by their own locales."""
    journey = observe_days({"ana": {0: ["zz", "Øst", "first_login", "aa", "Zz", "\U0001f600", "~"]}})

    own = journey.lifecycle.touchpoint_ids
    assert journey.touchpoint_names == (*own, "Zz", "aa", "zz", "~", "Øst", "\U0001f600")


@pytest.mark.filterwarnings("ignore:no event belongs to a stage")
def test_hostile_names_are_names():
    """A CRM's fields hold whatever people typed; none of it may be read as anything but a name."""
    names = [
        "<script>",
        '"; drop table steps',
        "index",
        "at",
        "path_start",
        "null",
        "'",
        "{x}",
        "%s",
        "a/b",
        " ",
    ]

    journey = observe_days({name: {0: name} for name in names})

    assert set(journey.touchpoint_names) - set(journey.lifecycle.touchpoint_ids) == set(names)


def test_a_log_of_stages_alone_needs_no_touchpoints():
    """A CRM's status history names stages only."""
    journey = observe_days({"ana": {0: {"stage": "visit"}, 1: {"stage": "paid"}, 2: {"stage": "nowhere"}}})

    counts = journey.counts
    assert (counts.events, counts.unmapped, counts.visits, journey.touchpoint_names) == (
        3, 1, 2, journey.lifecycle.touchpoint_ids,
    )  # fmt: skip
