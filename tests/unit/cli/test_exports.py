"""`journeykit report --format`: an export of a CRM system from the shell."""

from __future__ import annotations

import json

import pytest

CONTACTS = """\
contact_id,name,value,source,timestamp
1,lifecyclestage,lead,IMPORT,2024-01-01 6:05:00
1,lifecyclestage,opportunity,CRM_UI,2024-02-01 6:05:00
1,email,x@example.org,CRM_UI,2024-02-01 6:05:00
2,lifecyclestage,lead,CRM_UI,2024-01-20 6:05:00
2,mood,good,CRM_UI,2024-01-21 6:05:00
"""

RECORDS = "id,property_lifecyclestage,tier\n1,opportunity,gold\n2,lead,silver\n"


@pytest.fixture
def portal(files):
    """A folder with a history of contacts and the contacts."""
    folder = files / "portal"
    folder.mkdir()
    (folder / "contact_property_history.csv").write_text(CONTACTS, "utf-8")
    (folder / "contact.csv").write_text(RECORDS, "utf-8")
    return folder


@pytest.fixture
def export(journeykit, portal):
    """Run `journeykit report` on the folder, with further arguments."""

    def command(*arguments, source="portal"):
        return journeykit("report", source, "-l", "b2b-seven-phase", "--format", "hubspot", *arguments)

    return command


def test_an_export_needs_no_columns(export, files):
    """Who wrote what is told, and what was set aside, and no warning is given for what is no fault."""
    code, out, err = export("--map", "hubspot", "-o", "page.html", "--json", "out.json")

    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[1] == "'portal': 5 rows read, 3 used, 2 set aside"
    assert lines[2].startswith(
        "  2 set aside as 'other property', such as customer='2', timestamp='2024-01-21 6:05:00'"
    )
    assert "Written by: person 4 (2 set aside), import 1" in lines
    written = json.loads((files / "out.json").read_text("utf-8"))
    assert written["log"]["writers"] == {
        "person": {"used": 2, "set_aside": 2},
        "import": {"used": 1, "set_aside": 0},
    }
    page = (files / "page.html").read_text("utf-8")
    assert "Rows that are no events" in page
    assert "Written by" in page


def test_unwanted_writers_and_options_are_told_to_the_reader(export, files):
    """Both may be said several times."""
    code, _, _ = export(
        *("--without-writers", "import, automation", "--json", "out.json"),
        *("--option", "property=lifecyclestage", "--option", "object=contacts", "--by", "tier"),
    )
    written = json.loads((files / "out.json").read_text("utf-8"))

    assert code == 0
    reasons = {group["reason"]: group["rows"] for group in written["log"]["set_aside"]}
    assert reasons == {"other_property": 2, "unwanted_writer": 1}
    assert {row["group"] for row in written["drop_offs"]["rows"]} <= {"gold", "silver"}


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["--option", "proprty=x"],
            "no option named 'proprty' in the reader of 'hubspot'. Did you mean 'property'?",
        ),
        (["--option", "property"], "Invalid value: --option 'property' is no pair such as object=deals."),
        (["--option", "=x"], "Invalid value: --option '=x' is no pair such as object=deals."),
        (["--option", "object=a", "--option", "object=b"], "Invalid value: --option object is there twice."),
        (["--option", "object=deals"], "no table holds stages of deals"),
        (["--format", "hubspt"], "no reader of format named 'hubspt'. Did you mean 'hubspot'?"),
        (["--map", "hubspt"], "Did you mean 'hubspot'? Known: "),
        (
            ["--strict", "--option", "property=mood", "--timestamp", "tim"],
            "no column named 'tim' in 'portal' (timestamp=)",
        ),
        (["-o", "portal/contact.csv"], "portal/contact.csv is read from: write to another place."),
    ],
)
def test_what_is_wrong_is_one_line(export, portal, arguments, line):
    """In the shell's own words, and before anything is written."""
    before = {path: path.read_bytes() for path in portal.iterdir()}

    code, out, err = export(*arguments)

    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert line in err
    assert err.count("\n") == 1
    assert {path: path.read_bytes() for path in portal.iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "name --customer and --timestamp, or --format for an export."),
        (["--customer", "account"], "name --customer and --timestamp, or --format for an export."),
        (
            ["--customer", "account", "--timestamp", "at", "--option", "object=deals"],
            "--option is for a reader: say which with --format.",
        ),
        (
            ["--customer", "account", "--timestamp", "at", "--without-writers", "import"],
            "--without-writers needs --writer, the column, or --format.",
        ),
    ],
)
def test_without_a_format_the_columns_are_needed(journeykit, arguments, line):
    """Whoever leaves them out may not know that there are readers."""
    code, out, err = journeykit(
        "report", "events.csv", "-l", "acme.yaml", "--touchpoint", "activity", *arguments
    )

    assert (code, out) == (2, "")
    assert err == f"error: Invalid value: {line} Try 'journeykit report --help'.\n"


def test_groups_may_come_from_a_file_of_ones_own(export, files):
    """What the CRM does not know of a contact stands elsewhere, under the reader's name of the customer."""
    (files / "known.csv").write_text("contact_id,vertical\n1,Retail\n2,Food\n", "utf-8")

    given = ("--customers", "known.csv", "--by", "vertical", "--json", "out.json")
    code, _, err = export("--map", "hubspot", *given)

    assert (code, err) == (0, "")
    rows = json.loads((files / "out.json").read_text("utf-8"))["drop_offs"]["rows"]
    assert {row["group"] for row in rows} == {"Retail", "Food"}


def test_a_writer_may_be_a_column_of_any_log(report):
    """Not only CRMs know who wrote a row."""
    code, out, err = report("--writer", "tier", "--without-writers", "silver")

    assert (code, err) == (0, "")
    assert "Written by: gold 6, silver 3 (3 set aside), unknown 2" in out.splitlines()
    assert "  3 with a writer that is not wanted, such as customer='ben'" in out
