"""Lists and windows order events alike: what is observed is the same, row by row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import assume, given

from journeykit.engines import duckdb_views
from journeykit.testing import strategies as jst
from tests.property.lists import by_lists, by_windows, told
from tests.property.test_oracle import compare

if TYPE_CHECKING:
    from journeykit.testing.cases import JourneyInput

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

TELLING = ("customer", "timestamp", "touchpoint", "stage", "event_id")


def plain(drawn: JourneyInput) -> JourneyInput:
    """Make it plain: nothing but names and ids beside the time, no touchpoint that stages share."""
    shared = {name for name, (_, stages) in drawn.lifecycle.touchpoint_names.items() if len(stages) > 1}
    columns = tuple(name for name in drawn.columns if name in TELLING)
    events = tuple(
        {name: row[name] for name in columns} for row in drawn.events if row.get("touchpoint") not in shared
    )
    assume(events)
    return replace(drawn, events=events, columns=columns, customers=None, by=None)


@given(jst.journeys_input(most=40))
def test_lists_and_windows_observe_the_same(drawn):
    """Two ways decide where visits begin, how they end and whom they count."""
    case = plain(drawn)

    with by_lists(case) as one, by_windows(case) as other:
        assert told(one) == told(other)


@given(jst.journeys_input(most=40))
def test_on_lists_the_engine_and_the_oracle_answer_alike(drawn):
    """Most drawn logs have what only windows can order; these have none, and their lists count as long."""
    case = plain(drawn)

    with patch.object(duckdb_views, "MANY", 2):
        with by_lists(case) as one, by_windows(case) as other:
            assert told(one) == told(other)
        compare(case, None)
