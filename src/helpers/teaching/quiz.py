"""Quizzes: questions with options, and a sentence of feedback for every option.

A topic's `quiz.yml` lists the questions of its lessons, and of its casebook under 03-cases::

    03a:
      - id: rfm-ranks                 # stays the same for ever: progress files name it
        question: A customer has R 1, F 5 and M 5. What does that say?
        covers: [S73]                 # what the question assesses
        from: "02"                    # only where it comes from an earlier lesson
        options:
          - text: They bought often and much, but not lately.
            right: true
            feedback: Yes. They are worth a call before somebody else makes it.
          - text: They have left for good.
            feedback: RFM ranks customers; it does not say who has left.
      - id: where-to-look
        question: Which of these would you look at first?
        computed: where_to_look       # a function of exercises.py that gives the id of the right option
        options:
          - id: region
            text: The region.
            if_right: Yes, the largest part of the change lies there.
            if_wrong: Regions differ little here; look at how the change is spread.

Questions have two to six options and exactly one right one. Where the right
one is computed, each option says something for either case.
"""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.teaching import marks, widgets, yamlfiles
from helpers.teaching.boxes import Box, Line
from helpers.teaching.exercises import CORRECT, NOT_YET

_LESSON = re.compile(r"\d\d([a-z]|-cases)?")
_QUESTION_KEYS = {"id", "question", "options", "covers", "from", "computed"}
_OPTION_KEYS = {"id", "text", "right", "feedback", "if_right", "if_wrong"}


