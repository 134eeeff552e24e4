"""The lifecycles that ship, offered through the same hook as anyone's.

Each YAML file beside this one is a lifecycle; adding a file adds a lifecycle, and
no list has to be kept.  The files are read when the hook is called and never
before, through ``importlib.resources``, so that an installation in a zip works too.

May import: model, plugins (the hook marker).
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from journeykit.plugins import hookimpl

if TYPE_CHECKING:
    from journeykit.model import Lifecycle


@hookimpl
def journeykit_lifecycles() -> tuple[Lifecycle, ...]:
    """Offer every lifecycle of this package, by file name.

    Returns:
        One lifecycle a file, each under the id that its file is named after.

    Raises:
        LifecycleError: A file breaks rules; they are listed with its name.
    """
    from journeykit.model.codec import from_yaml

    files = sorted(
        (file for file in resources.files(__name__).iterdir() if file.name.endswith(".yaml")),
        key=lambda file: file.name,
    )
    return tuple(from_yaml(file.read_text(encoding="utf-8"), origin=file.name) for file in files)
