"""The floor, in full: by SQL written by hand, all that journeykit's transitions, drop_offs and gaps say.

    python benchmarks/by_hand_full.py events.parquet

As by_hand.py, and beside the counts: Aalen-Johansen shares with intervals clustered by customer, 90th
percentiles, customers by pair of stages, `not_taken`, `reached_goal`, `returned_after_idle`.

It knows beforehand, too, that the log is shorter than 2,047 days, and that no transition is declared, so
that the next stage is the one of the next rank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from by_hand import DAY_US, EXIT_CODE, GOAL_CODE, IDLE_US, MOVES, SEEN, SIZE, VISITS, Counts
from by_hand_shares import CENSORED, Visits, end_shares
from plan import NAMES
from running import main

if TYPE_CHECKING:
    from running import Answers

DROPPED = SIZE
LOST, KEPT = 1, 0

# Each visit with the next one, or with what ended the last; then stage << 16 | what ended it << 11 | days,
# see by_hand_shares.Visits.  With all bits below its time set, the next is later by a day if its time is.
SPANS = f"""
create temp table spans as
select visits, seen, last_us, repeats, list_sort(list_transform(visits, lambda visit, i: (
    ((visit & 240) << 12) | ((nexts[i] & 240) << 7) | ((nexts[i] | 255) - visit) // {DAY_US << 8})::int)) ends
from (
    select *, len(visits) - bit_count(seen) repeats, visits[2:] || [case
        when visits[-1] >> 4 & 15 not in ({GOAL_CODE}, {EXIT_CODE}) and $1 - last_us >= {IDLE_US}
        then (last_us + {IDLE_US}) << 8 | {DROPPED << 4} else $1 << 8 | {CENSORED << 4} end] nexts
    from (select {VISITS} visits, events[-1] >> 8 last_us, seen from customers))"""

# A customer's ends lie sorted by stage, then by what ended them: neighbours tell who is counted twice.
NEIGHBOURS = """
select visit, case when visit >> 16 = other >> 16 then other end other, count(*)
from (select unnest(ends) visit, unnest(ends[2:]) other from spans) group by all"""

PAIRS = """
select visit, other, count(*)
from (
    select visit, unnest(ends[place + 1:]) other
    from (
        select ends, unnest(ends) visit, unnest(ends[2:]) following,
            unnest(range(1, len(ends) + 1)) place
        from spans where repeats > 0)
    where visit >> 16 = following >> 16)
where visit >> 16 = other >> 16 group by all"""

# Who is open in a stage is not done with it; some have been there before, and then taken the next stage.
STAYING = f"""
select stage, count(*), count(*) filter (onward)
from (select visits[-1] >> 4 & 15 stage, len(list_filter(visits, lambda visit, i:
        visit & 240 = visits[-1] & 240 and visits[i + 1] >> 4 & 15 = (visit >> 4 & 15) + 1)) > 0 onward
    from spans where visits[-1] >> 4 & 15 < {GOAL_CODE} and $1 - last_us < {IDLE_US})
group by stage"""

RETURNED = f"""
select visit >> 4 & 15 stage, count(*) from (
    select distinct customer, list_filter({VISITS}, lambda visit: visit <= event)[-1] visit
    from (
        select customer, event
        from (select rowid customer, unnest(events) event, unnest(events[2:]) following from customers)
        where (following >> 8) - (event >> 8) >= {IDLE_US}
    ) join customers on customers.rowid = customer)
group by stage"""


class Full(Counts):
    """All that transitions and drop_offs say."""

    def order(self) -> None:
        """Order each customer's events, and cut them into visits."""
        super().order()
        self.ask("spans", SPANS, self.as_of)

    def transitions(self) -> Answers:
        """Count the moves, with shares, median days and 90th percentiles."""
        self.visits = self._count_visits()
        rows = self.ask("moves", MOVES.format("[0.5, 0.9]", "spans"))
        self.moves = [(pair, n, median) for pair, n, (median, _) in rows]
        customers = self.visits.customers_by_cause()
        shares = end_shares(self.visits, self.visits.causes)
        answers = {}
        for pair, n, (median, p90) in rows:
            source, target = pair >> 4, pair & 15
            share, low, high = shares[source].share(target)
            answers[f"{NAMES[source]}>{NAMES[target]}"] = {
                "moves": n,
                "customers": customers[source, target],
                "median_days": median / DAY_US,
                "p90_days": p90 / DAY_US,
                "share": share,
                "share_low": low,
                "share_high": high,
            }
        return {"transitions": answers}

    def _count_visits(self) -> Visits:
        """Count visits by stage, cause and day, and pairs of visits of a customer to one stage."""
        return Visits(self.ask("neighbours", NEIGHBOURS), self.ask("pairs", PAIRS))

    def drop_offs(self) -> Answers:
        """Count the outcomes of the visits to each stage, with shares and what stands beside them."""
        rows = super().drop_offs()["drop_offs"]
        causes = self.visits.causes
        lost = (causes == DROPPED) | ((causes == EXIT_CODE) & (self.visits.stages != EXIT_CODE))
        shares = end_shares(self.visits, np.where(causes == CENSORED, CENSORED, np.where(lost, LOST, KEPT)))
        seen = self.ask("seen", SEEN)
        took = self.visits.customers_by_cause()
        staying = {stage: (n, onward) for stage, n, onward in self.ask("staying", STAYING, self.as_of)}
        returned = dict(self.ask("returned", RETURNED))
        for stage, name in enumerate(NAMES):
            here = [(mask, n) for mask, n in seen if mask >> stage & 1]
            customers = sum(n for _, n in here)
            open_, onward = staying.get(stage, (0, 0))
            share, low, high = shares[stage].share(LOST)
            rows[name] |= {
                "customers": customers,
                "share_lost": share,
                "share_low": low,
                "share_high": high,
                "undetermined": shares[stage].undetermined,
                "reached_goal": sum(n for mask, n in here if mask >> GOAL_CODE & 1),
                "returned_after_idle": returned.get(stage, 0),
            }
            if stage < GOAL_CODE:
                done = took.get((stage, stage + 1), 0) + open_ - onward
                rows[name]["not_taken"] = customers - done
        return {"drop_offs": rows}


if __name__ == "__main__":
    main(Full)
