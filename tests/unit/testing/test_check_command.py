"""`journeykit check` says what a good lifecycle lacks, as advice."""

from __future__ import annotations

import pytest

from journeykit.cli.running import run

ISLAND = """\
id: acme
stages: [visit, island, {id: paid, kind: goal}]
transitions: [[visit, paid]]
"""


ADVICE = """\
acme.yaml: OK
acme: 3 stages (1 goal), 1 transition, 0 touchpoints, 0 activities; idle after 30 days
1 piece of advice:
- stage 'island': no declared path leads here. Declare a transition to it from a stage that is reached \
('visit', 'paid'); where customers begin here, give it the rank of the first stage.
"""


@pytest.fixture
def check(tmp_path, monkeypatch, capsys):
    """Write a lifecycle and check it; gives the exit code, and what was written to stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")

    def command(text, *options):
        (tmp_path / "acme.yaml").write_text(text, "utf-8")
        code = run(["check", "acme.yaml", *options])
        return code, *capsys.readouterr()

    return command


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--strict",), 1)])
def test_what_is_lacking_is_advice_unless_it_is_demanded(check, options, code):
    """A plan that is being written lacks something all day; the build of a package may insist."""
    assert check(ISLAND, *options) == (code, ADVICE, "")


def test_a_lifecycle_that_lacks_nothing_gets_no_advice(check):
    """Then there is nothing to read."""
    code, out, err = check(ISLAND.replace("island, ", ""), "--strict")

    assert (code, err) == (0, "")
    assert "advice" not in out


def test_a_broken_lifecycle_is_an_error_as_ever(check):
    """What can't be made can't be advised on."""
    code, out, err = check("id: acme\nstages: [a]\ntransitions: [[a, b]]\n", "--strict")

    assert (code, out) == (2, "")
    assert err.startswith("error: lifecycle 'acme.yaml' has 1 problem")
