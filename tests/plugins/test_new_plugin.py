"""`journeykit new-plugin` writes a whole package, there and nowhere else, or nothing at all."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tomllib

import pytest

import journeykit as jk
from journeykit.cli import new_plugin
from journeykit.cli.running import run
from journeykit.testing import check_plugin
from tests.plugins.packages import imported

FILES = [
    ".gitignore",
    "LICENSE",
    "README.md",
    "pyproject.toml",
    "src/journeykit_banking/__init__.py",
    "src/journeykit_banking/lifecycles/banking.yaml",
    "src/journeykit_banking/py.typed",
    "tests/test_plugin.py",
]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Work in an empty directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def files_below(place) -> list[str]:
    """List the files there, hidden ones among them."""
    return sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())


def names_in(place) -> list[str]:
    """List what is in a directory."""
    return sorted(path.name for path in place.iterdir())


def test_a_package_is_written(place, capsys):
    """All that an author needs, and what to type next."""
    assert run(["new-plugin", "journeykit-banking"]) == 0

    assert files_below(place / "journeykit-banking") == FILES
    assert names_in(place) == ["journeykit-banking"]
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines() == [
        "Wrote journeykit-banking: a lifecycle, a hook, a test and a README that says how to go on.",
        "",
        "  cd journeykit-banking",
        "  pip install --editable '.[test]'",
        "  pytest",
    ]


def test_nothing_is_left_to_fill_in(place):
    """A brace of the template in a package is a syntax error of its author's."""
    run(["new-plugin", "banking"])

    for file in FILES:
        text = (place / "journeykit-banking" / file).read_text("utf-8")
        assert "cookiecutter" not in text, file
        assert "{{" not in text, file


@pytest.mark.parametrize(
    "name", ["banking", "journeykit-banking", "journeykit_banking", "JourneyKit.Banking", "Banking"]
)
def test_a_name_is_written_as_packages_are(name):
    """pip takes all of these for one name; the folder has that one."""
    assert new_plugin.project_of(name).name == "journeykit-banking"


def test_a_name_of_several_words_has_all_its_forms(place):
    """One word for pip, one for Python, one for the lifecycle, and one for people."""
    run(["new-plugin", "Retail_banking"])

    root = place / "journeykit-retail-banking"
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    plan = jk.read_lifecycle(root / "src/journeykit_retail_banking/lifecycles/retail-banking.yaml")
    assert project["project"]["entry-points"]["journeykit"] == {"retail-banking": "journeykit_retail_banking"}
    assert (plan.id, plan.title.en) == ("retail-banking", "Retail banking")


def test_a_name_that_yaml_reads_as_something_else_stays_a_name(place):
    """`no`, `1e3` and `null` are no text in YAML unless they are quoted."""
    for name in ("no", "1e3", "null", "007"):
        run(["new-plugin", name])
        file = place / f"journeykit-{name}/src/journeykit_{name}/lifecycles/{name}.yaml"
        assert jk.read_lifecycle(file).id == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "-",
        "journeykit",
        "journeykit-",
        "../banking",
        "/etc/banking",
        "ban/king",
        "ban\\king",
        "banking\n",
        "ban king",
        "{{ 7 * 7 }}",
        "{%raw%}",
        "$(reboot)",
        "-banking",
        "banking-",
        ".banking",
        "bänking",
        "ban\x1b[31mking",
        "\ud800",
        "b" * 61,
    ],
)
def test_a_hostile_name_is_refused(place, capsys, name):
    """A name becomes folders, TOML, YAML and Python: it must not be any of these itself."""
    assert run(["new-plugin", "--", name]) == 2

    out, err = capsys.readouterr()
    assert (out, names_in(place)) == ("", [])
    assert err.startswith("error: ")
    assert len(err.splitlines()) == 1


def test_the_id_of_a_lifecycle_that_ships_is_refused(place, capsys):
    """The package's first test would fail, and its author would not know why."""
    assert run(["new-plugin", "ecommerce"]) == 2

    assert "'journeykit-my-ecommerce'" in capsys.readouterr().err
    assert names_in(place) == []


def test_what_is_there_is_left_alone(place, capsys):
    """Somebody's package, with a week of work in it."""
    (place / "journeykit-banking").mkdir()

    assert run(["new-plugin", "banking"]) == 2

    assert capsys.readouterr().err == (
        "error: 'journeykit-banking' is there already, and nothing in it is changed. Move it away first\n"
    )
    assert names_in(place / "journeykit-banking") == []


