"""The parts of a workspace: its documents, its database, its connections, and whatever works with them.

Each is made when it is first needed, from the settings and the plugins; `check` never touches the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from antiphon.compiler import Compiled, Surroundings, compile_documents, documents_in
from antiphon.components.clock import Clock
from antiphon.components.http import Http
from antiphon.components.ports import Allowances, Credentials, Store
from antiphon.components.secret_marks import WRITTEN
from antiphon.components.tape import Tape
from antiphon.errors import AntiphonError, DocumentError, InputError
from antiphon.language import Evaluator, Gallery
from antiphon.model.effect import Effect
from antiphon.model.event import Event
from antiphon.model.program import Program
from antiphon.model.ruling import Ruling, Way
from antiphon.registry import Registry
from antiphon.report.reporter import Reporter
from antiphon.runtime.alerts import Alerts
from antiphon.runtime.apprising import notify
from antiphon.runtime.connections import ConnectionBook
from antiphon.runtime.effects import ForReal, Performer
from antiphon.runtime.endings import Endings
from antiphon.runtime.fetching import fetching
from antiphon.runtime.files import WorkspaceFiles
from antiphon.runtime.foreseeing import Foreseen, foresee
from antiphon.runtime.identity import person
from antiphon.runtime.keys import Keys, keys_of
from antiphon.runtime.kit import Kit, Workspace
from antiphon.runtime.liveness import Pulses
from antiphon.runtime.policy.policy import Policy
from antiphon.runtime.rates import SharedRates
from antiphon.runtime.resting import Resting
from antiphon.runtime.secrets import Secrets
from antiphon.runtime.tokens import SealedTokens
from antiphon.runtime.vault import Vault
from antiphon.runtime.watchers import Watchers
from antiphon.settings import Settings


class Parts:
    """What a workspace is made of."""

    def __init__(self, settings: Settings, registry: Registry, clock: Clock) -> None:
        self.settings = settings
        self.registry = registry
        self.clock = clock
        self._digest_key_known = b""

    def close(self) -> None:
        """Let go of the database, if it was opened."""
        if "_database" in self.__dict__:
            self._database.close()

    @property
    def timezone(self) -> ZoneInfo:
        """The workspace's own time zone; UTC when it has none."""
        return ZoneInfo(self.settings.workspace.timezone or "UTC")

    @cached_property
    def evaluator(self) -> Evaluator:
        """Evaluates expressions with the filters of all plugins."""
        return Evaluator(self.registry.catalogue.filters)

    @cached_property
    def gallery(self) -> Gallery:
        """The recipes of all plugins and of the workspace."""
        return Gallery([*self.registry.catalogue.recipes, self.settings.folder / "recipes"])

    @cached_property
    def secrets(self) -> Secrets:
        """Resolves secrets by the plugins, and then by the vault."""
        return Secrets(self.registry.secret, self.vault.secret)

    @cached_property
    def conceal_all(self) -> Callable[[Any], Any]:
        """As `secrets.conceal`, once every secret that this workspace can know of is known: for what is handed on."""
        written = [text for listing in self.compiled.listings.values() for text in listing.texts.values()]
        written += [str(one.options) for one in self.settings.connections.values()]
        names = {name for text in written for name in WRITTEN.findall(text)}
        for name in {*names, *(one.name for one in self.vault.secrets())}:
            with suppress(AntiphonError):
                self.secrets.value(name)
        for connection in self.connections.names():
            with suppress(AntiphonError):
                self.connections.connector(connection)  # opening one makes its secret options known
        return self.secrets.conceal

    @cached_property
    def vault(self) -> Vault:
        """What is stored sealed: credentials of connections, and secrets."""

        def credentials(make: bool) -> Credentials | None:
            return self._database.credentials if make or self.settings.has_database else None

        return Vault(credentials, self.keys, self.clock)

    def _digest_key(self, make: bool) -> bytes:
        """The vault's key of digests, unsealed once."""
        if not self._digest_key_known:
            self._digest_key_known = self.vault.digest_key(make)
        return self._digest_key_known

    @cached_property
    def keys(self) -> Keys:
        """Where the workspace's key is."""
        return keys_of(self.settings.folder, self.settings.secrets.key)

    @cached_property
    def http(self) -> Http:
        """How this workspace speaks HTTP."""
        settings, conceal = self.settings.http, self.secrets.conceal
        proxy = self.secrets.reveal_written(settings.proxy.get_secret_value())
        self.secrets.learn(proxy, "[the proxy]")
        tape = Tape(self.settings.folder / settings.record, conceal) if settings.record else None
        return Http(settings.allow_private, settings.timeout.total_seconds(), conceal=conceal, proxy=proxy, tape=tape)

    def _http_of(self, connection: str) -> Http:
        """The same for one connection, whose rate limits and token are shared with other workers through the store."""

        def allowances() -> Allowances | None:
            return self._database.allowances if self.settings.has_database else None

        keeper = SealedTokens(
            connection,
            lambda: self.connections.fingerprint(connection),
            self.vault,
            lambda: self._database.marks,
            self.clock,
            self.secrets.learn,
        )
        return replace(self.http, watch=SharedRates(connection, allowances, self.clock), keeper=keeper)

    @cached_property
    def files(self) -> WorkspaceFiles:
        """What may go with a post."""
        return WorkspaceFiles(self.settings.folder, fetching(self.http, self.clock))

    @cached_property
    def connections(self) -> ConnectionBook:
        """The workspace's accounts."""
        catalogue = self.registry.catalogue
        return ConnectionBook(self.settings.connections, self.vault, catalogue, self.secrets, self._http_of, self.clock)

    @cached_property
    def store(self) -> Store:
        """The database, brought up to date, with the workflows as they are now. Raises StoreError."""
        for program in self.compiled.programs.values():
            self._database.programs.keep(program, self.compiled.listings[program.fingerprint])
        return self._database

    @cached_property
    def listening_since(self) -> datetime:
        """The moment from which this process answers calls with its documents, written down once."""
        now = self.clock.now()
        current = {name: program.fingerprint for name, program in self.compiled.programs.items()}
        self.store.programs.put_in_force(current, now)
        return now

    @cached_property
    def _database(self) -> Store:
        from antiphon.store.database import open_store  # brings SQLAlchemy, which `antiphon check` can do without

        return open_store(self.settings.database_url, self.clock, digest_key=self._digest_key)

    def watchers(self, programs: Iterable[Program]) -> Watchers:
        """The triggers of some workflows that no single event wakes."""
        return Watchers(programs, self.registry.catalogue.triggers, self.evaluator)

    def foresee(self, workflow: str, events: Sequence[Event]) -> Foreseen:
        """What events that arrive in this order would come to together, if nothing else had happened."""
        return foresee(self.watchers([self.program(workflow)]), events, self.clock.now())

    @cached_property
    def pulses(self) -> Pulses:
        """Knows whether workflows run as often as they are expected to."""

        def alert(key: str, text: str) -> None:
            self.alerts.raise_("silent", key, text, f"{self.settings.base_url}/runs")

        return Pulses(self.store, self.clock, self.programs.values(), alert)

    def audit(self, what: str, subject: str, before: Any = None, after: Any = None, *, who: str = "") -> None:
        """Write down who did what to what: the person at this machine, unless `who` says otherwise."""
        conceal = self.secrets.conceal
        self._database.audit.record(who or person(), what, conceal(subject), conceal(before), conceal(after))

    @cached_property
    def reports(self) -> Reporter:
        """Builds and writes reports of this workspace."""
        workspace = self.settings.workspace
        return Reporter(
            sections=self.registry.catalogue.sections,
            store=self.store,
            clock=self.clock,
            folder=self.settings.folder,
            timezone=self.timezone,
            workspace=workspace.name,
        )

    @cached_property
    def alerts(self) -> Alerts:
        """Tells people what needs them."""
        workspace, secrets = self.settings.workspace, self.secrets
        return Alerts(
            book=self.store.alerts,
            clock=self.clock,
            settings=self.settings.alerts,
            workspace=workspace.name,
            language=workspace.language,
            conceal=secrets.conceal,
            notify=lambda to, message: notify(secrets.reveal_written(to), message, http=self.http, clock=self.clock),
        )

    @cached_property
    def resting(self) -> Resting:
        """Lays triggers to rest."""
        return Resting(self.store, self.clock, self.alerts, self._page)

    @cached_property
    def endings(self) -> Endings:
        """Tells who is to know that a run has ended."""
        known, announce = self.compiled.programs.get, self.registry.announce
        return Endings(self.store, self.clock, self.alerts, self.resting, announce, known, self._page)

    def _page(self, run_id: str) -> str:
        return f"{self.settings.base_url}/runs/{run_id}"

    @cached_property
    def compiled(self) -> Compiled:
        """The documents of the workspace's workflows folder."""
        return self.check([self.settings.folder / "workflows"])

    @property
    def programs(self) -> Mapping[str, Program]:
        """The enabled workflows that compile, by id."""
        return {name: program for name, program in self.compiled.programs.items() if program.enabled}

    def check(self, paths: Iterable[Path]) -> Compiled:
        """Compile the documents in some files and folders, with every problem of every one."""
        return compile_documents(documents_in(paths), self.surroundings, self.gallery, self.settings.folder)

    @property
    def surroundings(self) -> Surroundings:
        """What documents are compiled against."""
        return Surroundings(
            catalogue=self.registry.catalogue,
            evaluator=self.evaluator,
            timezone=self.settings.workspace.timezone,
            connections=self.connections.names(),
            groups=self.settings.groups,
            policy=self.settings.policy,
            plugins=frozenset(plugin.name for plugin in self.registry.catalogue.plugins),
        )

    def program(self, workflow: str) -> Program:
        """One workflow. Raises DocumentError when its document is wrong, InputError when there is none."""
        if found := self.compiled.programs.get(workflow):
            return found
        if self.compiled.problems:
            raise DocumentError(self.compiled.problems)
        known = ", ".join(self.compiled.programs) or "none"
        raise InputError(f"There is no workflow `{workflow}`.", hint=f"The workflows here are: {known}.")

    def _kit(self) -> Kit:
        workspace = self.settings.workspace
        return Kit(
            catalogue=self.registry.catalogue,
            evaluator=self.evaluator,
            clock=self.clock,
            store=self.store,
            connections=self.connections.readers(),
            workspace=Workspace(
                name=workspace.name,
                timezone=self.timezone.key,
                language=workspace.language,
                flags=self.settings.flags,
                base_url=self.settings.base_url,
                public_url=self.settings.web.public_url.rstrip("/"),
            ),
            programs=self.programs.get,
            conceal=self.secrets.conceal,
            files=self.files,
        )

    def _review(self, effect: Effect) -> Sequence[str]:
        return self.registry.review(effect, self.store.people, self.store.records, self.clock)

    def _rulings(self, effect: Effect) -> Sequence[Ruling]:
        return [Ruling(rule="review", verdict=Way.REFUSE, because=because) for because in self._review(effect)]

    def _policy(self) -> Policy:
        return Policy(self.settings.policy, self.store, self.clock, self.timezone, self.same_person)

    def same_person(self, name: str) -> frozenset[str]:
        """The other ids and addresses of whoever has this one, as plugins know them. Raises PluginError."""
        return self.registry.same_person(self.store.records, name)

    def _performer(self, worker: str) -> Performer:
        workspace = self.settings.workspace
        return ForReal(
            store=self.store,
            clock=self.clock,
            catalogue=self.registry.catalogue,
            connections=self.connections,
            http=self.http,
            reports=self.reports,
            review=self._review,
            policy=self._policy(),
            reveal=self.secrets.reveal,
            conceal=self.secrets.conceal,
            worker=worker,
            timezone=self.timezone,
            language=workspace.language,
            files=self.files,
        )
