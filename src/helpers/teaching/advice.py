"""One plain sentence for the commonest errors: what happened, and what to try.

`advise` knows nothing of notebooks; `friendly` shows what it says.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from helpers import words
from helpers.errors import DataError

RUN_ABOVE = "Run the cells above first: *Run*, then *Run All Above Selected Cell*."
LEFT_OPEN = "There is still a blank (`...`) here. Put your answer in its place, and run the cell again."
_USUAL = {
    "pd": "import pandas as pd",
    "np": "import numpy as np",
    "date": "from datetime import date",
    "datetime": "import datetime",
    "timedelta": "from datetime import timedelta",
}
_SHOWN = 12  # columns that are listed


@dataclass(frozen=True)
class Advice:
    """What to say about an error: a few words for what it is, and Markdown for what to try."""

    label: str
    text: str


@dataclass(frozen=True)
class Surroundings:
    """What an error happened in.

    Attributes
    ----------
    names : dict
        The names of the notebook and what they stand for.
    cells : list of str
        The code of the notebook's cells, as stored.
    code : str
        The cell that failed.
    """

    names: Mapping[str, Any]
    cells: tuple[str, ...] = ()
    code: str = ""


def advise(error: BaseException, around: Surroundings) -> Advice | None:
    """What to say about an error, or None where nothing is known about it."""
    for kind, explain in _EXPLAIN:
        if isinstance(error, kind):
            return explain(error, around)
    return None


# ---------------------------------------------------------------- names


def _name(error: NameError, around: Surroundings) -> Advice | None:
    if isinstance(error, UnboundLocalError):
        return None
    name = getattr(error, "name", None) or next(iter(re.findall(r"name '(\w+)'", str(error))), "")
    if not name:
        return None
    if not name.strip("_"):
        return Advice("A blank is left.", LEFT_OPEN.replace("`...`", f"`{name}`"))
    python = {"true": "True", "false": "False", "none": "None", "null": "None", "nan": "float('nan')"}
    if name.casefold() in python:
        return Advice("A name is not known.", f"Python writes `{python[name.casefold()]}`, not `{name}`.")
    if cell := _made_in(name, around):
        return Advice(
            "A cell was skipped.",
            f"`{name}` is made in a cell that has not been run yet, the one with `{_short(cell)}`. {RUN_ABOVE}",
        )
    if name in _USUAL:
        return Advice(
            "An import was skipped.",
            f"`{name}` comes from `{_USUAL[name]}`, which stands in one of the first cells. {RUN_ABOVE}",
        )
    known = [one for one in around.names if not one.startswith("_")]
    near = _near(name, [*known, *_names_made(around.cells), *vars(builtins)])
    if near:
        return Advice("A name is not known.", f"There is no `{name}`. Did you mean `{near}`?")
    if owner := _frame_with(name, around.names):
        return Advice(
            "A name is not known.",
            f"There is no `{name}` by itself. If you mean the column of `{owner}`, put it in quotes: "
            f'`{owner}["{name}"]`.',
        )
    return Advice(
        "A name is not known.",
        f"There is no `{name}` yet. If it is text, put it in quotes. If a cell above makes it: "
        f"{RUN_ABOVE[0].lower()}{RUN_ABOVE[1:]}",
    )


def _made_in(name: str, around: Surroundings) -> str:
    """The line of the notebook that makes a name, if it is not in the cell that failed."""
    for code in around.cells:
        if code.strip() == around.code.strip():
            continue
        for made, line in _made(code):
            if made == name:
                return line
    return ""


def _names_made(cells: Iterable[str]) -> list[str]:
    return [name for code in cells for name, _ in _made(code)]


def _made(code: str) -> list[tuple[str, str]]:
    """The names that a cell makes, each with its line."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return []
    lines, found = code.splitlines(), []
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [(alias.asname or alias.name).partition(".")[0] for alias in node.names]
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names = [node.name]
        else:
            names = [
                part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
            ]
        found += [(name, lines[node.lineno - 1].strip()) for name in names]
    return found


# ---------------------------------------------------------------- columns and labels


