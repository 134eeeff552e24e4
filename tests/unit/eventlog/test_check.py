"""What a log's check finds, and that the page can be read."""

from __future__ import annotations

import datetime as dt

import pytest

import journeykit as jk
from journeykit.eventlog import CustomersCheck, LogCheck, SetAside, UnmappedName

quiet = pytest.mark.filterwarnings("ignore:.*set aside:journeykit.errors.JourneykitWarning")

WAY_OUT = "; name a column of numbers as sequence= if there is one"

PLAN = jk.Lifecycle(
    "plan", ["aware", "trial", "paid"], touchpoints={"site_visit": "aware", "demo": "trial"}
).map(touchpoints={"Demo held": "demo"})


@quiet
def test_a_check_tells_everything_that_was_found(log_of, written):
    """The whole of it, so that no field can be wrong unnoticed."""
    log = log_of(
        "ana,2024-01-01 10:00,site_visit,,1",
        "ana,2024-01-01 10:00,site_visits,,x",
        "ana,2024-01-01T10:00:00Z,Demo held,trail,2",
        "ben,2024-01-03T00:00:00+01:00,,trail,",
        "cat,2024-01-04 12:30,zzz,paid,4",
        ",2024-01-01,visit,,5",
        header="customer,timestamp,touchpoint,stage,value",
        stage="stage",
        value="value",
        customers=written("customers.csv", "customer,tier\nana,gold\ndan,tin\n,none\n"),
    )

    assert log.check(PLAN) == LogCheck(
        name=log.name,
        read=6,
        used=5,
        set_aside=(
            SetAside(
                reason="no_customer",
                rows=1,
                examples=(
                    "customer=None, timestamp='2024-01-01', touchpoint='visit', stage=None, value='5'",
                ),
            ),
        ),
        customers=3,
        first=dt.datetime(2024, 1, 1, 10, tzinfo=dt.UTC),
        last=dt.datetime(2024, 1, 4, 12, 30, tzinfo=dt.UTC),
        time_zone="2 of 5 timestamps name their own offset, the others are read as local time in UTC",
        dates_only=False,
        ties=2,
        unreadable_sentiment=None,
        unreadable_value=1,
        unmapped_touchpoints=(
            UnmappedName(name="site_visits", events=1, nearest="site_visit"),
            UnmappedName(name="zzz", events=1, nearest=None),
        ),
        unmapped_stages=(UnmappedName(name="trail", events=2, nearest="trial"),),
        customers_table=CustomersCheck(rows=2, no_customer=1, without_events=1, not_listed=2),
        notes=(
            f"events tie with others of their customer at one moment, 2 in all{WAY_OUT}",
            "1 events have a value that is no number; there it is null",
            "1 rows of the customers table name no customer and are ignored",
        ),
    )


@quiet
def test_a_check_prints_as_a_page(log_of):
    """It is what people paste into a ticket."""
    log = log_of("ana,2024-01-01 10:00,site_visits", "ben,2024-01-02 11:00,site_visits", "ana,soon,x")

    assert str(log.check(PLAN)).split("\n")[1:] == [
        "  unreadable_timestamp: 1, such as",
        "    customer='ana', timestamp='soon', touchpoint='x'",
        "customers: 2",
        "events from 2024-01-01 10:00:00 to 2024-01-02 11:00:00 UTC",
        "time zone: no timestamp names a time zone: read as local time in UTC",
        "ties: 0",
        "touchpoints the lifecycle does not know:",
        "  'site_visits': 2 events (nearest: 'site_visit')",
    ]


def test_an_empty_log_and_a_second_source_print_too(log_of, written):
    """No line is left out for want of a case, and none is made up."""
    log = log_of(customers=written("customers.csv", "customer,tier\nana,gold\n"))

    assert str(log.check()).split("\n")[1:] == [
        "customers: 0",
        "time zone: no timestamp names a time zone: read as local time in UTC",
        "ties: 0",
        "customers table: 1 rows, 1 without events, 0 customers of the events are not in it",
    ]


@pytest.mark.parametrize("timezone", ["UTC", "Europe/Copenhagen"])
@pytest.mark.parametrize(
    "texts", [("2024-01-01", "2024-07-01"), ("2024-01-01T00:00:00Z", "2024-07-01T00:00:00Z")]
)
def test_dates_without_hours_are_found_out_in_any_zone(log_of, texts, timezone):
    """They make false regressions where touchpoints are shared, in summer as in winter."""
    log = log_of(*(f"ana,{text},visit" for text in texts), timezone=timezone)

    check = log.check()

    assert check.dates_only
    assert "dates without hours" in check.notes[0]
    assert "false regressions" in check.notes[0]


