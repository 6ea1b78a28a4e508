"""Corpora: real texts with what people said about them, read from the shared folder and never kept here."""

from __future__ import annotations

import csv
import os
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from antiphon_listening.words import words

ROOT = Path(__file__).parents[2]
SENTIMENTS = ("negative", "neutral", "positive")
EMOTIONS = ("anger", "disgust", "fear", "joy", "sadness", "surprise")
NEUTRAL = "neutral"
STRONG = 1.5
"""The mean rating, from -4 to 4, from which on a word of VADER's lexicon speaks for itself."""

UMSAB = {"en": "english", "fr": "french", "de": "german", "es": "spanish", "it": "italian", "pt": "portuguese"}
HELD_OUT = ("2016dev", "2016devtest")
"""The parts of SemEval that are kept for validation."""

EKMAN = {
    "anger": ("anger", "annoyance", "disapproval"),
    "disgust": ("disgust",),
    "fear": ("fear", "nervousness"),
    "joy": (
        *("admiration", "amusement", "approval", "caring", "desire", "excitement", "gratitude", "joy", "love"),
        *("optimism", "pride", "relief"),
    ),
    "sadness": ("sadness", "disappointment", "embarrassment", "grief", "remorse"),
    "surprise": ("surprise", "realization", "confusion", "curiosity"),
}
"""Ekman's emotions by those of GoEmotions, as its paper groups them (Demszky et al., ACL 2020, section 5.1)."""

_PLUTCHIK = {"1": "anger", "3": "disgust", "4": "fear", "5": "joy", "6": "sadness", "7": "surprise"}
"""XED's numbers of the emotions that Ekman has too (the README of Helsinki-NLP/XED)."""


@dataclass(frozen=True)
class Text:
    """A text and its labels."""

    text: str
    labels: tuple[str, ...]


def folder() -> Path | None:
    """Where the shared data are: `ANTIPHON_SHARED`, or `../shared` beside the checkout; None when nowhere."""
    places = [os.environ.get("ANTIPHON_SHARED", ""), str(ROOT.parent / "shared")]
    found = (Path(place) / "data" for place in places if place)
    return next((place for place in found if place.is_dir()), None)


def sentiment(data: Path, language: str, part: str) -> list[Text]:
    """Tweets of three classes: `train` or `val`. No text of `val` is in `train`."""
    held = _umsab(data, language, "val") + (_semeval(data, held=True) if language == "en" else [])
    if part == "val":
        return held
    known = {_same(one.text) for one in held}
    taught = _umsab(data, language, "train") + (_semeval(data, held=False) if language == "en" else [])
    return valence(language) + [one for one in taught if _same(one.text) not in known]


def valence(language: str) -> list[Text]:
    """Words, phrases and emoji that say by themselves how somebody feels; for English those of VADER's lexicon."""
    told = tomllib.loads(Path(__file__).with_name("valence.toml").read_text("utf-8"))
    marks = [Text(mark, (label,)) for label, some in told["all"].items() for mark in some.split()]
    if language == "en":
        lines = files("vaderSentiment").joinpath("vader_lexicon.txt").read_text("utf-8").splitlines()
        rated = ((word, float(value)) for word, value in (line.split("\t")[:2] for line in lines if line.strip()))
        return marks + [Text(word, ("positive" if v > 0 else "negative",)) for word, v in rated if abs(v) >= STRONG]
    spoken = told.get(language, {})
    return marks + [
        Text(phrase.strip(), (label,))
        for label, lines in spoken.items()
        for line in lines.strip().splitlines()
        for phrase in (line.split(",") if "," in line else line.split())
        if phrase.strip()
    ]


def emotions(data: Path, language: str, part: str) -> list[Text]:
    """Texts with any number of Ekman's emotions, none being neutral: `train` or `val`."""
    if language == "en":
        return _goemotions(data / "goemotions" / ("train.tsv" if part == "train" else "dev.tsv"))
    lines = _xed(data / "xed" / "fr-projections.tsv")
    return [one for number, one in enumerate(lines) if (number % 10 == 9) == (part == "val")]


def languages(data: Path, part: str) -> list[Text]:
    """Tweets in six languages, and subtitles in two."""
    tweets = [Text(one.text, (code,)) for code in UMSAB for one in _umsab(data, code, part)]
    if part == "val":
        return tweets
    spoken = {"fr": "fr-projections.tsv", "en": "en-annotated.tsv"}
    lines = (Text(one.text, (code,)) for code, file in spoken.items() for one in _xed(data / "xed" / file)[::3])
    return tweets + list(lines)


def complaints(data: Path) -> list[Text]:
    """Tweets that are complaints or not. Their licence is not stated: they judge, and teach nothing."""
    with (data / "complaints" / "complaints-train.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if len(row) == 4]
    return [Text(text, ("complaint",) if label == "1" else ()) for _, text, label, _ in rows]


def wishes(data: Path) -> list[Text]:
    """Tweets whose authors want to buy a certain telephone or not; the labels are noisy."""
    with (data / "purchase_intent" / "Annotated4.csv").open(encoding="utf-8", newline="", errors="replace") as file:
        rows = [row for row in csv.DictReader(file) if row.get("text")]
    return [Text(row["text"], ("purchase",) if row["class"] in ("PI", "yes") else ()) for row in rows]


def _umsab(data: Path, language: str, part: str) -> list[Text]:
    place = data / "umsab" / UMSAB[language]
    texts = (place / f"{part}_text.txt").read_text("utf-8").splitlines()
    labels = (place / f"{part}_labels.txt").read_text("utf-8").split()
    return [Text(text, (SENTIMENTS[int(label)],)) for text, label in zip(texts, labels, strict=True)]


def _semeval(data: Path, *, held: bool) -> list[Text]:
    found: dict[str, Text] = {}
    for file in sorted((data / "semeval").glob("*.txt")):
        if (file.stem in HELD_OUT) == held:
            for line in file.read_text("utf-8").splitlines():
                fields = line.strip().split("\t")
                if len(fields) >= 3 and fields[1] in SENTIMENTS:
                    found[fields[0]] = Text(fields[2].strip('"'), (fields[1],))
    return list(found.values())


def _goemotions(file: Path) -> list[Text]:
    names = (file.parent / "labels.txt").read_text("utf-8").split()
    groups = {name: emotion for emotion, members in EKMAN.items() for name in members} | {NEUTRAL: NEUTRAL}
    rows = (line.split("\t") for line in file.read_text("utf-8").splitlines())
    return [
        Text(row[0], tuple(sorted({groups[names[int(one)]] for one in row[1].split(",")} - {NEUTRAL}))) for row in rows
    ]


def _xed(file: Path) -> list[Text]:
    rows = (line.rsplit("\t", 1) for line in file.read_text("utf-8").splitlines() if "\t" in line)
    return [
        Text(text, tuple(sorted({_PLUTCHIK[one.strip()] for one in labels.split(",") if one.strip() in _PLUTCHIK})))
        for text, labels in rows
    ]


def _same(text: str) -> str:
    return " ".join(words(text))
