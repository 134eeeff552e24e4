"""A question that people ask themselves about a journey.

May import: text, convert.
"""

from __future__ import annotations

import attrs

from journeykit.model.convert import as_names, as_text
from journeykit.model.shown import shown
from journeykit.model.text import NO_TEXT, Text


@attrs.frozen(repr=False)
class Question:
    """A question to answer, such as "Are you visible on Google?".

    Attributes:
        id: Its id, unique in the lifecycle.
        text: The question itself.
        consequence: What a "no" means, such as "Customers do not find you".
        sources: Where it comes from, such as mission ids ("S1-16").

    Source: S1-14 to S1-17, S2-27, S5-23.
    """

    id: str
    text: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    consequence: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    sources: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)

    __repr__ = shown
