"""HTTP over the standard library: one connection a thread, a bound on the whole of a call, and repeated attempts."""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
import time
from typing import Any, Mapping, Optional
from urllib.parse import urlsplit

from .answer import AssentError

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 5.0


class Transport:
    """Calls one server. Everything raises ``AssentError``; only what is harmless twice is repeated."""

    def __init__(self, url: str, api_key: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("The address of Assent must be http(s), such as https://consent.example.com")
        self._is_secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._prefix = parts.path.rstrip("/")
        self._headers = {"Authorization": f"Bearer {api_key}", "Accept": "application/json"}
        self._local = threading.local()

    def json(
        self, method: str, path: str, body: Any = None, *, seconds: float, headers: Optional[Mapping[str, str]] = None
    ) -> Any:
        """The answer's JSON. Repeated until it is answered or the time is over."""
        data = None if body is None else json.dumps(body, separators=(",", ":")).encode()
        sent = {**(headers or {}), **({} if data is None else {"Content-Type": "application/json"})}
        _, answer = self.exchange(method, path, data, seconds=seconds, headers=sent)
        try:
            return json.loads(answer)
        except ValueError:
            raise AssentError(0, "unreachable", "The answer cannot be read.") from None

    def exchange(
        self,
        method: str,
        path: str,
        body: Optional[bytes] = None,
        *,
        seconds: float,
        headers: Mapping[str, str],
    ) -> tuple[Mapping[str, str], bytes]:
        """The head and the body of a 2xx answer. Repeated until it is answered or the time is over."""
        deadline = time.monotonic() + seconds
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._attempt(method, path, body, headers, deadline)
            except AssentError as error:
                drawn = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (attempt - 1)) * random.uniform(0.5, 1)
                wait = max(drawn, error.retry_after)
                if not error.is_transient or time.monotonic() + wait >= deadline:
                    raise
                time.sleep(wait)

    def _attempt(self, method, path, body, headers, deadline):  # type: ignore[no-untyped-def]
        try:
            # The time may be over before anything is sent: that is no answer either.
            connection = self._connection(deadline)
            connection.request(method, self._prefix + path, body, {**self._headers, **headers})
            self._bound(connection, deadline)
            response = connection.getresponse()
            answer = self._read(connection, response, deadline)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise AssentError(0, "unreachable", f"{self._host} cannot be reached: {error!r}") from error
        except BaseException:
            self.close()
            raise
        if 200 <= response.status < 300:
            return response.headers, answer
        raise _problem(response, answer)

    def _read(
        self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse, deadline: float
    ) -> bytes:
        """Piece by piece, so that a server that drips is bounded too. An early end raises."""
        pieces = []
        left = None if response.chunked else response.length
        while left is None or left > 0:
            self._bound(connection, deadline)
            if response.chunked:
                piece = response.read1(1 << 16)
            else:
                piece = response.fp.read1(1 << 16 if left is None else min(left, 1 << 16))
            if piece == b"":
                break
            pieces.append(piece)
            left = None if left is None else left - len(piece)
        if left:
            raise http.client.IncompleteRead(b"", left)
        response.close()
        return b"".join(pieces)

    def _connection(self, deadline: float) -> http.client.HTTPConnection:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            make = http.client.HTTPSConnection if self._is_secure else http.client.HTTPConnection
            connection = make(self._host, self._port, timeout=_left(deadline))
            self._local.connection = connection
        self._bound(connection, deadline)
        return connection

    @staticmethod
    def _bound(connection: http.client.HTTPConnection, deadline: float) -> None:
        connection.timeout = _left(deadline)
        if connection.sock is not None:
            connection.sock.settimeout(connection.timeout)

    def close(self) -> None:
        """Of this thread; another thread's connection ends with it."""
        connection = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            connection.close()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise socket.timeout("the time is over")
    return left


def _problem(response: http.client.HTTPResponse, body: bytes) -> AssentError:
    try:
        told = json.loads(body)
    except ValueError:
        told = {}
    told = told if isinstance(told, dict) else {}
    after = response.headers.get("Retry-After", "0")
    return AssentError(
        response.status,
        str(told.get("code", "internal")),
        str(told.get("detail", response.reason)),
        float(after) if after.isdigit() else 0.0,
    )
