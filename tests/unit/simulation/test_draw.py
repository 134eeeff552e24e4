"""Tests of drawing logs: what comes out is what the truth says."""

from __future__ import annotations

import collections
import datetime as dt
import itertools

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import journeykit as jk
from journeykit.errors import SimulationError
from journeykit.model import Lifecycle, Stage, Touchpoint
from journeykit.simulation import simulate
from journeykit.testing import oracle
from journeykit.testing import strategies as jst

START = "2025-01-01"


def _counted(row):
    names = ("stage", "customers", "visits", "moved", "exited", "achieved", "departed", "dropped")
    return tuple(row[name] if isinstance(row, dict) else getattr(row, name) for name in names)


def test_the_columns_are_those_a_crm_exports(log):
    """Names and types, so that examples can rely on them; text is dictionaries, which are small."""
    text = pa.dictionary(pa.int32(), pa.string())
    assert log.events.schema == pa.schema(
        {
            "event_id": pa.int64(),
            "customer": text,
            "timestamp": pa.timestamp("us", tz="UTC"),
            "sequence": pa.int64(),
            "touchpoint": text,
            "stage": text,
            "channel": text,
            "initiator": text,
            "sentiment": pa.float64(),
            "value": pa.float64(),
        }
    )
    assert log.customers.schema == pa.schema({"customer": pa.string(), "vertical": text, "tier": text})
    assert repr(log) == f"<Simulation of 'shop': {log.events.num_rows:,} events of 6,000 customers>"


def test_one_seed_gives_one_log(shop):
    """A failure found in a drawn log has to be found again."""
    one, same, other = (simulate(shop, customers=50, start=START, seed=seed) for seed in (1, 1, 2))

    assert one.events.equals(same.events)
    assert one.customers.equals(same.customers)
    assert one.truth.stages == same.truth.stages
    assert not one.events.equals(other.events)


def test_customers_and_events_are_numbered_in_order(log):
    """As in an export: by time, ids from 1."""
    times = log.events["timestamp"].to_pylist()

    assert times == sorted(times)
    assert log.events["event_id"].to_pylist() == list(range(1, log.events.num_rows + 1))
    assert log.customers["customer"].to_pylist()[:2] == ["c0000001", "c0000002"]
    assert set(log.events["customer"].to_pylist()) == set(log.customers["customer"].to_pylist())


@pytest.mark.parametrize(
    ("columns", "settings"),
    [
        (("stage", "touchpoint"), {}),
        (("touchpoint",), {}),
        (("touchpoint",), {"ties": 0.5, "unmapped": 0.3, "repeat": 0.4, "achieve": 0.3}),
        (("stage", "touchpoint", "sequence"), {"dates_only": True}),
    ],
)
def test_observing_a_log_finds_what_happened(shop, columns, settings):
    """Every visit, outcome and move, by the stage column or by the touchpoints alone."""
    simulation = simulate(shop, customers=300, start=START, seed=3, **settings)
    with jk.events(
        simulation.events, customer="customer", timestamp="timestamp", **{name: name for name in columns}
    ) as source:
        journey = jk.observe(source, shop, as_of=dt.datetime(2040, 1, 1, tzinfo=dt.UTC))
        drop_offs = {row.stage: row for row in jk.drop_offs(journey)}
        moves = {(row.source, row.target): row.moves for row in jk.transitions(journey) if row.moves}

    assert [_counted(drop_offs[row.stage]) for row in simulation.truth.stages] == [
        _counted(row) for row in simulation.truth.stages
    ]
    assert moves == simulation.truth.realised_moves
    assert sum(row.open + row.returned_after_idle for row in drop_offs.values()) == 0


@settings(max_examples=15)
@given(lifecycle=jst.lifecycles(), seed=st.integers(0, 99))
def test_any_lifecycle_makes_a_log_whose_truth_the_oracle_finds(lifecycle, seed):
    """Whatever loops, repeats, shares or has no touchpoint: counted by brute force from the rows alone."""
    simulation = simulate(lifecycle, customers=8, start=START, seed=seed, days=20, unmapped=0.1)
    columns = ("customer", "timestamp", "touchpoint", "stage")
    rows = [{name: row[name] for name in columns} for row in simulation.events.to_pylist()]
    observed = oracle.observe(rows, lifecycle, as_of=rows[-1]["timestamp"] + lifecycle.idle)

    found = oracle.drop_offs(observed)
    assert {_counted(row) for row in found} == {
        _counted(row) for row in simulation.truth.stages if row.visits
    }
    assert {row["returned_after_idle"] for row in found} == {0}
    moves = {
        (row["source"], row["target"]): row["moves"] for row in oracle.transitions(observed) if row["moves"]
    }
    assert moves == simulation.truth.realised_moves


