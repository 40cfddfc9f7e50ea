"""The brand funnel: how far people come with a brand, and where a rival loses fewer of them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from statsmodels.stats.proportion import proportions_ztest

from helpers.stats.intervals import difference_of_shares, holm, wilson
from helpers.withheld import Withheld, passes_on_withheld

LEAST = 30
"""Fewer answers make no funnel, and fewer people on a step no step rate."""
STAGES = ("aided", "considered", "bought", "preferred")
NAMES = {
    "aided": "know it (shown the name)",
    "considered": "would consider it",
    "bought": "bought it in 12 months",
    "preferred": "would choose it first",
}
EARLIER = {"unaided": "aided", "considered": "aided", "bought": "considered", "preferred": "bought"}
"""What must be ticked where a later stage is."""
GAIN = "A survey of buyers in the market, not of own customers, would show it: which brands they know, consider, bought and prefer."


@dataclass(frozen=True)
class Funnel:
    """How far people of one wave came with each brand.

    Attributes
    ----------
    table : DataFrame, one row a brand and stage, the own brand first
        `brand`, `own`, `stage` (with "unaided" beside the four), `people`, `asked`, `share`, `low`, `high` (95%, Wilson); `of_before`, `step`,
        `step_low`, `step_high`: of those at the stage before, the share who went on.
    wave : str
    contradicting, twice, stray : int
        Rows left out: a later stage ticked without the earlier one; the same person and brand again; no sheet of the tracker.
    """

    table: pd.DataFrame
    wave: str
    contradicting: int
    twice: int
    stray: int

    @property
    def own(self) -> str:
        """The own brand."""
        return str(self.table.loc[self.table["own"], "brand"].iloc[0])

    @property
    def rivals(self) -> list[str]:
        """The other brands, the best known first."""
        known = self.table[~self.table["own"] & (self.table["stage"] == "aided")]
        return known.sort_values(["share", "brand"], ascending=[False, True])["brand"].tolist()

    def at(self, stage: str, brand: str = "") -> pd.Series:
        """One row: a stage of a brand, of the own one where none is named."""
        rows = self.table[(self.table["brand"] == (brand or self.own)) & (self.table["stage"] == stage)]
        return rows.iloc[0]


def clean(rows: pd.DataFrame) -> tuple[pd.DataFrame, int, int]:
    """The rows that can be counted, and how many contradict themselves or stand there twice.

    A sheet on which a later stage is ticked and an earlier one is not would make a funnel that widens. It is left out and counted.
    """
    twice = rows.duplicated(["answer_id", "brand"])
    once = rows[~twice]
    wrong = pd.Series(False, index=once.index)
    for stage, earlier in EARLIER.items():
        wrong |= once[stage].astype(bool) & ~once[earlier].astype(bool)
    return once[~wrong], int(wrong.sum()), int(twice.sum())


def funnel(rows: pd.DataFrame | None, sheets: pd.DataFrame | None, *, wave: str = "") -> Funnel | Withheld:
    """The funnel of each brand in one wave.

    Parameters
    ----------
    rows : DataFrame
        `brand_funnel`.
    sheets : DataFrame
        `brand_survey`, for the waves.
    wave : str
        Empty: the last one.
    """
    what = "The brand funnel"
    if rows is None or sheets is None or rows.empty:
        return Withheld(what, "The data hold no brand tracker.", GAIN)
    rows = rows.merge(sheets[["answer_id", "wave"]], on="answer_id", how="left", validate="many_to_one")
    stray = int(rows["wave"].isna().sum())
    wave = wave or str(rows["wave"].dropna().max())
    kept, contradicting, twice = clean(rows[rows["wave"] == wave])
    own = kept[kept["own"].astype(bool)]
    if len(own) < LEAST:
        return Withheld(what, f"Only {len(own)} people answered about the own brand in wave {wave}; {LEAST} are needed.", GAIN)
    parts = []
    for (is_own, brand), part in kept.groupby([~kept["own"].astype(bool), "brand"], sort=True):
        before = len(part)
        for stage in ("unaided", *STAGES):
            people, asked = int(part[stage].astype(bool).sum()), len(part)
            share = wilson(people, asked)
            # Naming a brand unprompted is a depth of knowing it, not a step on the way.
            of = int(part["aided"].astype(bool).sum()) if stage == "unaided" else before
            step = wilson(people, of)
            parts.append((brand, not is_own, stage, people, asked, share.value, share.low, share.high, of, step.value, step.low, step.high))
            before = before if stage == "unaided" else people
    columns = ["brand", "own", "stage", "people", "asked", "share", "low", "high", "of_before", "step", "step_low", "step_high"]
    return Funnel(pd.DataFrame(parts, columns=columns), wave, contradicting, twice, stray)


@passes_on_withheld
def against_rival(result: Funnel, *, rival: str = "") -> pd.DataFrame | Withheld:
    """Each step of the own brand beside the same step of a rival, corrected for having looked at several.

    Returns
    -------
    DataFrame, one row a step
        `stage`, `own`, `rival` (shares of those a stage before), `difference`, `low`, `high`, `p_corrected` (Holm).
    """
    if not result.rivals:
        return Withheld("The rival's funnel", "The tracker asks about one brand alone.", "Asking about a rival, too, would show where others lose fewer.")
    rival = rival or result.rivals[0]
    rows, p = [], []
    for stage in STAGES:
        own, other = result.at(stage), result.at(stage, rival)
        if min(own["of_before"], other["of_before"]) < LEAST:
            continue
        gap = difference_of_shares(own["people"], own["of_before"], other["people"], other["of_before"])
        p.append(z_test(own["people"], own["of_before"], other["people"], other["of_before"]))
        rows.append((stage, own["step"], other["step"], gap.value, gap.low, gap.high))
    if not rows:
        return Withheld("The rival's funnel", f"Fewer than {LEAST} people stand on every step.", GAIN)
    table = pd.DataFrame(rows, columns=["stage", "own", "rival", "difference", "low", "high"])
    return table.assign(p_corrected=holm(p))


def z_test(successes_a: int, n_a: int, successes_b: int, n_b: int) -> float:
    """The p-value of no difference between two shares."""
    if successes_a + successes_b in (0, n_a + n_b):
        return 1.0
    return float(proportions_ztest([successes_a, successes_b], [n_a, n_b])[1])