def test_one_hour_among_midnights_is_an_hour(log_of):
    """A log with any hours at all has an order."""
    assert not log_of("ana,2024-01-01,visit", "ana,2024-01-01 00:01,visit").check().dates_only


def test_where_a_sequence_orders_ties_no_other_one_is_asked_for(log_of):
    """Advice that was taken is not repeated."""
    log = log_of(
        "ana,2024-01-01,a,1", "ana,2024-01-01,b,2", "ana,2024-01-01,c,2",
        header="customer,timestamp,touchpoint,n", sequence="n",
    )  # fmt: skip

    check = log.check()

    assert check.ties == 1
    assert "sequence=" not in check.notes[0]


ZONES = {
    "offsets": (
        ["2024-01-01T10:00:00Z"],
        {},
        "every timestamp names its own offset; timezone='UTC' was not needed",
    ),
    "epoch": (
        ["1735639200"],
        {"timestamp_format": "epoch_s"},
        "numbers since 1970 in UTC; timezone='UTC' was not needed",
    ),
    "pattern": (
        ["31-12-2024"],
        {"timestamp_format": "%d-%m-%Y"},
        "no timestamp names a time zone: read as local time in UTC",
    ),
    "pattern with offset": (
        ["31-12-2024 +0100"],
        {"timestamp_format": "%d-%m-%Y %z"},
        "every timestamp carries its time zone; timezone='UTC' was not needed",
    ),
}


@pytest.mark.parametrize(("texts", "columns", "sentence"), ZONES.values(), ids=ZONES)
def test_the_decision_about_the_time_zone_is_told(log_of, texts, columns, sentence):
    """An hour's shift is invisible in a table; the decision must not be."""
    assert log_of(*(f"ana,{text},visit" for text in texts), **columns).check().time_zone == sentence


@quiet
def test_without_a_usable_row_a_check_still_tells_why(log_of):
    """That is when it is needed most."""
    check = log_of("ana,31-12-2024,visit", "ben,13-12-2024,visit").check()

    assert (check.used, check.first, check.customers, check.dates_only) == (0, None, 0, False)
    assert check.notes == ("the unreadable timestamps fit timestamp_format='%d-%m-%Y'",)


def test_names_are_the_most_frequent_first_and_twenty_at_most(log_of):
    """A log of page addresses has a million names."""
    lines = [f"ana,2024-01-01,page_{number:02}" for number in range(25)] + ["ana,2024-01-01,often"] * 2

    found = log_of(*lines).check(PLAN).unmapped_touchpoints

    assert [(name.name, name.events) for name in found] == [
        ("often", 2),
        *((f"page_{number:02}", 1) for number in range(19)),
    ]


def test_without_a_lifecycle_names_are_not_judged(log_of):
    """None is not an empty list: it was not asked."""
    check = log_of("ana,2024-01-01,visit").check()

    assert (check.unmapped_touchpoints, check.unmapped_stages) == (None, None)


def test_customers_that_match_nobody_are_pointed_out(log_of, written):
    """Ids written in two ways join to nothing, and every attribute is missing."""
    log = log_of("ana,2024-01-01,visit", customers=written("customers.csv", "customer,tier\nANA,gold\n"))

    assert (
        "no customer of the events is in the customers table: are they written the same way?"
        in log.check().notes
    )


def test_names_that_an_installed_system_has_need_not_be_written_down(log_of):
    """The way out is one word on the command line; the note is silent where it would not help."""
    b2b = jk.lifecycle("b2b-seven-phase")
    theirs, others = (jk.map_system(b2b, system).stage_names for system in ("hubspot", "salesforce"))
    name = min(theirs.keys() - others.keys())

    def said(stage):
        line = f"ana,2024-01-01 10:00,x,{stage}"
        log = log_of(line, header="customer,timestamp,touchpoint,stage", stage="stage")
        return [note for note in log.check(b2b).notes if "installed" in note]

    way_out = "which are installed: jk.map_system(lifecycle, 'hubspot'), --map hubspot"
    assert said(name) == [f"names that the lifecycle does not know are those of hubspot, {way_out}"]
    assert said("zzz") == []
