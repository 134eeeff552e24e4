"""What is read from DuckDB's lists: events, visits, their ends, and pairs of these.

What is not asked of a view costs little, for it is looked up in lists that come along by reference.

May import: duckdb_shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from journeykit.engines.duckdb_shape import INTEGER_BITS

if TYPE_CHECKING:
    from journeykit.engines.duckdb_shape import Shape

MANY: Final = 256
"""A list so long is searched by halves, and its pairs are counted by joining the ends that differ."""


def views(lists: str, shape: Shape) -> dict[str, str]:
    """Write the queries that read the lists.

    Args:
        lists: Where the lists are, a name or a query in parentheses: what `duckdb_lists.rows` asks for, and
            `customer`, a number for each.
        shape: What the integers mean.

    Returns:
        - whole: one row a customer, all that there is;
        - sizes: one row a customer, `events` and `visits` (how many), and `newest` (a moment);
        - steps: one row an event, as `relations.ordering` keeps them;
        - visits: one row a visit, `customer`, `visit` and `position`, and four moments: `moment` (of its
          first event), `next` (of that of the next visit), `last` (of the last event before that, or of
          all), `newest` (of the customer's last event);
        - links: one row an event that another follows: `customer`, `moment`, `unit`, `next_unit` and
          `waited_us` (until the next);
        - moves: one row a visit that another follows: `customer`, `stage`, `next_stage`, `waited_us`;
        - ends: one row a visit, `customer` and `code`: an end, and below it the `FLAGS`;
        - pairs: the pairs of visits that one customer made to one stage, counted where they are equal:
          `customer`, `one` and `other` (ends), `n`;
        - units: one row an event, `customer` and `unit`;
        - used: one row a customer, `customer` and `used`.
    """
    return {
        "whole": f"SELECT * FROM {lists}",
        "sizes": f"SELECT len(moments) AS events, len(visits) AS visits, moments[-1] AS newest FROM {lists}",
        "steps": _steps(lists, shape),
        "visits": _visits(lists),
        "links": _links(lists, shape),
        "moves": _moves(lists, shape),
        "ends": _ends(lists, shape),
        "pairs": f"{_few_pairs(lists, shape)} UNION ALL {_many_pairs(lists, shape)}",
        "units": f"""
            SELECT customer, {shape.unit("moment")} AS unit
            FROM (SELECT customer, unnest(moments) AS moment FROM {lists})""",
        "used": f"SELECT customer, used FROM {lists}",
    }


def _place(values: str, value: str) -> str:
    """Find the first place of a value in a sorted list: from some length on by halves."""
    further = f"CASE WHEN {values}[place + step] < {value} THEN place + step ELSE place END"
    steps = [1 << bit for bit in reversed(range(INTEGER_BITS - 1))]
    return f"""
        CASE WHEN len({values}) < {MANY} THEN list_position({values}, {value})
        ELSE 1 + list_reduce({steps}, lambda place, step: {further}, 0) END"""


def _steps(lists: str, shape: Shape) -> str:
    """Show the events, each with the next and with what the one before it was."""
    # Elsewhere those that begin a visit are told by the stage of the one before.
    told = f"""
        , moment IS DISTINCT FROM moments[place - 1]
            AND coalesce(visits[{_place("visits", "moment")}] = moment, false) AS begins"""
    return f"""
        SELECT customer, (place - 1)::INTEGER AS position, moment, moments[place + 1] AS next,
            {shape.unit("moments[place - 1]")}::INTEGER AS previous
            {told if shape.unmapped or shape.entries else ""}
        FROM (
            SELECT customer, moments, visits,
                unnest(moments) AS moment, unnest(range(1, len(moments) + 1)) AS place
            FROM {lists})"""


def _visits(lists: str) -> str:
    """Show where visits begin, each with what came next and what came last."""
    return f"""
        SELECT customer, {_place("visits", "moment")} AS visit, {_place("moments", "moment")} - 1 AS position,
            moment, next, moments[-1] AS newest,
            CASE WHEN next IS NULL THEN moments[-1] ELSE moments[{_place("moments", "next")} - 1] END AS last
        FROM (
            SELECT customer, moments, visits, unnest(visits) AS moment, unnest(visits[2:]) AS next
            FROM {lists})"""


def _links(lists: str, shape: Shape) -> str:
    """Show each event with the one after it."""
    return f"""
        SELECT customer, moment, {shape.unit("moment")} AS unit, {shape.unit("next")} AS next_unit,
            {shape.time("next")} - {shape.time("moment")} AS waited_us
        FROM (
            SELECT customer, unnest(moments) AS moment, unnest(moments[2:]) AS next FROM {lists})
        WHERE next IS NOT NULL"""


def _moves(lists: str, shape: Shape) -> str:
    """Show each visit with the one after it."""
    return f"""
        SELECT customer, {shape.stage("moment")} AS stage, {shape.stage("next")} AS next_stage,
            {shape.time("next")} - {shape.time("moment")} AS waited_us
        FROM (
            SELECT customer, unnest(visits) AS moment, unnest(visits[2:]) AS next FROM {lists})
        WHERE next IS NOT NULL"""


def _ends(lists: str, shape: Shape) -> str:
    """Show the ends; the one after tells whether this is the last of its kind."""
    flags = (
        f"code >> {shape.stage_shift} <> after >> {shape.stage_shift}",
        f"code >> {shape.day_bits} <> after >> {shape.day_bits}",
        "reached",
    )
    marked = "code::BIGINT"
    for flag in flags:
        marked = f"({marked} << 1 | ({flag})::INTEGER)"
    return f"""
        SELECT customer, {marked} AS code
        FROM (
            SELECT customer, reached, unnest(ends) AS code, coalesce(unnest(ends[2:]), -1) AS after
            FROM {lists})"""


def _few_pairs(lists: str, shape: Shape) -> str:
    """Pair each visit with those of its stage that come after it in the list."""

    def together(one: str, other: str) -> str:
        return f"{one} >> {shape.stage_shift} = {other} >> {shape.stage_shift}"

    return f"""
        SELECT customer, one, other, 1 AS n
        FROM (
            SELECT customer, one, unnest(ends[place + 1:]) AS other
            FROM (
                SELECT customer, ends, unnest(ends) AS one, unnest(ends[2:]) AS next_one,
                    unnest(range(1, len(ends) + 1)) AS place
                FROM {lists} WHERE len(ends) < {MANY})
            WHERE {together("one", "next_one")})
        WHERE {together("one", "other")}"""


def _many_pairs(lists: str, shape: Shape) -> str:
    """Count the ends that are equal first: who came ten thousand times has few that differ."""
    cells = f"""
        SELECT customer, code, code >> {shape.stage_shift} AS stage, count(*) AS n
        FROM (SELECT customer, unnest(ends) AS code FROM {lists} WHERE len(ends) >= {MANY})
        GROUP BY customer, code"""
    return f"""
        SELECT customer, one.code AS one, other.code AS other,
            CASE WHEN one.code = other.code THEN one.n * (one.n - 1) // 2 ELSE one.n * other.n END AS n
        FROM ({cells}) AS one JOIN ({cells}) AS other USING (customer, stage)
        WHERE one.code < other.code OR (one.code = other.code AND one.n > 1)"""
