"""A stage: one state of a lifecycle.

May import: text, question, convert.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

import attrs

from journeykit.model.convert import as_names, as_text, as_texts, as_tuple
from journeykit.model.question import Question
from journeykit.model.shown import shown
from journeykit.model.text import NO_TEXT, Text

StageKind: TypeAlias = Literal["progress", "goal", "risk", "exit"]
"""Progress and goal stages have a rank; risk and exit stages are reachable from anywhere."""

STAGE_KINDS: Final[tuple[StageKind, ...]] = get_args(StageKind)

Perspective: TypeAlias = Literal["customer", "company"]
"""Whose eyes something is seen with."""


@attrs.frozen(repr=False)
class Stage:
    """One state of a lifecycle ("phase" or "status" in the documents).

    A stage is only a value: the rules of a lifecycle, such as which ids are good,
    are checked when it becomes part of a `Lifecycle`.

    Attributes:
        id: Its id, unique among the stages; no "/" in it, and not "?".
        kind: Its kind: "progress", "goal" (success), "risk" or "exit" (the way out).
        rank: Its place in the order of progress and goal stages, any whole number; equal
            ranks are branches.  None: by place in the lifecycle, from 1.
        label: What people call it.
        aliases: Other names of it, for people; data are never matched to them.
        part_of: Stages of other lifecycles that it is a part of, each as "lifecycle/stage".
        description: What it is.
        perspective: Whose eyes it is seen with; None: the lifecycle's.
        mindset: What the customer has in mind.
        attitude: The customer's attitude, such as "proactive".
        relationship: The relationship to the company, as the customer lives it.
        needs: What the customer needs.
        expectations: What the customer expects; to be met or exceeded.
        wants: What the customer would like beside that.
        actions: What the customer does in it.
        criteria: What the customer judges by.
        participants: Who takes part on the customer's side.
        levels: What it is about on the customer's side: business, department, team.
        artefacts: What comes out of it, such as a long list.
        entry_signals: What shows that it begins.
        exit_signals: What shows that it ends.
        cadence: How often to be in touch.
        communication_style: How to be in touch.
        resources: A hint on what to spend here.
        entry: Ids of the touchpoints whose events begin a new visit, where the stage has a
            declared transition to itself; empty: any event of the stage does.
        presence_questions: Audit questions; a "no" means that customers don't find you here.
        sources: Where it comes from, such as mission ids ("S1-09").

    Source: S1-08 to S1-17, S2-16 to S2-18, S2-28, S5-09 (mission page).
    """

    id: str
    kind: StageKind = attrs.field(default="progress", kw_only=True)
    rank: int | None = attrs.field(default=None, kw_only=True)
    label: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    aliases: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)
    part_of: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)
    description: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    perspective: Perspective | None = attrs.field(default=None, kw_only=True)
    mindset: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    attitude: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    relationship: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    needs: tuple[Text, ...] = attrs.field(default=(), converter=as_texts, kw_only=True)
    expectations: tuple[Text, ...] = attrs.field(default=(), converter=as_texts, kw_only=True)
    wants: tuple[Text, ...] = attrs.field(default=(), converter=as_texts, kw_only=True)
    actions: tuple[Text, ...] = attrs.field(default=(), converter=as_texts, kw_only=True)
    criteria: tuple[Text, ...] = attrs.field(default=(), converter=as_texts, kw_only=True)
    participants: tuple[Text, ...] = attrs.field(default=(), converter=as_texts, kw_only=True)
    levels: tuple[Text, ...] = attrs.field(default=(), converter=as_texts, kw_only=True)
    artefacts: tuple[Text, ...] = attrs.field(default=(), converter=as_texts, kw_only=True)
    entry_signals: tuple[Text, ...] = attrs.field(default=(), converter=as_texts, kw_only=True)
    exit_signals: tuple[Text, ...] = attrs.field(default=(), converter=as_texts, kw_only=True)
    cadence: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    communication_style: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    resources: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    entry: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)
    presence_questions: tuple[Question, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    sources: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)

    __repr__ = shown
