"""A bridge: where one lifecycle hands its customers to another.

May import: text, convert, shown.
"""

from __future__ import annotations

import attrs

from journeykit.model.convert import as_names, as_text
from journeykit.model.shown import shown
from journeykit.model.text import NO_TEXT, Text


@attrs.frozen(repr=False)
class Bridge:
    """A way into another lifecycle: customers who enter a stage here begin the other one.

    Attributes:
        lifecycle: Id of the other lifecycle.
        stage: Id of the stage here; customers who enter it are on the bridge.
        target: Id of the other lifecycle's stage that they begin in; None: wherever they do.
        label: What people call it.
        description: What it is.
        sources: Where it comes from, such as mission ids ("S2-06").

    Source: S2-06, S2-07, S2-10 (mission page).
    """

    lifecycle: str
    stage: str = attrs.field(kw_only=True)
    target: str | None = attrs.field(default=None, kw_only=True)
    label: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    description: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    sources: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)

    __repr__ = shown
