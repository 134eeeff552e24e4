"""Laws that every journey's answers keep, whatever the log: what no definition may break, nor any engine."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings

import journeykit as jk
from journeykit.testing import oracle
from journeykit.testing import strategies as jst
from tests.property.engine import observed
from tests.property.test_oracle import check_same, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from journeykit.testing.cases import JourneyInput, Row

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

some = settings(max_examples=max(2, settings.default.max_examples // 6))
"""Each example is counted by an engine, often twice."""

OUTCOMES = ("moved", "exited", "achieved", "departed", "dropped", "open")
COUNTS = ("customers", "visits", *OUTCOMES, "lost", "reached_goal", "returned_after_idle")
FIRST_YEAR, LAST_YEAR = 1900, 2200


def drawn_journeys(*, most: int = 40) -> SearchStrategy[JourneyInput]:
    """Draw what has at least one event by `as_of`."""
    return jst.journeys_input(most=most).filter(lambda drawn: bool(oracle.counts(drawn.observed())["events"]))


def answers(journey: jk.Journey, by: str | None) -> dict[str, list[dict[str, Any]]]:
    """Ask every question."""
    found = jk.gaps(journey, by=by)
    return {
        "transitions": rows(jk.transitions(journey, by=by)),
        "drop_offs": rows(jk.drop_offs(journey, by=by)),
        "last_touchpoints": rows(jk.last_touchpoints(journey, by=by)),
        "gaps": rows(found),
        "unmapped": [
            {"touchpoint": one.touchpoint, "events": one.events, "customers": one.customers}
            for one in found.unmapped
        ],
        "edges": [
            {"source": source, "target": target, "moves": edge["moves"], "median_days": edge["median_days"]}
            for source, target, edge in journey.graph().edges(data=True)
            if edge["kind"] == "next"
        ],
    }


def check_same_answers(one: JourneyInput, other: JourneyInput, *questions: str) -> None:
    """Observe both, and compare the answers: all of them, or those named."""
    with observed(one) as first, observed(other) as second:
        ours, theirs = answers(first, one.by), answers(second, other.by)
    for question in questions or ours:
        check_same(ours[question], theirs[question])


def changed(drawn: JourneyInput, change: Callable[[Row], Row], **settings: Any) -> JourneyInput:
    """Change every event."""
    return replace(drawn, events=tuple(change(row) for row in drawn.events), **settings)


def without_ids(drawn: JourneyInput) -> JourneyInput:
    """Forget the event ids: which of two rows with one id stays depends on how everything is spelled."""
    columns = tuple(name for name in drawn.columns if name != "event_id")
    return replace(drawn, columns=columns, events=tuple({n: row[n] for n in columns} for row in drawn.events))


def usable(row: Row) -> bool:
    """Tell whether a row is an event."""
    moment = row["timestamp"]
    known = isinstance(moment, datetime) and FIRST_YEAR <= moment.year <= LAST_YEAR
    return bool(row["customer"]) and known and bool(row.get("touchpoint") or row.get("stage"))


# --- one journey


@some
@given(drawn_journeys())
def test_every_visit_has_exactly_one_outcome_and_one_beginning(drawn):
    """visits = outcomes = moves in + started, in every stage of every group: nobody appears or vanishes."""
    with observed(drawn) as journey:
        drops = jk.drop_offs(journey, by=drawn.by)
        moves_in: Counter[Any] = Counter()
        for row in jk.transitions(journey, by=drawn.by):
            moves_in[row.group, row.target] += row.moves
        counts = journey.counts

    for row in drops:
        assert row.visits == sum(getattr(row, name) for name in OUTCOMES)
        assert (row.lost, row.customers <= row.visits) == (row.exited + row.dropped, True)
        assert 0 <= row.visits - moves_in[row.group, row.stage] <= row.customers
    started = sum(row.visits for row in drops) - sum(moves_in.values())
    ended = sum(row.achieved + row.departed + row.dropped + row.open for row in drops)
    assert (started, ended, sum(row.visits for row in drops)) == (
        counts.customers - counts.unplaced, counts.customers - counts.unplaced, counts.visits,
    )  # fmt: skip


@some
@given(drawn_journeys())
def test_groups_sum_to_the_total_of_what_is_counted(drawn):
    """A report by segment tells of the same customers as one without."""
    assume(drawn.by is not None)
    with observed(drawn) as journey:
        total, split = answers(journey, None), answers(journey, drawn.by)

    def summed(
        found: list[dict[str, Any]], keys: tuple[str, ...], names: tuple[str, ...]
    ) -> dict[Any, Counter[str]]:
        sums: dict[Any, Counter[str]] = {}
        for row in found:
            cell = sums.setdefault(tuple(row[key] for key in keys), Counter())
            cell.update({name: row[name] or 0 for name in names})
        return {key: +cell for key, cell in sums.items() if +cell}

    for question, keys, names in (
        ("drop_offs", ("stage",), (*COUNTS, "not_taken")),
        ("transitions", ("source", "target", "kind", "declared"), ("moves", "customers")),
        ("last_touchpoints", ("stage", "touchpoint", "declared"), ("dropped", "exited", "lost", "customers")),
        ("gaps", ("stage", "touchpoint", "expected"), ("customers",)),
    ):
        assert summed(split[question], keys, names) == summed(total[question], keys, names)


@some
@given(drawn_journeys())
def test_shares_lie_in_their_intervals_and_sum_with_what_is_undetermined_to_1(drawn):
    """A visit moves to one of the stages, is lost, or is undetermined; an exit from elsewhere is both of the
    first.
    """
    with observed(drawn) as journey:
        drops, moves = jk.drop_offs(journey, by=drawn.by), jk.transitions(journey, by=drawn.by)
        last = jk.last_touchpoints(journey, by=drawn.by)
    kinds = {stage.id: stage.kind for stage in drawn.lifecycle.stages}

    for row in drops:
        here = [move for move in moves if (move.group, move.source) == (row.group, row.stage)]
        if row.share_lost is None:
            assert (row.undetermined, {move.share for move in here} <= {None}) == (1.0, True)
            continue
        kept = sum(move.share for move in here if kinds[move.target] != "exit" or kinds[row.stage] == "exit")
        assert kept + row.share_lost + row.undetermined == pytest.approx(1)
        if not row.achieved + row.departed + row.open:
            assert row.share_lost == pytest.approx(row.lost / row.visits)
            assert [move.share for move in here] == [pytest.approx(move.moves / row.visits) for move in here]
    for share, low, high in [
        *((row.share_lost, row.share_low, row.share_high) for row in drops),
        *((row.share, row.share_low, row.share_high) for row in [*moves, *last]),
    ]:
        assert share is low is high is None or -1e-12 <= low <= share + 1e-12 <= high + 2e-12 <= 1 + 3e-12
    for cell in {(row.group, row.stage) for row in last}:
        assert sum(row.share for row in last if (row.group, row.stage) == cell) == pytest.approx(1)


@some
@given(drawn_journeys())
def test_the_graph_holds_every_event_once_and_the_numbers_of_the_tables(drawn):
    """A picture that disagrees with its table is worse than none."""
    with observed(drawn) as journey:
        graph, counts = journey.graph(), journey.counts
        drops, moves = jk.drop_offs(journey), jk.transitions(journey)

    nodes = {node: data for node, data in graph.nodes(data=True) if data["kind"] == "touchpoint"}
    named = sum(data["events"] for data in nodes.values())
    pairs = sum(data["moves"] for *_, data in graph.edges(data=True) if data["kind"] == "next")
    assert (named <= counts.events, pairs <= counts.events - counts.customers) == (True, True)
    if "touchpoint" in drawn.columns and all(row["touchpoint"] for row in drawn.events):
        assert (named, pairs) == (counts.events, counts.events - counts.customers)
    seen = {row.stage: [row.customers, row.visits, row.lost, row.open] for row in drops}
    for stage in drawn.lifecycle.stage_ids:
        told = graph.nodes[stage]
        assert [told[name] for name in ("customers", "visits", "lost", "open")] == seen.get(
            stage, [0, 0, 0, 0]
        )
    assert {
        (source, target): (data["moves"], data["median_days"])
        for source, target, data in graph.edges(data=True)
        if data["kind"] == "transition"
    } == {(row.source, row.target): (row.moves, row.median_days) for row in moves if row.moves}


# --- two journeys that must be alike


@some
@given(drawn_journeys())
def test_what_customers_are_called_changes_nothing(drawn):
    """Ids are names, not numbers to sort by: pseudonyms give the same answers."""
    drawn = without_ids(drawn)

    def renamed(row: Row) -> Row:
        return row | {
            "customer": row["customer"]
            and f"pseudonym {sum(map(ord, row['customer'])) % 7}/{row['customer'][::-1]}"
        }

    customers = drawn.customers and tuple(renamed(row) for row in drawn.customers)

    check_same_answers(drawn, changed(drawn, renamed, customers=customers))


@some
@given(drawn_journeys())
def test_what_the_crm_calls_touchpoints_and_stages_changes_nothing(drawn):
    """Results speak the lifecycle's words: mapped names are counted as the lifecycle's own."""
    drawn, plan = without_ids(drawn), drawn.lifecycle
    touchpoints = {
        f"the CRM's {name}": [f"{stage}/{touchpoint}" for stage in stages]
        for name, (touchpoint, stages) in plan.touchpoint_names.items()
    }
    stages = {f"the CRM's {name}": stage for name, stage in plan.stage_names.items()}
    known = {"touchpoint": plan.touchpoint_names, "stage": plan.stage_names}

    def renamed(row: Row) -> Row:
        return row | {
            column: f"the CRM's {row[column]}" for column, names in known.items() if row.get(column) in names
        }

    mapped = plan.map(touchpoints=touchpoints, stages=stages)
    customers = drawn.customers and tuple(
        row | {"target_stage": row["target_stage"] and f"the CRM's {row['target_stage']}"}
        for row in drawn.customers
    )

    check_same_answers(drawn, changed(drawn, renamed, lifecycle=mapped, customers=customers))


@some
@given(drawn_journeys())
def test_when_it_all_happened_changes_nothing(drawn):
    """The same history a leap year and some hours later: the clock runs from each visit's own beginning."""
    later = timedelta(days=366, hours=7, microseconds=1)

    def moved(row: Row) -> Row:
        moment = row["timestamp"]
        within = moment is not None and FIRST_YEAR <= moment.year <= LAST_YEAR
        return row | {"timestamp": moment + later} if within else row

    check_same_answers(drawn, changed(drawn, moved, as_of=drawn.as_of and drawn.as_of + later))


