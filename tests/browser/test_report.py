"""The report in a real browser: silent, self-contained, readable on a phone and on paper."""

from __future__ import annotations

import datetime as dt
import functools
import http.server
import threading

import pyarrow as pa
import pytest

import journeykit as jk

HOSTILE = ("<script>document.title = 'owned'</script>", "<img src=x onerror=alert(1)>", "שלום", "x" * 400)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Write a report of the usual kind, with a few hostile names in the log."""
    drawn = jk.simulate(jk.lifecycle("b2b-seven-phase"), customers=300, start="2024-01-01", seed=3)
    first = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
    strange = [
        {"customer": name, "timestamp": first, "touchpoint": name, "stage": None, "tier": name}
        for name in HOSTILE
    ]
    usual = drawn.events.select(["customer", "timestamp", "touchpoint", "stage"])
    usual = usual.append_column("tier", pa.array(["gold"] * usual.num_rows))
    table = pa.concat_tables([usual, pa.Table.from_pylist(strange, schema=usual.schema)])
    path = tmp_path_factory.mktemp("report") / "journey.html"
    columns = {"customer": "customer", "timestamp": "timestamp", "touchpoint": "touchpoint", "stage": "stage"}
    with jk.events(table, **columns, attributes=["tier"]) as log:
        journey = jk.observe(log, drawn.lifecycle, as_of="2024-10-01")
        jk.report(journey, path, activities=[jk.Activity("trigger", HOSTILE[0], effort=1.0)], by="tier")
    return path


@pytest.fixture
def heard(page):
    """What the page says on the console, does wrong and asks for, as long as it is open."""
    said = []
    page.on("console", lambda message: said.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("request", lambda request: said.append(f"request: {request.url}"))
    page.on("dialog", lambda dialog: said.append(f"dialog: {dialog.message}"))
    return said


@pytest.fixture
def served(report):
    """Serve the report's directory; gives its address and the list of what is asked for."""
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            asked.append(self.path)

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(report.parent))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/{report.name}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_report_from_disk_asks_for_nothing_and_says_nothing(report, page, heard):
    """It is mailed around: opening it must not tell anyone, and must not fail without a network."""
    page.goto(report.as_uri())

    assert heard == [f"request: {report.as_uri()}"]
    assert page.title() == "B2B in seven phases, as of 2024-10-01"


def test_a_report_from_a_server_asks_for_itself_alone(served, page, heard):
    """Not even for a favicon, which browsers ask for on their own."""
    address, asked = served
    page.goto(address)

    assert heard == [f"request: {address}"]
    assert asked == ["/journey.html"]


def test_nothing_in_a_name_becomes_an_element(report, page):
    """What the parser of a browser makes of the page is what counts."""
    page.goto(report.as_uri())

    assert page.locator("script, img, iframe, object, embed, form, input, base").count() == 0
    assert page.locator(f"bdi:text-is({HOSTILE[1]!r})").count() > 0


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_page_never_scrolls_sideways(report, page, width):
    """Tables and the graph scroll in their own frames; text that must be dragged is not read."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(report.as_uri())

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_sections_can_be_reached_by_their_links(report, page):
    """A table of contents that leads nowhere is worse than none."""
    page.goto(report.as_uri())
    targets = page.eval_on_selector_all(
        "nav a, article a", "links => links.map(link => link.getAttribute('href'))"
    )

    assert len(targets) == 7 + 3
    assert [target for target in targets if page.locator(target).count() != 1] == []


def test_definitions_are_printed_without_being_opened(report, page):
    """What a number means belongs to it, and paper can't be clicked."""
    page.goto(report.as_uri())
    page.emulate_media(media="print")

    assert page.locator("details dl").first.is_visible()


def test_definitions_open_without_a_script(report, page):
    """What a number means belongs to it; most readers need it once."""
    page.goto(report.as_uri())
    definition = page.locator("details dl").first

    assert not definition.is_visible()
    page.locator("summary").first.click()
    assert definition.is_visible()


def test_the_graph_is_drawn(report, page):
    """An SVG that is there but empty would pass every other test."""
    page.goto(report.as_uri())
    box = page.locator("section#graph svg").bounding_box()

    assert box["width"] > 300
    assert box["height"] > 150
    assert page.locator("section#graph svg text").count() > 9
