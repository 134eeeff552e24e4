"""A webshop's clicks: by visitor, by session, by channel, and by the stage that the log itself names."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

import journeykit as jk
from tests.realdata import reference

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = {"timestamp": "timestamp", "touchpoint": "event"}


@pytest.fixture(scope="module")
def path(shared_data: Path) -> Path:
    """The file of clicks."""
    return shared_data / reference.WEBSHOP.path


@pytest.fixture(scope="module")
def specific(known: Any) -> dict[str, Any]:
    """What is known of this log alone."""
    return known("webshop").facts["specific"]


@pytest.fixture(scope="module")
def rows(shared_data: Path) -> list[dict[str, str]]:
    """The rows as they are."""
    return reference.WEBSHOP.rows(shared_data)


def test_a_stage_column_decides(path, rows, specific):
    """The log knows whether a visitor is new, returning or loyal; where clicks are made says nothing then."""
    plan = jk.Lifecycle("loyalty", stages=["new", "returning", "loyal"], touchpoints={"home": "new"})
    order = {stage: place for place, stage in enumerate(plan.stage_ids)}
    histories: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        histories.setdefault(row["user_id"], []).append(row)
    firsts, lasts = Counter(), Counter()
    for history in histories.values():
        stages = [row["user_lifecycle"] for row in sorted(history, key=lambda row: row["timestamp"])]
        assert stages == sorted(stages, key=order.__getitem__)
        firsts[stages[0]] += 1
        lasts[stages[-1]] += 1
    with (
        jk.events(path, customer="user_id", stage="user_lifecycle", **COLUMNS) as log,
        jk.observe(log, plan) as journey,
    ):
        moves = {(row.source, row.target): row for row in jk.transitions(journey)}
        arrived = Counter()
        for (_, target), row in moves.items():
            arrived[target] += row.moves
        drop_offs = {row.stage: row for row in jk.drop_offs(journey)}

        assert {row.kind for row in moves.values()} <= {"advance", "skip"}
        assert {stage: row.customers for stage, row in drop_offs.items()} == specific["by_lifecycle_users"]
        assert {stage: row.visits - arrived[stage] for stage, row in drop_offs.items()} == dict(firsts)
        assert {stage: row.dropped + row.open for stage, row in drop_offs.items()} == dict(lasts)


def test_sessions_are_cut_where_silence_is_longer_than_half_an_hour(known, specific):
    """A silence that ended is seen wherever it was, even where every customer returned."""
    shop = known("webshop")
    plan = jk.Lifecycle(
        "clicks",
        stages=shop.names,
        transitions=[(name, name) for name in shop.names],
        touchpoints={name: name for name in shop.names},
    )
    silence = timedelta(seconds=1800, microseconds=1)
    as_of = shop.events[-1].timestamp.replace(year=2025)
    with (
        reference.open_events(shop.events) as log,
        jk.observe(log, plan, as_of=as_of, idle=silence) as journey,
    ):
        rows = jk.drop_offs(journey)

        assert sum(row.returned_after_idle for row in rows) == specific["sessions"] - shop.facts["cases"]
        assert sum(row.dropped for row in rows) == shop.facts["cases"]


def test_the_funnel_of_sessions(path, project, specific):
    """Sessions that reach each step, in any order; a session is a customer here."""
    plan = reference.example_plan("webshop", project)
    with (
        jk.events(path, customer="session_id", **COLUMNS) as log,
        jk.observe(log, plan, as_of="2024-06-30", idle="30 minutes") as journey,
    ):
        graph = journey.graph()
        reached = {
            data["label"]: data["customers"]
            for _, data in graph.nodes(data=True)
            if data["kind"] == "touchpoint"
        }

        assert {name: reached[name] for name in specific["session_funnel_any_order"]} == specific[
            "session_funnel_any_order"
        ]
        assert sum(row.open for row in jk.drop_offs(journey)) == 0


def test_sessions_by_channel(path, known, specific):
    """A column of the log makes groups, and groups sum to the total."""
    plan = jk.Lifecycle("one", stages=["shop"], touchpoints={"home": "shop"})
    with (
        jk.events(path, customer="session_id", attributes=["acquisition_channel"], **COLUMNS) as log,
        jk.observe(log, plan.map(touchpoints=dict.fromkeys(known("webshop").names, "home"))) as journey,
    ):
        by_channel = {row.group: row.customers for row in jk.drop_offs(journey, by="acquisition_channel")}

        assert by_channel == specific["by_channel_sessions"]
        assert sum(by_channel.values()) == specific["sessions"]


def test_buyers_reach_the_goal(example, specific):
    """Each visitor looks around, so that there the goal's visitors are all buyers."""
    rows = {row.stage: row for row in jk.drop_offs(example("webshop"))}

    assert (rows["discover"].customers, rows["discover"].reached_goal, rows["purchase"].customers) == (
        600,
        specific["users_with_purchase"],
        specific["users_with_purchase"],
    )
