from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon_networks.mail.bounces import bounces
from antiphon_networks.mail.reading import read

SAMPLE = b"""From: =?utf-8?q?Ana_=E2=98=95?= <ana@example.org>
To: "Torr\xc3\xa9a, caf\xc3\xa9" <hello@torrea.example>, ben@example.org
Subject: =?iso-8859-1?Q?Caf=E9?= =?utf-8?b?IOKYlQ==?=
References: <m1@example.org> junk <m2@example.org>
In-Reply-To: <m2@example.org>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="x"

--x
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

=C9t=E9
--x
Content-Type: text/html

<p>Winter</p>
--x--
"""


def test_sample() -> None:
    """Names, subjects and texts are read by the character sets that they name; of two versions, the plain one."""
    letter = read(SAMPLE)

    assert (letter.sender.address, letter.sender.name) == ("ana@example.org", "Ana ☕")
    assert [box.address for box in letter.to] == ["hello@torrea.example", "ben@example.org"]
    assert (letter.subject, letter.text) == ("Café ☕", "Été")
    assert (letter.references, letter.thread) == (("<m1@example.org>", "<m2@example.org>"), "<m1@example.org>")


def test_only_html() -> None:
    """A message that is HTML only is read as text."""
    letter = read(b"Content-Type: text/html; charset=utf-8\n\n<p>Bonjour&nbsp;<b>Ana</b><br>\xc3\x80 demain</p>")

    assert letter.text == "Bonjour Ana\nÀ demain"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Content-Type: text/plain; charset=klingon\n\n\xc3\xa9t\xc3\xa9", "été"),
        (b"Content-Type: text/plain; charset=utf-8\n\n\xe9t\xe9", "été"),
        (b"Content-Type: text/plain; charset=us-ascii\n\n\xc3\xa9t\xc3\xa9", "été"),
        (b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nw6l0w6k", "été"),
        (b"\xff\xfe\x00", "ÿþ"),
    ],
)
def test_wrong_charset(raw: bytes, text: str) -> None:
    """A text that is not encoded as it says is read by a character set that fits."""
    assert read(raw if b"\n\n" in raw else b"\n" + raw).text == text


@pytest.mark.parametrize(
    ("sender", "address", "name"),
    [
        ("\u202eana\u202c <ana@example.org>", "ana@example.org", "ana"),
        ("A\u200bn\u200ba <ana@example.org>", "ana@example.org", "Ana"),
        ("Ana <a\u200bna@exam\u202eple.org>", "ana@example.org", "Ana"),
        ("paypal@example.com <eve@example.net>", "eve@example.net", "paypal@example.com"),
        ("=?utf-8?q?Ana=0D=0ABcc=3A_eve?= <ana@example.org>", "ana@example.org", "Ana Bcc: eve"),
        ("x" * 5000 + " <ana@example.org>", "ana@example.org", "x" * 199 + "…"),
    ],
)
def test_sender_in_disguise(sender: str, address: str, name: str) -> None:
    """Marks that cannot be seen, that turn the direction of writing or that break lines are left out of who wrote."""
    letter = read(f"From: {sender}\n\nBonjour".encode())

    assert (letter.sender.address, letter.sender.name) == (address, name)


def test_nobody() -> None:
    """A message that names nobody is read all the same."""
    assert read(b"From: nobody at all\n\nBonjour").sender.address == ""


def test_deep() -> None:
    """A message whose parts are nested without end is read as far as that goes."""
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=x%d\n\n--x%d\n" % (n, n) for n in range(3000))

    assert read(b"Subject: deep\n" + nested).subject == "deep"


def test_many_parts() -> None:
    """A message of ten thousand parts is read as far as is reasonable."""
    raw = b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\na\n" * 10_000

    assert len(read(raw).text) < 5_000


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=600),
        st.builds(
            lambda at, junk, length: SAMPLE[:at] + junk + SAMPLE[at + length :],
            st.integers(0, len(SAMPLE)),
            st.binary(max_size=40),
            st.integers(0, 200),
        ),
    )
)
def test_any_bytes(raw: bytes) -> None:
    """Whatever arrives is read, gives an id, and can be written as JSON and into a database."""
    letter = read(raw)

    assert len(letter.digest) == 32
    assert "\0" not in letter.text + letter.subject + letter.sender.address + letter.sender.name
    (letter.text + letter.subject + letter.whole + letter.message_id + letter.thread).encode("utf-8")
    bounces(letter)


def test_bounce_without_original() -> None:
    """A notification that does not bring the message along tells whom it is about, and of no message."""
    message = EmailMessage()
    message["From"] = "MAILER-DAEMON@mx.example"
    raw = (
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n"
        b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        b"Original-Recipient: rfc822;Ana@Example.org\nFinal-Recipient: rfc822;x@y.example\nAction: FAILED\n"
        b"Status: 5.7.1 (blocked)\n\n"
        b"Final-Recipient: rfc822; ben@example.org\nAction: failed\n--x--\n"
    )

    found = bounces(read(raw))

    assert [(one.address, one.permanent, one.status, one.message_id) for one in found] == [
        ("ana@example.org", True, "5.7.1", ""),
        ("ben@example.org", True, "", ""),
    ]
