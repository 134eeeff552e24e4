"""Where a journey begins and ends.

May import: text, convert.
"""

from __future__ import annotations

import attrs

from journeykit.model.convert import as_text
from journeykit.model.shown import shown
from journeykit.model.text import NO_TEXT, Text


@attrs.frozen(repr=False)
class Scope:
    """What of a customer's life a lifecycle speaks about.

    Attributes:
        start: Where it begins to look.
        end: Where it stops to look.

    Source: S2-02, S2-06 (mission page).
    """

    start: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    end: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)

    __repr__ = shown
