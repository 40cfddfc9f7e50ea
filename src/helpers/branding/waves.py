"""What changed between two waves of the tracker, and what is chance.

The stated error rate: when nothing has truly changed, at most 5 of 100 comparisons of two waves report
any change at all, however many measures are looked at (Holm's correction).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.branding import funnel as brand_funnel
from helpers.branding import recommendation
from helpers.branding.reach import mean_of
from helpers.stats.intervals import Estimate, difference_of_means, difference_of_shares, holm, wilson
from helpers.withheld import Withheld

LEAST = 30
"""A measure of a wave with fewer answers is not compared."""
ERROR_RATE = 0.05
NAMES = {
    "unaided": "name it unprompted",
    **brand_funnel.NAMES,
    "recommendation": "recommendation score",
    "trust": "trust (1 to 10)",
}
GAIN = "The same questions to other people of the same kind, half a year later, would show what changed."


@dataclass(frozen=True)
class Changes:
    """The last wave against an earlier one.

    Attributes
    ----------
    table : DataFrame, one row a measure
        `measure`, `unit` ("of 100", "points", "grade"), `before`, `now`, `change`, `low`, `high` (95%, each by itself), `p`, `p_corrected`
        (Holm), `real`: whether the change is beyond chance at the stated error rate.
    before, now : str
        The waves.
    thin : tuple of str
        Measures with too few answers in one of the two.
    """

    table: pd.DataFrame
    before: str
    now: str
    thin: tuple[str, ...] = ()

    @property
    def real(self) -> pd.DataFrame:
        """The measures that changed."""
        return self.table[self.table["real"]]

    @property
    def tempting(self) -> pd.DataFrame:
        """Changes whose own interval leaves zero out, and that the correction does not let pass."""
        rows = self.table
        return rows[~rows["real"] & (rows["p"] < ERROR_RATE)]


def names_of(sheets: pd.DataFrame | None) -> list[str]:
    """The waves, oldest first."""
    return [] if sheets is None else sorted(map(str, sheets["wave"].dropna().unique()))


def history(sheets: pd.DataFrame | None, rows: pd.DataFrame | None) -> pd.DataFrame | Withheld:
    """Each measure of the own brand in each wave, with its 95% interval.

    Returns
    -------
    DataFrame
        `wave`, `measure`, `value`, `low`, `high`, `n`; waves with fewer than `LEAST` answers are missing.
    """
    if not names_of(sheets):
        return Withheld("The brand over time", "The data hold no brand tracker.", GAIN)
    made = []
    for wave in names_of(sheets):
        for measure, values in _answers(sheets, rows, wave).items():
            if len(values) < LEAST:
                continue
            value = _estimate(measure, values)
            made.append((wave, measure, value.value, value.low, value.high, len(values)))
    if not made:
        return Withheld("The brand over time", f"No wave has {LEAST} answers or more.", GAIN)
    return pd.DataFrame(made, columns=["wave", "measure", "value", "low", "high", "n"])


def changes(sheets: pd.DataFrame | None, rows: pd.DataFrame | None, *, now: str = "", before: str = "") -> Changes | Withheld:
    """What changed between two waves, corrected for having looked at several measures.

    Parameters
    ----------
    sheets, rows : DataFrame
        `brand_survey`, `brand_funnel`.
    now, before : str
        Empty: the last wave, and the one before it.
    """
    what, waves = "What changed", names_of(sheets)
    now = now or (waves[-1] if waves else "")
    earlier = [wave for wave in waves if wave < now]
    before = before or (earlier[-1] if earlier else "")
    if now not in waves or before not in waves:
        return Withheld(what, f"The data hold {len(waves)} {'wave' if len(waves) == 1 else 'waves'}; two are needed.", GAIN)
    later, first = _answers(sheets, rows, now), _answers(sheets, rows, before)
    made, thin = [], []
    for measure in later:
        a, b = later[measure], first.get(measure, pd.Series(dtype=float))
        if min(len(a), len(b)) < LEAST:
            if len(a) or len(b):
                thin.append(measure)
            continue
        gap, p = _difference(measure, a, b)
        unit = {"recommendation": "points", "trust": "grade"}.get(measure, "of 100")
        made.append((measure, unit, _estimate(measure, b).value, _estimate(measure, a).value, gap.value, gap.low, gap.high, p))
    if not made:
        few = ", ".join(f"{wave}: {len(sheets[sheets['wave'] == wave])} sheets" for wave in (before, now))
        return Withheld(what, f"Too few answers to compare ({few}); {LEAST} of each kind are needed.", GAIN)
    table = pd.DataFrame(made, columns=["measure", "unit", "before", "now", "change", "low", "high", "p"])
    table["p_corrected"] = holm(table["p"])
    table["real"] = table["p_corrected"] < ERROR_RATE
    return Changes(table, before, now, tuple(thin))


def _answers(sheets: pd.DataFrame, rows: pd.DataFrame | None, wave: str) -> dict[str, pd.Series]:
    """Each measure's answers in a wave: yes or no for the funnel, grades for recommendation and trust."""
    own = sheets[sheets["wave"] == wave]
    found: dict[str, pd.Series] = {}
    if rows is not None and len(rows):
        part = rows[rows["answer_id"].isin(own["answer_id"]) & rows["own"].astype(bool)]
        kept, _, _ = brand_funnel.clean(part)
        found |= {stage: kept[stage].astype(bool) for stage in ("unaided", *brand_funnel.STAGES)}
    for measure in ("recommendation", "trust"):
        if measure in own:
            asked = own[own["sample"] == "customers"] if "sample" in own else own
            found[measure] = asked[measure].dropna().astype(float)
    return found


def _estimate(measure: str, values: pd.Series) -> Estimate:
    if measure == "recommendation":
        return recommendation.of_grades(values).estimate
    if measure == "trust":
        return mean_of(values)
    return wilson(int(values.sum()), len(values)).scaled(100)


def _difference(measure: str, now: pd.Series, before: pd.Series) -> tuple[Estimate, float]:
    """Now less before, and the p-value of no change."""
    if measure == "recommendation":
        return recommendation.difference(recommendation.of_grades(now), recommendation.of_grades(before))
    if measure == "trust":
        from scipy import stats

        same = now.var() + before.var() == 0
        p = float(now.mean() == before.mean()) if same else float(stats.ttest_ind(now, before, equal_var=False).pvalue)
        return difference_of_means(now, before), p
    a, b = (int(now.sum()), len(now)), (int(before.sum()), len(before))
    return difference_of_shares(*a, *b).scaled(100), brand_funnel.z_test(*a, *b)


def answers_needed(change: float, *, level: float = 0.95) -> int:
    """How many answers a wave needs so that the interval of a change in the recommendation score is about as wide as the change on either side.

    Worked out for a score whose answers spread as widely as usual (60 of 100 at the ends, so a variance near 0.6).
    """
    from scipy import special

    z = special.ndtri(0.5 + level / 2)
    return int(np.ceil(2 * 0.6 * (100 * z / change) ** 2))