@dataclass(frozen=True)
class QuizOption:
    """One option, with what is said when it is chosen."""

    id: str
    text: str
    if_right: str
    if_wrong: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    covers : tuple of str
        Framework ids that it assesses.
    earlier : str
        The earlier lesson that it comes from, or empty.
    computed : str
        The function that gives the id of the right option, or empty.
    """

    id: str
    question: str
    options: tuple[QuizOption, ...]
    covers: tuple[str, ...] = ()
    earlier: str = ""
    computed: str = ""

    @property
    def right(self) -> str:
        """The id of the right option; empty where it is computed."""
        return next((option.id for option in self.options if option.right), "")


# ---------------------------------------------------------------- the file


def read_quiz(path: Path) -> dict[str, list[Question]]:
    """The questions of a quiz.yml, by lesson.

    Raises
    ------
    ValueError
        If the file is not as it should be; the message lists every fault.
    """
    data = yamlfiles.read(path)
    if found := faults(data):
        raise ValueError(f"{path.name}: " + " ".join(found))
    return {lesson: [_question(item) for item in items] for lesson, items in data.items()}


def faults(data: Mapping[str, Any]) -> list[str]:
    """What is wrong with a quiz file, in sentences; empty if nothing is.

    Parameters
    ----------
    data : dict
        As `yamlfiles.read` gives it: every value is text.
    """
    found: list[str] = []
    seen: set[str] = set()
    for lesson, items in data.items():
        if not _LESSON.fullmatch(lesson):
            found.append(f"{lesson!r} is no lesson id such as 03a, or 03-cases.")
        if not isinstance(items, list):
            found.append(f"{lesson}: list its questions, each with a dash.")
            continue
        for place, item in enumerate(items, start=1):
            where = f"{lesson}, question {place}"
            if not isinstance(item, dict):
                found.append(f"{where}: it needs an id, a question and options.")
                continue
            where = f"{lesson}, question {item.get('id') or place}"
            found += [f"{where}: {fault}" for fault in _question_faults(item, lesson)]
            if item.get("id") in seen:
                found.append(f"{where}: the id stands twice.")
            seen.add(item.get("id"))
    return found


def _question_faults(item: Mapping[str, Any], lesson: str) -> list[str]:
    found = [f"{key!r} is no part of a question." for key in sorted(set(item) - _QUESTION_KEYS)]
    for key in ("id", "question"):
        if not _text(item.get(key)):
            found.append(f"it has no {key}.")
    covers = item.get("covers", [])
    if not isinstance(covers, list) or any(not re.fullmatch(r"S\d{2,3}", str(one)) for one in covers):
        found.append("covers is a list of framework ids such as [S73].")
    earlier = item.get("from", "")
    if earlier and not (_LESSON.fullmatch(str(earlier)) and earlier < lesson):
        found.append(f"from names an earlier lesson, and {earlier!r} is none.")
    options = item.get("options")
    if not isinstance(options, list) or not 2 <= len(options) <= 6 or any(not isinstance(one, dict) for one in options):
        return [*found, "it needs two to six options."]
    computed = bool(item.get("computed"))
    for place, option in enumerate(options, start=1):
        found += [f"option {place}: {fault}" for fault in _option_faults(option, computed=computed)]
    texts = [str(option.get("text", "")).strip().casefold() for option in options]
    if len(set(texts)) < len(texts):
        found.append("two options say the same.")
    ids = [option.get("id") or str(place) for place, option in enumerate(options, start=1)]
    if len(set(ids)) < len(ids):
        found.append("two options have the same id.")
    right = sum(yamlfiles.is_yes(str(option.get("right", ""))) for option in options)
    if not computed and right != 1:
        found.append(f"{right} options are right; it must be one.")
    return found


def _option_faults(option: Mapping[str, Any], *, computed: bool) -> list[str]:
    found = [f"{key!r} is no part of an option." for key in sorted(set(option) - _OPTION_KEYS)]
    needed = ("id", "text", "if_right", "if_wrong") if computed else ("text", "feedback")
    found += [f"it has no {key}." for key in needed if not _text(option.get(key))]
    unfitting = ("right", "feedback") if computed else ("if_right", "if_wrong")
    found += [
        f"{key} does not belong to a question whose right option {'is' if computed else 'is not'} computed."
        for key in unfitting
        if key in option
    ]
    if not computed and str(option.get("right", "false")).casefold() not in ("true", "false", "yes", "no"):
        found.append("right is true or false.")
    return found


def telltales(questions: Sequence[Question]) -> list[str]:
    """What would give right options away without any knowledge of the matter, in sentences.

    The order of options gives nothing away: `arrange` sees to it. Length does,
    when the careful, qualified sentence is nearly always the right one.
    """
    sure = [one for one in questions if not one.computed and len(one.options) > 2]
    longest = [one for one in sure if _is_longest(one)]
    if len(sure) >= 4 and len(longest) > 0.6 * len(sure):
        return [f"In {len(longest)} of {len(sure)} questions the longest option is the right one."]
    return []


def _is_longest(one: Question) -> bool:
    """Whether the right option is longer than every other."""
    length = {
        option.right: max(len(other.text) for other in one.options if other.right == option.right)
        for option in one.options
    }
    return length[True] > length[False]


def arrange(questions: Sequence[Question], right: Mapping[str, str], *, seed: str) -> dict[str, list[QuizOption]]:
    """The order of each question's options: drawn by lot, with the right one equally often in every place.

    Parameters
    ----------
    questions : sequence of Question
    right : dict of question id to option id
    seed : str
        The same seed gives the same order.
    """
    decks: dict[int, list[int]] = {}
    orders = {}
    lot = random.Random(f"places {seed}")
    for one in questions:
        size = len(one.options)
        if not decks.get(size):
            decks[size] = lot.sample(range(size), size)
        place = decks[size].pop()
        rest = [option for option in one.options if option.id != right.get(one.id)]
        random.Random(f"{one.id} {seed}").shuffle(rest)
        rest[place:place] = [option for option in one.options if option.id == right.get(one.id)]
        orders[one.id] = rest
    return orders


# ---------------------------------------------------------------- what is shown


class Quiz(widgets.WithTwin):
    """Questions on the screen.

    Parameters
    ----------
    questions : sequence of Question
        Those that are shown.
    right : dict of question id to option id
    orders : dict of question id to list of QuizOption
        From `arrange`.
    record : function
        Told of every answer: `record(item=..., outcome=..., choice=...)`.
    left_out : sequence of str
        Why questions cannot be asked on these data.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        *,
        right: Mapping[str, str],
        orders: Mapping[str, Sequence[QuizOption]],
        record: Callable[..., Any] = lambda **_: None,
        left_out: Sequence[str] = (),
    ) -> None:
        self.questions = list(questions)
        self._right, self._orders, self._record = right, orders, record
        self._left_out = tuple(left_out)

    def answer(self, question: str, option: str) -> Box:
        """Answer a question without widgets: its id, and the letter or the id of an option."""
        one = next((item for item in self.questions if item.id == question), None)
        if one is None:
            return Box("quiet", "No such question.", f"There are: {', '.join(item.id for item in self.questions)}.")
        order = self._orders[one.id]
        letters = {letter(place): item for place, item in enumerate(order)}
        wanted = str(option).strip()
        chosen = letters.get(wanted.upper()) or next((item for item in order if item.id == wanted), None)
        if chosen is None:
            return Box("quiet", "No such option.", f"Give a letter from A to {letter(len(order) - 1)}.")
        return self._judge(one, chosen)

    def _judge(self, one: Question, chosen: QuizOption) -> Box:
        is_right = chosen.id == self._right[one.id]
        self._record(item=one.id, outcome=CORRECT if is_right else NOT_YET, choice=chosen.id)
        if is_right:
            return Box("good", "Right.", chosen.if_right)
        return Box("open", "Not this one.", chosen.if_wrong)

    def html(self) -> str:
        items = []
        for number, one in enumerate(self.questions, start=1):
            options = "".join(
                f'<p style="margin:.15em 0 .15em 1.4em"><strong>{letter(place)}</strong>&ensp;{marks.inline_html(option.text)}</p>'
                for place, option in enumerate(self._orders[one.id])
            )
            items.append(
                f'<div class="wb-question" style="margin:.9em 0;break-inside:avoid"><p><strong>{number}.</strong> '
                f"{marks.inline_html(one.question)}{_from(one)}</p>{options}</div>"
            )
        notes = "".join(Line(note)._repr_mimebundle_()["text/html"] for note in self._left_out)
        return f'<div class="wb-quiz" style="max-width:46em;line-height:1.5">{"".join(items)}{notes}</div>'

    def plain(self) -> str:
        lines = []
        for number, one in enumerate(self.questions, start=1):
            lines.append(f"{number}. {marks.to_plain(one.question)}")
            lines += [
                f"   {letter(place)}  {marks.to_plain(option.text)}"
                for place, option in enumerate(self._orders[one.id])
            ]
        return "\n".join([*lines, *map(marks.to_plain, self._left_out)])

    def widget(self) -> Any:
        parts = [self._asked(number, one) for number, one in enumerate(self.questions, start=1)]
        notes = [widgets.words_of(Line(note)._repr_mimebundle_()["text/html"]) for note in self._left_out]
        return widgets.group(*parts, *notes, first=True)

    def _asked(self, number: int, one: Question) -> Any:
        options = [(marks.to_plain(option.text), option.id) for option in self._orders[one.id]]
        head = f"<p style='margin:.8em 0 .2em'><strong>{number}.</strong> {marks.inline_html(one.question)}{_from(one)}</p>"
        by_id = {option.id: option for option in one.options}
        return ask(head, options, lambda key: self._judge(one, by_id[key]), about=marks.to_plain(one.question))


