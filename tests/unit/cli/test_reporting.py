"""`journeykit report`: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import json

import pytest

import journeykit as jk


def read_json(path):
    """Read JSON as strictly as a program in another language would: no NaN, no infinity."""

    def refuse(name):
        raise AssertionError(name)

    return json.loads(path.read_text("utf-8"), parse_constant=refuse)


def test_the_report_prints_the_three_answers(report):
    """Most people read the terminal and nothing else."""
    code, out, err = report("--map", "map.yaml")

    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:4] == [
        "Acme's trial (acme-trial)",
        "'events.csv': 11 rows read, 11 used, 0 set aside",
        "4 customers, 11 events from 2024-01-01 to 2024-03-01; 11 visits to stages",
        "As of 2024-03-01; silence of 30 days or longer is a loss",
    ]
    titles = ["Where customers are lost", "How customers move", "Where the gaps are"]
    assert [line for line in lines if line in titles] == titles
    visits = next(line for line in lines if line.startswith("visit "))
    assert visits.split()[0] == "visit"
    assert (
        "* The most common step back is from trial to visit: 1 move by 1 customer, after 1.0 days in the"
        in lines
    )


def test_the_json_has_the_five_parts_and_the_questions_own_numbers(report, files):
    """Programs rely on this shape; the numbers must be those of the library."""
    code, _, err = report("--map", "map.yaml", "--json", "out.json")
    written = read_json(files / "out.json")

    log = jk.events("events.csv", customer="account", timestamp="at", touchpoint="activity")
    plan = jk.read_lifecycle("acme.yaml").map(touchpoints={"Invoice sent": "invoice_paid"})
    with log, jk.observe(log, plan) as journey:
        moves, losses = jk.transitions(journey), jk.drop_offs(journey)
        last, gaps = jk.last_touchpoints(journey), jk.gaps(journey)

    assert (code, err) == (0, "")
    assert list(written) == ["log", "transitions", "drop_offs", "gaps", "graph"]
    assert written["transitions"]["rows"] == moves.to_dicts()
    assert written["drop_offs"]["rows"] == losses.to_dicts()
    assert written["drop_offs"]["last_touchpoints"]["rows"] == last.to_dicts()
    assert written["gaps"]["rows"] == gaps.to_dicts()
    assert written["gaps"]["definition"]["question"] == "gaps"
    assert set(written["gaps"]) == {"definition", "rows", "stages", "unmapped", "unseen", "findings"}
    assert written["log"]["read"] == 11
    assert written["log"]["as_of"] == "2024-03-01T00:00:00+00:00"
    assert set(written["log"]["counts"].items()) == {
        *(("events", 11), ("later", 0), ("unmapped", 0), ("customers", 4), ("unplaced", 0), ("visits", 11)),
    }
    assert {node["id"] for node in written["graph"]["nodes"]} >= {"visit", "visit/page_view"}


def test_the_same_command_writes_the_same_bytes(report, files):
    """Reports are compared and put under version control."""
    for name in ("first", "second"):
        report("-o", f"{name}.html", "--json", f"{name}.json", "--by", "tier")

    assert (files / "first.html").read_bytes() == (files / "second.html").read_bytes()
    assert (files / "first.json").read_bytes() == (files / "second.json").read_bytes()


def test_json_on_stdout_is_nothing_but_json(report):
    """`journeykit report ... --json - | jq` must not choke on a greeting."""
    code, out, err = report("--json", "-", "-o", "page.html")

    assert code == 0
    assert list(json.loads(out)) == ["log", "transitions", "drop_offs", "gaps", "graph"]
    assert "Where customers are lost" in err
    assert "Wrote page.html" in err


def test_groups_come_from_a_column_of_the_events(report, files):
    """The column need not be told twice."""
    code, out, _ = report("--by", "tier", "--json", "out.json")
    rows = read_json(files / "out.json")["drop_offs"]["rows"]

    assert code == 0
    assert {row["group"] for row in rows} == {"gold", "silver", None}
    assert [line for line in out.splitlines() if line.startswith("tier: ")][:3] == [
        *("tier: gold", "tier: silver", "tier: (not known)"),
    ]


def test_groups_come_from_the_table_of_customers(report, files):
    """What a CRM knows of an account stands in its own table."""
    code, _, _ = report("--customers", "customers.csv", "--by", "vertical", "--json", "out.json")
    written = read_json(files / "out.json")

    assert code == 0
    assert {row["group"] for row in written["gaps"]["rows"]} == {"Finance", "Health", None}
    assert written["log"]["customers_table"]["not_listed"] == 1


def test_activities_make_the_gaps_say_what_to_do(report, files):
    """The company's side is the half that a log can't tell."""
    code, out, _ = report("--activities", "activities.csv", "-o", "page.html", "--json", "out.json")
    rows = read_json(files / "out.json")["gaps"]["rows"]

    assert code == 0
    actions = {(row["stage"], row["touchpoint"]): row["action"] for row in rows}
    assert actions["visit", "page_view"] == "keep"
    assert actions["trial", "webinar"] == "drop"
    assert "Drop webinar in trial" in out
    assert "Start at first_login in Trying it out" in (files / "page.html").read_text("utf-8").replace(
        "\u2068", ""
    ).replace("\u2069", "")


def test_as_of_and_idle_are_taken(report, files):
    """Both decide who is lost."""
    code, _, _ = report("--as-of", "2024-02-01", "--idle", "10 days", "--json", "out.json")
    log = read_json(files / "out.json")["log"]

    assert code == 0
    assert (log["as_of"], log["idle_days"], log["counts"]["later"]) == ("2024-02-01T00:00:00+00:00", 10.0, 2)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["--by", "teir"],
            "no column named 'teir' in 'events.csv' or --customers (--by). Did you mean 'tier'? ",
        ),
        (["--channel", "chanel"], "no column named 'chanel' in 'events.csv' (channel=). "),
        (["--idle", "3 months"], "'3 months' is no duration"),
        (["--as-of", "soon"], "as_of: 'soon' is no "),
        (
            ["--by", "at"],
            (
                "--by 'at' makes no groups of customers: it is the --timestamp, and it differs from event to "
                "event. Columns that can: row, tier\n"
            ),
        ),
        (["--by", "touchpoint"], "it is the --touchpoint, and it differs from event to event. Columns that"),
        (["--by", "account"], "it is the --customer, and every customer would be a group. Columns that can"),
        (["--by", "at", "--customers", "customers.csv"], "Columns that can: vertical, row, tier\n"),
        (["--timezone", "Europe/Copenhagn"], "no time zone named 'Europe/Copenhagn'"),
        (["--activities", "none.csv"], "none.csv"),
        (["--map", "none.yaml"], "none.yaml: No such file or directory"),
        (["-o", "missing/page.html"], "missing/page.html: No such file or directory"),
        (["-o", "."], ".: Is a directory"),
        (["-o", "events.csv"], "Invalid value: events.csv is read from: write to another place."),
        (
            ["--customers", "cus*.csv", "-o", "customers.csv"],
            "Invalid value: customers.csv is read from: write to another place.",
        ),
        (
            ["--activities", "activit[iy]*.csv", "--json", "./activities.csv"],
            "Invalid value: activities.csv is read from: write to another place.",
        ),
        (
            ["-o", "x.html", "--json", "./x.html"],
            "Invalid value: x.html can't be both the page and the JSON.",
        ),
    ],
)
def test_what_is_wrong_is_one_line_and_writes_nothing(report, files, arguments, line):
    """A traceback tells a user only that someone was careless; a half-done run leaves files that lie."""
    before = {path: path.read_bytes() for path in files.iterdir()}

    code, out, err = report(*arguments)

    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert line in err
    assert err.count("\n") == 1
    assert {path: path.read_bytes() for path in files.iterdir()} == before


@pytest.mark.parametrize("option", ["-o", "--json"])
def test_a_file_that_the_sources_pattern_means_is_not_written_to(journeykit, files, option):
    """The page would take the place of the only export there is."""
    before = (files / "events.csv").read_bytes()
    columns = ("--customer", "account", "--timestamp", "at", "--touchpoint", "activity")

    done = journeykit("report", "ev*.csv", "-l", "acme.yaml", *columns, option, "events.csv")

    assert done[:2] == (2, "")
    assert done[2].startswith("error: Invalid value: events.csv is read from: write to another place.")
    assert (files / "events.csv").read_bytes() == before


@pytest.mark.parametrize(
    "wrong", [["--as-of", "01-05-2024"], ["--idle", "3 months"], ["--by", "at", "--strict"]]
)
def test_what_is_wrong_with_an_option_is_said_before_the_events_are_read(report, monkeypatch, wrong):
    """Ten minutes into a large log is no time to hear of a date the wrong way round."""

    def read(*_):
        raise AssertionError("events were read")

    monkeypatch.setattr("journeykit.eventlog.log.EventLog.rows_of", read)

    code, _, err = report(*wrong)

    assert (code, "events were read" in err) == (2, False)


def test_a_column_beside_the_one_that_tells_the_stage_makes_groups(report, files):
    """A column may be called as an option is: it is the option's column that makes no groups."""
    lines = (files / "events.csv").read_text("utf-8").replace("tier", "channel", 1)
    (files / "events.csv").write_text(lines.replace("row", "stage", 1), "utf-8")

    code, _, err = report("--by", "stage", "--json", "out.json")

    assert (code, err) == (0, "")
    assert {row["group"] for row in read_json(files / "out.json")["drop_offs"]["rows"]} == {"1"}


