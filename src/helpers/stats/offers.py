"""The arithmetic of price offers: so much off per full amount, a percentage of list, and where one beats the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import DataError

FIRST, SECOND, SAME = "first", "second", "same"


@dataclass(frozen=True)
class ThresholdOffer:
    """So much off for each full amount: "80 off per full 200" (满200减80).

    Parameters
    ----------
    off_minor, per_minor : int
        Taken off for each full `per_minor`, in minor units. What is left over after the full
        amounts, the remainder, is paid at list price.

    Raises
    ------
    DataError
        If an amount is not a whole number of minor units, is not above 0, or more is taken off than is spent.
    """

    off_minor: int
    per_minor: int

    def __post_init__(self) -> None:
        for name in ("off_minor", "per_minor"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value <= 0:
                raise DataError(f"{name} is {value!r}. Give a whole number of minor units above 0 (80 yuan are 8000).")
        if self.off_minor > self.per_minor:
            raise DataError(
                f"The offer takes {self.off_minor} off per full {self.per_minor} (minor units), more than is spent. "
                "Exchange the two numbers."
            )

    def full_amounts(self, price_minor: Any) -> Any:
        """How many full amounts are in a price: 3 times 200 in 768."""
        return _prices(price_minor) // self.per_minor

    def remainder_minor(self, price_minor: Any) -> Any:
        """The part of a price on which nothing is taken off, in minor units."""
        return _prices(price_minor) % self.per_minor

    def pays_minor(self, price_minor: Any) -> Any:
        """What the customer pays, in minor units.

        Parameters
        ----------
        price_minor : int, Series or array of int
            List price of the whole purchase.

        Returns
        -------
        The same shape, int64.
        """
        return _prices(price_minor) - self.off_minor * self.full_amounts(price_minor)

    def pro_rata_minor(self, price_minor: Any) -> Any:
        """What the customer would pay if the remainder counted, too: the offer at its best (minor units, half up)."""
        prices = _prices(price_minor)
        return (2 * prices * (self.per_minor - self.off_minor) + self.per_minor) // (2 * self.per_minor)

    def breaks_minor(self, up_to_minor: int) -> Iterator[int]:
        """The prices at which the payment jumps."""
        return iter(range(self.per_minor, up_to_minor, self.per_minor))

    def _line(self, price_minor: Fraction) -> tuple[Fraction, Fraction]:
        """Slope and constant of the payment from a price up to the next break."""
        return Fraction(1), -Fraction(self.off_minor) * (price_minor // self.per_minor)


@dataclass(frozen=True)
class PercentageOffer:
    """A percentage of the list price: 65 for "65折", the customer pays 65%.

    Parameters
    ----------
    pays_percent : float
        What the customer pays of 100, with at most two decimals. In Chinese the
        number after 折 says what is *paid*: 65折 is 35% off.

    Raises
    ------
    DataError
        If it is not above 0 and at most 100, or has more than two decimals.
    """

    pays_percent: float

    def __post_init__(self) -> None:
        value = self.pays_percent
        if isinstance(value, bool) or not isinstance(value, (int, float, np.number)) or not 0 < value <= 100:
            raise DataError(f"pays_percent is {value!r}. Give what the customer pays of 100: 65 for 35% off.")
        if abs(value * 100 - round(value * 100)) > 1e-6:
            raise DataError(f"pays_percent is {value!r}. Give at most two decimals, such as 66.67.")

    @property
    def pays_of_10_000(self) -> int:
        """The share paid as a whole number of ten-thousandths, so that money stays exact."""
        return round(self.pays_percent * 100)

    def pays_minor(self, price_minor: Any) -> Any:
        """What the customer pays, in minor units, half a unit rounded up; shapes as of `ThresholdOffer.pays_minor`."""
        return (_prices(price_minor) * self.pays_of_10_000 + 5000) // 10_000

    def breaks_minor(self, up_to_minor: int) -> Iterator[int]:
        """No price at which the payment jumps."""
        return iter(())

    def _line(self, price_minor: Fraction) -> tuple[Fraction, Fraction]:
        return Fraction(self.pays_of_10_000, 10_000), Fraction(0)


Offer = ThresholdOffer | PercentageOffer


@dataclass(frozen=True)
class Band:
    """Prices in which one of two offers is the cheaper.

    Attributes
    ----------
    from_minor, below_minor : float
        From this price up to, and not with, that one; minor units, seldom whole.
    cheaper : {"first", "second", "same"}
    """

    from_minor: float
    below_minor: float
    cheaper: str


def effective_rate(offer: Offer, price_minor: Any) -> Any:
    """What is paid of 1 of the list price: 528 of 768 is 0.6875.

    Raises
    ------
    DataError
        If a price is 0: nothing of nothing is no rate.
    """
    prices = _prices(price_minor)
    if np.any(np.asarray(prices) == 0):
        raise DataError("A price of 0 has no rate. Leave out gifts before working out rates.")
    return offer.pays_minor(prices) / prices


def saving_minor(first: Offer, second: Offer, price_minor: Any) -> Any:
    """How much less the customer pays with the second offer; below 0 where the first is the cheaper (minor units)."""
    return first.pays_minor(price_minor) - second.pays_minor(price_minor)


def cheaper(first: Offer, second: Offer, price_minor: int) -> str:
    """Which offer the customer should take at a price: "first", "second" or "same"."""
    saving = saving_minor(first, second, price_minor)
    return SAME if saving == 0 else (SECOND if saving > 0 else FIRST)


def bands(first: Offer, second: Offer, *, up_to_minor: int) -> list[Band]:
    """The bands of prices in which each of two offers is the cheaper, from 0 up to a price.

    Parameters
    ----------
    first, second : ThresholdOffer or PercentageOffer
    up_to_minor : int
        The highest price looked at.

    Returns
    -------
    list of Band
        They follow each other without a gap; neighbours differ. Payments are compared before rounding,
        so that a crossing is exact: at 228.57 yuan, not somewhere within a fen of it.
    """
    _prices(up_to_minor)
    edges = sorted({0, up_to_minor, *first.breaks_minor(up_to_minor), *second.breaks_minor(up_to_minor)})
    pieces: list[tuple[Fraction, Fraction, str]] = []
    for start, end in pairwise(map(Fraction, edges)):
        slope, constant = (a - b for a, b in zip(first._line(start), second._line(start), strict=True))
        crossing = -constant / slope if slope else start
        inner = [crossing] if start < crossing < end else []
        stops = [start, *inner, end]
        for low, high in pairwise(stops):
            difference = slope * (low + high) / 2 + constant
            name = SAME if difference == 0 else (FIRST if difference < 0 else SECOND)
            if pieces and pieces[-1][2] == name:
                pieces[-1] = (pieces[-1][0], high, name)
            else:
                pieces.append((low, high, name))
    return [Band(float(low), float(high), name) for low, high, name in pieces]


def crossovers_minor(first: Offer, second: Offer, *, up_to_minor: int) -> list[float]:
    """Prices at which the two offers cost the same and the cheaper one changes by and by, without a jump.

    The jumps at each full amount, where a threshold offer suddenly takes more off, are not among them: see `bands`.
    """
    jumps = {*first.breaks_minor(up_to_minor + 1), *second.breaks_minor(up_to_minor + 1)}
    return [
        band.from_minor for band in bands(first, second, up_to_minor=up_to_minor)[1:] if band.from_minor not in jumps
    ]


def always_cheaper_from_minor(threshold: ThresholdOffer, percentage: PercentageOffer) -> int | None:
    """The price from which the threshold offer is the cheaper one for good; None if there is no such price.

    After n full amounts the threshold offer has taken n times `off` off. It stays ahead until the next full
    amount if the percentage takes no more off even there: n * off >= (n + 1) * per * share taken off.
    """
    taken = Fraction(10_000 - percentage.pays_of_10_000, 10_000) * threshold.per_minor
    ahead = threshold.off_minor - taken
    if ahead <= 0:
        return None
    return max(1, ceil(taken / ahead)) * threshold.per_minor


def _prices(price_minor: Any) -> Any:
    """A price, or many, as int64; anything else is refused in words."""
    if isinstance(price_minor, (bool, np.bool_)):
        raise DataError(f"{price_minor!r} is not a price. Give minor units: 76800 for 768 yuan.")
    if isinstance(price_minor, (int, np.integer)):
        if price_minor < 0:
            raise DataError(f"A price of {price_minor} minor units is below 0. Leave returns out of an offer.")
        return int(price_minor)
    prices = price_minor if isinstance(price_minor, pd.Series) else np.asarray(price_minor)
    if prices.dtype.kind not in "iu":
        raise DataError("Prices are not whole minor units. Give 76800 for 768 yuan, and no missing price.")
    below = int((prices < 0).sum())
    if below:
        raise DataError(f"{below} of {len(prices)} prices are below 0. Leave returns out of an offer.")
    return prices.astype("int64")
