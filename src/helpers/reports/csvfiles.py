"""CSV files that open right in a spreadsheet, and come back unchanged.

UTF-8 with a byte-order mark (or Excel takes Chinese for something else), CRLF
line ends, and text that a spreadsheet would run as a formula gets a leading
apostrophe. Reading drops exactly the apostrophes that writing added.
"""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import pandas as pd

from helpers.errors import DataError

# A spreadsheet runs text that starts with one of these, also after a separator
# of its own (a German Excel splits at semicolons) and in their full-width forms.
_START = r"(^|[;\t\r\n])(\s*)"
_TRIGGER = r"(?=[=+\-@\t\r＝＋－＠])"
_TO_DEFUSE = re.compile(_START + r"('*)" + _TRIGGER)
_TO_RESTORE = re.compile(_START + r"'('*)" + _TRIGGER)


def defuse(text: str) -> str:
    """Text that no spreadsheet runs as a formula.

    >>> defuse("=1+1"), defuse("'=1+1"), defuse("A-7")
    ("'=1+1", "''=1+1", 'A-7')
    """
    return _TO_DEFUSE.sub(r"\1\2'\3", text)


def restore(text: str) -> str:
    """The text that `defuse` was given.

    >>> restore("'=1+1"), restore("O'Neil")
    ('=1+1', "O'Neil")
    """
    return _TO_RESTORE.sub(r"\1\2\3", text)


def write(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame; text is defused, missing values are empty, days are ISO dates."""
    columns = []
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_bool_dtype(column):
            cells = ["" if pd.isna(value) else "yes" if value else "no" for value in column]
        elif pd.api.types.is_datetime64_any_dtype(column):
            cells = ["" if pd.isna(value) else _moment(value) for value in column]
        elif pd.api.types.is_integer_dtype(column):
            cells = ["" if pd.isna(value) else str(int(value)) for value in column]
        elif pd.api.types.is_float_dtype(column):
            # Twelve digits: what the number says, without the noise of the last bits.
            cells = ["" if pd.isna(value) else f"{value:.12g}" for value in column]
        else:
            cells = ["" if pd.isna(value) else _cell(value) for value in column]
        columns.append(cells)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([defuse(str(name)) for name in frame.columns])
    writer.writerows(zip(*columns, strict=True))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def read(path: Path) -> pd.DataFrame:
    """Read a file as text, every cell as it was before `write` defused it.

    Raises
    ------
    DataError
        If the file is missing, is no text, has no heading or ragged rows.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise DataError(f"{Path(path).name} cannot be read: {error.strerror}. Check the folder and the name.") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # A Chinese Excel saves CSV like this.
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise DataError(f"{Path(path).name} is not a text file. Save it as CSV (UTF-8).") from None
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    if not rows:
        raise DataError(f"{Path(path).name} is empty: it has not even a heading. Use the file as the report wrote it.")
    head = [restore(cell) for cell in rows[0]]
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(head):
            raise DataError(
                f"{Path(path).name}, row {number}: {len(row)} cells under {len(head)} headings. "
                "Was a comma typed into the file? Use the file as the report wrote it."
            )
    body = [[restore(cell) for cell in row] for row in rows[1:]]
    return pd.DataFrame(body, columns=head, dtype=str)


def in_exact_major_units(minor: pd.Series, *, digits: int) -> pd.Series:
    """Minor units as exact decimals: 12900 fen are written 129.00."""
    exact = [None if pd.isna(value) else Decimal(int(value)).scaleb(-digits) for value in minor]
    return pd.Series(exact, index=minor.index, dtype=object)


def in_minor_units(text: pd.Series, *, digits: int, where: str) -> pd.Series:
    """Decimal text back in minor units (Int64); the inverse of `in_exact_major_units`."""
    pattern = re.compile(rf"-?\d+(?:\.\d{{1,{digits}}})?" if digits else r"-?\d+")
    result = []
    for row, value in enumerate(text, start=2):
        # A spreadsheet that saved the file may have set thousands signs.
        value = "" if pd.isna(value) else str(value).strip().replace(",", "")
        if value == "":
            result.append(pd.NA)
        elif pattern.fullmatch(value):
            whole, _, rest = value.partition(".")
            result.append(int(whole + rest.ljust(digits, "0")))
        else:
            raise DataError(f"{where}, row {row}: {value!r} is no amount. Write it as 129.00.")
    return pd.Series(result, index=text.index, dtype="Int64")


def _cell(value: object) -> str:
    # An amount below zero is a number, not a formula.
    return f"{value:f}" if isinstance(value, Decimal) else defuse(str(value))


def _moment(value: pd.Timestamp) -> str:
    return f"{value:%Y-%m-%d}" if value == value.normalize() else f"{value:%Y-%m-%d %H:%M:%S}"
