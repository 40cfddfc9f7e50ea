"""What the cases of touchpoints calculate. Money in yuan, unless a name ends in `_minor`."""

from __future__ import annotations

from math import comb

import numpy as np
import pandas as pd

from helpers.errors import DataError
from helpers.stats.intervals import wilson
from helpers.touchpoints import queues
from helpers.touchpoints.case_worlds import NEEDS, Bank, Brochures, Fee, Screen, Thanks
from helpers.touchpoints.scenes import BETTER, THRESHOLD, Charger, dock_costs

# ---------------------------------------------------------------- C03

SEATS = 20
INVITED = ("unhappy", "content", "lot")
"""Whom to invite: those who are unhappy, those who are content, or whoever is drawn by lot."""


def group(advisers: pd.DataFrame, who: str) -> pd.DataFrame:
    """The customers among whom seats are drawn."""
    if who not in INVITED:
        raise DataError(f"Nobody can invite {who!r}. Choose {', '.join(INVITED)}.")
    return advisers if who == "lot" else advisers[advisers["unhappy"] == (who == "unhappy")]


def heard(advisers: pd.DataFrame, who: str, *, seats: int = SEATS) -> float:
    """Of all needs that customers have, the share about which somebody at the table speaks.

    Parameters
    ----------
    advisers : DataFrame
        From `case_worlds.advisers`.
    who : str
        One of `INVITED`; guests are drawn by lot among them.
    seats : int

    Returns
    -------
    float
        Expected share; each need counts as often as customers have it. Exact (hypergeometric), no simulation.
    """
    guests = group(advisers, who)
    total, found = 0.0, 0.0
    for need in NEEDS:
        have, say = int(advisers[f"has_{need}"].sum()), int(guests[f"says_{need}"].sum())
        silent = comb(len(guests) - say, seats) / comb(len(guests), seats)
        total, found = total + have, found + have * (1 - silent)
    return found / total


def heard_by_seats(advisers: pd.DataFrame, *, most: int = 40) -> pd.DataFrame:
    """`heard` for each number of seats: `seats`, and a column for each of `INVITED`."""
    seats = [1, 2, 3, 4, 6, 8, 10, 15, 20, 30, most]
    return pd.DataFrame({"seats": seats} | {who: [heard(advisers, who, seats=number) for number in seats] for who in INVITED})


def best_guests(advisers: pd.DataFrame, *, seats: int = SEATS) -> str:
    """Whose invitation brings most needs to the table; of two that bring the same, the first of `INVITED`."""
    return max(INVITED, key=lambda who: heard(advisers, who, seats=seats))


def table_of_guests(advisers: pd.DataFrame, *, seats: int = SEATS, seed: int = 1) -> pd.DataFrame:
    """One draw of unhappy guests, and what they say: `guest` and a column of 0 and 1 for each need."""
    drawn = group(advisers, "unhappy").sample(seats, random_state=seed)
    said = {need: drawn[f"says_{need}"].astype("int64").to_numpy() for need in NEEDS}
    return pd.DataFrame({"guest": [f"G{number:02d}" for number in range(1, seats + 1)]} | said)


def lower_end(taken: int, of: int) -> float:
    """Lower end of the 95% interval of a share, in percent."""
    return 100 * wilson(taken, of).low


# ---------------------------------------------------------------- C04


def offers_by_price(*, low: int = 100, high: int = 1600, step: int = 4) -> pd.DataFrame:
    """Both offers of case C04 over the price: `price`, `threshold`, `better`, in yuan."""
    price = np.arange(low, high + step, step)
    return pd.DataFrame(
        {"price": price, "threshold": THRESHOLD.pays_minor(100 * price) / 100, "better": BETTER.pays_minor(100 * price) / 100}
    )


# ---------------------------------------------------------------- C05


def docks_by_fault(charger: Charger) -> pd.DataFrame:
    """The cost of each way of meeting a broken dock, over the share that customers broke themselves."""
    rows = []
    for percent in range(0, 101, 5):
        here = Charger(**{**vars(charger), "own_fault": percent / 100})
        rows.append({"own_fault": percent / 100, **dock_costs(here)})
    return pd.DataFrame(rows)


def fault_from_which_to_check(charger: Charger) -> float | None:
    """Share of docks broken by their owners from which a look is cheaper than a new one for everybody; None where it never is."""
    waits = charger.look + charger.leave_waiting * charger.value
    gain = charger.dock - charger.leave_shown * charger.value
    # look + waits + (1 - f) * dock + f * shown < dock  <=>  f * (dock - shown) > look + waits
    share = waits / gain if gain > 0 else np.inf
    return float(share) if share <= 1 else None


