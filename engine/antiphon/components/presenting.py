"""Presenting: how an account looks, on whatever network a connection leads to."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field, model_validator

from antiphon.components.action import Action
from antiphon.components.capabilities import Ability, ComposesProfile, SetsProfile
from antiphon.components.component import Options
from antiphon.components.context import PerformContext, ReadContext
from antiphon.components.posting import looked_up, receipted
from antiphon.model.draft import Attachment, Medium
from antiphon.model.effect import Effect, Outcome
from antiphon.model.profile import Profile

_IMAGES = ("avatar", "banner")


class ProfileOptions(Options):
    """What to change; what is left out stays as it is."""

    connection: str = Field(description="The connection whose account is presented.")
    name: str | None = Field(None, description="The name that is shown.")
    bio: str | None = Field(None, description="What the account says of itself.")
    fields: dict[str, str] | None = Field(None, description="Lines of a table, such as a website.")
    avatar: Attachment | None = Field(None, description="The small image.")
    banner: Attachment | None = Field(None, description="The wide image.")

    @model_validator(mode="after")
    def _changes_something(self) -> ProfileOptions:
        if not self.changed:
            raise ValueError("a profile is changed by at least one of name, bio, fields, avatar and banner")
        return self

    @property
    def changed(self) -> tuple[str, ...]:
        """The parts that are given."""
        parts = ("name", "bio", "fields", *_IMAGES)
        return tuple(part for part in parts if getattr(self, part) is not None)


class ProfileAction(Action):
    """Sets how the account presents itself, on any network that lets it."""

    ability = Ability.PROFILE
    Options: ClassVar[type[ProfileOptions]] = ProfileOptions

    def plan(self, options: ProfileOptions, ctx: ReadContext) -> Effect:
        """The exact content, with the fingerprints of the images."""
        name = options.connection
        given = {part: getattr(options, part) for part in _IMAGES}
        images = {part: ctx.files.look(image) for part, image in given.items() if image is not None}
        profile = Profile(name=options.name, bio=options.bio, fields=options.fields, **images)
        composed = ctx.connections.reader(name, ComposesProfile).compose_profile(profile)
        told = f"Set {' and '.join(options.changed)} of {name} on {composed.place}"
        payload: dict[str, Any] = {
            "profile": composed.payload,
            **{part: image.model_dump(exclude_defaults=True) for part, image in images.items()},
        }
        return ctx.effect(self.name, told, payload, connection=name, verb="profile", cost=composed.cost)

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:  # noqa: D102
        payload = effect.payload
        media = {part: ctx.files.load(Medium.model_validate(payload[part])) for part in _IMAGES if part in payload}
        writer = ctx.connections.writer(effect.connection, SetsProfile)
        return receipted(effect, writer.set_profile(payload["profile"], media))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """Looks whether the words say so by now. What images there are, nobody can tell; setting them again does no
        harm."""

        def look() -> Outcome | None:
            if any(part in effect.payload for part in _IMAGES):
                return None
            writer = ctx.connections.writer(effect.connection, SetsProfile)
            return writer.find_profile(effect.payload["profile"])

        return looked_up(effect, look)
