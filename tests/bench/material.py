"""What the benchmark works on: events as a network gives them, and workflows that wait for some of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from antiphon.model.event import Event

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WORDS = ("espresso", "morning", "Lyon", "nothing", "to", "report", "from", "the", "café", "today", "with", "friends")


def events(count: int, *, once_in: int = 1000) -> Iterator[Event]:
    """Mentions, of which one in `once_in` is about a product that a workflow listens for."""
    for index in range(count):
        text = " ".join(WORDS[(index + step) % len(WORDS)] for step in range(9))
        said = f"{text} product{index // once_in % 100:03}x" if index % once_in == 0 else text
        yield Event(
            id=f"bench:{index}",
            type="mention.received",
            at=NOON + timedelta(seconds=index),
            data={
                "id": str(index),
                "text": said,
                "language": "fr" if index % 3 else "en",
                "topic": f"product{index // once_in % 100:03}x" if index % once_in == 0 else "none",
                "author": {"id": f"p{index % 5000}", "handle": f"person{index % 5000}", "followers": index % 900},
                "url": f"https://example.social/@person/{index}",
            },
            source="bench",
        )


def workflow(index: int, match: object) -> str:
    """A document that waits for mentions like `match` and has some steps and conditions."""
    return f"""antiphon: 1
id: bench-{index:04}
name: Benchmark {index}
tz: Europe/Paris
triggers:
  - id: heard
    event: {{type: mention.received, match: {json.dumps(match)}}}
subject: ${{{{ event.author }}}}
conditions:
  - ${{{{ event.author.followers >= 0 and event.language in ['fr', 'en'] }}}}
  - not: {{text: {{of: "${{{{ event.text }}}}", contains_any: [spam, casino]}}}}
actions:
  - id: words
    set: {{greeting: "${{{{ 'Bonjour' if event.language == 'fr' else 'Hello' }}}}"}}
  - choose:
      - if: ["${{{{ event.author.followers > 500 }}}}"]
        then:
          - {{use: log, with: {{message: "${{{{ vars.greeting }}}} ${{{{ event.author.handle }}}}, you are many"}}}}
    else:
      - {{use: log, with: {{message: "${{{{ vars.greeting }}}} ${{{{ event.author.handle }}}}"}}}}
"""


def workspace(folder: Path, count: int, *, by: str = "words") -> Path:
    """A workspace of `count` workflows, each waiting for a product of its own by `words` in the text or by `topic`."""
    (folder / "workflows").mkdir(parents=True, exist_ok=True)
    (folder / "antiphon.toml").write_text('[workspace]\nname = "Bench"\ntimezone = "Europe/Paris"\n')
    for index in range(count):
        product = f"product{index:03}x"
        match = {"text": {"contains_any": [product, f"offer{index:03}x"]}} if by == "words" else {"topic": product}
        (folder / "workflows" / f"{index:04}.yaml").write_text(workflow(index, match))
    return folder


THANKS = """antiphon: 1
id: thanks
name: Thanks
tz: Europe/Paris
triggers:
  - {id: heard, event: {type: mention.received, match: {text: {contains_any: [product, offer]}}}}
subject: ${{ event.author }}
conditions:
  - ${{ event.author.followers >= 100 }}
actions:
  - {use: mastodon.post, with: {connection: brand, text: "Thanks, ${{ event.author.handle }}"}}
"""
"""A simple workflow: one trigger with a match on the text, one condition, one action."""


def thankful(folder: Path) -> Path:
    """A workspace with an account, and the simple workflow."""
    (folder / "workflows").mkdir(parents=True, exist_ok=True)
    account = '[connections.brand]\nconnector = "mastodon"\nserver = "https://example.social"\ntoken = "a-token"\n'
    (folder / "antiphon.toml").write_text(f'[workspace]\nname = "Bench"\ntimezone = "Europe/Paris"\n{account}')
    (folder / "workflows" / "thanks.yaml").write_text(THANKS)
    return folder
