from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from antiphon.errors import SetupError
from antiphon.orchestrator.environment import PRIVATE, enter, prefect_environment
from antiphon.orchestrator.server import Server


def test_light() -> None:
    """What the command line imports does not import Prefect."""
    names = "environment, server, session, up"
    code = f"import sys; from antiphon.orchestrator import {names}; sys.exit('prefect' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_operators_word(tmp_path: Path) -> None:
    """An operator's own variable is kept where it tunes, and not where it would tell somebody something."""
    given = {"PREFECT_LOGGING_LEVEL": "DEBUG", "DO_NOT_TRACK": "0", "PREFECT_SERVER_ANALYTICS_ENABLED": "true"}
    made = {**given, **prefect_environment(tmp_path, "http://127.0.0.1:1/api", given)}

    assert "DEBUG" == made["PREFECT_LOGGING_LEVEL"]
    assert PRIVATE.items() <= made.items()


@pytest.mark.prefect
def test_silent(prefect_server: Server) -> None:
    """The server tells nobody anything, listens to this machine only, and neither does this process tell."""
    from prefect.analytics import is_telemetry_enabled
    from prefect.settings import get_current_settings

    found = httpx.get(f"{prefect_server.api_url}/admin/settings").json()
    here = get_current_settings()

    assert found["server"]["analytics_enabled"] is False
    assert "127.0.0.1" == found["server"]["api"]["host"]
    assert found["server"]["ui"]["show_promotional_content"] is False
    assert found["client"]["server_version_check_enabled"] is False
    assert is_telemetry_enabled() is False
    assert here.results.persist_by_default is False


@pytest.mark.prefect
def test_one_address(prefect_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that speaks to one server cannot be turned to another."""
    monkeypatch.setenv("PREFECT_API_URL", prefect_server.api_url)
    monkeypatch.setenv("PREFECT_HOME", "")
    with pytest.raises(SetupError, match="already speaks to the Prefect server"):
        enter(tmp_path, "http://127.0.0.1:1/api")