# ---------------------------------------------------------------- C06


def with_screen(screen: Screen) -> queues.Queue:
    """The queue when the record comes up by itself: calls are shorter."""
    return queues.queue(screen.desk.calls_an_hour, screen.desk.minutes_a_call - screen.saved_minutes, screen.agents)


def with_agent(screen: Screen) -> queues.Queue:
    """The queue with one agent more."""
    return queues.queue(screen.desk.calls_an_hour, screen.desk.minutes_a_call, screen.agents + 1)


def as_is(screen: Screen) -> queues.Queue:
    """The queue as it is."""
    return queues.queue(screen.desk.calls_an_hour, screen.desk.minutes_a_call, screen.agents)


def shorter_queue(screen: Screen, *, enough: float = 0.8) -> str:
    """What shortens the queue: "screen" or "agent", the cheaper where both answer enough calls in time, else the one that answers more."""
    a, b = with_screen(screen).in_time, with_agent(screen).in_time
    if min(a, b) >= enough:
        return "screen" if screen.screen_a_month <= screen.agent_a_month else "agent"
    return "screen" if a >= b else "agent"


# ---------------------------------------------------------------- C07


SMALL_COUNTER = 2.0
"""What it costs to keep a counter open, for each time that the step is taken."""


def counter_minutes(bank: Bank) -> float:
    """Minutes of a customer at the counter, all steps."""
    return sum(bank.counter.values())


def bank_costs(bank: Bank) -> dict[str, float]:
    """What each way costs bank and customers together, for each time.

    Returns
    -------
    dict
        `counter` for everybody; `phone` for everybody, those who cannot are lost; `both`: by telephone whoever can, the others at the counter.
    """
    at_counter = bank.counter_cost + bank.hour * counter_minutes(bank) / 60
    by_phone = bank.phone_cost + bank.hour * bank.phone / 60
    return {
        "counter": at_counter,
        "phone": (1 - bank.cannot) * by_phone + bank.cannot * bank.lost,
        # Few people at a counter make each of them dear.
        "both": (1 - bank.cannot) * by_phone + bank.cannot * at_counter + SMALL_COUNTER,
    }


def best_way(bank: Bank) -> str:
    """The way with the lowest cost for both together."""
    costs = bank_costs(bank)
    return min(costs, key=lambda key: (costs[key], key))


# ---------------------------------------------------------------- C13


def pays_from(thanks: Thanks) -> float:
    """The order size from which a message of thanks pays."""
    return thanks.message / (thanks.comes_back * thanks.margin)


def thanked(thanks: Thanks) -> dict[str, float]:
    """What a month brings if everybody, those from the break-even on, or nobody is thanked."""
    gain = {size: number * (thanks.comes_back * thanks.margin * size - thanks.message) for size, number in thanks.sizes.items()}
    return {"all": sum(gain.values()), "from": sum(value for size, value in gain.items() if size >= pays_from(thanks)), "none": 0.0}


def whom_to_thank(thanks: Thanks) -> str:
    """Everybody if thanks pay for every size of order; those from the break-even on if for some; else nobody."""
    sizes = list(thanks.sizes)
    if min(sizes) >= pays_from(thanks):
        return "all"
    return "from" if max(sizes) >= pays_from(thanks) else "none"


# ---------------------------------------------------------------- C14


def points_to_pay(fee: Fee) -> float:
    """Points by which the share who buy again has to rise for a waived fee to pay."""
    return 100 * fee.fee / fee.next_margin


def waive(fee: Fee) -> float:
    """What waiving brings, less what charging brings, for each customer."""
    return fee.next_margin * (fee.again_waived - fee.again_charged) - fee.fee


# ---------------------------------------------------------------- C19


def brochure_costs(one: Brochures) -> dict[str, float]:
    """Expected cost of posting them as they are, with a slip, or of throwing them away and printing again."""
    loss = one.copies * one.notice * one.minds * one.loss
    return {
        "post": loss,
        "slip": one.copies * one.slip + one.with_slip * loss,
        "bin": one.copies * one.reprint + one.delay,
    }


def best_brochures(one: Brochures) -> str:
    """The way with the lowest expected cost."""
    costs = brochure_costs(one)
    return min(costs, key=lambda key: (costs[key], key))
