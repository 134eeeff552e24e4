"""Salesforce's exports: when leads and opportunities entered their stages, and what was done with them."""

from __future__ import annotations

import time
import warnings
from collections import Counter
from random import Random

import pyarrow as pa
import pytest
from tests import plain_salesforce
from tests.crm_exports import counted, happened, paths, stored, table, write

import journeykit as jk

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

OPPORTUNITY_HISTORY = "Id OpportunityId StageName Amount CreatedById CreatedDate IsDeleted"
FIELD_HISTORY = "Id {}Id Field OldValue NewValue CreatedById CreatedDate IsDeleted"
LEAD_HISTORY = FIELD_HISTORY.format("Lead")
OPPORTUNITY = "Id StageName CreatedDate AccountId IsDeleted"
VERSIONS = "id stage_name is_deleted _fivetran_active _fivetran_start _fivetran_end"


def opened(folder, **tables):
    """Write an export and open it."""
    return jk.events(write(folder, **tables), format="salesforce")


def test_rows_of_an_equal_stage_are_one_stay(tmp_path):
    """A row is written when the amount or the date changes, too: nobody moved then. The last is open."""
    log = opened(
        tmp_path,
        OpportunityHistory=table(
            OPPORTUNITY_HISTORY,
            "008A | 006A | Prospecting | 10 | 005A | 2024-01-01T10:00:00.000+0000 | false",
            "008B | 006A | Prospecting | 20 | 005A | 2024-01-02T10:00:00.000+0000 | false",
            "008C | 006A | Proposal    | 20 | 005A | 2024-01-03T10:00:00.000+0000 | false",
            "008D | 006A | Proposal    | 30 | 005A | 2024-01-04T10:00:00.000+0000 | false",
        ),
    )

    assert happened(log, "value") == [
        ("006A", "2024-01-01 10:00:00", "Prospecting", None, 10.0),
        ("006A", "2024-01-03 10:00:00", "Proposal", None, 20.0),
    ]
    assert counted(log) == {"used": 2, "same_stage": 2}


@pytest.mark.parametrize(
    "columns",
    [
        OPPORTUNITY_HISTORY,
        "id opportunity_id stage_name amount created_by_id created_date is_deleted",
        "ID OPPORTUNITYID STAGENAME AMOUNT CREATEDBYID CREATEDDATE ISDELETED",
    ],
)
def test_columns_are_found_however_they_are_spelt(tmp_path, columns):
    """The API writes OpportunityId, Fivetran opportunity_id, and a warehouse may shout."""
    lines = "008A | 006A | Proposal | 1 | 005A | 2024-01-01T10:00:00Z | false"

    log = opened(tmp_path, history=table(columns, lines))

    assert happened(log) == [("006A", "2024-01-01 10:00:00", "Proposal", None)]


def test_a_history_of_fields_tells_stages_creations_and_conversions(tmp_path):
    """Other fields are traced in the same table; what was so before the first change is said of the
    creation.
    """
    log = opened(
        tmp_path,
        LeadHistory=table(
            LEAD_HISTORY,
            "017A | 00QA | created       |             |           | 005A | 2024-01-01T08:00:00Z | false",
            "017B | 00QA | Owner         | 005A        | 005B      | 005A | 2024-01-02T08:00:00Z | false",
            "017C | 00QA | Status        | Open        | Working   | 005A | 2024-01-03T08:00:00Z | false",
            "017D | 00QA | Status        | Working     | Converted | 005A | 2024-01-04T08:00:00Z | false",
            "017E | 00QA | leadConverted |             |           | 005A | 2024-01-04T08:00:00Z | false",
        ),
    )

    assert happened(log) == [
        ("00QA", "2024-01-01 08:00:00", "Open", "Lead created"),
        ("00QA", "2024-01-03 08:00:00", "Working", None),
        ("00QA", "2024-01-04 08:00:00", "Converted", None),
        ("00QA", "2024-01-04 08:00:00", None, "Lead converted"),
    ]
    assert counted(log) == {"used": 4, "other_field": 1}