@pytest.mark.parametrize("made", [False, True])
def test_a_place_that_is_no_directory_is_refused(place, capsys, made):
    """A typo in a path must not make folders."""
    if made:
        (place / "file").touch()

    assert run(["new-plugin", "banking", "--directory", "file"]) == 2

    assert "to make the package in" in capsys.readouterr().err
    assert names_in(place) == ["file"] * made


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError, RuntimeError])
def test_what_is_interrupted_leaves_nothing(place, monkeypatch, stop):
    """Ctrl-C, a full disk: half a package would be found by the next run, and refused."""
    import cookiecutter.generate

    whole = cookiecutter.generate.generate_file
    written = []

    def generate_file(*arguments):
        if len(written) == 3:
            raise stop
        written.append(whole(*arguments))

    monkeypatch.setattr(cookiecutter.generate, "generate_file", generate_file)

    assert run(["new-plugin", "banking"]) in {2, 130}

    assert (len(written), names_in(place)) == (3, [])


def test_a_read_only_installation_gives_files_that_can_be_changed(place, monkeypatch, tmp_path_factory):
    """Some systems install packages so that nobody can write to them."""
    import shutil

    copy = tmp_path_factory.mktemp("copy") / "template"
    shutil.copytree(new_plugin.TEMPLATE, copy)
    for path in copy.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
    monkeypatch.setattr(new_plugin, "TEMPLATE", copy)

    run(["new-plugin", "banking"])

    modes = [(place / "journeykit-banking" / file).stat().st_mode for file in FILES]
    assert all(mode & stat.S_IWUSR for mode in modes)


AUDITED = """
import json, os, sys
seen = []

def note(event, arguments):
    if event == "open" and isinstance(arguments[0], str | bytes):
        path, mode, flags = arguments
        writes = (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) or set(mode or "") & set("wax+")
        seen.append(("write" if writes else "read", os.path.abspath(os.fsdecode(path))))
    elif event in {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "os.chmod"}:
        seen.append(("write", os.path.abspath(os.fsdecode(arguments[0]))))
    elif event.startswith(("socket.connect", "socket.getaddrinfo", "subprocess.", "os.system", "os.exec")):
        seen.append(("call", event))

from journeykit.cli.running import run
sys.dont_write_bytecode = True
sys.addaudithook(note)
code = run(["new-plugin", "banking", "--directory", sys.argv[1]])
print(json.dumps([code, seen]))
"""


def test_nothing_else_is_read_written_or_called(place, tmp_path_factory):
    """Settings of cookiecutter's in the home directory are somebody else's, and a network is not needed."""
    home = tmp_path_factory.mktemp("home")
    (home / ".cookiecutterrc").write_text("replay_dir: /nowhere\n", "utf-8")
    environment = {**os.environ, "HOME": str(home), "COOKIECUTTER_CONFIG": str(home / ".cookiecutterrc")}

    done = subprocess.run(
        [sys.executable, "-c", AUDITED, str(place)],
        capture_output=True, text=True, check=True, env=environment, cwd=home,
    )  # fmt: skip

    code, seen = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    assert [event for kind, event in seen if kind == "call"] == []
    assert [path for kind, path in seen if kind == "write" and not path.startswith(str(place))] == []
    assert [path for kind, path in seen if path.startswith(str(home))] == []
    assert names_in(home) == [".cookiecutterrc"]


def test_the_package_passes_ruff_and_is_formatted(place):
    """What we write is where its author's style begins; these are ruff's own rules, not ours."""
    pytest.importorskip("ruff")
    run(["new-plugin", "banking"])

    for command in (["check"], ["format", "--check"]):
        subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", "."],
            check=True, cwd=place / "journeykit-banking",
        )  # fmt: skip


def test_the_package_keeps_every_promise(place):
    """An author's first run of the tests has to be green."""
    run(["new-plugin", "banking"])

    with imported(place / "journeykit-banking") as plugin:
        assert check_plugin(plugin) == ()


def test_the_readme_names_what_is_there(place):
    """Its commands and paths are typed as they stand."""
    run(["new-plugin", "banking"])

    root = place / "journeykit-banking"
    text = (root / "README.md").read_text("utf-8")
    assert "src/journeykit_banking/lifecycles/banking.yaml" in text
    assert run(["check", "--strict", str(root / "src/journeykit_banking/lifecycles/banking.yaml")]) == 0
