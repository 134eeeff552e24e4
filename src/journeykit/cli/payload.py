"""Write the answers as JSON, for programs.

Valid JSON, which has no NaN and no infinity: what is no number is null.  The rows keep the
order of the answers; the same input gives the same bytes.

May import: html.answers, graph, result.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from journeykit.graph import to_node_link

if TYPE_CHECKING:
    from journeykit.html.answers import Findings
    from journeykit.result import Result


def to_json(found: Findings) -> str:
    """Write what was found as a JSON text.

    Returns:
        A mapping of `log`, `transitions`, `drop_offs`, `gaps` and `graph`.  Each answer has a
        `definition` and `rows`; `log` is what `EventLog.check` says, with the journey's `as_of`,
        `idle_days` and `counts`; `drop_offs` has `last_touchpoints` beside its rows, `gaps` has
        `stages`, `unmapped`, `unseen` and `findings`; `graph` is node-link data.
    """
    answers, journey = found.asked, found.journey
    gaps = answers.gaps
    by = gaps.definition.by
    data = {
        "log": {
            **_record(found.check),
            "columns": dict(journey.log.columns),
            "lifecycle": journey.lifecycle.id,
            "as_of": journey.as_of,
            "idle_days": journey.idle_days,
            "counts": _record(journey.counts),
        },
        "transitions": _answer(answers.transitions),
        "drop_offs": {**_answer(answers.drop_offs), "last_touchpoints": _answer(answers.last_touchpoints)},
        "gaps": {
            **_answer(gaps),
            "stages": [_grouped(row, by) for row in gaps.stages],
            "unmapped": [_record(row) for row in gaps.unmapped],
            "unseen": list(gaps.unseen),
            "findings": [_grouped(row, by) for row in gaps.findings],
        },
        "graph": to_node_link(found.graph),
    }
    return json.dumps(_plain(data), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _answer(result: Result[Any]) -> dict[str, Any]:
    return {"definition": _record(result.definition), "rows": result.to_dicts()}


def _record(value: attrs.AttrsInstance) -> dict[str, Any]:
    return attrs.asdict(value)


def _grouped(row: attrs.AttrsInstance, by: str | None) -> dict[str, Any]:
    """Make a row a mapping, with its group only where groups were asked for."""
    record = _record(row)
    if by is None:
        record.pop("group")
    return record


def _plain(value: Any) -> Any:
    """Turn a value into what JSON can say."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | bool | int):
        return value
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
