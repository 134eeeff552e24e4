"""What two journeys tell of a simulated log is the truth behind it; intervals hold it as promised."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import attrs
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import journeykit as jk
from journeykit.testing import oracle
from tests.property.test_oracle import check_same, rows

if TYPE_CHECKING:
    from collections.abc import Mapping

LOGS = 2_000
CUSTOMERS = 160

COLUMNS = ("customer", "timestamp", "touchpoint", "sequence")

PATHS = jk.Lifecycle(
    "paths",
    stages=["ad", "friend", "cold", "warm", jk.Stage("settled", kind="goal"), jk.Stage("left", kind="exit")],
    transitions=[("ad", "friend"), ("ad", "cold"), ("friend", "warm")],
    touchpoints={
        "click": "ad",
        "tip": "friend",
        "cold_order": "cold",
        "warm_order": "warm",
        "renewal": "settled",
        "cancel": "left",
    },
)
"""Whoever was told by a friend buys warm, and settles more often: the truth behind the two journeys."""

MOVES: Mapping[str, Mapping[str, float]] = {
    "ad": {"friend": 0.3, "cold": 0.5},
    "friend": {"warm": 0.8},
    "cold": {"settled": 0.4, "left": 0.25},
    "warm": {"settled": 0.65, "left": 0.2},
    "settled": {},
    "left": {},
}

BUY = jk.Lifecycle(
    "buy",
    stages=["ad", "friend", "bought"],
    touchpoints={"click": "ad", "tip": "friend", "cold_order": "bought", "warm_order": "bought"},
    bridges=[jk.Bridge("use", stage="bought")],
)
USE = jk.Lifecycle(
    "use",
    stages=["new", jk.Stage("settled", kind="goal"), jk.Stage("left", kind="exit")],
    touchpoints={"cold_order": "new", "warm_order": "new", "renewal": "settled", "cancel": "left"},
)


def drawn(customers: int) -> jk.Simulation:
    """Draw customers who begin within 90 days."""
    return jk.simulate(
        PATHS, customers=customers, start="2024-01-01", seed=5, days=90, moves=MOVES,
        starts={"ad": 0.7, "friend": 0.3}, ties=0.0, unmapped=0.0, sentiment=0.0, attributes={},
    )  # fmt: skip


def observed(events: pa.Table, as_of: str, **more: list[str]) -> tuple[jk.Journey, jk.Journey]:
    """Observe a drawn log as a buyer's and as a user's journey."""
    log = jk.events(events, **{name: name for name in COLUMNS}, **more)
    return jk.observe(log, BUY, as_of=as_of), jk.observe(log, USE, as_of=as_of)


def truly(truth: jk.Truth, outcome: str, day: int) -> dict[str, float]:
    """Give the true share of each kind of buyer for whom an outcome has come first by a day."""
    if outcome == "lost":
        return {stage: truth.share_lost(stage, by_day=day) for stage in ("cold", "warm")}
    return {stage: truth.share_moved(stage, "settled", by_day=day) for stage in ("cold", "warm")}


def test_what_a_friends_word_carries_over_is_found():
    """More of those with a friend settle, and fewer are lost: cut off while many are open, and yet told."""
    simulation = drawn(20_000)

    found = jk.carry_over(*observed(simulation.events, "2024-02-25"))

    (crossing,) = found.crossings
    assert crossing.open > crossing.crossed / 4
    for row in found:
        if (row.factor, row.name) not in {("stage", "friend"), ("touchpoint", "tip")}:
            continue
        true = truly(simulation.truth, row.outcome, row.day)
        assert row.with_low <= true["warm"] <= row.with_high
        assert row.without_low <= true["cold"] <= row.without_high
        assert row.difference_low <= true["warm"] - true["cold"] <= row.difference_high
        assert row.difference_high - row.difference_low < 0.06
        assert (row.difference > 0.15) is (row.outcome == "reached")


def test_in_the_end_everybody_stands_where_the_truth_left_them():
    """When every journey has run its course, the pairs are the last stages of the customers."""
    simulation = drawn(5_000)
    journey, other = observed(simulation.events, "2025-06-30")

    last = [row for row in jk.overlap(journey, other, every="quarter") if row.at == journey.as_of]

    ended = {row.stage: row.achieved + row.departed + row.dropped for row in simulation.truth.stages}
    pairs: Counter[str | None] = Counter()
    for row in last:
        pairs[row.other_stage] += row.customers + row.silent
        assert row.silent == row.customers + row.silent  # a buyer's stage is no place to rest in
    assert pairs == {
        None: ended["ad"] + ended["friend"],
        "new": ended["cold"] + ended["warm"],
        "settled": ended["settled"],
        "left": ended["left"],
    }


@pytest.mark.parametrize("as_of", ["2024-01-20", "2024-02-10", "2024-03-20", "2024-09-01"])
def test_a_crowd_equals_the_oracle(as_of):
    """Enough customers to read both arms, each at a day of its own: drawn logs are too small for that."""
    events = drawn(150).events.select(COLUMNS)
    pair = observed(events, as_of)

    one, two = (
        oracle.observe(events.to_pylist(), plan, as_of=pair[0].as_of, columns=COLUMNS) for plan in (BUY, USE)
    )

    for bridge in BUY.stage_ids:
        ours, theirs = jk.carry_over(*pair, bridge=bridge), oracle.carry_over(one, two, bridge=bridge)
        check_same([attrs.asdict(row) for row in ours.crossings], theirs.crossings)
        check_same(rows(ours), theirs.rows)
    check_same(rows(jk.overlap(*pair, every="week")), oracle.overlap(one, two, every="week"))


@pytest.mark.slow
def test_intervals_of_differences_hold_the_truth_as_often_as_they_promise():
    """Of 2,000 logs, each cut off while many customers are open and read at its own day, 95 % do."""
    simulation = drawn(LOGS * CUSTOMERS)
    names = pc.cast(simulation.events["customer"], pa.string())
    number = pc.cast(pc.utf8_slice_codeunits(names, 1), pa.int64())
    events = simulation.events.append_column("log", pa.array(number.to_numpy() % LOGS))

    found = jk.carry_over(*observed(events, "2024-02-25", attributes=["log"]), by="log")

    held: Counter[str] = Counter()
    read: Counter[str] = Counter()
    for row in found:
        if (row.factor, row.name) == ("stage", "friend") and row.day is not None:
            true = truly(simulation.truth, row.outcome, row.day)
            read[row.outcome] += 1
            held[row.outcome] += row.difference_low <= true["warm"] - true["cold"] <= row.difference_high
    rates = {outcome: held[outcome] / n for outcome, n in read.items()}
    assert min(read.values()) >= LOGS // 2, read
    assert all(0.93 <= rate <= 0.97 for rate in rates.values()), rates
