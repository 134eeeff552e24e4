"""Hold the answer of a gap analysis: its rows, and what stands beside them.

May import: result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from journeykit.result import Definition, Result

if TYPE_CHECKING:
    from collections.abc import Iterable

Match = Literal["matched", "missing", "unmatched"]
Investment = Literal["over_invested", "under_invested", "even"]
Action = Literal["start", "drop", "decrease", "increase", "keep"]


@attrs.frozen(kw_only=True)
class Gap:
    """One touchpoint of a stage, from the customers' side and from the company's.

    Attributes:
        stage: The stage.
        touchpoint: The touchpoint.
        expected: Whether the plan expects customers to use it.
        customers: Customers who used it in this stage; None on paper.
        reach: Their share of the stage's customers, 0 to 1; None on paper and where nobody visited the stage.
        importance_share: Its share of the reach (on paper: of the weight) of all that customers do in the
            stage, 0 to 1.
        effort: What the company puts in, in the activities' own unit; None where it is not known.
        effort_share: Its share of the effort on the stage's matched touchpoints, 0 to 1.
        match: matched (both sides), missing (customers only), unmatched (company only); None without
            activities.
        investment: over_invested, under_invested or even; None where a share is not known.
        action: start, drop, decrease, increase or keep; None without activities or visits.
        rank: 1 for the gap that weighs most.
        consequence: What it means, as a sentence.
        group: The value of `by`.
    """

    stage: str
    touchpoint: str
    expected: bool
    customers: int | None
    reach: float | None
    importance_share: float | None
    effort: float | None
    effort_share: float | None
    match: Match | None
    investment: Investment | None
    action: Action | None
    rank: int
    consequence: str
    group: object = None


@attrs.frozen(kw_only=True)
class StagePresence:
    """How well the two sides of a stage match.

    Attributes:
        stage: The stage; None for all stages together.
        match_score: Touchpoints on both sides, of those on either, 0 to 1; None where there are none.
        presence: Touchpoints on both sides, of those on the customers' side, 0 to 1; None where there are
            none.
        group: The value of `by`.
    """

    stage: str | None
    match_score: float | None
    presence: float | None
    group: object = None


@attrs.frozen(kw_only=True)
class UnmappedTouchpoint:
    """A touchpoint whose events belong to no stage.

    Attributes:
        touchpoint: Its name in the log.
        events: How many events.
        customers: Of how many customers.
    """

    touchpoint: str
    events: int
    customers: int


@attrs.frozen(kw_only=True)
class GapFinding:
    """What a gap detector found in the counts of a gap analysis.

    Attributes:
        stage: The stage it is about.
        finding: What was found, as a sentence for people.
        touchpoint: The touchpoint it is about; None where it is about the whole stage.
        customers: The customers whom it concerns; None where they are not known.
        share: Their share of the stage's customers, 0 to 1; None where it is not known.
        action: What to do, as a sentence for people; None where nothing follows.
        group: The value of `by`; a detector takes it from the rows that it finds something in.
        detector: The detector's name; `gaps` fills it in.
    """

    stage: str
    finding: str
    touchpoint: str | None = None
    customers: int | None = None
    share: float | None = None
    action: str | None = None
    group: object = None
    detector: str = ""


class Gaps(Result[Gap]):
    """The rows of a gap analysis, with what stands beside them.

    Attributes:
        stages: One row a stage, then one for all together (stage None), in each group.
        unmapped: The touchpoints that belong to no stage, of all groups together, most events first.
        unseen: The stages that nobody visited.
        findings: What the gap detectors found: by group, stage, touchpoint and detector.
    """

    __slots__ = ("findings", "stages", "unmapped", "unseen")

    stages: tuple[StagePresence, ...]
    unmapped: tuple[UnmappedTouchpoint, ...]
    unseen: tuple[str, ...]
    findings: tuple[GapFinding, ...]

    def __init__(
        self,
        rows: Iterable[Gap],
        definition: Definition,
        *,
        stages: Iterable[StagePresence],
        unmapped: Iterable[UnmappedTouchpoint] = (),
        unseen: Iterable[str] = (),
        findings: Iterable[GapFinding] = (),
    ) -> None:
        super().__init__(rows, definition, row_type=Gap)
        beside = {"stages": stages, "unmapped": unmapped, "unseen": unseen, "findings": findings}
        self._set(**{name: tuple(rows) for name, rows in beside.items()})

    def _parts(self) -> tuple[object, ...]:
        return *super()._parts(), self.stages, self.unmapped, self.unseen, self.findings

    def with_findings(self, findings: Iterable[GapFinding]) -> Gaps:
        """Return the same answer with these findings."""
        return Gaps(
            self, self.definition, stages=self.stages, unmapped=self.unmapped, unseen=self.unseen,
            findings=findings,
        )  # fmt: skip

    @property
    def match_score(self) -> float | None:
        """The match score of all stages together; None with `by=`: look in `stages`."""
        overall = self._overall()
        return overall.match_score if overall else None

    @property
    def presence(self) -> float | None:
        """The presence of all stages together; None with `by=`: look in `stages`."""
        overall = self._overall()
        return overall.presence if overall else None

    def _overall(self) -> StagePresence | None:
        return None if self.definition.by else next(row for row in self.stages if row.stage is None)
