from __future__ import annotations

from json import JSONDecodeError
from threading import Event
from time import monotonic

import httpx
import pytest

from antiphon.testing.sandbox import Account, Fault, FaultKind, Sandbox

CREATE = "POST /api/v1/statuses"


def post(client: httpx.Client, text: str = "x", timeout: float = 5.0) -> httpx.Response:
    return client.post("/api/v1/statuses", data={"status": text}, timeout=timeout)


def made(network: Sandbox) -> int:
    return len(network.statuses(by="torrea"))


def test_after(network: Sandbox) -> None:
    """A fault lets pass as many as it is told to, and then happens."""
    fault = Fault("GET /api/v2/instance", FaultKind.SERVER_ERROR, after=2)
    network.faults.add(fault)

    answers = [httpx.get(f"{network.url}/api/v2/instance").status_code for _ in range(4)]

    assert [200, 200, 503, 200] == answers


def test_accept_then_timeout(client: httpx.Client, network: Sandbox) -> None:
    """It is done, and the client waits until its own patience ends."""
    network.faults.add(Fault(CREATE, FaultKind.ACCEPT_THEN_TIMEOUT))
    with pytest.raises(httpx.ReadTimeout):
        post(client, timeout=0.2)
    assert (made(network), network.requests[-1].status) == (1, None)


def test_timeout_is_bounded(client: httpx.Client, network: Sandbox) -> None:
    """A client that waits longer than the fault's seconds loses the connection."""
    network.faults.add(Fault(CREATE, FaultKind.ACCEPT_THEN_TIMEOUT, seconds=0.2))
    began = monotonic()
    with pytest.raises(httpx.NetworkError):
        post(client)
    assert 0.2 <= monotonic() - began < 2
    assert made(network) == 1


def test_client_gives_up(capfd: pytest.CaptureFixture[str]) -> None:
    """A client that hangs up while a fault waits leaves no error behind."""
    with Sandbox() as network:
        network.faults.add(Fault("GET /api", FaultKind.ACCEPT_THEN_TIMEOUT, seconds=0.2))
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{network.url}/api/v2/instance", timeout=0.05, trust_env=False)
        Event().wait(0.4)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("kind", "count"), [(FaultKind.ACCEPT_THEN_RESET, 1), (FaultKind.RESET, 0)])
def test_resets(client: httpx.Client, network: Sandbox, kind: FaultKind, count: int) -> None:
    """A reset looks the same to the client whether the request was done or not."""
    network.faults.add(Fault(CREATE, kind))
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        post(client)
    assert (made(network), network.requests[-1].fault, network.requests[-1].status) == (count, kind, None)
    assert post(client).status_code == 200


@pytest.mark.parametrize(
    ("fault", "status", "count"),
    [
        (Fault(CREATE, FaultKind.CREATED_BUT_400), 400, 1),
        (Fault(CREATE, FaultKind.OK_WITH_ERROR), 200, 0),
        (Fault(CREATE, FaultKind.RATE_LIMITED), 429, 0),
        (Fault(CREATE, FaultKind.SERVER_ERROR, status=500), 500, 0),
        (Fault(CREATE, FaultKind.SERVER_ERROR, status=502), 502, 0),
        (Fault(CREATE, FaultKind.SERVER_ERROR), 503, 0),
        (Fault(CREATE, FaultKind.TOKEN_REVOKED), 401, 0),
        (Fault(CREATE, FaultKind.ECHO, status=422), 422, 0),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Fault) else str(value),
)
def test_wrong_answers(client: httpx.Client, network: Sandbox, fault: Fault, status: int, count: int) -> None:
    """Each wrong answer is an error in JSON, and the status exists or not as the kind says."""
    fault.happened = 0
    network.faults.add(fault)
    answer = post(client)
    assert "error" in answer.json()
    assert (answer.status_code, made(network)) == (status, count)
    assert (network.requests[-1].status, network.requests[-1].fault) == (status, fault.kind)


def test_html(client: httpx.Client, network: Sandbox) -> None:
    """A page of HTML comes where JSON is expected, and nothing is done."""
    network.faults.add(Fault(CREATE, FaultKind.HTML_INSTEAD_OF_JSON))
    answer = post(client)
    assert (answer.status_code, answer.headers["content-type"][:9], made(network)) == (200, "text/html", 0)


