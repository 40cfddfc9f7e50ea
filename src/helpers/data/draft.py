"""Draft a mapping for somebody's export, show it with its reasons, and write it down.

`workbook map FILE` prints the draft and writes it as a TOML file to be read and
corrected. Nothing is applied: `check` and `report` use the file that the reader
gives them with --map.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers import words
from helpers.data.company import PREPARED
from helpers.data.contract import TABLES
from helpers.data.drafting import words as draft_words
from helpers.data.drafting.columns import TableDraft
from helpers.data.drafting.table import draft_table, headers_known, which_table
from helpers.data.drafting.values import shown, tidy
from helpers.data.parsing import refuse_without_header
from helpers.data.reading import data_files, read, read_files
from helpers.errors import DataError

# A title, a date and a blank line may stand above the header; more is no export.
DEEPEST_HEADER = 6


@dataclass
class Draft:
    """The draft for a file, or for a folder of files."""

    source: str
    name: str
    encoding: str
    tables: list[TableDraft]

    @property
    def blocked(self) -> list[str]:
        """Entries that a person must fill in before the mapping can be used: "orders.date" ..."""
        return [f"{table.table}.{name}" for table in self.tables for name in table.blocked]

    def toml(self) -> str:
        """The mapping as text, with the reason above each entry."""
        return draft_words.as_toml(self)

    def __str__(self) -> str:
        return draft_words.as_text(self)


@dataclass
class _Part:
    """One table of text as it was found: a file, a sheet, or several files with the same columns."""

    label: str
    frame: pd.DataFrame
    options: dict[str, object]
    notes: list[str]
    encoding: str = ""


def draft_file(path: str | Path) -> Draft:
    """Guess a mapping for a file, for every sheet of a workbook, or for the files of a folder.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Draft
        One table of each kind: the one with most rows, where several look alike.

    Raises
    ------
    DataError
        If there is nothing to read.
    """
    path = Path(path)
    parts, passed_over = _folder(path) if path.is_dir() else _file(path)
    chosen: dict[str, tuple[_Part, TableDraft]] = {}
    for part in sorted(parts, key=lambda part: -len(part.frame)):
        kind = which_table(part.frame)
        if kind in chosen:
            other = chosen[kind][1]
            other.notes.append(
                f"{part.label} looks like {kind}, too ({words.count(len(part.frame), 'row')}), and is not used. "
                "A mapping reads one table of each kind: put the rows into one sheet, or each month into a file of "
                "its own in one folder."
            )
            continue
        found = draft_table(part.frame, source=part.label, table=kind)
        found.options = part.options
        found.notes = [*part.notes, *found.notes]
        chosen[kind] = part, found
    tables = [chosen[kind][1] for kind in TABLES if kind in chosen]
    if tables and passed_over:
        tables[0].notes.append(f"Passed over: {words.listing(passed_over)}.")
    for kind, (_, found) in chosen.items():
        if kind == "orders" and all(found[name] == name for name in TABLES[kind].required):
            found.notes.append(
                "The required columns have the workbook's own names already: it can be read without a mapping, "
                "unless a rule below is needed."
            )
    _compare_ids({kind: (part.frame, found) for kind, (part, found) in chosen.items()})
    encoding = next((part.encoding for part, _ in chosen.values() if part.encoding), "")
    return Draft(path.name or str(path), _title(path), encoding, tables)


def map_command(path: str, out: str = "") -> int:
    """Print a drafted mapping for a file and write it as TOML; never over an existing file.

    Parameters
    ----------
    path : str
        A file or a folder.
    out : str
        The mapping to write; without it `<name of the file>.map.toml` in the current folder.

    Returns
    -------
    int
        0 if a draft was written, 2 if the input was refused.
    """
    target = Path(out) if out else Path(f"{_stem(Path(path))}.map.toml")
    try:
        if target.exists():
            raise DataError(
                f"{target} exists already and is left as it is. Give another name with --out, or delete it first."
            )
        draft = draft_file(path)
        text = draft.toml()
        try:
            # "x": a file that appeared in the meantime is not overwritten either.
            with target.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except OSError as error:
            raise DataError(f"{target} cannot be written ({error.strerror}). Give another place with --out.") from None
    except DataError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 2
    print(draft)
    open_entries = draft.blocked
    if all(table.table != "orders" for table in draft.tables):
        print(
            "There are no orders in it, and a report needs them. Put this file and the orders into one folder, and "
            "draft the folder."
        )
    print(f"Wrote {target}. Nothing is applied yet.")
    if open_entries:
        print(
            draft_words.wrapped(
                f"Fill in first: {words.listing(open_entries)}. The file says why "
                f"{'it is' if len(open_entries) == 1 else 'they are'} empty.",
                first="",
                rest="  ",
            )
        )
    print("Read it, correct it, then run")
    print(f"  python workbook.py check {_quoted(path)} --map {_quoted(str(target))}")
    return 0


def _quoted(text: str) -> str:
    """A path as it must be typed: with quotation marks where it has spaces."""
    if os.name == "nt":
        return f'"{text}"' if " " in text else text
    return shlex.quote(text)


def _stem(path: Path) -> str:
    name = path.resolve().name if path.name in ("", ".", "..") else path.name
    return name if path.is_dir() else Path(name).stem or "orders"


def _title(path: Path) -> str:
    """A name to begin with: the file's, in words."""
    return re.sub(r"[\W_]+", " ", _stem(path)).strip() or "our customers"


