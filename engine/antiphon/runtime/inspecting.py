"""What a file is, by its first bytes: its media type, its size in pixels, how long it plays."""

from __future__ import annotations

import mimetypes
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"%PDF-", "application/pdf"),
)
_IN_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_BRANDS = {b"avif": "image/avif", b"heic": "image/heic", b"qt  ": "video/quicktime", b"M4A ": "audio/mp4"}
_IN_MOVIE = (b"moov", b"trak")


@dataclass(frozen=True, slots=True)
class Facts:
    """A media type, pixels, and seconds; 0 is not known."""

    type: str
    width: int = 0
    height: int = 0
    seconds: float = 0.0


def facts_of(content: bytes, name: str) -> Facts:
    """What is found in a file's content; its name tells the type only where the content does not."""
    kind = _type(content) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind.startswith("image/"):
        import imagesize  # only what has images needs it

        width, height = imagesize.get(BytesIO(content))
        return Facts(kind, max(0, int(width)), max(0, int(height)))
    return _movie(kind, content) if content[4:8] == b"ftyp" else Facts(kind)


def _type(content: bytes) -> str:
    if content[:4] == b"RIFF":
        return _IN_RIFF.get(content[8:12], "")
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], "video/mp4")
    if content.lstrip()[:1] == b"<" and b"<html" in content[:1024].lower():
        return "text/html"
    return next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), "")


def _movie(kind: str, content: bytes) -> Facts:
    """Pixels and seconds of a film, from its header (ISO/IEC 14496-12:2022, 8.2.2 and 8.3.2)."""
    width = height = 0
    seconds = 0.0
    for name, body in _boxes(memoryview(content)):
        try:
            if name == b"mvhd":
                scale, ticks = struct.unpack(">IQ" if body[0] else ">II", body[20:32] if body[0] else body[12:20])
                seconds = ticks / scale if scale else 0.0
            elif name == b"tkhd":
                across, down = struct.unpack(">II", body[-8:])
                width, height = max(width, across >> 16), max(height, down >> 16)
        except (struct.error, IndexError):
            continue
    return Facts(kind, width, height, seconds)


def _boxes(content: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    at = 0
    while at + 8 <= len(content):
        size, name = int.from_bytes(content[at : at + 4]), bytes(content[at + 4 : at + 8])
        begin = at + 8
        if size == 1:
            size, begin = int.from_bytes(content[at + 8 : at + 16]), at + 16
        end = len(content) if size == 0 else at + size
        if end < begin:
            return
        body = content[begin:end]
        if name in _IN_MOVIE:
            yield from _boxes(body)
        else:
            yield name, body
        at = end
