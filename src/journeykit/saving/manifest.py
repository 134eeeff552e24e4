"""Say what a saved journey is: everything about it but its relations, as JSON.

May import: analysis, journey, relations, model, errors.
"""

from __future__ import annotations

import datetime as dt
import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import attrs
from cattrs import Converter
from cattrs.errors import BaseValidationError

from journeykit.analysis.definition import ORDER
from journeykit.errors import LifecycleError, SavedJourneyError
from journeykit.journey import Counts  # noqa: TC001 - cattrs reads it at run time
from journeykit.model.codec import from_dict, to_dict
from journeykit.relations.observed import Layout  # noqa: TC001 - cattrs reads it at run time

if TYPE_CHECKING:
    from journeykit.journey import Journey
    from journeykit.model.lifecycle import Lifecycle

FORMAT: Final = 2
"""Grows when a journeykit that reads this one could misread the next: also when a `Shape` changes."""

ROWS: Final = ("steps", "visits", "ends", "customers", "touchpoints")
LISTS: Final = ("lists", "customers", "touchpoints")
"""The relations of a journey whose events were ordered by windows, and by lists."""


@attrs.frozen
class Relation:
    """What a relation must hold.

    Attributes:
        rows: How many rows.
        checksum: The sum of their hashes, as `engines.attached` adds them up.
    """

    rows: int
    checksum: str


@attrs.frozen(kw_only=True)
class LogTold:
    """What is kept of a log; the attributes are those of `SavedLog`."""

    uid: str
    name: str
    columns: dict[str, str]
    attributes: tuple[str, ...]
    timezone: str
    timestamp_format: str | None


@attrs.frozen(kw_only=True)
class Manifest:
    """What a file of a saved journey says of it.

    Attributes:
        format: The number of the format.
        journeykit: The version that saved it.
        saved: When, UTC.
        lifecycle: The plan, as the codec writes it.
        as_of: The censoring date, UTC.
        idle_us: The silence that is a drop-off, in microseconds.
        counts: How many events, customers and visits.
        rules: The stage rules that were used.
        log: The log that it was observed of.
        definition: The words of the definition that the relations were made by.
        lists: How to read the lists, where lists hold what was observed.
        relations: The relations by their names: `ROWS`, or `LISTS`.
        hashed: What DuckDB made of a text that is always the same: another one that hashes otherwise can't
            compare checksums.
    """

    format: int
    journeykit: str
    saved: dt.datetime
    lifecycle: dict[str, Any]
    as_of: dt.datetime
    idle_us: int
    counts: Counts
    rules: tuple[str, ...]
    log: LogTold
    definition: dict[str, str]
    lists: Layout | None
    relations: dict[str, Relation]
    hashed: str

    @property
    def names(self) -> tuple[str, ...]:
        """The relations that must be there."""
        return LISTS if self.lists else ROWS

    def to_json(self) -> str:
        """Write it."""
        return json.dumps(_converter().unstructure(self), ensure_ascii=False, indent=2)

    def plan(self, path: str) -> Lifecycle:
        """Read the lifecycle.

        Raises:
            SavedJourneyError: This journeykit can't.
        """
        try:
            return from_dict(self.lifecycle)
        except LifecycleError as error:
            cause = f"holds a lifecycle that journeykit {version('journeykit')} can't read: {error}"
            raise SavedJourneyError(path, cause) from error

    @property
    def idle(self) -> dt.timedelta:
        """The silence that is a drop-off."""
        return dt.timedelta(microseconds=self.idle_us)


def manifest_of(journey: Journey, relations: dict[str, Relation], hashed: str) -> Manifest:
    """Say what a journey is."""
    log, kept = journey.log, journey.observed.kept
    return Manifest(
        format=FORMAT,
        journeykit=version("journeykit"),
        saved=dt.datetime.now(dt.UTC).replace(microsecond=0),
        lifecycle=to_dict(journey.lifecycle),
        as_of=journey.as_of,
        idle_us=journey.idle // dt.timedelta(microseconds=1),
        counts=journey.counts,
        rules=journey.rules,
        log=LogTold(
            uid=log.uid,
            name=log.name,
            columns=dict(log.columns),
            attributes=tuple(log.attributes),
            timezone=log.timezone,
            timestamp_format=log.timestamp_format,
        ),
        definition=words(),
        lists=kept.layout if kept else None,
        relations=relations,
        hashed=hashed,
    )


def words() -> dict[str, str]:
    """Give the words of the definition that relations are made by."""
    return {"order": ORDER}


def read_manifest(text: str, path: str) -> Manifest:
    """Read a manifest.

    Args:
        text: What the file says.
        path: The file, for the errors.

    Raises:
        SavedJourneyError: It is of a newer format, or damaged.
    """
    try:
        told = json.loads(text)
        number, saved_by = told["format"], told.get("journeykit")
        found = _converter().structure(told, Manifest) if number == FORMAT else None
        absent = set(found.names) - set(found.relations) if found else ()
    except (BaseValidationError, ValueError, TypeError, LookupError, AttributeError) as error:
        cause = "is damaged: its manifest can't be read. Save the journey again"
        raise SavedJourneyError(path, cause) from error
    if found is None:
        raise SavedJourneyError(path, _other_format(number, saved_by))
    if absent:
        names = ", ".join(map(repr, sorted(absent)))
        raise SavedJourneyError(path, f"is damaged: its manifest knows no {names}. Save the journey again")
    return found


def _converter() -> Converter:
    """Read and write times as ISO 8601; a field that nobody knows is an error."""
    made = Converter(forbid_extra_keys=True)
    made.register_unstructure_hook(dt.datetime, dt.datetime.isoformat)
    made.register_structure_hook(dt.datetime, lambda text, _: dt.datetime.fromisoformat(text))
    return made


def _other_format(number: object, saved_by: object) -> str:
    here = f"journeykit {version('journeykit')} reads format {FORMAT}"
    way_out = "observe and save the journey with this version"
    if not (isinstance(number, int) and number < FORMAT):
        way_out = f"upgrade (pip install --upgrade journeykit), or {way_out}"
    return f"was saved by journeykit {saved_by} in format {number}, and {here}: {way_out}"