def test_truncated(client: httpx.Client, network: Sandbox) -> None:
    """The JSON breaks off although the answer is complete as HTTP, and it is done."""
    network.faults.add(Fault(CREATE, FaultKind.TRUNCATED_JSON))
    answer = post(client)
    with pytest.raises(JSONDecodeError):
        answer.json()
    assert (answer.status_code, answer.headers["content-type"], made(network)) == (200, "application/json", 1)


def test_slow(client: httpx.Client, network: Sandbox) -> None:
    """A slow answer is the right one."""
    network.faults.add(Fault(CREATE, FaultKind.SLOW, seconds=0.2))
    began = monotonic()
    answer = post(client)
    assert 0.2 <= monotonic() - began < 2
    assert (answer.status_code, made(network)) == (200, 1)


@pytest.mark.parametrize(("retry_after", "header"), [(None, None), (7, "7")])
def test_retry_after(client: httpx.Client, network: Sandbox, retry_after: int | None, header: str | None) -> None:
    """A rate limit says when to come back only if the fault does."""
    network.faults.add(Fault(CREATE, FaultKind.RATE_LIMITED, retry_after=retry_after))
    assert post(client).headers.get("retry-after") == header


def test_revoked_for_good(client: httpx.Client, network: Sandbox, brand: Account) -> None:
    """A token that a fault revokes does not come back."""
    network.faults.add(Fault(CREATE, FaultKind.TOKEN_REVOKED))
    assert [post(client).status_code for _ in range(2)] == [401, 401]


def test_times(client: httpx.Client, network: Sandbox) -> None:
    """A fault happens as often as it says, then the next one's turn comes, then all is well."""
    storm = Fault(CREATE, FaultKind.SERVER_ERROR, times=2)
    network.faults.add(storm, Fault(CREATE, FaultKind.RATE_LIMITED))
    assert [post(client).status_code for _ in range(4)] == [503, 503, 429, 200]
    assert storm.happened == 2


def test_for_ever(client: httpx.Client, network: Sandbox) -> None:
    """A fault without a number of times happens until it is cleared."""
    network.faults.add(Fault(CREATE, FaultKind.SERVER_ERROR, times=None))
    assert [post(client).status_code for _ in range(5)] == [503] * 5
    network.faults.clear()
    assert post(client).status_code == 200


def test_only_what_is_named(client: httpx.Client, network: Sandbox) -> None:
    """A fault concerns its method and the paths that begin as it says."""
    network.faults.add(Fault("GET /api/v1/accounts", FaultKind.SERVER_ERROR, times=None))
    assert post(client).status_code == 200
    assert client.get("/api/v1/notifications").status_code == 200
    assert client.get("/api/v1/accounts/verify_credentials").status_code == 503


@pytest.mark.parametrize("on", ["/api/v1/statuses", "POST", "post /api", ""])
def test_misnamed(on: str) -> None:
    """A fault that could never happen is refused where it is written."""
    with pytest.raises(ValueError, match="method and a path"):
        Fault(on, FaultKind.RESET)


def test_probability() -> None:
    """Luck is repeated by the seed, and near its probability."""

    def luck(seed: int) -> list[int]:
        with Sandbox(seed=seed) as network:
            network.faults.add(Fault("GET /api", FaultKind.SERVER_ERROR, times=None, probability=0.3))
            with httpx.Client(base_url=network.url, trust_env=False) as client:
                return [client.get("/api/v2/instance").status_code for _ in range(100)]

    first, again, other = luck(1), luck(1), luck(2)
    assert first == again != other
    assert 15 < first.count(503) < 45


def test_feeds_fail_too(visitor: httpx.Client, network: Sandbox) -> None:
    """Faults reach everything that the server serves."""
    network.feed("news")
    network.faults.add(Fault("GET /feeds/", FaultKind.HTML_INSTEAD_OF_JSON))
    assert visitor.get("/feeds/news.rss").headers["content-type"].startswith("text/html")
