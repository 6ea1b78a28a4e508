"""Alerts: told once, many in one message, and never at the cost of a run."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from antiphon.components.http import Http
from antiphon.components.ports import Store
from antiphon.model.alert import Message, MessageState
from antiphon.runtime.alerts import LISTED, Alerts
from antiphon.runtime.apprising import notify
from antiphon.settings import AlertSettings
from antiphon.testing.clock import VirtualClock

GROUP = timedelta(minutes=5)


@dataclass
class Service:
    """A messenger: what it took, and how it answers."""

    address: str = ""
    status: int = 200
    taken: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def service() -> Iterator[Service]:
    """A messenger on a loopback port that takes JSON."""
    found = Service()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if found.status == 200:
                found.taken.append(body)
            self.send_response(found.status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found.address = f"json://ana:canary@127.0.0.1:{server.server_port}/alerts"
    yield found
    server.shutdown()
    server.server_close()


def made(store: Store, clock: VirtualClock, *to: str, language: str = "en", **keys: Any) -> Alerts:
    settings = AlertSettings(to=tuple(map(SecretStr, to)), **keys)
    told = partial(notify, http=Http(frozenset({"127.0.0.1"})), clock=clock)
    return Alerts(store.alerts, clock, settings, "Torréa", language, lambda text: text.replace("canary", "***"), told)


@pytest.fixture
def alerts(store: Store, clock: VirtualClock, service: Service) -> Alerts:
    return made(store, clock, service.address)


def test_one_message(alerts: Alerts, service: Service, clock: VirtualClock) -> None:
    """A thousand failures that come together are one message, which lists the first and counts the others."""
    for n in range(1000):
        alerts.raise_("failed", f"run{n}", f"w: it said no to {n}", f"http://127.0.0.1:8770/runs/run{n}")
    assert 0 == alerts.deliver()
    clock.advance(GROUP)

    assert [1, 0] == [alerts.deliver(), alerts.deliver()]
    [message] = service.taken
    assert "Torréa: 1000 runs failed" == message["title"]
    assert LISTED == message["message"].count("• w: it said no to ")
    assert "http://127.0.0.1:8770/runs/run0" in message["message"]
    assert message["message"].endswith("and 990 more")


@pytest.mark.parametrize(("language", "title"), [("en", "a run failed"), ("fr", "une exécution a échoué")])
def test_language(store: Store, clock: VirtualClock, service: Service, language: str, title: str) -> None:
    """A message is in the language of the workspace."""
    alerts = made(store, clock, service.address, language=language)
    alerts.raise_("failed", "run1", "w: it said no")
    clock.advance(GROUP)
    alerts.deliver()

    assert [f"Torréa: {title}"] == [message["title"] for message in service.taken]


def test_once(alerts: Alerts, service: Service, clock: VirtualClock) -> None:
    """An alert that is raised again is not told again, whenever that is."""
    for _ in range(3):
        alerts.raise_("failed", "run1", "w: it said no")
        clock.advance(GROUP)
        alerts.deliver()

    assert 1 == len(service.taken)


def test_kinds_apart(alerts: Alerts, service: Service, clock: VirtualClock) -> None:
    """Alerts of two kinds are two messages, and one that nobody asked for is none."""
    some = replace(alerts, settings=AlertSettings(to=alerts.settings.to, on=frozenset({"failed", "parked"})))
    some.raise_("failed", "a", "one")
    some.raise_("parked", "a", "two")
    some.raise_("silent", "a", "three")
    clock.advance(GROUP)

    assert 2 == some.deliver()
    assert ["• one", "• two"] == sorted(message["message"] for message in service.taken)


def test_patience(alerts: Alerts, service: Service, store: Store, clock: VirtualClock) -> None:
    """A service that is down is tried again with more and more patience, and given up after a day."""
    service.status = 503
    alerts.raise_("failed", "run1", "w: it said no")
    clock.advance(GROUP)
    tried = 0
    while store.alerts.list() == [] or store.alerts.list()[0].state is MessageState.WAITING:
        alerts.deliver()
        clock.advance(timedelta(minutes=5))
        tried += 1
        assert tried < 1000
    [message] = store.alerts.list()

    assert (MessageState.FAILED, True) == (message.state, 80 < message.tries < 120)
    assert "503" in message.because


def test_comes_back(alerts: Alerts, service: Service, clock: VirtualClock) -> None:
    """A service that is back gets the message once."""
    service.status = 503
    alerts.raise_("failed", "run1", "w: it said no")
    clock.advance(GROUP)
    alerts.deliver()
    service.status = 200
    assert 0 == alerts.deliver()
    clock.advance(timedelta(minutes=1))

    assert [1, 0] == [alerts.deliver(), alerts.deliver()]
    assert 1 == len(service.taken)


def test_one_of_two_down(store: Store, clock: VirtualClock, service: Service) -> None:
    """A destination that fails does not make another one hear twice."""
    alerts = made(store, clock, service.address, "json://127.0.0.1:9/nowhere")
    alerts.raise_("failed", "run1", "w: it said no")
    for _ in range(5):
        clock.advance(GROUP)
        alerts.deliver()

    assert 1 == len(service.taken)


def test_interrupted(alerts: Alerts, service: Service, store: Store, clock: VirtualClock) -> None:
    """A message whose sender died may have arrived, and is not sent again."""

    def dies(to: str, message: Message) -> str:
        alerts.notify(to, message)
        raise KeyboardInterrupt

    alerts.raise_("failed", "run1", "w: it said no")
    clock.advance(GROUP)
    with pytest.raises(KeyboardInterrupt):
        replace(alerts, notify=dies).deliver()
    clock.advance(timedelta(days=2))

    assert 0 == alerts.deliver()
    assert 1 == len(service.taken)
    assert [MessageState.SENDING] == [message.state for message in store.alerts.list()]


@pytest.mark.parametrize("address", ["nothing://canary", "canary"])
def test_wrong_address(store: Store, clock: VirtualClock, address: str) -> None:
    """An address that Apprise does not know is said to be wrong, and not shown."""
    alerts = made(store, clock, address)
    alerts.raise_("failed", "run1", "w: it said no")
    clock.advance(GROUP)
    alerts.deliver()
    [message] = store.alerts.list()

    assert "Apprise does not know" in message.because
    assert "canary" not in repr(message)


def test_destination_gone(alerts: Alerts, store: Store, clock: VirtualClock, service: Service) -> None:
    """What waits for a destination that is not written any more is given up."""
    service.status = 503
    alerts.raise_("failed", "run1", "w: it said no")
    clock.advance(GROUP)
    alerts.deliver()
    clock.advance(GROUP)
    made(store, clock, "json://127.0.0.1:9/other").deliver()

    assert ["nobody is told there any more"] == [message.because for message in store.alerts.list()]


def test_race(alerts: Alerts, service: Service, clock: VirtualClock) -> None:
    """Of many who deliver at the same time, one sends each message."""
    for n in range(50):
        alerts.raise_("failed", f"run{n}", "w: it said no")
        alerts.raise_("parked", f"effect{n}", "w: nobody knows")
    clock.advance(GROUP)
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda _: alerts.deliver(), range(8)))

    assert 2 == sum(sent) == len(service.taken)
