"""`antiphon page`: links that sign in to the pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi.testclient import TestClient

from antiphon.app import Antiphon
from antiphon.web.server import create

from .conftest import Line


def test_link(antiphon: Line) -> None:
    """A link signs in whom it is for, and the audit knows of it without its secret."""
    told = antiphon("page", "link", "--as", "ana", "--json")
    address = told.document["url"]
    app = Antiphon.open(antiphon.folder)
    with TestClient(create(app), base_url="http://127.0.0.1:8770") as browser:
        browser.get(urlsplit(address).path)
        page = browser.get("/").text
    [noted] = app.store.audit.list(what="page link")
    app.close()

    assert address.startswith("http://127.0.0.1:8770/sign-in/")
    assert "ana · " in page
    assert {"for": "ana"} == noted.after
    assert address.rpartition("/")[2] not in str(noted)


def test_revoke(antiphon: Line) -> None:
    """To revoke takes back what was given out."""
    address = antiphon("page", "link", "--json").document["url"]

    assert {"sessions": 0} == antiphon("page", "revoke", "--json").document
    app = Antiphon.open(antiphon.folder)
    with TestClient(create(app), base_url="http://127.0.0.1:8770") as browser:
        assert 403 == browser.get(urlsplit(address).path).status_code
    app.close()


def test_nobody(antiphon: Line) -> None:
    """A name that is none is refused."""
    assert 0 != antiphon("page", "link", "--as", "a\nb").code
