"""Ask a question by its name: one of ours, or one that a plugin offers.

May import: journey, result, plugins, errors.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final

from journeykit.analysis.definition import require_journey
from journeykit.errors import PluginError, UnknownNameError
from journeykit.model.values import brief
from journeykit.plugins import default_manager
from journeykit.plugins.asking import FAULTS, told_of
from journeykit.plugins.loading import BUILTIN
from journeykit.result import Result

if TYPE_CHECKING:
    from journeykit.journey import Journey
    from journeykit.plugins import Analysis, Manager

HOOK: Final = "journeykit_analyses"


def analyze(
    name: str, journey: Journey, /, *, manager: Manager | None = None, **options: object
) -> Result[Any]:
    """Ask a journey a question by its name, such as "drop_offs" or one that a plugin offers.

    Args:
        name: The question's name.
        journey: What was observed.
        manager: Where to look; None: what ships and what is installed.  A question that takes one, such
            as `gaps`, looks there, too.
        options: What the question takes by keyword, such as `by`.

    Returns:
        What the question returns: rows of one type, with their definition.

    Raises:
        UnknownNameError: No question has this name, or the question knows no such option.
        PluginError: Several plugins offer the name; or a plugin's question raises, or answers with
            anything but a `Result`.  What one of ours raises passes through.

    Warns:
        JourneykitWarning: A plugin failed; said once a manager.

    Source: S2-31, S4-05 (mission page).
    """
    require_journey(journey)
    asked = manager or default_manager()
    question = asked.find("analysis", name, asked.analyses)
    plugin = asked.analyses.plugin_of(name)
    parameters = _parameters(question)
    _require_options(name, parameters, options)
    if manager is not None and any(one.name == "manager" for one in parameters):
        options["manager"] = manager
    if plugin == BUILTIN:
        return question(journey, **options)
    try:
        answer: object = question(journey, **options)
    except FAULTS as error:
        raise PluginError(plugin, HOOK, f"analysis {name!r}: {told_of(error)}") from error
    if not isinstance(answer, Result):
        raise PluginError(plugin, HOOK, f"analysis {name!r}: returned {brief(answer)}, which is no Result")
    return answer


def _parameters(question: Analysis) -> list[inspect.Parameter]:
    """List what a question takes; nothing where it can be called and does not say how."""
    try:
        return list(inspect.signature(question).parameters.values())
    except FAULTS:
        return []


def _require_options(name: str, parameters: list[inspect.Parameter], options: dict[str, object]) -> None:
    """Refuse an option that the question does not know; one that does not say may complain itself."""
    if not parameters or any(one.kind is one.VAR_KEYWORD for one in parameters):
        return
    known = [one.name for one in parameters[1:] if one.kind in {one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY}]
    for option in options:
        if option not in known:
            raise UnknownNameError("option", option, known, where=f"analysis {name!r}")
