"""What DuckDB says of a running query, and how it is stopped."""

from __future__ import annotations

import os
import signal
import threading
import time

import ibis
import pytest

from journeykit.engines import Title, connect_embedded, engine_errors, engine_of
from journeykit.engines.engine import Engine
from journeykit.engines.interrupts import interrupts_held_back, stopped_by_interrupt
from journeykit.errors import EngineError

SETTINGS = "select current_setting('enable_progress_bar'), current_setting('enable_progress_bar_print')"


@pytest.fixture
def engine():
    """Our own DuckDB."""
    own = connect_embedded()
    yield own
    own.close()


@pytest.fixture
def long():
    """A question of some seconds: nobody waits for its answer."""
    one, other = (
        ibis.range(rows).unnest().name(name).as_table() for name, rows in (("a", 100_000), ("b", 20_000))
    )
    pairs = one.cross_join(other)
    return pairs.group_by(k=pairs.a % 1000).aggregate(s=(pairs.a * pairs.b).sum())


def soon(do):
    """Do something while the main thread waits in a query."""
    timer = threading.Timer(0.3, do)
    timer.start()
    return timer


def test_duckdb_says_how_far_a_query_is_and_nothing_between_queries(engine):
    """What a bar shows of the one step that takes long."""
    numbers = engine.keep("numbers", ibis.range(1_000_000).unnest().name("a").as_table(), schema=None)
    window = ibis.window(group_by=numbers.a % 1_000, order_by=-numbers.a)
    told, ended = [], threading.Event()

    def look():
        while not ended.wait(0.005):
            told.append(fraction())

    with engine.watched() as fraction:
        before = fraction()
        looking = threading.Thread(target=look)
        looking.start()
        engine.keep("ordered", numbers.mutate(earlier=numbers.a.lag().over(window)), schema=None)
        ended.set()
        looking.join()
        after = fraction()

    assert (before, after) == (None, None)
    assert len({one for one in told if one is not None and 0 < one < 1}) > 1


def test_settings_of_the_callers_connection_are_as_before():
    """Their own bar is on after our work as it was before it, and draws nothing during it."""
    theirs = engine_of(ibis.duckdb.connect())
    connection = theirs.backend.con
    connection.execute("set enable_progress_bar = true")

    with theirs.watched():
        during = connection.execute(SETTINGS).fetchone()

    assert (during, connection.execute(SETTINGS).fetchone()) == ((True, False), (True, True))
    theirs.close()


def test_a_connection_that_went_away_is_no_second_error():
    """Whoever closes it hears of that from the query itself."""
    theirs = engine_of(ibis.duckdb.connect())

    with theirs.watched() as fraction:
        theirs.close()
        told = fraction()
    theirs.interrupt()

    assert told is None


def test_an_engine_that_says_nothing_is_asked_in_the_same_way():
    """Steps and their listeners must not differ by engine."""
    other = Engine(ibis.duckdb.connect())

    with other.watched() as fraction:
        told = fraction()
    other.interrupt()

    assert told is None
    other.close()


@pytest.mark.parametrize("how", ["keep", "arrow"])
def test_ctrl_c_stops_a_query_at_once(engine, long, how):
    """DuckDB 2.0 hears of it after seconds; 1.5 says it has stopped and goes on, and the next query waits."""
    ask = {
        "keep": lambda: engine.keep("journeykit_long", long, schema=None),
        "arrow": lambda: engine.arrow(long),
    }
    sent = []

    def press():
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        soon(press) and ask[how]()

    engine.drop("journeykit_long", schema=None)
    assert time.monotonic() - sent[0] < 0.5
    assert engine.backend.con.execute("select table_name from duckdb_tables()").fetchall() == []
    assert threading.active_count() == 1 + sum(thread.daemon for thread in threading.enumerate())


def test_a_handler_of_the_programs_own_decides():
    """A server that finishes its work after Ctrl-C must not have its query shot."""
    heard, stopped = [], []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))

    try:
        with stopped_by_interrupt(lambda: stopped.append(True)):
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)

    assert (heard, stopped) == ([signal.SIGINT], [])


def test_other_threads_have_no_signals():
    """Python delivers them to the main thread alone; elsewhere there is nothing to wait for."""
    done = []

    def work():
        with stopped_by_interrupt(lambda: None):
            done.append(threading.active_count())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert done == [threading.active_count() + 1]


def test_whoever_was_woken_by_signals_before_still_is():
    """Asyncio waits for signals in the same way, and Jupyter with it."""
    reads, writes = os.pipe()
    os.set_blocking(writes, False)
    before = signal.set_wakeup_fd(writes)
    try:
        with pytest.raises(KeyboardInterrupt), stopped_by_interrupt(lambda: None):  # noqa: PT012
            signal.raise_signal(signal.SIGINT)
            time.sleep(1)
        assert signal.set_wakeup_fd(before) == writes
    finally:
        signal.set_wakeup_fd(before)

    assert os.read(reads, 10) == bytes([signal.SIGINT])
    os.close(reads)
    os.close(writes)


def test_what_can_not_be_done_twice_is_done_before_the_interrupt():
    """Pandas, half loaded, can't be loaded again: the session would be of no more use."""
    done = []

    with pytest.raises(KeyboardInterrupt), interrupts_held_back():  # noqa: PT012
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)
        done.append(True)

    assert (done, signal.getsignal(signal.SIGINT)) == ([True], signal.default_int_handler)


def test_errors_of_duckdb_stay_errors(engine, long):
    """An interrupt that nobody pressed is a failure of the engine, and not a wish to leave."""
    ended = threading.Event()

    def interrupt():
        while not ended.wait(0.05):
            engine.interrupt()

    interrupting = threading.Thread(target=interrupt)
    interrupting.start()
    with pytest.raises(EngineError, match="Interrupted"), engine_errors(Title("log")):
        engine.arrow(long)
    ended.set()
    interrupting.join()
