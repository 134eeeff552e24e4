"""The same answers by Spark on a standalone cluster, how long each takes, and what Spark moves and sorts.

python benchmarks/spark_cluster.py events.parquet [--workers 2] [--memory 2g] [--no-duckdb]

Starts a master and workers of one core each on this machine, observes the log there, asks each question
once, and does the same on the embedded engine.  Prints seconds, which fraction of them is Spark's own
start-up, and for each relation and query of `observe` its exchanges and sorts.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plan import EXIT, GOAL, IDLE_DAYS, NAMES

import journeykit as jk

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.parity.clusters import HOST, standalone_cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

COLUMNS = {"customer": "customer", "timestamp": "timestamp", "touchpoint": "touchpoint"}
KINDS = {GOAL: "goal", EXIT: "exit"}
TOLERANCE = 1e-9

COUNTED = {
    "ShuffleExchangeExec": "exchanges",
    "BroadcastExchangeExec": "broadcasts",
    "SortExec": "sorts",
    "WindowExec": "windows",
}
"""What moves or orders rows, by Spark's names for it."""


def main() -> None:
    """Read the command line, and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("events")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--memory", default="2g", help="of each worker")
    parser.add_argument("--no-duckdb", action="store_true", help="leave the comparison out")
    wanted = parser.parse_args()
    duck = {} if wanted.no_duckdb else measure_duckdb(wanted.events)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with standalone_cluster(Path(folder), workers=wanted.workers, memory=wanted.memory) as master:
            print(f"cluster up in {time.perf_counter() - began:.1f} s (not counted)")
            spark = measure_spark(wanted.events, master, wanted.memory)
    tell(spark, duck)


def measure_duckdb(path: str) -> dict[str, tuple[float, Any]]:
    """Ask the embedded engine."""
    with jk.events(path, **COLUMNS) as log:
        return ask(log)


def measure_spark(path: str, master: str, memory: str) -> dict[str, tuple[float, Any]]:
    """Ask Spark; its start-up is the session's, and that of the first job, which waits for executors."""
    began = time.perf_counter()
    session = start(master, memory)
    session.range(1000).repartition(4).count()
    started = time.perf_counter() - began
    try:
        session.read.parquet(path).createTempView("events")
        with watched() as seen, jk.events("events", connection=session, **COLUMNS) as log:
            answers = ask(log, seen)
        blocks = len(session.sparkContext._jsc.getPersistentRDDs())  # noqa: SLF001 - Python has no other way to ask
        print(f"blocks held after close: {blocks}")
        return {"start-up": (started, None), **answers}
    finally:
        session.stop()


