"""Draw what compare.py and scale.py measured, for the page "speed".

    python benchmarks/charts.py folder  # as PNG, to look at; publish.py puts them onto the page as SVG

Needs journeykit's extra "plot".
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import Any

import altair as alt

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "explanation"

OURS = "#3d6ea5"
HAND = "#3f8f7f"
PEER = "#8a8f98"
INK = "#2b2f36"
COLORS = {"journeykit": OURS, "SQL by hand": HAND, "peer": PEER}
SHOWN = {
    "journeykit": "journeykit",
    "SQL by hand, counts": "SQL by hand, only counts",
    "SQL by hand, in full": "SQL by hand, in full",
    "pm4py on polars": "pm4py on polars (first answer only)",
    "Retentioneering": "Retentioneering 5 (no shares)",
}
ASKED = {
    "transitions": "transitions",
    "drop_offs": "drop-offs",
    "touchpoints": "customers by touchpoint",
    "graph": "graph",
    "medians": "median times",
    "ends": "last touchpoints",
    "funnel": "funnel of three steps",
}


def kind(system: str) -> str:
    """Tell ourselves, the floor and the peers apart."""
    return system if system in COLORS else "SQL by hand" if system.startswith("SQL") else "peer"


def middle(rounds: list[dict[str, Any]], *keys: str) -> float:
    """Give the median of one figure over the rounds."""
    values = []
    for told in rounds:
        value: Any = told
        for key in keys:
            value = value[key]
        values.append(value)
    return statistics.median(values)


def bars(rows: list[dict[str, Any]], column: str, title: str, *, names: bool) -> alt.LayerChart:
    """Draw one bar a system, with its number."""
    order = list(SHOWN.values())
    axis = alt.Axis(labelLimit=300, ticks=False, domain=False) if names else None
    base = alt.Chart(alt.Data(values=rows), title=alt.Title(title, anchor="start", fontSize=13)).encode(
        y=alt.Y("system:N", sort=order, title=None, axis=axis),
        x=alt.X(f"{column}:Q", axis=None, scale=alt.Scale(domainMin=0)),
    )
    color = alt.Color("kind:N", scale=_scale(), legend=None)
    text = base.mark_text(align="left", dx=4, color=INK).encode(text=f"{column}_text:N")
    return alt.layer(base.mark_bar().encode(color=color), text).properties(width=250, height=150)


def comparison(report: dict[str, Any]) -> alt.HConcatChart:
    """Draw seconds and peak memory of everybody."""
    rows = []
    ours = middle(report["systems"]["journeykit"], "seconds")
    for system, rounds in report["systems"].items():
        seconds, peak = middle(rounds, "seconds"), middle(rounds, "peak_mb")
        rows.append(
            {
                "system": SHOWN[system],
                "kind": kind(system),
                "seconds": seconds,
                "seconds_text": f"{seconds:.1f} s  ({seconds / ours:.1f} x)",
                "peak": peak,
                "peak_text": f"{peak:,.0f} MB",
            }
        )
    millions = f"{report['events'] / 1e6:,.0f} million events"
    return alt.hconcat(
        bars(rows, "seconds", f"Seconds, from Parquet to the answers, {millions}", names=True),
        bars(rows, "peak", "Peak memory of the process", names=False),
        spacing=60,
    )


def asked(report: dict[str, Any]) -> alt.LayerChart:
    """Draw how long a question takes on what is observed already."""
    rows = []
    for system, rounds in report["systems"].items():
        part = "alone" if "alone" in rounds[0] else "again"
        for question in rounds[0][part]:
            seconds = middle(rounds, part, question)
            row = {"kind": kind(system), "system": SHOWN[system], "seconds": seconds}
            told = f"{seconds:.2f} s" if seconds >= 0.1 else f"{seconds * 1000:.0f} ms"  # noqa: PLR2004
            rows.append({**row, "question": f"{system}: {_ask(system, question)}", "text": told})
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("question:N", sort=None, title=None, axis=alt.Axis(labelLimit=320, grid=False, ticks=False)),
        x=alt.X(
            "seconds:Q", scale=alt.Scale(type="log"), title="seconds (each step is ten times as long)",
            axis=alt.Axis(values=[0.001, 0.01, 0.1, 1, 10, 100], format="~g"),
        ),
    )  # fmt: skip
    points = base.mark_point(filled=True, size=90, opacity=1).encode(
        color=alt.Color("kind:N", scale=_scale(), legend=None)
    )
    text = base.mark_text(align="left", dx=9, color=INK).encode(text="text:N")
    return alt.layer(points, text).properties(width=420, height=alt.Step(19))


def scaling(report: dict[str, Any]) -> alt.HConcatChart:
    """Draw time and memory by the size of the log."""
    rows = [
        {
            "millions": told["events"] / 1e6,
            "cpu": told["cpu_seconds"],
            "peak": told["peak_mb"] / 1000,
            "cpu_text": f"{told['cpu_seconds']:.1f} s",
            "peak_text": f"{told['peak_mb'] / 1000:.1f} GB",
        }
        for told in report["sizes"]
    ]
    power = report["exponents"]["cpu_seconds"]
    return alt.hconcat(
        line(rows, "cpu", f"CPU seconds: events to the power {power:.2f}", log=True),
        line(rows, "peak", f"Peak memory in GB, under a limit of {report['memory_limit']}", log=False),
        spacing=50,
    )


def line(rows: list[dict[str, Any]], column: str, title: str, *, log: bool) -> alt.LayerChart:
    """Draw one line over the sizes, with its numbers."""
    most = max(row[column] for row in rows)
    scale = alt.Scale(type="log", domainMax=2 * most) if log else alt.Scale(domain=[0, 1.2 * most])
    ticks = alt.Axis(values=[0.1, 1, 10, 100, 1000], format="~g") if log else alt.Axis(tickCount=4)
    sizes = sorted({round(row["millions"]) for row in rows})
    base = alt.Chart(alt.Data(values=rows), title=alt.Title(title, anchor="start", fontSize=13)).encode(
        x=alt.X(
            "millions:Q", title="million events", scale=alt.Scale(type="log", nice=False, padding=40),
            axis=alt.Axis(values=sizes, format="~g", grid=False),
        ),
        y=alt.Y(f"{column}:Q", title=None, scale=scale, axis=ticks),
    )  # fmt: skip
    text = base.mark_text(align="right", dx=-6, dy=-9, color=INK).encode(text=f"{column}_text:N")
    drawn = base.mark_line(color=OURS), base.mark_point(filled=True, size=60, color=OURS, opacity=1), text
    return alt.layer(*drawn).properties(width=300, height=200)


def _ask(system: str, question: str) -> str:
    """Name what is asked; ours counts the customers of each touchpoint in `gaps`."""
    return "gaps" if (system, question) == ("journeykit", "touchpoints") else ASKED[question]


def _scale() -> alt.Scale:
    return alt.Scale(domain=list(COLORS), range=list(COLORS.values()))


def draw(compared: dict[str, Any], scaled: dict[str, Any], folder: Path, end: str) -> None:
    """Draw all charts into a folder, as SVG or PNG."""
    charts = {"compare": comparison(compared), "asked": asked(compared), "scale": scaling(scaled)}
    for name, chart in charts.items():
        styled = chart.configure(background="#ffffff", padding=14, font="Helvetica, Arial, sans-serif")
        styled = styled.configure_view(stroke=None).configure_axis(labelColor=INK, titleColor=INK)
        styled.save(folder / f"speed-{name}.{end}", **({"scale_factor": 2} if end == "png" else {}))


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--results", type=Path, default=HERE / "results")
    parser.add_argument("--svg", action="store_true", help="SVG in place of PNG")
    wanted = parser.parse_args()
    compared, scaled = (
        json.loads((wanted.results / f"{name}.json").read_text()) for name in ("compare", "scale")
    )
    draw(compared, scaled, wanted.folder, "svg" if wanted.svg else "png")


if __name__ == "__main__":
    main()
