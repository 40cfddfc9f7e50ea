"""The three ways through the course: one day, two days, eight weeks; worked out from the lessons that there are."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import Any

from helpers.places import CASEBOOK, NOTEBOOKS, SAMPLE
from helpers.reports.lessons import Lesson, all_lessons
from helpers.teaching import yamlfiles
from helpers.teaching.guide_agenda import (
    SESSION,
    Agenda,
    Day,
    DoesNotFit,
    Session,
    add_what_fits,
    choose,
    in_weeks,
    last_week,
    lay_out_days,
    week,
)
from helpers.teaching.guide_parts import Part, cases_of, parts_of
from helpers.teaching.minutes import MINUTES_A_QUESTION

PATHS = Path(__file__).parent / "guide" / "paths.yml"
DAY = Day()
CORE = "core"


@dataclass(frozen=True)
class Course:
    """What there is to teach.

    Attributes
    ----------
    lessons : tuple of Lesson
        The notebooks, in the order of the course.
    casebooks : tuple of Lesson
    frameworks : dict of str to dict
        The rows of frameworks.csv, by id.
    cases : dict of str to dict
        The rows of cases.csv, by id.
    """

    lessons: tuple[Lesson, ...]
    casebooks: tuple[Lesson, ...]
    frameworks: Mapping[str, Mapping[str, str]]
    cases: Mapping[str, Mapping[str, str]]

    @cached_property
    def parts(self) -> dict[str, list[Part]]:
        """The core of each lesson, heading by heading."""
        return {lesson.id: parts_of(lesson) for lesson in self.lessons}

    @cached_property
    def case_parts(self) -> dict[str, Part]:
        """Each case that has minutes, by its id."""
        titles = {case: row["title"] for case, row in self.cases.items()}
        return {part.case: part for one in self.casebooks for part in cases_of(one, titles=titles)}

    @cached_property
    def prerequisites(self) -> dict[str, list[str]]:
        return {lesson.id: [str(one) for one in lesson.metadata.get("prerequisites", [])] for lesson in self.lessons}

    def minutes(self, lesson: str) -> int:
        return sum(part.minutes for part in self.parts[lesson])

    def core(self) -> list[str]:
        """Ids of the frameworks that are the core of a lesson that there is."""
        there = {lesson.id for lesson in self.lessons}
        return [one for one, row in self.frameworks.items() if row["weight"] == CORE and row["home"] in there]


def course(*, notebooks: Path = NOTEBOOKS, casebook: Path = CASEBOOK, data: Path = SAMPLE) -> Course:
    """The course as it is on disk."""
    return Course(
        tuple(all_lessons(notebooks)),
        tuple(all_lessons(casebook)),
        _rows(data / "frameworks.csv"),
        _rows(data / "cases.csv"),
    )


def agendas(there: Course, questions: Mapping[str, int], *, path: Path = PATHS) -> list[Agenda]:
    """One day, two days, eight weeks.

    Parameters
    ----------
    there : Course
    questions : dict of lesson id to int
        How many questions of a test belong to each lesson: a test asks what
        the agenda teaches.
    path : Path
        What a trainer has chosen: which parts matter most, and in which
        order lessons and cases are taken while there is time.

    Raises
    ------
    ValueError
        If the file names a heading that no lesson has, or its parts do not fit.
    """
    plan = yamlfiles.read(path)
    return [
        _one_day(there, questions, plan),
        _two_days(there, questions, plan),
        _eight_weeks(there, questions, plan),
    ]


def about(path: Path = PATHS) -> dict[str, str]:
    """What the guide says above each agenda, by its title."""
    return {one["title"]: one["about"] for one in yamlfiles.read(path).values() if "about" in one}


# ---------------------------------------------------------------- the three


def _one_day(there: Course, questions: Mapping[str, int], plan: Mapping[str, Any]) -> Agenda:
    own = plan["one_day"]
    place = {
        (part.lesson, part.title): number
        for number, part in enumerate(part for parts in there.parts.values() for part in parts)
    }
    known = {(part.lesson, part.title): part for parts in there.parts.values() for part in parts}
    taken = [(lesson, title) for lesson, titles in own["take"].items() for title in titles]
    more = [(lesson, title) for one in own["if_time"] for lesson, title in one.items()]
    if unknown := [f"{lesson}: {title}" for lesson, title in [*taken, *more] if (lesson, title) not in known]:
        raise ValueError(f"{PATHS.name} names what is under no heading of a core section: {'; '.join(unknown)}.")

    def sessions(parts: Sequence[Part]) -> tuple[Session, ...]:
        asked = _asked(questions, {part.lesson for part in parts})
        return lay_out_days(
            [*_activities(plan, own["opening"], asked), *parts],
            DAY,
            days=1,
            closing=_activities(plan, own["closing"], asked),
        )

    chosen = add_what_fits([known[one] for one in taken], [known[one] for one in more], place, _fitting(sessions))
    return _agenda(own["title"], sessions(sorted(chosen, key=lambda one: place[one.lesson, one.title])), there)


def _two_days(there: Course, questions: Mapping[str, int], plan: Mapping[str, Any]) -> Agenda:
    own = plan["two_days"]

    def sessions(lessons: Sequence[str], cases: Sequence[str] = ()) -> tuple[Session, ...]:
        asked = _asked(questions, lessons)
        return lay_out_days(
            [*_activities(plan, own["opening"], asked), *_with_cases(there, lessons, cases)],
            DAY,
            days=2,
            closing=_activities(plan, own["closing"], asked),
        )

    lessons = choose(own["wanted"], there.prerequisites, _fitting(sessions))
    cases: list[str] = []
    for case in own["cases"]:
        known = there.case_parts.get(case) and there.cases[case]["part"] in lessons
        if known and _fitting(lambda more: sessions(lessons, more))([*cases, case]):
            cases.append(case)
    return _agenda(own["title"], sessions(lessons, cases), there)


def _eight_weeks(there: Course, questions: Mapping[str, int], plan: Mapping[str, Any]) -> Agenda:
    own = plan["eight_weeks"]
    lessons = list(there.parts)
    asked = sum(questions.get(one, 0) for one in lessons)
    # What closes the course takes a place of its own among the lessons, so that the last week has room for it.
    finish = _activities(plan, own["last"], asked)
    minutes = [*(there.minutes(one) for one in lessons), sum(part.minutes for part in finish)]
    sizes = in_weeks(minutes, [*(one[:2] for one in lessons), ""], int(own["weeks"]))
    weeks, begin = [], 0
    for size in sizes:
        weeks.append(lessons[begin : begin + size])
        begin += size
    end = last_week(_activities(plan, own["opening"], asked), _parts(there, weeks[-1]), finish, SESSION)
    sessions = []
    for number, own_lessons in enumerate(weeks[:-1], start=1):
        names = own["first"] if number == 1 else own["middle"] if number == int(own["brief_in"]) else own["opening"]
        at_home = int(own["at_home"]) - (end.minutes_at_home if number == len(weeks) - 1 else 0)
        cases = [there.case_parts[one] for one in _cases_for(there, own_lessons, own["cases"])]
        opening, closing = _activities(plan, names, asked), _activities(plan, own["closing"], asked)
        sessions.append(week(opening, _parts(there, own_lessons), closing, cases, SESSION, at_home=at_home))
    return _agenda(own["title"], (*sessions, end), there)


# ---------------------------------------------------------------- what they share


def _agenda(title: str, sessions: tuple[Session, ...], there: Course) -> Agenda:
    parts = Agenda(title, sessions).parts
    taught = {one for part in parts for one in part.teaches}
    titles: dict[str, set[str]] = {}
    for part in parts:
        titles.setdefault(part.lesson, set()).add(part.title)
    whole = {lesson: {part.title for part in own} for lesson, own in there.parts.items()}
    return Agenda(
        title,
        sessions,
        tuple(one for one in there.core() if one not in taught),
        tuple(one for one, all_titles in whole.items() if titles.get(one) and titles[one] < all_titles),
        tuple(one for one in whole if not titles.get(one)),
    )


def _parts(there: Course, lessons: Sequence[str]) -> list[Part]:
    return [part for one in lessons for part in there.parts[one]]


def _activities(plan: Mapping[str, Any], names: Sequence[str], asked: int) -> list[Part]:
    """What needs no notebook; a test takes as long as its questions do."""
    found = []
    for name in names:
        one = plan["activities"][name]
        is_test = one["minutes"] == "questions"
        minutes = ceil(asked * MINUTES_A_QUESTION) if is_test else int(one["minutes"])
        found.append(Part(one["title"], minutes, produces=tuple(one["produces"])))
    return found


def _asked(questions: Mapping[str, int], lessons: Any) -> int:
    return sum(number for lesson, number in questions.items() if lesson in lessons)


def _with_cases(there: Course, lessons: Sequence[str], cases: Sequence[str]) -> list[Part]:
    """The parts of lessons, each followed by the cases that go with it."""
    found = []
    for lesson in lessons:
        found += there.parts[lesson]
        found += [there.case_parts[case] for case in cases if there.cases[case]["part"] == lesson]
    return found


def _cases_for(there: Course, lessons: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The cases that go with lessons: those that were wanted first, then the full and the short ones."""
    weight = {"full": 0, "short": 1, "card": 2}
    fitting = [one for one in there.case_parts if there.cases[one]["part"] in lessons]
    first = {one: number for number, one in enumerate(wanted)}
    return sorted(fitting, key=lambda one: (first.get(one, len(first)), weight[there.cases[one]["weight"]], one))


def _fitting(sessions: Any) -> Any:
    """Whether something can be laid out."""

    def fits(*given: Any) -> bool:
        try:
            sessions(*given)
        except DoesNotFit:
            return False
        return True

    return fits


def _rows(path: Path) -> dict[str, dict[str, str]]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}
