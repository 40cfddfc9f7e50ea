"""Looking back: what an earlier list achieved, and what has changed about the past.

The lists hold out some customers by lot. The difference between those
contacted and those held out is what the list caused, give or take its
interval; nothing else in an order file can say that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers import words
from helpers.data.ledger import ledger
from helpers.reports.previous import PreviousReport
from helpers.reports.tables import Table, table
from helpers.stats.intervals import Estimate, difference_of_means, difference_of_shares
from helpers.withheld import SILENCE, Silence, Withheld, passes_on_withheld, silent_when_withheld

if TYPE_CHECKING:
    from helpers.reports.results import Report

MIN_IN_GROUP = 10  # fewer contacted or held out, and the interval says nothing
ALL = "all lists"

# The figures that a later report checks again.
LABELS = {
    "customers": "Customers who ever bought",
    "order_days": "Order days, all customers, all history",
    "gross_minor": "Gross revenue, all history",
    "returns_minor": "Returns, all history",
    "net_minor": "Net revenue, all history",
}


@dataclass(frozen=True)
class Achieved:
    """What a list achieved between two report dates.

    Attributes
    ----------
    since, until : date
        The earlier report date and this one.
    table : DataFrame
        One row a list and one for all: `list`, `contacted`, `held_out`,
        `mean_contacted_minor`, `mean_held_out_minor` (net money a customer
        since), `ordered_contacted`, `ordered_held_out` (shares).
    effects : dict of str to Estimate
        Money a customer contacted (minor units) that the list added, by list.
    totals : dict of str to Estimate
        The same for all customers contacted together.
    order_effects : dict of str to Estimate
        Difference in the share who ordered.
    """

    since: date
    until: date
    table: pd.DataFrame
    effects: dict[str, Estimate]
    totals: dict[str, Estimate]
    order_effects: dict[str, Estimate]


def look_back(report: Report, orders: pd.DataFrame) -> tuple[Achieved | Withheld | Silence, Restated | Withheld | Silence]:
    """What the last list achieved and what was restated, each noted as a section of the report.

    Without an earlier report both are silent and no section is noted.
    """
    previous = report.previous
    if previous is None:
        return SILENCE, SILENCE
    result = achieved(previous.actions, orders, since=previous.as_of, until=report.company.as_of)
    return (
        report.section("achieved", "What did the last list achieve?", result),
        report.section("restated", "What was restated?", restated(previous, orders)),
    )


def achieved(rows: pd.DataFrame | None, orders: pd.DataFrame, *, since: date, until: date) -> Achieved | Withheld:
    """Spending since the list, contacted against held out, list by list and together.

    Parameters
    ----------
    rows : DataFrame or None
        The earlier action lists: `customer_id`, `list`, `hold_out` (bool), `suppressed`.
    orders : DataFrame
        Order lines (sales and returns) up to `until`.
    since, until : date
        The earlier report date (its own orders do not count) and this one.

    Returns
    -------
    Achieved, or Withheld when no list has enough customers in both groups

    Notes
    -----
    Everyone on the list who was not suppressed or held out counts as
    contacted, whether or not the call was made: that keeps the comparison
    fair. A customer without an order since then counts with zero. The effect
    of all lists is the sum of the lists' effects, so a list with more hold-out
    does not weigh more.

    References
    ----------
    Welch (1947) for money; Newcombe (1998) for shares.
    """
    what = "What the last list achieved"
    if rows is None or rows.empty:
        return Withheld(what, "The earlier report has no action list.")
    # Prospects are no customers yet: their first order would be compared with nothing.
    rows = rows[rows["suppressed"].fillna("").eq("") & rows["list"].ne("convert")]
    start = pd.Timestamp(since) + pd.Timedelta(days=1)
    spent = orders[(orders["ordered_at"] >= start)]
    spent = spent[spent["ordered_at"] < pd.Timestamp(until) + pd.Timedelta(days=1)]
    net = spent.groupby("customer_id")["amount_minor"].sum()
    buyers = set(spent.loc[spent["amount_minor"] > 0, "customer_id"])
    listed = rows.assign(
        net_minor=rows["customer_id"].map(net).fillna(0).astype("int64"),
        ordered=rows["customer_id"].isin(buyers),
    )
    records, effects, totals, order_effects = [], {}, {}, {}
    for name, part in listed.groupby("list", sort=False):
        contacted, held = part[~part["hold_out"]], part[part["hold_out"]]
        if min(len(contacted), len(held)) < MIN_IN_GROUP:
            continue
        effects[name] = difference_of_means(contacted["net_minor"], held["net_minor"])
        totals[name] = effects[name].scaled(len(contacted))
        order_effects[name] = difference_of_shares(
            int(contacted["ordered"].sum()), len(contacted), int(held["ordered"].sum()), len(held)
        )
        records.append(
            {
                "list": name,
                "contacted": len(contacted),
                "held_out": len(held),
                "mean_contacted_minor": contacted["net_minor"].mean(),
                "mean_held_out_minor": held["net_minor"].mean(),
                "ordered_contacted": contacted["ordered"].mean(),
                "ordered_held_out": held["ordered"].mean(),
            }
        )
    if not records:
        return Withheld(
            what,
            f"No list had {MIN_IN_GROUP} customers contacted and {MIN_IN_GROUP} held out.",
            "Keep a hold-out of at least that size, or longer lists, and the next report can tell.",
        )
    if len(totals) > 1:
        half = np.sqrt(sum(((part.high - part.low) / 2) ** 2 for part in totals.values()))
        value = sum(part.value for part in totals.values())
        totals[ALL] = Estimate(value, float(value - half), float(value + half))
    return Achieved(since, until, pd.DataFrame(records), effects, totals, order_effects)


@passes_on_withheld
def achieved_table(result: Achieved, *, code: str) -> Table:
    """The result as a table for a page: a row a list, with the difference and its interval."""
    effects = [result.effects[name] for name in result.table["list"]]
    frame = result.table.drop(columns=["ordered_contacted", "ordered_held_out"]).assign(
        effect_minor=[effect.value for effect in effects],
        low_minor=[effect.low for effect in effects],
        high_minor=[effect.high for effect in effects],
        total_minor=[result.totals[name].value for name in result.table["list"]],
    )
    return table(
        frame,
        "Net revenue a customer since the last report: contacted against held out by lot",
        code=code,
        labels={
            "held_out": "held out",
            "mean_contacted_minor": "mean, contacted",
            "mean_held_out_minor": "mean, held out",
            "effect_minor": "difference",
            "low_minor": "from",
            "high_minor": "to",
            "total_minor": "added in all",
        },
        note="From and to: 95% interval of the difference.",
    )


@silent_when_withheld
def achieved_sentences(result: Achieved, *, code: str) -> list[str]:
    """What each list achieved, and whether that is more than luck."""
    sentences = []
    for name, total in result.totals.items():
        where = "All lists together" if name == ALL else f"The list *{words.plain(name)}*"
        low, high = words.money(total.low, code=code), words.money(total.high, code=code)
        if total.excludes_zero:
            verb = "added" if total.value > 0 else "cost"
            sentences.append(
                f"**{where} {verb} {words.money(abs(total.value), code=code)}** in net revenue since "
                f"{words.day(result.since)} (95% interval: {low} to {high})."
            )
        else:
            sentences.append(
                f"{where}: {words.money(total.value, code=code)} in net revenue, with a 95% interval from {low} to {high}. "
                "That includes zero, so it may be luck: customers differ so much that an effect had to reach about "
                f"{words.money(visible_effect(total), code=code)} to be seen in 8 of 10 such comparisons."
            )
    return sentences


def visible_effect(estimate: Estimate) -> float:
    """The true effect that a comparison with this interval shows in 8 of 10 cases.

    References
    ----------
    Power of 80%: the interval's half-width, which is 1.96 standard errors, times (1.96 + 0.84) / 1.96.
    """
    return (estimate.high - estimate.low) / 2 * (1.96 + 0.84) / 1.96


@dataclass(frozen=True)
class Restated:
    """Figures for the time of the earlier report: as it said then, and as the data say now.

    Attributes
    ----------
    table : DataFrame
        `figure`, `then`, `now`, `difference`; money in minor units.
    since : date
        The earlier report date.
    """

    table: pd.DataFrame
    since: date

    @property
    def changed(self) -> pd.DataFrame:
        return self.table[self.table["difference"] != 0]


def standing(orders: pd.DataFrame, *, as_of: date) -> dict[str, int]:
    """The figures that a later report checks again: customers, order days and money up to a date.

    Returns
    -------
    dict
        `customers`, `order_days`, `gross_minor`, `returns_minor`, `net_minor`
        of all history up to `as_of`. Returns of customers without a sale in
        the file are in `returns_minor`.
    """
    book = ledger(orders, as_of=as_of)
    past = orders[orders["ordered_at"] < pd.Timestamp(as_of) + pd.Timedelta(days=1)]
    net = int(past["amount_minor"].sum())
    gross = int(book["gross_minor"].sum())
    return {
        "customers": len(book),
        "order_days": int(book["order_days"].sum()),
        "gross_minor": gross,
        "returns_minor": net - gross,
        "net_minor": net,
    }


def restated(previous: PreviousReport | None, orders: pd.DataFrame) -> Restated | Withheld:
    """What the data now say about the time up to the earlier report.

    Late returns, orders cancelled afterwards and lines that came in late make
    the past look different. Without this, such corrections pass for news.
    """
    what = "What was restated"
    if previous is None:
        return Withheld(what, "No earlier report was given.", "Use --previous with the folder of the last report.")
    now = standing(orders, as_of=previous.as_of)
    then = {name: previous.number(name) for name in now}
    if any(value is None for value in then.values()):
        return Withheld(what, "The earlier report does not hold the figures to compare.")
    both = pd.DataFrame({"figure": list(now), "then": list(then.values()), "now": list(now.values())})
    return Restated(both.assign(difference=both["now"] - both["then"]), previous.as_of)


@silent_when_withheld
def restated_sentence(result: Restated, *, code: str) -> str:
    """What changed about the past, in a sentence."""
    changed = result.changed.set_index("figure")["difference"]
    if changed.empty:
        return f"Nothing was restated: up to {words.day(result.since)} the data say what they said then."
    names = {
        "customers": "customers",
        "order_days": "order days",
        "gross_minor": "gross revenue",
        "returns_minor": "returns",
        "net_minor": "net revenue",
    }
    says = [
        f"{names[name]} {'+' if value > 0 else ''}"
        f"{words.money(value, code=code) if name.endswith('_minor') else words.number(value)}"
        for name, value in changed.items()
    ]
    return (
        f"**The past was restated.** Up to {words.day(result.since)} the data now differ from the earlier report: "
        f"{words.listing(says)}. Late returns and late cancellations do this; it is no change in how customers behave."
    )


def key_numbers(result: Achieved | Withheld | Silence, past: Restated | Withheld | Silence) -> list[dict]:
    """What the last list achieved and what was restated, for results.json.

    Returns
    -------
    list of dict with `key`, `value`, `unit`, `label`; nothing where there is no earlier report
    """
    rows = []
    if isinstance(result, Achieved):
        name, total = list(result.totals.items())[-1]
        label = f"Net revenue that the last list added ({name})"
        for key, value in (("achieved_minor", total.value), ("achieved_low_minor", total.low), ("achieved_high_minor", total.high)):
            rows.append({"key": key, "value": round(value), "unit": "money", "label": label})
    if isinstance(past, Restated):
        change = int(past.table.set_index("figure").loc["net_minor", "difference"])
        rows.append(
            {"key": "restated_net_minor", "value": change, "unit": "money", "label": "Change of net revenue before the last report date"}
        )
    return rows


# ---------------------------------------------------------------- first orders, and contracts kept


@dataclass(frozen=True)
class Share:
    """What a list achieved where it is not money that is counted: how many ordered for the first time, or ended their contract.

    Attributes
    ----------
    since, until : date
    contacted, held_out, of_contacted, of_held_out : int
        People, and those of them of whom it is true.
    effect : Estimate
        What the contact caused, as a share of those contacted: first orders added, or contracts kept.
    """

    since: date
    until: date
    contacted: int
    held_out: int
    of_contacted: int
    of_held_out: int
    effect: Estimate


def won(rows: pd.DataFrame | None, prospects: pd.DataFrame | None, *, since: date, until: date) -> Share | Withheld:
    """First orders since the list `convert`, contacted against held out.

    Parameters
    ----------
    rows : DataFrame or None
        The earlier action lists: `customer_id` (here the prospect's number), `list`, `hold_out` (bool), `suppressed`.
    prospects : DataFrame or None
        `prospect_id`, `converted_on`.
    since, until : date
        The earlier report date and this one.

    Returns
    -------
    Share, or Withheld when there was no such list, or it was too short

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17, 873-890.
    """
    what = "What the last list of prospects achieved"
    if rows is None or prospects is None or "converted_on" not in prospects or not rows["list"].eq("convert").any():
        return Withheld(what, "The earlier report has no list of prospects.")
    day = prospects.drop_duplicates("prospect_id").set_index(prospects["prospect_id"].drop_duplicates().astype("str"))["converted_on"]
    return _share(rows[rows["list"] == "convert"], day, what=what, since=since, until=until, keeps=False)


def kept(rows: pd.DataFrame | None, contracts: pd.DataFrame | None, *, since: date, until: date) -> Share | Withheld:
    """Contracts that ended since the list `save`, contacted against held out. Ends by the company do not count.

    Parameters, returns and source as in `won`; `contracts` has `customer_id`, `ended_on` and where known `ended_by`.
    """
    what = "What the last offers to stay achieved"
    if rows is None or contracts is None or not rows["list"].eq("save").any():
        return Withheld(what, "The earlier report has no list of offers to stay.")
    ended = contracts["ended_on"]
    if "ended_by" in contracts:
        ended = ended.where(contracts["ended_by"].ne("company"))
    # Who holds several contracts has left with the first of them that ends after the list.
    day = ended.where(ended > pd.Timestamp(since)).groupby(contracts["customer_id"].astype("str")).min()
    return _share(rows[rows["list"] == "save"], day, what=what, since=since, until=until, keeps=True)


def _share(rows: pd.DataFrame, day: pd.Series, *, what: str, since: date, until: date, keeps: bool) -> Share | Withheld:
    rows = rows[rows["suppressed"].fillna("").eq("")]
    on = rows["customer_id"].astype("str").map(day)
    happened = (on > pd.Timestamp(since)) & (on <= pd.Timestamp(until))
    held = rows["hold_out"].astype(bool)
    contacted, held_out = int((~held).sum()), int(held.sum())
    if min(contacted, held_out) < MIN_IN_GROUP:
        return Withheld(
            what,
            f"{words.count(contacted, 'person', 'people')} contacted and {words.count(held_out, 'person', 'people')} held out are too few; {MIN_IN_GROUP} of each are the least.",
            "Keep a hold-out of at least that size, or longer lists, and the next report can tell.",
        )
    a, b = int(happened[~held].sum()), int(happened[held].sum())
    effect = difference_of_shares(b, held_out, a, contacted) if keeps else difference_of_shares(a, contacted, b, held_out)
    return Share(since, until, contacted, held_out, a, b, effect)


def won_sentence(result: Share | Withheld | Silence) -> str | Silence:
    """What the list of prospects achieved, in words."""
    return _share_sentence(result, "Of the prospects contacted since {since}, {a} of {n} ordered for the first time; of those held out by lot {b} of {m}.", "added")


def kept_sentence(result: Share | Withheld | Silence) -> str | Silence:
    """What the offers to stay achieved, in words."""
    return _share_sentence(result, "Of those who got an offer to stay since {since}, {a} of {n} ended their contract; of those held out by lot {b} of {m}.", "kept")


def _share_sentence(result: Share | Withheld | Silence, says: str, verb: str) -> str | Silence:
    if isinstance(result, Withheld):
        return f"**{result.what}: not shown.** {result.reason} {result.gain}".strip()
    if not isinstance(result, Share):
        return SILENCE
    numbers = {"a": result.of_contacted, "n": result.contacted, "b": result.of_held_out, "m": result.held_out}
    said = says.format(since=words.day(result.since), **{name: f"{value:,}" for name, value in numbers.items()})
    effect = result.effect
    span = f"{100 * effect.low:.0f} to {100 * effect.high:.0f}"
    text = f"**{said}** Of 100 contacted, the list {verb} {100 * effect.value:.0f} ({span})".replace("-", "−")
    return text + ("." if effect.low > 0 or effect.high < 0 else ": no more than chance may do.")


def look_back_on_prospects(report: Report) -> Share | Withheld | Silence:
    """What the last list of prospects achieved, noted as a section of the report; silent without an earlier report."""
    return _noted(report, "won", "Whom did the last list win?", won, report.company.prospects)


def look_back_on_offers(report: Report) -> Share | Withheld | Silence:
    """What the last offers to stay achieved, noted as a section of the report; silent without an earlier report."""
    return _noted(report, "kept", "Whom did the last offers hold?", kept, report.company.contracts)


def _noted(report: Report, key: str, title: str, measure, table) -> Share | Withheld | Silence:
    previous = report.previous
    if previous is None:
        return SILENCE
    return report.section(key, title, measure(previous.actions, table, since=previous.as_of, until=report.company.as_of))
