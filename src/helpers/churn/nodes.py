"""Where leaving clusters: at which age, and after what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy import special

from helpers import words
from helpers.churn.survival import MONTH, Lives
from helpers.stats.intervals import Estimate, difference_of_shares, holm, wilson
from helpers.stats.survival.watched import at_times
from helpers.withheld import Withheld

LEAST_AT_RISK = 40
"""Lives at risk in a month of age below which the month is not judged."""
LEAST_LEFT = 20
LEAST_TIMES = 10
"""Events, such as complaints, below which what follows is not judged."""
PEAK_TIMES = 1.5
"""A peak is at least so many times the usual rate."""
LATE = 5.0
"""Days after the last day of a term on which an end still counts to it: papers take a while."""


# ---------------------------------------------------------------- by age


@dataclass(frozen=True)
class Ages:
    """Of 100 who reached a month of age, how many left in it.

    Attributes
    ----------
    table : DataFrame
        `month` (0: the first two weeks; else the month that the age rounds to), `at_risk`, `left`, `rate`, `low`, `high`, `judged`.
    usual : float
        Rate of a month that is no peak.
    peaks : tuple of int
        Months in which leaving clusters beyond chance, the highest first.
    unit : str
    """

    table: pd.DataFrame
    usual: float
    peaks: tuple[int, ...]
    unit: str

    def at(self, month: int) -> pd.Series:
        """The row of a month."""
        return self.table.set_index("month").loc[month]


def by_age(lives: Lives | Withheld, *, most_months: int = 60) -> Ages | Withheld:
    """At which age they leave, and which months stand out.

    Parameters
    ----------
    lives : Lives
        From `survival`; those who began before watching did count as being at risk from their age at that time on.
    most_months : int
        Ages up to which months are shown.

    Notes
    -----
    Each month is held against all others that are no peak (binomial, one-sided, Holm over all months). The most
    unusual is taken out of the usual first, then the next is looked for.
    """
    if isinstance(lives, Withheld):
        return Withheld("When they leave", lives.reason, lives.gain)
    table, what = lives.table, "When they leave"
    left = int(table["left"].sum())
    if left < LEAST_LEFT:
        return Withheld(what, f"Only {words.count(left, lives.unit)} left; {LEAST_LEFT} are the least.", "With more months it would appear.")
    if table["left"].all():
        return Withheld(what, f"All of {words.count(len(table), lives.unit)} have left, so nothing can be said about those who stay.", "")
    # An age rounds to the nearest month: a term of a year ends in month 12, be the year 365 or 366 days long.
    duration, entry = table["months"] + 0.5, table["entry"] + 0.5 * (table["entry"] > 0)
    month = np.floor(duration).astype(int).to_numpy()
    last = min(most_months, int(month.max()))
    edges = np.arange(last + 1, dtype=float)
    at_risk, _ = at_times(edges + 1e-9, duration.to_numpy(), table["left"].to_numpy(), entry.to_numpy())
    gone = np.bincount(month[table["left"].to_numpy()], minlength=last + 1)[: last + 1]
    at_risk = np.maximum(at_risk, gone)
    shares = [wilson(int(k), int(n)) for k, n in zip(gone, at_risk, strict=True)]
    made = pd.DataFrame(
        {
            "month": np.arange(last + 1),
            "at_risk": at_risk,
            "left": gone,
            "rate": [one.value for one in shares],
            "low": [one.low for one in shares],
            "high": [one.high for one in shares],
            "judged": at_risk >= LEAST_AT_RISK,
        }
    )
    peaks, usual = _peaks(made[made["judged"]])
    return Ages(made, usual, peaks, lives.unit)


def _peaks(judged: pd.DataFrame) -> tuple[tuple[int, ...], float]:
    """Months above the rest, and the rate of the rest."""
    k, n, month = (judged[name].to_numpy() for name in ("left", "at_risk", "month"))
    found: list[int] = []
    rest = np.ones(len(k), dtype=bool)
    while rest.sum() >= 3:
        others_k, others_n = k[rest].sum() - k[rest], n[rest].sum() - n[rest]
        usual = np.maximum(others_k, 0.5) / others_n
        p = special.bdtrc(k[rest] - 1.0, n[rest], np.minimum(usual, 1 - 1e-12))
        p = np.where(k[rest] == 0, 1.0, p)
        # All months were looked at, those taken out before too.
        best = int(np.argmin(p))
        enough = k[rest][best] / n[rest][best] >= PEAK_TIMES * usual[best]
        if p[best] * len(k) >= 0.05 or not enough:
            break
        place = np.flatnonzero(rest)[best]
        found.append(place)
        rest[place] = False
    usual = float(k[rest].sum() / n[rest].sum()) if n[rest].sum() else np.nan
    return tuple(int(month[place]) for place in sorted(found, key=lambda one: -k[one] / n[one])), usual


def same_age(lives: Lives | Withheld, *, as_of: date, days: int = 365) -> Estimate | Withheld:
    """Leaving in the last period against the one before, at the same ages: 1 is the same, 0.8 a fifth less.

    A firm that has won many lately has many at the age at which people leave; its plain rate rises though nobody leaves sooner.

    Returns
    -------
    Estimate or Withheld
        Rate ratio of the last period to the one before, stratified by month of age (Mantel and Haenszel), with its interval.

    References
    ----------
    Greenland and Robins (1985), Biometrics 41, 55-68: person-time.
    """
    what = "Leaving at the same age"
    if isinstance(lives, Withheld):
        return Withheld(what, lives.reason, lives.gain)
    table = lives.table
    end = (pd.Timestamp(as_of) - table["began"]).dt.days.to_numpy() / MONTH
    periods = []
    for back in (0, 1):
        until = end - back * days / MONTH
        since = np.maximum(np.maximum(until - days / MONTH, table["entry"].to_numpy()), 0)
        stop = np.minimum(table["months"].to_numpy(), until)
        happened = table["left"].to_numpy() & (table["months"].to_numpy() <= until) & (table["months"].to_numpy() > since)
        periods.append(_person_time(since, stop, happened))
    (k1, t1), (k0, t0) = periods
    width = max(len(k1), len(k0))
    k1, t1, k0, t0 = (np.pad(one, (0, width - len(one))) for one in (k1, t1, k0, t0))
    return _rate_ratio(k1, t1, k0, t0, what, words.count(int(k1.sum() + k0.sum()), lives.unit))


def _person_time(since: np.ndarray, stop: np.ndarray, happened: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Events and months of watching by month of age, from `since` to `stop`."""
    # As in `by_age`: month 12 is the age from 11.5 to 12.5.
    since, stop = since + 0.5, stop + 0.5
    ok = stop > since
    last = int(np.floor(stop[ok].max())) if ok.any() else 0
    edges = np.arange(last + 2, dtype=float)
    spent = np.clip(np.minimum(stop[ok, None], edges[1:]) - np.maximum(since[ok, None], edges[:-1]), 0, None)
    place = np.floor(stop[happened & ok]).astype(int)
    return np.bincount(place, minlength=last + 1).astype(float), spent.sum(axis=0)


