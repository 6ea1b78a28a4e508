"""The registry finds plugins and makes the catalogue: every component by name, with who brought it.

A plugin that raises, clashes or misspells a hook costs one PluginError that names it; the others go on.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pluggy

from antiphon.catalogue import Catalogue, Plugin
from antiphon.components.action import Action, Computation
from antiphon.components.clock import Clock
from antiphon.components.component import Component
from antiphon.components.condition import Condition
from antiphon.components.connector import Connector
from antiphon.components.doorway import Doorway
from antiphon.components.page import WebPage
from antiphon.components.ports import People, PersonalRecords, Records
from antiphon.components.section import Section
from antiphon.components.source import Source
from antiphon.components.trigger import Trigger
from antiphon.errors import AntiphonError, Place, PluginError, Problem
from antiphon.hookspecs import PROJECT, Hooks
from antiphon.model.effect import Effect
from antiphon.model.run import Run
from antiphon.suggest import nearest

LOCAL = "local"
"""The name under which a workspace's own plugin.py is registered."""

_NOUNS: Mapping[str, type[Component] | tuple[type[Component], ...]] = {
    "connectors": Connector,
    "sources": Source,
    "triggers": Trigger,
    "conditions": Condition,
    "actions": (Action, Computation),
    "sections": Section,
}
_INSTANCES: Mapping[str, tuple[type, str, str]] = {
    "pages": (WebPage, "path", "web page"),
    "doorways": (Doorway, "path", "doorway"),
    "personal": (PersonalRecords, "kind", "kind of records"),
}
"""What is handed over made: its class, the attribute that names one, and what people call it."""