LIFECYCLES = {
    "one stage": Lifecycle("one", stages=["only"], touchpoints={"hello": "only"}),
    "one stage that repeats": Lifecycle(
        "again", stages=["buy"], transitions=[("buy", "buy")], touchpoints={"order": "buy"}
    ),
    "no touchpoints": Lifecycle("bare", stages=["a", "b", Stage("c", kind="goal")]),
    "risk and exit only": Lifecycle("doomed", stages=[Stage("ill", kind="risk"), Stage("out", kind="exit")]),
    "exit only": Lifecycle("out", stages=[Stage("out", kind="exit")]),
    "a goal first": Lifecycle("done", stages=[Stage("won", kind="goal"), Stage("out", kind="exit")]),
    "forty stages": Lifecycle(
        "forty",
        stages=[f"s{place}" for place in range(40)],
        touchpoints={f"t{place}": f"s{place}" for place in range(40)},
    ),
    "ties of rank": Lifecycle("ties", stages=[Stage("a", rank=1), Stage("b", rank=1), Stage("c", rank=2)]),
    "an idle of minutes": Lifecycle("quick", stages=["a", "b", "c"], idle="30 minutes"),
    "an idle of hours": Lifecycle("slow", stages=["a", "b", "c"], idle="36 hours"),
}


@pytest.mark.parametrize("name", LIFECYCLES)
def test_every_shape_of_lifecycle_can_be_simulated(name, rows, moves_of):
    """The moves in the rows are those of the truth, and no silence inside a journey reaches idle."""
    lifecycle = LIFECYCLES[name]
    simulation = simulate(lifecycle, customers=200, start=START, seed=5)
    journeys = rows(simulation)

    assert len(journeys) == 200
    moves = collections.Counter(move for events in journeys.values() for move in moves_of(lifecycle, events))
    assert moves == simulation.truth.realised_moves
    for events in journeys.values():
        times = [row["timestamp"] for row in events]
        assert times == sorted(times)
        assert [row["sequence"] for row in events] == list(range(1, len(events) + 1))
        assert all(later - earlier < lifecycle.idle for earlier, later in itertools.pairwise(times))


def test_a_stage_without_touchpoints_is_carried_by_the_stage_column():
    """A CRM's status field often is all there is."""
    events = simulate(LIFECYCLES["no touchpoints"], customers=20, start=START, seed=1).events

    assert events["touchpoint"].null_count == events.num_rows
    assert events["channel"].null_count == events.num_rows
    assert events["stage"].null_count == 0


def test_events_happen_where_the_plan_says(log, shop):
    """A touchpoint of one stage must not turn up in another."""
    for row in log.events.slice(0, 5_000).to_pylist():
        if row["stage"] is None:
            assert row["touchpoint"] not in shop.touchpoint_ids
        else:
            assert row["stage"] in shop.touchpoint(row["touchpoint"]).stages


def test_customers_begin_within_the_given_days_and_act_in_office_hours(log, rows):
    """Timestamps look like a CRM's; the first day is that of *start*."""
    begun = [events[0]["timestamp"] for events in rows(log).values()]
    hours = {time.hour for time in log.events["timestamp"].to_pylist()}

    assert min(begun).date() == dt.date(2025, 1, 1)
    assert max(begun).date() == dt.date(2025, 12, 31)
    assert hours == set(range(8, 18))


@pytest.mark.parametrize(
    "start",
    [
        "2025-03-01",
        "2025-03-01T23:59:59",
        "2025-03-02T01:00:00+02:00",
        dt.datetime(2025, 3, 1, 5, tzinfo=dt.UTC),
    ],
)
def test_the_first_day_is_a_day_in_utc(shop, start):
    """Whoever names an hour, or another clock, still gets whole days."""
    events = simulate(shop, customers=30, start=start, seed=1, days=1).events

    assert events["timestamp"][0].as_py().date() == dt.date(2025, 3, 1)


def test_dates_alone_lose_their_hours_and_keep_their_order(shop, rows, moves_of):
    """That is how many CRMs export; only `sequence` then tells what came first."""
    simulation = simulate(shop, customers=100, start=START, seed=2, dates_only=True)
    journeys = rows(simulation)

    assert {time.time() for time in simulation.events["timestamp"].to_pylist()} == {dt.time(0)}
    moves = collections.Counter(
        move for events in journeys.values() for move in moves_of(simulation.lifecycle, events)
    )
    assert moves == simulation.truth.realised_moves