def _rate_ratio(k1, t1, k0, t0, what: str, left: str) -> Estimate | Withheld:
    """Mantel-Haenszel rate ratio over strata, with the interval of Greenland and Robins."""
    total = t1 + t0
    own = total > 0
    k1, t1, k0, t0, total = (one[own] for one in (k1, t1, k0, t0, total))
    up, down = float((k1 * t0 / total).sum()), float((k0 * t1 / total).sum())
    if up <= 0 or down <= 0 or k1.sum() + k0.sum() < LEAST_LEFT:
        return Withheld(what, f"Only {left} left in the two periods, or all of them in one.", "With more months it would appear.")
    spread = np.sqrt(float(((k1 + k0) * t1 * t0 / total**2).sum()) / (up * down))
    ratio = up / down
    return Estimate(ratio, ratio * float(np.exp(-1.959964 * spread)), ratio * float(np.exp(1.959964 * spread)))


# ---------------------------------------------------------------- after something


@dataclass(frozen=True)
class After:
    """What follows within so many days after something, such as a complaint.

    Attributes
    ----------
    table : DataFrame
        One row a kind of event, the first for all together (`kind` "all"): `times` (events while the contract ran), `left` (ended within the
        window), `expected` (if nothing had happened, at the same ages), `rate` and `usual` (of 100 windows, as fractions), `low`,
        `high` (of `rate`), `ratio`, `p_value`, `p_corrected` (Holm over the kinds).
    days : int
    """

    table: pd.DataFrame
    days: int

    @property
    def all(self) -> pd.Series:
        """The row of all kinds together."""
        return self.table.iloc[0]

    @property
    def kinds(self) -> pd.DataFrame:
        """The rows of each kind, the highest rate first."""
        return self.table.iloc[1:]

    @property
    def found(self) -> bool:
        """Whether leaving clusters after it, beyond chance and to an extent that matters."""
        return bool(self.all["p_value"] < 0.05 and self.all["ratio"] >= PEAK_TIMES)

    @property
    def drives(self) -> tuple[str, ...]:
        """The kinds after which leaving clusters, beyond chance."""
        rows = self.kinds
        return tuple(rows.loc[(rows["p_corrected"] < 0.05) & (rows["ratio"] >= PEAK_TIMES), "kind"])

    @property
    def worst(self) -> str | None:
        """The kind after which more leave than after all others together, beyond chance, or None."""
        rows = self.kinds.sort_values(["rate", "kind"], ascending=[False, True])
        if len(rows) < 2 or rows["kind"].iloc[0] not in self.drives:
            return None
        first, rest = rows.iloc[0], rows.iloc[1:]
        more = difference_of_shares(int(first["left"]), int(first["times"]), int(rest["left"].sum()), int(rest["times"].sum()))
        return str(first["kind"]) if more.low > 0 else None


