"""The test before and after the course: two parallel forms, their sheets, and what a class gained."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from helpers.errors import DataError
from helpers.reports.lessons import Lesson
from helpers.stats.intervals import Estimate, difference_of_means, paired_difference
from helpers.teaching import quiz, yamlfiles
from helpers.teaching.contents import objectives
from helpers.teaching.quiz import Question, QuizOption, arrange, letter
from helpers.withheld import Withheld
from helpers.words import count, listing

TESTS = Path(__file__).parent / "guide" / "tests.yml"
FORMS = ("A", "B")
WHEN = ("before", "after")
AT_LEAST = 6  # so many people with both sheets, or no gain is shown
_KEYS = {"id", "lesson", "objective", "covers", *FORMS}


@dataclass(frozen=True)
class Pair:
    """Two questions about the same thing.

    Attributes
    ----------
    id, lesson, objective : str
    forms : dict of str to Question
        The question of form A and that of form B.
    """

    id: str
    lesson: str
    objective: str
    forms: Mapping[str, Question]


@dataclass(frozen=True)
class Asked:
    """A question as a sheet prints it."""

    number: int
    pair: Pair
    question: Question
    options: tuple[QuizOption, ...]

    @property
    def right(self) -> str:
        """The letter of the right option."""
        return letter(next(place for place, option in enumerate(self.options) if option.right))


# ---------------------------------------------------------------- the forms


def read_pairs(path: Path = TESTS) -> list[Pair]:
    """The pairs of a tests.yml, in its order.

    Raises
    ------
    ValueError
        If the file is not as it should be; the message lists every fault.
    """
    items = yamlfiles.read(path).get("pairs", [])
    if found := faults(items):
        raise ValueError(f"{path.name}: " + " ".join(found))
    return [
        Pair(item["id"], item["lesson"], item["objective"], {form: _question(item, form) for form in FORMS})
        for item in items
    ]


def faults(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is wrong with pairs, in sentences; each question is held to what a quiz is held to."""
    found = []
    for place, item in enumerate(items, start=1):
        where = f"pair {item.get('id') or place}"
        if missing := sorted(_KEYS - set(item)):
            found.append(f"{where} has no {listing(missing)}.")
            continue
        if unknown := sorted(set(item) - _KEYS):
            found.append(f"{where}: {listing(unknown)} is no part of a pair.")
        for form in FORMS:
            found += quiz.faults({item["lesson"]: [_as_in_a_quiz(item, form)]})
    ids = [item.get("id") for item in items]
    found += [f"the id {one} stands twice." for one in sorted({one for one in ids if one and ids.count(one) > 1})]
    return found


def off_objective(pairs: Iterable[Pair], lessons: Iterable[Lesson]) -> list[str]:
    """Pairs whose objective is none of their lesson's, in sentences; a lesson that is not there cannot object."""
    known = {lesson.id: [one.text for one in objectives(lesson.metadata)] for lesson in lessons}
    return [
        f"{pair.id}: lesson {pair.lesson} has no objective “{pair.objective}”."
        for pair in pairs
        if pair.lesson in known and pair.objective not in known[pair.lesson]
    ]


def questions_by_lesson(pairs: Iterable[Pair]) -> dict[str, int]:
    """How many questions of a form belong to each lesson."""
    found: dict[str, int] = {}
    for pair in pairs:
        found[pair.lesson] = found.get(pair.lesson, 0) + 1
    return found


def sheet(pairs: Sequence[Pair], form: str) -> list[Asked]:
    """A form as it is printed.

    The options stand in an order drawn by lot, always the same one, with the
    right one about equally often in every place.
    """
    questions = [pair.forms[form] for pair in pairs]
    orders = arrange(questions, {one.id: one.right for one in questions}, seed=f"guide {form}")
    return [
        Asked(number, pair, question, tuple(orders[question.id]))
        for number, (pair, question) in enumerate(zip(pairs, questions, strict=True), start=1)
    ]


