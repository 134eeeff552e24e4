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


@pytest.fixture(scope="session")
def relationship() -> Lifecycle:
    """The client relationship as users get it."""
    return lifecycle("client-relationship")


@pytest.fixture(scope="session")
def buying() -> Lifecycle:
    """The buying steps as users get them."""
    return lifecycle("buying-steps")


@pytest.fixture(scope="session")
def recommendation() -> Lifecycle:
    """The recommendation as users get it."""
    return lifecycle("recommendation")


@pytest.fixture(scope="session")
def expectation() -> Lifecycle:
    """The expectation as users get it."""
    return lifecycle("expectation")
