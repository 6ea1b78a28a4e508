"""`antiphon triggers`: what rests, and how it is started again."""

from __future__ import annotations

from typing import Any

from antiphon.cli.exits import Exit


def test_rest(antiphon: Any) -> None:
    """A person lays a trigger to rest and starts it again; both are in the audit."""
    assert Exit.DONE == antiphon("triggers", "stop", "hello", "by_hand", "--reason", "tidying up").code
    [hello] = [one for one in antiphon("triggers", "list", "--json").document if one["workflow"] == "hello"]
    assert "tidying up" == hello["rest"]["because"]
    assert "tidying up" in antiphon("why", "hello").out
    assert Exit.DONE == antiphon("triggers", "start", "hello", "by_hand").code
    [hello] = [one for one in antiphon("triggers", "list", "--json").document if one["workflow"] == "hello"]

    assert hello["rest"] is None
    deeds = [one["what"] for one in antiphon("audit", "list", "--json").document]
    assert ["triggers start", "triggers stop"] == deeds


def test_unknown(antiphon: Any) -> None:
    """A trigger that is not there is named, with those that are."""
    told = antiphon("triggers", "start", "hello", "by_hnad")

    assert Exit.AUTHOR == told.code
    assert "Did you mean" in told.err
