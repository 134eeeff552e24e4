"""What is no saved journey, or is damaged, is refused when it is loaded, not when it is asked."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import duckdb
import pytest
from tests.logs import observe_days

import journeykit as jk


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A saved journey; tests copy it."""
    path = tmp_path_factory.mktemp("saved") / "journey.jkt"
    with observe_days({f"c{n}": {n: "page_view", n + 1: "account_created"} for n in range(50)}) as journey:
        journey.save(path)
    return path


@pytest.fixture
def path(saved, tmp_path):
    """A copy of a saved journey."""
    return shutil.copy(saved, tmp_path / "journey.jkt")


def refusal(path, **settings):
    """Load what is refused, and give the reason."""
    with pytest.raises(jk.SavedJourneyError) as raised:
        jk.load(path, **settings)
    assert raised.value.path == str(path)
    return raised.value.cause


def rewrite(path, *statements):
    """Change a file as somebody with DuckDB would."""
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)


def manifest(path):
    """Read the manifest as somebody with DuckDB would."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return json.loads(connection.execute("SELECT text FROM manifest").fetchone()[0])


def set_manifest(path, text):
    """Put another manifest in the place of the one that is there."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE manifest SET text = ?", [text])


def test_a_missing_file_is_named_with_the_one_that_may_be_meant(path):
    """A name is misspelt more often than a file is gone."""
    assert refusal(path.with_name("journy.jkt")) == (
        "is not there: journey.save(...) writes it. Did you mean 'journey.jkt'?"
    )
    assert refusal(path.parent / "nowhere" / "journey.jkt") == "is not there: journey.save(...) writes it"


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "is no saved journey: it is empty. journey.save(...) writes one"),
        (
            b"customer,timestamp\n" * 9,
            "is no saved journey: it is no DuckDB file. journey.save(...) writes one",
        ),
        (b"PAR1" + bytes(90), "is no saved journey: it is no DuckDB file. journey.save(...) writes one"),
    ],
)
def test_a_file_of_another_kind_is_refused(path, content, cause):
    """DuckDB would say less, and leave the way out to the reader."""
    path.write_bytes(content)

    assert refusal(path) == cause


def test_a_folder_is_refused(tmp_path):
    """As is a pipe, which would be waited for."""
    assert refusal(tmp_path) == "is no saved journey: that is one plain file"


def test_another_duckdb_database_is_refused(tmp_path):
    """So is one whose writing was stopped: the manifest is written last."""
    path = tmp_path / "shop.duckdb"
    rewrite(path, "CREATE TABLE orders AS SELECT 1 AS n")

    what = "no saved journey, or one that was not written to its end"
    assert refusal(path) == f"is a DuckDB database without a manifest: {what}"
    rewrite(path, "CREATE TABLE manifest AS SELECT 1 AS n")
    assert refusal(path) == "is no saved journey: its table 'manifest' is something else"


