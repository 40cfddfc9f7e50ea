"""Guess how one table of text maps to the contract: what each column may be, why, and what only a person can say.

Headers are compared with the lists of `synonyms.toml`; the values then have to
agree. A guess that the values cannot carry is left empty, with a question.
"""

from __future__ import annotations

import functools
import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from helpers import words
from helpers.data import draft_values as values
from helpers.data.contract import TABLES, Column
from helpers.data.draft_values import joined, shown, simple
from helpers.data.parsing import _NO as NO, _YES as YES
from helpers.errors import DataError
from helpers.money import currency

SURE, LIKELY, CHECK = "sure", "likely", "please check"

# Beyond this many columns without a known header, values are not searched: a
# file with thousands of columns is a table turned on its side, not an export.
MOST_COLUMNS = 200

# The share of orders that may break "one customer, one day, one shop" before an
# order number is taken to repeat.
FEW_BROKEN = 0.005


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
        return open_columns + [name for name in ("date", "decimal") if name in self.format and self.format[name].value == ""]


# The lists of headers and words -------------------------------------------


@functools.cache
def synonyms() -> dict[str, dict[str, dict[str, int]]]:
    """The lists of `synonyms.toml`: {table: {field: {joined header: rank}}}, the best match first."""
    with Path(__file__).with_name("synonyms.toml").open("rb") as file:
        lists = tomllib.load(file)
    known = {
        table: {name: {joined(word): rank for rank, word in reversed(list(enumerate(entries)))} for name, entries in fields.items()}
        for table, fields in lists.items()
    }
    for table, name in (("customers", "customer_id"), ("contacts", "customer_id"), ("products", "product_id"), ("contacts", "store_id")):
        known[table][name] = known["orders"][name]
    # A file that already uses the contract's own names needs no list.
    for table, fields in known.items():
        if table in TABLES:
            for column in TABLES[table]:
                fields.setdefault(column.name, {})[joined(column.name)] = -1
    return known


