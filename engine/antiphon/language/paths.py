"""Chains of fixed names in a syntax tree: what an expression refers to, and what a complaint calls its parts."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import nodes

from antiphon.language.values import ExpressionError


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that an expression refers to: the longest chain of fixed names, and where it begins in the text."""

    path: tuple[str, ...]
    offset: int


def fixed_path(node: nodes.Node) -> tuple[str, ...] | None:
    """The names of a chain such as `steps.copy['short']`; None when a part of it is computed."""
    names: list[str] = []
    while True:
        match node:
            case nodes.Name():
                return (public(node.name), *reversed(names))
            case nodes.Getattr():
                names.append(public(node.attr))
                node = node.node
            case nodes.Getitem(arg=nodes.Const(value=str() as key)):
                names.append(key)
                node = node.node
            case _:
                return None


def label(node: nodes.Node) -> str:
    """A part of an expression as a complaint names it."""
    if (names := fixed_path(node)) is not None:
        return ".".join(names)
    match node:
        case nodes.Getattr():
            return f"{label(node.node)}.{node.attr}"
        case nodes.Getitem(arg=nodes.Const(value=key)):
            return f"{label(node.node)}[{key}]"
        case nodes.Filter() if node.node is not None:
            return f"{label(node.node)} | {node.name}"
    return "this value"


def root(node: nodes.Node) -> nodes.Node:
    """Where a chain begins."""
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        node = node.node
    return node


def public(name: str) -> str:
    """The name itself, if it may be used: none that begins with `_` may."""
    if name.startswith("_"):
        raise ExpressionError(f"`{name}` cannot be used: names do not begin with `_`.")
    return name
