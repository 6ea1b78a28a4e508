"""Connections that a document names: each of the workspace's, and to a network that can do what is asked of it."""

from __future__ import annotations

from typing import Any

from antiphon.compiler.findings import Findings
from antiphon.compiler.surroundings import Surroundings
from antiphon.components.component import Component
from antiphon.language import has_expression
from antiphon.model.document import Path
from antiphon.suggest import nearest

_ADD = "Add it to antiphon.toml, or by `antiphon connections add`."


def check_connection(
    component: type[Component], options: Any, path: Path, findings: Findings, around: Surroundings
) -> None:
    """Check that a `connection:` is one of the workspace's, to the network whose name the component's begins with, or
    to one that has the ability it needs."""
    connection = options.get("connection") if isinstance(options, dict) else None
    if around.connections is None or not isinstance(connection, str) or has_expression(connection):
        return
    here = (*path, "connection")
    network = component.name.partition(".")[0]
    found = around.connections.get(connection)
    own = network in around.catalogue.connectors
    if found is None:
        fitting = [known for known in around.connections if _fits(component, known, around)]
        wanted = f" to {network}" if own else f" that can {component.ability}" if component.ability else ""
        listed = f"The connections{wanted} are {', '.join(fitting)}." if fitting else _ADD
        findings.add(here, f"There is no connection `{connection}`.", nearest(connection, fitting) or listed)
    elif not _fits(component, connection, around):
        why = f"not to {network}" if own else f"which cannot {component.ability}"
        findings.add(here, f"`{connection}` is a connection to {found}, {why}.", _fitting(component, around))


def check_connections(options: Any, path: Path, findings: Findings, around: Surroundings) -> None:
    """Check that each of the `connections:` of a wide source is one of the workspace's."""
    named = options.get("connections") if isinstance(options, dict) else None
    if around.connections is None or not isinstance(named, list):
        return
    for index, connection in enumerate(named):
        if isinstance(connection, str) and connection not in around.connections:
            hint = nearest(connection, list(around.connections)) or _ADD
            findings.add((*path, "connections", index), f"There is no connection `{connection}`.", hint)


def _fits(component: type[Component], connection: str, around: Surroundings) -> bool:
    connectors = around.catalogue.connectors
    network, found = component.name.partition(".")[0], (around.connections or {})[connection]
    if network in connectors:
        return found == network
    # What a connector can that is not installed is not known; that it is missing is told elsewhere.
    return component.ability is None or found not in connectors or component.ability in connectors[found].abilities()


def _fitting(component: type[Component], around: Surroundings) -> str:
    fitting = [known for known in around.connections or {} if _fits(component, known, around)]
    if component.ability is None or component.name.partition(".")[0] in around.catalogue.connectors:
        return f"Name {' or '.join(fitting)}." if fitting else "Name another one."
    if fitting:
        return f"The connections that can are {', '.join(fitting)}."
    can = [name for name, one in around.catalogue.connectors.items() if component.ability in one.abilities()]
    return f"None of the workspace's can; connect one to {' or '.join(can)}." if can else "No network here can."
