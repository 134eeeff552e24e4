"""In an environment with nothing in it, outside of this project, as plugin authors have it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv

import pytest

pytestmark = pytest.mark.slow

BIN = "Scripts" if os.name == "nt" else "bin"


class Environment:
    """A virtual environment, and a directory to work in."""

    def __init__(self, place) -> None:
        self.place = place
        self.bin = place / "empty" / BIN
        venv.create(place / "empty", with_pip=True, symlinks=os.name != "nt")

    def run(self, command, *arguments, cwd=None) -> str:
        """Run a program of the environment, and return what it says."""
        hidden = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "JOURNEYKIT_PLUGINS", "COVERAGE_PROCESS_START"}
        done = subprocess.run(
            [str(self.bin / command), *map(str, arguments)],
            cwd=cwd or self.place,
            env={key: value for key, value in os.environ.items() if key not in hidden},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        return done.stdout

    def install(self, what) -> None:
        """Install a distribution with what it needs."""
        self.run("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", what)


@pytest.fixture(scope="module")
def environment(project, tmp_path_factory):
    """An environment with the wheel of journeykit, as others install it."""
    place = tmp_path_factory.mktemp("elsewhere")
    build = [sys.executable, "-m", "build", "--outdir", str(place / "dist"), str(project)]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    made = Environment(place)
    [wheel] = (place / "dist").glob("*.whl")
    made.install(f"{wheel}[test-kit]")
    return made


def check(environment, package, name, lifecycles) -> None:
    """Install a package of a plugin, run its own tests, and see that journeykit finds it."""
    environment.install(f"{package}[test]")

    tests = environment.run("python", "-m", "pytest", "-q", cwd=package)
    assert " passed" in tests
    listed = environment.run("journeykit", "lifecycles")
    assert [each for each in lifecycles if f"\n{each} " not in listed] == []
    assert name in environment.run("journeykit", "plugins")


def test_a_new_plugin_is_installed_tested_and_found(environment):
    """What an author does in the first ten minutes, from the wheel on."""
    environment.run("journeykit", "new-plugin", "journeykit-banking")

    check(environment, environment.place / "journeykit-banking", "banking", ["banking"])


def test_the_telecom_example_is_installed_tested_and_found(environment, project):
    """The package that the tutorial builds, away from its own folder."""
    package = environment.place / "journeykit-telecom"
    shutil.copytree(project / "examples" / "journeykit-telecom", package)

    check(environment, package, "telecom", ["telecom-postpaid", "telecom-prepaid"])


def test_the_sdist_holds_the_template(environment):
    """Who builds from source gets the same command."""
    import tarfile

    [sdist] = (environment.place / "dist").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    template = "src/journeykit/cli/new_plugin_template/{{cookiecutter.name}}"
    assert {f"{template}/.gitignore", f"{template}/pyproject{{{{cookiecutter.toml}}}}"} <= names
    assert "examples/journeykit-telecom/src/journeykit_telecom/lifecycles/telecom-prepaid.yaml" in names
