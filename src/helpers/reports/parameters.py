"""What can be set in a notebook, and whether a wish fits: checked before anything runs.

The cell tagged `parameters` holds literals only, each with a type and a
comment. The comment may begin with a rule, up to the first colon::

    quiet_days: int = 14         # 0 to 365: leave customers alone for this many days
    capacity: int = 50           # at least 1: calls that the team can make
    monetary: str = "mean"       # one of mean, sum: how the money of a customer is counted
    since: str = ""              # a date or empty: look at orders from this day on
    limits: list[float] = [500, 2000]   # more than 0: where small, medium and large part
"""

from __future__ import annotations

import ast
import difflib
import io
import math
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from helpers.errors import DataError
from helpers.reports.strip import tags

# Filled in by the report itself, from options of their own.
RESERVED = {
    "data": "--data", "mapping": "--map", "out": "--out", "previous": "--previous", "as_of": "--as-of",
    # What the other pages of the same run found.
    "results": "--lessons",
}  # fmt: skip

_TYPES = ("int", "float", "str", "bool", "list[int]", "list[float]", "list[str]")
_NUMBER = r"-?\d+(?:\.\d+)?"
_IN_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "yes or no",
    "list[int]": "whole numbers with commas between them",
    "list[float]": "numbers with commas between them",
    "list[str]": "words with commas between them",
}


@dataclass(frozen=True)
class Parameter:
    """One line of the parameters cell.

    Attributes
    ----------
    name, type : str
    default : the literal
    about : str
        The comment without its rule.
    low, high : float or None
    above : bool
        Whether `low` itself is refused.
    choices : tuple of str
    is_date, may_be_empty : bool
    """

    name: str
    type: str
    default: Any
    about: str = ""
    low: float | None = None
    high: float | None = None
    above: bool = False
    choices: tuple[str, ...] = ()
    is_date: bool = False
    may_be_empty: bool = False

    @property
    def allowed(self) -> str:
        """What may be given, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.is_date:
            return "a date such as 2026-06-30" + (" (or nothing)" if self.may_be_empty else "")
        words = _IN_WORDS[self.type]
        if self.low is not None and self.high is not None:
            return f"{words} from {self.low:g} to {self.high:g}"
        if self.low is not None:
            return f"{words} {'greater than' if self.above else 'of at least'} {self.low:g}"
        if self.high is not None:
            return f"{words} of at most {self.high:g}"
        return words

    def read(self, text: str) -> Any:
        """The value that somebody typed.

        Raises
        ------
        DataError
            If it has the wrong type or is outside what is allowed.
        """
        try:
            value = _typed(text, self.type)
            self._check(value)
        except ValueError:
            raise DataError(
                f"--set {self.name}={text}: {self.name} must be {self.allowed}"
                f"{f' ({self.about})' if self.about else ''}. Without --set it is {_as_typed(self.default)}."
            ) from None
        return value

    def _check(self, value: Any) -> None:
        values = value if isinstance(value, list) else [value]
        for one in values:
            if self.choices and one not in self.choices:
                raise ValueError
            if self.is_date and not (self.may_be_empty and one == ""):
                _day(one)
            if isinstance(one, (int, float)) and not isinstance(one, bool):
                too_low = self.low is not None and (one < self.low or (self.above and one == self.low))
                if too_low or (self.high is not None and one > self.high):
                    raise ValueError


def read_parameters(notebook: Mapping[str, Any], *, where: str = "the notebook") -> dict[str, Parameter]:
    """The parameters of a notebook, by name; none if it has no such cell.

    Raises
    ------
    ValueError
        If the cell is not written as it should be: a fault of the notebook.
    """
    cells = [cell for cell in notebook["cells"] if "parameters" in tags(cell)]
    if not cells:
        return {}
    if len(cells) > 1:
        raise ValueError(f"{where} has {len(cells)} cells tagged parameters; there must be one.")
    source = cells[0]["source"]
    source = "".join(source) if isinstance(source, list) else source
    comments = {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    found: dict[str, Parameter] = {}
    for line in ast.parse(source).body:
        if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name) or line.value is None:
            raise ValueError(f"{where}, parameters cell, line {line.lineno}: write `name: type = literal  # comment`.")
        name, kind = line.target.id, ast.unparse(line.annotation)
        if kind not in _TYPES:
            raise ValueError(f"{where}: the parameter {name} has the type {kind}; use one of {', '.join(_TYPES)}.")
        try:
            default = ast.literal_eval(line.value)
        except ValueError:
            raise ValueError(
                f"{where}: the parameter {name} must be a literal; derive values in the next cell."
            ) from None
        comment = comments.get(line.end_lineno, "")
        if not comment:
            raise ValueError(f"{where}: the parameter {name} needs a comment that says what it is.")
        parameter = Parameter(name, kind, default, **_rule(comment))
        try:
            if not _is_of(default, kind):
                raise ValueError
            parameter._check(default)
        except ValueError:
            raise ValueError(f"{where}: the default of {name}, {default!r}, is not {parameter.allowed}.") from None
        found[name] = parameter
    return found


def read_settings(settings: Iterable[str]) -> list[tuple[str, str, str]]:
    """`--set` options as (lesson or "", name, text).

    >>> read_settings(["quiet_days=7", "03a.monetary=sum"])
    [('', 'quiet_days', '7'), ('03a', 'monetary', 'sum')]
    """
    wishes = []
    for setting in settings:
        name, equals, text = setting.partition("=")
        name = name.strip()
        if not equals or not name:
            raise DataError(f"--set {setting}: write a name, an equals sign and a value, as in --set quiet_days=7.")
        lesson, dot, rest = name.rpartition(".")
        wishes.append((lesson if dot else "", rest, text.strip()))
    return wishes


def settle(parameters: Mapping[str, Mapping[str, Parameter]], settings: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What each lesson is run with: only what was wished for, checked.

    Parameters
    ----------
    parameters : dict of lesson id to its parameters
    settings : iterable of str
        "name=value", or "03a.name=value" for one lesson alone.

    Returns
    -------
    dict of lesson id to dict of name to value

    Raises
    ------
    DataError
        If no lesson knows a name, or a value does not fit.
    """
    settled: dict[str, dict[str, Any]] = {lesson: {} for lesson in parameters}
    for lesson, name, text in read_settings(settings):
        if name in RESERVED:
            raise DataError(f"--set {name}=...: {name} has an option of its own. Write {RESERVED[name]} instead.")
        if lesson and lesson not in parameters:
            raise DataError(
                f"--set {lesson}.{name}: lesson {lesson} is not part of this report. "
                f"Lessons in it: {', '.join(parameters)}."
            )
        knowing = [one for one in ([lesson] if lesson else parameters) if name in parameters[one]]
        if not knowing:
            raise DataError(_unknown(name, parameters if not lesson else {lesson: parameters[lesson]}))
        for one in knowing:
            settled[one][name] = parameters[one][name].read(text)
    return settled


