"""Finding the words for a reply."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

from pydantic import Field

import antiphon
from antiphon import Computation, GiveUp, ReadContext, fill_placeholders, first_name
from antiphon_inbox.library import FALLBACK, Library


class Compose(Computation):
    """Choose a reply from the shipped templates by occasion, language and tone, and put the names in.

    id: reply
    use: inbox.compose
    with:
      occasion: complaint
      language: ${{ event.language }}
      person: ${{ event.author.name }}
      values: {brand: Torréa, signature: Nina}
    """

    name = "inbox.compose"

    class Options(antiphon.Options):
        """What is answered, to whom, and how."""

        occasion: Literal["complaint", "praise", "question"] = Field(
            default="complaint", description="What the reply is an answer to."
        )
        language: str = Field(
            default="", description="The person's language, such as `fr` or `fr-CA`; else the workspace's."
        )
        tone: Literal["warm", "formal"] = Field(default="warm", description="How the brand speaks.")
        person: str = Field(default="", description="The person's name as the network shows it, for {{ first_name }}.")
        values: dict[str, str | None] = Field(
            default={}, description="What stands for the other placeholders, such as brand and signature."
        )
        text: str = Field(default="", description="Words of your own with {{ placeholders }}, instead of a template.")

    def compute(self, options: Options, ctx: ReadContext) -> Any:
        """`text` and `language`. The same event is always answered in the same words."""
        wanted = options.language or ctx.here.language
        values = {"first_name": first_name(options.person), **options.values}
        if options.text:
            return {"text": fill_placeholders(options.text, values), "language": wanted}
        language, texts = Library.shipped().find(options.occasion, wanted, options.tone)
        if not texts:
            raise GiveUp(
                f"There is no {options.tone} template for {options.occasion} in {wanted} or {FALLBACK}.",
                hint="Write the reply in `text`.",
            )
        # Chosen by what is answered, so that not everybody gets the same words, and a repetition does.
        seed = hashlib.sha256((ctx.here.event or ctx.here.run).encode()).digest()[0]
        return {"text": fill_placeholders(texts[seed % len(texts)], values), "language": language}
