"""The deck of a lesson: what an instructor shows, and what the instructor says beside it.

A slide is a Markdown cell tagged `slide`, or the figure of a code cell with
metadata `deck`::

    {"deck": {"minutes": 2}}                       # how long it stands
    {"deck": {"kind": "predict", "minutes": 4}}    # a question; on Markdown cells

The kinds of a question are `predict` (before the answer is seen), `decide`,
`discuss`, and `question`, which is one to discuss unless its first word says
"Predict" or "Decide".
A Markdown cell tagged `notes` belongs to the last slide before it; notes
before the first one belong to the title. Figures are taken as they are
stored in the notebook, so nothing is run.
"""

from __future__ import annotations

import base64
import itertools
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any

from helpers import words
from helpers.reports.lessons import Lesson
from helpers.reports.strip import tags
from helpers.teaching import marks
from helpers.teaching.contents import BEYOND_CORE, objectives, source
from helpers.teaching.minutes import count_words

PATHS = ("core", "full")
MOST_WORDS = 35
MOST_MINUTES_WITHOUT_A_QUESTION = 10
LABELS = {"predict": "Predict", "decide": "Decide", "discuss": "Discuss"}
# How long a slide stands where its cell does not say.
MINUTES = {"title": 1, "objectives": 0.5, "text": 1, "figure": 2, "predict": 3, "decide": 3, "discuss": 3, "closing": 2}

# The room for a figure on a slide of 1280 x 720, and the smallest words that people read from the back.
FIGURE_ROOM = (1216, 660)
SMALLEST = 24
_WORDS_IN_A_FIGURE = 12 / 72 * 200  # in dots: the smallest words of helpers.pictures at its resolution

_IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,([A-Za-z0-9+/=\s]+)")
# "## Predict", "### Predict: how many ...", "**Discuss.** What ..."
_LEADS = re.compile(
    r"\s*(?P<marks>#+ +)?\**(?P<word>predict|decide|discuss)\b(?P<stop>\**[ ]*([:.]\**[ ]*|(?=\n|$)))?", re.I
)


@dataclass(frozen=True)
class Figure:
    """A picture of a stored output.

    Attributes
    ----------
    address : str
        A data address: the picture itself.
    alt : str
        What it shows, in words; empty where the output does not say.
    dots : (int, int) or None
        Width and height, where they are known.
    """

    address: str
    alt: str
    dots: tuple[int, int] | None = None

    @property
    def smallest_words(self) -> float:
        """Height of its smallest words on a slide, in pixels, if it was drawn by `helpers.pictures`."""
        if self.dots is None:
            return _WORDS_IN_A_FIGURE
        return _WORDS_IN_A_FIGURE * min(room / size for room, size in zip(FIGURE_ROOM, self.dots, strict=True))


