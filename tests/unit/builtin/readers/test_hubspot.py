"""HubSpot's exports: which stage each record entered when, who wrote it, and what is no event."""

from __future__ import annotations

import json
from random import Random

import ibis
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from tests import plain_hubspot
from tests.crm_exports import EPOCH, counted, stored, table, write

import journeykit as jk
from journeykit.builtin.readers.hubspot import WRITERS
from journeykit.errors import EventLogError, JourneykitWarning, UnknownNameError

quiet = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

HISTORY = "contactId property value sourceType timestamp"
DEAL_STAGE = "deal_id value date_entered source _fivetran_start _fivetran_end _fivetran_active"
STAGES = "stage_id label pipeline_id display_order closed_won _fivetran_deleted"
DEAL = "deal_id deal_pipeline_id deal_pipeline_stage_id owner is_deleted _fivetran_synced"

ANNA = {
    "id": "512",
    "properties": {"lifecyclestage": "customer"},
    "propertiesWithHistory": {
        "lifecyclestage": [
            {
                "value": "customer",
                "timestamp": "2024-01-15T10:30:00.000Z",
                "sourceType": "CRM_UI",
                "sourceId": "userId:12345",
                "sourceLabel": "John Doe",
                "updatedByUserId": 12345,
            },
            {"value": "lead", "timestamp": "2023-11-02T08:00:00.000Z", "sourceType": "IMPORT"},
        ]
    },
    "createdAt": "2023-11-02T08:00:00.000Z",
    "updatedAt": "2024-01-15T10:30:00.000Z",
    "archived": False,
}


@pytest.fixture
def opened():
    """Open a source as HubSpot's."""
    logs = []

    def open_log(source, **given):
        options = {
            name: given.pop(name) for name in ("object", "property", "pipeline", "stages") if name in given
        }
        log = jk.events(source, format="hubspot", options=options, **given)
        logs.append(log)
        return log

    yield open_log
    for log in logs:
        log.close()


def history(*lines):
    """Lay out lines "when | stage | source" of contact 1 as a property history."""
    cells = ([part.strip() for part in line.split("|")] for line in lines)
    return table(
        HISTORY, *(f"1 | lifecyclestage | {stage} | {source} | {when}" for when, stage, source in cells)
    )


def told(log):
    """List the events as plain Python tells them."""
    columns = ("customer", "time_us", "stage", "writer", "attribute:written_by")
    rows = [tuple(row[name] for name in columns) for row in log.rows_of(log.events)]
    shown = [
        (who, f"{EPOCH + pd.Timedelta(us, 'us'):%Y-%m-%d %H:%M:%S.%f}", *more) for who, us, *more in rows
    ]
    return sorted(shown, key=repr), counted(log)


@quiet
@pytest.mark.parametrize("shape", plain_hubspot.SHAPES)
@pytest.mark.parametrize("seed", [3, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 6))])
def test_every_shape_is_read_as_plain_python_reads_it(tmp_path, opened, shape, seed):
    """Drawn histories with imports, merges, ties, repeats, deleted rows, sentinels and cells that are no
    times, in an engine of ours and in a caller's.
    """
    file = plain_hubspot.write(plain_hubspot.draw(Random(seed)), shape, tmp_path)
    given = {
        "timezone": "Europe/Copenhagen" if seed == 3 else "UTC",
        "without_writers": ["import"] if seed > 2 else [],
    }
    prop = "dealstage" if shape == "deal_stage" else "lifecyclestage"
    expected = plain_hubspot.read(file, prop, without=given["without_writers"], zone=given["timezone"])

    assert told(opened(file, **given)) == expected
    if file.suffix == ".csv":
        theirs = ibis.duckdb.connect().read_csv(str(file), all_varchar=True)
        # A table has no name, which is all that tells a list of contacts from one of companies.
        assert told(opened(theirs, **given)) == expected


