"""Exercises: a worked answer as a function, with the mistakes that people really make beside it.

A topic's `exercises.py` reads like this::

    @exercise("3.2", minutes=6, hints=["Count days up to the report date.", "It is `as_of`, not today."])
    def days_since_last_order(orders, as_of):
        '''Days since the last order, for each customer.'''
        return (as_of - orders.groupby("customer_id")["ordered_at"].max()).dt.days

    @days_since_last_order.mistake("You counted up to the newest order in the file, not up to the report date.")
    def _(orders, as_of):
        return (orders["ordered_at"].max() - orders.groupby("customer_id")["ordered_at"].max()).dt.days

    @days_since_last_order.in_a_spreadsheet("the median of these days", digits=0)
    def _(days):
        return days.median()

Arguments are filled by name from what the lesson offers (`lesson.offers(orders=orders, ...)`), so the answer
follows the data that is loaded. An exercise may ask for the answer of an earlier one by that function's name.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from helpers import words
from helpers.teaching import marks
from helpers.teaching.boxes import Box

KINDS = {
    "predict": "guess before you calculate",
    "fill": "fill the blank",
    "write": "write it yourself",
    "judge": "decide between options",
    "sort": "sort the cards",
}
CORRECT, NOT_YET, NOT_ATTEMPTED, CANNOT_CHECK = "correct", "not yet", "not attempted", "cannot check"

Function = Callable[..., Any]


@dataclass(frozen=True)
class Option:
    """One option of a judgement, with a sentence for either case: on other data another option may be right.

    `{name}` in a sentence is filled from the exercise's facts.
    """

    text: str
    if_right: str
    if_wrong: str


@dataclass(frozen=True)
class Card:
    """A card of a sorting: where it lies, why, and what is said to those who put it on a tempting other pile."""

    text: str
    pile: str
    why: str = ""
    tempting: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mistake:
    """A way to go wrong: what to say about it, and the function that goes wrong in that way."""

    message: str
    function: Function

    @property
    def source(self) -> str:
        return _source(self.function)


@dataclass
class Exercise:
    """An exercise, as `exercise` makes it. Called, it is its reference function.

    Attributes
    ----------
    id : str
    function : callable
        The worked answer.
    kind : str
        One of `KINDS`.
    minutes : float
    hints : tuple of str
        Markdown, the gentlest first.
    spreadsheet : bool
        Whether a number worked out in a spreadsheet counts as an answer.
    digits : int or None
        Digits after the point that are asked of a number; it may be off by half of the last one.
    within : float
        How far a number may be off.
    any_order : bool
        Whether the order of a list is of no importance.
    covers : tuple of str
        Ids of the frameworks that it assesses.
    options : dict of str to Option
        For a judgement.
    piles : dict of str to str
    cards : dict of str to Card
        For a sorting; see `cards`.
    means : str
        What a right answer tells; shown with it.
    mistakes : list of Mistake
    """

    id: str
    function: Function
    kind: str
    minutes: float
    hints: tuple[str, ...]
    spreadsheet: bool = False
    digits: int | None = None
    within: float = 0.0
    any_order: bool = False
    covers: tuple[str, ...] = ()
    options: dict[str, Option] = field(default_factory=dict)
    means: str = ""
    mistakes: list[Mistake] = field(default_factory=list)
    number: Function | None = None
    number_is: str = ""
    number_digits: int = 0
    facts_function: Function | None = None
    piles: dict[str, str] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def task(self) -> str:
        """What is asked, in words: the function's docstring."""
        return inspect.getdoc(self.function) or ""

    @property
    def source(self) -> str:
        """The worked answer as code, without decorator and docstring."""
        return _source(self.function)

    @property
    def spreadsheet_note(self) -> str:
        """What a spreadsheet user hands over, in words; empty where none is asked for."""
        if not self.spreadsheet:
            return ""
        digits = self.number_digits if self.number else self.digits
        rounded = ""
        if digits is not None:
            rounded = (
                f", rounded to {words.count(digits, 'digit')} after the point" if digits else ", as a whole number"
            )
        return f"Worked out in a spreadsheet, {self.number_is or 'the number'} will do{rounded}."

    def mistake(self, message: str) -> Callable[[Function], Function]:
        """Add a way to go wrong; its function takes arguments as the reference does."""

        def add(function: Function) -> Function:
            self.mistakes.append(Mistake(message, function))
            return function

        return add

    def in_a_spreadsheet(self, number_is: str, *, digits: int = 0) -> Callable[[Function], Function]:
        """Say which one number stands for the answer when it is worked out in a spreadsheet.

        Parameters
        ----------
        number_is : str
            In words, as it follows on "Worked out in a spreadsheet, ...".
        digits : int
            Digits after the point that are asked for.

        The decorated function gets the answer and gives the number.
        """

        def add(function: Function) -> Function:
            self.spreadsheet, self.number, self.number_is, self.number_digits = True, function, number_is, digits
            return function

        return add

    def facts(self, function: Function) -> Function:
        """Set the function that gives what `{name}` stands for in sentences, as a dict of texts."""
        self.facts_function = function
        return function


