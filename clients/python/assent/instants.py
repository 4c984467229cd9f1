"""When something was collected, as the server reads it."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Any, Optional

_FORM = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?([Zz]|[+-][0-9]{2}:?[0-9]{2}))?"
)
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)

#: A collection time that cannot be read lies in the future, which every question denies.
UNREADABLE = 2**53 - 1


def parse_instant(text: str) -> Optional[int]:
    """The earliest instant that ``text`` can mean, in milliseconds; None where it names none.

    RFC 3339 with a zone, to the minute or finer, or a bare date, which means its first UTC instant. Finer fractions
    are cut off. A time without a zone is not guessed at.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS_IN_MONTH[month - 1]:
        return None
    if (month, day) == (2, 29) and not _is_leap_year(year):
        return None
    hour, minute, second = int(match[4] or 0), int(match[5] or 0), int(match[6] or 0)
    if hour > 23 or minute > 59 or second > 60:
        return None
    offset = _offset_minutes(match[8] or "Z")
    if offset is None:
        return None
    # A leap second is the last instant before it that the clock can name.
    seconds = (_days_from_epoch(year, month, day) * 24 + hour) * 3_600 + minute * 60 + min(second, 59)
    return seconds * 1_000 + int(((match[7] or "") + "000")[:3]) - offset * 60_000


def instant_of(value: Any) -> Optional[int]:
    """Milliseconds of a value of a column; None where it names no time, ``UNREADABLE`` where it cannot be read.

    Text as ``parse_instant`` reads it, dates, and times with a zone. A time without a zone and a bare number are
    not guessed at.
    """
    if is_missing(value):
        return None
    if isinstance(value, str):
        at = parse_instant(value)
        return UNREADABLE if at is None else at
    if isinstance(value, datetime):
        return UNREADABLE if value.utcoffset() is None else (value - _EPOCH) // _MILLISECOND
    if isinstance(value, date):
        return _days_from_epoch(value.year, value.month, value.day) * 86_400_000
    return UNREADABLE


def format_instant(at_ms: int) -> Optional[str]:
    """RFC 3339 in UTC; None for what no calendar of four digits names."""
    try:
        at = _EPOCH + timedelta(milliseconds=at_ms)
    except OverflowError:
        return None
    return f"{at.strftime('%Y').zfill(4)}-{at:%m-%dT%H:%M:%S}.{at_ms % 1_000:03d}Z"


def is_missing(value: Any) -> bool:
    """None, NaN, NaT and pandas' NA."""
    if value is None or type(value).__name__ == "NAType":
        return True
    # Only what is not a number or a time differs from itself.
    return isinstance(value, (float, datetime)) and bool(value != value)


def _is_leap_year(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_from_epoch(year: int, month: int, day: int) -> int:
    # The calendar repeats every 400 years, so that the year 0, which `date` lacks, is read in a later one.
    return date(year + 400, month, day).toordinal() - 719_163 - 146_097 if year < 400 else (
        date(year, month, day).toordinal() - 719_163
    )


def _offset_minutes(zone: str) -> Optional[int]:
    if zone in "Zz":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 23 or minutes > 59:
        return None
    return (hours * 60 + minutes) * (-1 if zone[0] == "-" else 1)
