"""Parquet: columns keep their types."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from journeykit.errors import EventLogError

TABLE = pa.table(
    {
        "customer": pa.array([7]),
        "timestamp": pa.array([dt.datetime(2024, 1, 1, tzinfo=dt.UTC)]),
        "touchpoint": pa.array(["visit"]).dictionary_encode(),
        "nothing": pa.nulls(1),
    }
)


@pytest.mark.filterwarnings("ignore:.*set aside:journeykit.errors.JourneykitWarning")
def test_columns_keep_their_types_and_one_without_values_is_null(opened, tmp_path, rows_of):
    """A column of nulls has no type in Parquet; it is written whenever a month has no values."""
    pq.write_table(TABLE, tmp_path / "e.parquet")

    log = opened(tmp_path / "e.parquet", stage="nothing", value="nothing")

    assert rows_of(log, log.events) == [(7, 1_704_067_200_000_000, None, "visit", None)]


def test_files_of_a_pattern_are_matched_by_column_name(opened, tmp_path):
    """As for CSV; and directories are columns where the files do not have them."""
    for year, columns in (("2023", ["timestamp", "customer", "touchpoint"]), ("2024", TABLE.column_names)):
        (tmp_path / f"year={year}").mkdir()
        pq.write_table(TABLE.select(columns), tmp_path / f"year={year}" / "part.parquet")

    log = opened(str(tmp_path / "**" / "*.parquet"), attributes=["year"])

    assert sorted(row["attribute:year"] for row in log.rows_of(log.events)) == ["2023", "2024"]


def test_a_file_that_is_no_parquet_says_so(opened, written):
    """A half-finished download."""
    with pytest.raises(EventLogError, match=r"e\.parquet.*(too small|magic)"):
        opened(written("e.parquet", "customer,timestamp\n"))
