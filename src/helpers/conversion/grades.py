"""Grades A to D for open prospects, from a calibrated score that has to beat the seller's own class first.

The snapshot of each prospect is the day of the first contact. What is used must have been noted by then; what is
foretold is an order within a window after it. Prospects who order at the first contact need no grade.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers.stats.intervals import Estimate, paired_difference, wilson
from helpers.stats.snapshots import Leak, refuse_leaks
from helpers.withheld import Withheld

GRADES = ("A", "B", "C", "D")
CUTS = (0.6, 0.3, 0.1)
"""Chance from which a prospect is graded A, B, C: the source names grades, not numbers. Ours."""
CLASSES = ("very_hopeful", "hopeful", "ordinary", "no_intention")
MARKS = {"deposit_paid": "deposit_on", "home_measured": "measured_on"}
"""Columns of yes and no that may have been filled in later, with the column of their day."""
NOTED = ("need_defined", "model_focused", "budget_fits", "refused")
MIN_LEARN, MIN_JUDGE, MIN_ORDERS = 150, 80, 20
MIN_ALIKE = 30
"""Prospects of a follow-up class that did not order, below which all others tell when a prospect is given up."""
TOP = 0.2
_GAIN = "With some hundred prospects whose window is over, a score could be learned and marked."


def follow_up_class(prospects: pd.DataFrame) -> pd.Series:
    """The four follow-up classes by rule, the refusal before everything else.

    Parameters
    ----------
    prospects : DataFrame
        `refused`, `model_focused`, `need_defined`, `budget_fits` (yes or no) and `interest`; a missing answer counts as no.

    Returns
    -------
    Series of str
        of `CLASSES`. Whoever fits none is ordinary. Empty where nothing was noted.
    """
    no, focused, need, money = (
        prospects[name].fillna(False).to_numpy(dtype=bool)
        for name in ("refused", "model_focused", "need_defined", "budget_fits")
    )
    high = prospects["interest"].eq("high").fillna(False).to_numpy(dtype=bool)
    found = np.select([no, focused, need & money & high], ["no_intention", "very_hopeful", "hopeful"], "ordinary")
    noted = prospects[["refused", "model_focused", "need_defined", "budget_fits"]].notna().any(axis=1)
    return pd.Series(np.where(noted, found, ""), index=prospects.index, dtype="str")


def undealt(prospects: pd.DataFrame, *, as_of: date, window_days: int) -> pd.DataFrame:
    """Everybody who had a first contact and did not order at it: `ordered` within the window, `over` (the window is over)."""
    table = prospects[prospects["visited_on"].notna()]
    table = table[~(table["converted_on"] <= table["visited_on"])]
    took = (table["converted_on"] - table["visited_on"]).dt.days
    over = table["visited_on"] + pd.Timedelta(days=window_days) <= pd.Timestamp(as_of)
    return table.assign(ordered=took.le(window_days).fillna(False).astype(bool), over=over).sort_values(
        ["visited_on", "prospect_id"], kind="stable"
    )


# ---------------------------------------------------------------- what was known


@dataclass(frozen=True)
class LeakCheck:
    """Columns that were filled in after the day on which they are used.

    Attributes
    ----------
    table : DataFrame
        `column`, `yes`, `late` (dated after the first contact), `orders_if_yes`, `orders_if_no` (shares), `leaks`.
    message : str
        What the check says about the first that leaks; empty if none does.
    """

    table: pd.DataFrame
    message: str

    @property
    def leaking(self) -> tuple[str, ...]:
        """Names of the columns that must not be used."""
        return tuple(self.table.loc[self.table["leaks"], "column"])


def leak_check(prospects: pd.DataFrame | None, *, as_of: date, window_days: int) -> LeakCheck | Withheld:
    """Ask of each mark of yes and no whether it was known at the first contact.

    A mark without a day cannot be checked and is not used.
    """
    if prospects is None or "visited_on" not in prospects or "converted_on" not in prospects:
        return Withheld("What was known when", "There is no list of prospects with the days of contact and order.", _GAIN)
    table = undealt(prospects, as_of=as_of, window_days=window_days)
    rows, message = [], ""
    for name, day in MARKS.items():
        if name not in table or day not in table or not table[name].fillna(False).any():
            continue
        yes = table[name].fillna(False).to_numpy(dtype=bool)
        # Each prospect's own snapshot is moved to one day, so that one check does for all.
        moved = pd.Timestamp(as_of) + (table.loc[yes, day] - table.loc[yes, "visited_on"])
        late = int((moved > pd.Timestamp(as_of)).sum())
        try:
            refuse_leaks({name: moved}, as_of)
        except Leak as leak:
            message = message or str(leak)
        won = table["ordered"].to_numpy()
        share = [float(won[mask].mean()) if mask.any() else np.nan for mask in (yes, ~yes)]
        rows.append((name, int(yes.sum()), late, *share, late > 0))
    return LeakCheck(pd.DataFrame(rows, columns=["column", "yes", "late", "orders_if_yes", "orders_if_no", "leaks"]), message)


def features(prospects: pd.DataFrame, *, leave_out: tuple[str, ...] = ()) -> pd.DataFrame:
    """What the score uses, as numbers: notes of the first contact, tier, route, tenure and marks; one row a prospect."""
    columns: dict[str, np.ndarray] = {}
    for name in (*NOTED, *MARKS):
        if name in prospects and name not in leave_out and (name in NOTED or MARKS[name] in prospects):
            columns[name] = prospects[name].fillna(False).to_numpy(dtype=float)
    for name, values in (
        ("interest", ("ordinary", "high")),
        ("tier", ("soon_to_be", "refusing")),
        ("route", ("inbound",)),
        ("tenure", ("tenant",)),
    ):
        if name in prospects:
            for value in values:
                columns[f"{name}: {value}"] = prospects[name].eq(value).fillna(False).to_numpy(dtype=float)
    if {*NOTED, "interest"} <= set(prospects):
        columns["class: hopeful"] = follow_up_class(prospects).eq("hopeful").to_numpy(dtype=float)
    return pd.DataFrame(columns, index=prospects.index)


# ---------------------------------------------------------------- the score


@dataclass(frozen=True)
class Score:
    """A score with its marks on prospects that it did not learn from.

    Attributes
    ----------
    judged : DataFrame
        The hold-out, later than everything learned from: `chance`, `plain`, `ordered`, `follow_up`.
    brier, brier_plain, brier_base : float
        Mean squared error of the chance, of the class alone, of the same chance for everybody; smaller is better.
    better : Estimate
        `brier_plain - brier`, pair by pair.
    auc, auc_plain : float
    captured, lift : float
        Share of the orders among the `TOP` best, and how many times a random list's.
    calibration : DataFrame
        `chance`, `ordered`, `low`, `high`, `prospects`, fifth by fifth.
    open : DataFrame
        Who is open today and within the window: `prospect_id`, `chance` (at the first contact), `chance_now`, `age_days`, `follow_up`, `grade`.
    beats : bool
        Whether the score's error is smaller than the class's.
    expected : Estimate
        Orders to come from `open`.
    learned, split_on : int, date
    """

    judged: pd.DataFrame
    brier: float
    brier_plain: float
    brier_base: float
    better: Estimate
    auc: float
    auc_plain: float
    captured: float
    lift: float
    calibration: pd.DataFrame
    open: pd.DataFrame
    beats: bool
    expected: Estimate
    learned: int
    split_on: date


def grade(chance, cuts: tuple[float, ...] = CUTS) -> np.ndarray:
    """A to D by chance; a chance that equals a cut belongs to the better grade."""
    return np.array(GRADES)[(np.asarray(chance, dtype=float)[:, None] < np.array(cuts)[None, :]).sum(axis=1)]


def score(
    prospects: pd.DataFrame | None, *, as_of: date, window_days: int = 120, cuts: tuple[float, ...] = CUTS,
    leave_out: tuple[str, ...] = (), draws: int = 100, seed: int = 1,
) -> Score | Withheld:  # fmt: skip
    """Learn a chance of ordering from old prospects, mark it on later ones, and apply it to those open today.

    Parameters
    ----------
    prospects : DataFrame or None
    as_of : date
    window_days : int
        After the first contact.
    cuts : tuple of float
        Chances from which a prospect is A, B, C.
    leave_out : tuple of str
        Columns that were filled in later (`LeakCheck.leaking`).
    draws, seed : int
        For the interval of the expected orders: learned anew from prospects drawn with replacement, and orders drawn by chance.

    Returns
    -------
    Score or Withheld
        The plain rule is the share of orders of each follow-up class. Learned from windows that were over before the first
        prospect of the hold-out was seen. Where the score does not beat the plain rule, the plain rule's chances are used.

    References
    ----------
    Brier (1950), Monthly Weather Review 78, 1-3.
    """
    what = "Grades A to D"
    if prospects is None or not {"visited_on", "converted_on", "refused", "interest"} <= set(prospects):
        return Withheld(what, "There is no list of prospects with notes of the first contact.", _GAIN)
    table = undealt(prospects, as_of=as_of, window_days=window_days)
    done = table[table["over"]]
    if len(done) < MIN_LEARN + MIN_JUDGE:
        return Withheld(what, f"It needs {MIN_LEARN + MIN_JUDGE} prospects whose window is over; there are {len(done)}.", _GAIN)
    split = done["visited_on"].iloc[int(0.65 * len(done))]
    judge = done[done["visited_on"] >= split]
    learn = done[done["visited_on"] + pd.Timedelta(days=window_days) < split]
    fewest = min(int(part["ordered"].sum()) for part in (learn, judge))
    if len(learn) < MIN_LEARN or len(judge) < MIN_JUDGE or fewest < MIN_ORDERS:
        return Withheld(
            what,
            f"To learn there are {len(learn)} prospects and to judge {len(judge)}, with {fewest} orders in the smaller part; {MIN_ORDERS} are needed.",
            _GAIN,
        )
    x = features(table, leave_out=leave_out)
    table = table.assign(follow_up=_class(table))
    learn, judge, done = (table.loc[part.index] for part in (learn, judge, done))
    chance = _fit(x.loc[learn.index], learn["ordered"])(x.loc[judge.index])
    plain = _by_class(learn)(judge)
    y = judge["ordered"].to_numpy(dtype=float)
    errors, errors_plain = (chance - y) ** 2, (plain - y) ** 2
    beats = bool(errors.mean() < errors_plain.mean())
    judged = pd.DataFrame(
        {
            "prospect_id": judge["prospect_id"],
            "chance": chance,
            "plain": plain,
            "ordered": judge["ordered"],
            "follow_up": judge["follow_up"],
        }
    )
    used = judged["chance"] if beats else judged["plain"]
    judged["grade"] = grade(used, cuts)
    captured = _captured(used.to_numpy(), y)
    today = table[~table["over"] & table["converted_on"].isna()]
    if "lost_on" in today:
        today = today[today["lost_on"].isna()]
    final = _fit(x.loc[done.index], done["ordered"]) if beats else None
    now = final(x.loc[today.index]) if beats else _by_class(done)(today)
    later, open_still = _by_age(done, today, as_of)
    chance_now = _still_open(now, later, open_still)
    open_ = pd.DataFrame(
        {
            "prospect_id": today["prospect_id"], "chance": now, "chance_now": chance_now,
            "age_days": (pd.Timestamp(as_of) - today["visited_on"]).dt.days, "follow_up": today["follow_up"], "grade": grade(now, cuts),
        }
    ).reset_index(drop=True)  # fmt: skip
    expected = _expected(done, today, x, as_of, beats=beats, middle=float(chance_now.sum()), draws=draws, seed=seed)
    return Score(
        judged.reset_index(drop=True), float(errors.mean()), float(errors_plain.mean()), float(((learn["ordered"].mean() - y) ** 2).mean()),
        paired_difference(errors_plain, errors)[0], _auc(chance, y), _auc(plain, y), captured, captured / TOP, calibration(used.to_numpy(), y),
        open_, beats, expected, len(learn), split.date(),
    )  # fmt: skip


def calibration(chance: np.ndarray, ordered: np.ndarray, *, groups: int = 5) -> pd.DataFrame:
    """Foretold against come true, in groups of about equal size by the chance foretold.

    Returns
    -------
    DataFrame
        `prospects`, `chance` (mean), `ordered` (share), `low`, `high` (Wilson).
    """
    order = np.argsort(chance, kind="stable")
    rows = []
    for part in np.array_split(order, groups):
        if len(part):
            found = wilson(int(np.asarray(ordered)[part].sum()), len(part))
            rows.append((len(part), float(np.asarray(chance)[part].mean()), found.value, found.low, found.high))
    return pd.DataFrame(rows, columns=["prospects", "chance", "ordered", "low", "high"])


def by_grade(found: Score) -> pd.DataFrame:
    """For each grade: prospects open today, the mean chance, and what came of that grade in the hold-out (Wilson)."""
    rows = []
    for name in GRADES:
        today = found.open[found.open["grade"] == name]
        past = found.judged[found.judged["grade"] == name]
        share = wilson(int(past["ordered"].sum()), len(past))
        rows.append(
            (
                name,
                len(today),
                today["chance_now"].sum(),
                len(past),
                int(past["ordered"].sum()),
                share.value,
                share.low,
                share.high,
            )
        )
    return pd.DataFrame(rows, columns=["grade", "open", "expected", "past", "ordered", "rate", "low", "high"])


def cross_table(found: Score) -> pd.DataFrame:
    """Grades (rows) by follow-up classes (columns): prospects of the hold-out, and the orders among them.

    Returns
    -------
    DataFrame
        `grade`, `follow_up`, `prospects`, `ordered`, every pair.
    """
    pairs = pd.MultiIndex.from_product([GRADES, CLASSES], names=["grade", "follow_up"])
    by = found.judged.groupby(["grade", "follow_up"])["ordered"]
    return pd.DataFrame({"prospects": by.size(), "ordered": by.sum()}).reindex(pairs, fill_value=0).reset_index()


# ---------------------------------------------------------------- parts


def _class(table: pd.DataFrame) -> pd.Series:
    """The rule's class where its columns are there, else what the seller wrote down."""
    if {"refused", "model_focused", "need_defined", "budget_fits", "interest"} <= set(table):
        return follow_up_class(table)
    written = table["follow_up"] if "follow_up" in table else pd.Series("ordinary", index=table.index)
    return written.fillna("ordinary").astype("str")


