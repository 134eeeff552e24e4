"""A loaded journey answers as the saved one did."""

from __future__ import annotations

import datetime as dt

import attrs
import ibis
import networkx as nx
import polars as pl
import pyarrow as pa
import pytest
from tests.logs import observe_days

import journeykit as jk
from journeykit.engines.attached import Attached, new_file
from journeykit.engines.embedded import connect_embedded
from journeykit.engines.engine import Engine
from journeykit.testing.cases import day, fixed_cases
from journeykit.testing.observing import observe_input

pytestmark = pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")

USE = jk.Lifecycle(
    "use",
    stages=["signup", jk.Stage("left", kind="exit")],
    touchpoints={"first_login": "signup", "cancelled": "left"},
)


@pytest.fixture
def journey():
    """Three customers with attributes of their own, their names as unkind as names get."""
    with observe_days(
        {
            "NA": {0: {"touchpoint": "page_view", "channel": 'web "x"'}, 3: "account_created"},
            "": {0: "page_view"},
            "o'neil;--": {1: ["page_view", "support_call"], 2: "first_login", 9: "no such name"},
            "ana": {
                2: {"touchpoint": "page_view", "by:0:Æ": "N"},
                5: {"touchpoint": "cancelled", "by:0:Æ": "s"},
            },
        },
        customers={
            "ana": {"tier": 1.5, "since": day(0), "target_stage": "signup"},
            "NA": {"tier": None, "since": None, "target_stage": None},
        },
    ) as made:
        yield made


@pytest.fixture
def path(tmp_path):
    """A place for a journey whose folder has a name that SQL could misread."""
    folder = tmp_path / 'it\'s "a" folder; --'
    folder.mkdir()
    return folder / "journey.jkt"


def told(journey):
    """Give all that a journey holds, row by row: whatever is asked of it follows from that."""
    relations = {name: getattr(journey, name) for name in ("steps", "visits", "customers")}
    rows = {
        name: journey.scratch.rows_of(one.order_by([one[column] for column in one.columns]))
        for name, one in relations.items()
    }
    facts = (journey.lifecycle, journey.as_of, journey.idle, journey.counts, journey.rules)
    return facts, journey.touchpoint_names, {name: one.columns for name, one in relations.items()}, rows


def answers(journey):
    """Ask a journey everything."""
    graph = journey.graph()
    ids = ["ana", "NA", "o'neil;--"]
    return {
        "answers": [ask(journey) for ask in (jk.transitions, jk.drop_offs, jk.last_touchpoints, jk.gaps)],
        "groups": [jk.drop_offs(journey, by=by) for by in ("tier", "since", "channel", "by:0:Æ")],
        "graph": (nx.to_dict_of_dicts(graph), dict(graph.nodes(data=True)), graph.graph),
        "traces": [jk.trace(journey, one).steps for one in ids],
    }


def test_a_hard_case_is_kept_to_the_row(tmp_path):
    """Ties, loops, shared and unmapped touchpoints: what was settled when it was observed stays settled."""
    for case in fixed_cases()[::4]:
        with observe_input(case) as journey:
            journey.save(tmp_path / "journey.jkt")
            with jk.load(tmp_path / "journey.jkt", verify=True) as loaded:
                assert told(loaded) == told(journey), case.name


def test_a_journey_is_loaded_after_its_log_is_closed(journey, path):
    """That is what a file is for: the events may be gone."""
    before = answers(journey)
    journey.save(path)
    journey.close()
    journey.log.close()

    with jk.load(path) as loaded:
        assert answers(loaded) == before


def test_ids_and_attributes_keep_their_types(tmp_path):
    """The customer 7 is asked for as 7, and a group of 2.50 is not one of "2.50"."""
    source = pa.table(
        {
            "customer": pa.array([7, 7, 8], pa.int64()),
            "timestamp": [day(0), day(1), day(2)],
            "touchpoint": ["page_view", "account_created", "page_view"],
            "price": pa.array(["2.50", "2.50", "3.00"]).cast(pa.decimal128(10, 2)),
            "born": pa.array([dt.date(2000, 1, 1)] * 3),
            "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
        }
    )
    roles = {name: name for name in ("customer", "timestamp", "touchpoint")}
    log = jk.events(source, **roles, attributes=["price", "born", "kind"])
    with jk.observe(log, fixed_cases()[0].lifecycle) as journey:
        journey.save(tmp_path / "journey.jkt")
        with jk.load(tmp_path / "journey.jkt") as loaded:
            for by in ("price", "born", "kind"):
                assert jk.drop_offs(loaded, by=by) == jk.drop_offs(journey, by=by)
            assert jk.trace(loaded, 7).steps == jk.trace(journey, 7).steps


