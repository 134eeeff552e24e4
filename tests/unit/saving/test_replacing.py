"""A saved journey appears whole, under its name, at once."""

from __future__ import annotations

import stat
import threading

import pytest
from tests.logs import observe_days

import journeykit as jk

ONE = {"ana": {0: "page_view"}}
TWO = {"ana": {0: "page_view"}, "ben": {0: "page_view", 1: "account_created"}}


@pytest.fixture
def journey():
    """One customer."""
    with observe_days(ONE) as made:
        yield made


def test_the_file_stands_alone(journey, tmp_path):
    """One file is easy to copy, to replace and to take away."""
    journey.save(tmp_path / "journey.jkt")

    assert [file.name for file in tmp_path.iterdir()] == ["journey.jkt"]


def test_a_replaced_file_keeps_its_permissions_and_a_link_its_target(journey, tmp_path):
    """Readers of a group must stay able to read, and a link must stay a link."""
    place, link = tmp_path / "journey-1.jkt", tmp_path / "latest.jkt"
    journey.save(place)
    place.chmod(0o640)
    link.symlink_to(place)

    journey.save(link)

    assert link.is_symlink()
    assert stat.S_IMODE(place.stat().st_mode) == 0o640
    with jk.load(link) as loaded:
        assert loaded.counts == journey.counts


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ("missing/journey.jkt", FileNotFoundError),
        ("folder.jkt", IsADirectoryError),
        ("file/journey.jkt", NotADirectoryError),
    ],
)
def test_a_place_that_takes_no_file_is_refused(journey, tmp_path, place, error):
    """Said before the writing, not after it."""
    (tmp_path / "file").touch()
    (tmp_path / "folder.jkt").mkdir()

    with pytest.raises(error) as raised:
        journey.save(tmp_path / place)

    assert raised.value.filename == str(tmp_path / place)


@pytest.mark.parametrize("name", ["crm.parquet", "shop.duckdb", "journey"])
def test_nothing_but_a_saved_journey_is_written_over(journey, tmp_path, name):
    """An export or a database that has the name by mistake is worth more than a journey made from it."""
    (tmp_path / name).write_text("dear", "utf-8")

    with pytest.raises(jk.SavedJourneyError, match=r"is no name for a saved journey: it must end in \.jkt"):
        journey.save(tmp_path / name)

    assert (tmp_path / name).read_text("utf-8") == "dear"


def test_who_loaded_it_goes_on_with_what_they_loaded(journey, tmp_path):
    """A dashboard that runs over midnight does not change its numbers under its readers' eyes."""
    path = tmp_path / "journey.jkt"
    journey.save(path)
    with jk.load(path) as yesterday, observe_days(TWO) as new:
        new.save(path)
        with jk.load(path) as today:
            assert [jk.drop_offs(each)[0].visits for each in (yesterday, today)] == [1, 2]


def test_readers_and_a_writer_do_not_meet(journey, tmp_path):
    """The file is replaced while others load it: each gets one of the two journeys, whole."""
    path, seen, wrong, done = tmp_path / "journey.jkt", set(), [], threading.Event()
    journey.save(path)

    def read():
        while not done.is_set():
            try:
                with jk.load(path, verify=True, threads=1) as loaded:
                    seen.add((loaded.counts.customers, len(jk.trace(loaded, "ana").steps)))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
                wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    with observe_days(TWO) as new:
        for _ in range(3):
            new.save(path)
            journey.save(path)
    done.set()
    for reader in readers:
        reader.join()

    assert (wrong, seen <= {(1, 1), (2, 1)}) == ([], True)


def test_a_closed_journey_is_not_saved(journey, tmp_path):
    """There is nothing left of it, and an empty file would pass for one."""
    journey.close()

    with pytest.raises(jk.EngineError, match="the journey is closed"):
        journey.save(tmp_path / "journey.jkt")
    assert list(tmp_path.iterdir()) == []
