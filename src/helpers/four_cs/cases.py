"""What the cases of 4C calculate beyond the lesson: a plot of ground, an answer to "why so dear?", two offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.four_cs.case_worlds import ANSWERS, NOTHING, USES, Estate
from helpers.stats.intervals import Estimate, difference_of_means
from helpers.stats.offers import PercentageOffer, ThresholdOffer
from helpers.withheld import Withheld

NONE = "none"

# ---------------------------------------------------------------- C08: who would pay for the plot?


def surcharge(pays: pd.Series | np.ndarray, estate: Estate) -> float:
    """The highest surcharge at which all flats are still sold, as people say (thousands of yuan).

    If 1 of 3 households is needed to fill the flats, it is what 1 of 3 visitors would pay at least.

    Parameters
    ----------
    pays : Series or array, shape (n,), or (runs, n)
        What each visitor would pay more for a flat.
    estate : Estate
    """
    answers = np.sort(np.asarray(pays, dtype=float), axis=-1)
    people = answers.shape[-1]
    needed = int(np.ceil(people * estate.flats / estate.households))
    return answers[..., people - needed]


def gains(visitors: pd.DataFrame, estate: Estate | None = None, *, runs: int = 2000, seed: int = 8) -> pd.DataFrame:
    """What each use of the plot leaves: the surcharge that is counted on, of all flats, less what it costs.

    Parameters
    ----------
    visitors : DataFrame
        From `case_worlds.visitors`.
    estate : Estate
    runs : int
        Samples drawn again for the interval.
    seed : int

    Returns
    -------
    DataFrame, indexed by use
        `likes` (mean, 1 to 10), `surcharge` (as people say), `counted`, `cost`, `gain`, `low`, `high` (95% percentile
        bootstrap interval of the gain, which knows the luck of who was asked alone); thousands of yuan.
    """
    estate = estate or Estate()
    drawn = np.random.default_rng(seed).integers(0, len(visitors), (runs, len(visitors)))
    rows = {}
    for use in USES:
        said = visitors[f"pays_{use}"].to_numpy(dtype=float)
        found, cost = surcharge(said, estate), estate.cost[use]
        of_runs = surcharge(said[drawn], estate) * estate.counted * estate.flats - cost
        low, high = np.quantile(of_runs, [0.025, 0.975])
        counted = found * estate.counted
        rows[use] = (visitors[f"likes_{use}"].mean(), found, counted, cost, counted * estate.flats - cost, low, high)
    columns = ["likes", "surcharge", "counted", "cost", "gain", "low", "high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=float).rename_axis("use")


def best_use(gains: pd.DataFrame) -> str:
    """The use that leaves most, if its gain is above what the luck of who was asked can do; else "none"."""
    sure = gains[gains["low"] > 0]
    return NONE if sure.empty else str(sure["gain"].idxmax())


def gains_if_counted(visitors: pd.DataFrame, counted: float) -> pd.DataFrame:
    """`gains` if so much of each yuan that people say is counted on."""
    return gains(visitors, replace(Estate(), counted=counted), runs=400)


def blocks(resales: pd.DataFrame) -> pd.DataFrame:
    """Flats that were sold, in four groups: near the metro or not, near a kindergarten or not.

    Returns
    -------
    DataFrame
        `near_metro`, `near_kindergarten`, `flats`, `price_per_m2` (mean, in yuan).
    """
    grouped = resales.groupby(["near_metro", "near_kindergarten"])["price_per_m2"]
    return grouped.agg(flats="size", price_per_m2="mean").round({"price_per_m2": 0}).reset_index()


def plain_difference(resales: pd.DataFrame) -> Estimate:
    """Mean price of flats near a kindergarten less that of the others (yuan a square metre), with Welch's interval."""
    near = resales["near_kindergarten"]
    return difference_of_means(resales.loc[near, "price_per_m2"], resales.loc[~near, "price_per_m2"])


