"""Early warning: who is about to leave, learned from days in the past and marked on a later one that the model has not seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from helpers import words
from helpers.churn.survival import MONTH
from helpers.churn.windows import Contracts
from helpers.errors import DataError
from helpers.stats.intervals import Estimate, wilson
from helpers.stats.ranks import auc, auc_difference
from helpers.stats.snapshots import refuse_leaks, until
from helpers.withheld import Withheld, passes_on_withheld

HORIZON, GAP, SNAPSHOTS, TERM = 90, 7, 5, 12
"""Days ahead; days that it takes to act on a warning; days in the past that are looked at; months of a contract's term."""
LONG_AGO = 730
DUE = 10_000
"""What the plain rule adds to the days of silence where the term ends within the horizon: more than any silence."""
LEAST = 30
"""Who left, and who stayed, below which no warning is marked."""
FOLDS = 5
PLAIN, MODEL = "plain rule", "model"
SIGNS = {
    "due": "the term ends within the horizon",
    "first_due": "it is the first term that ends",
    "quiet": "no order for half a year",
    "silent": "long since the last order",
    "order_days": "few order days in the last year",
    "complaints": "complained in the last 90 days",
    "unsolved": "something was left unsolved in the last 90 days",
    "relative": "silent for longer than usual",
    "once": "ordered once only",
    "months": "customer for a short time",
}
"""What a warning looks at, in words."""
_LOWER_IS_WORSE = ("order_days", "months")


@dataclass(frozen=True)
class Panel:
    """Everybody at several days in the past, with what was known then and what came after; and everybody today.

    Attributes
    ----------
    past : DataFrame
        `on` (the snapshot), `key`, `customer_id`, the signs, `plain` (the plain rule's score, higher is warned first), `left`
        (True, False) and `days_to` (until leaving, missing for those who stayed).
    today : DataFrame
        The same for the report date, without what comes after.
    signs : tuple of str
    unit : str
        "contract" or "customer".
    rule : str
        The plain rule in words.
    horizon_days, gap_days : int
        A window begins `gap_days` after its snapshot: whoever leaves before nobody could have reached in time.
    too_late : int
        Who left within the gap, and is not counted.
    """

    past: pd.DataFrame
    today: pd.DataFrame
    signs: tuple[str, ...]
    unit: str
    rule: str
    horizon_days: int
    gap_days: int
    too_late: int = 0

    @property
    def days(self) -> list[date]:
        """The snapshots, the earliest first."""
        return sorted(self.past["on"].unique())


def contract_panel(
    contracts: Contracts | Withheld,
    days: pd.DataFrame,
    contacts: pd.DataFrame | None,
    *,
    as_of: date,
    watched_from: date,
    horizon_days: int = HORIZON,
    gap_days: int = GAP,
    snapshots: int = SNAPSHOTS,
) -> Panel | Withheld:
    """Contracts that run on each day, and whether the customer ends them within the horizon.

    Parameters
    ----------
    contracts : Contracts
        From `windows.clean_contracts`.
    days : DataFrame
        `customer_id`, `day` of each order day.
    contacts : DataFrame or None
    as_of, watched_from : date
        Snapshots lie between them, their windows too.
    horizon_days, gap_days, snapshots : int

    Notes
    -----
    `paid_until` is not looked at: for a contract that was renewed it says what came after the snapshot. The end of a term is worked
    out from the start, by terms of `TERM` months.
    """
    if isinstance(contracts, Withheld):
        return contracts
    rows = contracts.rows
    by_customer = rows["ended_by"].ne("company") if "ended_by" in rows else pd.Series(True, index=rows.index)

    def at(on: date) -> pd.DataFrame:
        now = pd.Timestamp(on)
        runs = rows[(rows["started_on"] <= now) & (rows["ended_on"].isna() | (rows["ended_on"] > now))]
        months = (now - runs["started_on"]).dt.days / MONTH
        next_term = np.floor(months / TERM) + 1
        due_in = (next_term * TERM - months) * MONTH
        table = pd.DataFrame({"key": runs["contract_id"].to_numpy(), "customer_id": runs["customer_id"].astype("str").to_numpy()})
        table["due_in"] = due_in.to_numpy()
        table["due"] = (due_in <= horizon_days).to_numpy(dtype=float)
        table["first_due"] = table["due"] * (next_term == 1).to_numpy()
        table = table.join(_habit(until(days, on, at="day"), on), on="customer_id")
        table = _never(table).join(_trouble(contacts, on), on="customer_id")
        table[["complaints", "unsolved"]] = table[["complaints", "unsolved"]].fillna(0.0)
        # Who is due first, and of those who has been silent for longest.
        table["plain"] = DUE * table["due"] + table["silent"]
        return table

    def later(table: pd.DataFrame, on: date) -> pd.Series:
        ended = rows.set_index("contract_id")["ended_on"].where(by_customer.to_numpy())
        return (table["key"].map(ended) - pd.Timestamp(on)).dt.days

    signs = ("due", "first_due", "quiet", "silent", "order_days", *(("complaints", "unsolved") if contacts is not None else ()))
    return _panel(
        at, later, signs, "contract", "whose term ends within the horizon first, and of those who has not ordered for longest",
        as_of=as_of, watched_from=watched_from, horizon_days=horizon_days, gap_days=gap_days, snapshots=snapshots,
    )  # fmt: skip