@dataclass(frozen=True)
class Slide:
    """One slide.

    Attributes
    ----------
    kind : str
        A key of `MINUTES`.
    minutes : float
    text : str
        Markdown; empty where there is a figure.
    figure : Figure or None
    notes : tuple of str
        What the instructor says, in Markdown that is written from data or by authors.
    figures : int
        How many figures its cell has; the first is shown.
    faults : tuple of str
        What is wrong with its cell, as the ends of sentences.
    """

    kind: str
    minutes: float
    text: str = ""
    figure: Figure | None = None
    notes: tuple[str, ...] = ()
    figures: int = 0
    faults: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What stands above a question, so that it is told apart by more than its colour."""
        return LABELS.get(self.kind, "")

    @property
    def words(self) -> int:
        return count_words(marks.to_plain(self.text))

    @property
    def begins(self) -> str:
        """Its first words, for a message."""
        line = next((line for line in marks.to_plain(self.text).splitlines() if line.strip(" #")), "")
        first = line.strip(" #").split() or (self.figure.alt.split() if self.figure else [])
        return " ".join(first[:6]) + ("..." if len(first) > 6 else "")


@dataclass(frozen=True)
class Deck:
    """The slides of a lesson, in order.

    Attributes
    ----------
    missing : int
        How many cells with metadata `deck` have no stored figure to show.
    """

    lesson: Lesson
    slides: tuple[Slide, ...]
    path: str = "core"
    missing: int = 0

    @property
    def minutes(self) -> float:
        return sum(slide.minutes for slide in self.slides)

    @property
    def begins_at(self) -> list[float]:
        """When each slide begins, in minutes."""
        return [sum(slide.minutes for slide in self.slides[:place]) for place in range(len(self.slides))]

    def faults(self) -> list[str]:
        """What an audience or an instructor would miss, in sentences; empty if all is well."""
        found = []
        for number, slide in enumerate(self.slides, start=1):
            where = f"{self.lesson.id}, slide {number} ({slide.begins or slide.kind})"
            found += [f"{where} {fault}." for fault in (*slide.faults, *_faults(slide))]
        if self.missing:
            cells = words.count(self.missing, "cell")
            found.append(
                f"{self.lesson.id}: {cells} with metadata `deck` and no stored figure; run the notebook and store it."
            )
        if all(slide.kind in ("title", "objectives", "closing") for slide in self.slides):
            return [*found, f"{self.lesson.id}: no cell is a slide yet. Tag Markdown cells `slide`, give figures `deck`."]
        return found + [f"{self.lesson.id}: {fault}" for fault in self._long_silences()]

    def _long_silences(self) -> Iterator[str]:
        """Where nobody is asked anything for too long."""
        since = 0.0
        ends = [*zip(self.begins_at, self.slides, strict=True), (self.minutes, None)]
        for begins, slide in ends:
            if slide is not None and not slide.label:
                continue
            if begins - since > MOST_MINUTES_WITHOUT_A_QUESTION:
                yield (
                    f"no question for {begins - since:.4g} minutes, from minute {since:.4g} to {begins:.4g}; "
                    f"ask one every {MOST_MINUTES_WITHOUT_A_QUESTION}."
                )
            since = begins + (slide.minutes if slide is not None else 0)


def deck_of(lesson: Lesson, *, path: str = "core") -> Deck:
    """The deck of a lesson, from its notebook as it is stored.

    Parameters
    ----------
    lesson : reports.lessons.Lesson
    path : {"core", "full"}
        Without or with cells tagged `extension` or `reference`.
    """
    drafts: list[_Draft] = []
    first_notes: list[str] = []
    cells = lesson.notebook["cells"]
    for place, cell in enumerate(cells):
        own, is_prose = tags(cell), cell["cell_type"] == "markdown"
        shown = path == "full" or not own & BEYOND_CORE
        if is_prose and "notes" in own:
            if shown:
                (drafts[-1].notes if drafts else first_notes).append(source(cell))
        elif is_prose and "slide" in own:
            drafts.append(_Draft(text_slide(cell), shown))
        elif not is_prose and "deck" in cell.get("metadata", {}) and "report" not in own:
            drafts.append(_Draft(figure_slide(cell), shown, says=_said_next(cells[place + 1 :])))
    found = [draft.slide_with_notes() for draft in drafts if draft.shown]
    slides = [slide for slide in found if slide.text or slide.figure]
    return Deck(
        lesson,
        (_title(lesson, first_notes), *_objectives(lesson), *slides, _closing(lesson)),
        path,
        missing=len(found) - len(slides),
    )


@dataclass
class _Draft:
    """A slide while its notes are gathered.

    Attributes
    ----------
    shown : bool
        Whether it is on the path that was asked for; its notes go with it.
    says : str
        What the notebook says below its figure.
    """

    slide: Slide
    shown: bool
    notes: list[str] = field(default_factory=list)
    says: str = ""

    def slide_with_notes(self) -> Slide:
        notes = self.notes
        if self.slide.figure is not None and not notes:
            notes = [words.plain(self.slide.figure.alt), self.says]
        return replace(self.slide, notes=tuple(filter(None, notes)))


def _said_next(cells: Sequence[Mapping[str, Any]]) -> str:
    """What the next code cell says in a sentence, before another section begins."""
    for cell in cells:
        if cell["cell_type"] == "markdown" and not source(cell).lstrip().startswith("#"):
            continue
        said = [_joined(output.get("data", {}).get("text/markdown", "")) for output in cell.get("outputs", [])]
        return "\n\n".join(filter(None, said))
    return ""


# ---------------------------------------------------------------- what is made from the lesson's metadata


def _title(lesson: Lesson, notes: list[str]) -> Slide:
    minutes = lesson.metadata.get("minutes")
    frame = f"{'Cases' if lesson.is_casebook else 'Lesson'} {lesson.number}"
    lines = [f"# {lesson.title}", lesson.question, f"{frame}, about {minutes} minutes" if minutes else frame]
    return Slide("title", MINUTES["title"], "\n\n".join(filter(None, lines)), notes=tuple(notes))


def _objectives(lesson: Lesson) -> list[Slide]:
    """The objectives on as few slides as have room for them."""
    head = "## After this you can"
    room = MOST_WORDS - count_words(head)
    found = objectives(lesson.metadata)
    parts: list[list[Any]] = []
    for slides in range(1, len(found) + 1):
        # As many on one slide as on the others, or one more on the first ones.
        few, more = divmod(len(found), slides)
        ends = [few * place + min(place, more) for place in range(slides + 1)]
        parts = [found[start:end] for start, end in itertools.pairwise(ends)]
        if all(sum(count_words(one.text) for one in part) <= room for part in parts):
            break
    return [
        Slide(
            "objectives",
            MINUTES["objectives"],
            "\n".join([f"{head}\n", *(f"- {one.text}" for one in part)]),
            notes=(
                "Where each is shown:\n\n"
                + "\n".join(f"- {one.text}: {', '.join(f'{kind} {item}' for kind, item in one.items)}" for one in part),
            ),
        )
        for part in parts
    ]


def _closing(lesson: Lesson) -> Slide:
    about = lesson.metadata.get("decision") or lesson.question
    key = f"workbook key {lesson.id}"
    return Slide(
        "closing",
        MINUTES["closing"],
        f"## What will you do on Monday?\n\n**To decide:** {about}",
        notes=(
            "Collect two or three answers: what would you do, for whom, and how will you know that it worked? "
            f"Solutions, mistakes and teaching notes are in the answer key (`{key}`).",
        ),
    )


# ---------------------------------------------------------------- what is made from cells


def text_slide(cell: Mapping[str, Any]) -> Slide:
    """The slide of a Markdown cell, without its notes."""
    about, faults = _about(cell)
    kind, text = _kind(about, source(cell), faults)
    return Slide(kind, _minutes(about, kind, faults), text, faults=tuple(faults))


def figure_slide(cell: Mapping[str, Any]) -> Slide:
    """The slide of a code cell with metadata `deck`, without its notes."""
    about, faults = _about(cell)
    figures = list(figures_of(cell))
    if "kind" in about:
        faults.append("gives its figure a kind; put the question on a slide of its own, before it")
    return Slide(
        "figure",
        _minutes(about, "figure", faults),
        figure=figures[0] if figures else None,
        # A playground shows its figure at several settings; it is one figure.
        figures=min(len(figures), 1) if "playground" in tags(cell) else len(figures),
        faults=tuple(faults),
    )


def figures_of(cell: Mapping[str, Any]) -> Iterator[Figure]:
    """The figures in the stored outputs of a cell, each once."""
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        for kind in ("image/png", "image/jpeg", "image/svg+xml"):
            if kind in data:
                text = _joined(data[kind])
                coded = base64.b64encode(text.encode()).decode() if kind == "image/svg+xml" else text
                figure = _figure(f"data:{kind};base64,{coded}", output.get("metadata", {}).get(kind, {}).get("alt", ""))
                if figure is not None:
                    yield figure
                break
        else:
            images = _Images()
            images.feed(_joined(data.get("text/html", "")))
            yield from filter(None, (_figure(address, alt) for address, alt in images.found))


class _Images(HTMLParser):
    """The pictures of an output, as (address, alt); nothing else of it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            about = dict(attrs)
            self.found.append((about.get("src") or "", about.get("alt") or ""))


