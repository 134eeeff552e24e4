"""`journeykit demo`: the first thing a newcomer sees."""

from __future__ import annotations

import pytest

from journeykit.cli import demo


@pytest.fixture
def few_customers(monkeypatch):
    """Simulate few, so that the test is quick."""
    monkeypatch.setattr(demo, "CUSTOMERS", 300)


def test_the_demo_prints_the_answers_and_writes_the_page(journeykit, files, few_customers):
    """Without an option, without a file, without a warning."""
    code, out, err = journeykit("demo")

    assert (code, err) == (0, "")
    assert out.startswith("Simulated 300 customers who begin in 2024 (seed 7)")
    assert [
        title in out for title in ("Where customers are lost", "How customers move", "Where the gaps are")
    ] == [
        *(True, True, True),
    ]
    assert out.splitlines()[-1] == "Wrote journey.html: open it in a browser."
    assert (files / "journey.html").read_text("utf-8").startswith("<!doctype html>")


def test_the_demo_shows_the_same_every_time(journeykit, files, few_customers):
    """Documentation quotes it, and a newcomer compares."""
    first, second = journeykit("demo", "-o", "page.html"), journeykit("demo", "-o", "again.html")

    assert first[1].replace("page.html", "again.html") == second[1]
    assert (files / "page.html").read_bytes() == (files / "again.html").read_bytes()


def test_the_demo_refuses_a_place_before_it_works(journeykit, files):
    """Nobody likes to wait for an error."""
    assert journeykit("demo", "-o", "missing/page.html") == (
        2,
        "",
        "error: missing/page.html: No such file or directory to write the file into\n",
    )


def test_the_made_up_company_meets_its_customers_and_misses_them():
    """A demonstration without gaps would show an empty answer; one without matches, a caricature."""
    stages = {activity.stage for activity in demo.company()}

    assert len(demo.company()) > len(stages) > 1
    assert {activity.unit for activity in demo.company()} == {"hours a month"}
