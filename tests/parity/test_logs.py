"""Which rows are events, which are not and why, and what `check` finds: the same on every engine."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import attrs
import pytest

from journeykit.testing import oracle
from journeykit.testing.oracle.reading import microseconds, usable_rows
from tests.parity.batches import instant

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

MIDNIGHT = dt.time(tzinfo=dt.UTC)
SHOWN = 3
MOST_NAMES = 20


def test_rows_are_read_used_and_set_aside_as_the_oracle_does(seen):
    """A row that one engine drops in silence is a number that nobody can explain."""
    found = seen.log.counts()

    told = oracle.counts(seen.told.whole)
    assert (found.read, found.used, found.by_reason) == (told["read"], told["used"], told["rejected"])


def test_the_rows_set_aside_are_the_same_with_all_their_cells(seen):
    """Each row has one reason, and of two rows with one id the same one stays."""
    columns = seen.told.batch.columns
    theirs = [seen.column(name) for name in columns]

    found = Counter(
        (row["reason"], *(clean(row[name], seen.told.batch) for name in theirs))
        for row in seen.log.rows_of(seen.log.rejected)
    )

    assert found == set_aside(seen.told.batch)


def clean(cell, batch):
    """Read a cell of the relation as the oracle does."""
    if isinstance(cell, dt.datetime):
        return cell.astimezone(dt.UTC) if cell.tzinfo else instant(cell, batch.timezone)
    if isinstance(cell, dt.date):
        return dt.datetime.combine(cell, MIDNIGHT)
    return None if cell == "" else cell


def set_aside(batch):
    """Count the rows that are set aside, with the reason: each by itself, then those that repeat an id."""
    found = Counter()
    alone = Counter()
    for event in batch.events:
        (row, *_), (reason, *_) = ([*cells, None] for cells in usable_rows([event], batch.columns))
        cells = tuple(clean(event[name], batch) for name in batch.columns)
        (found if row is None else alone).update([(reason, *cells) if row is None else cells])
    together, _ = usable_rows(batch.events, batch.columns)
    alone.subtract(tuple(row[name] for name in batch.columns) for row in together)
    found.update({("repeated_event_id", *cells): rows for cells, rows in alone.items() if rows})
    return found


def test_the_check_finds_what_plain_python_finds(seen):
    """The page that a newcomer reads first must not depend on where the events lie."""
    batch = seen.told.batch
    found = seen.check

    rows, _ = usable_rows(batch.events, batch.columns)
    moments = [row["timestamp"] for row in rows]
    ties = Counter((row["customer"], row["timestamp"], row.get("sequence")) for row in rows)
    customers = {row["customer"] for row in rows}
    listed = {row["customer"] for row in batch.customers}
    assert (found.customers, found.first, found.last, found.ties) == (
        len(customers), min(moments), max(moments), len(rows) - len(ties),
    )  # fmt: skip
    assert found.dates_only is not any(microseconds(moment) % 86_400_000_000 for moment in moments)
    assert attrs.asdict(found.customers_table) == {
        "rows": len(batch.customers),
        "no_customer": 0,
        "without_events": len(listed - customers),
        "not_listed": len(customers - listed),
    }
    assert names(found.unmapped_touchpoints) == unknown(rows, "touchpoint", batch.lifecycle.touchpoint_names)
    if "stage" in batch.columns:
        assert names(found.unmapped_stages) == unknown(rows, "stage", batch.lifecycle.stage_names)
    assert {one.reason: len(one.examples) for one in found.set_aside} == {
        reason: min(rows, SHOWN) for reason, rows in seen.told.whole.rejected.items()
    }


def names(found):
    """Give unmapped names with their counts."""
    return [(one.name, one.events) for one in found]


def unknown(rows, column, known):
    """Count the names that a lifecycle does not know, most events first."""
    counts = Counter(row[column] for row in rows if row[column] is not None and row[column] not in known)
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MOST_NAMES]


def test_the_check_is_that_of_another_engine(seen, in_duckdb):
    """Sentences and proposals too; only the examples may spell a moment as their engine does."""
    assert told_by(seen) == told_by(in_duckdb)


def told_by(seen):
    """Give all that a check tells but the name of the source and the examples."""
    found = attrs.asdict(seen.check)
    aside = {one["reason"]: one["rows"] for one in found.pop("set_aside")}
    del found["name"]
    return {**found, "set aside": aside}
