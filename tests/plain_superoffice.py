"""Read a SuperOffice export in plain Python, with loops over dicts, and draw exports that are hard to read.

Written from the page on CRM exports, and sharing no line with the reader that it checks: the
usual options; SaleHist, sale, appointment and the lists Prob and Task, of the database.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

Row = dict[str, Any]

BULK = 10
STATUS = {"2": "Sold", "3": "Lost", "4": "Stalled"}
CHANNELS = {"1": "meeting", "3": "email", "5": "phone"}


def read(tables: dict[str, list[Row]]) -> tuple[list[tuple[Any, ...]], dict[str, int]]:
    """Give the events (customer, time, stage, touchpoint, writer, channel), and rows set aside by reason."""
    rows = [*_sales(tables), *_appointments(tables)]
    _say_who_wrote(rows, {row["sale_id"] for row in tables["sale"] if row["created_by_workflow_id"] != "0"})
    reasons = Counter(reason for row in rows if (reason := _reason(row)))
    used = {row["id"]: row for row in rows if not _reason(row)}
    reasons["repeated_event_id"] = sum(not _reason(row) for row in rows) - len(used)
    kept = []
    staying: dict[str, str] = {}
    for row in sorted(used.values(), key=_order):
        if row["stage"] is None or staying.get(row["customer"]) != row["stage"]:
            kept.append(row)
        staying[row["customer"]] = row["stage"] or staying.get(row["customer"], "")
    reasons["same_stage"] = len(used) - len(kept)
    events = [
        (
            row["customer"],
            f"{row['time']:%Y-%m-%d %H:%M:%S}".removesuffix(" 00:00:00"),
            row["stage"],
            row["touchpoint"],
            row["writer"],
            row["channel"],
        )
        for row in kept
    ]
    return events, {"used": len(kept), **{reason: rows for reason, rows in reasons.items() if rows}}


def _order(row: Row) -> tuple[Any, ...]:
    """Order versions of a sale by time, then number; the sale itself comes after its versions."""
    sequence = row["sequence"] if row["sequence"] is not None else float("inf")
    return row["customer"], row["time"], sequence, row["stage"] or "~", row["touchpoint"] or "~", row["id"]


def _time(text: str) -> dt.datetime | None:
    if not text:
        return None
    time = dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
    return time if 1900 <= time.year <= 2200 else None


def _sales(tables: dict[str, list[Row]]) -> Iterator[Row]:
    names = {row["Prob_id"]: row["name"] for row in tables["Prob"]}
    for name in ("SaleHist", "sale"):
        for row in tables[name]:
            updated = row["updated"] if _time(row["updated"]) or not row["registered"] else row["registered"]
            editor = row["updated_associate_id"] if updated == row["updated"] else "0"
            stage = row["probability_idx"]
            number = row.get("salehist_id")
            yield {
                "sale": True,
                "customer": "" if row["sale_id"] == "0" else row["sale_id"],
                "record": row["sale_id"],
                "told": updated,
                "time": _time(updated),
                "stage": STATUS.get(row["status"]) or (None if stage == "0" else names.get(stage, stage)),
                "touchpoint": None,
                "channel": None,
                "id": number or f"{row['sale_id']}@{updated}",
                "sequence": int(number) if number else None,
                "user": editor if editor != "0" else row["registered_associate_id"],
                "aside": None,
            }


def _appointments(tables: dict[str, list[Row]]) -> Iterator[Row]:
    tasks = {row["Task_id"]: row for row in tables["Task"]}
    written = [_time(row[name]) for row in tables["appointment"] for name in ("registered", "updated")]
    exported = max(time for time in written if time)
    for row in tables["appointment"]:
        done = row["status"] == "3"
        named = ([row["done"]] if done else []) + [row["activeDate"], row["do_by"]]
        when = next((text for text in named if _time(text)), None) or row["registered"]
        document = row["document_id"] != "0" or row["type"] == "4"
        task = {} if document else tasks.get(row["task_idx"], {})
        plain = f"Task {row['task_idx']}" if row["task_idx"] != "0" else None
        yield {
            "sale": False,
            "customer": "" if row["sale_id"] == "0" else row["sale_id"],
            "record": row["appointment_id"],
            "told": when,
            "time": _time(when),
            "stage": None,
            "touchpoint": "Document"
            if document
            else task.get("name") or ("Note" if row["type"] == "3" else plain),
            "channel": "document" if document else CHANNELS.get(task.get("record_type", "")),
            "id": f"appointment {row['appointment_id']}",
            "sequence": None,
            "user": row["registered_associate_id"],
            "aside": _why_not(row, done=done, ahead=bool(_time(when)) and _time(when) > exported),
        }


def _why_not(row: Row, *, done: bool, ahead: bool) -> str | None:
    """Say why an appointment is no event, the first that fits."""
    reasons = {
        "no_activity": row["type"] in {"5", "8", "9"},
        "declined": row["status"] in {"4", "9", "10", "13"},
        "copy_for_invitee": row["mother_id"] not in {"0", row["appointment_id"]},
        "not_completed": row["type"] == "2" and not done,
        "not_yet_held": ahead and not done,
        "other_record": row["sale_id"] == "0",
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _reason(row: Row) -> str | None:
    if row["aside"]:
        return str(row["aside"])
    if not row["customer"]:
        return "no_customer"
    if not row["time"]:
        return "timestamp_out_of_range" if row["told"] else "no_timestamp"
    return None if row["stage"] or row["touchpoint"] else "no_touchpoint_or_stage"


def _say_who_wrote(rows: list[Row], by_workflow: set[str]) -> None:
    """A workflow wrote the first row of the sales it created; one user wrote a bulk edit."""
    first: dict[str, tuple[Any, ...]] = {}
    crowds = defaultdict(set)
    for row in sorted((row for row in rows if row["sale"]), key=_first):
        first.setdefault(row["record"], _first(row))
        if row["time"]:
            crowds[row["user"], row["time"]].add(row["record"])
    for row in rows:
        row["writer"] = "unknown"
        if row["sale"] and len(crowds.get((row["user"], row["time"]), ())) >= BULK:
            row["writer"] = "bulk_edit"
        if row["sale"] and row["record"] in by_workflow and first[row["record"]] == _first(row):
            row["writer"] = "automation"


def _first(row: Row) -> tuple[Any, ...]:
    sequence = row["sequence"] if row["sequence"] is not None else float("inf")
    late = dt.datetime.max.replace(tzinfo=dt.UTC)
    return row["time"] or late, sequence


def draw(random: Random, *, most: int = 14) -> dict[str, list[Row]]:
    """Draw an export with ties, other edits, reopened sales, dates of no time, workflows and bulk edits."""
    sales = [str(number) for number in range(1, most + 1)]
    imported = _when(random)

    def when() -> str:
        drawn = random.random()
        if drawn < 0.05:
            return random.choice(("", "1760-01-01T00:00:00", "0001-01-01T00:00:00", "9999-12-31T00:00:00"))
        return imported if drawn < 0.4 else _when(random)

    def edited() -> Row:
        return {
            "probability_idx": random.choice("0123"),
            "status": random.choice("11112340"),
            "registered": random.choice((_when(random), _when(random), "")),
            "updated": when(),
            "registered_associate_id": random.choice("56"),
            "updated_associate_id": random.choice("057"),
        }

    history = [
        {"salehist_id": str(number), "sale_id": random.choice((*sales, "0")), **edited()}
        for number in random.sample(range(100, 1000), most * 4)
    ]
    sale_rows = [
        {"sale_id": sale, "created_by_workflow_id": random.choice("0009"), **edited()}
        for sale in random.sample(sales, most * 3 // 4)
    ]
    appointments = [
        {
            "appointment_id": str(number),
            "sale_id": random.choice((*sales, "0")),
            "task_idx": random.choice("01234"),
            "type": random.choice("11123458"),
            "status": random.choice(("1", "3", "3", "3", "4", "9")),
            "document_id": random.choice("00008"),
            "mother_id": random.choice(("0", "0", str(number), "3")),
            "registered": _when(random),
            "updated": _when(random),
            "registered_associate_id": "5",
            "done": when(),
            "do_by": when(),
            "activeDate": random.choice((when(), "2031-01-01T09:00:00")),
        }
        for number in range(1, most * 3)
    ]
    return {
        "SaleHist": history + random.sample(history, 3),
        "sale": sale_rows,
        "appointment": appointments + random.sample(appointments, 2),
        "Prob": [
            {"Prob_id": "1", "name": "Qualify", "rank": "1"},
            {"Prob_id": "2", "name": "Offer", "rank": "2"},
        ],
        "Task": [
            {"Task_id": "1", "name": "Meeting", "record_type": "1", "direction": "0"},
            {"Task_id": "2", "name": "Call in", "record_type": "5", "direction": "1"},
            {"Task_id": "3", "name": "Mail out", "record_type": "3", "direction": "2"},
        ],
    }


def _when(random: Random) -> str:
    return f"2024-03-0{random.randrange(1, 9)}T{random.choice((6, 14)):02}:30:00"
