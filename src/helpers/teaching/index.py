"""Where everything stands: every framework and every word of the course, the part that teaches it, what practises it, and what computes it.

The tables are data/frameworks.csv, data/glossary.csv and data/cases.csv; what
teaches and practises a framework is read from the notebooks, so it is true as
long as they are.
"""

from __future__ import annotations

import csv
import functools
import importlib
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from helpers import words
from helpers.places import CASEBOOK, NOTEBOOKS, SAMPLE
from helpers.reports.lessons import Lesson, all_lessons
from helpers.reports.tables import Table
from helpers.reports.tables import table as as_table
from helpers.teaching import pages, widgets
from helpers.teaching.boxes import Box
from helpers.teaching.glossary import frameworks, glossary
from helpers.teaching.quiz import read_quiz
from helpers.teaching.sheets import read_worksheets
from helpers.teaching.topics import topic_of

NAME = "index_of_the_course.html"
THEMES = {
    "growth": "Winning, and what growth is made of",
    "needs": "What people need, and whom one is for",
    "price": "What a price does",
    "words": "Words, talks and attentions",
    "hand-overs": "Who owns a matter",
    "promises": "Promises and signs",
    "brand": "A name, and how far it reaches",
    "loyalty": "Staying, leaving, coming back",
    "evidence": "What data can and cannot tell",
}
"""Themes of the cases, by which somebody looks for one."""
LENGTHS = {"full": "30 to 40 minutes", "short": "about ten minutes", "card": "two minutes"}


@dataclass(frozen=True)
class Entry:
    """One framework or one word.

    Attributes
    ----------
    id, name, chinese, says : str
        `says` is a word's definition; empty for a framework.
    home, weight : str
        The part that teaches it; core or extra, for a framework.
    also : tuple of str
        Other notebooks that teach or use it.
    practised : tuple of str
        Exercises, quiz questions and worksheets.
    helper, does : str
        The function that computes it, and the first line of its docstring; empty where nothing is computed.
    framework : str
        Id of the framework that a word belongs to.
    """

    id: str
    name: str
    chinese: str
    says: str
    home: str
    weight: str
    also: tuple[str, ...]
    practised: tuple[str, ...]
    helper: str
    does: str
    framework: str = ""


def notebooks() -> list[Lesson]:
    """Lessons, then casebooks."""
    return [*all_lessons(NOTEBOOKS), *all_lessons(CASEBOOK)]


@functools.cache
def _taught() -> dict[str, tuple[str, ...]]:
    """Notebooks by the frameworks that their cells teach."""
    found: dict[str, list[str]] = {}
    for lesson in notebooks():
        for cell in lesson.notebook["cells"]:
            for one in cell["metadata"].get("covers", []):
                if lesson.id not in found.setdefault(one, []):
                    found[one].append(lesson.id)
    return {one: tuple(ids) for one, ids in found.items()}


@functools.cache
def _practised() -> dict[str, tuple[str, ...]]:
    """What practises each framework, by its id."""
    found: dict[str, list[str]] = {}

    def add(covers: Iterable[str], what: str) -> None:
        for one in covers:
            if what not in found.setdefault(one, []):
                found[one].append(what)

    for lesson in notebooks():
        topic = topic_of(lesson)
        for exercise in topic.exercises.values():
            case, _, number = exercise.id.partition(".")
            add(exercise.covers, f"case {case}" if case.startswith("C") else f"exercise {exercise.id}")
        if topic.worksheets.is_file():
            for sheet in read_worksheets(topic.worksheets).values():
                add(sheet.covers, f"worksheet “{sheet.title.partition(' (')[0]}”")
        if topic.quiz.is_file():
            for question in read_quiz(topic.quiz).get(lesson.id, []):
                add(question.covers, f"quiz {lesson.id}")
    return {one: tuple(names) for one, names in found.items()}


def function(helper: str) -> Callable[..., object]:
    """The function that a table names.

    >>> function("segmentation.measures.rfm").__name__
    'rfm'
    """
    module, _, name = helper.rpartition(".")
    return getattr(importlib.import_module(f"helpers.{module}"), name)


def does(helper: str) -> str:
    """What a function does, in the first line of its docstring; empty for none."""
    return (inspect.getdoc(function(helper)) or "").splitlines()[0] if helper else ""


@functools.cache
def frameworks_index() -> tuple[Entry, ...]:
    """All frameworks, S01 to S127."""
    return tuple(
        Entry(one.id, one.name, one.chinese, "", one.home, one.weight, tuple(id for id in _taught().get(one.id, ()) if id != one.home),
              _practised().get(one.id, ()), one.helper, does(one.helper))
        for one in frameworks().values()
    )  # fmt: skip


@functools.cache
def words_index() -> tuple[Entry, ...]:
    """All words of the glossary, in alphabetical order."""
    return tuple(
        Entry(one.id, one.english, one.chinese, one.definition, one.home, "", tuple(id for id in _taught().get(one.framework, ()) if id != one.home),
              _practised().get(one.framework, ()), one.helper, does(one.helper), one.framework)
        for one in sorted(glossary().values(), key=lambda one: one.english.casefold())
    )  # fmt: skip


