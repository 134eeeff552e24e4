"""What readers of CRM exports share: columns however they are spelt, rows of one shape, and writers.

An export names one field `OpportunityId`, `opportunity_id` or "Opportunity ID", and leaves out
what it pleases.  Nothing is read here: all of this is expressions over the tables.

May import: plugins.offers (for types), eventlog (columns, times), engines, errors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs
import ibis

from journeykit.engines import engine_of
from journeykit.errors import EventLogError, UnknownNameError, listed
from journeykit.eventlog.columns import identifier_text, number
from journeykit.eventlog.times import read_times

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis.expr.types as ir

    from journeykit.engines import Engine
    from journeykit.plugins.offers import SourceTable

NOTHING: Final = ibis.null("string")

COLUMNS: Final = (
    *("customer", "timestamp", "stage", "touchpoint", "sequence", "event_id"),
    *("contact", "channel", "initiator", "agent", "value", "writer"),
)
"""The columns of the events that a reader makes, each under the name of the parameter of `events` it is."""

_EVENT: Final[Mapping[str, str]] = {
    **dict.fromkeys((*COLUMNS[:-1], "aside", "record", "file", "user", "told"), "string"),
    "sequence": "int64",
    "value": "float64",
    "us": "int64",
    "bulky": "boolean",
}
_OF_WRITERS: Final = ("user", "told", "us", "bulky")

_TRUE: Final = ("true", "1", "yes", "t", "y")
_ZONED: Final = r"(Z|[+-]\d\d(:?\d\d)?)\s*$"

WRITER_OPTIONS: Final[Mapping[str, str]] = {
    "import_users": "ids of users that import data, with commas between: their rows are written by 'import'",
    "integration_users": "ids of users that other systems log in as: 'integration'",
    "automation_users": "ids of users that flows and workflows run as: 'automation'",
    "bulk": "so many records written by one user in one second are a 'bulk_edit'; 10 unless said, 0: never",
}
"""The options by which rows are told to be no customer's movement."""


def plain(name: str) -> str:
    """Spell a name without case, underscores and spaces."""
    return re.sub(r"[\W_]+", "", name).lower()


@attrs.frozen
class CrmTable:
    """One table of an export, whose columns are found however they are spelt.

    Attributes:
        name: What to call it in messages.
        table: Its rows.
        columns: Its columns by their plain spelling; of two alike, the first.
    """

    name: str
    table: ir.Table
    columns: Mapping[str, str]

    @classmethod
    def of(cls, source: SourceTable) -> CrmTable:
        """Look at a table of the source."""
        columns: dict[str, str] = {}
        for column in source.table.columns:
            columns.setdefault(plain(column), column)
        return cls(source.name, source.table, columns)

    @property
    def engine(self) -> Engine:
        """What holds it."""
        return engine_of(self.table.get_backend())

    def has(self, *names: str) -> bool:
        """Tell whether it has all of these columns."""
        return all(name in self.columns for name in names)

    def has_any(self, *names: str) -> bool:
        """Tell whether it has one of these columns."""
        return any(name in self.columns for name in names)

    def text(self, *names: str) -> ir.StringValue:
        """Read the first of these columns that has a value, as text; null without any."""
        found = [
            identifier_text(self.table[self.columns[name]], self.engine).strip().nullif("")
            for name in names
            if name in self.columns
        ]
        return ibis.coalesce(*found) if found else NOTHING

    def number(self, name: str) -> ir.FloatingValue:
        """Read a column as finite numbers; null where there is none."""
        if name not in self.columns:
            return ibis.null("float64")
        return number(self.table[self.columns[name]], self.engine)

    def flag(self, *names: str) -> ir.BooleanValue:
        """Tell where one of these columns is true; nowhere without them."""
        told = self.text(*names).lower().isin(_TRUE)
        return told.fill_null(ibis.literal(False))

    def with_columns(self, **values: ir.StringValue) -> CrmTable:
        """Add columns that are computed before they are used.

        Else each use of one repeats how it came about, and uses of uses multiply: the query for ten rows was
        a megabyte long, and took the engine seconds to plan.
        """
        added = {name: f"journeykit:{name}" for name in values}
        # Selections are merged into one; a view of a table is not.
        table = self.table.mutate(**{added[name]: value for name, value in values.items()}).view()
        return attrs.evolve(self, table=table, columns={**self.columns, **added})

    def require(self, names: Mapping[str, str], kind: str) -> None:
        """Refuse a table that lacks columns which it needs.

        Args:
            names: The columns, each plain spelling with the name that the vendor gives it.
            kind: What the table looks like.

        Raises:
            EventLogError: One is missing; all are named, and what is there.
        """
        missing = [told for name, told in names.items() if not self.has_any(*name.split("|"))]
        if missing:
            message = f"{self.name!r} looks like {kind}, but has no column {' and no column '.join(missing)}"
            raise EventLogError(f"{message}. It has: {listed(self.table.columns)}")

    def rows(self, shape: Mapping[str, str], **values: ir.Value) -> ir.Table:
        """Lay the rows out in a shape: every column of it, those not given as nulls."""
        cells = {name: values.get(name, ibis.null(kind)).cast(kind) for name, kind in shape.items()}
        return self.table.select(**{**cells, "file": ibis.literal(self.name)})


