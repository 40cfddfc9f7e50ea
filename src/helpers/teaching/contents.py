"""What a lesson's notebook contains: which exercises, questions, worksheets and decisions, read from its cells."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from helpers.reports.lessons import Lesson
from helpers.reports.strip import tags
from helpers.teaching.exercises import Exercise
from helpers.teaching.quiz import Question, read_quiz
from helpers.teaching.sheets import Definition, read_worksheets
from helpers.teaching.topics import Topic, topic_of

NOT_IN_A_LESSON = frozenset({"report", "notes", "slide"})
BEYOND_CORE = frozenset({"extension", "reference"})


@dataclass(frozen=True)
class Contents:
    """What a learner does in a lesson, in the order of the notebook.

    Attributes
    ----------
    exercises : list of Exercise
    questions : list of Question
    worksheets : list of Definition
    decisions : list of str
        What `lesson.decided` records.
    playgrounds : int
    unknown : list of str
        What a cell asks for and the topic does not have, in sentences.
    """

    exercises: list[Exercise]
    questions: list[Question]
    worksheets: list[Definition]
    decisions: list[str]
    playgrounds: int
    unknown: list[str]

    @property
    def covers(self) -> set[str]:
        """The frameworks that something in the lesson assesses."""
        return {one for part in (*self.exercises, *self.questions, *self.worksheets) for one in part.covers}

    def has(self, kind: str, item: str) -> bool:
        """Whether there is an exercise, quiz question, worksheet or decision of that id."""
        ids = {
            "exercise": [one.id for one in self.exercises],
            "quiz": [one.id for one in self.questions],
            "worksheet": [one.id for one in self.worksheets],
            "decision": [*self.decisions, *(one.id for one in self.exercises if one.kind == "judge")],
        }
        return item in ids.get(kind, [])


def contents_of(lesson: Lesson, *, topic: Topic | None = None, beyond_core: bool = True) -> Contents:
    """What a lesson contains.

    Parameters
    ----------
    lesson : reports.lessons.Lesson
    topic : Topic
        Where its exercises are; by default those of its own topic.
    beyond_core : bool
        Whether cells tagged `extension` or `reference` count.
    """
    topic = topic or topic_of(lesson)
    all_questions = read_quiz(topic.quiz).get(lesson.id, [])
    questions = {one.id: one for one in all_questions}
    sheets = read_worksheets(topic.worksheets)
    found = Contents([], [], [], [], 0, [])
    playgrounds = 0
    for cell in cells_of(lesson.notebook, beyond_core=beyond_core):
        if cell["cell_type"] != "code":
            continue
        playgrounds += "playground" in tags(cell)
        for name, arguments in calls(source(cell)):
            if name in ("check", "decide", "sort"):
                _add(found.exercises, topic.exercises, arguments, found.unknown, "exercise")
            elif name == "quiz":
                _add(found.questions, questions, arguments or list(questions), found.unknown, "question")
            elif name == "worksheet":
                _add(found.worksheets, sheets, arguments, found.unknown, "worksheet")
            elif name == "decided":
                found.decisions.extend(arguments[:1])
    return Contents(found.exercises, found.questions, found.worksheets, found.decisions, playgrounds, found.unknown)


@dataclass(frozen=True)
class Objective:
    """What a learner will be able to do, and the items that show it: ("exercise", "3.2")."""

    text: str
    items: tuple[tuple[str, str], ...]


def objectives(metadata: Mapping[str, Any]) -> list[Objective]:
    """The objectives of a lesson's metadata.

    Each is `{"can": "grade customers by size", "by": ["exercise 3.4", "quiz sizes"]}`; `by` may be a single text.
    """
    found = []
    for one in metadata.get("objectives", []):
        named = one.get("by", [])
        named = [named] if isinstance(named, str) else named
        found.append(
            Objective(one["can"], tuple((kind, item) for kind, _, item in (text.partition(" ") for text in named)))
        )
    return found


def cells_of(notebook: Mapping[str, Any], *, beyond_core: bool) -> Iterator[dict[str, Any]]:
    """The cells that a learner works through."""
    for cell in notebook["cells"]:
        own = tags(cell)
        if not own & NOT_IN_A_LESSON and (beyond_core or not own & BEYOND_CORE):
            yield cell


def source(cell: Mapping[str, Any]) -> str:
    text = cell["source"]
    return text if isinstance(text, str) else "".join(text)


def calls(code: str) -> list[tuple[str, list[str]]]:
    """What a cell asks of the lesson: ("check", ["3.2"]) for `lesson.check("3.2", recency)`."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return []
    found = [
        (node.lineno, node.col_offset, node.func.attr, [arg.value for arg in node.args if _is_text(arg)])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "lesson"
    ]
    return [(name, arguments) for _, _, name, arguments in sorted(found)]


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _add(into: list[Any], known: Mapping[str, Any], ids: list[str], unknown: list[str], word: str) -> None:
    ids = ids[:1] if word != "question" else ids
    for one in ids:
        if one not in known:
            unknown.append(f"there is no {word} {one}.")
        elif known[one] not in into:
            into.append(known[one])
