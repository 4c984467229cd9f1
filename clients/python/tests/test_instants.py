import json
import unittest
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from assent.columns import INVALID, id_of
from assent.instants import UNREADABLE, format_instant, instant_of, parse_instant

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "instants.json"


class Instants(unittest.TestCase):
    def test_agree_with_the_server_on_every_shared_vector(self):
        vectors = json.loads(VECTORS.read_text("utf-8"))
        self.assertGreater(len(vectors), 50)
        for vector in vectors:
            with self.subTest(vector["text"]):
                self.assertEqual(parse_instant(vector["text"]), vector["ms"])

    def test_times_of_python(self):
        zone = timezone(timedelta(hours=2))
        cases = [
            (None, None),
            (float("nan"), None),
            (datetime(2026, 11, 23, 12, tzinfo=zone), 1_795_428_000_000),
            (datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone.utc), -1),
            (datetime(2026, 11, 23, 10), UNREADABLE),
            (date(2026, 11, 23), 1_795_392_000_000),
            ("2026-11-23T10:00:00", UNREADABLE),
            (1_795_428_000, UNREADABLE),
            (True, UNREADABLE),
        ]
        for value, want in cases:
            with self.subTest(repr(value)):
                self.assertEqual(instant_of(value), want)

    def test_what_is_written_is_read_back(self):
        for at in (0, -1, 1_795_428_000_123, -62_135_596_800_000, 253_402_300_799_999):
            self.assertEqual(parse_instant(format_instant(at) or ""), at)
        self.assertIsNone(format_instant(2**53 - 1))


class Ids(unittest.TestCase):
    def test_are_exact_or_none(self):
        cases = [
            ("alice", "alice"),
            (" a ", " a "),
            (9_007_199_254_740_993, "9007199254740993"),
            (-5, "-5"),
            (5.0, "5"),
            (2.0**53 - 1, "9007199254740991"),
            (2.0**53, INVALID),
            (1e300, INVALID),
            (1.5, INVALID),
            (float("inf"), INVALID),
            (float("nan"), None),
            (None, None),
            (True, INVALID),
            ("", INVALID),
            (b"alice", INVALID),
            (["alice"], INVALID),
        ]
        for value, want in cases:
            with self.subTest(repr(value)):
                self.assertEqual(id_of(value), want)


if __name__ == "__main__":
    unittest.main()