def _question(item: Mapping[str, Any], form: str) -> Question:
    given = _as_in_a_quiz(item, form)
    options = tuple(
        QuizOption(str(place), one["text"], one["feedback"], one["feedback"], yamlfiles.is_yes(one.get("right", "")))
        for place, one in enumerate(given["options"], start=1)
    )
    return Question(given["id"], given["question"], options, tuple(item["covers"]))


def _as_in_a_quiz(item: Mapping[str, Any], form: str) -> dict[str, Any]:
    return {"id": f"{item['id']}-{form}", "covers": item["covers"], **item[form]}


# ---------------------------------------------------------------- what came back


@dataclass(frozen=True)
class Paper:
    """One sheet of answers: who, before or after, which form, and the letter at each number (empty: no answer)."""

    person: str
    when: str
    form: str
    letters: tuple[str, ...]


@dataclass(frozen=True)
class Gain:
    """What a class answers better after the course.

    Attributes
    ----------
    people, asked : int
        Who handed in both sheets, and how many questions were asked of them.
    before, after : float
        Mean number of right answers.
    points : Estimate
        Right answers after less before, person by person.
    forms : Estimate or None
        Gain of those who had A first less gain of those who had B first; far
        from 0, one form is harder. None where one of the two groups has fewer
        than two people.
    by_pair : tuple of (Pair, int, int)
        Who had it right before, and after.
    left_out : int
        People with one sheet only.
    """

    people: int
    asked: int
    before: float
    after: float
    points: Estimate
    forms: Estimate | None
    by_pair: tuple[tuple[Pair, int, int], ...]
    left_out: int = 0


def read_papers(path: str | Path, pairs: Sequence[Pair]) -> list[Paper]:
    """Answer sheets from a CSV file with the columns person, when, form, 1, 2, 3, ...

    Parameters
    ----------
    path : str or Path
    pairs : sequence of Pair

    Raises
    ------
    DataError
        If the file cannot be read, or a line is not one sheet of answers.
    """
    file = Path(path)
    try:
        with open(file, encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"The file {file.name} cannot be read ({error}). Save it as CSV with UTF-8.") from None
    numbers = [str(number) for number in range(1, len(pairs) + 1)]
    missing = [name for name in ("person", "when", "form", *numbers) if name not in (reader.fieldnames or ())]
    if missing:
        raise DataError(
            f"{file.name} has no column {missing[0]}. Begin with the file answers.csv that `workbook guide` writes."
        )
    letters = {form: [{letter(place) for place in range(len(one.options))} for one in sheet(pairs, form)] for form in FORMS}
    papers: list[Paper] = []
    for line, row in enumerate(rows, start=2):
        cells = {name: (row[name] or "").strip() for name in ("person", "when", "form", *numbers)}
        when, form = cells["when"].lower(), cells["form"].upper()
        given = tuple(cells[name].upper() for name in numbers)
        if not any((*given, cells["person"], when, form)):
            continue
        if not cells["person"]:
            raise DataError(f"{file.name}, line {line}: no person. Write a name or a number that the person keeps.")
        if when not in WHEN:
            raise DataError(f"{file.name}, line {line}: when is {cells['when']!r}. Write before or after.")
        if form not in FORMS:
            raise DataError(f"{file.name}, line {line}: the form is {cells['form']!r}. Write A or B.")
        for number, one, known in zip(numbers, given, letters[form], strict=True):
            if one and one not in known:
                raise DataError(
                    f"{file.name}, line {line}: the answer to {number} is {one!r}. Write {listing(sorted(known))}, or leave it empty."
                )
        if any(other.person == cells["person"] and other.when == when for other in papers):
            raise DataError(f"{file.name}, line {line}: this person has a second sheet {when} the course. Keep one.")
        papers.append(Paper(cells["person"], when, form, given))
    return papers


def right_answers(paper: Paper, pairs: Sequence[Pair]) -> list[bool]:
    """Which questions a sheet answers rightly; no answer is not right."""
    return [one.right == given for one, given in zip(sheet(pairs, paper.form), paper.letters, strict=True)]


