"""Buy-till-you-die: how often customers buy, until they stop without saying so.

A customer's history is three numbers, in the letters of the literature: `x` repeat orders (order days
less one), `t_x` from the first order to the last, and `T` from the first order to the report date. Time
is in any unit, best in whole days; the fits do not depend on it. `group` puts identical histories
together, `fit` estimates a model of `BgNbd`, `MbgNbd`, `ParetoNbd` from them, and the model foretells.
`GammaGamma` says what an order is worth, `ShiftedBetaGeometric` who renews a contract.

Mind that the BG/NBD gives every one-time buyer a chance of 1 of being alive: rank sleepers by expected
purchases, or by the days since the last order, not by that.
"""

from helpers.stats.btyd.betageo import BgNbd, MbgNbd
from helpers.stats.btyd.fitting import Fit, fit
from helpers.stats.btyd.gammagamma import GammaGamma, fit_spend
from helpers.stats.btyd.histories import Histories, from_dates, group
from helpers.stats.btyd.paretonbd import ParetoNbd
from helpers.stats.btyd.sbg import ShiftedBetaGeometric, fit_renewals
from helpers.stats.btyd.value import customer_value

__all__ = [
    "BgNbd",
    "Fit",
    "GammaGamma",
    "Histories",
    "MbgNbd",
    "ParetoNbd",
    "ShiftedBetaGeometric",
    "customer_value",
    "fit",
    "fit_renewals",
    "fit_spend",
    "from_dates",
    "group",
]
