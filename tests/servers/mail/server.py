"""Dovecot: a real IMAP server with accounts that come into being when somebody logs in, all with one password."""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from tests.servers.process import free_port, running

PASSWORD = "correct-horse"


@dataclass(frozen=True, slots=True)
class Dovecot:
    """Where it listens on 127.0.0.1: `port` in the clear and with STARTTLS, `tls_port` with TLS from the first word."""

    port: int
    tls_port: int
    folder: Path
    password: str = PASSWORD

    @contextmanager
    def opened(self, account: str, mailbox: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """A mailbox as its owner's own program sees it."""
        imap = imaplib.IMAP4("127.0.0.1", self.port)
        imap.login(account, self.password)
        imap.select(mailbox)
        try:
            yield imap
        finally:
            imap.logout()

    def deliver(self, account: str, message: bytes, at: datetime, mailbox: str = "INBOX") -> None:
        """Lay a message into a mailbox, as the mail system would."""
        with self.opened(account) as imap:
            moment = imaplib.Time2Internaldate(at)
            told, _ = imap.append(mailbox, "", moment, message)
            assert told == "OK"

    def held(self, account: str, mailbox: str = "INBOX") -> list[tuple[str, bytes]]:
        """The flags and the text of each message of a mailbox."""
        with self.opened(account, mailbox) as imap:
            _, (numbers,) = imap.search(None, "ALL")
            found = []
            for number in numbers.split():
                _, answer = imap.fetch(number, "(FLAGS BODY.PEEK[])")
                head, raw = next(part for part in answer if isinstance(part, tuple))
                found.append((head.decode(), raw))
            return found

    def renumber(self, account: str) -> None:
        """Give every message a new number, as after a restored backup: the mailbox gets another UIDVALIDITY."""
        (box,) = self.folder.glob(f"mail/{account}/Maildir/dovecot-uidlist")
        box.unlink()
        for index in box.parent.glob("dovecot.index*"):
            index.unlink()


@contextmanager
def started(certificate: Path, key: Path, password: str = PASSWORD, port: int = 0) -> Iterator[Dovecot]:
    """Dovecot on a free port or on this one, with this certificate; skips the test when it is not installed."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("Dovecot is not installed: `make servers` does that (Debian's dovecot-imapd)")
    folder = Path(tempfile.mkdtemp(prefix="antiphon-dovecot-"))
    # It never lets root own mail; without root, it can be nobody but ourselves.
    owner = pwd.getpwuid(os.getuid()).pw_name if os.getuid() else "nobody"
    group = grp.getgrgid(pwd.getpwnam(owner).pw_gid).gr_name
    (folder / "mail").mkdir()
    shutil.chown(folder / "mail", owner, group)
    folder.chmod(0o755)
    port, tls_port = port or free_port(), free_port()
    config = folder / "dovecot.conf"
    config.write_text(
        _CONFIG.format(**locals()) + ("" if os.getuid() == 0 else _AS_OURSELVES.format(owner=owner, group=group))
    )
    try:
        with running([program, "-F", "-c", config], folder / "log", lambda: _greets(port)):
            yield Dovecot(port, tls_port, folder, password)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _greets(port: int) -> bool:
    """Whether it says hello: it listens before it is ready, and takes long to end when it is told so in between."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as probe:
            return probe.recv(4) == b"* OK"
    except OSError:
        return False


_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_failure_delay = 0
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
mail_location = maildir:{folder}/mail/%u/Maildir
mail_uid = {owner}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
"""
_AS_OURSELVES = """
default_internal_user = {owner}
default_internal_group = {group}
default_login_user = {owner}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
"""
