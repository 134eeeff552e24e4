"""The shapes of Salesforce's tables, as a connector writes them: every row is used or set aside for a reason.

The rows are scrambled samples that do not belong together, so that only counts and cells can be compared.
"""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

import pytest

import journeykit as jk
from tests.crm_exports import counted, happened, stored

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

EVENTS = ("event", "lead", "opportunity", "opportunity_history", "task")
"""The tables whose rows may be events; contacts and accounts only say who is whom."""


@pytest.fixture(scope="session")
def shapes(shared_data: Path) -> Path:
    """The folder of the shapes."""
    return shared_data / "crm_export_shapes"


def rows_of(shapes: Path, table: str) -> list[dict[str, str]]:
    """Read a table without any of our code."""
    with (shapes / f"salesforce_{table}_data.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def opened(shapes: Path, table: str = "*", **options: str) -> jk.EventLog:
    """Open one table, or all of Salesforce's."""
    return jk.events(str(shapes / f"salesforce_{table}_data.csv"), format="salesforce", options=options)


def test_every_row_is_read_and_used_or_set_aside_for_a_reason(shapes):
    """All opportunities of the sample are deleted; 12 activities name a contact or an account only."""
    log = opened(shapes)

    assert log.counts().read == sum(len(rows_of(shapes, table)) for table in EVENTS)
    assert counted(log) == {"used": 9, "deleted": 20, "other_record": 12}


@pytest.mark.parametrize("table", EVENTS)
def test_every_table_of_events_can_be_read_alone(shapes, table):
    """People export what they think they need."""
    log = opened(shapes, table)

    assert log.counts().read == len(rows_of(shapes, table))


@pytest.mark.parametrize("table", ["account", "contact", "account_history"])
def test_tables_without_events_are_refused_alone(shapes, table):
    """They say who there is, not what happened."""
    with pytest.raises(jk.EventLogError, match="no table of Salesforce with a time"):
        opened(shapes, table)


def test_versions_are_the_stages_that_the_file_says(shapes):
    """Whether they end on a day or in the year 9999, each begins when it says; nothing is lost or made up."""
    log = opened(shapes, "opportunity_history", deleted="keep")

    theirs = Counter(
        (row["id"], row["_fivetran_start"], row["stage_name"], None)
        for row in rows_of(shapes, "opportunity_history")
    )
    assert Counter(happened(log)) == theirs
    assert counted(log) == {"used": 10}


def test_only_what_still_holds_is_stored(shapes):
    """Of a version that ended, and was followed by none, nobody knows what came after."""
    log = opened(shapes, "opportunity_history", deleted="keep")

    rows = rows_of(shapes, "opportunity_history")
    theirs = {row["id"]: row["stage_name"] for row in rows if row["_fivetran_end"].startswith("9999")}
    assert stored(log) == theirs


def test_the_stored_stage_is_that_of_the_record(shapes):
    """Beside the history, the table of opportunities is what the CRM holds now."""
    log = opened(shapes, "opportunity", deleted="keep")

    assert stored(log) == {row["id"]: row["stage_name"] for row in rows_of(shapes, "opportunity")}


def test_activities_are_those_that_the_file_says(shapes):
    """Tasks name a deal, a lead or a contact; one that names neither deal nor lead belongs to no journey."""
    log = opened(shapes, "task")

    def whose(row: dict[str, str]) -> str:
        named = [row["what_id"], row["who_id"]]
        return next((name for name in named if name.startswith(("006", "00Q"))), "")

    theirs = [
        (whose(row), row["completed_date_time"], None, row["type"] or row["task_subtype"], row["owner_id"])
        for row in rows_of(shapes, "task")
    ]
    assert Counter(happened(log, "agent")) == Counter(one for one in theirs if one[0])
    assert counted(log)["other_record"] == sum(not one[0] for one in theirs)


def test_an_account_of_the_activities_is_a_customer_where_it_is_asked_for(shapes):
    """Where the firm is the customer, no meeting with its people is lost."""
    log = opened(shapes, "event", customer="account")

    assert sorted({customer for customer, *_ in happened(log)}) == sorted(
        row["account_id"] for row in rows_of(shapes, "event")
    )


def test_a_field_of_the_account_may_be_its_stage(shapes):
    """The versions of accounts have a type; where that is the stage, every row of them is read, too."""
    log = opened(shapes, "account_history", field="account.Type", deleted="keep")

    theirs = Counter(
        (row["id"], row["_fivetran_start"], row["type"], None) for row in rows_of(shapes, "account_history")
    )
    assert Counter(happened(log)) == theirs


def test_the_lead_of_the_sample_stays_a_lead(shapes):
    """It became a contact and an account, and no opportunity: its journey is its own."""
    log = opened(shapes, "lead")
    (row,) = rows_of(shapes, "lead")

    assert happened(log) == [(row["id"], row["created_date"], None, "Lead created")]
    assert stored(log) == {row["id"]: "Converted"}
