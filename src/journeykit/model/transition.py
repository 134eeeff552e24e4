"""A transition that the plan declares: an edge from stage to stage.

May import: text, convert.
"""

from __future__ import annotations

import attrs

from journeykit.model.convert import as_names, as_text, as_texts
from journeykit.model.shown import shown
from journeykit.model.text import NO_TEXT, Text


@attrs.frozen(repr=False)
class Transition:
    """A move that the plan declares; one from a stage to itself makes the stage repeat.

    Attributes:
        source: Id of the stage it leaves.
        target: Id of the stage it reaches.
        label: What people call it.
        description: What it is.
        checks: What has to hold at the handover.
        sources: Where it comes from, such as mission ids ("S2-11").

    Source: S2-11, S2-12, S2-22, S3-03 (mission page).
    """

    source: str
    target: str
    label: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    description: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    checks: tuple[Text, ...] = attrs.field(default=(), converter=as_texts, kw_only=True)
    sources: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)

    __repr__ = shown
