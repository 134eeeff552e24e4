"""A server to ask, and a connection to it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.crm_database import HOSTILE, SETUP, quoted
from tests.parity.engines import open_postgres


@pytest.fixture(scope="session")
def server():
    """Start a Postgres server: `uri`, and a connection `watch` that sees what is there."""
    psycopg = pytest.importorskip("psycopg", reason="pip install 'journeykit[postgres]'")
    # The path of a socket may have 100 characters, and pytest's folders need those.
    folder = Path(tempfile.mkdtemp(prefix="engines-"))
    try:
        with open_postgres(folder) as started, psycopg.connect(started.uri, autocommit=True) as watch:
            yield SimpleNamespace(uri=started.uri, watch=watch)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def connection(server):
    """Connect as a program does that knows nothing of journeykit."""
    import psycopg

    with psycopg.connect(server.uri) as connected:
        connected.execute("SET TIMEZONE = 'Asia/Tokyo'")
        connected.commit()
        yield connected
        connected.rollback()


@pytest.fixture
def ours(server):
    """List what is there of ours: in any schema, of any session."""

    def listed():
        found = server.watch.execute(
            "SELECT relname FROM pg_class WHERE relname ~ 'journeykit' AND relkind <> 't'"
        )
        return sorted(name for (name,) in found)

    return listed


@pytest.fixture(scope="module")
def tables(server):
    """Fill the server with a CRM's tables."""
    server.watch.execute(SETUP)
    yield
    server.watch.execute(f"DROP SCHEMA crm CASCADE; DROP SCHEMA {quoted(HOSTILE)} CASCADE")
