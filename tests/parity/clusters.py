"""A standalone Spark cluster on loopback: a master and workers, each in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"
PATIENCE = 60
"""How many seconds a process may take until it is up."""

_WHILE_HELD = '"$@" & child=$!; read _; kill $child; wait $child'
"""Runs a command until whoever began it closes its input, or dies."""


@contextmanager
def standalone_cluster(folder: Path, *, workers: int = 2, memory: str = "2g") -> Iterator[str]:
    """Start a master and workers of one core each, on free ports; stop them all, whatever happens.

    Args:
        folder: For logs, and for what the workers spill.
        workers: How many.
        memory: Of each worker, for its executors.

    Returns:
        The master's URL.
    """
    with ExitStack() as stack:
        master = _start(stack, folder / "master.log", "master.Master", "--host", HOST, "--port", "0")
        url = _wait(master, folder / "master.log", r"Starting Spark master at (spark://\S+)")
        started = []
        for number in range(workers):
            log, work = folder / f"worker{number}.log", folder / f"work{number}"
            options = ("--cores", "1", "--memory", memory, "--work-dir", str(work), "--host", HOST)
            started.append((_start(stack, log, "worker.Worker", *options, "--port", "0", url), log))
        for worker, log in started:
            _wait(worker, log, r"Successfully registered with (master \S+)")
        yield url


def _start(stack: ExitStack, log: Path, name: str, *options: str) -> subprocess.Popen[bytes]:
    """Start one process, and stop it, with those that it starts, when the stack is closed."""
    home = Path(find_spec("pyspark").submodule_search_locations[0])
    settings = {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_LOCAL_DIRS": str(log.parent / "local"),
        "SPARK_DAEMON_MEMORY": "256m",
    }
    command = [home / "bin" / "spark-class", f"org.apache.spark.deploy.{name}", *options, "--webui-port", "0"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["sh", "-c", _WHILE_HELD, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            env=os.environ | settings,
            start_new_session=True,
        )
    stack.callback(_stop, process)
    return process


def _wait(process: subprocess.Popen[bytes], log: Path, told: str) -> str:
    """Wait until a process says something."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        found = re.search(told, log.read_text(errors="replace"))
        if found:
            return found[1]
        time.sleep(0.1)
    raise RuntimeError(f"{log.name}: no {told!r} in {PATIENCE} s:\n{log.read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and its executors: first politely, since workers then end theirs."""
    process.stdin.close()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
