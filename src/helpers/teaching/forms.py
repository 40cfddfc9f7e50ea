"""What the deck and the answer key share: which notebooks they are made of, and where they are put."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from helpers.errors import DataError
from helpers.places import CASEBOOK, NOTEBOOKS
from helpers.reports.lessons import CASES, Lesson, all_lessons, resolve


def chosen(wanted: str, *, notebooks: Path = NOTEBOOKS, casebook: Path = CASEBOOK) -> list[Lesson]:
    """The lessons that somebody asked for, and the casebook of the same number after them.

    Parameters
    ----------
    wanted : str
        "03" (all lessons of that number and its cases), "03a", "03a,03b", "03-cases" (its cases alone), "all".
        A name means the lesson of that name; the cases of that name only where there is no such lesson.

    Raises
    ------
    DataError
        If there is no such lesson; the message lists those that exist.
    """
    words = [word.strip() for word in wanted.split(",") if word.strip()]
    if not words:
        raise DataError("no lesson was named. Name one, such as 03a, or all.")
    found: list[Lesson] = []
    for word in words:
        parts = [lesson for folder in (notebooks, casebook) for lesson in _fitting(word, folder)]
        if any(one.name == word and not one.is_casebook for one in parts):
            parts = [one for one in parts if not one.is_casebook]
        if not parts:
            known = [f"{one.id} ({_topic(one)})" for folder in (notebooks, casebook) for one in all_lessons(folder)]
            raise DataError(f"there is no lesson {word!r}. Lessons: {', '.join(known) or 'none'}.")
        found += [lesson for lesson in parts if lesson not in found]
    return sorted(found, key=lambda one: (one.id[:2], one.is_casebook, one.id))


def file_name(lesson: Lesson, form: str) -> str:
    """The name of a lesson's deck or key: 03a_segmentation_value_slides.html, 03_segmentation_cases_key.html."""
    return f"{lesson.name}{f'_{CASES}' if lesson.is_casebook else ''}_{form}.html"


def place(out: str | Path) -> Path:
    """The folder for decks or keys, whether or not it is there yet.

    Raises
    ------
    DataError
        If it is a file.
    """
    folder = Path(out).expanduser().resolve()
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder.name} is a file, not a folder. Choose another place with --out.")
    return folder


def write(folder: Path, pages: Mapping[str, str]) -> list[Path]:
    """Write pages by file name, each whole or not at all.

    Raises
    ------
    DataError
        If the folder cannot be written.
    """
    written = []
    for name, page in pages.items():
        draft = folder / f".{name}.partial-{secrets.token_hex(4)}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            draft.write_text(page, encoding="utf-8", newline="\n")
            os.replace(draft, folder / name)
        except (PermissionError, NotADirectoryError) as error:
            raise DataError(_unwritable(folder, error)) from None
        finally:
            draft.unlink(missing_ok=True)
        written.append(folder / name)
    return written


def _fitting(word: str, folder: Path) -> list[Lesson]:
    try:
        return resolve(word, folder)
    except DataError:
        return []


def _topic(lesson: Lesson) -> str:
    """A lesson as a message names it, without its number: segmentation value."""
    return lesson.name.partition("_")[2].replace("_", " ")


def _unwritable(folder: Path, error: OSError) -> str:
    return f"The folder {folder} cannot be written ({error.strerror or error}). Choose a place of your own with --out."
