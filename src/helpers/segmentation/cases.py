"""What the cases of segmentation calculate beyond the lessons: panels, a street, one code, a weak month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers import words
from helpers.segmentation import case_worlds
from helpers.segmentation.case_worlds import BEHAVIOURS, JOINS_WON_OVER
from helpers.segmentation.drill import DrillDown, Period, drill_down
from helpers.stats import sampling
from helpers.withheld import Withheld, passes_on_withheld

# ---------------------------------------------------------------- C11: who watched the show?

STRATA = ["area", "age"]
MORE_HOMES, WIN_OVER = "five times the homes", "the homes that refuse"


def base_survey(country: pd.DataFrame) -> pd.Series:
    """The share of homes in each group of area and age, as a large survey at the doors finds it."""
    return country.groupby(STRATA).size() / len(country)


def panel(country: pd.DataFrame, *, homes: int = 1000, seed: int = 1) -> pd.DataFrame:
    """Homes drawn by lot that accepted a meter, with their weights.

    Parameters
    ----------
    country : DataFrame
        From `case_worlds.country`.
    homes : int
        Meters to be placed. Homes are invited in an order drawn by lot until
        so many have accepted.
    seed : int

    Returns
    -------
    DataFrame
        `area`, `age`, `line`, `set_on`, `watches`, and `weight`: mean 1, so that
        each group of area and age counts as much as the base survey says.
    """
    lot = np.random.default_rng(seed)
    order = lot.permutation(len(country))
    accepted = order[lot.random(len(country)) < country["joins"].to_numpy()[order]]
    drawn = country.iloc[accepted[:homes]].reset_index(drop=True)
    # Who is seldom in, and how gladly a home joins, no panel can know of its own.
    drawn = drawn[["area", "age", "line", "set_on", "watches"]]
    groups = pd.Series(list(zip(drawn["area"], drawn["age"], strict=True)), index=drawn.index)
    shares = base_survey(country)
    return drawn.assign(weight=sampling.weights_to(groups, pd.Series(shares.to_numpy(), index=shares.index.to_flat_index())))


def ways_of_asking(country: pd.DataFrame, *, homes: int = 1000, seed: int = 1) -> pd.DataFrame:
    """The same night, found out in four ways, beside the truth.

    Parameters
    ----------
    country : DataFrame
    homes : int
        Meters in each panel.
    seed : int

    Returns
    -------
    DataFrame
        `way`, `answers` (how many homes), `rating`, `low`, `high` (95%
        interval, which knows the luck of the draw alone), `truth`; fractions of 1.
    """
    lot = np.random.default_rng(seed + 1)
    # Who watches and likes it takes up the telephone; who does not, hardly ever.
    calls = country["line"] & (lot.random(len(country)) < np.where(country["watches"], 0.12, 0.05))
    drawn = panel(country, homes=homes, seed=seed)
    with_line = country[country["line"]]
    # Its weights know the whole country: the base survey was made at the doors, not by telephone.
    line_only = panel(with_line, homes=homes, seed=seed)
    groups = pd.Series(list(zip(line_only["area"], line_only["age"], strict=True)), index=line_only.index)
    shares = base_survey(country)
    weights = sampling.weights_to(groups, pd.Series(shares.to_numpy(), index=shares.index.to_flat_index()))
    found = {
        "viewers ring in": sampling.weighted_share(country.loc[calls, "watches"]),
        "panel by lot, not weighted": sampling.weighted_share(drawn["watches"]),
        "panel by lot, weighted": sampling.weighted_share(drawn["watches"], drawn["weight"]),
        "the same, telephone homes only": sampling.weighted_share(line_only["watches"], weights),
    }
    rows = [(way, one.n, one.share, one.low, one.high) for way, one in found.items()]
    table = pd.DataFrame(rows, columns=["way", "answers", "rating", "low", "high"])
    return table.assign(truth=country["watches"].mean())


def panel_errors(
    country: pd.DataFrame, sizes: Sequence[int], *, won_over: float = JOINS_WON_OVER, runs: int = 2000, seed: int = 1
) -> pd.DataFrame:
    """How far weighted panels are from the truth, by their size and by who accepts a meter.

    Parameters
    ----------
    country : DataFrame
    sizes : sequence of int
        Homes with a meter.
    won_over : float
        Chance that a home which is seldom in accepts, after evening visits.
    runs : int
        Panels that are simulated for each size.
    seed : int

    Returns
    -------
    DataFrame
        `recruiting` ("as today" or "refusers won over"), `homes`, `error` (the
        mean: what does not shrink), `spread` (what does), `typical_error`
        (root of the mean square, both together); fractions of 1.
    """
    today = country["joins"]
    later = today.where(~country["seldom_in"], np.maximum(today, won_over))
    shares = base_survey(country)
    rows = []
    lot = np.random.default_rng(seed)
    for recruiting, joins in (("as today", today), ("refusers won over", later)):
        accepted = joins.groupby([country[name] for name in STRATA]).sum()
        watching = (joins * country["watches"]).groupby([country[name] for name in STRATA]).sum()
        chance_of_group = (accepted / accepted.sum()).to_numpy()
        chance_to_watch = (watching / accepted).to_numpy()
        for homes in sizes:
            members = lot.multinomial(homes, chance_of_group, size=runs)
            watch = lot.binomial(members, chance_to_watch)
            # A group without a home lends its weight to the others; in panels of a few hundred that is rare.
            weight = np.where(members > 0, shares.to_numpy(), 0.0)
            rate = watch / np.maximum(members, 1)
            off = (weight * rate).sum(axis=1) / weight.sum(axis=1) - country["watches"].mean()
            rows.append((recruiting, int(homes), off.mean(), off.std(), np.sqrt((off**2).mean())))
    return pd.DataFrame(rows, columns=["recruiting", "homes", "error", "spread", "typical_error"])


def ways_to_spend(country: pd.DataFrame, *, homes: int = 1000, runs: int = 4000, seed: int = 1) -> pd.DataFrame:
    """What the same money does: five times the homes, or the homes that refuse.

    Returns
    -------
    DataFrame, indexed by plan
        "as today", "five times the homes", "the homes that refuse"; columns as
        of `panel_errors`.
    """
    errors = panel_errors(country, [homes, 5 * homes], runs=runs, seed=seed).set_index(["recruiting", "homes"])
    keys = [("as today", homes), ("as today", 5 * homes), ("refusers won over", homes)]
    table = errors.loc[keys].reset_index()
    return table.set_index(pd.Index(["as today", MORE_HOMES, WIN_OVER], name="plan"))


SIZES = (250, 500, 1000, 2000, 5000, 20_000)


def errors_where(refusers_watch: float) -> pd.DataFrame:
    """`panel_errors` for several sizes, in the country where those who refuse watch so much beside others like them."""
    return panel_errors(case_worlds.country(refusers_watch=refusers_watch), SIZES, runs=1000)


def plans_where(refusers_watch: float) -> pd.DataFrame:
    """`ways_to_spend` in that country."""
    return ways_to_spend(case_worlds.country(refusers_watch=refusers_watch))


# ---------------------------------------------------------------- C10: the street


@dataclass(frozen=True)
class ErrorParts:
    """The error of a survey, taken apart.

    Attributes
    ----------
    truth : float
        Of everybody the survey is about.
    of_those_who_answered : float
        The truth of those who answered.
    said : float
        What they said.
    n : int
        Answers; 0 where it was worked out without a survey.
    """

    truth: float
    of_those_who_answered: float
    said: float
    n: int = 0

    @property
    def who(self) -> float:
        """The part that comes from who answered."""
        return self.of_those_who_answered - self.truth

    @property
    def what(self) -> float:
        """The part that comes from what they answered."""
        return self.said - self.of_those_who_answered


def people_of(street: pd.DataFrame) -> pd.DataFrame:
    """One row a person, from one row a group: what `stats.sampling.survey_errors` takes."""
    return street.loc[street.index.repeat(street["people"]), ["truth", "answers", "says_yes"]].reset_index(drop=True)


def error_parts(street: pd.DataFrame) -> ErrorParts:
    """Who answers and what they answer, on average over many surveys of a street.

    Parameters
    ----------
    street : DataFrame
        From `case_worlds.street`.
    """
    sheets = street["people"] * street["answers"]
    return ErrorParts(
        float(np.average(street["truth"], weights=street["people"])),
        float(np.average(street["truth"], weights=sheets)),
        float(np.average(street["says_yes"], weights=sheets)),
    )


MIN_SHEETS = 30


def claims_against_orders(
    survey: pd.DataFrame | None, orders: pd.DataFrame, *, as_of: date, window_days: int = 365
) -> pd.DataFrame | Withheld:
    """For each way of asking: the order days that people claim, that they had, and that all customers had.

    Parameters
    ----------
    survey : DataFrame or None
        With `mode`, `customer_id`, `answered_on`, `orders_claimed`, `weight`.
    orders : DataFrame
        Order lines with `customer_id`, `ordered_at`.
    as_of : date
    window_days : int, default 365
        Days before the answer that the question asks about.

    Returns
    -------
    DataFrame, or Withheld where no way of asking has 30 sheets whose customer is known
        `mode`, `sheets` (with a known customer), `truth`, `own`, `claimed`: mean
        order days of all customers who ordered in the window, of those who
        answered, and as claimed. `who` = own - truth, `what` = claimed - own.
        Sheets are weighted.
    """
    what = "What people claim against what they ordered"
    gain = "With answer sheets that carry the customer's number, who answers and what they answer could be told apart."
    if survey is None or "orders_claimed" not in survey:
        return Withheld(what, "There is no survey that asks how often people ordered.", gain)
    sheets = survey.dropna(subset=["customer_id", "orders_claimed", "answered_on"])
    sheets = sheets[pd.to_datetime(sheets["answered_on"]) <= pd.Timestamp(as_of)]
    known = sheets.groupby("mode").size()
    modes = [mode for mode in ("street", "internal", "panel") if known.get(mode, 0) >= MIN_SHEETS]
    if not modes:
        most = int(known.max()) if len(known) else 0
        return Withheld(what, f"No way of asking has {MIN_SHEETS} sheets with a known customer; the most is {most}.", gain)
    # One day to count back from, so that everybody is held against the same year.
    end = pd.to_datetime(sheets["answered_on"]).max()
    sales = orders[(orders["amount_minor"] > 0) & (orders["ordered_at"] < end)]
    sales = sales[sales["ordered_at"] >= end - pd.Timedelta(days=window_days)]
    days = sales.groupby("customer_id")["ordered_at"].agg(lambda when: when.dt.normalize().nunique())
    rows = []
    for mode in modes:
        part = sheets[sheets["mode"] == mode]
        weight = part["weight"].fillna(1.0).astype(float) if "weight" in part else pd.Series(1.0, index=part.index)
        own = part["customer_id"].map(days).fillna(0).astype(float)
        claimed = sampling.weighted_mean(part["orders_claimed"].astype(float), weight)
        rows.append((mode, len(part), float(days.mean()), sampling.weighted_mean(own, weight).mean, claimed.mean))
    table = pd.DataFrame(rows, columns=["mode", "sheets", "truth", "own", "claimed"])
    return table.assign(who=table["own"] - table["truth"], what=table["claimed"] - table["own"])


# ---------------------------------------------------------------- C24: one code

PAIRS = {
    "travel": ("international", "roaming"),
    "screen": ("sms", "data"),
    "size": ("bill", "months"),
}


def joined(systems: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The three systems as one table, by the code that each customer has in all of them.

    Returns
    -------
    DataFrame, one row a customer
        `customer_code`, what the systems know, `bill` (all money of the month), and for each
        behaviour but local calls its share of the bill.
    """
    table = systems["codes"]
    for name, own in (("profile", "form_no"), ("bills", "account_no"), ("trial", "sim_no")):
        table = table.merge(systems[name], on=own, validate="one_to_one")
    table = table.drop(columns=["form_no", "account_no", "sim_no"])
    bill = table[list(BEHAVIOURS)].sum(axis=1)
    shares = {name: table[name] / bill for name in BEHAVIOURS if name != "local"}
    return table.assign(bill=bill, **shares)


