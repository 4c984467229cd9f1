import importlib.util
import json
import tempfile
import unittest
from pathlib import Path


from tests.serving import URL, say

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def load(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Examples(unittest.TestCase):
    @unittest.skipUnless(URL, "ASSENT_URL is not set: no server to ask")
    def test_the_airflow_task_leaves_what_may_be_used_or_nothing(self):
        at = say("user:flow", "ai_training", "grant")
        keep = load("airflow_filter").keep_permitted
        with tempfile.TemporaryDirectory() as home:
            source, target = Path(home, "in.ndjson"), Path(home, "out.ndjson")
            lines = [json.dumps({"user_id": each, "created_at": at}) for each in ("flow", "nobody")]
            source.write_text("\n".join(lines))
            self.assertEqual(keep(str(source), str(target))["permitted"], 1)
            self.assertEqual(target.read_text(), f"{lines[0]}\n")
            source.write_text("{}\n{")
            with self.assertRaises(ValueError):
                keep(str(source), str(target))
            self.assertFalse(target.exists())

    def test_the_dbt_test_finds_what_no_row_permits(self):
        import sqlite3

        sql = (EXAMPLES / "dbt/tests/only_permitted.sql").read_text()
        sql = sql.replace("{{ ref('training_set') }}", "training_set")
        sql = sql.replace("{{ source('assent', 'consent_snapshot') }}", "consent_snapshot")
        db = sqlite3.connect(":memory:")
        db.execute("create table training_set (n, subject_key, collected_at)")
        db.execute(
            "create table consent_snapshot (subject_type, subject_key, decision, collected_from, collected_until, use_until)"
        )
        db.executemany(
            "insert into consent_snapshot values (?, ?, ?, '2026-01-01', '2026-02-01', ?)",
            [("user", "a", "permit", "2999"), ("user", "b", "deny", None), ("user", "c", "permit", "2000"), ("device", "d", "permit", "2999")],
        )
        rows = [(1, "a", "2026-01-15"), (2, "a", "2025-12-31"), (3, "a", "2026-02-01"), (4, "a", None)]
        rows += [(5, each, "2026-01-15") for each in ("b", "c", "d", None)]
        db.executemany("insert into training_set values (?, ?, ?)", rows)
        self.assertEqual([row[0] for row in db.execute(sql)], [2, 3, 4, 5, 5, 5, 5])
        db.close()


if __name__ == "__main__":
    unittest.main()
