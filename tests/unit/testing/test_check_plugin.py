"""A plugin's faults are told in plain words, each where it is, and a good plugin has none."""

from __future__ import annotations

import re
from types import ModuleType

import attrs
import ibis
import pytest

import journeykit as jk
from journeykit import builtin
from journeykit.builtin.detectors import not_found
from journeykit.errors import EventLogError, UnknownNameError
from journeykit.testing import check_plugin

PLAN = jk.Lifecycle(
    "acme",
    ["visit", jk.Stage("paid", kind="goal"), jk.Stage("trouble", kind="risk"), jk.Stage("gone", kind="exit")],
    [("visit", "paid"), ("trouble", "paid")],
    {"page_view": "visit", "order": "paid", "complaint": "trouble", "cancelled": "gone"},
)


class Plugin:
    """A plugin that offers what it is given."""

    def __init__(self, **offers) -> None:
        self.offers = offers

    @jk.hookimpl
    def journeykit_lifecycles(self):
        return self.offers.get("lifecycles", [PLAN])

    @jk.hookimpl
    def journeykit_touchpoints(self, lifecycle):
        return self.offers.get("names", {}) if lifecycle == PLAN else {}

    @jk.hookimpl
    def journeykit_stage_rules(self, lifecycle):
        return self.offers.get("rules", []) if lifecycle == PLAN else []

    @jk.hookimpl
    def journeykit_readers(self):
        return self.offers.get("readers", [])

    @jk.hookimpl
    def journeykit_analyses(self):
        return self.offers.get("analyses", {})

    @jk.hookimpl
    def journeykit_gap_detectors(self):
        return self.offers.get("detectors", {})


def rule(when, *needs) -> list[jk.StageRule]:
    """Make a rule of its predicate."""
    return [jk.StageRule("porting", stage="trouble", when=when, needs=needs)]


def reader(read) -> list[jk.Reader]:
    """Make a reader of its function."""
    return [jk.Reader("calls", title="A call centre's export.", read=read)]


def refuse(tables, options):
    """Read as a reader should: what is no export is told so."""
    raise EventLogError(f"{tables[0].name}: no column 'call_id'")


def fail(*arguments, **options):
    """Do what no plugin should."""
    return 1 / 0


def found(**offers) -> list[str]:
    """Check a plugin, and write its findings down."""
    return [str(finding) for finding in check_plugin(Plugin(**offers))]


@pytest.fixture
def few_ship(monkeypatch):
    """Let one lifecycle ship instead of seven: each is simulated and observed."""
    monkeypatch.setattr(
        builtin, "journeykit_lifecycles", jk.hookimpl(lambda: [attrs.evolve(PLAN, id="ships")])
    )


def test_a_good_plugin_has_no_findings():
    """All hooks at once, each with an offer that works."""
    offers = {
        "names": {"acme_crm": jk.Names(touchpoints={"Order placed": "order"})},
        "rules": [
            jk.StageRule("by_name", stage="trouble", when=lambda events: events.touchpoint.like("c%")),
            jk.StageRule(
                "by_words",
                stage="trouble",
                when=lambda events: (events["attribute:topic"] == "porting") & (events.value > 2),
                needs=("attribute:topic", "value"),
            ),
        ],
        "readers": reader(refuse),
        "analyses": {"moves": jk.transitions, "linked": jk.overlap},
        "detectors": {"nobody": not_found},
    }

    assert found(**offers) == []


def test_what_ships_has_no_findings():
    """It is a plugin as any other; a copy of it, for the original is plugged in already."""
    copy = ModuleType("copy_of_builtin")
    for name in ("journeykit_readers", "journeykit_gap_detectors"):
        setattr(copy, name, getattr(builtin, name))

    findings = [finding for finding in check_plugin(copy) if "is offered by plugin" not in finding.sentence]
    assert findings == []


