"""The sequence of docs/outreach.md as it stands there, against real servers of mail, on a clock that moves."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.servers.mail.certificates import authority
from tests.servers.mail.office import PASSWORD, Office, open_office
from tests.servers.mail.server import Dovecot, started

from antiphon.app import Antiphon
from antiphon.components import wire
from antiphon.model.approval import ApprovalState
from antiphon.model.effect import EffectState
from antiphon.model.run import Run, RunState
from antiphon.testing.clock import VirtualClock
from antiphon.web.server import create
from antiphon_outreach.book import Book
from antiphon_outreach.keeping import person_of
from antiphon_outreach.moving import news

PAGE = Path(__file__).parents[2] / "docs" / "outreach.md"
SETTINGS = """
[workspace]
name = "Torréa"
timezone = "Europe/Paris"
[groups]
brand = ["ana", "ben"]
[http]
allow_private = ["127.0.0.1"]
[connections.post]
connector = "email"
from = "Torréa <{account}>"
password = "{password}"
smtp = "smtp://127.0.0.1:{smtp}"
imap = "imap://127.0.0.1:{imap}"
[[policy.budgets]]
connection = "post"
effects = {daily}
per = "day"
"""
LEA, TOM = "mastodon:lea@social.example", "mastodon:tom@social.example"
FIRST, SECOND, THIRD = (
    "Hello Léa,",
    "May I ask once more? A short no is fine too.",
    "This is my last mail. Our door stays open.",
)


@dataclass
class House:
    """A workspace with the documents of the page, and the servers behind its mailbox."""

    app: Antiphon
    clock: VirtualClock
    office: Office
    dovecot: Dovecot
    account: str

    @property
    def book(self) -> Book:
        return Book(self.app.store.records)

    def keep(self, creator: str = LEA, name: str = "Léa B.", email: str = "lea@example.org", **more: str) -> None:
        said = {"network": "mastodon", "handle": creator.partition(":")[2], "name": name, "email": email, **more}
        self.book.keep({creator: said}, self.clock.now())
        self.app.store.people.seen([person_of(creator, self.book.get(creator))], self.clock.now())

    def shortlist(self, creator: str = LEA, tag: str = "shortlist-spring") -> None:
        """Tag a creator, as `antiphon creators tag` does."""
        kept = self.book.get(creator)
        now = self.clock.now()
        self.app.store.events.ingest(
            [news("creator.tagged", creator, kept, f"{now} {creator} {tag}", {"tag": tag}, now)]
        )

    def hear(self) -> None:
        """Ask for mail, and do what there is to do."""
        for trigger in ("mail", "returned", "enough"):
            self.app.wake("creators-answers", trigger)
        self.work()

    def work(self) -> None:
        """Do what there is to do, as `antiphon up` does again and again."""
        for _ in range(3):
            for workflow in {*self.app.route(), *self.app.unfinished()}:
                self.app.activate(workflow)

    def approve(self) -> None:
        """Somebody of the brand says yes to whatever waits."""
        self.work()
        for asked in self.app.store.approvals.list(state=ApprovalState.PENDING):
            self.app.deciding.approve(asked.id, "ana")
        self.work()

    def days(self, count: int) -> None:
        """Let so many days pass, and work each day."""
        for _ in range(count):
            self.clock.advance(timedelta(days=1))
            self.work()

    def sent(self) -> list[str]:
        """The first line of each mail that left."""
        return [str(one.get_content()).splitlines()[0] for one in self.office.messages()]

    def arrive(self, message: EmailMessage) -> None:
        """A message arrives in the mailbox."""
        self.dovecot.deliver(self.account, message.as_bytes(), self.clock.now())
        self.hear()

    def stages(self, creator: str = LEA) -> list[str]:
        """Where somebody stood, one after the other."""
        return [one["to"] for one in self.book.get(creator)["history"]]

    def ended(self) -> list[RunState]:
        """The states of the runs of the sequence."""
        return [run.state for run in self.runs()]

    def runs(self) -> list[Run]:
        return list(self.app.store.runs.list(workflow="creators-drip"))


Open = Callable[..., House]


def documents() -> list[str]:
    """The documents of the page that are about mail."""
    found = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    return [one for one in found if "connection: sky" not in one]


@pytest.fixture(scope="module")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    ours = authority(tmp_path_factory.mktemp("certificates"))
    pair = ours.issue("dovecot", "127.0.0.1")
    with pytest.MonkeyPatch.context() as patch, started(pair.certificate, pair.key) as server:
        patch.setenv("SSL_CERT_FILE", str(ours.certificate))
        wire.tls.cache_clear()
        yield server
    wire.tls.cache_clear()


@pytest.fixture
def open_house(dovecot: Dovecot, clock: VirtualClock, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens the workspace; `more` are documents besides those of the page."""
    account = f"{hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:12]}@torrea.example"
    opened: list[Antiphon] = []

    with open_office() as office:

        def house(*more: str, daily: int = 30, reworded: Callable[[str], str] = str) -> House:
            (tmp_path / "workflows").mkdir()
            for number, document in enumerate([*documents(), *more]):
                (tmp_path / "workflows" / f"{number}.yaml").write_text(reworded(document), encoding="utf-8")
            told = {"smtp": office.port, "imap": dovecot.port, "password": PASSWORD, "account": account}
            (tmp_path / "antiphon.toml").write_text(SETTINGS.format(**told, daily=daily), encoding="utf-8")
            app = Antiphon.open(tmp_path, clock=clock)
            opened.append(app)
            result = House(app, clock, office, dovecot, account)
            result.hear()
            return result

        yield house
        for app in opened:
            app.close()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(datetime(2026, 3, 2, 9, tzinfo=UTC))


