"""Stage rules tell the same stages in the engine as in plain Python, whatever the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import journeykit as jk
from journeykit.testing import oracle
from journeykit.testing import strategies as jst
from journeykit.testing.cases import JourneyInput, event, trial_lifecycle
from tests.property.engine import observed
from tests.property.test_oracle import compare_answers, rows

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

some = settings(max_examples=max(2, settings.default.max_examples // 3))

CELLS: dict[str, tuple[object, ...]] = {
    "touchpoint": ("walk", "call", "CRM 1", "zz_unknown", "<script>", "demo"),
    "channel": ("web", "phone", "NA"),
    "agent": ("kim", "bo"),
    "value": (0.0, 2.5, 10.0),
    "attribute:region": ("north", "Süd"),
}
"""What a rule may look at."""


@dataclass(frozen=True)
class TwoFaced:
    """A stage rule written twice: for the engine, and for the oracle."""

    stage: str
    column: str
    cells: tuple[object, ...]
    denied: bool = False

    def holds(self, row: dict[str, Any]) -> bool:
        """Say it in plain Python; of a cell that is missing nothing holds."""
        cell = row[self.column]
        return cell is not None and (cell in self.cells) != self.denied

    def rule(self, name: str) -> jk.StageRule:
        """Say it in Ibis; of a null nothing is known, and that does not hold."""

        def when(events: Any) -> Any:
            column = events[self.column]
            return column.notin(self.cells) if self.denied else column.isin(self.cells)

        return jk.StageRule(name, stage=self.stage, when=when)


@st.composite
def ruled_inputs(draw: DrawFn) -> tuple[JourneyInput, list[TwoFaced]]:
    """Draw a journey's input, and rules over the columns that it has."""
    drawn = draw(jst.journeys_input(most=40).filter(lambda one: set(one.columns) & set(CELLS)))
    columns = st.sampled_from([name for name in CELLS if name in drawn.columns])
    rules = []
    for _ in range(draw(st.integers(1, 3))):
        column, stage = draw(columns), draw(st.sampled_from(drawn.lifecycle.stage_ids))
        cells = draw(st.lists(st.sampled_from(CELLS[column]), min_size=1, max_size=2, unique=True))
        rules.append(TwoFaced(stage, column, tuple(cells), draw(st.booleans())))
    assume(oracle.counts(brute(drawn, rules))["events"])
    return drawn, rules


def brute(drawn: JourneyInput, rules: list[TwoFaced]) -> oracle.Observed:
    """Observe by brute force."""
    return oracle.observe(
        drawn.events,
        drawn.lifecycle,
        as_of=drawn.as_of,
        idle=drawn.idle,
        customers=drawn.customers,
        by=drawn.by,
        columns=drawn.columns,
        rules=[(rule.stage, rule.holds) for rule in rules],
    )


def compare(drawn: JourneyInput, rules: list[TwoFaced]) -> None:
    """Ask both every question."""
    theirs = brute(drawn, rules)
    named = [rule.rule(f"rule {number}") for number, rule in enumerate(rules)]
    with observed(drawn, rules=named) as journey:
        assert journey.rules == tuple(rule.id for rule in named)
        compare_answers(journey, theirs)


@some
@given(ruled_inputs())
def test_drawn_rules_give_what_the_oracle_gives(drawn):
    """Ties, shared touchpoints, an unknown stage in the column: a rule enters as if the column said it."""
    compare(*drawn)


