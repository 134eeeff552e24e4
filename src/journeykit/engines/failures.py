"""Turn what engines raise into our errors.

May import: errors.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final, Protocol

import attrs
from ibis.common.exceptions import (
    IbisError,
    OperationNotDefinedError,
    UnsupportedArgumentError,
    UnsupportedBackendType,
    UnsupportedOperationError,
)

from journeykit.errors import EngineError, JourneykitError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ELSEWHERE: Final = "write the table to Parquet, or hand it over as a frame (table.to_pyarrow())"
"""The way out that always is: our own engine."""


_UNSUPPORTED: Final = (
    *(OperationNotDefinedError, UnsupportedOperationError, UnsupportedArgumentError, UnsupportedBackendType),
    NotImplementedError,
)
"""What Ibis raises where it has no word for something on an engine."""


class Named(Protocol):
    """Whatever can say in an error what was being read."""

    @property
    def name(self) -> str:
        """Its name, such as the path."""


@attrs.frozen
class Title:
    """A name and nothing more, for what has no log yet."""

    name: str


@contextlib.contextmanager
def translated(
    log: Named,
    title: str,
    raises: tuple[type[Exception], ...],
    explained: Callable[[Exception, Named], JourneykitError],
) -> Iterator[None]:
    """Turn what an engine raises into our errors: see `Engine.errors`.

    Args:
        log: What is being read; its name begins the message.
        title: What messages call the engine.
        raises: What its driver raises.
        explained: Says that in our words.
    """
    try:
        yield
    except JourneykitError:
        raise
    except _UNSUPPORTED as error:
        said = f"{log.name}: {title} can't do this: {first_line(error)}. Way out: {ELSEWHERE}"
        raise UnsupportedError(said) from error
    except IbisError as error:
        raise EngineError(f"{log.name}: {first_line(error)}") from error
    except raises as error:
        if type(error).__module__ == "builtins":
            raise
        raise explained(error, log) from error


@contextlib.contextmanager
def untried(title: str) -> Iterator[None]:
    """Turn what Python raises inside of an engine that nobody here has tried into an error of that engine."""
    try:
        yield
    except (IbisError, JourneykitError, NotImplementedError):
        raise
    except Exception as error:
        if type(error).__module__ != "builtins":
            raise
        said = f"{title}: {type(error).__name__}: {first_line(error)}. {not_tested(title)}"
        raise EngineError(said) from error


def not_tested(title: str) -> str:
    """Say what to expect of an engine that nobody here has tried."""
    return f"journeykit is not tested on {title}. Way out: {ELSEWHERE}"


def first_line(error: Exception) -> str:
    """Keep what an engine says, without its page of advice."""
    return str(error).strip().split("\n", 1)[0].rstrip(".")