@pytest.fixture
def house(open_house: Open) -> House:
    """A workspace in which Léa stands on the shortlist."""
    opened = open_house()
    opened.keep()
    opened.shortlist()
    return opened


def answer(house: House, sender: str = "lea@example.org", text: str = "Yes, gladly", **headers: str) -> EmailMessage:
    """An answer to the last mail that left."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, house.account, headers.pop("Subject", "Re: Coffee")
    message["Message-ID"] = f"<{sender.partition('@')[0]}.{house.clock.now():%j%H}@example.org>"
    message["In-Reply-To"] = message["References"] = house.office.messages()[-1]["Message-ID"]
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def bounce(house: House) -> EmailMessage:
    """What the server of an address that is none answers (RFC 3464)."""
    status = (
        "Final-Recipient: rfc822; lea@example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 none\n"
    )
    last = house.office.messages()[-1]["Message-ID"]
    raw = (
        f"From: MAILER-DAEMON@example.org\nTo: {house.account}\nSubject: Undelivered\nMessage-ID: <b1@example.org>\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\nIt came back.\n\n--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; example.org\n\n{status}\n--b\nContent-Type: text/rfc822-headers\n\n"
        f"Message-ID: {last}\nTo: lea@example.org\n\n--b--\n"
    )
    return message_from_string(raw, policy=policy.default)


def test_i4_nothing_unapproved(house: House) -> None:
    """I4: nothing leaves before the words are approved, nor when nobody does so, and no stage moves."""
    house.work()
    house.days(8)

    assert ([], [], [RunState.STOPPED]) == (house.sent(), house.stages(), house.ended())


def test_i4_three_touches(house: House) -> None:
    """I4, S6: personalised words leave once approved, again after 4 and 9 days if nobody answers, then no more."""
    house.approve()
    assert [FIRST] == house.sent()
    told = house.office.messages()[0]
    assert "lea@example.org" == told["To"]
    assert "List-Unsubscribe=One-Click" == told["List-Unsubscribe-Post"]
    assert "mailto:" in told["List-Unsubscribe"]

    house.days(3)
    assert 1 == len(house.sent())
    house.days(1)
    assert [FIRST, SECOND] == house.sent()
    house.days(4)
    assert 2 == len(house.sent())
    house.days(1)
    assert [FIRST, SECOND, THIRD] == house.sent()
    house.days(12)
    assert (3, ["contacted"], [RunState.DONE]) == (len(house.sent()), house.stages(), house.ended())


@pytest.mark.parametrize("sender", ["lea@example.org", "lea.at.home@example.net"])
def test_i4_reply(house: House, sender: str) -> None:
    """I4, S6: an answer ends the sequence, also from another address in the thread; a person is told."""
    house.approve()
    house.days(2)
    house.arrive(answer(house, sender))
    house.days(10)

    assert ([FIRST], ["contacted", "talks"], [RunState.STOPPED]) == (house.sent(), house.stages(), house.ended())
    [ticket] = house.app.store.records.list("inbox.ticket")
    assert "lea@social.example is at talks" == ticket.data["title"]


def test_s6_machine(house: House) -> None:
    """S6: what a machine answers while somebody is away ends nothing."""
    house.approve()
    house.arrive(answer(house, text="I am away until Monday", Auto_Submitted="auto-replied"))
    house.days(4)

    assert [FIRST, SECOND] == house.sent()


def test_i4_bounce(house: House) -> None:
    """I4: an address that does not work is written to no more."""
    house.approve()
    house.arrive(bounce(house))
    house.days(10)

    assert ([FIRST], ["contacted", "declined"]) == (house.sent(), house.stages())


def test_i4_opt_out(house: House) -> None:
    """I4, S6: who takes the way out by e-mail is written to no more, by this sequence or any other, for good."""
    house.approve()
    way = re.search(r"subject=(unsubscribe%20[0-9a-f]{32})", house.office.messages()[0]["List-Unsubscribe"])
    assert way
    house.arrive(answer(house, Subject=way[1].replace("%20", " "), text=""))
    house.days(10)
    house.clock.advance(timedelta(days=200))
    house.shortlist()
    house.approve()

    assert ([FIRST], ["contacted", "do-not-contact"]) == (house.sent(), house.stages())


def test_i4_one_click(house: House) -> None:
    """I4: the one click that the message names is an opt-out; a scanner that opens the address is none."""
    house.approve()
    way = re.search(r"<https://torrea\.example(/unsubscribe/[^>]+)>", house.office.messages()[0]["List-Unsubscribe"])
    assert way
    browser = TestClient(create(house.app), base_url="http://127.0.0.1:8770")
    assert 200 == browser.get(way[1]).status_code
    house.work()
    assert ["contacted"] == house.stages()
    assert 200 == browser.post(way[1], content="List-Unsubscribe=One-Click").status_code
    house.work()
    house.days(10)

    assert ([FIRST], ["contacted", "do-not-contact"]) == (house.sent(), house.stages())


def test_i4_colleague(open_house: Open) -> None:
    """I4: of two sequences that are approved for one creator at once, one writes, and the other says why not."""
    document = next(one for one in documents() if "id: creators-drip" in one)
    house = open_house(document.replace("id: creators-drip", "id: another"))
    house.keep()
    house.shortlist()
    house.approve()
    house.days(10)

    assert [FIRST, SECOND, THIRD] == house.sent()
    others = [run for run in house.app.store.runs.list() if run.workflow in ("creators-drip", "another")]
    assert {RunState.DONE, RunState.STOPPED} == {run.state for run in others}
    assert ["nobody else does until" in run.because for run in others if run.state is RunState.STOPPED] == [True]


def test_i4_forgotten_turn(open_house: Open) -> None:
    """I4: a workflow whose author forgot to take the turn is refused at the moment of sending."""
    house = open_house(
        "antiphon: 1\nid: careless\nname: Careless\ntz: UTC\n"
        "triggers: [{id: tagged, event: {type: creator.tagged, match: {tag: other}}}]\nsubject: ${{ event.creator }}\n"
        "actions:\n  - use: email.send\n"
        "    with: {connection: post, to: '${{ event.creator.email }}', subject: Hello, text: 'Me too'}\n"
    )
    house.keep()
    house.shortlist()
    house.approve()
    house.shortlist(tag="other")
    house.work()

    assert [FIRST] == house.sent()
    [vetoed] = [one for one in house.app.store.ledger.list() if one.state is EffectState.VETOED]
    assert "was written to by creators-drip" in vetoed.reason


def test_i4_daily(open_house: Open) -> None:
    """I4: with one mail a day allowed, the second creator is written to the day after."""
    house = open_house(daily=1)
    for creator, name, email in ((LEA, "Léa", "lea@example.org"), (TOM, "Tom", "tom@example.org")):
        house.keep(creator, name, email)
        house.shortlist(creator)
    house.approve()
    assert 1 == len(house.sent())
    house.days(1)

    assert ["Hello Léa,", "Hello Tom,"] == sorted(house.sent())


def test_s6_cap(open_house: Open) -> None:
    """S6: however soon a document would write again, the cap of one mail in three days for each person holds it."""
    house = open_house(reworded=lambda document: document.replace("wait: 4d", "wait: 1h"))
    house.keep()
    house.shortlist()
    house.approve()
    house.days(2)
    assert [FIRST] == house.sent()
    house.days(1)

    assert [FIRST, SECOND] == house.sent()


def test_s6_their_clock(open_house: Open) -> None:
    """S6: a mail waits for the hours of whoever it is for: at ten in Paris it is four in New York."""
    house = open_house()
    house.keep(timezone="America/New_York")
    house.shortlist()
    house.approve()
    assert [] == house.sent()
    house.clock.advance(timedelta(hours=4, minutes=29))
    house.work()
    assert [] == house.sent()
    house.clock.advance(timedelta(minutes=1))
    house.work()

    assert [FIRST] == house.sent()


@pytest.mark.parametrize("name", ["Eve\r\nBcc: all@example.org", "<b>Eve</b>", "☕🚲", "{{ secrets.post }} ${{ 1 }}"])
def test_hostile_names(open_house: Open, name: str) -> None:
    """A name of header lines, HTML, emoji or expressions reaches no header, nobody else, and is greeted harmlessly."""
    house = open_house()
    house.keep(name=name)
    house.shortlist()
    house.approve()

    [envelope] = house.office.taken
    [message] = house.office.messages()
    assert (["lea@example.org"], None) == (envelope.rcpt_tos, message["Bcc"])
    assert house.sent()[0] in ("Hello Eve,", "Hello there,")
