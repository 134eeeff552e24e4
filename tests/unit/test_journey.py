"""Observing a log: when, how patiently, and what is left behind."""

from __future__ import annotations

import datetime as dt
import gc
import subprocess
import sys
import warnings

import attrs
import ibis
import pytest
from tests.logs import event_rows, frame, log_of, observe_days

import journeykit as jk
from journeykit.testing.cases import day, trial_lifecycle

QUESTIONS = (jk.transitions, jk.drop_offs, jk.last_touchpoints, jk.gaps)
HISTORIES = {"ana": {0: "page_view", 1: "zz", 2: "account_created"}, "ben": {3: "page_view"}}


@pytest.fixture(scope="module")
def log():
    """Four events of two customers on the first four days of 2024."""
    return log_of(HISTORIES)


# --- as_of and idle


def test_as_of_is_the_newest_usable_event_unless_told():
    """An export of last month is seen as of then. What can't be used says nothing of when it was made."""
    rows = [
        *event_rows(HISTORIES),
        {"customer": None, "timestamp": day(90), "touchpoint": "page_view"},
        {"customer": "ana", "timestamp": dt.datetime(9999, 12, 31, tzinfo=dt.UTC), "touchpoint": "page_view"},
    ]
    log = jk.events(frame(rows), customer="customer", timestamp="timestamp", touchpoint="touchpoint")

    with pytest.warns(jk.JourneykitWarning, match="2 of 6 rows are set aside"):
        journey = jk.observe(log, trial_lifecycle())

    assert (journey.as_of, journey.counts.events) == (day(3), 4)


@pytest.mark.parametrize(
    "as_of",
    [
        "2024-01-03",
        "2024-01-03T01:00:00+01:00",
        day(2).replace(tzinfo=None),
        dt.datetime(2024, 1, 2, 19, tzinfo=dt.timezone(dt.timedelta(hours=-5))),
    ],
    ids=["date", "text with an offset", "naive", "aware"],
)
def test_as_of_is_utc_however_it_is_said(log, as_of):
    """A cut-off that moves with the reader's clock moves customers from open to lost. That very instant
    counts.
    """
    journey = jk.observe(log, trial_lifecycle(), as_of=as_of)

    assert (journey.as_of, journey.as_of.tzinfo, journey.counts) == (
        day(2), dt.UTC, jk.Counts(events=3, later=1, unmapped=1, customers=1, unplaced=0, visits=2),
    )  # fmt: skip


def test_an_as_of_before_the_first_event_is_an_error(log):
    """An empty answer would look like an empty business: a misspelt year is the usual reason."""
    with pytest.raises(jk.EventLogError) as caught:
        jk.observe(log, trial_lifecycle(), as_of="2023-01-03 18:00")

    assert str(caught.value) == "no event by as_of=2023-01-03 18:00: the first is of 2024-01-01 00:00"


@pytest.mark.parametrize("text", ["yesterday", "31-12-2024", ""])
def test_an_as_of_that_is_no_date_is_an_error(log, text):
    """Day first or month first: nobody guesses."""
    with pytest.raises(jk.EventLogError) as caught:
        jk.observe(log, trial_lifecycle(), as_of=text)

    assert str(caught.value) == (
        f"as_of: {text!r} is no ISO 8601 date or time, such as '2024-12-31T18:00:00+01:00'"
    )


@pytest.mark.parametrize(
    ("idle", "told"),
    [
        ("0 days", "0 days"),
        (dt.timedelta(days=-1), "minus 1 day"),
        (dt.timedelta(days=999_999), "999999 days"),
    ],
)
def test_patience_must_be_longer_than_0_and_shorter_than_history(log, idle, told):
    """Without any, whoever was here a moment ago is lost; a lifecycle's own idle keeps the same rule."""
    with pytest.raises(jk.EventLogError) as caught:
        jk.observe(log, trial_lifecycle(), idle=idle)

    assert str(caught.value) == f"idle: must be longer than 0 and at most 109500 days, not {told}"