def test_a_loaded_journey_is_saved_again_onto_its_own_file(journey, path):
    """It reads from the file that it replaces."""
    before = told(journey)
    journey.save(path)
    with jk.load(path) as loaded:
        loaded.save(path)

        assert told(loaded) == before
        with jk.load(path, verify=True) as again:
            assert (told(again), again.log.name) == (before, journey.log.name)


def test_one_customer_is_saved_alone(journey, path):
    """A trace holds a journey, too."""
    traced = jk.trace(journey, "ana")
    traced.journey.save(path)

    with jk.load(path) as loaded:
        assert (loaded.counts, jk.transitions(loaded)) == (
            traced.journey.counts,
            jk.transitions(traced.journey),
        )


def test_two_journeys_of_one_log_are_loaded_side_by_side(journey, tmp_path):
    """Questions of two journeys need one engine, and the certainty that both are of one log."""
    other = jk.observe(journey.log, USE, as_of=journey.as_of)
    asked = jk.overlap(journey, other), jk.carry_over(journey, other, bridge="trial")
    journey.save(tmp_path / "one.jkt")
    other.save(tmp_path / "other.jkt")

    with jk.load(tmp_path / "one.jkt") as one, jk.load(tmp_path / "other.jkt", beside=one) as two:
        assert (jk.overlap(one, two), jk.carry_over(one, two, bridge="trial")) == asked
    with jk.load(tmp_path / "other.jkt", beside=journey) as two:
        assert jk.overlap(journey, two) == asked[0]


def test_a_journey_of_another_log_is_not_put_beside_one(journey, tmp_path):
    """Their customers may have the same ids by chance."""
    with observe_days({"ana": {0: "page_view"}}) as stranger:
        stranger.save(tmp_path / "stranger.jkt")

    with pytest.raises(
        jk.EventLogError, match=r"stranger.jkt' is not of the log of beside=, which is the py"
    ):
        jk.load(tmp_path / "stranger.jkt", beside=journey)


def test_what_can_not_be_beside_a_journey_is_refused(journey, path):
    """Each with the way out, and before the file is looked at."""
    with pytest.raises(jk.EventLogError, match="beside= is a Journey, not EventLog"):
        jk.load(path, beside=journey.log)
    with pytest.raises(
        jk.EventLogError, match="threads= can't be said with beside=: the engine is that of the"
    ):
        jk.load(path, beside=journey, threads=1)
    with pytest.raises(jk.EventLogError, match="memory_limit='lots' is no size such as '4GB'"):
        jk.load(path, memory_limit="lots")
    journey.close()
    with pytest.raises(jk.EngineError, match="the journey is closed"):
        jk.load(path, beside=journey)


def test_the_limits_are_those_of_the_engine(journey, path):
    """A journey of a hundred million events is asked on a laptop, too."""
    journey.save(path)
    with jk.load(path, memory_limit="300MB", threads=1) as loaded:
        found = loaded.log.backend.con.execute(
            "SELECT current_setting('threads'), current_setting('memory_limit')"
        )
        assert found.fetchone() == (1, "286.1 MiB")


def test_the_log_of_a_loaded_journey_has_names_and_no_events(journey, path):
    """Whoever asks for the events learns where they are."""
    journey.save(path)
    with jk.load(path) as loaded:
        log = loaded.log
        said = (log.name, log.columns, log.attributes, log.timezone, log.uid)

        assert said == tuple(
            getattr(journey.log, name) for name in ("name", "columns", "attributes", "timezone", "uid")
        )
        assert repr(log) == f"SavedLog(the pyarrow frame, in {str(path)!r})"
        with pytest.raises(
            jk.EventLogError, match=r"check: the saved journey .* holds no events: open the source"
        ):
            log.check(loaded.lifecycle)
        assert (hasattr(log, "events"), hasattr(log, "nonsense")) == (False, False)
        with pytest.raises(jk.EventLogError, match=r"a log is what jk.events\(...\) returns, not SavedLog"):
            jk.observe(log, loaded.lifecycle)


