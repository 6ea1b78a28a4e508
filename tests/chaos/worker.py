"""Workers: real processes that answer what a workspace hears until nothing is left to do, or until they are killed.

This script has loaded everything and forks a worker for each line of JSON that it reads, since a fresh interpreter for
each of some hundred workers would take minutes. It tells the process id, the boundary at which the fuse killed it, if
it did, whether it could not ask what is new, and how it ended.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.chaos.clock import SharedClock
from tests.chaos.fuse import Fuse

from antiphon.app import Antiphon
from antiphon.errors import AccessLost, RetryLater
from antiphon.registry import Registry
from antiphon.store import database  # loaded here, once

CLOCK = "clock"
assert database


@dataclass(frozen=True)
class Job:
    """Where to work, and at which boundary to die: its name, or the how-manieth crossing of any.

    With `stop` it only falls asleep there (SIGSTOP), until somebody wakes it.
    """

    folder: str
    die_at: str | int | None = None
    stop: bool = False


def work(job: Job) -> None:
    """Ask, route and answer, until there is nothing to do at this moment."""
    folder = Path(job.folder)
    app = Antiphon.open(folder, clock=SharedClock(folder / CLOCK))
    assert not app.compiled.problems, app.compiled.problems
    by = signal.SIGSTOP if job.stop else signal.SIGKILL
    Fuse(job.die_at, lambda boundary: say(killed_at=boundary), by).into(app)
    for waking in app.poll_triggers():
        try:
            app.wake(waking.workflow, waking.trigger)
        except RetryLater:
            say(unheard=True)
        except AccessLost:
            pass  # nothing is heard before a person has renewed the token
    app.route()
    while waiting := app.unfinished():
        done = [app.activate(workflow) for workflow in waiting]
        if not any(one.runs for one in done):
            break  # others are at work on what is left
        app.route()
    app.close()


def say(**what: object) -> None:
    """Tell the test something, at once and whole."""
    os.write(1, json.dumps(what).encode() + b"\n")


def main() -> None:
    """Fork a worker for each job."""
    Registry.load(Path())  # its plugins stay loaded
    say(ready=True)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            code = 1
            try:
                work(Job(**json.loads(line)))
                code = 0
            except BaseException as error:
                import traceback

                say(raised=f"{type(error).__name__}: {error}", trace=traceback.format_exc())
            os._exit(code)
        say(pid=child)
        status = os.waitpid(child, os.WUNTRACED)[1]
        if os.WIFSTOPPED(status):
            say(asleep=True)
            status = os.waitpid(child, 0)[1]
        say(ended=os.waitstatus_to_exitcode(status))


def line_of(job: Job) -> str:
    """A job as the script reads it."""
    return json.dumps(asdict(job)) + "\n"


if __name__ == "__main__":
    main()
