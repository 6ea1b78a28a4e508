"""Who a message is from and to.

What an address may be is up to the library email-validator (RFC 5321, 5322 and 6531, internationalised domains), which
asks nobody for it. Quoted names before the @, addresses in brackets and comments are not taken: hardly any server does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import getaddresses

from email_validator import EmailNotValidError, validate_email

from antiphon import GiveUp, Person, email_of
from antiphon_networks.mail.words import readable

_LONGEST_NAME = 200
_SINGLE = re.compile(r"""\s*("[^"]*"|[^",<>]*)<([^<>]+)>\s*""")
"""One address with a name, which some programs write without quotes though another address is in it."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address in its usual spelling, with the name of who reads it. `ascii` is the address as servers that know
    ASCII only take it, empty when there is no such spelling; `domain` is what stands behind the @, in ASCII."""

    address: str
    name: str = ""
    ascii: str = ""
    domain: str = ""

    @classmethod
    def read(cls, text: str) -> Mailbox:
        """`ana@example.org` or `Ana <ana@example.org>`. Raises ValueError with what is wrong."""
        if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text):
            raise ValueError(
                f"{one_line(text)!r} is no address: it has a line break or another control character in it"
            )
        name, opened, address = text.strip().rpartition("<")
        bare = address.removesuffix(">") if opened and address.endswith(">") else text.strip()
        try:
            found = validate_email(bare, check_deliverability=False, globally_deliverable=False)
        except EmailNotValidError as error:
            raise ValueError(f"{one_line(text)!r} is no address: {str(error).rstrip('.')}") from None
        called = one_line(name.strip().strip('"'))
        return cls(found.normalized, called, found.ascii_email or "", found.ascii_domain)

    def header(self) -> Address:
        """As it is written into a header."""
        local = (self.ascii or self.address).rpartition("@")[0]
        return Address(self.name, local, self.domain)

    def person(self) -> Person:
        """Whom we meet at it."""
        return Person(id=f"email:{self.address.lower()}", network="email", handle=self.address, name=self.name)

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


def mailboxes(written: str | Iterable[str], what: str) -> tuple[Mailbox, ...]:
    """Addresses that an author wrote, each once. Raises GiveUp for the first that is none; `what` names the option."""
    found: dict[str, Mailbox] = {}
    for text in [written] if isinstance(written, str) else written:
        try:
            one = Mailbox.read(text)
        except ValueError as error:
            raise GiveUp(f"{error}.", hint=f"Look at `{what}`; nothing was sent.") from None
        found.setdefault(one.address.lower(), one)
    return tuple(found.values())


def heard(header: str) -> tuple[Mailbox, ...]:
    """The addresses in a header as it stands there, as far as they are some; never raises.

    One that is not valid is kept as it stands, cleaned of what cannot be seen, since somebody did write from there.
    """
    found = []
    single = _SINGLE.fullmatch(header)
    for name, address in [single.groups()] if single else getaddresses([header]):
        if "@" not in address:
            continue
        shown = one_line(readable(name.strip().strip('"')))
        try:
            valid = Mailbox.read(address)
            found.append(Mailbox(valid.address, shown, valid.ascii, valid.domain))
        except ValueError:
            found.append(Mailbox(one_line(address), shown))
    return tuple(found)


def one_line(text: str, longest: int = _LONGEST_NAME) -> str:
    """A text as one line that looks like what it is: without control characters, without marks that turn the direction
    of writing or cannot be seen (Unicode's category Cf), cut where it gets too long."""
    spaced = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in text)
    seen = "".join(one for one in spaced if unicodedata.category(one) not in ("Cf", "Cs"))
    line = " ".join(seen.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def same_reader(name: str) -> tuple[str, ...]:
    """The other name of whoever is met at an address: the id of an address, the address of an id; of others none."""
    address = email_of(name.removeprefix("email:"))
    if not address:
        return ()
    return (address,) if name.startswith("email:") else (f"email:{address}",)
