"""What texts say, told by the models that are shipped."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from antiphon_listening.linear import LinearModel, described
from antiphon_listening.understanding import LABELS, UNKNOWN, Understanding, understand


@pytest.mark.parametrize(
    ("text", "language", "sentiment", "intent"),
    [
        ("Le café est froid et le service est lamentable, je veux être remboursé", "fr", "negative", "complaint"),
        ("Ma commande n'est toujours pas arrivée, c'est inadmissible", "fr", "negative", "complaint"),
        ("J'adore ce café torréa, merci !", "fr", "positive", "praise"),
        ("Où acheter votre café en grains ?", "fr", "neutral", "purchase"),
        ("À quelle heure êtes-vous ouverts dimanche ?", "fr", "neutral", "question"),
        ("My order still hasn't arrived, this is ridiculous", "en", "negative", "complaint"),
        ("I love this coffee, thank you", "en", "positive", "praise"),
        ("Where can I buy this?", "en", "neutral", "purchase"),
        ("What time do you open tomorrow?", "en", "neutral", "question"),
    ],
)
def test_l6_l7_both_languages(text: str, language: str, sentiment: str, intent: str) -> None:
    """L6, L7: French and English are both told, with their sentiment and what is wanted."""
    told = understand(text)

    assert (language, sentiment, intent) == (told.language.label, told.sentiment.label, told.intent.label)


@pytest.mark.parametrize(
    ("text", "emotion"),
    [("I hate you, this makes me so angry 😡", "anger"), ("Je suis si triste, il est mort", "sadness")],
)
def test_emotion(text: str, emotion: str) -> None:
    """What somebody feels is told by one word of Ekman's six."""
    assert emotion == understand(text).emotion.label


def test_other_languages_are_named_and_not_guessed() -> None:
    """A text in a language that is not read gets its language, and no label."""
    told = understand("Das Essen war gestern Abend leider sehr schlecht")

    assert ("de", UNKNOWN, UNKNOWN, UNKNOWN) == (
        told.language.label,
        told.sentiment.label,
        told.emotion.label,
        told.intent.label,
    )


def test_language_given() -> None:
    """A language that is known is believed, with or without its country."""
    assert ["fr", "fr", "en"] == [understand("ok", code).language.label for code in ("fr", "fr-CA", "EN")]


@pytest.mark.parametrize(("emoji", "sentiment"), [("😡😡😡", "negative"), ("😍", "positive"), ("👎", "negative")])
@pytest.mark.parametrize("otherwise", ["fr", "en"])
def test_emoji_alone(emoji: str, sentiment: str, otherwise: str) -> None:
    """Emoji have no language and speak all the same."""
    told = understand(emoji, otherwise=otherwise)

    assert ("und", sentiment) == (told.language.label, told.sentiment.label)


@pytest.mark.parametrize(
    "disguised",
    [
        "<p>I love this coffee, <b>thank you</b></p><script>alert('I hate it, worst service')</script>",
        "I love this coffee, thank you https://worst.example/hate?refund=1 @worstservice",
        "𝐈 𝐥𝐨𝐯𝐞 𝐭𝐡𝐢𝐬 𝐜𝐨𝐟𝐟𝐞𝐞, 𝐭𝐡𝐚𝐧𝐤 𝐲𝐨𝐮",
        "Ｉ ｌｏｖｅ ｔｈｉｓ ｃｏｆｆｅｅ, ｔｈａｎｋ ｙｏｕ",
        "I LOOOOOVE this coffee, thaaaank you",
    ],
)
def test_disguises(disguised: str) -> None:
    """Markup, scripts, addresses, drawn-out letters and letters of another width change nothing."""
    assert "positive" == understand(disguised, "en").sentiment.label


@given(text=st.text(max_size=400), language=st.sampled_from(["", "fr", "en", "xx", "🤷"]))
@example(text="", language="")
@example(text="\ud800 half", language="en")
@example(text="Я тебя люблю ❤ 我很生气 مرحبا hello", language="")
@example(text="Ӏ lоvе thіs соffее", language="en")
def test_anything(text: str, language: str) -> None:
    """Whatever a stranger writes is answered with labels that there are, each as likely as a thing can be."""
    told = understand(text, language)

    for kind, labels in LABELS.items():
        said = getattr(told, kind)
        assert said.label in (*labels, UNKNOWN)
        assert 0 <= said.score <= 1


@pytest.mark.parametrize(
    "part",
    ["great ", "<script", "<a ", "&amp;", "@", "https://", "a-", "é", "ﷺ", "!?", "😡", "x" * 2500, "\n", '<!--"'],
)
def test_long_texts_are_quick(part: str) -> None:
    """100 kB of anything takes no longer than the part of it that is read."""
    text = part * (100_000 // len(part))
    understand(text)

    began = time.process_time()
    understand(text)

    assert time.process_time() - began < 0.25


def test_a_person_is_certain() -> None:
    """What a person says stands in the place of what the model says, and the rest stays."""
    told = understand("I love this coffee")

    corrected = told.corrected({"sentiment": "negative"})

    assert {**told.document(), "sentiment": {"label": "negative", "score": 1.0}, "by": "person"} == corrected.document()
    assert isinstance(told, Understanding)
    assert told is told.corrected({})


@pytest.mark.parametrize("name", ["fr", "en", "language"])
def test_weights_are_those_that_were_measured(name: str) -> None:
    """Beside each model stand its hash, what taught it and under which licence, and what it scores."""
    told = described()[name]
    packed = files("antiphon_listening").joinpath("models").joinpath(f"{name}.bin").read_bytes()

    assert told["sha256"] == hashlib.sha256(packed).hexdigest()
    assert all("MIT" in source or "Apache-2.0" in source or "CC BY" in source for source in told["sources"])
    assert all(0.35 < score <= 1 for score in described()["scores"][name].values())
    assert len(LinearModel.shipped(name).table) == len(told["heads"]) << told["bits"]


def test_sums() -> None:
    """A label's likelihood is the logistic function of its features' weights over the root of their count."""
    model = LinearModel(("a", "b"), 1, (0.5, 1.0), (0.0, -1.0), (0.5, 0.25), bytes([128 + 2, 128, 128 + 4, 128 - 1]))

    likely = model.judge({0, 1})

    assert pytest.approx({"a": 0.8929, "b": 0.1535}, abs=1e-4) == likely
    assert {"a": 0.0, "b": 0.0} == model.judge(())
    assert likely["a"] / 0.5 == model.beyond(likely, "a")
    assert model == replace(model)
