"""The client: one server, one key."""

from __future__ import annotations

import os
from datetime import date, datetime
from typing import Any, Iterable, Mapping, Optional, Sequence, Union

from .answer import Answer, AssentError, read_answer, unanswered
from .filtering import filter_records
from .instants import UNREADABLE, format_instant, instant_of
from .spans import Terms
from .transport import Transport

_ITEMS_AT_ONCE = 1_000
_MEMBERS = frozenset(
    ("subject", "purpose", "collected_at", "property", "categories", "recipient", "regime", "source_purpose", "at_least")
)

When = Union[str, date, datetime]


class Client:
    """Asks one server. ``check`` and ``check_many`` never raise for what the server or the network does; ``filter`` does.

    Without arguments it is configured by ``ASSENT_URL`` and ``ASSENT_API_KEY``. ``timeout`` bounds a decision in
    seconds, repeated attempts included; ``patience`` each call of a filter.
    """

    def __init__(
        self,
        url: Optional[str] = None,
        api_key: Optional[str] = None,
        *,
        timeout: float = 2.0,
        patience: float = 60.0,
    ) -> None:
        url = url or os.environ.get("ASSENT_URL")
        api_key = api_key or os.environ.get("ASSENT_API_KEY")
        if not url or not api_key:
            raise ValueError("Set ASSENT_URL and ASSENT_API_KEY, or give Client an address and a key.")
        self.transport = Transport(url, api_key)
        self.timeout = timeout
        self.patience = patience

    def check(
        self,
        subject: str,
        purpose: str,
        *,
        collected_at: Optional[When] = None,
        property: Optional[str] = None,
        categories: Optional[Sequence[str]] = None,
        recipient: Optional[str] = None,
        regime: Optional[str] = None,
        source_purpose: Optional[str] = None,
        at_least: Optional[str] = None,
    ) -> Answer:
        """May this data be used for this purpose, now? The answer is false in every case but a yes."""
        given = {
            "subject": subject,
            "purpose": purpose,
            "collected_at": collected_at,
            "property": property,
            "categories": categories,
            "recipient": recipient,
            "regime": regime,
            "source_purpose": source_purpose,
            "at_least": at_least,
        }
        try:
            question = _plain(given)
            return read_answer(self.transport.json("POST", "/v1/check", question, seconds=self.timeout))
        except AssentError as error:
            return unanswered(error)

    def check_many(self, questions: Iterable[Mapping[str, Any]]) -> list:
        """Many questions, each with the arguments of ``check`` as members; the answers are in their order.

        After a request that nobody answered the rest is not asked either: all of it is a no.
        """
        answers: list = []
        asked: list = []
        for question in questions:
            try:
                asked.append((len(answers), _item(_plain(question))))
                answers.append(None)
            except AssentError as error:
                answers.append(unanswered(error))
        failure: Optional[Answer] = None
        for start in range(0, len(asked), _ITEMS_AT_ONCE):
            batch = asked[start : start + _ITEMS_AT_ONCE]
            told = [failure] * len(batch) if failure is not None else self._ask([item for _, item in batch])
            if failure is None and told[0].reason == "unreachable":
                failure = told[0]
            for (index, _), answer in zip(batch, told):
                answers[index] = answer
        return answers

    def filter(
        self,
        data: Any,
        *,
        purpose: str,
        subject: Union[str, Sequence[str]],
        collected_at: str,
        property: Optional[str] = None,
        categories: Optional[Sequence[str]] = None,
        recipient: Optional[str] = None,
        regime: Optional[str] = None,
        source_purpose: Optional[str] = None,
        check_changes: bool = True,
    ) -> tuple:
        """``(permitted, denied, report)`` of a DataFrame, a pyarrow Table or a list of dicts.

        ``subject`` is a namespace and a column, ``user:user_id``; of several all must permit. ``denied`` has the
        column ``assent_reason`` more. What is missing, has no zone or is not certain is denied. People who said no
        while this ran are taken out at the end. Raises ``AssentError`` where anything was not answered.
        """
        terms = Terms(purpose, property, categories, recipient, regime, source_purpose)
        return filter_records(self, data, terms, subject, collected_at, check_changes)

    def close(self) -> None:
        """Closes this thread's connection; the next call opens another."""
        self.transport.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _ask(self, items: Sequence[dict]) -> list:
        try:
            path, body = "/access/v1/evaluations", {"evaluations": items}
            told = self.transport.json("POST", path, body, seconds=self.timeout)
            evaluations = told.get("evaluations") if isinstance(told, dict) else None
            if not isinstance(evaluations, list) or len(evaluations) != len(items):
                raise AssentError(0, "unreachable", "What was received is not an answer.")
            return [read_answer(each, "decision") for each in evaluations]
        except AssentError as error:
            return [unanswered(error)] * len(items)


def _plain(question: Mapping[str, Any]) -> dict:
    """The question in JSON's terms. Raises where it is not certain what is asked."""
    unknown = set(question) - _MEMBERS
    if unknown:
        raise AssentError(400, "body_invalid", f"{sorted(unknown)[0]} is not known.")
    plain = {name: value for name, value in question.items() if value is not None}
    if not isinstance(plain.get("subject"), str):
        raise AssentError(400, "identifier_invalid", "A subject is text, such as user:alice.")
    when = plain.get("collected_at")
    if when is not None and not isinstance(when, str):
        at = instant_of(when)
        text = None if at is None or at == UNREADABLE else format_instant(at)
        if text is None:
            raise AssentError(400, "body_invalid", "collected_at must be a time with a zone.")
        plain["collected_at"] = text
    if "categories" in plain:
        categories = plain["categories"]
        plain["categories"] = [categories] if isinstance(categories, str) else list(categories)
    return plain


def _item(question: dict) -> dict:
    namespace, _, id = question["subject"].partition(":")
    about = {name: question[name] for name in ("collected_at", "property", "categories", "source_purpose") if name in question}
    context = {name: question[name] for name in ("recipient", "regime", "at_least") if name in question}
    return {
        "subject": {"type": namespace, "id": id},
        "action": {"name": question.get("purpose")},
        "resource": {"type": "record", "id": "-", "properties": about},
        "context": context,
    }
