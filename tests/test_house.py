"""The rules of the house, run: a rule that nothing runs is a wish."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.timekeeping import uses_of_time

import antiphon
from antiphon import errors
from antiphon.components.component import Component
from antiphon.hookspecs import Hooks
from antiphon.registry import Registry

ROOT = Path(__file__).parent.parent
CODE = sorted([*(ROOT / "engine").rglob("*.py"), *(ROOT / "plugins").rglob("*.py")])
READMES = [
    path
    for path in sorted(ROOT.glob("**/*.md"))
    if not {".venv", ".demo", ".servers", "node_modules"} & set(path.parts)
]
COMPONENTS = [
    (kind, component) for kind, table in Registry.load().catalogue.kinds() for component in table.values()
]  # fmt: skip
BY_THE_MACHINE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "engine/antiphon/components/clock.py": (
        "it is the clock",
        ("datetime.datetime.now", "time.sleep"),
    ),
    "engine/antiphon/components/wire.py": (
        "a socket waits in real time, whatever clock a run lives by",
        ("time.monotonic",),
    ),
    "engine/antiphon/orchestrator/serving.py": (
        "a server begins to listen in real time",
        (".wait() for so long",),
    ),
    "engine/antiphon/orchestrator/up.py": (
        "the loop of a process sleeps until it is told to stop, which the clock cannot hear",
        (".wait() for so long",),
    ),
    "engine/antiphon/testing/sandbox/gate.py": (
        "a slow network is slow in the real time of its client",
        ("asyncio.sleep", "loop.time()"),
    ),
    "engine/antiphon/testing/sandbox/server.py": (
        "a server of threads and sockets starts and ends in real time",
        (".wait() for so long", "asyncio.sleep"),
    ),
}
"""The few places that go by the machine's own time, each with its reason."""
HOOKS = sorted(name for name in vars(Hooks) if hasattr(getattr(Hooks, name), "antiphon_spec"))


def test_floors() -> None:
    """Each floor sees only the floors below; plugins come in by the front door; two libraries have one room each."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert 0 == done.returncode, done.stdout


@pytest.mark.parametrize("hook", HOOKS)
def test_hooks_are_explained_and_tested(hook: str) -> None:
    """Every hook has a row with its signature in the plugins' README and a test that bears its name."""
    signature = inspect.signature(getattr(Hooks, hook))
    arguments = ", ".join(name for name in signature.parameters if name != "self")
    tests = (ROOT / "tests" / "test_registry.py").read_text(encoding="utf-8")

    assert f"`{hook}({arguments})`" in (ROOT / "plugins" / "README.md").read_text(encoding="utf-8")
    assert f"def test_{hook}" in tests


def test_errors_are_drawn() -> None:
    """The tree that opens errors.py is the tree of its classes."""
    drawn = dict(_drawn(errors.__doc__ or ""))
    classes = {
        name: found.__bases__[0].__name__
        for name, found in vars(errors).items()
        if isinstance(found, type) and issubclass(found, errors.AntiphonError)
    }

    assert drawn == {**classes, "AntiphonError": ""}


def _drawn(text: str) -> Iterator[tuple[str, str]]:
    above: list[str] = []
    for line in text.splitlines():
        if found := re.match(r"^((?:[│ ]   )*(?:[├└]── )?)([A-Z]\w+)( {2,}|$)", line):
            depth = len(found[1]) // 4
            above = [*above[:depth], found[2]]
            yield found[2], above[depth - 1] if depth else ""


def test_front_door() -> None:
    """The names for plugin authors are sorted, complete and loadable; nothing inside the engine uses them."""
    names = list(antiphon.__all__)
    inside = [
        path for path in (ROOT / "engine").rglob("*.py") if re.search(r"^from antiphon import", path.read_text(), re.M)
    ]

    assert sorted(names) == names
    assert all(getattr(antiphon, name) is not None for name in names)
    assert [] == inside


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_one_clock(path: Path) -> None:
    """Nothing asks what time it is, or waits, but by the clock that it is handed; what must is named with a reason."""
    found = [use.partition(": ")[2] for use in uses_of_time(path.read_text(encoding="utf-8"))]

    assert sorted(set(found)) == sorted(BY_THE_MACHINE.get(str(path.relative_to(ROOT)), ("", ()))[1])


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\ndatetime.datetime.now(datetime.UTC)",
        "import datetime as dt\nx = dt.datetime.utcnow",
        "from datetime import datetime as moment\nmoment.now()",
        "from datetime import datetime\nD = datetime\nnow = D.now",
        "from datetime import date\nprint(date.today())",
        "from datetime import *\ndatetime.now()",
        "import time as clock\nclock.perf_counter()",
        "from time import monotonic as m\nm()",
        "def f():\n    import time\n    time.sleep(1)",
        "import asyncio\nasync def f():\n    await asyncio.sleep(1)",
        "import threading\nthreading.Event().wait(timeout=3)",
        "def f(stop):\n    stop.wait(3)",
        "import asyncio\nloop = asyncio.get_event_loop()\nloop.time()",
        "def f(loop):\n    loop.call_later(1, print)",
        "import uuid\nuuid.uuid1()",
        "import pendulum\npendulum.now()",
        "import email.utils\nemail.utils.localtime()",
        "from sqlalchemy import func\nfunc.now()",
    ],
)
def test_no_clock_escapes(source: str) -> None:
    """A clock of its own is found under whatever name a module uses it."""
    assert uses_of_time(source)


@pytest.mark.parametrize(
    "source",
    [
        "def f(clock):\n    clock.sleep(1)\n    return clock.now()",
        "from datetime import datetime\ndatetime.fromisoformat('2026-03-02').time()",
        "import threading\nthreading.Event().wait()",
        "from time import struct_time\nx: struct_time",
        "import uuid\nuuid.uuid4()",
    ],
)
def test_the_one_clock_is_free(source: str) -> None:
    """The clock that is handed in, and what only reckons with times, may be used anywhere."""
    assert [] == uses_of_time(source)


def test_rooms_stay_small() -> None:
    """No module outgrows its idea, and none is a drawer for odds and ends."""
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}

    assert {} == {name: count for name, count in lengths.items() if count > 400}
    assert [] == [name for name in lengths if Path(name).stem in ("utils", "helpers", "misc", "common")]


@pytest.mark.parametrize(("kind", "component"), COMPONENTS, ids=lambda value: getattr(value, "name", value))
def test_components_explain_themselves(kind: str, component: type[Component]) -> None:
    """Every component says in one sentence what it does, shows an example, and describes each of its options."""
    undescribed = [name for name, field in component.Options.model_fields.items() if not field.description]

    assert component.sentence().rstrip().endswith((".", ":")), "the first paragraph is a sentence"
    assert component.example(), "the second paragraph is an example"
    assert [] == undescribed


def test_entry_points_are_installed() -> None:
    """What pyproject.toml announces is what the registry finds; a new entry point needs a new installation."""
    announced = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["antiphon"]

    assert set(announced) == {plugin.name for plugin in Registry.load().catalogue.plugins}


def test_generated_parts_are_fresh() -> None:
    """The tables that are generated in the READMEs say what the code says."""
    generated = [str(path) for path in READMES if "[[[cog" in path.read_text(encoding="utf-8")]
    command = [str(Path(sys.executable).with_name("cog")), "--check", *generated]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert 0 == done.returncode, done.stdout + done.stderr
