"""How a figure moved against the period before, and whether that is news."""

from __future__ import annotations

from antiphon.model.report import Figure
from antiphon.report.words import Words


def change(figure: Figure, words: Words) -> str:
    """How a figure moved against the period before, as an arrow with a percentage or difference; empty if unknown.

    What may be chance has no arrow."""
    if not isinstance(figure.value, int | float) or not isinstance(figure.before, int | float):
        return ""
    difference = figure.value - figure.before
    if difference == 0:
        return words["unchanged"]
    if figure.before > 0 and figure.unit != "%":
        size = words["percent"].format(number=words.number(round(100 * abs(difference) / figure.before)))
    else:
        size = words.measure(abs(difference), figure.unit)
    if figure.noise is not None and abs(difference) <= figure.noise:
        return f"≈ {size}"
    return f"{'▲' if difference > 0 else '▼'} {size}"


def noise(figure: Figure, words: Words) -> str:
    """Whether a difference may be chance, with the band in which it would be; empty if unknown."""
    if figure.noise is None or not isinstance(figure.value, int | float) or not isinstance(figure.before, int | float):
        return ""
    form = "within" if abs(figure.value - figure.before) <= figure.noise else "beyond"
    return words[form].format(size=words.measure(figure.noise, figure.unit))
