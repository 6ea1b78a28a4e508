"""Antiphon: call and response for a brand's social presence.

This is the front door for plugin authors: what a plugin needs is imported from here and from nowhere else. Nothing
inside the engine imports from it. Names are loaded when first asked for, so that `antiphon --help` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from antiphon.cli.exits import Exit
    from antiphon.cli.shell import Shell
    from antiphon.cli.verb import verb
    from antiphon.components.action import Action, Computation
    from antiphon.components.capabilities import (
        Ability,
        Composes,
        ComposesMessages,
        ComposesProfile,
        Deletes,
        Edits,
        Identifies,
        Messages,
        Publishes,
        ReadsAccounts,
        ReadsComments,
        ReadsFollows,
        ReadsMentions,
        ReadsMetrics,
        ReadsOwnPosts,
        Replies,
        Searches,
        SetsProfile,
        Threads,
        UploadsMedia,
    )
    from antiphon.components.chaining import ThreadAction
    from antiphon.components.changing import DeleteAction, DeleteOptions, EditAction, EditOptions
    from antiphon.components.clock import Clock
    from antiphon.components.component import Options
    from antiphon.components.condition import Condition
    from antiphon.components.connector import Connector, NoOptions
    from antiphon.components.context import PerformContext, ReadContext
    from antiphon.components.counting import code_units, emoji_as_bytes, graphemes, utf8, weighted
    from antiphon.components.doorway import Doorway, Redirect, Visit
    from antiphon.components.http import Http
    from antiphon.components.interest import Interest
    from antiphon.components.limits import Limit, Limits, check_media, check_text
    from antiphon.components.listening import (
        CommentsSource,
        MentionsSource,
        OwnPostsSource,
        SearchOptions,
        SearchSource,
    )
    from antiphon.components.media import Files, Upload
    from antiphon.components.naming import email_of, one_line, profile_of, skeleton
    from antiphon.components.notifier import Notifier
    from antiphon.components.outcomes import (
        attempt,
        checked,
        error_name,
        json_of,
        outcome_of,
        payload_hash,
        rates,
        shown,
        trouble_of,
    )
    from antiphon.components.page import PageContext, WebPage
    from antiphon.components.pattern import Operators, Pattern
    from antiphon.components.placeholders import fill_placeholders, first_name
    from antiphon.components.ports import Cohort, MetricBook, PersonalRecords, Record, Records, Store
    from antiphon.components.posting import (
        MessageAction,
        MessageOptions,
        PublishAction,
        ReplyAction,
        ReplyOptions,
        WordsOptions,
        looked_up,
    )
    from antiphon.components.presenting import ProfileAction, ProfileOptions
    from antiphon.components.section import ReportContext, Section
    from antiphon.components.sheets import LARGEST_SHEET, BadRow, read_sheet, write_sheet
    from antiphon.components.source import Askable, Page, Part, Sifted, Source, WideSource
    from antiphon.components.splitting import split_text
    from antiphon.components.targets import Target, id_of, short, told_of
    from antiphon.components.tokens import TokenAuth, TokenKeeper
    from antiphon.components.trigger import Trigger
    from antiphon.components.watch import Firing, Memory, Sighting, Watch
    from antiphon.errors import AccessLost, AntiphonError, GiveUp, InputError, Place, Problem, RetryLater, Skip
    from antiphon.hookspecs import hookimpl
    from antiphon.model.account import Account
    from antiphon.model.base import describe
    from antiphon.model.draft import Attachment, Composed, Draft, Medium
    from antiphon.model.duration import Duration
    from antiphon.model.effect import (
        AuthDead,
        Disconnected,
        Done,
        Effect,
        EffectState,
        Idempotency,
        LedgerEntry,
        Outcome,
        Pending,
        RateLimited,
        Receipt,
        Rejected,
        Unknown,
    )
    from antiphon.model.event import Event
    from antiphon.model.measurement import Fetch, Measurement, Pool, Ratio, Reading, Standing, Subject, SubjectKind
    from antiphon.model.metrics import Metrics
    from antiphon.model.person import Person
    from antiphon.model.post import Post
    from antiphon.model.profile import Profile
    from antiphon.model.report import Block, Cell, Chart, Figure, Measured, Origin, Report, Series, Table
    from antiphon.model.run import Run, RunState, Verdict
    from antiphon.model.token import Token

_ROOMS = {
    "Ability": "components.capabilities",
    "AccessLost": "errors",
    "Account": "model.account",
    "Action": "components.action",
    "AntiphonError": "errors",
    "Askable": "components.source",
    "Attachment": "model.draft",
    "AuthDead": "model.effect",
    "BadRow": "components.sheets",
    "Block": "model.report",
    "Cell": "model.report",
    "Chart": "model.report",
    "Clock": "components.clock",
    "Cohort": "components.ports",
    "CommentsSource": "components.listening",
    "Composed": "model.draft",
    "Composes": "components.capabilities",
    "ComposesMessages": "components.capabilities",
    "ComposesProfile": "components.capabilities",
    "Computation": "components.action",
    "Condition": "components.condition",
    "Connector": "components.connector",
    "DeleteAction": "components.changing",
    "DeleteOptions": "components.changing",
    "Deletes": "components.capabilities",
    "Disconnected": "model.effect",
    "Done": "model.effect",
    "Doorway": "components.doorway",
    "Draft": "model.draft",
    "Duration": "model.duration",
    "EditAction": "components.changing",
    "EditOptions": "components.changing",
    "Edits": "components.capabilities",
    "Effect": "model.effect",
    "EffectState": "model.effect",
    "Event": "model.event",
    "Exit": "cli.exits",
    "Fetch": "model.measurement",
    "Figure": "model.report",
    "Files": "components.media",
    "Firing": "components.watch",
    "GiveUp": "errors",
    "Http": "components.http",
    "Idempotency": "model.effect",
    "Identifies": "components.capabilities",
    "InputError": "errors",
    "Interest": "components.interest",
    "LARGEST_SHEET": "components.sheets",
    "LedgerEntry": "model.effect",
    "Limit": "components.limits",
    "Limits": "components.limits",
    "Measured": "model.report",
    "Measurement": "model.measurement",
    "Medium": "model.draft",
    "Memory": "components.watch",
    "MentionsSource": "components.listening",
    "MessageAction": "components.posting",
    "MessageOptions": "components.posting",
    "Messages": "components.capabilities",
    "MetricBook": "components.ports",
    "Metrics": "model.metrics",
    "NoOptions": "components.connector",
    "Notifier": "components.notifier",
    "Operators": "components.pattern",
    "Options": "components.component",
    "Origin": "model.report",
    "Outcome": "model.effect",
    "OwnPostsSource": "components.listening",
    "Page": "components.source",
    "PageContext": "components.page",
    "Part": "components.source",
    "Pattern": "components.pattern",
    "Pending": "model.effect",
    "PerformContext": "components.context",
    "PersonalRecords": "components.ports",
    "Person": "model.person",
    "Place": "errors",
    "Pool": "model.measurement",
    "Post": "model.post",
    "Problem": "errors",
    "Profile": "model.profile",
    "ProfileAction": "components.presenting",
    "ProfileOptions": "components.presenting",
    "PublishAction": "components.posting",
    "Publishes": "components.capabilities",
    "RateLimited": "model.effect",
    "Ratio": "model.measurement",
    "ReadContext": "components.context",
    "Reading": "model.measurement",
    "ReadsAccounts": "components.capabilities",
    "ReadsComments": "components.capabilities",
    "ReadsFollows": "components.capabilities",
    "ReadsMentions": "components.capabilities",
    "ReadsMetrics": "components.capabilities",
    "ReadsOwnPosts": "components.capabilities",
    "Receipt": "model.effect",
    "Record": "components.ports",
    "Records": "components.ports",
    "Redirect": "components.doorway",
    "Rejected": "model.effect",
    "Replies": "components.capabilities",
    "ReplyAction": "components.posting",
    "ReplyOptions": "components.posting",
    "ReportContext": "components.section",
    "Report": "model.report",
    "RetryLater": "errors",
    "Run": "model.run",
    "RunState": "model.run",
    "SearchOptions": "components.listening",
    "SearchSource": "components.listening",
    "Searches": "components.capabilities",
    "Section": "components.section",
    "Series": "model.report",
    "SetsProfile": "components.capabilities",
    "Shell": "cli.shell",
    "Sifted": "components.source",
    "Sighting": "components.watch",
    "Skip": "errors",
    "Source": "components.source",
    "Standing": "model.measurement",
    "Store": "components.ports",
    "Subject": "model.measurement",
    "SubjectKind": "model.measurement",
    "Table": "model.report",
    "Target": "components.targets",
    "ThreadAction": "components.chaining",
    "Threads": "components.capabilities",
    "Token": "model.token",
    "TokenAuth": "components.tokens",
    "TokenKeeper": "components.tokens",
    "Trigger": "components.trigger",
    "Unknown": "model.effect",
    "Upload": "components.media",
    "UploadsMedia": "components.capabilities",
    "Verdict": "model.run",
    "Visit": "components.doorway",
    "Watch": "components.watch",
    "WebPage": "components.page",
    "WideSource": "components.source",
    "WordsOptions": "components.posting",
    "attempt": "components.outcomes",
    "check_media": "components.limits",
    "check_text": "components.limits",
    "checked": "components.outcomes",
    "code_units": "components.counting",
    "describe": "model.base",
    "email_of": "components.naming",
    "emoji_as_bytes": "components.counting",
    "error_name": "components.outcomes",
    "fill_placeholders": "components.placeholders",
    "first_name": "components.placeholders",
    "graphemes": "components.counting",
    "hookimpl": "hookspecs",
    "id_of": "components.targets",
    "json_of": "components.outcomes",
    "looked_up": "components.posting",
    "one_line": "components.naming",
    "outcome_of": "components.outcomes",
    "payload_hash": "components.outcomes",
    "profile_of": "components.naming",
    "rates": "components.outcomes",
    "read_sheet": "components.sheets",
    "short": "components.targets",
    "shown": "components.outcomes",
    "skeleton": "components.naming",
    "split_text": "components.splitting",
    "told_of": "components.targets",
    "trouble_of": "components.outcomes",
    "utf8": "components.counting",
    "verb": "cli.verb",
    "weighted": "components.counting",
    "write_sheet": "components.sheets",
}

__all__ = sorted(_ROOMS)


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"antiphon offers no {name!r} to plugins; see __all__")
    room = import_module(f"antiphon.{_ROOMS[name]}")
    value = getattr(room, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
