"""Read the second source: what is known of each customer, one row a customer.

May import: source, columns, engines, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from journeykit.engines import Title
from journeykit.errors import EventLogError, listed
from journeykit.eventlog import columns as names

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.engines import Engine

CUSTOMER: Final = "customer"


@attrs.frozen(kw_only=True)
class Customers:
    """The second source, opened and checked.

    Attributes:
        table: One row a customer: `customer`, then the other columns under their own names.
        source: The rows as they are.
        name: What to call it in messages.
        as_text: Whether ids are text here and numbers in the events, or the other way: both become text.
    """

    table: ir.Table
    source: ir.Table
    name: str
    as_text: bool


def read_customers(source: ir.Table, name: str, engine: Engine, *, key: str, events: ir.Table) -> Customers:
    """Open the second source and see that it has one row a customer.

    Args:
        source: Its rows.
        name: What to call it in messages.
        engine: What holds the events, and reads this too.
        key: The column of the customer, in both sources.
        events: The first source.

    Raises:
        UnknownNameError: The column *key* is missing.
        EventLogError: A customer has two rows, or a second column is called `customer`.
    """
    where = f"customers, {name}"
    names.require_columns({CUSTOMER: key}, source, where)
    names.require_scalars({CUSTOMER: key}, source, where)
    others = [column for column in source.columns if column != key]
    if any(column.lower() == CUSTOMER for column in others):
        raise EventLogError(f"{where}: beside {key!r} there is a column 'customer': rename it")
    as_text = _is_number(source[key]) != _is_number(events[key])
    values = {column: names.plain(source[column]) for column in others}
    ids = names.identifier_text(source[key], engine) if as_text else names.identifier(source[key])
    table = source.select(customer=ids, **values)
    table = table.filter(table.customer.notnull())
    _require_one_row_each(table, where, engine)
    return Customers(table=table, source=source, name=name, as_text=as_text)


def _is_number(column: ir.Column) -> bool:
    kind = column.type()
    return bool(kind.is_integer() or kind.is_floating())


def _require_one_row_each(table: ir.Table, where: str, engine: Engine) -> None:
    counted = table.group_by("customer").aggregate(rows=table.count())
    several = counted.filter(counted["rows"] > 1)
    several = several.order_by(engine.by_code_point(several.customer)).limit(6)
    with engine.errors(Title(where)):
        found = engine.arrow(several).to_pylist()
    if found:
        shown = [f"{row['customer']!r} ({row['rows']})" for row in found[:5]]
        more = ", ..." if len(found) > len(shown) else ""
        raise EventLogError(f"{where}: one row a customer, but there are several for {listed(shown)}{more}")