def order_panel(
    days: pd.DataFrame,
    contacts: pd.DataFrame | None,
    *,
    as_of: date,
    window_days: int,
    snapshots: int = SNAPSHOTS,
) -> Panel | Withheld:
    """Customers without a contract: who ordered in the window before a day, and whether they stay away for the window after it.

    Parameters
    ----------
    days : DataFrame
        `customer_id`, `day` of each order day.
    contacts : DataFrame or None
    as_of : date
    window_days : int
        The silence that counts as leaving, as lesson 07a has checked it.
    snapshots : int
    """
    if not len(days):
        return Withheld("The early warning", "There are no orders of known customers.", "With orders it would appear.")

    def at(on: date) -> pd.DataFrame:
        known = until(days, on, at="day")
        habit = _habit(known, on).join(known.groupby("customer_id")["day"].agg(first="min", ever="count"))
        habit = habit[habit["silent"] < window_days].reset_index()
        gap = (pd.Timestamp(on) - pd.Timedelta(days=1) * habit["silent"] - habit["first"]).dt.days / (habit["ever"] - 1).clip(lower=1)
        usual = gap[habit["ever"] > 1].median()
        gap = gap.where(habit["ever"] > 1, usual).clip(lower=7)
        table = pd.DataFrame({"key": habit["customer_id"].astype("str"), "customer_id": habit["customer_id"].astype("str")})
        table["silent"], table["order_days"] = habit["silent"].astype(float), habit["order_days"].astype(float)
        table["relative"] = (habit["silent"] / gap).clip(upper=10).fillna(1.0)
        table["once"] = (habit["ever"] == 1).astype(float)
        table["months"] = ((pd.Timestamp(on) - habit["first"]).dt.days / MONTH).clip(upper=36)
        table = table.join(_trouble(contacts, on), on="customer_id")
        table[["complaints", "unsolved"]] = table[["complaints", "unsolved"]].fillna(0.0)
        table["plain"] = table["silent"]
        return table

    # Whoever orders within the window stays; the others are taken to have left on its last day.
    def later(table: pd.DataFrame, on: date) -> pd.Series:
        after = days[(days["day"] > pd.Timestamp(on)) & (days["day"] <= pd.Timestamp(on) + pd.Timedelta(days=window_days))]
        came = set(after["customer_id"].astype("str"))
        return pd.Series(np.where(table["customer_id"].isin(came), np.nan, window_days), index=table.index)

    signs = ("silent", "relative", "order_days", "once", "months", *(("complaints", "unsolved") if contacts is not None else ()))
    return _panel(
        at, later, signs, "customer", "who has not ordered for longest", as_of=as_of,
        watched_from=days["day"].min().date() + timedelta(days=window_days), horizon_days=window_days, gap_days=0, snapshots=snapshots,
    )  # fmt: skip


