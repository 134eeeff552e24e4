"""Hold a question's answer: typed rows, and the definition they were counted by.

A result is an immutable sequence, no longer than the lifecycle is large.  It converts
to frames where those libraries are installed, and shows itself in a notebook.

May import: errors.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

import attrs

from journeykit.errors import MissingDependencyError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    import polars as pl
    import pyarrow as pa

Row = TypeVar("Row", bound=attrs.AttrsInstance)

SHOWN_ROWS = 60
"""How many rows a notebook shows of a long result."""


@attrs.frozen(kw_only=True)
class Definition:
    """What was counted, and how: enough to count it again elsewhere.

    Attributes:
        question: The function that was asked.
        unit: What one row stands for.
        lifecycle: The lifecycle's id.
        as_of: The censoring date, ISO 8601 in UTC; None where no events were counted.
        idle_days: The silence that is a drop-off, in days.
        by: The customer attribute that makes the groups, or None.
        order: How a customer's events are ordered, ties included.
        rules: The stage rules that told stages where the stage column did not, in their order.
        denominators: What each share is a share of.
        censoring: What is open, and how it enters the shares.
        intervals: How the 95 % intervals are made.
        source: Mission ids and papers the definition stands on.
    """

    question: str
    unit: str
    lifecycle: str
    as_of: str | None = None
    idle_days: float | None = None
    by: str | None = None
    order: str = ""
    rules: str = ""
    denominators: str = ""
    censoring: str = ""
    intervals: str = ""
    source: str = ""


class Result(Sequence[Row], Generic[Row]):
    """An immutable sequence of rows of one type, with their definition.

    Attributes:
        definition: What was counted, and how.
        row_type: The attrs class of the rows, known even where there are none.
    """

    __slots__ = ("_rows", "definition", "row_type")

    _rows: tuple[Row, ...]
    definition: Definition
    row_type: type[Row]

    def __init__(self, rows: Iterable[Row], definition: Definition, *, row_type: type[Row]) -> None:
        self._set(_rows=tuple(rows), definition=definition, row_type=row_type)

    def _set(self, **fields: object) -> None:
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def __setstate__(self, state: tuple[None, dict[str, object]]) -> None:
        self._set(**state[1])

    def __setattr__(self, name: str, value: object) -> None:
        message = f"a result does not change: {name!r} can't be set"
        raise AttributeError(message)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Result):
            return NotImplemented
        return self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def _parts(self) -> tuple[object, ...]:
        """List all that makes two results equal."""
        return self._rows, self.definition

    def __repr__(self) -> str:
        lines = [f"  {row!r}" for row in self._rows[:SHOWN_ROWS]]
        rest = len(self) - SHOWN_ROWS
        more = [f"  ... and {rest} more"] if rest > 0 else []
        return "\n".join([f"{self.definition.question}: {len(self)} rows", *lines, *more])

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the rows' fields, in order; `group` only where `by` was asked for."""
        names = (field.name for field in attrs.fields(self.row_type))
        return tuple(name for name in names if name != "group" or self.definition.by is not None)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Convert to a list of plain dictionaries, one a row."""
        return [{name: getattr(row, name) for name in self.columns} for row in self._rows]

    def to_arrow(self) -> pa.Table:
        """Convert to a pyarrow table, one column a field."""
        import pyarrow as pa

        rows = self.to_dicts()
        return pa.table({name: [row[name] for row in rows] for name in self.columns})

    def to_pandas(self) -> pd.DataFrame:
        """Convert to a pandas data frame.

        Raises:
            MissingDependencyError: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingDependencyError("pandas") from error
        return pd.DataFrame(self.to_dicts(), columns=list(self.columns))

    def to_polars(self) -> pl.DataFrame:
        """Convert to a polars data frame.

        Raises:
            MissingDependencyError: polars is not installed.
        """
        try:
            import polars as pl
        except ImportError as error:
            raise MissingDependencyError("polars") from error
        frame: pl.DataFrame = pl.DataFrame(
            self.to_dicts(), schema=list(self.columns), infer_schema_length=None
        )
        return frame

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(shown(row[name]))}</td>" for name in self.columns) + "</tr>"
            for row in self.to_dicts()[:SHOWN_ROWS]
        )
        caption = f"{self.definition.question}: {len(self)} rows, each {self.definition.unit}"
        return f"<table><caption>{html.escape(caption)}</caption><tr>{head}</tr>{body}</table>"


def shown(value: object) -> str:
    """Write one cell for a person: nothing for None, four significant digits for a float."""
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
