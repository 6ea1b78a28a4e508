"""Taking back what was done."""

from __future__ import annotations

from antiphon import Effect, ReadContext


def taken_back(effect: Effect, verb: str, remote_id: str, ctx: ReadContext) -> Effect:
    """The effect that takes back another one by doing `verb` to a status."""
    return ctx.effect(
        f"mastodon.{verb}",
        f"{verb.capitalize()} post {remote_id} as {effect.connection}: takes back “{effect.summary}”",
        {"status": remote_id},
        connection=effect.connection,
        verb=verb,
    )
