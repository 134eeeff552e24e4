"""A log that takes a while: long enough to be stopped in the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from pathlib import Path

PLAN = """\
id: slow
idle: 30 days
stages: [visit, signup, trial, {id: paid, kind: goal}, {id: lapsed, kind: exit}]
touchpoints:
  - {id: page_view, stages: visit}
  - {id: sign_up, stages: signup}
  - {id: first_login, stages: trial}
  - {id: invoice_paid, stages: paid}
  - {id: cancelled, stages: lapsed}
"""
"""A lifecycle for it."""

EVENTS = """
copy (
    select
        'customer ' || i % 500_000 as customer,
        timestamp '2024-01-01' + to_seconds((hash(i) % 31_536_000)::int) as timestamp,
        ['page_view', 'sign_up', 'first_login', 'invoice_paid', 'cancelled'][(1 + hash(-i) % 5)::int]
            as touchpoint
    from range(3_000_000) as numbers(i)
) to '{path}' (format parquet)
"""


def write_millions(path: Path) -> None:
    """Write three million events of half a million customers."""
    with duckdb.connect() as connection:
        connection.execute(EVENTS.format(path=path))
