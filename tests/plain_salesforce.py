"""Read a Salesforce export in plain Python, with loops over dicts, and draw exports that are hard to read.

Written from the page on CRM exports, and sharing no line with the reader that it checks: the
usual options, OpportunityHistory, LeadHistory, Lead, Opportunity and Task.
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
MERGES = 3
PLACES = {"lead": 1, "opportunity": 3}


def read(tables: dict[str, list[Row]]) -> tuple[list[tuple[Any, ...]], dict[str, int]]:
    """Give the events (customer, time, stage, touchpoint, writer), and the rows set aside by reason."""
    leads = {row["Id"]: row for row in tables["Lead"]}
    opportunities = {row["Id"]: row for row in tables["Opportunity"]}
    rows = [*_changes(tables), *_creations(tables, leads, opportunities), *_tasks(tables)]
    for row in rows:
        _say_whose(row, leads, opportunities)
    _say_first_stages(rows, leads)
    _say_who_wrote(rows)
    reasons = Counter(reason for row in rows if (reason := _reason(row)))
    used = [row for row in rows if not _reason(row)]
    used, again = _once_an_id(used)
    used, same = _once_a_stay(used)
    reasons.update({"repeated_event_id": again, "same_stage": same})
    events = [
        (row["customer"], _shown(row["time"]), row["stage"], row["touchpoint"], row["writer"]) for row in used
    ]
    return events, {"used": len(used), **{reason: rows for reason, rows in reasons.items() if rows}}


def _shown(time: dt.datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}".removesuffix(" 00:00:00")


def _row(kind: str, record: str, when: str, **cells: Any) -> Row:
    usual = {
        "stage": "",
        "before": None,
        "touchpoint": None,
        "aside": None,
        "change": False,
        "created": False,
    }
    time, fault = _time(when)
    return {**usual, "kind": kind, "record": record, "time": time, "fault": fault, **cells}


def _time(text: str) -> tuple[dt.datetime | None, str | None]:
    """Read a time, or say what is wrong with it."""
    if not text:
        return None, "no_timestamp"
    day, _, hours = text.replace("T", " ").partition(" ")
    if hours and hours.index(":") == 1:
        hours = "0" + hours
    try:
        time = dt.datetime.fromisoformat(f"{day} {hours}".strip().replace("+0000", "+00:00"))
    except ValueError:
        return None, "unreadable_timestamp"
    time = time if time.tzinfo else time.replace(tzinfo=dt.UTC)
    return (time, None) if 1900 <= time.year <= 2200 else (None, "timestamp_out_of_range")


def _true(row: Row, name: str) -> bool:
    return row[name].lower() == "true"


def _changes(tables: dict[str, list[Row]]) -> Iterator[Row]:
    for row in tables["OpportunityHistory"]:
        told = {"stage": row["StageName"], "deleted": _true(row, "IsDeleted"), "change": True}
        yield _row(
            "opportunity",
            row["OpportunityId"],
            row["CreatedDate"],
            id=row["Id"],
            user=row["CreatedById"],
            **told,
        )
    for row in tables["LeadHistory"]:
        told: Row = {"id": row["Id"], "user": row["CreatedById"], "deleted": _true(row, "IsDeleted")}
        if row["Field"] == "Status":
            told |= {"stage": row["NewValue"], "before": row["OldValue"], "change": True}
        elif row["Field"] == "created":
            told |= {"touchpoint": "Lead created", "created": True, "listed": False}
        elif row["Field"] == "leadConverted":
            told |= {"touchpoint": "Lead converted"}
        else:
            told |= {"aside": "other_field"}
        yield _row("lead", row["LeadId"], row["CreatedDate"], **told)


def _creations(
    tables: dict[str, list[Row]], leads: dict[str, Row], opportunities: dict[str, Row]
) -> Iterator[Row]:
    for kind in ("lead", "opportunity"):
        for row in tables[kind.capitalize()]:
            told = {"id": row["Id"], "user": row["CreatedById"], "deleted": _true(row, "IsDeleted")}
            yield _row(
                kind,
                row["Id"],
                row["CreatedDate"],
                touchpoint=f"{kind.capitalize()} created",
                created=True,
                listed=True,
                **told,
            )


def _tasks(tables: dict[str, list[Row]]) -> Iterator[Row]:
    for row in tables["Task"]:
        when = row["CompletedDateTime"] or row["ActivityDate"]
        done = _true(row, "IsClosed") or row["CompletedDateTime"]
        told = {"touchpoint": row["Type"] or "Task", "aside": None if done else "not_completed"}
        yield _row(
            "task",
            "",
            when,
            id=row["Id"],
            user="",
            deleted=False,
            names=(row["WhatId"], row["WhoId"]),
            **told,
        )


def _owner(kind: str, record: str, leads: dict[str, Row], opportunities: dict[str, Row]) -> tuple[str, bool]:
    """Say whose a record is, and whether it is gone."""
    if kind == "opportunity" or record not in leads:
        return record, record in opportunities and _true(opportunities[record], "IsDeleted")
    lead = leads[record]
    root = record
    for _ in range(MERGES):
        root = leads.get(root, {}).get("MasterRecordId") or root
    converted = lead["ConvertedOpportunityId"] or leads.get(root, {}).get("ConvertedOpportunityId")
    return converted or root, _true(lead, "IsDeleted") and not lead["MasterRecordId"]


def _say_whose(row: Row, leads: dict[str, Row], opportunities: dict[str, Row]) -> None:
    """Say whose a row is, or that it is nobody's or deleted."""
    if row["kind"] != "task":
        record = row["record"]
        row["customer"], gone = _owner(row["kind"], record, leads, opportunities)
        merged = row["kind"] == "lead" and leads.get(record, {}).get("MasterRecordId")
        if gone or (row["deleted"] and not merged):
            row["aside"] = "deleted"
        return
    row["customer"], known, gone_any = "", set(), False
    for name in row["names"]:
        kind = {"006": "opportunity", "00Q": "lead"}.get(name[:3])
        if kind and (name in leads or name in opportunities):
            owner, gone = _owner(kind, name, leads, opportunities)
            row["customer"] = row["customer"] or owner
            gone_any = gone_any or gone
        elif kind:
            known.add(name)
    row["customer"] = row["customer"] or next((name for name in row["names"] if name in known), "")
    if not row["aside"] and gone_any:
        row["aside"] = "deleted"
    if not row["aside"] and not row["customer"]:
        row["aside"] = "other_record"


