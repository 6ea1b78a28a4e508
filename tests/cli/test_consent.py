"""`antiphon consent`: given, withdrawn, and asked for at the moment of sending."""

from __future__ import annotations

import pytest

from .conftest import Line

PLUGIN = '''
from antiphon import Action, Done, Options, Receipt, hookimpl


class Send(Action):
    """Sends a letter.

    use: letter.send
    with: {to: ana@example.org}
    """

    name = "letter.send"

    class Options(Options):
        to: str

    def plan(self, options, ctx):
        return ctx.effect(self.name, f"Write to {options.to}", {"to": options.to}, recipients=(options.to,))

    def perform(self, effect, ctx):
        return Done(Receipt(at=ctx.clock.now()))


@hookimpl
def register_actions():
    return (Send,)
'''

LETTER = """
antiphon: 1
id: letter
name: A letter
tz: UTC
triggers: [{id: by_hand, manual: {inputs: {to: {type: text, required: true}}}}]
actions: [{id: send, use: letter.send, with: {to: "${{ trigger.inputs.to }}"}}]
"""

ANA = ("ana@example.org", "--channel", "letter")


@pytest.fixture
def letters(antiphon: Line) -> Line:
    """A workspace that writes letters to those who agree, and to nobody else."""
    antiphon.write("plugin.py", PLUGIN)
    antiphon.write("workflows/letter.yaml", LETTER)
    path = antiphon.folder / "antiphon.toml"
    path.write_text(path.read_text(encoding="utf-8") + '\n[policy]\nconsent = ["letter"]\n', encoding="utf-8")
    return antiphon


def sent(letters: Line, to: str = "ana@example.org") -> str:
    """What became of a letter."""
    found: str = letters("run", "letter", "--input", f"to={to}", "--live", "--json").document["entries"][0]["state"]
    return found


def test_given(letters: Line) -> None:
    """Nobody is reached before they agree; who was not known is known then, in any case of letters."""
    assert "vetoed" == sent(letters)
    given = letters("consent", "record", "@Ana@Example.org", "--channel", "letter", "--basis", "the form", "--json")
    assert (0, "ana@example.org", "the form") == (given.code, given.document["person"], given.document["basis"])
    assert ["done", "done", "vetoed"] == [
        sent(letters),
        sent(letters, "Ana@Example.org"),
        sent(letters, "ben@b.example"),
    ]
    [known] = letters("consent", "list", "--json").document
    assert ("ana@example.org", "letter", True) == (known["person"], known["channel"], known["given"])
    assert known["since"]


def test_withdrawn(letters: Line) -> None:
    """Consent that is withdrawn while a letter is held refuses at the moment of sending; the list says so."""
    assert 0 == letters("consent", "record", *ANA).code
    assert 0 == letters("brake", "on").code
    assert "held" == sent(letters)
    assert 0 == letters("consent", "withdraw", *ANA).code
    assert 0 == letters("brake", "off").code
    letters("runs", "resume")
    [entry] = letters("effects", "list", "--json").document
    assert ("vetoed", True) == (entry["state"], "there is no consent to letter" in entry["reason"])
    assert [False] == [one["given"] for one in letters("consent", "list", "--json").document]
    assert "withdrawn" in letters("consent", "list").out


def test_planned(letters: Line) -> None:
    """Consent that is withdrawn after a plan was made refuses to apply it."""
    letters("consent", "record", *ANA)
    plan = letters("plan", "letter", "--input", "to=ana@example.org", "--json").document["plan"]["id"]
    letters("consent", "withdraw", *ANA)
    assert 4 == letters("apply", plan, "--yes").code
    assert [] == letters("effects", "list", "--json").document


def test_audited(letters: Line) -> None:
    """Both words are in the audit, with what was known before."""
    letters("consent", "record", *ANA, "--basis", "the form")
    letters("consent", "withdraw", *ANA)
    withdrawn, given = letters("audit", "list", "--json").document
    assert ("consent record", "ana@example.org", None) == (given["what"], given["subject"], given["before"])
    assert "the form" == given["after"]["basis"]
    assert "consent withdraw" == withdrawn["what"]
    assert "the form" == withdrawn["before"]["basis"]


def test_idle(letters: Line) -> None:
    """Where no rule asks for the consent, that is said."""
    told = letters("consent", "withdraw", "ana@example.org", "--channel", "sms")
    assert (0, True) == (told.code, "Consent is asked for letter" in told.err)


@pytest.mark.parametrize("words", [(" @ ", "--channel", "letter"), ("ana@example.org", "--channel", " ")])
def test_nobody(letters: Line, words: tuple[str, ...]) -> None:
    """A person and a channel must be named."""
    assert 1 == letters("consent", "record", *words).code
    assert [] == letters("consent", "list", "--json").document
