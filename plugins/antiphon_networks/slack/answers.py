"""Slack's answers as HTTP would have them: a no comes with the status 200 and the name of an error.

Names: docs.slack.dev, the errors of chat.postMessage and conversations.history (2026-08-05). Of `internal_error` and
`fatal_error` Slack says itself that some of it may have been done.
"""

from __future__ import annotations

import httpx

from antiphon_networks.api import object_of, retold

_DEAD = {"not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "user_removed_from_team"}
_LATER = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_FORBIDDEN = {
    "missing_scope",
    "not_allowed_token_type",
    "no_permission",
    "ekm_access_denied",
    "restricted_action",
    "access_denied",
    "org_login_required",
}
_BROKEN = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
_GONE = {"message_not_found", "thread_not_found"}
_MEANS = {
    "channel_not_found": "there is no such channel, or the app is not in it",
    "not_in_channel": "the app is not in this channel; invite it with /invite",
    "is_archived": "this channel is archived",
    "no_text": "there is nothing to say",
    "msg_too_long": "the text is too long",
    "cant_update_message": "only what the app said itself can be changed",
    "cant_delete_message": "only what the app said itself can be deleted",
    "edit_window_closed": "it is too late to change it",
    "missing_scope": "the app lacks a scope",
}


def translated(answer: httpx.Response) -> httpx.Response:
    """The answer with the status that its error stands for."""
    body = object_of(answer)
    if not answer.is_success or body.get("ok") is True or "ok" not in body:
        return retold(answer, answer.status_code)
    error = str(body.get("error") or "no reason given")
    needed = f", {body['needed']}" if isinstance(body.get("needed"), str) else ""
    said = f"{error} ({_MEANS[error]}{needed})" if error in _MEANS else error
    return retold(answer, _status(error), said)


def _status(error: str) -> int:
    for status, errors in {401: _DEAD, 429: _LATER, 403: _FORBIDDEN, 502: _BROKEN, 404: _GONE}.items():
        if error in errors:
            return status
    return 400