@dataclass
class Registry:
    """The plugins at the seam. Built by `load`, and not changed afterwards."""

    manager: pluggy.PluginManager
    catalogue: Catalogue
    observed: list[PluginError] = field(default_factory=list)

    @classmethod
    def load(cls, folder: Path | None = None, *, plugins: Mapping[str, object] | None = None) -> Registry:
        """Find the installed plugins, the `plugin.py` of a workspace folder, and any handed in by name."""
        manager = pluggy.PluginManager(PROJECT)
        manager.add_hookspecs(Hooks)
        problems: list[PluginError] = []
        origins: dict[str, tuple[str, str]] = {}

        def register(name: str, origin: str, version: str, find: Callable[[], object]) -> None:
            try:
                module = find()
            except (Exception, SystemExit) as error:
                problems.append(PluginError(name, "", f"cannot be imported: {_told(error)}", hint=_mend(name, origin)))
                return
            if manager.has_plugin(name):
                problems.append(PluginError(name, "", "a plugin of this name is there already, and stays."))
                return
            try:
                manager.register(module, name)
            except (pluggy.PluginValidationError, ValueError) as error:
                if manager.has_plugin(name):
                    manager.unregister(name=name)
                # Of pluggy's several lines the last says what is wrong; the others say where.
                sentence = str(error).strip().splitlines()[-1]
                problems.append(PluginError(name, "", f"{sentence}.", hint=_mend(name, origin)))
                return
            if unknown := _unknown_hooks(manager, module, name):
                manager.unregister(name=name)
                hint = nearest(unknown, _hook_names()) or f"The hooks are {', '.join(_hook_names())}."
                problems.append(PluginError(name, unknown, "there is no such hook.", hint=hint))
                return
            origins[name] = (origin, version)

        for entry in sorted(
            importlib.metadata.entry_points(group=PROJECT), key=lambda e: (e.name != "builtins", e.name)
        ):
            if entry.name in origins:
                continue
            version = entry.dist.version if entry.dist else ""
            register(entry.name, entry.value, version, entry.load)
        if folder is not None and (path := folder / "plugin.py").is_file():
            register(LOCAL, str(path), "", lambda: _import_file(path))
        for name, plugin in (plugins or {}).items():
            register(name, "handed in", "", _given(plugin))

        catalogue = _collect(manager, origins, problems)
        return cls(manager, catalogue)

    def secret(self, name: str) -> str | None:
        """The value of a secret, from the first plugin that has it. Raises SetupError."""
        try:
            value: str | None = self.manager.hook.resolve_secret(name=name)
        except AntiphonError:
            raise
        except Exception as error:
            raise PluginError("of some secrets", "resolve_secret", f"raised {type(error).__name__}.") from None
        return value

    def review(self, effect: Effect, people: People, records: Records, clock: Clock) -> list[str]:
        """Every reason to refuse an effect. A reviewer that raises is a reason too: when in doubt, nothing is sent."""
        reasons = []
        for name, call in self._each("review_effect"):
            try:
                found = call(effect=effect, people=people, records=records, clock=clock)
                reasons += [str(reason) for reason in found if reason]
            except Exception as error:
                reasons.append(f"the reviewer {name} failed: {_told(error)}")
        return reasons

    def same_person(self, records: Records, name: str) -> frozenset[str]:
        """The other ids and addresses of whoever has this one.

        Raises:
            PluginError: a plugin that was asked has failed; whoever is about to send must not go on without its word.
        """
        known, asked = {name}, set[str]()
        calls = list(self._each("same_person"))
        while new := known - asked:  # what one plugin tells, another may know more of
            asked |= new
            for plugin, call in calls:
                try:
                    told = (answer for one in new for answer in call(records=records, name=one))
                    known |= {str(other) for answer in told for other in answer}
                except Exception as error:
                    raise PluginError(plugin, "same_person", f"raised {_told(error)}") from error
        return frozenset(known - {name})

    def announce(self, run: Run, records: Records, clock: Clock) -> None:
        """Tell every observer that a run has ended; what one raises is kept in `observed`."""
        for name, call in self._each("run_finished"):
            try:
                call(run=run, records=records, clock=clock)
            except Exception as error:
                self.observed.append(PluginError(name, "run_finished", _told(error)))

    def check(self, folder: Path) -> list[Problem]:
        """What is wrong with the files of a workspace that plugins read; one that cannot look is a problem itself."""
        problems: list[Problem] = []
        for name, call in self._each("check_workspace"):
            try:
                problems += [one for found in call(folder=folder) for one in found]
            except Exception as error:
                told = f"The plugin {name} could not look at the files of the workspace: {_told(error)}."
                problems.append(Problem(Place("plugin.py" if name == LOCAL else name), told))
        return problems

    def commands(self, cli: Any) -> list[PluginError]:
        """Let every plugin add its words to the command line."""
        problems = []
        for name, call in self._each("register_commands"):
            try:
                call(cli=cli)
            except Exception as error:
                problems.append(PluginError(name, "register_commands", _told(error)))
        return problems

    def _each(self, hook: str) -> Iterator[tuple[str, Callable[..., list[Any]]]]:
        yield from _callers(self.manager, hook)


