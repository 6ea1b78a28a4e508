from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from antiphon import GiveUp
from antiphon_networks.mail.addresses import Mailbox, mailboxes, same_reader

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("ANTIPHON_SHARED", ROOT.parent / "shared")) / "counterparts" / "conformance"


def samples() -> Iterator[tuple[str, str, str]]:
    """Each address of the collection, with its category and its diagnosis there."""
    path = SHARED / "isemail_tests.xml"
    if not path.exists():
        pytest.skip("the addresses of isemail are not here: set ANTIPHON_SHARED")
    for one in ElementTree.parse(path).getroot().iter("test"):
        address = "".join(
            chr(ord(sign) - 0x2400) if 0x2400 <= ord(sign) < 0x2420 else sign for sign in one.findtext("address") or ""
        )
        yield address, one.findtext("category") or "", one.findtext("diagnosis") or ""


def is_taken(address: str) -> bool:
    try:
        return Mailbox.read(address).address != ""
    except ValueError:
        return False


def test_errors_of_isemail() -> None:
    """No address is taken that the collection calls wrong; nor one with comments, spaces or what is out of
    use. Spaces around it are left out."""
    never = {"ISEMAIL_ERR", "ISEMAIL_CFWS", "ISEMAIL_DEPREC"}
    taken = [
        (address, diagnosis)
        for address, category, diagnosis in samples()
        if category in never and address == address.strip() and is_taken(address)
    ]

    assert taken == []


def test_valid_of_isemail() -> None:
    """Every address is taken that the collection calls valid, but for names in quotes, addresses in brackets and
    names of machines that no domain has."""
    refused = [
        address
        for address, category, _ in samples()
        if category in {"ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN"}
        and not is_taken(address)
        and '"' not in address
        and "[" not in address
    ]

    assert refused == []


@pytest.mark.parametrize(
    ("text", "address", "name", "ascii"),
    [
        ("ana@example.org", "ana@example.org", "", "ana@example.org"),
        (" Ana@EXAMPLE.org ", "Ana@example.org", "", "Ana@example.org"),
        ("Ana Núñez <ana@example.org>", "ana@example.org", "Ana Núñez", "ana@example.org"),
        ('"Núñez, Ana" <ana@example.org>', "ana@example.org", "Núñez, Ana", "ana@example.org"),
        ("ana+news@bücher.example", "ana+news@bücher.example", "", "ana+news@xn--bcher-kva.example"),
        ("анна@почта.example", "анна@почта.example", "", ""),
    ],
)
def test_read(text: str, address: str, name: str, ascii: str) -> None:
    """An address has one spelling, and one for servers that know ASCII only, where there is such a one."""
    found = Mailbox.read(text)

    assert (found.address, found.name, found.ascii) == (address, name, ascii)
    assert Mailbox.read(str(found)) == found


def test_each_once() -> None:
    """An address that is written twice is one."""
    assert len(mailboxes(["ana@example.org", "Ana <ANA@example.org>"], "to")) == 1


def test_long_text_in_an_error() -> None:
    """What is refused is shown, but not at any length."""
    with pytest.raises(GiveUp) as caught:
        mailboxes("x" * 10_000, "to")

    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("ana@example.org", ("email:ana@example.org",)),
        ("email:ana@example.org", ("ana@example.org",)),
        ("Ana@Example.org", ("email:ana@example.org",)),
        ("mastodon:42", ()),
        ("@ana@social.example", ()),
        ("", ()),
    ],
)
def test_same_reader(name: str, others: tuple[str, ...]) -> None:
    """An address and the id that is made of it are one person's."""
    assert others == same_reader(name)
