"""Read a file of HubSpot's in plain Python, with loops over dicts, and draw exports that are hard to read.

Written from the page on CRM exports, and sharing no line with the reader that it checks: a
history of the API (an object, an array, lines or pages), of Airbyte or of Fivetran, `deal_stage`
and a list with one row a record.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path
    from random import Random

Row = dict[str, Any]

WRITERS = {
    "CRM_UI": "person",
    "FORM": "person",
    "CONTACTS": "person",
    "CONVERSATIONS": "person",
    "EXTENSION": "person",
    "MEETINGS": "person",
    "IMPORT": "import",
    "MIGRATION": "import",
    "AUTOMATION_PLATFORM": "automation",
    "WORKFLOWS": "automation",
    "CALCULATED": "automation",
    "ANALYTICS": "automation",
    "BATCH_UPDATE": "bulk_edit",
    "MERGE_OBJECTS": "merge",
    "MERGE_CONTACTS": "merge",
    "INTEGRATION": "integration",
    "EMAIL_INTEGRATION": "integration",
    "SALESFORCE": "integration",
    "API": "api",
}
KEYS = ("contact_id", "contactId", "company_id", "companyId", "deal_id", "dealId", "ticket_id", "ticketId")
ENTERED = ("hs_v2_date_entered_(.+)", "hs_date_entered_(.+)", "hs_lifecyclestage_(.+)_date")
TRUE = {"true", "1", "yes", "t", "y"}
STAGES = ("subscriber", "lead", "marketingqualifiedlead", "opportunity", "customer", "1587293")


def read(
    file: Path, prop: str, *, without: Collection[str] = (), zone: str = "UTC"
) -> tuple[list[tuple[Any, ...]], dict[str, int]]:
    """Give the events (customer, time, stage, writer, written by), and the rows used and set aside."""
    rows = list(_rows(file, prop))
    reasons: Counter[str] = Counter()
    used: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        row["writer"] = WRITERS.get((row["source"] or "").upper(), "unknown")
        time, fault = _time(row["when"], zone)
        reason = row["aside"] or (None if row["customer"] else "no_customer") or fault
        if reason is None and row["writer"] in without:
            reason = "unwanted_writer"
        if reason is None:
            used[row["customer"]].append({**row, "time": time})
        else:
            reasons[reason] += 1
    events = []
    for history in used.values():
        history.sort(
            key=lambda row: (row["time"], row["place"], row["stage"], row["writer"], _last(row["source"]))
        )
        kept = [
            history[0],
            *(later for before, later in pairwise(history) if before["stage"] != later["stage"]),
        ]
        reasons["same_stage"] += len(history) - len(kept)
        events += [(r["customer"], _shown(r["time"]), r["stage"], r["writer"], r["source"]) for r in kept]
    told = {reason: count for reason, count in reasons.items() if count}
    return sorted(events, key=repr), {"used": len(events), **told}


def _last(source: str | None) -> tuple[bool, str]:
    return (source is None, source or "")


def _shown(time: dt.datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S.%f}"


def _cell(value: object) -> str | None:
    return None if value is None else str(value).strip() or None


def _rows(file: Path, prop: str) -> Iterator[Row]:
    if file.suffix in {".json", ".jsonl"}:
        for thing in _objects(file):
            yield from _of_object(thing, prop)
        return
    with file.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            cells = {name: _cell(value) for name, value in line.items()}
            key = next((name for name in KEYS if name in cells), None)
            if key and "value" in cells:
                yield _of_history(cells, key, prop)
            else:
                yield from _of_list(cells)


def _objects(file: Path) -> list[Row]:
    text = file.read_text("utf-8")
    if file.suffix == ".jsonl":
        return [json.loads(line) for line in text.splitlines() if line]
    data = json.loads(text)
    if isinstance(data, list):
        return data
    return data.get("results", [data])


def _of_object(thing: Row, prop: str) -> Iterator[Row]:
    history = (thing.get("propertiesWithHistory") or {}).get(prop)
    entries = history if isinstance(history, list) and history else [None]
    for place, entry in enumerate(entries):
        told = entry if isinstance(entry, dict) else {}
        stage = _cell(told.get("value"))
        aside = "no_history" if entry is None else None if stage else "cleared"
        yield {
            "customer": _cell(thing.get("id")),
            "when": _cell(told.get("timestamp")),
            "stage": stage,
            "source": _cell(told.get("sourceType")),
            "place": -place,
            "aside": "deleted" if thing.get("archived") else aside,
        }


def _of_history(cells: Row, key: str, prop: str) -> Row:
    entered = "date_entered" in cells
    told = prop if entered else cells.get("name", cells.get("property"))
    aside = None
    if (cells.get("_fivetran_deleted") or "").lower() in TRUE:
        aside = "deleted"
    elif told != prop:
        aside = "other_property"
    elif cells["value"] is None:
        aside = "cleared"
    return {
        "customer": cells[key],
        "when": cells["date_entered"] if entered else cells.get("timestamp", cells.get("timestamp_instant")),
        "stage": cells["value"],
        "source": cells.get("source", cells.get("sourceType")),
        "place": 0,
        "aside": aside,
    }


def _of_list(cells: Row) -> Iterator[Row]:
    stages: dict[str, str] = {}
    for pattern in ENTERED:
        for name, value in cells.items():
            found = re.fullmatch(pattern, name)
            if found and found[1] != "current_stage" and value:
                stages.setdefault(found[1], value)
    for stage, when in stages.items():
        yield {
            "customer": cells.get("hs_object_id", cells.get("Record ID")),
            "when": when,
            "stage": stage,
            "source": None,
            "place": 0,
            "aside": "deleted" if (cells.get("archived") or "").lower() in TRUE else None,
        }


def _time(text: str | None, zone: str) -> tuple[dt.datetime | None, str | None]:
    """Read a time as UTC, or say what is wrong with it."""
    if text is None:
        return None, "no_timestamp"
    if re.fullmatch(r"\d{11,14}", text):
        moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=int(text))
    else:
        parts = re.fullmatch(
            r"(\d{4})-(\d+)-(\d+)(?:[ T](\d+):(\d+):(\d+)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?", text
        )
        if parts is None:
            return None, "unreadable_timestamp"
        year, month, day, hour, minute, second = (int(part or 0) for part in parts.groups()[:6])
        micro = int((parts[7] or "0").ljust(6, "0"))
        try:
            bare = dt.datetime(year, month, day, hour, minute, second, micro)  # noqa: DTZ001 - its zone follows
        except ValueError:
            return None, "unreadable_timestamp"
        if not 1900 <= bare.year <= 2200:
            return None, "timestamp_out_of_range"
        offset = (
            dt.datetime.fromisoformat(f"2000-01-01T00:00:00{parts[8]}").tzinfo if parts[8] else ZoneInfo(zone)
        )
        moment = bare.replace(tzinfo=offset).astimezone(dt.UTC)
    return moment, None if 1900 <= moment.year <= 2200 else "timestamp_out_of_range"


def draw(random: Random) -> list[Row]:
    """Draw the history of a few records, with all that makes an export hard to read."""
    customers = ("1", "007", "NA", "99999999999999999999", "null")
    rows = [_drawn_row(customer, random) for customer in customers for _ in range(random.randrange(9))]
    rows += random.choices(rows, k=min(len(rows), 4))
    random.shuffle(rows)
    return rows


def _drawn_row(customer: str, random: Random) -> Row:
    return {
        "customer": customer,
        "prop": random.choice(["lifecyclestage"] * 4 + ["email", "LifecycleStage"]),
        "value": random.choice([*STAGES, *STAGES, ""]),
        "when": _drawn_time(random),
        "source": random.choice([*WRITERS, *(name.lower() for name in WRITERS), "", "RECYCLING_BIN"]),
        "deleted": random.choice(["", "false", "FALSE", "FALSE", "true", "TRUE"]),
    }


def _drawn_time(random: Random) -> str:
    if random.random() < 0.15:
        return random.choice(
            ["", " ", "soon", "9999-12-31 23:59:59", "2024-02-30 10:00:00", "0001-01-01 00:00:00"]
        )
    moment = dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=random.randrange(40) * 7, seconds=18)
    milliseconds = int(moment.timestamp() * 1000)
    return random.choice(
        [
            f"{moment:%Y-%m-%dT%H:%M:%S}.000Z",
            f"{moment:%Y-%m-%d %H:%M:%S}",
            f"{moment:%Y-%m-%d} {moment.hour}:{moment:%M:%S}",
            f"{moment:%Y-%m-%dT%H:%M:%S}+02:00",
            str(milliseconds),
        ]
    )


def write(rows: list[Row], shape: str, folder: Path) -> Path:
    """Write drawn rows in a shape; gives the file."""
    if shape == "airbyte":
        names = {
            "customer": "contactId",
            "prop": "property",
            "value": "value",
            "source": "sourceType",
            "when": "timestamp",
        }
        return _write_csv(folder / "contacts_property_history.csv", rows, names)
    if shape == "fivetran":
        names = {
            "customer": "contact_id",
            "prop": "name",
            "value": "value",
            "source": "source",
            "when": "timestamp",
        }
        return _write_csv(folder / "contact.csv", rows, {**names, "deleted": "_fivetran_deleted"})
    if shape == "deal_stage":
        names = {"customer": "deal_id", "value": "value", "source": "source", "when": "date_entered"}
        return _write_csv(folder / "deal_stage.csv", rows, {**names, "deleted": "_fivetran_deleted"})
    if shape == "list":
        return _write_list(folder / "contacts.csv", rows)
    return _write_json(folder, shape, _things(rows))


def _write_csv(file: Path, rows: list[Row], names: dict[str, str]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(names.values()))
        writer.writeheader()
        writer.writerows({name: row[cell] for cell, name in names.items()} for row in rows)
    return file


def _write_list(file: Path, rows: list[Row]) -> Path:
    records: dict[str, Row] = {}
    for place, row in enumerate(rows):
        pattern = ENTERED[place % 3] if row["value"].isalpha() else ENTERED[0]
        column = pattern.replace("(.+)", row["value"] or "lead")
        records.setdefault(row["customer"], {"hs_object_id": row["customer"]})[column] = row["when"]
    names = dict.fromkeys(["hs_object_id", "hs_v2_date_entered_current_stage", "hs_v2_date_entered_lead"])
    names |= dict.fromkeys(name for record in records.values() for name in record)
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(names))
        writer.writeheader()
        writer.writerows(records.values())
    return file


def _things(rows: list[Row]) -> list[Row]:
    """Lay rows out as objects of the API; times that are digits only are numbers."""
    things: dict[str, Row] = {}
    for row in rows:
        usual = {"id": row["customer"], "archived": row["deleted"] == "TRUE", "propertiesWithHistory": {}}
        history = things.setdefault(row["customer"], usual)["propertiesWithHistory"]
        when = int(row["when"]) if row["when"].isdigit() else row["when"]
        entry = {"value": row["value"], "timestamp": when, "sourceType": row["source"]}
        history.setdefault(row["prop"], []).append(entry)
    return list(things.values())


def _write_json(folder: Path, shape: str, things: list[Row]) -> Path:
    file = folder / ("contacts.jsonl" if shape == "lines" else "contacts.json")
    if shape == "lines":
        text = "".join(json.dumps(thing) + "\n" for thing in things)
    elif shape == "pages":
        text = json.dumps({"results": things, "paging": {"next": {"after": "9"}}}, indent=1)
    else:
        text = json.dumps(things[0] if shape == "object" else things)
    file.write_text(text, "utf-8")
    return file


SHAPES = ("airbyte", "fivetran", "deal_stage", "list", "object", "array", "lines", "pages")
