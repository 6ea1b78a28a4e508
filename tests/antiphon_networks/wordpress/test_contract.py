from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import httpx
import pytest
from starlette.types import ASGIApp
from tests.servers.wordpress.server import WordPress

from antiphon.testing.contracts import CHECKS, Check, ServedBench
from antiphon.testing.serving import Forwarding

pytestmark = [pytest.mark.networks, pytest.mark.slow]


class Blog(ServedBench):
    """A real WordPress behind a door that breaks."""

    connector = "wordpress"
    publishing = "POST /wp-json/wp/v2/posts"
    reading = "GET /wp-json/wp/v2/"
    sources: ClassVar = (("wordpress.comments", {}),)
    page = 10
    dated = False
    running: ClassVar[WordPress]

    def application(self) -> ASGIApp:
        self.running.empty()
        self.site = self.running.renewed()
        self.password = self.site.passwords["editor"]
        self.post = ""
        return Forwarding(self.site.url)

    def options(self) -> Mapping[str, Any]:
        return {"site": self.served.url, "username": "editor", "password": self.password}

    def published(self) -> Sequence[str]:
        found = self._ask("GET", "posts", params={"context": "edit", "orderby": "id", "order": "asc", "per_page": 100})
        return [post["content"]["raw"] for post in found if str(post["id"]) != self.post]

    def revoke(self) -> None:
        self.site.run(
            f"foreach (WP_Application_Passwords::get_user_application_passwords(1) as $one) "
            f"if (wp_check_password('{self.password}', $one['password'])) "
            f"WP_Application_Passwords::delete_application_password(1, $one['uuid']);"
        )
        self.site = self.running

    def hear(self, text: str) -> None:
        if not self.post:
            self.post = str(
                self._ask("POST", "posts", json={"title": "Heard", "content": "x", "status": "publish"})["id"]
            )
        form = {"post": self.post, "content": text, "author_name": "Ana", "author_email": "ana@example.org"}
        self._ask("POST", "comments", json=form)

    def _ask(self, method: str, path: str, **how: Any) -> Any:
        auth = ("editor", self.site.passwords["editor"])
        return httpx.request(method, f"{self.site.url}/wp-json/wp/v2/{path}", auth=auth, timeout=30, **how).json()


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_contract(check: Check, running_site: WordPress) -> None:
    """A real WordPress, and whatever may happen on the way to it, keep the contract of every connector."""
    Blog.running = running_site
    check(Blog)
