"""`python -m antiphon.testing.sandbox`: serves a sandbox until Ctrl-C, to try a workflow without touching the world."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from threading import Event

from antiphon.testing.sandbox import Sandbox
from antiphon.testing.sandbox.dialects import DIALECTS


def main() -> int:
    """Serve, after printing the address, a token for each account, and for each network that is spoken here how to
    connect the first account; 3 if the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m antiphon.testing.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="where to listen on 127.0.0.1 (default: any free port)")
    parser.add_argument("--account", action="append", metavar="NAME", help="an account to make; may be repeated")
    given = parser.parse_args()
    network = Sandbox(port=given.port)
    try:
        network.start()
    except OSError as error:
        sys.stderr.write(f"Port {given.port} cannot be used ({error.strerror}): choose another one with --port.\n")
        return 3
    with_tokens = [network.account(name) for name in given.account or ["brand"]]
    sys.stdout.write(f"url {network.url}\n")
    for account in with_tokens:
        sys.stdout.write(f"account {account.handle} token {account.token}\n")
    for dialect in DIALECTS:
        options = dialect.connection(network.url, with_tokens[0])
        written = "".join(f"{name} = {json.dumps(value)}\n" for name, value in options.items())
        sys.stdout.write(f"\n[connections.{dialect.name}]\n{written}")
    sys.stdout.flush()
    stop = Event()
    # Said outright: a process that was started in the background of a shell would not hear Ctrl-C otherwise.
    for which in (signal.SIGINT, signal.SIGTERM):
        signal.signal(which, lambda *_: stop.set())
    stop.wait()
    network.stop()
    sys.stderr.write("\nStopped; the network and all that was posted on it is gone.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
