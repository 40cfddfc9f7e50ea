"""What orders show of a firm's customers, in sentences whose numbers come from the data."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from helpers import words
from helpers.orientation.breadth import PATTERNS, Lines, Ties, pattern
from helpers.withheld import SILENCE, Silence, Withheld, silent_when_withheld

MOVED = 0.02
"""Change of a share, from which it counts as moved. Our choice: two of 100."""
CHANCE = 2.2414
"""Standard errors within which chance alone moves one of two shares in 95 of 100 firms: Bonferroni's for two."""


@silent_when_withheld
def lines(found: Lines) -> list[str]:
    """How much hangs on one line."""
    first = found.table.iloc[0]
    return [
        f"{words.plain(first['line']).replace('_', ' ').capitalize()} brings **{words.percent(first['share'])}** of sales, the "
        f"four largest of "
        f"{words.count(len(found.table), 'line')} together {found.concentration.cr4:.0f}%. The HHI of the lines (their percentages "
        f"squared and added up; one line alone would make 10,000) is {words.number(found.concentration.hhi)}, as if "
        f"{words.number(found.concentration.as_if, digits=1)} lines of equal size shared the money."
    ]


@silent_when_withheld
def ties(now: Ties) -> list[str]:
    """Who came back, and who buys across lines."""
    said = [
        f"From {now.over.label}, {words.count(now.customers, 'customer')} bought. **{words.percent(now.repeat_share)}** of the "
        f"sales came from "
        f"customers who had bought in the {words.count(now.over.days, 'day')} before that order."
    ]
    if now.across_share is not None:
        said.append(f"**{words.in_100(now.across_share)}** customers bought from more than one product line.")
    return said


@silent_when_withheld
def by_lines(now: Ties) -> pd.DataFrame | Silence:
    """Customers by the number of lines from which they bought, for a table; nothing where lines are not known."""
    return SILENCE if now.across is None else now.by_lines


def moved(now: Ties | Withheld, before: Ties | Withheld) -> str:
    """The change against the time before, in a sentence; empty where it is not known."""
    if isinstance(now, Withheld) or isinstance(before, Withheld):
        return ""
    parts = [_change("money from customers who had bought before", before.repeat_share, now.repeat_share)]
    if now.across_share is not None and before.across_share is not None:
        parts.append(_change("customers of more than one line", before.across_share, now.across_share))
    sales = now.sales_minor / before.sales_minor - 1
    size = f"{'grew' if sales >= 0 else 'fell'} by {words.percent(abs(sales))}"
    return f"Against the {words.count(before.over.days, 'day')} before: {words.listing(parts)}. Sales before returns {size}."


def _change(what: str, before: float, now: float) -> str:
    if round(100 * before) == round(100 * now):
        return f"{what} stayed at {words.percent(now)}"
    return f"{what} {'rose' if now > before else 'fell'} from {words.percent(before)} to {words.percent(now)}"


def direction(now: Ties | Withheld, before: Ties | Withheld) -> str | Withheld:
    """Which way the firm moved: "customer", "product", "mixed" or "nowhere".

    Both shares count: one has moved that changed by `MOVED` or more, and by more than
    chance. Many customers are in both windows, so chance does a little less than is
    reckoned here. How often a firm where nothing moved is said to have: benchmarks/record_year.py.
    """
    for found in (now, before):
        if isinstance(found, Withheld):
            return found
        if found.across_share is None:
            return Withheld("Which way the firm moved", found.why_not)
    steps = [
        (now.repeat_share - before.repeat_share, np.hypot(now.repeat_error, before.repeat_error)),
        (now.across_share - before.across_share, np.hypot(now.across_error, before.across_error)),
    ]
    moved = [step for step, error in steps if abs(step) >= max(MOVED, CHANCE * error)]
    up, down = any(step > 0 for step in moved), any(step < 0 for step in moved)
    return {(True, False): "customer", (False, True): "product", (True, True): "mixed", (False, False): "nowhere"}[up, down]


_TOWARDS = {
    "customer": "The orders moved **towards the customer**.",
    "product": "The orders moved **towards the product**.",
    "mixed": "One of the two rose and the other fell.",
    "nowhere": "Neither moved by more than chance does and by two of 100.",
}


