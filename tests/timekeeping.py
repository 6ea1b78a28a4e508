"""Timekeeping: every place in a module that asks a clock of its own what time it is, or waits by one.

Names are followed to where they were imported from, whatever they are called in the module.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

CLOCKS = frozenset(
    {
        *(f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")),
        "datetime.date.today",
        *(f"asyncio.{name}" for name in ("sleep", "wait_for", "timeout", "timeout_at")),
        *(f"anyio.{name}" for name in ("sleep", "sleep_until", "fail_after", "move_on_after", "current_time")),
        *(f"uuid.{name}" for name in ("uuid1", "uuid6", "uuid7")),
        "threading.Timer",
        *(f"signal.{name}" for name in ("alarm", "setitimer", "sigtimedwait")),
        *(f"email.utils.{name}" for name in ("localtime", "formatdate")),
        *(f"sqlalchemy.func.{name}" for name in ("now", "current_timestamp", "current_date", "current_time")),
    }
)
"""What tells the machine's time, or waits by it."""

MODULES = frozenset({"time", "sched", "pendulum", "arrow", "freezegun", "time_machine"})
"""Modules of which everything does, but for what is in HARMLESS."""

HARMLESS = frozenset({"time.struct_time", "time.strptime", "time.mktime"})
WAITING = frozenset({"call_later", "call_at"})
"""Methods of an event loop that wait."""


def uses_of_time(source: str) -> list[str]:
    """Each use as `line: what`, in reading order."""
    tree = ast.parse(source)
    known = dict(_names(tree))
    found = {(getattr(node, "lineno", 0), told) for node in ast.walk(tree) for told in _uses(node, known)}
    return [f"{line}: {told}" for line, told in sorted(found)]


def _uses(node: ast.AST, known: Mapping[str, str]) -> Iterator[str]:
    match node:
        case ast.Attribute() | ast.Name():
            origin = _origin(node, known)
            if origin in CLOCKS or (origin.partition(".")[0] in MODULES and "." in origin and origin not in HARMLESS):
                yield origin
        case ast.ImportFrom(module=str() as module, names=names) if any(one.name == "*" for one in names):
            if any(clock.startswith(f"{module}.") for clock in CLOCKS) or module in MODULES:
                yield f"{module}.*"
        case ast.Call(func=ast.Attribute(attr="wait"), args=args, keywords=keywords) if len(args) + len(keywords) == 1:
            yield ".wait() for so long"
        case ast.Call(func=ast.Attribute(attr=name)) if name in WAITING:
            yield f".{name}()"
        case ast.Call(func=ast.Attribute(attr="time", value=ast.Name(id=loop)), args=[]) if "loop" in loop:
            yield "loop.time()"


def _names(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """What each imported or simply assigned name of a module stands for, in reading order."""
    known: dict[str, str] = {}
    for node in sorted(ast.walk(tree), key=lambda one: getattr(one, "lineno", 0)):
        match node:
            case ast.Import(names=names):
                # `import a.b` brings the name a, `import a.b as c` the name c for a.b.
                first = {one: one.name if one.asname else one.name.partition(".")[0] for one in names}
                known |= {one.asname or name: name for one, name in first.items()}
            case ast.ImportFrom(module=str() as module, names=names, level=0):
                known |= {one.asname or one.name: f"{module}.{one.name}" for one in names}
            case ast.Assign(targets=[ast.Name(id=name)], value=(ast.Name() | ast.Attribute()) as value):
                if origin := _origin(value, known):
                    known[name] = origin
    yield from known.items()


def _origin(node: ast.AST, known: Mapping[str, str]) -> str:
    """The dotted name that a name or attribute stands for; empty when it is not one of an import."""
    match node:
        case ast.Name(id=name):
            return known.get(name, "")
        case ast.Attribute(value=value, attr=attr):
            origin = _origin(value, known)
            return f"{origin}.{attr}" if origin else ""
    return ""
