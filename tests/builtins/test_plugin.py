from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable

import pluggy
import pytest
import yaml

from antiphon import builtins
from antiphon.builtins.actions import Log, LogOptions
from antiphon.components.component import Component
from antiphon.components.context import ReadContext
from antiphon.hookspecs import PROJECT, Hooks

MakeContext = Callable[..., ReadContext]
COMPONENTS: list[type[Component]] = [
    *builtins.register_triggers(),
    *builtins.register_conditions(),
    *builtins.register_actions(),
]


def test_seam() -> None:
    """The builtins answer hooks that there are, and nothing else."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    manager.register(builtins)
    manager.check_pending()
    names = sorted(component.name for [*found] in manager.hook.register_triggers() for component in found)
    assert names == [
        "all_of",
        "burst",
        "event",
        "in_order",
        "manual",
        "missing",
        "poll",
        "schedule",
        "webhook",
        "workflow",
    ]


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda component: component.name)
def test_documented(component: type[Component]) -> None:
    """Every component has a sentence, an example in YAML that its options take, and a description of each option."""
    assert component.sentence().endswith(".")
    example = yaml.safe_load(component.example())
    step = example[0] if isinstance(example, list) else example
    if "use" in step:
        assert step["use"] == component.name
        given = step["with"]
    else:
        given = example[component.name]
        shorthand = getattr(component, "shorthand", "")
        given = {shorthand: given} if shorthand else given
    component.Options.model_validate(given)
    assert [name for name, field in component.Options.model_fields.items() if not field.description] == []


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
def test_log(level: str, context: MakeContext, caplog: pytest.LogCaptureFixture) -> None:
    """A log step speaks at its level, says where it stands, and hands back what it said."""
    caplog.set_level(logging.DEBUG)
    options = LogOptions.model_validate({"message": "100 % done", "level": level, "data": {"n": 1}})
    result = Log().compute(options, context())
    [record] = caplog.records
    assert (record.getMessage(), record.levelname.lower(), record.name) == ("100 % done", level, "antiphon.workflow")
    assert vars(record)["run"] == "run-1"
    assert result == {"message": "100 % done", "level": level, "data": {"n": 1}}


def test_cheap_to_import() -> None:
    """What only some workflows need is not loaded for all: neither the holidays nor the HTTP client."""
    code = "import sys, antiphon.builtins; print([m for m in ('holidays', 'httpx', 'prefect') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
