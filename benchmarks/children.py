"""Run a script in a process of its own, and read what it measured."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def run(python: Path, script: str, *arguments: object) -> dict[str, Any]:
    """Run one of the scripts beside this one, which knows `--began` and `--result`.

    Returns:
        What it measured, and `process_seconds` and `process_peak_mb` of the whole process, as the
        operating system counts them.

    Raises:
        RuntimeError: It failed, or tried to reach another machine.
    """
    with tempfile.TemporaryDirectory() as folder:
        result, said = Path(folder, "result.json"), Path(folder, "said")
        began = time.time()
        command = [python, HERE / script, *arguments, "--began", began, "--result", result]
        with said.open("w") as output:
            child = subprocess.Popen([str(one) for one in command], stdout=output, stderr=output, cwd=folder)
            _, status, used = os.wait4(child.pid, 0)
        elapsed = time.time() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise RuntimeError(f"{script} ended with {child.returncode}:\n{said.read_text()[-2000:]}")
        measured: dict[str, Any] = json.loads(result.read_text())
    if measured.get("calls"):
        raise RuntimeError(f"{script} tried to reach {measured['calls']}")
    return {**measured, "process_seconds": elapsed, "process_peak_mb": used.ru_maxrss / 1024}


def machine() -> dict[str, Any]:
    """Describe where and when this is measured."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory, 1),
        "system": platform.platform(),
        "load": round(os.getloadavg()[0], 2),
        "python": sys.version.split()[0],
    }
