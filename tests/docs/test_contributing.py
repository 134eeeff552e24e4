"""What CONTRIBUTING.md says of the layout is what is checked."""

from __future__ import annotations

import re
import tomllib


def test_the_diagram_has_the_layers_that_are_checked(project):
    """A drawing that is not the rule sends people the wrong way."""
    text = (project / "CONTRIBUTING.md").read_text("utf-8")
    settings = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]

    drawn = text.partition("```text\n")[2].partition("```")[0]
    names = [re.split("  +", line)[0] for line in drawn.splitlines()]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "layers")
    assert names == [re.sub(r"[()]", "", layer) for layer in layers]