def _matches(table: str, headers: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """{field: [(rank, header)]}; a header that no list holds may match by its last words, 1,000 ranks lower."""
    found: dict[str, list[tuple[int, str]]] = {}
    for header in headers:
        key = joined(header)
        ranks = {name: entries[key] for name, entries in synonyms()[table].items() if key in entries}
        if not ranks:
            ranks = _partly(table, header)
        for name, rank in ranks.items():
            found.setdefault(name, []).append((rank, header))
    return {name: sorted(entries, key=lambda entry: entry[0]) for name, entries in found.items()}


def _partly(table: str, header: str) -> dict[str, int]:
    """Fields whose word ends the header ("下单门店", "Ship Date"); only those with the longest such word."""
    text, spaced = joined(header), simple(header).split()
    hits: dict[str, tuple[int, int]] = {}
    for name, entries in synonyms()[table].items():
        for word, rank in entries.items():
            if len(word) < 2 or word == text:
                continue
            chinese = "一" <= word[0] <= "鿿"
            ends = text.endswith(word) if chinese else any("".join(spaced[start:]) == word for start in range(1, len(spaced)))
            starts = chinese and len(word) >= 3 and text.startswith(word)
            if (ends or starts) and len(word) > hits.get(name, (0, 0))[0]:
                hits[name] = (len(word), rank)
    longest = max((length for length, _ in hits.values()), default=0)
    return {name: 1000 + rank for name, (length, rank) in hits.items() if length == longest}


def _word_list(name: str) -> set[str]:
    return set(synonyms()["values"][name])


# Columns with what is known about them -------------------------------------


class _Columns:
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


# Drafting ------------------------------------------------------------------


def draft_table(frame: pd.DataFrame, *, source: str = "", table: str = "") -> TableDraft:
    """Guess how one table of text maps to the contract.

    Parameters
    ----------
    frame : DataFrame of text
        As read, nothing converted. Left alone.
    source : str
        The name of the file or sheet, for messages.
    table : str
        "orders", "customers", "products" or "contacts"; found from the headers when empty.

    Returns
    -------
    TableDraft
    """
    headers = [str(header) for header in frame.columns]
    twice = sorted({header for header in headers if headers.count(header) > 1})
    if twice:
        raise DataError(f"{source or 'The file'} has two columns called {shown(twice[0])!r}. Rename one of them.")
    columns = _Columns(frame)
    table = table or which_table(frame)
    found = TableDraft(table, source, len(frame))
    if not len(frame):
        raise DataError(f"{source or 'The file'} has a header but no rows. Export it again with its rows.")
    _find_people(columns, found)
    if table == "orders":
        _draft_orders(columns, found)
    else:
        _draft_other(columns, found)
    found.missing += _missing(found)
    found.columns = {name: found.columns[name] for name in TABLES[table].names if name in found.columns}
    used = set(columns.taken) | {header for header, _ in found.personal}
    found.unused = [header for header in columns.headers if header not in used]
    return found


def which_table(frame: pd.DataFrame) -> str:
    """The table of the contract that a frame's headers and ids speak for; orders when in doubt."""
    headers = [str(header) for header in frame.columns]
    exact = {
        table: {name for name, entries in _matches(table, headers).items() if entries[0][0] < 1000} for table in TABLES
    }
    marks = exact["contacts"] & {"touchpoint", "phase", "wait_minutes", "transfers", "resolved", "satisfaction", "cause"}
    if "contact_id" in exact["contacts"] and marks:
        return "contacts"
    orders = _matches("orders", headers)
    has_order = "order_id" in exact["orders"]
    if "customer_id" in exact["orders"] and not has_order and exact["customers"] - {"customer_id"}:
        if _is_unique(frame[orders["customer_id"][0][1]]):
            return "customers"
    if "product_id" in exact["orders"] and not has_order and "customer_id" not in exact["orders"]:
        if exact["products"] - {"product_id"} and _is_unique(frame[orders["product_id"][0][1]]):
            return "products"
    return "orders"


def headers_known(frame: pd.DataFrame) -> int:
    """How many headers of a frame the lists know, in the table that knows most."""
    headers = [str(header) for header in frame.columns]
    return max(len({entries[0][1] for entries in _matches(table, headers).values() if entries[0][0] < 1000}) for table in TABLES)


def _is_unique(column: pd.Series) -> bool:
    seen = values.counts(column)
    return len(seen) > 0 and len(seen) >= 0.98 * seen.sum()


def _find_people(columns: _Columns, found: TableDraft) -> None:
    """Name the columns that name or reach a person; they are neither shown nor used."""
    said = {
        "name": "names of people", "phone": "phone numbers", "email": "e-mail addresses", "address": "addresses",
        "identity": "identity or account numbers", "birth": "dates of birth", "free_text": "free text, which may hold anything",
    }  # fmt: skip
    by_header = {}
    for kind, entries in _matches("personal", columns.headers).items():
        for rank, header in entries:
            if rank < 1000 or kind in ("phone", "email", "address", "identity"):
                by_header.setdefault(header, kind)
    own = TABLES[found.table].names
    for number, header in enumerate(columns.headers):
        kind = by_header.get(header, "")
        if kind == "name" and found.table == "products" or simple(header).replace(" ", "_") in own and kind != "name":
            kind = ""
        why = f"by its header {said[kind]}" if kind else ""
        if not kind and number < MOST_COLUMNS and columns.filled(header):
            seen, share = columns.personal(header)
            # Ids and product names can look like names or phone numbers: their headers speak louder.
            named = _matches(found.table, [header])
            if seen and not (seen in ("name", "phone") and _named_otherwise(named, seen)):
                kind, why = seen, f"{words.percent(share)} of its values look like {said[seen]}"
        if kind:
            found.personal.append((header, why))


def _named_otherwise(named: dict, seen: str) -> bool:
    plain = {"description", "name", "brand", "class", "line", "city", "region", "store_id", "channel", "campaign_id", "quantity", "amount"}
    ids = {"order_id", "product_id", "contact_id"}
    return bool(set(named) & (plain if seen == "name" else plain | ids))


# Orders --------------------------------------------------------------------


def _draft_orders(columns: _Columns, found: TableDraft) -> None:
    people = {header for header, _ in found.personal}
    named = _matches("orders", [header for header in columns.headers if header not in people])
    picked = _pick(columns, named)
    _when(columns, found, named)
    _ids(columns, found, named, people)
    number_columns = _numbers(columns, found, named)
    back = _going_back(columns, named, number_columns)
    order = _order_number(columns, found, picked, named, back)
    _say_who_comes_back(columns, found, order)
    decimal = _decimal(columns, found, number_columns)
    money = _amount(columns, found, number_columns, decimal, order)
    _labels(columns, found, named)
    _currency(columns, found, number_columns, named)
    _extra_digits(columns, found)
    _returns(columns, found, named, order, money)
    _repeats(columns, found)
    _non_products(columns, found, money)
    _not_persons(columns, found)
    _other_money(columns, found, number_columns)


def _pick(columns: _Columns, named: dict) -> dict[str, str]:
    """The best header of helper fields that are no column of the contract."""
    return {name: entries[0][1] for name, entries in named.items() if name in ("till", "store_id")}


def _header_said(rank: int, header: str) -> str:
    return f'header "{shown(header)}"' + ("" if rank < 1000 else " (in part)")


def _when(columns: _Columns, found: TableDraft, named: dict) -> None:
    """The column of the order date, the format of its dates, and a separate column of times."""
    candidates = [(rank, header) for rank, header in named.get("ordered_at", [])]
    fitting = [(rank, header) for rank, header in candidates if columns.dates(header).found]
    guessed_by_values = False
    if not fitting:
        others = [header for header in columns.headers[:MOST_COLUMNS] if header not in dict(found.personal)]
        fitting = [(2000, header) for header in others if columns.dates(header).found and not _is_serial(columns.dates(header))]
        guessed_by_values = True
    if not fitting:
        tried = [f'"{shown(header)}" ({columns.dates(header).why})' for _, header in candidates]
        reason = "no column holds dates" + (f"; looked at {words.listing(tried)}" if tried else "")
        found.columns["ordered_at"] = Guess("ordered_at", "", CHECK, reason)
        found.format["date"] = Guess("date", "", CHECK, "there is no date column yet")
        found.questions.append("Which column says when the order was placed? Without it there is no report.")
        return

    rank, header = fitting[0]
    look = columns.dates(header)
    columns.taken[header] = "ordered_at"
    why = [_header_said(rank, header) if rank < 2000 else f'"{shown(header)}" is the first column of dates']
    start, end = look.parsed.min(), look.parsed.max()
    if look.format and start is not pd.NaT:
        why.append(f"{words.day(start.date())} to {words.day(end.date())}")
    sure = SURE if rank < 1000 and look.certainty != LIKELY else LIKELY if rank < 2000 else CHECK
    rest = [other for _, other in fitting[1:] if other != header]
    if rest:
        why.append(f"also dates: {words.listing(shown(other) for other in rest[:3])}")
        sure = LIKELY if sure == SURE else sure
    if guessed_by_values or rest:
        found.questions.append(
            f'Is "{shown(header)}" the day the order was placed (not paid, sent or booked)?'
            + (f" Other columns with dates: {words.listing(shown(other) for other in rest[:3])}." if rest else "")
        )
    value: object = header
    written = look.format
    clock = "" if look.has_time else _clock(columns, named, header)
    if clock:
        columns.taken[clock] = "ordered_at"
        value = [header, clock]
        why.append(f'time of day from "{shown(clock)}"')
        both = columns.text(header) + " " + columns.text(clock)
        written = _with_time(look.format, values.time_format(columns.frame[clock]), both[columns.text(clock) != ""])
        lost = int((columns.text(clock) == "").sum())
        if lost:
            why.append(f"{words.count(lost, 'line')} without a time will be rejected")
    found.columns["ordered_at"] = Guess("ordered_at", value, sure, "; ".join(why))
    found.format["date"] = Guess("date", written, look.certainty or CHECK, look.why)
    if not look.format:
        if look.readings:
            found.questions.append(
                f"Which comes first in {shown(header)}, the day or the month? {_capital(look.spread)}. "
                f"{_file_order(columns, header, look)}Write the right one into date: {' or '.join(json.dumps(form) for form in look.readings)}."
            )
        else:
            found.questions.append(f"How are the dates in {shown(header)} written? {_capital(look.why)}. Export the column again in one way, best as 2025-04-03.")


def _clock(columns: _Columns, named: dict, header: str) -> str:
    """A column of times of day that goes with a column of dates."""
    times = [other for _, other in named.get("ordered_time", []) if other != header]
    return next((other for other in times if values.times_only(columns.frame[other]) >= values.MOSTLY), "")


def _with_time(day: str, clock: str, both: pd.Series) -> str:
    """The format of a date and a time that are joined with a space."""
    if day == "iso" and values.read_as(both, "iso").notna().all():
        return "iso"
    return f"{'%Y-%m-%d' if day == 'iso' else day} {clock}" if day else ""


def _is_serial(look: values.Dates) -> bool:
    return look.format == "excel"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _file_order(columns: _Columns, header: str, look: values.Dates) -> str:
    """Whether the file runs in date order under one reading only: a hint, never a proof."""
    runs = []
    for pattern in look.readings:
        day = re.split(r"[T ]%[HI]", pattern)[0]
        texts = columns.text(header)
        texts = texts[texts != ""].str.replace(r"[T ]\d{1,2}:.*$", "", regex=True)
        read = pd.to_datetime(texts, format=day, errors="coerce").dropna()
        if read.nunique() > 2 and (read.is_monotonic_increasing or read.is_monotonic_decreasing):
            runs.append(pattern)
    if len(runs) == 1:
        return f"Read as {values.reading(runs[0])} the rows stand in order of date, which is a hint but no proof. "
    return ""


def _ids(columns: _Columns, found: TableDraft, named: dict, people: set[str]) -> None:
    """The customer's id: never a name, best a code that comes back on other orders."""
    notes = []
    chosen, rank = "", 0
    for rank, header in named.get("customer_id", []):
        if not columns.free(header):
            continue
        if not columns.filled(header):
            notes.append(f'"{shown(header)}" is empty')
            continue
        if columns.personal(header)[0] == "name":
            notes.append(f'"{shown(header)}" looks like names of people')
            found.personal.append((header, "its values look like names of people"))
            continue
        chosen = header
        break
    sure = SURE if rank < 1000 else LIKELY
    if not chosen:
        phone = next((header for header, why in found.personal if "phone" in why), "")
        member = next((header for header, why in found.personal if joined(header) in map(joined, ("买家会员名", "会员名", "用户名", "买家昵称", "nickname"))), "")
        chosen, sure = phone or member, CHECK
        if chosen:
            notes.append("no customer number, so this is the only thing that tells customers apart")
            found.questions.append(
                f'Is there a customer number? Only "{shown(chosen)}" tells customers apart, and it is personal. '
                "If it must be used, replace it by a code before the file leaves the system."
            )
    if not chosen:
        chosen, why = _customer_by_values(columns)
        sure = CHECK
        if chosen:
            notes.append(why)
            found.questions.append(f'Is "{shown(chosen)}" the number of the customer? Its header does not say so.')
    if not chosen:
        reason = "no column looks like a customer number" + (f" ({'; '.join(notes)})" if notes else "")
        found.columns["customer_id"] = Guess("customer_id", "", CHECK, reason)
        found.questions.append("Which column says who bought? Without a customer number nothing can be said about customers.")
        return
    columns.taken[chosen] = "customer_id"
    seen = columns.counts(chosen)
    empty = found.rows - columns.filled(chosen)
    why = [_header_said(rank, chosen)] if sure != CHECK else []
    why += notes
    why.append(words.count(len(seen), "customer"))
    if empty:
        why.append(f"empty on {words.count(empty, 'line')} ({words.percent(empty / found.rows, digits=1)}): their money has no customer")
    look = columns.numbers(chosen)
    if look.scientific:
        sure = CHECK
        why.append(f"{words.count(look.scientific, 'value')} such as {look.example['scientific']}: Excel has cut the number")
        found.questions.append(
            f'"{shown(chosen)}" holds {words.count(look.scientific, "number")} like {look.example["scientific"]}: Excel has rounded them and several customers are now one. '
            "Can you export again with this column as text?"
        )
    floats = int(seen[seen.index.astype(str).str.fullmatch(r"\d+\.0")].sum())
    if floats:
        sure = LIKELY if sure == SURE else sure
        why.append(f"{words.count(floats, 'value')} end in .0: a program has taken the ids for numbers, and leading zeros may be lost")
    zeros = int(seen.index.astype(str).str.match(r"0\d").sum())
    if zeros:
        why.append(f"{words.count(zeros, 'id')} with leading zeros, which are kept")
    if len(seen) == found.rows and found.rows > 20:
        sure = CHECK
        why.append("every line has another id, so nobody ever comes back")
        found.questions.append(f'Is "{shown(chosen)}" really the customer? Each line has another value, so nobody would ever come back.')
    found.columns["customer_id"] = Guess("customer_id", chosen, sure, "; ".join(why))


def _say_who_comes_back(columns: _Columns, found: TableDraft, order: pd.Series | None) -> None:
    """How many ids stand on more than one order: the mark of a customer number."""
    header = found["customer_id"]
    if not header or order is None:
        return
    who = columns.text(header)
    orders = order[who != ""].groupby(who[who != ""]).nunique()
    guess = found.columns["customer_id"]
    back = int((orders > 1).sum())
    found.columns["customer_id"] = replace(guess, why=f"{guess.why}; {back:,} of the {len(orders):,} have more than one order")


def _customer_by_values(columns: _Columns) -> tuple[str, str]:
    """A code that repeats on several days, when no header names the customer."""
    when = next((header for header, use in columns.taken.items() if use == "ordered_at" and columns.dates(header).found), "")
    if not when:
        return "", ""
    day = columns.dates(when).parsed.dt.normalize()
    best, best_days = "", 0.0
    rows = len(columns.frame)
    for header in columns.headers[:MOST_COLUMNS]:
        if not columns.free(header) or columns.personal(header)[0] or columns.dates(header).share > 0.5:
            continue
        seen = columns.counts(header)
        shapes = seen.index.astype(str).map(values.shape)
        is_code = len(seen) > 4 and shapes.nunique() <= 3 and not any(" " in shape for shape in shapes)
        if not is_code or not 0.02 * rows < len(seen) < 0.8 * rows or _matches("orders", [header]) or columns.numbers(header).dots:
            continue
        days = pd.DataFrame({"id": columns.text(header), "day": day}).loc[lambda f: f["id"] != ""].groupby("id")["day"].nunique()
        if days.mean() > max(best_days, 1.2):
            best, best_days = header, float(days.mean())
    return best, f"by its values only: codes that come back on {best_days:.1f} days on average" if best else ""


def _going_back(columns: _Columns, named: dict, number_columns: dict) -> pd.Series:
    """Lines that take something back: they may carry the number of the sale, on a later day."""
    back = pd.Series(False, index=columns.frame.index)
    for name in ("amount", "quantity", "order_total"):
        if name in number_columns:
            text = columns.text(number_columns[name][1])
            back |= text.str.match(r"[-−(]\D*\d") | text.str.endswith("-")
    for name in ("kind", "status"):
        for _, header in named.get(name, []):
            words_for_returns = {value for value in columns.counts(header).index if joined(value) in _word_list("returned")}
            back |= columns.text(header).isin(words_for_returns)
    return back


def _order_number(columns: _Columns, found: TableDraft, picked: dict, named: dict, back: pd.Series) -> pd.Series | None:
    """The order number, joined with shop, till and date when it repeats."""
    customer = found["customer_id"]
    who = columns.text(customer) if customer else pd.Series("", index=columns.frame.index)
    when = found["ordered_at"]
    when = when[0] if isinstance(when, list) else when
    days = columns.dates(when).parsed.dt.normalize() if when else pd.Series(pd.NaT, index=columns.frame.index)
    days = days.where(~back)
    chosen = next(((rank, header) for rank, header in named.get("order_id", []) if columns.free(header) and columns.filled(header)), None)
    if chosen is None:
        header = _order_by_values(columns, found, who, days)
        if header:
            columns.taken[header] = "order_id"
            found.columns["order_id"] = Guess("order_id", header, CHECK, "by its values only: each belongs to one customer on one day, and it repeats over lines")
            found.questions.append(f'Is "{shown(header)}" the number of the order? Its header does not say so.')
            return columns.text(header)
        if customer and when:
            found.columns["order_id"] = Guess("order_id", [customer, when], CHECK, "no order number found: customer and date together stand in for it")
            found.questions.append("Is there an order or receipt number? Without one, all lines of a customer with the same date count as one order.")
            return columns.text(customer) + "-" + columns.text(when)
        found.columns["order_id"] = Guess("order_id", "", CHECK, "no column looks like an order or receipt number")
        return None

    rank, receipt = chosen
    columns.taken[receipt] = "order_id"
    extra = {name: picked[name] for name in ("store_id", "till") if name in picked and columns.free(picked[name]) and columns.filled(picked[name])}
    facts = pd.DataFrame({"who": who.where(who != ""), "day": days} | {name: columns.text(header) for name, header in extra.items()})
    ways = [[receipt]]
    if "store_id" in extra:
        ways.append([extra["store_id"], receipt])
    if len(extra) == 2:
        ways.append([extra["store_id"], extra["till"], receipt])
    elif "till" in extra:
        ways.append([extra["till"], receipt])
    if when and columns.dates(when).has_time < 0.5:
        ways += [[*way[:-1], when, receipt] for way in list(ways)]
    broken = {tuple(way): _broken(columns, way, facts) for way in ways}
    alone = broken[receipt,]
    total = columns.distinct(receipt)
    if alone[0] <= FEW_BROKEN * max(total, 1):
        why = f"{_header_said(rank, receipt)}; {words.count(total, 'number')}, each with one customer on one day"
        if alone[0]:
            why += f" except {words.count(alone[0], 'number')}"
        lines = found.rows / max(total, 1)
        why += f"; {lines:.1f} lines a number" if lines > 1.05 else "; one line a number"
        sure = SURE if rank < 1000 and not alone[0] else LIKELY
        empty = found.rows - columns.filled(receipt)
        if empty:
            sure, why = LIKELY, why + f"; empty on {words.count(empty, 'line')}, which will be rejected"
        found.columns["order_id"] = Guess("order_id", receipt, sure, why)
        return columns.text(receipt)
    best = min(broken, key=lambda way: (broken[way][0] > FEW_BROKEN * broken[way][1], len(way) if broken[way][0] <= FEW_BROKEN * broken[way][1] else broken[way][0]))
    left, orders = broken[best]
    why = f"{_header_said(rank, receipt)}; {words.count(alone[0], 'number')} of {total:,} {'repeats' if alone[0] == 1 else 'repeat'} for another {_what_differs(columns, receipt, facts)}"
    if len(best) > 1 and left < alone[0]:
        for header in best[:-1]:
            columns.taken.setdefault(header, "order_id")
        why += f"; joined with {words.listing(shown(part) for part in best[:-1])} there are {orders:,} orders" + (f", {left:,} still in doubt" if left else ", each with one customer on one day")
        found.columns["order_id"] = Guess("order_id", list(best), LIKELY if left <= FEW_BROKEN * orders else CHECK, why)
        found.questions.append(f"Does the number in {shown(receipt)} start again in each shop, till or day? The draft joins {words.listing(shown(part) for part in best)} into one order number.")
        order = columns.text(best[0])
        for part in best[1:]:
            order = order + "-" + columns.text(part)
        return order
    found.columns["order_id"] = Guess("order_id", receipt, CHECK, why + "; no other column makes it unique")
    found.questions.append(
        f"What makes a number in {shown(receipt)} unique? {words.count(alone[0], 'number')} of {total:,} {'stands' if alone[0] == 1 else 'stand'} for more than one customer, day or shop. "
        "Lines of such orders with two customers will be rejected."
    )
    return columns.text(receipt)


def _joined_key(columns: _Columns, way: Iterable[str]) -> pd.Series:
    way = list(way)
    key = columns.text(way[0])
    for part in way[1:]:
        key = key + "\x1f" + columns.text(part)
    return key.where(columns.text(way[-1]) != "")


def _broken(columns: _Columns, way: list[str], facts: pd.DataFrame) -> tuple[int, int]:
    """(orders that cannot be one; orders) for a way to make an order number.

    Two customers or two days cannot be one order. Two shops can, when one known
    customer is served from both; without a customer they cannot.
    """
    distinct = facts.groupby(_joined_key(columns, way), sort=False).nunique()
    places = distinct.drop(columns=["who", "day"])
    broken = (distinct["who"] > 1) | (distinct["day"] > 1) | ((distinct["who"] == 0) & (places > 1).any(axis=1))
    return int(broken.sum()), len(distinct)


def _what_differs(columns: _Columns, receipt: str, facts: pd.DataFrame) -> str:
    distinct = facts.groupby(_joined_key(columns, [receipt]), sort=False).nunique()
    said = {"who": "customer", "day": "day", "store_id": "shop", "till": "till"}
    return words.listing(said[name] for name in distinct if (distinct[name] > 1).any()).replace(" and ", " or ")


def _order_by_values(columns: _Columns, found: TableDraft, who: pd.Series, days: pd.Series) -> str:
    """A code that repeats over lines, always with the same customer and day, and changes between them."""
    facts = pd.DataFrame({"who": who.where(who != ""), "day": days})
    visits = len(facts.dropna().drop_duplicates())
    best, best_size = "", 0
    for header in columns.headers[:MOST_COLUMNS]:
        if not columns.free(header) or header in dict(found.personal) or _matches("orders", [header]) or columns.dates(header).share > 0.5:
            continue
        size = columns.distinct(header)
        if visits and size >= 0.9 * visits and size > best_size and columns.filled(header) == found.rows:
            broken, orders = _broken(columns, [header], facts)
            if broken <= FEW_BROKEN * orders and (size < found.rows or visits >= 0.9 * found.rows):
                best, best_size = header, size
    return best


# Orders: numbers -----------------------------------------------------------


def _numbers(columns: _Columns, found: TableDraft, named: dict) -> dict[str, tuple[int, str]]:
    """The best column of each number field whose values are numbers."""
    chosen: dict[str, tuple[int, str]] = {}
    for name in ("quantity", "unit_price", "amount", "order_total", "list_price", "margin", "unit_cost", "shipping", "discount"):
        for rank, header in named.get(name, []):
            if not columns.free(header) or header in [taken for _, taken in chosen.values()]:
                continue
            if columns.numbers(header).found:
                chosen[name] = (rank, header)
                break
    return chosen


def _decimal(columns: _Columns, found: TableDraft, number_columns: dict) -> values.Convention:
    looks = {header: columns.numbers(header) for name, (_, header) in number_columns.items() if name != "discount"}
    said = values.convention(looks)
    found.format["decimal"] = Guess("decimal", said.decimal, said.certainty, said.why)
    found.format["thousands"] = Guess("thousands", said.thousands, said.certainty, "the sign between thousands that goes with it")
    if not said.decimal:
        found.questions.append(f"Which sign is the decimal sign? {_capital(said.why)}.")
    scientific = [header for header, look in looks.items() if look.scientific]
    if scientific:
        found.questions.append(f'"{shown(scientific[0])}" holds numbers like {columns.numbers(scientific[0]).example["scientific"]}, which have lost digits in Excel. Can you export it again?')
    return said


def _amount(columns: _Columns, found: TableDraft, number_columns: dict, said: values.Convention, order: pd.Series | None) -> pd.Series | None:
    """The money of a line: its own column, or quantity times unit price; never an order total on every line."""
    decimal, thousands = said.decimal or ".", said.thousands

    def read(name: str) -> pd.Series | None:
        if name not in number_columns:
            return None
        return values.as_numbers(columns.frame[number_columns[name][1]], decimal=decimal, thousands=thousands)

    quantity, price = read("quantity"), read("unit_price")
    product = quantity * price if quantity is not None and price is not None else None
    total_on_lines = ""
    tried = []
    for name in ("amount", "order_total"):
        if name not in number_columns:
            continue
        rank, header = number_columns[name]
        amount = read(name)
        why = [_header_said(rank, header)]
        share = _agreement(amount, product)
        if share is not None and share >= 0.98:
            why.append(f"equals quantity x price on {words.percent(share)} of the lines")
            return _take_amount(columns, found, header, SURE, why, amount, number_columns)
        only_price = _agreement(amount, price) if quantity is not None and (quantity.abs() > 1).mean() > 0.1 else None
        if price is None and quantity is not None and name == "amount" and rank >= 1000:
            why.append("found by part of its header")
        if only_price is not None and only_price >= 0.98:
            tried.append(f'"{shown(header)}" equals the unit price, so it is not the money of the line')
            continue
        constant = _constant_in_orders(amount, order)
        if constant is not None and constant >= 0.95:
            total_on_lines = header
            tried.append(f'"{shown(header)}" is the same on all lines of {words.percent(constant)} of the orders with several lines: an order total, which would be counted once per line')
            continue
        if name == "order_total" and order is not None and order.duplicated().any() and product is not None:
            tried.append(f'"{shown(header)}" is called an order total')
            continue
        if share is not None:
            why.append(f"quantity x price gives the same on {words.percent(share)} of the lines; the rest may be discount")
            found.questions.append(
                f'Is "{shown(header)}" what the customer paid for the line? It equals {shown(number_columns["quantity"][1])} x {shown(number_columns["unit_price"][1])} on {words.percent(share)} of the lines only.'
            )
        sure = (SURE if rank < 1000 else LIKELY) if share is None or share > 0.5 else CHECK
        if name == "order_total":
            sure = LIKELY
            why.append("one line an order, so the order total is the line's money")
        return _take_amount(columns, found, header, sure, why, amount, number_columns)
    if product is not None:
        why = ["no amount column" if not tried else "; ".join(tried)]
        why.append(f"quantity x price gives money on {words.percent(float(product.notna().mean()))} of the lines")
        parts = [number_columns["quantity"][1], number_columns["unit_price"][1]]
        for part in parts:
            columns.taken.setdefault(part, "amount")
        if total_on_lines:
            columns.taken.setdefault(total_on_lines, "not used: an order total")
        found.columns["amount"] = Guess("amount", {"multiply": parts}, SURE if not tried and max(number_columns[n][0] for n in ("quantity", "unit_price")) < 1000 else LIKELY, "; ".join(why))
        _take_quantity(columns, found, number_columns)
        if total_on_lines:
            found.questions.append(f'"{shown(total_on_lines)}" looks like the total of the whole order, printed on each of its lines. Is quantity x price the money of a line, before or after discount?')
        return product
    if price is not None and quantity is None and not tried:
        rank, header = number_columns["unit_price"]
        found.questions.append(f'Is "{shown(header)}" the money of the whole line? There is no quantity beside it.')
        return _take_amount(columns, found, header, CHECK, [_header_said(rank, header), "the only column of money, and no quantity beside it"], price, number_columns)
    _take_quantity(columns, found, number_columns)
    if tried:
        found.columns["amount"] = Guess("amount", "", CHECK, "; ".join(tried))
        found.questions.append(f'Where is the money of each line? "{shown(total_on_lines)}" repeats the total of the order on each line, and would be counted several times.' if total_on_lines else "Where is the money of each line?")
        return None
    header = _money_by_values(columns, found)
    if header:
        found.questions.append(f'Is "{shown(header)}" the money of the line? Its header does not say so.')
        columns.taken[header] = "amount"
        look = values.convention({header: columns.numbers(header)})
        found.format["decimal"] = Guess("decimal", look.decimal, look.certainty, look.why)
        found.format["thousands"] = Guess("thousands", look.thousands, look.certainty, "the sign between thousands that goes with it")
        found.columns["amount"] = Guess("amount", header, CHECK, "by its values only: the one column of numbers with decimals")
        return values.as_numbers(columns.frame[header], decimal=look.decimal or ".", thousands=look.thousands)
    found.columns["amount"] = Guess("amount", "", CHECK, "no column holds the money of a line, and there is no quantity with a unit price")
    found.questions.append("Which column says how much the line brought in? Without it there is no report.")
    return None


def _take_amount(columns, found, header, sure, why, amount, number_columns) -> pd.Series:
    columns.taken[header] = "amount"
    found.columns["amount"] = Guess("amount", header, sure, "; ".join(why))
    _take_quantity(columns, found, number_columns)
    return amount


def _take_quantity(columns: _Columns, found: TableDraft, number_columns: dict) -> None:
    if "quantity" in number_columns:
        rank, header = number_columns["quantity"]
        look = columns.numbers(header)
        columns.taken[header] = "quantity"
        found.columns["quantity"] = Guess("quantity", header, SURE if rank < 1000 else LIKELY, f"{_header_said(rank, header)}; {words.percent(look.whole)} whole numbers")


def _agreement(one: pd.Series | None, other: pd.Series | None) -> float | None:
    """Share of lines on which two columns of numbers are the same, to the cent."""
    if one is None or other is None:
        return None
    both = one.notna() & other.notna()
    if not both.any():
        return None
    return float(((one[both].abs() - other[both].abs()).abs() < 0.0051).mean())


def _constant_in_orders(amount: pd.Series, order: pd.Series | None) -> float | None:
    """Share of the orders with several lines that show the same amount on all of them."""
    if order is None:
        return None
    grouped = amount.groupby(order.where(order != ""), sort=False)
    several = grouped.size() > 1
    if several.sum() < 10:
        return None
    return float((grouped.nunique()[several] == 1).mean())


def _money_by_values(columns: _Columns, found: TableDraft) -> str:
    people = dict(found.personal)
    fitting = [
        header
        for header in columns.headers[:MOST_COLUMNS]
        if columns.free(header) and header not in people and columns.numbers(header).found and not _matches("orders", [header])
        and (columns.numbers(header).dots + columns.numbers(header).commas or columns.numbers(header).signs)
    ]  # fmt: skip
    return fitting[0] if len(fitting) == 1 else ""


def _other_money(columns: _Columns, found: TableDraft, number_columns: dict) -> None:
    """List price and margin are columns; shipping, discount and cost are questions."""
    for name in ("list_price", "margin"):
        if name in number_columns and columns.free(number_columns[name][1]):
            rank, header = number_columns[name]
            columns.taken[header] = name
            found.columns[name] = Guess(name, header, SURE if rank < 0 else LIKELY, _header_said(rank, header))
    if "margin" in found.columns and found.columns["margin"].sure != SURE:
        found.questions.append(f'Is "{shown(found["margin"])}" the margin of the whole line in money (not a percentage, not per piece)?')
    if "shipping" in number_columns:
        found.questions.append(f'"{shown(number_columns["shipping"][1])}" is shipping in a column of its own. Is it part of the amount? It should not be: it is no sale of goods.')
    if "discount" in number_columns:
        found.questions.append(f'"{shown(number_columns["discount"][1])}" is a discount. Is the amount before or after it? It should be after: what the customer paid.')


def _currency(columns: _Columns, found: TableDraft, number_columns: dict, named: dict) -> None:
    """The currency, from signs in the values, units in headers or a currency column."""
    signs: dict[str, int] = {}
    for _, header in number_columns.values():
        for sign, rows in columns.numbers(header).signs.items():
            signs[sign] = signs.get(sign, 0) + rows
        bracket = values.unit(header)
        if bracket in values.SIGNS or bracket.upper() in values.CODES:
            signs[bracket] = signs.get(bracket, 0) + found.rows
    column = next((header for _, header in named.get("currency", []) if columns.filled(header)), "")
    if column:
        columns.taken.setdefault(column, "currency")
        seen = columns.counts(column)
        for code in seen.index:
            signs[str(code)] = signs.get(str(code), 0) + int(seen[code])
    chinese = any("一" <= sign <= "鿿" for header in columns.headers for sign in header)
    codes: dict[str, int] = {}
    doubtful = ""
    for sign, rows in signs.items():
        code = values.SIGNS.get(sign) or {"RMB": "CNY", "人民币": "CNY"}.get(sign.upper()) or (sign.upper() if sign.upper() in values.CODES else "")
        if sign == "¥" or sign == "￥":
            code, doubtful = "CNY", "" if chinese else "the sign ¥ stands for yuan and for yen"
        elif sign == "$":
            code, doubtful = "USD", "the sign $ stands for several dollars"
        if code:
            codes[code] = codes.get(code, 0) + rows
    if len(codes) == 1:
        code, rows = next(iter(codes.items()))
        example = next(iter(signs))
        found.currency = Guess("currency", code, CHECK if doubtful else SURE, doubtful or f"{example} in the header or the values")
    elif len(codes) > 1:
        found.currency = Guess("currency", "", CHECK, f"several currencies: {words.listing(codes)}")
        found.questions.append(f"The file holds several currencies ({words.listing(codes)}). Which one? Amounts in different currencies cannot be added: export one at a time.")
        return
    elif chinese:
        found.currency = Guess("currency", "CNY", LIKELY, "no currency in the file; the headers are Chinese")
    else:
        found.currency = Guess("currency", "", CHECK, "no currency sign or code anywhere in the file")
    if found.currency.sure == CHECK:
        found.questions.append("In which currency is the money? " + (f"The draft says {found.currency.value}: {doubtful}." if found.currency.value else 'Write it into the mapping: currency = "GBP".'))


def _extra_digits(columns: _Columns, found: TableDraft) -> None:
    """Whether amounts carry more digits than the currency has, which the door rejects unless told to round."""
    decimal = found["decimal"]
    code = found.currency.value if found.currency and found.currency.value else "CNY"
    digits = currency(str(code)).digits
    for name in ("amount", "list_price", "margin"):
        header = found[name]
        if not decimal or not isinstance(header, str) or not header:
            continue
        lines, example = values.longer_than(columns.frame[header], digits, decimal=str(decimal))
        if lines:
            found.format["extra_digits"] = Guess(
                "extra_digits", "round", CHECK, f'{words.count(lines, "value")} in "{shown(header)}" with more than {digits} digits, such as {example}; without "round" they are rejected'
            )
            found.questions.append(f'May amounts such as {example} in "{shown(header)}" be rounded to {digits} digits, line by line? The reports say how much that changes.')
            return


# Orders: labels ------------------------------------------------------------


def _labels(columns: _Columns, found: TableDraft, named: dict) -> None:
    """Product, shop, channel and the other columns of text."""
    for name in ("product_id", "store_id", "channel", "region", "campaign_id", "sales_behaviour"):
        for rank, header in named.get(name, []):
            reuse = columns.taken.get(header) == "order_id" and name == "store_id"
            if not (columns.free(header) or reuse) or not columns.filled(header):
                continue
            if columns.dates(header).found or (name == "product_id" and _is_prose(columns, header)):
                continue
            seen = columns.counts(header)
            columns.taken[header] = name
            noun = {"product_id": "product", "store_id": "shop", "region": "region", "campaign_id": "campaign"}.get(name, "value")
            sure = SURE if rank < 1000 else LIKELY
            why = f"{_header_said(rank, header)}; {words.count(len(seen), noun)}"
            if len(seen) == 1:
                why += ", so it tells nothing apart"
            found.columns[name] = Guess(name, header, sure, why)
            break
    if "product_id" not in found.columns:
        name = next((header for _, header in named.get("description", []) if columns.free(header) and columns.filled(header) and not columns.numbers(header).found), "")
        if name:
            columns.taken[name] = "product_id"
            found.columns["product_id"] = Guess("product_id", name, CHECK, f'no product code; "{shown(name)}" stands in for it, {words.count(columns.distinct(name), "name")}')
    name = next((header for _, header in named.get("kind", []) if columns.free(header) and set(columns.counts(header).index) <= set(TABLES["orders"]["kind"].allowed)), "")
    if name and columns.filled(name):
        columns.taken[name] = "kind"
        found.columns["kind"] = Guess("kind", name, SURE, f'header "{shown(name)}"; its values are the words of the contract')


def _is_prose(columns: _Columns, header: str) -> bool:
    seen = columns.counts(header).index.astype(str)[:500]
    return bool(len(seen)) and float((seen.str.count(" ") >= 2).mean()) > 0.5


def _returns(columns: _Columns, found: TableDraft, named: dict, order: pd.Series | None, money: pd.Series | None) -> None:
    """How returns and cancellations look, from status words, number prefixes and signs."""
    negative = money < 0 if money is not None else pd.Series(False, index=columns.frame.index)
    flags = [header for name in ("kind", "status") for _, header in named.get(name, []) if columns.taken.get(header, "") in ("", "status") and columns.filled(header)]
    is_return = pd.Series(False, index=columns.frame.index)
    rules: list[dict] = []
    reasons: list[str] = []
    gone_rules: list[dict] = []
    gone_reasons: list[str] = []
    kinds = {header for _, header in named.get("kind", [])}
    for header in dict.fromkeys(flags):
        text = columns.text(header)
        keys = {value: joined(value) for value in columns.counts(header).index.astype(str)}
        back = [value for value, key in keys.items() if key in _word_list("returned")]
        gone = [value for value, key in keys.items() if key in _word_list("cancelled")]
        partly = [value for value, key in keys.items() if key in _word_list("not_a_return")]
        if not back and any(word in joined(header) for word in ("退货", "退款", "return", "refund")):
            back = [value for value, key in keys.items() if key in _YES]
        if back or gone or partly:
            columns.taken[header] = "status"
        if back:
            lines = text.isin(back)
            said = f'"{shown(header)}" is {_said_values(back)} on {words.count(int(lines.sum()), "line")}'
            rule = {"column": header, "equals": back}
            if header in kinds or negative[lines].any() or _has_partner(columns, found, lines, money):
                rules.append(rule)
                reasons.append(said)
                is_return |= lines
            else:
                gone_rules.append(rule)
                gone_reasons.append(f"{said}, with positive amounts and no line that takes them back: the sale itself seems to be marked")
                found.questions.append(
                    f'The {words.count(int(lines.sum()), "line")} with {shown(header)} = {_said_values(back)} are positive, and no other line takes the money back. '
                    "The draft takes them for sales that were undone, as if cancelled. Is that right?"
                )
        if gone:
            lines = int(text.isin(gone).sum())
            gone_rules.append({"column": header, "equals": gone})
            gone_reasons.append(f'"{shown(header)}" is {_said_values(gone)} on {words.count(lines, "line")}')
            found.questions.append(f'Are the {words.count(lines, "line")} with {shown(header)} = {_said_values(gone)} orders that never happened? The draft takes them for cancelled and counts none of their money.')
        if partly:
            found.questions.append(f'{words.count(int(text.isin(partly).sum()), "line")} with {shown(header)} = {_said_values(partly)}: what was given back is not in the file, so they count in full.')
    if rules:
        found.rules["returns"] = Guess("returns", rules[0] if len(rules) == 1 else rules, LIKELY, "; ".join(reasons))
    if gone_rules:
        found.rules["cancelled"] = Guess("cancelled", gone_rules[0] if len(gone_rules) == 1 else gone_rules, LIKELY, "; ".join(gone_reasons))
    receipt = found["order_id"]
    receipt = receipt[-1] if isinstance(receipt, list) else receipt
    if not rules and receipt and money is not None and negative.any() and columns.taken.get(receipt) == "order_id":
        prefix = _prefix(columns.text(receipt), negative)
        if prefix:
            is_return = columns.text(receipt).str.startswith(prefix)
            minus = int((is_return & negative).sum())
            lines = int(is_return.sum())
            found.rules["returns"] = Guess(
                "returns", {"column": receipt, "starts_with": prefix}, SURE if minus == lines and not (negative & ~is_return).any() else LIKELY,
                f'{words.count(lines, "line")} with {shown(receipt)} starting with {prefix}; {minus:,} of them negative, {int((negative & ~is_return).sum()):,} of the other lines',
            )  # fmt: skip
            found.questions.append(f"Are the lines whose {shown(receipt)} starts with {prefix} goods that came back (returns), or orders called off before delivery? The draft says returns: their money is taken off.")
    by_kind = "kind" in found.columns
    if by_kind:
        kind = columns.text(str(found["kind"])).str.lower()
        is_return |= kind == "return"
        negative = negative & ~kind.isin(["cancellation", "non_product"])
    unmarked = int((negative & ~is_return).sum())
    if "returns" in found.rules or (by_kind and is_return.any()):
        marked = money[is_return].dropna() if money is not None else pd.Series(dtype="float64")
        minus = float((marked < 0).mean()) if len(marked) else 1.0
        found.rules["returns_sign"] = Guess(
            "returns_sign", "negative" if minus >= 0.5 else "positive", SURE if minus in (0.0, 1.0) else LIKELY,
            f"{words.percent(minus)} of the amounts on returns are negative",
        )  # fmt: skip
    marks = "returns" in found.rules or by_kind
    if unmarked and not marks:
        why = f"{words.count(unmarked, 'line')} with a negative amount and nothing else that marks a return"
        found.rules["negative_amounts"] = Guess("negative_amounts", "return", CHECK, why)
        found.questions.append(f"Are the {words.count(unmarked, 'line')} with a negative amount returns? Nothing else in the file says so.")
    elif unmarked:
        found.rules["negative_amounts"] = Guess("negative_amounts", "return", CHECK, f"{words.count(unmarked, 'line')} with a negative amount beside the marked returns")
    else:
        found.rules["negative_amounts"] = Guess("negative_amounts", "return", SURE, "no negative amount beside the marked returns" if marks else "no negative amount in the file")
    if not marks and not unmarked:
        found.missing.append(("returns", "no line looks like a return. If goods come back, the export may leave them out, and revenue is then too high."))


_YES = {"是", "yes", "y", "true", "1", "已退", "有", "ja", "oui"}


def _has_partner(columns: _Columns, found: TableDraft, lines: pd.Series, money: pd.Series | None) -> bool:
    """Whether most marked lines repeat the amount of another line of the customer: a sale and its return."""
    if money is None or not found["customer_id"]:
        return False
    key = columns.text(found["customer_id"]) + "\x1f" + money.abs().map("{:.2f}".format)
    return bool(key[lines].isin(set(key[~lines])).mean() >= 0.5)


def _said_values(items: list[str]) -> str:
    return words.listing(shown(item) for item in items).replace(" and ", " or ")


def _prefix(numbers: pd.Series, negative: pd.Series) -> str:
    """The letters before order numbers whose lines are negative, when other lines hardly ever are."""
    letters = numbers.str.extract(r"^([A-Za-z\u4e00-\u9fff]{1,4})", expand=False).fillna("")
    shares = negative.groupby(letters).agg(["mean", "size"])
    for prefix in shares.index[(shares["mean"] >= 0.95) & (shares.index != "")]:
        starts = numbers.str.startswith(prefix)
        if starts.mean() < 0.5 and negative[starts].mean() >= 0.95 and negative[~starts].mean() <= 0.05:
            return str(prefix)
    return ""


def _repeats(columns: _Columns, found: TableDraft) -> None:
    again = columns.frame.duplicated()
    lines = int(again.sum())
    if not lines:
        found.rules["repeats"] = Guess("repeats", "keep", SURE, "no line repeats another exactly")
        return
    found.rules["repeats"] = Guess("repeats", "keep", CHECK, f"{words.count(lines, 'line')} {'repeats' if lines == 1 else 'repeat'} an earlier line exactly")
    found.questions.append(f'{_capital(words.count(lines, "line"))} {"repeats" if lines == 1 else "repeat"} an earlier line exactly. The same article scanned twice (keep), or exported twice (drop)? The draft keeps them.')


def _non_products(columns: _Columns, found: TableDraft, money: pd.Series | None) -> None:
    """Codes of postage, fees and manual entries, by the code and by the description beside it."""
    product = found["product_id"]
    found.non_product["treat"] = Guess("treat", "exclude", LIKELY, "postage and fees are no purchase")
    if not product:
        return
    known = synonyms()["non_product"]
    codes = columns.text(product)
    note = next((header for _, header in _matches("orders", columns.headers).get("description", []) if header != product and columns.filled(header) and not columns.numbers(header).found), "")
    if note:
        columns.taken.setdefault(note, "description")
    text = columns.text(note) if note else pd.Series("", index=codes.index)
    pairs = pd.DataFrame({"code": codes, "text": text, "money": money if money is not None else 0.0}).loc[lambda f: f["code"] != ""]
    lines = pairs.groupby(["code", "text"], sort=False)["money"].agg(["size", "sum"]).reset_index()
    shapes = columns.counts(product).groupby([values.shape(str(code)) for code in columns.counts(product).index]).sum()
    has_digit = sum(int(rows) for form, rows in shapes.items() if "9" in form) / max(int(shapes.sum()), 1)
    usual = {form for form, rows in shapes.items() if rows >= 0.02 * shapes.sum() and "9" in form}
    by_text = lines["text"].map(lambda value: _is_phrase(value, known["phrases"]))
    by_name = lines["code"].map(lambda value: _is_phrase(value, known["phrases"]))
    # A code such as M or BAG is telling only where products usually carry numbers.
    by_code = lines["code"].map(joined).isin(known["codes"]) if has_digit >= 0.8 else pd.Series(False, index=lines.index)
    odd = lines["code"].map(lambda code: values.shape(code) not in usual)
    # One line described as postage under a real product's code is a slip of the pen: the code must mostly be so.
    share = (lines["size"].where(by_text, 0).groupby(lines["code"]).transform("sum")) / lines["size"].groupby(lines["code"]).transform("sum")
    hit = (by_text & (share > 0.5)) | by_name | (by_code & odd)
    arguable = hit & (lines["text"].map(joined).isin(known["arguable"]) | lines["code"].map(joined).isin(known["arguable"]))
    chosen, doubtful = _grouped(lines[hit & ~arguable]), _grouped(lines[arguable])
    if chosen:
        found.non_product["product_id"] = Guess("product_id", [code for code, _, _, _ in chosen], LIKELY, "; ".join(_said_code(*entry) for entry in chosen[:12]))
        total = sum(rows for _, _, rows, _ in chosen)
        found.questions.append(f"Are {_said_values([code for code, *_ in chosen[:8]])} postage, fees or manual entries ({words.count(total, 'line')})? The draft leaves them out of revenue and names them.")
    if doubtful:
        found.questions.append(f"Some firms count these as sales, some do not; the draft counts them: {'; '.join(_said_code(*entry) for entry in doubtful[:6])}. To leave them out, add the code to [orders.non_product].")
    others = [str(code) for code in lines.loc[~hit & odd, "code"].unique() if not re.search(r"\d", str(code))] if has_digit >= 0.8 else []
    if others:
        found.questions.append(f"Are these codes goods? They hold no number, as other codes do: {_said_values(others[:8])}.")


def _is_phrase(value: str, phrases: dict[str, int]) -> bool:
    return bool(value) and joined(value) in phrases


def _grouped(lines: pd.DataFrame) -> list[tuple[str, str, int, float]]:
    """[(code, description, lines, money)] with the most lines first."""
    return [
        (str(code), str(group["text"].iloc[0]), int(group["size"].sum()), float(group["sum"].sum()))
        for code, group in sorted(lines.groupby("code", sort=False), key=lambda item: -int(item[1]["size"].sum()))
    ]


def _said_code(code: str, text: str, rows: int, total: float) -> str:
    name = f" ({shown(text).lower()})" if text and joined(text) != joined(code) else ""
    return f"{shown(code)}{name} {words.count(rows, 'line')}, {total:,.2f}"


def _not_persons(columns: _Columns, found: TableDraft) -> None:
    """Ids that are no person: words such as 散客, ids of zeros, and cards that behave like nobody."""
    customer = found["customer_id"]
    found.not_persons["walk_in"] = Guess("walk_in", [], LIKELY, "no id is called walk-in or guest")
    found.not_persons["staff"] = Guess("staff", [], CHECK, "a file of orders does not say who is staff: list their ids here")
    if not customer:
        return
    seen = columns.counts(customer)
    walk_in = [str(code) for code in seen.index if joined(code) in _word_list("walk_in") or not joined(code)]
    staff = [str(code) for code in seen.index if joined(code) in _word_list("staff")]
    filler = [str(code) for code in seen.index if re.fullmatch(r"0+|9{3,}|-1", str(code))]
    busy = float(seen.quantile(0.9))
    walk_in += [code for code in filler if seen[code] >= max(3, 2 * busy)]
    asked = [code for code in filler if seen[code] < max(3, 2 * busy)]
    if walk_in:
        total = int(seen[walk_in].sum())
        found.not_persons["walk_in"] = Guess("walk_in", walk_in, LIKELY, f"{_said_values(walk_in)}: {words.count(total, 'line')}, no single person")
        found.questions.append(f"Does {_said_values(walk_in)} stand for customers without a card ({words.count(total, 'line')})? The draft counts their money and gives it to nobody.")
    if asked:
        found.questions.append(f"Is {_said_values(asked)} a real customer? Such ids often mean that nobody gave a card.")
    if staff:
        found.not_persons["staff"] = Guess("staff", staff, LIKELY, f"{_said_values(staff)} by the word")
    shared = _shared_cards(columns, found, set(walk_in + staff))
    if shared:
        said = "; ".join(f"{shown(code)}: {days} days with {orders:g} orders a day" for code, days, orders in shared[:5])
        found.not_persons["shared_card"] = Guess("shared_card", "set_aside", LIKELY, f"behaves like no single person: {said}")
        found.questions.append(f"Who is {_said_values([code for code, _, _ in shared[:5]])}? {'It buys' if len(shared) == 1 else 'They buy'} several times a day, as a card at the till would. The draft sets {'it' if len(shared) == 1 else 'them'} aside.")
    else:
        found.not_persons["shared_card"] = Guess("shared_card", "set_aside", SURE, "no id behaves like a card that many people share")


def _shared_cards(columns: _Columns, found: TableDraft, known: set[str]) -> list[tuple[str, int, float]]:
    """Ids with 20 order days or more and at least 3 orders a day in the median: (id, days, orders a day)."""
    order, when = found["order_id"], found["ordered_at"]
    when = when[0] if isinstance(when, list) else when
    if not order or not when:
        return []
    frame = pd.DataFrame({
        "who": columns.text(found["customer_id"]), "day": columns.dates(when).parsed.dt.normalize(),
        "order": _joined_key(columns, order if isinstance(order, list) else [order]),
    }).loc[lambda f: (f["who"] != "") & ~f["who"].isin(known)]  # fmt: skip
    a_day = frame.groupby(["who", "day"])["order"].nunique().groupby("who").agg(["size", "median"])
    cards = a_day[(a_day["size"] >= 20) & (a_day["median"] >= 3)]
    return [(str(code), int(row["size"]), float(row["median"])) for code, row in cards.iterrows()]


# The other tables ------------------------------------------------------------


def _draft_other(columns: _Columns, found: TableDraft) -> None:
    """Customers, products, contacts: headers first, then whether the values fit the column's type."""
    people = {header for header, _ in found.personal}
    named = _matches(found.table, [header for header in columns.headers if header not in people])
    looks: dict[str, values.Numbers] = {}
    dated: dict[str, values.Dates] = {}
    for column in TABLES[found.table]:
        for rank, header in named.get(column.name, []):
            if not columns.free(header) or not columns.filled(header):
                continue
            if column.kind in ("date", "datetime") and not columns.dates(header).found:
                continue
            if column.kind in ("money", "number", "integer") and not columns.numbers(header).found:
                continue
            columns.taken[header] = column.name
            why = [_header_said(rank, header), words.count(columns.distinct(header), "value")]
            sure = SURE if rank < 1000 else LIKELY
            if column.unique and columns.distinct(header) < columns.filled(header):
                sure = CHECK
                twice = columns.filled(header) - columns.distinct(header)
                why.append(f"{words.count(twice, 'row')} repeat an id, and will be rejected")
            if column.kind in ("date", "datetime"):
                dated[header] = columns.dates(header)
            if column.kind in ("money", "number"):
                looks[header] = columns.numbers(header)
            if column.allowed or column.kind == "yes_no":
                unclear = _meanings(columns, found, column, header)
                if column.name in found.values:
                    meanings = found.values[column.name].items()
                    why.append("read " + ", ".join(f"{shown(word)} as {meaning}" for word, meaning in meanings))
                    sure = LIKELY
                if unclear:
                    sure = CHECK
                    why.append(f"{_said_values(unclear[:4])} is none of the contract's words")
            found.columns[column.name] = Guess(column.name, header, sure, "; ".join(why))
            break
        if column.required and column.name not in found.columns:
            found.columns[column.name] = Guess(column.name, "", CHECK, "no column with such a header and fitting values")
            found.questions.append(f"Which column of {shown(found.source)} is {column.name}? {column.means}")
    if dated:
        look = next(iter(dated.values()))
        found.format["date"] = Guess("date", look.format, look.certainty, look.why)
        if look.readings:
            found.questions.append(f"Which comes first in {shown(next(iter(dated)))}, the day or the month? {_capital(look.spread)}.")
    if looks:
        said = values.convention(looks)
        found.format["decimal"] = Guess("decimal", said.decimal, said.certainty, said.why)
        found.format["thousands"] = Guess("thousands", said.thousands, said.certainty, "the sign between thousands that goes with it")


def _meanings(columns: _Columns, found: TableDraft, column: Column, header: str) -> list[str]:
    """Note what their words mean in the contract's; give back those that nobody can tell."""
    allowed = column.allowed or ("yes", "no")
    known = synonyms()["meanings"]
    read_already = {**dict.fromkeys(YES, "yes"), **dict.fromkeys(NO, "no")} if column.kind == "yes_no" else {}
    unclear = []
    for word in columns.counts(header).index.astype(str):
        if word.lower() in allowed or word.lower() in read_already:
            continue
        meaning = next((name for name in allowed if joined(word) in known.get(name, {})), "")
        if meaning:
            found.values.setdefault(column.name, {})[word] = meaning
        else:
            unclear.append(word)
    if unclear:
        found.questions.append(
            f'What do {_said_values(unclear[:6])} in "{shown(header)}" mean: {words.listing(allowed).replace(" and ", " or ")}? '
            f'Write it into the mapping: [{found.table}.values] {column.name} = {{ "{shown(unclear[0])}" = "{allowed[0]}" }}.'
        )
    return unclear


def _missing(found: TableDraft) -> list[tuple[str, str]]:
    """Optional columns that were not found, with what they would tell."""
    return [
        (column.name, column.gain or column.means)
        for column in TABLES[found.table]
        # What a line is comes from the rules for returns and cancelled lines, too.
        if not column.required and column.name not in found.columns and (found.table, column.name) != ("orders", "kind")
    ]  # fmt: skip
