"""Files appear whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from journeykit.html.files import check_place, write_file


def test_a_file_is_written_as_utf_8(tmp_path):
    """The page says it is UTF-8, whatever the machine's own encoding."""
    write_file(tmp_path / "page.html", "Ærø \u202f%")

    assert (tmp_path / "page.html").read_bytes() == "Ærø \u202f%".encode()
    assert list(tmp_path.iterdir()) == [tmp_path / "page.html"]


def test_half_a_character_does_not_stop_the_file(tmp_path):
    """A file name that is no Unicode comes as halves of characters; the report names its source."""
    write_file(tmp_path / "page.html", "caf\udce9")

    assert (tmp_path / "page.html").read_text("ascii") == "caf\\udce9"


def test_an_interrupt_leaves_what_was_there(tmp_path, monkeypatch):
    """Half a page looks like a page; Ctrl-C must not make one."""
    page = tmp_path / "page.html"
    page.write_text("before", "utf-8")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_file(page, "after")

    assert page.read_text("utf-8") == "before"
    assert list(tmp_path.iterdir()) == [tmp_path / "page.html"]


def test_a_replaced_file_keeps_its_permissions_and_a_link_its_target(tmp_path):
    """A page that a web server may read must stay one, and a link must stay a link."""
    page, link = tmp_path / "page.html", tmp_path / "latest.html"
    page.write_text("before", "utf-8")
    page.chmod(0o640)
    link.symlink_to(page)

    write_file(link, "after")

    assert link.is_symlink()
    assert page.read_text("utf-8") == "after"
    assert stat.S_IMODE(page.stat().st_mode) == 0o640


def test_what_is_no_plain_file_is_written_to():
    """`-o /dev/null` measures the time of a report; it must not replace the device."""
    write_file("/dev/null", "text")

    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ("missing/page.html", FileNotFoundError),
        (".", IsADirectoryError),
        ("file/page.html", NotADirectoryError),
    ],
)
def test_a_place_that_takes_no_file_is_refused(tmp_path, place, error):
    """Said before the counting, not after it."""
    (tmp_path / "file").write_text("", "utf-8")

    with pytest.raises(error) as raised:
        check_place(tmp_path / place)

    assert raised.value.filename == str(tmp_path / place)