def _say_first_stages(rows: list[Row], leads: dict[str, Row]) -> None:
    """Number each record's changes; say what it was when it was created; keep one creation of each."""
    by_record: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        row["sequence"] = None
        if row["kind"] != "task":
            by_record[row["kind"], row["record"]].append(row)
    for (kind, record), own in by_record.items():
        changes = [row for row in own if not row["aside"] and row["time"] and row["stage"]]
        changes.sort(key=lambda row: (row["time"], row["id"], row["stage"]))
        for turn, row in enumerate(changes, start=1):
            row["sequence"] = PLACES[kind] * 1_000_000 + turn
        for row in own:
            if row["touchpoint"] == "Lead converted":
                row["sequence"] = PLACES[kind] * 1_000_000 + 999_999
        creations = [row for row in own if row["created"]]
        for row in creations:
            row["sequence"] = PLACES[kind] * 1_000_000
            if kind == "lead":
                still = leads.get(record, {}).get("Status", "")
                row["stage"] = (changes[0]["before"] if changes else still) or ""
        whole = [row for row in creations if not row["aside"]]
        whole.sort(key=lambda row: (not row["listed"], row["time"] is None, row["time"], row["id"]))
        for row in whole[1:]:
            row["aside"] = "repeated_creation"


def _say_who_wrote(rows: list[Row]) -> None:
    """Call what one user wrote of many records within a second a bulk edit."""
    records = defaultdict(set)
    for row in rows:
        if row["record"] and row["time"] and not row["aside"]:
            records[row["user"], row["time"].replace(microsecond=0)].add(row["record"])
    for row in rows:
        second = row["time"] and row["time"].replace(microsecond=0)
        crowd = records.get((row["user"], second), ()) if row["kind"] != "task" and not row["aside"] else ()
        row["writer"] = "bulk_edit" if len(crowd) >= BULK else "unknown"


def _reason(row: Row) -> str | None:
    """Say why a row is no event, as far as it tells by itself."""
    row["stage"] = row["stage"] or None
    if row["aside"]:
        return str(row["aside"])
    if not row["customer"]:
        return "no_customer"
    if row["fault"]:
        return str(row["fault"])
    return None if row["stage"] or row["touchpoint"] else "no_touchpoint_or_stage"