def test_the_record_says_when_it_was_created_and_what_it_still_is(tmp_path):
    """00QA was Open until the first change; 00QB has never changed, and so has always been what it is; the
    history's own row of the creation tells nothing new.
    """
    log = opened(
        tmp_path,
        Lead=table(
            "Id Status CreatedDate LeadSource",
            "00QA | Working | 2024-01-01T08:00:00Z | Web",
            "00QB | Nurture | 2024-01-05T08:00:00Z | Web",
        ),
        LeadHistory=table(
            LEAD_HISTORY,
            "017A | 00QA | created |      |         | 005A | 2024-01-01T08:00:01Z | false",
            "017B | 00QA | Status  | Open | Working | 005A | 2024-01-03T08:00:00Z | false",
        ),
    )

    assert happened(log) == [
        ("00QA", "2024-01-01 08:00:00", "Open", "Lead created"),
        ("00QA", "2024-01-03 08:00:00", "Working", None),
        ("00QB", "2024-01-05 08:00:00", "Nurture", "Lead created"),
    ]
    assert counted(log) == {"used": 3, "repeated_creation": 1}


def test_without_a_history_of_it_nobody_knows_in_which_stage_a_record_began(tmp_path):
    """The present stage is stored beside the events, and is no event of the day the record was made."""
    log = opened(
        tmp_path,
        Opportunity=table(OPPORTUNITY, "006A | Negotiation | 2024-01-01T08:00:00Z | 001A | false"),
    )

    assert happened(log) == [("006A", "2024-01-01 08:00:00", None, "Opportunity created")]
    assert stored(log) == {"006A": "Negotiation"}


def test_versions_begin_when_they_say_and_the_last_one_is_open(tmp_path):
    """Fivetran ends what still holds in the year 9999, which is no time at all."""
    with pytest.warns(jk.JourneykitWarning, match="its stage may have begun before"):
        log = opened(
            tmp_path,
            opportunity_history=table(
                VERSIONS,
                "006A | Prospecting | false | false | 2024-01-01 6:49:18  | 2024-01-05 10:00:00",
                "006A | Proposal    | false | false | 2024-01-05 10:00:00 | 2024-01-06 10:00:00",
                "006A | Proposal    | false | true  | 2024-01-06 10:00:00 | 9999-12-31 23:59:59",
            ),
        )

    assert happened(log) == [
        ("006A", "2024-01-01 06:49:18", "Prospecting", None),
        ("006A", "2024-01-05 10:00:00", "Proposal", None),
    ]
    assert counted(log) == {"used": 2, "same_stage": 1}
    assert stored(log) == {"006A": "Proposal"}


def test_a_field_of_ones_own_may_be_the_stage(tmp_path):
    """Accounts have no stage of Salesforce's; many firms keep one in a field, or an object, of their own."""
    tables = {
        "account_history": table(
            "id name status__c _fivetran_start _fivetran_end",
            "001A | Acme | New  | 2024-01-01 10:00:00 | 2024-02-01 10:00:00",
            "001A | Acme | Gold | 2024-02-01 10:00:00 | 9999-12-31 23:59:59",
        ),
        "Subscription__History": table(
            FIELD_HISTORY.format("Parent"),
            "017A | a00A | Phase__c | Trial | Paid | 005A | 2024-01-05T10:00:00Z | false",
        ),
    }
    options = {"field": "account.Status__c, Phase__c"}

    log = jk.events(write(tmp_path, **tables), format="salesforce", options=options)

    assert paths(log) == {"001A": ["New", "Gold"], "a00A": ["Paid"]}


def test_a_deal_that_was_won_may_be_opened_again(tmp_path):
    """What happened is told, whether or not anyone planned it."""
    stages = ("Proposal", "Closed Won", "Negotiation", "Closed Lost")
    lines = [
        f"008{day} | 006A | {stage} | 1 | 005A | 2024-01-0{day}T10:00:00Z | false"
        for day, stage in enumerate(stages, start=1)
    ]

    assert paths(opened(tmp_path, history=table(OPPORTUNITY_HISTORY, *lines))) == {"006A": list(stages)}


def test_stages_that_the_lifecycle_does_not_know_are_told_by_name(tmp_path):
    """Every org has picklists of its own: what is missing from the map must be seen."""
    log = opened(
        tmp_path,
        history=table(
            OPPORTUNITY_HISTORY,
            "008A | 006A | Closed Won | 1 | 005A | 2024-01-01T10:00:00Z | false",
            "008B | 006A | On ice     | 1 | 005A | 2024-01-02T10:00:00Z | false",
        ),
    )

    unmapped = log.check(jk.map_system(jk.lifecycle("b2b-seven-phase"), "salesforce")).unmapped_stages

    assert unmapped is not None
    assert [(one.name, one.events) for one in unmapped] == [("On ice", 1)]