def _key(error: KeyError, around: Surroundings) -> Advice | None:
    if not error.args:
        return None
    key = error.args[0]
    frame, name = _frame_of(error, around)
    if frame is not None and not _is_about_rows(error):
        columns = [str(column) for column in frame.columns]
        gone = [one for one in _missing_names(key) if one not in columns]
        if gone:
            label = "A column is not there." if len(gone) == 1 else "Columns are not there."
            return Advice(label, _no_column(gone, columns, name))
    missing = _missing_names(key)
    if missing and len(missing[0]) <= 60:
        return Advice(
            "A label is not there.",
            f"There is nothing with the label {_code(missing[0])} here. Look at the labels first: `.index` of a table "
            "or a column, `.keys()` of a dict.",
        )
    return None


def _missing_names(key: Any) -> list[str]:
    """The names in what a KeyError of pandas says; or what was looked up itself."""
    text = str(key)
    if match := re.fullmatch(r"Columns? not found: (.*)", text):
        return [part.strip(" '") for part in match[1].split(",")]
    if re.search(r"not in index|not found in axis|do not exist|are in the|^Index\(", text):
        listed = re.search(r"\[((?:'[^']*'(?:, )?)+)\]", text)
        return re.findall(r"'([^']*)'", listed[1]) if listed else []
    return [text]


def _is_about_rows(error: BaseException) -> bool:
    """Whether a label of a row was looked up, with `.loc` or in a single column."""
    is_row, is_sure = False, False
    for local in _locals(error.__traceback__):
        owner = type(local.get("self")).__name__
        if owner == "_LocIndexer" and local.get("axis") in (0, 1):
            is_row, is_sure = local["axis"] == 0, True
        elif owner in ("Series", "DataFrame") and not is_sure:
            is_row = owner == "Series"
    return is_row or "are in the [index]" in str(error)


def _no_column(gone: list[str], columns: list[str], name: str) -> str:
    of = f" in `{name}`" if name else ""
    first = gone[0]
    text = f"There is no column {words.listing(map(_code, gone))}{of}."
    near = _near(first, columns)
    if near:
        return f"{text} Did you mean {_code(near)}?"
    return f"{text} {_columns(columns)}"


def _columns(columns: list[str]) -> str:
    shown = [_code(one) for one in columns[:_SHOWN]]
    more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
    return f"The columns are: {', '.join(shown)}{more}." if shown else "It has no columns."


def _frame_of(error: BaseException, around: Surroundings) -> tuple[Any, str]:
    """The table that an error is about, and its name in the notebook."""
    frame = None
    for local in _locals(error.__traceback__):
        owner = local.get("self")
        # Not getattr: a half-made grouping asks itself for ever.
        grouped = vars(owner).get("obj") if _is_ours(owner) and hasattr(type(owner), "__dict__") else None
        for candidate in (owner, local.get("obj"), grouped):
            if _as_frame(candidate) is not None:
                frame = candidate
    if frame is None:
        # The table itself is not on the way: take the one that the failing line names.
        for name in re.findall(r"\b([A-Za-z_]\w*)\s*[\[.]", around.code):
            if _as_frame(around.names.get(name)) is not None:
                return around.names[name], name
        return None, ""
    return frame, next(
        (name for name, value in around.names.items() if value is frame and not name.startswith("_")), ""
    )


def _as_frame(value: Any) -> Any:
    """A DataFrame as it is; None for everything else."""
    pandas = sys.modules.get("pandas")
    return value if pandas is not None and type(value) is pandas.DataFrame else None


def _is_ours(value: Any) -> bool:
    """Whether it is safe to look into an object: one that pandas itself made."""
    return type(value).__module__.partition(".")[0] == "pandas"


def _locals(trace: TracebackType | None) -> Iterable[Mapping[str, Any]]:
    while trace is not None:
        yield trace.tb_frame.f_locals
        trace = trace.tb_next


def _frame_with(column: str, names: Mapping[str, Any]) -> str:
    """The name of a table that has a column."""
    for name, value in names.items():
        if not name.startswith("_") and _as_frame(value) is not None and column in [str(one) for one in value.columns]:
            return name
    return ""