def _panel(
    at: Callable[[date], pd.DataFrame], later: Callable, signs: tuple[str, ...], unit: str, rule: str, *,
    as_of: date, watched_from: date, horizon_days: int, gap_days: int, snapshots: int,
) -> Panel | Withheld:  # fmt: skip
    """Snapshots a horizon apart, each with its window over, the latest one ending today."""
    what = "The early warning"
    days = [as_of - timedelta(days=horizon_days * place) for place in range(1, snapshots + 1)]
    days = sorted(day for day in days if day >= watched_from)
    if len(days) < 2:
        return Withheld(
            what,
            f"A warning needs two days in the past with {words.count(horizon_days, 'day')} after each: one to learn from and a later one "
            f"to be marked on. The data allow {words.count(len(days), 'day')}.",
            "With more months of data, or a shorter horizon, it would appear.",
        )
    parts, too_late = [], 0
    for on in days:
        table = at(on)
        table["days_to"] = later(table, on)
        early = table["days_to"] <= gap_days
        too_late += int(early.sum())
        table = table[~early].assign(on=on)
        table["left"] = (table["days_to"] <= horizon_days).to_numpy()
        table["days_to"] = table["days_to"].where(table["left"])
        parts.append(table)
    past = pd.concat(parts, ignore_index=True)
    last = past[past["on"] == days[-1]]
    for number, said in ((int(last["left"].sum()), "left"), (int((~last["left"]).sum()), "stayed")):
        if number < LEAST:
            return Withheld(
                what,
                f"Of {words.count(len(last), unit)} in the last window {'nobody' if not number else f'{number:,}'} {said}; to mark a warning, "
                f"{LEAST} must have left and {LEAST} stayed.",
                "With more customers, or a longer horizon, it would appear.",
            )
    return Panel(past, at(as_of), signs, unit, rule, horizon_days, gap_days, too_late)


def _habit(known: pd.DataFrame, on: date) -> pd.DataFrame:
    """By customer: `silent` days, `order_days` in the last year, `quiet`."""
    now = pd.Timestamp(on)
    by = known.groupby("customer_id")["day"]
    table = pd.DataFrame({"silent": (now - by.max()).dt.days.astype(float)})
    recent = known[known["day"] > now - pd.Timedelta(days=365)]
    table["order_days"] = recent.groupby("customer_id")["day"].count().reindex(table.index, fill_value=0).astype(float)
    table["quiet"] = (table["silent"] > 180).astype(float)
    table.index = table.index.astype("str")
    return table


def _never(table: pd.DataFrame) -> pd.DataFrame:
    """Who has no order in the data has been silent for as long as we count."""
    return table.assign(
        silent=table["silent"].fillna(LONG_AGO).clip(upper=LONG_AGO), order_days=table["order_days"].fillna(0.0), quiet=table["quiet"].fillna(1.0)
    )


def _trouble(contacts: pd.DataFrame | None, on: date) -> pd.DataFrame:
    """By customer, in the 90 days up to a day: whether they complained, and whether something was left unsolved."""
    if contacts is None or not len(contacts):
        return pd.DataFrame(columns=["complaints", "unsolved"], dtype=float)
    recent = until(contacts, on, at="at")
    recent = recent[recent["at"] > pd.Timestamp(on) - pd.Timedelta(days=90)]
    complained = recent["cause"].fillna("").ne("") if "cause" in recent else pd.Series(False, index=recent.index)
    open_ = recent["resolved"].eq(False) if "resolved" in recent else pd.Series(False, index=recent.index)
    table = pd.DataFrame({"customer_id": recent["customer_id"].astype("str"), "complaints": complained, "unsolved": open_.fillna(False)})
    return table.groupby("customer_id")[["complaints", "unsolved"]].max().astype(float)


# ---------------------------------------------------------------- marked on a later day


