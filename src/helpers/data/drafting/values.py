"""What the values of a text column look like: dates, numbers, people, codes.

Nothing here guesses which column is which (that is `table.py`) and
nothing here is needed to read a file. Every function takes a column of text
and says what it saw, with counts, so that a guess can be shown with its reason.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

import pandas as pd

from helpers import words
from helpers.data.dates import _excel, _iso, by_format
from helpers.data.parsing import EMPTY

# A share below which a column is not said to hold dates or numbers at all.
MOSTLY = 0.9

SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₩": "KRW",
    "元": "CNY",
    "￥": "CNY",
    "HK$": "HKD",
    "NT$": "TWD",
    "US$": "USD",
    "S$": "SGD",
}
CODES = ("CNY", "RMB", "EUR", "GBP", "USD", "HKD", "TWD", "SGD", "CHF", "INR", "JPY", "KRW")

_BRACKETS = re.compile(r"[(\[{【〔].*?[)\]}】〕]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


# Headers ---------------------------------------------------------------


def simple(header: object) -> str:
    """A header without case, accents, units in brackets and punctuation, its words apart.

    >>> simple("InvoiceNo"), simple("Order_ID "), simple("金额(元)"), simple("Größe")
    ('invoice no', 'order id', '金额', 'grosse')
    """
    text = unicodedata.normalize("NFKC", str(header)).replace("ß", "ss")
    text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    without = _BRACKETS.sub(" ", text)
    text = without if re.search(r"\w", without) else text
    return " ".join(re.findall(r"[^\W_]+", _CAMEL.sub(" ", text).casefold()))


def unit(header: object) -> str:
    """What stands in brackets in a header: the unit, most often.

    >>> unit("金额(元)"), unit("Price [EUR]"), unit("Price")
    ('元', 'EUR', '')
    """
    found = _BRACKETS.search(unicodedata.normalize("NFKC", str(header)))
    return found.group()[1:-1].strip() if found else ""


def joined(header: object) -> str:
    """The simple form without spaces, so that "order no" and "OrderNo" and "orderno" are one."""
    return simple(header).replace(" ", "")


# Values ----------------------------------------------------------------


def tidy(column: pd.Series) -> pd.Series:
    """The column's text as the door cleans it: no outer spaces, no ="..." around it, words for "nothing" empty."""
    codes, uniques = pd.factorize(column.astype("str").fillna(""))
    text = (
        pd.Series(uniques, dtype="str")
        .str.strip()
        .str.strip("\u00a0\u3000")
        .str.replace(r'^="(.*)"$', r"\1", regex=True)
    )
    text = text.mask(text.str.lower().isin(EMPTY), "")
    return text.take(codes).set_axis(column.index)


def counts(column: pd.Series) -> pd.Series:
    """How often each filled value occurs, in the order of first appearance."""
    values = tidy(column)
    return values[values != ""].value_counts(sort=False)


def shown(value: object, *, longest: int = 24) -> str:
    """A value as an example that is safe to print: short, and never a phone number or an address of mail.

    >>> shown("13812345678"), shown("a.person@example.com"), shown("536370")
    ('(a phone number)', '(an e-mail address)', '536370')
    """
    text = " ".join(str(value).split())
    if _EMAIL.fullmatch(text):
        return "(an e-mail address)"
    if _is_phone(text):
        return "(a phone number)"
    text = "".join(sign if sign.isprintable() else "?" for sign in text)
    return text if len(text) <= longest else text[: longest - 3] + "..."


def shape(value: str) -> str:
    """The kind of code a value is: runs of digits, of letters, of Chinese characters.

    >>> shape("85123A"), shape("POST"), shape("运费")
    ('9A', 'A', '文')
    """
    return re.sub(
        r"(.)\1+",
        r"\1",
        "".join("9" if s.isdigit() else "文" if "一" <= s <= "鿿" else "A" if s.isalpha() else s for s in value),
    )


# Dates -----------------------------------------------------------------

