from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from tests.antiphon_networks.workbench import Listener, Workbench

from antiphon import GiveUp
from antiphon.builtins.webhook_delivery import receive
from antiphon.builtins.webhook_options import WebhookOptions as Incoming
from antiphon.components.http import Http
from antiphon.errors import Untrusted
from antiphon.model.effect import AuthDead, Disconnected, Done, Rejected, Unknown
from antiphon.testing.clock import VirtualClock
from antiphon_networks.webhooks.connector import OutgoingWebhook, WebhookOptions
from antiphon_networks.webhooks.sending import SendWebhook

SECRET = "what the two of us know"
Make = Callable[..., Workbench]


@pytest.fixture
def make(workbench: Make, listener: Listener, clock: VirtualClock, http: Http) -> Make:
    def made(**options: Any) -> Workbench:
        given = {"url": f"{listener.url}/hooks/shop", "secret": SECRET, **options}
        return workbench(OutgoingWebhook("brand", WebhookOptions.model_validate(given), http, clock))

    return made


def test_two_antiphons(make: Make, listener: Listener, clock: VirtualClock) -> None:
    """What one Antiphon signs, the trigger of another believes; a repetition is the same event."""
    bench = make()
    effect = bench.plan(SendWebhook, json={"text": "été ☕", "n": 1})
    for _ in range(2):
        bench.perform(SendWebhook, effect)
        clock.advance(timedelta(minutes=1))
    auth = {"hmac": "${{ secrets.shop }}", "timestamp_header": "X-Timestamp"}
    door = Incoming.model_validate({"path": "shop", "auth": auth, "dedupe": {"header": "Idempotency-Key"}})

    first, second = (receive(door, heard.headers, heard.body, clock.now(), SECRET) for heard in listener.heard)

    assert {"text": "été ☕", "n": 1, "webhook": "shop"} == first.data
    assert first.id == second.id
    with pytest.raises(Untrusted, match="does not fit the body"):
        receive(door, listener.heard[0].headers, listener.heard[0].body + b" ", clock.now(), SECRET)
    with pytest.raises(Untrusted, match="was signed"):
        receive(door, listener.heard[0].headers, listener.heard[0].body, clock.now() + timedelta(hours=1), SECRET)


def test_body_alone(make: Make, listener: Listener, clock: VirtualClock) -> None:
    """Without a time, the body alone is signed, under any header, as older receivers want it."""
    bench = make(header="X-Hub-Signature-256", timestamp_header="")
    bench.perform(SendWebhook, bench.plan(SendWebhook, json={"a": 1}))
    auth = {"hmac": "${{ secrets.shop }}", "header": "X-Hub-Signature-256"}
    heard = listener.heard[0]

    event = receive(
        Incoming.model_validate({"path": "x", "auth": auth}), heard.headers, heard.body, clock.now(), SECRET
    )

    assert {"a": 1, "webhook": "x"} == event.data


def test_unsigned(make: Make, listener: Listener) -> None:
    """Without a secret nothing is signed, and the key is there all the same."""
    bench = make(secret="")

    outcome = bench.perform(SendWebhook, bench.plan(SendWebhook, json={}))

    assert isinstance(outcome, Done)
    assert "x-signature-256" not in listener.heard[0].headers
    assert outcome.receipt.remote_id == listener.heard[0].headers["idempotency-key"]


def test_receipt(make: Make, listener: Listener) -> None:
    """The receipt has the status, and the JSON that came back."""
    listener.answer(202, {"ticket": 7})
    bench = make()

    outcome = bench.perform(SendWebhook, bench.plan(SendWebhook, json={"a": 1}))

    assert {"status": 202, "json": {"ticket": 7}} == outcome.receipt.data


@pytest.mark.parametrize(
    ("status", "kind"), [(401, AuthDead), (403, Rejected), (404, Rejected), (308, Rejected), (500, Unknown)]
)
def test_refusals(make: Make, listener: Listener, status: int, kind: type) -> None:
    """A no is a no; a failure of the other side is a doubt."""
    listener.answer(status, {"error": "no"}, location="https://elsewhere.example/")
    bench = make()

    assert isinstance(bench.perform(SendWebhook, bench.plan(SendWebhook, json={})), kind)


def test_nobody_there(make: Make, listener: Listener) -> None:
    """Where nobody listens, nothing was sent."""
    bench = make()
    effect = bench.plan(SendWebhook, json={})
    listener.stop()

    assert isinstance(bench.perform(SendWebhook, effect), Disconnected)


def test_doubt(make: Make) -> None:
    """A doubt is for a person, unless the receiver drops what it has seen: then it may be sent again."""
    careful, knowing = make(), make(deduplicates=True)
    first, second = careful.plan(SendWebhook, json={}), knowing.plan(SendWebhook, json={})

    assert ("none", "native") == (first.idempotency, second.idempotency)
    assert isinstance(careful.reconcile(SendWebhook, first), Unknown)
    assert knowing.reconcile(SendWebhook, second) is None


def test_private_address(workbench: Make, clock: VirtualClock) -> None:
    """An address inside is refused unless the workspace allows it, and nothing is sent."""
    options = WebhookOptions(url=SecretStr("https://127.0.0.1:1/"))
    bench = workbench(OutgoingWebhook("brand", options, Http(), clock))

    outcome = bench.perform(SendWebhook, bench.plan(SendWebhook, json={}))

    assert isinstance(outcome, Disconnected)
    assert "127.0.0.1 is this machine" in outcome.reason


def test_not_json(make: Make) -> None:
    """What JSON has no word for is refused in the plan."""
    with pytest.raises(GiveUp, match="cannot be sent as JSON"):
        make().plan(SendWebhook, json={"n": float("nan")})


@pytest.mark.parametrize("url", ["", "shop", "ftp://a.example", "http://a.example/x", "https://me:pw@a.example/"])
def test_wrong_address(url: str) -> None:
    """What is no address, or would be sent in the clear, is refused, and not shown."""
    with pytest.raises(ValidationError) as refusal:
        WebhookOptions.model_validate({"url": url, "secret": SECRET})

    assert SECRET not in str(refusal.value)
    assert "pw" not in str(refusal.value)


def test_address_is_secret(make: Make) -> None:
    """Of the address, only the host is told."""
    bench = make()

    told = f"{bench.connector.options!r} {bench.connector.check()} {bench.plan(SendWebhook, json={}).summary}"

    assert "/hooks/shop" not in told
    assert SECRET not in told