def test_a_closed_journey_lets_go_of_its_file(journey, path):
    """And says what it is; closing it again, or its log, does nothing."""
    journey.save(path)
    with jk.load(path) as loaded, jk.load(path, beside=loaded) as other:
        other.close()
        other.close()

        assert len(attached(loaded.log.backend.con)) == 1
        with pytest.raises(jk.EngineError, match="the journey is closed"):
            jk.drop_offs(other)
        with pytest.raises(jk.EngineError, match="the journey is closed"):
            other.save(path)
    assert attached(loaded.log.backend.con) == []
    loaded.log.close()
    loaded.log.close()


def test_a_journey_that_lost_rows_on_the_way_is_not_saved(journey, path):
    """Whatever ate them: yesterday's file is better."""
    journey.save(path)
    few = attrs.evolve(journey, observed=attrs.evolve(journey.observed, steps=journey.steps.limit(3)))

    with pytest.raises(jk.EngineError, match="DuckDB wrote 3 of 8 rows of steps"):
        few.save(path)
    with jk.load(path) as loaded:
        assert loaded.counts == journey.counts


def test_nothing_stays_attached_to_the_callers_engine(path):
    """The connection is theirs: it is as it was, also after an error."""
    engine = ibis.duckdb.connect()
    rows = {"customer": ["ana"], "timestamp": [day(0)], "touchpoint": ["page_view"]}
    table = engine.create_table("mine", pa.table(rows))
    with jk.observe(jk.events(table, **{name: name for name in rows}), fixed_cases()[0].lifecycle) as journey:
        journey.save(path)
        assert attached(engine.con) == []
        with pytest.raises(FileNotFoundError):
            journey.save(path.parent / "nowhere" / "journey.jkt")
        engine.con.execute("BEGIN; CREATE TABLE more AS SELECT 1 AS n")
        with pytest.raises(jk.EngineError, match=r"transaction going on: commit it or roll it back first"):
            journey.save(path)
        engine.con.execute("COMMIT")
        assert (attached(engine.con), engine.con.execute("FROM more").fetchall()) == ([], [(1,)])


def test_rows_of_another_engine_come_in_parts(tmp_path, monkeypatch):
    """A warehouse has no DuckDB file: its rows go through memory, those of some customers at a time."""
    monkeypatch.setattr("journeykit.engines.attached.SLICE", 2)
    rows = pa.table({"customer": range(5), 'by:0:Æ "x"': ["a", None, "c", "d", "e"], "n": [1.5] * 5})
    polars = Engine(ibis.polars.connect({"mine": pl.from_arrow(rows)}))
    mine = polars.backend.table("mine")

    with new_file(polars, tmp_path / "some.jkt") as file:
        file.pour("some", mine, polars)
        file.pour("none", mine.filter(mine.customer > 9), polars)

        assert file.sizes() == {"some": 5, "none": 0}
        found = file.engine.arrow(file.table("some").order_by("customer"))
    assert found.to_pylist() == rows.to_pylist()


def test_many_rows_of_another_engine_are_all_there_at_once(tmp_path):
    """DuckDB hides what is inserted by the hundred thousand into a table that the same transaction made."""
    rows = pl.DataFrame({"customer": range(200_000)})
    polars = Engine(ibis.polars.connect({"mine": rows}))

    with new_file(polars, tmp_path / "some.jkt") as file:
        file.pour("some", polars.backend.table("mine"), polars)
        before = file.checksum("some")
        file.finish()
        assert (file.checksum("some"), before[0]) == (before, 200_000)


def test_an_engine_that_loses_rows_is_found_out(tmp_path, monkeypatch):
    """A journey without some of its customers would look like any other."""
    rows = pa.table({"customer": [0, 1, 2]})
    polars = Engine(ibis.polars.connect({"mine": pl.from_arrow(rows)}))
    asked = polars.arrow
    monkeypatch.setattr(polars, "arrow", lambda rows: asked(rows.limit(2)))

    with (
        pytest.raises(jk.EngineError, match="polars gave 2 of 3 rows, though they never change"),
        new_file(polars, tmp_path / "some.jkt") as file,
    ):
        file.pour("some", polars.backend.table("mine"), polars)


def test_the_file_is_one_that_the_oldest_duckdb_reads(journey, path):
    """Saved on one machine, loaded on another, which need not have the same DuckDB."""
    journey.save(path)
    engine = connect_embedded()
    file = Attached(engine, path, "READ_ONLY")
    asked = "SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name LIKE 'journeykit%'"

    assert file.run(asked) == [("v1.5.0+",)]
    engine.close()


def attached(connection):
    """List the databases of ours that are attached to a connection."""
    names = connection.execute("SELECT database_name FROM duckdb_databases()").fetchall()
    return [name for (name,) in names if name.startswith("journeykit_")]
