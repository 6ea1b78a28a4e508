"""Bundling: a run and everything that it came by, redacted, as one document; and the way back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from pydantic import ValidationError

from antiphon.catalogue import Catalogue
from antiphon.components.clock import Clock
from antiphon.components.ports import Store
from antiphon.errors import InputError
from antiphon.model.base import describe
from antiphon.model.bundle import Bundle, Did, Heard, Setting
from antiphon.model.event import Event
from antiphon.model.program import Program
from antiphon.model.run import Run
from antiphon.runtime.anonymity import anonymous
from antiphon.runtime.kit import Workspace
from antiphon.runtime.redaction import Conceal

MOST = 10_000
"""How many effects and questions of a run are taken along."""

LONGEST = 64 * 2**20
"""The longest file that is read back, in bytes."""

_MADE = "Make one with `antiphon runs show RUN --bundle FILE`."
_CALLED = re.compile(r"(?:^|/)call:([^/]+)/")
_TOKENS = re.compile(
    r"(?i:\b((?:bearer|basic|token)\s+))[\w+/=.~-]{12,}"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"
    r"|(?i:([?&](?:access_token|api_key|apikey|key|token|signature|secret)=))[^&\s\"']{6,}"
    r"|\b(?:gh[pousr]|github_pat|xox[abprs]|sk|pk|rk)[-_][\w-]{16,}"
)
"""What looks like a token though no secret of the workspace has this value: a stranger's, or one typed into a text."""


@dataclass(frozen=True)
class Bundler:
    """Makes bundles of the runs of a store; `known` finds a workflow that was called as its document is now."""

    store: Store
    catalogue: Catalogue
    clock: Clock
    workspace: Workspace
    known: Callable[[str], Program | None]
    conceal: Conceal

    def bundle(self, run: Run, *, lock: str = "", pseudonyms: bool = False) -> Bundle:
        """One run. `pseudonyms` says that strangers get other names. Raises InputError when its version is gone."""
        programs = {program.fingerprint: program for program in self._programs(run)}
        workspace = self.workspace
        whole = Bundle(
            made_at=self.clock.now(),
            antiphon=version("antiphon"),
            plugins={plugin.name: plugin.version for plugin in self.catalogue.plugins},
            lock=lock,
            anonymous=pseudonyms,
            workspace=Setting(
                name=workspace.name,
                timezone=workspace.timezone,
                language=workspace.language,
                flags=dict(workspace.flags or {}),
            ),
            programs=programs,
            listings={key: found for key in programs if (found := self.store.programs.listing(key)) is not None},
            run=run,
            events=tuple(_heard(event) for event in self._events(run)),
            effects=tuple(self._effects(run)),
            approvals=tuple(reversed(self.store.approvals.list(run=run.id, limit=MOST))),
        )
        document: dict[str, Any] = without_tokens(self.conceal(whole.model_dump(mode="json", by_alias=True)))
        return Bundle.model_validate(anonymous(document) if pseudonyms else document)

    def _programs(self, run: Run) -> Iterator[Program]:
        own = self.store.programs.get(run.program)
        if own is None:
            raise InputError(f"The version {run.program} that run {run.id} began with is not kept any more.")
        yield own
        for callee in dict.fromkeys(_CALLED.findall("\n".join(record.path for record in run.steps))):
            then = self.store.programs.in_force(callee, run.created_at)
            found = (self.store.programs.get(then.fingerprint) if then else None) or self.known(callee)
            if found is not None:
                yield found

    def _events(self, run: Run) -> Iterator[Event]:
        """What called it, and what it heard while it waited."""
        if (cause := self.store.events.get(run.cause)) is not None:
            yield cause
        yield from (one.heard for one in self.store.subscriptions.of(run.id) if one.heard is not None)

    def _effects(self, run: Run) -> Iterator[Did]:
        keys = [entry.effect.key for entry in reversed(self.store.ledger.list(run=run.id, limit=MOST))]
        # Another run may have done what a step of this one wanted.
        keys += [record.effect for record in run.steps if record.effect]
        for key in dict.fromkeys(keys):
            if (entry := self.store.ledger.get(key)) is not None:
                history = [asdict(one) for one in self.store.ledger.history(key)]
                rulings = [{"at": one.at, **one.ruling.model_dump()} for one in self.store.rulings.history(key)]
                yield Did(entry=entry, history=history, rulings=rulings)


def without_tokens(value: Any) -> Any:
    """The same JSON without whatever looks like a token in its texts."""
    match value:
        case str():
            return _TOKENS.sub(lambda match: f"{match[1] or match[2] or ''}[token]", value)
        case Mapping():
            return {key: without_tokens(item) for key, item in value.items()}
        case list() | tuple():
            return [without_tokens(item) for item in value]
    return value


def read_bundle(data: bytes, name: str) -> Bundle:
    """The bundle that a file holds. Raises InputError."""
    if len(data) > LONGEST:
        raise InputError(f"{name} is longer than {LONGEST // 2**20} MiB, which no bundle is.")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{name} is not JSON: {error}.", hint="Make one with `antiphon runs show RUN --bundle`."
        ) from None
    if not isinstance(document, dict) or document.get("bundle") != 1:
        raise InputError(f"{name} is no bundle of a run.", hint=_MADE)
    try:
        found = Bundle.model_validate(document)
    except ValidationError as error:
        raise InputError(f"{name} cannot be used: {describe(error)}.") from None
    if found.run.program not in found.programs:
        raise InputError(f"{name} does not hold the version {found.run.program} that its run began with.")
    return found


def _heard(event: Event) -> Heard:
    return Heard(id=event.id, type=event.type, at=event.at, data=dict(event.data), source=event.source)
