"""Make a log of a source and of what was said of it, by the caller and by a reader.

What the caller says comes first; a reader fills in the rest.

May import: log, source, customers, columns, times, rejection, plugins (what a reader gives), errors.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Self

import attrs

from journeykit.errors import EventLogError
from journeykit.eventlog import rejection
from journeykit.eventlog.columns import ROLES, canonical, require_columns, require_scalars
from journeykit.eventlog.customers import read_customers
from journeykit.eventlog.log import EventLog
from journeykit.eventlog.source import open_beside
from journeykit.eventlog.times import check_format, check_timezone, read_times

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from journeykit.eventlog.customers import Customers
    from journeykit.eventlog.source import EventSource, Source
    from journeykit.plugins.offers import Reading


@attrs.frozen
class Naming:
    """What is said of a source.

    Attributes:
        columns: For each parameter of `events` that was given, the source's column.
        attributes: The source's columns to keep as attributes.
        without_writers: Writers whose rows are set aside.
        customers: The second source, or None.
        timezone: The clocks that timestamps without an offset show, or None.
        timestamp_format: How timestamps are written, or None.
        aside: The column that holds a reader's reasons, or None.
        collapse: Whether a row that repeats its customer's stage is set aside.
        told: What a reader has to say, as sentences.
    """

    columns: Mapping[str, str]
    attributes: Sequence[str]
    without_writers: Sequence[str]
    customers: EventSource | None
    timezone: str | None
    timestamp_format: str | None
    aside: str | None = None
    collapse: bool = False
    told: tuple[str, ...] = ()

    def require_sense(self) -> None:
        """Refuse what no source could answer."""
        check_timezone(self.timezone or "UTC")
        for name, value in (("attributes", self.attributes), ("without_writers", self.without_writers)):
            if isinstance(value, str):
                raise EventLogError(f"{name}={value!r} is one text: give a list of names, [{value!r}]")
        repeated = sorted({name for name in self.attributes if list(self.attributes).count(name) > 1})
        if repeated:
            raise EventLogError(f"attributes names {', '.join(map(repr, repeated))} more than once")

    def with_reading(self, reading: Reading) -> Self:
        """Fill in what a reader knows and the caller did not say."""
        columns = {**reading.columns, **self.columns}
        told = reading.customers
        # Of another customer than the reader's, its table of customers knows nothing.
        fits = told is not None and columns.get("customer") in told.columns
        own_times = "timestamp" in self.columns
        return attrs.evolve(
            self,
            columns={role: columns[role] for role in ROLES if role in columns},
            attributes=tuple(dict.fromkeys((*reading.attributes, *self.attributes))),
            customers=told if self.customers is None and fits else self.customers,
            timezone=self.timezone or reading.timezone,
            timestamp_format=self.timestamp_format or (None if own_times else reading.timestamp_format),
            aside=reading.aside,
            collapse=reading.collapse,
            told=tuple(reading.notes),
        )


def make_log(opened: Source, naming: Naming, form: str | None = None) -> EventLog:
    """Name the columns of a source, and see that they are there.

    Args:
        opened: The source.
        naming: What its columns mean.
        form: The format whose reader made the source; None: it is as the caller gave it.

    Raises:
        UnknownNameError: A column does not exist.
        EventLogError: A column that is needed was not named, or holds what can't be read.
    """
    columns, attributes = dict(naming.columns), tuple(naming.attributes)
    _require_needed(columns, naming, form)
    source, engine, name = opened.table, opened.engine, columns["timestamp"]
    wanted = columns | {f"attributes[{place}]": column for place, column in enumerate(attributes)}
    require_columns(wanted, source, opened.name)
    require_scalars(wanted, source, opened.name)
    timezone = naming.timezone or "UTC"
    times = read_times(source[name], name, timezone=timezone, pattern=naming.timestamp_format, engine=engine)
    if naming.timestamp_format is not None:
        check_format(naming.timestamp_format, engine)
    second = None if naming.customers is None else _second(naming.customers, opened, columns["customer"])
    as_text = second is not None and second.as_text
    values = canonical(source, columns, attributes, engine, text_customers=as_text)
    unwanted = rejection.Unwanted(
        aside=naming.aside, writers=tuple(naming.without_writers), collapse=naming.collapse
    )
    return EventLog(
        name=opened.name,
        columns=MappingProxyType(columns),
        attributes=attributes,
        timezone=timezone,
        timestamp_format=naming.timestamp_format,
        zone_rule=times.rule,
        engine=engine,
        source=source,
        second=second,
        verdict=rejection.judge(source, columns, values, times, unwanted, engine=engine),
        owned=opened.owned,
        told=naming.told,
        schema=opened.schema,
        handed=opened.handed,
    )


def _require_needed(columns: Mapping[str, str], naming: Naming, form: str | None) -> None:
    """Refuse a log without customers, times, or anything that happened."""
    missing = [f"{role}=" for role in ("customer", "timestamp") if role not in columns]
    if missing:
        silent = f"the reader of {form!r} names none" if form else "or say format= for a CRM's own export"
        raise EventLogError(f"name a column for {' and for '.join(missing)}: who, and when? ({silent})")
    if "touchpoint" not in columns and "stage" not in columns:
        raise EventLogError("name a column for touchpoint=, for stage=, or for both: what happened?")
    if naming.without_writers and "writer" not in columns:
        raise EventLogError("without_writers= needs writer=, the column of who or what wrote each row")


def _second(customers: EventSource, opened: Source, key: str) -> Customers:
    table, name = open_beside(customers, opened)
    return read_customers(table, name, opened.engine, key=key, events=opened.table)
