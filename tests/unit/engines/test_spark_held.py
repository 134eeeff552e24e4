"""What waits for Spark waits for something that will come."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

spark_held = pytest.importorskip("journeykit.engines.spark_held", reason="PySpark comes with the extra spark")


def test_what_fails_before_the_work_begins_is_raised_where_it_is_waited_for(monkeypatch):
    """PySpark's thread hands settings on first; were that to fail in silence, a question would never end."""

    def fails(_):
        raise OSError("no settings")

    monkeypatch.setattr(spark_held.InheritableThread, "run", fails)
    future = Future()

    spark_held._Settling(future, lambda: 1).start()

    with pytest.raises(OSError, match="no settings"):
        future.result(timeout=60)