def test_rows_set_aside_are_one_warning_line(report, files):
    """Set aside is not an error, but must be seen."""
    with (files / "events.csv").open("a", encoding="utf-8") as log:
        log.write("eve,soon,page_view,1,\n")

    code, out, err = report()

    assert code == 0
    assert err.startswith("warning: 'events.csv': 1 of 12 rows are set aside: 1 unreadable_timestamp")
    assert err.count("\n") == 1
    assert "  1 with a timestamp that can't be read, such as customer='eve'" in out


def test_strict_makes_it_an_error(report, files):
    """In a nightly job nobody reads warnings."""
    with (files / "events.csv").open("a", encoding="utf-8") as log:
        log.write("eve,soon,page_view,1,\n")

    code, out, err = report("--strict")

    assert (code, out) == (2, "")
    assert err.startswith("error: 'events.csv': 1 of 12 rows can't be used (strict=True)")


def test_a_file_of_names_lists_every_problem_under_its_name(report, files):
    """Someone mapping forty names wants all typing errors at once, and to know in which file."""
    (files / "map.yaml").write_text(
        "touchpoints: {Demo: frist_login, Call: [call], Mail: 3}\nstages: {Won: piad, Lost: [paid]}\n",
        "utf-8",
    )

    code, _, err = report("--map", "map.yaml")

    assert code == 2
    assert err.splitlines() == [
        "error: map 'map.yaml' has 6 problems:",
        "  stage name 'Lost': must be text, not ['paid']",
        "  touchpoint name 'Mail': must be text, or a list of texts, not 3",
        "  stage name 'Won': no stage named 'piad'. Did you mean 'paid'?",
        "  touchpoint name 'Call': 'call' stands in a list and needs its stage, as in 'stage/call'",
        "  touchpoint name 'Call': no touchpoint named 'call'. Did you mean 'cancelled'?",
        "  touchpoint name 'Demo': no touchpoint named 'frist_login'. Did you mean 'first_login'?",
    ]


