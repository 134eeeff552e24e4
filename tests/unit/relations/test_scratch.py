"""Relations made in an engine that may be somebody else's."""

from __future__ import annotations

import gc

import ibis
import pyarrow as pa
import pytest

from journeykit.relations.scratch import Scratch


@pytest.fixture
def engine():
    """A DuckDB of the caller's own."""
    backend = ibis.duckdb.connect()
    yield backend
    backend.disconnect()


def relations(engine):
    """List what the engine holds under our names."""
    names = engine.raw_sql("select table_name from information_schema.tables").fetchall()
    return [name for (name,) in names if name.startswith("journeykit_")]


def test_a_relation_takes_the_place_of_an_earlier_one_of_its_name(engine):
    """A question that is asked twice leaves one relation behind, not two."""
    scratch = Scratch(engine)
    scratch.send("groups", pa.table({"group": [1, 2]}))

    again = scratch.send("groups", pa.table({"group": [3]}))

    assert (scratch.rows_of(again), len(relations(engine))) == ([{"group": 3}], 1)


def test_two_journeys_in_one_engine_do_not_meet(engine):
    """A warehouse's connection serves many: the names of one journey are not those of another."""
    one, other = Scratch(engine), Scratch(engine)
    made = one.send("steps", pa.table({"n": [1]}))
    other.send("steps", pa.table({"n": [2]}))

    other.close()

    assert one.one(made) == {"n": 1}


def test_an_empty_relation_has_its_types(engine):
    """A log without names is asked like any other."""
    scratch = Scratch(engine)

    made = scratch.rows("touchpoints", {"name": pa.string(), "code": pa.int32()}, [])

    assert {name: str(kind) for name, kind in made.schema().items()} == {"name": "string", "code": "int32"}


def test_everything_is_gone_after_close_and_a_second_close_does_nothing(engine):
    """What we made in somebody's engine goes with us."""
    scratch = Scratch(engine)
    scratch.send("steps", pa.table({"n": [1]}))
    scratch.table("visits", ibis.memtable(pa.table({"n": [1]})))
    scratch.close()

    scratch.close()

    assert relations(engine) == []


def test_everything_is_gone_when_nobody_holds_it_any_more(engine):
    """`close` is optional."""
    scratch = Scratch(engine)
    scratch.send("steps", pa.table({"n": [1]}))
    held = relations(engine)

    del scratch
    gc.collect()

    assert (len(held), relations(engine)) == (1, [])


def test_closing_after_the_engine_is_closed_does_nothing():
    """With the connection went its temporary relations: there is nothing left to take away."""
    engine = ibis.duckdb.connect()
    scratch = Scratch(engine)
    scratch.send("steps", pa.table({"n": [1]}))
    engine.disconnect()

    assert scratch.close() is None
