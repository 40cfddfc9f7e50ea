"""Marking: an answer against the worked one, and against the mistakes that people make.

A check never raises and never calls anything of the answer's own (see
`compare`). Worked answers are computed from the lesson's data once, on
copies of its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from helpers import words
from helpers.teaching.answers import CannotRead, is_number
from helpers.teaching.compare import Verdict, compare
from helpers.teaching.exercises import (
    CANNOT_CHECK,
    CORRECT,
    NOT_ATTEMPTED,
    NOT_YET,
    Exercise,
    Outcome,
    fill,
)
from helpers.teaching.inputs import Inputs, Unavailable

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_SIGNS = re.compile(r"[\s,_¥$€£₹₩]|HK|NT|JP|CHF|yuan|元")


@dataclass
class Workings:
    """The worked answers of a lesson's exercises, each computed when it is first needed."""

    exercises: Mapping[str, Exercise]
    inputs: Inputs = field(init=False)
    _right: dict[str, Any] = field(default_factory=dict)
    _wrong: dict[str, list[tuple[int, str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.inputs = Inputs({one.name: one.function for one in self.exercises.values()})

    def offer(self, **values: Any) -> None:
        """Take in the data that the exercises are worked out from."""
        self.inputs.offer(**values)
        self._right.clear()
        self._wrong.clear()

    def right(self, one: Exercise) -> Any:
        """The worked answer itself: copy it before a learner gets it.

        Raises
        ------
        Unavailable
            If the data do not allow it.
        """
        if one.id not in self._right:
            self._right[one.id] = self.inputs.call(one.function)
        return self._right[one.id]

    def wrong(self, one: Exercise) -> list[tuple[int, str, Any]]:
        """The known mistakes as (number, message, answer); one that fails on these data is left out."""
        if one.id not in self._wrong:
            found = []
            for number, mistake in enumerate(one.mistakes, start=1):
                try:
                    found.append((number, mistake.message, self.inputs.call(mistake.function)))
                except Unavailable:
                    continue
            self._wrong[one.id] = found
        return self._wrong[one.id]

    def facts(self, one: Exercise) -> dict[str, Any]:
        """What `{name}` stands for in the exercise's sentences."""
        if one.facts_function is None:
            return {}
        try:
            return dict(self.inputs.call(one.facts_function))
        except Unavailable:
            return {}


def check(one: Exercise, answer: Any, workings: Workings) -> Outcome:
    """Mark an answer. Whatever the answer is, this gives an outcome and raises nothing."""
    try:
        return _check(one, answer, workings)
    except CannotRead as error:
        return Outcome(CANNOT_CHECK, str(error))
    except Unavailable as error:
        return Outcome(CANNOT_CHECK, f"Exercise {one.id} cannot be done on these data. {error}")
    except (Exception, SystemExit) as error:
        # An answer that breaks the check is a fault of the check; the lesson goes on.
        return Outcome(
            CANNOT_CHECK, f"The check of exercise {one.id} failed ({type(error).__name__}). Go on without it."
        )


def is_blank(answer: Any) -> bool:
    """Whether nothing was answered: `...`, None, empty text, or the dots or line of a blank."""
    if answer is ... or answer is None:
        return True
    return type(answer) is str and not answer.strip(" \t\n._")


def as_number(text: str) -> float | None:
    """A number as people type it from a spreadsheet, or None.

    >>> as_number("¥1,234.5"), as_number("23.7%"), as_number("23,7"), as_number("12 days")
    (1234.5, 0.237, 23.7, None)
    """
    text = text.replace("−", "-")
    # 23,7 has a decimal comma; 1,234 and 1,234.5 have one for thousands.
    if re.fullmatch(r"\D*\d+,(\d{1,2}|\d{4,})\D*", text):
        text = text.replace(",", ".")
    bare = _SIGNS.sub("", text)
    percent = bare.endswith("%")
    bare = bare.removesuffix("%")
    if len(bare) > 60 or not _NUMBER.fullmatch(bare):
        return None
    return float(bare) / (100 if percent else 1)


def _check(one: Exercise, answer: Any, workings: Workings) -> Outcome:
    if is_blank(answer):
        what = {"judge": "Choose an option", "sort": "Choose a pile for each card"}.get(one.kind, "Put your answer in the place of `...`")
        return Outcome(NOT_ATTEMPTED, f"{what}, then run this cell again.")
    right = workings.right(one)
    if one.kind == "judge":
        return _check_judgement(one, answer, right, workings)
    if one.kind == "sort":
        from helpers.teaching.cards import check_sorting

        return check_sorting(one, answer)
    if type(answer) is str and one.spreadsheet and (typed := as_number(answer)) is not None:
        answer = typed
    if one.number is not None and is_number(answer):
        return _check_number(one, answer, right, workings)
    within = one.within or _rounding(answer, one.digits)
    verdict = compare(right, answer, within=within, any_order=one.any_order)
    if not verdict.equal and _is_too_coarse(right, answer, one.digits):
        return Outcome(NOT_YET, _more_digits(one.digits))
    return _verdict(one, verdict, answer, right, workings.wrong(one), within)


def _check_number(one: Exercise, answer: Any, right: Any, workings: Workings) -> Outcome:
    """A number from a spreadsheet that stands for a whole column."""
    within = _rounding(answer, one.number_digits)
    number = one.number(right)
    wrong = []
    for place, message, value in workings.wrong(one):
        try:
            wrong.append((place, message, one.number(value)))
        except (Exception, SystemExit):  # a mistake of another shape has no such number
            continue
    verdict = compare(number, answer, within=within)
    if not verdict.equal and _is_too_coarse(number, answer, one.number_digits):
        return Outcome(NOT_YET, _more_digits(one.number_digits))
    outcome = _verdict(one, verdict, answer, number, wrong, within)
    # The cells below need the column, not the number.
    return Outcome(outcome.kind, outcome.text, outcome.mistake, outcome.sure, False)


def _digits(answer: Any) -> int:
    """Digits after the point that a number shows.

    >>> _digits(24), _digits(23.70), _digits(1e-7)
    (0, 1, 7)
    """
    return max(0, -int(Decimal(repr(float(answer))).normalize().as_tuple().exponent))


def _rounding(answer: Any, digits: int | None) -> float:
    """How far a number may be off because somebody rounded it to the digits that it shows."""
    if digits is None or not is_number(answer) or not math.isfinite(answer):
        return 0.0
    # 23.70 shows one digit to Python; who was asked for two may have typed it.
    return 0.5 * 10.0 ** -max(digits, _digits(answer))


def _is_too_coarse(right: Any, answer: Any, digits: int | None) -> bool:
    """Whether a number is the right one, rounded more than was asked for."""
    if (
        digits is None
        or not (is_number(answer) and is_number(right))
        or not (math.isfinite(answer) and math.isfinite(right))
    ):
        return False
    shown = _digits(answer)
    return shown < digits and abs(float(answer) - float(right)) <= 0.5 * 10.0**-shown + 1e-9


def _more_digits(digits: int) -> str:
    return f"Rounded too far: {words.count(digits, 'digit')} after the point, please."


def _verdict(
    one: Exercise, verdict: Verdict, answer: Any, right: Any, wrong: list[tuple[int, str, Any]], within: float
) -> Outcome:
    """Correct first; then the known mistakes; then what differs."""
    if verdict.equal:
        parts = [one.means, verdict.remark]
        # A guess is near to much; only a mistake that gives the very same number makes it uncertain.
        near = 0.0 if one.kind == "predict" else within
        same = [message for _, message, value in wrong if _equal(right, value, one, near)]
        if same:
            parts.append(
                "But these data cannot tell which way you went: a common mistake gives the same answer here. "
                f"The mistake would be: *{same[0].rstrip('.')}.*"
            )
        text = "\n\n".join(filter(None, parts))
        return Outcome(CORRECT, text, sure=not same, same_form=verdict.same_form)
    for number, message, value in wrong:
        if _equal(value, answer, one, within):
            return Outcome(NOT_YET, message, mistake=number)
    if one.kind == "predict" and is_number(answer) and is_number(right):
        return Outcome(NOT_YET, f"Your guess is too {'high' if answer > right else 'low'}. Guess again, or read on.")
    return Outcome(NOT_YET, verdict.why)


def _equal(reference: Any, answer: Any, one: Exercise, within: float) -> bool:
    try:
        return compare(reference, answer, within=within, any_order=one.any_order).equal
    except CannotRead:
        return False


def _check_judgement(one: Exercise, answer: Any, right: Any, workings: Workings) -> Outcome:
    if str(right) not in one.options:
        raise Unavailable(f"The data call for an option ({right}) that is not on the list.")
    if type(answer) is not str:
        raise CannotRead(f"One of the options is expected, in quotes: {_keys(one)}.")
    given = answer.strip().casefold()
    chosen = [key for key, option in one.options.items() if given in (key.casefold(), option.text.strip().casefold())]
    if not chosen:
        raise CannotRead(f"This is none of the options. They are: {_keys(one)}.")
    option, facts = one.options[chosen[0]], workings.facts(one)
    if chosen[0] == str(right):
        text = "\n\n".join(filter(None, [fill(option.if_right, facts), fill(one.means, facts)]))
        return Outcome(CORRECT, text, same_form=True, choice=chosen[0])
    return Outcome(NOT_YET, fill(option.if_wrong, facts), choice=chosen[0])


def _keys(one: Exercise) -> str:
    return ", ".join(f'`"{key}"`' for key in one.options)
