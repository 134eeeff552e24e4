"""The floor: the same answers by SQL written by hand for this one log, in DuckDB.

    python benchmarks/by_hand.py events.parquet

Only the counts; by_hand_full.py gives all that journeykit's transitions and drop_offs say.

It keeps to the page "definitions" as far as this log needs it: events are ordered by time and then by
place in the lifecycle, visits are runs, days run from the first event of one visit to the first of the
next, and outcomes know `as_of` and `idle`.  It knows beforehand what journeykit has to find out: that
no event is unusable, unmapped, shared or tied in more than time and touchpoint, that no stage repeats,
and that there are 12 touchpoints.

An event is one integer, microseconds and codes, and a customer one sorted list of them: grouped by the
text id itself, so that there is no hash to collide.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import duckdb
from plan import EXIT, GOAL, IDLE_DAYS, NAMES
from running import main

if TYPE_CHECKING:
    from running import Answers

SIZE = len(NAMES)
OUTCOMES = ("moved", "exited", "achieved", "departed", "dropped", "open")
GOAL_CODE, EXIT_CODE = NAMES.index(GOAL), NAMES.index(EXIT)
DAY_US = 86_400_000_000
IDLE_US = IDLE_DAYS * DAY_US

# microseconds << 8 | stage << 4 | touchpoint: sorts by time, then by stage, then by touchpoint.
EVENT = " ".join(f"when '{name}' then {code << 4 | code}" for code, name in enumerate(NAMES))

CUSTOMERS = f"""
create temp table customers as
select list_sort(list(event)) events, bit_or(1 << (event & 15)::int) seen
from (select customer, epoch_us(timestamp) << 8 | case touchpoint {EVENT} end event from read_parquet($1))
group by customer"""

AS_OF = "select max(events[-1]) >> 8 from customers"

# The events whose stage is not that of the event before.
VISITS = "list_filter(events, lambda event, i: i = 1 or event & 240 <> events[i - 1] & 240)"

MOVES = """
select (start & 240) | (following >> 4 & 15) pair, count(*),
    quantile_cont((following >> 8) - (start >> 8), {})
from (select unnest(visits) start, unnest(visits[2:]) following from {})
where following is not null group by pair"""

SEEN = "select seen, count(*) from customers group by seen"

ENDS = f"""
select events[-1] >> 4 & 15 stage, $1 - (events[-1] >> 8) >= {IDLE_US} silent, count(*)
from customers group by all"""


class Counts:
    """Only the counts."""

    steps: tuple[str, ...] = ("order", "transitions", "drop_offs", "touchpoints")
    further: tuple[str, ...] = ()
    packages: tuple[str, ...] = ("duckdb",)

    def __init__(self, path: str) -> None:
        self.path = path
        self.connection = duckdb.connect()
        self.seconds: dict[str, float] = {}
        self.as_of = 0
        self.moves: list[tuple[Any, ...]] = []

    def ask(self, name: str, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement, and note how long it took."""
        began = time.perf_counter()
        rows = self.connection.execute(sql, values).fetchall()
        self.seconds[name] = time.perf_counter() - began
        return rows

    def order(self) -> None:
        """Order each customer's events."""
        self.ask("customers", CUSTOMERS, self.path)
        self.as_of = self.ask("as_of", AS_OF)[0][0]

    def transitions(self) -> Answers:
        """Count the moves, with median days."""
        self.moves = self.ask("moves", MOVES.format("0.5", f"(select {VISITS} visits from customers)"))
        return {
            "transitions": {
                f"{NAMES[pair >> 4]}>{NAMES[pair & 15]}": {"moves": n, "median_days": median / DAY_US}
                for pair, n, median in self.moves
            }
        }

    def drop_offs(self) -> Answers:
        """Count the outcomes of the visits to each stage."""
        rows = {name: dict.fromkeys(OUTCOMES, 0) for name in NAMES}
        for pair, n, _ in self.moves:
            exits = pair & 15 == EXIT_CODE and pair >> 4 != EXIT_CODE
            rows[NAMES[pair >> 4]]["exited" if exits else "moved"] += n
        for stage, silent, n in self.ask("ends", ENDS, self.as_of):
            rows[NAMES[stage]][ended(stage, silent=silent)] += n
        for row in rows.values():
            row["visits"] = sum(row.values())
        return {"drop_offs": rows}

    def touchpoints(self) -> Answers:
        """Count the customers of each stage, and of each touchpoint in it."""
        customers = dict.fromkeys(range(SIZE), 0)
        for seen, n in self.ask("seen", SEEN):
            for code in customers:
                customers[code] += n * (seen >> code & 1)
        return {
            "customers": {NAMES[code]: {"customers": n} for code, n in customers.items()},
            "touchpoints": {
                f"{NAMES[code]}/{NAMES[code]}": {"customers": n} for code, n in customers.items()
            },
        }


def ended(stage: int, *, silent: bool) -> str:
    """Name the outcome of a customer's last visit."""
    if stage in (GOAL_CODE, EXIT_CODE):
        return "achieved" if stage == GOAL_CODE else "departed"
    return "dropped" if silent else "open"


if __name__ == "__main__":
    main(Counts)
