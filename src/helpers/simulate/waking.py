"""The waking campaign of autumn 2025: who was asked to come back, by lot, in which way; and what would have happened else."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate import catalogue as shop
from helpers.simulate import people, renewal, responses, text
from helpers.simulate import stories as planted
from helpers.simulate.dice import Dice

CAMPAIGN = "WAKE-2509"
FIRST_DAY = shop.day_number("2025-09-11")
LAST_DAY = FIRST_DAY + 90
"""The day on which the outcome was read, 13 weeks in all."""
SILENT_FROM, SILENT_UNTIL = 120, 540
"""Days without an order on the eve of the campaign, of those who took part."""
ARMS = ("hold_out", "call", "coupon", "reminder")
ACTION_OF_ARM = np.array([responses.NONE, responses.CALL, responses.COUPON, responses.REMINDER])
FIXED_COST_FEN = 600_000
"""Writing, printing and the list itself, whatever the number of customers."""


def arms_by_lot(dice: Dice, last_kept_day: np.ndarray, consent: np.ndarray) -> np.ndarray:
    """The arm of everybody (place in `ARMS`), -1 for those who took no part.

    Parameters
    ----------
    dice : Dice
    last_kept_day : array of int
        Day number of each person's last order on the eve of the campaign, far below zero for nobody.
    consent : array of bool
        Only those who may be contacted take part, the hold-out too: else it would not be comparable.
    """
    silent = FIRST_DAY - 1 - last_kept_day
    part = np.flatnonzero((silent >= SILENT_FROM) & (silent <= SILENT_UNTIL) & consent[: len(silent)])
    lot = dice.table("waking campaign", 0, len(silent), ["lot"])["lot"][part]
    arm = np.full(len(silent), -1)
    # Four groups of one size, in the order of the lots.
    arm[part[np.argsort(lot, kind="stable")]] = np.arange(len(part)) % len(ARMS)
    return arm


def campaigns(history) -> pd.DataFrame:
    """The campaigns that were drawn by lot: the renewal programme and the waking campaign."""
    own = {
        "campaign_id": CAMPAIGN,
        "activity": "Waking campaign: call, coupon or reminder",
        "purpose": "waking",
        "started_on": FIRST_DAY,
        "measured_until": LAST_DAY,
        "department": "Marketing",
        "cost_minor": FIXED_COST_FEN,
    }
    table = pd.DataFrame([renewal.campaign(), own])
    for name in ("started_on", "measured_until"):
        table[name] = text.moments(table[name].to_numpy(), np.zeros(len(table)))
    return table.astype({"cost_minor": "Int64"})


def assignments(history) -> pd.DataFrame:
    """Who was drawn for which arm. What came of it stands in the orders and in the contracts."""
    arm = history.life.arm
    who = np.flatnonzero(arm >= 0)
    own = pd.DataFrame(
        {
            "campaign_id": CAMPAIGN,
            "customer_id": people.ids_of(who),
            "arm": np.array(ARMS)[arm[who]],
            "assigned_on": text.moments(np.full(len(who), FIRST_DAY - 1), np.zeros(len(who))),
            "cost_minor": pd.array(responses.ACTION_COST_FEN[ACTION_OF_ARM[arm[who]]], dtype="Int64"),
            "consent": True,
        }
    )
    return pd.concat([renewal.assignments(history), own], ignore_index=True)


def truth_of_waking(history, stories: planted.Stories) -> pd.DataFrame:
    """What everybody in the campaign would have done under each arm, and the group this makes them, arm by arm.

    Returns
    -------
    DataFrame
        `customer_id`, `arm`, `response` (for life), `buys_hold_out`, `buys_call` ..., and `group_call` ...:
        persuadable (buys because of it), sure (buys anyway), lost (buys in neither), do_not_disturb (would have bought).
    """
    from helpers.simulate import life

    crowd, drawn = history.crowd, history.life.arm
    who = np.flatnonzero(drawn >= 0)
    buys = {}
    for place, name in enumerate(ARMS):
        arm = np.where(drawn >= 0, place, -1)
        lived = life.live(history.dice, crowd, stories, played=(), last_day=LAST_DAY, arm=arm)
        lines = lived.lines[~lived.lines["cancelled"] & (lived.lines["amount_fen"] > 0)]
        later = lines[(lines["day"] >= FIRST_DAY) & (lines["day"] <= LAST_DAY)]
        buys[name] = np.isin(who, later["person"].to_numpy())
    table = {
        "customer_id": people.ids_of(who),
        "arm": np.array(ARMS)[drawn[who]],
        "response": np.array(people.RESPONSES)[crowd.response[who]],
    }
    table |= {f"buys_{name}": text.yes_no(one) for name, one in buys.items()}
    alone = buys["hold_out"]
    for name in ARMS[1:]:
        treated = buys[name]
        group = np.select(
            [treated & ~alone, treated & alone, ~treated & ~alone], ["persuadable", "sure", "lost"], "do_not_disturb"
        )
        table[f"group_{name}"] = group
    return pd.DataFrame(table)


def truth_of_stock_out(history, stories: planted.Stories) -> pd.DataFrame:
    """Who fell asleep over the stock-out, and when; and whether something has woken them since."""
    since, woken = history.life.asleep_week, history.life.woken_from
    who = np.flatnonzero((since < planted.NEVER) & history.known)
    return pd.DataFrame(
        {
            "customer_id": people.ids_of(who),
            "asleep_since": text.iso_days(7 * since[who]),
            "woken_on": np.where(woken[who] < planted.NEVER, text.iso_days(np.minimum(woken[who], history.last_day)), ""),
        }
    )
