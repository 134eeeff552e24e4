"""What the engine raises, in our words."""

from __future__ import annotations

import duckdb
import pytest

from journeykit.engines import Title, connect_embedded, engine_errors
from journeykit.errors import EngineError, EventLogError


@pytest.mark.parametrize(
    ("error", "ours", "said"),
    [
        (
            duckdb.IOException("IO Error: No files found: x.csv\n\nmore"),
            EventLogError,
            "log: No files found: x.csv",
        ),
        (
            duckdb.ConversionException("Conversion Error: no\nLINE 1"),
            EventLogError,
            "log: Conversion Error: no",
        ),
        (duckdb.BinderException("Binder Error: no\nLINE 1"), EngineError, "log: Binder Error: no"),
        (duckdb.OutOfMemoryException("Out of Memory Error: full\nx"), EngineError, "ran out of memory"),
        (duckdb.ConnectionException("Connection Error: x"), EngineError, "log: the log is closed"),
    ],
)
def test_errors_of_the_engine_become_ours_in_one_line(error, ours, said):
    """A caller catches our errors, and reads one sentence; what the engine said is the cause."""
    with pytest.raises(ours) as caught, engine_errors(Title("log")):
        raise error

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is error


def test_errors_of_others_pass():
    """What is not the engine's is not ours to explain."""
    with pytest.raises(KeyError), engine_errors(Title("log")):
        raise KeyError


def test_an_engine_of_our_own_takes_nothing_from_the_network():
    """It would fetch an extension the first time one is missing."""
    own = connect_embedded()

    [settings] = own.backend.con.execute(
        "select current_setting('autoinstall_known_extensions'), current_setting('autoload_known_extensions')"
    ).fetchall()

    assert settings == (False, False)
    own.close()
