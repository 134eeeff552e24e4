"""Ask a Spark cluster, in a process of its own: a process has one Spark, and the other tests have theirs."""

from __future__ import annotations

import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import ibis
from attrs import frozen

import journeykit as jk
from tests.parity.asking import Seen
from tests.parity.clusters import HOST
from tests.parity.engines import Spark, stop_spark
from tests.parity.questions import QUESTIONS
from tests.parity.telling import Told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyspark.sql import SparkSession

    from tests.parity.drawing import Batch
    from tests.parity.questions import Answer

PATIENCE = 60
"""How many seconds Spark may take to find out that an executor is lost."""


@frozen
class Found:
    """What a cluster did.

    Attributes:
        answers: To each question.
        executors: How many executors worked.
        held: How many relations were held in them while the journeys were open, and after they were closed.
        lost: What was said when the executors were lost.
    """

    answers: dict[str, Answer]
    executors: int
    held: tuple[int, int]
    lost: str


def ask_cluster(master: str, folder: Path, batch: Batch) -> Found:
    """Ask a cluster all questions about a batch, in a process of its own, which would draw another one."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_ask, master, folder, batch).result()


def _ask(master: str, folder: Path, batch: Batch) -> Found:
    warnings.simplefilter("ignore", jk.JourneykitWarning)
    with _session(master) as session:
        spark = Spark(ibis.pyspark.connect(session), session, folder)
        seen = Seen(Told(batch), spark.put)
        answers = {question: seen.answer(question, None) for question in QUESTIONS}
        executors, held = len(_executors(session)), _held(session)
        lost = _lose_executors(session, seen)
        seen.close()
        return Found(answers, executors, (held, _held(session)), lost)


def _lose_executors(session: SparkSession, seen: Seen) -> str:
    """Lose the executors, and ask until that is found out; say what was said."""
    java = session.sparkContext._jsc.sc()
    for executor in _executors(session):
        java.killAndReplaceExecutor(executor)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        seen.journey.scratch._answers.forget()
        try:
            jk.drop_offs(seen.journey)
        except jk.EngineError as error:
            return str(error)
        time.sleep(0.5)
    return "nothing"


def _executors(session: SparkSession) -> list[str]:
    known: Any = session.sparkContext._jsc.sc().getExecutorIds()
    return [known.apply(place) for place in range(known.length())]


def _held(session: SparkSession) -> int:
    return len(session.sparkContext._jsc.getPersistentRDDs())


@contextmanager
def _session(master: str) -> Iterator[SparkSession]:
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.bindAddress": HOST,
        "spark.driver.host": HOST,
        "spark.driver.memory": "1g",
        "spark.executor.memory": "1g",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.log.level": "OFF",
    }
    builder = SparkSession.builder.master(master).appName("journeykit")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        stop_spark(session)
