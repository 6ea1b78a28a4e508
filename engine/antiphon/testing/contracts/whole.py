"""The whole of it: a workflow in a workspace of its own, through the engine, while the network misbehaves."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from antiphon.app import Antiphon
from antiphon.hookspecs import hookimpl
from antiphon.model.effect import EffectState
from antiphon.testing.contracts.check import LeftOut, check, expect
from antiphon.testing.contracts.desk import Desk
from antiphon.testing.sandbox.faults import FaultKind

_TROUBLE = (
    *(FaultKind.ACCEPT_THEN_RESET, FaultKind.TRUNCATED_JSON, FaultKind.RESET, FaultKind.SERVER_ERROR),
    *(FaultKind.HTML_INSTEAD_OF_JSON, FaultKind.RATE_LIMITED, FaultKind.CREATED_BUT_400),
)
_MOST_ATTEMPTS = 6
_WORKFLOW = """
antiphon: 1
id: contract
name: Contract
tz: UTC
triggers: [{{id: by_hand, manual: {{inputs: {{text: {{type: text, label: Text}}}}}}}}]
actions: [{{id: say, use: {use}, with: {{connection: bench, text: "${{{{ trigger.inputs.text }}}}"{to}}}}}]
"""


@check()
def once_through_everything(desk: Desk) -> None:
    """An act that is carried out, interrupted and taken up again is on the network once; one that nobody can look up is
    there once at most, and waits for a person."""
    with workspace(desk) as app:
        for number, kind in enumerate(_TROUBLE):
            text = f"{desk.bench.text} (act {number})"
            try:
                desk.bench.fail(kind, **({"retry_after": 5} if kind is FaultKind.RATE_LIMITED else {}))
            except LeftOut:
                continue
            carry_out(app, desk, text, f"act-{number}")
            there = sum(f"(act {number})" in one for one in desk.bench.published())
            entry = app.store.ledger.list(limit=1000)[0]
            parked = entry.state in (EffectState.PARKED, EffectState.REJECTED)
            expect(1 if not parked else min(there, 1), there, f"posts on the network after {kind.value}")


@check()
def a_plan_sends_nothing(desk: Desk) -> None:
    """A plan shows the exact content, and no request that may change something reaches the network."""
    with workspace(desk) as app:
        before = desk.bench.writes()
        activation = app.plan("contract", inputs={"text": desk.bench.text})
        expect(1, len(activation.entries), "effects in the plan")
        expect(before, desk.bench.writes(), "requests that may change something")
        expect([], list(desk.bench.published()), "posts on the network")


def carry_out(app: Antiphon, desk: Desk, text: str, cause: str) -> None:
    """Start a run, and take it up again until it ends or waits for a person."""
    app.start("contract", inputs={"text": text}, cause=cause)
    for _ in range(_MOST_ATTEMPTS):
        app.activate("contract")
        desk.bench.clock.advance(timedelta(minutes=2))


@contextmanager
def workspace(desk: Desk) -> Iterator[Antiphon]:
    """A workspace with the connection and one workflow that says something, opened with a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), desk)
        app = Antiphon.open(Path(folder), clock=desk.bench.clock, plugins=_stranger(desk))
        try:
            yield app
        finally:
            app.close()


def _write(folder: Path, desk: Desk) -> None:
    options = "".join(f"{name} = {json.dumps(_plain(value))}\n" for name, value in desk.bench.options().items())
    (folder / "antiphon.toml").write_text(
        '[workspace]\nname = "Contract"\ntimezone = "UTC"\n'
        '[http]\nallow_private = ["127.0.0.1", "localhost"]\ntimeout = "3s"\n'
        f'[connections.bench]\nconnector = "{desk.connector_class.name}"\n{options}',
        encoding="utf-8",
    )
    use = "post.publish" if desk.verb == "post" else "message.send"
    to = f", to: {json.dumps(desk.bench.to)}" if desk.verb == "message" else ""
    (folder / "workflows").mkdir()
    (folder / "workflows" / "contract.yaml").write_text(_WORKFLOW.format(use=use, to=to), encoding="utf-8")


def _stranger(desk: Desk) -> Mapping[str, object]:
    """The connector as a plugin of its own, where it is not installed."""
    kind = desk.connector_class
    if kind.name in desk.catalogue.connectors:
        return {}

    class Plugin:
        @hookimpl
        def register_connectors(self) -> Any:
            return [kind]

    return {"contract": Plugin()}


def _plain(value: Any) -> Any:
    return value.get_secret_value() if isinstance(value, SecretStr) else value
