"""The page: whole, harmless, bounded, and the same for the same input."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pyarrow as pa
import pytest

import journeykit as jk
from journeykit.html.table import MOST_ROWS
from journeykit.model.activity import Activity

HOSTILE = [
    "<script>alert(1)</script>",
    '"; drop table steps; --',
    "</title></style><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} {% raw %}",
    "שלום עולם",
    "abc\u202efdp.exe",
    "🎉 & friends",
    "a\x1b[31mred",
    "'single' \"double\" `back`",
    "javascript:alert(1)",
    "a/b?c#d",
    "x" * 300,
]

ELEMENTS = {
    *("html", "head", "meta", "link", "title", "style", "body", "header", "main", "footer", "nav", "section"),
    *(
        "article",
        "h1",
        "h2",
        "h3",
        "p",
        "dl",
        "dt",
        "dd",
        "small",
        "ul",
        "li",
        "a",
        "span",
        "i",
        "div",
        "bdi",
        "code",
    ),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary"),
    *("svg", "desc", "rect", "g", "path", "polygon", "text", "tspan", "line", "circle"),
}


class Read(HTMLParser):
    """Reads a page as a browser would, as far as tests ask."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.attributes, self.words, self.ids = set(), [], [], []
        self.feed(page)
        self.text = "".join(self.words)

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        self.attributes += attributes
        self.ids += [value for name, value in attributes if name == "id"]

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture
def page_of(tmp_path):
    """Write a report and read it back, as text."""

    def write(journey, **asked):
        jk.report(journey, tmp_path / "page.html", **asked)
        return (tmp_path / "page.html").read_text("utf-8")

    return write


def test_the_page_tells_what_was_read_and_the_three_answers(observe_days, some_days, page_of):
    """One page is all that most readers ever see: nothing may be missing from it."""
    journey = observe_days(some_days)
    page = Read(page_of(journey))

    assert [one for one in page.ids if not one.endswith("-table")] == [
        *("summary", "graph", "drop-offs", "transitions", "gaps", "lifecycle", "read"),
    ]
    assert [one for one in page.ids if one.endswith("-table")] == [
        *("drop-offs-table", "last-touchpoints-table", "transitions-table", "gaps-table", "unmapped-table"),
        *("stages-table", "unknown-touchpoints-table"),
    ]
    for told in (
        *("Trying it out", "carrier_pigeon", "lapsed", "wobbly"),
        *("6 customers", "from 2024-01-01 to 2024-03-01", "none: time orders", journey.log.check().time_zone),
        *("silence of 30 days or longer counts as a loss", "Aalen-Johansen", "still open"),
    ):
        assert told in page.text


def test_the_numbers_on_the_page_are_those_of_the_questions(observe_days, some_days, page_of):
    """A page that counts for itself would one day count differently."""
    journey = observe_days(some_days)
    page = page_of(journey)

    table = re.search(r'<caption id="drop-offs-table">.*?</table>', page, re.DOTALL)[0]
    body = table[table.index("<tbody>") :]
    cells = [
        [Read(cell).text.strip() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]
        for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
    ]

    labels = {"trial": "Trying it out"}
    assert [[row[0], *map(int, row[3:6])] for row in cells] == [
        [labels.get(row.stage, row.stage), row.lost, row.open, row.visits] for row in jk.drop_offs(journey)
    ]


def test_the_same_journey_gives_the_same_bytes_whatever_the_order_of_the_rows(
    observe_days, some_days, page_of
):
    """A report under version control must only change when the numbers do."""
    turned = {name: some_days[name] for name in reversed(some_days)}
    groups = {"tier": {name: name[0] for name in some_days}}

    first = page_of(observe_days(some_days, **groups), by="tier")
    second = page_of(observe_days(turned, **groups), by="tier")

    assert first == second


def test_names_from_data_can_do_no_harm(observe_days, page_of):
    """Whoever can write into a CRM must not be able to write into the page."""
    days = {
        f"c{number} {name}": {number: name, number + 20: "page_view"} for number, name in enumerate(HOSTILE)
    }
    lifecycle = jk.Lifecycle(
        "<b>&acme",
        title="<i>Acme</i> & friends",
        stages=["<visit>", jk.Stage("t'\"", label="</svg><script>alert(2)</script>")],
        touchpoints={"page_view": "<visit>", "<script>": "t'\""},
    ).map(touchpoints={HOSTILE[0]: "<script>", HOSTILE[2]: "<script>"})
    journey = observe_days(days, lifecycle=lifecycle, group={customer: customer for customer in days})

    text = page_of(journey, by="group", activities=[Activity("<visit>", HOSTILE[1], effort=1.0)])
    page = Read(text)

    assert page.elements <= ELEMENTS
    assert [name for name, _ in page.attributes if name.startswith("on")] == []
    links = {value for name, value in page.attributes if name in {"href", "src", "action", "xlink:href"}}
    assert {link for link in links if not link.startswith("#")} == {"data:,"}
    assert "\u202e" not in text
    assert "\x1b" not in text
    for shown in (
        HOSTILE[0],
        HOSTILE[1],
        HOSTILE[3],
        HOSTILE[4],
        HOSTILE[6],
        HOSTILE[8],
        r"abc\u202efdp.exe",
    ):
        assert shown in page.text


