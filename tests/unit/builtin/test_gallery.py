"""The gallery: a drawing of every lifecycle that ships, and how they join."""

from __future__ import annotations

import re

import pytest
from tests.lifecycles import table

import journeykit as jk

SHIPPED = {
    lifecycle.id: lifecycle for lifecycle in jk.lifecycles(manager=jk.make_manager(entry_points=False))
}

COMMAND = """JOURNEYKIT_PLUGINS= python -c "import pathlib, journeykit as jk
for plan in jk.lifecycles():
    drawing = pathlib.Path('docs/reference/lifecycles', plan.id + '.svg')
    drawing.write_text(jk.to_svg(plan.graph(touchpoints=False)), encoding='utf-8')" """


@pytest.fixture(scope="module")
def gallery(project) -> str:
    """The page."""
    return (project / "docs" / "reference" / "lifecycles" / "index.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_drawings_are_those_of_the_lifecycles(name, project):
    """A stage that is not on the drawing is a stage that nobody finds."""
    drawing = project / "docs" / "reference" / "lifecycles" / f"{name}.svg"
    drawn = drawing.read_text(encoding="utf-8") if drawing.exists() else ""

    assert drawn == jk.to_svg(SHIPPED[name].graph(touchpoints=False)), f"draw them anew:\n\n{COMMAND}"


def test_no_drawing_is_left_of_a_lifecycle_that_is_gone(project):
    """It would be found by a link from elsewhere."""
    drawings = (project / "docs" / "reference" / "lifecycles").glob("*.svg")

    assert {drawing.stem for drawing in drawings} == SHIPPED.keys()


def test_the_gallery_shows_each_and_leads_to_its_page(gallery):
    """In the order of `jk.lifecycles()`, under the title people know it by, with whose eyes see it."""
    shown = re.findall(
        r"^## (.+)\n(?:.*\n)*?\[!\[[^\]]+\]\(([\w-]+)\.svg\)\]\(([\w-]+)\.svg\)", gallery, re.MULTILINE
    )
    linked = re.findall(r"^\| \[`[\w-]+`\]\(([\w-]+)\.md\) \| (\w+) \|", gallery, re.MULTILINE)

    assert shown == [(plan.title.en, name, name) for name, plan in SHIPPED.items()]
    assert linked == [(name, plan.perspective) for name, plan in SHIPPED.items()]


def test_the_gallery_tells_how_they_join(gallery):
    """A bridge that a page leaves out is one that nobody crosses."""
    told = [
        [plan.id, each.stage, each.lifecycle, each.target or "", each.label.en]
        for plan in SHIPPED.values()
        for each in plan.bridges
    ]

    assert table(gallery, "How they join") == told
