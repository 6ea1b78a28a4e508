"""Threads: one text as several posts, each published once, each below the one before."""

from __future__ import annotations

from typing import Any

from antiphon.components.action import Action
from antiphon.components.capabilities import Ability, Composes, Publishes, Threads
from antiphon.components.context import PerformContext, ReadContext
from antiphon.components.posting import (
    SKEW,
    WordsOptions,
    draft_of,
    looked_up,
    network_key,
    receipted,
    uploads_of,
    with_media,
)
from antiphon.components.targets import short
from antiphon.model.effect import Done, Effect, Outcome, Receipt, Rejected

_KIND = "thread.part"


class ThreadAction(Action):
    """Publishes a text as a thread, on any network that has threads; as one post, where it fits into one.

    What was published is noted part by part, so an attempt that broke off goes on where it stood. Only the part that
    was being published then can be in doubt, and it is looked up like any post.
    """

    ability = Ability.THREAD
    Options = WordsOptions

    def plan(self, options: WordsOptions, ctx: ReadContext) -> Effect:
        """The exact content of every part; the media go with the first."""
        name = options.connection
        media = tuple(ctx.files.look(one) for one in options.media)
        composer = ctx.connections.reader(name, Composes)
        texts = ctx.connections.reader(name, Threads).split(options.text.strip())
        draft = draft_of(options)
        parts = [
            composer.compose(draft.model_copy(update={"text": text, "media": () if index else media}))
            for index, text in enumerate(texts)
        ]
        told = f"Post {len(parts)} parts as {name} on {parts[0].place}: “{short(parts[0].text)}”"
        payload = with_media({"parts": [part.payload for part in parts]}, media)
        return ctx.effect(self.name, told, payload, connection=name, verb="post", cost=sum(part.cost for part in parts))

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Publish the parts that are not published yet, in order."""
        writer = ctx.connections.writer(effect.connection, Publishes)
        payloads, receipts = effect.payload["parts"], published_parts(effect, ctx)
        for index in range(len(receipts), len(payloads)):
            payload = self._part(effect, index, receipts, ctx)
            media = () if index else uploads_of(effect, ctx)
            match writer.publish(payload, network_key(effect, f"#{index}"), media):
                case Done(receipt):
                    receipts.append(_noted(effect, index, receipt, ctx))
                case Rejected(reason, fix) if index:
                    because = f"{index} of {len(payloads)} parts are published, and the next was refused: {reason}"
                    return Rejected(because, fix or "Delete them, or publish the rest by hand.")
                case other:
                    return other
        return receipted(effect, _whole(receipts))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """Whether the part that was being published then is there; None lets the thread go on behind it."""

        def look() -> Outcome | None:
            receipts = published_parts(effect, ctx)
            index = len(receipts)
            if index < len(effect.payload["parts"]):
                payload, key = self._part(effect, index, receipts, ctx), network_key(effect, f"#{index}")
                writer = ctx.connections.writer(effect.connection, Publishes)
                made = {receipt.remote_id for receipt in receipts}
                found = writer.find_published(
                    payload, key, ctx.claimed_at - SKEW, lambda remote_id: remote_id in made or ctx.made(remote_id)
                )
                if not isinstance(found, Done):
                    return found
                receipts.append(_noted(effect, index, found.receipt, ctx))
            return _whole(receipts) if len(receipts) == len(effect.payload["parts"]) else None

        return looked_up(effect, look)

    def _part(self, effect: Effect, index: int, receipts: list[Receipt], ctx: PerformContext) -> dict[str, Any]:
        payload: dict[str, Any] = effect.payload["parts"][index]
        if not index:
            return payload
        return ctx.connections.reader(effect.connection, Threads).continued(payload, receipts[0], receipts[-1])


def published_parts(effect: Effect, ctx: PerformContext) -> list[Receipt]:
    """The receipts of the parts that are known to be published, in order."""
    receipts: list[Receipt] = []
    while record := ctx.records.get(_KIND, f"{network_key(effect)}#{len(receipts)}"):
        receipts.append(Receipt.model_validate(record.data))
    return receipts


def _noted(effect: Effect, index: int, receipt: Receipt, ctx: PerformContext) -> Receipt:
    key = f"{network_key(effect)}#{index}"
    ctx.records.put(_KIND, key, receipt.model_dump(mode="json"), ctx.clock.now())
    return receipt


def _whole(receipts: list[Receipt]) -> Outcome:
    """The receipt of a thread is that of its first post; its result names them all."""
    first = receipts[0]
    parts = [{"remote_id": one.remote_id, "url": one.url} for one in receipts]
    return Done(first.model_copy(update={"data": {**first.data, "parts": parts}}))
