"""A data frame as a manager's table: words for numbers, nothing from the data as markup."""

from __future__ import annotations

import datetime
import html
import math
import numbers
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from helpers import words
from helpers.withheld import passes_on_withheld

MISSING = "–"

Format = str | Callable[[Any], str]


class Table:
    """A formatted table: HTML on a page, plain text in a terminal.

    Attributes
    ----------
    caption, note : str
    headers : list of str
    rows : list of list of str
        The cells in words, as a reader sees them, not escaped.
    right : list of bool
        Whether a column is set to the right, as numbers are.
    """

    def __init__(
        self,
        *,
        caption: str,
        headers: list[str],
        rows: list[list[str]],
        right: list[bool],
        note: str = "",
        row_headers: bool = True,
    ) -> None:
        self.caption, self.note = caption, note
        self.headers, self.rows, self.right = headers, rows, right
        self.row_headers = row_headers

    def _repr_html_(self) -> str:
        sides = ['class="n"' if right else 'class="t" style="text-align:left"' for right in self.right]
        # A short table is not torn apart by the end of a printed page.
        short = " short" if len(self.rows) <= 15 else ""
        lines = [f'<div class="table{short}"><table>', f"<caption>{html.escape(self.caption)}</caption>"]
        heads = "".join(
            f'<th scope="col" {side}>{html.escape(header)}</th>'
            for header, side in zip(self.headers, sides, strict=True)
        )
        lines.append(f"<thead><tr>{heads}</tr></thead><tbody>")
        for row in self.rows:
            cells = []
            for place, (text, side) in enumerate(zip(row, sides, strict=True)):
                if place == 0 and self.row_headers:
                    cells.append(f'<th scope="row" {side}>{html.escape(text)}</th>')
                else:
                    cells.append(f"<td {side}>{html.escape(text)}</td>")
            lines.append(f"<tr>{''.join(cells)}</tr>")
        lines.append("</tbody></table></div>")
        if self.note:
            lines.append(f'<p class="note">{html.escape(self.note)}</p>')
        return "\n".join(lines)

    def __repr__(self) -> str:
        columns = list(zip(self.headers, *self.rows, strict=True))
        widths = [max(map(len, column)) for column in columns]
        lines = [self.caption] if self.caption else []
        for row in [self.headers, *self.rows]:
            cells = (
                text.rjust(width) if right else text.ljust(width)
                for text, width, right in zip(row, widths, self.right, strict=True)
            )
            lines.append("  ".join(cells).rstrip())
        if self.note:
            lines.append(self.note)
        return "\n".join(lines)


@passes_on_withheld
def table(
    frame: pd.DataFrame,
    caption: str,
    *,
    code: str = "",
    labels: Mapping[str, str] | None = None,
    formats: Mapping[str, Format] | None = None,
    note: str = "",
    longest: int = 40,
    rest: str = "",
    row_headers: bool = True,
) -> Table:
    """A frame as a table with a caption, with money, shares and dates in words.

    Parameters
    ----------
    frame : DataFrame
        The index is not shown; `reset_index` first if it is needed. A
        `Withheld` comes back as it is.
    caption : str
        What the table shows, as a sentence or a question.
    code : str
        ISO code of the currency, needed where there is money.
    labels : dict of column to heading, optional
        Without one the name of the column is used: `net_minor` becomes "net".
    formats : dict of column to format, optional
        "money", "cents" (money to the last digit), "percent", "percent1",
        "count", "number1", "number2", "day", "month", "yes", "text", or a
        function from a value to text. Without one: columns named `*_minor`
        are money, `share*`, `*_share` and `*_rate` percentages, whole numbers
        counts, other numbers have one digit, dates are days.
    note : str
        One line under the table.
    longest : int
        Rows shown; the others are counted in the note, with `rest` (for
        example "customers.csv") as the place where they are.
    row_headers : bool
        Whether the first column names the row (for screen readers).

    Returns
    -------
    Table
        Shown by a notebook as the last expression of a cell.

    Examples
    --------
    >>> frame = pd.DataFrame({"size": ["VIP", "small"], "net_minor": [1250000, 99]})
    >>> table(frame, "Who buys?", code="CNY")
    Who buys?
    size       net
    VIP    ¥12,500
    small       ¥1
    """
    labels, formats = dict(labels or {}), dict(formats or {})
    for given in (labels, formats):
        unknown = sorted(set(given) - set(frame.columns))
        if unknown:
            raise ValueError(f"The table has no column {unknown[0]!r}. Columns: {', '.join(map(str, frame.columns))}.")
    shown = frame.head(longest)
    columns, right = [], []
    for name in frame.columns:
        kind = formats.get(name) or _kind(name, frame[name])
        write = kind if callable(kind) else _writer(kind, code)
        columns.append([_in_words(value, write) for value in shown[name]])
        right.append(
            pd.api.types.is_numeric_dtype(frame[name]) and frame[name].dtype != bool
            if callable(kind)
            else kind not in ("text", "yes")
        )
    if len(frame) > len(shown):
        more = f"{len(shown):,} of {words.count(len(frame), 'row')} shown"
        note = " ".join(part for part in (note, f"{more}; all are in {rest}." if rest else f"{more}.") if part)
    return Table(
        caption=caption,
        headers=[labels.get(name, _heading(name)) for name in frame.columns],
        rows=[list(row) for row in zip(*columns, strict=True)],
        right=right,
        note=note,
        row_headers=row_headers,
    )


def _heading(name: object) -> str:
    return str(name).removesuffix("_minor").replace("_", " ")


def _kind(name: object, column: pd.Series) -> str:
    """The format that suits a column that has none."""
    name = str(name)
    if pd.api.types.is_bool_dtype(column):
        return "yes"
    if pd.api.types.is_datetime64_any_dtype(column):
        return "day"
    if pd.api.types.is_numeric_dtype(column):
        if name.endswith("_minor"):
            return "money"
        if name.startswith("share") or name.endswith(("_share", "_rate")):
            return "percent"
        return "count" if pd.api.types.is_integer_dtype(column) else "number1"
    filled = column.dropna()
    if len(filled) and all(isinstance(value, datetime.date) for value in filled):
        return "day"
    return "text"


def _writer(kind: str, code: str) -> Callable[[Any], str]:
    if kind in ("money", "cents") and not code:
        raise ValueError("A table with money needs the currency: code=company.currency.")
    writers: dict[str, Callable[[Any], str]] = {
        "money": lambda value: words.money(value, code=code),
        "cents": lambda value: words.money(value, code=code, cents=True),
        "percent": lambda value: words.percent(value),
        "percent1": lambda value: words.percent(value, digits=1),
        "count": lambda value: words.number(value),
        "number1": lambda value: words.number(value, digits=1),
        "number2": lambda value: words.number(value, digits=2),
        "day": words.day,
        "month": lambda value: f"{value:%B %Y}",
        "yes": lambda value: "yes" if value else "no",
        "text": str,
    }
    if kind not in writers:
        raise ValueError(f"There is no format {kind!r}. Formats: {', '.join(writers)}.")
    return writers[kind]


def _in_words(value: Any, write: Callable[[Any], str]) -> str:
    if value is None or value is pd.NA or value is pd.NaT:
        return MISSING
    if isinstance(value, numbers.Real) and not math.isfinite(value):
        return MISSING
    return write(value)