def _once_an_id(rows: list[Row]) -> tuple[list[Row], int]:
    last = float("inf")
    order = sorted(rows, key=lambda row: (row["time"], row["sequence"] or last))
    kept = list({row["id"]: row for row in reversed(order)}.values())
    return kept, len(rows) - len(kept)


def _once_a_stay(rows: list[Row]) -> tuple[list[Row], int]:
    staying: dict[str, str] = {}
    kept = []
    told = [row for row in rows if row["stage"]]
    for row in sorted(told, key=_order):
        if staying.get(row["customer"]) != row["stage"]:
            kept.append(row)
        staying[row["customer"]] = row["stage"]
    return kept + [row for row in rows if not row["stage"]], len(told) - len(kept)


def _order(row: Row) -> tuple[Any, ...]:
    return row["time"], row["sequence"], row["stage"], row["touchpoint"] is None, row["id"]


def draw(random: Random, *, most: int = 12) -> dict[str, list[Row]]:
    """Draw an export with conversions, merges, deletions, imports, ties, repeated rows and odd dates."""
    leads = [f"00Q{number}" for number in range(most)]
    opportunities = [f"006{number}" for number in range(most)]
    numbers = iter(range(10_000))
    imported = _when(random, odd=False)

    def some(chance: float) -> bool:
        return random.random() < chance

    def flag(chance: float) -> str:
        return random.choice(("true", "TRUE")) if some(chance) else "false"

    def when() -> str:
        return imported if some(0.3) else _when(random)

    def who() -> Row:
        return {
            "Id": f"01{random.choice('7bZ')}{next(numbers)}",
            "CreatedById": random.choice(("005A", "005B", "")),
        }

    lead_rows = [
        {
            **who(),
            "Id": lead,
            "Status": random.choice(("Open", "Working", "")),
            "CreatedDate": when(),
            "IsDeleted": flag(0.2),
            "MasterRecordId": random.choice([other for other in leads if other > lead] or [""])
            if some(0.2)
            else "",
            "ConvertedOpportunityId": random.choice(opportunities) if some(0.4) else "",
            "LeadSource": "Web",
        }
        for lead in leads[: most * 3 // 4]
    ]
    opportunity_rows = [
        {**who(), "Id": one, "StageName": "Proposal", "CreatedDate": when(), "IsDeleted": flag(0.15)}
        for one in opportunities[: most * 3 // 4]
    ]
    stages = ("Prospecting", "Proposal", "Closed Won", "Ø", "")
    history = [
        {
            **who(),
            "OpportunityId": random.choice((*opportunities, "")),
            "StageName": random.choice(stages),
            "CreatedDate": when(),
            "IsDeleted": flag(0.1),
        }
        for _ in range(most * 5)
    ]
    fields = ("Status", "Status", "Status", "Owner", "created", "leadConverted")
    lead_history = [
        {
            **who(),
            "LeadId": random.choice(leads),
            "Field": random.choice(fields),
            "OldValue": random.choice(("Open", "Working", "")),
            "NewValue": random.choice(("Working", "Converted", "")),
            "CreatedDate": when(),
            "IsDeleted": flag(0.1),
        }
        for _ in range(most * 5)
    ]
    tasks = [
        {
            **who(),
            "WhatId": random.choice((*opportunities, "", "", "001A")),
            "WhoId": random.choice((*leads, "", "003A")),
            "Type": random.choice(("Call", "")),
            "IsClosed": flag(0.7),
            "ActivityDate": _when(random)[:10],
            "CompletedDateTime": when() if some(0.5) else "",
        }
        for _ in range(most * 2)
    ]
    again = random.sample(history, 4)
    return {
        "Lead": lead_rows,
        "Opportunity": opportunity_rows,
        "OpportunityHistory": history + again,
        "LeadHistory": lead_history + random.sample(lead_history, 4),
        "Task": tasks,
    }


def _when(random: Random, *, odd: bool = True) -> str:
    """Draw a time in one of the spellings there are, often the same as another one's."""
    if odd and random.random() < 0.05:
        return random.choice(("", "9999-12-31 23:59:59", "1700-01-01T00:00:00Z", "soon"))
    day, hour = random.randrange(1, 9), random.choice((6, 6, 14))
    form = random.choice(("{}T{:02}:30:00.000+0000", "{}T{:02}:30:00Z", "{} {}:30:00"))
    return form.format(f"2024-03-0{day}", hour)
