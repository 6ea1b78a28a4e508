"""What a draft comes to as e-mail: who, to whom, in which thread, with which way out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from antiphon import Composed, Draft, GiveUp, Limits, Skip
from antiphon_networks.mail.addresses import Mailbox, mailboxes, one_line

LIMITS = Limits.beside(__file__)

_SUBJECT = 60
"""Characters of the first line that become the subject of a message without a title."""


def drafted(draft: Draft, to: Sequence[str], sender: Mailbox) -> Composed:
    """The content of a message. Raises GiveUp for what cannot be sent.

    The draft's `options` are `from`, `reply_to`, `html`, `automatic`, `unsubscribe` (an address that takes one click),
    `in_reply_to` and `references`, each where it is given.
    """
    options = draft.options
    recipients = mailboxes(to, "to")
    subject = one_line(draft.title, 500) or one_line(draft.text.strip().partition("\n")[0], _SUBJECT)
    if not recipients:
        raise GiveUp("There is nobody to send it to.", hint="Look at `to`.")
    if len(recipients) > LIMITS.number("recipients.most"):
        raise GiveUp(
            f"{len(recipients)} recipients are more than one message takes ({LIMITS.number('recipients.most')}).",
            hint="Send it to a list, or to each by a message of their own.",
        )
    if not draft.text.strip():
        raise GiveUp("There is nothing to send: the text is empty.", hint="Look at the expressions in `text`.")
    (author,) = mailboxes(options.get("from") or str(sender), "from")
    payload: dict[str, Any] = {
        "from": str(author),
        "to": [str(one) for one in recipients],
        "subject": subject,
        "text": draft.text,
        "automatic": options.get("automatic", True),
    }
    if options.get("html"):
        payload["html"] = options["html"]
    for one in mailboxes(options["reply_to"], "reply_to") if options.get("reply_to") else ():
        payload["reply_to"] = str(one)
    if options.get("unsubscribe"):
        payload["unsubscribe"] = {"url": options["unsubscribe"], "address": sender.address}
    if options.get("in_reply_to"):
        payload["in_reply_to"] = options["in_reply_to"]
        payload["references"] = _thread(options.get("references") or (), options["in_reply_to"])
    place = f"{author.address}, to {_names(recipients)}"
    return Composed(payload, f"{subject}: {draft.text}", place, recipients=tuple(one.address for one in recipients))


def answer(draft: Draft, event: Mapping[str, Any]) -> tuple[Draft, str]:
    """A draft as an answer to the message that an event brought, and where it goes.

    Raises Skip for a message that a machine sent (RFC 3834, 2), and GiveUp for what is no e-mail.
    """
    if event.get("network") != "email" or not event.get("reply_to"):
        told = event.get("network") or "no network"
        hint = "Give an event of email.messages; email.send writes to anybody."
        raise GiveUp(f"This event is not about an e-mail, but about something on {told}.", hint=hint)
    if event.get("automatic"):
        raise Skip("A machine sent this message; machines that answer one another never end.")
    subject = str(event.get("subject") or "")
    title = subject if subject.lower().startswith("re:") else f"Re: {subject}".strip()
    thread = {"in_reply_to": str(event.get("message_id") or ""), "references": event.get("references") or ()}
    return draft.model_copy(update={"title": title, "options": {**draft.options, **thread}}), str(event["reply_to"])


def _thread(known: Sequence[Any], answered: str) -> list[str]:
    """The thread of an answer (RFC 5322, 3.6.4): its first message and the newest ones, where it has grown long."""
    thread = list(dict.fromkeys([*map(str, known), answered]))
    most = LIMITS.number("references.most")
    return thread if len(thread) <= most else [thread[0], *thread[1 - most :]]


def _names(recipients: Sequence[Mailbox]) -> str:
    shown = ", ".join(one.address for one in recipients[:3])
    return shown + (f" and {len(recipients) - 3} more" if len(recipients) > 3 else "")