def _attribute(error: AttributeError, around: Surroundings) -> Advice | None:
    text = str(error)
    name = getattr(error, "name", None) or next(iter(re.findall(r"attribute '(\w+)'", text)), "")
    owner = getattr(error, "obj", None)
    if "'ellipsis' object" in text:
        return Advice("A blank is left.", LEFT_OPEN)
    if "'NoneType' object" in text:
        return Advice("There is nothing in it.", _nothing(f" before `.{name}`"))
    if "Can only use .dt accessor" in text:
        return Advice(
            "These are no dates.",
            "`.dt` works on dates and durations, and these values are something else. Turn them into dates with "
            "`pd.to_datetime(...)`.",
        )
    if "Can only use .str accessor" in text:
        return Advice(
            "This is no text.",
            "`.str` works on text, and these values are something else. `.astype(str)` turns them into text.",
        )
    frame = _as_frame(owner)
    if frame is not None:
        columns = [str(column) for column in frame.columns]
        near = _near(name, [*columns, *(one for one in dir(type(frame)) if not one.startswith("_"))])
        hint = f"Did you mean `.{near}`?" if near else _columns(columns)
        return Advice("The table does not have that.", f"A table has no column and no method {_code(name)}. {hint}")
    if _is_ours(owner) and name:
        near = _near(name, [one for one in dir(type(owner)) if not one.startswith("_")])
        kind = type(owner).__name__
        hint = f"Did you mean `.{near}`?" if near else "Is it the method of something else?"
        return Advice(f"A {kind} does not have that.", f"{_code(f'.{name}')} is no part of a {kind}. {hint}")
    plain = {str: "text", list: "a list", dict: "a dictionary", tuple: "a row of values", int: "a number", float: "a number", bool: "yes or no"}
    if type(owner) in plain and name:
        near = _near(name, [one for one in dir(owner) if not one.startswith("_")])
        hint = f"Did you mean `.{near}`?" if near else "If its name meant something else before, give yours another name and run the cells above again."
        return Advice("That has no such part.", f"What stands before {_code(f'.{name}')} is {plain[type(owner)]}. {hint}")
    return None


# ---------------------------------------------------------------- kinds


def _type(error: TypeError, around: Surroundings) -> Advice | None:
    text = str(error)
    if "ellipsis" in text:
        return Advice("A blank is left.", LEFT_OPEN)
    if "'NoneType'" in text:
        return Advice("There is nothing in it.", _nothing(""))
    if match := re.search(r"'(DataFrame|Series)' object is not callable", text):
        return Advice(
            "Round brackets for square ones.",
            f'A {match[1]} is not called. A column or a row stands in square brackets: `["name"]`, not `("name")`.',
        )
    if match := re.search(r"does not support operation '(\w+)'|Cannot perform reduction '(\w+)'", text):
        what = match[1] or match[2]
        return Advice(
            "Not every column is a number.",
            f"`.{what}()` was asked of dates or text, too. Name the column of numbers before it: `[\"name\"].{what}()`.",
        )
    if re.search(r"'(method|function|builtin_function_or_method)' object is not subscriptable", text):
        return Advice(
            "The brackets of a call are missing.",
            "This is a method, not its result. Put `()` after its name, before the `[`.",
        )
    if re.search(r"'(int|float|str|list|dict|bool)' object is not callable", text):
        return Advice(
            "This cannot be called.",
            "Round brackets stand behind something that is no function. Is a sign missing before them, such as "
            "`*`? Or has a name been used for something else?",
        )
    if match := re.search(r"unsupported operand type\(s\) for (.+?): '(\w+)' and '(\w+)'", text):
        return Advice(
            "These two do not go together.",
            f"`{match[1]}` does not work between {_kind(match[2])} and {_kind(match[3])}. Look at each of them on "
            "a line of its own.",
        )
    if "can only concatenate str" in text or "must be str, not" in text:
        return Advice(
            "Text and number do not add up.",
            'One part is text and the other is a number. Put values into text with `f"... {value} ..."`.',
        )
    if match := re.search(r"got an unexpected keyword argument '(\w+)'|^'(\w+)' is an invalid keyword argument", text):
        near = re.search(r"Did you mean '(\w+)'", text)
        hint = f" Did you mean `{near[1]}`?" if near else " Look at what it takes: put a `?` after its name."
        return Advice("An argument is not known.", f"The function takes no `{match[1] or match[2]}`.{hint}")
    if re.search(r"missing \d+ required (positional|keyword-only) argument", text):
        names = words.listing(f"`{name}`" for name in re.findall(r"'(\w+)'", text))
        return Advice("An argument is missing.", f"The function also needs {names}.")
    return None


