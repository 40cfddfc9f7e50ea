"""What a draft is made of: the columns of a text frame, each looked at once, and the guesses on them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from helpers import words
from helpers.data.contract import TABLES
from helpers.data.drafting import values
from helpers.data.drafting.values import shown

SURE, LIKELY, CHECK = "sure", "likely", "please check"


# Beyond this many columns without a known header, values are not searched: a
# file with thousands of columns is a table turned on its side, not an export.
MOST_COLUMNS = 200


@dataclass(frozen=True)
class Guess:
    """One entry of the mapping: its value, how sure it is, and why.

    Parameters
    ----------
    field : str
        The name in the mapping: "order_id", "date", "returns" ...
    value : str, list or dict
        What the mapping will say. Empty text: not to be chosen without a person.
    sure : str
        "sure", "likely" or "please check".
    why : str
        Header, values and counts that speak for it.
    """

    field: str
    value: object
    sure: str
    why: str


@dataclass
class TableDraft:
    """The draft for one table of the contract."""

    table: str
    source: str
    rows: int
    columns: dict[str, Guess] = field(default_factory=dict)
    format: dict[str, Guess] = field(default_factory=dict)
    rules: dict[str, Guess] = field(default_factory=dict)
    non_product: dict[str, Guess] = field(default_factory=dict)
    not_persons: dict[str, Guess] = field(default_factory=dict)
    currency: Guess | None = None
    missing: list[tuple[str, str]] = field(default_factory=list)  # (column, what it would tell)
    personal: list[tuple[str, str]] = field(default_factory=list)  # (header, why)
    unused: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what was found out while reading
    options: dict[str, object] = field(default_factory=dict)  # file, sheet, header_line
    values: dict[str, dict[str, str]] = field(default_factory=dict)  # {column: {their word: the contract's word}}

    def __getitem__(self, name: str) -> object:
        """The drafted value of an entry, or an empty text."""
        for group in (self.columns, self.format, self.rules, self.non_product, self.not_persons):
            if name in group:
                return group[name].value
        return ""

    @property
    def blocked(self) -> list[str]:
        """Entries that must be filled in by a person before the mapping can be used."""
        required = TABLES[self.table].required
        open_columns = [name for name in required if not self.columns.get(name) or self.columns[name].value in ("", [])]
        return open_columns + [
            name for name in ("date", "decimal") if name in self.format and self.format[name].value == ""
        ]


class Columns:
    """The columns of one text frame, each looked at once and only when asked for."""

    def __init__(self, frame: pd.DataFrame):
        self.frame = frame.reset_index(drop=True)
        self.headers = [str(header) for header in frame.columns]
        self.frame.columns = self.headers
        self._known: dict[tuple[str, str], object] = {}
        self.taken: dict[str, str] = {}  # header -> what it is used for

    def _once(self, what: str, header: str, make):
        if (what, header) not in self._known:
            self._known[what, header] = make(self.frame[header])
        return self._known[what, header]

    def text(self, header: str) -> pd.Series:
        return self._once("text", header, values.tidy)

    def counts(self, header: str) -> pd.Series:
        return self._once("counts", header, values.counts)

    def dates(self, header: str) -> values.Dates:
        return self._once("dates", header, values.dates)

    def numbers(self, header: str) -> values.Numbers:
        return self._once("numbers", header, values.numbers)

    def personal(self, header: str) -> tuple[str, float]:
        return self._once("personal", header, values.personal_values)

    def distinct(self, header: str) -> int:
        return len(self.counts(header))

    def filled(self, header: str) -> int:
        return int(self.counts(header).sum())

    def free(self, header: str) -> bool:
        return header not in self.taken


def header_said(rank: int, header: str) -> str:
    return f'header "{shown(header)}"' + ("" if rank < 1000 else " (in part)")


def holds_dates(columns: Columns, header: str) -> bool:
    """Whether a column holds written dates; 45000 and 20250304 may as well be product codes."""
    look = columns.dates(header)
    return look.found and look.format not in ("excel", "%Y%m%d")


def is_prose(columns: Columns, header: str) -> bool:
    seen = columns.counts(header).index.astype(str)[:500]
    return bool(len(seen)) and float((seen.str.count(" ") >= 2).mean()) > 0.5


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def said_values(items: list[str]) -> str:
    return words.listing(shown(item) for item in items).replace(" and ", " or ")
