"""What a process says of its secrets in logs, crashes and outcomes."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

from antiphon.errors import GiveUp
from antiphon.model.effect import Disconnected, Done, Pending, RateLimited, Receipt, Rejected
from antiphon.runtime.redaction import concealed, redacted
from antiphon.runtime.secrets import Secrets

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def secrets() -> Secrets:
    found = Secrets({"api": "tok en/1234567", "pin": "1234"}.get)
    found.value("api")
    found.value("pin")
    return found


def test_conceal(secrets: Secrets) -> None:
    """A secret is found as it is, in an address and in JSON; one too short to be told from a word is left."""
    assert "${{ secrets.api }}" == secrets.conceal("tok en/1234567")
    assert ["a ${{ secrets.api }}?"] == secrets.conceal(["a tok%20en%2F1234567?"])
    assert {"1234": 1234} == secrets.conceal({"1234": 1234})


def test_sources() -> None:
    """The first source that knows a secret gives it."""
    secrets = Secrets({"a": "one"}.get, {"a": "two", "b": "three"}.get)
    assert ("one", "three") == (secrets.value("a"), secrets.value("b"))


def test_logs(secrets: Secrets, caplog: pytest.LogCaptureFixture) -> None:
    """Messages, their arguments and their exceptions are redacted, whatever logger they come from."""
    caplog.set_level(logging.DEBUG)
    with redacted(secrets.conceal):
        logging.getLogger("stranger").debug("sent %r with %s", {"token": "tok en/1234567"}, 7)
        try:
            raise KeyError(secrets.value("api"))
        except KeyError:
            logging.getLogger("stranger").exception("failed")
        wrong = logging.getLogger().makeRecord("", 30, "", 1, "wrong %d", ("tok en/1234567",), None)
    assert ("('${{ secrets.api }}',)",) == wrong.args
    assert "tok en" not in caplog.text
    assert "sent {'token': '${{ secrets.api }}'} with 7" in caplog.text
    assert "KeyError: '${{ secrets.api }}'" in caplog.text
    logging.getLogger("stranger").info("after tok en/1234567")
    assert "after tok en/1234567" in caplog.text


def test_crash(secrets: Secrets) -> None:
    """An exception that leaves is redacted with all that led to it, and with its hint."""
    refusal = GiveUp("no tok en/1234567", hint="renew tok en/1234567")
    refusal.__cause__ = ValueError("tok en/1234567")
    with pytest.raises(GiveUp) as crash, redacted(secrets.conceal):
        raise refusal
    assert "no ${{ secrets.api }} renew ${{ secrets.api }}" == str(crash.value)
    assert "${{ secrets.api }}" == str(crash.value.__cause__)


def test_outcomes(secrets: Secrets) -> None:
    """Whatever an outcome says is redacted; the rest stays."""
    receipt = Receipt(remote_id="tok en/1234567", at=NINE, data={"a": ["tok en/1234567", 1]})
    mark = "${{ secrets.api }}"
    assert Done(Receipt(remote_id=mark, at=NINE, data={"a": [mark, 1]})) == concealed(Done(receipt), secrets.conceal)
    assert Rejected(mark, mark) == concealed(Rejected("tok en/1234567", "tok en/1234567"), secrets.conceal)
    for outcome in (RateLimited(NINE), Pending("handle"), Disconnected("away")):
        assert outcome == concealed(outcome, secrets.conceal)
