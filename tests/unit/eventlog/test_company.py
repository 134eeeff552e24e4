"""The company's side, read from a table."""

from __future__ import annotations

import ibis
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from journeykit.errors import EventLogError, JourneykitWarning, UnknownNameError
from journeykit.eventlog import activities
from journeykit.model.activity import Activity

TEXT = """stage,touchpoint,channel,effort,unit,owner,department,basis
trial,demo,meeting,12.5,hours,kim,sales,strategy
trial,mail,,,,,,
"""
READ = (
    Activity(
        "trial",
        "demo",
        channel="meeting",
        effort=12.5,
        unit="hours",
        owner="kim",
        department="sales",
        basis="strategy",
    ),
    Activity("trial", "mail"),
)


def test_one_row_is_one_activity_in_the_order_of_the_source(written):
    """An empty cell is unknown, not nothing: an unknown effort is no effort of 0."""
    assert activities(written("a.csv", TEXT)) == READ


@pytest.mark.parametrize("frame", [pd.read_csv, pl.read_csv], ids=["pandas", "polars"])
def test_a_frame_reads_as_its_file(written, frame):
    """Where pandas has NaN, there was nothing."""
    assert activities(frame(written("a.csv", TEXT))) == READ


def test_a_table_in_a_callers_engine_stays_open():
    """It is theirs."""
    theirs = ibis.duckdb.connect()
    table = theirs.create_table("plan", pa.table({"stage": ["trial"], "touchpoint": ["mail"]}))

    assert activities(table) == (Activity("trial", "mail"),)
    assert theirs.to_pyarrow(table.count()).as_py() == 1


def test_two_columns_are_enough(written):
    """A plan begins with what is done, before anyone knows the cost."""
    assert activities(written("a.csv", "touchpoint,stage\ndemo,trial\n")) == (Activity("trial", "demo"),)


def test_every_row_that_breaks_a_rule_is_named(written):
    """One run, one correction."""
    path = written(
        "a.csv",
        "stage,touchpoint,effort,basis\ntrial,demo,many,strategy\n,demo,-1,\ntrial,,inf,habit\ntrial,demo,0,\n",
    )

    with pytest.raises(EventLogError) as error:
        activities(path)

    assert str(error.value).split("\n") == [
        f"activities, {str(path)!r}: 6 problems",
        "  row 1: effort 'many' is no number",
        "  row 2: no stage",
        "  row 2: effort -1 is negative",
        "  row 3: no touchpoint",
        "  row 3: effort 'inf' is no number",
        "  row 3: basis 'habit' is neither 'strategy' nor 'communication'",
    ]


def test_of_many_problems_the_first_ten_are_shown(written):
    """A wrong column is wrong in every row."""
    path = written("a.csv", "stage,touchpoint,effort\n" + "trial,demo,x\n" * 12)

    with pytest.raises(EventLogError) as error:
        activities(path)

    assert str(error.value).split("\n")[-1] == "  ... and 2 more"


def test_a_missing_column_is_named(written):
    """As for events."""
    with pytest.raises(UnknownNameError, match=r"no column named 'touchpoint' .* Did you mean 'touchpoints'"):
        activities(written("a.csv", "stage,touchpoints\ntrial,demo\n"))


def test_a_misspelt_optional_column_is_pointed_out(written):
    """Else every effort would be unknown without a word."""
    with pytest.warns(JourneykitWarning, match=r"column 'efort' is ignored; was 'effort' meant"):
        activities(written("a.csv", "stage,touchpoint,efort,notes\ntrial,demo,3,x\n"))
