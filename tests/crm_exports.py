"""Write small exports of a CRM for a test, and look at what a reader made of them."""

from __future__ import annotations

import csv
import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import journeykit as jk

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def write(folder: Path, **tables: Sequence[Mapping[str, object]]) -> Path:
    """Write each table as a CSV file of its name; a cell that a row does not name is empty."""
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    return folder


def table(columns: str, *lines: str) -> list[dict[str, str]]:
    """Lay lines of cells with bars between out as rows."""
    names = columns.split()
    return [dict(zip(names, (cell.strip() for cell in line.split("|")), strict=True)) for line in lines]


def happened(log: jk.EventLog, *more: str) -> list[tuple[Any, ...]]:
    """List the events: customer, time, stage, touchpoint and *more*, by customer, time and sequence."""
    names = ("customer", "time_us", "stage", "touchpoint", *more)
    order = [name for name in ("customer", "time_us", "sequence", "stage") if name in log.events.columns]
    rows = log.rows_of(log.events.order_by(order).select(*names))
    return [(row.pop("customer"), clock(row.pop("time_us")), *row.values()) for row in rows]


def paths(log: jk.EventLog) -> dict[str, list[str]]:
    """Give each customer's stages in order; what has none is in brackets."""
    found: dict[str, list[str]] = {}
    for customer, _, stage, touchpoint in happened(log):
        found.setdefault(customer, []).append(stage or f"({touchpoint})")
    return found


def clock(time_us: int) -> str:
    """Write a time of the engine's for a person."""
    moment = EPOCH + dt.timedelta(microseconds=time_us)
    return f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(" 00:00:00")


def counted(log: jk.EventLog) -> dict[str, int]:
    """Count the rows used, and those set aside by reason; both add up to those read."""
    counts = log.counts()
    assert counts.used + sum(counts.by_reason.values()) == counts.read
    return {"used": counts.used, **counts.by_reason}


def stored(log: jk.EventLog) -> dict[str, str | None]:
    """Give the stage that the CRM stores for each customer."""
    assert log.customers is not None
    rows = log.rows_of(log.customers.select("customer", "stored_stage"))
    assert len({row["customer"] for row in rows}) == len(rows)
    return {row["customer"]: row["stored_stage"] for row in sorted(rows, key=lambda row: row["customer"])}
