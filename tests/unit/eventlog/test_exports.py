"""`events(format=...)`: what a reader is given, what it may answer, and what becomes of that."""

from __future__ import annotations

import warnings

import ibis
import pyarrow as pa
import pytest
from tests.plugged import manager_of, plugin

import journeykit as jk
from journeykit.errors import EventLogError, JourneykitWarning, PluginError, UnknownNameError
from journeykit.eventlog.writers import WriterRows

HEADER = "who,when,phase,by,why"
LINES = (
    "ana,2024-01-01,lead,import,",
    "ana,2024-01-02 6:05:00,lead,person,",
    "ana,2024-01-03,paid,person,",
    "ben,2024-01-01,lead,person,test_record",
    "ben,soon,lead,person,",
    "cat,2024-01-01,lead,,",
)
COLUMNS = {"customer": "who", "timestamp": "when", "stage": "phase", "writer": "by"}


@pytest.fixture
def export(written):
    """Write a small export."""

    def write(*lines, name="export.csv"):
        return written(name, "\n".join([HEADER, *(lines or LINES)]) + "\n")

    return write


@pytest.fixture
def read():
    """Open a source with a reader of format "acme", which answers as it is told."""
    logs = []

    def open_with(source, answer=None, *, reader=None, **given):
        def usual(tables, options):
            said = {"columns": COLUMNS, "aside": "why", "collapse": True} | (answer or {})
            return jk.Reading(events=tables[0].table, **said)

        made = jk.Reader("acme", title="Acme's export", read=reader or usual, options={"side": "which"})
        log = jk.events(source, format="acme", manager=manager_of(plugin(readers=lambda: [made])), **given)
        logs.append(log)
        return log

    yield open_with
    for log in logs:
        log.close()


quiet = pytest.mark.filterwarnings("ignore:.*set aside:journeykit.errors.JourneykitWarning")


@quiet
def test_a_reader_names_the_columns_and_says_what_is_no_event(export, read, rows_of):
    """Its reasons are counted beside ours, examples tell its columns, and all rows add up."""
    log = read(export())

    assert rows_of(log, log.events.select("customer", "stage", "writer")) == [
        ("ana", "lead", "import"),
        ("ana", "paid", "person"),
        ("cat", "lead", "unknown"),
    ]
    counts = log.counts()
    assert (counts.read, counts.used, counts.set_aside) == (6, 3, 3)
    assert counts.by_reason == {"test_record": 1, "unreadable_timestamp": 1, "same_stage": 1}
    assert counts.faults == {"unreadable_timestamp": 1}
    assert log.examples()["test_record"] == (
        "customer='ben', timestamp='2024-01-01', stage='lead', writer='person'",
    )
    assert {row["who"]: row["reason"] for row in log.rows_of(log.rejected) if row["when"] != "soon"} == {
        "ana": "same_stage",
        "ben": "test_record",
    }


@quiet
def test_unwanted_writers_are_set_aside_before_stages_are_compared(export, read, rows_of):
    """Whom an import called a lead, and a person, too, is a lead since the person said so."""
    log = read(export(), without_writers=["import", "unknown"])

    assert rows_of(log, log.events.select("customer", "time_us", "stage", "writer")) == [
        ("ana", 1704175500000000, "lead", "person"),
        ("ana", 1704240000000000, "paid", "person"),
    ]
    assert log.counts().by_reason == {
        "test_record": 1,
        "unreadable_timestamp": 1,
        "unwanted_writer": 2,
    }


@quiet
def test_a_check_counts_rows_by_writer(export, read):
    """How much of a history is people's is the first thing to know of it."""
    check = read(export(), without_writers=["import", "persons"]).check()

    assert check.writers == {
        "person": WriterRows(used=2, set_aside=2),
        "import": WriterRows(used=0, set_aside=1),
        "unknown": WriterRows(used=1, set_aside=0),
    }
    assert check.writers["person"].rows == 4
    assert "written by:\n  person: 2 used, 2 set aside\n  import: 0 used, 1 set aside" in str(check)
    assert (
        "no row was written by 'persons', but by 'person', 'import', 'unknown'. Was 'person' meant?"
        in check.notes
    )


@quiet
def test_an_ibis_table_gives_the_same_and_is_left_as_it_was(export, read, rows_of):
    """In a caller's engine nothing is laid out; what comes of it must not differ."""
    theirs = ibis.duckdb.connect()
    table = theirs.read_csv(str(export()), all_varchar=True)
    there = "select count(*) from duckdb_tables() union all select count(*) from duckdb_views()"
    before = theirs.con.execute(there).fetchall()

    for given in ({}, {"without_writers": ["import"]}, {"event_id": "by"}):
        log, ours = read(table, **given), read(export(), **given)
        assert log.counts() == ours.counts()
        assert rows_of(log, log.events) == rows_of(ours, ours.events)
        assert rows_of(log, log.rejected) == rows_of(ours, ours.rejected)
        assert log.check().writers == ours.check().writers

    assert theirs.con.execute(there).fetchall() == before


