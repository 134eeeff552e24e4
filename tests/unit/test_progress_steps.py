"""How far `observe` and `save` have come: their steps by name, and whoever gives up in one."""

from __future__ import annotations

import ibis
import pytest
from tests.logs import event_rows, frame

import journeykit as jk
from journeykit.testing.cases import trial_lifecycle

OBSERVING = [
    "reading rows", "reading names", "ordering events", "cutting visits", "describing customers",
    "counting ends", "counting moves",
]  # fmt: skip
LISTS = ["writing lists"]
ROWS = ["writing steps", "writing visits", "writing ends"]
SAVING = ["writing customers", "adding checksums"]


@pytest.fixture
def log():
    """Three events, in a DuckDB of the caller's own."""
    backend = ibis.duckdb.connect()
    rows = event_rows({"ana": {0: "page_view", 1: "account_created"}, "ben": {3: "page_view"}})
    yield opened(backend.create_table("events", frame(rows)))
    backend.disconnect()


def opened(table, **more):
    """Open a log; with attributes of events its journey is kept as rows, without them as lists."""
    return jk.events(table, customer="customer", timestamp="timestamp", touchpoint="touchpoint", **more)


def held(log):
    """Name everything that the engine holds."""
    return log.backend.con.execute("select table_name from duckdb_tables() order by 1").fetchall()


@pytest.mark.parametrize(
    ("more", "kept", "sizes"),
    [({}, LISTS, [3]), ({"attributes": ["touchpoint"]}, ROWS, [3, 3, 3])],
    ids=["lists", "rows"],
)
def test_observe_and_save_tell_their_steps(log, tmp_path, more, kept, sizes):
    """The names are promised: a program shows them in its own language."""
    told, log = [], opened(log.source, **more)

    with jk.observe(log, trial_lifecycle(), progress=told.append) as journey:
        journey.save(tmp_path / "journey.jkt", progress=told.append)

    begun = list(dict.fromkeys(now.step for now in told))
    ended = [now.step for now in told if now.fraction == 1]
    assert (begun, ended) == (OBSERVING + kept + SAVING, OBSERVING + kept + SAVING)
    assert [now.rows for now in told if now.fraction == 1] == [None, 3, 3, 3, 2, 3, 3, *sizes, 2, 9]


@pytest.mark.parametrize("step", OBSERVING)
def test_a_listener_that_raises_leaves_nothing_of_the_journey(log, step):
    """Whoever gives up in a service has the service go on: its engine as it was, its log usable."""
    before = held(log)

    def give_up(now):
        if (now.step, now.fraction) == (step, 1):
            raise TimeoutError("enough")

    with pytest.raises(TimeoutError, match="enough"):
        jk.observe(log, trial_lifecycle(), progress=give_up)

    assert held(log) == before
    with jk.observe(log, trial_lifecycle()) as journey:
        assert journey.counts.events == 3


@pytest.mark.parametrize("step", LISTS + SAVING)
def test_a_listener_that_raises_leaves_the_file_as_it_was(log, tmp_path, step):
    """Half a journey is worse than yesterday's."""
    path = tmp_path / "journey.jkt"

    def give_up(now):
        if (now.step, now.fraction) == (step, 0):
            raise TimeoutError("enough")

    with jk.observe(log, trial_lifecycle()) as journey:
        journey.save(path)
        saved = path.read_bytes()
        with pytest.raises(TimeoutError, match="enough"):
            journey.save(path, progress=give_up)

    assert path.read_bytes() == saved
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_listener_is_refused_before_the_work(log):
    """The error names what would have done."""
    with pytest.raises(jk.EventLogError, match="progress is a function"):
        jk.observe(log, trial_lifecycle(), progress=True)


def test_a_closed_log_says_so_whoever_listens(log):
    """Counting how far it is must not be the first to fail, in words of the engine."""
    log.backend.disconnect()

    with pytest.raises(jk.EngineError, match="closed"):
        jk.observe(log, trial_lifecycle(), progress=print)