@dataclass(frozen=True)
class Warned:
    """What warnings were worth on the last window, and who is warned of today.

    Attributes
    ----------
    table : DataFrame
        One row a way of choosing whom to look after: `way` (`PLAIN`, `MODEL`, "by lot"), `caught` (of the `capacity` chosen, who left), `precision`,
        `low`, `high`, `auc`.
    ahead : Estimate
        AUC of the model less that of the plain rule.
    chosen : str
        `MODEL` where it ranked better beyond chance, else `PLAIN`.
    calibration : DataFrame
        Tenths (or fewer) of the customers by the model's chance: `said`, `left`, `low`, `high`, `customers`.
    today : DataFrame
        Everybody today: `key`, `customer_id`, `chance` (the model's, of leaving within the horizon), `score` (of the chosen way), `sign` (in words),
        and the signs.
    left, judged, capacity : int
    lead_days : float
        Median of the days between the snapshot and the leaving, of those caught by the chosen way.
    on : date
        The snapshot that marks.
    marked : DataFrame
        Everybody at that snapshot: `key`, `chance`, `plain`, `left`.
    weights : DataFrame
        `sign`, `weight`: what the model adds to the log-odds for one standard deviation of each sign.
    """

    table: pd.DataFrame
    ahead: Estimate
    chosen: str
    calibration: pd.DataFrame
    today: pd.DataFrame
    left: int
    judged: int
    capacity: int
    lead_days: float
    on: date
    panel: Panel
    marked: pd.DataFrame
    weights: pd.DataFrame

    @property
    def base_rate(self) -> float:
        """Share of all who left."""
        return self.left / self.judged

    def row(self, way: str) -> pd.Series:
        return self.table.set_index("way").loc[way]


@passes_on_withheld
def judge(panel: Panel, *, capacity: int, known_on: Mapping[str, pd.Series] | None = None) -> Warned | Withheld:
    """Learn from the earlier snapshots, mark on the last one, warn of today.

    Parameters
    ----------
    panel : Panel
    capacity : int
        How many the team can look after in one horizon.
    known_on : mapping of sign to Series of datetime, optional
        The days on which further signs of the last snapshot came to be known: a later one makes the run fail.

    Raises
    ------
    Leak
        From `snapshots.refuse_leaks`.
    DataError
        If the capacity is below 1.

    Notes
    -----
    The customers are divided into `FOLDS`, and whoever is marked was in no row that the model learned from, on whatever day. A logistic regression
    on a handful of signs; its chances are held against what came (`calibration`).
    """
    if capacity < 1:
        raise DataError(f"The capacity is {capacity}. Give the number of customers that the team can look after, 1 or more.")
    last_day = panel.days[-1]
    if known_on:
        refuse_leaks(known_on, last_day)
    last = panel.past[panel.past["on"] == last_day].reset_index(drop=True)
    earlier = panel.past[panel.past["on"] < last_day]
    if earlier["left"].nunique() < 2:
        who = "everybody" if earlier["left"].all() else "nobody"
        return Withheld("The early warning", f"In the earlier windows {who} left: there is nothing to learn a warning from.", "With more months it would appear.")
    chance = _out_of_fold(earlier, last, panel.signs)
    left = last["left"].to_numpy()
    most = min(capacity, len(last))
    ahead = auc_difference(chance, last["plain"].to_numpy(), left)
    scores = {MODEL: chance, PLAIN: last["plain"].to_numpy(dtype=float)}
    rows, caught_by = [], {}
    for way, score in scores.items():
        chosen = np.lexsort((last["key"].to_numpy(dtype=str), -score))[:most]
        caught_by[way] = chosen[left[chosen]]
        share = wilson(len(caught_by[way]), most)
        rows.append((way, len(caught_by[way]), share.value, share.low, share.high, auc(score, left)))
    by_lot = most * left.mean()
    rows.append(("by lot", by_lot, left.mean(), np.nan, np.nan, 0.5))
    table = pd.DataFrame(rows, columns=["way", "caught", "precision", "low", "high", "auc"])
    best = MODEL if ahead.low > 0 else PLAIN
    model = _fit(pd.concat([earlier, last]), panel.signs)
    today = panel.today.copy()
    today["chance"] = _chance(model, today, panel.signs)
    today["score"] = today["chance"] if best == MODEL else today["plain"]
    today["sign"] = _strongest(model, today, panel.signs)
    weights = pd.DataFrame({"sign": [SIGNS[name] for name in panel.signs], "weight": model[2].coef_[0]})
    lead = last["days_to"].to_numpy()[caught_by[best]]
    return Warned(
        table, ahead, best, calibration(chance, left), today, int(left.sum()), len(left), most,
        float(np.median(lead)) if len(lead) else np.nan, last_day, panel, last.assign(chance=chance)[["key", "customer_id", "chance", "plain", "left"]], weights,
    )  # fmt: skip