def test_a_patience_that_is_no_duration_is_an_error(log):
    """A month has no fixed length."""
    with pytest.raises(ValueError, match="'1 month' is no duration"):
        jk.observe(log, trial_lifecycle(), idle="1 month")


def crowd(last):
    """A thousand customers within two days, and one event on day *last*."""
    return {f"c{number}": {2 * number / 999: "page_view"} for number in range(1000)} | {
        "late": {last: "page_view"}
    }


def test_a_newest_event_that_stands_alone_warns():
    """One slip in a date, and everybody else looks silent for years. The message has a way out."""
    log = log_of(crowd(12.5))

    with pytest.warns(jk.JourneykitWarning) as caught:
        jk.observe(log, trial_lifecycle())

    told = [(str(one.message), one.filename) for one in caught if one.category is jk.JourneykitWarning]
    assert told == [
        (
            (
                "the newest event is of 2024-01-13 12:00, but 99.9 % of the events are not after "
                "2024-01-03 00:00: everyone silent since then counts as dropped. "
                "If the newest is a mistake, say as_of='2024-01-03 00:00'"
            ),
            __file__,
        )
    ]


@pytest.mark.parametrize(
    ("last", "settings"), [(12, {}), (12.5, {"idle": "11 days"}), (400, {"as_of": day(2)})]
)
def test_a_newest_event_within_patience_or_beyond_a_given_as_of_does_not_warn(last, settings):
    """A warning that is always there is not read."""
    log = log_of(crowd(last))

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", jk.JourneykitWarning)
        jk.observe(log, trial_lifecycle(), **settings)

    assert [one for one in caught if one.category is jk.JourneykitWarning] == []


def test_a_log_without_a_usable_row_is_an_error_that_says_why():
    """Nothing read is never "nobody was lost"."""
    rows = [{"customer": None, "timestamp": day(0), "touchpoint": "page_view"}]
    log = jk.events(frame(rows), customer="customer", timestamp="timestamp", touchpoint="touchpoint")

    with pytest.raises(jk.EventLogError, match="no row can be used"):
        jk.observe(log, trial_lifecycle())


# --- the value


def test_a_journey_is_frozen_and_is_only_itself(log):
    """Answers are kept beside the journey they are of: it may not change under them."""
    journey = jk.observe(log, trial_lifecycle())

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        journey.as_of = day(9)

    assert len({journey, journey, jk.observe(log, trial_lifecycle())}) == 2


def test_one_log_may_be_observed_more_than_once_at_a_time(log):
    """Two plans, or two dates, are compared side by side: neither sees the other's events."""
    early, late = (jk.observe(log, trial_lifecycle(), as_of=day(when)) for when in (1, 3))

    assert [len(jk.drop_offs(journey)) for journey in (late, early)] == [2, 1]


# --- what is left behind


@pytest.fixture
def engine():
    """A DuckDB of the caller's own, with their events in it."""
    backend = ibis.duckdb.connect()
    backend.create_table(
        "crm events", frame(event_rows({"ana": {0: {"touchpoint": "page_view", "plan": "a"}, 1: "zz"}}))
    )
    yield backend
    backend.disconnect()


def held(engine):
    """List everything that the engine holds."""
    found = engine.raw_sql(
        "select table_catalog, table_schema, table_name, table_type from information_schema.tables"
    )
    return sorted(found.fetchall())


def their_log(engine, **more):
    """Open the events where they are."""
    return jk.events(
        engine.table("crm events"), customer="customer", timestamp="timestamp", touchpoint="touchpoint",
        attributes=["plan"], **more,
    )  # fmt: skip


def ask_everything(journey):
    """Ask every question, as a whole and by group."""
    for question in QUESTIONS:
        question(journey)
        question(journey, by="plan")
    journey.graph()
    jk.trace(journey, "ana").graph()