@pytest.mark.parametrize(
    "write_as",
    [
        lambda things: ("contacts.json", json.dumps(things[0], indent=2)),
        lambda things: ("contacts.json", json.dumps(things)),
        lambda things: ("contacts.jsonl", "\n".join(map(json.dumps, things))),
        lambda things: ("contacts.json", json.dumps({"results": things, "paging": None})),
    ],
    ids=["an object", "an array", "lines", "a page"],
)
def test_a_history_of_the_api_is_read_however_it_was_saved(tmp_path, opened, write_as):
    """One script saves what the API answers, the next one puts the pages together. The newest comes first,
    and the last stage is open.
    """
    name, text = write_as([ANNA])
    (tmp_path / name).write_text(text, "utf-8")

    log = opened(tmp_path / name)

    assert log.rows_of(log.events.order_by("time_us").select("customer", "stage", "writer")) == [
        {"customer": "512", "stage": "lead", "writer": "import"},
        {"customer": "512", "stage": "customer", "writer": "person"},
    ]
    assert (log.columns["customer"], stored(log)) == ("contact_id", {"512": "customer"})
    plan = jk.map_system(jk.lifecycle("b2b-seven-phase"), "hubspot")
    with jk.observe(log, plan, as_of="2024-02-01") as journey:
        rows = [(row.stage, row.visits, row.moved, row.open) for row in jk.drop_offs(journey)]
    assert sorted(rows) == [("customer_experience", 1, 0, 1), ("trigger", 1, 1, 0)]


def test_the_order_of_a_list_breaks_ties(tmp_path, opened):
    """A workflow may set two stages within a millisecond; the list is newest first."""
    entries = [
        {"value": stage, "timestamp": "2024-01-01T00:00:00.000Z", "sourceType": "WORKFLOWS"}
        for stage in ("lead", "opportunity", "lead", "subscriber")
    ]
    thing = {"id": "1", "propertiesWithHistory": {"lifecyclestage": entries}}
    (tmp_path / "contacts.json").write_text(json.dumps(thing), "utf-8")

    log = opened(tmp_path / "contacts.json")

    stages = log.rows_of(log.events.order_by("sequence").select("stage"))
    assert [row["stage"] for row in stages] == ["subscriber", "lead", "opportunity", "lead"]


def test_a_json_file_that_says_nothing_of_its_object_goes_by_its_properties(tmp_path, opened):
    """The API does not repeat what was asked for, and files are called what people call them."""
    deal = {
        "id": "9",
        "properties": {"dealstage": "closedwon", "pipeline": "default"},
        "propertiesWithHistory": {"dealstage": [{"value": "closedwon", "timestamp": "2024-01-01T00:00:00Z"}]},
    }
    (tmp_path / "export.json").write_text(
        json.dumps([deal, {"id": "10", "propertiesWithHistory": {}}]), "utf-8"
    )

    log = opened(tmp_path / "export.json")

    assert log.rows_of(log.events.select("customer", "stage", "writer")) == [
        {"customer": "9", "stage": "closedwon", "writer": "unknown"}
    ]
    assert log.columns["customer"] == "record_id"
    assert counted(log) == {"used": 1, "no_history": 1}
    assert stored(log) == {"10": None, "9": "closedwon"}


@pytest.mark.parametrize(
    "frame",
    [
        pa.Table.from_pylist([ANNA]),
        pa.table({"id": ["512"], "propertiesWithHistory": [json.dumps(ANNA["propertiesWithHistory"])]}),
        pd.DataFrame({"id": [512], "propertiesWithHistory": [json.dumps(ANNA["propertiesWithHistory"])]}),
        pd.DataFrame([ANNA, {"id": "513"}]),
        pl.DataFrame([ANNA]),
    ],
    ids=["records", "text", "text in pandas", "pandas", "polars"],
)
def test_a_history_in_a_frame_is_unnested_too(opened, frame):
    """Who fetched it with a client of HubSpot's has it in memory."""
    log = opened(frame)

    assert [row[:3] for row in told(log)[0]] == [
        ("512", "2023-11-02 08:00:00.000000", "lead"),
        ("512", "2024-01-15 10:30:00.000000", "customer"),
    ]


