"""``POST /v1/resolve``: what is decided about a person's data, for every time it can have been collected at."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Iterator, Optional, Sequence
from urllib.parse import urlencode

from .answer import AssentError
from .transport import Transport

_RECORD = struct.Struct("<4BBBBx3qq16s")
_IDS_AT_ONCE = 50_000
_KNOWN, _INVALID, _TOO_MANY = 1, 2, 4


@dataclass(frozen=True)
class Terms:
    """Everything of a question that is the same for all records."""

    purpose: str
    property: Optional[str] = None
    categories: Optional[Sequence[str]] = None
    recipient: Optional[str] = None
    regime: Optional[str] = None
    source_purpose: Optional[str] = None

    def parameters(self) -> list:
        given = [("purpose", self.purpose), *(("category", each) for each in self.categories or ())]
        for name in ("property", "recipient", "regime", "source_purpose"):
            value = getattr(self, name)
            if value is not None:
                given.append((name, value))
        return given

    def question(self) -> dict:
        names = ("purpose", "property", "categories", "recipient", "regime", "source_purpose")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


@dataclass(frozen=True)
class Spans:
    """``reasons[n]`` holds from ``begins[n]`` on; the first from ever."""

    reasons: tuple
    begins: tuple
    #: The reason for data whose collection time is not known.
    without_time: str
    is_known: bool
    is_invalid: bool
    #: Too many spans for a record: ask about each piece of data.
    must_ask: bool
    #: Until when data of a permitted span may be used, in milliseconds; None where none is permitted.
    use_until: Optional[int]
    #: The subject's random id without ``sub_``; None for nobody.
    subject: Optional[str]

    def reason_at(self, at_ms: Optional[int]) -> str:
        if at_ms is None:
            return self.without_time
        for n in range(len(self.begins) - 1, 0, -1):
            if self.begins[n] <= at_ms:
                return self.reasons[n]
        return self.reasons[0]


@dataclass(frozen=True)
class Resolved:
    spans: dict
    permits: frozenset
    #: Every record was decided at this revision or a later one.
    revision: str
    decided_at: str


def resolve(transport: Transport, terms: Terms, namespace: str, ids: Sequence[str], seconds: float) -> Iterator[Resolved]:
    """Resolves distinct ids, 50,000 a call. Raises where an answer is not whole."""
    query = urlencode([*terms.parameters(), ("namespace", namespace), ("with_subject", "true")])
    for start in range(0, len(ids), _IDS_AT_ONCE):
        batch = ids[start : start + _IDS_AT_ONCE]
        body = "".join(f"{each}\n" for each in batch).encode("utf-8", "surrogatepass")
        head, records = transport.exchange(
            "POST", f"/v1/resolve?{query}", body, seconds=seconds, headers={"Content-Type": "text/plain"}
        )
        if len(records) != len(batch) * _RECORD.size:
            raise AssentError(0, "unreachable", "The answer has another number of records than ids were sent.")
        names = head.get("Assent-Reasons", "").split(",")
        yield Resolved(
            dict(zip(batch, (_read(fields, names) for fields in _RECORD.iter_unpack(records)))),
            frozenset(head.get("Assent-Permits", "").split(",")),
            head.get("Assent-Revision", ""),
            head.get("Assent-Decided-At", ""),
        )


def _read(fields: tuple, names: Sequence[str]) -> Spans:
    flags, count = fields[5], fields[6]
    subject = fields[11]
    return Spans(
        reasons=tuple(names[code] for code in fields[:count]),
        begins=(0, *fields[7 : 7 + max(0, count - 1)])[:count],
        without_time=names[fields[4]],
        is_known=bool(flags & _KNOWN),
        is_invalid=bool(flags & _INVALID),
        must_ask=bool(flags & _TOO_MANY),
        use_until=fields[10] or None,
        subject=subject.hex() if any(subject) else None,
    )
