"""Needs, heard as four Cs and answered with four Ps: who answers what, and what nobody answers."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.errors import DataError
from helpers.withheld import Withheld, passes_on_withheld

C_TO_P = {"solution": "product", "cost": "price", "convenience": "place", "communication": "promotion"}
"""Each C with the P that it is turned into; the other way round it is `P_TO_C`."""
P_TO_C = {p: c for c, p in C_TO_P.items()}
C_NAMES = {
    "solution": "customer solution",
    "cost": "customer cost",
    "convenience": "convenience",
    "communication": "communication",
}
LEAST_CARDS = 5
LEAST_BOTH = 10


@dataclass(frozen=True)
class Needs:
    """The cards that can be used.

    Attributes
    ----------
    cards : DataFrame
        One row per need, the most important first (then by id): the columns of the contract, and
        `served` (somebody does something about it) and `fits` (with the P that belongs to its C, as
        one of the two people sorted it; missing where nobody serves it or no P is named).
    set_aside : DataFrame
        `reason`, `cards`: what could not be used.
    least : float
        Importance from which a need counts as important.
    """

    cards: pd.DataFrame
    set_aside: pd.DataFrame
    least: float

    @property
    def important(self) -> pd.DataFrame:
        """The important needs."""
        return self.cards[self.cards["importance"] >= self.least]

    @property
    def unserved(self) -> pd.DataFrame:
        """Important needs that nobody serves."""
        return self.important[~self.important["served"]]

    @property
    def misdirected(self) -> pd.DataFrame:
        """Important needs that are answered with another P than the one of their C, however it was sorted."""
        return self.important[self.important["fits"].eq(False).fillna(False)]


def needs(table: pd.DataFrame | None, *, least: float = 7.0) -> Needs | Withheld:
    """The company's list of needs, sorted by importance and checked against its answers.

    Parameters
    ----------
    table : DataFrame or None
        The table `needs` of the contract.
    least : float, default 7
        Importance, of 10, from which a need counts as important. Our choice.

    Returns
    -------
    Needs or Withheld

    Raises
    ------
    DataError
        If a C or a P is none of the four, or an importance lies outside 1 to 10.
    """
    what = "Which needs nobody serves"
    if table is None:
        return Withheld(
            what,
            "There is no list of needs.",
            "Write down what twenty customers said, one sentence a row, with its C, its importance and what is done about it.",
        )
    _check(table)
    cards = table.copy()
    for column in ("persona", "p", "action", "owner", "metric", "c_second"):
        cards[column] = cards[column].fillna("").astype("str").str.strip() if column in cards else ""
    if "delivery" not in cards:
        cards["delivery"] = float("nan")
    reasons = pd.Series("", index=cards.index)
    reasons[cards["importance"].isna()] = "no importance"
    reasons[cards["c"].isna()] = "sorted under no C"
    counted = reasons[reasons != ""].value_counts().sort_index()
    set_aside = pd.DataFrame({"reason": counted.index, "cards": counted.to_numpy()})
    cards = cards[reasons == ""]
    if len(cards) < LEAST_CARDS:
        return Withheld(
            what,
            f"There are {len(cards)} usable needs; {LEAST_CARDS} are the least.",
            "Ask ten customers what they would miss, and write it down in their words.",
        )
    served = cards["action"] != ""
    either = (cards["p"] == cards["c"].map(C_TO_P)) | (cards["p"] == cards["c_second"].map(C_TO_P))
    fits = either.astype("boolean")
    cards = cards.assign(served=served, fits=fits.mask(~served | (cards["p"] == "")))
    cards = cards.sort_values(["importance", "statement_id"], ascending=[False, True], ignore_index=True)
    return Needs(cards, set_aside, least)


def _check(table: pd.DataFrame) -> None:
    for column, known in (("c", set(C_TO_P)), ("p", set(P_TO_C))):
        if column in table:
            strange = table[column].dropna()[~table[column].dropna().isin([*known, ""])]
            if len(strange):
                raise DataError(
                    f"{column} is {strange.iloc[0]!r} on {len(strange)} of {len(table)} cards. Use {', '.join(sorted(known))}."
                )
    for column in ("importance", "delivery"):
        if column in table:
            values = table[column].dropna().astype(float)
            out = values[(values < 1) | (values > 10)]
            if len(out):
                raise DataError(
                    f"{column} is {out.iloc[0]:g} on {len(out)} of {len(table)} cards. The scale goes from 1 to 10: is it another one?"
                )


@passes_on_withheld
def coverage(found: Needs) -> pd.DataFrame:
    """How many needs of each C are answered with each P, and how many by nobody.

    Returns
    -------
    DataFrame, one row per C
        `c`, then `product`, `price`, `place`, `promotion`, `no_p` (an action without a P) and `nobody`: counts.
    """
    where = found.cards["p"].where(found.cards["p"] != "", "no_p").where(found.cards["served"], "nobody")
    counts = pd.crosstab(found.cards["c"], where)
    counts = counts.reindex(index=list(C_TO_P), columns=[*P_TO_C, "no_p", "nobody"], fill_value=0)
    return counts.rename_axis("c").rename_axis(None, axis=1).reset_index()


@passes_on_withheld
def gaps(found: Needs) -> pd.DataFrame | Withheld:
    """For each C: how important its needs are, how well they are met, and the weighted gap.

    Returns
    -------
    DataFrame, one row per C, the largest gap first
        `c`, `needs`, `importance` and `delivery` (means), `gap`: the mean over the needs of the C of
        importance / 10 x (importance - delivery), where what is delivered beyond the need counts as nothing.
        So the gap has the unit of the scale, and an important need weighs more.
    """
    cards = found.cards.dropna(subset=["delivery"])
    if len(cards) < LEAST_CARDS:
        return Withheld(
            "Where the gap is widest", f"Only {len(cards)} needs say how well they are met.", "Ask for it from 1 to 10 with the importance."
        )
    short = (cards["importance"] - cards["delivery"]).clip(lower=0) * cards["importance"] / 10
    table = cards.assign(gap=short).groupby("c")[["importance", "delivery", "gap"]].mean()
    table.insert(0, "needs", cards.groupby("c").size())
    order = {c: place for place, c in enumerate(C_TO_P)}
    table = table.reset_index()
    return table.sort_values(["gap", "c"], key=lambda one: one.map(order) if one.name == "c" else -one, ignore_index=True)


@passes_on_withheld
def levers(found: Needs) -> pd.DataFrame:
    """What the company does, by P: `p`, `actions`, `without_owner`, `without_metric` (counts of different actions)."""
    done = found.cards[found.cards["served"]].drop_duplicates("action")
    rows = []
    for p in P_TO_C:
        own = done[done["p"] == p]
        rows.append((p, len(own), int((own["owner"] == "").sum()), int((own["metric"] == "").sum())))
    return pd.DataFrame(rows, columns=["p", "actions", "without_owner", "without_metric"])


@dataclass(frozen=True)
class Agreement:
    """How far two people sorted the same cards alike.

    Attributes
    ----------
    both, alike : int
        Cards that both sorted, and those under the same C.
    kappa : float
        Cohen's kappa: 1 when all are alike, 0 when no more than by chance.
    apart : DataFrame
        Cards they sorted differently: `statement_id`, `statement`, `c`, `c_second`.
    """

    both: int
    alike: int
    kappa: float
    apart: pd.DataFrame


@passes_on_withheld
def agreement(found: Needs) -> Agreement | Withheld:
    """Whether a second person would sort the needs alike.

    References
    ----------
    Cohen (1960), Educational and Psychological Measurement 20, 37-46.
    """
    from sklearn.metrics import cohen_kappa_score

    both = found.cards[found.cards["c_second"] != ""]
    if len(both) < LEAST_BOTH:
        return Withheld(
            "How far two people agree",
            f"{len(both)} needs were sorted by a second person; {LEAST_BOTH} are the least.",
            "Let a second person sort the same cards without seeing the first one's answer.",
        )
    kappa = 1.0 if both["c"].nunique() == 1 and both["c"].equals(both["c_second"]) else cohen_kappa_score(both["c"], both["c_second"])
    apart = both.loc[both["c"] != both["c_second"], ["statement_id", "statement", "c", "c_second"]].reset_index(drop=True)
    return Agreement(len(both), int((both["c"] == both["c_second"]).sum()), float(kappa), apart)