def exercise(
    id: str,
    *,
    minutes: float,
    hints: Sequence[str] = (),
    kind: str = "write",
    spreadsheet: bool = False,
    digits: int | None = None,
    within: float = 0.0,
    any_order: bool = False,
    covers: Sequence[str] = (),
    options: Mapping[str, Option] | None = None,
    means: str = "",
) -> Callable[[Function], Exercise]:
    """Make a function the worked answer of an exercise.

    Parameters
    ----------
    id : str
        "3.2"; no two exercises of a topic share one.
    minutes : float
        How long it takes somebody who does it for the first time.
    hints : sequence of str
        Markdown, the gentlest first. A judgement may do without.
    kind : {"write", "fill", "predict", "judge", "sort"}
        Sortings are made with `sorting`.
    spreadsheet : bool
        Whether a number that was typed by hand is accepted: with % or a
        currency sign, and rounded as `digits` asks. For answers that are no
        single number see `Exercise.in_a_spreadsheet`.
    digits : int
        Digits after the point that are asked for.
    within : float
        How far a number may be off, for a guess.
    any_order : bool
        Whether the order of a list is of no importance. Rows with labels are
        always matched by their labels.
    covers : sequence of str
        Framework ids such as "S73".
    options : dict of str to Option
        For a judgement: the reference function gives the key of the right one.
    means : str
        What the right answer tells, in a sentence without numbers.

    Raises
    ------
    ValueError
        If the exercise is not declared as it should be.
    """
    options = dict(options or {})
    if kind not in KINDS:
        raise ValueError(f"Exercise {id}: there is no kind {kind!r}. Kinds: {', '.join(KINDS)}.")
    if (kind == "judge") != bool(options):
        raise ValueError(f"Exercise {id}: a judgement has options, and nothing else has.")
    if options and len(options) < 2:
        raise ValueError(f"Exercise {id}: a judgement needs two options or more.")
    if not minutes > 0:
        raise ValueError(f"Exercise {id}: say how many minutes it takes.")
    if kind not in ("judge", "sort") and not hints:
        raise ValueError(f"Exercise {id}: give it a hint.")
    if spreadsheet and digits is None and not within:
        raise ValueError(f"Exercise {id}: say how many digits a number from a spreadsheet needs (digits=...).")
    if bad := [one for one in covers if not re.fullmatch(r"S\d{2,3}", one)]:
        raise ValueError(f"Exercise {id}: {bad[0]!r} is no framework id such as S73.")

    def make(function: Function) -> Exercise:
        made = Exercise(
            id, function, kind, minutes, tuple(hints), spreadsheet, digits, within, any_order, tuple(covers), options, means
        )  # fmt: skip
        made.__doc__ = function.__doc__
        return made

    return make


