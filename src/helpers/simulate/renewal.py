"""The renewal programme of the Care Plan: who was asked to stay, by lot, in which way; and what would have happened else.

It is for the one renewal at which most stop, with the story `month_twelve` or without.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate import catalogue as shop
from helpers.simulate import people, responses, text
from helpers.simulate import stories as planted

CAMPAIGN = "RETAIN-2312"
FIRST_DAY, LAST_DAY = shop.day_number("2023-12-04"), shop.day_number("2026-03-15")
"""First and last day on which the lot was drawn for a contract."""
BEFORE_DUE = 30
"""Days before the end of a term on which the lot is drawn."""
MEASURED_DAYS = 90
"""Days after the lot within which a contract that ends counts as lost."""
ARMS = ("hold_out", "call", "discount")
ACTION_OF_ARM = np.array([responses.NONE, responses.CALL, responses.DISCOUNT])
FIXED_COST_FEN = 900_000

KINDS = ("persuadable", "lost", "do_not_disturb")
QUIET_DAYS = 180
"""Who has not been to the shops for so long is out of reach."""
NEAR, QUIET = (0.90, 0.06, 0.04), (0.03, 0.80, 0.17)
"""With the story, how those who still come to the shops and those who do not divide into `KINDS`."""
LEAVES = {
    responses.CALL: (0.1, 1.0, 1.4),
    responses.DISCOUNT: (0.5, 1.0, 1.1),
    responses.SERVICE_REPAIR: (0.6, 1.0, 1.0),
}
"""What is left of the chance to leave, by action and kind."""
DISCOUNT_FEN = 6_000
"""Off the next year's fee, for everybody who got the offer and stays."""


def lots(history) -> np.ndarray:
    """The arm (place in `ARMS`) that everybody would draw; -1 for those who may not be contacted."""
    lot = history.dice.table("renewal programme", 0, len(history.crowd), ["lot"])["lot"]
    return np.where(history.crowd.consent, np.floor(len(ARMS) * lot).astype(int), -1)


class Visits:
    """When everybody was last in the shops."""

    def __init__(self, history) -> None:
        lines = history.life.lines
        kept = lines[~lines["cancelled"] & (lines["amount_fen"] > 0)]
        self._keys = np.sort(self._key(kept["person"].to_numpy(), kept["day"].to_numpy()))

    def quiet(self, person: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whether each person had not ordered in the `QUIET_DAYS` before a day."""
        # Days count from the start of the export: who is not seen in it is quiet.
        before = np.searchsorted(self._keys, self._key(person, day))
        since = np.searchsorted(self._keys, self._key(person, np.maximum(day - QUIET_DAYS, 0)))
        return before == since

    @staticmethod
    def _key(person: np.ndarray, day: np.ndarray) -> np.ndarray:
        return np.asarray(person, dtype=np.int64) * 100_000 + np.clip(day, 0, 99_999)


def multiplier(history, visits: Visits, person: np.ndarray, action: np.ndarray, begun: np.ndarray) -> np.ndarray:
    """What is left of each person's chance to leave under an action that began on a day; 1 where nothing is done or nothing was planted."""
    left = np.ones(len(person))
    if not history.stories.has("beyond_saving"):
        return left
    kind = kinds(history, person, visits.quiet(person, begun))
    for one, shares in LEAVES.items():
        left = np.where(action == one, np.array(shares)[kind], left)
    return left


def kinds(history, person: np.ndarray, quiet: np.ndarray) -> np.ndarray:
    """Place in `KINDS` of each person, by whether they were quiet when something was done."""
    u = history.dice.table("renewal kinds", 0, len(history.crowd), ["kind"])["kind"][person]
    shares = np.where(quiet[:, None], np.array(QUIET), np.array(NEAR))
    return (u[:, None] >= np.cumsum(shares, axis=1)[:, :-1]).sum(axis=1)


def campaign() -> dict:
    """The programme's row in the table of campaigns."""
    return {
        "campaign_id": CAMPAIGN,
        "activity": "Renewal of the Care Plan: call or money off, a month before the year is over",
        "purpose": "retention",
        "started_on": FIRST_DAY,
        "measured_until": LAST_DAY + MEASURED_DAYS,
        "department": "Service",
        "cost_minor": FIXED_COST_FEN,
    }


def assignments(history) -> pd.DataFrame:
    """Who was drawn for which arm, and when. What came of it stands in the contracts."""
    drawn = history.held[history.held["arm"] >= 0]
    arm = drawn["arm"].to_numpy()
    return pd.DataFrame(
        {
            "campaign_id": CAMPAIGN,
            "customer_id": people.ids_of(drawn["person"].to_numpy()),
            "arm": np.array(ARMS)[arm],
            "assigned_on": text.moments(drawn["assigned"], np.zeros(len(drawn))),
            "cost_minor": pd.array(responses.ACTION_COST_FEN[ACTION_OF_ARM[arm]], dtype="Int64"),
            "consent": True,
        }
    ).sort_values(["assigned_on", "customer_id"], ignore_index=True)


def truth_of_retention(history, stories: planted.Stories) -> pd.DataFrame:
    """Of everybody in the programme: whether quiet when the lot was drawn, the kind, and who would leave under each arm."""
    from helpers.simulate import contracts

    drawn = history.held[history.held["arm"] >= 0]
    person, assigned = drawn["person"].to_numpy(), drawn["assigned"].to_numpy()
    quiet = Visits(history).quiet(person, assigned)
    table = {
        "customer_id": people.ids_of(person),
        "arm": np.array(ARMS)[drawn["arm"]],
        "quiet": text.yes_no(quiet),
        "kind": np.where(stories.has("beyond_saving"), np.array(KINDS)[kinds(history, person, quiet)], ""),
    }
    for place, name in enumerate(ARMS):
        # One contract a person.
        ended = contracts.book(history, arm=place).set_index("person")["ended"].reindex(person).to_numpy()
        table[f"leaves_{name}"] = text.yes_no(ended <= assigned + MEASURED_DAYS)
    return pd.DataFrame(table)
