"""Identity: who is acting, for the audit."""

from __future__ import annotations

import getpass
import os
import socket


def user() -> str:
    """The name of the person at this machine, by the operating system's word and not by a variable's."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):  # not a Unix, or a container's user that has no name
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else getpass.getuser()


def person() -> str:
    """The person at this machine as `user@host`."""
    return f"{user()}@{socket.gethostname()}"
