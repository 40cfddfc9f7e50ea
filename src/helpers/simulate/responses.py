"""How every customer would respond to each action, for the next 13 weeks.

The effects are multipliers that hold for one quarter. They depend on the kind
of response a person has for life (persuadable, sure, lost, do not disturb) and
on where the person stands when the quarter begins. They are the truth behind a
list, and never part of a public table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.simulate.people import RESPONSES

ACTIONS = ("none", "call", "offer", "coupon", "reminder", "service_repair", "discount")
NONE, CALL, OFFER, COUPON, REMINDER, SERVICE_REPAIR, DISCOUNT = range(7)
ACTION_COST_FEN = np.array([0, 2500, 1200, 300, 100, 3500, 300])
COUPON_DISCOUNT = 15
"""Per cent off every order of the quarter, also off those that would have come anyway."""
BUNDLE_DISCOUNT = 10
"""Per cent off the line that a bundle offer adds."""
TOUCHPOINT = ("", "care_call", "bundle_offer", "coupon", "reminder", "service_repair", "renewal_offer")
"""`discount` is money off the next year of a contract; `renewal` says what it does there. It does nothing in the shops."""
GRADES_FEN = (150_000, 400_000, 1_000_000)
"""Spend in 365 days from which a customer belongs to the next grade."""
NEAR = 0.75
"""Nearer to a grade than this share of it: a reminder can help."""

PERSUADABLE, SURE, LOST, DO_NOT_DISTURB = range(len(RESPONSES))


@dataclass(frozen=True)
class Standing:
    """Where everybody stands when a quarter begins."""

    orders_in_a_year: np.ndarray
    spend_in_a_year_fen: np.ndarray
    lines_held: np.ndarray
    victim: np.ndarray  # had bad service lately
    gone: np.ndarray  # left for good
    driven_off: np.ndarray  # left because of bad service
    lapsed: np.ndarray  # used to come again and again, and stopped a year ago or less
    out_of_stock: np.ndarray  # asleep since what they used was not to be had
    silent: np.ndarray  # for longer than their own rhythm


@dataclass(frozen=True)
class Effects:
    """Multipliers for each action (row) and person (column)."""

    order_rate: np.ndarray
    basket: np.ndarray
    bundle: np.ndarray  # chance that an order gets a line the person does not hold
    returns: np.ndarray  # on the chance of returns and of complaints
    contact_cost: np.ndarray
    comes_back: np.ndarray  # leaves for good no more, or wakes


# Share who wake, by kind of response, for those who lapsed and for those who sleep over a stock-out.
WAKES_LAPSED = {
    CALL: (0.95, 0.50, 0.0, 0.05),
    OFFER: (0.45, 0.20, 0.0, 0.05),
    COUPON: (0.25, 0.12, 0.0, 0.0),
    REMINDER: (0.30, 0.15, 0.0, 0.15),
}
WAKES_OUT_OF_STOCK = {
    CALL: (0.95, 0.70, 0.15, 0.30),
    OFFER: (0.65, 0.45, 0.10, 0.20),
    COUPON: (0.45, 0.35, 0.05, 0.0),
    REMINDER: (0.85, 0.65, 0.15, 0.45),
}
COUPON_ANNOYS = 0.1
"""Order rate of sleepers who want quiet, once a coupon has come."""


def effects(standing: Standing, response: np.ndarray, forgives: np.ndarray, *, waking: bool = False) -> Effects:
    """What each action would do to each person in the quarter that begins.

    Parameters
    ----------
    standing : Standing
        At the beginning of the quarter.
    response : array of int
        Place of each person's kind of response in `RESPONSES`.
    forgives : array of float
        The person's lasting readiness to forgive, from 0 to 1.
    waking : bool
        Whether sleepers can be woken: the story of that name.
    """
    n = len(response)
    rate, basket, returns, cost = (np.ones((len(ACTIONS), n)) for _ in range(4))
    bundle = np.zeros((len(ACTIONS), n))
    back = np.zeros((len(ACTIONS), n), dtype=bool)

    def by_response(persuadable: float, sure: float, lost: float, quiet: float) -> np.ndarray:
        return np.array([persuadable, sure, lost, quiet])[response]

    regular = standing.orders_in_a_year >= 3
    rate[CALL] = np.where(regular, by_response(2.4, 1.08, 1.0, 0.85), by_response(1.4, 1.0, 1.0, 0.8))
    basket[CALL] = np.where(regular, by_response(1.15, 1.05, 1.0, 1.0), 1.0)

    growable = (standing.lines_held >= 1) & (standing.lines_held <= 3)
    rate[OFFER] = np.where(growable, by_response(1.6, 1.05, 1.0, 0.9), by_response(1.15, 1.0, 1.0, 0.9))
    bundle[OFFER] = np.where(growable, by_response(0.65, 0.20, 0.05, 0.05), 0.05)

    rate[COUPON] = by_response(1.2, 1.0, 1.0, 0.65)

    spend = standing.spend_in_a_year_fen
    near = np.zeros(n, dtype=bool)
    for grade in GRADES_FEN:
        near |= (spend >= NEAR * grade) & (spend < grade)
    rate[REMINDER] = np.where(near, by_response(1.7, 1.12, 1.0, 1.0), by_response(1.08, 1.0, 1.0, 0.95))

    hurt = standing.victim
    rate[SERVICE_REPAIR] = np.where(hurt, by_response(1.8, 1.3, 1.1, 1.2), 1.0)
    returns[SERVICE_REPAIR] = np.where(hurt, 0.3, 0.9)
    cost[SERVICE_REPAIR] = np.where(hurt, 0.5, 1.0)
    back[SERVICE_REPAIR] = standing.driven_off & (forgives < 0.35)
    if waking:
        for action, shares in WAKES_LAPSED.items():
            back[action] |= standing.lapsed & (forgives < by_response(*shares))
        for action, shares in WAKES_OUT_OF_STOCK.items():
            back[action] |= standing.out_of_stock & (forgives < by_response(*shares))
        quiet = (response == DO_NOT_DISTURB) & standing.silent
        rate[COUPON] = np.where(quiet, COUPON_ANNOYS, rate[COUPON])
    return Effects(rate, basket, bundle, returns, cost, back)
