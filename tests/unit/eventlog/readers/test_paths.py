"""Which files a path or a pattern means."""

from __future__ import annotations

import pytest

from journeykit.errors import EventLogError
from journeykit.eventlog.readers.paths import file_kind, find_export, find_files


def test_a_pattern_finds_files_in_the_order_of_their_names(written, tmp_path):
    """Directories and hidden files are not meant."""
    for name in ("b.csv", "a.csv", ".~lock.csv", "sub/c.csv", "d.csv/e.csv"):
        written(name, "x")

    assert find_files(str(tmp_path / "*.csv")) == (tmp_path / "a.csv", tmp_path / "b.csv")
    assert [path.name for path in find_files(str(tmp_path / "**" / "?.csv"))] == [
        "a.csv",
        "b.csv",
        "e.csv",
        "c.csv",
    ]


def test_a_path_is_found_from_home_and_made_absolute(written, tmp_path, monkeypatch):
    """A log is read later, perhaps from another directory."""
    path = written("events.csv", "x")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    assert find_files("~/events.csv") == find_files("events.csv") == (path,)


@pytest.mark.parametrize(
    "address", ["https://example.org/e.csv", "s3://bucket/e.parquet", "file:///tmp/e.csv"]
)
def test_an_address_is_refused(address):
    """Nothing is ever sent or fetched over a network."""
    with pytest.raises(EventLogError, match="never uses the network"):
        find_files(address)


@pytest.mark.parametrize("name", ["e.xlsx", "e", "e.gz", "e.parquet.gz", "e.csv.zip"])
def test_an_unknown_ending_is_refused_with_those_that_are_known(tmp_path, name):
    """Guessing from the contents would be wrong one day."""
    with pytest.raises(
        EventLogError, match=r"Known endings: \.csv, \.tsv, \.txt, \.parquet, \.jsonl, \.ndjson, \.json"
    ):
        file_kind([tmp_path / name], name)


def test_files_of_several_kinds_are_refused(tmp_path):
    """A backup in another format would be counted twice."""
    with pytest.raises(EventLogError, match=r"several kinds of files \(\.csv, \.parquet\)"):
        file_kind([tmp_path / "e.csv", tmp_path / "e.parquet"], "'e.*'")


def test_a_folder_means_the_visible_files_in_it_that_can_be_read(written):
    """Beside an export lie its licence, its notes, and what was unpacked from other archives."""
    for name in ("b.csv", "a.csv.gz", "c.json", ".d.csv", "README", "notes.md", "deeper/e.csv"):
        folder = written(name, "x").parent
    folder = folder.parent

    assert [file.name for file in find_export(str(folder))] == ["a.csv.gz", "b.csv", "c.json"]
    assert [file.name for file in find_export(str(folder / "*.csv"))] == ["b.csv"]
    with pytest.raises(EventLogError, match="is a directory"):
        find_files(str(folder))
