"""The JSON Schema of documents, for editors: completion, descriptions, and a red line under what is not known.

It is made from the models and the catalogue, so it never says anything else than `antiphon check`; it only knows less:
references, time zones and connections are checked by the compiler alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import PydanticOmit, core_schema

from antiphon.model.recipe import Recipe, RecipeUse
from antiphon.model.workflow import Workflow

if TYPE_CHECKING:
    from antiphon.catalogue import Catalogue
    from antiphon.components.component import Component

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema: TypeAlias = dict[str, Any]

_EXPRESSION: Schema = {"type": "string", "pattern": r"\$\{\{", "description": "An expression: ${{ … }}"}
_SHORT_FORM: Schema = {"type": ["string", "number", "boolean", "array", "null"]}
_GROUPS = {
    "any": "One of these must hold.",
    "all": "All of these must hold.",
    "not": "This must not hold.",
}


def json_schema(catalogue: Catalogue) -> Schema:
    """The schema (2020-12) of workflows, recipes and their uses, with every component of the catalogue."""
    book = _Book()
    workflow = book.add("workflow", Workflow)
    recipe, use = book.add("recipe", Recipe), book.add("use", RecipeUse)
    book.definitions["expression"] = _EXPRESSION
    book.definitions["conditions"] = _conditions(catalogue, book)
    book.definitions["workflow.TriggerItem"] = _triggers(catalogue, book)
    book.definitions["workflow.Use"] = _uses(catalogue, book, book.definitions["workflow.Use"])
    for holder in ("workflow", "workflow.If", "workflow.Choice", "workflow.Exit"):
        properties = book.definitions[holder]["properties"]
        key = "if" if "if" in properties else "conditions"
        properties[key] = {"$ref": "#/$defs/conditions"}
    return {
        "$schema": DIALECT,
        "title": "Antiphon document",
        "if": {"required": ["recipe"]},
        "then": {"if": {"required": ["version"]}, "then": recipe, "else": use},
        "else": workflow,
        "$defs": dict(sorted(book.definitions.items())),
    }


class _Book:
    """The definitions of one schema; every model's own definitions come under its name."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def add(self, name: str, model: type[BaseModel], *, expressions: bool = False) -> Schema:
        """Define a model under a name; returns the reference to it. With `expressions` any value may be one."""
        schema = model.model_json_schema(
            by_alias=True, ref_template=f"#/$defs/{name}.{{model}}", schema_generator=_Generator
        )
        inner = schema.pop("$defs", {})
        if "$ref" in schema:  # a model that refers to itself is one of its own definitions
            schema = inner.pop(schema["$ref"].rpartition(".")[2])
        for part, definition in {"": schema, **inner}.items():
            opened = _opened(definition) if expressions else definition
            self.definitions[f"{name}.{part}" if part else name] = opened
        return {"$ref": f"#/$defs/{name}"}