def like_with_like(resales: pd.DataFrame) -> Estimate:
    """The difference among flats alike in their way to the metro (yuan a square metre), 95% interval.

    Each of the two differences counts with the flats of its group. Flats may still differ in what nobody wrote down.
    """
    value = variance = 0.0
    for _, part in resales.groupby("near_metro"):
        share = len(part) / len(resales)
        near = part.loc[part["near_kindergarten"], "price_per_m2"]
        far = part.loc[~part["near_kindergarten"], "price_per_m2"]
        value += share * (near.mean() - far.mean())
        variance += share**2 * (near.var(ddof=1) / len(near) + far.var(ddof=1) / len(far))
    half = 1.959964 * variance**0.5
    return Estimate(float(value), float(value - half), float(value + half))


def said_and_paid(visitors: pd.DataFrame, resales: pd.DataFrame, *, use: str = "kindergarten") -> pd.DataFrame:
    """What a kindergarten is worth to a flat, asked and looked up in four ways (thousands of yuan).

    Returns
    -------
    DataFrame
        `way`, `value`, `low`, `high`; the ends are missing where there is no estimate.
    """
    estate = Estate()
    said = float(surcharge(visitors[f"pays_{use}"], estate))
    rows = [
        ("said by visitors", said, np.nan, np.nan),
        ("said, and counted on", said * estate.counted, np.nan, np.nan),
    ]
    for way, found in (
        ("resales, near less far", plain_difference(resales)),
        ("resales, like with like", like_with_like(resales)),
    ):
        a_flat = found.scaled(estate.area_m2 / 1000)
        rows.append((way, a_flat.value, a_flat.low, a_flat.high))
    return pd.DataFrame(rows, columns=["way", "value", "low", "high"])


# ---------------------------------------------------------------- C12: why so dear?

COMPARISONS = len(ANSWERS) - 1
# Three answers are held against saying nothing, so each interval is wider: together they hold 95 of 100 times.
LEVEL = 1 - 0.05 / COMPARISONS


def variable_cost(build_up: pd.DataFrame) -> int:
    """What a garment costs before the shop keeps anything, in yuan: the shop's part is the last row."""
    return int(build_up["this"].iloc[:-1].sum())


