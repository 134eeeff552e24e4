"""Fetch many rows of PostgreSQL by COPY: psycopg would make each cell an object of Python first.

What COPY writes is read as it was for numbers, truths and text, and these are what most columns
hold; rows with anything else are fetched as answers are.

May import: nothing of ours but for types.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from psycopg import sql
from pyarrow import csv

if TYPE_CHECKING:
    from collections.abc import Iterator

    import ibis.expr.types as ir

    from journeykit.engines.postgres import Postgres

PART: Final = 1 << 24
"""So many bytes are read at a time."""


def fits(rows: ir.Table) -> bool:
    """Tell whether each cell of these rows is read as it was."""
    kinds = rows.schema().values()
    return all(kind.is_integer() or kind.is_boolean() or kind.is_string() for kind in kinds)


def copied(rows: ir.Table, source: Postgres) -> Iterator[pa.Table]:
    """Fetch rows that fit, a part at a time."""
    told = rows.schema().to_pyarrow()
    asked = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')").format(
        sql.SQL(source.backend.compile(rows))
    )
    held = bytearray()
    with source.connection.transaction(), source.connection.cursor() as cursor, cursor.copy(asked) as copy:
        # The server sends whole lines.
        for line in copy:
            held += line
            if len(held) >= PART:
                yield _read(held, told)
                held = bytearray()
    if held:
        yield _read(held, told)


def _read(lines: bytearray, told: pa.Schema) -> pa.Table:
    return csv.read_csv(
        io.BytesIO(lines),
        read_options=csv.ReadOptions(column_names=told.names),
        parse_options=csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=csv.ConvertOptions(
            column_types=told,
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=True,
            # An empty text is written in quotes, and a null is not.
            quoted_strings_can_be_null=False,
        ),
    )