@quiet
def test_repeated_ids_go_before_stages_are_compared(export, read):
    """A repeated row is no second stay, and no first one either."""
    lines = ("ana,2024-01-01,lead,1,", "ana,2024-01-02,paid,1,", "ana,2024-01-03,lead,2,")

    log = read(export(*lines), event_id="by")

    assert log.counts().by_reason == {"repeated_event_id": 1, "same_stage": 1}
    assert log.counts().used == log.rows_of(log.events.aggregate(n=log.events.count()))[0]["n"] == 1


def test_only_faults_warn_and_only_faults_are_errors(export, read):
    """What nobody wants is no fault; a warning at every export would be read by nobody."""
    clean = [line for line in LINES if "soon" not in line]

    with warnings.catch_warnings():
        warnings.simplefilter("error", JourneykitWarning)
        assert read(export(*clean), strict=True, without_writers=["import"]).counts().set_aside == 2
        with pytest.raises(EventLogError) as error:
            read(export(), strict=True)

    assert str(error.value).split("\n")[1:] == [
        "  unreadable_timestamp: 1 row, such as",
        "    customer='ben', timestamp='soon', stage='lead', writer='person'",
    ]
    assert "1 of 6 rows can't be used (strict=True)" in str(error.value)


def test_a_readers_notes_are_warnings_that_point_at_the_caller(export, read):
    """Whoever reads the answer has to know that steps back are missing from it."""
    with pytest.warns(JourneykitWarning) as caught:
        read(export("ana,2024-01-01,lead,a,"), {"notes": ["steps back are lost", "b.csv was not used"]})

    ours = [one for one in caught if one.category is JourneykitWarning]
    texts = [str(one.message).rpartition(": ")[2] for one in ours]
    assert texts == ["steps back are lost", "b.csv was not used"]
    assert {one.filename for one in ours} == {__file__}


def test_what_the_caller_says_comes_before_what_the_reader_says(export, read, rows_of):
    """No reader knows every portal."""
    log = read(
        export("ana,2024-01-01 10:00,lead,a,"),
        {"timezone": "UTC", "attributes": ["why"]},
        stage="by",
        attributes=["phase"],
        timezone="Europe/Copenhagen",
    )

    assert log.columns == {"customer": "who", "timestamp": "when", "stage": "by", "writer": "by"}
    assert log.attributes == ("why", "phase")
    assert rows_of(log, log.events.select("stage", "time_us", "attribute:phase")) == [
        ("a", 1704099600000000, "lead")
    ]


@pytest.mark.parametrize(
    ("reader", "caller", "time_us"),
    [
        ({"timezone": "Europe/Copenhagen"}, {}, 1704063600000000),
        ({"timezone": "Europe/Copenhagen"}, {"timezone": "UTC"}, 1704067200000000),
        ({"timestamp_format": "%Y-%d-%m"}, {}, 1704067200000000),
        ({"timestamp_format": "%d"}, {"timestamp_format": "%Y-%m-%d"}, 1704067200000000),
        ({"timestamp_format": "%d"}, {"timestamp": "by"}, 1706745600000000),
    ],
)
def test_the_clocks_are_the_callers_then_the_readers(export, read, reader, caller, time_us):
    """UTC that is said is not UTC that nobody spoke of; a format is of the reader's own column."""
    log = read(export("ana,2024-01-01,lead,2024-02-01,"), reader, **caller)

    assert [row["time_us"] for row in log.rows_of(log.events)] == [time_us]


def test_a_readers_customers_come_along_unless_they_are_of_someone_else(export, read, written):
    """A table of contacts tells nothing of the accounts that a caller asks for."""
    source = export("ana,2024-01-01,lead,acme,")

    def reader(tables, _):
        events = tables[0].table
        told = events.select("who", stored_stage=events.phase).distinct()
        return jk.Reading(events=events, columns=COLUMNS, customers=told)

    theirs = written("known.csv", "who,tier\nana,gold\n")
    assert read(source, reader=reader).customer_columns == ("stored_stage",)
    assert read(source, reader=reader, customers=theirs).customer_columns == ("tier",)
    assert read(source, reader=reader, customer="by").customers is None


SOURCES = {
    "a file": ("a.csv", ["a.csv"]),
    "a pattern": ("*.csv", ["a.csv", "b.csv"]),
    "a pattern over folders": ("**/*.csv", ["a.csv", "b.csv", "deeper/c.csv"]),
    "a folder": ("", ["a.csv", "b.csv", "d.jsonl"]),
    "kinds together": ("[bd].*", ["b.csv", "d.jsonl"]),
}


