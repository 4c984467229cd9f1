"""What is answered, and what is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional


class AssentError(Exception):
    """A call that was not answered: the server's code, or ``unreachable`` with status 0."""

    def __init__(self, status: int, code: str, message: str, retry_after: float = 0.0) -> None:
        super().__init__(f"{message} ({code})")
        self.status = status
        self.code = code
        self.retry_after = retry_after

    @property
    def is_transient(self) -> bool:
        """Whether the same call may be answered later."""
        return self.code == "unreachable" or self.status == 429 or self.status >= 500


@dataclass(frozen=True)
class Answer:
    """True where the data may be used, and false in every other case: ``if assent.check(…):``.

    ``reason`` is the server's; ``unreachable`` where nobody answered in time and whole, ``rejected`` where the
    question cannot be answered (``error`` says why).
    """

    allowed: bool
    reason: str
    because: str = ""
    revision: Optional[str] = None
    decided_at: Optional[str] = None
    event: Optional[Mapping[str, Any]] = None
    notice: Optional[Mapping[str, Any]] = None
    #: ``categories``, ``collected_from`` and ``use_until``, which bind whoever uses the data.
    obligations: Optional[Mapping[str, Any]] = None
    assumed: tuple = ()
    error: Optional[AssentError] = None

    def __bool__(self) -> bool:
        return self.allowed is True


def read_answer(body: Any, allowed_name: str = "allowed") -> Answer:
    """What was received, if it is an answer; else a no."""
    told = body if isinstance(body, dict) else {}
    allowed = told.get(allowed_name)
    if allowed_name == "decision":
        context = told.get("context")
        told = context if isinstance(context, dict) else {}
        failed = told.get("error")
        if isinstance(failed, dict):
            return unanswered(AssentError(400, str(failed.get("code")), str(failed.get("message"))))
    reason = told.get("reason")
    if not isinstance(allowed, bool) or not isinstance(reason, str):
        return unanswered(AssentError(0, "unreachable", "What was received is not an answer."))
    return Answer(
        allowed=allowed,
        reason=reason,
        because=str(told.get("because", "")),
        revision=told.get("revision"),
        decided_at=told.get("decided_at"),
        event=told.get("event"),
        notice=told.get("notice"),
        obligations=told.get("obligations"),
        assumed=tuple(told.get("assumed", ())),
    )


def unanswered(error: AssentError) -> Answer:
    """The no of a question that was not answered."""
    is_rejected = 400 <= error.status < 500 and error.status != 429
    reason = "rejected" if is_rejected else "unreachable"
    return Answer(False, reason, because=f"Not answered: {error}", error=error)