@quiet
def test_a_stage_that_an_import_wrote_first_begins_when_a_person_says_so(tmp_path, opened):
    """Setting imports aside must not lose the stage that somebody confirmed later."""
    rows = history(
        "2024-01-01 | lead | IMPORT",
        "2024-01-09 | lead | CRM_UI",
        "2024-02-01 | opportunity | MERGE_OBJECTS",
        "2024-02-03 | customer | crm_ui",
    )

    everything = opened(write(tmp_path, contacts=rows))
    people = opened(tmp_path, without_writers=["import", "merge"])

    assert [row[1:3] for row in told(everything)[0]] == [
        ("2024-01-01 00:00:00.000000", "lead"),
        ("2024-02-01 00:00:00.000000", "opportunity"),
        ("2024-02-03 00:00:00.000000", "customer"),
    ]
    assert counted(everything) == {"used": 3, "same_stage": 1}
    assert [row[1:3] for row in told(people)[0]] == [
        ("2024-01-09 00:00:00.000000", "lead"),
        ("2024-02-03 00:00:00.000000", "customer"),
    ]
    assert counted(people) == {"used": 2, "unwanted_writer": 2}
    assert {name: one.rows for name, one in people.check().writers.items()} == {
        "person": 2,
        "import": 1,
        "merge": 1,
    }


def test_every_source_that_is_known_is_of_one_writer():
    """A source listed twice would be whoever comes last."""
    sources = [source for named in WRITERS.values() for source in named]

    assert len(sources) == len(set(sources))
    assert set(WRITERS) == {"person", "import", "automation", "bulk_edit", "merge", "integration", "api"}


@quiet
@pytest.mark.parametrize(
    ("source", "writer"),
    [
        ("crm_ui", "person"),
        ("CRM UI", "person"),
        ("Batch_Update", "bulk_edit"),
        ("", "unknown"),
        ("X", "unknown"),
    ],
)
def test_sources_are_known_whatever_their_case(tmp_path, opened, source, writer):
    """Connectors and lists spell them as they like; the original stays an attribute."""
    log = opened(write(tmp_path, contacts=history(f"2024-01-01 | lead | {source}")))

    assert [row[3:] for row in told(log)[0]] == [(writer, source or None)]


@quiet
def test_ends_of_versions_are_no_events(tmp_path, opened):
    """Fivetran ends what is current in 9999 or 2050; hours are not padded; a version may be there twice."""
    rows = table(
        DEAL_STAGE,
        "D1 | new | 2024-01-07 6:49:18 | CRM_UI | 2024-01-07 6:49:18 | 2024-01-09 7:00:00 | FALSE",
        "D1 | new | 2024-01-07 6:49:18 | CRM_UI | 2024-01-08 6:49:18 | 2024-01-09 7:00:00 | false",
        "D1 | won | 2024-01-09 7:00:00 | CRM_UI | 2024-01-09 7:00:00 | 9999-12-31 23:59:59 | TRUE",
        "D2 | new | 2024-01-10 17:00:00 | CRM_UI | 2024-01-10 17:00:00 | 2050-01-01 00:00:00 | true",
    )

    log = opened(write(tmp_path, deal_stage=rows))

    assert [row[:3] for row in told(log)[0]] == [
        ("D1", "2024-01-07 06:49:18.000000", "new"),
        ("D1", "2024-01-09 07:00:00.000000", "won"),
        ("D2", "2024-01-10 17:00:00.000000", "new"),
    ]
    assert counted(log) == {"used": 3, "same_stage": 1}


@quiet
def test_a_deal_that_is_reopened_leaves_its_exit_and_may_be_won(tmp_path, opened):
    """Closed is not the end: the second life of a deal is an exit and a re-entry, not one long stay."""
    rows = table(
        "deal_id value date_entered source",
        "D1 | appointmentscheduled | 2024-01-01 | CRM_UI",
        "D1 | closedlost           | 2024-02-01 | CRM_UI",
        "D1 | contractsent         | 2024-03-01 | CRM_UI",
        "D1 | closedwon            | 2024-03-09 | CRM_UI",
        "D1 | our_own_stage        | 2024-03-10 | CRM_UI",
    )
    plan = jk.map_system(jk.lifecycle("b2b-seven-phase"), "hubspot")

    log = opened(write(tmp_path, deal_stage=rows))

    with jk.observe(log, plan) as journey:
        moves = {(row.source, row.target): row.kind for row in jk.transitions(journey) if row.moves}
    assert moves == {
        ("active_evaluation", "churned"): "exit",
        ("churned", "purchase_decision"): "re_entry",
        ("purchase_decision", "customer_experience"): "advance",
    }
    [unknown] = log.check(plan).unmapped_stages
    assert (unknown.name, unknown.events) == ("our_own_stage", 1)


