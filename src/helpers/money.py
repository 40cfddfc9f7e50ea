"""Money: int64 minor units (fen, pence, cents) inside, major units for people."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.errors import DataError


@dataclass(frozen=True)
class Currency:
    """A currency: ISO code, sign before an amount, digits after the point, name of the unit."""

    code: str
    sign: str
    digits: int
    unit: str

    @property
    def factor(self) -> int:
        """Minor units in one major unit: 100 fen in a yuan."""
        return 10**self.digits


CURRENCIES = {
    currency.code: currency
    for currency in (
        Currency("CNY", "¥", 2, "yuan"),
        Currency("EUR", "€", 2, "euro"),
        Currency("GBP", "£", 2, "pounds"),
        Currency("USD", "$", 2, "dollars"),
        Currency("HKD", "HK$", 2, "Hong Kong dollars"),
        Currency("TWD", "NT$", 2, "New Taiwan dollars"),
        Currency("SGD", "S$", 2, "Singapore dollars"),
        Currency("CHF", "CHF ", 2, "francs"),
        Currency("INR", "₹", 2, "rupees"),
        Currency("JPY", "JP¥", 0, "yen"),
        Currency("KRW", "₩", 0, "won"),
    )
}


def currency(code: str) -> Currency:
    """The currency with an ISO code such as "CNY".

    Raises
    ------
    DataError
        If the code is not known; the message lists the known ones.
    """
    try:
        return CURRENCIES[code]
    except KeyError:
        raise DataError(
            f"The currency {code!r} is not known. Use one of {', '.join(sorted(CURRENCIES))}."
        ) from None


def in_major_units(minor, *, code: str):
    """Amounts in yuan (or euro ...) as floats, from int64 minor units.

    Parameters
    ----------
    minor : Series, array or int
        Amounts in minor units.
    code : str
        ISO code of the currency.

    Returns
    -------
    The same shape, as float. For models, figures and words only: sums and
    tests of equality stay in minor units.
    """
    return minor / currency(code).factor
