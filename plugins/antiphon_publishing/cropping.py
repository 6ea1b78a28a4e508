"""Cropping: one picture, and from it the crop that a place of a network wants, as a file of the workspace."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import Annotated, Any

from pydantic import AfterValidator, Field

import antiphon
from antiphon import (
    Action,
    Attachment,
    Done,
    Effect,
    Files,
    Outcome,
    PerformContext,
    ReadContext,
    Receipt,
    payload_hash,
)
from antiphon_publishing.sizes import size_of

FOLDER = "crops"

Share = Annotated[float, Field(ge=0, le=1)]
Part = tuple[Share, Share, Share, Share]


def _part(value: Part | None) -> Part | None:
    if value is not None and (value[0] >= value[2] or value[1] >= value[3]):
        raise ValueError("write left, top, right, bottom, such as [0.2, 0.1, 0.8, 0.6]")
    return value


class Crop(Action):
    """Cut the crop that a place of a network wants out of a picture, as a file of the workspace.

    id: cover
    use: image.crop
    with: {file: images/roastery.jpg, for: mastodon.cover, focus: [0.5, 0.3]}

    The result has `file`, `width` and `height`. The focus is in the middle, as far as the edges let it; `keep` is what
    must be in the middle that everybody sees. The picture is turned as its camera says; nothing else of that stays.
    """

    name = "image.crop"
    outward = False

    class Options(antiphon.Options):
        """Which picture, for which place, and what matters in it."""

        file: str = Field(min_length=1, description="The picture: a file of the workspace.")
        for_: str = Field(alias="for", description="The network and place, such as mastodon.cover.")
        focus: tuple[Share, Share] = Field(
            (0.5, 0.5), description="What is to be in the middle: from the left, the top."
        )
        keep: Annotated[Part | None, AfterValidator(_part)] = Field(
            None, description="What must be seen: left, top, right, bottom, each from 0 to 1."
        )

    def plan(self, options: Options, ctx: ReadContext) -> Effect:
        """Which part would be cut out."""
        from antiphon_publishing.images import opened, region  # brings Pillow, which is needed only here

        medium = ctx.files.look(Attachment(file=options.file))
        image = opened(ctx.files.load(medium).content, medium.name)
        size = size_of(options.for_)
        box = region(image.size, size, options.focus, options.keep, options.for_)
        part = f"{box[2] - box[0]}×{box[3] - box[1]} pixels from {box[0]}, {box[1]}"
        told = f"Cut {options.for_} out of {options.file}: {part}"
        said = {"file": options.file, "sha256": medium.sha256, "for": options.for_, "box": list(box)}
        return ctx.effect(self.name, told, said)

    def perform(self, effect: Effect, ctx: PerformContext) -> Outcome:
        """Cut it out, and keep it under a name that tells its content."""
        said = effect.payload
        file, width, height = crop(ctx.files, said["file"], said["for"], tuple(said["box"]))
        told = {"file": file, "width": width, "height": height}
        return Done(Receipt(at=ctx.clock.now(), payload_hash=payload_hash(said), data=told))

    def reconcile(self, effect: Effect, ctx: PerformContext) -> Outcome | None:
        """To cut again gives the same file, so what is in doubt is done again."""
        return None


def crop(files: Files, file: str, place: str, box: tuple[int, ...]) -> tuple[str, int, int]:
    """Cut a crop and keep it; its file, and its width and height."""
    from antiphon_publishing.images import cut, opened

    image = opened(files.load(files.look(Attachment(file=file))).content, PurePosixPath(file).name)
    size = size_of(place)
    made = cut(image, box, size)
    print_of = hashlib.sha256(made.content).hexdigest()[:12]
    name = f"{FOLDER}/{PurePosixPath(file).stem[:80]}-{place.replace('.', '-')}-{print_of}.{made.ending}"
    files.save(name, made.content)
    looked: Any = files.look(Attachment(file=name))
    return name, looked.width, looked.height
