from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from antiphon.builtins.webhook import Webhook
from antiphon.builtins.webhook_delivery import LARGEST_BODY, receive, verify
from antiphon.builtins.webhook_options import WebhookOptions
from antiphon.errors import InputError, SetupError
from antiphon.model.event import Event

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SECRET = "It's a Secret to Everybody"
FORM = "application/x-www-form-urlencoded"


def options(auth: Any = "none", **more: Any) -> WebhookOptions:
    return WebhookOptions.model_validate({"path": "shop/orders", "auth": auth, **more})


def signed(**more: Any) -> WebhookOptions:
    return options({"hmac": "${{ secrets.shop }}", **more})


def deliver(body: bytes, headers: Mapping[str, str] | None = None, **more: Any) -> Event:
    return receive(options(**more), headers or {}, body, NOW, "")


def test_signature_of_github() -> None:
    """The example of GitHub's own documentation is taken, whatever the case of the header's name.

    https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries, read in 2026.
    """
    digits = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    github = signed(header="X-Hub-Signature-256")
    verify(github, {"x-hub-signature-256": f"sha256={digits}"}, b"Hello, World!", NOW, SECRET)
    with pytest.raises(InputError, match="does not fit the body"):
        verify(github, {"x-hub-signature-256": f"sha256={digits}"}, b"Hello, World?", NOW, SECRET)


SLACK_BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)


def test_signature_of_slack() -> None:
    """The example of Slack's own documentation, with a time that is signed too, is taken at that time and not later.

    https://api.slack.com/authentication/verifying-requests-from-slack, read in 2026.
    """
    slack = signed(
        header="X-Slack-Signature",
        prefix="v0=",
        timestamp_header="X-Slack-Request-Timestamp",
        signed="v0:{timestamp}:{body}",
    )
    headers = {
        "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        "X-Slack-Request-Timestamp": "1531420618",
        "Content-Type": FORM,
    }
    then = datetime.fromtimestamp(1531420618, UTC)
    event = receive(slack, headers, SLACK_BODY, then + timedelta(minutes=4), "8f742231b10e8888abcd99yyyzzz85a5")
    assert event.data["command"] == "/webhook-collect"
    assert event.data["text"] == ""
    with pytest.raises(InputError, match="signed 360 s from now; 5m is allowed"):
        receive(slack, headers, SLACK_BODY, then + timedelta(minutes=6), "8f742231b10e8888abcd99yyyzzz85a5")