def _fit(x: pd.DataFrame, ordered: pd.Series):
    """A logistic regression with a weak ridge; its chances are calibrated as far as the form fits."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1.0, max_iter=1000).fit(x.to_numpy(), ordered.to_numpy(dtype=int))
    return lambda other: model.predict_proba(other.to_numpy())[:, 1] if len(other) else np.zeros(0)


def _by_class(learn: pd.DataFrame):
    """The share of orders of each class, drawn a little towards that of all where a class is small."""
    base = learn["ordered"].mean()
    by = learn.groupby("follow_up")["ordered"].agg(["sum", "size"])
    rate = (by["sum"] + 5 * base) / (by["size"] + 5)
    return lambda other: other["follow_up"].map(rate).fillna(base).to_numpy(dtype=float)


def _by_age(done: pd.DataFrame, today: pd.DataFrame, as_of: date) -> tuple[np.ndarray, np.ndarray]:
    """At the age of each open prospect: share of the orders that come later, and of the others whom nobody has given up yet.

    Who refused is given up sooner than others, so the second is a share of the prospect's follow-up class.
    """
    age = (pd.Timestamp(as_of) - today["visited_on"]).dt.days.to_numpy()
    won, visited = done["ordered"], done["visited_on"]
    took = np.sort((done["converted_on"] - visited).dt.days[won].to_numpy())
    later = 1 - np.searchsorted(took, age, side="right") / max(len(took), 1)
    open_still = np.ones(len(age))
    if "lost_on" not in done:
        return later, open_still
    lasted = (done["lost_on"] - visited).dt.days[~won]
    for name in today["follow_up"].unique():
        alike = lasted[done.loc[~won, "follow_up"] == name]
        alike = alike if len(alike) >= MIN_ALIKE else lasted
        mine = (today["follow_up"] == name).to_numpy()
        given_up = np.searchsorted(np.sort(alike.dropna().to_numpy()), age[mine], side="right")
        open_still[mine] = 1 - given_up / max(len(alike), 1)
    return later, open_still


def _still_open(chance: np.ndarray, later: np.ndarray, open_still: np.ndarray) -> np.ndarray:
    """The chance of somebody who has neither ordered nor been given up so far (Bayes)."""
    to_come = chance * later
    return to_come / np.maximum(to_come + (1 - chance) * open_still, 1e-12)


def _expected(done, today, x, as_of, *, beats: bool, middle: float, draws: int, seed: int) -> Estimate:
    if not len(today):
        return Estimate(0.0, 0.0, 0.0)
    lot = np.random.default_rng(seed)
    totals = np.empty((draws, 20))
    for place in range(draws):
        drawn = done.iloc[lot.integers(0, len(done), len(done))]
        if beats and drawn["ordered"].nunique() == 2:
            chance = _fit(x.loc[drawn.index], drawn["ordered"])(x.loc[today.index])
        else:
            chance = _by_class(drawn)(today)
        chance = _still_open(chance, *_by_age(drawn, today, as_of))
        # Learning anew is dear and a throw is cheap: several throws for each.
        totals[place] = (lot.random((totals.shape[1], len(chance))) < chance).sum(axis=1)
    low, high = np.quantile(totals, [0.025, 0.975])
    return Estimate(middle, float(low), float(high))


def _captured(chance: np.ndarray, y: np.ndarray) -> float:
    """Share of the orders among the best `TOP`; ties at the border count in part."""
    best = int(np.ceil(TOP * len(y)))
    border = np.sort(chance)[-best]
    above, at = chance > border, chance == border
    inside = y[above].sum() + (best - above.sum()) * y[at].mean()
    return float(inside / y.sum())


def _auc(chance: np.ndarray, y: np.ndarray) -> float:
    from scipy.stats import rankdata

    ranks, n = rankdata(chance), y.sum()
    return float((ranks[y == 1].sum() - n * (n + 1) / 2) / (n * (len(y) - n)))
