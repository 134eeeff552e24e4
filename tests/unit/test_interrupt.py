"""Ctrl-C in a notebook: the work stops at once, nothing of it stays, and all else goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.interrupting import PLAN, write_millions

SESSION = """
import json, os, signal, threading, time
import journeykit as jk
log = jk.events("events.parquet", customer="customer", timestamp="timestamp", touchpoint="touchpoint")
plan = jk.read_lifecycle("plan.yaml")
first = jk.observe(log, plan, as_of="2024-02-01")
held = lambda: log.backend.con.execute("select table_name from duckdb_tables() order by 1").fetchall()
sent, before = [], held()
def press():
    sent.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)
threading.Timer(0.3, press).start()
try:
    jk.observe(log, plan)
except KeyboardInterrupt:
    seconds = time.monotonic() - sent[0]
print(json.dumps({
    "seconds": seconds,
    "left": held()[len(before):],
    "rows": log.rows_of(log.events.aggregate(n=log.events.count()))[0]["n"],
    "moves": sum(row.moves for row in jk.transitions(first)) > 0,
}))
log.close()
"""


def test_after_ctrl_c_a_session_goes_on(tmp_path):
    """Whoever stops a question that takes too long goes on with what they have, not with a new session."""
    write_millions(tmp_path / "events.parquet")
    (tmp_path / "plan.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "temp").mkdir()

    done = subprocess.run(
        [sys.executable, "-c", SESSION],
        cwd=tmp_path,
        env=os.environ | {"TMPDIR": str(tmp_path / "temp")},
        capture_output=True,
        check=False,
        timeout=60,
        text=True,
    )

    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert told.pop("seconds") < 1
    assert told == {"left": [], "rows": 3_000_000, "moves": True}
    assert list((tmp_path / "temp").iterdir()) == []
