"""Posts to try workflows on."""

from __future__ import annotations

import os
import sys
import tarfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.errors import InputError, SetupError
from antiphon.testing.posts import OwnPost, brand_posts, fetch_tweets, news, read_posts
from antiphon.testing.posts.own import _decoded

POST = OwnPost("Bonjour, ça va ?", "ana", "fr", datetime(2026, 1, 31, 8, 30, tzinfo=UTC), "https://social.example/1")
ROW = "Bonjour, ça va ?|ana|fr|2026-01-31T09:30:00+01:00|https://social.example/1"


def test_brand() -> None:
    """A hundred posts of a week in two languages, of every kind, tagged and untagged, each by somebody else."""
    posts = brand_posts()
    assert Counter(post.language for post in posts) == {"fr": 60, "en": 40}
    assert min(Counter((post.language, post.kind) for post in posts).values()) >= 10
    assert len({post.id for post in posts}) == len({post.author for post in posts}) == 100
    assert all("torréa" in post.text.lower() or "@torrea" in post.text for post in posts)
    assert [post.hours_ago for post in posts] == sorted(post.hours_ago for post in posts)
    assert 0 <= posts[0].hours_ago < posts[-1].hours_ago <= 168
    assert max(len(post.text) for post in posts) <= 280


def test_news() -> None:
    """Eight items in two languages, each at its own address."""
    assert Counter(item.language for item in news()) == {"fr": 4, "en": 4}
    assert len({item.url for item in news()}) == 8


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv(separator: str, encoding: str, tmp_path: Path) -> None:
    """A table is read whatever its separator and encoding."""
    cells = separator.join(f'"{cell}"' for cell in ROW.split("|"))
    path = tmp_path / "posts.csv"
    path.write_bytes(f"{separator.join(['Text', 'author', 'language', 'at', 'url'])}\r\n{cells}\r\n".encode(encoding))
    assert read_posts(path).posts == [POST]


def test_json_lines(tmp_path: Path) -> None:
    """Lines of JSON are read; keys that nobody asked for are passed over."""
    path = tmp_path / "posts.jsonl"
    path.write_text(
        '{"text": "Bonjour, ça va ?", "author": "ana", "language": "fr", "at": "2026-01-31T08:30:00",'
        ' "url": "https://social.example/1", "likes": [1]}\n\n{"text": 42, "author": null}\n',
        "utf-8",
    )
    assert read_posts(path).posts == [POST, OwnPost("42")]


def test_skipped(tmp_path: Path) -> None:
    """A row without text is left out, and said by its line, also after a text of several lines."""
    path = tmp_path / "posts.csv"
    path.write_text('author,text\nana,"one\ntwo"\nben,\ncho, \nden,four\n', "utf-8")
    found = read_posts(path)
    assert [(post.author, post.text) for post in found.posts] == [("ana", "one\ntwo"), ("den", "four")]
    assert found.skipped == [
        "posts.csv, line 4: there is no text; the row was left out.",
        "posts.csv, line 5: there is no text; the row was left out.",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "posts.csv is empty."),
        (b" \n\n", "posts.csv is empty."),
        (b"\x00\x01\x02", "posts.csv is not a text file."),
        (b"message,author\nhello,ana\n", "posts.csv, line 1: there is no column `text` among message, author."),
        (b"[1, 2]", "posts.csv, line 1: there is no column `text` among [1, 2]."),
        (b'text\n"a" b\n', "posts.csv, line 2: this row of CSV cannot be read"),
        (b'text\nok\n"never closed\n', "posts.csv, line 3: this row of CSV cannot be read"),
        (b'{"text": "ok"}\n{"text": \n', "posts.csv, line 2: this is not JSON: Expecting value."),
        (b'{"text": "ok"}\n[1]\n', "posts.csv, line 2: this is not a JSON object."),
        (b'{"text": ["a"]}\n', "posts.csv, line 1: `text` is not a text."),
        (b"text,at\nok,2026-01-01\nno,yesterday\n", "posts.csv, line 3: `at` is 'yesterday', which is not a time."),
        (b'{"a":' + b"[" * 100_000, "posts.csv, line 1: this is not JSON"),
    ],
)
def test_refused(content: bytes, sentence: str, tmp_path: Path) -> None:
    """What is not a file of posts is refused with its line and a hint."""
    path = tmp_path / "posts.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_posts(path)
    assert sentence in str(caught.value)
    assert caught.value.hint


def test_absent(tmp_path: Path) -> None:
    """A file that is not there is said in a sentence."""
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_posts(tmp_path / "none.csv")


@given(st.binary())
def test_any_bytes(raw: bytes) -> None:
    """Any bytes are some text."""
    assert isinstance(_decoded(raw), str)


def test_no_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an index that pip reaches, one sentence says so, and no half of an archive is left."""
    for name, value in {"NO_INDEX": "1", "CONFIG_FILE": os.devnull, "FIND_LINKS": str(tmp_path)}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    with pytest.raises(SetupError, match=r"could not be fetched: pip reached no index that has them\. They need pip"):
        fetch_tweets(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_no_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pip, the sentence says that."""
    empty = tmp_path / "python"
    empty.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -I "$@"\n')
    empty.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(empty))
    with pytest.raises(SetupError, match="this Python has no pip"):
        fetch_tweets(tmp_path / "cache")


def test_another_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive with another hash is never opened, in the cache or from an index."""
    index = tmp_path / "index"
    index.mkdir()
    with tarfile.open(index / "vaderSentiment-3.3.2.tar.gz", "w:gz"):
        pass
    for name, value in {"NO_INDEX": "1", "CONFIG_FILE": os.devnull, "FIND_LINKS": str(index)}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "vaderSentiment-3.3.2.tar.gz").write_bytes(b"something else")
    with pytest.raises(SetupError, match="the index has another archive"):
        fetch_tweets(cache)


def test_tweets() -> None:
    """The real tweets are 4,200, rated from −4 to 4, without markup."""
    folder = os.environ.get("ANTIPHON_TWEETS")
    if not folder:
        pytest.skip("ANTIPHON_TWEETS does not name a folder to keep the real tweets in")
    tweets = fetch_tweets(Path(folder))
    assert len({tweet.id for tweet in tweets}) == 4200
    assert all(-4 <= tweet.rating <= 4 and tweet.text and "&amp;" not in tweet.text for tweet in tweets)
    assert next(tweet.text for tweet in tweets if tweet.id == "tweet-4") == "LMAO, AMAZING!"
