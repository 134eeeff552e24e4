"""Make a log of simulated events in Parquet, in time order: a first-order walk over 12 touchpoints.

    python benchmarks/make_events.py 10000000 events.parquet

There are ten events a customer on average, ids are text, and customers begin within one year.  The
year is made in slices, so that 100 million events need no more memory than a few million.
One seed always gives the same log.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from plan import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

EVENTS_A_CUSTOMER = 10
FURTHER_EVENTS = 9.0
HOURS_BETWEEN = 6
YEAR_SECONDS = 365 * 86_400
BEGIN_SECONDS = 1_704_067_200
"""2024-01-01, in seconds since 1970."""

SLICE_CUSTOMERS = 100_000
"""How many customers begin in one slice of the year, about."""

ROWS_A_GROUP = 1 << 20

SCHEMA = pa.schema(
    [("customer", pa.string()), ("timestamp", pa.timestamp("us", "UTC")), ("touchpoint", pa.string())]
)


class Walk:
    """A first-order walk over the touchpoints: what follows depends on the event before it alone."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        size = len(NAMES)
        self.next = self.rng.dirichlet(np.full(size, 0.6), size=size).cumsum(1)
        self.first = self.rng.dirichlet(np.full(size, 0.5)).cumsum()

    def draw(
        self, begins: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
        """Draw the events of customers who begin at these seconds.

        Returns:
            For each event, the customer's place in *begins*, its second, and its touchpoint.
        """
        last = len(NAMES) - 1
        lengths = 1 + self.rng.poisson(FURTHER_EVENTS, begins.size)
        firsts = np.r_[0, np.cumsum(lengths)[:-1]]
        touchpoints = np.empty(int(lengths.sum()), np.int8)
        here = np.minimum(np.searchsorted(self.first, self.rng.random(begins.size)), last)
        touchpoints[firsts] = here
        for step in range(1, int(lengths.max(initial=0))):
            walking = np.flatnonzero(lengths > step)
            passed = self.rng.random(walking.size)[:, None] > self.next[here[walking]]
            here[walking] = np.minimum(passed.sum(1), last)
            touchpoints[firsts[walking] + step] = here[walking]
        waits = self.rng.exponential(HOURS_BETWEEN * 3600, touchpoints.size).astype(np.int64) + 1
        waits[firsts] = 0
        waited = waits.cumsum()
        seconds = waited - np.repeat(waited[firsts] - begins, lengths)
        return np.repeat(np.arange(begins.size), lengths), seconds, touchpoints


def slices(events: int, seed: int) -> Iterator[pa.Table]:
    """Give the log slice by slice, in time order, *events* rows at most."""
    walk = Walk(seed)
    customers = max(1, events // EVENTS_A_CUSTOMER)
    numbers = walk.rng.permutation(customers).astype(np.int32)
    count = -(-customers // SLICE_CUSTOMERS)
    edges = np.linspace(0, YEAR_SECONDS, count + 1).astype(np.int64)
    sizes = walk.rng.multinomial(customers, np.diff(edges) / YEAR_SECONDS)
    empty = np.empty(0, np.int64)
    held = empty, empty, np.empty(0, np.int8)
    done = written = 0
    for place, size in enumerate(sizes):
        who, seconds, touchpoints = walk.draw(walk.rng.integers(edges[place], edges[place + 1], size))
        drawn = numbers[done : done + size][who], seconds, touchpoints
        done += size
        joined = [np.concatenate(pair) for pair in zip(held, drawn, strict=True)]
        # Whoever begins later has no event before the end of this slice: what lies before it is complete.
        order = np.argsort(joined[1], kind="stable")
        ready = order.size
        if place + 1 < count:
            ready = int(np.searchsorted(joined[1][order], edges[place + 1]))
        held = tuple(column[order[ready:]] for column in joined)
        rows = order[: min(ready, events - written)]
        written += rows.size
        yield _table(*(column[rows] for column in joined))


def _table(numbers: NDArray[np.int64], seconds: NDArray[np.int64], touchpoints: NDArray[np.int8]) -> pa.Table:
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 8, "0")
    ids = pc.binary_join_element_wise("c", digits, "")
    names = pa.DictionaryArray.from_arrays(pa.array(touchpoints), pa.array(NAMES)).cast(pa.string())
    moments = pa.array((BEGIN_SECONDS + seconds) * 1_000_000, pa.timestamp("us", "UTC"))
    return pa.Table.from_arrays([ids, moments, names], schema=SCHEMA)


def make_events(path: Path, events: int, *, seed: int = 7) -> int:
    """Write a log of about so many events; return how many there are.

    The file appears under its name when it is whole.
    """
    unfinished = path.with_name(path.name + ".part")
    waiting: list[pa.Table] = []
    rows = 0
    with pq.ParquetWriter(unfinished, SCHEMA, compression="zstd") as writer:
        for table in slices(events, seed):
            rows += table.num_rows
            waiting.append(table)
            if sum(one.num_rows for one in waiting) >= ROWS_A_GROUP:
                joined = pa.concat_tables(waiting)
                whole = joined.num_rows // ROWS_A_GROUP * ROWS_A_GROUP
                writer.write_table(joined.slice(0, whole), row_group_size=ROWS_A_GROUP)
                waiting = [joined.slice(whole)]
        writer.write_table(pa.concat_tables(waiting), row_group_size=ROWS_A_GROUP)
    unfinished.rename(path)
    return rows


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("events", type=int, help="how many, about")
    parser.add_argument("path", type=Path, help="the Parquet file to write")
    parser.add_argument("--seed", type=int, default=7)
    wanted = parser.parse_args()
    began = time.perf_counter()
    rows = make_events(wanted.path, wanted.events, seed=wanted.seed)
    size = wanted.path.stat().st_size / 1e6
    print(f"{rows:,} events, {size:,.0f} MB, in {time.perf_counter() - began:.1f} s: {wanted.path}")


if __name__ == "__main__":
    main()
