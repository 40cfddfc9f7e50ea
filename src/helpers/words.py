"""How counts, money, shares and values from data are put into words."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Iterable
from datetime import date

from helpers.money import currency

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~$-])")


def number(value: float, *, digits: int = 0) -> str:
    """A number with thousands separators.

    >>> number(1234567)
    '1,234,567'
    """
    return f"{value:,.{digits}f}"


def count(value: int, noun: str, plural: str | None = None) -> str:
    """A count with its noun in the right form.

    >>> count(1, "customer"), count(2000, "customer"), count(0, "box", "boxes")
    ('1 customer', '2,000 customers', '0 boxes')
    """
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def money(minor: float, *, code: str, cents: bool = False) -> str:
    """An amount in minor units as a reader writes it.

    >>> money(123456, code="CNY"), money(-123456, code="GBP", cents=True)
    ('¥1,235', '−£1,234.56')
    """
    unit = currency(code)
    major = minor / unit.factor
    text = f"{abs(major):,.{unit.digits if cents else 0}f}"
    is_zero = not text.strip("0.,")
    # The minus sign proper, not a hyphen: after a hyphen a line may break.
    return f"{'−' if major < 0 and not is_zero else ''}{unit.sign}{text}"


def percent(fraction: float, *, digits: int = 0) -> str:
    """A fraction of 1 as a percentage.

    >>> percent(0.254), percent(0.004, digits=1), percent(-0.1)
    ('25%', '0.4%', '−10%')
    """
    if fraction is None or math.isnan(fraction):
        return "unknown"
    text = f"{abs(fraction) * 100:.{digits}f}%"
    return f"−{text}" if fraction < 0 and text.strip("0.%") else text


def in_100(fraction: float) -> str:
    """A fraction as a count of 100 customers, the way the course talks about chance.

    >>> in_100(0.237), in_100(0.001), in_100(0)
    ('24 of 100', 'fewer than 1 of 100', '0 of 100')
    """
    if 0 < fraction < 0.005:
        return "fewer than 1 of 100"
    return f"{round(fraction * 100)} of 100"


def day(value: date) -> str:
    """A date that nobody can misread.

    >>> day(date(2026, 3, 4))
    '4 March 2026'
    """
    return f"{value.day} {value:%B %Y}"


def plain(value: object) -> str:
    """Text from data, safe inside Markdown and HTML: nothing in it is markup.

    >>> plain("<b>*x*</b>")
    '&lt;b&gt;\\\\*x\\\\*&lt;/b&gt;'
    """
    return _SPECIAL.sub(r"\\\1", html.escape(str(value).replace("\n", " "), quote=False))


def listing(items: Iterable[str]) -> str:
    """Items as a sentence says them.

    >>> listing(["a", "b", "c"])
    'a, b and c'

    Items that hold a comma of their own are kept apart by semicolons; one inside a number does not count.

    >>> listing(["Kitchen, shop", "Water, hotline", "too few orders"])
    'Kitchen, shop; Water, hotline; and too few orders'
    """
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    if any(", " in item for item in items):
        return "; ".join(items[:-1]) + "; and " + items[-1]
    return ", ".join(items[:-1]) + " and " + items[-1]


def since(what: str, *, then: float | None, now: float | None, on: date | None, shown: Callable[[float], str] = percent) -> str:
    """A key number beside what the last report said; empty where either is missing.

    Parameters
    ----------
    what : str
        The number in words, in the plural: "matters settled where they began".
    then, now : float or None
        As in results.json.
    on : date or None
        The date of the earlier report.
    shown : callable
        Writes such a number; two that look alike have stayed.
    """
    if then is None or now is None or on is None:
        return ""
    if shown(now) == shown(then):
        return f"Since the report of {day(on)}: {what} stayed at {shown(now)}."
    return f"Since the report of {day(on)}: {what} {'rose' if now > then else 'fell'} from {shown(then)} to {shown(now)}."
