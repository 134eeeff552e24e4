"""Small journeys to make pages of."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

import journeykit as jk

FIRST_DAY = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def trial():
    """A lifecycle with a goal, a risk and an exit."""
    return jk.Lifecycle(
        "acme-trial",
        stages=[
            "visit",
            jk.Stage("trial", label="Trying it out"),
            jk.Stage("paid", kind="goal"),
            jk.Stage("wobbly", kind="risk"),
            jk.Stage("lapsed", kind="exit"),
        ],
        transitions=[("visit", "trial"), ("trial", "paid"), ("lapsed", "trial")],
        touchpoints={
            "page_view": "visit",
            "first_login": "trial",
            "invoice_paid": "paid",
            "complaint": "wobbly",
            "cancelled": "lapsed",
        },
        idle="30 days",
    )


@pytest.fixture
def observe_days(trial):
    """Observe customers whose events are told by day: `{"ana": {1: "page_view"}}`; day 0 is 2024-01-01.

    Further keywords are columns of attributes by customer, or go to `observe` (`as_of`, `idle`, `lifecycle`).
    """
    opened = []

    def make(days, *, lifecycle=None, as_of=None, idle=None, **attributes):
        rows = [
            {
                "customer": customer,
                "at": FIRST_DAY + dt.timedelta(days=day),
                "touchpoint": touchpoint,
                **{name: values.get(customer) for name, values in attributes.items()},
            }
            for customer, events in days.items()
            for day, touchpoint in events.items()
        ]
        log = jk.events(
            pa.Table.from_pylist(rows),
            customer="customer",
            timestamp="at",
            touchpoint="touchpoint",
            attributes=list(attributes),
        )
        journey = jk.observe(log, lifecycle or trial, as_of=as_of, idle=idle)
        opened.extend((journey, log))
        return journey

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def some_days():
    """A few customers with a step back, an exit, a silence, open visits and an unknown name."""
    return {
        "ana": {0: "page_view", 3: "first_login", 9: "invoice_paid"},
        "ben": {1: "page_view", 4: "first_login", 5: "page_view"},
        "cleo": {2: "page_view", 8: "first_login", 20: "cancelled"},
        "dan": {50: "page_view", 60: "first_login"},
        "eve": {10: "carrier_pigeon"},
        "fay": {0: "page_view", 59: "first_login"},
    }
