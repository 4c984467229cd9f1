"""Ask Assent whether data may be used, before it is used. Fails closed.

    import assent

    if assent.check("user:alice", "ai_training", collected_at=row.created_at):
        use(row)

``check`` and ``check_many`` never raise for what the server or the network does: what is not answered is a no.
``filter`` raises, since half of a data set must not pass for a whole one. Configured by ``ASSENT_URL`` and
``ASSENT_API_KEY``, or make a ``Client``.
"""

from __future__ import annotations

from typing import Any, Optional

from .answer import Answer, AssentError
from .client import Client
from .instants import parse_instant

__all__ = ["Answer", "AssentError", "Client", "check", "check_many", "filter", "parse_instant"]
__version__ = "0.1.0"

_default: Optional[Client] = None


def _client() -> Client:
    global _default
    if _default is None:
        _default = Client()
    return _default


def check(subject: str, purpose: str, **question: Any) -> Answer:
    """``Client.check`` of the server that the environment names."""
    return _client().check(subject, purpose, **question)


def check_many(questions: Any) -> list:
    """``Client.check_many`` of the server that the environment names."""
    return _client().check_many(questions)


def filter(data: Any, **question: Any) -> tuple:
    """``Client.filter`` of the server that the environment names."""
    return _client().filter(data, **question)
