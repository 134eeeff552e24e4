"""An activity: something the company does at a stage and touchpoint.

May import: text, convert.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from journeykit.model.convert import as_names, as_optional_float, as_text
from journeykit.model.shown import shown
from journeykit.model.text import NO_TEXT, Text

Basis: TypeAlias = Literal["strategy", "communication"]
"""Why the company does it: its strategies say so, or it communicates so today."""


@attrs.frozen(repr=False)
class Activity:
    """Something the company does, whether a customer asked for it or not.

    Attributes:
        stage: Id of the stage it is meant for.
        touchpoint: Where it happens; not necessarily a touchpoint of the plan.
        label: What people call it.
        channel: Where it happens, such as "email".
        effort: What it costs, 0 or more, in *unit*; None: unknown.
        unit: What the effort is counted in, such as "hours".
        owner: Who answers for it.
        department: The department that does it.
        basis: Why the company does it: "strategy" or "communication".
        sources: Where it comes from, such as mission ids ("S1-22").

    Source: S1-04, S1-05, S1-19, S1-22, S1-26 (mission page).
    """

    stage: str
    touchpoint: str
    label: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    channel: str | None = attrs.field(default=None, kw_only=True)
    effort: float | None = attrs.field(default=None, converter=as_optional_float, kw_only=True)
    unit: str | None = attrs.field(default=None, kw_only=True)
    owner: str | None = attrs.field(default=None, kw_only=True)
    department: str | None = attrs.field(default=None, kw_only=True)
    basis: Basis | None = attrs.field(default=None, kw_only=True)
    sources: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)

    __repr__ = shown
