"""Notifications (mastodon/documentation, methods/notifications.md, 2026-07-02)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from antiphon.testing.sandbox.mastodon import answers, entities
from antiphon.testing.sandbox.mastodon.access import Called, Network
from antiphon.testing.sandbox.mastodon.parameters import Given
from antiphon.testing.sandbox.records import Notification

router = APIRouter(prefix="/api/v1/notifications")

PAGE = 40


@router.get("")
def index(request: Request, world: Network, caller: Called, given: Given) -> JSONResponse:
    """What happened to the caller, filtered by `types[]`, `exclude_types[]` and `account_id`."""
    reader = caller.must("read:notifications")
    types, excluded, by = set(given.many("types")), set(given.many("exclude_types")), given.text("account_id")

    def keep(notification: Notification) -> bool:
        wanted = not types or notification.kind in types
        return wanted and notification.kind not in excluded and by in {None, notification.account.id}

    found = reader.notifications.page(given.window(PAGE), keep)
    return answers.page(request, found, [entities.notification(happened, world, reader) for happened in found])