def exercises_of(module: ModuleType) -> dict[str, Exercise]:
    """The exercises of a module by id, in the order in which they stand there.

    Raises
    ------
    ValueError
        If two share an id.
    """
    found: dict[str, Exercise] = {}
    for value in vars(module).values():
        if isinstance(value, Exercise) and value not in found.values():
            if value.id in found:
                raise ValueError(f"{module.__name__}: two exercises have the id {value.id}.")
            found[value.id] = value
    return found


@dataclass(frozen=True)
class Outcome:
    """What a check says.

    Attributes
    ----------
    kind : str
        "correct", "not yet", "not attempted" or "cannot check".
    text : str
        Markdown.
    mistake : int or None
        The number of the known mistake, counted from 1.
    sure : bool
        False where the answer is right, but a known mistake gives the same on these data.
    same_form : bool
        Whether the answer can stand in for the reference as it is.
    choice : str
        For a judgement: the key of the option.
    """

    kind: str
    text: str
    mistake: int | None = None
    sure: bool = True
    same_form: bool = False
    choice: str = ""
    hint: str = ""

    @property
    def box(self) -> Box:
        label = {
            CORRECT: "Correct." if self.sure else "Right here.",
            NOT_YET: "Not yet.",
            NOT_ATTEMPTED: "Not attempted yet.",
            CANNOT_CHECK: "This cannot be checked.",
        }[self.kind]
        look = {CORRECT: "good", NOT_YET: "open", NOT_ATTEMPTED: "quiet", CANNOT_CHECK: "quiet"}[self.kind]
        return Box(look, label, "\n\n".join(filter(None, [self.text, self.hint])))

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return self.box._repr_mimebundle_()

    def __repr__(self) -> str:
        return self.box.plain()

    def __bool__(self) -> bool:
        return self.kind == CORRECT


def solution(one: Exercise) -> Box:
    """One way to do an exercise, with what people often do instead."""
    text = one.task or f"One way to do exercise {one.id}:"
    if one.kind == "judge":
        code = "The data decide which option is right:"
        text += "\n\n" + "\n".join(f"- **{key}**: {option.text}" for key, option in one.options.items())
        text += f"\n\n{code}\n\n```python\n{one.source}\n```"
    elif one.kind == "sort":
        from helpers.teaching.cards import solved

        text += f"\n\n{solved(one)}"
    else:
        text += f"\n\n```python\n{one.source}\n```"
    if one.mistakes:
        text += "\n\n**What often goes wrong**\n\n" + "\n".join(f"- {mistake.message}" for mistake in one.mistakes)
    return Box("note", f"Exercise {one.id}.", text)


def fill(sentence: str, facts: Mapping[str, Any]) -> str:
    """A sentence with facts in the place of `{name}`; text from data becomes no markup.

    >>> fill("The loss is {loss}, {unknown}.", {"loss": "¥12"})
    'The loss is ¥12, {unknown}.'
    """
    return re.sub(r"\{(\w+)\}", lambda match: words.plain(facts[match[1]]) if match[1] in facts else match[0], sentence)


def _source(function: Function) -> str:
    """A function's code as a learner reads it: no decorator, no docstring, no indentation."""
    text = textwrap.dedent(inspect.getsource(function))
    try:
        tree = ast.parse(text).body[0]
    except SyntaxError:  # a function without a name, in the middle of a call
        return text.strip()
    if not isinstance(tree, ast.FunctionDef):
        return text.strip()
    lines = text.splitlines()
    drop = set(range(1, tree.lineno))
    first = tree.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        drop |= set(range(first.lineno, first.end_lineno + 1))
    kept = [line for place, line in enumerate(lines, start=1) if place not in drop]
    return "\n".join(kept).strip("\n").rstrip()


def plain_text(text: str) -> str:
    """Markdown as one line of plain text."""
    return " ".join(marks.to_plain(text).split())
