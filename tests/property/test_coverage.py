"""The intervals keep their promise: of 2,000 logs, 95 % of the intervals hold the truth."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import journeykit as jk
from journeykit.analysis.drop_offs import LOST, _lost_or_kept
from journeykit.analysis.groups import groups
from journeykit.analysis.shares import Ends, end_shares
from journeykit.analysis.transitions import _cause_of
from journeykit.relations import visits as outcomes
from journeykit.relations.observed import count_alone

LOGS = 2_000
CUSTOMERS = 150
IDLE_DAYS = 30

LOOPS = jk.Lifecycle(
    "loops",
    stages=["a", "b", "c", jk.Stage("won", kind="goal"), jk.Stage("gone", kind="exit")],
    transitions=[("a", "b"), ("b", "a"), ("b", "c"), ("c", "won"), ("c", "a")],
    touchpoints={"see": "a", "try": "b", "buy": "c", "renew": "won", "leave": "gone"},
    idle=f"{IDLE_DAYS} days",
)
STAGES = LOOPS.stage_ids
DROPPED = outcomes.ending_of(LOOPS, outcomes.DROPPED)

Cells = dict[tuple[int, int], Ends]


@pytest.fixture(scope="module")
def drawn():
    """One simulation, of which every 2,000th customer makes a log, cut off while many visits are open."""
    return jk.simulate(
        LOOPS, customers=LOGS * CUSTOMERS, start="2024-01-01", seed=2, days=90,
        drop=0.15, exits=0.08, risk=0.0, regress=0.2, ties=0.0, unmapped=0.0, sentiment=0.0,
        attributes={}, max_visits=60,
    )  # fmt: skip


@pytest.fixture(scope="module")
def cells(drawn) -> dict[str, Cells]:
    """The shares of each log and stage, of what is lost and of each target."""
    number = pc.cast(pc.utf8_slice_codeunits(pc.cast(drawn.events["customer"], pa.string()), 1), pa.int64())
    events = drawn.events.append_column("log", pa.array(number.to_numpy() % LOGS))
    names = {"customer": "customer", "timestamp": "timestamp", "touchpoint": "touchpoint"}
    with (
        jk.events(events, **names, attributes=["log"]) as log,
        jk.observe(log, LOOPS, as_of="2024-03-25") as journey,
    ):
        visits = groups(journey, "log").join(journey.visits)
        return {
            "lost": end_shares(count_alone(visits), journey.scratch, cause=_lost_or_kept(LOOPS)),
            "targets": end_shares(count_alone(visits), journey.scratch, cause=_cause_of(LOOPS)),
        }


def chance(truth, stage: str, cause: str, day: int) -> float:
    """Give the true probability that a visit has ended so by a day."""
    stay = np.asarray(truth.stay_days[stage])[: day + 1].sum()
    silence = np.asarray(truth.last_sign_days[stage])[: max(0, day - IDLE_DAYS + 1)].sum()
    if cause == "lost":
        return truth.exited[stage] * stay + truth.dropped[stage] * silence
    return truth.dropped[stage] * silence if cause == "dropped" else truth.moves[stage].get(cause, 0.0) * stay


def covered(truth, cells: Cells, causes: dict[int, str]) -> dict[tuple[str, str], float]:
    """Give, for each stage and cause that is possible there, the share of intervals that hold the truth."""
    held: Counter[tuple[str, str]] = Counter()
    asked: Counter[tuple[str, str]] = Counter()
    for (_, code), ends in cells.items():
        for cause, name in causes.items():
            share, stage = ends.share(cause), STAGES[code]
            if (
                ends.day is None
                or share.low is None
                or share.high is None
                or not _possible(truth, stage, name)
            ):
                continue
            asked[stage, name] += 1
            held[stage, name] += share.low <= chance(truth, stage, name, ends.day) <= share.high
    return {key: held[key] / n for key, n in asked.items() if n >= LOGS // 2}


def _possible(truth, stage: str, name: str) -> bool:
    return chance(truth, stage, name, 10_000) > 0


@pytest.mark.slow
def test_intervals_of_what_is_lost_hold_the_truth_as_often_as_they_promise(drawn, cells) -> None:
    """A looping customer's visits are alike, and open visits are censored: plain Wilson covers 50 to 78 %."""
    rates = covered(drawn.truth, cells["lost"], {LOST: "lost"})

    assert {stage for stage, _ in rates} == {"a", "b", "c", "won"}
    assert all(0.93 <= rate <= 0.97 for rate in rates.values()), rates


@pytest.mark.slow
def test_intervals_of_targets_hold_the_truth_as_often_as_they_promise(drawn, cells) -> None:
    """Also where a target is rare: 2 % of 300 visits are six moves, and a share is one of few values."""
    causes = dict(enumerate(STAGES)) | {DROPPED: "dropped"}
    rates = covered(drawn.truth, cells["targets"], causes)

    assert len(rates) >= 15
    assert 0.93 <= sum(rates.values()) / len(rates) <= 0.97, rates
    assert all(0.92 <= rate <= 0.99 for rate in rates.values()), rates
