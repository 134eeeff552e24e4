"""Tests of fitting text into boxes."""

from __future__ import annotations

import pytest

from journeykit.graph.lettering import fit, width, wrap, xml


@pytest.mark.parametrize("text", ["", "a", "A" * 300, "漢字" * 40, "w😀" * 60, "e\u0302" * 90])
def test_what_is_fitted_fits(text):
    """A label that runs out of its box runs into the next one."""
    assert width(fit(text, 100, 13), 13) <= 100


def test_what_fits_is_left_alone_and_what_is_cut_says_so():
    """Nobody should take half a name for a whole one."""
    assert fit("Trial", 100, 13) == "Trial"
    assert fit("Implementation of everything", 100, 13) == "Implementati…"


def test_names_break_after_spaces_and_underscores():
    """A CRM's names have no spaces."""
    assert wrap("customer_experience", 110, 13, most=2) == ["customer_", "experience"]
    assert wrap("Active evaluation of a purchase", 110, 13, most=2) == ["Active", "evaluation of a…"]
    assert wrap("", 110, 13, most=2) == [""]


def test_letters_of_xml_are_escaped_and_what_it_can_not_hold_is_replaced():
    """One NUL makes a whole page unreadable to strict readers."""
    assert (
        xml("<a b=\"c\" d='e'>&\x00\ud800\n") == "&lt;a b=&quot;c&quot; d=&#x27;e&#x27;&gt;&amp;\ufffd\ufffd "
    )
