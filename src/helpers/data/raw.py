"""A table as text, before anything is understood: every cell a string, every row with its place."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

BROKEN_COLUMNS = ["file", "line", "column", "rule", "message", "value", "row"]


@dataclass
class RawTable:
    """Rows read as text, with the file and line that each came from.

    Parameters
    ----------
    frame : DataFrame
        Every column text; an empty cell is an empty text. The index counts the rows from 0.
    files : list of str
        The names of the files, in the order read.
    file : ndarray of int
        For each row, the place of its file in `files`.
    line : ndarray of int
        For each row, its line in that file (the row number in Excel), counted from 1.
    kinds : list of str
        For each file "csv", "excel", "parquet" or "duckdb".
    broken : DataFrame
        Rows that could not be cut into the right number of fields, in the form of rejects.
    notes : list of str
        What was found out while reading, in plain sentences.
    fingerprints : list of str
        For each file the SHA-256 of its bytes.
    absent : dict
        For files of a folder, the columns that other files have and this one lacks.
    """

    frame: pd.DataFrame
    files: list[str]
    file: np.ndarray
    line: np.ndarray
    kinds: list[str]
    broken: pd.DataFrame = field(default_factory=lambda: no_broken_rows())
    notes: list[str] = field(default_factory=list)
    fingerprints: list[str] = field(default_factory=list)
    absent: dict[str, list[str]] = field(default_factory=dict)

    @property
    def rows_in(self) -> int:
        """Data rows of the files, broken ones included; blank rows are no rows."""
        return len(self.frame) + len(self.broken)

    @property
    def columns(self) -> list[str]:
        """The header, as the file has it."""
        return list(self.frame.columns)

    @property
    def name(self) -> str:
        """The file, or how many files, for a message."""
        return self.files[0] if len(self.files) == 1 else f"{self.files[0]} and {len(self.files) - 1} more"

    def place(self, position: int) -> str:
        """Where a row stands, in words: "orders.csv, line 12"."""
        word = "row" if self.kinds[self.file[position]] != "csv" else "line"
        return f"{self.files[self.file[position]]}, {word} {self.line[position]}"

    def text_of_rows(self, positions: np.ndarray) -> list[str]:
        """The rows as CSV text, for the list of rejects."""
        rows = self.frame.iloc[positions].astype(object).to_numpy()
        return [as_csv_line(row) for row in rows]


def no_broken_rows() -> pd.DataFrame:
    """An empty list of broken rows."""
    return pd.DataFrame({name: pd.Series(dtype="int64" if name == "line" else "str") for name in BROKEN_COLUMNS})


def as_csv_line(values) -> str:
    """Values as one line of CSV, quoted where needed."""
    target = io.StringIO()
    csv.writer(target, lineterminator="").writerow(values)
    return target.getvalue()


def clean_header(names: list[str]) -> tuple[list[str], list[str]]:
    """Header names without outer spaces, each different, and a sentence on what was changed."""
    seen: dict[str, int] = {}
    cleaned, repeated = [], []
    for place, name in enumerate(names, start=1):
        name = " ".join(str(name).replace("\ufeff", "").split()) or f"column {place}"
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            if seen[name] == 2:
                repeated.append(name)
            name = f"{name} ({seen[name]})"
        cleaned.append(name)
    if not repeated:
        return cleaned, []
    shown = ", ".join(repeated[:5])
    more = f" and {len(repeated) - 5} more" if len(repeated) > 5 else ""
    return cleaned, [
        f"The header has {shown}{more} more than once; the second one is called {repeated[0]!r} with (2) behind it."
    ]