LACKING = {
    "a lifecycle that lacks something": (
        {"lifecycles": [jk.Lifecycle("acme", ["a", "b"], touchpoints={"x": "a"})]},
        [
            "journeykit_lifecycles: lifecycle 'acme': none of its stages is a goal or an exit.*",
            "journeykit_lifecycles: lifecycle 'acme', stage 'b': it has no touchpoint.*",
        ],
    ),
    "an id that is taken": (
        {"lifecycles": [attrs.evolve(PLAN, id="ships")]},
        ["journeykit_lifecycles: lifecycle 'ships' is offered by plugin 'journeykit.builtin', too."],
    ),
    "what is no lifecycle": (
        {"lifecycles": ["acme"]},
        ["journeykit_lifecycles: 'acme' is no Lifecycle."],
    ),
    "an endless generator": (
        {"detectors": iter(int, 1), "lifecycles": iter(lambda: PLAN, None)},
        [
            "journeykit_lifecycles: offers more than 1,000 items: does its generator end?.",
            "journeykit_gap_detectors: returned .*, not a mapping from names to functions.",
        ],
    ),
    "a bridge to a stage that isn't there": (
        {"lifecycles": [attrs.evolve(PLAN, bridges=[jk.Bridge("ships", stage="paid", target="vist")])]},
        ["journeykit_lifecycles: lifecycle 'acme', bridge 'paid': lifecycle 'ships' has no stage 'vist'.*"],
    ),
    "a part of a lifecycle that isn't there": (
        {
            "lifecycles": [
                attrs.evolve(PLAN, stages=[jk.Stage("visit", part_of="shisp/visit"), *PLAN.stages[1:]])
            ]
        },
        [
            "journeykit_lifecycles: lifecycle 'acme', stage 'visit', part_of: there is no.*'ships'.",
        ],
    ),
    "names that mean nothing": (
        {"names": {"crm": jk.Names(touchpoints={"Order": "ordre"})}},
        ["journeykit_touchpoints: .*no touchpoint named 'ordre'. Did you mean 'order'.*"],
    ),
    "names that mean something else": (
        {"names": {"crm": jk.Names(touchpoints={"Page view": "order"})}},
        ["journeykit_touchpoints: names of 'crm', lifecycle 'acme': touchpoint name 'Page view': it means.*"],
    ),
    "a rule that raises": (
        {"rules": rule(fail)},
        [
            "journeykit_stage_rules: rule 'porting', lifecycle 'acme': .*no further columns: .*by zero.",
        ],
    ),
    "a rule whose needs are not named": (
        {"rules": rule(lambda events: events.channel == "phone")},
        [".*no column named 'channel'.* Name every column that it uses in `needs`."],
    ),
    "a rule that needs what no log has": (
        {"rules": rule(lambda events: events.value > 1, "valeu")},
        [".*it needs what no log has and is never used: no column named 'valeu'. Did you mean 'value'.*"],
    ),
    "a rule that is no truth": (
        {"rules": rule(lambda events: events.value + 1, "value")},
        [".*only the columns that it needs .value.: .*no Ibis truth value."],
    ),
    "a rule for a stage there isn't": (
        {"rules": [jk.StageRule("porting", stage="truble", when=lambda events: events.value > 1)]},
        ["journeykit_stage_rules: no stage named 'truble'.*'trouble'.*"],
    ),
    "a reader that stumbles": (
        {"readers": reader(lambda tables, _: tables[0].table.call_id)},
        ["journeykit_readers: reader 'calls': it fails at a table that is no export: .*AttributeError.*"],
    ),
    "a reader that takes anything": (
        {
            "readers": reader(
                lambda tables, _: jk.Reading(
                    events=tables[0].table.mutate(at=ibis.literal("2024-01-01")),
                    columns=dict.fromkeys(("customer", "touchpoint"), "nonsense") | {"timestamp": "at"},
                )
            )
        },
        ["journeykit_readers: reader 'calls': it takes a table that is no export for one.*"],
    ),
    "an analysis that raises": (
        {"analyses": {"repeats": fail}},
        ["journeykit_analyses: analysis 'repeats', lifecycles 'acme', 'ships': .*ZeroDivisionError.*"],
    ),
    "an analysis that answers with rows": (
        {"analyses": {"repeats": lambda _: []}},
        ["journeykit_analyses: analysis 'repeats', lifecycles 'acme', .*which is no Result."],
    ),
    "a detector that raises": (
        {"detectors": {"calls": fail}},
        ["journeykit_gap_detectors: gap detector 'calls', lifecycles 'acme', .*ZeroDivisionError.*"],
    ),
    "a detector that finds no findings": (
        {"detectors": {"calls": lambda *_: ["too few"]}},
        ["journeykit_gap_detectors: gap detector 'calls', .*'too few' is no GapFinding."],
    ),
}


@pytest.mark.usefixtures("few_ship")
@pytest.mark.parametrize("case", LACKING)
def test_each_fault_is_told(case):
    """What is wrong, in which offer, and how to mend it, in one line."""
    offers, expected = LACKING[case]

    findings = found(**offers)

    assert len(findings) == len(expected), findings
    for finding, pattern in zip(findings, expected, strict=True):
        assert re.fullmatch(pattern, finding), finding
        assert finding.endswith((".", "?"))


