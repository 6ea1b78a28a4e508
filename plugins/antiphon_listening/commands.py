"""`antiphon listening`: what a person says of what was heard."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from antiphon import InputError, Shell, verb
from antiphon_listening.corrections import checked, keep, training


def group() -> typer.Typer:
    """The words below `antiphon listening`."""
    words = typer.Typer(no_args_is_help=True, help="Correct how texts were understood, and use the corrections.")
    for function in (correct, corrections):
        verb(words, function)
    return words


def correct(
    shell: Shell,
    event: Annotated[str, typer.Argument(metavar="EVENT", help="The event, as `antiphon events list` shows it.")],
    sentiment: Annotated[str, typer.Option(help="negative, neutral or positive.")] = "",
    emotion: Annotated[str, typer.Option(help="anger, disgust, fear, joy, sadness, surprise or neutral.")] = "",
    intent: Annotated[str, typer.Option(help="complaint, purchase, question, praise or none.")] = "",
) -> None:
    """Say what an event's text really says; it holds from now on, for the event and for the same words elsewhere."""
    labels = checked({"sentiment": sentiment, "emotion": emotion, "intent": intent})
    with shell.workspace() as app:
        heard = app.store.events.get(event)
        if heard is None:
            raise InputError(f"There is no event {event}.", hint="`antiphon events list` shows the newest.")
        kept = keep(app.store.records, heard, labels, app.clock.now())
    told = ", ".join(f"{kind} {label}" for kind, label in kept.items())
    shell.answer({"event": event, **kept}, f"{event}: {told}")


def corrections(
    shell: Shell, limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")] = 10_000
) -> None:
    """Write what was corrected as training data: a JSON object a line, with the text and its labels."""
    with shell.workspace() as app:
        found = training(app.store.records, app.store.events, limit)
    shell.answer(found, *(json.dumps(one, ensure_ascii=False) for one in found))
