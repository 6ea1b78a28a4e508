"""Every word of the command line, in the order in which help shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from antiphon.cli import (
    alerts,
    apply,
    approvals,
    audit,
    backfill,
    backtest,
    brake,
    bundles,
    check,
    connections,
    consent,
    contract,
    credentials,
    database,
    deploy,
    effects,
    events,
    init,
    page,
    person,
    plan,
    plugins,
    recipes,
    report,
    resolve,
    run,
    runs,
    scaffold,
    schema,
    secrets,
    show,
    suppress,
    test,
    triggers,
    undo,
    up,
    why,
    worker,
)
from antiphon.cli.exits import Exit
from antiphon.cli.strangers import Words
from antiphon.cli.verb import verb

WRITE, RUN, LOOK, OPERATE = "Write", "Run", "Look", "Operate"

cli = typer.Typer(
    cls=Words,
    help="Call and response for a brand's social presence: never lost, and never twice without asking you.",
    epilog="Begin with `antiphon demo`. Plugins may bring more words: `antiphon plugins list` names them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # it would show the values of variables, and secrets among them
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _group(name: str, panel: str, sentence: str, *functions: Callable[..., Exit | None]) -> None:
    group = typer.Typer(no_args_is_help=True, help=sentence, pretty_exceptions_enable=False)
    for function in functions:
        verb(group, function)
    cli.add_typer(group, name=name, rich_help_panel=panel)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(version("antiphon"))
        raise typer.Exit


@cli.callback()
def _root(
    _: Annotated[bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)] = False,
) -> None:
    pass


verb(cli, init.init, panel=WRITE)
verb(cli, check.check, panel=WRITE)
verb(cli, show.show, panel=WRITE)
verb(cli, schema.schema, panel=WRITE)
verb(cli, test.run_tests, panel=WRITE, name="test")
_group("recipes", WRITE, "The gallery of workflows that ask questions.", recipes.list_, recipes.show, recipes.use)

verb(cli, plan.plan, panel=RUN)
verb(cli, apply.apply, panel=RUN)
verb(cli, run.run, panel=RUN)
verb(cli, undo.undo, panel=RUN)
verb(cli, backtest.backtest, panel=RUN)
verb(cli, why.why, panel=RUN)
_group(
    "backfill",
    RUN,
    "What was missed, made up for.",
    backfill.start,
    backfill.list_,
    backfill.pause,
    backfill.resume,
    backfill.cancel,
)
_group("events", RUN, "What was heard.", events.ingest, events.list_)

_group("runs", LOOK, "What the workflows did.", runs.list_, runs.show, runs.resume, bundles.replay)
_group("effects", LOOK, "The ledger: every outward act, once.", effects.list_, effects.show, resolve.resolve)
_group(
    "approvals",
    LOOK,
    "What waits for a person's word.",
    approvals.list_,
    approvals.show,
    approvals.approve,
    approvals.reject,
    approvals.veto,
    approvals.link,
)
verb(cli, report.report, panel=LOOK)

_group(
    "connections",
    OPERATE,
    "Accounts on networks.",
    connections.list_,
    connections.check,
    credentials.add,
    credentials.remove,
    credentials.rekey,
)
_group("brake", OPERATE, "A hold on everything outward.", brake.on, brake.off, brake.status, brake.held)
_group("triggers", OPERATE, "What wakes the workflows, and what rests.", triggers.list_, triggers.start, triggers.stop)
_group("suppress", OPERATE, "Whom nobody may reach.", suppress.add, suppress.remove, suppress.list_)
_group(
    "consent", OPERATE, "Who has agreed to be reached.", consent.record, consent.show, consent.withdraw, consent.list_
)
_group("person", OPERATE, "What is kept of somebody.", person.export, person.forget)
_group("secrets", OPERATE, "What `${{ secrets.name }}` stands for.", secrets.set_, secrets.list_, secrets.remove)
_group("alerts", OPERATE, "What people are told when something needs them.", alerts.list_, alerts.test)
_group("audit", OPERATE, "Who did what.", audit.list_, audit.verify)
_group(
    "plugins",
    OPERATE,
    "Who brought what, and how to bring more.",
    plugins.list_,
    plugins.show,
    contract.check,
    scaffold.new,
)
verb(cli, up.up, panel=OPERATE)
_group("page", OPERATE, "Who may look at the pages that `up` serves.", page.link, page.revoke)
verb(cli, deploy.deploy, panel=OPERATE)
verb(cli, worker.worker, panel=OPERATE)
_group("db", OPERATE, "The database.", database.upgrade, database.prune)
