"""Splits a data set into what may be used and what may not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Iterable, Optional, Sequence

from .answer import AssentError
from .columns import INVALID, columns_of
from .instants import UNREADABLE, format_instant, parse_instant
from .spans import Resolved, Spans, Terms, resolve

if TYPE_CHECKING:
    from .client import Client

_CHANGES_AT_ONCE = 1_000


def filter_records(
    client: "Client", data: Any, terms: Terms, subject: "str | Sequence[str]", collected_at: str, check_changes: bool
) -> tuple:
    """``(permitted, denied, report)``. Raises ``AssentError`` where anything was not answered: then nothing passes."""
    columns = columns_of(data)
    subjects = [_read_subject(each) for each in ([subject] if isinstance(subject, str) else subject)]
    if not subjects:
        raise ValueError("A filter needs a subject, such as user:user_id.")
    times = columns.times(collected_at)
    asked = [(_Namespace(client, terms, namespace), columns.ids(column)) for namespace, column in subjects]
    for namespace, ids in asked:
        namespace.add(ids)
        namespace.ask_singly(ids, times)
    rows = range(columns.count)

    def decide(row: int) -> Optional[str]:
        return _combine([namespace.reason(ids[row], times[row]) for namespace, ids in asked])

    #: The reason of a no; None where the record may be used.
    reasons = [decide(row) for row in rows]
    removed, checked_up_to = 0, None
    if check_changes:
        permitted_rows = [row for row in rows if reasons[row] is None]
        checked_up_to = _ask_again(client, asked, permitted_rows, times)
        for row in permitted_rows:
            reasons[row] = decide(row)
            removed += reasons[row] is not None

    permitted, denied = columns.split(reasons)
    return permitted, denied, _report(terms, subjects, collected_at, asked, times, reasons, removed, checked_up_to)


def _report(terms, subjects, collected_at, asked, times, reasons, removed, checked_up_to) -> dict:  # type: ignore[no-untyped-def]
    counts = Counter(reason for reason in reasons if reason is not None)
    broken = {code: counts.pop(code) for code in ("subject_missing", "subject_invalid") if code in counts}
    first, first_ids = asked[0]
    until = [
        at
        for row, reason in enumerate(reasons)
        if reason is None
        for namespace, ids in asked
        if (at := namespace.use_until(ids[row], times[row])) is not None
    ]
    return {
        "question": {
            **terms.question(),
            "subject": [f"{namespace}:{column}" for namespace, column in subjects],
            "collected_at": collected_at,
        },
        "records": len(reasons),
        "permitted": reasons.count(None),
        "denied": dict(counts.most_common()),
        #: Records that name nobody for certain.
        "broken": broken,
        #: Records about people nobody ever recorded.
        "unknown": sum(1 for each in first_ids if isinstance(each, str) and first.is_unknown(each)),
        #: Permitted at first, and denied by the time the change feed was read.
        "removed_since": removed,
        "revision": {"from": first.revisions[0] if first.revisions else None, "checked_up_to": checked_up_to},
        "decided_at": first.decided_at,
        #: Ask again from here on.
        "use_until": format_instant(min(until)) if until else None,
    }


class _Namespace:
    """All that is known about the ids of one namespace."""

    def __init__(self, client: "Client", terms: Terms, namespace: str) -> None:
        self._client, self._terms, self.namespace = client, terms, namespace
        self._spans: dict = {}
        self._permits: frozenset = frozenset()
        #: Of records that were asked about one by one, by id and time: the reason of a no or None, and until when.
        self._single: dict = {}
        self.revisions: list = []
        self.decided_at: Optional[str] = None

    def add(self, ids: Iterable[Any]) -> None:
        """Resolves the ids that are text, each once."""
        distinct = [each for each in dict.fromkeys(ids) if isinstance(each, str) and _is_line(each)]
        for resolved in resolve(self._client.transport, self._terms, self.namespace, distinct, self._client.patience):
            self._take(resolved)

    def _take(self, resolved: Resolved) -> None:
        self._spans.update(resolved.spans)
        self._permits = resolved.permits
        self.revisions.append(resolved.revision)
        self.decided_at = self.decided_at or resolved.decided_at

    def ask_singly(self, ids: Sequence[Any], times: Sequence[Optional[int]]) -> None:
        """Asks about each record whose id has more spans than a record of `resolve` holds, or is no line."""
        wanted = dict.fromkeys(
            (each, at)
            for each, at in zip(ids, times)
            if isinstance(each, str) and self._must_ask(each)
        )
        questions, keys = [], []
        for each, at in wanted:
            instant = None if at is None or at == UNREADABLE else format_instant(at)
            if instant is None:
                # Without a time that can be told there is no yes; a filter demands one.
                self._single[each, at] = ("collected_at_required", None)
                continue
            keys.append((each, at))
            questions.append({"subject": f"{self.namespace}:{each}", "collected_at": instant, **self._terms.question()})
        for key, answer in zip(keys, self._client.check_many(questions)):
            if answer.error is not None and answer.reason != "rejected":
                raise answer.error
            until = (answer.obligations or {}).get("use_until")
            self._single[key] = (None if answer else answer.reason, None if until is None else parse_instant(until))

    def _must_ask(self, each: str) -> bool:
        spans = self._spans.get(each)
        return not _is_line(each) if spans is None else spans.must_ask

    def is_unknown(self, each: str) -> bool:
        spans = self._spans.get(each)
        return spans is not None and not spans.is_known and not spans.is_invalid

    def reason(self, each: Any, at: Optional[int]) -> Optional[str]:
        """None where the record may be used."""
        if each is None:
            return "subject_missing"
        if each is INVALID:
            return "subject_invalid"
        if self._must_ask(each):
            return self._single[each, at][0]
        spans: Spans = self._spans[each]
        if spans.is_invalid:
            return "subject_invalid"
        reason = spans.reason_at(at)
        return None if reason in self._permits else reason

    def use_until(self, each: Any, at: Optional[int]) -> Optional[int]:
        return self._single[each, at][1] if self._must_ask(each) else self._spans[each].use_until

    def said_something(self, each: Any, subjects: set) -> bool:
        """Whether the id is one of these subjects, or may be: an unknown id may be anybody who is new."""
        spans = self._spans.get(each)
        if spans is None or spans.must_ask:
            return True
        return spans.subject in subjects or (spans.subject is None and not subjects <= self._known())

    def _known(self) -> set:
        return {spans.subject for spans in self._spans.values() if spans.subject is not None}


def _ask_again(client: "Client", asked: list, rows: Sequence[int], times: Sequence[Optional[int]]) -> Optional[str]:
    """Asks again about everyone who said something since the first id was resolved; up to which revision that is."""
    begin = min((each.revisions[0] for each, _ in asked if each.revisions), key=_position, default=None)
    if begin is None:
        return None
    subjects, is_all, up_to = _changed_since(client, begin)
    if not subjects and not is_all:
        return up_to
    for namespace, ids in asked:
        distinct = {ids[row] for row in rows}
        again = {each for each in distinct if is_all or namespace.said_something(each, subjects)}
        namespace.add(again)
        changed = [row for row in rows if ids[row] in again]
        namespace.ask_singly([ids[row] for row in changed], [times[row] for row in changed])
    return up_to


def _changed_since(client: "Client", begin: str) -> tuple:
    """Who said something after a revision, whether rules changed, and up to where that is known."""
    subjects: set = set()
    is_all = False
    after = begin
    while True:
        try:
            page = client.transport.json(
                "GET", f"/v1/changes?after={after}&limit={_CHANGES_AT_ONCE}", seconds=client.patience
            )
        except AssentError as error:
            if error.code != "scope_missing":
                raise
            # Without the feed everyone is asked about once more.
            return subjects, True, None
        if page.get("from") != after and _position(after)[1] != 0:
            raise AssentError(0, "feed_gap", f"The change feed begins at {page.get('from')}, not after {after}.")
        for change in page["changes"]:
            subject = change.get("subject")
            if isinstance(subject, str):
                subjects.add(subject.removeprefix("sub_"))
            else:
                is_all = True
        after = page["to"]
        if after == page["head"]:
            return subjects, is_all, after


def _combine(reasons: Sequence[Optional[str]]) -> Optional[str]:
    """All must permit. What another person said is told as `co_subject_denied` alone."""
    if reasons[0] is not None:
        return reasons[0]
    for reason in reasons[1:]:
        if reason is not None:
            return reason if reason.startswith("subject_m") or reason == "subject_invalid" else "co_subject_denied"
    return None


def _read_subject(text: str) -> tuple:
    namespace, colon, column = text.partition(":")
    if colon == "" or namespace == "" or column == "":
        raise ValueError("A subject is a namespace and a column, such as user:user_id.")
    return namespace, column


def _is_line(each: str) -> bool:
    return "\n" not in each


def _position(revision: str) -> tuple:
    log, _, seq = revision.rpartition(":")
    return log, int(seq)
