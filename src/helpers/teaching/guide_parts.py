"""The parts of a lesson or of a casebook: what stands under each heading, how long it takes, what people produce."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from helpers.places import CASEBOOK
from helpers.reports.lessons import Lesson
from helpers.teaching.contents import cells_of, contents_of, source
from helpers.teaching.minutes import derived_minutes
from helpers.teaching.topics import Topic, topic_of
from helpers.words import count

OPENING = "Opening"


@dataclass(frozen=True)
class Part:
    """What stands on an agenda as one line.

    Attributes
    ----------
    title : str
        The heading under which it stands in its notebook.
    minutes : int
    lesson, notebook : str
        "03a" and "03a_segmentation_value.ipynb", of a case "03-cases" and
        "casebook/03_segmentation.ipynb"; empty for what needs no notebook.
    teaches : tuple of str
        Ids of the frameworks that its cells teach.
    produces : tuple of str
        What people have made when it is over.
    case : str
        "C25" for a case, else empty.
    practice : bool
        Whether its lesson is about people and words, and wants a partner.
    """

    title: str
    minutes: int
    lesson: str = ""
    notebook: str = ""
    teaches: tuple[str, ...] = ()
    produces: tuple[str, ...] = ()
    case: str = ""
    practice: bool = False


def parts_of(lesson: Lesson, *, topic: Topic | None = None) -> list[Part]:
    """The core of a lesson, heading by heading.

    Parameters
    ----------
    lesson : reports.lessons.Lesson
    topic : Topic
        Where its exercises are; by default those of its own topic.

    Returns
    -------
    list of Part
        Their minutes are whole and add up to those that the lesson's metadata
        declares; each has the share that its words, figures and exercises have.
    """
    topic = topic or topic_of(lesson)
    sections: list[tuple[str, list[dict[str, Any]]]] = [(OPENING, [])]
    for cell in cells_of(lesson.notebook, beyond_core=False):
        heading = re.match(r"\s*## +(.+)", source(cell)) if cell["cell_type"] == "markdown" else None
        if heading:
            sections.append((_bare(heading[1]), []))
        sections[-1][1].append(cell)
    sections = [one for one in sections if one[1]]
    slices = [SimpleNamespace(id=lesson.id, notebook={"cells": cells}) for _, cells in sections]
    weights = [sum(vars(derived_minutes(one, topic=topic)).values()) for one in slices]
    declared = lesson.metadata.get("minutes") or round(sum(weights))
    return [
        Part(
            title,
            minutes,
            lesson.id,
            lesson.path.name,
            tuple(sorted({one for cell in cells for one in cell["metadata"].get("covers", [])})),
            _produces(one, topic),
            practice=bool(lesson.metadata.get("practice")),
        )
        for (title, cells), one, minutes in zip(sections, slices, whole_minutes(weights, declared), strict=True)
    ]


def cases_of(casebook: Lesson, *, topic: Topic | None = None, titles: dict[str, str]) -> list[Part]:
    """The cases of a casebook that have minutes of their own, in its order.

    Parameters
    ----------
    titles : dict of str
        The title of each case, by its id.
    """
    topic = topic or topic_of(casebook)
    found = []
    for case, minutes in casebook.metadata.get("case_minutes", {}).items():
        cells = [
            cell
            for cell in cells_of(casebook.notebook, beyond_core=False)
            if cell["metadata"].get("case", {}).get("id") == case
        ]
        one = SimpleNamespace(id=casebook.id, notebook={"cells": cells})
        taught = tuple(sorted({covered for cell in cells for covered in cell["metadata"].get("covers", [])}))
        title = f"Case {case}: {titles.get(case, '')}".rstrip(": ")
        found.append(Part(title, minutes, casebook.id, f"{CASEBOOK.name}/{casebook.path.name}", taught, _produces(one, topic), case))
    return found


def whole_minutes(weights: Sequence[float], total: int) -> list[int]:
    """Whole minutes in proportion to weights, adding up to a total.

    Each running sum is rounded, so no part is off by more than a minute.

    >>> whole_minutes([1, 1, 1], 10)
    [3, 4, 3]
    """
    together = sum(weights)
    if not together:
        return [0 for _ in weights]
    ends, so_far = [0], 0.0
    for weight in weights:
        so_far += weight
        ends.append(int(so_far / together * total + 0.5))
    return [after - before for before, after in zip(ends, ends[1:], strict=False)]


def without_the_small(parts: Sequence[Part]) -> list[Part]:
    """Parts as an agenda shows them: what takes less than a minute joins its neighbour.

    The minutes stay as they are. A part without minutes goes to the one
    before it, at the beginning to the one after it.
    """
    shown: list[Part] = []
    for one in parts:
        if shown and (not one.minutes or not shown[-1].minutes) and shown[-1].lesson == one.lesson:
            last = shown.pop()
            one = replace(
                last,
                title=f"{last.title} · {one.title}",
                minutes=last.minutes + one.minutes,
                teaches=tuple(sorted({*last.teaches, *one.teaches})),
                produces=last.produces + one.produces,
            )
        shown.append(one)
    return shown


def _produces(one: Any, topic: Topic) -> tuple[str, ...]:
    """What people make in these cells, in words."""
    made = []
    for cell in one.notebook["cells"]:
        if cell["cell_type"] == "markdown":
            made += [
                _bare(heading) for heading in re.findall(r"^### +Your turn (.+)$", source(cell), flags=re.M)
            ]
    contents = contents_of(one, topic=topic)
    made += [f"worksheet: {sheet.title}" for sheet in contents.worksheets]
    judged = {item.id for item in contents.exercises}
    made += ["a decision with its reason" for decision in contents.decisions if decision not in judged][:1]
    if contents.questions:
        made.append(f"quiz of {count(len(contents.questions), 'question')}")
    return tuple(made)


def _bare(line: str) -> str:
    return re.sub(r"[*`]", "", line).strip().rstrip(".")
