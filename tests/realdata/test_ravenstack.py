"""Software accounts under saas-freemium: an exit that is left again, counted once more from the tables.

The second count shares nothing with journeykit: it reads the tables that the log was
joined from, with the standard library, and follows the definitions page in a dozen lines.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import pytest

import journeykit as jk

if TYPE_CHECKING:
    from pathlib import Path

STAGES = {
    "signup": "free_use",
    "trial": "trial",
    "subscription": "usage",
    "subscription_end": "at_risk",
    "churn": "churned",
}
"""What happened, to the stage that examples/ravenstack/map.yaml means by it; a ticket stays where it is."""


@pytest.fixture(scope="module")
def journey(example: Any) -> jk.Journey:
    """The log under its plan."""
    return example("ravenstack")


@pytest.fixture(scope="module")
def stays(shared_data: Path) -> dict[str, list[str]]:
    """The stages of each account, counted from the tables; what ties stays in the order of its table."""
    return stays_in(shared_data / "ravenstack", {})


def stays_in(folder: Path, ties: dict[str, int]) -> dict[str, list[str]]:
    """List the stages of each account in order, neighbours differing.

    Args:
        folder: Where the tables are.
        ties: What comes first of what happened on one day in one table: 0 unless said.
    """
    happened: dict[str, list[tuple[str, int, int, str]]] = {}
    for account, date, order, what in happenings(folder):
        happened.setdefault(account, []).append((date, order, ties.get(what, 0), what))
    found = {}
    for account, events in happened.items():
        stage, stages = "free_use", []
        for *_, what in sorted(events, key=lambda event: event[:3]):
            stage = STAGES.get(what, stage)
            stages.append(stage)
        found[account] = [stage for stage, _ in groupby(stages)]
    return found


def happenings(folder: Path) -> list[tuple[str, str, int, str]]:
    """Read what happened: account, date, place in the order of a day, what."""
    accounts, tickets, churns = (
        rows(folder / f"ravenstack_{name}.csv") for name in ("accounts", "support_tickets", "churn_events")
    )
    subscriptions = rows(folder / "ravenstack_subscriptions.csv.gz")
    return [
        *((row["account_id"], row["signup_date"], 0, "signup") for row in accounts),
        *((row["account_id"], row["start_date"], 1, begun(row)) for row in subscriptions),
        *((row["account_id"], row["submitted_at"], 2, "ticket") for row in tickets),
        *(
            (row["account_id"], row["end_date"], 3, "subscription_end")
            for row in subscriptions
            if row["end_date"]
        ),
        *((row["account_id"], row["churn_date"], 4, "churn") for row in churns),
    ]


def begun(subscription: dict[str, str]) -> str:
    """Say whether a subscription is a trial."""
    return "trial" if subscription["is_trial"].upper() == "TRUE" else "subscription"


def rows(file: Path) -> list[dict[str, str]]:
    """Read a table."""
    with gzip.open(file, "rt", "utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as text:
        return list(csv.DictReader(text))


def moves(stays: dict[str, list[str]]) -> Counter[tuple[str, str]]:
    """Count the moves between stages."""
    return Counter(move for stages in stays.values() for move in pairwise(stages))


def test_accounts_in_each_stage(journey, known):
    """Counted by others from the tables that the log was joined from."""
    facts = known("ravenstack").facts
    rows = {row.stage: row.customers for row in jk.drop_offs(journey)}

    assert rows == {
        "free_use": facts["specific"]["accounts"],
        "trial": facts["stages"]["trial_start"]["cases_reaching"],
        "usage": facts["stages"]["subscription_start"]["cases_reaching"],
        "at_risk": facts["stages"]["subscription_end"]["cases_reaching"],
        "churned": facts["specific"]["accounts_with_churn_event"],
    }


def test_every_move_is_that_of_the_tables(journey, stays):
    """Whatever the engine does to order events and to cut them into visits, plain Python does it, too."""
    assert {(row.source, row.target): row.moves for row in jk.transitions(journey) if row.moves} == moves(
        stays
    )


def test_churn_is_counted_as_an_exit_from_where_the_account_was(journey, stays):
    """`exited` is the loss of the stage that was left, and nobody who churns is missed."""
    expected = Counter(source for source, target in moves(stays).elements() if target == "churned")
    rows = {row.stage: row for row in jk.drop_offs(journey)}
    exits = {row.source: row.moves for row in jk.transitions(journey) if row.kind == "exit"}

    assert exits == {stage: row.exited for stage, row in rows.items() if row.exited} == expected
    assert rows["churned"].visits == expected.total() == 552


def test_a_return_is_counted_as_a_re_entry(journey, stays):
    """Whoever returns has moved on, is counted as a re-entry, and not as lost for good."""
    expected = Counter(target for source, target in moves(stays).elements() if source == "churned")
    returns = {r.target: r.moves for r in jk.transitions(journey) if r.kind == "re_entry" and r.moves}
    churned = next(row for row in jk.drop_offs(journey) if row.stage == "churned")

    assert returns == expected == {"usage": 387, "trial": 72, "at_risk": 37}
    assert (churned.moved, churned.departed, churned.lost) == (expected.total(), 56, 0)


def test_accounts_that_returned_are_those_of_the_tables(journey, stays):
    """People, not moves: an account that churns and returns three times is one account."""
    came_back = {account for account, stages in stays.items() if "churned" in stages[:-1]}
    usage = next(r for r in jk.transitions(journey) if (r.source, r.target) == ("churned", "usage"))
    churned = next(row for row in jk.drop_offs(journey) if row.stage == "churned")

    assert churned.customers == sum("churned" in stages for stages in stays.values())
    assert churned.customers - churned.departed <= len(came_back) < churned.customers
    assert usage.customers == sum(("churned", "usage") in pairwise(stages) for stages in stays.values())


def test_the_counts_in_the_readme_are_those_of_the_tables(project, shared_data):
    """What an example says in prose is a claim like any other.

    Its command knows no more of a day than `rank`, so that a trial comes before a subscription.
    """
    text = " ".join((project / "examples/ravenstack/README.md").read_text("utf-8").split())
    stays = stays_in(shared_data / "ravenstack", {"subscription": 1})
    counts = moves(stays)
    exits = sum(n for (_, target), n in counts.items() if target == "churned")
    back = {target: n for (source, target), n in counts.items() if source == "churned"}
    runs = sum(stages.count("usage") for stages in stays.values())
    begun = sum(what == "subscription" for *_, what in happenings(shared_data / "ravenstack"))

    assert f"352 of 500 accounts churn, {exits} times." in text
    assert f"Of the {exits} times {sum(back.values())} were left again" in text
    assert f"{back['usage']} times with a new subscription" in text
    assert f"{back['trial']} times with a trial, and {back['at_risk']} times only another" in text
    assert f"the {runs:,} visits hold {begun:,} of them, and {counts['usage', 'churned']} ended" in text
