"""The rehearsed workspace: the same documents, policy and plugins, on another clock and over a store of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from antiphon.app import Antiphon
from antiphon.components.clock import VirtualClock
from antiphon.components.http import Http
from antiphon.components.ports import Store
from antiphon.errors import AntiphonError
from antiphon.model.program import Program
from antiphon.rehearsal.looking import Looking
from antiphon.rehearsal.memory import MemoryStore
from antiphon.rehearsal.offline import OfflineConnections, OfflineHttp, made_up_secrets
from antiphon.rehearsal.script import Script
from antiphon.rehearsal.stage import StagedRegistry
from antiphon.rehearsal.unwritten import Unwritten, WithUnwritten
from antiphon.runtime.files import WorkspaceFiles
from antiphon.runtime.kit import Kit
from antiphon.runtime.secrets import Secrets
from antiphon.runtime.vault import Vault
from antiphon.settings import AlertSettings, ConnectionSettings


class RehearsedWorkspace(Antiphon):
    """A workspace in which some workflows are awake and nothing goes out. Close it, and all of it is gone."""

    clock: VirtualClock

    def __init__(
        self,
        real: Antiphon,
        awake: Sequence[Program],
        begin: datetime,
        *,
        answers: Sequence[Any] = (),
        flags: Mapping[str, bool] | None = None,
        connections: Mapping[str, str] | None = None,
        looking_at: Store | None = None,
        in_memory: bool = False,
    ) -> None:
        """`real` lends its settings, documents and plugins, and is not changed. `answers` are those of the script,
        `connections` further accounts by their connectors, and `looking_at` a store whose people are known here. With
        `in_memory` whatever happens may raise Forgotten."""
        clock = VirtualClock(begin)
        made_up = {name: ConnectionSettings(connector=one) for name, one in (connections or {}).items()}
        settings = real.settings.model_copy(
            update={
                "flags": {**real.settings.flags, **(flags or {})},
                "alerts": AlertSettings(),  # nobody is told of what has not happened
                "connections": {**real.settings.connections, **made_up},
            }
        )
        super().__init__(settings, StagedRegistry.of(real.registry, Script(answers, clock)), clock)
        self._real = real
        self._looking_at = looking_at
        self._in_memory = in_memory
        self._awake = {program.id: program for program in awake}
        self._folder = Path(tempfile.mkdtemp(prefix="antiphon-rehearsal-"))

    def close(self) -> None:
        """Let go of the store, and of all that is in it."""
        super().close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def programs(self) -> Mapping[str, Program]:
        """The workflows that are awake: no other is woken by anything."""
        return self._awake

    @property
    def known(self) -> Mapping[str, Program]:
        """The workflows that can be called."""
        return {**self._real.programs, **self._awake}

    def program(self, workflow: str) -> Program:  # noqa: D102
        return self._awake.get(workflow) or self._real.program(workflow)

    @cached_property
    def compiled(self) -> Any:  # noqa: D102
        return replace(self._real.compiled, programs={**self._real.compiled.programs, **self._awake})

    @cached_property
    def secrets(self) -> Secrets:  # noqa: D102
        return made_up_secrets()

    @cached_property
    def vault(self) -> Vault:  # noqa: D102
        return self._real.vault

    @cached_property
    def http(self) -> Http:  # noqa: D102
        return OfflineHttp()

    @cached_property
    def connections(self) -> OfflineConnections:  # noqa: D102
        catalogue = self.registry.catalogue
        settings, http = self.settings.connections, self.http
        return OfflineConnections(settings, self.vault, catalogue, self.secrets, lambda _: http, self.clock)

    @cached_property
    def store(self) -> Store:  # noqa: D102
        own = cast(Store, MemoryStore(self._database, self.clock)) if self._in_memory else self._database
        return cast(Store, Looking(own, self._looking_at)) if self._looking_at else own

    @cached_property
    def reports(self) -> Any:  # noqa: D102
        return Unwritten()

    @cached_property
    def files(self) -> Any:  # noqa: D102
        return WithUnwritten(WorkspaceFiles(self.settings.folder), self.reports)

    @cached_property
    def _database(self) -> Store:
        from antiphon.store.database import open_store

        return open_store(f"sqlite:///{self._folder / 'rehearsal.db'}", self.clock, lasting=False)

    def refusal(self, program: Program, trigger: str, cause: str, scope: Mapping[str, Any]) -> str | None:
        """Why the conditions of a workflow decline a call, asked on paper; None when they do not."""
        kit = self._paper
        run = self.opening.run(program, trigger, cause, scope, live=False)
        try:
            ctx = kit.context(program, run, "conditions", kit.scope(program, run))
            verdicts = kit.judge.verdicts(program.conditions, ctx)
        except AntiphonError:
            return None  # the run itself will say what is wrong
        return next((one.because for one in verdicts if one is not None and not one.holds), None)

    @cached_property
    def _paper(self) -> Kit:
        return self._kit()

    def _kit(self) -> Kit:
        return replace(super()._kit(), programs=self.known.get)
