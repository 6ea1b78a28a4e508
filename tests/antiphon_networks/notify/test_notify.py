from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr
from tests.antiphon_networks.workbench import Listener, Workbench

from antiphon import GiveUp
from antiphon.components.http import Http
from antiphon.model.effect import AuthDead, Done, RateLimited, Rejected, Unknown
from antiphon.testing.clock import VirtualClock
from antiphon_networks.notify.connector import Notify, NotifyOptions
from antiphon_networks.notify.sending import SendNotification

TOKEN = "a-token-nobody-may-see"
Make = Callable[[str], Workbench]


@pytest.fixture
def make(workbench: Callable[..., Workbench], clock: VirtualClock, http: Http) -> Make:
    return lambda url: workbench(Notify("brand", NotifyOptions(url=SecretStr(url)), http, clock))


@pytest.fixture
def bench(make: Make, listener: Listener) -> Workbench:
    """A connection to a service of the operator's own, which Apprise calls with JSON."""
    return make(f"json://127.0.0.1:{listener.port}/{TOKEN}")


@pytest.fixture
def loud() -> Iterator[list[str]]:
    """All that any logger says, at its loudest."""
    said: list[str] = []
    handler = logging.Handler(1)
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    loggers = [logging.getLogger(name) for name in ("", "apprise", "urllib3", "urllib3.connectionpool", "requests")]
    levels = [logger.level for logger in loggers]
    loggers[0].addHandler(handler)
    for logger in loggers:
        logger.setLevel(1)
    yield said
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_done(bench: Workbench, listener: Listener) -> None:
    """A notification is done when the service has taken it, with its words as they are."""
    effect = bench.plan(SendNotification, title="Complaint", text="<b>é</b> *ana* & co")

    outcome = bench.perform(SendNotification, effect)

    assert isinstance(outcome, Done)
    assert ("Complaint", "<b>é</b> *ana* & co") == (listener.heard[0].json["title"], listener.heard[0].json["message"])
    assert "none" == effect.idempotency


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Rejected), (401, AuthDead), (404, Rejected), (408, Unknown), (429, RateLimited), (500, Unknown)],
)
def test_refused(bench: Workbench, listener: Listener, status: int, kind: type) -> None:
    """A service that answers with a no has not done it; whatever else fails is in doubt."""
    listener.answer(status, {})

    assert isinstance(bench.perform(SendNotification, bench.plan(SendNotification, text="x")), kind)
    assert 1 == len(listener.heard)


def test_nobody_there(bench: Workbench, listener: Listener) -> None:
    """Apprise does not say whether a message had left when a connection fails: it is in doubt, in Apprise's words."""
    listener.stop()

    outcome = bench.perform(SendNotification, bench.plan(SendNotification, text="x"))

    assert isinstance(outcome, Unknown)
    assert "onnection error" in outcome.reason


def test_doubt(bench: Workbench) -> None:
    """Nobody can look whether a notification came, so a doubt is for a person."""
    assert isinstance(bench.reconcile(SendNotification, bench.plan(SendNotification, text="x")), Unknown)


def test_redirect(bench: Workbench, listener: Listener) -> None:
    """A service cannot send a notification on to another address."""
    listener.answer(307, {}, location=f"{listener.url}/elsewhere")

    assert not isinstance(bench.perform(SendNotification, bench.plan(SendNotification, text="x")), Done)
    assert 1 == len(listener.heard)


def test_no_retries(make: Make, listener: Listener) -> None:
    """Nothing is sent twice, even where the URL asks Apprise to."""
    bench = make(f"json://127.0.0.1:{listener.port}/?retry=3")
    listener.answer(500, {})
    bench.perform(SendNotification, bench.plan(SendNotification, text="x"))

    assert 1 == len(listener.heard)


@pytest.mark.parametrize("url", ["json://127.0.0.1:9/", "json://10.0.0.7/", "mailto://a:b@example.org/?smtp=10.0.0.7"])
def test_private_address(workbench: Callable[..., Workbench], clock: VirtualClock, url: str) -> None:
    """A host inside is not called unless the workspace allows it."""
    bench = workbench(Notify("brand", NotifyOptions(url=SecretStr(url)), Http(), clock))

    outcome = bench.perform(SendNotification, bench.plan(SendNotification, text="x"))

    assert isinstance(outcome, Rejected)
    assert "allow_private" in outcome.fix


def test_tokens_are_never_looked_up(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the place of a host holds a token, no name server hears of it."""
    asked: list[str] = []

    def look_up(host: str, *rest: Any, **more: Any) -> list[Any]:
        asked.append(host)
        return []

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    bench = make("discord://123456789012345678/a-token_of-a-webhook")
    monkeypatch.setattr("requests.post", lambda *args, **named: (_ for _ in ()).throw(OSError("no network here")))
    bench.perform(SendNotification, bench.plan(SendNotification, text="x"))

    assert [] == asked


def test_longest(make: Make) -> None:
    """A text that the service does not take is refused in the plan, with the count and the limit."""
    bench = make("discord://123456789012345678/a-token_of-a-webhook")

    with pytest.raises(GiveUp, match=r"2,001 characters; Discord takes 2,000"):
        bench.plan(SendNotification, text="x" * 2001)


@pytest.mark.parametrize("text", ["", " \n"])
def test_empty(bench: Workbench, text: str) -> None:
    """An empty text is refused in the plan."""
    with pytest.raises(GiveUp, match="nothing to send"):
        bench.plan(SendNotification, text=text)


@pytest.mark.parametrize("url", ["", "nonsense", f"nosuch://{TOKEN}", f"slack://{TOKEN}"])
def test_unknown_url(make: Make, url: str, loud: list[str]) -> None:
    """What Apprise does not know is refused, and shown nowhere."""
    with pytest.raises(GiveUp) as refusal:
        make(url)

    assert TOKEN not in str(refusal.value)
    assert TOKEN not in " ".join(loud)


@pytest.mark.parametrize("status", [200, 401, 500])
def test_url_is_shown_nowhere(bench: Workbench, listener: Listener, loud: list[str], status: int) -> None:
    """The URL appears in no log, outcome, plan or representation."""
    listener.answer(status, {})
    effect = bench.plan(SendNotification, text="x")
    outcome = bench.perform(SendNotification, effect)

    told = f"{loud} {outcome} {effect} {bench.connector.options!r} {bench.connector.check()}"
    assert f"/{TOKEN}" == listener.heard[0].path
    assert TOKEN not in told