def ask(head: str, options: list[tuple[str, str]], judge: Callable[[str], Any], *, about: str) -> Any:
    """A question as widgets: radio buttons, a button, and a place for what is said to the answer.

    Parameters
    ----------
    head : str
        The question, as HTML.
    options : list of (text, key)
    judge : function of a key
        Gives something with `_repr_mimebundle_`, shown below.
    """
    buttons = widgets.one_of(options, about=about)
    said = widgets.words_of()

    def pressed() -> None:
        if buttons.value is None:
            box = Box("quiet", "Nothing chosen yet.", "Choose an option first: with the mouse, or with Tab and the space bar.")
        else:
            box = judge(buttons.value)
        said.value = widgets.spoken(box._repr_mimebundle_()["text/html"])

    return widgets.group(widgets.words_of(head), buttons, widgets.button("Check my answer", pressed), said)


def letter(place: int) -> str:
    """A for the first option, B for the second ...

    >>> letter(0), letter(3)
    ('A', 'D')
    """
    return chr(ord("A") + place)


def _from(one: Question) -> str:
    return f' <em style="opacity:.78">(from {html.escape(one.earlier)})</em>' if one.earlier else ""


def _question(item: Mapping[str, Any]) -> Question:
    options = tuple(
        QuizOption(
            option.get("id") or str(place),
            _text(option["text"]),
            _text(option.get("if_right") or option.get("feedback")),
            _text(option.get("if_wrong") or option.get("feedback")),
            yamlfiles.is_yes(option.get("right", "")),
        )
        for place, option in enumerate(item["options"], start=1)
    )
    return Question(
        item["id"],
        _text(item["question"]),
        options,
        tuple(item.get("covers", [])),
        item.get("from", ""),
        item.get("computed", ""),
    )


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