def test_rows_of_one_second_are_in_the_order_they_were_written(tmp_path):
    """A flow may move a deal twice within a second; ids grow, and tell which came first."""
    log = opened(
        tmp_path,
        history=table(
            OPPORTUNITY_HISTORY,
            "008c | 006A | Alpha | 1 | 005A | 2024-01-01T10:00:00Z | false",
            "008B | 006A | Omega | 1 | 005A | 2024-01-01T10:00:00Z | false",
            "008a | 006A | Omega | 1 | 005A | 2024-01-01T10:00:00Z | false",
        ),
    )

    assert paths(log) == {"006A": ["Omega", "Alpha"]}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-01-15T10:30:00.000+0000", "2024-01-15 10:30:00"),
        ("2024-01-15T10:30:00.000Z", "2024-01-15 10:30:00"),
        ("2024-01-15T10:30:00+02:00", "2024-01-15 08:30:00"),
        ("2024-01-15 10:30:00", "2024-01-15 09:30:00"),
    ],
)
def test_times_are_what_they_say_else_those_of_the_clocks_that_are_named(tmp_path, written, read):
    """The API names the offset, Fivetran's tables are in UTC, a report shows the clocks of its reader."""
    folder = write(
        tmp_path, history=table(OPPORTUNITY_HISTORY, f"008A | 006A | Proposal | 1 | 005A | {written} | false")
    )

    log = jk.events(folder, format="salesforce", timezone="Europe/Copenhagen")

    assert happened(log) == [("006A", read, "Proposal", None)]


def test_dates_of_no_time_and_rows_that_repeat_are_set_aside(tmp_path):
    """A migration leaves dates of the years 1700 and 9999; two exports overlap."""
    lines = (
        "008A | 006A | Prospecting | 1 | 005A | 2024-01-01T10:00:00Z | false",
        "008B | 006A | Proposal    | 1 | 005A | 2024-01-02T10:00:00Z | false",
    )
    odd = (
        "008C | 006A | Qualified | 1 | 005A | 1700-01-01T10:00:00Z | false",
        "008D | 006A | Qualified | 1 | 005A | 9999-12-31T00:00:00Z | false",
        "008E | 006A | Qualified | 1 | 005A | soon                 | false",
        "008F | 006A |           | 1 | 005A | 2024-01-03T10:00:00Z | false",
        "008G |      | Qualified | 1 | 005A | 2024-01-03T10:00:00Z | false",
    )

    log = opened(
        tmp_path,
        first=table(OPPORTUNITY_HISTORY, *lines, *odd),
        second=table(OPPORTUNITY_HISTORY, *lines),
    )

    assert paths(log) == {"006A": ["Prospecting", "Proposal"]}
    assert counted(log) == {
        "used": 2,
        "no_customer": 1,
        "unreadable_timestamp": 1,
        "timestamp_out_of_range": 2,
        "no_touchpoint_or_stage": 1,
        "repeated_event_id": 2,
    }


WRITTEN = {
    "history": table(
        OPPORTUNITY_HISTORY,
        "008A | 006A | Qualified | 1 | 005IMPORT | 2024-01-01T10:00:00Z | false",
        "008B | 006A | Qualified | 2 | 005A      | 2024-01-02T10:00:00Z | false",
        "008C | 006A | Proposal  | 2 | 005FLOW   | 2024-01-03T10:00:00Z | false",
        "008D | 006A | Won       | 2 | 005ERP    | 2024-01-04T10:00:00Z | false",
    )
}
USERS = {"import_users": "005X, 005IMPORT", "automation_users": "005FLOW", "integration_users": "005ERP"}


def test_only_users_who_are_listed_are_told_apart(tmp_path):
    """The file has ids of users, and says nothing of who they are: to call them people would be a guess."""
    folder = write(tmp_path, **WRITTEN)

    log = jk.events(folder, format="salesforce", options=USERS)

    assert happened(log, "writer") == [
        ("006A", "2024-01-01 10:00:00", "Qualified", None, "import"),
        ("006A", "2024-01-03 10:00:00", "Proposal", None, "automation"),
        ("006A", "2024-01-04 10:00:00", "Won", None, "integration"),
    ]
    assert {name for *_, name in happened(jk.events(folder, format="salesforce"), "writer")} == {"unknown"}


