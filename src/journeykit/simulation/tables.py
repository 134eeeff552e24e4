"""Write drawn events and customers as Arrow tables, text as dictionaries of few words.

May import: simulation, model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from journeykit.simulation.pools import NO_TOUCHPOINT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from journeykit.model.lifecycle import Lifecycle
    from journeykit.simulation.behaviour import Behaviour
    from journeykit.simulation.clock import Numbers
    from journeykit.simulation.happenings import Happenings
    from journeykit.simulation.walk import Visits

STRANGE = ("newsletter_opened", "invoice_question", "out_of_office")
"""Touchpoints of a CRM that no lifecycle plans, if it has not these very names."""

CHANNELS = ("web", "email", "phone", "meeting")
"""Channels of touchpoints whose lifecycle names none."""

STRAY = 0.1
"""How often an event happens in another channel than its touchpoint's."""

MOODS = {"progress": 0.1, "goal": 0.45, "risk": -0.4, "exit": -0.6}
"""The mean sentiment in stages of a kind, from -1 to 1; it varies by `MOOD_SPREAD`."""

MOOD_SPREAD = 0.35
VALUE_LOG_MEAN, VALUE_LOG_SPREAD = 6.2, 0.8
"""Values are log-normal: the median is some 500."""


def strange_names(lifecycle: Lifecycle) -> list[str]:
    """Name touchpoints that the lifecycle can't place; none where it has no touchpoints."""
    if not lifecycle.touchpoints:
        return []
    prefix = ""
    while any(prefix + name in lifecycle.touchpoint_names for name in STRANGE):
        prefix += "other_"
    return [prefix + name for name in STRANGE]


def customer_table(
    random: np.random.Generator, customers: pa.Array, attributes: dict[str, Sequence[str]]
) -> pa.Table:
    """Give each customer one value of each attribute; all values are as frequent, to one customer."""
    columns: dict[str, Any] = {"customer": customers}
    for name, values in attributes.items():
        codes = random.permutation(np.arange(len(customers)) % len(values))
        columns[name] = _words(codes, values)
    return pa.table(columns)


def event_table(
    random: np.random.Generator,
    lifecycle: Lifecycle,
    visits: Visits,
    happenings: Happenings,
    behaviour: Behaviour,
    *,
    customers: Sequence[str],
    first_day_us: int,
) -> pa.Table:
    """Write events in order of time, those at one instant by customer and sequence."""
    order = np.argsort(happenings.time_us, kind="stable")
    visit, touchpoint = happenings.visit[order], happenings.touchpoint[order]
    mapped, first = happenings.mapped[order], happenings.first[order]
    stage = visits.stage[visit]
    names = [*lifecycle.touchpoint_ids, *strange_names(lifecycle)]
    known = touchpoint != NO_TOUCHPOINT
    return pa.table(
        {
            "event_id": pa.array(np.arange(1, len(order) + 1)),
            "customer": _words(visits.customer[visit], customers),
            "timestamp": pa.array(happenings.time_us[order] + first_day_us).cast(
                pa.timestamp("us", tz="UTC")
            ),
            "sequence": pa.array(_sequence(visits.customer[happenings.visit])[order]),
            "touchpoint": _words(touchpoint, names, known),
            "stage": _words(stage, lifecycle.stage_ids, mapped),
            "channel": _channels(random, lifecycle, touchpoint, known, len(names)),
            "initiator": _initiators(lifecycle, touchpoint, known, len(names)),
            "sentiment": _sentiments(random, lifecycle, stage, behaviour.sentiment),
            "value": _values(random, lifecycle, stage, first),
        }
    )


def _sequence(customer: Numbers) -> Numbers:
    """Number each customer's events from 1; customers come one after another."""
    place = np.arange(len(customer))
    begins = np.r_[True, customer[1:] != customer[:-1]]
    return place - np.maximum.accumulate(np.where(begins, place, 0)) + 1


def _words(codes: Numbers, words: Sequence[str], known: Any = None) -> pa.Array:
    """Make a column of text from places in *words*; null where not *known*."""
    mask = None if known is None else ~known
    indices = pa.array(codes.astype(np.int32), mask=mask)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(words), pa.string()))


def _channels(
    random: np.random.Generator, lifecycle: Lifecycle, touchpoint: Numbers, known: Any, names: int
) -> pa.Array:
    own = [
        touchpoint.channel or CHANNELS[place % len(CHANNELS)]
        for place, touchpoint in enumerate(lifecycle.touchpoints)
    ]
    own += ["email"] * (names - len(own))
    words = sorted({*own, *CHANNELS})
    codes = np.array([words.index(channel) for channel in own] or [0])[np.maximum(touchpoint, 0)]
    stray = np.flatnonzero(random.random(len(touchpoint)) < STRAY)
    codes[stray] = random.integers(0, len(words), len(stray))
    return _words(codes, words, known)


def _initiators(lifecycle: Lifecycle, touchpoint: Numbers, known: Any, names: int) -> pa.Array:
    own = [str(touchpoint.initiator or "customer") for touchpoint in lifecycle.touchpoints]
    own += ["company"] * (names - len(own))
    words = sorted({*own, "customer"})
    codes = np.array([words.index(party) for party in own] or [0])
    return _words(codes[np.maximum(touchpoint, 0)], words, known)


def _sentiments(random: np.random.Generator, lifecycle: Lifecycle, stage: Numbers, share: float) -> pa.Array:
    moods = np.array([MOODS[stage.kind] for stage in lifecycle.stages])
    drawn = np.clip(random.normal(moods[stage], MOOD_SPREAD), -1, 1).round(2)
    return pa.array(drawn, mask=random.random(len(stage)) >= share)


def _values(random: np.random.Generator, lifecycle: Lifecycle, stage: Numbers, first: Any) -> pa.Array:
    """Put a value on the first event of each visit to a goal stage or one that repeats."""
    paid = np.array([part.kind == "goal" or lifecycle.repeats(part.id) for part in lifecycle.stages])
    valued = first & paid[stage]
    amounts = np.zeros(len(stage))
    amounts[valued] = random.lognormal(VALUE_LOG_MEAN, VALUE_LOG_SPREAD, int(valued.sum())).round(2)
    return pa.array(amounts, mask=~valued)
