"""A drafted mapping in words: the page that `workbook map` prints, and the TOML file that it writes."""

from __future__ import annotations

import json
import re
import shutil
import textwrap
import unicodedata
from typing import TYPE_CHECKING

from helpers import words
from helpers.data.contract import TABLES
from helpers.data.drafting.values import shown

if TYPE_CHECKING:
    from helpers.data.draft import Draft
    from helpers.data.drafting.columns import Guess, TableDraft

WIDTH = 100


# Plain text ------------------------------------------------------------------


def width() -> int:
    """Columns to print in: the terminal's, between 72 and 110; 100 when it is a file."""
    return max(72, min(110, shutil.get_terminal_size((WIDTH, 24)).columns))


def cells(text: str) -> int:
    """How many columns a text takes in a terminal: a Chinese character takes two.

    >>> cells("order"), cells("订单号")
    (5, 6)
    """
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def pad(text: str, size: int) -> str:
    """A text filled up with spaces to a number of terminal columns."""
    return text + " " * max(0, size - cells(text))


def wrapped(text: str, *, first: str, rest: str) -> str:
    """A text broken into lines, with one indent for the first line and one for the others."""
    lines, line = [], ""
    room = width()
    for word in text.split():
        indent = first if not lines else rest
        longer = f"{line} {word}".strip()
        if line and cells(indent) + cells(longer) > room:
            lines.append(indent + line)
            line = word
        else:
            line = longer
    lines.append((first if not lines else rest) + line)
    return "\n".join(lines)


def as_text(draft: Draft) -> str:
    """What was guessed, why and how surely; what was not found; what only a person can say."""
    parts = []
    for table in draft.tables:
        parts.append(_table_text(table))
    questions = [(table, question) for table in draft.tables for question in table.questions]
    if questions:
        parts.append(f"Only a person can answer ({words.count(len(questions), 'question')})")
        several = len(draft.tables) > 1
        for number, (table, question) in enumerate(questions, start=1):
            said = f"[{table.table}] {question}" if several else question
            parts.append(wrapped(said, first=f"  {number:>2}. ", rest="      "))
    return "\n".join(parts)


def _table_text(table: TableDraft) -> str:
    lines = [f"{table.source}: {words.count(table.rows, 'row')}. Read as {table.table}: {TABLES[table.table].row}."]
    lines += [wrapped(note, first="  ", rest="  ") for note in table.notes]
    lines.append("")
    shown_guesses = [(guess.field, guess) for guess in table.columns.values()]
    shown_guesses += [(guess.field, guess) for guess in table.format.values() if guess.field != "thousands"]
    if table.currency:
        shown_guesses.append(("currency", table.currency))
    shown_guesses += [
        (guess.field, guess)
        for guess in table.rules.values()
        if guess.field != "returns_sign" or guess.value == "positive"
    ]
    if table.table == "orders":
        shown_guesses += [
            ("non_product", table.non_product[name]) for name in ("product_id",) if name in table.non_product
        ]
        shown_guesses += [
            (name, guess)
            for name, guess in table.not_persons.items()
            if guess.value not in ([], "") and guess.sure != "sure"
        ]
    names = max(len(name) for name, _ in shown_guesses) + 2
    shorts = [said_value(guess.value) for _, guess in shown_guesses]
    wide = min(34, max(map(cells, shorts)) + 2)
    rest = " " * (names + 2)
    for (name, guess), short in zip(shown_guesses, shorts, strict=True):
        head = f"  {pad(name, names)}{pad(short, wide)}{guess.sure}"
        lines.append(head.rstrip())
        lines.append(wrapped(guess.why, first=f"  {rest}", rest=f"  {rest}"))
    if table.personal:
        lines += ["", "  Personal, not needed, best left out of the export:"]
        people = max(cells(shown(header)) for header, _ in table.personal) + 2
        lines += [f"    {pad(shown(header), people)}{why}" for header, why in table.personal]
    if table.missing:
        lines += ["", "  Not found:"]
        wide = max(len(name) for name, _ in table.missing) + 2
        lines += [wrapped(gain, first=f"    {pad(name, wide)}", rest=" " * (wide + 4)) for name, gain in table.missing]
    if table.unused:
        more = f" and {len(table.unused) - 12:,} more" if len(table.unused) > 12 else ""
        lines += [
            "",
            wrapped(
                "Not used: " + ", ".join(shown(header) for header in table.unused[:12]) + more, first="  ", rest="    "
            ),
        ]
    return "\n".join(lines) + "\n"


