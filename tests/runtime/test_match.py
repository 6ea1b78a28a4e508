"""Matching: the index finds exactly what comparing every trigger with every event would find."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon import Event, Pattern
from antiphon.builtins.triggers import OnEvent
from antiphon.model.program import Program, Trigger
from antiphon.runtime.match import Matcher

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORDS = ["Café", "cafe", "l'été", "aujourd’hui", "ss", "Straße", "STRASSE", "a", "no", "not", "cassé", "#été", "@ana"]
Texts = st.one_of(
    st.lists(st.sampled_from([*WORDS, "İ", "ﬁn", "e\u0301te", " ", "\t", "-", ".", "🙂", "日本語"]), max_size=4).map(
        "".join
    ),
    st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join),
    st.text(max_size=6),
)
Scalars = st.one_of(Texts, st.sampled_from([0, 1, 2, True, False, None, 0.0, 1.0, 1.5, "1", "true", "", float("nan")]))
Likely = st.sampled_from(["Café", "cafe", "CAFE\u0301 au lait", "l'été", 1, True, 1.0, "1"])
Values = st.one_of(
    Scalars, st.lists(Scalars, max_size=3), st.dictionaries(st.sampled_from(["x", "y"]), Scalars, max_size=2)
)
Paths = st.sampled_from(["text", "n", "author.x", "author"])
Pieces = st.one_of(Texts, st.lists(Texts, min_size=1, max_size=3))
Wanted = st.one_of(
    Scalars,
    st.lists(Scalars, max_size=3),
    st.fixed_dictionaries(
        {},
        optional={
            "equals": Scalars,
            "one_of": st.lists(Scalars, max_size=3),
            "contains": Pieces,
            "contains_any": Pieces,
            "words_any": Pieces,
            "starts_with": Pieces,
            "exists": st.booleans(),
            "not": st.one_of(Scalars, st.fixed_dictionaries({"contains": Pieces})),
            "above": st.integers(0, 2),
        },
    ),
)
Patterns = st.one_of(
    st.fixed_dictionaries({"text": st.one_of(Likely, st.lists(Likely, min_size=1, max_size=2))}),
    st.fixed_dictionaries({"text": st.sampled_from([{"contains": "CAFE"}, {"words_any": ["l'été", "au"]}])}),
    st.dictionaries(Paths, Wanted, max_size=2),
)
Types = st.sampled_from(
    ["mention.received", "mention.received", "mention.*", "mention.edited", "post.*", "post.seen.late"]
)
Datas = st.one_of(
    st.fixed_dictionaries({"text": Likely}),
    st.dictionaries(st.sampled_from(["text", "n", "author", "author.x"]), Values, max_size=4),
)


def program(triggers: Iterable[tuple[str, Any]]) -> Program:
    options = [{"type": type, "match": match} for type, match in triggers]
    listed = tuple(Trigger(id=str(n), kind="event", options=one) for n, one in enumerate(options))
    return Program(id="w", name="w", timezone="UTC", triggers=listed, steps=())


def wakes(type: str, event: Event, pattern: Any) -> bool:
    fits = event.type.startswith(type[:-1]) if type.endswith("*") else event.type == type
    return fits and Pattern.model_validate(pattern).holds(event.data)


@settings(max_examples=400, deadline=None)
@given(
    triggers=st.lists(st.tuples(Types, Patterns), max_size=8),
    type=st.sampled_from(["mention.received", "mention.edited", "post.seen", "post.seen.late", "other.x"]),
    data=Datas,
)
def test_index_misses_nothing(triggers: list[tuple[str, Any]], type: str, data: dict[str, Any]) -> None:
    """For any triggers and any event, those that the index wakes are those whose pattern holds."""
    event = Event("e", type, NINE, data)
    naive = {str(n) for n, (wanted, pattern) in enumerate(triggers) if wakes(wanted, event, pattern)}
    matcher = Matcher([program(triggers)], {"event": OnEvent})
    woken = [one.trigger for one in matcher.match(event)]

    assert naive == set(woken)
    assert len(woken) == len(set(woken))
    explained = {trigger for trigger, verdict in matcher.explain(event, "w") if verdict.holds}
    assert naive == explained
