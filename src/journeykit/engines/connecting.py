"""Reach an engine that is somebody else's, by whatever its user has at hand.

May import: engine, known, errors.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias, Union

import ibis
from ibis.backends import BaseBackend

from journeykit.engines.failures import Title, first_line, translated
from journeykit.engines.known import engine_of
from journeykit.errors import EngineError, EventLogError, MissingDependencyError

if TYPE_CHECKING:
    import duckdb
    import psycopg
    from pyspark.sql import SparkSession

    from journeykit.engines.engine import Engine

Connection: TypeAlias = Union[
    "BaseBackend", "duckdb.DuckDBPyConnection", "psycopg.Connection[Any]", "SparkSession", str
]
"""An Ibis backend, a connection of DuckDB or psycopg, a Spark session, or a URL for `ibis.connect`."""

_SCHEME: Final = re.compile(r"^[a-z][a-z0-9+.-]*(?=://)")
_EXTRAS: Final = {"psycopg": "postgres", "pyspark": "spark"}
_KNOWN: Final = "an Ibis backend, a connection of DuckDB or psycopg, a Spark session, or a URL"


def connect_to(connection: Connection) -> tuple[Engine, bool]:
    """Reach an engine.

    Returns:
        The engine, and whether the connection is ours to close: it is where a URL was given.

    Raises:
        EventLogError: *connection* is nothing that leads to an engine.
        EngineError: The engine can't be reached.
        MissingDependencyError: Its driver is not installed.
    """
    if isinstance(connection, str):
        return engine_of(_connect_to_url(connection)), True
    if isinstance(connection, BaseBackend):
        return engine_of(connection), False
    kinds = {f"{kind.__module__.split('.')[0]}.{kind.__name__}" for kind in type(connection).__mro__}
    if kinds & {"_duckdb.DuckDBPyConnection", "duckdb.DuckDBPyConnection"}:
        return engine_of(_around("duckdb", connection)), False
    if "psycopg.Connection" in kinds:
        return engine_of(_around("postgres", connection)), False
    if "pyspark.SparkSession" in kinds:
        from journeykit.engines.spark import Spark

        return Spark(connection), False
    raise EventLogError(f"connection= is {_KNOWN}, not {type(connection).__name__}")


def _around(name: str, connection: Any) -> BaseBackend:
    """Make an Ibis backend of a connection as its `from_connection` does, but for settings of the session.

    Ibis would set the time zone, and what else it likes; the session is not ours.
    """
    backend: BaseBackend = import_module(f"ibis.backends.{name}").Backend()
    for told, value in {
        "_can_reconnect": False,
        "con": connection,
        "_record_batch_readers_consumed": {},
    }.items():
        setattr(backend, told, value)
    return backend


def _connect_to_url(url: str) -> BaseBackend:
    """Connect as Ibis does; what it says of a URL could tell a password, and is not passed on."""
    found = _SCHEME.search(url)
    if not found:
        raise EventLogError(f"connection={url!r} is no URL such as 'postgresql://host/database'")
    title = f"connection={found[0]}://..."
    try:
        with translated(
            Title(title), found[0], (Exception,), lambda error, log: EngineError(_said(error, log.name))
        ):
            return ibis.connect(url)
    except ModuleNotFoundError as error:
        package = (error.name or found[0]).split(".")[0]
        raise MissingDependencyError(package, _EXTRAS.get(package)) from error
    except (ValueError, TypeError, OSError, AttributeError):
        raise EventLogError(f"{title}: Ibis knows no such engine, or this is no URL of one") from None


def _said(error: Exception, name: str) -> str:
    return f"{name}: {first_line(error)}"