def test_without_an_import_the_next_row_tells_of_the_stage(tmp_path):
    """The stage is not lost with the import: it counts from the first row that a person wrote."""
    log = jk.events(
        write(tmp_path, **WRITTEN),
        format="salesforce",
        options=USERS,
        without_writers=["import", "automation"],
    )

    assert happened(log) == [
        ("006A", "2024-01-02 10:00:00", "Qualified", None),
        ("006A", "2024-01-04 10:00:00", "Won", None),
    ]
    assert counted(log) == {"used": 2, "unwanted_writer": 2}


@pytest.mark.parametrize(
    ("options", "writers"),
    [
        ({}, {"unknown": 2, "bulk_edit": 10}),
        ({"bulk": "11"}, {"unknown": 12}),
        ({"bulk": "0"}, {"unknown": 12}),
    ],
)
def test_who_writes_ten_records_in_a_second_is_no_hand(tmp_path, options, writers):
    """Nobody edits ten deals within a second, whatever name they did it under.

    The two others were written at that second by somebody else, and by the same user a second later.
    """
    lines = [
        f"008{number} | 006{number} | Lost | 1 | 005A | 2024-01-01T10:00:00.{number:03}Z | false"
        for number in range(10)
    ]
    lines += [
        "009A | 006A | Lost | 1 | 005B | 2024-01-01T10:00:00Z | false",
        "009B | 006B | Lost | 1 | 005A | 2024-01-01T10:00:01Z | false",
    ]
    folder = write(tmp_path, history=table(OPPORTUNITY_HISTORY, *lines))

    log = jk.events(folder, format="salesforce", options=options)

    found = [name for *_, name in happened(log, "writer")]
    assert {name: found.count(name) for name in dict.fromkeys(found)} == writers


def test_of_two_histories_of_one_thing_the_better_is_read(tmp_path):
    """A folder often holds both; to read both would count every move twice."""
    with pytest.warns(
        jk.JourneykitWarning, match="which another table tells better: fields.csv, versions.csv"
    ):
        log = opened(
            tmp_path,
            history=table(
                OPPORTUNITY_HISTORY, "008A | 006A | Proposal | 1 | 005A | 2024-01-01T10:00:00Z | false"
            ),
            fields=table(
                FIELD_HISTORY.format("Opportunity"),
                "017A | 006A | StageName | Qualified | Proposal | 005A | 2024-01-01T10:00:00Z | false",
            ),
            versions=table(
                VERSIONS, "006A | Proposal | false | true | 2024-01-01 10:00:00 | 9999-12-31 00:00:00"
            ),
        )

    assert counted(log) == {"used": 1}
    assert stored(log) == {"006A": "Proposal"}


def test_tables_of_no_use_are_named(tmp_path):
    """Whoever exported a file for nothing may have exported the wrong one."""
    with pytest.warns(jk.JourneykitWarning, match="not used: User.csv"):
        opened(
            tmp_path,
            User=table("Id Name Email", "005A | Kim | kim@example.com"),
            history=table(
                OPPORTUNITY_HISTORY, "008A | 006A | Proposal | 1 | 005A | 2024-01-01T10:00:00Z | false"
            ),
        )


def test_typed_tables_are_read_as_text_ones_are(tmp_path):
    """Parquet and frames have times and numbers; the same export must give the same events."""
    moments = pa.array(["2024-01-01T10:00:00.5", "2024-01-02T10:00:00"]).cast(pa.timestamp("us"))
    frame = pa.table(
        {
            "OpportunityId": [7, 7],
            "StageName": ["Proposal", "Won"],
            "CreatedDate": moments,
            "IsDeleted": [False, True],
            "Amount": [1.5, None],
        }
    )

    log = jk.events(frame, format="salesforce")

    assert happened(log, "value") == [("7", "2024-01-01 10:00:00", "Proposal", None, 1.5)]
    assert counted(log) == {"used": 1, "deleted": 1}


def test_a_header_without_rows_is_no_mistake_of_the_readers(tmp_path):
    """An object that nobody uses is exported empty."""
    (tmp_path / "history.csv").write_text(",".join(OPPORTUNITY_HISTORY.split()) + "\n", encoding="utf-8")

    log = jk.events(tmp_path, format="salesforce")

    assert counted(log) == {"used": 0}


