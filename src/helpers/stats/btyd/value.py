"""What customers with a history are worth over the time ahead."""

from __future__ import annotations

import numpy as np

from helpers.errors import DataError


def customer_value(
    model, x, t_x, T, *, order_value, period: float, periods: int, discount: float = 0.0, margin: float = 1.0
):
    """Expected value of the orders of the next periods, discounted to today.

    Parameters
    ----------
    model : BgNbd, MbgNbd or ParetoNbd
    x, t_x, T : array-like, shape (n_customers,)
        Histories, in the unit of the model.
    order_value : float or array-like
        Of one order, in any unit: such as `GammaGamma.conditional`, or a plain mean.
    period : float
        Length of a period in the unit of the model: 30.4 for months when it counts days.
    periods : int
        How many lie ahead.
    discount : float, default 0.0
        A period. Orders of a period count as if they came at its end.
    margin : float, default 1.0
        The part of an order's value that is left after its costs.

    Returns
    -------
    ndarray, shape (n_customers,)
        In the unit of `order_value`. An expectation: most customers will be worth less, a few much more.

    Raises
    ------
    DataError
        If no period lies ahead, or the discount is -100% or less.
    """
    if not period > 0 or periods < 1:
        raise DataError(f"{periods} periods of length {period:g} are no time ahead. Give at least one, longer than 0.")
    if not discount > -1:
        raise DataError(f"A discount of {discount:.0%} a period is none. Give a fraction above -1, such as 0.01.")
    ends = period * np.arange(periods + 1)
    orders = [model.conditional(x, t_x, T, end) for end in ends]
    worth = sum((orders[n] - orders[n - 1]) / (1 + discount) ** n for n in range(1, periods + 1))
    return worth * np.asarray(order_value, dtype=float) * margin
