"""`make eval`: every label of listening on texts that taught it nothing, beside VADER, and against the shipped scores.

`--accept` writes what was measured beside the weights; without it, a score below the shipped one ends with 1.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from tests.eval import corpora
from tests.eval.corpora import EMOTIONS, SENTIMENTS, UMSAB, Text
from tests.eval.train import MODELS
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from antiphon_listening.linear import described
from antiphon_listening.understanding import felt, understand

TOLERANCE = 0.002
"""By how much a score may be below the shipped one: floats are added in another order elsewhere."""

Labels = Sequence[Collection[str]]


def macro_f1(labels: Sequence[str], truth: Labels, told: Labels) -> float:
    """The mean of the labels' F1, each 2 tp / (2 tp + fp + fn) (van Rijsbergen 1979), 0 where nothing is there."""
    scores = []
    for label in labels:
        pairs = [(label in one, label in other) for one, other in zip(truth, told, strict=True)]
        hits, wrong = pairs.count((True, True)), pairs.count((True, False)) + pairs.count((False, True))
        scores.append(2 * hits / (2 * hits + wrong) if hits else 0.0)
    return sum(scores) / len(scores)


def measured(data: Path) -> Iterator[tuple[str, str, int, float, float | None]]:
    """The model, the score's name, the number of texts, our macro-F1, and VADER's where it says something of it."""
    for code in ("fr", "en"):
        texts = corpora.sentiment(data, code, "val")
        yield code, "sentiment", len(texts), *_sentiments(texts, code)
        texts = corpora.emotions(data, code, "val")
        shown = [felt(one.text, code) for one in texts]
        yield code, "emotion", len(texts), macro_f1(EMOTIONS, [one.labels for one in texts], shown), None
    tweets = corpora.sentiment(data, "en", "val")[:324]
    yield "en", "sentiment_umsab", len(tweets), *_sentiments(tweets, "en")
    for name, texts in (("complaint", corpora.complaints(data)), ("purchase", corpora.wishes(data))):
        truth = [one.labels or ("else",) for one in texts]
        ours = [(name,) if understand(one.text, "en").intent.label == name else ("else",) for one in texts]
        vader = _vader(texts, {"negative": "complaint"}) if name == "complaint" else None
        yield "en", name, len(texts), macro_f1((name, "else"), truth, ours), vader
    texts = corpora.languages(data, "val")
    ours = [(understand(one.text).language.label,) for one in texts]
    yield "language", "language", len(texts), macro_f1(tuple(UMSAB), [one.labels for one in texts], ours), None


def _sentiments(texts: Sequence[Text], code: str) -> tuple[float, float]:
    truth = [one.labels for one in texts]
    ours = [(understand(one.text, code).sentiment.label,) for one in texts]
    return macro_f1(SENTIMENTS, truth, ours), _vader(texts)


def _vader(texts: Sequence[Text], names: Mapping[str, str] | None = None) -> float:
    """VADER with the thresholds that its README gives: 0.05 and -0.05 of `compound`."""
    analyzer = SentimentIntensityAnalyzer()
    compounds = (analyzer.polarity_scores(one.text)["compound"] for one in texts)
    told = ["positive" if one >= 0.05 else "negative" if one <= -0.05 else "neutral" for one in compounds]
    if names is None:
        return macro_f1(SENTIMENTS, [one.labels for one in texts], [(one,) for one in told])
    truth = [one.labels or ("else",) for one in texts]
    return macro_f1((*names.values(), "else"), truth, [(names.get(one, "else"),) for one in told])


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and compare with what is shipped or write it there."""
    console, data = Console(), corpora.folder()
    if data is None:
        console.print("Nothing to measure with: set ANTIPHON_SHARED to the folder that holds data/, or use ../shared.")
        return 0
    table = Table(title="Macro-F1 on texts that taught nothing", title_justify="left")
    for heading in ("model", "label", "texts", "Antiphon", "VADER", "shipped"):
        table.add_column(heading)
    kept: dict[str, list[str]] = {}
    worse = False
    for model, name, count, ours, vader in measured(data):
        shipped = described().get("scores", {}).get(model, {}).get(name)
        worse |= shipped is not None and ours < shipped - TOLERANCE
        beside = f"{vader:.3f}" if vader is not None else ""
        table.add_row(model, name, f"{count:,}", f"{ours:.3f}", beside, f"{shipped:.3f}" if shipped else "")
        kept.setdefault(model, []).append(f"{name} = {ours:.4f}" + (f" # VADER: {beside}" if beside else ""))
    console.print(table)
    if "--accept" in arguments:
        _write(kept)
    return 1 if worse and "--accept" not in arguments else 0


def _write(scores: Mapping[str, Sequence[str]]) -> None:
    file = MODELS / "models.toml"
    told = file.read_text("utf-8").partition("\n# Macro-F1")[0].rstrip()
    parts = "".join(f"\n[scores.{model}]\n" + "\n".join(lines) + "\n" for model, lines in scores.items())
    file.write_text(f"{told}\n\n# Macro-F1 on texts that taught nothing, as `make eval` measures it.\n{parts}", "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