def start(master: str, memory: str) -> SparkSession:
    """Start a session on the cluster."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.bindAddress": HOST,
        "spark.driver.host": HOST,
        "spark.driver.memory": "1g",
        "spark.executor.memory": memory,
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.master(master).appName("journeykit")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def lifecycle() -> jk.Lifecycle:
    """Write the plan of the simulated log down."""
    return jk.Lifecycle(
        "walk",
        stages=[jk.Stage(name, kind=KINDS.get(name, "progress")) for name in NAMES],
        touchpoints={name: name for name in NAMES},
        idle=f"{IDLE_DAYS} days",
    )


def ask(log: jk.EventLog, seen: list[Any] | None = None) -> dict[str, tuple[float, Any]]:
    """Observe, and ask each question; say how long each takes."""
    answers: dict[str, tuple[float, Any]] = {}
    began = time.perf_counter()
    journey = jk.observe(log, lifecycle())
    answers["observe"] = time.perf_counter() - began, journey.counts
    if seen is not None:
        tell_plans(seen)
        seen.clear()
        tell_storage()
    questions = {
        "transitions": lambda: jk.transitions(journey).to_dicts(),
        "drop_offs": lambda: jk.drop_offs(journey).to_dicts(),
        "gaps": lambda: jk.gaps(journey).to_dicts(),
        "last_touchpoints": lambda: jk.last_touchpoints(journey).to_dicts(),
        "graph": lambda: sorted(journey.graph().edges(data=True), key=lambda edge: edge[:2]),
    }
    for name, question in questions.items():
        began = time.perf_counter()
        answer = question()
        answers[name] = time.perf_counter() - began, answer
        if seen is not None:
            print(f"{name}: {len(seen)} queries")
            seen.clear()
    journey.close()
    return answers


@contextmanager
def watched() -> Iterator[list[tuple[str, Any]]]:
    """Note whatever journeykit asks Spark: a relation by its name, a query as such."""
    from journeykit.engines.spark_held import Held

    seen: list[tuple[str, Any]] = []
    hold = Held.hold

    def noted(self: Held, name: str, rows: Any) -> None:
        hold(self, name, rows)
        seen.append((f"relation {name.split('_', 3)[-1]}", rows))

    Held.hold = noted  # type: ignore[method-assign]
    toarrow = _frames()
    arrow = toarrow.toArrow

    def answered(self: Any) -> Any:
        answer = arrow(self)
        seen.append(("query", self))
        return answer

    toarrow.toArrow = answered
    try:
        yield seen
    finally:
        Held.hold, toarrow.toArrow = hold, arrow  # type: ignore[method-assign]


def _frames() -> Any:
    from pyspark.sql.classic.dataframe import DataFrame

    return DataFrame


def tell_plans(seen: list[tuple[str, Any]]) -> None:
    """Print what each relation and query of `observe` moves and sorts."""
    total: Counter[str] = Counter()
    for name, rows in seen:
        nodes = list(walk(rows._jdf.queryExecution().executedPlan()))  # noqa: SLF001 - Python has no other way to ask
        counted = Counter(COUNTED[kind] for kind, _ in nodes if kind in COUNTED)
        total += counted
        print(f"{name}: {dict(counted) or 'a scan'}")
        for kind, words in nodes:
            if kind in COUNTED and kind != "WindowExec":
                print(f"    {words[:150]}")
    print(f"observe, in all: {len(seen)} queries, {dict(total)}")


def tell_storage() -> None:
    """Print what the executors hold."""
    from pyspark.sql import SparkSession

    java = SparkSession.active().sparkContext._jsc.sc()  # noqa: SLF001 - Python has no other way to ask
    held = list(java.getRDDStorageInfo())
    memory, disk = sum(one.memSize() for one in held), sum(one.diskSize() for one in held)
    print(f"held: {len(held)} relations, {memory >> 20} MB in memory, {disk >> 20} MB on disk")


def walk(plan: Any) -> Iterator[tuple[str, str]]:
    """Go through a plan as it was carried out, and not into the plans of relations that it reads."""
    kind = plan.getClass().getSimpleName()
    yield kind, plan.simpleString(12)
    if kind == "AdaptiveSparkPlanExec":
        yield from walk(plan.executedPlan())
    elif kind.endswith("QueryStageExec") and kind != "TableCacheQueryStageExec":
        yield from walk(plan.plan())
    for place in range(plan.children().length()):
        yield from walk(plan.children().apply(place))


def tell(spark: dict[str, tuple[float, Any]], duck: dict[str, tuple[float, Any]]) -> None:
    """Print the seconds, and whether the answers are the same."""
    total = sum(seconds for seconds, _ in spark.values())
    for name, (seconds, answer) in spark.items():
        beside = ""
        if name in duck:
            same = alike(answer, duck[name][1])
            beside = f"   DuckDB {duck[name][0]:7.2f} s   {'the same' if same else 'DIFFERENT'}"
        print(f"{name:18} {seconds:7.2f} s{beside}")
    print(f"{'in all':18} {total:7.2f} s, start-up {spark['start-up'][0] / total:.0%} of it")
    print(json.dumps({name: round(seconds, 3) for name, (seconds, _) in spark.items()}))


def alike(one: Any, other: Any) -> bool:
    """Compare two answers; the last digits of a sum are those of the order in which threads finish."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=1e-12)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)


if __name__ == "__main__":
    main()
