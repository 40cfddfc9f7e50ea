"""Numbers and money from text, exactly: no float between the file and the minor units."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from helpers.data.mapping import Format
from helpers.errors import DataError

_SIGNS = {
    "CNY": ("¥", "￥", "元", "CNY", "RMB", "CN¥"),
    "JPY": ("¥", "￥", "円", "JPY", "JP¥"),
    "EUR": ("€", "EUR"),
    "GBP": ("£", "GBP"),
    "USD": ("$", "USD", "US$"),
    "HKD": ("HK$", "$", "HKD"),
    "TWD": ("NT$", "$", "TWD"),
    "SGD": ("S$", "$", "SGD"),
    "CHF": ("CHF", "Fr."),
    "INR": ("₹", "INR", "Rs.", "Rs"),
    "KRW": ("₩", "KRW", "원"),
}
_ALL_SIGNS = sorted({sign for signs in _SIGNS.values() for sign in signs}, key=len, reverse=True)
_SPACES = " \u00a0\u202f\u2009"
_POWERS = 10 ** np.arange(19, dtype=np.int64)
_MOST_DIGITS = 15
_FITS = 9e18  # what int64 holds, with room for the error of a float estimate


@dataclass
class Numbers:
    """Decimal numbers as whole numbers with a count of decimals: 12.50 is (125, 1).

    Parameters
    ----------
    mantissa, scale : ndarray of int64
    present : ndarray of bool
        False where the cell is empty or unreadable.
    """

    mantissa: np.ndarray
    scale: np.ndarray
    present: np.ndarray


@dataclass
class Fault:
    """A rule that some lines break; `message` is a fact about one line, `advice` about the file."""

    column: str
    rule: str
    lines: np.ndarray
    message: str
    advice: str = ""


def decide_signs(columns: dict[str, pd.Series], style: Format, place: Callable[[int], str], where: str) -> Format:
    """The decimal and thousands signs of a file: stated by the mapping, or proved by the values.

    Parameters
    ----------
    columns : dict of Series of str
        All columns of the file that hold numbers. One file has one way of writing them.
    style : Format
        What the mapping states.
    place : function
        From a row's position to its place in words.
    where : str
        The section to write the answer in, for the message.

    Raises
    ------
    DataError
        If the values contradict one another, or fit both ways of writing.
    """
    if style.decimal:
        return style
    proof: dict[str, tuple[str, int]] = {}
    unclear: tuple[str, int] | None = None
    for series in columns.values():
        codes, values = pd.factorize(series)
        bare = pd.Series(values, dtype="str").str.replace(rf"[^0-9.,]|[.,]+$|^[.,]+(?=.*[.,])", "", regex=True)
        for sign, shape in _proofs().items():
            hits = np.flatnonzero(bare.str.fullmatch(shape).to_numpy(bool))
            if len(hits) and sign not in proof:
                proof[sign] = (str(values[hits[0]]), int(np.argmax(codes == hits[0])))
        hits = np.flatnonzero(bare.str.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}").to_numpy(bool))
        if len(hits) and unclear is None:
            unclear = (str(values[hits[0]]), int(np.argmax(codes == hits[0])))
    state = f'Write decimal = "." or decimal = "," in [{where}.format] of the mapping'
    if len(proof) == 2:
        (point, point_at), (comma, comma_at) = proof["."], proof[","]
        raise DataError(
            f"The amounts contradict one another: {point.strip()!r} ({place(point_at)}) has a decimal point, "
            f"{comma.strip()!r} ({place(comma_at)}) a decimal comma. {state}; lines that do not fit are then set aside by name."
        )
    if proof:
        return Format(style.date, next(iter(proof)), style.thousands, style.extra_digits)
    if unclear:
        value, at = unclear
        raise DataError(
            f"{value.strip()!r} ({place(at)}) can be read two ways, as a decimal or as thousands, and no other value decides. {state}."
        )
    return Format(style.date, ".", style.thousands, style.extra_digits)


def _proofs() -> dict[str, str]:
    """For each decimal sign, what can only be written with it."""
    shapes = {}
    for sign, other in ((".", ","), (",", ".")):
        s, o = re.escape(sign), re.escape(other)
        shapes[sign] = "|".join(
            (
                rf"\d*{s}(?:\d{{1,2}}|\d{{4,}})",  # 3.5, 3.50, 3.1416
                rf"(?:0|\d{{4,}}){s}\d{{3}}",  # 0.125, 1234.125
                rf"\d{{1,3}}(?:{o}\d{{3}})+{s}\d+",  # 1,234.5
                rf"\d{{1,3}}(?:{o}\d{{3}}){{2,}}",  # 1,234,567
            )
        )
    return shapes


def read_numbers(text: pd.Series, style: Format, *, column: str, currency_code: str = "") -> tuple[Numbers, list[Fault]]:
    """Numbers from text, each cell read whole or not at all.

    Parameters
    ----------
    text : Series of str
        Empty where the cell is empty.
    style : Format
        With the decimal sign decided.
    column : str
        For messages.
    currency_code : str
        Signs of this currency may stand before or behind the number.

    Returns
    -------
    Numbers, list of Fault
    """
    codes, uniques = pd.factorize(text)
    values = pd.Series(uniques, dtype="str")
    empty = values.eq("").to_numpy(bool)
    bare, foreign = _without_signs(values, currency_code)
    decimal = style.decimal or "."
    parts = _cut(bare, decimal, _group(style.thousands, decimal))
    readable = ~empty & ~foreign & parts["ok"]
    digits = "0" + parts["whole"] + parts["fraction"]
    long = readable & (digits.str.lstrip("0").str.len() > _MOST_DIGITS).to_numpy(bool)
    readable &= ~long
    mantissa = np.zeros(len(values), np.int64)
    scale = parts["fraction"].str.len().fillna(0).to_numpy(np.int64)
    if readable.any():
        mantissa[readable] = pd.to_numeric(digits[readable].astype(object)).astype(np.int64)
    mantissa = np.where(parts["negative"], -mantissa, mantissa)
    scale = np.where(readable, scale, 0)
    numbers = Numbers(mantissa[codes], scale[codes], readable[codes])

    faults = []
    kind = "money" if currency_code else "number"
    shown = "1234.56" if decimal == "." else "1234,56"
    if (bad := foreign & ~empty).any():
        message = f"{column} has the sign of another currency than {currency_code}"
        advice = "Convert all amounts to one currency first, or correct currency in the mapping"
        faults.append(Fault(column, "currency", bad[codes], message, advice))
    if long.any():
        message = f"{column} has more than {_MOST_DIGITS} digits"
        faults.append(Fault(column, kind, long[codes], message, f"Is {column} mapped to the right column?"))
    if (bad := ~empty & ~foreign & ~parts["ok"]).any():
        words = "an amount" if currency_code else "a number"
        other = "," if decimal == "." else "."
        fits = _cut(bare[bad], other, _group("", other))["ok"].mean()
        hint = (
            f'The values look as if they were written with decimal = "{other}"; say so in the mapping'
            if fits > 0.5
            else f"Is {column} mapped to the right column, and is the decimal sign right?"
        )
        faults.append(Fault(column, kind, bad[codes], f"{column} is not {words} like {shown}", hint))
    return numbers, faults


def _without_signs(values: pd.Series, code: str) -> tuple[pd.Series, np.ndarray]:
    """Values without the currency's signs, and where another currency's sign stands."""
    own = _SIGNS.get(code, ())
    signs = "|".join(re.escape(sign) for sign in _ALL_SIGNS)
    found = values.str.extract(rf"({signs})", expand=False) if code else pd.Series([None] * len(values), dtype="str")
    foreign = found.notna() & ~found.isin(own)
    bare = values
    if own and found.notna().any():
        ours = "|".join(re.escape(sign) for sign in sorted(own, key=len, reverse=True))
        bare = bare.str.replace(rf"(?:{ours})", "", n=1, regex=True)
    return bare.str.strip(_SPACES).str.replace("−", "-"), foreign.to_numpy(bool)


def _group(thousands: str, decimal: str) -> str:
    """The signs that may stand between groups of three digits, for a regular expression."""
    if thousands == "none":
        return ""
    if thousands == " ":
        return f"[{_SPACES}]"
    if thousands:
        return re.escape(thousands)
    return f"[{_SPACES}'’{',' if decimal == '.' else '.'}]"


def _cut(values: pd.Series, decimal: str, group: str) -> dict:
    """Cut numbers into sign, whole part and fraction; `ok` is False where the cell is no number."""
    grouped = rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|" if group else ""
    number = rf"(?P<whole>{grouped}[0-9]+|)(?:{re.escape(decimal)}(?P<fraction>[0-9]*))?"
    space = f"[{_SPACES}]*"
    # (12.50) and 12.50- are how accountants and SAP write minus.
    shape = rf"^(?P<open>\(?){space}(?P<before>[+-]?){space}{number}{space}(?P<after>-?)(?P<close>\)?)$"
    parts = pc.extract_regex(pa.array(values, pa.string()), shape)
    ok = parts.is_valid().to_numpy(zero_copy_only=False)

    def part(name: str) -> pd.Series:
        return pd.Series(pc.fill_null(pc.struct_field(parts, name), "").to_pandas(), index=values.index, dtype="str")

    whole, fraction = part("whole"), part("fraction").str.rstrip("0")
    marks = [part(name).ne("").to_numpy(bool) for name in ("open", "close", "after")]
    brackets, closing, after = marks
    before = part("before")
    minus = before.eq("-").to_numpy(bool)
    some_digit = (part("whole") + part("fraction")).ne("").to_numpy(bool)
    # One way of writing minus at a time: (-12) could mean either sign.
    ok = ok & (brackets == closing) & ((brackets.astype(int) + after + before.ne("").to_numpy(bool)) <= 1) & some_digit
    return {
        "ok": ok,
        "negative": minus | brackets | after,
        "whole": whole.str.replace(r"[^0-9]", "", regex=True),
        "fraction": fraction,
    }


def combine(parts: list[Numbers], how: str) -> Numbers:
    """Numbers multiplied, added or subtracted line by line, exactly."""
    result = parts[0]
    for other in parts[1:]:
        present = result.present & other.present
        if how == "multiply":
            mantissa, scale = _product(result, other)
        else:
            scale = np.maximum(result.scale, other.scale)
            left, right = (_scaled_up(numbers, scale) for numbers in (result, other))
            mantissa = left - right if how == "subtract" else left + right
        result = Numbers(mantissa, scale, present)
    return result


def _product(a: Numbers, b: Numbers) -> tuple[np.ndarray, np.ndarray]:
    size = np.abs(a.mantissa.astype(float)) * np.abs(b.mantissa.astype(float))
    if size.max(initial=0) < _FITS and a.mantissa.dtype == b.mantissa.dtype == np.int64:
        return a.mantissa * b.mantissa, a.scale + b.scale
    # Python's whole numbers have no largest one; only absurd files come here.
    return a.mantissa.astype(object) * b.mantissa.astype(object), a.scale + b.scale


def _scaled_up(numbers: Numbers, scale: np.ndarray) -> np.ndarray:
    steps = scale - numbers.scale
    size = np.abs(numbers.mantissa.astype(float)) * 10.0**steps
    if size.max(initial=0) < _FITS / 2 and steps.max(initial=0) < len(_POWERS):
        return numbers.mantissa * _POWERS[steps]
    return numbers.mantissa.astype(object) * 10 ** steps.astype(object)


def to_minor(numbers: Numbers, digits: int) -> tuple[np.ndarray, np.ndarray, Fraction]:
    """Money in minor units, half-way cases to the even unit, line by line.

    Parameters
    ----------
    numbers : Numbers
        Not larger than int64 can hold in minor units.
    digits : int
        Digits of the currency after the point.

    Returns
    -------
    minor : ndarray of int64
    rounded : ndarray of bool
        Lines where the exact amount has more digits than the currency.
    difference : Fraction
        Sum of (rounded - exact) over all lines, in minor units, exactly.
    """
    minor = np.zeros(len(numbers.mantissa), np.int64)
    rounded = np.zeros(len(minor), dtype=bool)
    difference = Fraction(0)
    for scale in np.unique(numbers.scale[numbers.present]).tolist():
        lines = numbers.present & (numbers.scale == scale)
        exact = numbers.mantissa[lines]
        if scale <= digits:
            minor[lines] = exact * 10 ** (digits - scale)
            continue
        unit = 10 ** (scale - digits)
        if unit > _FITS / 2:
            exact = exact.astype(object)
        quotient, rest = exact // unit, exact % unit
        up = ((rest * 2 > unit) | ((rest * 2 == unit) & (quotient % 2 == 1))).astype(bool)
        minor[lines] = quotient + up
        rounded[lines] = rest != 0
        difference += Fraction(int(up.sum()) * unit - sum(rest.tolist()), unit)
    return minor, rounded, difference


def as_float(numbers: Numbers) -> np.ndarray:
    """Numbers as floats, missing where not present; for quantities and minutes, never for money."""
    values = numbers.mantissa.astype(float) / 10.0 ** numbers.scale
    return np.where(numbers.present, values, np.nan)
