from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from antiphon.language import json_schema, read
from antiphon.registry import Registry

jsonschema = pytest.importorskip("jsonschema", reason="the schema is tried with the jsonschema package")

CATALOGUE = Registry.load().catalogue
SCHEMA = json_schema(CATALOGUE)
HEAD = "antiphon: 1\nid: w\nname: W\ntz: Europe/Paris\n"
TRIGGERS = "triggers:\n  - {id: by_hand, manual: {}}\n"
ACTIONS = "actions:\n  - {use: log, with: {message: hi}}\n"


def mistakes(text: str) -> list[str]:
    """What an editor would underline."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return [error.message for error in validator.iter_errors(read(text, "w.yaml").plain())]


def examples() -> Iterator[tuple[str, str]]:
    """Every trigger's, condition's and action's own example, as a document."""
    for name, trigger in CATALOGUE.triggers.items():
        yield name, HEAD + f"triggers:\n  - id: t\n{textwrap.indent(trigger.example(), '    ')}\n" + ACTIONS
    tables: list[tuple[str, Mapping[str, Any], str, str]] = [
        ("conditions", CATALOGUE.conditions, TRIGGERS, ACTIONS),
        ("actions", CATALOGUE.actions, TRIGGERS, ""),
    ]
    for key, table, before, after in tables:
        for name, component in table.items():
            example = component.example()
            items = example if example.startswith("-") else "- " + textwrap.indent(example, "  ").strip()
            yield name, f"{HEAD}{before}{key}:\n{textwrap.indent(items, '  ')}\n{after}"


def test_well_formed() -> None:
    """The schema is one of the dialect it names, and every reference in it leads somewhere."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    references = set(re.findall(r'"\$ref": "#/\$defs/([^"]+)"', json.dumps(SCHEMA)))

    assert set() == references - set(SCHEMA["$defs"])


@pytest.mark.parametrize(("name", "text"), list(examples()), ids=lambda value: value if len(value) < 30 else "")
def test_examples(name: str, text: str) -> None:
    """The example of every component is valid."""
    assert [] == mistakes(text)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + TRIGGERS + "conditions: ${{ event.x }}\n" + ACTIONS,
        HEAD + TRIGGERS + "conditions: [any: [{not: {weekday: [mon]}}, '${{ x }}']]\n" + ACTIONS,
        HEAD + "triggers: [{id: t, manual: }]\n" + ACTIONS,
        HEAD + TRIGGERS + "actions:\n  - {if: true, then: [{wait: 3s}], else: [{stop: done}]}\n",
        "antiphon: 1\nid: w\nrecipe: outreach@^1.4\ninputs: {a: 1}\n",
        "antiphon: 1\nrecipe: outreach\nversion: 1.4.0\nname: O\nworkflow: {}\n",
    ],
)
def test_valid(text: str) -> None:
    """What `check` accepts is not underlined."""
    assert [] == mistakes(text)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + TRIGGERS + "acions: []\n" + ACTIONS,
        HEAD + TRIGGERS + "actions: [{usee: log}]\n",
        HEAD + TRIGGERS + "actions: [{use: lgo}]\n",
        HEAD + TRIGGERS + "actions: [{use: log, with: {mesage: hi}}]\n",
        HEAD + TRIGGERS + "actions: [{use: log}]\n",
        HEAD + TRIGGERS + "actions: [{if: true, then: [{use: log, with: {x: 1}}]}]\n",
        HEAD + TRIGGERS + "conditions: [{tme: {after: '09:00'}}]\n" + ACTIONS,
        HEAD + TRIGGERS + "conditions: [{time: {aftr: '09:00'}}]\n" + ACTIONS,
        HEAD + TRIGGERS + "conditions: [{not: {tme: {after: '09:00'}}}]\n" + ACTIONS,
        HEAD + "triggers: [{id: t, shedule: {every: 5m}}]\n" + ACTIONS,
        HEAD + "triggers: [{id: t, schedule: {evry: 5m}}]\n" + ACTIONS,
        HEAD + "triggers: [{id: t}]\n" + ACTIONS,
        HEAD + "triggers: [{id: t, manual: {}, schedule: {every: 5m}}]\n" + ACTIONS,
        "antiphon: 1\nid: w\nrecipe: outreach\ninput: {}\n",
        "antiphon: 2\n" + HEAD.partition("\n")[2] + TRIGGERS + ACTIONS,
    ],
)
def test_typos(text: str) -> None:
    """A word that `check` would refuse is underlined."""
    assert mistakes(text)


def test_described() -> None:
    """Completion tells what a component does, in the words of its docstring."""
    offered = {
        one["const"]: one["description"] for one in SCHEMA["$defs"]["workflow.Use"]["properties"]["use"]["oneOf"]
    }

    assert set(CATALOGUE.actions) == set(offered)
    assert offered["log"].startswith(CATALOGUE.actions["log"].sentence())