@some
@given(drawn_journeys(most=30))
def test_two_of_each_customer_double_every_count_and_no_median(drawn):
    """Twice the business is twice the numbers, and the same shares of them."""

    def twin(row: Row) -> Row:
        named = {
            name: row[name] and f"twin of {row[name]}" for name in ("customer", "event_id") if name in row
        }
        return row | named

    customers = drawn.customers and (*drawn.customers, *(twin(row) for row in drawn.customers))
    doubled = replace(
        drawn, events=(*drawn.events, *(twin(row) for row in drawn.events)), customers=customers
    )

    with observed(drawn) as one, observed(doubled) as two:
        single, double = answers(one, drawn.by), answers(two, drawn.by)

    counts = {"moves", "events", "not_taken", *COUNTS}
    # Shares of censored visits are read at another day where twice as many are at risk, and the 90th
    # percentile of twice as many lies elsewhere between two of them.
    unlike = {"share", "share_lost", "share_low", "share_high", "undetermined", "p90_days"}

    def times(factor: int, found: list[dict[str, Any]], left_out: set[str]) -> list[dict[str, Any]]:
        return [
            {name: cell * factor if name in counts and cell else cell for name, cell in row.items()}
            for row in ({name: row[name] for name in row if name not in left_out} for row in found)
        ]

    for question, found in single.items():
        left_out = {"share_low", "share_high"} if question == "last_touchpoints" else unlike
        ours, theirs = times(2, found, left_out), times(1, double[question], left_out)
        if question == "drop_offs":  # sorted by the share that is left out
            ours, theirs = (
                sorted(rows, key=lambda row: str((row["group"], row["stage"]))) for rows in (ours, theirs)
            )
        check_same(ours, theirs)