class _Generator(GenerateJsonSchema):
    """As pydantic's, but a value that a validator reads first may also be written in some short form."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> Schema:
        inner = super().function_before_schema(schema)
        return inner if "json_schema_input_schema" in schema else {"anyOf": [inner, _SHORT_FORM]}

    def function_plain_schema(self, schema: core_schema.PlainValidatorFunctionSchema) -> Schema:
        return super().function_plain_schema(schema) if "json_schema_input_schema" in schema else {}

    def handle_invalid_for_json_schema(self, schema: Any, error_info: str) -> Schema:
        raise PydanticOmit


def _opened(schema: Schema) -> Schema:
    """The same schema, in which every property and item may be an expression instead."""

    def may_be_expression(inner: Any) -> Any:
        if not isinstance(inner, dict) or not inner:
            return inner
        about = {key: inner[key] for key in ("description", "default", "title") if key in inner}
        return {"anyOf": [_opened(inner), {"$ref": "#/$defs/expression"}], **about}

    opened = dict(schema)
    if isinstance(properties := schema.get("properties"), dict):
        opened["properties"] = {key: may_be_expression(inner) for key, inner in properties.items()}
    for key in ("items", "additionalProperties"):
        opened[key] = may_be_expression(schema[key]) if key in schema else None
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            opened[key] = [_opened(inner) for inner in schema[key]]
    if "prefixItems" in schema:
        opened["prefixItems"] = [may_be_expression(inner) for inner in schema["prefixItems"]]
    return {key: value for key, value in opened.items() if value is not None}


def _about(component: type[Component]) -> Schema:
    example = component.example()
    return {"description": component.sentence() + (f"\n\n{example}" if example else "")}


def _conditions(catalogue: Catalogue, book: _Book) -> Schema:
    """One condition or a list; a mapping names exactly one."""
    again = {"$ref": "#/$defs/conditions"}
    named: dict[str, Schema] = {name: {**again, "description": told} for name, told in _GROUPS.items()}
    for name, component in catalogue.conditions.items():
        options = book.add(f"condition.{name}", component.Options, expressions=True)
        forms = [options]
        if component.shorthand:
            whole = book.definitions[f"condition.{name}"]
            forms.append(whole["properties"].get(component.shorthand, {}))
        named[name] = {"anyOf": forms, **_about(component)}
    one: Schema = {
        "type": "object",
        "properties": named,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    book.definitions["condition"] = {"anyOf": [{"type": ["string", "boolean"]}, one]}
    single = {"$ref": "#/$defs/condition"}
    return {"anyOf": [single, {"type": "array", "items": single}]}


def _triggers(catalogue: Catalogue, book: _Book) -> Schema:
    """An id and one key that names the kind."""
    kinds: dict[str, Schema] = {}
    for name, component in catalogue.triggers.items():
        options = book.add(f"trigger.{name}", component.Options)
        required = book.definitions[f"trigger.{name}"].get("required")
        kinds[name] = {**(options if required else {"anyOf": [options, {"type": "null"}]}), **_about(component)}
        if component.polls:
            book.definitions[f"trigger.{name}"]["allOf"] = _sources(catalogue, book)
    return {
        "type": "object",
        "description": "One call that the workflow answers: an id, and one key that names the kind of trigger.",
        "properties": {"id": book.definitions["workflow.TriggerItem"]["properties"]["id"], **kinds},
        "required": ["id"],
        "additionalProperties": False,
        "minProperties": 2,
        "maxProperties": 2,
    }


def _sources(catalogue: Catalogue, book: _Book) -> list[Schema]:
    """A polled source's options, and beside them the connection that is asked."""
    cases = _cases("source", catalogue.sources, book)
    for name in catalogue.sources:
        options = book.definitions[f"source.{name}"]
        account = {"type": "string", "description": "The account that is asked, by its name in antiphon.toml."}
        options["properties"] = {"connection": account, **options.get("properties", {})}
        options["required"] = ["connection", *options.get("required", ())]
    for case in cases:
        case["then"]["required"] = ["with"]
    return cases


def _uses(catalogue: Catalogue, book: _Book, step: Schema) -> Schema:
    """A `use` step: what is in `with` depends on what is used."""
    names = [{"const": name, **_about(component)} for name, component in catalogue.actions.items()]
    used = {**step["properties"]["use"], "oneOf": names}
    return {
        **step,
        "properties": {**step["properties"], "use": used},
        "allOf": _cases("use", catalogue.actions, book),
    }


def _cases(key: str, components: Mapping[str, type[Component]], book: _Book) -> list[Schema]:
    """What `with` is for every value of `key`."""
    cases = []
    for name, component in components.items():
        definition = f"{key}.{name}"
        then: Schema = {"properties": {"with": book.add(definition, component.Options, expressions=True)}}
        if book.definitions[definition].get("required"):
            then["required"] = ["with"]
        cases.append({"if": {"properties": {key: {"const": name}}, "required": [key]}, "then": then})
    return cases
