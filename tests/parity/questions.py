"""The questions: how an engine is asked, how the oracle is, and how their answers are laid side by side.

An answer is a dictionary of parts, each a list of plain rows.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from itertools import accumulate, zip_longest
from typing import TYPE_CHECKING, Any

import attrs

import journeykit as jk
from journeykit.testing import oracle
from journeykit.testing.oracle.stored import stored_stages
from journeykit.testing.oracle.visits import _first_events
from tests.property.test_oracle import NEAR, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    import networkx as nx

    from journeykit.testing.cases import Row
    from tests.parity.asking import Seen
    from tests.parity.telling import Told

    Answer = dict[str, list[Row]]

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

LOG, ACROSS = "log", "across"

EVERY = "week"
"""The moments at which an overlap is looked at."""


@dataclass(frozen=True)
class Question:
    """One question, asked twice.

    Attributes:
        ask: Asks an engine.
        tell: Asks the oracle; an engine's answer may have more parts.
        by: What it is asked with: "log", each log by itself; None, all customers in one group; and the
            batch's own attribute, which cuts across the logs. An engine that is slow takes the first.
    """

    ask: Callable[[Seen, str | None], Answer]
    tell: Callable[[Told, str | None], Answer]
    by: tuple[str | None, ...] = (LOG, None, ACROSS)


def _ask_rows(question: Callable[..., jk.Result[Any]]) -> Callable[[Seen, str | None], Answer]:
    def ask(seen: Seen, by: str | None) -> Answer:
        result = question(seen.journey, by=by)
        return {"rows": rows(result), "definition": [attrs.asdict(result.definition)]}

    return ask


def _tell_rows(question: Callable[[oracle.Observed], list[Row]]) -> Callable[[Told, str | None], Answer]:
    return lambda told, by: {"rows": told.rows(question, by)}


def _ask_gaps(seen: Seen, by: str | None) -> Answer:
    answer: Answer = {}
    for name, activities in (("plan", None), ("company", seen.told.batch.activities)):
        found = jk.gaps(seen.journey, activities=activities, by=by)
        answer[f"{name}: rows"] = [
            {key: cell for key, cell in row.items() if key != "consequence"} for row in rows(found)
        ]
        answer[f"{name}: stages"] = [
            {"stage": one.stage, "match_score": one.match_score, "presence": one.presence, "group": one.group}
            for one in found.stages
        ]
        answer[f"{name}: consequences"] = [{"consequence": row.consequence} for row in found]
        answer[f"{name}: findings"] = [attrs.asdict(one) for one in found.findings]
    known = seen.told.batch.lifecycle.touchpoint_ids
    told = [attrs.asdict(one) for one in found.unmapped]
    answer["unmapped"] = [one for one in told if one["touchpoint"] not in known]
    answer["unmapped, known"] = [one for one in told if one["touchpoint"] in known]
    answer["unseen"] = [{"stage": stage} for stage in found.unseen]
    return answer


def _tell_gaps(told: Told, by: str | None) -> Answer:
    answer: Answer = {}
    for name, activities in (("plan", None), ("company", told.batch.activities)):
        found = [oracle.gaps(one, activities) for one, _ in told.parts(by)]
        answer[f"{name}: rows"] = [row for one in found for row in one.rows]
        answer[f"{name}: stages"] = [row for one in found for row in one.presence]
    whole = oracle.gaps(told.whole)
    names = ("touchpoint", "events", "customers")
    answer["unmapped"] = [{name: row[name] for name in names} for row in whole.unmapped_touchpoints]
    answer["unseen"] = [{"stage": stage} for stage in whole.unseen_stages]
    return answer


def _ask_overlap(seen: Seen, by: str | None) -> Answer:
    found = jk.overlap(seen.journey, seen.other, every=EVERY, by=by)
    return {"rows": rows(found), "definition": [attrs.asdict(found.definition)]}


def _tell_overlap(told: Told, by: str | None) -> Answer:
    return {"rows": [row for pair in told.parts(by) for row in oracle.overlap(*pair, every=EVERY)]}


def _ask_carry_over(seen: Seen, by: str | None) -> Answer:
    found = jk.carry_over(seen.journey, seen.other, bridge=seen.told.bridge, by=by)
    return {"rows": rows(found), "crossings": [attrs.asdict(one) for one in found.crossings]}


def _tell_carry_over(told: Told, by: str | None) -> Answer:
    found = [oracle.carry_over(*pair, bridge=told.bridge) for pair in told.parts(by)]
    return {
        "rows": [row for one in found for row in one.rows],
        "crossings": [row for one in found for row in one.crossings],
    }


def _tell_stored(told: Told, by: str | None) -> Answer:
    return {"rows": told.rows(lambda one: stored_stages(one, told.batch.customers), by)}


def _ask_counts(seen: Seen, _: str | None) -> Answer:
    counts = {**attrs.asdict(seen.journey.counts), "as_of": seen.journey.as_of}
    return {"counts": [counts]}


def _tell_counts(told: Told, _: str | None) -> Answer:
    found = oracle.counts(told.whole)
    names = ("events", "later", "unmapped", "customers", "unplaced")
    visits = sum(len(person.visits) for person in told.whole.people)
    return {
        "counts": [{**{name: found[name] for name in names}, "visits": visits, "as_of": told.whole.as_of}]
    }


def _ask_graph(seen: Seen, _: str | None) -> Answer:
    graph = seen.journey.graph()
    nodes = sorted(
        ({"node": node, **data} for node, data in graph.nodes(data=True)), key=lambda one: one["node"]
    )
    edges = _edges(graph)
    seen_touchpoints = [one for one in nodes if one["kind"] == "touchpoint" and one["events"]]
    stages = [one for one in nodes if one["kind"] == "stage"]
    return {
        "touchpoints": [
            {name: one[name] for name in ("node", "events", "customers")} for one in seen_touchpoints
        ],
        "stages": [
            {name: one.get(name) for name in ("node", "customers", "visits", "lost", "open", "share_lost")}
            for one in stages
        ],
        "next": [
            {name: one[name] for name in ("source", "target", "moves", "median_days")}
            for one in edges
            if one["kind"] == "next"
        ],
        "graph": [dict(graph.graph)],
        "nodes": nodes,
        "edges": edges,
    }


def _edges(graph: nx.DiGraph[str]) -> list[Row]:
    found = ({"source": source, "target": target, **data} for source, target, data in graph.edges(data=True))
    return sorted(found, key=lambda one: (one["source"], one["target"]))


def _tell_graph(told: Told, _: str | None) -> Answer:
    whole = told.whole
    moves = sorted(oracle.next_moves(whole).items())
    return {
        "touchpoints": [
            {"node": node, **one} for node, one in sorted(oracle.touchpoint_nodes(whole).items())
        ],
        "stages": [{"node": node, **one} for node, one in sorted(oracle.stage_nodes(whole).items())],
        "next": [
            {"source": pair[0], "target": pair[1], "moves": count, "median_days": days}
            for pair, (count, days) in moves
        ],
    }


def _ask_trace(seen: Seen, _: str | None) -> Answer:
    answer: Answer = {}
    for place, person in enumerate(seen.told.followed):
        found = jk.trace(seen.journey, person.customer)
        answer[f"steps {place}"] = [attrs.asdict(step) for step in found.steps]
    answer["edges"] = _edges(found.graph())
    return answer


def _tell_trace(told: Told, _: str | None) -> Answer:
    answer: Answer = {}
    for place, person in enumerate(told.followed):
        firsts = set(_first_events(person.steps, told.batch.lifecycle))
        visits = accumulate(number in firsts for number in range(len(person.steps)))
        answer[f"steps {place}"] = [
            {
                "timestamp": EPOCH + dt.timedelta(microseconds=step.us),
                "stage": step.stage,
                "touchpoint": step.touchpoint,
                "visit": visit,
                "begins": number in firsts,
            }
            for number, (step, visit) in enumerate(zip(person.steps, visits, strict=True))
        ]
    return answer


QUESTIONS = {
    "transitions": Question(_ask_rows(jk.transitions), _tell_rows(oracle.transitions), by=(LOG, None)),
    "drop_offs": Question(_ask_rows(jk.drop_offs), _tell_rows(oracle.drop_offs)),
    "last_touchpoints": Question(
        _ask_rows(jk.last_touchpoints), _tell_rows(oracle.last_touchpoints), by=(LOG,)
    ),
    "gaps": Question(_ask_gaps, _tell_gaps, by=(LOG, None)),
    "stored_stages": Question(_ask_rows(jk.stored_stages), _tell_stored, by=(LOG, None)),
    "overlap": Question(_ask_overlap, _tell_overlap),
    "carry_over": Question(_ask_carry_over, _tell_carry_over, by=(LOG, None)),
    "counts": Question(_ask_counts, _tell_counts, by=(None,)),
    "graph": Question(_ask_graph, _tell_graph, by=(None,)),
    "trace": Question(_ask_trace, _tell_trace, by=(None,)),
}


def check_alike(ours: Answer, theirs: Answer, asked: str) -> None:
    """Hold one answer beside another, as far as the other goes; show the first rows where they differ."""
    for part, wanted in theirs.items():
        found = ours[part]
        for place, (one, other) in enumerate(zip_longest(found, wanted)):
            assert alike(one, other), f"{asked}: {part}, row {place}:\n ours  {one}\n other {other}"


def alike(one: object, other: object) -> bool:
    """Compare cells, rows and lists of these: floats nearly, all else exactly."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, float) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=NEAR, abs_tol=NEAR)
    return one == other
