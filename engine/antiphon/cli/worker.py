"""`antiphon worker`: one worker of a distributed installation."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from antiphon.cli.exits import Exit
from antiphon.cli.shell import Shell
from antiphon.errors import SetupError


def worker(
    shell: Shell,
    at_once: Annotated[int, typer.Option(min=1, max=64, help="How many flow runs are under way at a time.")] = 4,
) -> Exit | None:
    """Take flow runs from the Prefect server and run them, until Ctrl-C. It is live."""
    from antiphon.orchestrator.server import ServerHouse
    from antiphon.orchestrator.session import session

    with shell.workspace() as app:
        settings = app.settings
        if not settings.prefect_api_url and not ServerHouse(settings.data, settings.prefect.port).running():
            hint = "Set api_url under [prefect] in antiphon.toml, or run `antiphon up` in this folder."
            raise SetupError("There is no Prefect server to work for.", hint=hint)
        with session(app, on_progress=shell.note):
            from antiphon.orchestrator.bench import lay
            from antiphon.orchestrator.worker import WorkerThread

            signal.signal(signal.SIGTERM, signal.default_int_handler)
            lay(app)
            thread = WorkerThread(at_once=at_once)
            thread.start()
            shell.note("Working. Ctrl-C ends it; what is under way is given time.")
            try:
                while True:
                    thread.check()
                    app.clock.sleep(1)
            except KeyboardInterrupt:
                shell.note("stopping")
            finally:
                thread.stop()
    return None
