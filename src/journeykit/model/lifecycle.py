"""A lifecycle: the plan of a customer's journey, as one value.

It loops, branches and skips as it likes, may have several starts and ends, and
answers questions about itself: ranks, kinds of moves, what a name in the data means.
It knows nothing of events.  The codec, the graph and ``networkx`` are imported on use.

May import: the rest of model, errors; graph.planned on use.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

from journeykit.model.activity import Activity
from journeykit.model.assemble import as_stages, as_touchpoints, as_transitions
from journeykit.model.bridge import Bridge
from journeykit.model.by_id import ById, Part
from journeykit.model.convert import as_duration, as_names, as_text, as_tuple
from journeykit.model.labels import label_of
from journeykit.model.mapping import mapped, touchpoint_meanings
from journeykit.model.moves import Moves
from journeykit.model.moving import Moving
from journeykit.model.names import Names
from journeykit.model.persona import Persona
from journeykit.model.question import Question
from journeykit.model.rules import check
from journeykit.model.scope import Scope
from journeykit.model.stage import Perspective, Stage
from journeykit.model.text import NO_TEXT, Language, Text
from journeykit.model.touchpoint import Touchpoint
from journeykit.model.transition import Transition
from journeykit.model.vocabulary import Vocabulary

if TYPE_CHECKING:
    import networkx as nx


@attrs.frozen(repr=False, cache_hash=True)
class Lifecycle(Moving):
    """The plan of a customer's journey: its stages, moves and touchpoints.

    Attributes:
        id: Its id; kebab-case by custom, such as "b2b-seven-phase".
        variant_of: Ids of the lifecycles that it is a variant of, the one it extends first; a file
            says `extends` instead.
        title: What people call it.
        description: What it is.
        perspective: Whose eyes it is seen with: "customer" or "company".
        scope: Where it begins and ends.
        industry: The industry it is made for.
        sales_cycle: The sales cycle it is made for.
        offering: The product or service it is made for.
        owner: Who answers for it.
        language: The language its words were first written in: "en", "da", "sv" or "nb".
        sources: Where it comes from, such as mission ids ("S1-09").
        idle: How long a customer is silent before they have dropped off; longer than 0.
            Text such as "90 days" is read.
        stages: Its stages, at least one; an id alone makes a stage of kind "progress".
        transitions: The moves it declares; a pair, source then target, makes one.
            Risk and exit stages are reachable from anywhere without.
        touchpoints: Its touchpoints.  In Python a mapping makes them, too: from ids to a stage's
            id, to several, or to the touchpoint.
        activities: What the company does.
        questions: Standing questions about the whole.
        vocabularies: Words that it declares, such as the triggers of risk.
        personas: Kinds of customers, each with the path expected of them.
        bridges: Where its customers begin another lifecycle.
        names: A CRM's own names for its stages and touchpoints; see `map`.

    Raises:
        LifecycleError: It breaks rules; every broken one is listed with its place.

    Source: S1-03, S1-09, S2-02, S2-05, S2-06, S2-12, S2-15, S2-22, S3-19, S4-08, S4-20 (mission page).

    Example:
        >>> trial = Lifecycle(
        ...     "acme-trial",
        ...     stages=["visit", "trial", Stage("paid", kind="goal"), Stage("lapsed", kind="exit")],
        ...     transitions=[("visit", "trial"), ("trial", "paid"), ("lapsed", "trial")],
        ...     touchpoints={"page_view": "visit", "first_login": "trial", "support_call": ["trial", "paid"]},
        ... )
        >>> trial.transition_kind("lapsed", "trial")
        're_entry'
    """

    id: str
    variant_of: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)
    title: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    description: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    perspective: Perspective = attrs.field(default="customer", kw_only=True)
    scope: Scope = attrs.field(default=Scope(), kw_only=True)
    industry: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    sales_cycle: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    offering: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    owner: str | None = attrs.field(default=None, kw_only=True)
    language: Language = attrs.field(default="en", kw_only=True)
    sources: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)
    idle: timedelta = attrs.field(default=timedelta(days=30), converter=as_duration, kw_only=True)
    stages: tuple[Stage, ...] = attrs.field(converter=as_stages)
    transitions: tuple[Transition, ...] = attrs.field(default=(), converter=as_transitions)
    touchpoints: tuple[Touchpoint, ...] = attrs.field(default=(), converter=as_touchpoints)
    activities: tuple[Activity, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    questions: tuple[Question, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    vocabularies: tuple[Vocabulary, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    personas: tuple[Persona, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    bridges: tuple[Bridge, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    names: Names = attrs.field(default=Names(), kw_only=True)

    def __attrs_post_init__(self) -> None:
        check(self)

    def __repr__(self) -> str:
        counts = f"{len(self.stages)} stages, {len(self.touchpoints)} touchpoints"
        return f"<Lifecycle {self.id!r}: {counts}, {len(self.transitions)} transitions>"

    @functools.cached_property
    def stage_ids(self) -> tuple[str, ...]:
        """The ids of the stages; a stage's code is its place among them."""
        return tuple(stage.id for stage in self.stages)

    @functools.cached_property
    def touchpoint_ids(self) -> tuple[str, ...]:
        """The ids of the touchpoints; a touchpoint's code is its place among them."""
        return tuple(touchpoint.id for touchpoint in self.touchpoints)

    @functools.cached_property
    def stage_names(self) -> Mapping[str, str]:
        """Every spelling a stage column may hold, ids and mapped names, to the id it means."""
        return MappingProxyType({**{name: name for name in self.stage_ids}, **dict(self.names.stages)})

    @functools.cached_property
    def touchpoint_names(self) -> Mapping[str, tuple[str, tuple[str, ...]]]:
        """Every spelling a touchpoint column may hold, to (touchpoint id, ids of the stages it may be in).

        The stages are in the order of the lifecycle.
        """
        return MappingProxyType(touchpoint_meanings(self))

    def stage(self, stage: str) -> Stage:
        """Return the stage with this id.

        Raises:
            UnknownNameError: There is none.
        """
        return self._stages_by_id.find(stage)

    def touchpoint(self, touchpoint: str) -> Touchpoint:
        """Return the touchpoint with this id.

        Raises:
            UnknownNameError: There is none.
        """
        return self._touchpoints_by_id.find(touchpoint)

    def touchpoints_in(self, stage: str) -> tuple[Touchpoint, ...]:
        """Return the touchpoints of a stage, in the order of the lifecycle."""
        known = self.stage(stage).id
        return tuple(touchpoint for touchpoint in self.touchpoints if known in touchpoint.stages)

    def vocabulary(self, vocabulary: str) -> Vocabulary:
        """Return the vocabulary with this id.

        Raises:
            UnknownNameError: There is none.
        """
        return self._by_id("vocabulary", self.vocabularies).find(vocabulary)

    def persona(self, persona: str) -> Persona:
        """Return the persona with this id.

        Raises:
            UnknownNameError: There is none.
        """
        return self._by_id("persona", self.personas).find(persona)

    def entry_touchpoints(self, stage: str) -> tuple[str, ...]:
        """Return the ids of the touchpoints that begin a new visit; empty: every event does."""
        return self.stage(stage).entry

    def label(self, name: str, language: str = "en") -> str:
        """Say what people call a stage or a touchpoint.

        Args:
            name: The id of a stage, of a touchpoint, or "stage/touchpoint".  A stage comes
                first where a touchpoint has the same id.
            language: "en", "da", "sv" or "nb".

        Returns:
            The label in that language, else in English, else the id.

        Raises:
            UnknownNameError: There is no such id, or no such language.
        """
        return label_of(self, name, language)

    def map(
        self,
        *,
        touchpoints: Mapping[str, str | Sequence[str]] | None = None,
        stages: Mapping[str, str] | None = None,
    ) -> Lifecycle:
        """Return the same lifecycle, which now also knows a CRM's own names.

        Ids keep matching, results speak the lifecycle's ids, and several names may mean
        the same.  A name that was mapped before takes its new meaning.

        Args:
            touchpoints: The CRM's names for touchpoints, each to a touchpoint's id; to
                "stage/touchpoint", that touchpoint in that one stage; or to a list of these,
                one touchpoint that may be in any of these stages, as a touchpoint that
                several stages share.  A touchpoint that the plan doesn't know is added to it
                in all stages named, with ``expected=False``: seen in the CRM, not planned.
                The touchpoint may have the CRM's name as its id, and an id may be told
                its stages anew.
            stages: The CRM's names for stages, each to a stage's id.

        Raises:
            LifecycleError: Names mean things that are not there; each is listed with the
                nearest thing that is.

        Example:
            >>> plan = Lifecycle("acme", ["visit", "trial"], touchpoints={"demo": "trial"})
            >>> ours = plan.map(
            ...     touchpoints={
            ...         "Demo held": "demo",
            ...         "lead_created": "visit/lead_created",
            ...         "Phone": ["visit/call", "trial/call"],
            ...     }
            ... )
            >>> ours.touchpoint_names["Phone"]
            ('call', ('visit', 'trial'))
        """
        return mapped(self, touchpoints=touchpoints or {}, stages=stages or {})

    def graph(self, *, touchpoints: bool = True) -> nx.DiGraph[str]:
        """Draw the plan as a plain `networkx.DiGraph`; the graph schema page lists its attributes.

        Args:
            touchpoints: Whether touchpoints are nodes, too.
        """
        from journeykit.graph.planned import planned_graph

        return planned_graph(self, touchpoints=touchpoints)

    def to_yaml(self) -> str:
        """Write it as YAML, which `from_yaml` reads back to an equal lifecycle."""
        from journeykit.model.codec import to_yaml

        return to_yaml(self)

    def to_json(self) -> str:
        """Write it as JSON, which `from_json` reads back to an equal lifecycle."""
        from journeykit.model.codec import to_json

        return to_json(self)

    @classmethod
    def from_yaml(cls, text: str, *, bases: Iterable[Lifecycle] | None = None) -> Lifecycle:
        """Read one from YAML, which may extend one of *bases* or one that ships.

        A `LifecycleError` lists what is wrong, with its line.
        """
        from journeykit.model.codec import from_yaml

        return from_yaml(text, bases=bases)

    @classmethod
    def from_json(cls, text: str, *, bases: Iterable[Lifecycle] | None = None) -> Lifecycle:
        """Read one from JSON, as `from_yaml` does; a `LifecycleError` lists what is wrong, with its place."""
        from journeykit.model.codec import from_json

        return from_json(text, bases=bases)

    @functools.cached_property
    def _stages_by_id(self) -> ById[Stage]:
        return self._by_id("stage", self.stages)

    @functools.cached_property
    def _touchpoints_by_id(self) -> ById[Touchpoint]:
        return self._by_id("touchpoint", self.touchpoints)

    def _by_id(self, kind: str, parts: Iterable[Part]) -> ById[Part]:
        return ById(kind, {each.id: each for each in parts}, f"lifecycle {self.id!r}")

    @functools.cached_property
    def _moves(self) -> Moves:
        return Moves.between(self._stages_by_id, self.transitions)
