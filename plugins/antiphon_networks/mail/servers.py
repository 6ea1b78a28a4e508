"""The servers of an account, and what their troubles mean."""

from __future__ import annotations

import re
import socket
import ssl
from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address

from antiphon import GiveUp, Http, RetryLater
from antiphon_networks.mail.addresses import one_line

PATIENCE = timedelta(minutes=1)

_WRITTEN = re.compile(r"(?:(smtps?|imaps?)://)?([\w.-]+|\[[0-9a-fA-F:.]+\])(?::(\d{1,5}))?/?")
_PORTS = {"smtp": 587, "smtps": 465, "imap": 143, "imaps": 993}
"""RFC 8314, section 7.3 and RFC 6409, section 3.1 (read on 2026-11-24)."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens; with `wrapped` TLS comes before the first word, else by STARTTLS."""

    host: str
    port: int
    wrapped: bool

    @classmethod
    def read(cls, text: str, protocol: str) -> Server:
        """What a person may write, such as `smtp.example.org`, `smtp.example.org:465` or `imap://example.org`. Raises
        ValueError. Without a scheme, the port says how TLS comes about; without a port either, mail is submitted by
        STARTTLS and read with TLS from the first word."""
        found = _WRITTEN.fullmatch(text.strip())
        scheme, host, port = found.groups() if found else (None, "", None)
        if not host or (scheme or protocol).rstrip("s") != protocol or int(port or 1) not in range(1, 65536):
            raise ValueError(f"{text!r} is not the address of a server; write it like {protocol}.example.org")
        if scheme is None:
            secure = protocol == "imap" if port is None else int(port) == _PORTS[f"{protocol}s"]
            scheme = f"{protocol}s" if secure else protocol
        return cls(host.strip("[]").lower(), int(port or _PORTS[scheme]), scheme.endswith("s"))

    @property
    def is_here(self) -> bool:
        """Whether it is this machine, to which a password may go in the clear."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False

    def open(self, http: Http, protocol: str) -> socket.socket:
        """A connection, with TLS where it comes first. Raises GiveUp or OSError."""
        plain = http.connect(self.host, self.port)
        if not self.wrapped:
            return plain
        try:
            return http.tls(protocol).wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def trouble(host: str, error: Exception) -> GiveUp | RetryLater:
    """What it means that a server cannot be reached or broke off."""
    if isinstance(error, GiveUp | RetryLater):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        return GiveUp(
            f"The certificate of {host} is not to be trusted: {one_line(error.verify_message)}.",
            hint="Check the name of the server, or tell its owner. An authority of your own can be named by the "
            "environment variable SSL_CERT_FILE.",
        )
    if isinstance(error, ssl.SSLError):
        told = one_line(error.reason or str(error))
        hint = "Check the port: 465 and 993 speak TLS from the first word, 587 and 143 begin in the clear."
        return GiveUp(f"{host} does not speak TLS as expected: {told}.", hint=hint)
    if isinstance(error, TimeoutError):
        return RetryLater(f"{host} did not answer in time.", after=PATIENCE)
    if isinstance(error, OSError):
        told = one_line(error.strerror or str(error)).rstrip(".")
        return RetryLater(f"No connection to {host}: {told}.", after=PATIENCE)
    return RetryLater(f"{host} broke the connection off.", after=PATIENCE)


def words(told: bytes | str, password: str) -> str:
    """What a server says, on one line, without the password that it may say back to us."""
    text = told.decode("utf-8", "replace") if isinstance(told, bytes) else told
    for proof in (password, b64encode(password.encode()).decode()) if password else ():
        text = text.replace(proof, "[concealed]")
    return one_line(text, 300) or "no reason given"


def insecure(host: str) -> GiveUp:
    """A server that offers no TLS."""
    return GiveUp(
        f"{host} offers no TLS, so the password and every message would travel in the clear; nothing was sent.",
        hint="Use the port with TLS (465 to send, 993 to read), or tell the server's owner.",
    )
