"""What every test may ask for.

Hypothesis has three profiles, chosen by the environment variable `HYPOTHESIS_PROFILE`:
`quick` (the default: the same examples every time, so that a red run is about the
change at hand), `few` (the other Pythons) and `thorough` (drawn anew, many).
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

PROJECT = Path(__file__).parent.parent

# Whatever a shell starts in the background ignores Ctrl-C, and so would whoever tests it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A drawn log is counted by an engine, on a machine that may be busy: time says nothing.
ANY_TIME = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
    "print_blob": True,
}
settings.register_profile("quick", max_examples=20, derandomize=True, **ANY_TIME)
settings.register_profile("few", max_examples=5, derandomize=True, **ANY_TIME)
settings.register_profile("thorough", max_examples=40, **ANY_TIME)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def project() -> Path:
    """The directory of the project."""
    return PROJECT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The directory of the real logs, which are too large for this repository.

    It is `../shared/data` beside the project, or what `JOURNEYKIT_SHARED_DATA` says.
    """
    data = Path(os.environ.get("JOURNEYKIT_SHARED_DATA", PROJECT.parent / "shared" / "data"))
    if not data.is_dir():
        pytest.skip("the real logs are not here: no ../shared/data beside the project")
    return data
