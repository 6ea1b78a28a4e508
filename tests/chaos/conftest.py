"""A crew of workers, and an arena on each of the two databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.chaos.arena import Arena
from tests.chaos.crew import Crew


@pytest.fixture(scope="session")
def crew() -> Iterator[Crew]:
    """Workers, one at a time."""
    with Crew() as crew:
        yield crew


@pytest.fixture
def arena(tmp_path: Path, crew: Crew) -> Iterator[Arena]:
    """A workspace with a SQLite file and its networks."""
    with Arena(tmp_path / "arena", crew) as arena:
        yield arena


@pytest.fixture
def either_arena(tmp_path: Path, crew: Crew, store_url: str) -> Iterator[Arena]:
    """A workspace on each of the two databases, and its networks."""
    with Arena(tmp_path / "arena", crew, store_url) as arena:
        yield arena
