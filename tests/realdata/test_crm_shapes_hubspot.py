"""The shapes of HubSpot's exports, from the connectors' own repositories: every row of every history is read.

The values are scrambled and belong to nobody; what is checked is that each row is an event or
set aside, and that plain Python reads the same.
"""

from __future__ import annotations

import csv
import json
from collections import Counter

import pytest

import journeykit as jk
from journeykit.errors import EventLogError
from tests import plain_hubspot
from tests.crm_exports import clock

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

HISTORIES = {
    "hubspot_contact_property_history_data.csv": 100,
    "hubspot_company_property_history_data.csv": 100,
    "hubspot_deal_property_history_data.csv": 100,
    "hubspot_ticket_property_history_data.csv": 15,
    "hubspot_deal_stage_data.csv": 14,
}


@pytest.fixture(scope="session")
def shapes(shared_data):
    """The folder of the exports."""
    folder = shared_data / "crm_export_shapes"
    if not folder.is_dir():
        pytest.skip("the shapes of CRM exports are not here")
    return folder


def read(source, **options):
    """Read as HubSpot's: the events as plain Python tells them, and the rows by what became of them."""
    with jk.events(source, format="hubspot", options=options) as log:
        counts = log.counts()
        rows = log.rows_of(log.events)
    events = [
        (row["customer"], row["time_us"], row["stage"], row["writer"], row["attribute:written_by"])
        for row in rows
    ]
    assert counts.used + sum(counts.by_reason.values()) == counts.read
    return events, {"used": counts.used, **counts.by_reason}


@pytest.mark.parametrize(("name", "size"), HISTORIES.items(), ids=HISTORIES)
def test_every_row_of_every_history_is_read(shapes, name, size):
    """Whatever the property: each in turn holds the stages, and all are read as plain Python reads them."""
    with (shapes / name).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    properties = Counter(row.get("name", "dealstage").strip() for row in rows)

    used = 0
    for prop in sorted(properties):
        events, counts = read(shapes / name, property=prop)
        expected, plain_counts = plain_hubspot.read(shapes / name, prop)
        assert sorted(map(shown, events), key=repr) == expected
        assert counts == plain_counts
        assert sum(counts.values()) == size == len(rows)
        used += size - counts.get("other_property", 0)
    assert used == size


def shown(event):
    """Write the time of an event as plain Python does."""
    customer, time_us, *rest = event
    whole = clock(time_us) if " " in clock(time_us) else f"{clock(time_us)} 00:00:00"
    return (customer, f"{whole}.{time_us % 1_000_000:06}", *rest)


def test_deal_stage_holds_what_its_facts_say(shapes):
    """Counted with other tools, before there was a reader."""
    known = json.loads((shapes / "facts.json").read_text("utf-8"))

    events, counts = read(shapes / "hubspot_deal_stage_data.csv")

    assert counts == {"used": known["events"]} == {"used": 14}
    assert len({customer for customer, *_ in events}) == known["cases"]
    assert Counter(stage for _, _, stage, *_ in events) == known["start_counts"]
    times = sorted(time_us for _, time_us, *_ in events)
    assert [clock(times[0]), clock(times[-1])] == [
        known["first_timestamp"].replace("T", " "),
        known["last_timestamp"].replace("T", " "),
    ]


def test_the_ticket_that_changes_its_pipeline_stage_is_in_two_stages(shapes):
    """The one history whose names are not scrambled: versions end in 2024 and in 9999, events don't."""
    events, counts = read(shapes / "hubspot_ticket_property_history_data.csv")

    assert counts == {"used": 2, "other_property": 13}
    assert [(who, clock(when), stage) for who, when, stage, *_ in sorted(events)] == [
        ("350123456", "2020-07-09 11:06:21", "14863823"),
        ("350123456", "2025-01-01", "14863823a"),
    ]


def test_a_folder_of_the_whole_portal_is_read_by_object(shapes):
    """Forty tables of two systems lie together: those of the object are found, the others are named."""
    with pytest.raises(EventLogError, match="stages of contacts, companies, deals, tickets"):
        read(shapes)

    sizes = {}
    for thing in ("contacts", "companies", "deals", "tickets"):
        unused = f"without use for the stages of {thing}: .*facts.json"
        with pytest.warns(jk.JourneykitWarning, match=unused):
            sizes[thing] = read(shapes, object=thing)[1]
    assert sizes == {
        "contacts": {"used": 0, "other_property": 100},
        "companies": {"used": 0, "other_property": 100},
        "deals": {"used": 14},
        "tickets": {"used": 2, "other_property": 13},
    }


def test_stages_of_pipelines_and_deals_are_joined(shapes):
    """Their labels are scrambled, too, and nothing matches: a join must neither lose rows nor add any."""
    with jk.events(shapes, format="hubspot", options={"object": "deals"}) as log:
        check = log.check()

    assert (check.read, check.used, check.customers) == (14, 14, 14)
    assert (check.customers_table.rows, check.customers_table.not_listed) == (44, 14)
    assert check.writers["unknown"].used == 14


def test_tables_that_hold_no_stages_are_refused(shapes):
    """Engagements and emails are no stages; read as stages they would be nonsense."""
    refused = []
    for file in sorted(shapes.glob("hubspot_*.csv")):
        if file.name not in HISTORIES:
            with pytest.raises(EventLogError, match=r"no table holds stages as HubSpot exports them"):
                read(file)
            refused.append(file.name)

    assert len(refused) == 16
