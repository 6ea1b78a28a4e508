from __future__ import annotations

from typing import Any

import pytest

from antiphon.components.secret_marks import concealer, has_secret_mark, is_secret_mark

SHOP, HOOK = "${{ secrets.shop }}", "${{secrets.hook}}"
VALUES = {SHOP: 'a b/"é"\n', HOOK: "https://hooks.example.org/T0/B1/token"}


@pytest.mark.parametrize(
    ("text", "whole", "held"),
    [
        (SHOP, True, True),
        (f" {HOOK} ", True, True),
        (f"Bearer {SHOP}", False, True),
        ("${{ secrets.a.b }}", False, False),
        ("${{ event.secrets.a }}", False, False),
        ("hunter2", False, False),
    ],
)
def test_mark(text: str, whole: bool, held: bool) -> None:
    """A mark is `${{ secrets.name }}` and nothing else."""
    assert (is_secret_mark(text), has_secret_mark(text)) == (whole, held)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('it was a b/"é"\n.', f"it was {SHOP}."),
        ("?key=a%20b/%22%C3%A9%22%0A&b", f"?key={SHOP}&b"),
        ("?key=a+b%2F%22%C3%A9%22%0A&b", f"?key={SHOP}&b"),
        ('{"key": "a b/\\"\\u00e9\\"\\n"}', f'{{"key": "{SHOP}"}}'),
        ("moved to https://new.example.org/T0/B1/token", f"moved to https://new.example.org{HOOK}"),
        ({"at": [VALUES[HOOK], 7, None]}, {"at": [HOOK, 7, None]}),
        ({VALUES[HOOK]: True}, {HOOK: True}),
        ("nothing of it", "nothing of it"),
    ],
)
def test_concealed(said: Any, shown: Any) -> None:
    """A secret of the payload is a mark again, in whatever dress it comes back."""
    conceal = concealer({"a": [f"Bearer {SHOP}"], HOOK: 1}, VALUES.__getitem__)
    assert conceal(said) == shown


def test_empty_secret() -> None:
    """An empty secret stands nowhere, and so is found nowhere."""
    assert concealer([SHOP], lambda mark: "")("abc") == "abc"
