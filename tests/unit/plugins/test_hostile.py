"""Plugins that do everything wrong: each is named, and none takes down what others offer.

What plugins offer may be wrong, too: that is in `test_hostile_offers.py`.
"""

from __future__ import annotations

import itertools
import pickle

import pytest
from tests.logs import log_of
from tests.plugged import HOOKS, failures_of, install, manager_of, plan, plugin

import journeykit as jk
from journeykit.cli.running import run

FINE = plan("fine")

NASTY = "\x1b[31m<b>&bold\u202e"
"""A name that steers a terminal, is markup for a page, and turns a line around."""


def ask_everything(manager: jk.Manager) -> None:
    """Call every hook."""
    jk.lifecycles(manager=manager)
    manager.names(FINE)
    manager.stage_rules(FINE)
    assert manager.readers
    assert manager.analyses
    assert manager.gap_detectors
    manager.warn_of_failures()


def fine(hook: str) -> object:
    """Make a plugin that offers one good thing at a hook."""
    offers = {
        "lifecycles": lambda: [FINE],
        "touchpoints": lambda: {"fine": jk.Names()},
        "stage_rules": lambda: [jk.StageRule("fine", stage="visit", when=lambda events: events.x > 0)],
        "readers": lambda: [jk.Reader("fine", title="Fine", read=print)],
        "analyses": lambda: {"fine": print},
        "gap_detectors": lambda: {"fine": print},
    }
    return plugin("Fine", **{hook: offers[hook]})


def offered(manager: jk.Manager, hook: str) -> list[str]:
    """Name what is on offer at a hook, but for what ships."""
    found = {
        "lifecycles": manager.lifecycles,
        "touchpoints": manager.names(FINE),
        "stage_rules": manager.stage_rules(FINE),
        "readers": manager.readers,
        "analyses": manager.analyses,
        "gap_detectors": manager.gap_detectors,
    }[hook]
    return [name for name in found if found.plugin_of(name) != "journeykit.builtin"]


SHORT = [name.removeprefix("journeykit_") for name in HOOKS]

LISTS = {"lifecycles": "Lifecycle", "stage_rules": "StageRule", "readers": "Reader"}
"""The hooks whose answers are several values of a class; the others map names."""


class Unprintable(Exception):  # noqa: N818 (what it is called is the least of its faults)
    """An error that can't even say what it is about."""

    def __str__(self) -> str:
        raise RuntimeError("no message for you")


