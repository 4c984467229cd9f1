"""Joining with a snapshot of `GET /v1/snapshots/{purpose}`: the keys that stand for identifiers. See docs/snapshots.md."""

from __future__ import annotations

import hashlib
import hmac

_ASCII_SPACE = "\t\n\x0b\x0c\r "
_UPPER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def normal_form(form: str, id: str) -> str:
    """The id in its namespace's normal form; see docs/normal-forms.md. Raises for a form this version does not know."""
    if form == "exact":
        return id
    if form == "email_v1":
        # ASCII alone: `str.lower` and `str.strip` would change other letters and take other spaces.
        return id.strip(_ASCII_SPACE).translate(_UPPER)
    raise ValueError(f"The normal form {form!r} is not known to this version.")


def subject_key(export_key: bytes, namespace: str, id: str, form: str = "exact") -> str:
    """`subject_key` of a snapshot: HMAC-SHA-256 in hex. Keep the key like a password: with it ids can be guessed."""
    message = f"{namespace}\0{normal_form(form, id)}".encode("utf-8")
    return hmac.new(export_key, message, hashlib.sha256).hexdigest()
