"""The invented world of the casebook of orientation: a maker whose machine is sold out."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.errors import DataError


@dataclass(frozen=True)
class Shortage:
    """A machine that is sold out, and a choice: pay for care although everybody queues, or not. Money in yuan.

    Attributes
    ----------
    months : int
        So long it will be sold out.
    horizon : int
        Months that the owner looks ahead, the shortage included.
    a_month : int
        Machines made, and so sold, in a month of shortage.
    saved_a_month : int
        What less care saves in a month.
    lost_share : float
        Of customers treated badly, the share who leave as soon as they can.
    margin_a_month : int
        What a customer who stays leaves in a month, with filters and parts.
    """

    months: int
    horizon: int = 36
    a_month: int = 1000
    saved_a_month: int = 54_000
    lost_share: float = 0.12
    margin_a_month: int = 25

    @property
    def months_after(self) -> int:
        """Months in which a customer who left is missed."""
        return self.horizon - self.months


def shortage(months: int = 4, *, lost_share: float = 0.12) -> Shortage:
    """The shortage of the case.

    Parameters
    ----------
    months : int, default 4
        0 to 36.
    lost_share : float, default 0.12

    Raises
    ------
    DataError
        If one of them cannot be.
    """
    if not 0 <= months <= 36 or not 0 <= lost_share <= 1:
        raise DataError(f"A shortage of {months} months with {lost_share:g} lost cannot be. Give 0 to 36 months, and a fraction of 1.")
    return Shortage(months, lost_share=lost_share)