def calibration(chance, left, *, groups: int = 8) -> pd.DataFrame:
    """What was said beside what came, in groups of about one size by the chance that was said.

    Parameters
    ----------
    chance : array of float
    left : array of bool
    groups : int, default 8

    Returns
    -------
    DataFrame
        `customers`, `said` (mean chance), `left` (share), `low`, `high` (Wilson).
    """
    chance, left = np.asarray(chance, dtype=float), np.asarray(left, dtype=bool)
    places = pd.qcut(pd.Series(chance).rank(method="first"), min(groups, max(len(chance) // 20, 1)), labels=False)
    rows = []
    for _, own in pd.DataFrame({"chance": chance, "left": left}).groupby(places.to_numpy()):
        share = wilson(int(own["left"].sum()), len(own))
        rows.append((len(own), own["chance"].mean(), share.value, share.low, share.high))
    return pd.DataFrame(rows, columns=["customers", "said", "left", "low", "high"])


def _out_of_fold(earlier: pd.DataFrame, last: pd.DataFrame, signs: tuple[str, ...]) -> np.ndarray:
    """The chance of everybody at the last snapshot, by models that have never met the customer."""
    people = np.unique(last["customer_id"].to_numpy(dtype=str))
    fold = dict(zip(people, np.random.default_rng(7).permutation(len(people)) % FOLDS, strict=True))
    of_last = last["customer_id"].map(fold).to_numpy()
    of_earlier = earlier["customer_id"].map(fold).fillna(-1).to_numpy()
    chance = np.full(len(last), earlier["left"].mean())
    for number in range(FOLDS):
        learn, mark = earlier[of_earlier != number], of_last == number
        if learn["left"].nunique() == 2 and mark.any():
            chance[mark] = _chance(_fit(learn, signs), last[mark], signs)
    return chance


def _fit(rows: pd.DataFrame, signs: tuple[str, ...]):
    """Means, spreads and a logistic regression of leaving on the signs."""
    from sklearn.linear_model import LogisticRegression

    x = rows[list(signs)].to_numpy(dtype=float)
    middle, spread = x.mean(axis=0), np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
    return middle, spread, LogisticRegression(C=1.0, max_iter=500).fit((x - middle) / spread, rows["left"].to_numpy())


def _chance(model, rows: pd.DataFrame, signs: tuple[str, ...]) -> np.ndarray:
    middle, spread, fitted = model
    if not len(rows):
        return np.empty(0)
    return fitted.predict_proba((rows[list(signs)].to_numpy(dtype=float) - middle) / spread)[:, 1]


def _strongest(model, rows: pd.DataFrame, signs: tuple[str, ...]) -> list[str]:
    """For each row the sign that speaks most for leaving, in words; among signs that are there."""
    middle, spread, fitted = model
    x = rows[list(signs)].to_numpy(dtype=float)
    speaks = (x - middle) / spread * fitted.coef_[0]
    # A sign that is absent (no complaint, not due) is no reason to leave, whatever its weight.
    absent = (x == 0) & ~np.isin(np.array(signs), _LOWER_IS_WORSE)[None, :]
    speaks = np.where(absent, -np.inf, speaks)
    return [SIGNS[signs[place]] for place in speaks.argmax(axis=1)] if len(rows) else []