def _collect(
    manager: pluggy.PluginManager, origins: Mapping[str, tuple[str, str]], problems: list[PluginError]
) -> Catalogue:
    tables: dict[str, dict[str, Any]] = {kind: {} for kind in (*_NOUNS, "filters", "pages", "doorways", "personal")}
    owners: dict[tuple[str, str], str] = {}
    recipes: list[Traversable] = []

    def add(plugin: str, hook: str, kind: str, name: str, item: Any) -> None:
        if owner := owners.get((kind, name)):
            sentence = f"`{name}` is already brought by the plugin {owner}, which keeps it."
            problems.append(PluginError(plugin, hook, sentence, hint="Give yours another name."))
            return
        owners[kind, name] = plugin
        tables[kind][name] = item

    def refuse(plugin: str, hook: str, item: Any, wanted: str, hint: str) -> None:
        problems.append(PluginError(plugin, hook, f"{item!r} is not a {wanted}.", hint=hint))

    for kind, base in _NOUNS.items():
        for plugin, found in _ask(manager, f"register_{kind}", problems):
            for component in found:
                if not _is_component(component, base):
                    told = f"named {kind.rstrip('s')} class"
                    refuse(plugin, f"register_{kind}", component, told, "Hand over classes.")
                    continue
                add(plugin, f"register_{kind}", kind, component.name, component)
                for source in getattr(component, "sources", ()):
                    if _is_component(source, Source):
                        add(plugin, f"register_{kind}", "sources", source.name, source)
                    else:
                        refuse(plugin, f"register_{kind}", source, "named source class", "Hand over classes.")
    for plugin, found in _ask(manager, "register_filters", problems):
        filters = found.items() if isinstance(found, Mapping) else [("", one) for one in found]
        for name, function in filters:
            if name and callable(function):
                add(plugin, "register_filters", "filters", name, function)
            else:
                refuse(plugin, "register_filters", function, "filter", "Hand over a mapping of names to functions.")
    for kind, (made, by, called) in _INSTANCES.items():
        for plugin, found in _ask(manager, f"register_{kind}", problems):
            for one in found:
                if isinstance(one, made):
                    add(plugin, f"register_{kind}", kind, getattr(one, by), one)
                else:
                    refuse(plugin, f"register_{kind}", one, called, f"Hand over instances of {made.__name__}.")
    for plugin, found in _ask(manager, "register_recipes", problems):
        for folder in found:
            if isinstance(folder, Traversable):
                recipes.append(folder)
            else:
                refuse(plugin, "register_recipes", folder, "folder of recipes", "Use importlib.resources.files(…).")

    plugins = tuple(
        Plugin(name, version, origin, tuple(key for key, owner in owners.items() if owner == name))
        for name, (origin, version) in origins.items()
    )
    frozen = {kind: MappingProxyType(table) for kind, table in tables.items() if kind in (*_NOUNS, "filters")}
    return Catalogue(
        **frozen,
        recipes=tuple(recipes),
        pages=tuple(tables["pages"].values()),
        doorways=tuple(tables["doorways"].values()),
        personal=MappingProxyType(tables["personal"]),
        plugins=plugins,
        problems=tuple(problems),
    )


def _callers(manager: pluggy.PluginManager, hook: str) -> Iterator[tuple[str, Callable[..., list[Any]]]]:
    """The hook as each plugin alone answers it: provenance for the result, isolation for the failure."""
    everyone = manager.get_plugins()
    for plugin in sorted(everyone, key=lambda p: _order(manager, p)):
        name = manager.get_name(plugin) or ""
        if any(impl.plugin is plugin for impl in getattr(manager.hook, hook).get_hookimpls()):
            yield name, manager.subset_hook_caller(hook, remove_plugins=everyone - {plugin})


def _order(manager: pluggy.PluginManager, plugin: object) -> int:
    return [name for name, _ in manager.list_name_plugin()].index(manager.get_name(plugin) or "")


def _ask(manager: pluggy.PluginManager, hook: str, problems: list[PluginError]) -> Iterator[tuple[str, Any]]:
    for name, call in _callers(manager, hook):
        try:
            answers = call()
            found = [answer if isinstance(answer, Mapping) else list(answer) for answer in answers]
        except Exception as error:
            problems.append(PluginError(name, hook, f"raised {_told(error)}"))
            continue
        for answer in found:
            yield name, answer


def _is_component(item: object, base: Any) -> bool:
    return isinstance(item, type) and issubclass(item, base) and isinstance(getattr(item, "name", None), str)


def _unknown_hooks(manager: pluggy.PluginManager, module: object, name: str) -> str:
    try:
        manager.check_pending()
    except pluggy.PluginValidationError:
        return next((hook for hook in dir(module) if _marked(module, hook) and hook not in _hook_names()), name)
    return ""


def _marked(module: object, name: str) -> bool:
    return hasattr(getattr(module, name, None), f"{PROJECT}_impl")


def _hook_names() -> list[str]:
    return sorted(name for name in vars(Hooks) if hasattr(getattr(Hooks, name), f"{PROJECT}_spec"))


def _given(plugin: object) -> Callable[[], object]:
    return lambda: plugin


def _import_file(path: Path) -> object:
    spec = importlib.util.spec_from_file_location("antiphon_workspace_plugin", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {_first_line(error)}"


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _mend(name: str, origin: str) -> str:
    return f"Mend {origin}." if name == LOCAL else f"Reinstall or remove the distribution that brings {origin}."
