"""Ghost with a database of its own, an owner, and keys for integrations."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from tests.servers.mariadb import database
from tests.servers.process import free_port, installed, running

_PASSWORD = "only for this test session"


@dataclass(frozen=True, slots=True)
class Ghost:
    """Where the site is, an integration with its Admin API key, and the client of somebody who is signed in."""

    url: str
    owner: httpx.Client
    integration: str = ""
    key: str = ""

    def ask(self, method: str, path: str, **how: Any) -> Any:
        """What the site answers when its owner does something by hand."""
        answer = self.owner.request(method, path, **how)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def empty(self) -> None:
        """Take everything away that was written on the site, and its members."""
        self.ask("DELETE", "/posts/", params={"filter": "status:[draft,published,scheduled,sent]"})
        self.ask("DELETE", "/members/", params={"all": "true"})

    def renewed(self) -> Ghost:
        """The same site with an integration of its own, which works beside those that there are."""
        form = {"integrations": [{"name": "Antiphon"}]}
        made = self.ask("POST", "/integrations/", params={"include": "api_keys"}, json=form)["integrations"][0]
        keys = {one["type"]: one["secret"] for one in made["api_keys"]}
        return replace(self, integration=made["id"], key=keys["admin"])

    def revoke(self) -> None:
        """Delete the integration, and its keys with it."""
        self.ask("DELETE", f"/integrations/{self.integration}/")


@contextmanager
def started() -> Iterator[Ghost]:
    """Ghost on free ports; skips the test when it is not installed."""
    program = installed("ghost", "make ghost-server")
    folder = Path(tempfile.mkdtemp(prefix="antiphon-ghost-"))
    folder.chmod(0o755)
    web = free_port()
    url = f"http://127.0.0.1:{web}"
    content = folder / "content"
    for room in ("data", "images", "themes", "logs", "settings", "files", "media", "public", "adapters"):
        (content / room).mkdir(parents=True)
    shutil.copytree(program / "package" / "content" / "themes", content / "themes", dirs_exist_ok=True)
    command = [program / "node_modules" / ".bin" / "node", program / "package" / "index.js"]
    try:
        with (
            database(folder, "ghost") as port,
            running(
                command,
                folder / "ghost.log",
                lambda: _answers(url),
                # It looks for itself where it is started, and takes its settings from the environment.
                cwd=program / "package",
                env=_settings(url, web, port, content),
                patience=180,
            ),
            httpx.Client(
                base_url=f"{url}/ghost/api/admin", headers={"Origin": url}, timeout=60, trust_env=False
            ) as owner,
        ):
            yield _set_up(Ghost(url, owner))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settings(url: str, web: int, port: int, content: Path) -> dict[str, str]:
    told = {
        "url": url,
        "server__host": "127.0.0.1",
        "server__port": web,
        "database__client": "mysql",
        "database__connection__host": "127.0.0.1",
        "database__connection__port": port,
        "database__connection__user": "root",
        "database__connection__password": "",
        "database__connection__database": "ghost",
        "mail__transport": "stub",
        "logging__transports": ["stdout"],
        "paths__contentPath": str(content),
        # It asks nobody outside, and nobody at the door.
        "privacy__useUpdateCheck": False,
        "privacy__useGravatar": False,
        "privacy__useRpcPing": False,
        "privacy__useStructuredData": False,
        "security__staffDeviceVerification": False,
        "imageOptimization__resize": False,
    }
    written = {name: value if isinstance(value, str) else json.dumps(value) for name, value in told.items()}
    return {**written, "NODE_ENV": "production"}


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/ghost/api/admin/site/", timeout=10, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _set_up(site: Ghost) -> Ghost:
    person = {"name": "Nina", "email": "nina@example.org", "password": _PASSWORD, "blogTitle": "Torréa"}
    site.ask("POST", "/authentication/setup/", json={"setup": [person]})
    site.owner.post("/session/", json={"username": person["email"], "password": _PASSWORD}).raise_for_status()
    return site.renewed()