@pytest.mark.parametrize(("share", "low", "high"), [(0.0, 0.0, 0.0), (0.3, 0.15, 0.25)])
def test_as_many_later_events_are_unmapped_as_asked_for(shop, share, low, high):
    """A first event never is, so that every visit begins where the truth says."""
    events = simulate(shop, customers=500, start=START, seed=4, unmapped=share).events

    assert low <= events["stage"].null_count / events.num_rows <= high


@pytest.mark.parametrize(("share", "low", "high"), [(0.0, 0.0, 0.002), (0.5, 0.1, 0.3)])
def test_as_many_later_events_are_ties_as_asked_for(shop, rows, share, low, high):
    """Batch imports write one instant for many events."""
    simulation = simulate(shop, customers=300, start=START, seed=4, ties=share)
    pairs = [
        earlier["timestamp"] == later["timestamp"]
        for events in rows(simulation).values()
        for earlier, later in itertools.pairwise(events)
    ]

    assert low <= sum(pairs) / len(pairs) <= high


def test_sentiment_and_value_follow_the_stage(log):
    """Customers at risk are unhappy, and money comes with the goal."""
    moods, values = collections.defaultdict(list), collections.Counter()
    for row in log.events.slice(0, 20_000).to_pylist():
        if row["sentiment"] is not None:
            assert -1 <= row["sentiment"] <= 1
            moods[row["stage"]].append(row["sentiment"])
        if row["value"] is not None:
            assert row["value"] > 0
            values[row["stage"], row["touchpoint"]] += 1

    means = {stage: sum(found) / len(found) for stage, found in moods.items()}
    assert means["gone"] < means["at_risk"] < means["visit"] < means["buy"]
    assert list(values) == [("buy", "order")]


def test_channels_and_parties_are_the_plans(log):
    """An event is mostly in its touchpoint's channel, now and then in another."""
    rows = [row for row in log.events.slice(0, 20_000).to_pylist() if row["touchpoint"] == "page"]
    channels = collections.Counter(row["channel"] for row in rows)

    assert 0.9 < channels["web"] / len(rows) < 0.95
    assert {row["initiator"] for row in rows} == {"customer"}


def test_attributes_are_spread_evenly_over_customers(shop):
    """A log of a thousand logs needs each of the same size."""
    simulation = simulate(
        shop, customers=90, start=START, seed=1, attributes={"log": [f"l{place}" for place in range(30)]}
    )

    counts = collections.Counter(simulation.customers["log"].to_pylist())
    assert set(counts.values()) == {3}
    assert len(counts) == 30


def test_later_touchpoints_come_in_the_order_of_the_plan(rows, visits_of):
    """A demo comes after reading, where the plan says so."""
    plan = Lifecycle(
        "ordered",
        stages=["study"],
        touchpoints=[
            Touchpoint("demo", stages=("study",), after=("article",)),
            Touchpoint("article", stages=("study",)),
            Touchpoint("offer", stages=("study",), after=("demo",)),
        ],
    )
    simulation = simulate(plan, customers=100, start=START, seed=1, unmapped=0, events_per_visit=6)
    order = ["article", "demo", "offer"]

    for events in rows(simulation).values():
        for visit in visits_of(plan, events):
            places = [order.index(row["touchpoint"]) for row in visit]
            assert places[0] == 0
            assert places == sorted(places)


def test_a_walk_without_end_is_stopped_and_counted():
    """Two stages that lead to each other for ever would never return."""
    loop = Lifecycle("loop", stages=["a", "b"], touchpoints={"x": "a", "y": "b"})
    simulation = simulate(
        loop, customers=10, start=START, seed=1, moves={"a": {"b": 1.0}, "b": {"a": 1.0}}, max_visits=5
    )

    assert sum(row.visits for row in simulation.truth.stages) == 50
    assert simulation.truth.cut_short == 10


def test_names_of_unmapped_touchpoints_are_not_the_plans():
    """A lifecycle may well plan a newsletter."""
    plan = Lifecycle(
        "mail", stages=["a"], touchpoints={"newsletter_opened": "a", "other_invoice_question": "a"}
    )
    events = simulate(plan, customers=50, start=START, seed=1, unmapped=0.9).events

    strange = {row["touchpoint"] for row in events.to_pylist() if row["stage"] is None}
    assert strange == {
        "other_other_newsletter_opened",
        "other_other_invoice_question",
        "other_other_out_of_office",
    }


def test_a_start_that_is_no_date_is_an_error(shop):
    """Before anything is drawn."""
    with pytest.raises(SimulationError, match="start: is '1 January', must be ISO 8601"):
        simulate(shop, customers=1, start="1 January", seed=1)
