"""Images: read with care, since anybody may have made them, and cut to the size of a place.

A crop is the largest part of the image that has the ratio of the place and the focus in its middle, as far as the edges
let it. It has the pixels of the place, the colours of sRGB, and nothing of what a camera has noted down.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

from antiphon import GiveUp
from antiphon_publishing.sizes import Pixels, Size

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LARGEST_FILE = 50 * 1024**2
LARGEST_PIXELS = 50_000_000
"""What is larger is taken for an attack: a few kilobytes can unfold into all memory there is."""

_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, Image.DecompressionBombError)
_QUALITIES = (90, 80, 70, 60, 50)

Part = tuple[float, float, float, float]
"""A part of an image: left, top, right, bottom, each from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A crop: its content, its media type, and the ending of such files."""

    content: bytes
    type: str
    ending: str


def opened(content: bytes, name: str) -> Image.Image:
    """An image as it is seen: turned as the camera says. Raises GiveUp for whatever is none, moves, or is too large."""
    if len(content) > LARGEST_FILE:
        raise GiveUp(f"{name} has {len(content):,} bytes; {LARGEST_FILE:,} are the most.", hint="Make it smaller.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower, and comes next
            image = Image.open(io.BytesIO(content), formats=FORMATS)
        if image.width * image.height > LARGEST_PIXELS:
            raise GiveUp(
                f"{name} has {image.width:,}×{image.height:,} pixels; {LARGEST_PIXELS:,} in all are the most.",
                hint="Make it smaller.",
            )
        if getattr(image, "n_frames", 1) > 1:
            raise GiveUp(f"{name} moves, and cannot be cut.", hint="Give a picture that stands still.")
        image.load()
        return ImageOps.exif_transpose(image)
    except _BROKEN as error:
        raise GiveUp(f"{name} is no picture that can be read.", hint=f"Known are {', '.join(FORMATS)}.") from error


def region(pixels: Pixels, size: Size, focus: tuple[float, float], keep: Part | None, place: str) -> tuple[int, ...]:
    """The part of an image that is cut out, in pixels: left, top, right, bottom.

    `focus` is the point that is to be in the middle, and `keep` what must be seen by everybody. Raises GiveUp when the
    image is too small, or `keep` does not fit into the middle that everybody sees.
    """
    width, height = pixels
    wide = min(width, round(height * size.width / size.height))
    high = min(height, round(wide * size.height / size.width))
    least = size.smallest or (size.width, size.height)
    if wide < least[0] or high < least[1]:
        left_over = f"Of {width}×{height} pixels, {wide}×{high} are left for {place}"
        raise GiveUp(f"{left_over}; {least[0]}×{least[1]} are the fewest.", hint="Give a larger image.")
    if keep is not None:
        focus = ((keep[0] + keep[2]) / 2, (keep[1] + keep[3]) / 2)
    left = min(max(round(focus[0] * width - wide / 2), 0), width - wide)
    top = min(max(round(focus[1] * height - high / 2), 0), height - high)
    if keep is not None and not _seen(keep, pixels, (left, top, wide, high), size):
        told = f"What must be seen does not fit into the middle of {place} that everybody sees."
        raise GiveUp(told, hint="Keep less.")
    return left, top, left + wide, top + high


def cut(image: Image.Image, box: tuple[int, ...], size: Size) -> Cut:
    """The crop, as PNG where something shines through, else as JPEG of the quality that its limit of bytes allows."""
    part = image.crop((box[0], box[1], box[2], box[3]))
    clear = part.mode in ("RGBA", "LA", "PA") or "transparency" in part.info
    plain = _in_srgb(part, image.info.get("icc_profile"), "RGBA" if clear else "RGB")
    wanted = (min(size.width, plain.width), min(size.height, plain.height))
    sized = plain.resize(wanted, Image.Resampling.LANCZOS)
    fresh = Image.new(sized.mode, sized.size)
    fresh.paste(sized)  # nothing but the pixels: no place, no camera, no comment
    if clear:
        return Cut(_written(fresh, "PNG", optimize=True), "image/png", "png")
    for quality in _QUALITIES:
        content = _written(fresh, "JPEG", quality=quality, optimize=True)
        if size.bytes is None or len(content) <= size.bytes:
            break
    return Cut(content, "image/jpeg", "jpg")


def _in_srgb(image: Image.Image, profile: bytes | None, mode: str) -> Image.Image:
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = "RGBA" if image.mode == "RGBA" else "RGB"
            turned = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode=target)
            image = turned or image
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that cannot be read is one that nobody can obey
    return image.convert(mode)


def _written(image: Image.Image, format: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def _seen(keep: Part, pixels: Pixels, crop: tuple[float, float, float, float], size: Size) -> bool:
    left, top, wide, high = crop
    safe = size.safe or (size.width, size.height)
    across, down = wide * safe[0] / size.width, high * safe[1] / size.height
    x, y = left + (wide - across) / 2, top + (high - down) / 2
    return (
        x - 1 <= keep[0] * pixels[0]
        and keep[2] * pixels[0] <= x + across + 1
        and y - 1 <= keep[1] * pixels[1]
        and keep[3] * pixels[1] <= y + down + 1
    )
