"""Prices that customers would pay: van Westendorp's four curves, yes or no at given prices, and the price they expect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import DataError
from helpers.money import in_major_units
from helpers.stats.intervals import Estimate, difference_of_shares, wilson
from helpers.withheld import Withheld, passes_on_withheld

QUESTIONS = ("too_cheap_minor", "cheap_minor", "expensive_minor", "too_expensive_minor")
CURVES = ("too_cheap", "cheap", "expensive", "too_expensive")
# The curve that falls and the one that rises: where they cross is the point.
CONVENTIONS = {
    "1976": {
        "pmc": ("too_cheap", "not_cheap"),
        "pme": ("not_expensive", "too_expensive"),
        "idp": ("cheap", "expensive"),
        "opp": ("too_cheap", "too_expensive"),
    },
    "web": {
        "pmc": ("too_cheap", "expensive"),
        "pme": ("cheap", "too_expensive"),
        "idp": ("cheap", "expensive"),
        "opp": ("too_cheap", "too_expensive"),
    },
}
"""Which curves meet in which point: as published in 1976, and as much of the web has it."""
POINT_WORDS = {"pmc": "PMC", "opp": "OPP", "idp": "IDP", "pme": "PME"}
LEAST_ANSWERS = 50
LEAST_OFFERS = 50
DRAWS = 600
DOUBT = 0.05
"""Difference of acceptance from which a low price is said to breed doubt. Our choice: five of 100."""


@dataclass(frozen=True)
class PriceAnswers:
    """The answers on one product that can be used.

    Attributes
    ----------
    table : DataFrame
        `answer_id`, the four prices of `QUESTIONS` (int64, never falling), `expected_price_minor` (may be missing).
    product_id : str
    set_aside : DataFrame
        `reason`, `sheets`.
    read : int
        Sheets on this product in all.
    """

    table: pd.DataFrame
    product_id: str
    set_aside: pd.DataFrame
    read: int


def price_answers(answers: pd.DataFrame | None, *, product_id: str = "") -> PriceAnswers | Withheld:
    """The four prices of those whose answers make sense.

    Parameters
    ----------
    answers : DataFrame or None
        The table `price_answers` of the contract.
    product_id : str
        The product; empty: the one that most were asked about (then by its number).

    Returns
    -------
    PriceAnswers or Withheld
        Set aside, and counted: sheets on other products, with a price missing, and with prices that do not
        rise from too cheap to too expensive, those that stand the wrong way round named apart.

    Raises
    ------
    DataError
        If a price is below zero, or nobody was asked about the product.
    """
    what = "The prices that customers accept"
    if answers is None or answers.empty:
        return Withheld(
            what,
            "There are no answers to the four price questions.",
            "Ask 200 customers, drawn by lot, at which price a product is too cheap, cheap, expensive and too expensive.",
        )
    if (answers[list(QUESTIONS)] < 0).any(axis=None):
        raise DataError("A price is below zero. Correct it, or leave the sheet out.")
    counts = answers["product_id"].value_counts()
    product = product_id or min(counts.index[counts == counts.max()])
    if product not in counts.index:
        raise DataError(f"Nobody was asked about the product {product!r}. Asked about: {', '.join(sorted(counts.index)[:8])}.")
    own = answers[answers["product_id"] == product]
    prices = own[list(QUESTIONS)]
    complete = prices.notna().all(axis=1)
    steps = np.diff(prices.astype("Float64").fillna(0).to_numpy(dtype="float64"), axis=1)
    reason = pd.Series("", index=own.index)
    reason[~complete] = "a price is missing"
    wrong = complete & ((steps < 0).any(axis=1) | (steps == 0).all(axis=1))
    reason[wrong] = "the prices do not rise from too cheap to too expensive"
    reason[complete & (steps <= 0).all(axis=1) & (steps < 0).any(axis=1)] = "all four prices stand the wrong way round"
    counted = reason[reason != ""].value_counts().sort_index()
    rows = [*zip(counted.index, counted.to_numpy(), strict=True)]
    if len(own) < len(answers):
        rows.append(("asked about another product", len(answers) - len(own)))
    good = own[reason == ""].reset_index(drop=True)
    table = pd.DataFrame({"answer_id": good["answer_id"], **{name: good[name].astype("int64") for name in QUESTIONS}})
    expected = good["expected_price_minor"] if "expected_price_minor" in good else pd.Series(pd.NA, index=good.index, dtype="Int64")
    table["expected_price_minor"] = expected.astype("Int64")
    return PriceAnswers(table, str(product), pd.DataFrame(rows, columns=["reason", "sheets"]), len(own))


@passes_on_withheld
def curves(found: PriceAnswers) -> pd.DataFrame | Withheld:
    """At each price the share who find it too cheap, cheap, expensive, too expensive, and the two turned round.

    Returns
    -------
    DataFrame
        `price_minor` (every price that somebody named, and one step beyond the last), `too_cheap` and `cheap`
        (falling), `expensive` and `too_expensive` (rising), `not_cheap`, `not_expensive`: fractions of 1.
        A price is cheap for somebody who named it or a higher one; expensive for who named it or a lower one.
    """
    prices = found.table[list(QUESTIONS)].to_numpy()
    if len(prices) < 2:
        return _too_few(len(prices))
    return _curves_of(prices)


def _curves_of(prices: np.ndarray) -> pd.DataFrame:
    grid = _grid(prices)
    shares = _shares(prices, grid, np.ones((1, len(prices))))
    return pd.DataFrame({"price_minor": grid} | {name: values[0] for name, values in shares.items()})


def _grid(prices: np.ndarray) -> np.ndarray:
    named = np.unique(prices)
    return np.append(named, named[-1] + 1)


def _shares(prices: np.ndarray, grid: np.ndarray, counts: np.ndarray) -> dict[str, np.ndarray]:
    """The curves for many draws at once: `counts` says how often each person is in each draw, (draws, people)."""
    total = counts.sum(axis=1, keepdims=True)
    found = {}
    for place, name in enumerate(CURVES):
        at = np.searchsorted(grid, prices[:, place])
        named = np.zeros((len(grid), len(prices)))
        named[at, np.arange(len(prices))] = 1
        mass = counts @ named.T
        up_to = np.cumsum(mass, axis=1) / total
        found[name] = up_to if "expensive" in name else 1 - up_to + mass / total
    found["not_cheap"], found["not_expensive"] = 1 - found["cheap"], 1 - found["expensive"]
    return found


def crossing(grid: np.ndarray, falling: np.ndarray, rising: np.ndarray) -> float:
    """Where a falling curve meets a rising one, by straight lines between the prices.

    As one only falls and the other only rises, they meet once, or along a stretch; of a stretch the middle is taken.
    Missing where they do not meet.
    """
    return float(_crossings(np.asarray(grid, float), np.atleast_2d(falling), np.atleast_2d(rising))[0])


def _crossings(grid: np.ndarray, falling: np.ndarray, rising: np.ndarray) -> np.ndarray:
    gap = falling - rising
    gap = np.where(np.abs(gap) < 1e-12, 0.0, gap)
    last_above = (gap > 0).sum(axis=1) - 1  # the gap never rises
    first_below = (gap >= 0).sum(axis=1)
    rows = np.arange(len(gap))
    inside = (last_above >= 0) & (first_below < len(grid))
    a, b = np.clip(last_above, 0, len(grid) - 2), np.clip(last_above + 1, 1, len(grid) - 1)
    start = grid[a] + (grid[b] - grid[a]) * gap[rows, a] / np.where(gap[rows, a] == gap[rows, b], 1, gap[rows, a] - gap[rows, b])
    c = np.clip(first_below - 1, 0, len(grid) - 1)
    flat = first_below - 1 > last_above  # one or more prices at which both are equal
    middle = np.where(flat, (grid[b] + grid[c]) / 2, start)
    return np.where(inside, middle, np.nan)


@dataclass(frozen=True)
class Points:
    """Van Westendorp's four points.

    Attributes
    ----------
    table : DataFrame
        `point` (pmc, opp, idp, pme), `price_minor`, `low_minor`, `high_minor` (floats).
    n : int
    convention : str
    """

    table: pd.DataFrame
    n: int
    convention: str

    def __getitem__(self, point: str) -> Estimate:
        row = self.table.set_index("point").loc[point]
        return Estimate(float(row["price_minor"]), float(row["low_minor"]), float(row["high_minor"]))


@passes_on_withheld
def points(
    found: PriceAnswers, *, convention: str = "1976", draws: int = DRAWS, seed: int = 2, level: float = 0.95
) -> Points | Withheld:
    """The ends of the acceptable band and the two points between, with intervals.

    Parameters
    ----------
    found : PriceAnswers
    convention : {"1976", "web"}
        Which curves meet in the two ends; see `CONVENTIONS`.
    draws, seed, level
        Of the bootstrap over people (percentiles). With 100 answers the interval of OPP, where both curves
        are low, holds the truth in 88 of 100 samples, and with 400 in 93; see benchmarks/RESULTS.md.

    References
    ----------
    van Westendorp (1976), NSS Price Sensitivity Meter, ESOMAR Congress, 139-167.
    """
    if convention not in CONVENTIONS:
        raise DataError(f"The convention {convention!r} is not known. Use {' or '.join(CONVENTIONS)}.")
    prices = found.table[list(QUESTIONS)].to_numpy()
    if len(prices) < LEAST_ANSWERS:
        return _too_few(len(prices))
    grid = _grid(prices)
    dice = np.random.default_rng(seed)
    counts = np.vstack([np.ones(len(prices)), dice.multinomial(len(prices), np.full(len(prices), 1 / len(prices)), size=draws)])
    shares = _shares(prices, grid, counts)
    rows = []
    for point in POINT_WORDS:
        falling, rising = CONVENTIONS[convention][point]
        met = _crossings(grid.astype(float), shares[falling], shares[rising])
        low, high = np.nanquantile(met[1:], [(1 - level) / 2, (1 + level) / 2])
        rows.append((point, met[0], low, high))
    return Points(pd.DataFrame(rows, columns=["point", "price_minor", "low_minor", "high_minor"]), len(prices), convention)


def _too_few(n: int) -> Withheld:
    return Withheld(
        "The band of prices that customers accept",
        f"There are {n} usable answers; {LEAST_ANSWERS} are the least.",
        "Ask more customers, drawn by lot.",
    )


def says_of(answers: PriceAnswers, *, price: float, code: str) -> dict[str, float]:
    """Shares of people for whom a price is too cheap, cheap, fair, expensive, too expensive: together 1."""
    minor = round(price * in_major_units(1, code=code) ** -1)
    one = answers.table
    return {
        "too cheap": float((one["too_cheap_minor"] >= minor).mean()),
        "cheap": float(((one["too_cheap_minor"] < minor) & (one["cheap_minor"] >= minor)).mean()),
        "fair": float(((one["cheap_minor"] < minor) & (one["expensive_minor"] > minor)).mean()),
        "expensive": float(
            ((one["cheap_minor"] < minor) & (one["expensive_minor"] <= minor) & (one["too_expensive_minor"] > minor)).mean()
        ),
        "too expensive": float(((one["cheap_minor"] < minor) & (one["too_expensive_minor"] <= minor)).mean()),
    }


# ---------------------------------------------------------------- yes or no at given prices


@dataclass(frozen=True)
class Demand:
    """Who says yes at which price.

    Attributes
    ----------
    table : DataFrame, one row per price, rising
        `price_minor`, `asked`, `yes`, `share`, `low`, `high` (Wilson), `revenue_minor`: what 100 people
        who are asked would bring in, rounded.
    answers : DataFrame
        People by prices: 1 yes, 0 no, missing where not asked.
    set_aside : DataFrame
        `reason`, `answers`.
    """

    table: pd.DataFrame
    answers: pd.DataFrame
    set_aside: pd.DataFrame


def demand(offers: pd.DataFrame | None, answers: pd.DataFrame | None = None, *, product_id: str = "") -> Demand | Withheld:
    """Yes or no at each price that was offered (Gabor and Granger).

    Parameters
    ----------
    offers : DataFrame or None
        The table `price_offers` of the contract.
    answers : DataFrame, optional
        `price_answers`, which says for which product an offer was.
    product_id : str
        The product; empty: all offers.

    References
    ----------
    Gabor and Granger (1966), Economica 33, 43-70.
    """
    what = "At which price people say yes"
    if offers is None or offers.empty:
        return Withheld(what, "Nobody was offered a price.", "Offer each of 200 customers six to eight prices, and note yes or no.")
    rows = offers.dropna(subset=["answer_id", "price_minor", "would_buy"])
    if (rows["price_minor"] < 0).any():
        raise DataError("An offered price is below zero. Correct it, or leave the offer out.")
    set_aside = [("an answer is missing", len(offers) - len(rows))]
    if answers is not None and product_id:
        own = rows["answer_id"].isin(answers.loc[answers["product_id"] == product_id, "answer_id"])
        set_aside.append(("not about this product", int((~own).sum())))
        rows = rows[own]
    key = ["answer_id", "price_minor"]
    said = rows.groupby(key)["would_buy"].nunique()
    both = rows.set_index(key).index.isin(said[said > 1].index)
    set_aside.append(("yes and no to the same price", int(both.sum())))
    rows = rows[~both]
    once = rows.drop_duplicates(key)
    set_aside.append(("the same answer twice", len(rows) - len(once)))
    wide = once.assign(yes=once["would_buy"].astype(float)).pivot(index="answer_id", columns="price_minor", values="yes")
    left = pd.DataFrame([row for row in set_aside if row[1]], columns=["reason", "answers"])
    if len(wide) < LEAST_OFFERS or wide.shape[1] < 3:
        return Withheld(
            what,
            f"{len(wide)} people were asked at {wide.shape[1]} prices; {LEAST_OFFERS} people and 3 prices are the least.",
            "Ask more customers, each at the same six to eight prices.",
        )
    table = pd.DataFrame({"price_minor": wide.columns.astype("int64"), "asked": wide.notna().sum().to_numpy(), "yes": wide.sum().astype(int).to_numpy()})
    shares = [wilson(yes, n) for yes, n in zip(table["yes"], table["asked"], strict=True)]
    table["share"] = [one.value for one in shares]
    table["low"], table["high"] = [one.low for one in shares], [one.high for one in shares]
    table["revenue_minor"] = (100 * table["share"] * table["price_minor"]).round().astype("int64")
    return Demand(table, wide, left)


@dataclass(frozen=True)
class BestPrice:
    """The price that would bring in most.

    Attributes
    ----------
    price : Estimate
        In minor units.
    share : float
        Who would say yes there.
    revenue_minor : float
        From 100 people who are asked.
    offered_minor : int
        Of the prices that were offered, the one with the largest revenue.
    at_end : bool
        Whether it is the lowest or the highest price offered: then the best may lie beyond.
    """

    price: Estimate
    share: float
    revenue_minor: float
    offered_minor: int
    at_end: bool


@passes_on_withheld
def best_price(found: Demand, *, unit_cost_minor: int = 0, draws: int = DRAWS, seed: int = 3, level: float = 0.95) -> BestPrice:
    """The price with the largest revenue, or with a unit cost the largest contribution, with its interval.

    Between two prices that were offered, the share who say yes is taken to fall (or rise) in a straight line. The
    interval is a bootstrap over people (percentiles).
    """
    prices = found.table["price_minor"].to_numpy(dtype=float)
    share = found.table["share"].to_numpy()[None, :]
    best, there = _argmax(prices, share, unit_cost_minor)
    people = np.nan_to_num(found.answers.to_numpy())
    asked = found.answers.notna().to_numpy().astype(float)
    dice = np.random.default_rng(seed)
    counts = dice.multinomial(len(people), np.full(len(people), 1 / len(people)), size=draws).astype(float)
    drawn = (counts @ people) / np.maximum(counts @ asked, 1)
    low, high = np.quantile(_argmax(prices, drawn, unit_cost_minor)[0], [(1 - level) / 2, (1 + level) / 2])
    offered = found.table.loc[(found.table["share"] * (found.table["price_minor"] - unit_cost_minor)).idxmax(), "price_minor"]
    return BestPrice(
        Estimate(float(best[0]), float(low), float(high), level),
        float(there[0]),
        float(100 * there[0] * best[0]),
        int(offered),
        bool(best[0] in (prices[0], prices[-1])),
    )


def _argmax(prices: np.ndarray, shares: np.ndarray, cost: float) -> tuple[np.ndarray, np.ndarray]:
    """For each row of shares the price with the largest (price - cost) x share, between the prices by straight lines."""
    a, b, s, t = prices[:-1], prices[1:], shares[:, :-1], shares[:, 1:]
    slope = (t - s) / (b - a)
    with np.errstate(divide="ignore", invalid="ignore"):
        # d/dp (p - cost)(s + slope (p - a)) = 0
        top = (a + cost) / 2 - s / (2 * slope)
    inner = np.where(np.isfinite(top) & (top > a) & (top < b), top, a)
    candidates = np.concatenate([np.broadcast_to(prices, shares.shape), inner], axis=1)
    at = np.concatenate([shares, s + slope * (inner - a)], axis=1)
    best = np.argmax((candidates - cost) * at, axis=1)
    rows = np.arange(len(shares))
    return candidates[rows, best], at[rows, best]


# ---------------------------------------------------------------- too cheap, and the price that people expect


@dataclass(frozen=True)
class Doubt:
    """Whether a low price is refused where a higher one is taken.

    Attributes
    ----------
    lowest_minor, best_minor : int
        The lowest price offered, and the one that most people take.
    lowest, best : float
        Shares who say yes.
    difference : Estimate
        best - lowest, with an interval that allows for having looked at all prices (Bonferroni).
    found : bool
        Whether the interval lies above 0 and the difference is `DOUBT` or more.
    """

    lowest_minor: int
    best_minor: int
    lowest: float
    best: float
    difference: Estimate
    found: bool


@passes_on_withheld
def doubt(found: Demand) -> Doubt:
    """Whether too cheap breeds doubt: the lowest price against the one that most people take."""
    table = found.table
    best = int(table["share"].idxmax())
    level = 1 - 0.05 / max(1, len(table) - 1)
    first, top = table.iloc[0], table.iloc[best]
    gap = difference_of_shares(int(top["yes"]), int(top["asked"]), int(first["yes"]), int(first["asked"]), level=level)
    return Doubt(
        int(first["price_minor"]),
        int(top["price_minor"]),
        float(first["share"]),
        float(top["share"]),
        gap,
        bool(best > 0 and gap.low > 0 and gap.value >= DOUBT),
    )


STEPS = (0.0, 0.7, 0.85, 1.0, 1.15, 1.3, np.inf)
STEP_NAMES = ("30% or more below", "15 to 30% below", "up to 15% below", "up to 15% above", "15 to 30% above", "30% or more above")


def around_expected(found: Demand | Withheld, answers: PriceAnswers | Withheld) -> pd.DataFrame | Withheld:
    """Who says yes, by how far an offer lies below or above the price that the person expects.

    Returns
    -------
    DataFrame
        `step` (a name of `STEP_NAMES`), `asked`, `yes`, `share`, `low`, `high`. One person answers several
        times, so the intervals (Wilson) are a little too narrow within a step.
    """
    for one in (found, answers):
        if isinstance(one, Withheld):
            return one
    expected = answers.table.set_index("answer_id")["expected_price_minor"].dropna()
    expected = expected[expected > 0].astype(float)
    long = found.answers.stack().rename("yes").reset_index()
    long = long[long["answer_id"].isin(expected.index)]
    if expected.empty or len(long) < LEAST_OFFERS:
        return Withheld("What happens around the expected price", "Too few people said which price they expect.", "Ask for it first.")
    ratio = long["price_minor"].to_numpy(dtype=float) / expected.loc[long["answer_id"]].to_numpy()
    step = pd.cut(ratio, STEPS, right=False, labels=list(STEP_NAMES))
    by = long.groupby(step, observed=False)["yes"].agg(["size", "sum"])
    shares = [wilson(int(row["sum"]), int(row["size"])) for _, row in by.iterrows()]
    return pd.DataFrame(
        {
            "step": list(STEP_NAMES),
            "asked": by["size"].to_numpy(),
            "yes": by["sum"].astype(int).to_numpy(),
            "share": [one.value for one in shares],
            "low": [one.low for one in shares],
            "high": [one.high for one in shares],
        }
    )


@passes_on_withheld
def where(found: Points, price_minor: int) -> str:
    """Where a price stands: "below", "inside" or "above" the band."""
    if price_minor < found["pmc"].value:
        return "below"
    return "above" if price_minor > found["pme"].value else "inside"
