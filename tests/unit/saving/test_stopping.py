"""Whatever stops `save` or `observe`, the saved journey is the old one or the new one, never between."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
import pytest
from tests.logs import observe_days
from tests.unit.saving import stopping

import journeykit as jk
from journeykit.engines.duckdb import DuckDB
from journeykit.testing.cases import day, trial_lifecycle

OLD = {"eve": {0: "page_view"}}
NEW = {"ana": {0: "page_view"}, "ben": {0: "page_view", 1: "account_created"}}
RENAMED = "after the rename"


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """Stop at every point, once, each in a folder of its name; give the folders, and what was raised."""
    folder = tmp_path_factory.mktemp("stopped")
    for name, histories in {"old.jkt": OLD, "new.jkt": NEW}.items():
        with observe_days(histories) as journey:
            journey.save(folder / name)
    for point in stopping.names():
        (folder / point).mkdir()
        shutil.copy(folder / "old.jkt", folder / point / "journey.jkt")
    project = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": str(project)}
    command = [sys.executable, "-W", "ignore", stopping.__file__, str(folder)]
    done = subprocess.run(command, capture_output=True, check=True, text=True, env=environment)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    return folder, {point: (kind, text) for point, kind, text in said}


def customers(path):
    """Load a journey, look at every byte of it, and count its customers."""
    with jk.load(path, verify=True) as journey:
        return journey.counts.customers


@pytest.mark.parametrize("point", stopping.names())
def test_the_saved_journey_is_the_old_one_or_the_new_one(stopped, point):
    """A report of next morning is of yesterday or of today, and never of half a file."""
    folder, said = stopped
    kind, text = said.get(point, ("killed", ""))
    new = point.startswith(RENAMED) or kind == "saved"

    assert customers(folder / point / "journey.jkt") == (2 if new else 1)
    left = sorted(file.name for file in (folder / point).iterdir())
    if point.endswith("killed"):
        assert kind == "killed"
        assert left[-1] == "journey.jkt"
        assert all(name.startswith(".journey.jkt.") for name in left[:-1])
    else:
        assert left == ["journey.jkt"]
        assert kind == expected(point), text


def expected(point):
    """Name what the caller of `save` gets."""
    if point in stopping.LIMITS:
        return "SavedJourneyError"
    place, _, way = point.rpartition(", ")
    if way == "engine gone":
        # Once the file is written, the engine is not needed any more.
        return "EngineError" if place in list(stopping.PLACES)[:4] else "saved"
    return {"Ctrl-C": "KeyboardInterrupt", "disk full": "OSError"}[way]


def test_a_full_disk_is_told_as_such(stopped):
    """With the file, and what became of the one before it."""
    _, text = stopped[1]["no space for the relations"]

    assert text.startswith("'")
    assert "journey.jkt' can't be saved, and what stood there is as it was: " in text
    assert text.endswith("File too large")


def test_what_a_killed_process_left_is_taken_away_by_the_next_save(stopped, tmp_path):
    """And nothing else is: neither what a live process writes, nor what is not ours."""
    folder, _ = stopped
    for place in (place for place in stopping.PLACES if place != RENAMED):
        for file in (folder / f"{place}, killed").iterdir():
            shutil.copy(file, tmp_path)
    others = {".journey.jkt.1-0123abcd.tmp", ".journey.jkt.swp", ".other.jkt.99999999-0123abcd.tmp"}
    for name in others:
        (tmp_path / name).touch()
    before = {file.name for file in tmp_path.iterdir()}

    with observe_days(OLD) as journey:
        journey.save(tmp_path / "journey.jkt")

    assert len(before) > len(others) + 4
    assert {file.name for file in tmp_path.iterdir()} == {"journey.jkt", *others}


class Stopped(Exception):  # noqa: N818 - stands for anything
    """Stands for whatever may stop `observe`."""


@pytest.mark.parametrize(
    "how", [KeyboardInterrupt(), Stopped(), duckdb.IOException("No space left on device")]
)
def test_an_observe_that_is_stopped_leaves_nothing_behind(monkeypatch, how):
    """In the middle of any relation that it makes: the caller's engine is as it was."""
    engine = ibis.duckdb.connect()
    rows = {"customer": ["ana", "ben"], "timestamp": [day(0), day(1)], "touchpoint": ["page_view", "no name"]}
    table = engine.create_table("mine", pa.table(rows))
    before = relations(engine)
    keep, made, stop_at = DuckDB.keep, [], 0

    def stopping_keep(self, name, expression, *, schema):
        kept = keep(self, name, expression, schema=schema)
        made.append(name)
        if len(made) == stop_at:
            raise how
        return kept

    monkeypatch.setattr(DuckDB, "keep", stopping_keep)
    for stop_at in range(1, 20):  # noqa: B007 - read by stopping_keep
        made.clear()
        try:
            jk.observe(jk.events(table, **{name: name for name in rows}), trial_lifecycle()).close()
        except (type(how), jk.EventLogError):
            assert relations(engine) == before
        else:
            break
    assert len(made) >= 2
    assert relations(engine) == before
    engine.disconnect()


def relations(engine):
    """List the relations that an engine holds."""
    return engine.raw_sql("SELECT table_name FROM information_schema.tables ORDER BY 1").fetchall()