def _kind(name: str) -> str:
    return {"str": "text", "int": "a number", "float": "a number", "list": "a list", "datetime.date": "a date"}.get(
        name, f"a `{name}`"
    )


def _nothing(what: str) -> str:
    return (
        f"The value{what} is empty (`None`). Often the line that made it ends in a method that gives nothing "
        "back, such as `.sort()` or one with `inplace=True`; or it was never filled in."
    )


def _value(error: ValueError, around: Surroundings) -> Advice | None:
    text = str(error)
    if isinstance(error, DataError):
        return Advice("", words.plain(text))
    if "truth value of a" in text:
        return Advice(
            "Many answers for one question.",
            "`and`, `or`, `not` and `if` ask one question; a column gives many answers. Use `&`, `|` and `~`, "
            "with each comparison in brackets: `(a > 1) & (b < 2)`.",
        )
    if "could not convert string to float" in text or "invalid literal for int()" in text:
        return Advice(
            "This text is no number.",
            "A text that is no number was to become one. Look at the values first; `pd.to_numeric(..., "
            'errors="coerce")` leaves a gap where there is none.',
        )
    if "Length of values" in text and "does not match length of index" in text:
        return Advice(
            "The lengths do not fit.",
            "What is put into the table has another number of rows than the table. Where did rows get lost or doubled?",
        )
    return None


def _zero(error: ZeroDivisionError, around: Surroundings) -> Advice:
    return Advice(
        "Divided by zero.",
        "What stands below the line of the fraction is zero. Is it a count of nothing: an empty table, or a "
        "filter that fits no row?",
    )


def _file(error: FileNotFoundError, around: Surroundings) -> Advice:
    name = str(error.filename or "")
    if not name:
        return Advice(
            "The file is not there.", "There is no file of that name. Look at the folder and at the spelling."
        )
    path = Path(name)
    folder = f"the folder {_code(path.parent.name)}" if path.parent.name else "this folder"
    text = f"There is no file {_code(path.name)} in {folder}."
    try:
        there = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else None
    except OSError:
        there = None
    if there is None:
        return Advice(
            "The file is not there.",
            f"There is no folder {_code(path.parent.name)} for it. Look at the spelling of the path.",
        )
    near = _near(path.name, there)
    return Advice(
        "The file is not there.",
        f"{text} Did you mean {_code(near)}?" if near else f"{text} Look at the spelling, also of the ending.",
    )


def _module(error: ModuleNotFoundError, around: Surroundings) -> Advice:
    name = error.name or "It"
    return Advice(
        "A package is missing.",
        f"`{name}` is not installed in this Python. Start the notebook with `workbook lab`, which brings "
        "everything the course needs; or look at the spelling.",
    )


def _index(error: IndexError, around: Surroundings) -> Advice | None:
    if "out of range" in str(error) or "out-of-bounds" in str(error) or "out of bounds" in str(error):
        return Advice(
            "That far it does not go.",
            "There are fewer rows or items than that. Counting begins at 0; `len(...)` says how many there are.",
        )
    return None


# ---------------------------------------------------------------- the writing of code