def test_nothing_is_left_behind_in_a_callers_engine(engine):
    """A warehouse is somebody's house: after `with`, it is as it was, and still open."""
    before = held(engine)

    with jk.observe(their_log(engine), trial_lifecycle()) as journey:
        ask_everything(journey)
        during = held(engine)

    assert (held(engine), len(during) > len(before)) == (before, True)


def test_nothing_is_left_behind_of_a_second_source_either(engine):
    """The customers of a frame visit the caller's engine only as long as somebody holds the log."""
    before = held(engine)

    with (
        their_log(engine, customers=frame([{"customer": "ana", "tier": "x"}])) as log,
        jk.observe(log, trial_lifecycle()) as journey,
    ):
        jk.drop_offs(journey, by="tier")
    del log, journey
    gc.collect()

    assert held(engine) == before


def test_nothing_is_left_behind_when_observing_fails_half_way(engine):
    """The target stage is found unknown when the first relations are there already."""
    log = their_log(engine, customers=frame([{"customer": "ana", "target_stage": "pade"}]))
    before = held(engine)

    with pytest.raises(jk.UnknownNameError, match="no stage named 'pade'") as caught:
        jk.observe(log, trial_lifecycle())

    # The error is held, and with it all that it passed through: nothing goes by itself.
    assert (held(engine), caught.value.nearest) == (before, "paid")


def test_nothing_is_left_behind_when_the_callers_own_code_fails(engine):
    """`with` is for the day when something goes wrong."""
    before = held(engine)

    with pytest.raises(jk.UnknownNameError), jk.observe(their_log(engine), trial_lifecycle()) as journey:
        jk.drop_offs(journey, by="nothing like it")

    assert held(engine) == before


def test_nothing_is_left_behind_when_nobody_closes(engine):
    """`close` is optional: what nobody can ask any more is gone."""
    before = held(engine)
    journey = jk.observe(their_log(engine), trial_lifecycle())
    jk.drop_offs(journey, by="plan")

    del journey
    gc.collect()

    assert held(engine) == before


def test_closing_twice_does_nothing_and_a_question_after_it_is_a_readable_error(engine):
    """Notebooks run cells in any order."""
    journey = jk.observe(their_log(engine), trial_lifecycle())
    journey.close()
    journey.close()

    with pytest.raises(jk.EngineError, match="the journey is closed"):
        jk.drop_offs(journey)


def test_a_log_may_be_closed_before_its_journey():
    """Whoever closes in the order of opening must not be told off for it."""
    log = log_of(HISTORIES)
    journey = jk.observe(log, trial_lifecycle())
    log.close()

    journey.close()

    with pytest.raises(jk.EngineError, match="the journey is closed"):
        jk.drop_offs(journey)


def test_a_program_that_closes_nothing_ends_in_silence():
    """A script's last words should be its own."""
    script = (
        "import datetime as dt, pyarrow as pa, journeykit as jk\n"
        "rows = pa.table({'c': ['a'], 't': [dt.datetime(2024, 1, 1)], 'p': ['x']})\n"
        "log = jk.events(rows, customer='c', timestamp='t', touchpoint='p')\n"
        "journey = jk.observe(log, jk.Lifecycle('one', stages=['s'], touchpoints={'x': 's'}))\n"
        "print(jk.drop_offs(journey)[0].visits)\n"
    )

    ended = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.stdout, ended.stderr, ended.returncode) == ("1\n", "", 0)


def test_everything_works_where_the_engine_may_not_be_written_to(tmp_path):
    """An analyst may read the warehouse and no more: what we make is temporary."""
    path = tmp_path / "crm.duckdb"
    writing = ibis.duckdb.connect(path)
    writing.create_table(
        "crm events", frame(event_rows({"ana": {0: {"touchpoint": "page_view", "plan": "a"}}}))
    )
    writing.disconnect()
    reading = ibis.duckdb.connect(path, read_only=True)

    with jk.observe(their_log(reading), trial_lifecycle()) as journey:
        ask_everything(journey)
    reading.disconnect()

    assert [one.name for one in tmp_path.iterdir()] == ["crm.duckdb"]


