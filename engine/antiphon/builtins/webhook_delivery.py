"""One delivery to a webhook: from headers and bytes to an event, or to a sentence that says why not."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from antiphon.builtins.webhook_options import SignedAuth, TokenAuth, WebhookOptions
from antiphon.components.pattern import lookup
from antiphon.errors import InputError, SetupError, Untrusted
from antiphon.model.duration import format_duration
from antiphon.model.event import Event

LARGEST_BODY = 1024 * 1024
"""Bytes that a body may have."""

DEEPEST_BODY = 32
"""How many lists and objects may stand inside one another."""

MOST_FIELDS = 1000
"""How many fields a form may have."""


def receive(options: WebhookOptions, headers: Mapping[str, str], body: bytes, now: datetime, secret: str) -> Event:
    """The event of one request. `secret` is what the mark in `auth` stands for; it is not looked at for `none`.

    The same delivery gives the same event id, so a sender may repeat itself.

    Raises:
        Untrusted: it is not from the sender, or too old. Nothing was done.
        InputError: the body is too large, or not to be read. Nothing was done.
        SetupError: the secret is empty, so that nobody could be told from anybody.
    """
    if len(body) > LARGEST_BODY:
        raise InputError(f"The body has {len(body):,} bytes; a webhook takes {LARGEST_BODY:,}.")
    named = {name.lower(): value for name, value in headers.items()}
    verify(options, named, body, now, secret)
    content = _parse(named.get("content-type", ""), body)
    data = {**(content if isinstance(content, dict) else {"body": content}), "webhook": options.path}
    return Event(
        id=f"webhook:{options.path}:{_identity(options, named, content, body)}",
        type=options.event,
        at=now.astimezone(UTC),
        data=data,
        source="webhook",
    )


def verify(options: WebhookOptions, headers: Mapping[str, str], body: bytes, now: datetime, secret: str) -> None:
    """See that the request is from the one who knows the secret; header names are in small letters.

    Raises:
        Untrusted: it is not, or cannot be told.
        SetupError: the secret is empty.
    """
    auth = options.auth
    if auth == "none":
        return
    if not secret:
        raise SetupError(
            f"The secret of the webhook {options.path} is empty.", hint="Set it to what the sender was given."
        )
    shown = headers.get(auth.header.lower(), "").strip()
    if not shown:
        raise Untrusted(f"The header {auth.header} is missing.", hint="Set the webhook's secret at the sender.")
    if isinstance(auth, TokenAuth):
        _same(shown.removeprefix("Bearer "), secret, f"The token in {auth.header} is not the one of this webhook.")
        return
    before, after = auth.content.split("{body}")
    stamp = _timestamp(auth, headers, now) if auth.timestamp_header else ""
    signed = before.replace("{timestamp}", stamp).encode() + body + after.replace("{timestamp}", stamp).encode()
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    _same(shown.lower(), (auth.prefix + digest).lower(), f"The signature in {auth.header} does not fit the body.")


def _same(shown: str, expected: str, sentence: str) -> None:
    # Bytes, since compare_digest refuses texts beyond ASCII; constant time, so that nobody can guess step by step.
    if not hmac.compare_digest(shown.encode("utf-8", "replace"), expected.encode()):
        raise Untrusted(sentence, hint="Compare the secret here with the one at the sender.")


def _timestamp(auth: SignedAuth, headers: Mapping[str, str], now: datetime) -> str:
    stamp = headers.get(auth.timestamp_header.lower(), "").strip()
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise Untrusted(f"The header {auth.timestamp_header} is not a time in seconds since 1970.")
    away = abs(now.timestamp() - int(stamp))
    if away > auth.tolerance.total_seconds():
        raise Untrusted(
            f"The request was signed {away:.0f} s from now; {format_duration(auth.tolerance)} is allowed.",
            hint="An old request may be somebody else's copy; if it is not, compare the clocks.",
        )
    return stamp


def _parse(content_type: str, body: bytes) -> Any:
    try:
        if content_type.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
            fields = parse_qs(
                body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=MOST_FIELDS
            )
            content: Any = {name: values[0] if len(values) == 1 else values for name, values in fields.items()}
        else:
            content = json.loads(body.decode("utf-8-sig"))
    except RecursionError as error:
        raise InputError(f"The body is nested more than {DEEPEST_BODY} deep.") from error
    except ValueError as error:
        raise InputError(f"The body is neither JSON nor a form: {error}.") from error
    _bounded(content)
    return content


def _bounded(content: Any) -> None:
    """Refuse what cannot be kept: nesting without end, numbers that are none, texts that are no Unicode."""
    level, depth = [content], 0
    while level:
        inner: list[Any] = []
        for value in level:
            if isinstance(value, dict | list) and depth == DEEPEST_BODY:
                raise InputError(f"The body is nested more than {DEEPEST_BODY} deep.")
            if isinstance(value, dict):
                inner += [*value, *value.values()]
            elif isinstance(value, list):
                inner += value
            elif isinstance(value, float) and not math.isfinite(value):
                raise InputError("The body holds a number that is infinite or none.")
            elif isinstance(value, str) and not _is_unicode(value):
                raise InputError("The body holds half of a character (a lone surrogate).")
        level, depth = inner, depth + 1


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _identity(options: WebhookOptions, headers: Mapping[str, str], content: Any, body: bytes) -> str:
    """Sixteen bytes in hexadecimal digits that are the same for the same event."""
    if options.dedupe is None:
        return _digest(body)
    if name := options.dedupe.header:
        if not headers.get(name.lower()):
            raise InputError(f"The header {name}, by which deliveries are told apart, is missing.")
        return _digest(headers[name.lower()].encode("utf-8", "replace"))
    value = lookup(content, options.dedupe.key)
    if not isinstance(value, str | int | float) or value == "":
        raise InputError(f"The body has no value at {options.dedupe.key}, by which deliveries are told apart.")
    return _digest(json.dumps(value).encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
