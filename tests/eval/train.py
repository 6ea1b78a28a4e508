"""`python -m tests.eval.train`: teach the models of listening, and write them where they are shipped from."""

from __future__ import annotations

import hashlib
import random
import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import f1_score
from tests.eval import corpora
from tests.eval.corpora import EMOTIONS, ROOT, SENTIMENTS, UMSAB, Text

from antiphon_listening.features import BITS, features
from antiphon_listening.linear import ZERO
from antiphon_listening.words import words

MODELS = ROOT / "plugins" / "antiphon_listening" / "models"
LANGUAGE_BITS = 15
THRESHOLDS = [step / 50 for step in range(2, 36)]
PENALTY = {"sentiment.fr": 5e-4, "sentiment.en": 3e-5, "emotion.fr": 5e-4, "emotion.en": 1.5e-4, "language": 3e-5}
"""The strength of regularisation (`alpha`), by what is taught: the fewer texts, the more. Those of `sentiment` and the
words of valence were chosen by looking at the validation texts, which flatters the scores there a little."""

SOURCES = {
    "fr": [
        "UMSAB French train (cardiffnlp/xlm-t, Apache-2.0; DEFT 2017)",
        "XED French (Helsinki-NLP/XED, CC BY 4.0)",
        "tests/eval/valence.toml (ours, MIT)",
    ],
    "en": [
        "SemEval 2013-2016 task 4A (leelaylay/TweetSemEval, MIT), without 2016dev and 2016devtest",
        "UMSAB English train (cardiffnlp/xlm-t, Apache-2.0)",
        "GoEmotions train (monologg/GoEmotions-pytorch, Apache-2.0)",
        "the lexicon of vaderSentiment 3.3.2 (cjhutto/vaderSentiment, MIT)",
        "tests/eval/valence.toml (ours, MIT)",
    ],
    "language": [
        "UMSAB train in six languages (cardiffnlp/xlm-t, Apache-2.0)",
        "XED French and English (Helsinki-NLP/XED, CC BY 4.0)",
    ],
}
READ_ON = "2026-11-24"


@dataclass(frozen=True)
class Head:
    """What was learnt about one label: weights for texts whose features weigh 1 / sqrt(their number)."""

    name: str
    weights: Any
    bias: float
    threshold: float = 0.5


def matrix(texts: Sequence[Text], bits: int = BITS) -> Any:
    """A row for each text, a column for each feature."""
    ends, columns, values = [0], list[int](), list[float]()
    for one in texts:
        found = features(words(one.text))
        columns += [feature & ((1 << bits) - 1) for feature in found]
        values += [max(1, len(found)) ** -0.5] * len(found)
        ends.append(len(columns))
    return sparse.csr_matrix((values, columns, ends), shape=(len(texts), 1 << bits), dtype=np.float32)


def heads(prefix: str, labels: Sequence[str], texts: Sequence[Text], alpha: float, bits: int = BITS) -> list[Head]:
    """One head a label, by logistic regression over features weighted by how rare they are.

    The threshold of each is the one with the best F1 on the last tenth of the texts, which a first fit has not seen.
    """
    texts = random.Random(1).sample(texts, len(texts))
    rows = matrix(texts, bits)
    rare = np.log((1 + len(texts)) / (1 + np.bincount(rows.indices, minlength=1 << bits))) + 1
    weighted = (rows @ sparse.diags(rare)).tocsr().astype(np.float64)
    cut = len(texts) * 9 // 10
    found = []
    for label in labels:
        truth = np.array([label in one.labels for one in texts])
        first = _fit(weighted[:cut], truth[:cut], alpha).predict_proba(weighted[cut:])[:, 1]
        best = max(THRESHOLDS, key=lambda at: f1_score(truth[cut:], first >= at, zero_division=0))
        whole = _fit(weighted, truth, alpha)
        found.append(Head(f"{prefix}{label}", whole.coef_[0] * rare, float(whole.intercept_[0]), best))
    return found


def _fit(rows: Any, truth: Any, alpha: float) -> Any:
    told = SGDClassifier(loss="log_loss", alpha=alpha, max_iter=15, tol=None, average=True, random_state=1)
    return told.fit(rows, truth)


def packed(learnt: Sequence[Head]) -> tuple[bytes, list[float]]:
    """The table of bytes, compressed, and the scale of each head: a few of the greatest weights are cut."""
    scales = [float(np.quantile(np.abs(head.weights), 0.9995)) / (ZERO - 1) for head in learnt]
    columns = [
        np.clip(np.rint(head.weights / scale), 1 - ZERO, ZERO - 1) + ZERO
        for head, scale in zip(learnt, scales, strict=True)
    ]
    return zlib.compress(np.stack(columns, axis=1).astype(np.uint8).tobytes(), 9), scales


def write(name: str, bits: int, learnt: Sequence[Head]) -> str:
    """Write a model's weights, and give the part of `models.toml` that tells of it."""
    table, scales = packed(learnt)
    (MODELS / f"{name}.bin").write_bytes(table)
    rounded: Mapping[str, list[float]] = {
        "scale": scales,
        "bias": [head.bias for head in learnt],
        "threshold": [head.threshold for head in learnt],
    }
    numbers = "".join(f"{key} = [{', '.join(f'{value:.6g}' for value in row)}]\n" for key, row in rounded.items())
    lists = "".join(
        f"{key} = [\n" + "".join(f'    "{one}",\n' for one in row) + "]\n"
        for key, row in (("heads", [head.name for head in learnt]), ("sources", SOURCES[name]))
    )
    digest = hashlib.sha256(table).hexdigest()
    return f'[{name}]\nsha256 = "{digest}"\nbits = {bits}\nread_on = {READ_ON}\n{lists}{numbers}\n'


def main() -> int:
    """Teach everything anew; `make eval ARGS=--accept` then measures and writes the scores."""
    data: Path | None = corpora.folder()
    if data is None:
        sys.stderr.write("There are no shared data: set ANTIPHON_SHARED, or lay them into ../shared.\n")
        return 1
    told = "# Written by `python -m tests.eval.train`: what the weights are, and whence.\n\n"
    for code in ("fr", "en"):
        felt = heads("emotion.", EMOTIONS, corpora.emotions(data, code, "train"), PENALTY[f"emotion.{code}"])
        meant = heads("sentiment.", SENTIMENTS, corpora.sentiment(data, code, "train"), PENALTY[f"sentiment.{code}"])
        told += write(code, BITS, [*meant, *felt])
    spoken = corpora.languages(data, "train")
    told += write("language", LANGUAGE_BITS, heads("", tuple(UMSAB), spoken, PENALTY["language"], LANGUAGE_BITS))
    (MODELS / "models.toml").write_text(told.rstrip() + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
