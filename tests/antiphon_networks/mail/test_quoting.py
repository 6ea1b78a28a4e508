from __future__ import annotations

import lzma
import os
import re
import tarfile
import time
from collections.abc import Mapping
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon_networks.mail.quoting import unquoted
from antiphon_networks.plain import plain

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("ANTIPHON_SHARED", ROOT.parent / "shared")) / "counterparts" / "conformance"
HEADS = [
    "On Mon, 2 Mar 2026 at 10:00, Torréa <hello@torrea.example> wrote:",
    "Le lun. 2 mars 2026 à 10:00, Torréa <hello@torrea.example> a écrit :",
    "Am 02.03.2026 um 10:00 schrieb Torréa <hello@torrea.example>:",
    "El lun, 2 mar 2026 a las 10:00, Torréa (<hello@torrea.example>) escribió:",
    "Il giorno lun 2 mar 2026 alle ore 10:00 Torréa <hello@torrea.example> ha scritto:",
    "Op ma 2 mrt 2026 om 10:00 schreef Torréa <hello@torrea.example>:",
    "Em seg., 2 de mar. de 2026 às 10:00, Torréa <hello@torrea.example> escreveu:",
    "pon., 2 mar 2026 o 10:00 Torréa <hello@torrea.example> napisał(a):",
    "Den mån 2 mars 2026 kl 10:00 skrev Torréa <hello@torrea.example>:",
    "2026年3月2日(月) 10:00 Torréa <hello@torrea.example>:",
    "пн, 2 мар. 2026 г. в 10:00, Torréa <hello@torrea.example>:",
    "On Mon, 2 Mar 2026 at 10:00,\nTorréa and all of the roastery\n<hello@torrea.example> wrote:",
]
OUTLOOK = [
    "From: Torréa <hello@torrea.example>\nSent: Monday, 2 March 2026 10:00\nTo: Ana\nSubject: Votre question",
    "De : Torréa <hello@torrea.example>\nEnvoyé : lundi 2 mars 2026 10:00\nÀ : Ana\nObjet : Votre question",
    "Von: Torréa <hello@torrea.example>\nGesendet: Montag, 2. März 2026 10:00\nAn: Ana\nBetreff: Votre question",
    "________________________________\nDa: Torréa\nInviato: lunedì 2 marzo 2026\nA: Ana\nOggetto: Votre question",
    "-----Message d'origine-----\nDe : Torréa",
    "---------- Forwarded message ---------\nFrom: Torréa",
]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("mark", ["> ", ">", " > "])
def test_quoted_below(head: str, mark: str) -> None:
    """What is quoted with > is left out with the line that announces it, in any language."""
    assert (
        unquoted(f"Oui, volontiers.\n\n{head}\n\n{mark}Bonjour Ana\n{mark}\n{mark}À dimanche ?") == "Oui, volontiers."
    )


@pytest.mark.parametrize("head", HEADS)
def test_not_marked(head: str) -> None:
    """A message that follows its announcement without any mark, as HTML becomes text, is left out too."""
    assert unquoted(f"Oui, volontiers.\n\n{head}\n\nBonjour Ana\n\nÀ dimanche ?") == "Oui, volontiers."


@pytest.mark.parametrize("head", OUTLOOK)
def test_headers(head: str) -> None:
    """A divider or a block of headers ends what the author wrote."""
    assert unquoted(f"Oui, volontiers.\n\n{head}\n\nBonjour Ana") == "Oui, volontiers."


def test_between() -> None:
    """What stands between quotations and below them is the author's."""
    written = f"{HEADS[0]}\n> Ouvert dimanche ?\n\nOui.\n\n> Et lundi ?\nNon.\n"

    assert unquoted(written) == "Oui.\n\nNon."


@pytest.mark.parametrize(
    "text",
    [
        "Here is what I want:\n- a kilo of beans\n- two cups",
        "On Monday I wrote to you: nobody answered.",
        "From: the bottom of my heart, thank you",
        "5 > 3, and 2026 was a good year:",
        "À midi :\nje passe.",
        "Subject: beans\n\nI need some.",
    ],
)
def test_kept(text: str) -> None:
    """What only looks like a quotation stays."""
    assert unquoted(text) == text


@pytest.mark.parametrize(
    "end",
    ["\n-- \nAna\n06 12 34", "\n\nSent from my iPhone", "\n\nEnvoyé de mon iPhone", "\nVon meinem iPhone gesendet"],
)
def test_signature(end: str) -> None:
    """A signature is left out, and what a telephone adds."""
    assert unquoted(f"Merci !{end}") == "Merci !"


