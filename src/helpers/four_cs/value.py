"""What customers get and give up: the four values, the four costs, what each weighs, and delivered value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from helpers.errors import DataError
from helpers.stats.intervals import Estimate, holm
from helpers.withheld import Withheld, passes_on_withheld

VALUES = ("product_value", "service_value", "personnel_value", "image_value")
COSTS = ("money_cost", "time_cost", "energy_cost", "psychic_cost")
PARTS = (*VALUES, *COSTS)
OVERALL = "worth_it"
PART_NAMES = {
    "product_value": "product",
    "service_value": "service",
    "personnel_value": "people",
    "image_value": "name",
    "money_cost": "money",
    "time_cost": "time",
    "energy_cost": "effort and bother",
    "psychic_cost": "worry",
}
LOW, HIGH = 1, 10
LEAST_ANSWERS = 80
"""Complete sheets below which no weights are worked out: about ten for each of the eight parts."""
_WRONG_SIGN_Z = 3.5


@dataclass(frozen=True)
class Marks:
    """The sheets that can be used.

    Attributes
    ----------
    table : DataFrame of float
        `PARTS` and `OVERALL`, one row per complete sheet.
    customer_id : Series
        Of the same rows; empty where not known.
    set_aside : DataFrame
        `reason`, `sheets`.
    """

    table: pd.DataFrame
    customer_id: pd.Series
    set_aside: pd.DataFrame


def marks(survey: pd.DataFrame | None) -> Marks | Withheld:
    """The sheets of those drawn by lot that have all nine marks.

    Parameters
    ----------
    survey : DataFrame or None
        The table `survey` of the contract.

    Returns
    -------
    Marks or Withheld
        Set aside, and counted: sheets of people who were not drawn by lot, sheets with a box left open,
        and sheets with the same mark in every box, where somebody ran through.

    Raises
    ------
    DataError
        If a mark lies outside 1 to 10.
    """
    what = "What customers weigh"
    if survey is None:
        return Withheld(
            what, "There is no survey.", "Eight marks from 1 to 10 and one judgement, from 200 customers drawn by lot, would show it."
        )
    missing = [name for name in (*PARTS, OVERALL) if name not in survey or survey[name].isna().all()]
    if missing:
        return Withheld(
            what,
            f"The survey does not ask for {', '.join(missing)}.",
            "Ask for the four values, the four costs and whether it was worth it, each from 1 to 10.",
        )
    sheets = survey[[*PARTS, OVERALL]].astype("Float64").astype("float64")
    outside = (sheets < LOW) | (sheets > HIGH)
    if outside.any(axis=None):
        name = outside.any().idxmax()
        first = sheets.loc[outside[name], name].iloc[0]
        raise DataError(
            f"{name} is {first:g} on {int(outside[name].sum())} of {len(sheets)} sheets. Marks go from {LOW} to {HIGH}: turn another scale into this one."
        )
    empty = sheets.isna().all(axis=1)
    reason = pd.Series("", index=sheets.index)
    reason[sheets.isna().any(axis=1)] = "a box left open"
    reason[(sheets.nunique(axis=1) == 1) & (reason == "")] = "the same mark in every box"
    if "mode" in survey:
        reason[(survey["mode"] != "panel") & ~empty] = "not drawn by lot"
    # Other ways of asking have no such boxes: they are not in this count at all.
    reason[empty] = "not asked"
    counted = reason[~reason.isin(["", "not asked"])].value_counts().sort_index()
    good = reason == ""
    ids = survey["customer_id"] if "customer_id" in survey else pd.Series("", index=survey.index)
    return Marks(
        sheets[good].reset_index(drop=True),
        ids[good].reset_index(drop=True),
        pd.DataFrame({"reason": counted.index, "sheets": counted.to_numpy()}),
    )


@dataclass(frozen=True)
class Weights:
    """How much the judgement moves with each part.

    Attributes
    ----------
    table : DataFrame, one row per part that was used
        `part`, `kind` (value or cost), `mark` (mean), `weight` (steps of the judgement that go with one
        step of the part; costs count as positive when they lower it), `low`, `high`.
    n : int
    r2 : float
        Share of the differences between people that the parts account for.
    turned : tuple of str
        Parts left out because their scale looks turned round: a value that goes with worse
        judgements, or a cost that goes with better ones.
    covariance : DataFrame
        Of the weights.
    """

    table: pd.DataFrame
    n: int
    r2: float
    turned: tuple[str, ...]
    covariance: pd.DataFrame

    def __getitem__(self, part: str) -> float:
        return float(self.table.set_index("part").loc[part, "weight"])

    @property
    def of(self) -> dict[str, float]:
        """The weights by part."""
        return dict(zip(self.table["part"], self.table["weight"].astype(float), strict=True))


@passes_on_withheld
def weights(found: Marks, *, level: float = 0.95) -> Weights | Withheld:
    """What one step on each scale goes with, the other seven held equal.

    Parameters
    ----------
    found : Marks
    level : float, default 0.95

    Returns
    -------
    Weights or Withheld
        Least squares with errors that allow for unequal spread (HC3). What goes together need not be
        cause and effect: a person in a good mood marks everything better.
        Sheets count alike; survey weights are left out.

    References
    ----------
    MacKinnon and White (1985), Journal of Econometrics 29, 305-325.
    """
    table = found.table
    what = "What customers weigh"
    if len(table) < LEAST_ANSWERS:
        return Withheld(
            what, f"There are {len(table)} complete sheets; {LEAST_ANSWERS} are the least.", "Ask more customers, drawn by lot."
        )
    if table[OVERALL].nunique() == 1:
        return Withheld(what, "Everybody gave the same judgement.", "Use a scale on which people differ.")
    turned = tuple(name for name in PARTS if _wrong_way(table, name))
    used = [name for name in PARTS if name not in turned and table[name].nunique() > 1]
    sign = np.array([1.0 if name in VALUES else -1.0 for name in used])
    x = np.column_stack([np.ones(len(table)), table[used].to_numpy() * sign])
    y = table[OVERALL].to_numpy()
    inverse = np.linalg.pinv(x.T @ x)
    beta = inverse @ x.T @ y
    error = y - x @ beta
    leverage = np.einsum("ij,jk,ik->i", x, inverse, x)
    middle = (x * (error / (1 - leverage))[:, None] ** 2).T @ x
    covariance = (inverse @ middle @ inverse)[1:, 1:]
    half = special.stdtrit(len(y) - x.shape[1], 0.5 + level / 2) * np.sqrt(np.diag(covariance))
    rows = pd.DataFrame(
        {
            "part": used,
            "kind": ["value" if name in VALUES else "cost" for name in used],
            "mark": table[used].mean().to_numpy(),
            "weight": beta[1:],
            "low": beta[1:] - half,
            "high": beta[1:] + half,
        }
    )
    r2 = 1 - (error @ error) / ((y - y.mean()) @ (y - y.mean()))
    return Weights(rows, len(table), float(r2), turned, pd.DataFrame(covariance, index=used, columns=used))


def _wrong_way(table: pd.DataFrame, name: str) -> bool:
    """Whether a scale runs the other way round, far beyond what chance does."""
    if table[name].nunique() < 2:
        return False
    r = np.corrcoef(table[name], table[OVERALL])[0, 1]
    z = np.arctanh(np.clip(r, -0.999999, 0.999999)) * np.sqrt(len(table) - 3)
    return bool(z < -_WRONG_SIGN_Z) if name in VALUES else bool(z > _WRONG_SIGN_Z)


@dataclass(frozen=True)
class Heaviest:
    """The cost that weighs most.

    Attributes
    ----------
    part : str
    surely : bool
        Whether it weighs more than each of the other costs, by more than chance.
    over : DataFrame
        `part`, `difference`, `low`, `high`, `p` (Holm), against each other cost.
    loudest : str
        The cost with the highest mark: what people call high, which is another question.
    """

    part: str
    surely: bool
    over: pd.DataFrame
    loudest: str

    def against(self, part: str) -> Estimate | None:
        """How much more it weighs than another cost."""
        rows = self.over[self.over["part"] == part]
        return None if rows.empty else Estimate(*rows[["difference", "low", "high"]].iloc[0].astype(float))


@passes_on_withheld
def heaviest_cost(found: Weights, *, level: float = 0.95) -> Heaviest | Withheld:
    """Which of the four costs weighs most, and whether that is more than luck.

    It was picked because it came out largest, so it must beat every other one, with p-values
    corrected for the comparisons (Holm).
    """
    costs = found.table[found.table["kind"] == "cost"]
    if len(costs) < 2:
        return Withheld("Which cost weighs most", "Fewer than two costs can be compared.", "Ask for all four costs.")
    first = costs.loc[costs["weight"].idxmax(), "part"]
    rows = []
    for part in costs["part"]:
        if part == first:
            continue
        difference = found[first] - found[part]
        spread = found.covariance.loc[first, first] + found.covariance.loc[part, part] - 2 * found.covariance.loc[first, part]
        error = float(np.sqrt(max(spread, 1e-18)))
        half = float(special.ndtri(0.5 + level / 2)) * error
        rows.append((part, difference, difference - half, difference + half, 2 * special.ndtr(-abs(difference / error))))
    over = pd.DataFrame(rows, columns=["part", "difference", "low", "high", "p"])
    over["p"] = holm(over["p"])
    surely = bool((over["p"] < 1 - level).all())
    return Heaviest(first, surely, over, costs.loc[costs["mark"].idxmax(), "part"])


# ---------------------------------------------------------------- delivered value


@dataclass(frozen=True)
class Delivered:
    """Total value less total cost.

    Attributes
    ----------
    parts : DataFrame
        `part`, `kind`, `amount` (weighted; always positive).
    value, cost : float
        Totals.
    unit : str
        "weighted marks" or "money".
    """

    parts: pd.DataFrame
    value: float
    cost: float
    unit: str

    @property
    def delivered(self) -> float:
        """Value less cost."""
        return self.value - self.cost

    @property
    def ratio(self) -> float:
        """Value for each unit of cost; missing without cost."""
        return self.value / self.cost if self.cost else float("nan")


def delivered_value(
    amounts: Mapping[str, float],
    *,
    units: str | Mapping[str, str] = "score",
    weights: Mapping[str, float] | None = None,
    hourly_wage_minor: float | None = None,
) -> Delivered:
    """Total customer value less total customer cost (让渡价值).

    Parameters
    ----------
    amounts : mapping
        Some or all of `PARTS`.
    units : str or mapping by part
        "score" (1 to 10), "money" (minor units) or, for time, "minutes".
    weights : mapping, optional
        What one unit of a part is worth. Needed as soon as scores and money meet.
    hourly_wage_minor : float, optional
        Turns minutes into money.

    Returns
    -------
    Delivered

    Raises
    ------
    DataError
        If a part is unknown or negative, a score lies outside 1 to 10, minutes come without a wage, or scores are
        to be added to money without weights: no sum of the two means anything.

    References
    ----------
    The source names values and costs and does not write the subtraction; the form is Kotler's.
    """
    kinds = {part: units if isinstance(units, str) else units.get(part, "score") for part in amounts}
    unknown = sorted(set(amounts) - set(PARTS))
    if unknown or not amounts:
        raise DataError(f"{unknown[0]!r} is no part of value or cost. Use {', '.join(PARTS)}." if unknown else "No part was given.")
    worth = {}
    for part, amount in amounts.items():
        unit = kinds[part]
        if unit not in ("score", "money", "minutes"):
            raise DataError(f"The unit of {part} is {unit!r}. Use score, money or minutes.")
        if not np.isfinite(amount) or amount < 0 or (unit == "score" and not LOW <= amount <= HIGH):
            raise DataError(f"{part} is {amount:g}. " + (f"Scores go from {LOW} to {HIGH}." if unit == "score" else "Give 0 or more."))
        if unit == "minutes":
            if hourly_wage_minor is None:
                raise DataError(f"{part} is in minutes. Say what an hour is worth (hourly_wage_minor), or give a score.")
            amount, kinds[part] = amount * hourly_wage_minor / 60, "money"
        worth[part] = amount
    if len(set(kinds.values())) > 1 and weights is None:
        scores = [part for part, unit in kinds.items() if unit == "score"]
        raise DataError(
            f"{', '.join(scores)} {'is' if len(scores) == 1 else 'are'} in scores and the rest in money. "
            "Give weights that say what a score is worth, or one unit for all."
        )
    lacking = sorted(set(amounts) - set(weights)) if weights is not None else []
    if lacking:
        raise DataError(f"There is no weight for {lacking[0]}. Give one for each part, 0 where it counts for nothing.")
    rows = [
        (part, "value" if part in VALUES else "cost", worth[part] * (1.0 if weights is None else weights[part]))
        for part in PARTS
        if part in worth
    ]
    parts = pd.DataFrame(rows, columns=["part", "kind", "amount"])
    total = parts.groupby("kind")["amount"].sum()
    unit = "money" if set(kinds.values()) == {"money"} else ("weighted marks" if weights is not None else "marks")
    return Delivered(parts, float(total.get("value", 0.0)), float(total.get("cost", 0.0)), unit)


@passes_on_withheld
def mean_delivered(found: Weights) -> Delivered:
    """Delivered value of the mean sheet, with the weights that these customers use (0 where a weight came out negative)."""
    by = found.table.set_index("part")
    return delivered_value(by["mark"].to_dict(), weights={part: max(0.0, weight) for part, weight in by["weight"].items()})


@passes_on_withheld
def what_if(found: Weights, steps: Mapping[str, float], *, level: float = 0.95) -> Estimate:
    """By how much the judgement would move if parts moved by some steps, were the weights causes.

    Parameters
    ----------
    found : Weights
    steps : mapping of part to steps
        A cost that falls by one step is -1.
    """
    used = [part for part in steps if part in found.of]
    turn = np.array([steps[part] * (1 if part in VALUES else -1) for part in used], dtype=float)
    value = float(sum(t * found[part] for t, part in zip(turn, used, strict=True)))
    spread = float(np.sqrt(max(turn @ found.covariance.loc[used, used].to_numpy() @ turn, 0))) if used else 0.0
    half = float(special.ndtri(0.5 + level / 2)) * spread
    return Estimate(value, value - half, value + half, level)
