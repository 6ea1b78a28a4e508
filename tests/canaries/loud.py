"""The command line, one word after the other, with every logger of the process writing all it knows into a file.

Arguments: a file of JSON with the words and the file for the log. Two words are none of the command line: "web" calls
the pages, with method, path, body and the headers as JSON; "wake" polls a trigger of a workflow and answers.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

LOUD = (
    "httpx",
    "httpcore",
    "httpcore.http11",
    "httpcore.connection",
    "sqlalchemy.engine",
    "sqlalchemy.pool",
    "antiphon",
)


def main(words: str, log: str) -> None:
    """Run all, and go on after a crash, whose traceback goes where Python would write it."""
    logging.basicConfig(filename=log, level=0, format="%(levelname)s %(name)s %(message)s")
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.DEBUG)
    from antiphon.cli.app import cli

    for line in json.loads(Path(words).read_text()):
        sys.stdout.write(f"\n$ {line[0]} {line[1] if line[1:] else ''}\n")
        try:
            OTHERS[line[0]](*line[1:]) if line[0] in OTHERS else cli(line, standalone_mode=False)
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()


def web(method: str, path: str, body: str = "", headers: str = "{}") -> None:
    """One request to the workspace's own pages, as `antiphon up` serves them."""
    from fastapi.testclient import TestClient

    from antiphon.cli.shell import Shell
    from antiphon.web.server import create

    with Shell(Path.cwd()).workspace() as app:
        client = TestClient(create(app), base_url="http://127.0.0.1:8770", raise_server_exceptions=False)
        answer = client.request(method, path, content=body.encode(), headers=json.loads(headers))
        sys.stdout.write(f"{answer.status_code} {dict(answer.headers)}\n{answer.text}\n")


def wake(workflow: str, trigger: str = "") -> None:
    """What the orchestrator does for a workflow."""
    from antiphon.cli.shell import Shell

    with Shell(Path.cwd()).workspace() as app:
        if trigger:
            app.wake(workflow, trigger)
        app.route()
        sys.stdout.write(f"{app.activate(workflow)!r}\n")


OTHERS: dict[str, Callable[..., None]] = {"web": web, "wake": wake}

if __name__ == "__main__":
    main(*sys.argv[1:])
