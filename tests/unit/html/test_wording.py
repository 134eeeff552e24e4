"""Numbers and names as people read them."""

from __future__ import annotations

import datetime as dt

import pytest

from journeykit.html import wording


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1000, "1\u202f000"), (18231004, "18\u202f231\u202f004"), (None, "\u2014")],
)
def test_counts_have_thin_spaces_between_thousands(number, text):
    """18231004 can't be read at a glance, and a comma is a decimal sign in half of Europe."""
    assert wording.count(number) == text


def test_one_of_a_thing_is_singular():
    """A page that says "1 visits" looks careless, and so do its numbers."""
    nouns = [wording.counted(number, "visit") for number in (0, 1, 2)]

    assert nouns == ["0 visits", "1 visit", "2 visits"]
    assert wording.counted(2, "activity", "activities") == "2 activities"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0\u202f%"),
        (1.0, "100\u202f%"),
        (0.123456, "12.3\u202f%"),
        (0.0004, "< 0.1\u202f%"),
        (0.0005, "0.1\u202f%"),
        (0.9996, "> 99.9\u202f%"),
        (0.9994, "99.9\u202f%"),
        (None, "\u2014"),
    ],
)
def test_only_nothing_is_0_percent_and_only_everything_is_100(share, text):
    """Who reads "100 %" believes that nobody is missing."""
    assert wording.percent(share) == text


def test_a_share_comes_with_its_interval():
    """A share without its interval invites to compare what can't be compared."""
    assert wording.share(0.123, 0.101, 0.148) == "12.3\u202f% (10.1\u201314.8)"
    assert wording.share(0.0, 0.0, 0.107) == "0\u202f% (0\u201310.7)"
    assert wording.share(None, None, None) == "\u2014"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, "\u2014"),
        (0.0, "0.0"),
        (0.01, "< 0.1"),
        (14.24, "14.2"),
        (99.94, "99.9"),
        (1234.5, "1\u202f234"),
    ],
)
def test_days_are_as_exact_as_anyone_needs(number, text):
    """A median of 1234.4567 days pretends to know the minute."""
    assert wording.days(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(None, "\u2014"), (12.0, "12"), (12.5, "12.50"), (0.25, "0.25"), (12000.0, "12\u202f000")],
)
def test_amounts_keep_their_decimals_only_where_they_have_some(number, text):
    """An effort of 12 hours is not 12.00 hours."""
    assert wording.amount(number) == text


def test_moments_are_in_utc_and_say_so():
    """A time without a zone is read as the reader's own."""
    noon = dt.datetime(2024, 12, 31, 12, tzinfo=dt.timezone(dt.timedelta(hours=1)))

    assert wording.moment(noon) == "2024-12-31 11:00 UTC"
    assert wording.moment(dt.datetime(2024, 12, 31, tzinfo=dt.UTC)) == "2024-12-31"
    assert wording.moment(dt.datetime(2024, 12, 31, 1, 2, 3, tzinfo=dt.UTC)) == "2024-12-31 01:02:03 UTC"
    assert wording.moment(None) == "\u2014"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a\x1b[31mred", "a\\x1b[31mred"),
        ("two\nlines\r", "two\\nlines\\r"),
        ("abc\u202efdp.exe", "abc\\u202efdp.exe"),
        ("half \ud83d", "half \\ud83d"),
        ("nul\x00l", "nul\\x00l"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05dc\u05d5\u05dd"),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
        ("Ærø, Łódź", "Ærø, Łódź"),
    ],
)
def test_names_hide_nothing_and_steer_nothing(name, text):
    """A name in a log is written by anyone: it must not colour the terminal or turn its line around."""
    assert wording.plain(name) == text


def test_marks_around_a_name_can_be_taken_away():
    """A page needs them around right-to-left names; a terminal would show them as boxes."""
    assert wording.without_marks(wording.isolated("שלום")) == "שלום"
