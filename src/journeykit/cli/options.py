"""The options of the commands, each with its help.

May import: nothing of ours.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

EXPORT = "An export of a CRM system"
COLUMNS = "Columns of the source"
FILES = "More files"
READING = "Reading and counting"
ENGINE = "What the work may use"
OUTPUT = "Output"

Source: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="Events: a CSV, Parquet or JSON-lines file, or a quoted pattern of files; with --format also a "
        "folder.",
    ),
]
Plan: TypeAlias = Annotated[
    str,
    typer.Option(
        "--lifecycle",
        "-l",
        metavar="ID_OR_FILE",
        help="The plan: an id of `journeykit lifecycles`, or a file.",
    ),
]
Format: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="F",
        help="Whose export it is, such as hubspot: a reader names the columns.",
        rich_help_panel=EXPORT,
    ),
]
ReaderOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--option",
        metavar="NAME=VALUE",
        help="What the reader is told, such as object=deals; as often as needed.",
        rich_help_panel=EXPORT,
    ),
]
WithoutWriters: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="W,W",
        help="Set aside rows written so, such as import,automation; needs --format or --writer.",
        rich_help_panel=EXPORT,
    ),
]
Customer: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="C",
        help="Whoever walks the journey: a person, an account, a deal. This and --timestamp are needed "
        "without --format.",
        rich_help_panel=COLUMNS,
    ),
]
Timestamp: TypeAlias = Annotated[
    str | None, typer.Option(metavar="C", help="When it happened.", rich_help_panel=COLUMNS)
]
Touchpoint: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="C", help="What happened; this or --stage, or both.", rich_help_panel=COLUMNS),
]
Stage: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="C", help="The stage, where the source knows it.", rich_help_panel=COLUMNS),
]
Sequence: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="C", help="Numbers that order events of one instant.", rich_help_panel=COLUMNS),
]
EventId: TypeAlias = Annotated[
    str | None, typer.Option(metavar="C", help="Ids; a repeated one is set aside.", rich_help_panel=COLUMNS)
]
Channel: TypeAlias = Annotated[
    str | None, typer.Option(metavar="C", help="The channel.", rich_help_panel=COLUMNS)
]
Writer: TypeAlias = Annotated[
    str | None, typer.Option(metavar="C", help="Who or what wrote the row.", rich_help_panel=COLUMNS)
]
By: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="C",
        help="Groups of customers: a column of --customers or of the events.",
        rich_help_panel=COLUMNS,
    ),
]
NamesFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--map",
        metavar="FILE|SYSTEM",
        help="Your CRM's names: YAML with touchpoints: and stages:, or a system that is known, such as "
        "hubspot.",
        rich_help_panel=FILES,
    ),
]
ActivitiesFile: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--activities",
        metavar="FILE",
        help="What the company does: stage, touchpoint, effort, ...",
        rich_help_panel=FILES,
    ),
]
CustomersFile: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--customers", metavar="FILE", help="One row a customer: vertical, tier, ...", rich_help_panel=FILES
    ),
]
Timezone: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="TZ",
        help="The clocks that timestamps without an offset show; UTC if nobody says.",
        rich_help_panel=READING,
    ),
]
TimestampFormat: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="F",
        help="How timestamps are written, such as %d-%m-%Y; ISO 8601 if not said.",
        rich_help_panel=READING,
    ),
]
AsOf: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="D", help="Count as of then; the newest event if not said.", rich_help_panel=READING
    ),
]
Idle: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="DURATION",
        help='Silence that is a loss, such as "90 days"; the lifecycle\'s own if not said.',
        rich_help_panel=READING,
    ),
]
Strict: TypeAlias = Annotated[
    bool, typer.Option("--strict", help="Make a row that can't be used an error.", rich_help_panel=READING)
]
MemoryLimit: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE",
        help="Memory before it spills to disk, such as 4GB; 2GB if not said.",
        rich_help_panel=ENGINE,
    ),
]
Threads: TypeAlias = Annotated[
    int | None,
    typer.Option(
        metavar="N", help="Threads; as many as the machine has if not said.", rich_help_panel=ENGINE
    ),
]
TempDir: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="A folder for what does not fit into memory; the system's if not said.",
        rich_help_panel=ENGINE,
    ),
]
Page: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="OUT.html", help="Write the report as a page.", rich_help_panel=OUTPUT
    ),
]
Json: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="OUT.json|-", help="Write the answers as JSON; - is stdout.", rich_help_panel=OUTPUT
    ),
]
DemoPage: TypeAlias = Annotated[
    Path, typer.Option("--output", "-o", metavar="OUT.html", help="Where to write the report.")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Write it as JSON, for programs.")]
LifecycleFile: TypeAlias = Annotated[Path, typer.Argument(metavar="FILE", help="A lifecycle, YAML or JSON.")]
StrictAdvice: TypeAlias = Annotated[
    bool, typer.Option("--strict", help="Leave with exit code 1 where the lifecycle lacks anything.")
]
PluginName: TypeAlias = Annotated[
    str, typer.Argument(metavar="NAME", help="What to call the package, such as journeykit-banking.")
]
PluginPlace: TypeAlias = Annotated[
    Path,
    typer.Option("--directory", "-d", metavar="DIR", help="Where to make its folder; here, if not said."),
]
Version: TypeAlias = Annotated[
    bool, typer.Option("--version", help="Say the version and leave.", is_eager=True)
]
