"""The lessons that exist: one notebook each, described by its own metadata."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from helpers.errors import DataError
from helpers.places import CASEBOOK, NOTEBOOKS
from helpers.reports.strip import unfolded

_NAME = re.compile(r"(\d\d[a-z]?)_(\w+)")
CASES = "cases"


@dataclass(frozen=True)
class Need:
    """A table or column that a lesson uses.

    Parameters
    ----------
    name : str
        "contacts", or "orders.margin".
    needed : bool
        Whether the lesson cannot do without it.
    gain : str
        What a reader learns from it, as a sentence.
    """

    name: str
    needed: bool = True
    gain: str = ""


@dataclass(frozen=True)
class Lesson:
    """A notebook and what its `metadata.lesson` says of it.

    The metadata: `title`, `question` (of a manager), `objectives`,
    `prerequisites`, `minutes`, `cases`, `decision`, and `tables`: a list of
    names, or of `{"name": "contacts", "needed": false, "gain": "Who waits for
    an answer."}`.
    """

    path: Path

    @property
    def number(self) -> str:
        """What its notebook's name begins with: 03a."""
        return _NAME.match(self.path.stem)[1]

    @property
    def is_casebook(self) -> bool:
        """Whether it holds the cases of its topic."""
        return self.path.parent.name == CASEBOOK.name

    @property
    def id(self) -> str:
        """Its number; of a casebook 02-cases, so that the cases of a topic are never taken for the lesson of that number."""
        return f"{self.number}-{CASES}" if self.is_casebook else self.number

    @property
    def name(self) -> str:
        """The name of its notebook and of its page, without the ending: 03a_segmentation_value."""
        return self.path.stem

    @cached_property
    def notebook(self) -> dict[str, Any]:
        """The notebook as stored, its folded text unfolded."""
        try:
            notebook = json.loads(self.path.read_text(encoding="utf-8"))
            return notebook | {"cells": [unfolded(cell) for cell in notebook["cells"]]}
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise DataError(
                f"The notebook {self.path.name} cannot be read ({error}). Restore it from the repository."
            ) from None

    @property
    def metadata(self) -> dict[str, Any]:
        return self.notebook.get("metadata", {}).get("lesson", {})

    @property
    def title(self) -> str:
        return self.metadata.get("title") or self.name

    @property
    def question(self) -> str:
        return self.metadata.get("question", "")

    @property
    def needs(self) -> list[Need]:
        tables = self.metadata.get("tables", [])
        return [Need(table) if isinstance(table, str) else Need(**table) for table in tables]


def all_lessons(folder: Path = NOTEBOOKS) -> list[Lesson]:
    """Every lesson, in the order of the course."""
    return [Lesson(path) for path in sorted(folder.glob("*.ipynb")) if _NAME.fullmatch(path.stem)]


def resolve(wanted: str | Sequence[str], folder: Path = NOTEBOOKS) -> list[Lesson]:
    """The lessons that somebody asked for, in the order of the course.

    Parameters
    ----------
    wanted : str or sequence of str
        "all", ids ("03a", or "03-cases" in the casebook), numbers ("3" and "03"
        are 03a and 03b) or names ("03a_segmentation_value"), separated by commas.

    Raises
    ------
    DataError
        If a lesson does not exist; the message lists those that do.
    """
    lessons = all_lessons(folder)
    words = wanted.split(",") if isinstance(wanted, str) else [part for text in wanted for part in text.split(",")]
    chosen: set[str] = set()
    for word in filter(None, (word.strip() for word in words)):
        key = word.lower().removesuffix(".ipynb")
        key = "0" + key if re.fullmatch(rf"\d([a-z]|-{CASES})?", key) else key
        found = {
            lesson.id
            for lesson in lessons
            if key in ("all", lesson.id, lesson.name) or (key.isdigit() and lesson.id[:2] == key)
        }
        if not found:
            known = ", ".join(f"{lesson.id} ({lesson.name.partition('_')[2].replace('_', ' ')})" for lesson in lessons)
            raise DataError(f"there is no lesson {word!r}. Lessons: {known or 'none'}.")
        chosen |= found
    if not chosen:
        raise DataError("no lesson was named. Leave --lessons out for all of them, or write --lessons 03a.")
    return [lesson for lesson in lessons if lesson.id in chosen]
