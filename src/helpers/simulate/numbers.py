"""Order numbers that depend on the person and the day alone, never on other orders."""

from __future__ import annotations

import numpy as np

from helpers.simulate import catalogue as shop


class OrderNumbers:
    """Order and contact ids of one company.

    Numbering the orders of a day one after the other would give a customer
    another number when somebody else orders more. So the number is a scramble
    of the person's place and the day; it is unique within a day, because a
    person orders at most once a day. Till receipts are numbered above.
    """

    def __init__(self, customers: int) -> None:
        self.above = _next_prime(max(9000, 10 * customers))
        self.digits = len(str(self.above + 1000))

    def of_people(self, place, day) -> np.ndarray:
        """Numbers of the orders of people."""
        return (np.asarray(place) * 7919 + np.asarray(day) * 104_729) % self.above

    def of_receipts(self, place_in_day) -> np.ndarray:
        """Numbers of receipts that belong to no person."""
        return self.above + np.asarray(place_in_day)

    def text(self, letter: str, day, number, ending: str = "") -> np.ndarray:
        """Ids such as O230601-04312."""
        compact = np.datetime_as_string(shop.START + np.asarray(day, dtype=np.int64), unit="D")
        return np.array(
            [
                f"{letter}{date[2:4]}{date[5:7]}{date[8:10]}-{value:0{self.digits}d}{ending}"
                for date, value in zip(compact, number, strict=True)
            ],
            dtype=object,
        )


def _next_prime(above: int) -> int:
    """The smallest prime number above."""
    candidate = above + 1
    while any(candidate % divisor == 0 for divisor in range(2, int(candidate**0.5) + 1)):
        candidate += 1
    return candidate