def _unknown(name: str, parameters: Mapping[str, Mapping[str, Parameter]]) -> str:
    known = sorted({one for some in parameters.values() for one in some if one not in RESERVED})
    if not known:
        return f"--set {name}: there is nothing to set in {', '.join(parameters)}. Leave --set out."
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"It can be: {', '.join(known)}."
    return f"--set {name}: there is no parameter {name!r}. {hint}"


def _rule(comment: str) -> dict[str, Any]:
    """The rule at the beginning of a comment, as fields of a `Parameter`."""
    rule, colon, about = comment.partition(":")
    if rule.strip() == "one of" and colon:
        # "one of: mean, sum" and "one of: mean, sum; how money is counted"
        listed, _, about = about.partition(";")
        rule, about = f"one of {listed.strip()}", about
    rule, about = rule.strip().lower() if not rule.lower().startswith("one of ") else rule.strip(), about.strip()
    if match := re.fullmatch(rf"({_NUMBER}) to ({_NUMBER})", rule):
        return {"low": float(match[1]), "high": float(match[2]), "about": about}
    if match := re.fullmatch(rf"at least ({_NUMBER})", rule):
        return {"low": float(match[1]), "about": about}
    if match := re.fullmatch(rf"more than ({_NUMBER})", rule):
        return {"low": float(match[1]), "above": True, "about": about}
    if match := re.fullmatch(rf"at most ({_NUMBER})", rule):
        return {"high": float(match[1]), "about": about}
    if rule.startswith("one of "):
        return {"choices": tuple(part.strip() for part in rule[7:].split(",")), "about": about}
    if rule in ("a date", "a date or empty"):
        return {"is_date": True, "may_be_empty": rule.endswith("empty"), "about": about}
    return {"about": comment}


def _typed(text: str, kind: str) -> Any:
    if kind.startswith("list["):
        inside = text.strip().removeprefix("[").removesuffix("]")
        parts = [part.strip().strip("\"'") for part in inside.split(",")] if inside.strip() else []
        return [_typed(part, kind[5:-1]) for part in parts]
    if kind == "int":
        if not re.fullmatch(r"[+-]?\d{1,15}", text):
            raise ValueError
        return int(text)
    if kind == "float":
        value = float(text)
        # "1_000" and "inf" are numbers for Python, not for a reader.
        if not math.isfinite(value) or "_" in text:
            raise ValueError
        return value
    if kind == "bool":
        words = {
            "yes": True,
            "true": True,
            "on": True,
            "1": True,
            "no": False,
            "false": False,
            "off": False,
            "0": False,
        }
        if text.lower() not in words:
            raise ValueError
        return words[text.lower()]
    return text


def _is_of(value: Any, kind: str) -> bool:
    if kind.startswith("list["):
        return isinstance(value, list) and all(_is_of(one, kind[5:-1]) for one in value)
    if kind == "float":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, {"str": str, "bool": bool}[kind])


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise ValueError
    return date.fromisoformat(text)


def _as_typed(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value) if value != "" else "empty"
