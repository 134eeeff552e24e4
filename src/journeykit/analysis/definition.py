"""Say how a question was answered, in the same words for every question.

May import: journey, result, errors.
"""

from __future__ import annotations

from journeykit.errors import EventLogError
from journeykit.journey import Journey
from journeykit.result import Definition

ORDER = (
    "a customer's events by time, sequence where given, stage, touchpoint, then the other columns; "
    "nulls last; names in the lifecycle's order, unknown ones by code point"
)
CENSORING = (
    "a visit still going on at as_of is open and never counts as lost; shares are Aalen-Johansen estimates, "
    "read at the last day with at least 10 visits at risk where any visit is censored"
)
INTERVALS = "95 %, clustered by customer, Wilson's form with the effective sample size"


def require_journey(journey: object) -> None:
    """Refuse at the door what is no journey, a log most likely: further in, nothing would say what is wrong.

    Raises:
        EventLogError: It is none.
    """
    if not isinstance(journey, Journey):
        way_out = "observe a log under a lifecycle, and ask what jk.observe(...) returns"
        raise EventLogError(f"a question is asked of a Journey, not of {type(journey).__name__}: {way_out}")


def define(
    journey: Journey, question: str, *, by: str | None, unit: str, source: str, **told: str
) -> Definition:
    """Write the definition of a question asked of a journey.

    Args:
        journey: What was observed.
        question: The function's name.
        by: The customer attribute that makes the groups.
        unit: What one row stands for.
        source: Mission ids and papers.
        told: Other fields of `Definition`, where they differ from the usual ones.
    """
    rules = ", ".join(journey.rules)
    usual = {"order": ORDER, "rules": rules, "censoring": CENSORING, "intervals": INTERVALS}
    return Definition(
        question=question,
        unit=unit,
        lifecycle=journey.lifecycle.id,
        as_of=journey.as_of.isoformat(),
        idle_days=journey.idle_days,
        by=by,
        source=source,
        **{**usual, **told},
    )
