"""How long a lesson takes, worked out from what is in it.

The rates are for somebody who reads in a second language and is new to the
matter. They are deliberately few, so that an author can check them by hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpers.reports.lessons import Lesson
from helpers.reports.strip import tags
from helpers.teaching.contents import cells_of, contents_of, source
from helpers.teaching.topics import Topic

WORDS_A_MINUTE = 130
SECONDS_A_LINE_OF_CODE = 4
SECONDS_A_FIGURE = 45
SECONDS_A_TABLE = 30
MINUTES_A_QUESTION = 0.75
MINUTES_A_PLAYGROUND = 3
TOLERANCE = 0.2  # a declared number of minutes may be off by this share

# Cells whose result is an item with minutes of its own, or none before the learner has answered.
_ITEMS = frozenset({"exercise", "quiz", "playground", "worksheet"})


@dataclass(frozen=True)
class Minutes:
    """The minutes of a lesson, by what takes them."""

    reading: float
    looking: float
    code: float
    exercises: float
    quiz: float
    playgrounds: float
    worksheets: float

    @property
    def total(self) -> int:
        return round(sum(vars(self).values()))

    def fits(self, declared: float) -> bool:
        """Whether a declared number of minutes is within 20% of these."""
        return abs(declared - self.total) <= TOLERANCE * self.total

    def __str__(self) -> str:
        parts = ", ".join(f"{name} {value:.0f}" for name, value in vars(self).items() if value >= 0.5)
        return f"{self.total} minutes ({parts})"


def derived_minutes(lesson: Lesson, *, topic: Topic | None = None, beyond_core: bool = False) -> Minutes:
    """The minutes that a lesson takes.

    Parameters
    ----------
    lesson : reports.lessons.Lesson
        Its notebook is taken as stored: sentences, figures and tables that
        cells have shown count too.
    topic : Topic
        Where its exercises are; by default those of its own topic.
    beyond_core : bool
        Whether sections tagged `extension` or `reference` count; the declared
        minutes are those of the core.
    """
    words = lines = figures = tables = 0
    for cell in cells_of(lesson.notebook, beyond_core=beyond_core):
        if cell["cell_type"] == "markdown":
            words += count_words(source(cell))
        if cell["cell_type"] != "code":
            continue
        if not tags(cell) & {"parameters", "hide-input"}:
            lines += sum(bool(line.strip()) for line in source(cell).splitlines())
        if tags(cell) & _ITEMS:
            continue
        for output in cell["outputs"]:
            data = {
                kind: _joined(text) for kind, text in output.get("data", {}).items() if isinstance(text, (str, list))
            }
            shown = data.get("text/html", "")
            figures += "image/png" in data or "<img" in shown
            tables += "<table" in shown
            if "<table" not in shown and "<img" not in shown and "image/png" not in data:
                words += count_words(data.get("text/markdown") or _without_tags(shown))
    contents = contents_of(lesson, topic=topic, beyond_core=beyond_core)
    return Minutes(
        reading=words / WORDS_A_MINUTE,
        looking=(figures * SECONDS_A_FIGURE + tables * SECONDS_A_TABLE) / 60,
        code=lines * SECONDS_A_LINE_OF_CODE / 60,
        exercises=sum(one.minutes for one in contents.exercises),
        quiz=len(contents.questions) * MINUTES_A_QUESTION,
        playgrounds=contents.playgrounds * MINUTES_A_PLAYGROUND,
        worksheets=sum(one.minutes for one in contents.worksheets),
    )


def count_words(text: str) -> int:
    """Words of a Markdown text; a run of Chinese counts as one.

    >>> count_words("**RFM** (最近一次购买) ranks customers.")
    4
    """
    return len(re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", text))


def _without_tags(text: str) -> str:
    return re.sub(r"<style.*?</style>|<[^>]+>", " ", text, flags=re.S)


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)
