"""A text is said in the language asked for, else in English."""

from __future__ import annotations

import pytest

from journeykit.errors import UnknownNameError
from journeykit.model import Text


def test_a_string_is_english():
    """Most plans are written in one language, and need no more than a string."""
    assert Text.of("Trial") == Text("Trial") == Text(en="Trial")


def test_a_mapping_is_read_by_language():
    """The documents' own words are Danish, Swedish and Norwegian."""
    assert Text.of({"en": "Trial", "da": "Prøve"}) == Text(en="Trial", da="Prøve")


def test_a_text_stays_as_it_is():
    """What is a text already needs no reading."""
    text = Text("Trial")

    assert Text.of(text) is text


def test_a_missing_language_falls_back_to_english():
    """A half-translated plan still has a label everywhere."""
    text = Text(en="Trial", da="Prøve")

    assert [text.get(), text.get("da"), text.get("sv"), Text(da="Prøve").get("sv")] == [
        "Trial",
        "Prøve",
        "Trial",
        "",
    ]


@pytest.mark.parametrize("ask", [lambda: Text("Trial").get("dk"), lambda: Text.of({"dk": "Prøve"})])
def test_an_unknown_language_is_an_error(ask):
    """The country code "dk" for the language "da" is the mistake people make."""
    with pytest.raises(UnknownNameError) as raised:
        ask()

    assert str(raised.value) == "no language named 'dk'. Known: en, da, sv, nb."


def test_only_a_text_that_says_something_is_true():
    """Templates ask whether there is anything to show."""
    assert [bool(Text()), bool(Text("x")), bool(Text(nb="x"))] == [False, True, True]


def test_a_text_shows_only_what_is_said():
    """A stage has a dozen texts; a reader of a traceback wants none of the empty ones."""
    assert [repr(Text("Trial")), repr(Text()), repr(Text("Trial", nb="Prøve"))] == [
        "Text('Trial')",
        "Text('')",
        "Text(en='Trial', nb='Prøve')",
    ]
