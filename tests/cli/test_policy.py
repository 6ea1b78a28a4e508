"""`antiphon brake`, `antiphon suppress`, and what `effects show`, `why` and `plan` say of policy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import Line, Told

CAPPED = '\n[[policy.caps]]\nmax = 1\nper = "1d"\neach = "workspace"\n'


def govern(antiphon: Line, policy: str) -> None:
    """Add to antiphon.toml."""
    path = antiphon.folder / "antiphon.toml"
    path.write_text(path.read_text(encoding="utf-8") + policy, encoding="utf-8")


def audited(antiphon: Line) -> list[str]:
    """What was done by whom, oldest first."""
    found = antiphon("audit", "list", "--json").document
    return sorted(entry["what"] for entry in found)


def test_brake(acting: Callable[[str], Told], antiphon: Line) -> None:
    """A brake holds what is run, says so, and is lifted; the run goes on then. All of it is in the audit."""
    assert antiphon("brake", "status").out == "No brake is on.\n"
    put = antiphon("brake", "on", "--reason", "crisis", "--until", "2h", "--json")
    assert (0, "workspace", "crisis") == (put.code, put.document["scope"], put.document["reason"])
    assert put.document["until"]
    held = acting("done")
    assert 5 == held.code
    [status] = antiphon("brake", "status", "--json").document
    assert ("workspace", 1) == (status["scope"], status["held"])
    lifted = antiphon("brake", "off", "--json").document
    assert (1, []) == (lifted["released"], lifted["standing"])
    assert antiphon("runs", "resume", "--json").document["activations"][0]["entries"][0]["state"] == "done"
    assert {"brake on", "brake off"} <= set(audited(antiphon))


def test_resume_plan(acting: Callable[[str], Told], antiphon: Line) -> None:
    """C6: what a brake holds is shown, and let go deliberately: what is dropped is never sent, the rest goes on."""
    assert "No brake holds anything.\n" == antiphon("brake", "held").out
    antiphon("brake", "on", "--reason", "crisis")
    acting("done")
    [entry] = antiphon("brake", "held", "--json").document
    key = entry["effect"]["key"]
    assert key in antiphon("brake", "held").out

    kept = antiphon("brake", "off", "--drop", "nothing/of/the/kind")
    lifted = antiphon("brake", "off", "--drop", key, "--drop-older", "24h", "--json").document
    antiphon("runs", "resume", "--json")

    assert (1, True) == (kept.code, "No brake of workspace holds" in kept.err)
    assert ([key], 0) == (lifted["dropped"], lifted["released"])
    shown = antiphon("effects", "show", key, "--json").document
    assert "vetoed" == shown["entry"]["state"]
    assert ["stopped"] == [run["state"] for run in antiphon("runs", "list", "--json").document]
    assert "brake drop" in audited(antiphon)


def test_too_old_to_be_sent(acting: Callable[[str], Told], antiphon: Line) -> None:
    """What is younger than asked is not dropped, and goes on."""
    antiphon("brake", "on", "--reason", "crisis")
    acting("done")

    lifted = antiphon("brake", "off", "--drop-older", "24h", "--json").document

    assert ([], 1) == (lifted["dropped"], lifted["released"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["off", "--drop-older", "old"], "'old' is not a length of time"),
        (["on", "--scope", "everything"], "'everything' is no scope"),
        (["on", "--scope", "workflow:complaint"], "There is no workflow 'complaint'"),
        (["off", "--scope", "account:nobody"], "There is no account 'nobody'"),
        (["on", "--until", "soon"], "'soon' is not a length of time"),
        (["on", "--until", "2020-01-01T00:00"], "is not in the future"),
    ],
    ids=" ".join,
)
def test_brake_mistakes(antiphon: Line, words: list[str], told: str) -> None:
    """A scope that there is not, and a time that has been, are the caller's mistakes; nothing is braked then."""
    found = antiphon("brake", *words)
    assert 1 == found.code
    assert told in found.err
    assert [] == antiphon("brake", "status", "--json").document


def test_suppress(antiphon: Line) -> None:
    """Somebody is suppressed once in any spelling, is listed, and can be taken out again."""
    for name in ("@Ana@social.example", "ana@SOCIAL.example"):
        assert 0 == antiphon("suppress", "add", name, "--reason", "opted out").code
    [found] = antiphon("suppress", "list", "--json").document
    assert ("ana@social.example", "", "opted out") == (found["person"], found["channel"], found["reason"])
    assert 1 == antiphon("suppress", "remove", "ana@social.example", "--channel", "email").code
    assert 0 == antiphon("suppress", "remove", "Ana@social.example").code
    assert [] == antiphon("suppress", "list", "--json").document
    assert 1 == antiphon("suppress", "remove", "ana@social.example").code
    assert ["suppress add", "suppress add", "suppress remove"] == audited(antiphon)


def test_shown(acting: Callable[[str], Told], antiphon: Line) -> None:
    """What every rule said is told by `effects show` and by `why`; a plan tells what it would be."""
    govern(antiphon, CAPPED)
    assert 0 == acting("done").code
    key = antiphon("effects", "list", "--json").document[0]["effect"]["key"]
    shown = antiphon("effects", "show", key, "--json").document
    assert [("cap", "pass")] == [(one["ruling"]["rule"], one["ruling"]["verdict"]) for one in shown["rulings"]]
    assert "0 of 1 per 1d for all" in antiphon("effects", "show", key).out
    assert "0 of 1 per 1d for all" in antiphon("why", "ending").out

    held = acting("done")
    assert (5, "held") == (held.code, held.document["entries"][0]["state"])
    assert "cap: 1 of 1 per 1d for all" in held.document["entries"][0]["reason"]
    assert "would be held until" in antiphon("plan", "ending", "--input", "end=done").out


def test_settings(antiphon: Line) -> None:
    """A policy that cannot be read is told with its key, and nothing is run without it."""
    govern(antiphon, '\n[[policy.caps]]\nmax = 0\nper = "1d"\n')
    found = antiphon("check")
    assert 3 == found.code
    assert "policy.caps.0.max" in found.err