@pytest.mark.slow
@settings(max_examples=max(2, settings.default.max_examples // 3))
@given(ruled_inputs())
def test_many_drawn_rules_give_what_the_oracle_gives(drawn):
    """The same, drawn anew each time."""
    compare(*drawn)


@some
@given(ruled_inputs())
def test_a_rule_tells_what_a_stage_column_would(drawn):
    """The definition itself: write the rules' stages into the column, and every answer stays."""
    given_input, rules = drawn
    told = [{**row, "stage": row.get("stage") or first_stage(row, rules)} for row in given_input.events]
    columns = tuple(dict.fromkeys((*given_input.columns, "stage")))
    by = given_input.by
    filled = JourneyInput(
        "filled", given_input.lifecycle, tuple(told), columns, given_input.as_of, given_input.idle,
        given_input.customers, by,
    )  # fmt: skip
    # Which of two rows with one id stays depends on how everything is spelled.
    assume("event_id" not in columns)
    # A row without touchpoint and stage is no event, until something writes a stage there.
    assume(all(row.get("touchpoint") or row.get("stage") for row in given_input.events))
    named = [rule.rule(f"rule {number}") for number, rule in enumerate(rules)]
    with observed(given_input, rules=named) as one, observed(filled) as other:
        for question in (jk.transitions, jk.drop_offs, jk.last_touchpoints):
            assert rows(question(one, by=by)) == rows(question(other, by=by))


def first_stage(row: dict[str, Any], rules: list[TwoFaced]) -> str | None:
    """Tell the stage by the first rule that holds."""
    cells = {name: None if cell == "" else cell for name, cell in row.items()}
    return next((rule.stage for rule in rules if rule.holds(cells)), None)


SALES = TwoFaced("paid", "channel", ("sales",))
NOT_SALES = TwoFaced("lapsed", "channel", ("sales",), denied=True)

FIXED = {
    "the stage column comes first, a rule second, the touchpoint last": (
        [SALES],
        event("ana", 0, "page_view", channel="sales", stage=None),
        event("ana", 1, "page_view", channel="sales", stage="trial"),
        event("ana", 2, "page_view", channel="sales", stage="nowhere"),
        event("ana", 3, "page_view", channel="sales", stage=""),
        event("ana", 4, "page_view", channel=None, stage=None),
    ),
    "what a rule told resolves a shared touchpoint later on": (
        [SALES],
        event("ana", 0, "zz_unknown", channel="sales"),
        event("ana", 1, "support_call", channel=None),
        event("ben", 0, "support_call", channel="sales"),
        event("ben", 1, "newsletter", channel=""),
    ),
    "a rule tells a stage that none of those is which share the touchpoint": (
        [TwoFaced("lapsed", "channel", ("sales",))],
        event("ana", 0, "first_login", channel="web"),
        event("ana", 1, "support_call", channel="sales"),
        event("ana", 2, "support_call", channel="web"),
    ),
    "a tie that only a rule breaks": (
        [SALES],
        event("ana", 0, "support_call", channel="web"),
        event("ana", 0, "support_call", channel="sales"),
        event("ana", 0, "first_login", channel=None),
    ),
    "the first of two rules that hold counts, and a null holds nowhere": (
        [NOT_SALES, TwoFaced("trial", "touchpoint", ("page_view",)), SALES],
        event("ana", 0, "page_view", channel="web"),
        event("ana", 1, "page_view", channel="sales"),
        event("ana", 2, "page_view", channel=None),
        event("ana", 3, "cancelled", channel="sales"),
        event("NA", 3, "zz_unknown", channel=None),
    ),
    "an event without a touchpoint has no other stage, and is an entry where every event is": (
        [TwoFaced("paid", "value", (2.5,)), TwoFaced("visit", "value", (0.0,))],
        event("ana", 0, "page_view", value=2.5),
        event("ana", 1, "invoice_paid", value=0.0),
        event("ana", 2, "invoice_paid", value=2.5),
        event("ana", 3, "zz_unknown", value=2.5),
        event("ana", 4, "zz_unknown", value=0.0),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FIXED)
def test_fixed_hard_cases_give_what_the_oracle_gives(name):
    """Each is a clause of the definition that a careless expression would miss."""
    rules, *events = FIXED[name]
    columns = tuple(dict.fromkeys(column for row in events for column in row))

    compare(JourneyInput(name, trial_lifecycle(), tuple(events), columns), rules)