@pytest.mark.usefixtures("few_ship")
def test_a_rule_may_need_the_time():
    """Every log has it, under a name that is no parameter of `events`."""
    assert found(rules=rule(lambda events: events.time_us > 0, "time_us")) == []


def test_an_analysis_may_refuse():
    """A question of one industry need not answer for another; an error of journeykit says why not."""

    def repeats(journey):
        raise UnknownNameError("touchpoint", "call", journey.lifecycle.touchpoint_ids)

    assert found(analyses={"repeats": repeats}) == []


@pytest.mark.usefixtures("few_ship")
def test_what_breaks_on_a_lifecycles_way_is_told(monkeypatch):
    """A lifecycle that is made may still be the first of its kind for the codec, the engine or a question."""
    other = attrs.evolve(PLAN, idle="1 day")
    monkeypatch.setattr(jk.Lifecycle, "to_yaml", lambda _: "id: a")
    monkeypatch.setattr(jk.Lifecycle, "to_json", lambda _, write=jk.Lifecycle.to_json: write(other))
    monkeypatch.setattr(jk, "transitions", fail)

    assert [finding.sentence for finding in check_plugin(Plugin())] == [
        "writing it as YAML and reading it back fails: lifecycle 'a' has 1 problem: line 1: has no 'stages'.",
        "it is not the same after it is written as JSON and read back.",
        "asking transitions of simulated customers fails: ZeroDivisionError: division by zero.",
    ]


@pytest.mark.usefixtures("few_ship")
def test_a_lifecycle_that_is_not_here_may_be_installed_later():
    """A bridge into another package's lifecycle is no mistake, nor is one to a stage that is there."""
    bridges = [jk.Bridge("an-insurer", stage="paid"), jk.Bridge("ships", stage="paid", target="visit")]

    assert found(lifecycles=[attrs.evolve(PLAN, bridges=bridges)]) == []


def test_a_misspelt_hook_is_told():
    """It would never be called."""

    class Misspelt:
        @jk.hookimpl
        def journeykit_lifecycle(self):
            return [PLAN]

    [finding] = check_plugin(Misspelt())

    assert (finding.hook, finding.place) == ("journeykit_lifecycle", "")
    assert finding.sentence.startswith(
        "it can't be plugged in: no hook named 'journeykit_lifecycle'. Did you mean"
    )


def test_a_plugin_without_hooks_is_told():
    """Most likely the entry point names the wrong module."""
    [finding] = check_plugin(ModuleType("acme"))

    assert finding.sentence.startswith("it implements no hook. There are journeykit_lifecycles, ")


def test_an_entry_point_that_is_not_installed_is_an_error():
    """A typo in a test must not pass it."""
    with pytest.raises(UnknownNameError, match="no installed plugin named 'bankng' in this environment"):
        check_plugin("bankng")


def test_an_entry_point_is_found_by_its_name(installed):
    """As the test that `journeykit new-plugin` writes asks for it."""
    installed(
        "acme", "from journeykit import hookimpl\n\n@hookimpl\ndef journeykit_lifecycles():\n    return [3]\n"
    )

    assert [str(finding) for finding in check_plugin("acme")] == ["journeykit_lifecycles: 3 is no Lifecycle."]


def test_an_entry_point_that_can_not_be_loaded_is_told(installed):
    """The package is installed and broken: that is what its author wants to read."""
    installed("acme", "import nowhere_to_be_found\n")

    [finding] = check_plugin("acme")
    assert finding.sentence == (
        "it can't be plugged in: its entry point can't be loaded: "
        "ModuleNotFoundError: No module named 'nowhere_to_be_found'."
    )


@pytest.mark.usefixtures("few_ship")
def test_nothing_is_warned_of(recwarn):
    """Simulated logs have rows to set aside; a suite that fails on warnings would fail on ours."""
    found(rules=rule(lambda events: events.touchpoint == "x"), analyses={"moves": jk.transitions})

    assert list(recwarn) == []


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install a module as a plugin, as far as Python can tell."""

    def install(name, code):
        module = f"journeykit_{name}_{tmp_path.name.replace('-', '_')}"
        (tmp_path / f"{module}.py").write_text(code, "utf-8")
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[journeykit]\n{name} = {module}\n", "utf-8")
        monkeypatch.syspath_prepend(tmp_path)

    return install