@pytest.mark.parametrize("share", [0.001, 0.01, 0.3, 0.6, 0.9, 0.9999])
def test_a_truncated_file_is_refused(path, share):
    """A copy that was cut off looks like a file."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])

    cause = refusal(path)
    assert cause.startswith("is damaged: "), cause
    assert cause.endswith("Save the journey again, or take the file from a backup")


def test_rot_is_found_wherever_it_is(saved, tmp_path):
    """Every block that holds anything is read when that is asked for, and no flip of a bit goes unnoticed."""
    content = saved.read_bytes()
    path = tmp_path / "journey.jkt"
    causes = []
    for place in range(12288 + 40, len(content), 262144):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        causes.append(refusal(path, verify=True)[:11])
    assert causes == ["is damaged:"] * len(causes)


def test_rows_that_are_missing_are_noticed_at_once(path):
    """Counting the rows of a file costs nothing."""
    rewrite(path, "CREATE TABLE fewer AS FROM lists LIMIT 48", "DROP TABLE lists")

    assert refusal(path).startswith("is damaged: its relation 'lists' is missing. Save")
    rewrite(path, "ALTER TABLE fewer RENAME TO lists")
    assert refusal(path).startswith("is damaged: its relation 'lists' has 48 rows in place of 50. Save")


def test_rows_that_differ_are_noticed_when_that_is_asked_for(path):
    """Checksums take a read of everything, and so are compared on request."""
    rewrite(path, "UPDATE lists SET ends = ends[:1] WHERE customer = 7")

    jk.load(path).close()
    assert refusal(path, verify=True).startswith("is damaged: the checksum of its relation 'lists' differs")


def test_checksums_of_another_duckdb_are_not_taken_for_damage(path):
    """How DuckDB hashes is its own affair; what it hashed to is kept beside the checksums."""
    told = manifest(path)
    relations = {name: {**one, "checksum": "0"} for name, one in told["relations"].items()}
    set_manifest(path, json.dumps({**told, "hashed": "0", "relations": relations}))

    with pytest.warns(
        jk.JourneykitWarning, match="every block can be read, but DuckDB .* makes other checksums"
    ):
        jk.load(path, verify=True).close()


def test_a_newer_format_is_refused(path):
    """With both ways out: a newer journeykit here, or an older one there."""
    set_manifest(path, json.dumps({"format": 3, "journeykit": "9.9", "anything": "else"}))

    assert refusal(path) == (
        "was saved by journeykit 9.9 in format 3, and journeykit 0.1.0 reads format 2: upgrade (pip install "
        "--upgrade journeykit), or observe and save the journey with this version"
    )


def test_an_older_format_is_refused(path):
    """No upgrade helps; observing anew does."""
    set_manifest(path, json.dumps({"format": 1, "journeykit": "0.1.0", "anything": "else"}))

    assert refusal(path) == (
        "was saved by journeykit 0.1.0 in format 1, and journeykit 0.1.0 reads format 2: observe and save "
        "the journey with this version"
    )


@pytest.mark.parametrize(
    "told", [{"stages": 3}, {"touchpoints": 10**6}, {"packed": False}, {"origin_us": 2**61}]
)
def test_lists_that_are_laid_down_for_something_else_are_refused(path, told):
    """Read by another layout, they would tell of other stages, at other times."""
    found = manifest(path)
    found["lists"]["moments"] |= told
    set_manifest(path, json.dumps(found))

    assert refusal(path).startswith("is damaged: its ")


def test_a_file_of_a_newer_duckdb_is_refused(path, monkeypatch):
    """Its own advice is a page long. None is newer than the one here, but its message is known."""

    def newer(*_):
        said = "Trying to read a database file with version number 99, but we can only read versions between"
        raise duckdb.IOException(said)

    monkeypatch.setattr("journeykit.saving.opening.open_file", newer)

    told = f"a newer DuckDB than the one here, {duckdb.__version__} (storage version 99)"
    assert refusal(path) == f"was written by {told}: pip install --upgrade duckdb"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', "null", '{"format": 2, "relations": 3}'])
def test_a_manifest_that_is_none_is_refused(path, text):
    """Whatever else it says."""
    set_manifest(path, text)

    assert refusal(path) == "is damaged: its manifest can't be read. Save the journey again"


@pytest.mark.parametrize("part", ["as_of", "counts", "log", "relations", "definition", "idle_us", "lists"])
def test_a_manifest_with_nonsense_in_it_is_refused(path, part):
    """Not by an error of Python's, three questions later."""
    set_manifest(path, json.dumps({**manifest(path), part: "nonsense"}))

    assert refusal(path) == "is damaged: its manifest can't be read. Save the journey again"


def test_a_manifest_that_tells_of_other_relations_is_refused(path):
    """Somebody mixed the manifests of two files up: events kept as lists, and as rows."""
    set_manifest(path, json.dumps({**manifest(path), "lists": None}))

    assert refusal(path).startswith("is damaged: its manifest knows no 'ends', 'steps', 'visits'. Save")


def test_a_lifecycle_that_breaks_a_rule_is_refused(path):
    """A later journeykit may have a kind of stage that this one does not know."""
    told = manifest(path)
    told["lifecycle"]["stages"][0] = {"id": "visit", "kind": "dream"}
    set_manifest(path, json.dumps(told))

    assert refusal(path).startswith(
        "holds a lifecycle that journeykit 0.1.0 can't read: lifecycle 'trial' has 1 pr"
    )


def test_other_definitions_are_warned_of(path):
    """Numbers by the old definition beside words of the new one would be a lie."""
    told = manifest(path)
    set_manifest(path, json.dumps({**told, "definition": {"order": "by name"}}))

    with pytest.warns(
        jk.JourneykitWarning, match="was observed by journeykit 0.1.0 under other definitions than"
    ):
        jk.load(path).close()


def test_a_file_that_is_being_changed_elsewhere_is_refused(path):
    """Somebody has it open in a shell of DuckDB's."""
    with duckdb.connect(str(path)):
        assert "already attached" in refusal(path) or "is open for writing" in refusal(path)


def test_what_somebody_did_to_a_file_and_did_not_finish_does_not_outlive_it(saved, path):
    """Their DuckDB was killed, and its log lies beside the file: what is saved there next is whole."""
    did = f"import duckdb, os; c = duckdb.connect({str(path)!r}); c.execute('DELETE FROM lists'); os._exit(1)"
    subprocess.run([sys.executable, "-c", did], check=False)
    log, new = path.with_name("journey.jkt.wal"), path.with_name("new.jkt")
    assert log.exists()
    with jk.load(saved) as journey:
        journey.save(new)
        shutil.copy(new, path)
        assert refusal(path).startswith("was opened for writing since it was saved, and not closed: ")

        journey.save(path)

    assert not log.exists()
    jk.load(path, verify=True).close()


def test_the_manifest_says_what_the_journey_is(saved):
    """Whoever finds the file in a year learns from it what it is, with DuckDB alone."""
    told = manifest(saved)

    assert (told["format"], told["journeykit"], told["lifecycle"]["id"]) == (2, "0.1.0", "trial")
    assert (told["counts"]["events"], told["relations"]["lists"]["rows"]) == (100, 50)
    assert told["log"]["columns"] == {name: name for name in ("customer", "timestamp", "touchpoint")}
    assert told["definition"]["order"].startswith("a customer's events by time")
