"""SuperOffice's exports: when sales entered their stages, and what was done with them."""

from __future__ import annotations

from collections import Counter
from random import Random

import pyarrow as pa
import pytest
from tests import plain_superoffice
from tests.crm_exports import counted, happened, paths, stored, table, write

import journeykit as jk

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

SALE_HIST = "salehist_id sale_id probability_idx status registered updated amount updated_associate_id"
SALE = "sale_id contact_id person_id probability_idx status registered updated created_by_workflow_id"
APPOINTMENT = "appointment_id sale_id person_id task_idx type status registered do_by done activeDate"
STAGES = table("Prob_id name rank", "1 | Qualify | 1", "2 | Offer | 2", "3 | Agreement | 3")
TASKS = table(
    "Task_id name record_type direction",
    "1 | Meeting | 1 | 0",
    "2 | Call in | 5 | 1",
    "3 | Mail out | 3 | 2",
)


def opened(folder, **tables):
    """Write an export and open it."""
    return jk.events(write(folder, **tables), format="superoffice")


def test_each_edit_is_saved_and_only_changes_of_stage_are_moves(tmp_path):
    """Every edit of a sale is a row; rows come in no order, and the last stage is open."""
    log = opened(
        tmp_path,
        SaleHist=table(
            SALE_HIST,
            "12 | 7 | 2 | 1 | 2024-01-01T08:00:00 | 2024-01-05T08:00:00 | 20 | 3",
            "10 | 7 | 1 | 1 | 2024-01-01T08:00:00 | 2024-01-01T08:00:00 | 10 | 3",
            "11 | 7 | 1 | 1 | 2024-01-01T08:00:00 | 2024-01-03T08:00:00 | 20 | 3",
        ),
        Prob=STAGES,
    )

    assert happened(log, "value") == [
        ("7", "2024-01-01 08:00:00", "Qualify", None, 10.0),
        ("7", "2024-01-05 08:00:00", "Offer", None, 20.0),
    ]
    assert counted(log) == {"used": 2, "same_stage": 1}


def test_a_sale_that_is_sold_lost_or_stalled_is_in_that_stage_until_it_is_reopened(tmp_path):
    """The probability stays what it was when a sale is parked; the status says what became of it."""
    lines = [
        f"{number} | 7 | 2 | {status} | 2024-01-01T08:00:00 | 2024-01-0{number}T08:00:00 | 1 | 3"
        for number, status in enumerate("14132", start=1)
    ]
    folder = write(tmp_path, SaleHist=table(SALE_HIST, *lines), Prob=STAGES)

    def read(options):
        return paths(jk.events(folder, format="superoffice", options=options))

    assert read({}) == {"7": ["Offer", "Stalled", "Offer", "Lost", "Sold"]}
    assert read({"status_stages": "sold, lost"}) == {"7": ["Offer", "Lost", "Sold"]}
    assert read({"status_stages": ""}) == {"7": ["Offer"]}


def test_the_sale_itself_is_its_last_version_and_its_stage_is_stored(tmp_path):
    """Edits that go round the program are in no history: the sale shows that it moved."""
    log = opened(
        tmp_path,
        SaleHist=table(
            SALE_HIST,
            "10 | 7 | 1 | 1 | 2024-01-01T08:00:00 | 2024-01-01T08:00:00 | 1 | 3",
            "11 | 8 | 1 | 1 | 2024-01-01T08:00:00 | 2024-01-01T08:00:00 | 1 | 3",
        ),
        sale=table(
            SALE,
            "7 | 70 | 71 | 1 | 1 | 2024-01-01T08:00:00 | 2024-01-01T08:00:00 | 0",
            "8 | 70 | 72 | 3 | 2 | 2024-01-01T08:00:00 | 2024-01-09T08:00:00 | 0",
        ),
        Prob=STAGES,
    )

    assert happened(log) == [
        ("7", "2024-01-01 08:00:00", "Qualify", None),
        ("8", "2024-01-01 08:00:00", "Qualify", None),
        ("8", "2024-01-09 08:00:00", "Sold", None),
    ]
    assert counted(log) == {"used": 3, "same_stage": 1}
    assert stored(log) == {"7": "Qualify", "8": "Sold"}


