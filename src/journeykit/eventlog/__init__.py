"""Event logs: open them, name their columns, set aside what can't be used, and say so.

No event row reaches Python; all work is Ibis expressions on the engine that holds the
rows, or on a DuckDB of our own.

May import: model, errors.
"""

from journeykit.eventlog.check import CustomersCheck, LogCheck, SetAside, UnmappedName
from journeykit.eventlog.columns import EVENT_ATTRIBUTE
from journeykit.eventlog.company import activities
from journeykit.eventlog.counting import LogCounts
from journeykit.eventlog.log import EventLog
from journeykit.eventlog.open import events
from journeykit.eventlog.source import EventSource

__all__ = [
    "EVENT_ATTRIBUTE",
    "CustomersCheck",
    "EventLog",
    "EventSource",
    "LogCheck",
    "LogCounts",
    "SetAside",
    "UnmappedName",
    "activities",
    "events",
]
