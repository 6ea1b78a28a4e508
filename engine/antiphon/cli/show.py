"""`antiphon show`: the reference page of a component."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.printing import safe, table
from antiphon.cli.shell import Shell
from antiphon.errors import InputError

if TYPE_CHECKING:
    from antiphon.catalogue import Catalogue
    from antiphon.components.component import Component


def show(
    shell: Shell,
    component: Annotated[str, typer.Argument(help="Its name, such as schedule or mastodon.post; else all.")] = "",
) -> Exit | None:
    """Show the reference page of a trigger, condition, action, source, connector or section; or list all of them."""
    with shell.workspace() as app:
        catalogue = app.registry.catalogue
    if not component:
        every = [(kind, one) for kind, some in catalogue.kinds() for one in some.values()]
        rows = [(kind.rstrip("s"), one.name, one.sentence()) for kind, one in every]
        document: Any = [{"kind": kind, "name": name, "sentence": told} for kind, name, told in rows]
        shell.answer(document, table(("kind", "name", "what it does"), rows))
        return None
    found = catalogue.find(component)
    if not found:
        from antiphon.suggest import nearest

        known = [name for _, some in catalogue.kinds() for name in some]
        hint = nearest(component, known) or "`antiphon show` lists all of them."
        raise InputError(f"There is no component `{component}`.", hint=hint)
    shell.answer(
        [_document(kind, one, catalogue) for kind, one in found],
        *(part for kind, one in found for part in _page(kind, one, catalogue)),
    )
    return None


def _page(kind: str, component: type[Component], catalogue: Catalogue) -> Iterator[RenderableType]:
    by = _plugin(kind, component, catalogue)
    yield Text.assemble((component.name, "bold"), f"  {kind.rstrip('s')}", (f"  of the plugin {by}", "dim"))
    first, *rest = inspect.cleandoc(component.__doc__ or "").split("\n\n")
    yield Text(safe(" ".join(first.split())))
    for paragraph in rest:
        yield Text()
        yield Padding(Text(safe(paragraph)), (0, 0, 0, 2))
    if options := list(_options(component)):
        rows = ((one["name"], one["type"], one["default"], one["description"]) for one in options)
        yield Text()
        yield table(("option", "type", "default", "meaning"), rows)
    if can := _abilities(component):
        yield Text()
        yield Text(f"It can {', '.join(can)}.")
    if limits := list(_limits(component)):
        rows = ((one["limit"], one["value"], one["checked_on"], one["source"]) for one in limits)
        yield Text()
        yield table(("limit", "value", "checked on", "source"), rows)
    yield Text()


def _document(kind: str, component: type[Component], catalogue: Catalogue) -> dict[str, Any]:
    return {
        "kind": kind.rstrip("s"),
        "name": component.name,
        "plugin": _plugin(kind, component, catalogue),
        "sentence": component.sentence(),
        "example": component.example(),
        "options": list(_options(component)),
        **({"abilities": _abilities(component), "limits": list(_limits(component))} if kind == "connectors" else {}),
    }


def _plugin(kind: str, component: type[Component], catalogue: Catalogue) -> str:
    brought = (kind, component.name)
    return next((one.name for one in catalogue.plugins if brought in one.brought), "")


def _abilities(component: type[Component]) -> list[str]:
    """What a connector's network can do."""
    abilities = getattr(component, "abilities", None)
    return [str(ability) for ability in abilities()] if abilities else []


def _limits(component: type[Component]) -> Iterator[dict[str, str]]:
    """What a connector's network allows, where it does not tell itself; each with its source and date."""
    for name, limit in getattr(component, "limits", {}).items():
        value = ", ".join(limit.value) if isinstance(limit.value, tuple) else f"{limit.value:,} {limit.unit}".strip()
        yield {"limit": name, "value": value, "source": limit.source, "checked_on": limit.checked_on.isoformat()}


def _options(component: type[Component]) -> Iterator[dict[str, str]]:
    """Name, type, default and meaning of every option, as its schema tells them."""
    schema = component.Options.model_json_schema(by_alias=True)
    for name, field in schema.get("properties", {}).items():
        required = name in schema.get("required", ())
        default = "required" if required else "" if field.get("default") is None else _short(field["default"])
        yield {
            "name": name,
            "type": _type(field, schema.get("$defs", {})),
            "default": default,
            "description": field.get("description", ""),
        }


def _type(field: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """A JSON Schema in a few words for people."""
    if "$ref" in field:
        return _type(definitions.get(field["$ref"].rpartition("/")[2], {}), definitions)
    if "enum" in field or "const" in field:
        return " or ".join(map(str, field.get("enum", [field.get("const")])))
    if ways := field.get("anyOf") or field.get("oneOf"):
        return " or ".join(dict.fromkeys(_type(way, definitions) for way in ways if way.get("type") != "null"))
    if field.get("format") == "password":
        return "secret"
    words = {"string": "text", "array": "list", "object": "mapping", "boolean": "true or false", "integer": "integer"}
    kind = str(field.get("type", "any"))
    if kind == "array" and isinstance(field.get("items"), dict):
        return f"list of {_type(field['items'], definitions)}"
    return words.get(kind, kind)


def _short(value: Any) -> str:
    return value if isinstance(value, str) and value else repr(value)
