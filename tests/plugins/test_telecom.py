"""The example of a plugin package is a plugin package, and the tutorial's code is its code."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from journeykit.testing import check_plugin
from tests.plugins.packages import imported, installed

TITLED = re.compile(r'^```\w+ title="journeykit-telecom/([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def telecom(project):
    """The folder of the example."""
    return project / "examples" / "journeykit-telecom"


def test_the_example_keeps_every_promise(telecom):
    """It is what authors copy from."""
    with imported(telecom) as plugin:
        assert check_plugin(plugin) == ()


def run_tests(package, place) -> None:
    """Run a package's tests in a process of their own, with its own settings, as its author runs them."""
    installed("journeykit_telecom", "telecom", place)
    paths = os.pathsep.join([str(package / "src"), str(place)])

    done = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:cov"],
        cwd=package, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout


def test_its_own_tests_pass(telecom, tmp_path):
    """An example that fails is copied, too."""
    run_tests(telecom, tmp_path)


def test_it_was_made_with_new_plugin(telecom, tmp_path, monkeypatch):
    """What the command writes is enough of a beginning: the example has all its files but one."""
    from journeykit.cli.running import run

    monkeypatch.chdir(tmp_path)
    run(["new-plugin", "telecom"])
    made = tmp_path / "journeykit-telecom"

    written = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    own = {path.relative_to(telecom).as_posix() for path in telecom.rglob("*") if path.is_file()}
    assert written - own == {"src/journeykit_telecom/lifecycles/telecom.yaml"}
    for file in ("LICENSE", ".gitignore"):
        assert (telecom / file).read_text("utf-8") == (made / file).read_text("utf-8")


@pytest.fixture(scope="module")
def shown(project):
    """The files that the tutorial shows, by their names in the package."""
    page = (project / "docs" / "tutorial" / "write-a-lifecycle-for-your-industry.md").read_text("utf-8")
    return dict(TITLED.findall(page))


@pytest.mark.slow
def test_who_copies_the_files_of_the_tutorial_has_green_tests(shown, tmp_path, monkeypatch):
    """What `new-plugin` writes and what the page shows must be enough: nobody has the example at hand."""
    from journeykit.cli.running import run

    monkeypatch.chdir(tmp_path)
    run(["new-plugin", "telecom"])
    made = tmp_path / "journeykit-telecom"
    lifecycles = made / "src" / "journeykit_telecom" / "lifecycles"
    (lifecycles / "telecom.yaml").rename(lifecycles / "telecom-postpaid.yaml")
    for name, text in shown.items():
        (made / name).write_text(text, "utf-8")

    run_tests(made, tmp_path)


def test_the_tutorial_shows_the_files_of_the_example(telecom, shown):
    """A reader who types what stands there ends with the package that is tested."""
    source = telecom / "src" / "journeykit_telecom"
    files = [path for path in source.rglob("*") if path.suffix in {".py", ".yaml"}]
    assert sorted(name for name in shown if name.startswith("src/")) == sorted(
        path.relative_to(telecom).as_posix() for path in files
    )
    for name, text in shown.items():
        assert text == (telecom / name).read_text("utf-8"), name
