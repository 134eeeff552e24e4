"""The engines, and what has been asked of them."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests.parity.asking import Seen
from tests.parity.batches import NAMES, batch
from tests.parity.engines import open_duckdb, open_postgres, open_spark
from tests.parity.telling import Told

EVERYWHERE = ("duckdb", "postgres", pytest.param("spark", marks=pytest.mark.slow))
"""The engines by their fixtures: those that answer at once, and the one that takes its time."""

QUICK = {"the fixed cases", "dates and numbers"}
"""The batches that are asked about at every change, of the engines that answer at once."""

ON_SPARK = {"the fixed cases"}


def pytest_configure(config):
    """Pass over the sockets between Python and Java, which PySpark leaves to the garbage collector."""
    config.addinivalue_line("filterwarnings", "ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(scope="session")
def duckdb():
    """A DuckDB of the caller's."""
    with open_duckdb() as engine:
        yield engine


@pytest.fixture(scope="session")
def postgres():
    """A Postgres server."""
    # The path of a socket may have 100 characters, and pytest's folders need those.
    folder = Path(tempfile.mkdtemp(prefix="parity-"))
    try:
        with open_postgres(folder) as engine:
            yield engine
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """Spark in local mode."""
    folder = tmp_path_factory.mktemp("spark")
    try:
        with open_spark(folder) as engine:
            yield engine
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=EVERYWHERE)
def engine(request):
    """Each engine in turn, with `put` to put an arrow frame into it."""
    return request.getfixturevalue(request.param)


def _pairs():
    """Name an engine and a batch for each time that all is asked."""
    for name in NAMES:
        for engine in ("duckdb", "postgres", "spark"):
            drawn_elsewhere = name.startswith("drawn") and engine != "duckdb"
            if not drawn_elsewhere and (engine != "spark" or name in ON_SPARK):
                slow = engine == "spark" or name not in QUICK
                yield pytest.param((engine, name), marks=[pytest.mark.slow] * slow, id=f"{engine}, {name}")


@cache
def _told(name):
    return Told(batch(name))


def _seen(engine, name):
    """Observe a batch in an engine, once."""
    if name not in engine.seen:
        engine.seen[name] = Seen(_told(name), engine.put, is_slow=engine.is_slow)
    return engine.seen[name]


@pytest.fixture(scope="session", params=_pairs())
def seen(request):
    """A batch in an engine, observed."""
    engine, name = request.param
    return _seen(request.getfixturevalue(engine), name)


@pytest.fixture
def in_duckdb(seen, duckdb):
    """The same batch in DuckDB."""
    return _seen(duckdb, seen.told.batch.name)
