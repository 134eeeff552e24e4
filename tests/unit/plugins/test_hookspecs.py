"""Every hook is documented, typed and tested, or this fails."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from journeykit.plugins import hookspecs

HOOKS = [name for name in vars(hookspecs) if name.startswith("journeykit_")]


def test_there_are_hooks():
    """The tests below would pass on none."""
    assert HOOKS == ["journeykit_lifecycles"]


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_says_when_it_is_called_and_what_an_exception_means(name):
    """The one page that an author of a plugin reads."""
    doc = inspect.getdoc(getattr(hookspecs, name)) or ""

    assert "Called " in doc
    assert "PluginError" in doc
    assert "return" in inspect.get_annotations(getattr(hookspecs, name))


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_is_implemented_in_some_test(name):
    """A hook that nobody calls breaks unnoticed."""
    tests = "".join(
        file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_manager*.py")
    )

    assert f"def {name}(" in tests