def test_nothing_but_quotes() -> None:
    """When nothing would be left, all of it stays: somebody may just have passed it on."""
    assert unquoted("> Bonjour\n> Ana") == "> Bonjour\n> Ana"
    assert unquoted("Sent from my iPhone") == "Sent from my iPhone"


@given(st.lists(st.sampled_from([*"a:>\n\r -_@<0é\0", "From: ", "To: ", "wrote:", "2026", "--\n"])).map("".join))
def test_any_text(text: str) -> None:
    """Whatever comes: every line of the answer is a line of what came, in the same order, and a text is not empty."""
    found = unquoted(text)
    lines = iter(line.strip() for line in re.split(r"\r\n|\r|\n", text.replace("\0", "")))

    assert all(any(one.strip() == line for line in lines) for one in found.split("\n") if one.strip())
    assert bool(found) == bool(text.replace("\0", "").strip())


@pytest.mark.parametrize(
    "part", [">", "> ", "a:\n", "On 2026 <a@b.fr> wrote:\n", "From: a\nTo: b\n", "_" * 40 + "\n", "\n"]
)
def test_quick(part: str) -> None:
    """No text takes long."""
    begun = time.perf_counter()
    unquoted(part * 100_000)

    assert time.perf_counter() - begun < 5


def collection(name: str) -> Mapping[str, bytes]:
    path = SHARED / f"email_reply_{name}.tar.xz"
    if not path.exists():
        pytest.skip(f"the replies of {name} are not here: set ANTIPHON_SHARED")
    with lzma.open(path) as packed, tarfile.open(fileobj=packed) as files:
        return {Path(one.name).name: files.extractfile(one).read() for one in files if one.isfile()}  # type: ignore[union-attr]


def test_github() -> None:
    """Of the replies that GitHub's parser is tested with, what the author wrote is left, to the line."""
    found = {name: unquoted(raw.decode("utf-8", "replace")) for name, raw in collection("github").items()}

    ends = {
        "email_1_1.txt": ("Hi folks", "-Abhishek Kona"),
        "email_1_2.txt": ("Hi,", 'individually."'),
        "email_1_3.txt": ("Oh thanks.", "-Abhishek Kona"),
        "email_1_4.txt": ("Awesome!", "problem with it."),
        "email_1_5.txt": ("One:", "for a while."),
        "email_1_6.txt": ("I get proper rendering", "torch of pixels"),
        "email_1_7.txt": (":+1:", ":+1:"),
        "email_1_8.txt": ("I will reply under this one", "and under this."),
        "email_2_1.txt": ("Outlook with a reply", "Outlook with a reply"),
        "email_2_2.txt": ("Outlook with a reply", "directly above line"),
        "email_2_3.txt": ("Outlook with a reply", "directly above line"),
        "email_BlackBerry.txt": ("Here is another email", "Here is another email"),
        "email_bullets.txt": ("test 2", "and another"),
        "email_iPhone.txt": ("Here is another email", "Here is another email"),
        "email_multi_word_sent_from_my_mobile_device.txt": ("Here is another email", "Here is another email"),
        "email_one_is_not_on.txt": ("Thank, this", "when I run..."),
        "email_sent_from_my_not_signature.txt": ("Here is", "my mobile phone."),
        "email_sig_delimiter_in_middle_of_line.txt": ("Hi there!", "kthxbai"),
        "greedy_on.txt": ("On your remote host", "is not working."),
        "pathological.txt": ("I think you're onto something.", "back to a computer."),
        "correct_sig.txt": ("this is an email", "-- signature."),
    }
    for name, (first, last) in ends.items():
        assert (found[name].startswith(first), found[name].endswith(last), ">" in found[name]) == (True, True, False), (
            name
        )


def test_talon() -> None:
    """Of the replies that Talon is tested with, from twelve programs in text and nine in HTML, the answer is left."""
    files = collection("talon")
    replies = [
        raw for name, raw in files.items() if name.endswith(".eml") and name != "reply-quotations-share-block.eml"
    ]
    bodies = [message_from_bytes(raw, policy=policy.default).get_body(("plain",)) for raw in replies]
    pages = (
        "hotmail",
        "ms_outlook_2007",
        "ms_outlook_2003",
        "mail_ru",
        "windows_mail",
        "thunderbird",
        "yandex_ru",
        "gmail",
    )

    assert [unquoted(body.get_content()) for body in bodies if body] == ["Hello"] * len(replies)
    for page in pages:
        text = plain(files[f"{page}.html"].decode("utf-8", "replace"), show_links=False).text
        assert unquoted(text).split() == ["Hi.", "I", "am", "fine.", "Thanks,", "Alex"], page
