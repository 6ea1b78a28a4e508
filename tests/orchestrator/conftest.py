"""One real Prefect server for all tests of this room, and workspaces that speak to it.

Prefect reads its environment when it is imported, so it is imported inside the fixtures and tests, once that stands.
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from antiphon.app import Antiphon
from antiphon.components.clock import Clock
from antiphon.orchestrator.server import Server
from antiphon.orchestrator.session import session

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun, TaskRun

VILLAGE = Path(__file__).parent / "village"

MakeApp = Callable[..., Antiphon]


def settle(folder: Path, api_url: str, *documents: str) -> Path:
    """A workspace folder with the village's plugin and some workflows; `api_url` may be empty."""
    (folder / "workflows").mkdir(parents=True, exist_ok=True)
    shutil.copy(VILLAGE / "plugin.py", folder)
    (folder / "news.txt").touch()
    (folder / "cries.txt").touch()
    (folder / "antiphon.toml").write_text(
        f'[workspace]\ntimezone = "Europe/Paris"\n[connections.home]\nconnector = "village"\n'
        f'[prefect]\napi_url = "{api_url}"\nport = {free_port()}\n[web]\nport = {free_port()}\n'
    )
    for old in (folder / "workflows").iterdir():
        old.unlink()
    for number, document in enumerate(documents):
        (folder / "workflows" / f"{number}.yaml").write_text(f"antiphon: 1\ntz: Europe/Paris\n{document}")
    return folder


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server, with one client open for the length of the tests."""
    lines: list[str] = []
    home = Antiphon.open(settle(tmp_path_factory.mktemp("prefect"), ""))
    with session(home, on_progress=lines.append) as server:
        assert f"Prefect server answers at {server.page}" == lines[-1]
        yield server


@pytest.fixture
def client(prefect_server: Server) -> SyncPrefectClient:
    """The open client."""
    from prefect.context import SyncClientContext

    context = SyncClientContext.get()
    assert context is not None
    return context.client


@pytest.fixture
def make_app(prefect_server: Server, tmp_path: Path) -> Iterator[MakeApp]:
    """Opens a workspace of some documents; called again, it opens the same folder with others."""
    opened: list[Antiphon] = []

    def make(*documents: str, clock: Clock | None = None, folder: str = "village") -> Antiphon:
        app = Antiphon.open(settle(tmp_path / folder, prefect_server.api_url, *documents), clock=clock)
        assert not app.compiled.problems
        assert not [one for one in app.registry.catalogue.problems if one.plugin == "local"]
        opened.append(app)
        return app

    yield make
    for app in opened:
        app.close()


@pytest.fixture
def seen(client: SyncPrefectClient) -> Seen:
    """What Prefect shows."""
    return Seen(client)


class Seen:
    """What a person finds on Prefect's page, by the API that the page asks."""

    def __init__(self, client: SyncPrefectClient) -> None:
        self._client = client

    def runs(self, workflow: str, *, upcoming: bool = False) -> list[FlowRun]:
        """The flow runs of a workflow by expected start: those that are scheduled, or the others."""
        from prefect.client.schemas.filters import FlowFilter, FlowFilterName
        from prefect.client.schemas.sorting import FlowRunSort

        found = self._client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[workflow])),
            sort=FlowRunSort.EXPECTED_START_TIME_ASC,
            limit=200,
        )
        return [run for run in found if (run.state_name == "Scheduled") is upcoming]

    def tasks(self, run: FlowRun) -> list[TaskRun]:
        """The task runs of a flow run; the server learns of them a moment later."""
        from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
        from prefect.client.schemas.sorting import TaskRunSort

        return self._client.read_task_runs(
            flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run.id])),
            sort=TaskRunSort.EXPECTED_START_TIME_ASC,
            limit=200,
        )

    def traces(self, run: FlowRun) -> list[str]:
        """The Markdown that was attached to a flow run."""
        body = {"artifacts": {"flow_run_id": {"any_": [str(run.id)]}}}
        return [one["data"] for one in self._client.request("POST", "/artifacts/filter", json=body).json()]
