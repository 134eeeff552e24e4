"""Every question gives on every engine what the oracle gives, and what DuckDB gives."""

from __future__ import annotations

import pytest

from tests.parity.questions import QUESTIONS, check_alike

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_answer_is_the_oracles(seen, question):
    """Of all customers, of each log by itself, and of groups that cut across the logs."""
    for by in seen.asked_by(question):
        check_alike(seen.answer(question, by), seen.told.answer(question, by), f"by={by!r}")


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_answer_is_that_of_another_engine(seen, in_duckdb, question):
    """In what is told beside the numbers, too: definitions, sentences, the whole graph."""
    for by in seen.asked_by(question):
        check_alike(seen.answer(question, by), in_duckdb.answer(question, by), f"by={by!r}")