@quiet
def test_stages_are_called_as_people_call_them_where_a_table_tells(tmp_path, opened):
    """A portal renames its stages and keeps the ids: "contractsent" may be the label "Won" by now."""
    write(
        tmp_path,
        deal_stage=table(
            "deal_id value date_entered source",
            "D1 | contractsent | 2024-01-01 | CRM_UI",
            "D1 | 77 | 2024-01-02 | CRM_UI",
            "D2 | 88 | 2024-01-02 | CRM_UI",
            "D2 | nowhere | 2024-01-03 | CRM_UI",
        ),
        deal_pipeline_stage=table(
            STAGES,
            "contractsent | Won | p1 | 1 | TRUE | FALSE",
            "77 | Old name | p1 | 1 | FALSE | TRUE",
            "77 | Lost | p1 | 2 | FALSE | FALSE",
            "88 | Renewed | p2 | 1 | FALSE | FALSE",
        ),
        deal_pipeline=table(
            "pipeline_id label _fivetran_deleted", "p1 | Sales | FALSE", "p2 | Renewals | FALSE"
        ),
        deal=table(
            DEAL, "D1 | p1 | 77 | Kim | FALSE | 2024-01-05", "D2 | p2 | 88 | Lee | FALSE | 2024-01-05"
        ),
    )

    log = opened(tmp_path)

    rows = log.rows_of(
        log.events.order_by("customer", "time_us").select("customer", "stage", "attribute:pipeline")
    )
    assert [tuple(row.values()) for row in rows] == [
        ("D1", "Won", "Sales"),
        ("D1", "Lost", "Sales"),
        ("D2", "Renewed", "Renewals"),
        ("D2", "nowhere", "p2"),
    ]
    assert stored(log) == {"D1": "Lost", "D2": "Renewed"}
    assert log.customer_columns == ("stored_stage", "pipeline_id", "owner")
    assert [row[2] for row in told(opened(tmp_path, stages="ids"))[0]] == [
        "contractsent",
        "77",
        "88",
        "nowhere",
    ]
    for wanted in ("p1", "Sales"):
        one = opened(tmp_path, pipeline=wanted)
        assert ([row[2] for row in told(one)[0]], counted(one)["other_pipeline"]) == (["Won", "Lost"], 2)


@quiet
def test_pipelines_have_to_be_told_by_some_table(tmp_path, opened):
    """An option that changes nothing is a mistake that nobody finds."""
    write(tmp_path, deal_stage=table("deal_id value date_entered", "D1 | new | 2024-01-01"))

    with pytest.raises(EventLogError, match="needs a table that tells of pipelines beside the history"):
        opened(tmp_path, pipeline="p1")
    with pytest.raises(UnknownNameError, match=r"'label'.* Did you mean 'labels'"):
        opened(tmp_path, stages="label")


@quiet
def test_rows_and_records_that_were_deleted_are_set_aside(tmp_path, opened):
    """A deal that is deleted was a mistake, or a double; both spellings of true occur in one table."""
    write(
        tmp_path,
        deal_stage=table(
            "deal_id value date_entered _fivetran_deleted",
            "D1 | new | 2024-01-01 | false",
            "D1 | won | 2024-01-02 | TRUE",
            "D2 | new | 2024-01-03 | FALSE",
            "D3 | new | 2024-01-03 | FALSE",
        ),
        deals=table(
            DEAL,
            "D1 | p | new | Kim | FALSE | 2024-01-05 1:00:00",
            "D2 | p | new | Kim | FALSE | 2024-01-05 1:00:00",
            "D2 | p | won | Lee | true | 2024-01-05 11:00:00",
        ),
    )

    log = opened(tmp_path)

    assert [row[0] for row in told(log)[0]] == ["D1", "D3"]
    assert counted(log) == {"used": 2, "deleted": 2}
    assert stored(log) == {"D1": "new", "D2": "won"}