@pytest.mark.parametrize(
    ("customer", "found", "now"),
    [
        ("sale", {"7": ["Qualify"], "8": ["Offer"]}, {"7": "Qualify", "8": "Offer"}),
        ("contact", {"70": ["Qualify", "Offer"]}, {"70": "Offer"}),
        ("person", {"72": ["Offer"]}, {"72": "Offer"}),
    ],
)
def test_the_company_or_the_person_may_be_the_customer(tmp_path, customer, found, now):
    """0 is SuperOffice's word for nobody; of a company's sales, the stored stage is that of the latest."""
    folder = write(
        tmp_path,
        sale=table(
            SALE,
            "7 | 70 | 0  | 1 | 1 | 2024-01-01T08:00:00 | 2024-01-02T08:00:00 | 0",
            "8 | 70 | 72 | 2 | 1 | 2024-01-01T08:00:00 | 2024-01-09T08:00:00 | 0",
        ),
        Prob=STAGES,
    )

    log = jk.events(folder, format="superoffice", options={"customer": customer})

    assert paths(log) == found
    assert stored(log) == now


def test_columns_of_sales_are_customers_attributes(tmp_path):
    """Where a sale came from is `source_id` in the database, whose own `source` is something else."""
    sale = {"sale_id": "7", "probability_idx": "1", "status": "1", "updated": "2024-01-01T08:00:00"}
    folder = write(tmp_path, sale=[{**sale, "source_id": "4", "source": "0", "group_idx": "2"}])

    log = jk.events(folder, format="superoffice", options={"attributes": "group_idx"})

    assert log.rows_of(log.customers.drop("customer")) == [
        {"source": "4", "group_idx": "2", "stored_stage": "1"}
    ]


def test_an_archive_provider_tells_the_same_as_the_database(tmp_path):
    """Its columns are written otherwise, and stages and statuses have names already."""
    log = opened(
        tmp_path,
        saleHistory=table(
            "saleId date stage saleStatus updatedDate registeredDate updatedBy amount",
            "7 | 2024-09-01 | Qualify (10%) | Open | 2024-01-01T08:00:00Z | 2024-01-01T08:00:00Z | KIM | 10",
            "7 | 2024-09-01 | Qualify (10%) | Open | 2024-01-02T08:00:00Z | 2024-01-01T08:00:00Z | KIM | 20",
            "7 | 2024-09-01 | Qualify (10%) | Lost | 2024-01-03T08:00:00Z | 2024-01-01T08:00:00Z | BO  | 20",
        ),
        sale=table(
            "saleId stage stageRank saleStatus updatedDate createdByWorkflow source",
            "7 | Qualify (10%) | 1 | Lost | 2024-01-03T08:00:00Z | | Fair",
        ),
    )

    assert happened(log) == [
        ("7", "2024-01-01 08:00:00", "Qualify (10%)", None),
        ("7", "2024-01-03 08:00:00", "Lost", None),
    ]
    assert stored(log) == {"7": "Lost"}


def test_when_it_was_written_is_utc_and_when_it_took_place_is_local(tmp_path):
    """SuperOffice keeps the two in two ways; read as one, a call seems to come before its sale."""
    folder = write(
        tmp_path,
        SaleHist=table(SALE_HIST, "10 | 7 | 1 | 1 | 2024-07-01T08:00:00 | 2024-07-01T08:00:00 | 1 | 3"),
        appointment=table(
            APPOINTMENT,
            "1 | 7 | 0 | 2 | 1 | 3 | 2024-07-01T08:05:00 | | 2024-07-01T10:10:00 | 2024-07-01T10:10:00",
        ),
        Prob=STAGES,
        Task=TASKS,
    )

    log = jk.events(folder, format="superoffice", timezone="Europe/Oslo")

    assert happened(log) == [
        ("7", "2024-07-01 08:00:00", "Qualify", None),
        ("7", "2024-07-01 08:10:00", None, "Call in"),
    ]