def test_a_file_of_names_may_put_a_touchpoint_in_several_stages(report, files):
    """A phone call tells nothing of the stage: the file says so, and the customer's other events decide."""
    with (files / "events.csv").open("a", encoding="utf-8") as log:
        log.write("eve,2024-01-05,first_login,1,\neve,2024-01-06,phoned,1,\nfay,2024-01-06,phoned,1,\n")
    names = (files / "map.yaml").read_text("utf-8")
    (files / "map.yaml").write_text(f"{names}  phoned: [visit/phoned, trial/phoned]\n", "utf-8")

    code, _, err = report("--map", "map.yaml", "--json", "out.json")

    assert (code, err) == (0, "")
    events = {node["id"]: node.get("events") for node in read_json(files / "out.json")["graph"]["nodes"]}
    assert (events["visit/phoned"], events["trial/phoned"]) == (1, 1)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[a, b]", "must be a mapping with touchpoints:, stages:, or both"),
        (
            "touchpiont: {}",
            "no part named 'touchpiont'. Did you mean 'touchpoints'? (there are touchpoints, stages)",
        ),
        ("touchpoints: [a]", "touchpoints: must be a mapping from your names to the lifecycle's"),
        ("touchpoints: {a: b, a: c}", "'a' stands there twice"),
    ],
)
def test_a_file_of_names_in_another_shape_is_refused(report, files, content, problem):
    """A misspelt heading would otherwise map nothing, in silence."""
    (files / "map.yaml").write_text(content, "utf-8")

    code, _, err = report("--map", "map.yaml")

    assert code == 2
    assert err.splitlines()[0] == "error: map 'map.yaml' has 1 problem:"
    assert problem in err.splitlines()[1]


def test_names_from_the_log_cannot_steer_the_terminal(report, files):
    """An event is named by whoever filled the form: no colours, no markup, no cleared screen."""
    with (files / "events.csv").open("a", encoding="utf-8") as log:
        log.write('eve,2024-01-05,"[red]x[/red] \x1b[2Jgone",1,\n')

    _, out, err = report("--by", "tier")

    assert "\x1b" not in out + err
    assert "[red]x[/red] \\x1b[2Jgone" in out
