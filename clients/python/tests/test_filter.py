import json
import unittest
from datetime import datetime, timedelta, timezone

from assent import AssentError, Client
from assent.instants import format_instant, parse_instant

from tests.serving import DECISIONS_KEY, KEY, URL, filter_on_server, say

try:
    import pandas
except ImportError:
    pandas = None
try:
    import pyarrow
except ImportError:
    pyarrow = None

QUESTION = {"purpose": "ai_training", "subject": "user:user_id", "collected_at": "at"}
QUERY = "purpose=ai_training&subject=user:user_id&collected_at=at"


def times_around(*instants):
    """Times before, at and after what was said, and such as are none."""
    known = [parse_instant(each) for each in instants]
    found = [format_instant(at + by) for at in known for by in (-86_400_000, -1, 0, 1)]
    return [*found, None, "2026-11-23", "2026-11-23T10:00:00", "x", "2999-01-01T00:00:00Z", "2000-01-01"]


@unittest.skipUnless(URL, "ASSENT_URL is not set: no server to ask")
class Filtering(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = Client(timeout=30)
        cls.said = [say(f"user:f{n}", "ai_training", "grant") for n in range(6)]
        for n in (1, 4):
            say(f"user:f{n}", "ai_training", "withdraw")
        say("user:9007199254740993", "ai_training", "grant")
        cls.said.append(say("user:f4", "ai_training", "grant"))
        # `many` and `linked` were made by whoever started the server: more spans than a record holds.
        ids = [*(f"f{n}" for n in range(7)), "many", "linked", "erased", 9_007_199_254_740_993, 9_007_199_254_740_992, ""]
        cls.records = [
            {"n": n, "user_id": each, "at": at}
            for n, (each, at) in enumerate((each, at) for each in ids for at in times_around(*cls.said[-2:]))
        ]
        cls.records += [{"n": -1, "at": "2026-11-23"}, {"n": -2, "user_id": None, "at": "2026-11-23"}]

    def test_keeps_what_the_server_keeps_line_by_line(self):
        lines = [json.dumps(each) for each in self.records]
        kept = [json.loads(line) for line in filter_on_server(lines, QUERY)]
        permitted, denied, report = self.client.filter(self.records, **QUESTION)
        self.assertEqual(permitted, kept)
        self.assertEqual(len(permitted) + len(denied), len(self.records))
        self.assertGreater(len(permitted), 10)
        self.assertGreater(len(report["denied"]), 2)
        self.assertEqual(report["permitted"], len(permitted))
        self.assertEqual(sum(report["denied"].values()) + sum(report["broken"].values()), len(denied))
        self.assertEqual(report["broken"], {"subject_missing": 2, "subject_invalid": len(times_around("2000-01-01", "2000-01-01"))})
        self.assertTrue(all(each["assent_reason"] for each in denied))
        self.assertGreater(parse_instant(report["use_until"]), parse_instant(report["decided_at"]))
        self.assertIsNotNone(report["revision"]["checked_up_to"])

    def test_the_terms_of_a_question_reach_the_server(self):
        for terms, query in (
            ({"property": "demo"}, "&property=demo"),
            ({"categories": ["feedback"]}, "&category=feedback"),
            ({"categories": ["health"]}, "&category=health"),
            ({"recipient": "someone"}, "&recipient=someone"),
            ({"regime": "gdpr"}, "&regime=gdpr"),
        ):
            with self.subTest(query):
                lines = [json.dumps(each) for each in self.records]
                kept = [json.loads(line) for line in filter_on_server(lines, QUERY + query)]
                self.assertEqual(self.client.filter(self.records, **QUESTION, **terms)[0], kept)

    def test_all_of_several_subjects_must_permit(self):
        at = self.said[-1]
        records = [{"a": a, "b": b, "at": at} for a in ("f0", "f1", "f2") for b in ("f0", "f1", None)]
        question = {**QUESTION, "subject": ["user:a", "user:b"]}
        permitted, denied, _ = self.client.filter(records, **question)
        self.assertEqual([(each["a"], each["b"]) for each in permitted], [("f0", "f0"), ("f2", "f0")])
        reasons = {(each["a"], each["b"]): each["assent_reason"] for each in denied}
        self.assertEqual(reasons[("f0", "f1")], "co_subject_denied")
        self.assertEqual(reasons[("f1", "f0")], "consent_withdrawn")
        self.assertEqual(reasons[("f0", None)], "subject_missing")

    def test_who_says_no_meanwhile_is_taken_out(self):
        for key in (KEY, DECISIONS_KEY):
            with self.subTest("with the feed" if key == KEY else "without the scope for it"):
                at = say("user:meanwhile", "ai_training", "grant")
                client = Client(URL, key, timeout=30)
                ask, state = client.transport.json, {"is_said": False}

                def after_a_no(method, path, *rest, **more):
                    if path.startswith("/v1/changes") and not state["is_said"]:
                        state["is_said"] = True
                        say("user:meanwhile", "ai_training", "withdraw")
                    return ask(method, path, *rest, **more)

                client.transport.json = after_a_no
                records = [{"user_id": each, "at": at} for each in ("f0", "meanwhile", "f2")]
                permitted, denied, report = client.filter(records, **QUESTION)
                self.assertTrue(state["is_said"])
                self.assertEqual([each["user_id"] for each in permitted], ["f0", "f2"])
                self.assertEqual([each["assent_reason"] for each in denied], ["consent_withdrawn"])
                self.assertEqual(report["removed_since"], 1)

    def test_nothing_passes_where_the_question_is_wrong(self):
        for changes in ({"purpose": "nothing"}, {"regime": "moon"}):
            with self.assertRaises(AssentError):
                self.client.filter(self.records, **{**QUESTION, **changes})
        with self.assertRaises(ValueError):
            self.client.filter(self.records, **{**QUESTION, "subject": "user_id"})
        with self.assertRaises(TypeError):
            self.client.filter("records", **QUESTION)
        self.assertEqual(self.client.filter([], **QUESTION)[:2], ([], []))

    @unittest.skipIf(pandas is None, "pandas is not installed for this Python")
    def test_dataframes(self):
        frame = pandas.DataFrame(self.records)
        permitted, denied, _ = self.client.filter(frame, **QUESTION)
        want, _, _ = self.client.filter(self.records, **QUESTION)
        self.assertEqual(permitted["n"].tolist(), [each["n"] for each in want])
        self.assertEqual(permitted.columns.tolist(), ["n", "user_id", "at"])
        self.assertEqual(len(denied), len(frame) - len(permitted))
        self.assertTrue(denied["assent_reason"].notna().all())

    @unittest.skipIf(pandas is None, "pandas is not installed for this Python")
    def test_dataframes_of_exact_ids_and_typed_times(self):
        now = datetime.now(timezone.utc)
        at = pandas.Series(pandas.to_datetime([now, None, now - timedelta(days=400), now], utc=True))
        ids = [9_007_199_254_740_993] * 4
        exact = pandas.DataFrame({"user_id": pandas.array(ids, "Int64"), "at": at})
        permitted, denied, _ = self.client.filter(exact, **QUESTION)
        self.assertEqual(permitted.index.tolist(), [0, 3])
        reasons = denied["assent_reason"].tolist()
        self.assertEqual(reasons, ["collected_at_required", "collected_before_consent"])
        # With a missing id the column becomes floats, and 9007199254740993 is no longer what it was.
        floats = pandas.DataFrame({"user_id": [9_007_199_254_740_993, None], "at": at[:2]})
        _, denied, report = self.client.filter(floats, **QUESTION)
        self.assertEqual(report["broken"], {"subject_invalid": 1, "subject_missing": 1})
        # Without a zone nobody knows when it was.
        naive = pandas.DataFrame({"user_id": ids, "at": at.dt.tz_localize(None)})
        permitted, _, report = self.client.filter(naive, **QUESTION)
        self.assertEqual((len(permitted), report["denied"]), (0, {"collected_at_required": 4}))
        with self.assertRaises(ValueError):
            self.client.filter(exact, **{**QUESTION, "collected_at": "created_at"})

    @unittest.skipIf(pyarrow is None, "pyarrow is not installed for this Python")
    def test_tables(self):
        now = datetime.now(timezone.utc)
        ids = pyarrow.array([9_007_199_254_740_993, 9_007_199_254_740_993, None], pyarrow.int64())
        for unit in ("s", "ms", "us", "ns"):
            at = pyarrow.array([now.replace(microsecond=0) + timedelta(seconds=1), None, now.replace(microsecond=0)], pyarrow.timestamp(unit, tz="Europe/Vienna"))
            table = pyarrow.table({"user_id": ids, "at": at})
            permitted, denied, report = self.client.filter(table, **QUESTION)
            self.assertEqual((permitted.num_rows, denied.num_rows), (1, 2), unit)
            self.assertEqual(report["broken"], {"subject_missing": 1})
            naive = table.set_column(1, "at", at.cast(pyarrow.timestamp(unit)))
            self.assertEqual(self.client.filter(naive, **QUESTION)[0].num_rows, 0)
        strings = pyarrow.table({"user_id": ["f0", "f1"], "at": [self.said[-1]] * 2})
        self.assertEqual(self.client.filter(strings, **QUESTION)[0].column("user_id").to_pylist(), ["f0"])


if __name__ == "__main__":
    unittest.main()