def complaints(contacts: pd.DataFrame | None, *, as_of: date) -> pd.DataFrame | Withheld:
    """Complaints as marks: `customer_id`, `on`, `kind` (the cause). A second contact on the same case is not counted again."""
    what = "Leaving after a complaint"
    if contacts is None or "cause" not in contacts or contacts["cause"].fillna("").eq("").all():
        return Withheld(
            what, "The data have no contacts with the cause of a complaint.",
            "With contacts and their cause, this page would show who leaves after a complaint, and after which.",
        )  # fmt: skip
    rows = contacts[contacts["cause"].fillna("").ne("") & contacts["customer_id"].notna() & (contacts["at"] < pd.Timestamp(as_of) + pd.Timedelta(days=1))]
    rows = rows.sort_values(["at", "contact_id"], kind="stable")
    if "case_id" in rows:
        case = rows["case_id"].fillna(rows["contact_id"])
        rows = rows[~pd.DataFrame({"customer": rows["customer_id"], "case": case, "cause": rows["cause"]}).duplicated()]
    return pd.DataFrame(
        {"customer_id": rows["customer_id"].astype("str"), "on": rows["at"].dt.normalize(), "kind": rows["cause"].astype("str")}
    ).reset_index(drop=True)


def after(lives: Lives | Withheld, marks: pd.DataFrame | Withheld, *, days: int = 30, what: str = "Leaving after a complaint") -> After | Withheld:
    """Whether leaving clusters in the days after something, at the same ages.

    Parameters
    ----------
    lives : Lives
    marks : DataFrame
        `customer_id`, `on` (the day), `kind`. Only marks before the end of a life count: what comes later cannot have driven anybody out.
    days : int
        Length of the window after a mark.

    Notes
    -----
    Time at risk is split into windows after a mark and all other time. From the other time comes the usual rate of each month of age; the leavers that it would give in the windows are
    the expected ones (indirect standardisation), and the p-value is Poisson's. So a complaint near the end of a term is not blamed for the end of the term. Windows of the same kind that overlap count once.
    A mark on the first day counts from the next day on; a life that ends on the day of the mark counts as after it.
    """
    if isinstance(lives, Withheld):
        return Withheld(what, lives.reason, lives.gain)
    if isinstance(marks, Withheld):
        return marks
    table = lives.table.reset_index(names="life")
    joined = marks.merge(table, on="customer_id")
    joined["age"] = (joined["on"] - joined["began"]).dt.days / MONTH
    joined = joined[(joined["age"] >= joined["entry"]) & (joined["age"] <= joined["months"]) & (joined["age"] >= 0)]
    if len(joined) < LEAST_TIMES:
        return Withheld(what, f"Only {words.count(len(joined), 'time')} did it happen while a {lives.unit} ran; {LEAST_TIMES} are the least.", "")
    window = days / MONTH
    whole_k, whole_t = _person_time(table["entry"].to_numpy(), table["months"].to_numpy(), table["left"].to_numpy())
    all_k, all_t = _inside(joined, window, len(whole_k))
    outside_k, outside_t = whole_k - all_k, whole_t - all_t
    if outside_k.sum() < LEAST_LEFT:
        return Withheld(what, f"Only {words.count(int(outside_k.sum()), lives.unit)} left at other times; {LEAST_LEFT} are the least.", "")
    usual = _smoothed(outside_k, outside_t)
    rows = [_row("all", joined, all_k, all_t, usual, window)]
    for kind, own in joined.groupby("kind"):
        rows.append(_row(str(kind), own, *_inside(own, window, len(whole_k)), usual, window))
    made = pd.DataFrame(rows)
    made["p_corrected"] = [made["p_value"].iloc[0], *holm(made["p_value"].iloc[1:])]
    kinds = made.iloc[1:].sort_values(["ratio", "kind"], ascending=[False, True])
    return After(pd.concat([made.iloc[:1], kinds], ignore_index=True), days)


