"""Images: what is wrong with one by dated rules, the crop that a place wants, and pictures that are made to harm."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner

from antiphon.cli.app import cli
from antiphon.errors import GiveUp
from antiphon.model.run import RunState
from antiphon_publishing.images import Part, cut, opened, region
from antiphon_publishing.sizes import findings, size_of, sizes

from .conftest import Studio

RED, BLUE = (200, 30, 30), (30, 30, 200)


def halves(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture that is red on the left and blue on the right."""
    image = Image.new(mode, (width, height), (*RED, 255)[: len(mode)])
    image.paste((*BLUE, 255)[: len(mode)], (width // 2, 0, width, height))
    return image


def written(image: Image.Image, format: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def colour(image: Image.Image, x: float, y: float) -> str:
    """Which half a point shows."""
    red, _, blue = image.convert("RGB").getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))  # type: ignore[misc]
    return "red" if red > blue else "blue"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says that it is large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def test_g1_data() -> None:
    """G1: every size says who says so, and when somebody looked last; there are some for profile, cover and post."""
    assert {"profile", "cover", "post"} == {place.partition(".")[2] for place in sizes()}
    assert all(size.source and size.checked_on.year >= 2026 for size in sizes().values())
    assert all(size.safe is None or size.safe <= (size.width, size.height) for size in sizes().values())


@pytest.mark.parametrize(
    ("pixels", "length", "place", "rules"),
    [
        ((400, 400), 1000, "mastodon.profile", {}),
        ((404, 400), 1000, "mastodon.profile", {}),
        ((400, 300), 3_000_000, "mastodon.profile", {"ratio": True, "pixels": True, "bytes": False}),
        ((2048, 1152), 1, "youtube.cover", {"pixels": True}),
        ((2047, 1152), 7_000_000, "youtube.cover", {"smallest": False, "bytes": False}),
        ((1, 10_000), 1, "linkedin.cover", {"ratio": True, "pixels": True}),
    ],
)
def test_g1_findings(pixels: tuple[int, int], length: int, place: str, rules: dict[str, bool]) -> None:
    """G1: each finding names the rule, what was found, what is wanted, and whether it is advice only."""
    found = list(findings("a.png", pixels, length, place))

    assert rules == {one.rule: one.advice for one in found}
    for one in found:
        assert str(one).startswith(f"a.png: {place}: {one.rule}: it has ")
        assert "2026-11-24" in one.source


@pytest.mark.parametrize("place", sorted(sizes()))
def test_g2_every_place(place: str) -> None:
    """G2: from one master image comes the crop of every place, in its very pixels, and within its bytes."""
    size = size_of(place)
    master = opened(written(halves(2600, 1600)), "master.jpg")

    made = cut(master, region(master.size, size, (0.5, 0.5), None, place), size)

    image = Image.open(io.BytesIO(made.content))
    assert ((size.width, size.height), "image/jpeg", "JPEG") == (image.size, made.type, image.format)
    assert ("red", "blue") == (colour(image, 0.1, 0.5), colour(image, 0.9, 0.5))
    assert not [one for one in findings("x", image.size, len(made.content), place) if one.rule != "pixels"]


@pytest.mark.parametrize(
    ("focus", "left"), [((0.5, 0.5), "red"), ((0.0, 0.0), "red"), ((1.0, 1.0), "blue"), ((0.9, 0.2), "blue")]
)
def test_g2_focus(focus: tuple[float, float], left: str) -> None:
    """G2: the focus is in the middle, as far as the edges let it, and the crop never leaves the picture."""
    master = halves(3000, 1000)

    box = region(master.size, size_of("mastodon.profile"), focus, None, "mastodon.profile")

    assert 0 <= box[0] < box[2] <= 3000
    assert (0, 1000) == (box[1], box[3])
    assert left == colour(Image.open(io.BytesIO(cut(master, box, size_of("mastodon.profile")).content)), 0.1, 0.5)


@pytest.mark.parametrize(
    ("keep", "fits"),
    [
        ((0.4, 0.45, 0.6, 0.55), True),
        ((0.2, 0.36, 0.8, 0.64), True),
        ((0.1, 0.45, 0.9, 0.55), False),
        ((0.4, 0.2, 0.6, 0.8), False),
        ((0.0, 0.0, 0.1, 0.1), False),
    ],
)
def test_g2_safe_zone(keep: Part, fits: bool) -> None:
    """G2: what must be seen is in the middle that everybody sees, or the crop is refused."""
    size = size_of("youtube.cover")
    if fits:
        assert (0, 0, 2560, 1440) == region((2560, 1440), size, (0, 0), keep, "youtube.cover")
    else:
        with pytest.raises(GiveUp, match="does not fit into the middle of youtube"):
            region((2560, 1440), size, (0, 0), keep, "youtube.cover")


def test_g2_turned_and_clean() -> None:
    """G2: a picture is turned as its camera says, and place, camera and comment are gone."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90°
    exif[0x010F] = "Spycam"
    exif.get_ifd(0x8825)[2] = (48.0, 52.0, 0.0)
    content = written(halves(1200, 800), exif=exif, comment=b"secret")
    size = size_of("mastodon.profile")

    master = opened(content, "a.jpg")
    made = cut(master, region(master.size, size, (0.5, 0.5), None, "mastodon.profile"), size)

    assert ((800, 1200), "red", "blue") == (master.size, colour(master, 0.5, 0.1), colour(master, 0.5, 0.9))
    assert not dict(Image.open(io.BytesIO(made.content)).getexif())
    assert not any(word in made.content for word in (b"Spycam", b"secret", b"Exif"))


def test_transparency() -> None:
    """What shines through stays so: such a crop is a PNG."""
    made = cut(halves(800, 800, "RGBA"), (0, 0, 800, 800), size_of("mastodon.profile"))

    assert ("image/png", "RGBA") == (made.type, Image.open(io.BytesIO(made.content)).mode)


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "I;16"])
def test_modes(mode: str) -> None:
    """Pictures of any kind of colour become ordinary ones."""
    image = (
        halves(500, 500).convert("L").convert("I").convert("I;16") if mode == "I;16" else halves(500, 500).convert(mode)
    )

    made = cut(image, (0, 0, 500, 500), size_of("mastodon.profile"))

    assert "RGB" == Image.open(io.BytesIO(made.content)).mode


def test_deterministic() -> None:
    """The same picture gives the same file."""
    one, other = (cut(halves(900, 900), (0, 0, 900, 900), size_of("bluesky.profile")) for _ in range(2))

    assert one == other


def test_bytes() -> None:
    """A crop that would be too large in bytes is written in a lower quality."""
    noise = Image.effect_noise((1800, 1000), 90).convert("RGB")

    made = cut(noise, (0, 0, 1600, 900), size_of("bluesky.post"))

    assert len(made.content) <= 2_000_000


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is no picture"),
        (b"GIF89a", "is no picture"),
        (b"<svg onload=alert(1)>", "is no picture"),
        (b"%PDF-1.7", "is no picture"),
        (written(halves(50, 50))[:-300], "is no picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "is no picture"),
        (bomb(30_000, 30_000), "is no picture|are the most"),
        (bomb(9_000, 9_000), "50,000,000 in all are the most"),
        (bomb(100, 100), "is no picture"),
        (b"x" * (51 * 1024**2), "bytes; 52,428,800 are the most"),
        (b"\xff\xd8\xff" + bytes(range(256)) * 40_000, "is no picture"),
        (written(halves(9, 9), "GIF", save_all=True, append_images=[Image.new("RGB", (9, 9))]), "moves"),
    ],
)
def test_hostile(content: bytes, told: str) -> None:
    """Bombs, broken and foreign files are refused in words."""
    with pytest.raises(GiveUp, match=told):
        opened(content, "evil.png")


def test_too_small() -> None:
    """A picture from which too few pixels are left is refused with both numbers."""
    with pytest.raises(
        GiveUp, match=r"Of 600×600 pixels, 600×200 are left for mastodon.cover; 1500×500 are the fewest"
    ):
        region((600, 600), size_of("mastodon.cover"), (0.5, 0.5), None, "mastodon.cover")


CROP: dict[str, Any] = {"id": "crop", "use": "image.crop", "with": {"file": "roastery.jpg", "for": "bluesky.post"}}


@pytest.fixture
def gallery(studio: Studio) -> Studio:
    """A studio with a picture."""
    (studio.folder / "roastery.jpg").write_bytes(written(halves(2000, 1500)))
    return studio


def test_g2_step(gallery: Studio) -> None:
    """G2: a step cuts the crop into a file of the workspace, once, and a post takes it along."""
    media = [{"file": "${{ steps.crop.file }}", "alt": "The roastery"}]
    gallery.write(
        CROP, {"id": "launch", "post": {"text": "Come in", "media": media, "to": {"brand": None, "sky": None}}}
    )

    planned = gallery.app.plan("launch")
    assert not (gallery.folder / "crops").exists()
    assert planned.entries[0].effect.summary.startswith(
        "Cut bluesky.post out of roastery.jpg: 2000×1125 pixels from 0,"
    )
    for n in range(2):
        assert RunState.DONE == gallery.say(f"e{n}").state

    [file] = (gallery.folder / "crops").iterdir()
    assert (1600, 900) == Image.open(file).size
    assert [2, 2] == [len(gallery.texts(account)) for account in (gallery.brand, gallery.sky)]
    assert 1 == len(gallery.network.statuses(by="torrea")[0].media)


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"for": "mastodon.wall"}, "There is no size for `mastodon.wall`"),
    ({"for": "☕" * 50_000}, "There is no size for"),
    ({"file": "gone.jpg"}, "cannot be read"),
    ({"file": "../../etc/passwd"}, "is not a file of the workspace"),
    ({"file": "slots.toml"}, "is no picture"),
    ({"focus": [2, 0]}, "less than or equal to 1"),
    ({"keep": [0.9, 0.1, 0.1, 0.9]}, "left, top, right, bottom"),
)


def test_step_refused(gallery: Studio) -> None:
    """Whatever a step is given, it fails in words and makes no file."""
    for n, (options, told) in enumerate(REFUSED):
        given = {**CROP["with"], **{name: f"${{{{ event.{name} }}}}" for name in options}}
        gallery.write({**CROP, "with": given})

        run = gallery.say(f"e{n}", **options)

        assert (RunState.FAILED, False) == (run.state, (gallery.folder / "crops").exists())
        assert told in run.because


def invoke(folder: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["images", *words, "--folder", str(folder)])
    return done.exit_code, " ".join(done.output.split())


def test_commands(gallery: Studio) -> None:
    """The command tells what is wrong, cuts what is wanted, and refuses what is none."""
    (gallery.folder / "evil.png").write_bytes(bomb(30_000, 30_000))

    code, told = invoke(gallery.folder, "check", "roastery.jpg", "--for", "mastodon.profile")
    assert (0, True) == (code, "roastery.jpg: mastodon.profile: ratio: it has 1.33 times its height in width" in told)
    code, told = invoke(gallery.folder, "check", "roastery.jpg")
    assert (1, True) == (code, "youtube.cover: smallest: it has 2000×1500 pixels; 2048×1152 at least is wanted" in told)
    code, told = invoke(gallery.folder, "crop", "roastery.jpg", "--for", "mastodon.cover", "--for", "x.profile")
    assert (0, 2) == (code, len(list((gallery.folder / "crops").iterdir())))
    assert 1 == invoke(gallery.folder, "check", "evil.png")[0]
    assert 1 == invoke(gallery.folder, "crop", "roastery.jpg", "--for", "x.profile", "--focus", "7", "0")[0]
