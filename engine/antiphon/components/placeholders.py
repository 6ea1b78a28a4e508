"""Message copy: text with `{{ placeholders }}`, which are filled once and never read again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from antiphon.errors import GiveUp

_PLACEHOLDER = re.compile(r"\\(\{\{)|\{\{\s*([A-Za-z_]\w*)\s*(?:\|([^{}]*))?\}\}")
_ADDRESS = re.compile(r"https?://[!-~]{1,2000}")
_LONGEST = 80


def fill_placeholders(text: str, values: Mapping[str, str | None], longest: int = _LONGEST) -> str:
    r"""Put the values in. `{{ name | there }}` says what stands where the name is not known; `\{{` is a plain `{{`.

    A value is taken as it is: braces in it mean nothing, it stays on one line of at most `longest` characters, and it
    cannot mention anybody. One that is a web address stays whole.

    Raises:
        GiveUp: a value is not known, and the text does not say what stands instead.
    """

    def put(found: re.Match[str]) -> str:
        literal, name, instead = found.groups()
        if literal:
            return str(literal)
        given = (values.get(name) or "").strip()
        value = given if _ADDRESS.fullmatch(given) else harmless(given, longest)
        if not value and instead is None:
            raise GiveUp(
                f"The text asks for {{{{ {name} }}}}, which is not known.",
                hint=f"Give it in `values`, or write {{{{ {name} | something }}}}.",
            )
        return value or (instead or "").strip()

    filled = _PLACEHOLDER.sub(put, text)
    # Where nothing stands instead, the space in front of it goes too: “Hello ,” reads like a machine.
    return re.sub(r"[ ]+(?=[,.\u202f]|$)", "", re.sub(r" {2,}", " ", filled), flags=re.MULTILINE).strip()


def harmless(value: str, longest: int = _LONGEST) -> str:
    """A value on one line of at most `longest` characters, without what cannot be seen and an @ that mentions."""
    visible = "".join(
        " " if character.isspace() else character
        for character in value
        if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )
    return " ".join(visible.replace("@", "").split())[:longest].strip()


def first_name(shown: str) -> str:
    """The first word of a shown name that looks like a name, or nothing: `☕ Ana B.` gives Ana, `xX_42` nothing."""
    word = next((word.strip(".,;:!") for word in harmless(shown).split() if any(map(str.isalpha, word))), "")
    looks = len(word) > 1 and all(letter.isalpha() or letter in "-'’·" for letter in word)
    return word[:1].upper() + word[1:] if looks else ""
