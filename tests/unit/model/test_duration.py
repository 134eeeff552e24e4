"""Durations are read as people say them, and refused where their length is a guess."""

from __future__ import annotations

import pickle
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit.errors import DurationError
from journeykit.model.duration import in_words, parse, to_timedelta


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("90 days", timedelta(days=90)),
        ("1 day", timedelta(days=1)),
        ("2 weeks", timedelta(days=14)),
        ("36 hours", timedelta(hours=36)),
        ("1 day 12 hours", timedelta(hours=36)),
        ("1 day, 12 hours and 5 minutes", timedelta(days=1, hours=12, minutes=5)),
        ("1 week, and 1 second", timedelta(days=7, seconds=1)),
        ("1.5 days", timedelta(hours=36)),
        ("90d", timedelta(days=90)),
        ("1w2d3h4min5s6ms7us", timedelta(9, 5, 7, 6, 4, 3)),
        ("  3 HOURS ", timedelta(hours=3)),
        ("10 mins", timedelta(minutes=10)),
        ("5 µs", timedelta(microseconds=5)),
        ("0 days", timedelta(0)),
        ("0.1 s", timedelta(microseconds=100_000)),
    ],
)
def test_a_duration_is_the_sum_of_its_numbers(text, meant):
    """A plan says "1 day 12 hours" where a CRM's settings say 36 h: both are the same deadline."""
    assert parse(text) == meant


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "it is empty"),
        ("  ", "it is empty"),
        ("soon", "it is not numbers, each with its unit"),
        ("30", "it is not numbers, each with its unit"),
        ("days", "it is not numbers, each with its unit"),
        ("-3 days", "it is not numbers, each with its unit"),
        ("1 day and", "it is not numbers, each with its unit"),
        ("1 day,", "it is not numbers, each with its unit"),
        ("1,5 days", "it is not numbers, each with its unit"),
        ("P30D", "it is not numbers, each with its unit"),
        ("30 dayz", "no unit named 'dayz'. Did you mean 'days'?"),
        ("30 moons", "no unit named 'moons'"),
        ("1 month", "a month has no fixed length, so write days"),
        ("2 Years", "a year has no fixed length, so write days"),
        ("999999999999 days", "it is too long"),
        ("9" * 5000 + " days", "it is not numbers, each with its unit"),
    ],
)
def test_what_is_no_duration_says_why(text, cause):
    """A guessed duration would move every drop-off; the sentence tells how to write it."""
    with pytest.raises(DurationError) as raised:
        parse(text)

    assert raised.value.cause == cause
    assert str(raised.value) == f'{text!r} is no duration such as "30 days" or "1 day 12 hours": {cause}'


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(0), "0 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=90), "90 days"),
        (timedelta(hours=36), "1 day 12 hours"),
        (timedelta(0, 1, 1, 0, 1, 1), "1 hour 1 minute 1 second 1 microsecond"),
        (timedelta(days=-3), "minus 3 days"),
    ],
)
def test_a_duration_is_written_in_words(duration, words):
    """Reports and files show the words that people typed."""
    assert in_words(duration) == words


@given(st.timedeltas(min_value=timedelta(0)))
def test_a_written_duration_reads_back_to_the_microsecond(duration):
    """A deadline that changes by being saved would be a different plan."""
    assert parse(in_words(duration)) == duration


def test_a_timedelta_is_taken_as_it_is():
    """Code has a timedelta where a file has words."""
    assert to_timedelta(timedelta(days=2)) == to_timedelta("2 days") == timedelta(days=2)


def test_a_duration_error_survives_pickling():
    """Spark sends errors between processes."""
    error = DurationError("soon", "it is not numbers, each with its unit")

    copy = pickle.loads(pickle.dumps(error))

    assert (str(copy), copy.text, copy.cause) == (str(error), error.text, error.cause)
