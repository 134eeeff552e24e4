"""The hook through which the lifecycles that ship are offered."""

from __future__ import annotations

import subprocess
import sys
from importlib import resources

from journeykit import builtin
from journeykit.plugins import lifecycle, make_manager


def test_every_yaml_of_the_package_is_offered_under_the_name_of_its_file():
    """A lifecycle that ships is found by the name people see, and no list of files can be forgotten."""
    folder = resources.files(builtin).joinpath("lifecycles")
    files = [file.name for file in folder.iterdir() if file.name.endswith(".yaml")]

    offered = [lifecycle.id for lifecycle in builtin.journeykit_lifecycles()]

    assert offered == sorted(name.removesuffix(".yaml") for name in files)


def test_what_ships_comes_through_the_same_hook_as_anyones():
    """A hook that our own lifecycles bypassed would break unnoticed."""
    manager = make_manager(entry_points=False)

    assert {manager.lifecycles.plugin_of(name) for name in manager.lifecycles} == {"journeykit.builtin"}
    assert lifecycle("b2b-seven-phase", manager=manager) in builtin.journeykit_lifecycles()


def test_no_file_is_read_before_somebody_asks_for_a_lifecycle():
    """`import journeykit` stays quick for people who bring their own lifecycle."""
    code = (
        "import sys, journeykit.builtin; "
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('yaml', 'cattrs')))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
