"""Markets: how concentrated they are, which of four structures they have, and how much talk a sale can pay for.

The markets and products below are invented: they are examples to practise on, and say nothing about any firm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import DataError

REGULATORS = {
    "United States, 2023": (1000, 1800),
    "European Union, 2004": (1000, 2000),
}
"""The HHI from which regulators call a market moderately and highly concentrated, with the year of publication."""

STRUCTURES = {
    "administrative": "administrative monopoly",
    "oligopoly": "oligopoly",
    "monopolistic": "monopolistic competition",
    "perfect": "perfect competition",
}
"""The four market structures, as the source lists them."""

OWN_PRICE = 1.5
"""Dearest over cheapest for the same amount, from which sellers no longer take one price. Our choice."""


@dataclass(frozen=True)
class Market:
    """An invented market.

    Attributes
    ----------
    name : str
        As it stands in the middle of a sentence.
    shares : tuple of float
        Of each seller, in percent of all sales.
    licence : bool
        Whether only licensed firms may sell.
    price_spread : float
        The dearest price over the cheapest, for the same amount of goods.
    """

    name: str
    shares: tuple[float, ...]
    licence: bool
    price_spread: float


MARKETS: Mapping[str, Market] = {
    "water": Market("bottled water in one city", (24, 20, 14, 10, 8, 6, 4, 3, *[1] * 11), False, 3.0),
    "delivery": Market("meal delivery by app", (64, 30, 4, 2), False, 1.1),
    "spirit": Market("white spirit (白酒)", (18, 12, 9, 7, 5, 4, 3, 2, *[1] * 40), False, 40.0),
    "cabbage": Market("cabbage at the wholesale market", (2,) * 50, False, 1.1),
    "cigarettes": Market("cigarettes under licence", (55, 25, 20), True, 8.0),
}


# ---------------------------------------------------------------- concentration


@dataclass(frozen=True)
class Concentration:
    """How much of a market is in few hands.

    Attributes
    ----------
    sellers : int
        Those with sales.
    largest : float
        Share of the largest, in percent.
    cr4 : float
        Share of the four largest together, in percent.
    hhi : float
        Herfindahl-Hirschman index: the sum of squared percentages, up to 10,000.
    as_if : float
        So many sellers of equal size would give the same index.
    """

    sellers: int
    largest: float
    cr4: float
    hhi: float

    @property
    def as_if(self) -> float:
        return 10_000 / self.hhi


def concentration(shares: Sequence[float] | pd.Series) -> Concentration:
    """Concentration of a market.

    Parameters
    ----------
    shares : sequence of float
        Of every seller, in percent; together 100.

    Raises
    ------
    DataError
        If a share is missing or negative, or they are not 100 together.

    References
    ----------
    The index as regulators define it: U.S. Department of Justice and Federal
    Trade Commission, Merger Guidelines (2023), section 2.1.

    Examples
    --------
    >>> concentration([30, 30, 20, 20]).hhi
    2600.0
    """
    values = np.asarray(shares, dtype="float64")
    if not len(values) or not np.isfinite(values).all() or (values < 0).any():
        raise DataError("A market share is missing or below 0. Give one for every seller, in percent.")
    if abs(values.sum() - 100) > 0.5:
        raise DataError(
            f"The shares are {values.sum():g}% together, not 100%. Is a seller missing, or are they fractions of 1?"
        )
    ordered = np.sort(values)[::-1]
    return Concentration(int((values > 0).sum()), float(ordered[0]), float(ordered[:4].sum()), float((values**2).sum()))


def shares_of(amounts: pd.Series) -> pd.Series:
    """Amounts as percentages of their sum, the largest first; equal ones by name.

    Raises
    ------
    DataError
        If an amount is negative or all are 0.
    """
    if (amounts < 0).any() or not amounts.sum() > 0:
        raise DataError("Shares need amounts of 0 or more that are not all 0. Leave returns out of them.")
    return (100 * amounts / amounts.sum()).sort_index().sort_values(ascending=False, kind="stable")


def level(hhi: float, *, regulator: str = "United States, 2023") -> str:
    """What a regulator calls a market with this index: "low", "moderate" or "high"."""
    moderate, high = REGULATORS[regulator]
    return "high" if hhi > high else "moderate" if hhi >= moderate else "low"


def with_first_at(shares: Sequence[float], first: float) -> np.ndarray:
    """A market after its first seller's share has changed; the others keep their proportions.

    Parameters
    ----------
    shares : sequence of float
        In percent; two sellers or more.
    first : float
        The first seller's new share, in percent: more than 0, less than 100.
    """
    values = np.asarray(shares, dtype="float64")
    if len(values) < 2 or not 0 < first < 100:
        raise DataError(f"A first seller at {first:g}% leaves nothing to share. Give a number between 0 and 100.")
    return np.concatenate([[first], values[1:] * (100 - first) / values[1:].sum()])


# ---------------------------------------------------------------- structure


def structure(found: Concentration, *, licence: bool, price_spread: float) -> str:
    """Which of the four market structures a market has, by a rule that anybody can check.

    Parameters
    ----------
    found : Concentration
    licence : bool
        Whether only licensed firms may sell.
    price_spread : float
        The dearest price over the cheapest, for the same amount.

    Returns
    -------
    str
        A key of `STRUCTURES`. A licence makes an administrative monopoly. Few
        hands make an oligopoly: a highly concentrated market, or a moderately
        concentrated one in which everybody sells at one price. Of the others,
        those with prices of their own are monopolistic competition, and those
        that take one price perfect competition.

    References
    ----------
    The four structures: S10. The source gives no measure; the rule is ours, with
    the levels of the 2023 guidelines and `OWN_PRICE`.
    """
    if licence:
        return "administrative"
    has_own_price = price_spread >= OWN_PRICE
    reached = level(found.hhi)
    if reached == "high" or (reached == "moderate" and not has_own_price):
        return "oligopoly"
    return "monopolistic" if has_own_price else "perfect"


def structure_of(market: Market) -> str:
    """The structure of an invented market: a key of `STRUCTURES`."""
    return structure(concentration(market.shares), licence=market.licence, price_spread=market.price_spread)


def sellers(market: Market) -> pd.DataFrame:
    """The sellers of a market, the largest first: `firm` (A, B, C ...) and `share` in percent."""
    names = [_letters(place) for place in range(len(market.shares))]
    return pd.DataFrame({"firm": names, "share": np.asarray(market.shares, dtype="float64")})


def _letters(place: int) -> str:
    """A, B ... Z, AA, AB ..."""
    return chr(ord("A") + place) if place < 26 else _letters(place // 26 - 1) + chr(ord("A") + place % 26)


# ---------------------------------------------------------------- what a sale can pay for

GOODS = pd.DataFrame(
    [
        ("bottle of water", "fast-moving", 2.0, 0.25, 100.0),
        ("shampoo", "fast-moving", 30.0, 0.40, 6.0),
        ("rice cooker", "durable", 400.0, 0.30, 0.2),
        ("fridge", "durable", 4_000.0, 0.25, 0.1),
        ("haircut", "service", 60.0, 0.40, 10.0),
        ("car", "durable", 150_000.0, 0.06, 0.15),
        ("cooling plant", "industrial", 2_000_000.0, 0.20, 0.1),
    ],
    columns=["product", "class", "price", "margin_rate", "a_year"],
)
"""Invented products: price in yuan, margin as a fraction of it, and how often one customer buys in a year."""

SELLER_HOUR = 60.0
"""What an hour of a seller costs, in yuan, so that a yuan pays for a minute. Our choice."""
ONE_TO_ONE, MANY_TO_MANY = 5, 6000
"""Minutes from which a seller can talk with each buyer, and from which a team can work on one. Our choice."""


def minutes_of_talk(goods: pd.DataFrame = GOODS, *, share: float, years: int = 0) -> pd.DataFrame:
    """How many minutes of a seller's time the margin pays for.

    Parameters
    ----------
    goods : DataFrame
        As `GOODS`.
    share : float
        Of the margin, what may go into selling; a fraction of 1.
    years : int
        0 counts one sale. Else all that one customer buys in so many years, one sale at least.

    Returns
    -------
    DataFrame
        `product`, `class`, `minutes`, `way`: one to many, one to one, or many to many.
    """
    if not 0 < share <= 1 or years < 0:
        raise DataError(f"A share of {share:g} and {years} years cannot be. Give a fraction of 1, and 0 years or more.")
    bought = np.maximum(1.0, goods["a_year"] * years)
    minutes = goods["price"] * goods["margin_rate"] * share * bought / SELLER_HOUR * 60
    ways = np.select([minutes >= MANY_TO_MANY, minutes >= ONE_TO_ONE], ["many to many", "one to one"], "one to many")
    return pd.DataFrame({"product": goods["product"], "class": goods["class"], "minutes": minutes, "way": ways})
