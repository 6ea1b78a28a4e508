"""The action that only says something."""

from __future__ import annotations

import logging
from typing import Any, Literal

from pydantic import Field

from antiphon.components.action import Computation
from antiphon.components.component import Options
from antiphon.components.context import ReadContext

LOGGER = logging.getLogger("antiphon.workflow")
"""Where `log` steps speak; every record carries `workflow`, `run`, `step` and `data`."""


class LogOptions(Options):
    """What is said, and how loudly."""

    message: str = Field(description="The sentence.")
    level: Literal["debug", "info", "warning", "error"] = Field("info", description="How important it is.")
    data: Any = Field(None, description="Anything that goes with it; it is shown in the run.")


class Log(Computation):
    """Writes a line into the log, and into the trace of the run.

        - use: log
          with: {message: "Nothing new from ${{ event.author.handle }}", level: info}

    It speaks in plans too. The result of the step is what was said.
    """

    name = "log"
    Options = LogOptions

    def compute(self, options: LogOptions, ctx: ReadContext) -> dict[str, Any]:
        """Say it, and hand it back."""
        here = ctx.here
        LOGGER.log(
            logging.getLevelNamesMapping()[options.level.upper()],
            "%s",
            options.message,
            extra={"workflow": here.workflow, "run": here.run, "step": here.step, "data": options.data},
        )
        return options.model_dump(mode="json")