def test_dates_of_no_time_are_none(tmp_path):
    """What was never edited is dated 1760 or 0001: it is as it was registered."""
    log = opened(
        tmp_path,
        SaleHist=table(
            SALE_HIST,
            "10 | 7 | 1 | 1 | 2024-01-01T08:00:00 | 1760-01-01T00:00:00 | 1 | 0",
            "11 | 8 | 1 | 1 | 2024-01-02T08:00:00 | 0001-01-01T00:00:00 | 1 | 0",
            "12 | 9 | 1 | 1 | 2024-01-03T08:00:00 |                     | 1 | 0",
            "13 | 7 | 2 | 1 | 1760-01-01T00:00:00 | 9999-12-31T00:00:00 | 1 | 0",
        ),
        Prob=STAGES,
    )

    assert happened(log) == [
        ("7", "2024-01-01 08:00:00", "Qualify", None),
        ("8", "2024-01-02 08:00:00", "Qualify", None),
        ("9", "2024-01-03 08:00:00", "Qualify", None),
    ]
    assert counted(log) == {"used": 3, "timestamp_out_of_range": 1}


def test_edits_of_one_second_are_in_the_order_of_their_numbers(tmp_path):
    """10 comes after 9, though not as text."""
    log = opened(
        tmp_path,
        SaleHist=table(
            SALE_HIST,
            "10 | 7 | 1 | 1 | 2024-01-01T08:00:00 | 2024-01-01T08:00:00 | 1 | 3",
            "9  | 7 | 2 | 1 | 2024-01-01T08:00:00 | 2024-01-01T08:00:00 | 1 | 3",
        ),
        Prob=STAGES,
    )

    assert paths(log) == {"7": ["Offer", "Qualify"]}


def test_who_wrote_is_what_the_export_says(tmp_path):
    """The sale says that a workflow created it, and so wrote its first row; users are told by the caller."""
    folder = write(
        tmp_path,
        SaleHist=table(
            SALE_HIST,
            "10 | 7 | 1 | 1 | 2024-01-01T08:00:00 | 2024-01-01T08:00:00 | 1 | 3",
            "11 | 7 | 2 | 1 | 2024-01-01T08:00:00 | 2024-01-02T08:00:00 | 1 | 3",
            "12 | 8 | 1 | 1 | 2024-01-01T08:00:00 | 2024-01-03T08:00:00 | 1 | 44",
        ),
        sale=table(SALE, "7 | 0 | 0 | 2 | 1 | 2024-01-01T08:00:00 | 2024-01-02T08:00:00 | 5"),
        Prob=STAGES,
    )

    log = jk.events(folder, format="superoffice", options={"import_users": "44"})

    assert happened(log, "writer") == [
        ("7", "2024-01-01 08:00:00", "Qualify", None, "automation"),
        ("7", "2024-01-02 08:00:00", "Offer", None, "unknown"),
        ("8", "2024-01-03 08:00:00", "Qualify", None, "import"),
    ]


def test_what_was_done_is_told_by_the_list_of_tasks(tmp_path):
    """The list says how, and who began; documents have a list of their own, of templates."""
    log = opened(
        tmp_path,
        appointment=table(
            f"{APPOINTMENT} document_id",
            "1 | 7 | 71 | 1 | 1 | 1 | 2024-01-01T08:00:00 | | | 2024-01-02T10:00:00 | 0",
            "2 | 7 | 71 | 2 | 1 | 3 | 2024-01-01T08:00:00 | | 2024-01-04T10:00:00 | 2024-01-03T10:00:00 | 0",
            "3 | 7 | 0  | 3 | 2 | 3 | 2024-01-01T08:00:00 | | 2024-01-05T10:00:00 | 2024-01-09T10:00:00 | 0",
            "4 | 7 | 0  | 2 | 4 | 3 | 2024-01-01T08:00:00 | | 1760-01-01T00:00:00 | 2024-01-06T10:00:00 | 9",
            "5 | 7 | 0  | 9 | 1 | 3 | 2024-02-01T08:00:00 | | 2024-01-07T10:00:00 | 2024-01-07T10:00:00 | 0",
        ),
        Task=TASKS,
    )

    assert happened(log, "channel", "initiator", "contact") == [
        ("7", "2024-01-02 10:00:00", None, "Meeting", "meeting", None, "71"),
        ("7", "2024-01-04 10:00:00", None, "Call in", "phone", "customer", "71"),
        ("7", "2024-01-05 10:00:00", None, "Mail out", "email", "company", None),
        ("7", "2024-01-06 10:00:00", None, "Document", "document", None, None),
        ("7", "2024-01-07 10:00:00", None, "Task 9", None, None, None),
    ]


