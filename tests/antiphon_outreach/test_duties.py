"""What must be there before a creator's work goes live or is paid, and whether a post says that it is paid for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from antiphon.errors import GiveUp
from antiphon_outreach.duties import is_labelled, rules_of
from antiphon_outreach.moving import Agree, Move
from antiphon_outreach.rating import Labelled

from .conftest import Desk

BRIEF = {"brief": "https://example.org/brief", "label": "Collaboration commerciale"}


def agree(desk: Desk, run: str = "r1", **told: Any) -> str:
    creator = desk.keep(country=told.pop("country", "FR"))
    desk.do(Agree(), run, creator=creator, **{"kind": "fee", "value": 500, **told})
    return creator


def refused(desk: Desk, creator: str, to: str = "live") -> str:
    """Why a creator is not moved; nothing is changed by it."""
    with pytest.raises(GiveUp) as found:
        desk.do(Move(), creator=creator, to=to)
    assert "prospect" == desk.book.get(creator)["stage"]
    assert "antiphon creators agree" in (found.value.hint or "")
    return found.value.sentence


def test_i6_facts() -> None:
    """I6: the threshold and the labels have their sources, and the day on which somebody looked."""
    rules = rules_of("fr")

    assert (1000, "EUR", ["Publicité", "Collaboration commerciale"]) == (
        rules["contract_from"],
        rules["currency"],
        rules["labels"],
    )
    assert "décret 2025-1137" in rules["contract_source"]
    assert rules["checked_on"].isoformat() == "2026-11-24"


@pytest.mark.parametrize("to", ["live", "paid"])
def test_i6_nothing_agreed(desk: Desk, to: str) -> None:
    """I6: nobody goes live or is paid for what was never agreed."""
    assert "nothing is agreed: record what they get" in refused(desk, desk.keep(), to)


def test_i6_brief_and_label(desk: Desk) -> None:
    """I6: brief and label must be recorded, and the label must be one that the law names."""
    ana = agree(desk)
    assert "no brief is recorded; no label is recorded" in refused(desk, ana)
    agree(desk, "r2", value=0, brief="https://example.org/brief", label="#ad")
    assert "the label is “#ad”, and the law asks for “Publicité” or “Collaboration commerciale”" in refused(desk, ana)
    agree(desk, "r3", value=0, label="publicite")

    assert "live" == desk.do(Move(), creator=ana, to="live")["stage"]


@pytest.mark.parametrize(("value", "passes"), [(499.98, True), (499.99, True), (500, False), (2000, False)])
def test_i6_threshold(desk: Desk, value: float, passes: bool) -> None:
    """I6: from 1,000 EUR of pay and gifts in a year on a written contract is needed, and not a cent before."""
    ana = agree(desk, value=500, **BRIEF)
    agree(desk, "r2", kind="gift", value=value)

    if not passes:
        told = refused(desk, ana)
        assert f"pay and gifts of 2026 come to {500 + value:,.2f} EUR; from 1,000 EUR without tax on" in told
        agree(desk, "r3", kind="gift", value=0, contract="https://example.org/signed.pdf")
    assert "live" == desk.do(Move(), creator=ana, to="live")["stage"]


def test_i6_years(desk: Desk) -> None:
    """I6: each year is added up by itself, by its own contract, and on the day that the agreement names."""
    ana = agree(desk, value=900, on="2025-12-31", contract="last year's", **BRIEF)
    agree(desk, "r2", value=900, on="2026-01-01")
    assert "live" == desk.do(Move(), creator=ana, to="live")["stage"]
    agree(desk, "r3", value=100, on="2026-12-31")

    with pytest.raises(GiveUp, match=r"1,000\.00 EUR"):
        desk.do(Move(), creator=ana, to="paid")
    desk.clock.advance(datetime(2027, 1, 1, tzinfo=UTC) - desk.clock.now())
    assert "paid" == desk.do(Move(), creator=ana, to="paid")["stage"]


def test_i6_other_money(desk: Desk) -> None:
    """I6: what is paid in other money cannot be added, and so a contract is asked for."""
    assert "what is paid in USD cannot be added" in refused(desk, agree(desk, value=10, currency="USD", **BRIEF))


def test_i6_elsewhere(desk: Desk) -> None:
    """I6: where no rules are kept, brief and label are asked for all the same, in any words, and no contract."""
    ana = agree(desk, country="US", value=5000)
    assert "no brief is recorded; no label is recorded" in refused(desk, ana)
    agree(desk, "r2", country="US", brief="x", label="#ad")

    assert "live" == desk.do(Move(), creator=ana, to="live")["stage"]


def test_i6_unknown_country(desk: Desk) -> None:
    """I6: of whom no country is known, the stricter rules hold."""
    assert "2,000.00 EUR" in refused(desk, agree(desk, country="", value=2000, **BRIEF))


def test_i10_recorded(desk: Desk) -> None:
    """I10: pay, gifts and rights are recorded with value, day and who; the same act counts once."""
    ana = desk.keep()
    effect = desk.plan(Agree(), creator=ana, kind="gift", value=49.9, what="A grinder", rights="Reposts, until 2027")
    desk.perform(Agree(), effect)
    desk.perform(Agree(), effect)

    [kept] = desk.book.get(ana)["agreements"]
    assert ("gift", "49.90", "EUR", "2026-03-02", "Reposts, until 2027", "workflow drip") == tuple(
        kept[name] for name in ("kind", "value", "currency", "on", "rights", "by")
    )
    assert 1 == len(desk.store.events.list(type="creator.agreed"))


@pytest.mark.parametrize(
    "told",
    [
        {"value": -1},
        {"value": float("nan")},
        {"currency": "euro"},
        {"on": "yesterday"},
        {"on": "2026-02-30"},
        {"kind": "favour"},
        {"value": "a lot"},
    ],
)
def test_i10_cannot_be(told: dict[str, Any]) -> None:
    """I10: what is no value, no currency and no day is refused before it is recorded."""
    with pytest.raises(ValidationError):
        Agree.Options.model_validate({"creator": "x:ana", "kind": "fee", "value": 1, **told})


@pytest.mark.parametrize(
    ("text", "labelled"),
    [
        ("Publicité · Mon café du matin", True),
        ("Mon café #Collaboration commerciale avec Torréa", True),
        ("COLLABORATION\u00a0COMMERCIALE", True),
        ("publicite", True),
        ("P\u200bu\u200bb\u200blicité", True),
        ("Publicités de Noël", False),
        ("sponsorisé #ad #pub #partenariat", False),
        ("Collaboration", False),
        ("Collaboration avec Torréa, commerciale", False),
        ("", False),
        ("Рublicité", False),  # with a letter of another script, which no reader's search finds
    ],
)
def test_i6_label(text: str, labelled: bool) -> None:
    """I6: a post says that it is paid for in the words of the law, in whatever case and accents; other words do not."""
    assert labelled is is_labelled(text)


def test_i6_condition(desk: Desk) -> None:
    """I6: a workflow asks of a post whether it says so, and is told which words were looked for."""
    told = [desk.judge(Labelled(), of=text) for text in ("Publicité · Mon café", "Mon café #ad")]

    assert [True, False] == [one.holds for one in told]
    assert "the text has not “Publicité” or “Collaboration commerciale”" == told[1].because


def test_i6_no_rules(desk: Desk) -> None:
    """I6: of a country whose words are not kept nothing is claimed."""
    with pytest.raises(GiveUp, match="No rules of US"):
        desk.judge(Labelled(), of="#ad", country="US")


@given(st.text(max_size=2000))
def test_i6_any_text(text: str) -> None:
    """I6: any text is judged, and one that begins with the label is labelled whatever follows."""
    is_labelled(text)

    assert is_labelled(f"Publicité — {text}")
