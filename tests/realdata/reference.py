"""Read the real logs with the standard library alone, and what is known of them.

Beside every log lies a `facts.json`, counted by other people with other tools.  Its
order is (customer, timestamp, tie-breaking column, row); here that order becomes one
number per event, to be named as `sequence`.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import yaml

import journeykit as jk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


class Event(NamedTuple):
    """One event; `sequence` orders a customer's events of one timestamp."""

    customer: str
    timestamp: datetime
    sequence: int
    touchpoint: str


@dataclass(frozen=True)
class RealLog:
    """A file of events, and how its facts.json reads it.

    Attributes:
        path: Where it is, below the directory of the real logs.
        customer: The column that facts.json calls the case.
        touchpoint: The column that facts.json calls the activity.
        timestamp: The column of the time.
        ties: The column that, as text, orders events of one timestamp; then comes their place in the file.
        part: The part of facts.json about it, or None for the whole.
        only: The values of `ties` that are read, or None for all.
    """

    path: str
    customer: str
    touchpoint: str
    timestamp: str
    ties: str | None = None
    part: str | None = None
    only: tuple[str, ...] | None = None

    def rows(self, data: Path) -> list[dict[str, str]]:
        """Read the rows as they are."""
        with gzip.open(data / self.path, "rt", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return [row for row in rows if self.only is None or row[self.ties or ""] in self.only]

    def events(self, data: Path) -> list[Event]:
        """Read the events in the order of facts.json."""
        rows = self.rows(data)
        if self.ties:
            rows.sort(key=lambda row: row[self.ties or ""])
        events = [
            Event(
                row[self.customer],
                datetime.fromisoformat(row[self.timestamp]).replace(tzinfo=UTC),
                place,
                row[self.touchpoint],
            )
            for place, row in enumerate(rows)
        ]
        return sorted(events)

    def facts(self, data: Path) -> dict[str, Any]:
        """Read what is known of it."""
        facts = json.loads((data / self.path).with_name("facts.json").read_text("utf-8"))
        return facts[self.part] if self.part else facts


LEADFORGE = RealLog("leadforge_b2b/events.csv.gz", "lead_id", "event", "date", ties="rank")
MILESTONES = RealLog(
    LEADFORGE.path,
    *("lead_id", "event", "date"),
    ties="rank",
    part="milestones_only",
    only=("0", "4", "5", "6"),
)
WEBSHOP = RealLog("retentioneering_ecom/ecom.csv.gz", "user_id", "event", "timestamp")
SESSIONS = RealLog(WEBSHOP.path, "session_id", "event", "timestamp", part="by_session")
RETAILER = RealLog("uci_online_retail_2009_2010/invoices.csv.gz", "customer", "event", "ts", ties="Invoice")
RAVENSTACK = RealLog("ravenstack/events.csv.gz", "account_id", "stage", "date", ties="rank")

LOGS: Mapping[str, RealLog] = {
    "leadforge": LEADFORGE,
    "milestones": MILESTONES,
    "webshop": WEBSHOP,
    "sessions": SESSIONS,
    "retailer": RETAILER,
    "ravenstack": RAVENSTACK,
}

EXAMPLES = ("leadforge", "webshop", "retailer", "ravenstack")
"""The folders of examples/ that hold a plan for the log of the same name."""

SHIPPED: Mapping[str, str] = {"leadforge": "b2b-seven-phase", "ravenstack": "saas-freemium"}
"""Those of them that hold the log's names for a lifecycle that ships, and the lifecycle."""


@cache
def example_plan(name: str, project: Path) -> jk.Lifecycle:
    """Read the plan that examples/ has for a log."""
    folder = project / "examples" / name
    if name in SHIPPED:
        names = yaml.safe_load((folder / "map.yaml").read_text("utf-8"))
        return jk.lifecycle(SHIPPED[name]).map(touchpoints=names["touchpoints"])
    return jk.read_lifecycle(folder / f"{name}.yaml")


def as_table(events: Iterable[Event]) -> pa.Table:
    """Lay events out as a frame, the row number as a column."""
    columns = [*zip(*events, strict=True)]
    types = [pa.string(), pa.timestamp("us", "UTC"), pa.int64(), pa.string()]
    return pa.table(
        {
            name: pa.array(column, kind)
            for name, column, kind in zip(Event._fields, columns, types, strict=True)
        }
    )


def open_events(events: Iterable[Event]) -> jk.EventLog:
    """Open events as a log, ordered by the row number where they tie."""
    return jk.events(as_table(events), **{name: name for name in Event._fields})


def histories(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Group ordered events by customer."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.customer, []).append(event)
    return found


def direct_follow(events: Iterable[Event]) -> Counter[tuple[str, str]]:
    """Count the pairs of touchpoints that follow each other directly."""
    return Counter(
        (one.touchpoint, other.touchpoint)
        for history in histories(events).values()
        for one, other in pairwise(history)
    )


def next_moves(journey: jk.Journey) -> Counter[tuple[str, str]]:
    """Count the moves between touchpoints in a journey's graph, whatever stage they are in.

    A node is "stage/name", or "?/name"; the name is what follows the first slash.
    """
    moves: Counter[tuple[str, str]] = Counter()
    for source, target, edge in journey.graph().edges(data=True):
        if edge["kind"] == "next":
            moves[source.partition("/")[2], target.partition("/")[2]] += edge["moves"]
    return moves


def first_meaning(plan: jk.Lifecycle, names: Iterable[str]) -> dict[str, str]:
    """Map each name in the data to what the plan calls it; fails where two become one."""
    meanings = {name: plan.touchpoint_names[name][0] for name in names}
    assert len(set(meanings.values())) == len(meanings)
    return meanings
