"""What a status must be to be taken, and the numbers in which the server says so.

Figures: mastodon/documentation, entities/Instance.md and user/posting.md; messages: methods/statuses.md,
methods/scheduled_statuses.md (2026-07-02) and mastodon/mastodon, app/controllers/api/v1/statuses_controller.rb.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from antiphon.testing.sandbox import text, views
from antiphon.testing.sandbox.mastodon.parameters import File, Parameters
from antiphon.testing.sandbox.records import Account, Draft, Status, Visibility
from antiphon.testing.sandbox.refusals import Invalid, NotFound
from antiphon.testing.sandbox.world import World

MAX_CHARACTERS = 500
MAX_MEDIA = 4
MAX_DESCRIPTION = 1500
IMAGE_SIZE = 16 * 1024 * 1024
VIDEO_SIZE = 99 * 1024 * 1024
MAX_NAME, MAX_NOTE, MAX_FIELDS = 30, 500, 4
AVATAR_SIZE = 2 * 1024 * 1024
MIME_TYPES = (
    *("image/jpeg", "image/png", "image/gif", "image/heic", "image/heif", "image/webp", "image/avif"),
    *("video/webm", "video/mp4", "video/quicktime", "video/ogg"),
    *("audio/wav", "audio/ogg", "audio/mpeg", "audio/mp3", "audio/webm", "audio/flac", "audio/aac", "audio/mp4"),
)
SCHEDULE_AHEAD = timedelta(minutes=5)


def draft(given: Parameters, author: Account, world: World) -> Draft:
    """The status that a request to publish describes; refused if a rule is broken."""
    if foreign := [name for name in given.values if name.startswith(("poll", "quoted_status_id"))]:
        raise Invalid(f"The sandbox has no polls and no quotes: leave {', '.join(foreign)} out")
    parent = _parent(given.text("in_reply_to_id"), author, world)
    media = _media_ids(given)
    written, spoiler = given.text("status") or "", given.text("spoiler_text") or ""
    _check_text(written, spoiler, has_media=bool(media))
    return Draft(
        text=written,
        visibility=_visibility(given.text("visibility")),
        language=given.text("language") or "en",
        spoiler_text=spoiler,
        sensitive=given.flag("sensitive") or bool(spoiler),
        in_reply_to=parent,
        media=world.attachable(author, media),
    )


def revision(given: Parameters, status: Status, world: World) -> Draft:
    """The status as a request to edit wants it: what is not given becomes empty, save language and sensitivity."""
    media = _media_ids(given)
    written, spoiler = given.text("status") or "", given.text("spoiler_text") or ""
    _check_text(written, spoiler, has_media=bool(media))
    return Draft(
        text=written,
        visibility=status.visibility,
        language=given.text("language") or status.language,
        spoiler_text=spoiler,
        sensitive=(given.flag("sensitive") if given.text("sensitive") is not None else status.sensitive),
        in_reply_to=status.in_reply_to,
        media=world.attachable(status.account, media, to=status),
    )


def publication(given: Parameters, now: datetime) -> datetime | None:
    """When to publish; None is at once, which is also what the network does with a time that has passed.

    That last behaviour is in mastodon/mastodon, app/services/post_status_service.rb (`scheduled_in_the_past?`), not in
    the documentation: a client that is late by an hour posts now.
    """
    wanted = given.text("scheduled_at")
    if not wanted:
        return None
    try:
        at = datetime.fromisoformat(wanted)
    except ValueError as error:
        raise Invalid("Validation failed: Scheduled at is not a valid date") from error
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    if at <= now:
        return None
    if at < now + SCHEDULE_AHEAD:
        raise Invalid("Validation failed: Scheduled at The scheduled date must be in the future")
    return at


def check_file(file: File | None) -> File:
    """The uploaded file; refused if there is none, or of a type or size that the network does not take."""
    if file is None:
        raise Invalid("Validation failed: File can't be blank")
    if file.mime_type not in MIME_TYPES:
        raise Invalid("Validation failed: File content type is invalid, File is invalid")
    most = IMAGE_SIZE if file.mime_type.startswith("image/") else VIDEO_SIZE
    if len(file.content) > most:
        raise Invalid(f"Validation failed: File file size must be less than {most // 1024**2} MB")
    return file


def description(given: Parameters) -> str | None:
    """The description of a file for those who don't see it; refused if too long."""
    described = given.text("description")
    if described and text.length(described) > MAX_DESCRIPTION:
        raise Invalid(f"Validation failed: Description is too long (maximum is {MAX_DESCRIPTION} characters)")
    return described


def _check_text(written: str, spoiler: str, *, has_media: bool) -> None:
    if not written.strip() and not spoiler.strip() and not has_media:
        raise Invalid("Validation failed: Text can't be blank")
    if text.length(written) + text.length(spoiler) > MAX_CHARACTERS:
        raise Invalid(f"Validation failed: Text character limit of {MAX_CHARACTERS} exceeded")


def _media_ids(given: Parameters) -> Iterable[str]:
    identifiers = tuple(filter(None, given.many("media_ids")))
    if len(identifiers) > MAX_MEDIA:
        raise Invalid(f"Cannot attach more than {MAX_MEDIA} files")
    return identifiers


def _visibility(given: str | None) -> Visibility:
    try:
        return Visibility(given or "public")
    except ValueError as error:
        raise Invalid(f"Validation failed: Visibility '{given}' is not a valid visibility") from error


def _parent(identifier: str | None, author: Account, world: World) -> Status | None:
    if not identifier:
        return None
    try:
        return views.find(world, identifier, author)
    except NotFound as error:
        raise NotFound("The post you are trying to reply to does not appear to exist.") from error


@dataclass(frozen=True)
class Presentation:
    """What a profile is changed to; None is not changed."""

    name: str | None
    note: str | None
    fields: tuple[tuple[str, str], ...] | None
    images: dict[str, bytes]


def presentation(given: Parameters) -> Presentation:
    """A change of a profile; refused where a part is too long or too large (user/profile.md)."""
    name, note = given.text("display_name"), given.text("note")
    if name is not None and len(name) > MAX_NAME:
        raise Invalid(f"Validation failed: Display name is too long (maximum is {MAX_NAME} characters)")
    if note is not None and len(note) > MAX_NOTE:
        raise Invalid(f"Validation failed: Note is too long (maximum is {MAX_NOTE} characters)")
    parts: tuple[str, ...] = ("avatar", "header")
    images = {part: check_file(given.files[part]).content for part in parts if part in given.files}
    for part, content in images.items():
        if len(content) > AVATAR_SIZE:
            raise Invalid(
                f"Validation failed: {part.capitalize()} file size must be less than {AVATAR_SIZE // 1024**2} MB"
            )
    names = [given.text(f"fields_attributes[{index}][name]") for index in range(MAX_FIELDS)]
    values = [given.text(f"fields_attributes[{index}][value]") for index in range(MAX_FIELDS)]
    fields = tuple((one, value or "") for one, value in zip(names, values, strict=True) if one)
    return Presentation(name, note, fields or None, images)
