"""Dates from text, strictly by one format; an ambiguous column is refused, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.data.amounts import Fault
from helpers.errors import DataError
from helpers.words import listing

# What people export, apart from ISO. Each date part with the times that go with it.
_DAYS = (
    "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%m.%d.%Y", "%Y.%m.%d", "%Y%m%d",
    "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d-%m-%y", "%m-%d-%y", "%Y年%m月%d日", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y", "%d-%b-%y",
    "%Y-%m-%d",
)  # fmt: skip
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
KNOWN = tuple(day + time for day in _DAYS for time in _TIMES) + ("%Y%m%d%H%M%S", "%d/%m/%Y, %H:%M", "%m/%d/%Y, %H:%M")

_ISO = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?"
_ZONE = r" ?(?:Z|UTC|[+-]\d{2}:?\d{2})$"
_DIRECTIVES = {
    "Y": r"\d{4}", "y": r"\d{2}", "m": r"\d{1,2}", "d": r"\d{1,2}", "H": r"\d{1,2}", "I": r"\d{1,2}", "M": r"\d{1,2}",
    "S": r"\d{1,2}", "f": r"\d{1,6}", "p": r"[AaPp]\.?[Mm]\.?", "b": r"[A-Za-z]{3,4}", "B": r"[A-Za-z]+", "%": "%",
}  # fmt: skip
_FIXED = {"m": r"\d{2}", "d": r"\d{2}", "H": r"\d{2}", "M": r"\d{2}", "S": r"\d{2}"}


def read_dates(
    text: pd.Series,
    style: str,
    *,
    column: str,
    where: str,
    place: Callable[[int], str],
) -> tuple[pd.Series, list[Fault], list[str]]:
    """Dates from text by one format.

    Parameters
    ----------
    text : Series of str
        Empty where the cell is empty.
    style : str
        "iso", "excel" (serial numbers), a strptime format such as "%d/%m/%Y %H:%M",
        or empty: then ISO is expected and anything else is refused with the format
        that it looks like.
    column, where : str
        The contract column and the mapping's section, for messages.
    place : function
        From a row's position to its place in words.

    Returns
    -------
    Series of datetime64[us], list of Fault, notes

    Raises
    ------
    DataError
        If the format is wrong for most of the column, ambiguous, mixed or missing.
    """
    codes, uniques = pd.factorize(text)
    values = pd.Series(uniques, dtype="str")
    filled = values.ne("")
    weights = np.bincount(codes, minlength=len(values)) if len(codes) else np.zeros(0, int)
    notes: list[str] = []
    if style == "iso" or not style:
        parsed = _iso(values)
        zoned = int(weights[(values.str.contains(_ZONE, regex=True) & parsed.notna()).to_numpy(bool)].sum())
        if zoned:
            notes.append(
                f"{column}: {zoned:,} times carry a time zone; the clock time was kept as written and the zone dropped."
            )
    elif style == "excel":
        parsed = _excel(values)
    else:
        _check_format(style, where)
        parsed = by_format(values, style)
    bad = (filled & parsed.isna()).to_numpy(bool)
    lines, total = int(weights[bad].sum()), int(weights[filled.to_numpy(bool)].sum())
    if lines:
        _refuse_if_the_format_is_wrong(values, weights, bad, lines, total, style, column, where, codes, place)
    result = pd.Series(parsed.to_numpy()[codes], index=text.index, dtype="datetime64[us]")
    if not lines:
        return result, [], notes
    expected = {"iso": "2026-03-04 or 2026-03-04 08:45", "": "2026-03-04 or 2026-03-04 08:45", "excel": "an Excel serial number"}
    looks = _looks_like(values[bad])
    hint = f" (it looks like {looks})" if looks else ""
    message = f"{column} is not a date like {expected.get(style, style)}{hint}"
    advice = f"Write the dates of the whole file in one format, and name it with date = ... in [{where}.format]"
    return result, [Fault(column, "date format", bad[codes], message, advice)], notes


def by_format(values: pd.Series, style: str) -> pd.Series:
    """Dates by a strptime format; what does not fit as a whole is missing."""
    zone = bool(re.search(r" ?%z$", style))
    if zone:
        style = re.sub(r" ?%z$", "", style)
        values = values.where(values.str.contains(_ZONE, regex=True), "").str.replace(_ZONE, "", regex=True)
    # The shape first: pandas would take "now" and "nan" for dates whatever the format says.
    fits = values.str.fullmatch(_shape(style)).to_numpy(bool)
    result = pd.Series(pd.NaT, index=values.index, dtype="datetime64[us]")
    if fits.any():
        found = values[fits].str.replace(r"(?i)\b([ap])\.m\.", r"\1m", regex=True) if "%p" in style else values[fits]
        result[fits] = pd.to_datetime(found, format=style, errors="coerce", exact=True).astype("datetime64[us]")
    return result


def _shape(style: str) -> str:
    # Without separators between the digits their number must be fixed: 2026113 is no date.
    packed = bool(re.search(r"%[A-Za-z]%[A-Za-z]", style))
    shape, place = "", 0
    while place < len(style):
        if style[place] == "%" and place + 1 < len(style):
            key = style[place + 1]
            shape += (_FIXED.get(key) if packed else None) or _DIRECTIVES[key]
            place += 2
        else:
            shape += re.escape(style[place])
            place += 1
    return shape


def _check_format(style: str, where: str) -> None:
    known = set(_DIRECTIVES) | {"z"}
    unknown = [key for key in re.findall(r"%(.)", style) if key not in known]
    trailing = bool(re.search(r"%z(?!$)", style))
    has_day = re.search(r"%[yY]", style) and re.search(r"%[mbB]", style) and "%d" in style
    if unknown or trailing or not has_day:
        what = f"%{unknown[0]} in it is not known" if unknown else "it needs %Y, %m and %d"
        raise DataError(
            f'[{where}.format]: date = "{style}" cannot be used: {what}. '
            'Write for example "%d/%m/%Y %H:%M", "iso" or "excel".'
        )


def _iso(values: pd.Series) -> pd.Series:
    local = values.str.replace(_ZONE, "", regex=True)
    # 2026-03-04-05 would lose its end to the zone pattern; only a time may carry a zone.
    cut = local.ne(values) & ~local.str.contains(":", regex=False)
    fits = (local.str.fullmatch(_ISO) & ~cut).to_numpy(bool)
    result = pd.Series(pd.NaT, index=values.index, dtype="datetime64[us]")
    if fits.any():
        text = local[fits].str.replace(",", ".", regex=False)
        result[fits] = pd.to_datetime(text, format="ISO8601", errors="coerce").astype("datetime64[us]")
    return result


def _excel(values: pd.Series) -> pd.Series:
    """Excel counts days from 30 December 1899; 45000 is 15 March 2023."""
    fits = values.str.fullmatch(r"[2-7]\d{4}(?:\.\d+)?").to_numpy(bool)
    result = pd.Series(pd.NaT, index=values.index, dtype="datetime64[us]")
    if fits.any():
        seconds = (pd.to_numeric(values[fits].astype(object)).astype(float) * 86400).round().astype("int64")
        result[fits] = pd.Timestamp("1899-12-30").as_unit("us") + pd.to_timedelta(seconds, unit="s").astype("timedelta64[us]")
    return result


def _share(values: pd.Series, weights: np.ndarray, parsed: pd.Series) -> float:
    filled = values.ne("").to_numpy(bool)
    total = weights[filled].sum()
    return float(weights[parsed.notna().to_numpy(bool) & filled].sum() / total) if total else 0.0


def candidates(values: pd.Series, weights: np.ndarray | None = None) -> dict[str, float]:
    """The known formats that fit some of the values, with the share of lines each fits, best first.

    Parameters
    ----------
    values : Series of str
        Different texts, or all of them.
    weights : ndarray, optional
        Lines behind each text.
    """
    weights = np.ones(len(values), int) if weights is None else weights
    sample = values
    if len(values) > 20_000:  # shapes are few: find the formats on some, then judge them on all
        sample = values.iloc[:: len(values) // 5_000]
    found = {}
    for style in ("iso", "excel", *KNOWN):
        read = {"iso": _iso, "excel": _excel}.get(style, lambda v, s=style: by_format(v, s))
        if read(sample).notna().any():
            found[style] = _share(values, weights, read(values))
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _refuse_if_the_format_is_wrong(values, weights, bad, lines, total, style, column, where, codes, place) -> None:
    first = int(np.argmax(bad[codes]))
    example = f"{str(values[codes[first]])!r} ({place(first)})"
    state = f"[{where}.format] of the mapping"
    if style and lines <= total / 2:
        found = candidates(values, weights)
        other = next((name for name, share in found.items() if share == 1.0 and name != style), "")
        if other:
            raise DataError(
                f"{column}: {lines:,} of {total:,} dates do not fit {style!r}, the first is {example}, but all fit {other!r}. "
                f'Write date = "{other}" in {state}.'
            )
        return
    if not style and lines <= total / 2:
        found = candidates(values[bad], weights[bad])
        mostly = next(iter(found), "")
        if mostly and lines > 0.02 * total:
            raise DataError(
                f"{column} mixes ways of writing dates: {total - lines:,} are ISO, and {lines:,} are not, the first is {example}, "
                f"which looks like {mostly!r}. If a spreadsheet wrote the file, it may have swapped day and month in some: "
                f"export again with one format. To go on with the ISO dates alone, write date = \"iso\" in {state}."
            )
        return
    found = candidates(values, weights)
    full = [name for name, share in found.items() if share == 1.0]
    near = full or [name for name, share in found.items() if share > 0.95]
    if style:
        told = f'They look like {listing(map(repr, near[:3]))}.' if near else "They fit no known format as a whole."
        raise DataError(
            f"{column}: {lines:,} of {total:,} dates do not fit {style!r}, the first is {example}. {told} Correct date in {state}."
        )
    if not found:
        raise DataError(
            f"{column} holds no dates: {example} fits no known format. Map {column} to the column with the date, or write date = ... in {state}."
        )
    if "excel" in near[:1]:
        raise DataError(
            f'{column} holds Excel serial numbers, such as {example}. Write date = "excel" in {state}.'
        )
    if len(near) == 1 or (near and not full):
        reason = _proof(values, near[0])
        raise DataError(
            f"{column} is not in ISO form: {example} looks like {near[0]!r}{reason}. "
            f'If that is right, write date = "{near[0]}" in {state}.'
        )
    if near:
        raise DataError(
            f"{column} is ambiguous: every date fits {listing(map(repr, near[:3]))}; {_two_ways(values, near, example)} "
            f"Nothing in the file decides. Write the right one as date = ... in {state}."
        )
    best = list(found.items())[:3]
    shares = listing(f"{share:.0%} fit {name!r}" for name, share in best)
    raise DataError(
        f"{column} mixes ways of writing dates: {shares}; {example} is the first that is not ISO. "
        f"Export again with one format, and name it as date = ... in {state}."
    )


def _proof(values: pd.Series, style: str) -> str:
    """Why a day-month order is certain: a number above 12."""
    swapped = style.replace("%d", "%_").replace("%m", "%d").replace("%_", "%m")
    if swapped == style or swapped not in KNOWN:
        return ""
    decides = values[values.ne("") & by_format(values, swapped).isna() & by_format(values, style).notna()]
    return f", because {decides.iloc[0]!r} fits no other order of day and month" if len(decides) else ""


def _two_ways(values: pd.Series, near: list[str], example: str) -> str:
    for value in values[values.ne("")]:
        days = [by_format(pd.Series([value], dtype="str"), style).iloc[0] for style in near[:2] if "%" in style]
        if len(days) == 2 and days[0] != days[1] and not pd.isna(days).any():
            return f"{value!r} is {days[0].day} {days[0]:%B} or {days[1].day} {days[1]:%B}."
    return f"so does {example}."


def _looks_like(values: pd.Series) -> str:
    found = candidates(values[values.ne("")].head(500))
    name = next(iter(found), "")
    return "an Excel serial number" if name == "excel" else repr(name) if name else ""
