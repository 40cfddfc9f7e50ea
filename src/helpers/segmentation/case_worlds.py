"""The invented people of the casebook: a country with television sets, a street, a telephone company.

Nobody in them exists. Each function draws from a seed; the numbers are ours,
chosen so that a case can be worked, and the truth is known because we made it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.errors import DataError

AREAS = ("city", "town", "village")
AGES = ("under 35", "35 to 59", "60 and over")
# Share of homes by area (rows) and by age of whoever heads them (columns).
_HOMES = np.array([[0.17, 0.20, 0.08], [0.07, 0.12, 0.06], [0.06, 0.13, 0.11]])
_SELDOM_IN = np.array([[0.55, 0.40, 0.15], [0.45, 0.30, 0.10], [0.40, 0.25, 0.10]])
_LINE = np.array([[0.65, 0.92, 0.97], [0.50, 0.80, 0.90], [0.25, 0.50, 0.60]])
_SET_ON = np.array([[0.62, 0.70, 0.78], [0.66, 0.74, 0.80], [0.70, 0.76, 0.80]])
_WATCHES_IF_ON = np.array([[0.40, 0.46, 0.58], [0.44, 0.52, 0.60], [0.46, 0.54, 0.62]])
JOINS, JOINS_SELDOM_IN = 0.80, 0.20  # chance to accept a meter
JOINS_WON_OVER = 0.70  # of homes that are seldom in, after evening visits

BEHAVIOURS = ("local", "international", "roaming", "sms", "data")
# What kinds of customers of the telephone company spend a month, in yuan, by behaviour.
_SPENDS = {
    "caller": (60, 2, 2, 6, 4),
    "traveller": (50, 22, 30, 6, 12),
    "writer": (45, 2, 2, 30, 10),
    "reader": (45, 3, 3, 8, 45),
}
_KINDS = (0.40, 0.15, 0.22, 0.23)


def country(*, refusers_watch: float = 0.6, homes: int = 40_000, seed: int = 11) -> pd.DataFrame:
    """The homes of an invented country on the night of a great show.

    Parameters
    ----------
    refusers_watch : float, default 0.6
        How often homes that are seldom in watch the show, beside others like
        them: 1 means as often. They are the homes that mostly refuse a meter.
    homes : int
    seed : int

    Returns
    -------
    DataFrame, one row a home
        `area`, `age` (of whoever heads it), `line` (has a telephone line),
        `seldom_in`, `joins` (chance to accept a meter), `set_on`, `watches`.
    """
    if not 0 <= refusers_watch <= 1.2:
        raise DataError(f"refusers_watch is {refusers_watch}. Give a number from 0 to 1.2; 1 means like the others.")
    lot = np.random.default_rng(seed)
    place = lot.choice(9, homes, p=_HOMES.ravel() / _HOMES.sum())

    def happens(chances, factor=1.0):
        return lot.random(homes) < chances.ravel()[place] * factor

    seldom_in = happens(_SELDOM_IN)
    line = happens(_LINE)
    # Without a line: in the village the signal is weak too, in the city there are other screens.
    without_line = np.where(line, 1.0, 0.75)
    set_on = happens(_SET_ON, np.where(seldom_in, 0.5 + 0.5 * refusers_watch, 1.0))
    rest = refusers_watch / (0.5 + 0.5 * refusers_watch)
    watches = set_on & happens(_WATCHES_IF_ON, np.where(seldom_in, rest, 1.0) * without_line)
    return pd.DataFrame(
        {
            "area": pd.Series(np.array(AREAS)[place // 3], dtype="str"),
            "age": pd.Series(np.array(AGES)[place % 3], dtype="str"),
            "line": line,
            "seldom_in": seldom_in,
            "joins": np.where(seldom_in, JOINS_SELDOM_IN, JOINS),
            "set_on": set_on,
            "watches": watches,
        }
    )


def street(*, trouble: str = "who") -> pd.DataFrame:
    """A street of 1,000 passers-by: who stops for a questionnaire, and what they answer.

    The question is whether somebody bought from us in the last three months.

    Parameters
    ----------
    trouble : {"who", "what"}
        Whether the people who stop are the larger trouble, or the answers they give.

    Returns
    -------
    DataFrame, one row a group of people alike
        `group`, `people`, `truth` (1 where they bought), `answers` (chance to
        stop and answer), `says_yes` (chance that the answer is yes).
    """
    settings = {"who": ((0.50, 0.95), (0.20, 0.15)), "what": ((0.32, 0.95), (0.28, 0.45))}
    if trouble not in settings:
        raise DataError(f"There is no trouble {trouble!r}. Use one of {', '.join(settings)}.")
    (answers_bought, yes_bought), (answers_not, yes_not) = settings[trouble]
    return pd.DataFrame(
        {
            "group": ["bought", "did not buy"],
            "people": [400, 600],
            "truth": [1, 0],
            "answers": [answers_bought, answers_not],
            "says_yes": [yes_bought, yes_not],
        }
    )


def telephone_company(*, offer: str = "travel", customers: int = 3000, seed: int = 24) -> dict[str, pd.DataFrame]:
    """Three systems of an invented telephone company, before and after one code per customer.

    Parameters
    ----------
    offer : {"travel", "screen"}
        What was offered to everybody in a trial: a plan for travellers, or
        more messages and data.
    customers : int
    seed : int

    Returns
    -------
    dict of DataFrame
        `profile` (`form_no`, `sex`, `birth_date`, `district`), `bills`
        (`account_no`, a month's money by behaviour, in yuan, and `months` with the company), `trial`
        (`sim_no`, `accepted`), and `codes`, which says which numbers of the
        three belong to one customer (`customer_code`, `form_no`, `account_no`, `sim_no`).
    """
    if offer not in ("travel", "screen"):
        raise DataError(f"There is no offer {offer!r}. Use travel or screen.")
    lot = np.random.default_rng(seed)
    kind = lot.choice(4, customers, p=_KINDS)
    usual = np.array(list(_SPENDS.values()), dtype=float)[kind]
    # How much somebody uses the telephone at all says nothing about what for.
    volume = lot.lognormal(-0.18, 0.6, (customers, 1))
    money = (usual * volume * lot.gamma(2.0, 0.5, usual.shape)).round(2)
    likes = (money[:, 1] + money[:, 2]) if offer == "travel" else (money[:, 3] + money[:, 4])
    share = likes / money.sum(axis=1)
    accepted = lot.random(customers) < 0.03 + 0.5 * share
    numbers = {
        name: pd.Series([f"{letter}{number:05d}" for number in lot.permutation(customers) + 1], dtype="str")
        for name, letter in (("form_no", "F"), ("account_no", "A"), ("sim_no", "S"))
    }
    code = pd.Series([f"K{number:05d}" for number in range(1, customers + 1)], dtype="str")
    profile = pd.DataFrame(
        {
            "form_no": numbers["form_no"],
            "sex": pd.Series(np.array(["f", "m"])[lot.integers(0, 2, customers)], dtype="str"),
            "birth_date": pd.Timestamp("1945-01-01") + pd.to_timedelta(lot.integers(0, 21_500, customers), unit="D"),
            "district": pd.Series([f"D{number:02d}" for number in lot.integers(1, 17, customers)], dtype="str"),
        }
    )
    bills = pd.DataFrame({"account_no": numbers["account_no"], **dict(zip(BEHAVIOURS, money.T, strict=True))})
    bills["months"] = lot.integers(1, 121, customers)
    trial = pd.DataFrame({"sim_no": numbers["sim_no"], "accepted": accepted})
    # Each system sorts by its own number, so that nothing can be joined by the order of rows.
    return {
        "profile": profile.sort_values("form_no", ignore_index=True),
        "bills": bills.sort_values("account_no", ignore_index=True),
        "trial": trial.sort_values("sim_no", ignore_index=True),
        "codes": pd.DataFrame({"customer_code": code, **numbers}),
    }
