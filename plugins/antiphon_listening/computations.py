"""Understanding, as a step."""

from __future__ import annotations

from typing import Any

from pydantic import Field

import antiphon
from antiphon import Computation, ReadContext
from antiphon_listening.corrections import judged


class Understand(Computation):
    """Tell the language of a text, how it feels, and what is wanted.

        id: said
        use: listening.understand
        with: {text: "${{ event.text }}"}

    The result has `language`, and `sentiment`, `emotion` and `intent` with a `label` and a `score` from 0 to 1 each.
    `by` is `person` where somebody has corrected it. French and English are read; of other languages the labels are
    `unknown`.
    """

    name = "listening.understand"

    class Options(antiphon.Options):
        """What is read."""

        text: str = Field(description="The text; its first 2,000 characters are read.")
        language: str = Field(
            default="", description="Its language, where that is known; else it is told from the words."
        )

    def compute(self, options: Options, ctx: ReadContext) -> Any:
        """The labels of the text."""
        return judged(options.text, ctx, options.language).document()
