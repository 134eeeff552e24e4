"""What the tests may ask for."""

from pathlib import Path

import journeykit as jk
import pytest

import journeykit_telecom


@pytest.fixture(scope="session")
def manager():
    """What ships with journeykit, and this package: nothing else that may be installed."""
    return jk.make_manager(journeykit_telecom, entry_points=False)


@pytest.fixture(scope="session")
def calls():
    """A small export: every row is there for a reason, which a test tells."""
    return Path(__file__).parent / "calls.csv"


@pytest.fixture
def log(calls, manager):
    """The small export, opened; what is set aside is asserted where it matters."""
    with jk.events(calls, format="call_centre", timezone="Europe/Copenhagen", manager=manager) as log:
        yield log


@pytest.fixture
def plan(manager):
    """The postpaid lifecycle, in the call centre's words."""
    return jk.map_system(jk.lifecycle("telecom-postpaid", manager=manager), "call_centre", manager=manager)


@pytest.fixture
def journey(log, plan, manager):
    """The export as of the first of April."""
    with pytest.warns(jk.JourneykitWarning, match="of 21 rows"):
        journey = jk.observe(log, plan, as_of="2024-04-01", manager=manager)
    with journey:
        yield journey
