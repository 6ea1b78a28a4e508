"""`antiphon creators`: who they are, where they stand and why, what is agreed, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.table import Table
from rich.text import Text

from antiphon import LARGEST_SHEET, Event, InputError, Shell, one_line
from antiphon_outreach import duties, tables
from antiphon_outreach.book import Book, Data
from antiphon_outreach.keeping import person_of
from antiphon_outreach.moving import MOVED, Agree, agreement, by_hand, news, recorded
from antiphon_outreach.rating import rated
from antiphon_outreach.results import EVER, results
from antiphon_outreach.scoring import Rules, shown
from antiphon_outreach.stages import NEVER, STAGES, refusal

TAGGED = "creator.tagged"

Creator = Annotated[str, typer.Argument(help="Their id, handle or e-mail address.", show_default=False)]


def list_(
    shell: Shell,
    stage: Annotated[str, typer.Option(help=f"Only those at a stage: {', '.join(STAGES)}.")] = "",
    tag: Annotated[str, typer.Option(help="Only those with a tag.")] = "",
) -> None:
    """List the creators, the newest first; accounts of one creator stand together."""
    with shell.workspace() as app:
        told = [
            {"creator": creator, "accounts": accounts, **_known(whole)}
            for creator, accounts, whole in Book(app.store.records).creators()
            if (not stage or whole["stage"] == stage) and (not tag or tag in whole["tags"])
        ]
    rows = (
        (one["creator"], one["handle"], one["name"], one["stage"], one["tags"], one["accounts"][1:]) for one in told
    )
    shell.answer(told, _table(("creator", "handle", "name", "stage", "tags", "also"), rows))


def show(shell: Shell, creator: Creator) -> None:
    """Show a creator: what is known, what is agreed, what is missing before they go live, and who looks like them."""
    with shell.workspace() as app:
        book = Book(app.store.records)
        found = book.find(creator)
        whole, accounts, alike = book.whole(found), book.accounts(found), book.lookalikes(found)
        lack = duties.missing(whole, app.clock.now().astimezone(app.timezone).date())
    document = {"creator": found, "accounts": accounts, **_known(whole), "lookalikes": alike, "missing": list(lack)}
    agreed = ((one["on"], one["kind"], one["value"], one["currency"], one["what"]) for one in whole["agreements"])
    shell.answer(
        {**document, "agreements": whole["agreements"], "readings": whole["readings"], "turn": whole["turn"]},
        Text(one_line(f"{found} {whole['handle']} {whole['name']}: {whole['stage']}")),
        *(Text(f"looks like {one}: not the same account") for one in alike),
        _table(("on", "what", "value", "currency", "for"), agreed),
        *(Text(f"before live or paid: {one}") for one in lack),
    )


def history(shell: Shell, creator: Creator) -> None:
    """Tell every move of a creator: when, who, from where to where, and why."""
    with shell.workspace() as app:
        book = Book(app.store.records)
        found = sorted(book.whole(book.find(creator))["history"], key=lambda one: str(one["at"]))
    rows = ((one["at"][:16], one["by"], one["from"], one["to"], one["because"]) for one in found)
    shell.answer(found, _table(("at (UTC)", "by", "from", "to", "because"), rows))


def move(
    shell: Shell,
    creator: Creator,
    to: Annotated[str, typer.Argument(help=f"One of {', '.join(STAGES)}.", show_default=False)],
    because: Annotated[str, typer.Option(help="Why; it stays in the history.")] = "",
) -> None:
    """Move a creator to a stage, forwards or back. What the law asks for before `live` and `paid` must be recorded."""
    if to not in STAGES:
        raise InputError(f"{to} is no stage.", hint=f"One of {', '.join(STAGES)}.")
    with shell.workspace() as app:
        book, now = Book(app.store.records), app.clock.now()
        found = book.find(creator)
        whole = book.whole(found)
        if told := refusal(whole["stage"], to, by_hand=True):
            raise InputError(f"{found} is not moved: {told}.")
        if lack := duties.missing(whole, now.astimezone(app.timezone).date()) if to in duties.GATED else ():
            raise InputError(
                f"{found} cannot be moved to {to}: {'; '.join(lack)}.", hint="See `antiphon creators agree`."
            )
        # Who is at do-not-contact by another account comes back with it.
        moved = [one for one in book.accounts(found) if one == found or book.get(one)["stage"] == NEVER]
        for account in moved:
            book.amend(account, lambda one: by_hand(one, to, shell.person, one_line(because), now), now)
        kept = book.get(found)
        moment = now.isoformat()
        app.store.events.ingest(
            [news(MOVED, found, kept, f"{found}:{moment}", {"from": whole["stage"], "to": to}, now)]
        )
        app.audit("creators move", found, {"stage": whole["stage"]}, {"stage": to, "because": because})
    shell.answer({"creator": found, "from": whole["stage"], "to": to}, Text(f"{found} is at {to} now."))


def tag(
    shell: Shell,
    tag: Annotated[str, typer.Argument(help="A word, such as shortlist-q2.", show_default=False)],
    creators: Annotated[list[str], typer.Argument(help="Ids, handles or e-mail addresses.", show_default=False)],
) -> None:
    """Tag creators, and tell workflows of each who had not this tag, by the event `creator.tagged`."""
    if not (word := one_line(tag, 100)):
        raise InputError("The tag has no words.")
    with shell.workspace() as app:
        book, now = Book(app.store.records), app.clock.now()
        found = [book.find(one) for one in creators]
        fresh = [one for one in dict.fromkeys(found) if word not in book.get(one)["tags"]]
        told: list[Event] = []
        for one in fresh:
            kept = book.amend(one, lambda known: {**known, "tags": [*known["tags"], word]}, now)
            app.store.people.seen([person_of(one, kept)], now)
            told.append(news(TAGGED, one, kept, f"{one}:{word}:{now.isoformat()}", {"tag": word}, now))
        app.store.events.ingest(told)
    shell.answer({"tag": word, "creators": fresh}, Text(f"{len(fresh)} of {len(creators)} have a new tag: {word}"))


def link(
    shell: Shell,
    one: Creator,
    other: Annotated[str, typer.Argument(help="The other account.", show_default=False)],
) -> None:
    """Say that two accounts are one creator, which `unlink` takes back."""
    with shell.workspace() as app:
        book = Book(app.store.records)
        into = book.join(one, other, app.clock.now())
        app.audit("creators link", one, None, {"other": other})
        accounts = book.accounts(into)
    shell.answer({"creator": into, "accounts": accounts}, Text(f"{one} and {other} are one creator, {into}."))


def unlink(shell: Shell, account: Creator) -> None:
    """Take a link back: the account is a creator by itself again."""
    with shell.workspace() as app:
        into = Book(app.store.records).part(account, app.clock.now())
        app.audit("creators unlink", account, {"into": into})
    shell.answer({"account": account, "was_in": into}, Text(f"{account} and {into} are two creators again."))


def agree(
    shell: Shell,
    creator: Creator,
    kind: Annotated[str, typer.Option(help="`fee` or `gift`.")],
    value: Annotated[float, typer.Option(help="What it is worth, without tax.")],
    currency: Annotated[str, typer.Option(help="Such as EUR.")] = "EUR",
    on: Annotated[str, typer.Option(help="The day, such as 2026-03-02; else today.")] = "",
    what: Annotated[str, typer.Option(help="What they do for it.")] = "",
    brief: Annotated[str, typer.Option(help="Where the brief is.")] = "",
    label: Annotated[str, typer.Option(help="The words by which a post says that it is paid for.")] = "",
    contract: Annotated[str, typer.Option(help="Where the signed contract is.")] = "",
    rights: Annotated[str, typer.Option(help="What we may do with what they make, and until when.")] = "",
) -> None:
    """Record what is agreed with a creator: pay or gift with its value and day, brief, label, contract, rights."""
    given = {"kind": kind, "value": value, "currency": currency, "on": on or None, "what": what, "brief": brief}
    try:
        options = Agree.Options.model_validate(
            {"creator": creator, **given, "label": label, "contract": contract, "rights": rights}
        )
    except ValidationError as error:
        told = "; ".join(f"{one['loc'][0]}: {one['msg']}" for one in error.errors())
        raise InputError(f"This cannot be agreed: {told}.") from error
    with shell.workspace() as app:
        book, now = Book(app.store.records), app.clock.now()
        found = book.find(creator)
        said = {
            **agreement(options, now.astimezone(app.timezone).date()),
            "id": f"{shell.person} {now.isoformat()}",
            "by": shell.person,
        }
        whole = book.amend(found, lambda known: recorded(known, said), now)
        app.audit("creators agree", found, None, said)
        lack = duties.missing(
            {**book.whole(found), "agreements": whole["agreements"]}, now.astimezone(app.timezone).date()
        )
    shell.answer(
        {"creator": found, **said, "missing": list(lack)},
        Text(f"recorded for {found}: {kind} of {said['value']} {currency} on {said['on']}"),
        *(Text(f"before live or paid: {one}") for one in lack),
    )


def score(
    shell: Shell,
    creator: Creator,
    rules: Annotated[Path | None, typer.Option(help="A file with weights and a brief; else those shipped.")] = None,
) -> None:
    """Score a creator among those of the same network and size: every component, what is missing, and an interval."""
    try:
        read = Rules.read(rules.read_bytes()) if rules else Rules()
    except OSError as error:
        raise InputError(f"{rules} cannot be read: {error.strerror}.", hint="Correct its name.") from error
    with shell.workspace() as app:
        found = Book(app.store.records).find(creator)
        past = {one: float(result.roas) for one, result in results(app.store).items() if result.roas is not None}
        told = rated(found, app.store.records, read, past)
    number = "" if told.total is None else f"{told.total:.0f} ({told.low:.0f} to {told.high:.0f}), "
    rows = (
        (one.name, f"{one.weight:g}", _number(one.value), _number(one.percentile), one.because)
        for one in told.components
    )
    shell.answer(
        {"creator": found, **shown(told)},
        Text(f"{found}: {number}{told.because}"),
        _table(("component", "weight", "value", "percentile", "because"), rows),
    )


def results_(
    shell: Shell,
    since: Annotated[str, typer.Option(help="The first day, such as 2026-03-01; else all.")] = "",
    until: Annotated[str, typer.Option(help="The day after the last one.")] = "",
) -> None:
    """Tell what came of each creator: clicks, orders, value and cost, and what each of them cost."""
    with shell.workspace() as app:
        found = results(app.store, _day(since) or EVER, _day(until))
    told = [{"creator": creator, **asdict(one), **_prices(one)} for creator, one in found.items()]
    headings = ("creator", "clicks", "visitors", "orders", "values", "costs", "cpc", "cpa", "cpe", "roas")
    rows = (
        [
            f"{one[name]}"
            if name not in ("values", "costs")
            else [f"{sum_} {unit}" for unit, sum_ in one[name].items()]
            for name in headings
        ]
        for one in told
    )
    shell.answer(told, _table(headings, ([("" if cell == "None" else cell) for cell in row] for row in rows)))


def import_(
    shell: Shell,
    file: Annotated[Path, typer.Argument(help="A CSV file with `id`, or `network` and `handle`.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", help="Keep them; else only tell what would be kept.")] = False,
) -> None:
    """Tell what a table of creators comes to, and with --yes keep them: all of them, or none when a row is bad."""
    try:
        with file.open("rb") as opened:
            sheet = tables.read(opened.read(LARGEST_SHEET + 1))
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.", hint="Correct its name.") from error
    with shell.workspace() as app:
        book, now = Book(app.store.records), app.clock.now()
        changes = sheet.changes(book)
        kept = yes and not sheet.bad
        if kept:
            met = {"at": now.isoformat(), "how": "a table", "where": one_line(file.name)}
            book.keep({one: {**said, "met": [met]} for one, said in sheet.creators.items()}, now)
            app.store.people.seen([person_of(one, book.get(one)) for one in sheet.creators], now)
            app.audit("creators import", file.name, None, {"creators": len(sheet.creators)})
    told = {"encoding": sheet.encoding, "delimiter": sheet.delimiter, "rows": len(sheet.creators), **changes}
    words = ", ".join(f"{count} {name}" for name, count in changes.items())
    shell.answer(
        {**told, "bad": sheet.bad, "kept": kept},
        Text(f"{len(sheet.creators)} creators ({words}) in {sheet.encoding}: {_end(kept, yes)}."),
        *(Text(f"line {one.line}: {one.because}") for one in sheet.bad),
    )
    if sheet.bad:
        shell.note(f"{len(sheet.bad)} rows are bad, so nothing is kept: correct those lines.", style="red")
        raise typer.Exit(1)


def export(
    shell: Shell, file: Annotated[Path, typer.Argument(help="The CSV file to write.", show_default=False)]
) -> None:
    """Write all creators into a table, one line each."""
    with shell.workspace() as app:
        told = tables.write(Book(app.store.records))
    try:
        file.write_text(told, encoding="utf-8-sig", newline="")  # by its mark, old programs know UTF-8
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}.", hint="Name another file.") from error
    shell.answer({"file": str(file)}, Text(f"wrote the creators to {file}"))


def _known(whole: Data) -> dict[str, Any]:
    names = ("handle", "name", "url", "email", "language", "country", "timezone", "tags", "codes", "facts", "stage")
    return {name: whole[name] for name in names}


def _prices(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("cpc", "cpa", "cpe", "roas")}


def _day(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
    except ValueError:
        raise InputError(f"{text} is no day.", hint="Write it such as 2026-03-02.") from None


def _end(kept: bool, yes: bool) -> str:
    return "kept" if kept else "nothing was kept" if yes else "nothing is kept without --yes"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _table(headings: Iterable[str], rows: Iterable[Iterable[Any]]) -> Table:
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(one_line(", ".join(cell) if isinstance(cell, list) else cell)) for cell in row))
    return drawn