def _syntax(error: SyntaxError, around: Surroundings) -> Advice | None:
    text = str(error.msg or "")
    if "incomplete input" in text and around.code:
        # IPython has stopped reading early; Python itself says what is missing.
        try:
            compile(around.code, "cell", "exec")
        except SyntaxError as exact:
            if "incomplete input" not in str(exact.msg):
                return _syntax(exact, around)
        return Advice(
            "Something is not finished.",
            "The cell ends in the middle of something. Is a bracket or a quote never closed?",
        )
    line = f" in line {error.lineno}" if error.lineno else ""
    if isinstance(error, TabError) or "inconsistent use of tabs" in text:
        return Advice("Spaces and tabs are mixed.", f"Use four spaces at the beginning of the line{line}, and no tab.")
    if isinstance(error, IndentationError):
        if "expected an indented block" in text:
            return Advice(
                "A line must be set in.", f"The line after one that ends in a colon begins with four spaces{line}."
            )
        return Advice(
            "A line is set in where it should not be.",
            f"Look at the spaces at the beginning of the line{line}: lines that belong together begin at the same "
            "place.",
        )
    if match := re.search(r"'([(\[{])' was never closed", text):
        return Advice(
            "A bracket is lost.",
            f"The bracket `{match[1]}`{line} is opened and never closed. Each `{match[1]}` needs its "
            f"`{_CLOSES[match[1]]}`.",
        )
    if match := re.search(r"closing parenthesis '(.)' does not match opening parenthesis '(.)'", text):
        return Advice(
            "Brackets do not match.", f"`{match[2]}` was opened, and `{match[1]}` closes it{line}. Look at each pair."
        )
    if match := re.search(r"unmatched '(.)'", text):
        return Advice("A bracket too many.", f"The `{match[1]}`{line} closes something that was never opened.")
    if "unterminated" in text:
        return Advice("A quote is lost.", f"A text{line} begins with a quote and does not end with one.")
    if "=" in text and ("==" in text or "assign" in text):
        return Advice(
            "One = or two?", f"A single `=` gives a name to something; to compare, write `==`. Look at the `=`{line}."
        )
    if "forgot a comma" in text:
        return Advice(
            "Something between is missing.",
            f"Two things stand side by side{line} with nothing between them. Is a comma missing, a bracket, or a "
            "sign such as `*`?",
        )
    if "expected ':'" in text:
        return Advice(
            "A colon is lost.", f"The line ends with a colon `:`{line}: after `if`, `for`, `def` and the like."
        )
    if "invalid character" in text or "invalid non-printable" in text:
        return Advice(
            "A sign that Python does not know.",
            f'There is a sign{line} that looks right and is another one, such as ， for `,` or “ for `"`. Switch '
            "the keyboard to English signs.",
        )
    if "cannot assign to" in text:
        return Advice(
            "This cannot be given a value.",
            f"On the left of `=`{line} stands something that is no name. To compare, write `==`.",
        )
    if "leading zeros" in text:
        return Advice(
            "A number begins with 0.", f"Numbers do not begin with 0{line}. Dates and ids are text: put them in quotes."
        )
    if "invalid syntax" in text or "invalid decimal literal" in text:
        return Advice(
            "Python cannot read this.",
            f"Something is not written as it should be{line}, often a little before the place that is marked. Is a "
            "bracket, a quote or a comma missing?",
        )
    return None


_CLOSES = {"(": ")", "[": "]", "{": "}"}

_EXPLAIN = (
    (ModuleNotFoundError, _module),
    (NameError, _name),
    (KeyError, _key),
    (IndexError, _index),
    (AttributeError, _attribute),
    (TypeError, _type),
    (ZeroDivisionError, _zero),
    (FileNotFoundError, _file),
    (SyntaxError, _syntax),
    (ValueError, _value),
)
KNOWN = tuple(kind for kind, _ in _EXPLAIN)


def _near(name: str, known: Iterable[str]) -> str:
    """The known name that is most like it, whatever its capitals; empty if none is."""
    known = list(dict.fromkeys(known))
    by_small = {one.casefold(): one for one in reversed(known)}
    found = difflib.get_close_matches(str(name).casefold(), by_small, n=1, cutoff=0.7)
    return by_small[found[0]] if found else ""


def _code(text: object) -> str:
    return "`" + " ".join(str(text).replace("`", "'").split())[:80] + "`"


def _short(line: str) -> str:
    line = line.replace("`", "'")
    return line if len(line) <= 60 else f"{line[:57]}..."
