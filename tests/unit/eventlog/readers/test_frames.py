"""Frames of pandas, polars and pyarrow: the same rows give the same log."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from journeykit.errors import EventLogError

quiet = pytest.mark.filterwarnings("ignore:.*set aside:journeykit.errors.JourneykitWarning")

DATA = {
    "customer": ["ana", "NA", None],
    "timestamp": [dt.datetime(2024, 1, 1, 10), dt.datetime(2024, 1, 2), dt.datetime(2024, 1, 3)],  # noqa: DTZ001
    "touchpoint": ["visit", "demo", "visit"],
    "value": [1.5, None, 2.0],
    "index": [1, 2, 3],
}
FRAMES = {
    "pandas": pd.DataFrame(DATA),
    "pandas objects": pd.DataFrame(DATA, dtype=object),
    "pandas arrow": pd.DataFrame(DATA).convert_dtypes(dtype_backend="pyarrow"),
    "pandas categories": pd.DataFrame(DATA).astype({"customer": "category", "touchpoint": "category"}),
    "polars": pl.DataFrame(DATA),
    "polars lazy": pl.LazyFrame(DATA),
    "polars categories": pl.DataFrame(DATA).with_columns(
        pl.col("customer", "touchpoint").cast(pl.Categorical)
    ),
    "arrow": pa.table(DATA),
    "arrow batch": pa.RecordBatch.from_pydict(DATA),
}


@quiet
@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_frames_of_any_library_give_the_same_log(opened, rows_of, frame):
    """A customer called NA is one; a missing one is none; a column called index is a column."""
    log = opened(frame, value="value", sequence="index")

    assert rows_of(log, log.events) == [
        ("NA", 1_704_153_600_000_000, 2, "demo", None),
        ("ana", 1_704_103_200_000_000, 1, "visit", 1.5),
    ]
    assert log.counts().by_reason == {"no_customer": 1}


OBJECTS = {
    "numbers and texts": ([7, "a", None], ["7", "a", None]),
    "truths and numbers": ([True, 1], ["True", "1"]),
    "huge numbers": ([2**70, 1], [str(2**70), "1"]),
    "whole and broken numbers": ([1, 1.5, None], [1.0, 1.5, None]),
    "decimals": ([decimal.Decimal("1.5"), None], [decimal.Decimal("1.5"), None]),
    "ids": ([uuid.UUID(int=1)], [str(uuid.UUID(int=1))]),
    "dates and times": (
        [dt.date(2024, 1, 1), dt.datetime(2024, 1, 2, 3)],  # noqa: DTZ001
        ["2024-01-01", "2024-01-02 03:00:00"],
    ),
    "times with and without a zone": (
        [dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 1, tzinfo=dt.UTC)],  # noqa: DTZ001
        ["2024-01-01 00:00:00", "2024-01-01 00:00:00+00:00"],
    ),
    "nothing": ([None, None], [None, None]),
    "far dates": ([dt.datetime(9999, 12, 31)], ["9999-12-31 00:00:00"]),  # noqa: DTZ001
}


@pytest.mark.parametrize(("values", "read"), OBJECTS.values(), ids=OBJECTS)
def test_objects_of_several_types_become_text(opened, values, read):
    """Arrow goes by the first: a time after a date would lose its hours."""
    frame = pd.DataFrame(
        {"customer": "a", "timestamp": "2024-01-01", "touchpoint": "v"}, index=range(len(values))
    )
    frame["x"] = pd.Series(values, dtype=object)

    log = opened(frame)

    assert [row["x"] for row in log.rows_of(log.source)] == read


STRANGE = {
    "duration": pa.array([5], pa.duration("s")),
    "half float": pa.array([1.5], pa.float16()),
    "wide decimal": pa.array([decimal.Decimal("1.5")], pa.decimal256(50, 1)),
    "run ends": pa.RunEndEncodedArray.from_arrays([1], ["x"]),
}


@pytest.mark.parametrize("column", STRANGE.values(), ids=STRANGE)
def test_a_type_that_the_engine_does_not_know_does_not_stop_a_log(opened, column):
    """The column need not even be of interest."""
    table = pa.table({"customer": ["a"], "timestamp": ["2024-01-01"], "touchpoint": ["v"], "x": column})

    assert opened(table, attributes=["x"]).counts().used == 1


@pytest.mark.parametrize(
    "column",
    [
        pl.Series([2**100], dtype=pl.Int128),
        pl.Series([dt.timedelta(1)]),
        pl.Series([dt.time(1)]),
        pl.Series([None]),
    ],
    ids=["128 bits", "duration", "time", "null"],
)
def test_a_polars_type_that_arrow_does_not_know_does_not_stop_a_log(opened, column):
    """As above."""
    frame = pl.DataFrame({"customer": ["a"], "timestamp": ["2024-01-01"], "touchpoint": ["v"], "x": column})

    assert opened(frame, attributes=["x"]).counts().used == 1


def test_periods_and_intervals_of_pandas_become_text(opened):
    """A cohort is often a month."""
    frame = pd.DataFrame({"customer": ["a"], "timestamp": ["2024-01-01"], "touchpoint": ["v"]})
    frame["month"] = pd.period_range("2024-01", periods=1, freq="M")
    frame["band"] = pd.interval_range(0, 1)

    log = opened(frame, attributes=["month", "band"])

    row = log.rows_of(log.events)[0]
    assert (row["attribute:month"], row["attribute:band"]) == ("2024-01", "(0, 1]")


def test_a_named_index_is_a_column(opened):
    """After `set_index` the customer is still the customer."""
    frame = pd.DataFrame(DATA).dropna().set_index(["customer", "index"])

    log = opened(frame, attributes=["index"])

    assert {row["customer"]: row["attribute:index"] for row in log.rows_of(log.events)} == {"ana": 1}


def test_an_index_without_a_name_is_none(opened):
    """Row numbers are no data."""
    log = opened(pd.DataFrame(DATA).dropna())

    assert log.source.columns == tuple(DATA)


NAMES = {
    "number": (pd.DataFrame({0: ["a"]}), "the column name 0 is no text"),
    "several levels": (
        pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])),
        r"the column name \('a', 'b'\) is no text",
    ),
    "twice": (pd.DataFrame([["a", "b"]], columns=["x", "x"]), "can't tell the columns 'x' and 'x' apart"),
    "twice in arrow": (
        pa.table([["a"], ["b"]], names=["x", "x"]),
        "can't tell the columns 'x' and 'x' apart",
    ),
    "case": (
        pl.DataFrame({"Stage": ["a"], "stage": ["b"]}),
        "can't tell the columns 'Stage' and 'stage' apart",
    ),
    "none": (pd.DataFrame(), "has no columns"),
}


@pytest.mark.parametrize(("frame", "why"), NAMES.values(), ids=NAMES)
def test_column_names_that_are_no_text_or_not_distinct_are_refused(opened, frame, why):
    """The engine would rename or take the first, without a word."""
    with pytest.raises(EventLogError, match=why):
        opened(frame)


def test_a_column_that_is_no_text_in_any_encoding_is_refused(opened):
    """Half a character from a broken import."""
    frame = pd.DataFrame(
        {"customer": pd.Series(["a\udc80"], dtype=object), "timestamp": "2024", "touchpoint": "v"}
    )

    with pytest.raises(EventLogError, match=r"column 'customer' holds .*which the engine can't read"):
        opened(frame)


class Handle:
    """What no text can stand for."""


OPAQUE = {
    "polars": pl.DataFrame({"customer": pl.Series([Handle()], dtype=pl.Object)}),
    "arrow": pa.table(
        {
            "customer": pa.ExtensionArray.from_storage(
                pa.fixed_shape_tensor(pa.int8(), [1]), pa.array([[1]], pa.list_(pa.int8(), 1))
            )
        }
    ),
}


@pytest.mark.parametrize("frame", OPAQUE.values(), ids=OPAQUE)
def test_a_column_of_a_type_without_a_text_is_refused_by_name(opened, frame):
    """The way out is named with it."""
    with pytest.raises(EventLogError, match=r"column 'customer' holds .*: make it text or leave it out"):
        opened(frame)


def test_an_index_whose_name_is_no_text_is_no_column(opened):
    """A group key that was never named."""
    frame = pd.DataFrame(DATA).dropna()
    frame.index.name = 0

    assert opened(frame).source.columns == tuple(DATA)


def test_a_frame_without_rows_has_columns(opened):
    """A query that found nothing."""
    assert opened(pd.DataFrame({name: [] for name in DATA})).counts().read == 0
