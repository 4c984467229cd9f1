import hashlib
import json
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

from assent.snapshots import normal_form, subject_key

try:
    import pyspark
except ImportError:
    pyspark = None

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "normal-forms.json"
KEY = bytes(range(32))


class JoinKeys(unittest.TestCase):
    def test_ids_come_into_the_form_that_the_shared_vectors_say(self):
        vectors = json.loads(VECTORS.read_text("utf-8"))
        self.assertGreater(len(vectors), 20)
        for vector in vectors:
            with self.subTest(vector["id"]):
                self.assertEqual(normal_form(vector["form"], vector["id"]), vector["normal"])
        with self.assertRaises(ValueError):
            normal_form("email_v2", "alice@example.com")

    def test_a_key_is_an_hmac_of_namespace_and_normal_id(self):
        # RFC 2104 by hand.
        pad = KEY + bytes(32)
        inner = hashlib.sha256(bytes(b ^ 0x36 for b in pad) + b"email\0alice@example.com").digest()
        want = hashlib.sha256(bytes(b ^ 0x5C for b in pad) + inner).hexdigest()
        self.assertEqual(subject_key(KEY, "email", " Alice@Example.com", "email_v1"), want)
        self.assertNotEqual(subject_key(KEY, "user", "alice@example.com"), want)


@unittest.skipIf(pyspark is None, "pyspark is not installed for this Python")
class Spark(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from pyspark.sql import SparkSession

        cls.spark = (
            SparkSession.builder.master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.sql.session.timeZone", "America/New_York")
            .getOrCreate()
        )
        cls.spark.sparkContext.setLogLevel("ERROR")

    @classmethod
    def tearDownClass(cls):
        cls.spark.stop()

    def test_a_record_passes_where_it_meets_a_permitting_row_and_nowhere_else(self):
        from assent.spark import split

        zero = datetime(2026, 11, 1, tzinfo=timezone.utc)
        day = timedelta(days=1)
        columns = "subject_type string, subject_key string, decision string, collected_from timestamp, collected_until timestamp, use_until timestamp"
        rows = [
            ("user", subject_key(KEY, "user", "a"), "permit", zero, zero + 5 * day, zero + 10 * day),
            ("user", subject_key(KEY, "user", "9007199254740993"), "permit", zero, zero + 5 * day, zero + 10 * day),
            ("user", subject_key(KEY, "user", "refused"), "deny", zero, zero + 5 * day, None),
            ("user", subject_key(KEY, "user", "over"), "permit", zero, zero + 5 * day, zero + 6 * day),
            ("device", subject_key(KEY, "user", "elsewhere"), "permit", zero, zero + 5 * day, zero + 10 * day),
        ]
        snapshot = self.spark.createDataFrame(rows, columns)
        records = self.spark.createDataFrame(
            [
                (1, "a", "2026-11-01T00:00:00Z"),
                (2, "a", "2026-10-31T23:59:59.999Z"),
                (3, "a", "2026-11-06T00:59:59.999+01:00"),
                (4, "a", "2026-11-06T00:00:00Z"),
                (5, "a", "2026-11-02T00:00:00"),
                (6, "a", None),
                (7, None, "2026-11-02"),
                (8, "refused", "2026-11-02"),
                (9, "over", "2026-11-02"),
                (10, "elsewhere", "2026-11-02"),
                (11, "nobody", "2026-11-02"),
                (12, "9007199254740993", "2026-11-02"),
            ],
            "n int, user_id string, at string",
        )
        question = {"namespace": "user", "subject": "user_id", "collected_at": "at", "export_key": KEY}
        permitted, denied = split(records, snapshot, **question, now=zero + 6 * day)
        self.assertEqual(sorted(row.n for row in permitted.collect()), [1, 3, 12])
        self.assertEqual(sorted(row.n for row in denied.collect()), [2, 4, 5, 6, 7, 8, 9, 10, 11])
        self.assertEqual(permitted.columns, records.columns)
        self.assertEqual(split(records, snapshot, **question, now=zero + 10 * day)[0].count(), 0)
        typed = records.selectExpr("n", "user_id", "cast(at as timestamp) as at").where("n in (1, 2, 6)")
        permitted, denied = split(typed, snapshot, **question, now=zero + 6 * day)
        self.assertEqual(([row.n for row in permitted.collect()], denied.count()), ([1], 2))
        numbers = self.spark.createDataFrame([(9_007_199_254_740_993, "2026-11-02"), (9_007_199_254_740_992, "2026-11-02")], "user_id long, at string")
        self.assertEqual(split(numbers, snapshot, **question, now=zero + 6 * day)[0].count(), 1)
        for odd in ("cast(n as double) as user_id, at", "user_id, cast(at as timestamp_ntz) as at", "user_id, n as at"):
            with self.assertRaises(ValueError):
                split(records.selectExpr(*odd.split(", ")), snapshot, **question)


if __name__ == "__main__":
    unittest.main()
