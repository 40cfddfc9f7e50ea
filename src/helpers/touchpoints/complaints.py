"""Complaints: the iceberg with its rate as a parameter, what customers told and whom, causes, and how long cases lie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from helpers import words
from helpers.errors import DataError
from helpers.stats.intervals import Estimate, wilson
from helpers.withheld import Withheld

MIN_PROBLEMS = 30
"""Answers from people with a problem, below which no share of them is shown."""
LEVELS = ("head_office", "front_line", "partner", "nobody")
LEVEL_NAMES = {"head_office": "head office", "front_line": "the front line", "partner": "a partner", "nobody": "nobody"}
RATES = (0.02, 0.60)
"""Between these the share of the unhappy who complain has been found in studies."""


@dataclass(frozen=True)
class Iceberg:
    """What some complaints would stand for at a rate.

    Attributes
    ----------
    complaints : int
    rate : float
        Share of the unhappy who complain.
    unhappy, silent : float
    """

    complaints: int
    rate: float
    unhappy: float
    silent: float


def iceberg(complaints: int, rate: float) -> Iceberg:
    """How many are unhappy, if so many complain and this share of the unhappy do.

    Parameters
    ----------
    complaints : int
    rate : float
        Above 0, at most 1.

    Raises
    ------
    DataError

    Examples
    --------
    >>> found = iceberg(1, 0.05)
    >>> found.unhappy, found.silent
    (20.0, 19.0)
    """
    if not 0 < rate <= 1:
        raise DataError(f"A complaint rate of {rate} cannot be. Give a share above 0 and up to 1, such as 0.05.")
    if complaints < 0:
        raise DataError(f"{complaints} complaints cannot be. Count each case once.")
    unhappy = complaints / rate
    return Iceberg(complaints, rate, unhappy, unhappy - complaints)


@dataclass(frozen=True)
class Told:
    """What people with a problem did about it.

    Attributes
    ----------
    table : DataFrame
        `told` (head_office, front_line, partner, nobody), `n`, `share`, `low`, `high`, `stays` (share who mean to stay; missing
        below 30 answers), `stays_low`, `stays_high`, `stays_n`.
    asked, problems : int
        Sheets of the panel, and those with a problem.
    head_office : Estimate
        Share of the problems that reached head office.
    """

    table: pd.DataFrame
    asked: int
    problems: int
    head_office: Estimate

    @property
    def silent_stay(self) -> float:
        """Of those who told nobody, the share who mean to stay; missing with too few."""
        return float(self.table.set_index("told").loc["nobody", "stays"])


def told(survey: pd.DataFrame | None) -> Told | Withheld:
    """How far problems got, by what the panel says; and of each, who means to stay.

    Parameters
    ----------
    survey : DataFrame or None
        `mode`, `had_problem`, `told`; `stays` where asked. Sheets of the panel count.
    """
    what = "How far problems get"
    gain = "With `had_problem` and `told` in a survey of customers drawn by lot, this page would show how many problems nobody hears of."
    if survey is None or any(name not in survey or survey[name].isna().all() for name in ("had_problem", "told")):
        return Withheld(what, "No survey asks who had a problem and whom they told.", gain)
    sheets = survey[(survey["mode"] == "panel") & survey["had_problem"].notna()]
    with_problem = sheets[sheets["had_problem"].astype(bool) & sheets["told"].isin(LEVELS)]
    if len(with_problem) < MIN_PROBLEMS:
        return Withheld(what, f"{words.count(len(with_problem), 'person', 'people')} of the panel had a problem; {MIN_PROBLEMS} are the least.", gain)
    rows = []
    for level in LEVELS:
        part = with_problem[with_problem["told"] == level]
        share = wilson(len(part), len(with_problem))
        stays = part["stays"].dropna().astype(bool) if "stays" in part else pd.Series(dtype=bool)
        kept = wilson(int(stays.sum()), len(stays)) if len(stays) >= MIN_PROBLEMS else Estimate(float("nan"), float("nan"), float("nan"))
        rows.append(
            {
                "told": level, "n": len(part), "share": share.value, "low": share.low, "high": share.high,
                "stays": kept.value, "stays_low": kept.low, "stays_high": kept.high, "stays_n": len(stays),
            }
        )  # fmt: skip
    reached = int((with_problem["told"] == "head_office").sum())
    return Told(pd.DataFrame(rows), len(sheets), len(with_problem), wilson(reached, len(with_problem)))


def complaints_of(contacts: pd.DataFrame | None, *, as_of: date, window_days: int = 365) -> pd.DataFrame | Withheld:
    """The complaints of a window: contacts with a cause, one row a case of a customer.

    Returns
    -------
    DataFrame
        As the contacts, by time. A second contact about the same case and cause is not counted again.
    """
    what = "Complaints"
    gain = "With contacts and the cause of each complaint, this page would show what goes wrong most, and how long it lies."
    if contacts is None or "cause" not in contacts or contacts["cause"].fillna("").eq("").all():
        return Withheld(what, "The data have no contacts with the cause of a complaint.", gain)
    end = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    rows = contacts[(contacts["at"] < end) & (contacts["at"] >= end - pd.Timedelta(days=window_days)) & contacts["cause"].fillna("").ne("")]
    rows = rows.sort_values(["at", "contact_id"])
    if "case_id" in rows:
        rows = rows[~rows.assign(case=rows["case_id"].fillna(rows["contact_id"])).duplicated(["case", "cause"])]
    if rows.empty:
        return Withheld(what, f"No complaint in the {window_days} days up to the report date.", gain)
    return rows.reset_index(drop=True)


def by_cause(rows: pd.DataFrame | Withheld) -> pd.DataFrame | Withheld:
    """Complaints by cause, most frequent first, with how they ended.

    Returns
    -------
    DataFrame
        `cause`, `complaints`, `share`, `running` (share of this cause and those above it), `unsettled` (not settled at the contact),
        `open` (still open), `cost_minor` where known.
    """
    if isinstance(rows, Withheld):
        return rows
    grouped = rows.groupby("cause")
    table = pd.DataFrame({"complaints": grouped.size()})
    table["share"] = table["complaints"] / len(rows)
    if "resolved" in rows:
        table["unsettled"] = grouped["resolved"].agg(lambda values: int((~values.dropna().astype(bool)).sum()))
    if "status" in rows:
        table["open"] = grouped["status"].agg(lambda values: int((values == "open").sum()))
    table = table.reset_index().sort_values(["complaints", "cause"], ascending=[False, True], ignore_index=True)
    table.insert(3, "running", table["share"].cumsum())
    return table


@dataclass(frozen=True)
class Lying:
    """How long complaints lie.

    Attributes
    ----------
    closed, median_days : int, float
        Closed ones, and half of them took longer than this.
    late, known : int
        Those that took or have taken longer than the limit, of those that can be judged.
    open : int
    limit_days : int
    """

    closed: int
    median_days: float
    late: int
    known: int
    open: int
    limit_days: int


def lying(rows: pd.DataFrame | Withheld, *, as_of: date, limit_days: int = 14) -> Lying | Withheld:
    """How long complaints lie, and how many longer than the limit that the team sets.

    Open ones that are younger than the limit cannot be judged yet and are left out of the share.
    """
    if isinstance(rows, Withheld):
        return Withheld("How long complaints lie", rows.reason, rows.gain)
    if "closed_on" not in rows or rows["closed_on"].isna().all():
        return Withheld("How long complaints lie", "The contacts do not say when a complaint was closed.", "With `closed_on`, late cases could be counted.")
    is_open = rows["closed_on"].isna()
    end = rows["closed_on"].fillna(pd.Timestamp(as_of))
    days = (end - rows["at"].dt.normalize()).dt.days
    known = ~is_open | (days > limit_days)
    return Lying(int((~is_open).sum()), float(days[~is_open].median()), int((days[known] > limit_days).sum()), int(known.sum()), int(is_open.sum()), limit_days)
