"""The trace of an activation on Prefect's page: a table of runs, each with the way to its own page."""

from __future__ import annotations

from prefect.artifacts import create_markdown_artifact

from antiphon.model.activation import Activation

MOST = 100
"""How many runs are listed; a batch may hold thousands."""


def leave_trace(done: Activation, base_url: str) -> None:
    """Attach the table to the flow run that is under way; an activation without runs leaves none."""
    if done.runs:
        create_markdown_artifact(
            key=done.workflow.replace("_", "-"), markdown=table(done, base_url), description=done.summary
        )


def table(done: Activation, base_url: str) -> str:
    """The runs in Markdown: state, reason, and a link to the run's trace."""
    lines = [f"{done.summary}.", "", "| run | state | because |", "|---|---|---|"]
    lines += [
        f"| [{run.id}]({base_url}/runs/{run.id}) | {run.state} | {_cell(run.because)} |" for run in done.runs[:MOST]
    ]
    if len(done.runs) > MOST:
        lines += ["", f"and {len(done.runs) - MOST} more: [all runs]({base_url}/runs)"]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())
