"""How long until something happens, when for some it has not happened yet.

Each customer has a duration up to the event, or up to the day on which watching ended (censored). Customers who
were known only from some time on (an export that starts late) bring that time as `entry`: before it nobody
could have seen their event, so they do not count as being at risk (left truncation).
"""

from helpers.stats.survival.curves import Curve, kaplan_meier, life_table, remaining_life
from helpers.stats.survival.groups import Cox, LogRank, cox, log_rank

__all__ = ["Cox", "Curve", "LogRank", "cox", "kaplan_meier", "life_table", "log_rank", "remaining_life"]