@pytest.mark.parametrize(("pattern", "names"), SOURCES.values(), ids=SOURCES)
def test_each_file_is_a_table_of_its_own(written, read, pattern, names):
    """Tables of several shapes lie in one folder, and each CSV has its own delimiter."""
    top = written("a.csv", "who,when\nana,2024-01-01\n").parent
    written("b.csv", "who;when\nben;2024-01-01\n")
    written("deeper/c.csv", "who,when\ncat,2024-01-01\n")
    written("d.jsonl", '{"who": "dan", "when": "2024-01-01"}\n')
    written(".hidden.csv", "nothing\n")
    written("LICENSE", "nothing")
    seen = {}

    def reader(tables, _):
        seen.update({table.name: table.table.columns for table in tables})
        return jk.Reading(
            events=tables[0].table, columns={"customer": "who", "timestamp": "when", "stage": "who"}
        )

    read(str(top / pattern) if pattern else top, reader=reader)

    assert seen == dict.fromkeys(names, ("who", "when"))


def test_frames_are_tables_too(read):
    """An export may have been read already."""
    frame = pa.table({"who": ["ana"], "when": ["2024-01-01"], "phase": ["lead"], "by": [None], "why": [None]})

    for source in (frame, ibis.memtable(frame)):
        assert read(source).counts().used == 1


def test_a_folder_without_a_file_that_can_be_read_says_which_could(written, read):
    """An export is unpacked into a folder of its own; the folder above it is chosen by mistake."""
    folder = written("deeper/LICENSE", "nothing").parent

    with pytest.raises(EventLogError, match=r"holds no file that can be read. Known endings: .csv, .tsv"):
        read(folder)


def raises(error):
    """Make a reader that fails."""

    def reader(tables, options):
        raise error

    return reader


def answers(change):
    """Make a reader whose answer is changed."""

    def reader(tables, options):
        usual = {"events": tables[0].table, "columns": COLUMNS, "aside": "why"}
        return jk.Reading(**(usual | change(tables[0].table)))

    return reader


WRONG = {
    "an exception": (raises(KeyError("phase")), "KeyError: 'phase'"),
    "an exit": (raises(SystemExit(1)), "SystemExit: 1"),
    "no reading": (lambda *_: None, "it returned None, which is no `Reading`"),
    "no table": (
        answers(lambda _: {"events": [1]}),
        "`Reading.events` must be an Ibis table, and `Reading.columns` a mapping",
    ),
    "a column there isn't": (
        answers(lambda _: {"columns": COLUMNS | {"stage": "phases"}}),
        "its table has no column 'phases' (stage=), nearest 'phase'",
    ),
    "a parameter there isn't": (
        answers(lambda _: {"columns": COLUMNS | {"stages": "phase"}}),
        "`events` has no parameter 'stages', nearest 'stage'",
    ),
    "an attribute there isn't": (
        answers(lambda _: {"attributes": ["zzz"]}),
        "its table has no column 'zzz' (attributes), only who, when, phase, by, why",
    ),
    "reasons that are no text": (
        answers(lambda table: {"events": table.mutate(why=table.why.notnull())}),
        "column 'why' (aside) holds boolean, not text",
    ),
    "a time zone there isn't": (
        answers(lambda _: {"timezone": "Europe/Copenhagn"}),
        "no time zone named 'Europe/Copenhagn' in the tz database. Did you mean 'Europe/Copenhagen'?",
    ),
    "another engine": (
        answers(lambda _: {"events": ibis.duckdb.connect().create_table("t", pa.table({"who": ["ana"]}))}),
        "`Reading.events` is not made of the tables it was given, but lives on an engine of its own",
    ),
    "customers that are no table": (
        answers(lambda _: {"customers": "known.csv"}),
        "`Reading.customers` must be an Ibis table, not 'known.csv'",
    ),
    "customers without a name": (
        answers(lambda table: {"customers": table.select(person="who")}),
        "`Reading.customers` has no column 'who' (customer=), only person",
    ),
}


@pytest.mark.parametrize(("reader", "cause"), WRONG.values(), ids=WRONG)
def test_what_a_reader_does_wrong_names_its_plugin_and_format(export, read, reader, cause):
    """The person with the traceback is not the one who wrote the reader."""
    with pytest.raises(PluginError) as error:
        read(export(), reader=reader)

    assert (error.value.plugin, error.value.hook) == ("Acme", "journeykit_readers")
    assert error.value.cause.startswith(f"reader of format 'acme': {cause}")


def test_what_is_wrong_with_the_export_is_the_readers_to_say(export, read):
    """An error of ours passes as it is: the plugin did not fail, the file did."""
    with pytest.raises(EventLogError, match="this is an export of last year's format"):
        read(export(), reader=raises(EventLogError("this is an export of last year's format")))


