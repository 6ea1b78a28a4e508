"""Notifying."""

from __future__ import annotations

from pydantic import Field

from antiphon import Action, Effect, GiveUp, Notifier, Options, Outcome, PerformContext, ReadContext
from antiphon_networks.notify.connector import Service


class NotificationOptions(Options):
    """What is said, and where."""

    connection: str = Field(description="The connection to notify through.")
    text: str = Field(description="The message, in plain text.")
    title: str = Field("", description="A title, for services that have one; others show it above the text.")


class SendNotification(Action):
    """Sends a notification to a chat, a phone or a mailbox.

    use: notify.send
    with: {connection: phone, title: Complaint, text: "${{ event.author.handle }}: ${{ event.url }}"}
    """

    name = "notify.send"
    Options = NotificationOptions

    def plan(self, options: NotificationOptions, ctx: ReadContext) -> Effect:  # noqa: D102
        service = ctx.connections.reader(options.connection, Service)
        text, title = options.text.strip(), " ".join(options.title.split())
        if not text:
            raise GiveUp("There is nothing to send: the text is empty.", hint="Look at the expressions in `text`.")
        if (count := len(title) + len(text)) > service.longest:
            raise GiveUp(
                f"Title and text have {count:,} characters; {service.name} takes {service.longest:,}.",
                hint=f"Cut the text with `| truncate({max(0, service.longest - len(title))})`.",
            )
        payload = {"text": text, **({"title": title} if title else {})}
        told = f"Notify {options.connection} ({service.name}): “{title or text}”"
        return ctx.effect(self.name, told, payload, connection=options.connection, verb="send")

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:  # noqa: D102
        notifier = ctx.connections.writer(effect.connection, Notifier)
        return notifier.send(effect.payload["text"], effect.payload.get("title", ""))