@quiet
def test_the_stored_stage_stands_beside_the_one_that_was_reached(tmp_path, opened):
    """They disagree where a history was cut, or where somebody wrote over it: how often has to be known."""
    write(
        tmp_path,
        contact_property_history=table(
            "contact_id name value source timestamp",
            "1 | lifecyclestage | lead     | CRM_UI | 2024-01-01 00:00:00",
            "2 | lifecyclestage | lead     | CRM_UI | 2024-01-01 00:00:00",
            "2 | lifecyclestage | customer | CRM_UI | 2024-01-02 00:00:00",
            "2 | email          | x@y      | CRM_UI | 2024-01-02 00:00:00",
            "3 | lifecyclestage |          | CRM_UI | 2024-01-02 00:00:00",
        ),
        contact=table("id property_lifecyclestage industry", "1 | customer | Retail", "2 | customer | Food"),
    )
    plan = jk.map_system(jk.lifecycle("b2b-seven-phase"), "hubspot")

    log = opened(tmp_path)

    assert counted(log) == {"used": 3, "cleared": 1, "other_property": 1}
    with jk.observe(log, plan) as journey:
        rows = [(row.stage, row.stored, row.customers, row.agrees) for row in jk.stored_stages(journey)]
        groups = {row.group for row in jk.drop_offs(journey, by="industry")}
    assert sorted(rows) == [
        ("customer_experience", "customer_experience", 1, True),
        ("trigger", "customer_experience", 1, False),
    ]
    assert groups == {"Retail", "Food"}


WIDE = (
    'Record ID,Lifecycle stage,industry,"Date entered ""lead (Lifecycle Stage Pipeline)""",'
    "hs_v2_date_entered_customer,hs_date_entered_customer,hs_lifecyclestage_subscriber_date,hs_v2_date_exited_customer,hs_v2_date_entered_current_stage\n"
    "1,customer,Food,2024-01-15 10:30,2024-03-01T08:00:00Z,2020-01-01,1704067200000,,2024-03-01\n"
    "2,lead,Food,2024-01-16 10:30,,,,,2024-01-16\n"
    "3,,Toys,,,,,,\n"
)


def test_a_list_with_one_row_a_record_is_unfolded_and_says_what_it_has_lost(tmp_path, opened):
    """Only the latest entry into each stage is there: that nobody went back is not what it shows."""
    (tmp_path / "contacts.csv").write_text(WIDE, "utf-8")

    with pytest.warns(JourneykitWarning, match="steps back and repeats are lost") as caught:
        log = opened(tmp_path / "contacts.csv", timezone="Europe/Copenhagen")

    assert len([one for one in caught if one.category is JourneykitWarning]) == 1
    assert [row[:4] for row in told(log)[0]] == [
        ("1", "2024-01-01 00:00:00.000000", "subscriber", "unknown"),
        ("1", "2024-01-15 09:30:00.000000", "lead", "unknown"),
        ("1", "2024-03-01 08:00:00.000000", "customer", "unknown"),
        ("2", "2024-01-16 09:30:00.000000", "lead", "unknown"),
    ]
    assert stored(log) == {"1": "customer", "2": "lead", "3": None}
    assert log.customer_columns == ("stored_stage", "industry")
    check = log.check()
    assert check.customers_table.without_events == 1
    assert "steps back and repeats are lost" in check.notes[0]


def test_of_several_objects_the_caller_chooses(tmp_path, opened):
    """A folder holds the whole portal; a contact's journey is not a deal's."""
    write(
        tmp_path,
        contacts=history("2024-01-01 | lead | CRM_UI"),
        deal_stage=table("deal_id value date_entered", "D1 | new | 2024-01-01"),
        owner=table("owner_id email", "1 | x"),
    )

    with pytest.raises(
        EventLogError, match=r"stages of contacts, deals: .*option object, such as object=deals"
    ):
        opened(tmp_path)
    with pytest.raises(UnknownNameError, match=r"no object named 'deal' .*Did you mean 'deals'"):
        opened(tmp_path, object="deal")
    with pytest.raises(EventLogError, match="no table holds stages of tickets"):
        opened(tmp_path, object="tickets")
    with pytest.warns(
        JourneykitWarning, match=r"without use for the stages of deals: contacts.csv, owner.csv"
    ):
        log = opened(tmp_path, object="deals")
    assert [row[0] for row in told(log)[0]] == ["D1"]


