"""Ask every section for its block. One that fails says so in its place, and the others go on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from antiphon.components.section import ReportContext, Section
from antiphon.errors import AntiphonError
from antiphon.model.report import Block, Report
from antiphon.report.words import Words

log = logging.getLogger(__name__)


def build(
    sections: Sequence[tuple[Section, Any]],
    ctx: ReportContext,
    title: str,
    subtitle: str = "",
    *,
    made_at: datetime | None = None,
) -> Report:
    """The report of the context's period. `made_at` (UTC) is the end of the period when it is not told."""
    return Report(
        title=title,
        subtitle=subtitle,
        language=ctx.language,
        since=ctx.since,
        until=ctx.until,
        made_at=made_at or ctx.until,
        timezone=ctx.timezone.key,
        blocks=tuple(block for section, options in sections for block in _ask(section, options, ctx)),
    )


def _ask(section: Section, options: Any, ctx: ReportContext) -> Sequence[Block]:
    try:
        said = section.build(options, ctx)
        return (said,) if isinstance(said, Block) else tuple(said)
    except Exception as error:  # a stranger's section may raise anything, and must not cost the reader the rest
        log.warning("The section %s of a report failed.", section.name, exc_info=error)
        reason = str(error) if isinstance(error, AntiphonError) else f"{type(error).__name__}: {error}"
        return (Block(heading=section.name, summary=Words(ctx.language)["failed"].format(reason=_sound(reason))),)


def _sound(text: str) -> str:
    """At most 500 characters on one line, without halves of surrogate pairs, which no file can hold."""
    return " ".join(text.encode("utf-8", "replace").decode().split())[:500]
