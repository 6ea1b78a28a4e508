from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pytest
from starlette.types import ASGIApp
from tests.servers.ghost.server import Ghost

from antiphon.testing.contracts import CHECKS, Check, ServedBench
from antiphon.testing.serving import Forwarding

pytestmark = [pytest.mark.networks, pytest.mark.slow]


class Magazine(ServedBench):
    """A real Ghost behind a door that breaks."""

    connector = "ghost"
    publishing = "POST /ghost/api/admin/posts"
    reading = "GET /ghost/api/admin/"
    sources: ClassVar = (("ghost.comments", {}),)
    page = 10
    dated = False
    running: ClassVar[Ghost]

    def application(self) -> ASGIApp:
        self.running.empty()
        self.site = self.running.renewed()
        self.post = self.member = ""
        return Forwarding(self.site.url)

    def options(self) -> Mapping[str, Any]:
        return {"site": self.served.url, "key": self.site.key}

    def published(self) -> Sequence[str]:
        asked = {"formats": "plaintext", "order": "id asc", "limit": "100"}
        found = self.site.ask("GET", "/posts/", params=asked)["posts"]
        return [post["plaintext"] or post["title"] for post in found if post["id"] != self.post]

    def revoke(self) -> None:
        self.site.revoke()

    def hear(self, text: str) -> None:
        if not self.post:
            form = {"posts": [{"title": "Heard", "status": "published"}]}
            self.post = self.site.ask("POST", "/posts/", json=form)["posts"][0]["id"]
            member = {"members": [{"email": "ana@example.org", "name": "Ana"}]}
            self.member = self.site.ask("POST", "/members/", json=member)["members"][0]["id"]
        comment = {"post_id": self.post, "member_id": self.member, "html": f"<p>{text}</p>"}
        self.site.ask("POST", "/comments/", json={"comments": [comment]})


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_contract(check: Check, running_site: Ghost) -> None:
    """A real Ghost, and whatever may happen on the way to it, keep the contract of every connector."""
    Magazine.running = running_site
    check(Magazine)