def four_groups(customers: pd.DataFrame, *, pair: str) -> pd.DataFrame:
    """Customers cut in two by each of two behaviours, and how many of each group accepted the offer.

    Parameters
    ----------
    customers : DataFrame
        From `joined`.
    pair : str
        A key of `PAIRS`.

    Returns
    -------
    DataFrame, the least willing group first
        `group`, `customers`, `accepted`, `rate`.
    """
    first, second = PAIRS[pair]
    high = [np.where(customers[name] > customers[name].median(), "much", "little") for name in (first, second)]
    group = pd.Series([f"{a} {first}, {b} {second}" for a, b in zip(*high, strict=True)], index=customers.index)
    table = customers.groupby(group.rename("group"))["accepted"].agg(customers="size", accepted="sum").reset_index()
    table["rate"] = table["accepted"] / table["customers"]
    return table.sort_values(["rate", "group"], ignore_index=True)


def gap(groups: pd.DataFrame) -> float:
    """Between the most and the least willing of some groups, as a fraction of 1."""
    return float(groups["rate"].max() - groups["rate"].min())


def alone_with(profile: pd.DataFrame, columns: Sequence[str]) -> float:
    """The share of people who are the only ones with their values of some columns."""
    return float((~profile.duplicated(list(columns), keep=False)).mean())