_TIME = re.compile(
    r"(?P<sep>[T ]+)(?P<time>\d{1,2}:\d{2}(?P<sec>:\d{2}(?P<part>[.,]\d+)?)?)(?P<half>\s?[AaPp][Mm])?(?P<zone>\s?(?:Z|UTC|[+-]\d{2}:?\d{2}))?$"
)
_ONLY_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?(\s?[AaPp][Mm])?")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
# Each family: what the day part looks like, and the formats it can be read in.
_FAMILIES = (
    ("year first", re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}"), ("%Y{0}%m{0}%d",)),
    ("day or month first", re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{4}"), ("%d{0}%m{0}%Y", "%m{0}%d{0}%Y")),
    ("two-digit year", re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{2}"), ("%d{0}%m{0}%y", "%m{0}%d{0}%y", "%y{0}%m{0}%d")),
    ("Chinese", re.compile(r"\d{4}年\d{1,2}月\d{1,2}日()"), ("%Y年%m月%d日",)),
    ("eight digits", re.compile(r"(?:19|20)\d{6}()"), ("%Y%m%d",)),
    ("fourteen digits", re.compile(r"(?:19|20)\d{12}()"), ("%Y%m%d%H%M%S",)),
    ("month in letters", re.compile(rf"\d{{1,2}}([- ]){_MONTH}\1\d{{4}}", re.I), ("%d{0}%b{0}%Y", "%d{0}%B{0}%Y")),
    ("month in letters, short year", re.compile(rf"\d{{1,2}}([- ]){_MONTH}\1\d{{2}}", re.I), ("%d{0}%b{0}%y",)),
    ("month first in letters", re.compile(rf"{_MONTH}() \d{{1,2}}, \d{{4}}", re.I), ("%b %d, %Y", "%B %d, %Y")),
    ("serial number", re.compile(r"[2-7]\d{4}()(?:\.\d+)?"), ("excel",)),
)
_SAID = {
    "%d": "day", "%m": "month", "%Y": "year", "%y": "year", "%b": "month", "%B": "month",
}  # fmt: skip


@dataclass(frozen=True)
class Dates:
    """How a column's values can be read as dates."""

    share: float  # of the filled values, that look like a date at all
    format: str  # for the mapping: "iso", "excel" or a strptime pattern; "" where it may not be chosen
    certainty: str  # "sure", "likely", "please check"; "" where the column holds no dates
    why: str
    parsed: pd.Series  # datetimes, row by row, under `format` (or the first possible reading)
    has_time: float  # share of the dates with a time of day
    readings: tuple[str, ...] = ()  # for an ambiguous column: each possible format
    spread: str = ""  # for an ambiguous column: what each reading would mean

    @property
    def found(self) -> bool:
        return self.share >= MOSTLY


def dates(column: pd.Series) -> Dates:
    """Read a column's values as dates, and prove the order of day and month or refuse to choose.

    Parameters
    ----------
    column : Series of text

    Returns
    -------
    Dates
        `format` is empty when two readings fit every value (03/04/2025), and
        when values of both kinds are mixed: the reason is in `why`.

    Examples
    --------
    >>> dates(pd.Series(["12/1/2010 8:45", "12/31/2010 9:00"])).format
    '%m/%d/%Y %H:%M'
    >>> dates(pd.Series(["03/04/2025", "05/06/2025"])).readings
    ('%d/%m/%Y', '%m/%d/%Y')
    """
    text = tidy(column)
    seen = counts(column)
    none = pd.Series(pd.NaT, index=column.index, dtype="datetime64[us]")
    if seen.empty:
        return Dates(0.0, "", "", "the column is empty", none, 0.0)

    parts = pd.DataFrame({"value": seen.index.astype(str), "rows": seen.to_numpy()})
    cut = parts["value"].map(_TIME.search, na_action=None)
    parts["day"] = [value[: hit.start()] if hit else value for value, hit in zip(parts["value"], cut)]
    parts["tail"] = [_time_format(hit) for hit in cut]
    kinds = {day: _family(day) for day in parts["day"].unique()}
    parts["family"] = parts["day"].map(lambda day: kinds[day][0])
    parts["sep"] = parts["day"].map(lambda day: kinds[day][1])
    known = parts[parts["family"] != ""]
    rows, filled = int(known["rows"].sum()), int(seen.sum())
    share = rows / filled
    if share < MOSTLY:
        return Dates(share, "", "", f"{words.percent(share)} of the values look like dates", none, 0.0)

    families = known.groupby(["family", "sep"], sort=False)["rows"].sum().sort_values(ascending=False, kind="stable")
    has_time = float(known.loc[known["tail"] != "", "rows"].sum() / rows)
    if len(families) > 1:
        mixed = _mixed(families, known, none, share, has_time)
        if mixed is not None:
            return mixed
    family, sep = families.index[0]
    main = known[(known["family"] == family) & (known["sep"] == sep)]
    chosen = _choose(family, sep, main)
    tail = str(main.groupby("tail", sort=False)["rows"].sum().idxmax())
    written = _written(chosen["format"], tail, main["value"]) if chosen["format"] else ""
    by_value = read_as(parts["value"], written or chosen["parse"] + tail)
    parsed = text.map(pd.Series(by_value.to_numpy(), index=parts["value"])).astype("datetime64[us]")

    notes = [chosen["why"]]
    certainty = chosen["certainty"]
    unread = by_value.isna()
    if written and unread.any():
        lost = int(parts.loc[unread, "rows"].sum())
        notes.append(
            f"{words.count(lost, 'value')} such as {shown(parts.loc[unread, 'value'].iloc[0])} "
            f"{'does' if lost == 1 else 'do'} not fit and will be rejected"
        )
        certainty = "likely" if certainty == "sure" else certainty
    readings = tuple(_written(reading, tail, main["value"]) for reading in chosen["readings"])
    return Dates(share, written, certainty, "; ".join(notes), parsed, has_time, readings, chosen["spread"])


def read_as(values: pd.Series, style: str) -> pd.Series:
    """Dates by a format of the mapping, as the door reads them; missing where a value does not fit."""
    return {"iso": _iso, "excel": _excel}.get(style, lambda texts: by_format(texts, style))(values.astype("str"))


def times_only(column: pd.Series) -> float:
    """Share of a column's filled values that are a time of day and nothing else."""
    seen = counts(column)
    if seen.empty:
        return 0.0
    hits = [bool(_ONLY_TIME.fullmatch(value)) for value in seen.index]
    return float(seen[hits].sum() / seen.sum())


def time_format(column: pd.Series) -> str:
    """The format of a column of times of day, by its commonest shape."""
    tails = pd.Series([_time_format(_TIME.search(" " + value)) for value in counts(column).index], dtype="str")
    return tails.mode().iloc[0].strip() if len(tails) else ""


def _family(day: str) -> tuple[str, str]:
    for name, pattern, _ in _FAMILIES:
        hit = pattern.fullmatch(day)
        if hit:
            return name, hit.group(1)
    return "", ""


def _time_format(hit: re.Match | None) -> str:
    """The tail of a format, with what stands before the time: " %H:%M"."""
    if hit is None:
        return ""
    text = "%H:%M" + (":%S" if hit["sec"] else "") + (".%f" if hit["part"] else "")
    if hit["half"]:
        text = text.replace("%H", "%I") + (" %p" if hit["half"][0] == " " else "%p")
    return hit["sep"][0] + text + ("%z" if hit["zone"] else "")


def _written(pattern: str, tail: str, texts: pd.Series) -> str:
    """The format for the mapping: ISO where the door's own reading of ISO takes every value."""
    if pattern == "%Y-%m-%d" and _iso(texts).notna().mean() >= 0.98:
        return "iso"
    return pattern if pattern in ("excel", "%Y%m%d%H%M%S") else pattern + tail


def _choose(family: str, sep: str, main: pd.DataFrame) -> dict:
    """Try every format of a family on every value: only one that alone fits all may be chosen."""
    days = main.groupby("day", sort=False)["rows"].sum()
    if family == "serial number":
        serial = pd.to_numeric(pd.Series(days.index.astype(str)))
        start, end = (_from_serial(serial.min()), _from_serial(serial.max()))
        why = (
            f"numbers from {int(serial.min())} to {int(serial.max())}: Excel's count of days, "
            f"{words.day(start)} to {words.day(end)}"
        )
        return {"format": "excel", "parse": "excel", "readings": (), "spread": "", "certainty": "likely", "why": why}

    patterns = [pattern.format(sep) for name, _, formats in _FAMILIES if name == family for pattern in formats]
    index = pd.Series(days.index.astype(str))
    read = {pattern: pd.to_datetime(index, format=pattern, errors="coerce") for pattern in patterns}
    fits = {pattern: found.notna().to_numpy() for pattern, found in read.items()}
    weight = days.to_numpy()
    total = int(weight.sum())
    good = {pattern: int(weight[fit].sum()) for pattern, fit in fits.items()}
    full = [pattern for pattern in patterns if good[pattern] == total]
    best = max(patterns, key=lambda pattern: good[pattern])

    if family.startswith("month"):
        full = full[:1]  # "%b" and "%B" read the same day
    if len(full) > 1:
        differs = read[full[0]] != read[full[1]]
        at = int(differs.idxmax())  # 01/01/2025 would show nothing
        example = index[at]
        spread = "; ".join(
            f"as {reading(pattern)} {example} is {words.day(read[pattern][at].date())} and the file runs from "
            f"{words.day(read[pattern].min().date())} to {words.day(read[pattern].max().date())}"
            for pattern in full
        )
        fitting = words.listing(reading(pattern) for pattern in full)
        why = f"all {words.count(total, 'value')} fit {fitting}: nothing in the file proves which"
        return {
            "format": "",
            "parse": full[0],
            "readings": tuple(full),
            "spread": spread,
            "certainty": "please check",
            "why": why,
        }

    rivals = [pattern for pattern in patterns if pattern != best]
    against = {pattern: int(weight[fits[pattern] & ~fits[best]].sum()) for pattern in rivals}
    clash = max(against.values(), default=0)
    if clash and not family.startswith("month"):
        other = max(against, key=lambda pattern: against[pattern])
        only = int(weight[fits[best] & ~fits[other]].sum())
        why = (
            f"mixed: {words.count(only, 'value')} can only be {reading(best)} (such as "
            f"{_example(index, fits[best] & ~fits[other])}) "
            f"and {words.count(clash, 'value')} only {reading(other)} (such as "
            f"{_example(index, fits[other] & ~fits[best])})"
        )
        return {"format": "", "parse": best, "readings": (), "spread": "", "certainty": "please check", "why": why}
    if not good[best]:
        why = f"no value is a day of the calendar, such as {shown(index.iloc[0])}"
        return {"format": "", "parse": best, "readings": (), "spread": "", "certainty": "please check", "why": why}
    if best == "%Y-%m-%d":
        why = "year-month-day, as in ISO 8601"
    elif rivals and not family.startswith("month"):
        proof = max(int(weight[fits[best] & ~fits[pattern]].sum()) for pattern in rivals)
        proving = fits[best] & ~fits[max(rivals, key=lambda pattern: good[pattern])]
        why = f"{reading(best)}, proven by {words.count(proof, 'value')} such as {_example(index, proving)}"
    else:
        why = f"{reading(best)}, such as {shown(index.iloc[0])}"
    return {"format": best, "parse": best, "readings": (), "spread": "", "certainty": "sure", "why": why}


def _mixed(families, known, none, share, has_time) -> Dates | None:
    """Two ways of writing in one column: a few strays are rejected later, more than that is refused."""
    total = int(families.sum())
    if families.iloc[0] >= 0.99 * total:
        return None
    examples = [
        f"{words.count(int(rows), 'value')} like "
        f"{shown(known.loc[(known['family'] == family) & (known['sep'] == sep), 'value'].iloc[0])}"
        for (family, sep), rows in families.head(3).items()
    ]
    why = f"dates are written in {len(families)} ways: {words.listing(examples)}"
    if "serial number" in families.index.get_level_values(0):
        why += ". Excel has turned some of them into its own numbers, and may have swapped day and month in those"
    return Dates(share, "", "please check", why, none, has_time)


def _from_serial(number: float) -> date:
    return _excel(pd.Series([str(int(number))], dtype="str")).iloc[0].date()


def reading(pattern: str) -> str:
    """A format in words.

    >>> reading("%d/%m/%Y %H:%M")
    'day/month/year'
    """
    day = re.split(r"[T ]%[HI]", pattern)[0]
    for code, word in _SAID.items():
        day = day.replace(code, word)
    return day.replace("年", "-").replace("月", "-").replace("日", "").strip()


def _example(values: pd.Series, which) -> str:
    return shown(values[which].iloc[0])


# Numbers ---------------------------------------------------------------

_DOT = re.compile(r"\d+\.(\d{1,2}|\d{4,})|0\.\d+|\d{4,}\.\d+|\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}|\.\d+")
_COMMA = re.compile(r"\d+,(\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+|\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}|,\d+")
_SPACED = re.compile(r"\d{1,3}([ '’])\d{3}(\1\d{3})*([.,]\d{1,2})?")
_EITHER = re.compile(r"\d{1,3}[.,]\d{3}")
_PLAIN = re.compile(r"\d+")
_SIGN_OR_CODE = re.compile(
    r"HK\$|NT\$|US\$|S\$|[€£¥￥$₹₩元]|(?<![A-Z])(?:CNY|RMB|EUR|GBP|USD|HKD|TWD|SGD|CHF|INR|JPY|KRW)(?![A-Z])"
)


@dataclass(frozen=True)
class Numbers:
    """How a column's values can be read as numbers."""

    share: float  # of the filled values, that look like a number
    dots: int  # rows that prove a decimal point
    commas: int  # rows that prove a decimal comma
    unclear: int  # rows such as 1,234 that fit both
    spaced: str  # the sign between thousands, when it is a space or an apostrophe
    signs: dict[str, int]  # currency signs and codes, with rows
    example: dict[str, str]  # one value for "dots", "commas", "unclear"
    scientific: int  # rows such as 1.23E+11
    whole: float  # share of whole numbers

    @property
    def found(self) -> bool:
        return self.share >= MOSTLY


def numbers(column: pd.Series) -> Numbers:
    """Look at a column's values as numbers: which convention do they prove?

    >>> n = numbers(pd.Series(["1.234,56", "12,50", "1.000"]))
    >>> n.commas, n.dots, n.unclear
    (2, 0, 1)
    """
    tally = {"dots": 0, "commas": 0, "unclear": 0, "plain": 0, "spaced": 0, "scientific": 0}
    signs: dict[str, int] = {}
    example: dict[str, str] = {}
    spaced = ""
    seen = counts(column)
    for value, rows in zip(seen.index, seen.to_numpy()):
        kind, sign, gap = _number_kind(str(value))
        if sign:
            signs[sign] = signs.get(sign, 0) + int(rows)
        if kind:
            tally[kind] += int(rows)
            example.setdefault(kind, shown(value))
        if gap:
            spaced = gap
            # The part after the last sign may still prove the decimal sign.
            for mark, proves in ((".", "dots"), (",", "commas")):
                if mark in str(value):
                    tally[proves] += int(rows)
                    tally["spaced"] -= int(rows)
    total = int(seen.sum())
    good = sum(tally.values())
    return Numbers(
        share=good / total if total else 0.0, dots=tally["dots"], commas=tally["commas"], unclear=tally["unclear"], spaced=spaced,
        signs=signs, example=example, scientific=tally["scientific"], whole=tally["plain"] / total if total else 0.0,
    )  # fmt: skip


def _number_kind(value: str) -> tuple[str, str, str]:
    """(kind, currency sign, sign between thousands) of one value; an empty kind is no number."""
    text = value.replace("\u00a0", " ").replace("\u202f", " ")
    sign = _SIGN_OR_CODE.search(text)
    text = _SIGN_OR_CODE.sub("", text).strip()
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    text = text.removesuffix("-").lstrip("+-−").strip()
    found = sign.group() if sign else ""
    if _PLAIN.fullmatch(text):
        return "plain", found, ""
    if _DOT.fullmatch(text):
        return "dots", found, ""
    if _COMMA.fullmatch(text):
        return "commas", found, ""
    spaced = _SPACED.fullmatch(text)
    if spaced:
        return "spaced", found, spaced.group(1)
    if _EITHER.fullmatch(text):
        return "unclear", found, ""
    if re.fullmatch(r"\d(?:[.,]\d+)?[Ee][+-]?\d+", text):
        return "scientific", found, ""
    return "", "", ""


@dataclass(frozen=True)
class Convention:
    """The decimal sign and the sign between thousands of a whole table."""

    decimal: str  # "" where the file does not say
    thousands: str
    certainty: str
    why: str


def convention(columns: dict[str, Numbers]) -> Convention:
    """One convention for all number columns of a table, or a refusal to choose.

    Parameters
    ----------
    columns : dict of header to Numbers
    """
    dots = sum(look.dots for look in columns.values())
    commas = sum(look.commas for look in columns.values())
    unclear = sum(look.unclear for look in columns.values())
    spaced = next((look.spaced for look in columns.values() if look.spaced), "")

    def example(kind: str) -> str:
        return next((look.example[kind] for look in columns.values() if kind in look.example), "")

    if dots and commas:
        why = (
            f"mixed: {words.count(dots, 'value')} with a decimal point (such as {example('dots')}) "
            f"and {words.count(commas, 'value')} with a decimal comma (such as {example('commas')})"
        )
        # A handful of strays is rejected line by line; more is a question.
        few = min(dots, commas) <= 0.01 * max(dots, commas)
        decimal = ("." if dots > commas else ",") if few else ""
        return Convention(decimal, _between(decimal, spaced), "likely" if few else "please check", why)
    if dots:
        return Convention(
            ".", _between(".", spaced), "sure", f"proven by {words.count(dots, 'value')} such as {example('dots')}"
        )
    if commas:
        return Convention(
            ",", _between(",", spaced), "sure", f"proven by {words.count(commas, 'value')} such as {example('commas')}"
        )
    if unclear:
        value = example("unclear")
        mark = "," if "," in value else "."
        whole, third = value.replace(mark, ""), value.replace(mark, ".")
        return Convention(
            "",
            "",
            "please check",
            f"{words.count(unclear, 'value')} such as {value} can be {whole} or {third}, and nothing in the file "
            "proves which",
        )
    return Convention(
        ".", _between(".", spaced), "sure", "all numbers are whole numbers without a sign between thousands"
    )


def _between(decimal: str, spaced: str) -> str:
    """The sign between thousands; none stated (any usual one is taken) for a typographic apostrophe."""
    if spaced == "’":
        return ""
    return spaced or {".": ",", ",": "."}.get(decimal, "")


def longer_than(column: pd.Series, digits: int, *, decimal: str) -> tuple[int, str]:
    """Rows whose number has more digits behind the decimal sign than a currency has, and one of them."""
    seen = counts(column)
    behind = pd.Series(seen.index.astype(str), index=seen.index).str.extract(
        rf"\d*{re.escape(decimal)}(\d+)\D*$", expand=False
    )
    fine = behind.fillna("").str.rstrip("0").str.len() > digits
    return int(seen[fine].sum()), shown(seen.index[fine][0]) if fine.any() else ""


def as_numbers(column: pd.Series, *, decimal: str, thousands: str) -> pd.Series:
    """Floats under a convention, for comparing columns only: money itself is read elsewhere, exactly."""
    seen = counts(column)
    text = pd.Series(seen.index.astype(str), index=seen.index)
    text = text.str.replace(_SIGN_OR_CODE, "", regex=True).str.replace(r"[\s\u00a0\u202f]", "", regex=True)
    minus = text.str.startswith("(") | text.str.endswith("-")
    text = text.str.strip("()").str.removesuffix("-").str.replace("−", "-")
    if thousands:
        text = text.str.replace(thousands, "", regex=False)
    if decimal == ",":
        text = text.str.replace(",", ".", regex=False)
    value = pd.to_numeric(text, errors="coerce").astype("float64")
    value = value.where(~minus, -value)
    return tidy(column).map(value).astype("float64")


# People ----------------------------------------------------------------

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_MOBILE = re.compile(r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}")
_PHONE = re.compile(r"\+\d[\d ()/.-]{7,17}\d|\(?0\d{1,4}\)?[ /-]\d[\d -]{4,11}\d")
_IDENTITY = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx]")
_PERSON = re.compile(r"(?:(?:Mr|Mrs|Ms|Dr|Herr|Frau)\.? )?[A-Z][a-zà-ÿ'’-]+(?: [A-Z]\.?)? [A-Z][a-zà-ÿ'’-]+")
_SURNAMES = set(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)


def _is_phone(text: str) -> bool:
    return bool(_MOBILE.fullmatch(text) or _PHONE.fullmatch(text))


def personal_values(column: pd.Series) -> tuple[str, float]:
    """What kind of personal data a column's values look like, and in what share of them.

    Returns
    -------
    (kind, share)
        Kind is "email", "phone", "identity", "name" or "" (none).
    """
    seen = counts(column)
    if seen.empty:
        return "", 0.0
    seen = seen.iloc[:5000]
    total = int(seen.sum())
    tests = {
        "email": lambda value: bool(_EMAIL.fullmatch(value)),
        "phone": _is_phone,
        "identity": lambda value: bool(_IDENTITY.fullmatch(value)),
        "name": _is_name,
    }
    for kind, test in tests.items():
        share = float(seen[[test(str(value)) for value in seen.index]].sum() / total)
        # Names are told from towns and brands by their number: many of them, and almost all name-like.
        enough = 0.5 if kind != "name" else 0.9
        if share >= enough and (kind != "name" or len(seen) >= 5):
            return kind, share
    return "", 0.0


def _is_name(value: str) -> bool:
    if _PERSON.fullmatch(value):
        return True
    return 2 <= len(value) <= 3 and value[0] in _SURNAMES and all("一" <= sign <= "鿿" for sign in value)