@quiet
def test_another_property_may_hold_the_stages(tmp_path, opened):
    """Many portals keep their own funnel in a property of their own; names may hold anything."""
    name = "7/VuV07~HiY+Gu5IUAO6JCw=="
    rows = table(
        HISTORY, f"1 | {name} | cold | API | 2024-01-01", "1 | lifecyclestage | lead | API | 2024-01-01"
    )
    thing = {
        "id": "1",
        "propertiesWithHistory": {name: [{"value": "cold", "timestamp": "2024-01-01T00:00:00Z"}]},
    }
    (tmp_path / "contacts.json").write_text(json.dumps(thing), "utf-8")
    write(tmp_path, deal_stage=table("deal_id value date_entered", "D1 | new | 2024-01-01"))

    for source in (write(tmp_path, contacts=rows) / "contacts.csv", tmp_path / "contacts.json"):
        assert [row[2] for row in told(opened(source, property=name))[0]] == ["cold"]
    with pytest.raises(EventLogError, match="no table holds a history of the property 'mood'"):
        opened(tmp_path / "deal_stage.csv", property="mood")


def test_files_of_one_shape_are_read_as_one(tmp_path, opened):
    """A connector writes a file a day, and an API a page each time."""
    for day, place in ((1, "a"), (2, "b")):
        entry = {"value": f"stage {day}", "timestamp": f"2024-01-0{day}T00:00:00Z", "sourceType": "API"}
        thing = {"id": place, "propertiesWithHistory": {"lifecyclestage": [entry]}}
        (tmp_path / f"contacts-{day}.json").write_text(json.dumps({"results": [thing]}), "utf-8")

    log = opened(tmp_path / "contacts-*.json")

    assert [row[:3] for row in told(log)[0]] == [
        ("a", "2024-01-01 00:00:00.000000", "stage 1"),
        ("b", "2024-01-02 00:00:00.000000", "stage 2"),
    ]


def test_a_file_of_another_shape_is_refused_with_what_it_holds(tmp_path, opened):
    """The wrong file of forty is the commonest mistake."""
    write(tmp_path, owner=table("owner_id email type", "1 | x | PERSON"))

    with pytest.raises(EventLogError) as error:
        opened(tmp_path / "owner.csv")

    assert "JSON with propertiesWithHistory, a property history (contact_id or contactId, ...," in str(
        error.value
    )
    assert str(error.value).endswith("There is: 'owner.csv' has owner_id, email, type")


def test_an_empty_file_says_so(tmp_path, opened):
    """An export that failed leaves one."""
    (tmp_path / "contacts.csv").write_text("", "utf-8")
    (tmp_path / "deal_stage.csv").write_text("deal_id,value,date_entered\n", "utf-8")

    with pytest.raises(EventLogError, match="is empty: there is not even a header line"):
        opened(tmp_path / "contacts.csv")
    with pytest.raises(EventLogError, match="holds no rows"):
        opened(tmp_path / "deal_stage.csv").require_usable()


@quiet
def test_typed_columns_of_a_warehouse_are_read_too(opened):
    """Parquet and tables know numbers and moments; ids of HubSpot's are longer than a float is exact."""
    moment = pd.Timestamp("2024-01-01 10:00", tz="America/New_York")
    frame = pa.table(
        {
            "deal_id": pa.array([9007199254740993, 9007199254740993], pa.int64()),
            "value": ["new", "won"],
            "date_entered": pa.array([moment, moment + pd.Timedelta(days=1)], pa.timestamp("us", "UTC")),
            "_fivetran_deleted": [False, None],
        }
    )

    log = opened(frame)

    assert told(log)[0] == [
        ("9007199254740993", "2024-01-01 15:00:00.000000", "new", "unknown", None),
        ("9007199254740993", "2024-01-02 15:00:00.000000", "won", "unknown", None),
    ]
