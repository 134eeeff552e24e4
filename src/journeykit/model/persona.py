"""A persona: a kind of customer, and the path that the plan expects of them.

May import: text, convert, problem, shown, values.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import cast

import attrs

from journeykit.model.convert import as_names, as_optional_duration, as_text, as_texts, as_tuple
from journeykit.model.problem import Misfit
from journeykit.model.shown import shown
from journeykit.model.text import NO_TEXT, Text
from journeykit.model.values import brief


@attrs.frozen(repr=False)
class Step:
    """One step of the path that is expected of a persona.

    Attributes:
        stage: Id of the stage it is taken in.
        touchpoint: Id of the touchpoint that is used; it is one of that stage.
        label: What people call it.
        channel: Where it happens, such as "social media".
        device: What the customer uses, such as "phone" or "laptop".
        expected_action: What the customer is expected to do.
        company_response: What the company should do then.
        response_within: How soon, 0 or longer; text such as "2 days" is read.
        sources: Where it comes from, such as mission ids ("S4-09").

    Source: S4-08, S4-09 (mission page).
    """

    stage: str
    touchpoint: str
    label: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    channel: str | None = attrs.field(default=None, kw_only=True)
    device: str | None = attrs.field(default=None, kw_only=True)
    expected_action: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    company_response: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    response_within: timedelta | None = attrs.field(
        default=None, converter=as_optional_duration, kw_only=True
    )
    sources: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)

    __repr__ = shown


def step_of(place: str) -> Step | None:
    """Read the short form of a step, "stage/touchpoint"; None where it is something else."""
    match place.split("/"):
        case [stage, touchpoint] if stage and touchpoint:
            return Step(stage, touchpoint)
    return None


def _as_steps(steps: Iterable[str | Step]) -> tuple[Step, ...]:
    """Make a step of every "stage/touchpoint"; a lone one is a list of one."""
    given: object = steps
    several = (given,) if isinstance(given, str) else as_tuple(steps)
    return tuple(_as_step(step) if isinstance(step, str) else step for step in several)


def _as_step(place: str) -> Step:
    sentence = f"must be 'stage/touchpoint' or a Step, not {brief(place)}"
    return step_of(place) or cast("Step", Misfit(sentence))


@attrs.frozen(repr=False)
class Persona:
    """A kind of customer, with the path that the plan expects of them.

    Attributes:
        id: Its id, unique among the personas.
        label: What people call it.
        description: Who it is.
        needs: What they need.
        expectations: What they expect; to be met or exceeded.
        pain_points: What hurts them.
        target_stage: Id of the progress or goal stage that is success with them; None: the goals.
        path: The steps they are expected to take, in order; "stage/touchpoint" makes one.
        sources: Where it comes from, such as mission ids ("S4-08").

    Source: S2-20, S4-05, S4-08, S4-10, S5-11 (mission page).
    """

    id: str
    label: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    description: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    needs: tuple[Text, ...] = attrs.field(default=(), converter=as_texts, kw_only=True)
    expectations: tuple[Text, ...] = attrs.field(default=(), converter=as_texts, kw_only=True)
    pain_points: tuple[Text, ...] = attrs.field(default=(), converter=as_texts, kw_only=True)
    target_stage: str | None = attrs.field(default=None, kw_only=True)
    path: tuple[Step, ...] = attrs.field(default=(), converter=_as_steps, kw_only=True)
    sources: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)

    __repr__ = shown
