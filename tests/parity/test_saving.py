"""What an engine holds is saved to one file, and loaded without the engine."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

import journeykit as jk
from journeykit.testing.cases import day, trial_lifecycle
from tests.logs import event_rows, frame

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

EVENTS = frame(
    event_rows(
        {
            "ana": {0: "page_view", 1: "account_created", 2: "support_call", 9: "invoice_paid"},
            'o"neil, \\.': {0: "page_view", 1: "zz\nunknown", 3: ["account_created", "cancelled"]},
            "NA": {0: {"touchpoint": "page_view", "channel": 'a "web", or\r\nso'}, 30: "first_login"},
            "\\N": {0: {"touchpoint": "page_view", "channel": "\\N"}, 1: {"touchpoint": "null"}},
        }
    )
)
CUSTOMERS = pa.table(
    {
        "customer": ["ana", "NA"],
        "price": pa.array([Decimal("2.50"), None], pa.decimal128(10, 2)),
        "since": [dt.date(2020, 2, 29), None],
        "score": [1.5, None],
        "is_new": [True, False],
    }
)
GROUPS = (None, "channel", "price", "since", "score", "is_new")


def answers(journey, groups):
    """Ask for whatever a column that was changed on its way would change."""
    return (
        (journey.lifecycle, journey.as_of, journey.counts, journey.touchpoint_names, journey.steps.columns),
        [jk.drop_offs(journey, by=by) for by in groups],
        [jk.trace(journey, customer).steps for customer in ("ana", 'o"neil, \\.', "NA", "\\N")],
    )


def test_a_saved_journey_answers_as_the_engine_did(engine, tmp_path, monkeypatch):
    """In whatever way the rows left it: nulls and empty texts, quotes and line breaks, dates and decimals."""
    monkeypatch.setattr("journeykit.engines.attached.SLICE", 5)
    theirs = engine.put(EVENTS)
    roles = {name: name for name in ("customer", "timestamp", "touchpoint", "channel")}
    try:
        with (
            jk.events(theirs, **roles, customers=CUSTOMERS) as log,
            jk.observe(log, trial_lifecycle(), as_of=day(40)) as journey,
        ):
            journey.save(tmp_path / "journey.jkt")
            with jk.load(tmp_path / "journey.jkt", verify=True) as loaded:
                groups = GROUPS[:3] if engine.is_slow else GROUPS
                assert answers(loaded, groups) == answers(journey, groups)
    finally:
        engine.drop(theirs)
