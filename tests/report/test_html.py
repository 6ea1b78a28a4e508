"""The page: whole in itself, safe, readable by everybody."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.model.report import Block, Chart, Figure, Report, Series, Table
from antiphon.report import to_html
from antiphon.report.blocks import roman, to_markup
from antiphon.report.words import Words

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """Every element with its attributes, and the text outside of the style; complains of a tag that is not closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_alone(report: Report) -> None:
    """The page asks nothing of any network and runs no script, and its policy forbids both."""
    page = Page(to_html(report))
    names = {name for name, _ in page.elements}
    assert names.isdisjoint({"script", "img", "iframe", "object", "embed", "form", "base"})
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert [link["href"] for link in page.all("link")] == ["data:,"]
    assert not re.search(r"@import|url\(|src=|srcset=", to_html(report))
    policy = next(meta["content"] for meta in page.all("meta") if meta.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")


def test_escaped(report: Report, hostile: str) -> None:
    """Text from outside is shown as it was written."""
    page = Page(to_html(report))
    assert page.text.count(hostile) == 2


def test_links(report: Report) -> None:
    """Only addresses of the web become links."""
    targets = [link["href"] or "" for link in Page(to_html(report)).all("a")]
    assert [target for target in targets if not target.startswith("#")] == ["https://social.example/@torrea/1"]


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "http://",
        "https://a b.example",
        'https://x.example/"><b>',
        "httpx://a",
        "http://[",
        "data:,",
    ],
)
def test_no_link(text: str, report: Report) -> None:
    """A text that only resembles an address stays text."""
    block = Block(heading="h", tables=(Table(headings=("a",), rows=((text,),)),))
    page = Page(to_html(report.model_copy(update={"blocks": (block,)})))
    assert [link["href"] for link in page.all("a")] == ["#report"]
    assert text in page.text


def test_first_cell() -> None:
    """A row's first cell leads where its table says: on a page anywhere that is safe, in a report to the web only."""
    links = ("https://a.example/1", "/leads/2", "", "//b.example", "/\\b.example", "javascript:x", '/"><b>', "leads/8")
    rows = tuple((f"row {number}", number) for number in range(len(links)))
    block = Block(heading="h", tables=(Table(headings=("a", "b"), rows=(*rows, ("the last", 0)), links=links),))
    page = Page(to_markup([block], Words("en")))

    assert ["https://a.example/1", "/leads/2"] == [link["href"] for link in page.all("a")]


def test_first_cell_in_a_report(report: Report) -> None:
    """In a report, an address of the local web leads nowhere."""
    table = Table(headings=("a",), rows=(("one",), ("two",)), links=("https://a.example/1", "/leads/2"))
    page = Page(to_html(report.model_copy(update={"blocks": (Block(heading="h", tables=(table,)),)})))

    assert ["#report", "https://a.example/1"] == [link["href"] for link in page.all("a")]


def test_no_inline_style(report: Report) -> None:
    """No element has a style of its own, so that a page of the local web can forbid it."""
    assert not [1 for _, attributes in Page(to_html(report)).elements if "style" in attributes]


def test_headings(report: Report) -> None:
    """There is one h1, every block is a section named by its h2, and every table has a caption and heads."""
    page = Page(to_html(report))
    names = [name for name, _ in page.elements]
    assert names.count("h1") == 1
    assert names.count("h2") == names.count("section") == len(report.blocks)
    assert names.count("caption") == names.count("table") == 4
    assert all(head.get("scope") == "col" for head in page.all("th"))


def test_alternatives(french: Report) -> None:
    """Every drawing has its numbers in words, or is an ornament that is hidden."""
    page = Page(to_html(french))
    told = [attributes["aria-label"] for _, attributes in page.elements if attributes.get("role") == "img"]
    assert told[0] == "Per day. posts : 21 nov. 3, 23 nov. 5. mentions : 21 nov. 1, 22 nov. 0, 23 nov. 2."
    assert len(told) == 3
    assert all(svg.get("aria-hidden") for svg in page.all("svg"))
    assert [svg["class"] for svg in page.all("svg")] == ["stave", *["marks"] * 6], "each for a wide page and a phone"


