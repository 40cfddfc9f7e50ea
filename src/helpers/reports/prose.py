"""Sentences that helpers write, shown as text on a page."""

from __future__ import annotations

from collections.abc import Iterable

from helpers.withheld import SILENCE, Silence, Withheld


class Prose:
    """Markdown paragraphs, shown by a notebook as text."""

    def __init__(self, paragraphs: Iterable[str]) -> None:
        self.paragraphs = tuple(paragraphs)

    def _repr_markdown_(self) -> str:
        return "\n\n".join(self.paragraphs)

    def __repr__(self) -> str:
        return "\n\n".join(self.paragraphs)


def say(*parts: str | Iterable[str] | Silence | Withheld | None) -> Prose | Silence:
    """Show sentences; what is withheld, silent or empty is left out.

    Examples
    --------
    >>> say("One.", ["Two.", "Three."], None)
    One.
    <BLANKLINE>
    Two.
    <BLANKLINE>
    Three.
    """
    paragraphs = []
    for part in parts:
        if not part:
            continue
        paragraphs.extend([part] if isinstance(part, str) else part)
    return Prose(paragraphs) if paragraphs else SILENCE
