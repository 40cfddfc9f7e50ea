"""Honest notes: what the source says, what the evidence says, and what we do about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from helpers.teaching import marks
from helpers.teaching.boxes import INK, SOFT

NOTES = Path(__file__).with_name("honest_notes.yml")
PARTS = {"says": "The source says", "evidence": "The evidence says", "we": "What we do"}


@dataclass(frozen=True)
class HonestNote:
    """A box that shows where the source and the evidence part ways."""

    id: str
    title: str
    says: str
    evidence: str
    we: str
    strength: str = ""
    again: str = ""

    def _parts(self) -> list[tuple[str, str]]:
        if self.again:
            return [(PARTS["we"], self.we)]
        parts = [(head, getattr(self, name)) for name, head in PARTS.items()]
        return [(head, text) for head, text in parts if text]

    @property
    def _foot(self) -> str:
        return f"What the source and the evidence say about it stands in lesson {self.again}." if self.again else self.strength

    def html(self) -> str:
        rows = "".join(
            f'<p style="margin:.5em 0"><strong>{head}.</strong> {marks.inline_html(text)}</p>'
            for head, text in self._parts()
        )
        foot = f'<p style="color:{SOFT};font-size:.9em">{marks.inline_html(self._foot)}</p>' if self._foot else ""
        return (
            f'<div class="wb-honest" role="note" style="background:#faf7f0;color:{INK};border:1px solid #d8cdb4;'
            f'border-radius:6px;padding:.5em 1.1em;margin:.8em 0;max-width:46em;line-height:1.5">'
            f"<p><strong>Honest note {self.id}: {marks.inline_html(self.title)}</strong></p>"
            f"{rows}{foot}</div>"
        )

    def plain(self) -> str:
        lines = [f"Honest note {self.id}: {marks.to_plain(self.title)}"]
        lines += [f"{head}: {marks.to_plain(text)}" for head, text in self._parts()]
        return "\n".join([*lines, marks.to_plain(self._foot)] if self._foot else lines)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.plain()}

    def __repr__(self) -> str:
        return self.plain()


def honest_note(
    id: str, title: str = "", *, says: str = "", evidence: str = "", we: str = "", strength: str = "", again: str = ""
) -> HonestNote:
    """Show an honest note: one of honest_notes.yml, or one whose text the notebook gives.

    Parameters
    ----------
    id : str
        "N20", as the source's open points are counted.
    title, says, evidence, we, strength : str
        Markdown of one line each. What is given takes the place of what the file has.
    again : str
        The lesson in which the note stands in full; here it is called to mind: its title and what we do.

    Raises
    ------
    ValueError
        If the file has no such note and the notebook gives no text.
    """
    given = {"title": title, "says": says, "evidence": evidence, "we": we, "strength": strength}
    note = {**honest_notes().get(id, {}), **{name: text for name, text in given.items() if text}}
    missing = [name for name in ("title", "says", "we") if not note.get(name)]
    if missing:
        raise ValueError(f"Honest note {id}: {', '.join(missing)} missing, here and in {NOTES.name}.")
    return HonestNote(id, note["title"], note["says"], note.get("evidence", ""), note["we"], note.get("strength", ""), again)


@cache
def honest_notes() -> dict[str, dict[str, str]]:
    """The notes that are written down once, by id."""
    import yaml

    return yaml.safe_load(NOTES.read_text(encoding="utf-8"))
