"""Intervals of shares, against published ones: definitions page, Intervals."""

from __future__ import annotations

import pytest

from journeykit.analysis.intervals import clustered, wilson


def digits(interval):
    """Round as the tables do."""
    return tuple(round(end, 4) for end in interval)


@pytest.mark.parametrize(
    ("seen", "trials", "interval"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_wilsons_interval_is_that_of_the_textbook(seen, trials, interval):
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3: the examples everyone checks by."""
    assert digits(wilson(seen / trials, trials)) == interval


def test_an_interval_ends_at_0_and_1_exactly_where_nobody_or_everybody_did():
    """A lower end of 1e-17 would print as a chance that is not there."""
    assert [wilson(share, 7)[end] for share, end in ((0.0, 0), (1.0, 1))] == [0.0, 1.0]


def test_a_clustered_interval_is_wilsons_with_the_trials_that_the_variance_tells_of():
    """Twenty visits of customers who always do the same are worth ten: a variance twice as large says so."""
    assert digits(clustered(0.5, 2 * 0.25 / 20, customers=20)) == digits(wilson(0.5, 10)) == (0.2366, 0.7634)


@pytest.mark.parametrize(("share", "interval"), [(0.0, (0.0, 0.4345)), (1.0, (0.5655, 1.0))])
def test_where_all_visits_agree_the_customers_are_the_trials(share, interval):
    """The variance is 0 there, and says nothing about how sure that is: five customers prove little."""
    assert digits(clustered(share, 0.0, customers=5)) == interval


def test_a_variance_that_is_only_rounding_is_none():
    """Customers whose visits all end half so, half so, vary by rounding alone: an interval of no width would
    lie.
    """
    assert digits(clustered(0.5, 1e-19, customers=10)) == digits(wilson(0.5, 10))


def test_the_order_in_which_an_engine_adds_moves_no_interval():
    """Threads finish in any order; the same question of the same journey must give the same bytes."""
    assert clustered(0.3, 0.001 * (1 + 1e-12), 50) == clustered(0.3, 0.001 * (1 - 1e-12), 50)


def test_rounding_is_no_variance():
    """Of four customers half of whose visits end so, each varies by nothing; sums that cancel leave 7e-18."""
    assert clustered(0.5, 6.9e-18, 4) == clustered(0.5, 0.0, 4) == wilson(0.5, 4)
