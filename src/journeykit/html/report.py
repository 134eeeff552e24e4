"""Write what was observed as one page of HTML: self-contained, escaped, the same bytes for the same input.

The page loads nothing and runs nothing; its content security policy forbids it to.  Whatever
comes from data is escaped by the template engine, and what would hide or reorder text is shown.

May import: journey, model, errors, answers, files, page, wording.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import jinja2

from journeykit.analysis.definition import require_journey
from journeykit.html.answers import find
from journeykit.html.files import require_page, write_file
from journeykit.html.page import lay_out
from journeykit.html.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from journeykit.html.answers import Findings
    from journeykit.journey import Journey
    from journeykit.model.activity import Activity


def report(
    journey: Journey, path: str | Path, *, activities: Sequence[Activity] | None = None, by: str | None = None
) -> None:
    """Write a report of a journey: one self-contained HTML page.

    It tells what stands out, draws the graph, and shows the three answers as tables with
    their definitions, the plan, and what was read of the log.  The page appears at once
    or not at all: an interrupted run leaves no half of it.

    Args:
        journey: What was observed.
        path: Where to write the page, a name in .html; a file that is there is replaced.
        activities: What the company does (`jk.activities`).
        by: A customer attribute; tables of its groups stand beside those of all customers.

    Raises:
        UnknownNameError: No customer attribute is called *by*, or an activity's stage is no stage.
        EventLogError: *journey* is none, or the activities of one stage measure effort in different units.
        ReportError: The path is not a page's, and might be that of an export.
        OSError: The page can't be written there.

    Source: S2-31, S4-05 (mission page); design, section 3.
    """
    require_journey(journey)
    require_page(path)
    write_file(path, render(find(journey, activities=activities, by=by)))


def render(found: Findings) -> str:
    """Write the page of what was found, as text."""
    page = lay_out(found)
    template = _environment().get_template("report.html.jinja")
    return template.render(page=page, version=version("journeykit"))


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("journeykit.html"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["counted"] = counted
    return environment