# ---------------------------------------------------------------- C25: a weak month

OPENED = ("region", "line", "sales_behaviour", "activity")
IN_CAMPAIGN, OUTSIDE = "in a campaign", "outside campaigns"


def with_activity(lines: pd.DataFrame) -> pd.DataFrame:
    """The orders with `activity`: whether a campaign brought them, where campaigns are noted at all."""
    if "campaign_id" not in lines or not lines["campaign_id"].notna().any():
        return lines
    known = lines["campaign_id"].notna() & lines["campaign_id"].ne("")
    return lines.assign(activity=pd.Series(np.where(known, IN_CAMPAIGN, OUTSIDE), index=lines.index, dtype="str"))


def name_of(dimension: str) -> str:
    """A dimension as a reader calls it."""
    return {"line": "product line", "activity": "campaigns"}.get(dimension, dimension.replace("_", " "))


def four_reports(
    lines: pd.DataFrame, *, periods: tuple[Period, Period] | Withheld, dimensions: tuple[str, ...] = OPENED
) -> pd.DataFrame | Withheld:
    """Each dimension opened by itself: which part lost most money, and which part fell most beyond the rest.

    Parameters
    ----------
    lines : DataFrame
        Order lines with the dimensions.
    periods : (before, after)
        From `drill.comparison_periods`.
    dimensions : tuple of str

    Returns
    -------
    DataFrame, one row a dimension, the clearest first; or Withheld
        `dimension`; `largest_fall` and `change_minor`, the part whose money changed most downwards;
        `clearest`, `excess_minor` and `z`, the part that is furthest below what the
        rest of the company did, in standard errors (a part that rose more than the
        rest is no fall). A part that is more than half
        of the business cannot stand out: there is too little to hold it against.
    """
    if isinstance(periods, Withheld):
        return periods
    found = drill_down(lines, periods=periods, dimensions=dimensions, depth=1)
    if found.not_opened:
        return Withheld("Four reports to open", found.not_opened, "With such a column this page would open the report.")
    cells = found.cells.assign(
        dimension=[next(iter(cell)) for cell in found.cells["cell"]],
        member=[next(iter(cell.values())) for cell in found.cells["cell"]],
        change_minor=found.cells["after_minor"] - found.cells["before_minor"],
    )
    rows = []
    for dimension in found.dimensions:
        part = cells[cells["dimension"] == dimension]
        fall = part.loc[part["change_minor"].idxmin()]
        small = part[part["before_minor"] <= found.total_before_minor / 2]
        clear = (small if len(small) else part).sort_values("z", kind="stable").iloc[0]
        rows.append((dimension, fall["member"], int(fall["change_minor"]), clear["member"], clear["excess_minor"], clear["z"]))
    table = pd.DataFrame(
        rows, columns=["dimension", "largest_fall", "change_minor", "clearest", "excess_minor", "z"]
    )
    return table.sort_values("z", kind="stable", ignore_index=True)


