"""Templates: wordings that are kept as files, with variables, and with other words for some accounts or networks.

    # templates/launch.toml
    text = [
        "{{ name }} is here: {{ link }}",
        "Fresh from the roaster: {{ name }}. {{ link }}",
    ]

    [for.sky]
    text = "New: {{ name | our roast }} {{ link }}"

What stands under the name of an account comes before that of its network, and that before what all say. Of several
wordings everybody whom a run is about always gets the same one.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

import antiphon
from antiphon import Attachment, Computation, GiveUp, Options, ReadContext, describe, fill_placeholders

FOLDER = "templates"
LONGEST = 2000
"""Characters of a value that are put into a text."""

_OPEN = re.compile(r"(?<!\\)\{\{(?!\s*[A-Za-z_]\w*\s*(\|[^{}]*)?\}\})")

Texts = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...],
    Field(min_length=1),
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
]
"""One wording, or several."""


class Variant(Options):
    """Words for one account or network."""

    text: Texts


class Template(Options):
    """The wordings of one file."""

    text: Texts
    for_: Mapping[str, Variant] = Field({}, alias="for")

    @classmethod
    def read(cls, content: bytes, name: str) -> Template:
        """What a file says. Raises GiveUp with what is wrong with it, a placeholder that is not closed included."""
        try:
            found = cls.model_validate(tomllib.loads(content.decode()))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise GiveUp(f"{name} is not TOML: {error}.", hint="Mend that line.") from error
        except ValidationError as error:
            raise GiveUp(f"{name}: {describe(error)}.", hint="See docs/publishing.md.") from error
        for text in (*found.text, *(text for one in found.for_.values() for text in one.text)):
            if bad := _OPEN.search(text):
                told = text[bad.start() : bad.start() + 30]
                raise GiveUp(f"{name}: “{told}” is no placeholder.", hint="Write {{ name }} or {{ name | instead }}.")
        return found

    def texts(self, account: str, network: str) -> tuple[str, ...]:
        """The wordings for an account."""
        own = self.for_.get(account) or self.for_.get(network)
        return own.text if own else self.text


class Fill(Computation):
    """Put values into a template of the workspace: `text` for all, and other words for accounts that have some.

    id: words
    use: template.fill
    with:
      template: launch
      accounts: [brand, sky]
      values: {name: "${{ event.title }}", link: "${{ event.url }}"}

    The file is `templates/launch.toml`; `antiphon check` reads them all. The result has `text`, and each account's own
    by its name, for a `post` step.
    """

    name = "template.fill"

    class Options(antiphon.Options):
        """Which template, for whom, and with what."""

        template: str = Field(pattern=r"^[a-z0-9][a-z0-9_/-]{0,99}$", description="The file, without its ending.")
        accounts: tuple[str, ...] = Field((), description="The connections that say it.")
        values: dict[str, str | int | float | None] = Field({}, description="What stands for the placeholders.")

    def compute(self, options: Options, ctx: ReadContext) -> Any:
        """`text`, and a text for each account."""
        file = f"{FOLDER}/{options.template}.toml"
        template = Template.read(ctx.files.load(ctx.files.look(Attachment(file=file))).content, file)
        values = {name: None if value is None else str(value) for name, value in options.values.items()}
        turn = _turn(ctx)

        def filled(texts: tuple[str, ...]) -> str:
            return fill_placeholders(texts[turn % len(texts)], values, LONGEST)

        own = {name: filled(template.texts(name, ctx.connections.network_of(name))) for name in options.accounts}
        return {"text": filled(template.text), **own}


def _turn(ctx: ReadContext) -> int:
    """A number that is the same for everything said to one subject, or, without one, about one event."""
    whom = ctx.here.subject or ctx.here.event or ctx.here.run
    return int.from_bytes(hashlib.sha256(whom.encode("utf-8", "replace")).digest()[:4], "big")