# Reading -------------------------------------------------------------------------


def _file(path: Path) -> tuple[list[_Part], list[str]]:
    sheets = _sheet_names(path)
    if len(sheets) < 2:
        return [_read(path, label=path.name)], []
    parts, passed_over = [], []
    for sheet in sheets:
        try:
            part = _read(path, label=f"{path.name}, sheet {sheet!r}", sheet=sheet)
        except DataError:
            passed_over.append(f"the sheet {sheet!r} (empty)")
            continue
        if headers_known(part.frame) >= 2:
            parts.append(part)
        else:
            passed_over.append(f"the sheet {sheet!r} (no header that the workbook knows)")
    if not parts:
        raise DataError(
            f"{path.name}: no sheet has columns that look like orders or customers; its sheets are "
            f"{words.listing(map(repr, sheets))}. Put the orders, with a header line, on a sheet of their own."
        )
    return parts, passed_over


def _sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook; none for any other file."""
    import python_calamine

    try:
        with path.open("rb") as file:
            if file.read(4) not in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
                return []
        return list(python_calamine.CalamineWorkbook.from_path(str(path)).sheet_names)
    except (OSError, python_calamine.CalamineError):
        return []  # the reading stage says what is wrong


def _folder(path: Path) -> tuple[list[_Part], list[str]]:
    """The files of a folder, those of one table together."""
    if (path / PREPARED).is_file():
        raise DataError(
            f"{path} holds a prepared company, which needs no mapping. Use it as it is: workbook report --data {path}"
        )
    files, passed_over = data_files(path)
    groups: list[tuple[str, list[tuple[Path, _Part]]]] = []
    for file in files:
        part = _read(file, label=file.name)
        if headers_known(part.frame) < 2:
            passed_over.append(f"{file.name} (no header that the workbook knows)")
            continue
        kind = which_table(part.frame)
        same = next((members for known, members in groups if known == kind and _alike(members[0][1], part)), None)
        if same is None:
            groups.append((kind, [(file, part)]))
        else:
            same.append((file, part))
    if not groups:
        raise DataError(
            f"No file in {path} has column names that the workbook knows, such as order number, customer number, "
            f"date and amount. Draft one file alone: workbook map {path / files[0].name}"
        )
    parts = []
    for _, members in groups:
        part = members[0][1]
        if len(members) > 1:
            raw = read_files(
                [file for file, _ in members], encoding=part.encoding, header_line=part.options.get("header_line", 1)
            )
            part = _Part(
                f"{words.count(len(members), 'file')} ({members[0][0].name} to {members[-1][0].name})",
                raw.frame,
                part.options,
                raw.notes,
                part.encoding,
            )
        if len(groups) > 1 or passed_over:
            part.options = {
                "file": _pattern([file.name for file, _ in members], [file.name for file in files])
            } | part.options
        parts.append(part)
    return parts, passed_over


def _alike(one: _Part, other: _Part) -> bool:
    """Whether two files are months of one export: mostly the same columns, read the same way."""
    mine, theirs = set(one.frame.columns), set(other.frame.columns)
    return len(mine & theirs) >= 0.6 * len(mine | theirs) and one.options == other.options


def _pattern(names: list[str], everything: list[str]) -> str:
    """A pattern such as orders_*.csv that fits some files of a folder and no other."""
    if len(names) == 1:
        return names[0]
    start = os.path.commonprefix(names)
    end = os.path.commonprefix([name[::-1] for name in names])[::-1]
    # A digit shared by chance (2025-1*.csv for October to December) would miss the next month.
    start = start.rstrip("0123456789-_. ") + re.match(r"[-_. ]*", start[len(start.rstrip("0123456789-_. ")) :]).group()
    end = Path(names[0]).suffix if end.endswith(Path(names[0]).suffix) else end
    pattern = f"{start}*{end}"
    strangers = [name for name in everything if name not in names and name.startswith(start) and name.endswith(end)]
    return "" if strangers else pattern


def _read(path: Path, *, label: str, sheet: str = "") -> _Part:
    """Read one table as text; try another encoding and a header below a title where the first try makes no sense."""
    options: dict[str, object] = {"sheet": sheet} if sheet else {}
    encoding, refused, raw = "", None, None
    try:
        raw = read(path, **options)
    except DataError as error:
        refused = error
        if "cp1252" in str(error):
            raw, encoding = read(path, encoding="cp1252", **options), "cp1252"
    known = headers_known(raw.frame) if raw is not None else 0
    best_line = 1
    if known < 2 and path.is_file():
        for line in range(2, DEEPEST_HEADER + 1):
            try:
                other = read(path, encoding=encoding, header_line=line, **options)
            except DataError:
                continue
            if headers_known(other.frame) > max(known, 1):
                raw, known, best_line = other, headers_known(other.frame), line
    if raw is None:
        raise refused
    # The cells of a first line of data may be personal, and would be shown as headers.
    refuse_without_header(raw)
    notes = list(raw.notes)
    if encoding:
        notes.append(
            f"{label} is neither UTF-8 nor Chinese; it was read as {encoding} (western Europe). Look at the accents "
            "in the headers: are they right?"
        )
    if best_line > 1:
        options["header_line"] = best_line
        notes.append(f"The column names stand on line {best_line}, below a title.")
    return _Part(label, raw.frame, options, notes, encoding)


def _compare_ids(chosen: dict[str, tuple[pd.DataFrame, TableDraft]]) -> None:
    """Whether the ids of the other tables are those of the orders, in the reason of the guess."""
    if "orders" not in chosen:
        return
    frame, orders = chosen["orders"]
    for kind, name in (
        ("customers", "customer_id"),
        ("contacts", "customer_id"),
        ("survey", "customer_id"),
        ("ratings", "customer_id"),
        ("price_answers", "customer_id"),
        ("products", "product_id"),
    ):
        if kind not in chosen or not orders[name] or not chosen[kind][1][name]:
            continue
        other_frame, other = chosen[kind]
        ids = set(tidy(frame[orders[name]])) - {""}
        known = set(tidy(other_frame[other[name]])) - {""}
        guess = other.columns[name]
        both = len(ids & known)
        guess = type(guess)(
            guess.field,
            guess.value,
            guess.sure if both else "please check",
            f"{guess.why}; {both:,} of the {len(ids):,} in the orders are here",
        )
        other.columns[name] = guess
        if not both:
            other.questions.append(
                f'No {name} of the orders ({shown(orders[name])}) is in "{shown(other[name])}". Are these the same '
                "numbers, written the same way?"
            )