def cases() -> pd.DataFrame:
    """All cases: `id`, `title`, `chinese`, `home`, `part`, `weight`, `theme`."""
    with open(SAMPLE / "cases.csv", encoding="utf-8-sig", newline="") as file:
        return pd.DataFrame(list(csv.DictReader(file)))


# ---------------------------------------------------------------- looking something up


def look_up(text: str) -> Table | Box:
    """Everything in whose name, Chinese name, definition or function a text stands.

    Parameters
    ----------
    text : str
        A word or a part of one, in English or Chinese; an id such as S73; a lesson such as 03a.
    """
    wanted = " ".join(str(text).split()).casefold()
    if not wanted:
        return Box("quiet", "What are you looking for?", "Write a word, in English or Chinese, or an id such as S73.")
    found = [one for one in (*words_index(), *frameworks_index()) if _fits(one, wanted)]
    found.sort(key=lambda one: (wanted not in one.name.casefold() and wanted not in one.chinese, bool(one.weight)))
    if not found:
        return Box("quiet", "Nothing found.", f"Neither a word nor a framework has “{words.plain(text)}” in it. Try a shorter part of the word.")
    return entries_table(found, f"{words.count(len(found), 'entry', 'entries')} with “{text}”")


def entries_table(entries: Iterable[Entry], caption: str, *, longest: int = 30) -> Table:
    """Entries as a table: what it is, what it means, where it is taught, what practises and what computes it."""
    rows = [
        (f"{one.name} ({one.chinese})" if one.chinese else one.name, one.says or f"framework {one.id}, {one.weight}", _where(one), "; ".join(one.practised[:4]), one.helper)
        for one in entries
    ]
    frame = pd.DataFrame(rows, columns=["entry", "means", "taught_in", "practised_by", "helper"])
    return as_table(frame, caption, labels={"taught_in": "taught in", "practised_by": "practised by", "helper": "computed by"}, longest=longest)


class Search(widgets.WithTwin):
    """A field to type into, with what was found below it; on paper, what the first word finds."""

    def __init__(self, start: str = "waking") -> None:
        self.start = start

    def html(self) -> str:
        return self._found(self.start)

    def plain(self) -> str:
        return repr(look_up(self.start))

    def widget(self) -> object:
        import ipywidgets

        field = ipywidgets.Text(value=self.start, placeholder="a word, in English or Chinese; S73; 03a", continuous_update=False, layout={"width": "28em"})
        found = widgets.words_of(self._found(self.start))

        def typed(change: dict) -> None:
            found.value = widgets.spoken(self._found(change["new"]))

        field.observe(typed, names="value")
        return widgets.group(widgets.named(field, "Look up a word, a framework or a lesson"), found, first=True)

    @staticmethod
    def _found(text: str) -> str:
        found = look_up(text)
        return found._repr_html_() if isinstance(found, Table) else found.html()


def _fits(one: Entry, wanted: str) -> bool:
    if wanted in (one.id.casefold(), one.home, one.framework.casefold()):
        return True
    return any(wanted in text.casefold() for text in (one.name, one.chinese, one.says, one.helper))


def _where(one: Entry) -> str:
    also = [id for id in one.also if not id.endswith("-cases")]
    return one.home + (f", also {', '.join(also)}" if also else "")


# ---------------------------------------------------------------- on paper


def page() -> str:
    """The index as one page to print: words, frameworks by lesson, cases by theme and by length."""
    titles = {one.id: one.title for one in notebooks()}
    parts = list(dict.fromkeys(one.home for one in frameworks_index()))
    return pages.render(
        "index.html.j2",
        words=words_index(),
        frameworks=len(frameworks_index()),
        count_cases=len(cases()),
        parts=[{"id": part, "title": titles[part], "entries": [one for one in frameworks_index() if one.home == part]} for part in parts],
        where=_where,
        themes=[{"title": title, "cases": cases_of("theme", theme)} for theme, title in THEMES.items()],
        lengths=[{"title": f"{weight.capitalize()}: {minutes}", "cases": cases_of("weight", weight)} for weight, minutes in LENGTHS.items()],
    )


def cases_of(column: str, value: str) -> list[dict[str, str]]:
    """The cases with a theme or a weight."""
    rows = cases()
    return rows[rows[column] == value].to_dict("records")


def cases_in_markdown() -> str:
    """What stands below the topics in casebook/README.md: all cases by theme and by length."""
    files = {one.number: one.path.name for one in all_lessons(CASEBOOK)}

    def line(title: str, column: str, value: str) -> str:
        listed = ", ".join(f"[{one['id']} {one['title']}]({files[one['home']]})" for one in cases_of(column, value))
        return f"- **{title}**: {listed}"

    themes = [line(title, "theme", theme) for theme, title in THEMES.items()]
    lengths = [line(f"{weight.capitalize()}, {minutes}", "weight", weight) for weight, minutes in LENGTHS.items()]
    return "\n".join(["## By theme", "", *themes, "", "## By length", "", *lengths, ""])
