"""What goes wrong with a network, from the wrong token to a text that runs backwards: each a sentence, nothing lost."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from antiphon import AccessLost, AuthDead, Done, GiveUp, RetryLater, attempt, outcome_of, trouble_of
from antiphon.builtins import posts
from antiphon.components.clock import SystemClock
from antiphon.components.http import Http
from antiphon.model.effect import Disconnected, Receipt
from antiphon.runtime.files import WorkspaceFiles
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Fault, FaultKind

if TYPE_CHECKING:
    from tests.antiphon_networks.conftest import Desk

HIDDEN = "שלום\u200f \u202eabc\u202c a\u200bb\u200c\u200d \ufeffمرحبا"


def test_wrong_token(desk: Desk) -> None:
    """A token that never was one is told as such: nothing is composed with it, and whoever holds effects keeps them."""
    effect = desk.plan(posts.PublishPost, text="Bonjour")
    desk.connect("never-a-token")

    assert isinstance(desk.perform(posts.PublishPost, effect), AuthDead)
    with pytest.raises(AccessLost, match=r"does not accept the credentials.*Renew the token"):
        desk.reconcile(posts.PublishPost, effect)


def test_revoked_token(desk: Desk) -> None:
    """A token that is revoked between the plan and the act leaves the effect waiting, and it goes on with a new one."""
    effect = desk.plan(posts.PublishPost, text="Bonjour")
    desk.network.revoke(desk.account.token or "")
    assert isinstance(desk.perform(posts.PublishPost, effect), AuthDead)

    desk.connect(desk.network.account("torrea", token="a-new-token").token or "")

    assert isinstance(desk.perform(posts.PublishPost, effect), Done)


@pytest.mark.parametrize(
    ("kind", "error", "sentence"),
    [
        (FaultKind.TRUNCATED_JSON, RetryLater, "broke off"),
        (FaultKind.HTML_INSTEAD_OF_JSON, GiveUp, "not as Mastodon does: text/html.*Check the `server`"),
        (FaultKind.OK_WITH_ERROR, GiveUp, "not as Mastodon does"),
    ],
)
def test_broken_answer(desk: Desk, kind: FaultKind, error: type[Exception], sentence: str) -> None:
    """An answer that breaks off is asked for again; one of another kind is for a person, with what came instead."""
    desk.network.post("ana", "@torrea bonjour")
    place = posts.Mentions().fetch(posts.Mentions.Options(), desk.connector.reader(), None).cursor
    desk.network.post("ana", "@torrea encore")
    desk.network.faults.add(Fault("GET /api/v1/notifications", kind))

    with pytest.raises(error, match=sentence):
        posts.Mentions().fetch(posts.Mentions.Options(), desk.connector.reader(), place)

    [event] = posts.Mentions().fetch(posts.Mentions.Options(), desk.connector.reader(), place).events
    assert "@torrea encore" == event.data["text"]


def test_large_image(desk: Desk, tmp_path: Path) -> None:
    """An image of 20 MB is refused in the plan, with both numbers, before anything is sent."""
    (tmp_path / "avatar.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20 * 1024 * 1024))
    desk.files = WorkspaceFiles(tmp_path)

    with pytest.raises(GiveUp, match=r"avatar\.png: it has 20,971,528 bytes, and 16,777,216 are the most"):
        desk.plan(posts.PublishPost, text="Bonjour", media=[{"file": "avatar.png"}])


def test_hidden_signs(desk: Desk) -> None:
    """A text from right to left, with signs that nobody sees, is counted, sent as it is, and found again."""
    effect = desk.plan(posts.PublishPost, text=HIDDEN)

    outcome = desk.perform(posts.PublishPost, effect)

    assert isinstance(outcome, Done)
    assert [HIDDEN] == desk.published()
    found = desk.reconcile(posts.PublishPost, effect)
    assert isinstance(found, Done)
    assert outcome.receipt.remote_id == found.receipt.remote_id


def test_expired_certificate(tmp_path: Path, clock: VirtualClock) -> None:
    """A server whose certificate has ended is not trusted: nothing was sent, and the sentence says what to do."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(expired(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_greet, args=(listener, context), daemon=True).start()
        client = Http(frozenset({"127.0.0.1"}), timeout=5).client(f"https://127.0.0.1:{listener.getsockname()[1]}")

        answer = attempt(lambda: client.post("/api/v1/statuses"))

    trouble = trouble_of(answer, clock)
    assert isinstance(trouble, GiveUp)
    assert "Its certificate must be valid" in trouble.hint
    assert isinstance(outcome_of(answer, lambda _: Receipt(at=clock.now()), clock), Disconnected)


def expired(folder: Path) -> Path:
    """A file with a key and a certificate that ended a day ago."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = SystemClock().now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now - timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "expired.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


def _greet(listener: socket.socket, context: ssl.SSLContext) -> None:
    client, _ = listener.accept()
    try:
        context.wrap_socket(client, server_side=True)
    except OSError:
        client.close()
