"""The interval of a difference, against the published examples: definitions page, Carry-over."""

from __future__ import annotations

import pytest

from journeykit.analysis.differences import subtract
from journeykit.analysis.intervals import wilson
from journeykit.analysis.shares import Share


@pytest.mark.parametrize(
    ("one", "other", "interval"),
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((0, 10), (0, 10), (-0.2775, 0.2775)),
        ((10, 10), (0, 20), (0.6791, 1.0000)),
        ((10, 10), (0, 10), (0.6075, 1.0000)),
    ],
)
def test_the_textbooks_differences(one, other, interval):
    """Newcombe, Statistics in Medicine 17 (1998) 873-890: what method 10 makes of his examples."""
    shares = [Share(count / n, *wilson(count / n, n)) for count, n in (one, other)]

    found = subtract(*shares)

    assert (found.low, found.high) == tuple(pytest.approx(end, abs=5e-5) for end in interval)
    assert found.value == pytest.approx(one[0] / one[1] - other[0] / other[1])


def test_what_cannot_be_read_cannot_be_subtracted():
    """Nothing less something is nothing, not minus something."""
    known = Share(0.5, 0.4, 0.6)

    assert subtract(Share(None), known) == subtract(known, Share(None)) == Share(None)
