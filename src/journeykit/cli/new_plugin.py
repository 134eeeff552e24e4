"""Write an installable package with a lifecycle, a hook, a passing test and a README.

The template is in the folder beside this file; cookiecutter fills it in.  Only its
rendering is used: nothing is asked, no hook of a template is run, nothing is fetched, and
neither its settings nor anything else outside the place is read or written.  The package
is made under another name beside its place and moved there when it is whole.

Files of the template that become Python or TOML end in a variable instead, so that nobody
compiles, checks or collects them before they are filled in.

May import: plugins, errors.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from journeykit.errors import JourneykitError

if TYPE_CHECKING:
    from journeykit.cli.terminal import Terminal

PREFIX: Final = "journeykit-"
"""Packages that extend journeykit are called so, for people who look for them."""

LONGEST: Final = 60
TEMPLATE: Final = Path(__file__).parent / "new_plugin_template"


class NewPluginError(JourneykitError, ValueError):
    """No package can be made under this name, or there."""


@attrs.frozen
class Project:
    """A package to make.

    Attributes:
        short: What it is about, such as "banking": the id of its lifecycle, and of its entry point.
    """

    short: str

    @property
    def name(self) -> str:
        """The name it is installed by."""
        return f"{PREFIX}{self.short}"

    @property
    def module(self) -> str:
        """The name it is imported by."""
        return self.name.replace("-", "_")

    @property
    def title(self) -> str:
        """What people call it."""
        return self.short.replace("-", " ").capitalize()


def show_new_plugin(terminal: Terminal, name: str, directory: Path) -> None:
    """Write a package, and say what comes next.

    Args:
        terminal: Where to say it.
        name: Its name; "journeykit-" in front may be left out.
        directory: Where its folder is made.

    Raises:
        NewPluginError: The name is none for a package, its lifecycle's is taken, or a folder is there.
        OSError: It can't be written there.
    """
    from journeykit.html.wording import plain

    project = project_of(name)
    place = write_package(project, directory)
    terminal.say(f"Wrote {plain(place)}: a lifecycle, a hook, a test and a README that says how to go on.")
    terminal.say()
    terminal.say(f"  cd {plain(place)}")
    terminal.say("  pip install --editable '.[test]'")
    terminal.say("  pytest")


def project_of(name: str) -> Project:
    """Take a name as packages are named: small letters, digits, and hyphens between them.

    Raises:
        NewPluginError: It is none, or a lifecycle of that name ships.
    """
    wanted = re.sub(r"[-_.]+", "-", name).lower()
    short = wanted.removeprefix(PREFIX)
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", name) or f"{short}-" == PREFIX:
        raise NewPluginError(
            f"{name!r} is no name for a plugin: letters a to z and digits, with single '-' between them,"
            " such as 'journeykit-banking' or 'banking'"
        )
    if len(name) > LONGEST:
        raise NewPluginError(
            f"{name[:LONGEST] + '...'!r} is too long for a name: at most {LONGEST} characters"
        )
    from journeykit.plugins import make_manager

    if short in make_manager(entry_points=False).lifecycles:
        raise NewPluginError(
            f"a lifecycle {short!r} ships with journeykit, and two can't share an id. Choose another name, "
            f"such as {f'{PREFIX}my-{short}'!r}; its lifecycle can say `extends: {short}`"
        )
    return Project(short)


def write_package(project: Project, directory: Path) -> Path:
    """Fill in the template and put it into a directory, whole or not at all.

    Returns:
        The folder of the package.

    Raises:
        NewPluginError: A folder or a file of its name is there.
        OSError: It can't be written there.
    """
    place = directory / project.name
    if not directory.is_dir():
        missing = errno.ENOTDIR if os.path.lexists(directory) else errno.ENOENT
        raise OSError(missing, f"{os.strerror(missing)} to make the package in", str(directory))
    if os.path.lexists(place):
        raise NewPluginError(
            f"{str(place)!r} is there already, and nothing in it is changed. Move it away first"
        )
    beside = Path(tempfile.mkdtemp(prefix=f".{project.name}-", dir=directory))
    try:
        made = _filled_in(project, beside)
        made.rename(place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return place


def _filled_in(project: Project, directory: Path) -> Path:
    from importlib.metadata import version

    from cookiecutter.generate import generate_files

    major, minor, *_ = version("journeykit").split(".")
    told = {
        "name": project.name,
        "module": project.module,
        "short": project.short,
        "title": project.title,
        "journeykit": f"{major}.{minor}",
        "py": ".py",
        "toml": ".toml",
    }
    made = generate_files(
        TEMPLATE, context={"cookiecutter": told}, output_dir=directory.resolve(), accept_hooks=False
    )
    for file in Path(made).rglob("*"):
        # The template's own modes are copied; an installation may be read-only.
        file.chmod(file.stat().st_mode | stat.S_IWUSR)
    return Path(made)