def answers(shoppers: pd.DataFrame, *, cost: int) -> pd.DataFrame:
    """What each answer did: to the price that people expect, to sales, and to what the shop keeps.

    Parameters
    ----------
    shoppers : DataFrame
        From `case_worlds.shoppers`; the answers were drawn by lot, so a difference is an effect.
    cost : int
        Yuan that a garment costs before the shop keeps anything.

    Returns
    -------
    DataFrame, indexed by answer
        `people`, `moved` (yuan that the expected price rose by, mean), `bought` (share), `kept` (yuan a person who
        asked), `more`, `low`, `high` (what it keeps beyond saying nothing; the intervals hold together 95%).
    """
    kept = pd.Series(np.where(shoppers["bought"], shoppers["price"] - cost, 0), index=shoppers.index)
    moved = shoppers["expected_after"] - shoppers["expected_before"]
    rows = {}
    for answer in ANSWERS:
        own = shoppers["answer"] == answer
        more = difference_of_means(kept[own], kept[shoppers["answer"] == NOTHING], level=LEVEL)
        if answer == NOTHING:
            more = Estimate(0.0, np.nan, np.nan)
        rows[answer] = (
            int(own.sum()),
            moved[own].mean(),
            shoppers.loc[own, "bought"].mean(),
            kept[own].mean(),
            more.value,
            more.low,
            more.high,
        )
    columns = ["people", "moved", "bought", "kept", "more", "low", "high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("answer")


def best_answer(answers: pd.DataFrame) -> str:
    """The answer that keeps most, of those that surely keep more than saying nothing; else "nothing"."""
    sure = answers[answers["low"] > 0]
    return NOTHING if sure.empty else str(sure["kept"].idxmax())


def acceptance(shoppers: pd.DataFrame, prices: Sequence[int], *, cost: int) -> pd.DataFrame:
    """At each price, after each answer in words: who would buy, who leaves, who doubts it.

    Returns
    -------
    DataFrame
        `answer`, `price` (yuan), `buys`, `leaves`, `doubts` (shares), `kept` (yuan of 100 who ask).
    """
    rows = []
    for answer in ANSWERS:
        if answer == "discount":
            continue
        own = shoppers[shoppers["answer"] == answer]
        for price in prices:
            leaves = (own["leaves_above"] < price).mean()
            doubts = (own["doubts_below"] > price).mean()
            buys = ((own["doubts_below"] <= price) & (price <= own["leaves_above"])).mean()
            rows.append((answer, int(price), buys, leaves, doubts, 100 * buys * (price - cost)))
    return pd.DataFrame(rows, columns=["answer", "price", "buys", "leaves", "doubts", "kept"])


# ---------------------------------------------------------------- C12, on the orders that are loaded

MIN_PAIRS = 30
DEAR = 1.5  # so many times the last price is a purchase at which somebody may ask why


def price_steps(orders: pd.DataFrame, products: pd.DataFrame | None) -> pd.DataFrame | Withheld:
    """How often something cost much more a piece than what the same customer bought of its kind before.

    Parameters
    ----------
    orders : DataFrame
        Order lines with `customer_id`, `ordered_at`, `product_id`, `quantity`, `amount_minor`.
    products : DataFrame or None
        With `product_id`, `line`, and `class` where it is known.

    Returns
    -------
    DataFrame, the group with the largest share first; or Withheld
        `kind` (line and class), `pairs` (purchases with an earlier one), `dear` (those at `DEAR` times
        the last price or more), `share`. Counts of own customers. Groups below 30 pairs are left out.
    """
    what = "How often the last one was much cheaper"
    gain = "With product lines and quantities you would see how often a customer may ask: why so dear?"
    missing = [name for name in ("product_id", "quantity") if name not in orders]
    if products is None or "line" not in products:
        missing.append("products.line")
    if missing:
        return Withheld(what, f"The orders cannot say it without {', '.join(missing)}.", gain)
    lines = orders[(orders["amount_minor"] > 0) & (orders["quantity"] > 0)]
    about = products.drop_duplicates("product_id").set_index("product_id")
    kind = lines["product_id"].map(about["line"])
    if "class" in about:
        kind = kind.str.cat(lines["product_id"].map(about["class"]), sep=", ")
    lines = lines.assign(kind=kind, piece=lines["amount_minor"] / lines["quantity"]).dropna(subset=["kind"])
    # Of what was bought at one moment the dearest piece counts: it is compared with earlier ones, not with its neighbours.
    lines = lines.sort_values(["customer_id", "kind", "ordered_at", "piece"], ascending=[True, True, True, False])
    lines = lines.drop_duplicates(["customer_id", "kind", "ordered_at"])
    last = lines.groupby(["customer_id", "kind"])["piece"].shift()
    pairs = lines.assign(dear=lines["piece"] >= DEAR * last)[last.notna()]
    table = pairs.groupby("kind")["dear"].agg(pairs="size", dear="sum").reset_index()
    table = table[table["pairs"] >= MIN_PAIRS]
    if table.empty:
        return Withheld(
            what, f"No kind of product has {MIN_PAIRS} purchases of customers who had bought of it before.", gain
        )
    table["share"] = table["dear"] / table["pairs"]
    return table.sort_values(["share", "kind"], ascending=[False, True], ignore_index=True)


# ---------------------------------------------------------------- the shoe offers (C04), for reference

SHOES_MINOR = 76_800
PER_FULL_200 = ThresholdOffer(8000, 20_000)
PAYS_65 = PercentageOffer(65)
