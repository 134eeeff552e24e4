"""What pytest gets from journeykit: the fixture `journeykit_conformance`.

pytest loads this module wherever journeykit is installed, also for people who never test
with it.  It imports pytest; everything else waits until a test asks.

May import: pytest; testing.checks on use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def journeykit_conformance() -> Callable[[object], None]:
    """Give a function that holds a plugin to all that `journeykit.testing.check_plugin` checks.

    Call it with the name of the plugin's entry point, or with its module; the test fails
    with every finding listed.
    """

    def hold(plugin: object) -> None:
        __tracebackhide__ = True
        from journeykit.testing import check_plugin

        findings = check_plugin(plugin)
        if findings:
            count = f"{len(findings)} finding{'s' if len(findings) > 1 else ''}"
            listed = "\n".join(f"- {finding}" for finding in findings)
            pytest.fail(f"{count}:\n{listed}", pytrace=False)

    return hold