def said_value(value: object) -> str:
    """An entry of the mapping as short text.

    >>> said_value({"multiply": ["Quantity", "UnitPrice"]}), said_value(""), said_value(["a", "b"])
    ('Quantity x UnitPrice', '(left empty)', 'a, b')
    """
    if value == "":
        return "(left empty)"
    if value == []:
        return "(none)"
    if isinstance(value, dict):
        if "multiply" in value:
            return " x ".join(shown(part) for part in value["multiply"])
        if "starts_with" in value:
            return f"{shown(value['column'])} starts with {value['starts_with']}"
        return f"{shown(value['column'])} = {', '.join(shown(part) for part in value['equals'][:3])}"
    if isinstance(value, list) and isinstance(value[0], dict):
        return "; ".join(map(said_value, value))
    if isinstance(value, list):
        return ", ".join(shown(part) for part in value[:6]) + (" ..." if len(value) > 6 else "")
    return shown(value, longest=30)


# TOML --------------------------------------------------------------------------


def toml(value: object) -> str:
    """A text, list or small table as TOML.

    >>> print(toml({"column": "状态", "equals": ["已取消"]}))
    { column = "状态", equals = ["已取消"] }
    """
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(name)} = {toml(item)}" for name, item in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, (bool, int)):
        return json.dumps(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else toml(name)


def as_toml(draft: Draft) -> str:
    """The mapping as a TOML file to be read and corrected, each entry with its reason above it."""
    money = next((table.currency for table in draft.tables if table.currency), None)
    out = [
        *_comment(
            f"A drafted mapping for {draft.source}. It says which of your columns is which, and what some values mean."
        ),
        "# Nothing in it is applied until you give the file with --map. Read the lines marked",
        "# 'please check', answer the questions, and delete what you no longer need.",
        "",
    ]
    questions = [
        f"[{table.table}] {question}" if len(draft.tables) > 1 else question
        for table in draft.tables
        for question in table.questions
    ]
    if questions:
        out.append("# Questions that only a person can answer:")
        for number, question in enumerate(questions, start=1):
            out += _comment(f"{number}. {question}", hang="   ")
        out.append("")
    out += [f"name = {toml(draft.name)}"]
    if money:
        out += _comment(f"{money.sure}: {money.why}")
    out += [f"currency = {toml(money.value if money else '')}"]
    out += ["# Only when the file is neither UTF-8 nor GB18030.", f"encoding = {toml(draft.encoding)}"]
    out += ["# The report date, as 2026-06-30. Empty: the day of the newest order line.", 'as_of = ""']
    for table in draft.tables:
        out += ["", *_table_toml(table)]
    return "\n".join(out) + "\n"


def _table_toml(table: TableDraft) -> list[str]:
    name = table.table
    out = [f"[{name}]"]
    out += _comment(f"{table.source}: {words.count(table.rows, 'row')}; a row is {TABLES[name].row}.")
    for option, value in table.options.items():
        out.append(f"{option} = {toml(value)}")
    out += ["", f"[{name}.columns]"]
    for column in TABLES[name]:
        if column.name in table.columns:
            out += _entry(table.columns[column.name])
    missing = [column for column in TABLES[name] if column.name not in table.columns and not column.required]
    if missing:
        out += ["", "# Not found. Fill in a header and remove the # where your file has the column."]
        size = max(len(column.name) for column in missing)
        for column in missing:
            out.append(f'# {column.name} = ""{" " * (size - len(column.name))}  # {column.gain or column.means}')
    if table.personal:
        people = words.listing(shown(header) for header, _ in table.personal)
        out += ["", *_comment(f"Personal, not needed, best left out of the export: {people}.")]
    for title, group in (
        ("format", table.format),
        ("rules", table.rules),
        ("non_product", table.non_product),
        ("not_persons", table.not_persons),
    ):
        if group:
            out += ["", f"[{name}.{title}]"]
            if title == "non_product" and "product_id" not in group:
                out.append('# No code looks like postage or a fee. If there is one: product_id = ["POST"]')
            for guess in group.values():
                out += _entry(guess)
    if table.values:
        out += ["", f"[{name}.values]", "# What your words mean in the words of the contract."]
        out += [f"{column} = {toml(meanings)}" for column, meanings in table.values.items()]
    return out


def _entry(guess: Guess) -> list[str]:
    return [*_comment(f"{guess.sure}: {guess.why}"), f"{_key(guess.field)} = {toml(guess.value)}"]


def _comment(text: str, *, hang: str = "") -> list[str]:
    """A text as TOML comment lines: control characters would end the comment or break the file."""
    clean = "".join(sign if sign.isprintable() else " " for sign in text)
    lines = textwrap.wrap(clean, 96, break_long_words=False, break_on_hyphens=False)
    return [f"# {line}" if number == 0 else f"# {hang}{line}" for number, line in enumerate(lines)]