def test_appointments_that_did_not_take_place_are_set_aside(tmp_path):
    """A diary is full of what was cancelled, is still to come, or is another invitee's copy."""
    log = opened(
        tmp_path,
        appointment=table(
            f"{APPOINTMENT} mother_id",
            "1 | 7 | 0 | 1 | 1 | 1  | 2024-01-01T08:00:00 | | | 2024-06-02T10:00:00 | 0",
            "2 | 7 | 0 | 1 | 2 | 1  | 2024-01-01T08:00:00 | | | 2024-01-02T10:00:00 | 0",
            "3 | 7 | 0 | 1 | 6 | 10 | 2024-01-01T08:00:00 | | | 2024-01-02T10:00:00 | 3",
            "4 | 7 | 0 | 1 | 6 | 7  | 2024-01-01T08:00:00 | | | 2024-01-02T10:00:00 | 5",
            "5 | 7 | 0 | 1 | 6 | 7  | 2024-01-01T08:00:00 | | | 2024-01-02T10:00:00 | 5",
            "6 | 0 | 0 | 1 | 1 | 3  | 2024-01-09T08:00:00 | | | 2024-01-02T10:00:00 | 0",
            "7 | 7 | 0 | 1 | 8 | 1  | 2024-01-01T08:00:00 | | | 2024-01-02T10:00:00 | 0",
        ),
        Task=TASKS,
    )

    assert counted(log) == {
        "used": 1,
        "copy_for_invitee": 1,
        "declined": 1,
        "no_activity": 1,
        "not_completed": 1,
        "not_yet_held": 1,
        "other_record": 1,
    }


def test_the_stage_by_the_appointments_stands_beside_the_stored_one(tmp_path):
    """With the stage changes set aside, stages follow from what was done with the customer."""
    folder = write(
        tmp_path,
        sale=table(
            SALE,
            "7 | 0 | 0 | 3 | 1 | 2024-01-01T08:00:00 | 2024-01-02T08:00:00 | 0",
            "8 | 0 | 0 | 3 | 1 | 2024-01-01T08:00:00 | 2024-01-02T08:00:00 | 0",
        ),
        appointment=table(
            APPOINTMENT,
            "1 | 7 | 0 | 2 | 1 | 3 | 2024-01-03T08:00:00 | | | 2024-01-02T10:00:00",
            "2 | 8 | 0 | 1 | 1 | 3 | 2024-01-03T08:00:00 | | | 2024-01-02T10:00:00",
        ),
        Prob=STAGES,
        Task=TASKS,
    )
    plan = jk.Lifecycle(
        "sale", stages=["Qualify", "Agreement"], touchpoints={"Call in": "Qualify", "Meeting": "Agreement"}
    )

    log = jk.events(folder, format="superoffice", options={"stage_changes": "aside"})

    assert counted(log) == {"used": 2, "stage_change": 2}
    with jk.observe(log, plan) as journey:
        rows = [(row.stage, row.stored, row.customers, row.agrees) for row in jk.stored_stages(journey)]
    assert rows == [("Qualify", "Agreement", 1, False), ("Agreement", "Agreement", 1, True)]