def _first_step(now: Ties, clear: float) -> str:
    """The weaker of the two shares, as the one to begin with."""
    if now.across_share is None:
        return ""
    if now.repeat_share < clear or now.repeat_share < now.across_share:
        return "The weaker of the two is coming back: begin with those who bought once."
    return "The weaker of the two is the second line: begin with customers who come back for one line alone."


def answer(*, now: Ties | Withheld, before: Ties | Withheld, by_line: Lines | Withheld, clear: float = 0.5) -> list[str]:
    """The report's answer, the most important sentence first."""
    if isinstance(now, Withheld):
        said = [f"**Whether this firm lives by its products or by its customers cannot be seen yet.** {now.reason} {now.gain}"]
        return said + (lines(by_line) if isinstance(by_line, Lines) else [])
    kind = pattern(now, clear=clear)
    if isinstance(kind, Withheld):
        said = [
            f"**{words.percent(now.repeat_share)} of the money comes from customers who had bought in the "
            f"{words.count(now.over.days, 'day')} before**; "
            f"{words.count(now.returning, 'customer')} of {words.number(now.customers)} came back."
        ]
    else:
        said = [
            f"**{PATTERNS[kind].capitalize()}**: {words.percent(now.repeat_share)} of the money comes from customers who had bought in the "
            f"{words.count(now.over.days, 'day')} before, and {words.in_100(now.across_share)} customers bought from more than one line."
        ]
    change = moved(now, before)
    way = direction(now, before)
    said.append(" ".join(filter(None, [change, _TOWARDS.get(way, "") if isinstance(way, str) else ""])))
    if isinstance(by_line, Lines):
        said += lines(by_line)
    said.append(_first_step(now, clear))
    return [one for one in said if one]


def limits(*, now: Ties | Withheld, by_line: Lines | Withheld) -> list[str]:
    """What these data cannot tell."""
    said = [
        "Orders show what customers did, not how the firm is organised. Whether departments, reports and bonuses serve the product "
        "or the customer is for people to say: the self-audit of lesson 00b asks them, with evidence."
    ]
    if isinstance(now, Ties) and now.across_share is not None:
        said.append(
            "Customers of several lines leave more money. That does not say that a second line makes a good customer: good "
            "customers buy more of everything."
        )
    elif isinstance(now, Ties):
        said.append(f"Who buys across lines is not known. {now.why_not}")
    elif isinstance(by_line, Withheld):
        said.append(f"{by_line.reason} {by_line.gain}")
    return said


def key_numbers(*, now: Ties | Withheld, by_line: Lines | Withheld) -> list[dict[str, Any]]:
    """The key numbers of this lesson for results.json: `key`, `value`, `unit`, `label`; what is withheld is missing."""
    rows: list[tuple[str, Any, str, str]] = []
    if isinstance(now, Ties):
        rows += [
            ("customers", now.customers, "count", "Customers with a sale in the window"),
            ("window_days", now.over.days, "days", "Days in the window"),
            ("repeat_share", now.repeat_share, "share", "Share of sales from customers who had bought before"),
            ("returning", now.returning, "count", "Customers who had bought before"),
        ]
        if now.across_share is not None:
            rows.append(("across_share", now.across_share, "share", "Share of customers who bought from more than one line"))
    if isinstance(by_line, Lines):
        rows += [
            ("largest_line", by_line.table.iloc[0]["line"], "text", "Product line with the largest sales"),
            ("largest_line_share", by_line.concentration.largest / 100, "share", "Its share of sales"),
            ("lines_as_if", by_line.concentration.as_if, "number", "So many equal lines would be as concentrated"),
        ]
    return [dict(zip(("key", "value", "unit", "label"), row, strict=True)) for row in rows]


def since(now: Ties | Withheld, *, repeat: float | None, across: float | None, on: date | None) -> str:
    """Against what the last report said; empty where there was none or it said nothing.

    Parameters
    ----------
    now : Ties or Withheld
    repeat, across : float or None
        `repeat_share` and `across_share` of the last report.
    on : date or None
        Its report date.
    """
    if isinstance(now, Withheld) or repeat is None or on is None:
        return ""
    parts = [_change("money from customers who had bought before", repeat, now.repeat_share)]
    if across is not None and now.across_share is not None:
        parts.append(_change("customers of more than one line", across, now.across_share))
    return f"Since the report of {words.day(on)}: {words.listing(parts)}."
