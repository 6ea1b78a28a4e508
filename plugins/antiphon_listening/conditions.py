"""Conditions on what a text says."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

import antiphon
from antiphon import Condition, ReadContext, Verdict
from antiphon_listening.corrections import judged
from antiphon_listening.query import parse
from antiphon_listening.understanding import Said


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _query(value: str) -> str:
    return parse(value).text


class TextOptions(antiphon.Options):
    """What is read."""

    of: Any = Field(description="The text; usually an expression.")
    language: str = Field(default="", description="Its language, where that is known; else it is told from the words.")
    at_least: float = Field(default=0.5, ge=0, le=1, description="How likely it must be.")


class _Judged(Condition):
    """What the conditions on labels have in common."""

    asked: ClassVar[str]

    def judge(self, options: Any, ctx: ReadContext) -> Verdict:
        """Whether the label is one of those asked for, and likely enough; shows both."""
        if not isinstance(options.of, str):
            return Verdict(holds=False, because=f"{options.of!r:.60} is not a text")
        understood = judged(options.of, ctx, options.language)
        said: Said = getattr(understood, self.asked)
        holds = said.label in options.is_ and said.score >= options.at_least
        by = "a person says" if understood.by == "person" and said.score == 1 else f"{said.score:.2f}"
        wanted = " or ".join(options.is_)
        because = f"its {self.asked} is {said.label} ({by}); asked for is {wanted}, at least {options.at_least:g}"
        return Verdict(holds=holds, because=because)


class Sentiment(_Judged):
    """Holds when a text in French or English feels as described.

    sentiment: {of: "${{ event.text }}", is: negative, at_least: 0.6}
    """

    name = "sentiment"
    asked = "sentiment"

    class Options(TextOptions):
        """Which sentiment."""

        is_: Annotated[list[Literal["negative", "neutral", "positive"]], BeforeValidator(_as_list)] = Field(
            alias="is", min_length=1, description="The sentiment, or a list of them."
        )


class Emotion(_Judged):
    """Holds when a text in French or English shows an emotion.

    emotion: {of: "${{ event.text }}", is: [anger, disgust], at_least: 0.3}
    """

    name = "emotion"
    asked = "emotion"

    class Options(TextOptions):
        """Which emotion."""

        is_: Annotated[
            list[Literal["anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral"]],
            BeforeValidator(_as_list),
        ] = Field(alias="is", min_length=1, description="The emotion, or a list of them.")


class Intent(_Judged):
    """Holds when a text in French or English shows that somebody wants something of the brand.

    intent: {of: "${{ event.text }}", is: [complaint, question]}
    """

    name = "intent"
    asked = "intent"

    class Options(TextOptions):
        """Which intent."""

        is_: Annotated[
            list[Literal["complaint", "purchase", "question", "praise", "none"]], BeforeValidator(_as_list)
        ] = Field(alias="is", min_length=1, description="The intent, or a list of them.")


class Asked(Condition):
    """Holds when a text is as a query says, with AND, OR, NOT, NEAR, brackets and phrases, without case and accents.

        query: {of: "${{ event.text }}", is: '(torréa OR "café torréa") AND NOT concours'}

    NOT binds most, then NEAR, AND and OR. Words are whole; `rembours*` is any word that begins so, `livraison NEAR/5
    retard` has at most five words between, and what stands under NOT excludes.
    """

    name = "query"

    class Options(antiphon.Options):
        """What is asked of which text."""

        of: Any = Field(description="The text, or a list of texts; usually an expression.")
        is_: Annotated[str, BeforeValidator(_query)] = Field(alias="is", description="The query.")

    def judge(self, options: Options, ctx: ReadContext) -> Verdict:
        """Whether the texts together are as asked; shows which of the query's phrases they say."""
        texts = options.of if isinstance(options.of, list | tuple) else [options.of]
        said = "\n".join(text for text in texts if isinstance(text, str))
        if not said:
            return Verdict(holds=False, because="there is no text")
        query = parse(options.is_)
        found = query.found(said)
        told = f"says {', '.join(found[:5])}" if found else "says nothing that is looked for"
        holds = query.holds(said)
        return Verdict(
            holds=holds, because=f"it {told}" + ("" if holds or not found else ", and is excluded or misses")
        )
