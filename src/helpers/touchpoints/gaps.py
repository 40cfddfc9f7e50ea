"""Satisfaction as a gap: what people met less what they expected, touchpoint by touchpoint; and what drives it on the whole."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers import words
from helpers.stats.importance import all_subsets, bootstrap_weights, relative_weights
from helpers.stats.intervals import holm, paired_difference
from helpers.touchpoints.places import TOUCHPOINTS, Kept, sound_ratings
from helpers.withheld import Withheld

MIN_RATINGS = 30
"""Ratings of a touchpoint, below which its gap is not shown."""
MIN_SHEETS = 100
"""Sheets with all the touchpoints that are compared, below which nothing is said about what drives satisfaction."""
LEAST_MET = 0.6
"""Touchpoints that fewer of the sheets rate cannot be compared with the others."""
SHORTFALL = 0.5
"""Points on the scale of ten, from which a gap is called one. Our choice."""
LEVEL = 0.95
GAIN = (
    "With a table of ratings (what a customer expected and met at each touchpoint), this page would show where the company falls short."
)


def rated(ratings: pd.DataFrame | None, survey: pd.DataFrame | None) -> Kept | Withheld:
    """The ratings that can be used. See `places.sound_ratings`."""
    if ratings is None or not len(ratings):
        return Withheld("What customers expected and met", "The data have no table of ratings.", GAIN)
    kept = sound_ratings(ratings, overall=overall_of(survey))
    if not len(kept.table):
        return Withheld("What customers expected and met", f"None of {words.count(len(ratings), 'rating')} can be used. {kept.sentence}", GAIN)
    return kept


def overall_of(survey: pd.DataFrame | None) -> pd.Series | None:
    """Satisfaction on the whole by `answer_id`, or None."""
    if survey is None or "overall" not in survey or survey["overall"].isna().all():
        return None
    return survey.dropna(subset="overall").drop_duplicates("answer_id").set_index("answer_id")["overall"].astype(float)


def three_way(expectation: pd.Series, perception: pd.Series, *, tolerance: float = 0) -> pd.Series:
    """Disappointed, satisfied or delighted: whether what was met lies below, at or above what was expected.

    Parameters
    ----------
    expectation, perception : Series of numbers
    tolerance : float, default 0
        Points up to which both count as equal.

    Examples
    --------
    >>> three_way(pd.Series([8, 8, 8]), pd.Series([6, 8, 9])).tolist()
    ['disappointed', 'satisfied', 'delighted']
    """
    difference = perception.astype(float) - expectation.astype(float)
    label = pd.Series("satisfied", index=difference.index, dtype="str")
    return label.mask(difference < -tolerance, "disappointed").mask(difference > tolerance, "delighted")


def gaps(kept: Kept | Withheld, *, shortfall: float = SHORTFALL) -> pd.DataFrame | Withheld:
    """What people met less what they expected at each touchpoint, the largest shortfall first.

    Parameters
    ----------
    kept : Kept
        From `rated`.
    shortfall : float, default 0.5
        Points from which a gap counts.

    Returns
    -------
    DataFrame
        `touchpoint`, `n`, `expectation`, `perception`, `gap`, `low`, `high` (of the gap, paired, 95%), `p` (corrected for all
        touchpoints looked at, Holm), `disappointed` (share), `falls_short` (the gap is sure, and `shortfall` points or more).
        Touchpoints with fewer than 30 ratings are left out.
    """
    if isinstance(kept, Withheld):
        return kept
    rows = []
    for touchpoint, part in kept.table.groupby("touchpoint"):
        if len(part) < MIN_RATINGS:
            continue
        met, hoped = part["perception"].astype(float), part["expectation"].astype(float)
        gap, p = paired_difference(met, hoped, level=LEVEL)
        rows.append(
            {
                "touchpoint": touchpoint, "n": len(part), "expectation": hoped.mean(), "perception": met.mean(),
                "gap": gap.value, "low": gap.low, "high": gap.high, "p": p,
                "disappointed": (three_way(hoped, met) == "disappointed").mean(),
            }
        )  # fmt: skip
    if not rows:
        most = int(kept.table["touchpoint"].value_counts().max())
        return Withheld(
            "Where the company falls short",
            f"No touchpoint has {MIN_RATINGS} ratings; the most are {most}.",
            "With more sheets the gaps could be told from chance.",
        )
    table = pd.DataFrame(rows)
    table["p"] = holm(table["p"].fillna(1))
    table["falls_short"] = (table["p"] < 1 - LEVEL) & (table["gap"] <= -shortfall)
    return table.sort_values(["gap", "touchpoint"], ignore_index=True)


def names_of(found: pd.DataFrame | Withheld) -> list[str]:
    """The touchpoints of `gaps`, the largest shortfall first; the product alone where none is shown."""
    return ["product"] if isinstance(found, Withheld) else list(found["touchpoint"])


@dataclass(frozen=True)
class Drivers:
    """What moves satisfaction on the whole.

    Attributes
    ----------
    table : DataFrame
        `touchpoint`, `weight` (share of the explained differences), `low`, `high` (95%, people drawn again), `perception` (mean),
        `counts_little` (the whole interval lies below an equal share); the heaviest first.
    r2 : float
        Share of the differences between people that the touchpoints explain together.
    sheets, left_out : int
        Sheets used, and those that did not rate every touchpoint compared.
    not_compared : tuple of str
        Touchpoints that too few had met.
    """

    table: pd.DataFrame
    r2: float
    sheets: int
    left_out: int
    not_compared: tuple[str, ...]

    @property
    def equal_share(self) -> float:
        """What each would weigh if all counted alike."""
        return 1 / len(self.table)


def drivers(kept: Kept | Withheld, survey: pd.DataFrame | None, *, draws: int = 400, seed: int = 1) -> Drivers | Withheld:
    """How much each touchpoint counts for satisfaction on the whole: relative weights, with intervals.

    Touchpoints are compared that at least 60% of the sheets rate, on the sheets that rate all of them. It describes
    which answers go together; it does not prove that a repair would raise satisfaction.
    On few sheets the intervals are somewhat too narrow: drawn 1,000 times from a large panel, those of 100 sheets held
    its value in 90 to 94 of 100, those of 350 sheets in 92 to 95 (benchmarks/touchpoint_stories.py).

    Parameters
    ----------
    kept : Kept
    survey : DataFrame or None
        `answer_id`, `overall`.
    draws, seed : int
        For the intervals.
    """
    what = "What moves satisfaction on the whole"
    if isinstance(kept, Withheld):
        return Withheld(what, kept.reason, kept.gain)
    overall = overall_of(survey)
    if overall is None:
        return Withheld(what, "The survey has no question on satisfaction on the whole.", "With `overall` in the survey, the touchpoints could be weighed.")
    wide = kept.table.pivot(index="answer_id", columns="touchpoint", values="perception").astype(float)
    wide = wide[wide.index.isin(overall.index)]
    met = wide.notna().mean()
    chosen = [name for name in TOUCHPOINTS if name in met and met[name] >= LEAST_MET]
    complete = wide[chosen].dropna()
    few = f"{words.count(len(complete), 'sheet')} rate the {len(chosen)} touchpoints that most people know, and say how satisfied they are on the whole"
    if len(chosen) < 2 or len(complete) < MIN_SHEETS:
        return Withheld(what, f"{few}; {MIN_SHEETS} sheets and two touchpoints are the least.", "With more sheets the touchpoints could be weighed.")
    y = overall.reindex(complete.index)
    if y.nunique() < 2 or (complete.nunique() < 2).any():
        return Withheld(what, "Everybody gave the same answer to one of the questions.", "Where nobody differs, nothing can be weighed.")
    weights, r2 = relative_weights(complete, y)
    low, high = bootstrap_weights(complete, y, draws=draws, seed=seed, level=LEVEL)
    table = pd.DataFrame(
        {"touchpoint": chosen, "weight": weights / r2, "low": low, "high": high, "perception": complete.mean().to_numpy()}
    )
    table["counts_little"] = table["high"] < 1 / len(chosen)
    table = table.sort_values(["weight", "touchpoint"], ascending=[False, True], ignore_index=True)
    rest = tuple(name for name in TOUCHPOINTS if name in met and name not in chosen)
    return Drivers(table, r2, len(complete), len(wide) - len(complete), rest)


def map_of(found: pd.DataFrame | Withheld, weighed: Drivers | Withheld) -> pd.DataFrame | Withheld:
    """Each touchpoint by how it does and how much it counts (importance-performance), with what follows.

    Returns
    -------
    DataFrame
        `touchpoint`, `weight`, `perception`, `gap`, `falls_short`, `counts_little`, `place`: *repair first* (falls short and is not
        sure to count little), *later* (falls short and surely counts little), *keep* (does not fall short).

    References
    ----------
    Martilla, James (1977), Journal of Marketing 41(1), 77-79. They cut the map at the means, so something always
    lies in every corner; here a touchpoint is placed by what is sure.
    """
    for one in (found, weighed):
        if isinstance(one, Withheld):
            return Withheld("Which repair comes first", one.reason, one.gain)
    both = weighed.table[["touchpoint", "weight", "counts_little"]].merge(
        found[["touchpoint", "perception", "gap", "falls_short"]], on="touchpoint"
    )
    place = pd.Series("keep", index=both.index, dtype="str").mask(both["falls_short"], "repair first")
    both["place"] = place.mask(both["falls_short"] & both["counts_little"], "later")
    return both.sort_values(["weight", "touchpoint"], ascending=[False, True], ignore_index=True)


def repairs(placed: pd.DataFrame | Withheld, *, most: int = 3) -> pd.DataFrame | Withheld:
    """The touchpoints to repair first, the heaviest first; three at most, and none where none falls short."""
    if isinstance(placed, Withheld):
        return placed
    return placed[placed["place"].eq("repair first")].head(most).reset_index(drop=True)


def both_ways(kept: Kept | Withheld, survey: pd.DataFrame | None) -> pd.DataFrame | Withheld:
    """Relative weights beside the mean gain over all orders in which touchpoints may join, as shares of what is explained.

    Returns
    -------
    DataFrame
        `touchpoint`, `relative_weight`, `all_orders`.
    """
    weighed = drivers(kept, survey, draws=50)
    if isinstance(weighed, Withheld):
        return weighed
    chosen = list(weighed.table["touchpoint"])
    wide = kept.table[kept.table["touchpoint"].isin(chosen)].pivot(index="answer_id", columns="touchpoint", values="perception")
    complete = wide[chosen].astype(float).dropna()
    overall = overall_of(survey)
    complete = complete[complete.index.isin(overall.index)]
    shares = all_subsets(complete, overall.reindex(complete.index))
    return pd.DataFrame({"touchpoint": chosen, "relative_weight": weighed.table["weight"].round(3), "all_orders": (shares / shares.sum()).round(3)})


def spread(kept: Kept | Withheld) -> pd.DataFrame | Withheld:
    """How far the answers on each touchpoint lie apart.

    Returns
    -------
    DataFrame
        `touchpoint`, `n`, `perception` (mean), `spread` (standard deviation, points); the widest first.
    """
    if isinstance(kept, Withheld):
        return kept
    grouped = kept.table.assign(met=kept.table["perception"].astype(float)).groupby("touchpoint")["met"]
    table = pd.DataFrame({"n": grouped.size(), "perception": grouped.mean(), "spread": grouped.std(ddof=1)}).reset_index()
    table = table[table["n"] >= MIN_RATINGS]
    if table.empty:
        return Withheld("How far answers lie apart", f"No touchpoint has {MIN_RATINGS} ratings.", "")
    return table.sort_values(["spread", "touchpoint"], ascending=[False, True], ignore_index=True)