def stacked(tables: Sequence[ir.Table]) -> ir.Table:
    """Put tables of one shape under each other."""
    return ibis.union(*tables) if len(tables) > 1 else tables[0]


def time_us(text: ir.StringValue, timezone: str = "UTC") -> ir.IntegerValue:
    """Read timestamps in order to compare them; null where they can't be used."""
    times = read_times(
        text, "timestamp", timezone=timezone, pattern=None, engine=engine_of(text.get_backend())
    )
    return ibis.ifelse(times.in_range, times.time_us, None)


def as_utc(text: ir.StringValue) -> ir.StringValue:
    """Say of clock times without an offset that they are UTC; dates without hours stay dates."""
    bare = text.contains(":") & ~text.re_search(_ZONED)
    return ibis.ifelse(bare, text + "Z", text)


def choice(options: Mapping[str, str], name: str, known: Sequence[str], reader: str) -> str:
    """Read an option that is one of several words, the first by default.

    Raises:
        UnknownNameError: It is none of them.
    """
    value = options.get(name, known[0]).strip().lower()
    if value not in known:
        raise UnknownNameError(
            f"value of the option {name!r}", value, known, where=f"the reader of {reader!r}"
        )
    return value


def several(options: Mapping[str, str], name: str, default: str = "") -> tuple[str, ...]:
    """Read an option that lists words with commas between."""
    return tuple(word.strip() for word in options.get(name, default).split(",") if word.strip())


def record_attributes(
    options: Mapping[str, str], usual: Mapping[str, str], taken: Sequence[str]
) -> Mapping[str, str]:
    """Name the columns of records that are told of customers, by their plain spelling.

    Args:
        options: `attributes` lists more columns, with commas between.
        usual: Those that are told unasked.
        taken: Names that customers have otherwise.

    Raises:
        EventLogError: A column has a name that is taken.
    """
    told = {**usual, **{plain(name): name for name in several(options, "attributes")}}
    for name in told.values():
        if name.lower() in taken:
            raise EventLogError(f"options: attributes={name!r} is a name that customers have already")
    return told


def as_events(rows: ir.Table, *, bulky: bool) -> ir.Table:
    """Lay rows out for `with_writers`; columns that they lack are null.

    Args:
        rows: Rows with `us`, their time, `aside`, and any of `COLUMNS`, `record`, `file`, `user` (who wrote
            the row) and `told` (what it says itself of its writer).
        bulky: Whether they say what somebody wrote of a record, and so may be of a bulk edit.
    """
    told = {"bulky": rows.aside.isnull() & ibis.literal(bulky)}
    told |= {name: rows[name] for name in _EVENT if name in rows.columns}
    return rows.select(**{name: told.get(name, ibis.null(kind)).cast(kind) for name, kind in _EVENT.items()})


def with_writers(parts: Sequence[ir.Table], options: Mapping[str, str]) -> ir.Table:
    """Say of each row who wrote it, as far as the export tells: who is not listed is unknown.

    Args:
        parts: Rows, as `as_events` lays them out.
        options: `WRITER_OPTIONS`.

    Returns:
        All the rows: `COLUMNS`, `aside`, `record` and `file`.

    Raises:
        EventLogError: The option *bulk* is no whole number.
    """
    rows = stacked(parts)
    least = options.get("bulk", "10").strip()
    if not least.isdecimal():
        raise EventLogError(f"options: bulk={least!r} is no whole number, such as '10'; '0' is never")
    crowded = _crowded(rows, int(least)) if int(least) else rows.mutate(crowded=ibis.literal(False))
    listed_users = [
        (crowded.user.isin(users), ibis.literal(name.removesuffix("_users")))
        for name in ("import_users", "integration_users", "automation_users")
        if (users := several(options, name))
    ]
    branches = [(crowded.told.notnull(), crowded.told), *listed_users, (crowded.crowded, "bulk_edit")]
    return crowded.mutate(writer=ibis.cases(*branches, else_="unknown")).drop("crowded", *_OF_WRITERS)


def _crowded(rows: ir.Table, least: int) -> ir.Table:
    """Tell which rows are of a second in which one user wrote at least so many records."""
    # Whoever is not named is one user, too: nobody can tell them apart.
    keyed = rows.mutate(second=rows.us // 1_000_000, by=rows.user.fill_null(""))
    wrote = keyed.filter(keyed.bulky & keyed.us.notnull())
    crowds = wrote.group_by(["by", "second"]).aggregate(records=wrote.record.nunique())
    crowds = crowds.filter(crowds.records >= least)
    joined = keyed.left_join(crowds, ["by", "second"], rname="{name}_again")
    crowded = joined.bulky & joined.records.notnull()
    return joined.mutate(crowded=crowded).drop("by", "second", "by_again", "second_again", "records")
