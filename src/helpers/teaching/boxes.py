"""What a lesson says back to a learner: calm boxes, each with its twin in plain text.

A box never says anything by colour alone: its first words do. The colours are
written into each box, because a stored notebook, a deck and a printed page
keep those and lose style sheets.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

from helpers.teaching import marks

INK, SOFT = "#1f2933", "#52606d"
# kind: (paper, line at the side, sign before the label)
KINDS = {
    "good": ("#e8f3ee", "#00694a", "✓"),
    "open": ("#fdf3dc", "#9a6500", "→"),
    "quiet": ("#f1f3f5", "#7b8794", "○"),
    "note": ("#eef4f8", "#00558a", ""),
    "stop": ("#fdece5", "#8f2d0c", "!"),
}


@dataclass(frozen=True)
class Box:
    """A short text in a frame.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    label : str
        The first words: "Correct."
    text : str
        Markdown.
    folded : tuple of (summary, HTML, plain text)
        Further parts, closed at first.
    """

    kind: str
    label: str
    text: str = ""
    folded: tuple[tuple[str, str, str], ...] = ()

    def html(self) -> str:
        paper, side, sign = KINDS[self.kind]
        head = f'<strong class="wb-label">{marks.inline_html(self.label)}</strong>' if self.label else ""
        if sign and head:
            head = f'<span aria-hidden="true">{sign}</span> {head}'
        body = marks.to_html(self.text)
        # The label stands in the first line of the text, not above it.
        body = f"<p>{head} {body[3:]}" if body.startswith("<p>") else f"<p>{head}</p>{body}" if head else body
        more = "".join(
            f'<details style="margin:.3em 0 .5em"><summary style="cursor:pointer;color:{SOFT}">'
            f"{html.escape(summary)}</summary>{inner}</details>"
            for summary, inner, _ in self.folded
        )
        return (
            f'<div class="wb-box wb-{self.kind}" style="background:{paper};color:{INK};border-left:5px solid {side};'
            f'border-radius:6px;padding:.35em 1em;margin:.6em 0;max-width:46em;line-height:1.5">{body}{more}</div>'
        )

    def plain(self) -> str:
        parts = [" ".join(filter(None, [marks.to_plain(self.label), marks.to_plain(self.text)]))]
        parts += [plain for _, _, plain in self.folded if plain]
        return "\n".join(parts)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.plain()}

    def __repr__(self) -> str:
        return self.plain()


@dataclass(frozen=True)
class Line:
    """One quiet line, in Markdown."""

    text: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        line = (
            f'<p class="wb-line" style="opacity:.78;font-size:.92em;margin:.2em 0">{marks.inline_html(self.text)}</p>'
        )
        return {"text/html": line, "text/plain": repr(self)}

    def __repr__(self) -> str:
        return marks.to_plain(self.text)
