"""What the tests of the shipped lifecycles share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from journeykit.plugins import lifecycle

if TYPE_CHECKING:
    from journeykit.model import Lifecycle


@pytest.fixture(scope="session")
def b2b() -> Lifecycle:
    """The seven-phase lifecycle as users get it."""
    return lifecycle("b2b-seven-phase")
