"""Put what compare.py and scale.py measured onto the page "speed": tables, and charts.

    python benchmarks/publish.py

Tables stand between `<!-- begin:name -->` and `<!-- end:name -->`; the rest of the page is written by hand.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from charts import ASKED, HERE, PAGE, SHOWN, draw, middle

OURS = "journeykit"


def table(heads: list[str], rows: list[list[str]]) -> str:
    """Write a Markdown table, numbers to the right."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def compared(report: dict[str, Any]) -> str:
    """Tabulate what everybody needed."""
    ours = report["systems"][OURS]
    heads = [
        "system",
        "seconds",
        "x ours",
        "CPU seconds",
        "x ours",
        "peak MB",
        "x ours",
        "import, s",
        "start-up, s",
    ]
    rows = []
    for system, rounds in report["systems"].items():
        cells = [SHOWN[system]]
        for column, digits in (("seconds", 2), ("cpu_seconds", 1), ("peak_mb", 0)):
            value = middle(rounds, column)
            cells += [f"{value:,.{digits}f}", f"{value / middle(ours, column):.2f}"]
        cells += [f"{middle(rounds, column):.2f}" for column in ("import", "startup")]
        rows.append(cells)
    return table(heads, rows)


def steps(report: dict[str, Any]) -> str:
    """Tabulate the parts, and what is asked of what is ordered already."""
    rows = []
    for system, rounds in report["systems"].items():
        first, again = rounds[0], middle_of(rounds)
        for name in [*first["steps"], *first["further"]]:
            part = "steps" if name in first["steps"] else "further"
            label = "order" if name == "order" else ASKED[name]
            alone = again("alone", name) if "alone" in first and name != "order" else None
            asked = [again(part, name), alone, again("again", name) if name in first["again"] else None]
            rows.append([SHOWN[system], label, *("" if told is None else f"{told:.3f}" for told in asked)])
    return table(["system", "step", "in turn, s", "first of all, s", "asked again, s"], rows)


def middle_of(rounds: list[dict[str, Any]]) -> Any:
    """Give what finds the median of a part's step over the rounds."""
    return lambda part, name: middle(rounds, part, name)


def scaled(report: dict[str, Any]) -> str:
    """Tabulate how time and memory grow."""
    first = report["sizes"][0]
    questions = list(first["first"])
    heads = ["events", "customers", "seconds", "CPU seconds", "observe", *questions, "peak MB", "spilled MB"]
    saved = "save" in first
    heads += ["save", "file MB", "load"] if saved else []
    rows = []
    for told in report["sizes"]:
        cells = [
            f"{told['events']:,}",
            f"{told['customers']:,}",
            f"{told['seconds']:.1f}",
            f"{told['cpu_seconds']:.1f}",
            f"{told['observe']:.1f}",
        ]
        cells += [f"{told['first'][question]:.2f}" for question in questions]
        cells += [f"{told['peak_mb']:,.0f}", f"{told['spilled_mb']:,.0f}"]
        if saved:
            cells += [f"{told['save']:.1f}", f"{told['saved_mb']:,.0f}", f"{told['load']:.2f}"]
        rows.append(cells)
    powers = report["exponents"]
    power = (
        f"Fitted: seconds grow as the number of events to the power {powers['seconds']:.2f}, CPU seconds to "
        f"the power {powers['cpu_seconds']:.2f}, peak memory to the power {powers['peak_mb']:.2f}."
    )
    return f"{table(heads, rows)}\n\n{power}"


def where(report: dict[str, Any]) -> str:
    """Say when, where and with which versions it was measured."""
    told = report["machine"]
    text = (
        f"Measured {told['date']} on {told['processor']}, {told['cores']} cores, {told['memory_gb']} GB of "
        f"memory, Python {told['python']}; the load before it began was {told['load']}."
    )
    versions: dict[str, str] = {}
    for rounds in report.get("systems", {}).values():
        versions |= rounds[0]["versions"]
    listed = ", ".join(f"{name} {number}" for name, number in versions.items() if name != "python")
    return f"{text} Rounds: {report['rounds']}. Versions: {listed}." if listed else text


def put(page: str, name: str, text: str) -> str:
    """Replace what stands between two marks.

    Raises:
        ValueError: The page has no such marks.
    """
    marks = re.compile(rf"(<!-- begin:{name} -->\n).*?(<!-- end:{name} -->)", re.DOTALL)
    replaced, count = marks.subn(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", page)
    if count != 1:
        raise ValueError(f"the page has {count} places for {name!r}")
    return replaced


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--results", type=Path, default=HERE / "results")
    wanted = parser.parse_args()
    compare, scale = (
        json.loads((wanted.results / f"{name}.json").read_text()) for name in ("compare", "scale")
    )
    texts = {
        "compare": f"{compared(compare)}\n\n{where(compare)}",
        "steps": steps(compare),
        "scale": f"{scaled(scale)}\n\n{where(scale)}",
    }
    path = PAGE / "speed.md"
    page = path.read_text()
    for name, text in texts.items():
        page = put(page, name, text)
    path.write_text(page)
    draw(compare, scale, PAGE, "svg")


if __name__ == "__main__":
    main()