def test_a_reader_with_a_reason_for_each_row_is_stopped(written, read):
    """A reason that differs from row to row is data, and would bring every row into Python."""
    lines = [f"c{number},2024-01-01,lead,a,reason_{number}" for number in range(1_100)]
    log = read(written("export.csv", "\n".join([HEADER, *lines]) + "\n"))

    with pytest.raises(EventLogError, match="more than 1,000 different reasons"):
        log.counts()


def test_names_are_looked_up_and_the_nearest_is_told(export, read):
    """A format and its options are typed from memory."""
    with pytest.raises(
        UnknownNameError, match=r"no option named 'sid' in the reader of 'acme'. Did you mean 'side'"
    ):
        read(export(), options={"sid": "left"})
    with pytest.raises(EventLogError, match="options: 'side' must be text, not 1"):
        read(export(), options={"side": 1})
    with pytest.raises(UnknownNameError, match=r"no reader of format named 'hubspt'. Did you mean 'hubspot'"):
        jk.events(export(), format="hubspt", manager=manager_of())


def test_two_readers_of_one_format_are_an_error_that_names_both(export):
    """Which of them reads must not depend on what was installed first."""
    made = jk.Reader("acme", title="Acme", read=lambda *_: None)
    manager = manager_of(plugin("One", readers=lambda: [made]), plugin("Two", readers=lambda: [made]))

    with pytest.warns(JourneykitWarning), pytest.raises(PluginError, match=r"(?s)acme.*One") as error:
        jk.events(export(), format="acme", manager=manager)

    assert "Two" in str(error.value)


MISSING = {
    "no customer": ({"timestamp": "when", "stage": "phase"}, r"name a column for customer=: who, and when\?"),
    "neither": ({"stage": "phase"}, r"name a column for customer= and for timestamp=: .*or say format="),
    "nothing happened": ({"customer": "who", "timestamp": "when"}, r"touchpoint=, for stage=, or for both"),
    "options for nobody": (
        {"customer": "who", "timestamp": "when", "stage": "phase", "options": {"a": "b"}},
        "options= are for a reader: say which one with format=",
    ),
    "writers of no column": (
        {"customer": "who", "timestamp": "when", "stage": "phase", "without_writers": ["import"]},
        "without_writers= needs writer=",
    ),
    "writers as one text": (
        {
            "customer": "who",
            "timestamp": "when",
            "stage": "phase",
            "writer": "by",
            "without_writers": "import",
        },
        r"without_writers='import' is one text: give a list of names",
    ),
}


@pytest.mark.parametrize(("given", "message"), MISSING.values(), ids=MISSING)
def test_without_a_format_the_columns_have_to_be_named(export, given, message):
    """Nothing is guessed; the message says what to say."""
    with pytest.raises(EventLogError, match=message):
        jk.events(export(), **given)


def test_a_reader_that_names_no_customer_leaves_it_to_the_caller(export, read):
    """A table that is of anything has a column that only its owner knows."""
    columns = {name: column for name, column in COLUMNS.items() if name != "customer"}

    with pytest.raises(
        EventLogError, match=r"customer=: who, and when\? \(the reader of 'acme' names none\)"
    ):
        read(export(), {"columns": columns})
    assert read(export("ana,2024-01-01,lead,a,"), {"columns": columns}, customer="who").counts().used == 1


@quiet
def test_a_writer_can_be_named_without_a_reader(export):
    """Any table may say who wrote its rows."""
    log = jk.events(
        export(), customer="who", timestamp="when", stage="phase", writer="by", without_writers=["import"]
    )

    with log:
        assert log.counts().by_reason == {"unreadable_timestamp": 1, "unwanted_writer": 1}
        assert log.check().writers["import"] == WriterRows(used=0, set_aside=1)
        assert "writer" in log.events.columns


def test_a_reader_that_fails_leaves_no_engine_open(export, read, monkeypatch):
    """A notebook tries ten times."""
    closed = []
    monkeypatch.setattr("ibis.backends.duckdb.Backend.disconnect", lambda *given: closed.append(given))

    with pytest.raises(PluginError):
        read(export(), reader=lambda *_: None)

    assert len(closed) == 1


@pytest.mark.parametrize("source", ["empty.csv", "./empty.csv", "folder", "*.csv"])
def test_a_file_is_called_as_the_caller_calls_it(read, tmp_path, monkeypatch, source):
    """Without a format it is; an absolute path in one of two messages looks like another file."""
    (tmp_path / "folder").mkdir()
    for name in ("empty.csv", "folder/empty.csv"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)

    with pytest.raises(EventLogError) as caught:
        read(source)

    said = {"folder": "folder/empty.csv", "*.csv": "empty.csv"}.get(source, source)
    assert str(caught.value).startswith(f"{said!r} is empty")