def test_the_page_forbids_itself_everything_but_its_style(observe_days, some_days, page_of):
    """Even if escaping failed one day, the browser must refuse to run or load what got in."""
    page = Read(page_of(observe_days(some_days)))
    attributes = page.attributes

    policy = attributes[attributes.index(("http-equiv", "Content-Security-Policy")) + 1]
    assert policy == (
        "content",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
    )
    assert ("lang", "en") in attributes
    assert "script" not in page.elements


def test_groups_stand_beside_all_customers(observe_days, some_days, page_of):
    """A group means little without the whole, and the missing value is a group too."""
    journey = observe_days(some_days, tier={"ana": "gold", "ben": "gold", "cleo": "silver"})

    page = Read(page_of(journey, by="tier"))

    assert [one for one in page.ids if "drop-offs-table" in one or "gaps-table" in one] == [
        *("drop-offs-table", "drop-offs-table-by", "gaps-table", "gaps-table-by"),
    ]
    assert len(page.ids) == len(set(page.ids))
    for heading in ("tier: gold", "tier: silver", "tier: (not known)"):
        assert heading in page.text


def test_many_groups_make_no_endless_page(observe_days, page_of):
    """`by=` with a column of ids is a mistake that must not make a page of a hundred megabytes."""
    days = {f"c{number:04}": {number % 7: "page_view", 9: "first_login"} for number in range(400)}

    text = page_of(observe_days(days, id={name: name for name in days}), by="id")
    table = re.search(r'<caption id="drop-offs-table-by">.*?</table>', text, re.DOTALL)[0]

    assert table.count('<td class="name') == MOST_ROWS
    assert f"{800 - MOST_ROWS} more rows not shown here" in text
    assert len(text) < 1_500_000


def test_an_unknown_group_is_an_error_and_writes_nothing(observe_days, some_days, tmp_path):
    """A page without the groups that were asked for would be read as one with them."""
    with pytest.raises(jk.UnknownNameError, match="no customer attribute named 'teir'"):
        jk.report(observe_days(some_days), tmp_path / "page.html", by="teir")

    assert list(tmp_path.iterdir()) == []


def test_a_place_that_takes_no_file_is_an_error(observe_days, some_days, tmp_path):
    """The builtin that a caller expects of a missing directory."""
    with pytest.raises(FileNotFoundError):
        jk.report(observe_days(some_days), tmp_path / "missing" / "page.html")


@pytest.mark.filterwarnings("ignore:no event belongs to a stage")
def test_a_journey_without_a_visit_still_makes_a_page(observe_days, page_of):
    """The first try with a new export often maps nothing, and the page says what the names are."""
    page = Read(page_of(observe_days({"ana": {0: "carrier_pigeon"}})))

    assert "Nobody has visited a stage." in page.text
    assert "There is nothing to show." in page.text
    assert "carrier_pigeon" in page.text


def test_rows_set_aside_are_counted_and_shown(trial, page_of):
    """What was left out decides how far the rest can be trusted."""
    rows = [
        ("ana", "2024-01-01", "page_view"),
        (None, "2024-01-01", "page_view"),
        ("ben", "<soon>", "page_view"),
    ]
    table = pa.table(
        dict(zip(("customer", "at", "touchpoint"), map(list, zip(*rows, strict=True)), strict=True))
    )
    log = jk.events(table, customer="customer", timestamp="at", touchpoint="touchpoint")

    with pytest.warns(jk.JourneykitWarning, match="2 of 3 rows are set aside"), log:
        page = Read(page_of(jk.observe(log, trial)))

    for told in ("3 read, 1 used, 2 set aside", "a timestamp that can't be read", "timestamp='<soon>'"):
        assert told in page.text


def test_a_page_is_not_written_over_what_is_no_page(tmp_path, observe_days, some_days):
    """One slip of a name, and the export that the report was made from is gone."""
    export = tmp_path / "crm.csv"
    export.write_text("customer,timestamp")

    with pytest.raises(jk.ReportError, match=r"write it to a name in \.html, not to '.*crm\.csv'"):
        jk.report(observe_days(some_days), export)

    assert export.read_text() == "customer,timestamp"
