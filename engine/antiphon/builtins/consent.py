"""The action that writes consent down: what somebody agreed to, in which words, with the event that proves it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from antiphon.components.action import Action
from antiphon.components.component import Options
from antiphon.components.consents import Word, keep_wording, record
from antiphon.components.context import PerformContext, ReadContext
from antiphon.errors import GiveUp, InputError
from antiphon.model.effect import Done, Effect, Outcome, Receipt


class ConsentOptions(Options):
    """Who says what to what."""

    person: dict[str, Any] | str = Field(description="Who: an author, or an id or address.")
    channel: str = Field(min_length=1, pattern=r"^[^:\s]+$", description="On which channel, such as `email`.")
    purpose: str = Field("", pattern=r"^[^:]*$", description="To what purpose, such as `newsletter`.")
    given: bool = Field(True, description="Whether they agree, or withdraw.")
    text: str = Field("", description="The text that was shown to them, exactly.")
    basis: str = Field("", description="How it was given, in a few words.")
    proof: str = Field("", description="The id of the event by which they said it; that of the run when left out.")
    source: str = Field("", description="Where it was given, such as the address of the form.")


class RecordConsent(Action):
    """Writes down that somebody agrees to be reached for a purpose, or does not any more.

        - use: consent.record
          with:
            person: ${{ event.author }}
            channel: email
            purpose: newsletter
            text: Send me the news of the roastery once a month.
            source: https://torrea.example/news

    The event is the proof, and its time is the time of the word. Every word is kept; the last one counts.
    """

    name = "consent.record"
    Options = ConsentOptions
    outward = False

    def plan(self, options: ConsentOptions, ctx: ReadContext) -> Effect:
        """The word as it would be written. Raises GiveUp when nobody is named."""
        told = options.person
        name = str(told if isinstance(told, str) else told.get("id") or told.get("email") or told.get("handle") or "")
        if not name.strip():
            raise GiveUp("The consent is nobody's.", hint="Write `person: ${{ event.author }}`.")
        proof = options.proof or ctx.here.event
        event = ctx.events.get(proof) if proof else None
        if options.proof and event is None:
            raise GiveUp(f"There is no event {proof} that would prove it.", hint="Leave `proof` out, or correct it.")
        word = Word(
            **options.model_dump(include={"channel", "purpose", "given", "basis", "source"}),
            since=(event.at if event else ctx.clock.now()).isoformat(),
            proof=proof,
            by=f"workflow:{ctx.here.workflow}",
        )
        what = f"{word.purpose} by {word.channel}" if word.purpose else word.channel
        summary = f"{name} {'consents to' if word.given else 'withdraws the consent to'} {what}"
        payload = {"person": name, "word": word.model_dump(), "text": options.text}
        return ctx.effect(self.name, summary, payload).model_copy(update={"idempotency": "native"})

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Write it down; the same word, told twice, is one."""
        now, told = ctx.clock.now(), effect.payload
        digest = keep_wording(ctx.records, told["text"], now)
        word = Word.model_validate({**told["word"], "wording": digest})
        try:
            people = record(ctx.people, told["person"], word, now)
        except InputError as error:
            raise GiveUp(error.sentence, hint=error.hint) from error
        return Done(Receipt(at=now, data={"persons": [person.id for person in people], "wording": digest}))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """To write the same word again changes nothing, so what is in doubt is done again."""
        return None
