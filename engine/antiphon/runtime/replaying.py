"""Replaying: a bundle's run once more, offline, to see whether it takes the same path.

What the author wrote is evaluated anew: conditions, decisions, values, the content of every effect. What the world
said is handed in as it was recorded: receipts, results of computations, what was waited for, and whatever looks at a
store or a network. The clock stands where the record says it stood. Nothing is sent, and no database is opened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, cast

from pydantic_core import to_jsonable_python

from antiphon.catalogue import Catalogue
from antiphon.components.ports import Store
from antiphon.errors import AntiphonError
from antiphon.language import Evaluator
from antiphon.model.bundle import Bundle
from antiphon.model.effect import Effect
from antiphon.model.program import Program
from antiphon.model.run import Run, RunState, StepRecord, StepState
from antiphon.runtime.execute import Execution
from antiphon.runtime.journal import PaperJournal
from antiphon.runtime.kit import Kit, Workspace
from antiphon.runtime.offline import Far, FarFiles, World, recalling
from antiphon.runtime.requests import Ended

_WORLD = frozenset({"wait", "wait_for", "approve", "emit", "exit"})
"""Kinds of steps of which only the world can tell what they came to: their records are handed in."""

_EXIT = "exit"


@dataclass(frozen=True)
class Difference:
    """Where the replay is not as the record: a step's path, a condition, an effect's key or the end of the run."""

    where: str
    recorded: Any
    replayed: Any


@dataclass(frozen=True)
class Replay:
    """What a replay came to. `differences` are in the order in which they were met, the first one first.

    `handed_in` are the paths (and `condition 1` and so on) of what the world had said. `versions` tells of each plugin,
    and of `antiphon`, that was another version then and is now.
    """

    state: RunState
    because: str
    taken: int
    handed_in: tuple[str, ...]
    differences: tuple[Difference, ...]
    versions: Mapping[str, tuple[str, str]]

    @property
    def same(self) -> bool:
        """Whether the run has taken the same path to the same end."""
        return not self.differences


@dataclass
class _Handing(PaperJournal):
    """A journal that knows the records of what is handed in, and moves the clock to where each record says it stood."""

    world: World
    records_: Mapping[str, StepRecord]
    handed: Collection[str]
    path: str = ""
    taken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.world.bundle.run)
        self._steps = {path: record for path, record in self.records_.items() if path.startswith(f"{_EXIT}[")}

    def recorded(self, path: str) -> StepRecord | None:
        found = self.records_.get(path)
        if path == _EXIT:
            if found is None or not self._left_by_now():
                return None
            self.step(found)
            return found
        self.path = path
        if path in self._steps:
            return super().recorded(path)
        run = self.world.bundle.run
        self.world.stands = found.at if found else run.finished_at or self.world.stands
        if found is None or path not in self.handed:
            return None
        self.step(found)
        if found.state is not StepState.HELD:
            return found
        if run.state.ended:  # it was left while it waited here
            self.world.stands = run.finished_at or found.at
            return None
        raise Ended(run.state, run.because, until=run.not_before)

    def step(self, record: StepRecord) -> None:
        if record.path not in self._steps:
            self.taken.append(record.path)
        super().step(record)

    def _left_by_now(self) -> bool:
        """Whether all was done that had been done when the run was left early."""
        paths = list(self.records_)
        before = paths[: paths.index(_EXIT)]
        return {path for path in before if self.records_[path].state is not StepState.HELD} <= self._steps.keys()


@dataclass(frozen=True)
class Replayer:
    """Replays bundles with these components."""

    catalogue: Catalogue
    evaluator: Evaluator

    def replay(self, bundle: Bundle) -> Replay:
        """Take the run of a bundle once more."""
        recorded = {record.path: record for record in bundle.run.steps if "~" not in record.path}
        handed = {path for path, record in recorded.items() if record.kind in _WORLD}
        asked, differences = self._conditions(bundle)
        while True:
            world, recalled = World(bundle, bundle.run.created_at), list[str]()
            journal = _Handing(world, recorded, handed)
            end, sent = self._walk(bundle, journal, recalling(self.catalogue, recorded, recalled))
            if not world.touched or journal.path in handed or journal.path not in recorded:
                break
            # It looks at what is not here: what it found then is handed in, and the run is taken anew.
            handed.add(journal.path)
        differences += [*self._paths(recorded, journal), *sent, *_ends(bundle.run, end)]
        return Replay(
            state=end.state,
            because=end.because,
            taken=len(journal.taken),
            handed_in=(*asked, *(path for path in journal.taken if path in handed or path in recalled)),
            differences=tuple(differences),
            versions=self._versions(bundle),
        )

    def _kit(self, bundle: Bundle, world: World, catalogue: Catalogue) -> Kit:
        programs = {program.id: program for key, program in bundle.programs.items() if key != bundle.run.program}
        setting = bundle.workspace
        known = Workspace(setting.name, setting.timezone, setting.language, setting.flags)
        store = cast(Store, world)
        files = FarFiles(world)
        return Kit(catalogue, self.evaluator, world, store, Far(world), known, programs.get, files=files)

    def _conditions(self, bundle: Bundle) -> tuple[list[str], list[Difference]]:
        """Which conditions were handed in, and which give another answer now."""
        run, program = bundle.run, bundle.programs[bundle.run.program]
        written: Any = program.conditions
        handed, differences = list[str](), list[Difference]()
        for number, (condition, then) in enumerate(zip(_listed(written), run.verdicts, strict=False), 1):
            world = World(bundle, run.steps[0].at if run.steps else run.finished_at or run.created_at)
            kit = self._kit(bundle, world, self.catalogue)
            try:
                ctx = kit.context(program, run, "conditions", kit.scope(program, run))
                now = kit.judge.judge(condition, ctx)
            except AntiphonError as error:
                if not world.touched:
                    differences.append(Difference(f"condition {number}", then.because, str(error)))
                    continue
                now = None
            if world.touched or now is None:
                handed.append(f"condition {number}")
            elif now != then:
                differences.append(Difference(f"condition {number}", then.because, now.because))
        return handed, differences

    def _walk(self, bundle: Bundle, journal: _Handing, catalogue: Catalogue) -> tuple[Run, list[Difference]]:
        """Take the run, and answer what it wants to do with what became of it then."""
        looked_out = tuple(record for record in bundle.run.steps if record.path.startswith(f"{_EXIT}["))
        run = bundle.run.model_copy(update={"steps": looked_out, "state": RunState.RUNNING})
        program: Program = bundle.programs[run.program]
        entries = {did.entry.effect.key: did.entry for did in bundle.effects}
        walk = Execution(program, run, self._kit(bundle, journal.world, catalogue), journal).walk()
        differences: list[Difference] = []
        try:
            wanted = next(walk)
            while True:
                answers = []
                for request in wanted:
                    entry = entries.get(request.effect.key)
                    if entry is None:
                        missing = Difference(request.effect.key, None, request.effect.summary)
                        return _cut(run, request.effect), [*differences, missing]
                    differences += _content(entry.effect, request.effect)
                    answers.append(entry)
                wanted = walk.send(answers)
        except StopIteration as end:
            ended: Run = end.value
            return ended, differences

    def _paths(self, recorded: Mapping[str, StepRecord], journal: _Handing) -> Iterator[Difference]:
        """The first steps that were not taken as then, in the order in which they were taken then."""
        again = {record.path: record for record in journal.records()}
        for path, then in recorded.items():
            now = again.get(path)
            if now is None:
                yield Difference(path, _told(then), None)
            elif _told(now) != _told(then):
                yield Difference(path, _told(then), _told(now))
        for path in journal.taken:
            if path not in recorded:
                yield Difference(path, None, _told(again[path]))

    def _versions(self, bundle: Bundle) -> dict[str, tuple[str, str]]:
        here = {plugin.name: plugin.version for plugin in self.catalogue.plugins} | {"antiphon": version("antiphon")}
        then = {**bundle.plugins, "antiphon": bundle.antiphon}
        return {name: (was, here.get(name, "")) for name, was in then.items() if here.get(name, "") != was}


def _listed(written: Any) -> list[Any]:
    return list(written) if isinstance(written, list | tuple) else [written]


def _told(record: StepRecord) -> dict[str, Any]:
    """What of a record is compared. One that is held counts its tries, which a replay does not."""
    told: dict[str, Any] = {"state": str(record.state), "effect": record.effect}
    if record.state is not StepState.HELD:
        told["result"] = to_jsonable_python(record.result)
    if record.state is StepState.FAILED or not record.effect:
        told["because"] = record.because
    return told


def _content(then: Effect, now: Effect) -> Iterator[Difference]:
    """Whether the same would be sent to the same place."""
    was, is_ = ({"payload": to_jsonable_python(one.payload), "connection": one.connection} for one in (then, now))
    if was != is_:
        yield Difference(then.key, was, is_)


def _ends(then: Run, now: Run) -> Iterator[Difference]:
    was, is_ = ({"state": str(one.state), "because": one.because} for one in (then, now))
    if then.state.ended and was != is_:
        yield Difference("the end", was, is_)


def _cut(run: Run, effect: Effect) -> Run:
    """A run that cannot go on, since nobody knows what would become of something that it did not do then."""
    return run.model_copy(update={"because": f"it wants to do what it did not do then: {effect.summary}"})
