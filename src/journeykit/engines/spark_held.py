"""Relations that Spark holds: computed once, and never again.

What Spark caches it computes anew when a block is lost, or when somebody clears the cache: from a
source that may have changed, with numbers that came by chance.  So the blocks of a held relation
have no lineage: they are there, or asking is an error.  They are columns, compressed, in the
executors' memory, and on their disks where that does not suffice.

May import: nothing of ours.
"""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pyspark import InheritableThread, StorageLevel

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa
    from py4j.java_gateway import JavaObject
    from pyspark.sql import DataFrame, SparkSession

    from journeykit.engines.spark_sql import SparkBackend

Done = TypeVar("Done")

_NAME: Final = "journeykit-spark"
_AGAIN: Final = 0.2
"""Seconds after which Spark is told again to stop."""

_SMALL: Final = 1 << 20
"""So many bytes of a frame may go along with every query."""


class Held:
    """What journeykit holds in one session of its own.

    Attributes:
        session: The session.
    """

    def __init__(self, backend: SparkBackend) -> None:
        self.session: SparkSession = backend._session  # noqa: SLF001 - Ibis has no other way to it
        self._tag = f"journeykit-{uuid.uuid4().hex}"
        self._columns: dict[str, JavaObject] = {}
        self._tables: set[str] = set()

    # --- asking ---

    def run(self, work: Callable[[], Done]) -> Done:
        """Let Spark work, and stop its work where Ctrl-C, or whatever else, ends the wait for it.

        The work has a thread of its own: Spark's handler of Ctrl-C breaks the connection to Java of the
        thread that it interrupts.
        """
        future: Future[Done] = Future()

        def tagged() -> Done:
            self.session.sparkContext.addJobTag(self._tag)
            return work()

        # Whatever the caller's thread says of its jobs, such as their pool, is said of these, too.
        _Settling(future, tagged).start()
        try:
            return future.result()
        except BaseException:
            while not future.done():
                self.interrupt()
                # What was not begun yet could not be stopped.
                wait([future], timeout=_AGAIN)
            raise

    def aside(self, work: Callable[[], Done]) -> Done:
        """Do something short in a thread of its own, wherever this is called.

        Python may call from within a call to Java, to tidy up what nobody holds any more; another one on the
        same connection would break both.
        """
        future: Future[Done] = Future()
        try:
            threading.Thread(target=_settle, args=(future, work), name=_NAME, daemon=True).start()
        except RuntimeError:  # Python is about to end, and begins no thread any more
            return work()
        return future.result()

    def interrupt(self) -> None:
        """Stop what Spark works on for this session, from any thread."""
        self.session.sparkContext.cancelJobsWithTag(self._tag)

    # --- holding ---

    def hold(self, name: str, rows: DataFrame) -> None:
        """Compute rows and hold them under a name, in the executors."""
        columnar = getattr(self._jvm.org.apache.spark.sql.execution.columnar, "InMemoryRelation$")
        level = self.session.sparkContext._getJavaStorageLevel(StorageLevel.MEMORY_AND_DISK)  # noqa: SLF001
        query, nameless = rows._jdf.queryExecution(), self._jvm.scala.Option.empty()  # noqa: SLF001
        relation = getattr(columnar, "MODULE$").apply(level, query, nameless)  # Scala's way to a singleton
        self._columns[name] = relation.cacheBuilder()
        blocks = relation.cacheBuilder().cachedColumnBuffers()
        blocks.localCheckpoint()
        blocks.count()
        self._view(name, relation)

    def store(self, name: str, rows: DataFrame, schema: str) -> None:
        """Compute rows and store them under a name, as a table in a schema; its columns are numbered."""
        self._tables.add(name)
        stored = quoted(*schema.split("."), name)
        numbered = [f"c{place}" for place in range(len(rows.columns))]
        rows.toDF(*numbered).write.saveAsTable(stored)
        self.session.table(stored).toDF(*rows.columns).createTempView(name)

    def show(self, name: str, rows: DataFrame) -> None:
        """Give rows of any session a name in this one, without computing them."""
        self._view(name, rows._jdf.queryExecution().analyzed())  # noqa: SLF001 - no other way over

    def send(self, name: str, frame: pa.Table) -> None:
        """Send an arrow table, and give it a name."""
        from pyspark.sql.pandas.types import from_arrow_schema

        active = type(self.session)._activeSession  # noqa: SLF001 - Spark would change it
        try:
            rows = self.session.createDataFrame(
                frame, schema=from_arrow_schema(frame.schema, prefer_timestamp_ntz=True)
            )
        finally:
            type(self.session)._activeSession = active  # noqa: SLF001
        if frame.nbytes > _SMALL:
            self.hold(name, rows)
        else:
            rows.createTempView(name)

    def drop(self, name: str, schema: str | None = None) -> None:
        """Let go of what has a name; nothing where nothing has it, or Spark is stopped."""
        if is_stopped(self.session):
            return
        columns = self._columns.pop(name, None)
        if columns is not None:
            columns.clearCache(False)  # noqa: FBT003 - Java has no keywords
        # Spark's own way would also uncache whatever the caller cached of the same rows.
        self.session._jsparkSession.sessionState().catalog().dropTempView(name)  # noqa: SLF001
        if name in self._tables and schema is not None:
            self.session.sql(f"DROP TABLE IF EXISTS {quoted(*schema.split('.'), name)}")
            self._tables.discard(name)

    def _view(self, name: str, plan: JavaObject) -> None:
        dataset = self._jvm.org.apache.spark.sql.classic.Dataset
        dataset.ofRows(self.session._jsparkSession, plan).createTempView(name)  # noqa: SLF001

    @property
    def _jvm(self) -> Any:
        return self.session.sparkContext._jvm  # noqa: SLF001 - no other way to Java


def is_stopped(session: SparkSession) -> bool:
    """Tell whether the Spark of a session is stopped."""
    java = session.sparkContext._jsc  # noqa: SLF001 - no other way to know
    return java is None or bool(java.sc().isStopped())


class _Settling(InheritableThread):
    """Settles a future, also where PySpark fails before the work begins: else it is waited for for ever."""

    def __init__(self, future: Future[Done], work: Callable[[], Done]) -> None:
        super().__init__(target=_settle, args=(future, work), name=_NAME, daemon=True)
        self._future = future

    def run(self) -> None:
        """Do the work."""
        try:
            super().run()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            self._future.set_exception(error)


def _settle(future: Future[Done], work: Callable[[], Done]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - raised where it is waited for
        future.set_exception(error)


def quoted(*parts: str) -> str:
    """Write a name for Spark, each of its parts quoted."""
    return ".".join("`" + part.replace("`", "``") + "`" for part in parts)
