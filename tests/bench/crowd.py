"""A network in a process of its own, on which many accounts are mentioned: `python -m tests.bench.crowd 100 40`."""

from __future__ import annotations

import json
import sys

from antiphon.testing.sandbox import UNLIMITED, Sandbox


def main(accounts: int, mentions: int) -> None:
    """Serve until standard input ends, after printing the address and a token for each account."""
    with Sandbox(limits=UNLIMITED) as network:
        tokens = [network.account(f"brand{number}").token for number in range(accounts)]
        for number in range(accounts):
            for index in range(mentions):
                network.post(f"person{index}@far.example", f"@brand{number} good morning, number {index}")
        sys.stdout.write(json.dumps({"url": network.url, "tokens": tokens}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
