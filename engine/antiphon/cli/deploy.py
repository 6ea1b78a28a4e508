"""`antiphon deploy`: the workflows as Prefect knows them."""

from __future__ import annotations

from antiphon.cli.exits import Exit
from antiphon.cli.printing import sheet
from antiphon.cli.shell import Shell


def deploy(shell: Shell) -> Exit | None:
    """Register the enabled workflows with Prefect, and remove those that are gone. Twice changes nothing."""
    from antiphon.orchestrator.session import session

    with shell.workspace() as app, session(app, on_progress=shell.note):
        # It imports Prefect, which reads its settings on the way in.
        from antiphon.orchestrator.deployments import deploy as register

        done = register(app)
    named = {"added": done.added, "changed": done.changed, "removed": done.removed, "kept": done.kept}
    shell.answer(named, sheet([(word, ", ".join(names) or "none") for word, names in named.items()]))
    return None
