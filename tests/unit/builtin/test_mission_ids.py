"""Every statement of the mission is held by a lifecycle that ships, or it is no lifecycle's to hold.

The two tables below are the answer, id by id. A lifecycle that no longer cites one of its
ids fails, and so does an id of the mission page that stands in neither table.
"""

from __future__ import annotations

import re

import pytest
from tests.lifecycles import all_sources

import journeykit as jk


def ids(text: str) -> set[str]:
    """Read ids and ranges of ids: "S2-02 S2-15..S2-17"."""
    found = set()
    for word in text.split():
        first, _, last = word.partition("..")
        document, begin = first.split("-")
        end = (last or first).split("-")[1]
        found |= {f"{document}-{number:02}" for number in range(int(begin), int(end) + 1)}
    return found


HELD = {
    "b2b-seven-phase": ids(
        "S1-03 S1-08..S1-17 S1-19 S1-22 S2-01 S2-02 S2-05..S2-07 S2-11 S2-22 S2-24 S2-25 S2-33 S5-16"
    ),
    "buying-steps": ids(
        "S2-02 S2-05..S2-07 S2-10 S2-34 S5-01 S5-03 S5-04 S5-07..S5-16 S5-18 S5-19 S5-22 S5-23"
    ),
    "client-relationship": ids("S2-02 S2-05 S2-06 S2-12 S2-15..S2-34 S2-36 S3-06 S3-10 S3-16 S5-21"),
    "ecommerce": ids(
        "S2-02 S2-05 S2-08 S2-12 S2-22 S2-33 S3-03..S3-13 S3-16 S3-18 S3-19 S4-02..S4-04 S4-06..S4-09"
        " S4-14 S4-15 S4-17..S4-19 S5-01 S5-16 S5-19 S5-21"
    ),
    "expectation": ids(
        "S1-08 S2-02 S2-05 S2-11 S2-25 S3-06 S3-09 S3-11..S3-13 S3-16 S3-17 S3-19 S4-10 S4-13"
    ),
    "recommendation": ids(
        "S2-02 S2-05 S2-35 S3-03 S3-04 S3-06 S3-07 S3-10..S3-13 S3-16 S3-17 S3-19 S5-16 S5-21"
    ),
    "saas-freemium": ids(
        "S2-02 S2-04..S2-06 S2-09..S2-12 S2-20 S2-22 S2-24 S2-25 S2-30 S2-32..S2-34 S2-36 S3-06 S3-10"
        " S3-16 S3-18 S4-09 S5-21"
    ),
}
"""What each lifecycle has to hold."""

CONTEXT = "context: it obliges nobody to hold anything"
LOG = "events: columns of the log"
GAPS = "an analysis: gaps and plan_gaps"
LATER = "an analysis over many customers"

NOT_HELD = {
    "S1-01": CONTEXT,
    "S1-02": LOG,
    "S1-04": GAPS,
    "S1-05": "the caller's activities, with their departments",
    "S1-06": LATER,
    "S1-07": CONTEXT,
    "S1-18": GAPS,
    "S1-20": GAPS,
    "S1-21": GAPS,
    "S1-23": GAPS,
    "S1-24": GAPS,
    "S1-25": GAPS,
    "S1-26": GAPS,
    "S1-27": GAPS,
    "S1-28": GAPS,
    "S1-29": LATER,
    "S1-30": CONTEXT,
    "S1-31": "events: the CRM's exports are read",
    "S2-03": "one customer's journey: trace",
    "S2-13": LOG,
    "S2-14": LATER,
    "S3-01": LATER,
    "S3-02": LATER,
    "S3-14": LATER,
    "S3-15": LATER,
    "S4-01": LATER,
    "S4-05": "an analysis: drop_offs",
    "S4-11": CONTEXT,
    "S4-12": CONTEXT,
    "S4-16": CONTEXT,
    "S4-20": "the model: a variant states only what differs (extends)",
    "S4-21": "an export for automation tools",
    "S5-02": "an analysis: transitions",
    "S5-05": CONTEXT,
    "S5-06": "an analysis: trace, and what was felt at a touchpoint",
    "S5-17": "the caller's personas: the documents name none",
    "S5-20": CONTEXT,
}
"""What is no lifecycle's to hold, and why."""

SHIPPED = {
    lifecycle.id: lifecycle for lifecycle in jk.lifecycles(manager=jk.make_manager(entry_points=False))
}


@pytest.fixture(scope="module")
def mission(project) -> set[str]:
    """Every id of the mission page."""
    page = (project / "docs" / "explanation" / "mission.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| (S\d-\d\d) \|", page, re.MULTILINE))


def test_the_mission_page_lists_every_statement(mission):
    """Five documents, numbered without a gap: an id that is lost there would be lost here, too."""
    assert mission == ids("S1-01..S1-31 S2-01..S2-36 S3-01..S3-19 S4-01..S4-21 S5-01..S5-23")


def test_every_statement_is_held_or_has_a_reason_not_to_be(mission):
    """Nothing that the documents ask of lifecycles may be forgotten in silence."""
    held = set().union(*HELD.values())

    assert (mission - held - NOT_HELD.keys(), held & NOT_HELD.keys()) == (set(), set())
    assert held | NOT_HELD.keys() == mission


def test_the_table_is_about_the_lifecycles_that_ship():
    """One that joins them has to say what it holds."""
    assert HELD.keys() == SHIPPED.keys()


@pytest.mark.parametrize("name", HELD)
def test_each_lifecycle_holds_what_it_has_to(name):
    """Whoever drops a stage, a term or a touchpoint sees which statement went with it."""
    assert HELD[name] - all_sources(SHIPPED[name]) == set()


@pytest.mark.parametrize("name", HELD)
def test_no_lifecycle_claims_what_is_none_of_its_own(name):
    """An id whose reason says "an analysis" can't be a stage's source."""
    assert all_sources(SHIPPED[name]) & NOT_HELD.keys() == set()