@given(body=st.binary(max_size=200), secret=st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_signature_of_any_body(body: bytes, secret: str) -> None:
    """A body signed with the secret is taken, and one byte more is not."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    verify(signed(), {"x-signature-256": f"sha256={digest}"}, body, NOW, secret)
    with pytest.raises(InputError):
        verify(signed(), {"x-signature-256": f"sha256={digest}"}, body + b"!", NOW, secret)


@pytest.mark.parametrize("shown", ["", "sha256=", "sha256=é", "757107ea", "sha1=757107ea"])
def test_forged_signature(shown: str) -> None:
    """A signature that is missing, of another kind or no ASCII is refused with a sentence."""
    with pytest.raises(InputError, match="X-Signature-256"):
        verify(signed(), {"x-signature-256": shown}, b"{}", NOW, SECRET)


@pytest.mark.parametrize("stamp", ["", "soon", "-5", "1e9", "99999999999999999999", "٣"])
def test_forged_time(stamp: str) -> None:
    """A time of sending that is none is refused with a sentence."""
    with pytest.raises(InputError, match="is not a time in seconds since 1970"):
        verify(signed(timestamp_header="X-Time"), {"x-time": stamp, "x-signature-256": "x"}, b"{}", NOW, SECRET)


@pytest.mark.parametrize("header", ["Bearer s3cret", "s3cret"])
def test_token(header: str) -> None:
    """A shared token is taken with and without `Bearer`."""
    event = receive(options({"token": "${{ secrets.x }}"}), {"AUTHORIZATION": header}, b"{}", NOW, "s3cret")
    assert event.data == {"webhook": "shop/orders"}


def test_wrong_token() -> None:
    """Another token is refused, and the sentence shows neither."""
    with pytest.raises(InputError) as refusal:
        receive(options({"token": "${{ secrets.x }}"}), {"authorization": "guess"}, b"{}", NOW, "s3cret")
    assert "guess" not in str(refusal.value)
    assert "s3cret" not in str(refusal.value)


@pytest.mark.parametrize("auth", [{"token": "${{ secrets.x }}"}, {"hmac": "${{ secrets.x }}"}])
def test_empty_secret(auth: dict[str, str]) -> None:
    """An empty secret opens to nobody."""
    digest = hmac.new(b"", b"{}", hashlib.sha256).hexdigest()
    headers = {"authorization": "Bearer ", "x-signature-256": f"sha256={digest}"}
    with pytest.raises(SetupError, match="is empty"):
        receive(options(auth), headers, b"{}", NOW, "")


def test_event() -> None:
    """The fields of the body are the event's, and the path is always our own."""
    event = deliver(b'{"order": {"id": 7}, "webhook": "forged"}', event="order.placed")
    assert (event.type, event.at, event.source) == ("order.placed", NOW, "webhook")
    assert event.data == {"order": {"id": 7}, "webhook": "shop/orders"}


def test_body_that_is_no_object() -> None:
    """A list or a lone value is `event.body`."""
    assert deliver(b"[1, 2]").data["body"] == [1, 2]


def test_form() -> None:
    """A form's fields are texts; one that is repeated is a list."""
    event = deliver(b"name=Ana&tag=a&tag=b&note=", {"Content-Type": f"{FORM}; charset=utf-8"})
    assert event.data == {"name": "Ana", "tag": ["a", "b"], "note": "", "webhook": "shop/orders"}


def test_same_delivery() -> None:
    """The same body is the same event, and another body another one."""
    assert deliver(b'{"a": 1}').id == deliver(b'{"a": 1}').id
    assert deliver(b'{"a": 1}').id != deliver(b'{"a": 2}').id


def test_dedupe_by_header() -> None:
    """A header tells deliveries apart, whatever the bodies."""
    first = deliver(b'{"try": 1}', {"X-Delivery": "d-1"}, dedupe={"header": "x-delivery"})
    again = deliver(b'{"try": 2}', {"x-delivery": "d-1"}, dedupe={"header": "X-Delivery"})
    other = deliver(b'{"try": 2}', {"x-delivery": "d-2"}, dedupe={"header": "X-Delivery"})
    assert first.id == again.id != other.id


def test_dedupe_by_key() -> None:
    """A value in the body tells deliveries apart; a number is not the text of it."""
    ids = [deliver(body, dedupe={"key": "order.id"}).id for body in ORDERS]
    assert ids[0] == ids[1]
    assert len({*ids}) == 3


ORDERS = [
    b'{"order": {"id": 7}}',
    b'{"order": {"id": 7}, "try": 2}',
    b'{"order": {"id": 8}}',
    b'{"order": {"id": "7"}}',
]


@pytest.mark.parametrize(
    ("body", "headers", "more", "sentence"),
    [
        (b"x" * (LARGEST_BODY + 1), {}, {}, "has 1,048,577 bytes; a webhook takes 1,048,576"),
        (b"hello", {}, {}, "neither JSON nor a form"),
        (b"", {}, {}, "neither JSON nor a form"),
        (b"\xff\xfe", {}, {}, "neither JSON nor a form"),
        (b"[" * 33 + b"]" * 33, {}, {}, "nested more than 32 deep"),
        (b"[" * 500_000, {}, {}, "nested more than 32 deep"),
        (b"1" * 5000, {}, {}, "neither JSON nor a form"),
        (b'{"a": NaN}', {}, {}, "infinite or none"),
        (b'{"a": 1e999}', {}, {}, "infinite or none"),
        (b'{"a": "\\ud800"}', {}, {}, "half of a character"),
        (b"a=1&" * 2000, {"content-type": FORM}, {}, "neither JSON nor a form"),
        (b"nothing", {"content-type": FORM}, {}, "neither JSON nor a form"),
        (b"{}", {}, {"dedupe": {"header": "X-Delivery"}}, "X-Delivery, by which deliveries are told apart, is missing"),
        (b'{"order": {"id": null}}', {}, {"dedupe": {"key": "order.id"}}, "no value at order.id"),
        (b"[]", {}, {"dedupe": {"key": "order.id"}}, "no value at order.id"),
    ],
)
def test_bad_delivery(body: bytes, headers: dict[str, str], more: dict[str, Any], sentence: str) -> None:
    """What cannot be read or kept is refused with a sentence."""
    with pytest.raises(InputError, match=sentence):
        deliver(body, headers, **more)


def test_deepest_body() -> None:
    """Thirty-two lists inside one another are still read."""
    assert deliver(b"[" * 32 + b"]" * 32).data["body"]


@given(st.binary(max_size=300), st.sampled_from(["application/json", FORM, "", "text/html; charset=é"]))
def test_any_body(body: bytes, content_type: str) -> None:
    """Any bytes either become an event that can be kept, or are refused with a sentence."""
    try:
        event = deliver(body, {"content-type": content_type})
    except InputError as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017
    else:
        assert json.dumps(dict(event.data), allow_nan=False, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Field required"),
        ({"auth": "nobody"}, "Say how the sender is known"),
        ({"auth": {"password": "x"}}, "Say how the sender is known"),
        ({"auth": {"hmac": "hunter2"}}, "a secret does not belong into a document"),
        ({"auth": {"token": "x ${{ secrets.a }}"}}, "a secret does not belong into a document"),
        ({"auth": {"hmac": "${{ secrets.a }}", "signed": "fixed"}}, "must hold {body} once"),
        ({"auth": {"hmac": "${{ secrets.a }}", "timestamp_header": "T", "signed": "{body}"}}, "need one another"),
        ({"auth": "none", "dedupe": {"header": "A", "key": "b"}}, "exactly one of header and key"),
        ({"auth": "none", "path": "/Shop"}, "should match pattern"),
    ],
)
def test_refused(given: dict[str, Any], sentence: str) -> None:
    """An author must say who may call, safely."""
    with pytest.raises(ValidationError) as refusal:
        WebhookOptions.model_validate({"path": "shop", **given})
    assert sentence in str(refusal.value)


def test_interest() -> None:
    """A webhook is woken by requests to its own path only, and only by those that look as described."""
    interest = Webhook().interest(options(match={"order.total": {"above": 100}}))
    assert interest.type == "webhook.received"
    assert interest.match.judge(deliver(b'{"order": {"total": 120}}').data).holds
    assert not interest.match.judge(deliver(b'{"order": {"total": 80}}').data).holds
    assert not interest.match.judge(deliver(b'{"order": {"total": 120}}', path="other").data).holds


def test_door() -> None:
    """At its door the trigger lets in whoever knows the secret that its mark stands for."""
    body = b'{"order": 1}'
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    revealed: list[str] = []

    def reveal(mark: str) -> str:
        revealed.append(mark)
        return SECRET

    event = Webhook().receive(signed(), {"X-Signature-256": f"sha256={digest}"}, body, NOW, reveal)
    assert (Webhook().door(signed()), event.data["order"], revealed) == ("shop/orders", 1, ["${{ secrets.shop }}"])


def test_open_door() -> None:
    """A webhook for anybody asks for no secret."""

    def reveal(mark: Any) -> Any:
        raise AssertionError("nothing is secret here")

    assert Webhook().receive(options(), {}, b"{}", NOW, reveal).type == "webhook.received"