def test_a_missing_column_is_named_with_what_is_there(tmp_path):
    """Exports are made by hand, and the column that tells when is easily left out."""
    with pytest.raises(jk.EventLogError) as caught:
        opened(tmp_path, history=[{"OpportunityId": "006A", "StageName": "Won", "Amount": "1"}])
    assert str(caught.value) == (
        "'history.csv' looks like OpportunityHistory, but has no column CreatedDate. "
        "It has: OpportunityId, StageName, Amount"
    )


def test_a_history_that_does_not_name_the_record_is_refused(tmp_path):
    """Of all columns that may name it, one must be there."""
    with pytest.raises(jk.EventLogError) as caught:
        opened(tmp_path, history=[{"Field": "Status", "NewValue": "Won"}])
    assert str(caught.value) == (
        "'history.csv' looks like a history of fields, but has no column for the record, such as LeadId and "
        "no column CreatedDate. It has: Field, NewValue"
    )


def test_an_export_of_something_else_is_refused_with_what_is_needed(tmp_path):
    """The message must tell what to export instead."""
    with pytest.raises(jk.EventLogError) as caught:
        opened(tmp_path, visits=[{"customer": "ana", "day": "2024-01-01"}])
    text = str(caught.value)
    assert text.startswith(
        "no table of Salesforce with a time. Known are OpportunityHistory (OpportunityId, "
    )
    assert text.endswith("Found: 'visits.csv' with customer, day")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"customer": "acount"},
            (
                "no value of the option 'customer' named 'acount' in the reader of 'salesforce'. "
                "Did you mean 'account'? Known: opportunity, account, record."
            ),
        ),
        ({"bulk": "many"}, "options: bulk='many' is no whole number, such as '10'; '0' is never"),
    ],
)
def test_an_option_that_means_nothing_is_refused(tmp_path, options, message):
    """A misspelt option that is passed over would change the answer without a word."""
    folder = write(tmp_path, **WRITTEN)

    with pytest.raises(jk.JourneykitError) as caught:
        jk.events(folder, format="salesforce", options=options)
    assert str(caught.value) == message


@pytest.mark.slow
def test_200_000_rows_are_read_within_a_minute(tmp_path):
    """A reader that took rows into Python, or compared each with each, would take much longer."""
    stages = ("Prospecting", "Prospecting", "Proposal", "Closed Won")
    lines = [
        f"008{number:07},006{number // 4:06},{stages[number % 4]},1,005{number % 9},"
        f"2024-{number % 4 + 1:02}-{number // 4 % 28 + 1:02}T{number % 24:02}:{number % 60:02}:00Z,false"
        for number in range(200_000)
    ]
    header = ",".join(OPPORTUNITY_HISTORY.split())
    (tmp_path / "history.csv").write_text("\n".join([header, *lines]), encoding="utf-8")
    begun = time.monotonic()

    log = jk.events(tmp_path, format="salesforce")

    assert counted(log) == {"used": 150_000, "same_stage": 50_000}
    assert time.monotonic() - begun < 60


def test_reading_asks_the_engine_nothing(tmp_path, monkeypatch):
    """What a reader returns is expressions: no row reaches Python, however large the export is."""
    from ibis.backends.duckdb import Backend

    from journeykit.builtin.readers.salesforce import READER
    from journeykit.eventlog.source import open_export

    export = open_export(write(tmp_path, **plain_salesforce.draw(Random(0))))
    asked = []
    for name in ("to_pyarrow", "execute", "raw_sql"):
        monkeypatch.setattr(Backend, name, lambda *_, name=name, **__: asked.append(name))
    reading = READER.read(export.tables, {})
    monkeypatch.undo()

    assert asked == []
    with warnings.catch_warnings():
        assert reading.events.schema().names[:3] == ("customer", "timestamp", "stage")
    export.backend.disconnect()


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_drawn_exports_are_read_as_plain_python_reads_them(tmp_path, seed):
    """Everything at once: conversions, merges, deletions, imports, ties, repeated rows, odd dates."""
    tables = plain_salesforce.draw(Random(seed))
    events, reasons = plain_salesforce.read(tables)

    log = opened(tmp_path, **tables)

    assert counted(log) == reasons
    assert Counter(happened(log, "writer")) == Counter(events)