def _inside(joined: pd.DataFrame, window: float, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Leavers and months of watching within the windows, by month of age, where windows overlap once."""
    rows = joined.sort_values(["life", "age"], kind="stable")
    start, life = rows["age"].to_numpy(), rows["life"].to_numpy()
    # A window ends where the next one of the same life begins.
    following = np.append(np.where(life[1:] == life[:-1], start[1:], np.inf), np.inf)
    stop = np.minimum.reduce([start + window, following, rows["months"].to_numpy()])
    gone = rows["left"].to_numpy() & (rows["months"].to_numpy() <= start + window) & np.isinf(following)
    # Who ends on the very day of the mark spent no time after it, and counts as having left after it.
    k, t = _person_time(start, np.where(gone & (stop == start), start + 1 / 1000, stop), gone)
    k, t = k[:width], t[:width]
    return np.pad(k, (0, width - len(k))), np.pad(t, (0, width - len(t)))


def _smoothed(k: np.ndarray, t: np.ndarray) -> np.ndarray:
    """The usual rate of each month of age; where little was watched, that of all."""
    overall = k.sum() / t.sum()
    return np.where(t >= LEAST_AT_RISK, k / np.maximum(t, 1e-9), overall)


def _row(kind: str, joined: pd.DataFrame, k: np.ndarray, t: np.ndarray, usual: np.ndarray, window: float) -> dict:
    left, expected, times = int(k.sum()), float((usual * t).sum()), len(joined)
    share = wilson(min(left, times), times)
    p = float(special.pdtrc(left - 1, expected)) if left and expected > 0 else 1.0
    return {
        "kind": kind, "times": times, "left": left, "expected": expected, "rate": share.value, "low": share.low, "high": share.high,
        "usual": expected / times, "ratio": left / expected if expected > 0 else np.nan, "p_value": p,
    }  # fmt: skip


def signs(contacts: pd.DataFrame | None, *, as_of: date, long_wait: float = 20) -> pd.DataFrame | Withheld:
    """What can be seen of the seven reasons in contacts, as marks: `customer_id`, `on`, `kind` (a code of `reasons.REASONS`).

    Parameters
    ----------
    contacts : DataFrame or None
        `at`; `wait_minutes`, `satisfaction`, `resolved`, `cause` where there are such.
    long_wait : float
        Minutes from which a wait is long.
    """
    if contacts is None or not len(contacts):
        return Withheld(
            "What came before leaving", "The data have no contacts.",
            "With contacts, this page would show which of the seven reasons leave a trace before somebody goes.",
        )  # fmt: skip
    rows = contacts[contacts["customer_id"].notna() & (contacts["at"] < pd.Timestamp(as_of) + pd.Timedelta(days=1))]
    none = pd.Series(False, index=rows.index)
    cause = rows["cause"].fillna("").astype("str") if "cause" in rows else pd.Series("", index=rows.index)
    found = {
        "slow": rows["wait_minutes"] >= long_wait if "wait_minutes" in rows else none,
        "unfriendly": rows["satisfaction"].le(2).fillna(False) if "satisfaction" in rows else none,
        "unprofessional": rows["resolved"].eq(False).fillna(False) if "resolved" in rows else none,
        "poor_value": cause.str.contains("bill|price|fee", case=False),
        "broken_promise": cause.str.contains("promise|late", case=False),
    }
    parts = [
        pd.DataFrame({"customer_id": rows["customer_id"].astype("str"), "on": rows["at"].dt.normalize(), "kind": code})[mask.to_numpy(dtype=bool)]
        for code, mask in found.items()
    ]
    marks = pd.concat(parts, ignore_index=True).drop_duplicates()
    return marks if len(marks) else Withheld("What came before leaving", "No contact shows a sign of a reason.", "")


# ---------------------------------------------------------------- without contracts


def by_order(days: pd.DataFrame, *, as_of: date, window_days: int, most: int = 8) -> pd.DataFrame | Withheld:
    """After which order they do not come back: of 100 who made an order, how many fell silent for the window after it.

    Parameters
    ----------
    days : DataFrame
        From `windows.order_days`.
    as_of : date
    window_days : int
    most : int
        Orders after this one stand together.

    Returns
    -------
    DataFrame
        `order` (1, 2, ...; the last stands for all later ones), `customers`, `gone`, `rate`, `low`, `high`. Orders too late to be judged are left out.
    """
    what = "After which order they go"
    number = days.groupby("customer_id").cumcount() + 1
    following = days.groupby("customer_id")["day"].shift(-1)
    judged = days["day"] + pd.Timedelta(days=window_days) <= pd.Timestamp(as_of)
    gone = following.isna() | ((following - days["day"]).dt.days > window_days)
    rows = []
    for order in range(1, most + 1):
        own = judged & ((number == order) if order < most else (number >= order))
        if own.sum() >= LEAST_AT_RISK:
            share = wilson(int(gone[own].sum()), int(own.sum()))
            rows.append((order, int(own.sum()), int(gone[own].sum()), share.value, share.low, share.high))
    if len(rows) < 2:
        return Withheld(what, f"Fewer than two orders in a row were made by {LEAST_AT_RISK} customers early enough to be judged.", "With more months it would appear.")
    return pd.DataFrame(rows, columns=["order", "customers", "gone", "rate", "low", "high"])
