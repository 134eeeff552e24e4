"""Declare the commands; what they do is imported when they are run.

May import: cli.options, and on use the other modules of cli.
"""

from __future__ import annotations

from pathlib import Path

import typer

from journeykit.cli import options as o

app = typer.Typer(
    name="journeykit",
    help="Join a planned customer journey with observed events: gaps, drop-offs and stage transitions.",
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def start(context: typer.Context, *, version: o.Version = False) -> None:
    """Join a planned customer journey with observed events: gaps, drop-offs and stage transitions."""
    if version:
        from importlib.metadata import version as version_of

        context.obj.say(f"journeykit {version_of('journeykit')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def demo(context: typer.Context, *, output: o.DemoPage = Path("journey.html")) -> None:
    """Simulate a B2B log, print the three answers and write the report."""
    from journeykit.cli.demo import show_demo

    show_demo(context.obj, output)


@app.command()
def report(
    context: typer.Context,
    source: o.Source,
    *,
    lifecycle: o.Plan,
    form: o.Format = None,
    option: o.ReaderOption = None,
    customer: o.Customer = None,
    timestamp: o.Timestamp = None,
    touchpoint: o.Touchpoint = None,
    stage: o.Stage = None,
    sequence: o.Sequence = None, event_id: o.EventId = None,
    channel: o.Channel = None,
    writer: o.Writer = None,
    without_writers: o.WithoutWriters = None,
    by: o.By = None,
    names: o.NamesFile = None,
    activities: o.ActivitiesFile = None,
    customers: o.CustomersFile = None,
    timezone: o.Timezone = None,
    timestamp_format: o.TimestampFormat = None,
    as_of: o.AsOf = None,
    idle: o.Idle = None,
    strict: o.Strict = False,
    memory_limit: o.MemoryLimit = None, threads: o.Threads = None, temp_dir: o.TempDir = None,
    output: o.Page = None, json: o.Json = None,
) -> None:  # fmt: skip
    """Answer three questions about events: where are the gaps, where are customers lost, how do they move."""
    from journeykit.cli.inputs import Request, pairs, words
    from journeykit.cli.reporting import report_on

    columns = {"customer": customer, "timestamp": timestamp, "touchpoint": touchpoint, "stage": stage}
    columns |= {"sequence": sequence, "event_id": event_id, "channel": channel, "writer": writer}
    limits = {"memory_limit": memory_limit, "threads": threads, "temp_dir": temp_dir}
    request = Request(
        source=source, format=form, options=pairs(option), lifecycle=lifecycle, columns=columns,
        without_writers=words(without_writers), by=by, names=names, activities=activities,
        customers=customers, timezone=timezone, timestamp_format=timestamp_format, as_of=as_of, idle=idle,
        strict=strict, limits=limits,
    )  # fmt: skip
    report_on(context.obj, request, page=output, json=json)


@app.command()
def lifecycles(context: typer.Context) -> None:
    """List the lifecycles that are installed."""
    from journeykit.cli.showing import show_lifecycles

    show_lifecycles(context.obj)


@app.command()
def plugins(context: typer.Context, *, json: o.AsJson = False) -> None:
    """List the plugins that are installed, what each offers, and what failed and why."""
    from journeykit.cli.plugins import show_plugins

    show_plugins(context.obj, as_json=json)


@app.command()
def check(context: typer.Context, file: o.LifecycleFile, *, strict: o.StrictAdvice = False) -> None:
    """Check a lifecycle file: say that it is good and what it lacks, or list every problem."""
    from journeykit.cli.showing import show_check

    if show_check(context.obj, file) and strict:
        raise typer.Exit(1)


@app.command("new-plugin")
def new_plugin(context: typer.Context, name: o.PluginName, *, directory: o.PluginPlace = Path()) -> None:
    """Write a package of your own: a lifecycle, a hook, a test, and a README that leads to publishing it."""
    from journeykit.cli.new_plugin import show_new_plugin

    show_new_plugin(context.obj, name, directory)