def test_names_of_the_callers_own_relations_are_not_ours_to_take(engine):
    """A warehouse has tables called steps and visits already."""
    for name in ("steps", "visits", "customers", "groups"):
        engine.create_table(name, frame([{"mine": 1}]))

    with jk.observe(their_log(engine), trial_lifecycle()) as journey:
        ask_everything(journey)

    assert [engine.table(name).columns for name in ("steps", "visits", "customers", "groups")] == [
        ("mine",)
    ] * 4


def test_observe_days_is_what_it_says():
    """The helper of these tests builds what they read: one event a day, on that day, at midnight UTC."""
    journey = observe_days({"ana": {0: "page_view", 1.5: ["zz", {"stage": "paid"}]}}, as_of=2, idle=3)

    rows = journey.log.source.to_pyarrow().to_pylist()
    assert (rows, journey.as_of, journey.idle_days) == (
        [
            {"customer": "ana", "timestamp": day(0), "touchpoint": "page_view", "stage": None},
            {"customer": "ana", "timestamp": day(1.5), "touchpoint": "zz", "stage": None},
            {"customer": "ana", "timestamp": day(1.5), "touchpoint": None, "stage": "paid"},
        ],
        day(2),
        3.0,
    )


def test_a_log_and_a_plan_without_a_name_in_common_draw_a_warning():
    """Forgetting to map the names is the likeliest mistake of a newcomer, and gives empty answers."""
    says = r"no event belongs to a stage of lifecycle 'trial'.* such as 'a', 'b'\. Teach it .*lifecycle\.map"

    with pytest.warns(jk.JourneykitWarning, match=says):
        journey = observe_days({"ana": {1: "b", 2: "a"}})

    assert (journey.counts.visits, journey.counts.unplaced) == (0, 1)


def test_what_is_no_log_and_no_plan_is_refused_at_the_door(log):
    """The id instead of the lifecycle is the first thing people try; no plugin is to blame for it."""
    with warnings.catch_warnings(action="error"):
        with pytest.raises(jk.EventLogError, match=r"not str: jk\.lifecycle\(...\) finds it by its id"):
            jk.observe(log, "gym")
        with pytest.raises(jk.EventLogError, match=r"what jk\.events\(...\) returns, not str"):
            jk.observe("events.csv", trial_lifecycle())


def test_a_question_asked_of_a_log_says_what_is_missing(log):
    """Observing is easily forgotten, and an attribute error would not say so."""
    asks = {
        **{question.__name__: question for question in (*QUESTIONS, jk.stored_stages)},
        "trace": lambda it: jk.trace(it, "ana"),
        "analyze": lambda it: jk.analyze("drop_offs", it),
        "overlap": lambda it: jk.overlap(it, it),
        "carry_over": lambda it: jk.carry_over(it, it),
        "report": lambda it: jk.report(it, "page.html"),
    }
    for name, ask in asks.items():
        with pytest.raises(jk.EventLogError) as caught:
            ask(log)
        assert "of a Journey, not of EventLog: observe a log" in str(caught.value), name


def test_a_log_in_a_systems_words_is_told_whose_names_are_installed():
    """Whoever opened an export of a known system need not write its names down."""
    log = log_of({"ana": {0: "Anruf"}})
    plan = trial_lifecycle()

    class Centre:
        @jk.hookimpl
        def journeykit_touchpoints(self, lifecycle):
            return {"centre": jk.Names(touchpoints={"Anruf": lifecycle.touchpoint_ids[0]})}

    manager = jk.make_manager(Centre(), entry_points=False)
    way = r"installed of centre: jk\.map_system\(lifecycle, 'centre'\), --map centre$"
    with pytest.warns(jk.JourneykitWarning, match=way), jk.observe(log, plan, manager=manager):
        pass
