"""`antiphon alerts`: whether anybody would hear, and what they heard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from antiphon.app import Antiphon
from antiphon.cli.exits import Exit
from antiphon.components.clock import SystemClock
from antiphon.testing.clock import VirtualClock

NOWHERE = '\n[alerts]\nto = ["json://ana:canary@127.0.0.1:9/"]\n'


def tell(antiphon: Any) -> None:
    """Make the workspace tell an address at which nobody is."""
    settings = (antiphon.folder / "antiphon.toml").read_text(encoding="utf-8")
    antiphon.write("antiphon.toml", settings + NOWHERE)


def test_nobody(antiphon: Any) -> None:
    """Without an address there is nobody to try, and nothing was told."""
    assert Exit.OPERATOR == antiphon("alerts", "test").code
    assert [] == antiphon("alerts", "list", "--json").document


def test_try_out(antiphon: Any) -> None:
    """A trial says of each address whether it took the message, without showing the address."""
    tell(antiphon)
    answer = antiphon("alerts", "test", "--json")

    assert Exit.OPERATOR == answer.code
    assert [False] == [one["taken"] for one in answer.document]
    assert "canary" not in answer.out + answer.err


def test_failed_run(antiphon: Any, acting: Callable[[str], Any]) -> None:
    """A run that fails is told, with the way to its page."""
    tell(antiphon)
    [run] = acting("rejected").document["runs"]
    clock = VirtualClock(SystemClock().now() + timedelta(minutes=6))
    app = Antiphon.open(antiphon.folder, clock=clock)
    app.alerts.deliver()
    app.close()
    [message] = antiphon("alerts", "list", "--json").document

    assert ("failed", "waiting", 1) == (message["kind"], message["state"], message["tries"])
    assert message["body"].startswith("• ending: act: Act: rejected: the network said no")
    assert message["body"].endswith(f"http://127.0.0.1:8770/runs/{run['id']}")
