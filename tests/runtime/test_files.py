from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from antiphon.errors import GiveUp
from antiphon.model.draft import Attachment
from antiphon.runtime.files import WorkspaceFiles
from antiphon.runtime.inspecting import facts_of


def png(width: int, height: int) -> bytes:
    """The beginning of an image of that size."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


def film(seconds: int, width: int, height: int) -> bytes:
    """The header of a film that plays so long."""
    head = box(b"mvhd", bytes(12) + struct.pack(">II", 600, 600 * seconds) + bytes(80))
    track = box(b"trak", box(b"tkhd", bytes(76) + struct.pack(">II", width << 16, height << 16)))
    return box(b"ftyp", b"isom" + bytes(12)) + box(b"moov", head + track)


@pytest.fixture
def files(tmp_path: Path) -> WorkspaceFiles:
    folder = tmp_path / "workspace"
    (folder / "images").mkdir(parents=True)
    (folder / "images" / "roast.jpg").write_bytes(png(1080, 1350))
    (folder / ".antiphon").mkdir()
    (folder / ".antiphon" / "key").write_bytes(b"secret")
    (tmp_path / "outside.png").write_bytes(png(1, 1))
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    (folder / "empty.png").write_bytes(b"")
    return WorkspaceFiles(folder)


def test_look(files: WorkspaceFiles) -> None:
    """What a file is, is found in its content, whatever it is called."""
    medium = files.look(Attachment(file="images/roast.jpg", alt="A bag"))

    assert ("image", "image/png", 1080, 1350) == (medium.kind, medium.type, medium.width, medium.height)
    assert ("roast.jpg", 33, 64) == (medium.name, medium.size, len(medium.sha256))


@pytest.mark.parametrize(
    "name", ["../outside.png", "link.png", "/etc/passwd", ".antiphon/key", "", ".", "images/../.."]
)
def test_outside(files: WorkspaceFiles, name: str) -> None:
    """No name leads out of the workspace, or into what is kept there."""
    with pytest.raises((GiveUp, ValueError), match=r"is not a file of the workspace|either a `file` or a `url`"):
        files.look(Attachment(file=name))


@pytest.mark.parametrize(
    ("name", "why"), [("gone.png", "cannot be read"), ("empty.png", "is empty"), ("images", "read")]
)
def test_unreadable(files: WorkspaceFiles, name: str, why: str) -> None:
    """A file that is not there, or has nothing in it, is refused with its name."""
    with pytest.raises(GiveUp, match=f"{name}.*{why}"):
        files.look(Attachment(file=name))


def test_changed(files: WorkspaceFiles, tmp_path: Path) -> None:
    """A file that was changed after it was planned is not sent."""
    medium = files.look(Attachment(file="images/roast.jpg"))
    assert png(1080, 1350) == files.load(medium).content

    (tmp_path / "workspace" / "images" / "roast.jpg").write_bytes(png(2, 2))

    with pytest.raises(GiveUp, match="not what it was when this was planned"):
        files.load(medium)


@pytest.fixture
def web() -> dict[str, bytes]:
    """What stands at addresses."""
    return {"https://example.org/a.mp4?x=1": png(2, 3)}


@pytest.fixture
def fetching(web: dict[str, bytes], tmp_path: Path) -> WorkspaceFiles:
    return WorkspaceFiles(tmp_path, web.__getitem__)


def test_address(fetching: WorkspaceFiles) -> None:
    """What stands at an address is found in its content, and sent as it was found."""
    medium = fetching.look(Attachment(url="https://example.org/a.mp4?x=1", alt="A bag"))

    assert ("image", "image/png", "a.mp4", 2, 3) == (
        medium.kind,
        medium.type,
        medium.name,
        medium.width,
        medium.height,
    )
    assert png(2, 3) == fetching.load(medium).content


@pytest.mark.parametrize(("content", "why"), [(png(2, 2), "not what it was when this was planned"), (b"", "nothing")])
def test_address_changed(fetching: WorkspaceFiles, web: dict[str, bytes], content: bytes, why: str) -> None:
    """What stands there is not sent when it is another than was planned, or gone."""
    medium = fetching.look(Attachment(url="https://example.org/a.mp4?x=1"))
    web["https://example.org/a.mp4?x=1"] = content

    with pytest.raises(GiveUp, match=f"a.mp4.*{why}|{why}.*a.mp4"):
        fetching.load(medium)


def test_secret_address(fetching: WorkspaceFiles, web: dict[str, bytes]) -> None:
    """An address that holds a secret is judged by its name until it is known, and fetched to be sent."""
    medium = fetching.look(Attachment(url="https://example.org/${{ secrets.path }}/a.mp4"))
    web["https://example.org/7/a.mp4"] = png(2, 2)
    known = medium.model_copy(update={"url": "https://example.org/7/a.mp4"})

    assert ("video/mp4", "", png(2, 2)) == (medium.type, medium.sha256, fetching.load(known).content)


def test_not_fetched(files: WorkspaceFiles) -> None:
    """Where nothing is fetched, such as in a rehearsal, an address is judged by its name, and not sent."""
    medium = files.look(Attachment(url="https://example.org/a.mp4?x=1"))

    assert ("video", "video/mp4", "") == (medium.kind, medium.type, medium.sha256)
    with pytest.raises(GiveUp, match=r"Nobody fetches a\.mp4"):
        files.load(medium)


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (png(3, 4), "a", ("image/png", 3, 4, 0.0)),
        (film(12, 1920, 1080), "a.bin", ("video/mp4", 1920, 1080, 12.0)),
        (b"GIF89a\x02\x00\x03\x00", "a.png", ("image/gif", 2, 3, 0.0)),
        (b"<!DOCTYPE html><html>", "a.png", ("text/html", 0, 0, 0.0)),
        (b"RIFF\0\0\0\0WAVEfmt ", "a", ("audio/wav", 0, 0, 0.0)),
        (b"%PDF-1.7", "a", ("application/pdf", 0, 0, 0.0)),
        (b"words", "a.txt", ("text/plain", 0, 0, 0.0)),
        (b"\x00", "a", ("application/octet-stream", 0, 0, 0.0)),
        (film(12, 1920, 1080)[:50], "a.mp4", ("video/mp4", 0, 0, 0.0)),
        (b"\x89PNG\r\n\x1a\n", "a", ("image/png", 0, 0, 0.0)),
    ],
)
def test_facts(content: bytes, name: str, found: tuple[str, int, int, float]) -> None:
    """Type, pixels and seconds come from the content; what is cut short or unknown is 0."""
    facts = facts_of(content, name)

    assert found == (facts.type, facts.width, facts.height, facts.seconds)


def test_save(tmp_path: Path) -> None:
    """A file is kept whole, where none was; the same content again is no trouble, another is refused."""
    files = WorkspaceFiles(tmp_path)

    files.save("crops/a.jpg", b"one")
    files.save("crops/a.jpg", b"one")
    with pytest.raises(GiveUp, match="is there already, and is another file"):
        files.save("crops/a.jpg", b"two")

    assert [b"one"] == [path.read_bytes() for path in (tmp_path / "crops").iterdir()]


@pytest.mark.parametrize("name", ["../a.jpg", "/etc/a.jpg", ".antiphon/a.jpg", "", ".", "a\0b", "x" * 5000])
def test_save_refused(tmp_path: Path, name: str) -> None:
    """Nothing is written outside the workspace, nor into what Antiphon keeps there."""
    with pytest.raises(GiveUp):
        WorkspaceFiles(tmp_path / "w").save(name, b"x")

    assert [] == [path for path in tmp_path.rglob("*") if path.is_file()]
