"""Take over a pandas, polars or pyarrow frame as it stands in memory, by way of arrow.

A pandas index is read like a column where it has a name.  Where pandas keeps Python
objects of several types, or times, in one column, they become text, each as Python
writes it: arrow would guess from the first one, and turn times after a date into dates
without a word.

May import: errors.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pat

from journeykit.errors import EventLogError

if TYPE_CHECKING:
    import pandas as pd

_FRAMES: Final = frozenset(
    {
        ("pandas", "DataFrame"),
        ("polars", "DataFrame"),
        ("polars", "LazyFrame"),
        ("pyarrow", "Table"),
        ("pyarrow", "RecordBatch"),
    }
)

_ONE_TYPE: Final = frozenset(
    {"string", "integer", "floating", "mixed-integer-float", "boolean", "decimal", "empty"}
)
"""The kinds of object columns that arrow reads for what they are."""


def frame_library(source: object) -> str | None:
    """Name the library whose frame this is, or None."""
    library, kind = type(source).__module__.split(".")[0], type(source).__name__
    return library if (library, kind) in _FRAMES else None


def read_frame(frame: Any, name: str, *, nested: bool = False) -> pa.Table:
    """Make of a frame an arrow frame that the engine can read.

    Args:
        frame: A pandas, polars (lazy, too) or pyarrow frame.
        name: What to call it in errors.
        nested: Whether dicts and lists in a pandas frame become records and lists; otherwise they are text.

    Raises:
        EventLogError: The names of the columns are no text or not distinct, or a column can't be handed over.
    """
    library = frame_library(frame)
    if library == "pandas":
        frame = _with_index(frame)
    elif hasattr(frame, "collect"):
        frame = frame.collect()
    names = list(frame.schema.names if library == "pyarrow" else frame.columns)
    _require_names(names, name)
    columns = [
        _plain(_handed_over(frame, library, place, name, nested=nested), names[place], name)
        for place in range(len(names))
    ]
    table = pa.table(columns, names=names)
    # Without rows, pandas' types are accidents.
    return table if table.num_rows else table.cast(pa.schema([(column, pa.string()) for column in names]))


def _with_index(frame: pd.DataFrame) -> pd.DataFrame:
    named = [level for level in frame.index.names if isinstance(level, str) and level not in frame.columns]
    return frame.reset_index(level=named) if named else frame


def _require_names(names: list[object], name: str) -> None:
    """Refuse names that the engine can't tell apart."""
    if not names:
        raise EventLogError(f"{name} has no columns")
    seen: dict[str, str] = {}
    for column in names:
        if not isinstance(column, str):
            raise EventLogError(f"{name}: the column name {column!r} is no text: rename it")
        if column.lower() in seen:
            earlier = seen[column.lower()]
            raise EventLogError(
                f"{name}: the engine can't tell the columns {earlier!r} and {column!r} apart: rename one"
            )
        seen[column.lower()] = column


def _handed_over(
    frame: Any, library: str | None, place: int, name: str, *, nested: bool
) -> pa.ChunkedArray | pa.Array:
    """Take one column as arrow."""
    if library == "pandas":
        return _from_pandas(frame.iloc[:, place], name, nested=nested)
    if library == "pyarrow":
        return frame.column(place)
    column = frame.to_series(place)
    if str(column.dtype) == "Object":  # arrow would be handed addresses, some of which pass for text
        raise EventLogError(_no_word(name, column.name, column.dtype))
    try:
        return pa.chunked_array(column.to_frame().to_arrow().column(0))
    except pa.ArrowException:
        return _handed_over_as_text(column, name)


def _handed_over_as_text(column: Any, name: str) -> pa.ChunkedArray | pa.Array:
    """Take a polars column of a type that arrow has no word for, such as a 128-bit integer, as text."""
    import polars as pl

    try:
        return column.cast(pl.String).to_arrow()
    except pl.exceptions.PolarsError as error:
        raise EventLogError(_no_word(name, column.name, column.dtype)) from error


def _no_word(name: str, column: str, kind: object) -> str:
    return (
        f"{name}: column {column!r} holds {kind}, which the engine can't read: make it text or leave it out"
    )


def _from_pandas(column: pd.Series[Any], name: str, *, nested: bool) -> pa.ChunkedArray | pa.Array:
    from pandas.api.types import infer_dtype

    records = nested and isinstance(next(iter(column.dropna()), None), dict | list)
    if records or column.dtype != object or infer_dtype(column, skipna=True) in _ONE_TYPE:
        with contextlib.suppress(pa.ArrowException, OverflowError, TypeError, UnicodeError):
            taken = pa.array(column, from_pandas=True)
            if not isinstance(taken.type, pa.BaseExtensionType):
                return taken
    try:
        return pa.array(column.astype("string"), from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise EventLogError(_no_word(name, str(column.name), column.dtype)) from error


def _plain(column: pa.ChunkedArray | pa.Array, title: str, name: str) -> pa.ChunkedArray | pa.Array:
    """Turn the types that the engine has no word for into ones that it knows, mostly text."""
    if pat.is_run_end_encoded(column.type):
        column = pc.run_end_decode(column)
    kind = column.type
    value = kind.value_type if pat.is_dictionary(kind) else kind
    if pat.is_null(value):
        return column.cast(pa.string())
    if pat.is_float16(value):
        return column.cast(pa.float32())
    if pat.is_duration(value):
        return column.cast(pa.int64()).cast(pa.string())
    if pat.is_time64(value):
        return column.cast(pa.time64("us"), safe=False)
    strange = isinstance(value, pa.BaseExtensionType) or pat.is_decimal256(value)
    if not (strange or pat.is_fixed_size_binary(value)):
        return column
    try:
        return pc.cast(column, pa.string())
    except pa.ArrowException as error:
        raise EventLogError(_no_word(name, title, kind)) from error
