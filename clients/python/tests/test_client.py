import os
import socket
import threading
import time
import unittest
from datetime import datetime, timezone
from unittest import mock

import assent
from assent import AssentError, Client

from tests.serving import KEY, URL, say


class AServer:
    """Takes one connection after another and does with each what a network may do."""

    def __init__(self, act):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._held = []
        threading.Thread(target=self._run, args=(act,), daemon=True).start()

    def _run(self, act):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._held.append(connection)
            threading.Thread(target=self._act, args=(act, connection), daemon=True).start()

    @staticmethod
    def _act(act, connection):
        try:
            act(connection)
        except OSError:
            pass

    def close(self):
        for each in (*self._held, self._socket):
            each.close()


def says(text, body):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{text}\r\n\r\n".encode()

    def act(connection):
        connection.recv(65_536)
        connection.sendall(head + body)
        connection.close()

    return act


def drips(connection):
    connection.recv(65_536)
    for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + b" " * 900:
        connection.sendall(bytes([byte]))
        time.sleep(0.02)


YES = b'{"allowed":true,"reason":"consent_given"}'
FAULTS = {
    "a server that never answers": lambda connection: connection.recv(65_536),
    "one that hangs up": lambda connection: connection.close(),
    "one that drips": drips,
    "half an answer": says(f"Content-Length: {len(YES) + 10}", YES),
    "half a chunk": says("Transfer-Encoding: chunked", b"ff\r\n" + YES),
    "what is no JSON": says("Content-Length: 3", b"yes"),
    "what is no answer": says("Content-Length: 18", b'{"allowed":"true"}'),
    "a yes without a reason": says("Content-Length: 16", b'{"allowed":true}'),
    "nothing": says("Content-Length: 0", b""),
}


class FailingClosed(unittest.TestCase):
    def test_what_is_not_answered_in_time_and_whole_is_a_no(self):
        for name, act in FAULTS.items():
            with self.subTest(name):
                server = AServer(act)
                client = Client(server.url, "ask_x", timeout=0.4, patience=0.4)
                began = time.monotonic()
                answer = client.check("user:alice", "ai_training")
                many = client.check_many([{"subject": "user:alice", "purpose": "ai_training"}] * 3)
                self.assertLess(time.monotonic() - began, 5)
                for each in (answer, *many):
                    self.assertFalse(each)
                    self.assertEqual(each.reason, "unreachable")
                    self.assertIsInstance(each.error, AssentError)
                with self.assertRaises(AssentError):
                    client.filter(
                        [{"user_id": "alice", "at": "2026-01-01"}],
                        purpose="ai_training",
                        subject="user:user_id",
                        collected_at="at",
                    )
                server.close()

    def test_nobody_there(self):
        # Also where the time is over before anything is sent, as after a pause between two tries.
        for timeout in (0.3, 1e-9):
            answer = Client("http://127.0.0.1:9", "ask_x", timeout=timeout).check("user:alice", "ai_training")
            self.assertFalse(answer)
            self.assertEqual(answer.reason, "unreachable")

    def test_a_time_without_a_zone_and_an_unknown_member_are_not_guessed_at(self):
        client = Client("http://127.0.0.1:9", "ask_x")
        naive = client.check("user:alice", "ai_training", collected_at=datetime(2026, 1, 1))
        self.assertEqual((bool(naive), naive.reason), (False, "rejected"))
        (odd,) = client.check_many([{"subject": "user:alice", "purpose": "x", "categorys": ["a"]}])
        self.assertEqual((bool(odd), odd.reason), (False, "rejected"))

    def test_it_says_what_is_missing_where_nothing_is_configured(self):
        with mock.patch.dict(os.environ, {"ASSENT_URL": "", "ASSENT_API_KEY": ""}):
            with self.assertRaises(ValueError):
                Client()
        with self.assertRaises(ValueError):
            Client("consent.example.com", "ask_x")


@unittest.skipUnless(URL, "ASSENT_URL is not set: no server to ask")
class Asking(unittest.TestCase):
    def test_a_yes_and_a_no(self):
        at = say("user:py-alice", "ai_training", "grant")
        for when in (at, datetime.now(timezone.utc)):
            answer = assent.check("user:py-alice", "ai_training", collected_at=when)
            self.assertTrue(answer)
            self.assertEqual(answer.reason, "consent_given")
            self.assertIn("use_until", answer.obligations or {})
        say("user:py-alice", "ai_training", "withdraw")
        answer = assent.check("user:py-alice", "ai_training", collected_at=at)
        self.assertFalse(answer)
        self.assertEqual(answer.reason, "consent_withdrawn")

    def test_many_are_answered_in_order_as_if_alone(self):
        at = say("user:py-many", "ai_training", "grant")
        client = Client()
        questions = [
            {"subject": f"user:{'py-many' if n % 3 else 'nobody'}", "purpose": "ai_training", "collected_at": at}
            for n in range(2_300)
        ]
        answers = client.check_many(iter(questions))
        self.assertEqual([bool(each) for each in answers], [bool(n % 3) for n in range(2_300)])
        alone = client.check("user:py-many", "ai_training", collected_at=at)
        self.assertEqual((answers[1].reason, answers[1].because), (alone.reason, alone.because))
        self.assertEqual(client.check_many([]), [])

    def test_a_wrong_key_is_a_no_that_names_itself(self):
        answer = Client(URL, "ask_" + "x" * 43).check("user:py-alice", "ai_training")
        self.assertEqual((bool(answer), answer.reason, answer.error.code), (False, "rejected", "key_unknown"))

    def test_threads_have_connections_of_their_own(self):
        at = say("user:py-threads", "ai_training", "grant")
        client, answers = Client(timeout=30), []
        ask = lambda: answers.append(bool(client.check("user:py-threads", "ai_training", collected_at=at)))
        threads = [threading.Thread(target=ask) for _ in range(16)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        self.assertEqual(answers, [True] * 16)

    def test_the_environment_names_the_server(self):
        self.assertEqual((os.environ["ASSENT_URL"], os.environ["ASSENT_API_KEY"]), (URL, KEY))


if __name__ == "__main__":
    unittest.main()
