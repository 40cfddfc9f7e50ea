"""What a worksheet asks, and what its answers must be.

A topic's `worksheets.yml` lists them::

    self-audit:
      title: Where we stand
      about: Four questions about your own firm. Nobody else sees the answers.
      minutes: 8
      covers: [S01]
      fields:
        - id: promise
          ask: What do we promise our customers?
          kind: text                 # text, number, choice, date or rows
          lines: 3                   # of a text: how much room there is
        - id: today
          ask: From 0 to 10, how well do we keep it?
          kind: number
          low: 0
          high: 10
          whole: yes
        - id: features
          ask: Three to five features of what we offer
          kind: rows
          at_least: 3
          at_most: 5
          columns:
            - {id: feature, ask: Feature, kind: text}
        - id: best
          ask: Which of them matters most?
          kind: choice
          options_from: features.feature   # the learner's own entries; or options: [one, two]
          needed: no                       # may stay empty
          says: Choose one of the features above.   # said in place of the rule's own words
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from helpers import words
from helpers.teaching import yamlfiles
from helpers.teaching.marking import as_number

KINDS = ("text", "number", "choice", "date", "rows")
_LONGEST = 4000
_ALLOWED = {
    "text": {"lines", "longest"},
    "number": {"low", "high", "whole", "unit"},
    "choice": {"options", "options_from"},
    "date": set(),
    "rows": {"at_least", "at_most", "columns"},
}
_EVERY_FIELD = {"id", "ask", "kind", "help", "needed", "says"}
_SHEET_KEYS = {"title", "about", "minutes", "covers", "fields"}

Answer = str | list[dict[str, str]]


@dataclass(frozen=True)
class Field:
    """One question of a worksheet; the attributes are those of the file."""

    id: str
    ask: str
    kind: str
    help: str = ""
    needed: bool = True
    says: str = ""
    lines: int = 1
    longest: int = _LONGEST
    low: float | None = None
    high: float | None = None
    whole: bool = False
    unit: str = ""
    options: tuple[str, ...] = ()
    options_from: str = ""
    at_least: int = 0
    at_most: int = 50
    columns: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Definition:
    """A worksheet as its file describes it."""

    id: str
    title: str
    fields: tuple[Field, ...]
    about: str = ""
    minutes: float = 5
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """What is still open (`is_open`) or not right about an answer, in a sentence."""

    field: str
    text: str
    is_open: bool


# ---------------------------------------------------------------- the definition


def read_worksheets(path: Path) -> dict[str, Definition]:
    """The worksheets of a worksheets.yml, by id.

    Raises
    ------
    ValueError
        If the file is not as it should be; the message lists every fault.
    """
    data = yamlfiles.read(path)
    if found := faults(data):
        raise ValueError(f"{path.name}: " + " ".join(found))
    return {
        key: Definition(
            key,
            sheet["title"],
            tuple(map(_field, sheet["fields"])),
            sheet.get("about", ""),
            float(sheet.get("minutes", 5)),
            tuple(sheet.get("covers", [])),
        )
        for key, sheet in data.items()
    }


def faults(data: Mapping[str, Any]) -> list[str]:
    """What is wrong with a file of worksheets, in sentences; empty if nothing is."""
    found = []
    for key, sheet in data.items():
        if not re.fullmatch(r"[a-z0-9-]+", key):
            found.append(f"{key!r}: an id has small letters, digits and hyphens only; it names a file.")
        if not isinstance(sheet, dict) or not sheet.get("title") or not isinstance(sheet.get("fields"), list):
            found.append(f"{key}: it needs a title and a list of fields.")
            continue
        found += [f"{key}: {name!r} is no part of a worksheet." for name in sorted(set(sheet) - _SHEET_KEYS)]
        if as_number(str(sheet.get("minutes", "5"))) is None:
            found.append(f"{key}: minutes is a number.")
        ids: list[str] = []
        for place, item in enumerate(sheet["fields"], start=1):
            where = f"{key}, field {item.get('id', place) if isinstance(item, dict) else place}"
            found += [f"{where}: {fault}" for fault in _field_faults(item, sheet["fields"])]
            ids.append(item.get("id", "") if isinstance(item, dict) else "")
        if len(set(ids)) < len(ids):
            found.append(f"{key}: two fields have the same id.")
    return found


def _field_faults(item: Any, others: list[Any], *, column: bool = False) -> list[str]:
    if not isinstance(item, dict) or not item.get("id") or not item.get("ask"):
        return ["it needs an id and a question (ask)."]
    kind = item.get("kind", "text")
    if kind not in KINDS or (column and kind == "rows"):
        return [f"there is no kind {kind!r} here. Kinds: {', '.join(KINDS[:-1] if column else KINDS)}."]
    found = [f"{name!r} does not belong to {kind}." for name in sorted(set(item) - _EVERY_FIELD - _ALLOWED[kind])]
    if not re.fullmatch(r"\w+", item["id"]):
        found.append("an id has letters, digits and underscores only.")
    for name in {"low", "high", "lines", "longest", "at_least", "at_most"} & set(item):
        if as_number(str(item[name])) is None:
            found.append(f"{name} is a number.")
    if kind == "choice":
        options = item.get("options", [])
        if bool(options) == bool(item.get("options_from")):
            found.append("a choice has options, or options_from.")
        if options and (not isinstance(options, list) or len(set(map(str, options))) < max(2, len(options))):
            found.append("it needs two different options or more.")
        source, _, part = item.get("options_from", "").partition(".")
        rows = next((one for one in others if isinstance(one, dict) and one.get("id") == source), {})
        if source and part not in [one.get("id") for one in rows.get("columns", [])]:
            found.append(
                f"options_from names a column of rows, such as features.feature; {item['options_from']!r} is none."
            )
    if kind == "rows":
        columns = item.get("columns")
        if not isinstance(columns, list) or not columns:
            return [*found, "rows need columns."]
        found += [
            f"column {place}: {fault}"
            for place, one in enumerate(columns, 1)
            for fault in _field_faults(one, [], column=True)
        ]
    return found


def _field(item: Mapping[str, Any]) -> Field:
    values: dict[str, Any] = {"kind": "text", **item}
    for name in ("lines", "longest", "at_least", "at_most"):
        if name in values:
            values[name] = int(float(values[name]))
    for name in ("low", "high"):
        if name in values:
            values[name] = as_number(values[name])
    for name in ("needed", "whole"):
        if name in values:
            values[name] = yamlfiles.is_yes(values[name])
    if "options" in values:
        values["options"] = tuple(values["options"])
    if "columns" in values:
        values["columns"] = tuple(map(_field, values["columns"]))
    return Field(**values)


# ---------------------------------------------------------------- what answers must be


def problems(definition: Definition, answers: Mapping[str, Answer]) -> list[Problem]:
    """What is still open and what is not right, field by field."""
    found = []
    for one in definition.fields:
        answer = answers.get(one.id, [] if one.kind == "rows" else "")
        for text, is_open in _problems_of(one, answer, answers):
            found.append(Problem(one.id, one.says if one.says and not is_open else text, is_open))
    return found


def _problems_of(one: Field, answer: Answer, answers: Mapping[str, Answer]) -> list[tuple[str, bool]]:
    if one.kind == "rows":
        return _problems_of_rows(one, answer, answers)
    text = answer.strip() if isinstance(answer, str) else ""
    if not text:
        return [("Still open.", True)] if one.needed else []
    check = {"text": _text_problem, "number": _number_problem, "date": _date_problem}.get(one.kind)
    problem = check(one, text) if check else _choice_problem(one, text, answers)
    return [(problem, False)] if problem else []


def _problems_of_rows(one: Field, rows: Any, answers: Mapping[str, Answer]) -> list[tuple[str, bool]]:
    rows = rows if isinstance(rows, list) else []
    found: list[tuple[str, bool]] = []
    least = one.at_least or (1 if one.needed else 0)
    if len(rows) < least and (rows or one.needed):
        found.append((f"{words.count(least, 'line')} or more, please; there {_are(len(rows))}.", not rows))
    if len(rows) > one.at_most:
        found.append((f"At most {words.count(one.at_most, 'line')}, please; there {_are(len(rows))}.", False))
    for number, row in enumerate(rows, start=1):
        for column in one.columns:
            for text, is_open in _problems_of(column, row.get(column.id, ""), answers):
                found.append((f"Line {number}, {column.ask}: {text[:1].lower()}{text[1:]}", is_open))
    return found


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count:,}"


def _text_problem(one: Field, text: str) -> str:
    return f"At most {one.longest:,} characters, please; there are {len(text):,}." if len(text) > one.longest else ""


def _number_problem(one: Field, text: str) -> str:
    value = as_number(text)
    if value is None:
        return f"A number is needed here, such as {12 if one.low is None else one.low:g}; {text[:20]!r} is none."
    if one.whole and not value.is_integer():
        return "A whole number is needed here."
    if (one.low is not None and value < one.low) or (one.high is not None and value > one.high):
        if one.low is None:
            return f"At most {one.high:g}, please."
        return f"At least {one.low:g}, please." if one.high is None else f"From {one.low:g} to {one.high:g}, please."
    return ""


def _date_problem(one: Field, text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        return "A date is needed here, written as year-month-day: 2026-06-30."
    return ""


def _choice_problem(one: Field, text: str, answers: Mapping[str, Answer]) -> str:
    options = options_of(one, answers)
    if text in options:
        return ""
    if one.options_from and not options:
        return "There is nothing to choose from yet: fill in the lines above first."
    return f"It must be one of: {', '.join(options)}."


def options_of(one: Field, answers: Mapping[str, Answer]) -> list[str]:
    """What a choice can be: its own options, or what the learner wrote elsewhere on the sheet."""
    if not one.options_from:
        return list(one.options)
    source, _, column = one.options_from.partition(".")
    rows = answers.get(source, [])
    texts = [row.get(column, "").strip() for row in rows] if isinstance(rows, list) else []
    return list(dict.fromkeys(filter(None, texts)))
