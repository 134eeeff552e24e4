"""The small commands: lifecycles, check, --version."""

from __future__ import annotations

from importlib.metadata import version

import journeykit as jk


def test_lifecycles_are_listed_by_id(journeykit):
    """The id is what `--lifecycle` takes."""
    code, out, err = journeykit("lifecycles")

    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()[2:]] == [one.id for one in jk.lifecycles()]


def test_a_good_lifecycle_is_ok(journeykit):
    """A word and a count: enough to see that the file that was meant was read."""
    code, out, err = journeykit("check", "acme.yaml")

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "acme.yaml: OK",
        "acme-trial: 4 stages (1 goal, 1 exit), 2 transitions, 4 touchpoints, 0 activities; idle after 30",
        "days",
    ]


def test_a_broken_lifecycle_lists_every_problem(journeykit, files):
    """One run, one list: nobody wants to find ten mistakes in ten runs."""
    (files / "acme.yaml").write_text("id: acme\nstages: [a, b]\ntransitions: [[a, c], [d, b]]\n", "utf-8")

    code, out, err = journeykit("check", "acme.yaml")

    assert (code, out) == (2, "")
    assert err.splitlines()[0] == "error: lifecycle 'acme.yaml' has 2 problems:"
    assert ["no stage named 'c'" in err, "no stage named 'd'" in err] == [True, True]


def test_a_missing_file_is_an_error(journeykit):
    """With the name that was typed."""
    code, _, err = journeykit("check", "none.yaml")

    assert code == 2
    assert "none.yaml" in err


def test_the_version_is_that_of_the_package(journeykit):
    """Every bug report begins with it."""
    assert journeykit("--version") == (0, f"journeykit {version('journeykit')}\n", "")


def test_without_a_command_there_is_help(journeykit):
    """The commands are listed, and nothing is done."""
    code, out, err = journeykit()

    assert (code, err) == (0, "")
    assert all(command in out for command in ("demo", "report", "lifecycles", "check"))


def test_a_bridge_to_a_lifecycle_that_is_not_there_is_noted(journeykit, files):
    """It may be installed elsewhere, so it is no advice; but most likely it is misspelt."""
    bridges = "- {stage: one, lifecycle: ecomerce}\n- {stage: one, lifecycle: ecommerce, target: nowhere}\n"
    stages = "stages: [one, {id: two, kind: goal}]\n"
    touchpoints = "touchpoints: [{id: visit, stages: one}, {id: payment, stages: two}]\n"
    text = f"id: acme\n{stages}{touchpoints}bridges:\n{bridges}"
    (files / "acme.yaml").write_text(text + "- {stage: two, lifecycle: other}\n", "utf-8")
    (files / "other.yaml").touch()

    code, out, err = journeykit("check", "--strict", "acme.yaml")

    said = " ".join(out.split())
    assert (code, err) == (0, "")
    assert "Note: bridge 'one': no installed lifecycle named 'ecomerce'. Did you mean 'ecommerce'?" in said
    assert "Note: bridge 'one': no stage named 'nowhere' in 'ecommerce'" in said
    assert said.count("Note:") == 2
