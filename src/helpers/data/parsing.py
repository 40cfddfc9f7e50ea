"""Stage two of the door: the mapping is applied, values are parsed, the contract is checked.

Every line either becomes a typed row or a reject with its reason. A fault that
would reject more than half of the lines has one cause, in the mapping or in the
export, and is refused as a whole.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from helpers.data import contract
from helpers.data.amounts import Fault, Numbers, as_float, combine, decide_signs, read_numbers, to_minor
from helpers.data.contract import Column
from helpers.data.dates import read_dates
from helpers.data.mapping import Format, Rule, Source, TableMapping, pattern_of
from helpers.data.raw import RawTable
from helpers.errors import DataError
from helpers.money import currency
from helpers.words import count, listing

REJECT_COLUMNS = ["table", "file", "line", "column", "rule", "message", "value", "row"]

# What programs write where they mean an empty cell. "NULL" is nobody's customer number.
EMPTY = ("null", "none", "nan", "nat", "n/a", "#n/a", "\\n", "-", "--")
_YES = ("yes", "y", "true", "t", "1", "是", "有", "ja", "oui")
_NO = ("no", "n", "false", "f", "0", "否", "无", "nein", "non")

_LARGEST_MINOR = 1e15


@dataclass
class Parsed:
    """One table after the door.

    Parameters
    ----------
    frame : DataFrame
        Accepted rows: contract columns under their stored names, `source_file`,
        `source_line`, and for orders the marks of `MARKS` (bool).
    rejects : DataFrame
        One row for each line that was not accepted.
    rows_in : int
        Data rows of the files.
    notes : list of str
    rejected : DataFrame
        For orders: `customer_id` and `amount_minor` of rejected lines, where they could be read.
    rounding : Fraction
        Sum of (rounded - exact) amount over the accepted lines, in minor units.
    rounded_lines : int
        Accepted lines whose exact amount has more digits than the currency.
    """

    frame: pd.DataFrame
    rejects: pd.DataFrame
    rows_in: int
    notes: list[str]
    rejected: pd.DataFrame
    rounding: Fraction = Fraction(0)
    rounded_lines: int = 0


MARKS = ("is_repeat", "is_cancelled", "is_non_product")


def parse(raw: RawTable, mapping: TableMapping, *, currency_code: str) -> Parsed:
    """Turn a table of text into the contract's typed columns.

    Parameters
    ----------
    raw : RawTable
        What `reading.read` gave.
    mapping : TableMapping
        Which columns stand for what, and how values are written.
    currency_code : str
        ISO code of the currency of all amounts.

    Returns
    -------
    Parsed

    Raises
    ------
    DataError
        If columns are missing, a format is ambiguous, or one cause would reject
        more than half of the lines.
    """
    check_columns(raw, mapping)
    work = _Work(raw, mapping, currency_code)
    frame = work.columns()
    if mapping.table == "orders":
        frame = work.order_marks(frame)
    return work.finish(frame)


def check_columns(raw: RawTable, mapping: TableMapping) -> None:
    """Whether the file has every column that the mapping names, once.

    Raises
    ------
    DataError
        Naming what is missing and what there is.
    """
    named = mapping.source_columns
    missing = [column for column in named if column not in raw.columns]
    if missing:
        refuse_without_header(raw)
        near = difflib.get_close_matches(missing[0], raw.columns, n=1, cutoff=0.7)
        advice = f"Did you mean {near[0]!r}? " if near else ""
        raise DataError(
            f"{raw.name} has no column {listing(map(repr, missing))}; it has {columns_in_words(raw.columns)}. "
            f"{advice}Correct the mapping, or draft one with: workbook map {raw.files[0]}"
        )
    for column in named:
        if f"{column} (2)" in raw.columns:
            raise DataError(f"{raw.name} has the column {column!r} twice. Rename one of the two in the header line.")
    for file, columns in raw.absent.items():
        gone = [column for column in named if column in columns]
        if gone:
            raise DataError(
                f"{file} has no column {listing(map(repr, gone))}, which the other files have. "
                "Export it again with the same columns, or take it out of the folder."
            )


def refuse_without_header(raw: RawTable) -> None:
    """Whether the first line holds data; its cells may be personal and must not get into a message.

    Raises
    ------
    DataError
        If a third of the column names are numbers, dates or amounts.
    """
    figures = [name for name in raw.columns if re.fullmatch(r"[-+¥$€£]?\d[\d.,:/ -]*(?: \(\d+\))?", name)]
    if len(figures) >= max(len(raw.columns) / 3, 1):
        raise DataError(
            f"{raw.files[0]} seems to have no column names: {len(figures)} of {count(len(raw.columns), 'name')} "
            "in its first line are numbers or dates. Put a line with the column names above the data."
        )


def columns_in_words(columns: list[str], most: int = 12) -> str:
    """Column names for a message, not more than fit in it."""
    shown = [column[:40] for column in columns[:most]]
    if len(columns) > most:
        shown.append(f"{len(columns) - most:,} more")
    return listing(shown)


class _Work:
    """The state of parsing one table: cleaned columns, faults found, notes."""

    def __init__(self, raw: RawTable, mapping: TableMapping, currency_code: str) -> None:
        self.raw, self.mapping, self.code = raw, mapping, currency_code
        self.digits = currency(currency_code).digits
        self.table = contract.TABLES[mapping.table]
        self.faults: list[Fault] = []
        self.notes = list(raw.notes)
        self.cleaned: dict[str, pd.Series] = {}
        self.amount: Numbers | None = None
        self.emptied: dict[str, int] = {}

    # Text

    def clean(self, column: str) -> pd.Series:
        """A column of the file without outer spaces, ="..." wrappers and words for "empty"."""
        if column not in self.cleaned:
            codes, uniques = pd.factorize(self.raw.frame[column])
            values = pd.Series(uniques, dtype="str").str.strip().str.strip("\u00a0\u3000")
            values = values.str.replace(r'^="(.*)"$', r"\1", regex=True)
            blank = values.str.lower().isin(EMPTY).to_numpy(bool)
            if blank.any():
                self.emptied[column] = int(blank[codes].sum())
            values = values.mask(blank, "")
            self.cleaned[column] = values.take(codes).set_axis(self.raw.frame.index)
        return self.cleaned[column]

    def text(self, key: str, source: Source) -> pd.Series:
        """The text of a contract column: one column, or several joined."""
        parts = [self.clean(column) for column in source.columns]
        text = parts[0]
        if len(parts) > 1:
            sign = " " if self.table[key].kind == "datetime" else "-"
            whole = np.logical_and.reduce([part.ne("").to_numpy(bool) for part in parts])
            text = parts[0].str.cat(parts[1:], sep=sign).where(whole, "")
        words = self.mapping.values.get(key)
        return text.replace(words) if words else text

    # Columns

    def columns(self) -> pd.DataFrame:
        """All mapped columns, typed; unreadable cells are missing and noted as faults."""
        style = self._style()
        found: dict[str, pd.Series] = {}
        for column in self.table:
            source = self.mapping.columns.get(column.name)
            if source is None:
                continue
            found[column.stored] = self._column(column, source, style)
        self._say_what_was_emptied()
        return pd.DataFrame(found, index=self.raw.frame.index)

    def _style(self) -> Format:
        numeric = {}
        for key, source in self.mapping.columns.items():
            if self.table[key].kind in ("money", "number", "integer"):
                numeric |= {column: self.clean(column) for column in source.columns}
        return decide_signs(numeric, self.mapping.format, self.raw.place, self.table.name)

    def _column(self, column: Column, source: Source, style: Format) -> pd.Series:
        index = self.raw.frame.index
        if column.kind == "money":
            return pd.Series(self._money(column, source, style), index=index)
        if column.kind in ("number", "integer"):
            numbers = self._numbers(column, source, style, "")
            if column.kind == "number":
                return pd.Series(as_float(numbers), index=index)
            broken = numbers.present & (numbers.scale > 0)
            self._fault(column.name, "number", broken, f"{column.name} is not a whole number", "Correct the value")
            whole = pd.array(np.where(broken, 0, numbers.mantissa), dtype="Int64")
            whole[~numbers.present | broken] = pd.NA
            return pd.Series(whole, index=index)
        text = self.text(column.name, source)
        if column.kind in ("datetime", "date"):
            dates, faults, notes = read_dates(
                text, self.mapping.format.date, column=column.name, where=self.table.name, place=self.raw.place
            )
            self.faults += faults
            self.notes += notes
            return dates.dt.normalize() if column.kind == "date" else dates
        if column.kind == "yes_no":
            return self._yes_no(column, text)
        if column.kind == "id":
            text = self._ids(column, text)
        elif column.allowed:
            text = text.str.lower()
        return text.mask(text.eq(""))

    def _numbers(self, column: Column, source: Source, style: Format, code: str) -> Numbers:
        parts = []
        for name in source.columns:
            # In quantity x price the currency's sign may stand at the price alone; both may carry it.
            numbers, faults = read_numbers(self.clean(name), style, column=column.name, currency_code=code)
            self.faults += faults
            parts.append(numbers)
        return combine(parts, source.how)

    def _money(self, column: Column, source: Source, style: Format) -> pd.arrays.IntegerArray | np.ndarray:
        numbers = self._numbers(column, source, style, self.code)
        size = np.abs(numbers.mantissa.astype(float)) / 10.0 ** (numbers.scale - self.digits)
        large = numbers.present & (size > _LARGEST_MINOR)
        self._fault(column.name, "money", large, f"{column.name} is larger than any real amount", "Is it the right column?")
        numbers.present &= ~large
        if source.how == "column" and style.extra_digits == "reject":
            fine = numbers.present & (numbers.scale > self.digits)
            self._fault(
                column.name,
                "digits",
                fine,
                f"{column.name} has more than the {self.digits} digits of {self.code} behind the point",
                f'Write extra_digits = "round" in [{self.table.name}.format] to round such amounts, or correct the decimal sign',
            )
            numbers.present &= ~fine
        minor, _, _ = to_minor(numbers, self.digits)
        if column.name == "amount":
            self.amount = numbers
            faulty = self._faulty("amount")
            self._fault("amount", "missing", ~numbers.present & ~faulty, *contract.in_words(self.table.name, "amount", "missing"))
            return minor
        values = pd.array(minor, dtype="Int64")
        values[~numbers.present] = pd.NA
        return values

    def _yes_no(self, column: Column, text: pd.Series) -> pd.Series:
        lower = text.str.lower()
        yes, no = lower.isin(_YES), lower.isin(_NO)
        odd = (~yes & ~no & text.ne("")).to_numpy(bool)
        advice = f'Name the words for yes and no in [{self.table.name}.values], as in {column.name} = {{ "Opt-in" = "yes" }}'
        self._fault(column.name, "yes or no", odd, f"{column.name} is neither yes nor no", advice)
        return yes.astype("boolean").mask(~(yes | no))

    def _ids(self, column: Column, text: pd.Series) -> pd.Series:
        # Only what Excel writes: 1E5 may be somebody's product code, 1.23E+11 is nobody's number.
        scientific = text.str.fullmatch(r"\d(?:[.,]\d+)?[eE]\+\d{1,2}").to_numpy(bool)
        self._fault(
            column.name,
            "id as number",
            scientific,
            f"{column.name} was turned into a number by a spreadsheet and lost its last digits",
            f"Export again with {column.name} as text; a spreadsheet cannot give the digits back",
        )
        filled = text.ne("")
        if filled.any():
            pointed = text.str.fullmatch(r"\d+\.0")
            if pointed.any() and (pointed | text.str.fullmatch(r"\d+") | ~filled).all():
                self.notes.append(
                    f"{column.name}: {count(int(pointed.sum()), 'value')} ended in .0, as when numbers are exported with gaps; "
                    "the ending was dropped."
                )
                text = text.str.removesuffix(".0")
        return text

    # Orders

    def order_marks(self, orders: pd.DataFrame) -> pd.DataFrame:
        """Apply the mapping's rules for returns, and mark repeats, cancelled lines and non-products."""
        kind = orders["kind"] if "kind" in orders else pd.Series(pd.NA, index=orders.index, dtype="str")
        returned = self._meets(self.mapping.returns)
        amount = orders["amount_minor"]
        if self.mapping.returns:
            orders = self._signed_returns(orders, returned)
            amount = orders["amount_minor"]
        elif self.mapping.returns_sign == "positive" and "kind" in orders:
            orders = self._signed_returns(orders, kind.eq("return").fillna(False).to_numpy(bool))
            amount = orders["amount_minor"]
        cancelled = self._meets(self.mapping.cancelled) | kind.eq("cancellation").fillna(False).to_numpy(bool)
        non_product = self._meets(self.mapping.non_product) | kind.eq("non_product").fillna(False).to_numpy(bool)
        if self.mapping.negative_amounts == "reject":
            stray = (amount < 0).to_numpy(bool) & ~returned & ~kind.eq("return").fillna(False).to_numpy(bool)
            self._fault(
                "amount",
                "negative amount",
                stray & ~cancelled & ~non_product,
                "amount is negative and the line meets no rule for returns",
                'Extend returns in [orders.rules], or write negative_amounts = "return"',
            )
        return orders.assign(is_repeat=self._repeats(), is_cancelled=cancelled, is_non_product=non_product)

    def _repeats(self) -> np.ndarray:
        """Lines that repeat an earlier one in every column of the file."""
        frame = self.raw.frame
        repeats = np.zeros(len(frame), dtype=bool)
        # Few lines agree in the mapped columns; only those are compared in all the others.
        alike = frame.duplicated(list(self.mapping.source_columns), keep=False).to_numpy(bool)
        repeats[alike] = frame[alike].duplicated().to_numpy(bool)
        return repeats

    def _signed_returns(self, orders: pd.DataFrame, returned: np.ndarray) -> pd.DataFrame:
        amount = orders["amount_minor"].to_numpy()
        flip = self.mapping.returns_sign == "positive"
        wrong = returned & ((amount < 0) if flip else (amount > 0)) & self.amount.present
        meant = returned & (amount != 0) & self.amount.present
        if wrong.sum() > meant.sum() / 2:
            now, other = ("negative", "positive") if not flip else ("positive", "negative")
            raise DataError(
                f"{int(wrong.sum()):,} of {count(int(meant.sum()), 'return line')} with a {other} amount, "
                f"the first is {self.raw.place(int(np.argmax(wrong)))}, but the mapping says {now}. "
                f'Write returns_sign = "{other}" in [orders.rules].'
            )
        self._fault(
            "amount",
            "return sign",
            wrong,
            f"the line meets the rule for returns, but its amount is {'negative' if flip else 'positive'}",
            "Correct the line, or the rule for returns",
        )
        if not flip:
            return orders
        self.amount.mantissa = np.where(returned, -self.amount.mantissa, self.amount.mantissa)
        changed = {"amount_minor": np.where(returned, -amount, amount)}
        for name in ("quantity", "margin_minor"):
            if name in orders:
                changed[name] = orders[name].where(~(returned & (orders[name] > 0).fillna(False).to_numpy(bool)), -orders[name])
        return orders.assign(**changed)

    def _meets(self, rules: tuple[Rule, ...]) -> np.ndarray:
        met = np.zeros(len(self.raw.frame), dtype=bool)
        for rule in rules:
            # Not the cleaned column: a rule may well ask for "-" or "none".
            met |= meets(self.raw.frame[rule.column].str.strip(), rule)
        return met

    # Faults

    def _fault(self, column: str, rule: str, lines: np.ndarray, message: str, advice: str) -> None:
        if lines.any():
            self.faults.append(Fault(column, rule, lines, message, advice))

    def _faulty(self, column: str) -> np.ndarray:
        lines = np.zeros(len(self.raw.frame), dtype=bool)
        for fault in self.faults:
            if fault.column == column:
                lines |= fault.lines
        return lines

    def _say_what_was_emptied(self) -> None:
        for column, lines in self.emptied.items():
            self.notes.append(
                f"{self.raw.name}: in the column {column!r}, {count(lines, 'cell')} with a word for 'nothing' "
                "(such as NULL, N/A or -) were read as empty."
            )

    def finish(self, frame: pd.DataFrame) -> Parsed:
        """Check the contract on what could be read, and part the lines."""
        self._refuse_one_cause()
        bad = np.zeros(len(frame), dtype=bool)
        for fault in self.faults:
            bad |= fault.lines
        stored = [column.stored for column in self.table if column.stored in frame]
        for column, rule, lines in contract.failures(self.table.name, frame.loc[~bad, stored]):
            mask = np.zeros(len(frame), dtype=bool)
            mask[lines] = True
            self._fault(column, rule, mask, *contract.in_words(self.table.name, column, rule))
        self._refuse_one_cause()
        for fault in self.faults:
            bad |= fault.lines
        names = pd.Categorical.from_codes(self.raw.file, categories=_different(self.raw.files))
        accepted = frame.assign(source_file=names, source_line=self.raw.line)[~bad].reset_index(drop=True)
        rounding, rounded = Fraction(0), 0
        rejected = pd.DataFrame({"customer_id": pd.Series(dtype="str"), "amount_minor": pd.Series(dtype="Int64")})
        if self.amount is not None:
            numbers = Numbers(self.amount.mantissa, self.amount.scale, self.amount.present & ~bad)
            _, odd, rounding = to_minor(numbers, self.digits)
            rounded = int(odd.sum())
            readable = pd.Series(self.amount.present & ~self._faulty_money(), index=frame.index)
            rejected = frame.loc[bad, ["customer_id"]].assign(
                amount_minor=frame["amount_minor"].astype("Int64").where(readable)[bad]
            ).reset_index(drop=True)
        return Parsed(accepted, self._rejects(bad), self.raw.rows_in, self.notes, rejected, rounding, rounded)

    def _faulty_money(self) -> np.ndarray:
        lines = np.zeros(len(self.raw.frame), dtype=bool)
        for fault in self.faults:
            if fault.column == "amount" and fault.rule in ("money", "digits", "currency", "missing"):
                lines |= fault.lines
        return lines

    def _refuse_one_cause(self) -> None:
        """More than half of the lines with the same fault: the mapping or the export is wrong, not the lines."""
        for fault in self.faults:
            lines = int(fault.lines.sum())
            if lines > self.raw.rows_in / 2:
                first = int(np.argmax(fault.lines))
                value = self._value(fault, np.array([first]))[0]
                shown = f" ({value[:40]!r})" if value and fault.column not in ("customer_id", "referrer_id") else ""
                raise DataError(
                    f"{fault.message}: {lines:,} of {count(self.raw.rows_in, 'line')}, "
                    f"the first is {self.raw.place(first)}{shown}. {fault.advice}{'' if fault.advice.endswith('?') else '.'}"
                )

    def _value(self, fault: Fault, positions: np.ndarray) -> list[str]:
        source = self.mapping.columns.get(fault.column)
        if source is None:
            return [""] * len(positions)
        sign = {"multiply": " x ", "sum": " + ", "subtract": " - "}.get(source.how, " ")
        parts = [self.raw.frame[column].iloc[positions].astype(object) for column in source.columns]
        return [sign.join(cells) for cells in zip(*parts, strict=True)]

    def _rejects(self, bad: np.ndarray) -> pd.DataFrame:
        """One row for each rejected line: its first fault in full, the others named behind it."""
        order = {name: place for place, name in enumerate(self.table.names)}
        parts = []
        for fault in sorted(self.faults, key=lambda fault: order[fault.column]):
            at = np.flatnonzero(fault.lines)
            parts.append(
                pd.DataFrame(
                    {"at": at, "column": fault.column, "rule": fault.rule, "message": fault.message, "value": self._value(fault, at)}
                )
            )
        broken = self.raw.broken.assign(table=self.table.name)[REJECT_COLUMNS]
        if not parts:
            return broken.astype("str").astype({"line": "int64"})
        listed = pd.concat(parts, ignore_index=True)
        first = listed.drop_duplicates("at").set_index("at").sort_index()
        more = listed[listed.duplicated("at")].drop_duplicates(["at", "message"])
        more = more[more["message"] != more["at"].map(first["message"])]
        if len(more):
            also = more.groupby("at")["message"].agg("; ".join)
            first.loc[also.index, "message"] += "; also: " + also
        at = first.index.to_numpy()
        rows = first.assign(
            table=self.table.name,
            file=[self.raw.files[place] for place in self.raw.file[at]],
            line=self.raw.line[at],
            row=self.raw.text_of_rows(at),
        )[REJECT_COLUMNS]
        everything = pd.concat([broken, rows], ignore_index=True).sort_values(["file", "line"], kind="stable", ignore_index=True)
        return everything.astype("str").astype({"line": "int64"})


def meets(text: pd.Series, rule: Rule) -> np.ndarray:
    """Which lines meet a rule of the mapping."""
    if rule.test == "equals":
        met = text.isin(rule.texts)
    elif rule.test == "starts_with":
        met = text.str.startswith(rule.texts)
    elif rule.test == "ends_with":
        met = text.str.endswith(rule.texts)
    elif rule.test == "contains":
        met = pd.Series(np.logical_or.reduce([text.str.contains(part, regex=False).to_numpy(bool) for part in rule.texts]))
    elif rule.texts:
        met = text.str.fullmatch(pattern_of(rule.texts))
    else:
        met = pd.Series(False, index=text.index)
    return met.to_numpy(bool)


def _different(names: list[str]) -> list[str]:
    """File names, told apart where two folders hold the same name."""
    return [name if names.index(name) == place else f"{name} ({place + 1})" for place, name in enumerate(names)]