def gain(papers: Sequence[Paper], pairs: Sequence[Pair]) -> Gain | Withheld:
    """What a class gained between two sheets.

    Questions that nobody answered were not asked and do not count. People
    with one sheet are left out.

    Raises
    ------
    DataError
        If somebody had the same form twice: they would remember its answers.

    References
    ----------
    Paired differences with Student's interval, as `stats.intervals.paired_difference`.
    """
    sheets: dict[str, dict[str, Paper]] = {}
    for paper in papers:
        sheets.setdefault(paper.person, {})[paper.when] = paper
    both = {person: own for person, own in sheets.items() if len(own) == len(WHEN)}
    same = [person for person, own in both.items() if own["before"].form == own["after"].form]
    if same:
        raise DataError(
            f"{count(len(same), 'person', 'people')} had the same form before and after the course. "
            "Leave their sheets out: they would remember answers and not know them."
        )
    if len(both) < AT_LEAST:
        return Withheld(
            "What the class gained",
            f"{count(len(both), 'person', 'people')} handed in both sheets, and at least {AT_LEAST} are needed.",
            "With both sheets of everybody it says by how many answers the class improved, and what to take up again.",
        )
    asked = [
        number for number in range(len(pairs)) if any(paper.letters[number] for own in both.values() for paper in own.values())
    ]
    marks = {
        when: np.array([[right_answers(own[when], pairs)[number] for number in asked] for own in both.values()]) for when in WHEN
    }
    points = {when: table.sum(axis=1) for when, table in marks.items()}
    better = points["after"] - points["before"]
    first = np.array([own["before"].form for own in both.values()])
    estimate, _ = paired_difference(points["after"], points["before"])
    groups = [better[first == form] for form in FORMS]
    return Gain(
        people=len(both),
        asked=len(asked),
        before=float(points["before"].mean()),
        after=float(points["after"].mean()),
        points=estimate,
        forms=difference_of_means(*groups) if min(map(len, groups)) >= 2 else None,
        by_pair=tuple(
            (pairs[number], int(marks["before"][:, place].sum()), int(marks["after"][:, place].sum()))
            for place, number in enumerate(asked)
        ),
        left_out=len(sheets) - len(both),
    )


def gain_sentences(found: Gain | Withheld) -> list[str]:
    """What a class gained, in sentences; the warning belongs to it."""
    if isinstance(found, Withheld):
        return [found.reason, found.gain]
    said = [
        f"{count(found.people, 'person', 'people')} answered {found.before:.1f} of {found.asked} questions rightly before the course "
        f"and {found.after:.1f} after it: {found.points.value:+.1f} answers each, with 95% confidence between "
        f"{found.points.low:+.1f} and {found.points.high:+.1f}."
    ]
    if not found.points.excludes_zero:
        said.append("The interval holds 0, so this class is too small, or its gain too small, to say that it improved.")
    said.append(
        "A second test is easier than a first one, also for people who learned nothing between them: they know the kind of question. "
        "Without a group that took both tests and no course, nobody can say how much of the gain is that."
    )
    if found.forms is None:
        said.append(
            "Nearly everybody had the forms in the same order, so an easier second form would look like learning. "
            "Next time let one half begin with B."
        )
    elif found.forms.excludes_zero:
        easier = "B" if found.forms.value > 0 else "A"
        said.append(
            f"Those who had form {easier} second gained more, by {abs(found.forms.value):.1f} answers: in this class form "
            f"{easier} was the easier one. With one half in each order that cancels out of the gain, as far as the halves are of one size."
        )
    if found.left_out:
        said.append(f"{count(found.left_out, 'person', 'people')} with one sheet only are left out.")
    weak = sorted((one for one in found.by_pair), key=lambda one: one[2])[:3]
    said.append(
        "Take up again first: "
        + "; ".join(f"{pair.objective} (lesson {pair.lesson}: {after} of {found.people} right)" for pair, _, after in weak)
        + "."
    )
    return said