@some
@given(drawn_journeys())
def test_what_comes_after_as_of_changes_nothing(drawn):
    """An answer of last month can be had again this month."""
    assume(drawn.as_of is not None)

    early = tuple(row for row in drawn.events if row["timestamp"] is None or row["timestamp"] <= drawn.as_of)

    check_same_answers(drawn, replace(drawn, events=early))


@some
@given(drawn_journeys())
def test_what_nobody_knows_at_a_moment_when_somebody_was_there_moves_nobody(drawn):
    """Noise in the log is a sign of life and nothing else: no stay is torn apart, ended or begun by it."""
    drawn = without_ids(drawn)
    column = "touchpoint" if "touchpoint" in drawn.columns else "stage"
    noise = tuple(
        {"customer": row["customer"], "timestamp": row["timestamp"], column: "noise"}
        for row in drawn.events
        if usable(row)
    )

    check_same_answers(drawn, replace(drawn, events=(*drawn.events, *noise)), "transitions", "drop_offs")


@some
@given(drawn_journeys())
def test_more_patience_loses_nobody_and_moves_nobody(drawn):
    """Waiting longer turns dropped into open, and shorter silences into none; it changes nothing that
    happened.
    """
    idle = drawn.idle or drawn.lifecycle.idle
    with observed(drawn) as one, observed(replace(drawn, idle=idle + timedelta(days=2))) as two:
        soon, later = jk.drop_offs(one, by=drawn.by), jk.drop_offs(two, by=drawn.by)

    patient = {(row.group, row.stage): row for row in later}
    assert len(patient) == len(soon)
    for row in soon:
        other = patient[row.group, row.stage]
        same = ("customers", "visits", "moved", "exited", "achieved", "departed", "reached_goal")
        assert [getattr(row, name) for name in same] == [getattr(other, name) for name in same]
        assert row.dropped + row.open == other.dropped + other.open
        assert (row.dropped >= other.dropped, row.returned_after_idle >= other.returned_after_idle) == (
            True,
            True,
        )