@passes_on_withheld
def where_to_open(drill: DrillDown, reports: pd.DataFrame) -> str:
    """The dimension that shows a break most clearly, or "none" where no part of the company stands out.

    Parameters
    ----------
    drill : DrillDown
        Of all combinations: whether anything stands out beyond chance.
    reports : DataFrame
        From `four_reports`.
    """
    if not drill.cause:
        return "none"
    on_the_way = reports[[reports["clearest"][row] == drill.cause.get(reports["dimension"][row]) for row in reports.index]]
    return str((on_the_way if len(on_the_way) else reports)["dimension"].iloc[0])


FACTORS = {"orders": "orders", "pieces": "pieces in an order", "price": "money for a piece"}


def what_changed_inside(
    lines: pd.DataFrame, *, periods: tuple[Period, Period], cell: dict[str, str]
) -> pd.DataFrame | Withheld:
    """A part's change in sales, shared out over orders, pieces in an order and money for a piece.

    Parameters
    ----------
    lines : DataFrame
        Order lines with `customer_id`, `ordered_at`, `amount_minor`, `quantity`; returns do not count.
    periods : (before, after)
    cell : dict of dimension to member
        The part; empty for the whole company.

    Returns
    -------
    DataFrame, one row a factor; or Withheld
        `key` ("orders", "pieces", "price"), `factor`, `before`, `after` (money in
        minor units), `share_minor`: the part of the change that goes to it. The
        shares add up to the change.

    References
    ----------
    Log-mean (LMDI) shares: Ang (2005), Energy Policy 33, 867-871. Sales =
    order days x pieces an order day x money a piece.
    """
    what = "What changed inside"
    if "quantity" not in lines or not lines["quantity"].notna().any():
        return Withheld(what, "The orders do not say how many pieces were bought.",
                        "With `quantity` this page would tell fewer orders from smaller ones and from lower prices.")
    sales = lines[(lines["amount_minor"] > 0) & (lines["quantity"] > 0)]
    for name, member in cell.items():
        sales = sales[sales[name] == member]
    values = []
    for period in periods:
        inside = sales[(sales["ordered_at"] >= pd.Timestamp(period.start)) & (sales["ordered_at"] < pd.Timestamp(period.end))]
        orders = len(inside.assign(day=inside["ordered_at"].dt.normalize())[["customer_id", "day"]].drop_duplicates())
        if orders < 10:
            return Withheld(what, f"{words.count(orders, 'order')} in {period.label}: too few to take apart.")
        pieces, money = float(inside["quantity"].sum()), float(inside["amount_minor"].sum())
        values.append((orders, pieces / orders, money / pieces))
    before, after = (np.array(one, dtype=float) for one in values)
    was, now = before.prod(), after.prod()
    mean = was if np.isclose(was, now) else (now - was) / np.log(now / was)
    return pd.DataFrame(
        {
            "key": list(FACTORS),
            "factor": list(FACTORS.values()),
            "before": before,
            "after": after,
            "share_minor": mean * np.log(after / before),
        }
    )

