"""Software accounts: an exit that is left again, and a warning that is none."""

from __future__ import annotations

from typing import Any

import pytest

import journeykit as jk


@pytest.fixture(scope="module")
def journey(example: Any) -> jk.Journey:
    """The log under its plan."""
    return example("ravenstack")


def test_accounts_in_each_stage(journey, known):
    """Counted by others from the tables that the log was joined from."""
    facts = known("ravenstack").facts
    rows = {row.stage: row.customers for row in jk.drop_offs(journey)}

    assert rows == {
        "registered": facts["specific"]["accounts"],
        "trial": facts["stages"]["trial_start"]["cases_reaching"],
        "subscribed": facts["stages"]["subscription_start"]["cases_reaching"],
        "shrinking": facts["stages"]["subscription_end"]["cases_reaching"],
        "churned": facts["specific"]["accounts_with_churn_event"],
    }


def test_churn_is_an_exit_that_is_left_again(journey):
    """Whoever returns has moved on, and is counted as a re-entry, not as lost for good."""
    churned = next(row for row in jk.drop_offs(journey) if row.stage == "churned")
    returns = [row for row in jk.transitions(journey) if row.kind == "re_entry"]

    assert sum(row.moves for row in returns) == churned.moved
    assert churned.moved + churned.departed == churned.visits
    assert churned.lost == 0


def test_an_exit_is_a_loss_from_where_it_began(journey):
    """Each churn that follows another stage is one loss there."""
    exits = [row for row in jk.transitions(journey) if row.kind == "exit"]
    rows = {row.stage: row for row in jk.drop_offs(journey)}

    assert {row.source: row.moves for row in exits} == {
        stage: row.exited for stage, row in rows.items() if row.exited
    }
    assert sum(row.moves for row in exits) == rows["churned"].visits
