"""pytest's fixture for plugins' tests: one line for authors, every finding in its failure."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import get_args

import pytest

import journeykit as jk
from journeykit import testing
from journeykit.testing.checks.finding import FindingKind
from journeykit.testing.pytest_plugin import journeykit_conformance

__all__ = ["journeykit_conformance"]  # pytest finds fixtures among the names of a module


class Good:
    """A plugin without a fault."""

    @jk.hookimpl
    def journeykit_gap_detectors(self):
        return {}


class Bad:
    """A plugin with two."""

    @jk.hookimpl
    def journeykit_lifecycles(self):
        return [3]

    @jk.hookimpl
    def journeykit_analyses(self):
        return ["transitions"]


def test_a_good_plugin_passes(journeykit_conformance):
    """The test that authors write is this line."""
    assert journeykit_conformance(Good()) is None


def test_a_failure_lists_every_finding(journeykit_conformance):
    """One run, one list: nobody wants to find ten mistakes in ten runs."""
    with pytest.raises(pytest.fail.Exception) as failed:
        journeykit_conformance(Bad())

    assert str(failed.value) == (
        "2 findings:\n"
        "- journeykit_lifecycles: 3 is no Lifecycle.\n"
        "- journeykit_analyses: returned ['transitions'], not a mapping from names to functions."
    )


def test_pytest_loads_next_to_nothing():
    """It is loaded wherever journeykit is installed, in every run of every test suite there."""
    code = "import json, sys, pytest; before = set(sys.modules); import journeykit.testing.pytest_plugin; "
    code += "print(json.dumps(sorted(set(sys.modules) - before)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    ours = {name for name in json.loads(done.stdout) if name.startswith("journeykit")}
    assert ours == {"journeykit", "journeykit.testing", "journeykit.testing.pytest_plugin"}


def test_every_name_of_the_kit_has_its_place_in_the_reference(project):
    """What is not documented is not public."""
    text = (project / "docs" / "reference" / "testing.md").read_text("utf-8")

    assert [name for name in testing.__all__ if f"::: journeykit.testing.{name}\n" not in text] == []
    assert [kind for kind in get_args(FindingKind) if f"| `{kind}` |" not in text] == []