def test_what_an_export_lacks_is_said(tmp_path):
    """Numbers for stages, and sales without their past, are easily taken for the whole story."""
    with pytest.warns(jk.JourneykitWarning) as caught:
        log = opened(
            tmp_path,
            sale=table(SALE, "7 | 0 | 0 | 3 | 1 | 2024-01-01T08:00:00 | 2024-01-02T08:00:00 | 0"),
            appointment=table(APPOINTMENT, "1 | 7 | 0 | 2 | 1 | 3 | 2024-01-03T08:00:00 | | | 2024-01-02"),
            person=table("person_id firstname", "71 | Kim"),
        )

    notes = [str(one.message) for one in caught if one.category is jk.JourneykitWarning]
    assert [note.partition(": ")[2] for note in notes] == [
        (
            "without SaleHist, each sale is seen in its present stage only, at the time it was edited last: "
            "export that, too"
        ),
        "without the list Prob (Prob_id, name), stages have numbers for names",
        "without the list Task (Task_id, name, record_type), appointments have numbers for names",
        "not used: person.csv",
    ]
    assert happened(log)[1] == ("7", "2024-01-02 08:00:00", "3", None)


def test_typed_tables_are_read_as_text_ones_are():
    """The database's own types, by way of Parquet or a frame, give the same events."""
    moments = pa.array(["2024-01-01T10:00:00", "2024-01-02T10:00:00"]).cast(pa.timestamp("us"))
    frame = pa.table(
        {
            "salehist_id": [1, 2],
            "sale_id": [7, 7],
            "probability_idx": [1.0, None],
            "status": [1, 2],
            "updated": moments,
        }
    )

    log = jk.events(frame, format="superoffice")

    assert happened(log) == [
        ("7", "2024-01-01 10:00:00", "1", None),
        ("7", "2024-01-02 10:00:00", "Sold", None),
    ]


def test_when_it_took_place_is_worked_out_once(tmp_path):
    """Worked out at each use, it made a query of a megabyte, and one appointment took eight seconds."""
    line = "1 | 7 | 0 | 2 | 1 | 3 | 2024-01-03T08:00:00 | | | 2024-01-02"
    log = opened(tmp_path, appointment=table(APPOINTMENT, line), Task=TASKS)

    assert len(log.verdict.source.compile()) < 150_000


def test_a_header_without_rows_is_no_mistake_of_the_readers(tmp_path):
    """A list that nobody uses is exported empty."""
    for name, columns in (("SaleHist", SALE_HIST), ("appointment", APPOINTMENT), ("Prob", "Prob_id name")):
        (tmp_path / f"{name}.csv").write_text(",".join(columns.split()) + "\n", encoding="utf-8")

    assert counted(jk.events(tmp_path, format="superoffice")) == {"used": 0}


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            "sale_id probability_idx amount",
            (
                "'export.csv' looks like sale, but has no column updated (updatedDate). "
                "It has: sale_id, probability_idx, amount"
            ),
        ),
        (
            "appointment_id task_idx",
            (
                "'export.csv' looks like appointment, but has no column activeDate, do_by or done. "
                "It has: appointment_id, task_idx"
            ),
        ),
    ],
)
def test_a_missing_column_is_named_with_what_is_there(tmp_path, columns, message):
    """Exports are made by hand, and the column that tells when is easily left out."""
    with pytest.raises(jk.EventLogError) as caught:
        opened(tmp_path, export=table(columns, "|".join("1" * len(columns.split()))))
    assert str(caught.value) == message


def test_an_export_of_something_else_is_refused_with_what_is_needed(tmp_path):
    """The message must tell what to export instead."""
    with pytest.raises(jk.EventLogError) as caught:
        opened(tmp_path, visits=[{"customer": "ana", "day": "2024-01-01"}])
    text = str(caught.value)
    assert text.startswith("no table of SuperOffice with events. Known are SaleHist or sale (sale_id, ")
    assert text.endswith("Found: 'visits.csv' with customer, day")


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_drawn_exports_are_read_as_plain_python_reads_them(tmp_path, seed):
    """Everything at once: ties, other edits, reopened sales, odd dates, workflows, bulk edits, copies."""
    tables = plain_superoffice.draw(Random(seed))
    events, reasons = plain_superoffice.read(tables)

    log = opened(tmp_path, **tables)

    assert counted(log) == reasons
    assert Counter(happened(log, "writer", "channel")) == Counter(events)
