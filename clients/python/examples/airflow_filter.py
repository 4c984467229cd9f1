"""An Airflow task that lets a training set through only as far as it may be used (Airflow 2.4 or newer).

The task fails where anything was not answered, and leaves no file then: the next task has nothing to train on. The
report is pushed to XCom. ASSENT_URL and ASSENT_API_KEY come from the worker's environment.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

import assent


def keep_permitted(source: str, target: str) -> dict:
    """Writes the records of an NDJSON file that may be used for AI training; returns the report."""
    # What an earlier run left must not be taken for this one's.
    Path(target).unlink(missing_ok=True)
    records = [json.loads(line) for line in Path(source).read_text("utf-8").split("\n") if line.strip()]
    permitted, _, report = assent.filter(
        records, purpose="ai_training", subject="user:user_id", collected_at="created_at"
    )
    aside = Path(f"{target}.part")
    aside.write_text("".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in permitted), "utf-8")
    os.replace(aside, target)
    return report


try:
    from airflow.decorators import dag, task
except ImportError:  # Without Airflow the function above is an ordinary one.
    pass
else:

    @dag(schedule="@daily", start_date=datetime(2026, 1, 1), catchup=False)
    def training_set():
        filtered = task(keep_permitted)("/data/interactions.ndjson", "/data/permitted.ndjson")

        @task
        def train(report: dict) -> None:
            # Permission runs out: a task that starts late must filter again.
            print(f"{report['permitted']} of {report['records']} records, to be used before {report['use_until']}")

        train(filtered)

    training_set()
