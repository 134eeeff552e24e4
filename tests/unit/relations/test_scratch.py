"""Relations made in an engine that may be somebody else's."""

from __future__ import annotations

import gc

import ibis
import pyarrow as pa
import pytest

from journeykit.engines import engine_of
from journeykit.errors import EngineError
from journeykit.relations.scratch import LARGEST_ANSWER, Scratch


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
    scratch = Scratch(engine_of(engine))
    scratch.send("groups", pa.table({"group": [1, 2]}))

    again = scratch.send("groups", pa.table({"group": [3]}))

    assert (scratch.rows_of(again), len(relations(engine))) == ([{"group": 3}], 1)


def test_two_journeys_in_one_engine_do_not_meet(engine):
    """A warehouse's connection serves many: the names of one journey are not those of another."""
    one, other = Scratch(engine_of(engine)), Scratch(engine_of(engine))
    made = one.send("steps", pa.table({"n": [1]}))
    other.send("steps", pa.table({"n": [2]}))

    other.close()

    assert one.one(made) == {"n": 1}


def test_an_empty_relation_has_its_types(engine):
    """A log without names is asked like any other."""
    scratch = Scratch(engine_of(engine))

    made = scratch.rows("touchpoints", {"name": pa.string(), "code": pa.int32()}, [])

    assert {name: str(kind) for name, kind in made.schema().items()} == {"name": "string", "code": "int32"}


def test_everything_is_gone_after_close_and_a_second_close_does_nothing(engine):
    """What we made in somebody's engine goes with us."""
    scratch = Scratch(engine_of(engine))
    scratch.send("steps", pa.table({"n": [1]}))
    scratch.table("visits", ibis.memtable(pa.table({"n": [1]})))
    scratch.close()

    scratch.close()

    assert relations(engine) == []


def test_everything_is_gone_when_nobody_holds_it_any_more(engine):
    """`close` is optional."""
    scratch = Scratch(engine_of(engine))
    scratch.send("steps", pa.table({"n": [1]}))
    held = relations(engine)

    del scratch
    gc.collect()

    assert (len(held), relations(engine)) == (1, [])


def test_closing_after_the_engine_is_closed_does_nothing():
    """With the connection went its temporary relations: there is nothing left to take away."""
    engine = ibis.duckdb.connect()
    scratch = Scratch(engine_of(engine))
    scratch.send("steps", pa.table({"n": [1]}))
    engine.disconnect()

    assert scratch.close() is None


# --- what was asked before


@pytest.fixture
def asked(engine, monkeypatch):
    """List what the engine was asked."""
    queries, ask = [], type(engine).to_pyarrow
    monkeypatch.setattr(type(engine), "to_pyarrow", lambda *given: queries.append(given[1]) or ask(*given))
    return queries


def test_what_was_asked_before_is_not_asked_again(engine, asked):
    """Relations never change: the same expression, however it was made, has the same answer."""
    scratch = Scratch(engine_of(engine))
    made = scratch.send("steps", pa.table({"n": [1, 2]}))

    first, second = (scratch.arrow(made.aggregate(n=made.n.sum())) for _ in range(2))

    assert (first is second, len(asked)) == (True, 1)


def test_a_relation_in_place_of_another_has_answers_of_its_own(engine):
    """It has a new name, although it is called the same."""
    scratch = Scratch(engine_of(engine))
    one, other = (scratch.send("steps", pa.table({"n": [number]})) for number in (1, 2))

    assert (scratch.one(other), one.get_name() == other.get_name()) == ({"n": 2}, False)


def test_a_relation_may_be_made_of_the_one_it_takes_the_place_of(engine):
    """The earlier one goes when the later is there."""
    scratch = Scratch(engine_of(engine))
    made = scratch.send("customers", pa.table({"n": [1]}))

    again = scratch.table("customers", made.mutate(n=made.n + 1))

    assert (scratch.one(again), len(relations(engine))) == ({"n": 2}, 1)


def test_large_answers_are_not_remembered(engine, asked):
    """A journey is held for hours; counts are small."""
    scratch = Scratch(engine_of(engine))
    numbers = pa.table({"n": range(LARGEST_ANSWER // 8 + 1)})
    made = scratch.send("steps", numbers)

    for _ in range(2):
        scratch.arrow(made)

    assert len(asked) == 2


def test_the_answer_not_asked_for_longest_is_forgotten_first(engine, asked, monkeypatch):
    """A program that asks for thousands of answers must not hold them all."""
    monkeypatch.setattr("journeykit.relations.scratch.MOST_REMEMBERED", 8)
    scratch = Scratch(engine_of(engine))
    made = scratch.send("steps", pa.table({"n": [1]}))

    for added in (0, 1, 0):
        scratch.one(made.select(n=made.n + added))

    assert len(asked) == 3


def test_nothing_is_answered_after_close(engine):
    """What is remembered goes, too."""
    scratch = Scratch(engine_of(engine))
    made = scratch.send("steps", pa.table({"n": [1]}))
    scratch.arrow(made)
    scratch.close()

    with pytest.raises(EngineError, match="the journey is closed"):
        scratch.arrow(made)


def test_what_was_worked_out_is_remembered_until_it_is_one_of_too_many(engine, monkeypatch):
    """Relations never change, and so neither does what follows from them."""
    monkeypatch.setattr("journeykit.relations.scratch.MOST_FOUND", 2)
    scratch, worked = Scratch(engine_of(engine)), []

    def find(asked):
        return scratch.remembered(asked, lambda: worked.append(asked) or f"of {asked}")

    assert [find(asked) for asked in "aaba"] == ["of a", "of a", "of b", "of a"]
    assert worked == ["a", "b"]
    assert [find("c"), find("a")] == ["of c", "of a"]
    assert worked == ["a", "b", "c", "a"]