@pytest.mark.parametrize("hook", SHORT)
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
        (SystemExit(3), "SystemExit: 3"),
        (RecursionError(), "RecursionError"),
        (Unprintable(), "Unprintable: its message can't be read"),
        (jk.EventLogError("a file is missing"), "a file is missing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_exception_in_a_hook_is_recorded(hook, error, said):
    """Whatever it is, and even where it would end the program or can't be printed."""

    def bad():
        raise error

    manager = manager_of(plugin("Bad", **{hook: bad}), fine(hook))

    with pytest.warns(jk.JourneykitWarning, match="left out: plugin 'Bad'"):
        ask_everything(manager)

    assert failures_of(manager) == [f"plugin 'Bad', hook 'journeykit_{hook}': {said}"]
    assert manager.failures[0].__cause__ is error
    assert offered(manager, hook) == ["fine"]


def test_an_interrupt_is_nobodys_failure():
    """Ctrl-C while a plugin works stops the program."""

    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jk.lifecycles(manager=manager_of(plugin(lifecycles=interrupted)))


@pytest.mark.parametrize("hook", SHORT)
@pytest.mark.parametrize("answer", [3, "text", [3], {"a": 3}, {3: print}, [None]], ids=repr)
def test_a_wrong_return_is_recorded(hook, answer):
    """Numbers, texts, lists of the wrong things, mappings to what can't be called."""
    manager = manager_of(plugin("Bad", **{hook: lambda: answer}), fine(hook))

    with pytest.warns(jk.JourneykitWarning):
        ask_everything(manager)

    (failure,) = manager.failures
    assert (failure.plugin, failure.hook) == ("Bad", f"journeykit_{hook}")
    assert isinstance(pickle.loads(pickle.dumps(failure)), jk.PluginError)
    assert offered(manager, hook) == ["fine"]


@pytest.mark.parametrize("hook", SHORT)
def test_an_endless_generator_ends(hook):
    """A thousand offers are more than anyone means."""

    class Endless(dict):
        def __iter__(self):
            return map(str, itertools.count())

        def __getitem__(self, name):
            return print

    made = {
        "lifecycles": lambda number: plan(f"p{number}"),
        "stage_rules": lambda number: jk.StageRule(f"r{number}", stage="visit", when=print),
        "readers": lambda number: jk.Reader(f"f{number}", title="", read=print),
    }

    def answer():
        return map(made[hook], itertools.count()) if hook in LISTS else Endless()

    manager = manager_of(plugin("Endless", **{hook: answer}), fine(hook))

    with pytest.warns(jk.JourneykitWarning, match="offers more than 1,000 items: does its generator end?"):
        ask_everything(manager)

    assert offered(manager, hook) == ["fine"]


@pytest.mark.parametrize("name", ["", " ", "a\nb", "\x1b[31m", None, 3, ("a",)], ids=repr)
def test_a_name_that_nobody_could_type_is_refused(name):
    """Names are looked up, listed and printed; one that can't be hashed would stop all of that."""
    manager = manager_of(plugin("Bad", readers=lambda: [jk.Reader(name, title="", read=print)]))

    with pytest.warns(jk.JourneykitWarning, match="is no name: a name is text that can be printed"):
        ask_everything(manager)

    assert offered(manager, "readers") == []


@pytest.mark.parametrize(
    ("hook", "offer", "cause"),
    [
        ("readers", jk.Reader("acme", title="", read=3), "reader 'acme': read is 3, which can't be called"),
        (
            "readers",
            jk.Reader("acme", title="", read=print, options=["object"]),
            "reader 'acme': options is ['object'], not a mapping",
        ),
        (
            "stage_rules",
            jk.StageRule("dear", stage="visit", when=True),
            "rule 'dear': when is True, which can't be called",
        ),
    ],
    ids=["read", "options", "when"],
)
def test_what_could_never_be_run_is_refused_where_it_is_offered(hook, offer, cause):
    """Otherwise the first user of the plugin finds out."""
    manager = manager_of(plugin("Bad", **{hook: lambda: [offer]}))

    with pytest.warns(jk.JourneykitWarning):
        ask_everything(manager)

    assert [failure.cause for failure in manager.failures] == [cause]


@pytest.mark.parametrize("hook", SHORT)
def test_one_name_of_two_plugins_is_nobodys(hook):
    """Two plugins with one reader format, one question, one system's names: the user has to choose."""
    manager = manager_of(fine(hook), fine(hook))

    with pytest.warns(jk.JourneykitWarning, match="is offered by plugin 'Fine', too"):
        ask_everything(manager)

    assert offered(manager, hook) == []
    assert [(one.plugin, one.hook) for one in manager.failures] == [("Fine-2", f"journeykit_{hook}")]


def test_two_plugins_with_one_reader_format_are_named_to_who_reads():
    """Which of the two reads a file must not depend on the order of installation."""
    manager = manager_of(fine("readers"), fine("readers"))
    source = log_of({"ana": {1: "page_view"}}).source.to_pyarrow()

    with pytest.warns(jk.JourneykitWarning), pytest.raises(jk.PluginError) as raised:
        jk.events(source, format="fine", manager=manager)

    assert str(raised.value) == (
        "plugin 'Fine-2', hook 'journeykit_readers': "
        "reader of format 'fine' is offered by plugin 'Fine', too, so none of them is used"
    )


def test_an_id_that_a_plugin_offers_twice_is_nobodys():
    """Of two lifecycles of one id nobody can tell which was meant."""
    manager = manager_of(plugin("Twice", lifecycles=lambda: [plan("acme"), plan("acme", "other"), FINE]))

    with pytest.warns(jk.JourneykitWarning, match="lifecycle 'acme' is offered by it more than once"):
        ask_everything(manager)

    assert offered(manager, "lifecycles") == ["fine"]


def test_every_broken_rule_of_a_lifecycle_is_reported():
    """Five mistakes are mended in one go, not in five."""

    def broken():
        return [
            jk.Lifecycle(
                "acme",
                ["a", "a", jk.Stage("x/y"), jk.Stage("b", kind="gaol")],
                [("a", "c")],
                {"call": "d"},
                idle="never",
            )
        ]

    manager = manager_of(plugin("Broken", lifecycles=broken))

    with pytest.warns(jk.JourneykitWarning):
        ask_everything(manager)

    head, *problems = manager.failures[0].cause.splitlines()
    assert head.startswith("lifecycle 'acme' has ")
    for place in (
        "stage 'a'",
        "stage 'x/y'",
        "stage 'b'",
        "transition 'a' -> 'c'",
        "touchpoint 'call'",
        "idle",
    ):
        assert any(place in problem for problem in problems), place


@pytest.mark.parametrize(
    ("names", "cause"),
    [
        (jk.Names(touchpoints={"x": "nowhere"}), "no touchpoint named 'nowhere'"),
        (jk.Names(stages={"x": "nowhere"}), "no stage named 'nowhere'"),
        ({"touchpoints": {}}, "which is no `Names`"),
    ],
    ids=["touchpoint", "stage", "no names"],
)
def test_names_that_mean_nothing_are_refused(names, cause):
    """They would fail later, when somebody maps a log by them."""
    manager = manager_of(plugin("Bad", touchpoints=lambda: {"crm": names}))

    with pytest.warns(jk.JourneykitWarning):
        ask_everything(manager)

    assert cause in manager.failures[0].cause


# --- objects that can't even be looked at


class Shy:
    """Any look at its attributes fails, but for those it lists."""

    def __getattribute__(self, name):
        raise RuntimeError("do not look at me")


class Liar:
    """Says it equals everything, and hides what it has."""

    def __eq__(self, other):
        return True

    __hash__ = None

    def __dir__(self):
        raise RuntimeError("nothing to see")


class Costly:
    """Has a property that must not be asked for, beside a good hook."""

    @property
    def connection(self):
        raise RuntimeError("the database is down")

    @jk.hookimpl
    def journeykit_lifecycles(self):
        return [plan("costly")]


def test_a_plugin_that_cannot_be_looked_at_is_named():
    """It is refused where it is handed over, with its own words."""
    for hostile, said in ((Shy(), "do not look at me"), (Liar(), "nothing to see")):
        with pytest.raises(jk.PluginError, match=f"can't be looked at: RuntimeError: {said}"):
            manager_of(hostile)


def test_nothing_of_a_plugin_is_run_but_its_hooks():
    """Looking for hooks must not open somebody's database."""
    assert "costly" in manager_of(Costly()).lifecycles


def test_a_plugin_that_equals_everything_does_not_keep_others_out():
    """Whether a plugin is plugged in already is asked of what it is, not of what it says it is."""

    class Same:
        __hash__ = None

        def __eq__(self, other):
            return True

    manager = manager_of(Same(), plugin("Acme", lifecycles=lambda: [FINE]))

    assert [one.name for one in manager.plugins[1:]] == ["Same", "Acme"]
    assert "fine" in manager.lifecycles


# --- the command line goes on, whatever is installed


OFFERING = """
    import itertools
    from journeykit import Lifecycle, hookimpl

    @hookimpl
    def journeykit_lifecycles():
        return {offer}
"""

BROKEN = {
    "import-error": "import nothing_of_this_name",
    "leaves": "raise SystemExit(7)",
    "misspelt": "from journeykit import hookimpl\n@hookimpl\ndef journeykit_lifecycle(): return []",
    "mistaken": OFFERING.format(offer="[Lifecycle('five', ['a', 'a', 'x/y'], [('a', 'b')], {'call': 'd'})]"),
    "endless": OFFERING.format(offer="(Lifecycle(f'p{n}', 'visit') for n in itertools.count())"),
    NASTY: "raise RuntimeError('\\x1b[2J<script>')",
}


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """Install every broken plugin, and forget what was known of plugins."""
    from journeykit.plugins import default_manager

    for name, source in BROKEN.items():
        install(tmp_path, monkeypatch, name, source)
    default_manager.cache_clear()
    yield
    default_manager.cache_clear()


@pytest.mark.usefixtures("broken")
def test_no_broken_plugin_stops_the_command_line(tmp_path, capsys, monkeypatch):
    """Whoever has installed six broken plugins still gets their report; each is warned of, once."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "e.csv").write_text("c,t,w\nana,2024-01-01,page_view\n", "utf-8")
    (tmp_path / "p.yaml").write_text(
        "id: p\nstages: [visit]\ntouchpoints: [{id: page_view, stages: visit}]\n", "utf-8"
    )

    report = ["report", "e.csv", "-l", "p.yaml", "--customer", "c", "--timestamp", "t", "--touchpoint", "w"]
    for command in (["lifecycles"], ["plugins"], report):
        assert run(command) == 0, command
        said = capsys.readouterr()
        assert "\x1b" not in said.out + said.err
        assert "\u202e" not in said.out + said.err
        if command == ["lifecycles"]:
            assert said.err.count("warning: left out: ") == len(BROKEN)
            assert "b2b-seven-phase" in said.out


RULE = """
    from journeykit import StageRule, hookimpl

    @hookimpl
    def journeykit_stage_rules(lifecycle):
        return [StageRule("dear", stage=lifecycle.stage_ids[0], when=lambda events: events.valeu > 2)]
"""


def test_a_report_under_a_broken_rule_is_refused_with_the_way_out(tmp_path, capsys, monkeypatch):
    """Stages without the rule would be other stages: that is for the reader to decide, in one word."""
    from journeykit.plugins import default_manager

    install(tmp_path, monkeypatch, "ruler", RULE)
    monkeypatch.chdir(tmp_path)
    default_manager.cache_clear()
    (tmp_path / "e.csv").write_text("c,t,w\nana,2024-01-01,web_search\n", "utf-8")
    columns = ["--customer", "c", "--timestamp", "t", "--touchpoint", "w"]
    report = ["report", "e.csv", "-l", "b2b-seven-phase", *columns]

    refused = run(report), capsys.readouterr().err
    monkeypatch.setenv("JOURNEYKIT_PLUGINS", "")
    default_manager.cache_clear()
    taken = run(report), capsys.readouterr().err
    default_manager.cache_clear()

    assert (refused[0], len(refused[1].splitlines())) == (2, 1)
    assert "plugin 'ruler'" in refused[1]
    assert "JOURNEYKIT_PLUGINS can leave the plugin out" in refused[1]
    assert taken == (0, "")
