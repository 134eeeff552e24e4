"""Errors: facts as attributes, a sentence with a way out, a builtin that callers expect; and they pickle."""

from __future__ import annotations

import copy
import inspect
import pickle

import pytest

import journeykit as jk
from journeykit import errors

EXAMPLES = [
    (
        errors.JourneykitError("something of ours"),
        Exception,
        "something of ours",
    ),
    (
        errors.LifecycleError("acme", ["transition 'visit' -> 'pade': no stage named 'pade'"]),
        ValueError,
        "lifecycle 'acme' has 1 problem:\n  transition 'visit' -> 'pade': no stage named 'pade'",
    ),
    (
        errors.UnknownNameError(
            "lifecycle", "saas-fremium", ["b2b-seven-phase", "ecommerce", "saas-freemium"], where="the shelf"
        ),
        LookupError,
        (
            "no lifecycle named 'saas-fremium' in the shelf. Did you mean 'saas-freemium'? "
            "Known: b2b-seven-phase, ecommerce, saas-freemium."
        ),
    ),
    (
        errors.GraphError(iter(["node 'visit': no kind", "edge 'a' -> 'b': no moves"])),
        ValueError,
        "graph has 2 problems:\n  node 'visit': no kind\n  edge 'a' -> 'b': no moves",
    ),
    (
        errors.DurationError("1 month", "a month has no fixed length, so write days"),
        ValueError,
        (
            '\'1 month\' is no duration such as "30 days" or "1 day 12 hours": '
            "a month has no fixed length, so write days"
        ),
    ),
    (errors.EventLogError("crm.csv holds no rows"), ValueError, "crm.csv holds no rows"),
    (
        errors.SavedJourneyError("journey.jkt", "is not there: journey.save(...) writes it"),
        ValueError,
        "'journey.jkt' is not there: journey.save(...) writes it",
    ),
    (errors.EngineError("out of memory"), RuntimeError, "out of memory"),
    (errors.UnsupportedError("not in SQLite yet"), NotImplementedError, "not in SQLite yet"),
    (errors.ReportError("a report is a page"), ValueError, "a report is a page"),
    (
        errors.SimulationError(["customers: -1 is below 0"]),
        ValueError,
        "this can't be simulated:\n  customers: -1 is below 0",
    ),
    (
        errors.PluginError("acme", "journeykit_lifecycles", "it returned None"),
        RuntimeError,
        "plugin 'acme', hook 'journeykit_lifecycles': it returned None",
    ),
    (
        errors.MissingDependencyError("altair", "plot"),
        ImportError,
        "altair is not installed. Run: pip install 'journeykit[plot]'",
    ),
]

each = pytest.mark.parametrize(
    ("error", "builtin", "text"), EXAMPLES, ids=[type(example[0]).__name__ for example in EXAMPLES]
)


def test_every_error_has_an_example_here():
    """A new one must keep the rules below, too."""
    ours = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, Exception)
    }

    assert {type(example[0]).__name__ for example in EXAMPLES} == ours - {"JourneykitWarning"}


@each
def test_an_error_is_ours_and_the_builtin_that_a_caller_expects(error, builtin, text):
    """`except ValueError` around a wrong value works for people who have never heard of us."""
    assert (isinstance(error, errors.JourneykitError), isinstance(error, builtin), str(error)) == (
        True,
        True,
        text,
    )


@each
def test_an_error_survives_pickling_and_copying(error, builtin, text):
    """Workers of a pool and of Spark send their errors home: one that does not unpickle hangs the job."""
    back = [*(pickle.loads(pickle.dumps(error, protocol)) for protocol in range(2, 6)), copy.copy(error)]

    assert {(type(one), str(one), repr(sorted(vars(one).items()))) for one in back} == {
        (type(error), text, repr(sorted(vars(error).items())))
    }


def test_the_facts_of_an_error_are_attributes():
    """A program acts on facts, and must not take a sentence apart."""
    lifecycle = errors.LifecycleError("acme", (problem for problem in ("one", "two")))
    name = errors.UnknownNameError("column", "custmer", iter(["customer", "time"]), where="crm.csv")
    plugin = errors.PluginError("acme", "", "no such module")
    missing = errors.MissingDependencyError("altair", "plot")

    assert (lifecycle.lifecycle, lifecycle.problems) == ("acme", ("one", "two"))
    assert (name.kind, name.name, name.known, name.nearest, name.where) == (
        "column", "custmer", ("customer", "time"), "customer", "crm.csv",
    )  # fmt: skip
    assert (plugin.plugin, plugin.hook, plugin.cause, str(plugin)) == (
        "acme", "", "no such module", "plugin 'acme': no such module",
    )  # fmt: skip
    assert (missing.package, missing.extra) == ("altair", "plot")


def test_an_unsupported_thing_is_an_engines_error():
    """Whoever catches what engines can't do need not know the two names."""
    assert issubclass(errors.UnsupportedError, errors.EngineError)


def test_a_warning_of_ours_is_a_user_warning():
    """It is shown by default, and can be silenced by its name."""
    assert issubclass(jk.JourneykitWarning, UserWarning)


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("saas-fremium", ["ecommerce", "saas-freemium"], "saas-freemium"),
        ("DEMO HELD", ["Demo held", "Contract"], "Demo held"),
        ("Region", ["region", "REGIONS"], "region"),
        ("xyz", ["visit", "signup"], None),
        ("visit", [], None),
    ],
)
def test_the_nearest_name_is_found_in_any_case_and_none_when_none_is_near(name, known, found):
    """A hint that is far off is worse than none."""
    assert errors.nearest(name, known) == found


def test_a_long_list_of_names_is_cut_and_says_so():
    """A warehouse's table has 400 columns; the message is read on one line."""
    names = [f"c{number}" for number in range(23)]

    assert errors.listed(names) == ", ".join(names[:20]) + ", ... and 3 more"
    assert [errors.listed(names, most=1), errors.listed(names[:2]), errors.listed([])] == [
        "c0, ... and 22 more",
        "c0, c1",
        "",
    ]


def test_an_unknown_name_says_only_what_it_knows():
    """No hint, no list and no place where there are none."""
    assert str(errors.UnknownNameError("customer", "ana", ())) == "no customer named 'ana'."
