"""Find what is known of an engine, by the name that Ibis has for it.

May import: engine, the engines by name, errors.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from journeykit.engines import duckdb
from journeykit.engines.engine import Engine

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ibis.backends import BaseBackend

    from journeykit.engines.failures import Named

_KNOWN: Final = {
    "duckdb": ("journeykit.engines.duckdb", "DuckDB"),
    "postgres": ("journeykit.engines.postgres", "Postgres"),
    "pyspark": ("journeykit.engines.spark", "Spark"),
}
"""Where each is spelled; loaded when one is met, for their drivers may not be installed."""


def engine_of(backend: BaseBackend) -> Engine:
    """Say what an Ibis backend can do: as one of the engines that are known, or as any other."""
    if backend.name not in _KNOWN:
        return Engine(backend)
    module, name = _KNOWN[backend.name]
    made: Engine = getattr(import_module(module), name)(backend)
    return made


def engine_errors(log: Named) -> AbstractContextManager[None]:
    """Turn what an engine raises into our errors.

    Args:
        log: What is being read; its name begins the message. Its `engine` is asked; without one it is DuckDB.

    Raises:
        EventLogError: The data are at fault: a broken line, a file that is not UTF-8, a file that went away.
        UnsupportedError: The engine can't do it.
        EngineError: The engine is at fault, or out of memory, or closed.
    """
    engine = getattr(log, "engine", None)
    return engine.errors(log) if engine else duckdb.errors(log)
