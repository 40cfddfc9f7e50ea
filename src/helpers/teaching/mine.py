"""My customer workbook: every worksheet that somebody filled for their own firm, with their decisions, as one document.

It is read from the learner's own files, and stays beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers import words
from helpers.errors import DataError
from helpers.places import CASEBOOK, NOTEBOOKS
from helpers.reports.lessons import Lesson, all_lessons
from helpers.teaching import pages
from helpers.teaching.contents import source
from helpers.teaching.files import work_folder
from helpers.teaching.progress import Progress
from helpers.teaching.sheets import read_worksheets
from helpers.teaching.topics import topic_of
from helpers.teaching.worksheets import Worksheet

NAME = "my_customer_workbook.html"
_SHOWN = re.compile(r"""lesson\.worksheet\(\s*["']([^"']+)["']""")
_DECIDED = re.compile(r"""lesson\.decided\(\s*["']([^"']+)["']""")


@dataclass(frozen=True)
class Chapter:
    """What one lesson adds.

    Attributes
    ----------
    lesson : Lesson
    sheets : list of Worksheet
        Those with an answer in them.
    empty : list of str
        Titles of those without.
    decisions : list of (what was asked, what was decided, why)
    """

    lesson: Lesson
    sheets: list[Worksheet]
    empty: list[str]
    decisions: list[tuple[str, str, str]]


def chapters(folder: Path | None = None) -> list[Chapter]:
    """The lessons that have worksheets or decisions, with what the learner wrote.

    Parameters
    ----------
    folder : Path or None
        The learner's files; None for the learner's own folder.
    """
    folder = Path(folder) if folder else work_folder()
    events = Progress(folder).events if folder.is_dir() else []
    found = []
    for lesson in [one for place in (NOTEBOOKS, CASEBOOK) for one in all_lessons(place)]:
        text = "\n".join(source(cell) for cell in lesson.notebook["cells"] if cell["cell_type"] == "code")
        names, decided = _SHOWN.findall(text), _DECIDED.findall(text)
        if not names and not decided:
            continue
        definitions = read_worksheets(topic_of(lesson).worksheets) if names else {}
        sheets = [Worksheet(definitions[name], lesson=lesson.id, folder=folder) for name in dict.fromkeys(names)]
        filled = [one for one in sheets if any(one.answers.values())]
        found.append(Chapter(lesson, filled, [one.definition.title for one in sheets if one not in filled], _decisions(events, lesson, decided)))
    return sorted(found, key=lambda one: (one.lesson.id[:2], one.lesson.is_casebook, one.lesson.id))


def _decisions(events: list[dict[str, Any]], lesson: Lesson, items: list[str]) -> list[tuple[str, str, str]]:
    """The last word on each decision of a lesson."""
    last: dict[str, tuple[str, str, str]] = {}
    for event in events:
        if event["lesson"] == lesson.id and event["kind"] == "decision" and event["item"] in items and (event["choice"] or event["note"]):
            last[event["item"]] = (str(lesson.metadata.get("decision", "")), event["choice"], event["note"])
    return list(last.values())


def page(folder: Path | None = None) -> str:
    """The document.

    Raises
    ------
    DataError
        If nothing has been written yet.
    """
    made = chapters(folder)
    filled = [one for one in made if one.sheets or one.decisions]
    if not filled:
        raise DataError(
            "There is no worksheet with an answer yet. Open a lesson with `workbook lab`, fill a form about your own firm and press Save; "
            "or name the folder that holds your files with --from."
        )
    sheets = sum(len(one.sheets) for one in filled)
    complete = sum(sheet.is_complete for one in filled for sheet in one.sheets)
    return pages.render(
        "mine.html.j2",
        chapters=[
            {
                "title": one.lesson.title,
                "id": one.lesson.id,
                "sheets": [{"html": pages.safe(sheet.html(answers=True)), "complete": sheet.is_complete, "open": len({p.field for p in sheet.problems})} for sheet in one.sheets],
                "decisions": one.decisions,
            }
            for one in filled
        ],
        summary=f"{words.count(sheets, 'worksheet')}, {complete} of them complete, and {words.count(sum(len(one.decisions) for one in filled), 'decision')}.",
        empty=[(one.lesson.id, title) for one in made for title in one.empty],
    )
