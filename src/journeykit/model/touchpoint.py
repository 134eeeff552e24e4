"""A touchpoint: a step inside a stage where customer and company meet.

May import: text, convert.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, TypeAlias

import attrs

from journeykit.model.convert import as_names, as_optional_duration, as_optional_float, as_text, as_texts
from journeykit.model.shown import shown
from journeykit.model.text import NO_TEXT, Text

Evidence: TypeAlias = Literal["assumed", "asked", "observed"]
"""How we know: by guessing, by asking customers, or by watching them."""

Mode: TypeAlias = Literal["communication", "action"]
"""Whether something is said or something is done."""

Party: TypeAlias = Literal["customer", "company", "third_party", "system"]
"""Who begins or receives: a review portal is a third party, an automatic mail comes from a system."""

Process: TypeAlias = Literal["sales", "delivery"]
"""Which of the company's processes a touchpoint, and the friction at it, belongs to."""


@attrs.frozen(repr=False)
class Touchpoint:
    """A step inside one or several stages, where customer and company meet.

    Attributes:
        id: Its id, unique among the touchpoints; no "/" in it, and not "?".
        stages: Ids of the stages it is a step of, at least one.
        label: What people call it.
        description: What it is.
        channel: Where it happens, such as "email".
        content: What is shown or told there.
        activity: What is done there.
        mode: Whether something is said there or done: "communication" or "action".
        initiator: Who begins: "customer", "company", "third_party" or "system".
        receiver: Who is met, likewise.
        process: Whether its friction belongs to "sales" or to "delivery".
        owner: Who answers for it.
        department: The department that answers for it.
        expected_action: What the customer is expected to do.
        company_response: What the company should do then.
        response_within: How soon, 0 or longer; text such as "2 days" is read.
        controllable: Whether the company can control the moment.
        attitude: The customer's attitude there.
        expectations: What the customer expects there.
        pain_points: What hurts there.
        evidence: How we know all this: "assumed", "asked" or "observed".
        after: Ids of the touchpoints that come before it in the stage.
        expected: Whether the plan expects customers to use it.
        weight: Its importance in the plan, 0 or more; None: as important as any other.
        sources: Where it comes from, such as mission ids ("S1-12").

    Source: S1-02, S1-11, S1-12, S2-01, S3-18, S4-09, S5-03, S5-13, S5-15 (mission page).
    """

    id: str
    stages: tuple[str, ...] = attrs.field(converter=as_names, kw_only=True)
    label: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    description: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    channel: str | None = attrs.field(default=None, kw_only=True)
    content: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    activity: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    mode: Mode | None = attrs.field(default=None, kw_only=True)
    initiator: Party | None = attrs.field(default=None, kw_only=True)
    receiver: Party | None = attrs.field(default=None, kw_only=True)
    process: Process | None = attrs.field(default=None, kw_only=True)
    owner: str | None = attrs.field(default=None, kw_only=True)
    department: str | None = attrs.field(default=None, kw_only=True)
    expected_action: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    company_response: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    response_within: timedelta | None = attrs.field(
        default=None, converter=as_optional_duration, kw_only=True
    )
    controllable: bool | None = attrs.field(default=None, kw_only=True)
    attitude: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    expectations: tuple[Text, ...] = attrs.field(default=(), converter=as_texts, kw_only=True)
    pain_points: tuple[Text, ...] = attrs.field(default=(), converter=as_texts, kw_only=True)
    evidence: Evidence = attrs.field(default="assumed", kw_only=True)
    after: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)
    expected: bool = attrs.field(default=True, kw_only=True)
    weight: float | None = attrs.field(default=None, converter=as_optional_float, kw_only=True)
    sources: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)

    __repr__ = shown