def _figure(address: str, alt: str) -> Figure | None:
    """A figure, if its address holds a picture: nothing is fetched."""
    match = _IMAGE.fullmatch(address.strip())
    if match is None:
        return None
    coded = "".join(match[2].split())
    dots = _dots(coded) if match[1] == "png" else None
    return Figure(f"data:image/{match[1]};base64,{coded}", " ".join(alt.split()), dots)


def _dots(coded: str) -> tuple[int, int] | None:
    """Width and height of a PNG, from its head."""
    try:
        head = base64.b64decode(coded[:32])
    except ValueError:
        return None
    if not head.startswith(b"\x89PNG") or len(head) < 24:
        return None
    return struct.unpack(">II", head[16:24])


def _about(cell: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The metadata `deck` of a cell, and what is wrong with it."""
    about = cell.get("metadata", {}).get("deck", {})
    if not isinstance(about, dict):
        return {}, ['has metadata `deck` that cannot be read; write {"minutes": 2}']
    unknown = sorted(set(about) - {"kind", "minutes"})
    return about, [f"has {unknown[0]!r} in its metadata `deck`, which means nothing there"] if unknown else []


def _minutes(about: Mapping[str, Any], kind: str, faults: list[str]) -> float:
    minutes = about.get("minutes", MINUTES[kind])
    if isinstance(minutes, bool) or not isinstance(minutes, (int, float)) or not minutes > 0:
        faults.append(f"has {minutes!r} minutes; give a number above 0")
        return MINUTES[kind]
    return minutes


def _kind(about: Mapping[str, Any], text: str, faults: list[str]) -> tuple[str, str]:
    """The kind of a text slide, and its text without the label that it may begin with."""
    kind = about.get("kind", "text")
    if kind not in ("text", "question", *LABELS):
        faults.append(f"is of the kind {kind!r}; the kinds are question, predict, decide and discuss")
        return "text", text
    if kind == "text":
        return kind, text
    leads = _LEADS.match(text)
    if kind == "question":
        kind = leads["word"].lower() if leads else "discuss"
    if leads and leads["stop"] is not None and leads["word"].lower() == kind:
        # The label says it already.
        rest = text[leads.end() :].lstrip(" ")
        text = (leads["marks"] or "") + rest[:1].upper() + rest[1:] if not rest.startswith("\n") else rest.strip()
    return kind, text


def _faults(slide: Slide) -> Iterator[str]:
    """What is wrong with one slide, as the ends of sentences."""
    if slide.words > MOST_WORDS:
        yield f"has {slide.words} words; {MOST_WORDS} are the most that people read while they listen"
    if slide.figures > 1:
        yield f"has {slide.figures} figures; only the first is shown"
    if slide.figure is not None and not slide.figure.alt:
        yield "has a figure without alt text"
    if slide.figure is not None and slide.figure.smallest_words < SMALLEST:
        yield f"has a figure so large that its words become smaller than {SMALLEST} pixels"
    if slide.label and not any("likely answer" in note.lower() for note in slide.notes):
        yield 'asks a question, and its notes have no "Likely answers: ..."'
    if not slide.notes and slide.kind not in ("title", "objectives", "closing"):
        yield "has no notes for the instructor"


def _joined(text: Any) -> str:
    return text if isinstance(text, str) else "".join(text)
