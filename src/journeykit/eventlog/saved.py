"""What is left of a log in a journey that was saved: its name and its columns, and no event.

May import: log, engines, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import attrs

from journeykit.errors import EventLogError
from journeykit.eventlog.log import EventLog

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ibis.backends import BaseBackend

    from journeykit.engines import Engine


class NoEventsError(EventLogError, AttributeError):
    """What was asked needs the events; an attribute error, too, so that ``hasattr`` answers."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SavedLog:
    """The log that a saved journey was observed of. Whatever of `EventLog` needs the events says so.

    Attributes:
        name: What the source was called.
        columns: For each parameter of `events` that was given, the source's column.
        attributes: The source's columns kept as attributes.
        timezone: The clocks that timestamps without an offset showed.
        timestamp_format: How timestamps were written; None: ISO 8601, or typed.
        uid: Tells the log from every other; journeys of one log have the same.
        file: The saved journey.
        engine: What reads it.
    """

    name: str
    columns: Mapping[str, str]
    attributes: tuple[str, ...]
    timezone: str
    timestamp_format: str | None
    uid: str
    file: str
    engine: Engine

    def __repr__(self) -> str:
        return f"SavedLog({self.name}, in {self.file!r})"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not (hasattr(EventLog, name) or name in attrs.fields_dict(EventLog)):
            message = f"{type(self).__name__!r} object has no attribute {name!r}"
            raise AttributeError(message)
        way_out = "open the source again, jk.events(...)"
        raise NoEventsError(f"{name}: the saved journey {self.file!r} holds no events: {way_out}")

    @property
    def backend(self) -> BaseBackend:
        """The Ibis backend of the engine; every expression runs on it."""
        return self.engine.backend

    def close(self) -> None:
        """Let go of the engine, with every journey loaded on it; a second call does nothing."""
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
