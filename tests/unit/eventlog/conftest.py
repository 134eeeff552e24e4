"""Logs to test with: files written on the spot, opened under the plainest column names."""

from __future__ import annotations

import gzip

import pytest

from journeykit.eventlog import events


@pytest.fixture
def written(tmp_path):
    """Write a file, by the name and the text (or bytes) given; gzipped where the name says so."""

    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return write


@pytest.fixture
def opened():
    """Open a log whose columns are called customer, timestamp and touchpoint unless said otherwise."""
    logs = []

    def open_log(source, **columns):
        given = {"customer": "customer", "timestamp": "timestamp", "touchpoint": "touchpoint"} | columns
        log = events(source, **given)
        logs.append(log)
        return log

    yield open_log
    for log in logs:
        log.close()


@pytest.fixture
def log_of(written, opened):
    """Open the lines of a CSV; without a header line, it is customer,timestamp,touchpoint."""

    def open_lines(*lines, header="customer,timestamp,touchpoint", name="events.csv", **columns):
        return opened(written(name, "\n".join([header, *lines]) + "\n"), **columns)

    return open_lines


@pytest.fixture
def rows_of():
    """List the rows of a table of a log as tuples, sorted by their text."""

    def rows(log, table):
        return sorted((tuple(row.values()) for row in log.rows_of(table)), key=repr)

    return rows


@pytest.fixture
def moments(rows_of):
    """List the usable times of a log as ISO texts in UTC, by customer."""
    from journeykit.eventlog.times import as_datetime

    def times(log):
        found = rows_of(log, log.events.select("customer", "time_us"))
        return {customer: as_datetime(time).strftime("%Y-%m-%dT%H:%M:%S") for customer, time in found}

    return times
