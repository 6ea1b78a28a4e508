"""Sending a message, and answering one, with what only e-mail has."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from antiphon import Composed, Draft, MessageAction, ReadContext, WordsOptions
from antiphon_networks.mail.client import MailReader
from antiphon_networks.mail.drafting import answer

OneClick = Annotated[str, Field(pattern=r"^https://[\x21-\x7e]+$", max_length=400)]


class LetterOptions(WordsOptions):
    """What every message has."""

    text: str = Field(description="The message as plain text.")
    html: str = Field("", description="The same as HTML, for those who read it so.")
    reply_to: str = Field("", description="Where answers go, if not to the sender.")
    automatic: bool = Field(
        True, description="Whether it says that a machine sent it, so that no machine answers it (RFC 3834)."
    )


class SendOptions(LetterOptions):
    """What to send, and to whom."""

    to: str | list[str] = Field(description="One address or several, such as `Ana <ana@example.org>`.")
    title: str = Field(alias="subject", min_length=1, description="The subject; line breaks in it become spaces.")
    sender: str = Field("", description="From whom, if not from the address of the connection.", alias="from")
    unsubscribe: OneClick | None = Field(
        None,
        description="The https address that takes the one click on “unsubscribe” (RFC 8058); `{token}` in it becomes "
        "the message's own, `{message}` its Message-ID. A way out by e-mail stands beside it.",
    )
    in_reply_to: str | None = Field(
        None, description="The Message-ID of the message that this one continues.", pattern=r"^<[^<>\s]{1,250}>$"
    )


class ReplyOptions(LetterOptions):
    """What to answer, and to what."""

    to: dict[str, Any] = Field(description="The message to answer: the event that brought it.")


class Send(MessageAction):
    """Sends an e-mail.

    use: email.send
    with:
      connection: post
      to: ana@example.org
      subject: "Your question about ${{ event.title }}"
      text: Good morning, and thank you for asking.

    All recipients see one another, and get it all or none of them. What went out cannot be called back.
    """

    name = "email.send"
    Options = SendOptions

    def draft(self, options: SendOptions) -> Draft:  # noqa: D102
        told = {"from": options.sender, "unsubscribe": options.unsubscribe, "in_reply_to": options.in_reply_to}
        return _with(super().draft(options), options, told)

    def compose(self, draft: Draft, options: SendOptions, ctx: ReadContext) -> Composed:  # noqa: D102
        to = [options.to] if isinstance(options.to, str) else options.to
        return ctx.connections.reader(options.connection, MailReader).compose_letter(draft, to)


class Reply(MessageAction):
    """Answers an e-mail, in its thread.

    use: email.reply
    with: {connection: post, to: "${{ event }}", text: Thank you for writing!}

    A message that a machine sent is not answered (RFC 3834): the step is left out, and the run goes on.
    """

    name = "email.reply"
    verb = "reply"
    told = "Answer"
    Options = ReplyOptions

    def draft(self, options: ReplyOptions) -> Draft:  # noqa: D102
        return _with(super().draft(options), options, {})

    def compose(self, draft: Draft, options: ReplyOptions, ctx: ReadContext) -> Composed:  # noqa: D102
        letter, to = answer(draft, options.to)
        return ctx.connections.reader(options.connection, MailReader).compose_letter(letter, [to])


def _with(draft: Draft, options: LetterOptions, more: dict[str, Any]) -> Draft:
    told = {"html": options.html, "reply_to": options.reply_to, "automatic": options.automatic, **more}
    return draft.model_copy(update={"options": told})