def test_many_values(report: Report) -> None:
    """Where there are too many values to read out, the extremes are told."""
    labels = tuple(str(number) for number in range(100))
    chart = Chart(title="Long", kind="line", labels=labels, series=(Series(name="s", values=tuple(range(100))),))
    page = to_html(report.model_copy(update={"blocks": (Block(heading="h", charts=(chart,)),)}))
    assert "Long. s: lowest 0, highest 99, last 99." in page


def test_unknown_is_empty(report: Report) -> None:
    """What is not known is an empty cell and an empty figure, and never a zero."""
    block = Block(
        heading="h",
        figures=(Figure(label="Reach", value=None, unit="€"),),
        tables=(Table(headings=("a", "b"), rows=((None, 0), (None,))),),
    )
    page = to_html(report.model_copy(update={"blocks": (block,)}))
    assert '<dd class="value"></dd>' in page
    assert re.findall(r"<td[^>]*>(.*?)</td>", page) == ["", "0", "", ""]


def test_language(french: Report) -> None:
    """The frame, numbers and dates are in the reader's language and zone."""
    page = Page(to_html(french))
    assert page.all("html") == [{"lang": "fr"}]
    for words in (
        "21–23 novembre 2026",
        "4\u202f308",
        "12,5\u202f%",
        "3\u202f877 auparavant",
        "09:58",
        "Rien sur cette période.",
    ):
        assert words in page.text


def test_change(report: Report) -> None:
    """A figure shows how it moved with an arrow and a number, not with a colour alone."""
    assert "▲ 11%" in to_html(report)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_contrast(scheme: int, report: Report) -> None:
    """Text has a contrast of 4.5:1 and marks of 3:1 on the paper (WCAG 2.2, 1.4.3 and 1.4.11), in every scheme."""
    style = to_html(report)
    found = [
        dict(re.findall(r"--([\w]+): (#[0-9a-f]{3,6})", block)) for block in re.findall(r":root \{(.*?)\}", style, re.S)
    ]
    assert len(found) == 3
    colours = {
        name: value if len(value) == 7 else "#" + "".join(c * 2 for c in value[1:])
        for name, value in found[scheme].items()
    }
    paper = _luminance(colours["paper"])
    for names, least in ((("ink", "soft", "rubric"), 4.5), (("c0", "c1", "c2", "c3", "c4", "c5"), 3.0)):
        for name in names:
            one, other = sorted((paper, _luminance(colours[name])))
            assert (other + 0.05) / (one + 0.05) >= least, name


def test_roman() -> None:
    """Sections are counted as in old books."""
    assert [roman(number) for number in (1, 4, 9, 14, 49)] == ["I", "IV", "IX", "XIV", "XLIX"]


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
CELL = st.one_of(st.none(), st.integers(), st.floats(), TEXT)


@given(
    heading=TEXT,
    rows=st.lists(st.lists(CELL, max_size=4).map(tuple), max_size=4).map(tuple),
    heads=st.lists(TEXT, max_size=3).map(tuple),
)
def test_any(
    heading: str, rows: tuple[tuple[str | int | float | None, ...], ...], heads: tuple[str, ...], report: Report
) -> None:
    """Whatever a section says, the page is well formed and nothing of it becomes markup."""
    block = Block(heading=heading, summary=heading, tables=(Table(headings=heads, rows=rows),))
    filled = report.model_copy(update={"blocks": (block,), "title": heading})
    plain = Page(to_html(report.model_copy(update={"blocks": (Block(heading="h"),)})))
    page = Page(to_html(filled))
    assert {name for name, _ in page.elements} - {name for name, _ in plain.elements} <= {
        "p", "h3", "table", "caption", "thead", "tbody", "tr", "th", "td", "a",
    }  # fmt: skip
