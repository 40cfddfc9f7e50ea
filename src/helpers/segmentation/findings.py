"""Segmentation in sentences, written from the measures: Markdown, one finding each.

Counts of the team's own customers are facts and carry no interval. Text from
the data goes through `words.plain`, so that nothing in it is markup.
"""

from __future__ import annotations

import pandas as pd

from helpers import words
from helpers.segmentation.drill import DrillDown, Period, StoreCheck, change_by_member
from helpers.segmentation.measures import (
    NO_ORDER,
    RFM,
    SEGMENTS,
    SIZES,
    Concentration,
    NextOrders,
    SizeClasses,
    bursts_stand_out,
    moves,
)
from helpers.withheld import Withheld, silent_when_withheld


def not_persons(lines: pd.DataFrame, *, code: str) -> str:
    """Cards that are no customers: whose the money would have been, had they stayed in.

    Parameters
    ----------
    lines : DataFrame
        All accepted order lines with `status`.
    """
    people = lines[lines["status"].isin(["sale", "return"])].groupby("customer_id")["amount_minor"].sum()
    cards = lines[lines["status"].isin(["walk_in", "shared_card"])]
    money = cards.groupby("customer_id")["amount_minor"].sum().sort_values(ascending=False)
    if money.empty:
        return "No id in the file behaves like a shared card or a walk-in card."
    top, amount = money.index[0], int(money.iloc[0])
    place = int((people > amount).sum()) + 1
    rank = "the largest 'customer' of all" if place == 1 else f"'customer' number {words.number(place)} by money"
    marked = cards.loc[cards["customer_id"] == top, "status"].iloc[0] == "walk_in"
    how = "The data mark it as a walk-in card." if marked else (
        "Nothing in the data says so, but nobody buys several times a day, day after day: "
        "name it under `walk_in` in the mapping, or set `shared_card = \"keep\"` if it is a person."
    )
    return (
        f"**Id {words.plain(top)} is no person.** With {words.money(amount, code=code)} it would be {rank}; "
        f"it is set aside, and named in the reconciliation. {how}"
    )


@silent_when_withheld
def concentration(result: Concentration, *, window_days: int) -> str:
    """How much the top fifth brings."""
    top = result.top_20_share
    if top >= 0.7:
        weight = "losing a few of them would be felt at once"
    elif top >= 0.5:
        weight = "they deserve names, not only numbers"
    else:
        weight = "value is spread widely, so a programme for a few would miss most of it"
    return (
        f"**The most valuable 20 of 100 customers bring {words.percent(top)} of the money** of the last "
        f"{window_days} days: {weight}. The Gini coefficient is {result.gini:.2f} among the "
        f"{words.count(result.customers, 'customer')} with money left after returns (0: all the same; 1: one has all)."
    )


def segment_meanings() -> str:
    """What each segment means, in one line under a table."""
    return "; ".join(f"{name}: {meaning}" for name, meaning in SEGMENTS.items()) + "."


@silent_when_withheld
def segments(summary: pd.DataFrame, *, code: str) -> str:
    """The segment with most money, and what lies with those at risk."""
    best = summary.loc[summary["value_minor"].idxmax()]
    text = (
        f"**{best['segment']} ({SEGMENTS[best['segment']]}) bring most: {words.money(best['value_minor'], code=code)}, "
        f"{words.percent(best['share_of_value'])} of the money from {words.percent(best['share_of_customers'])} "
        "of the customers.**"
    )
    risk = summary[summary["segment"] == "At risk"]
    if len(risk):
        row = risk.iloc[0]
        text += (
            f" {words.count(int(row['customers']), 'customer')} are at risk: they used to order often or in large "
            f"amounts, and half of them have been silent for {words.number(row['median_recency_days'])} days or more."
        )
    return text + " RFM ranks customers by the past; it does not say who has left for good."


@silent_when_withheld
def cut_points(rfm: RFM, *, code: str) -> pd.DataFrame:
    """The cut points of the scores, a row a score, in words."""
    names = {"R": "recency (days)", "F": "frequency (order days)", "M": f"money ({'mean order' if rfm.m == 'mean' else 'in all'})"}

    def span(row) -> str:
        if pd.isna(row.low) and pd.isna(row.high):
            return f"no order ({words.number(row.customers)})"
        put = (lambda value: words.money(value, code=code)) if row.measure == "M" else words.number
        text = put(row.low) if row.low == row.high else f"{put(row.low)} to {put(row.high)}"
        return f"{text} ({words.number(row.customers)})"

    table = rfm.cuts.assign(span=[span(row) for row in rfm.cuts.itertuples()])
    wide = table.pivot(index="score", columns="measure", values="span").fillna("–").sort_index(ascending=False)
    return wide[list("RFM")].rename(columns=names).reset_index().astype({"score": "str"})


@silent_when_withheld
def sizes(classes: SizeClasses, *, code: str) -> str:
    """What VIPs bring and where the sizes begin."""
    cuts = classes.cuts.set_index("size")
    vip = cuts.loc["VIP"]
    begins = words.listing(
        f"{size} from {words.money(int(cuts.loc[size, 'from_minor']), code=code)}" for size in SIZES[1:]
    )
    text = (
        f"**{words.count(int(vip['customers']), 'VIP')} bring {words.percent(vip['share_of_value'])} of the money.** "
        f"Sizes begin at: {begins}."
    )
    if classes.values.eq(NO_ORDER).any():
        text += f" {words.count(int(classes.values.eq(NO_ORDER).sum()), 'customer')} did not order in the window."
    return text


@silent_when_withheld
def bursts(found: pd.DataFrame, classes: SizeClasses, *, code: str) -> str:
    """VIPs by a single burst of buying."""
    vips = int(classes.values.eq("VIP").sum())
    if found.empty:
        return f"None of the {words.count(vips, 'VIP')} is a VIP by one short burst of buying that is over."
    if not bursts_stand_out(found, classes):
        return (
            f"{words.number(len(found))} of {words.count(vips, 'VIP')} bought in one short burst that is over; too few to "
            "change the picture. They are not on the lists."
        )
    return (
        f"**{words.number(len(found))} of {words.count(vips, 'VIP')} only look like VIPs.** Their whole history is one "
        f"burst of a few weeks (as when someone furnishes a flat), {words.money(int(found['value_minor'].sum()), code=code)} "
        f"in the window, and half of them have been silent for {words.number(found['recency_days'].median())} days or more. "
        "A VIP programme would be spent on a need that is met, so they are not on the lists."
    )


@silent_when_withheld
def value_classes(summary: pd.DataFrame, profit: pd.DataFrame | Withheld, *, code: str) -> str:
    """What the most valuable bring, and what those below zero cost."""
    table = summary.set_index("value_class")
    measured = "margin less cost to serve" if isinstance(profit, pd.DataFrame) else "spending; margins are not in the data"
    text = ""
    if "MVC" in table.index:
        text = (
            f"**{words.count(int(table.loc['MVC', 'customers']), 'most valuable customer')} (MVC) are worth "
            f"{words.money(int(table.loc['MVC', 'value_minor']), code=code)}** ({measured})."
        )
    if "BZC" in table.index:
        text += (
            f" {words.count(int(table.loc['BZC', 'customers']), 'customer')} cost more than they bring, "
            f"{words.money(-int(table.loc['BZC', 'value_minor']), code=code)} together. The first question is what "
            "made them dear, not whether to drop them: repair the cost, then the price, and only then decline openly."
        )
    elif isinstance(profit, Withheld):
        text += f" Who costs more than he brings cannot be seen here. {profit.reason} {profit.gain}"
    else:
        text += " Nobody who bought in the window cost more than they brought."
    return text.strip()


@silent_when_withheld
def below_zero_by_store(check: StoreCheck) -> str:
    """Whether the below-zero customers come from one shop."""
    if not check.outliers:
        return (
            "**No shop stands out** with more below-zero customers than chance would give it, "
            f"over {words.count(len(check.table), 'shop')} compared."
        )
    table = check.table.set_index("store_id")
    says = [
        f"{words.plain(store)}: {words.number(table.loc[store, 'below_zero'])} of "
        f"{words.count(int(table.loc[store, 'customers']), 'customer')} ({words.in_100(table.loc[store, 'rate'])}) "
        f"against {words.in_100(table.loc[store, 'rate_elsewhere'])} elsewhere"
        for store in check.outliers
    ]
    return (
        f"**Below-zero customers come from {words.listing(words.plain(store) for store in check.outliers)}.** "
        f"{'; '.join(says)}. Chance alone would hardly do this, even over {words.count(len(check.table), 'shop')}. "
        "Look at what is promised and sold there before looking at the customers."
    )


@silent_when_withheld
def effort(table: pd.DataFrame) -> str:
    """Whether the cost of service goes where the money is."""
    rows = table.set_index("size")
    gap = (rows["share_of_cost"] - rows["share_of_value"]).drop(NO_ORDER, errors="ignore")
    most, least = gap.idxmax(), gap.idxmin()

    def says(size: str) -> str:
        return (
            f"{size} customers bring {words.percent(rows.loc[size, 'share_of_value'])} of the money and take "
            f"{words.percent(rows.loc[size, 'share_of_cost'])} of the cost of service"
        )

    return (
        f"**{says(most)[0].upper()}{says(most)[1:]}; {says(least)}.** Time with good customers (多花点时间陪好的客户) "
        "pays only where it changes what they do, so move some time and measure."
    )


@silent_when_withheld
def movement(table: pd.DataFrame, *, order: tuple[str, ...], since: str) -> str:
    """Up, down, new since an earlier date."""
    counts = moves(table, order=order)
    return (
        f"**Since {since}, {words.count(counts['up'], 'customer')} moved up and {words.number(counts['down'])} moved "
        f"down;** {words.number(counts['same'])} stayed in their class and {words.number(counts['new'])} are new."
    )


@silent_when_withheld
def near_threshold(near: pd.DataFrame, past: dict[str, int] | Withheld, *, later_days: int) -> str:
    """Who is close, and what the past says about waiting."""
    if near.empty:
        return "Nobody stands close below the next size."
    by_size = near["next_size"].value_counts().reindex(SIZES[1:], fill_value=0)
    says = words.listing(f"{words.number(n)} before {size}" for size, n in by_size.items() if n)
    text = f"**{words.count(len(near), 'customer')} stand close below the next size** ({says})."
    if isinstance(past, Withheld):
        return f"{text} What such customers do without a list could not be checked: {past.reason}"
    return (
        f"{text} Of {words.number(past['near'])} who stood there {later_days} days before, with no list of ours, "
        f"{words.number(past['rose'])} have crossed and {words.number(past['fell'])} have fallen back. Some of those "
        "near a line cross it anyway (regression to the mean), so only the hold-out says what a reminder adds."
    )


@silent_when_withheld
def who_orders_next(result: NextOrders) -> str:
    """Which of R, F and M told most about the days since, and how sure that is."""
    rows = result.table.set_index("measure")
    names = {"R": "recency", "F": "frequency", "M": "money"}
    best, gap = result.best, result.differences[result.best]
    low = rows.loc[best, "low_ordered"] / rows.loc[best, "low_customers"]
    high = rows.loc[best, "high_ordered"] / rows.loc[best, "high_customers"]
    text = (
        f"**{names[best].capitalize()} told most about the {result.later_days} days since {words.day(result.since)}:** "
        f"{words.in_100(high)} customers with a high score ordered, and {words.in_100(low)} with a low one "
        f"(a gap of {gap.value * 100:.0f} points; 95% interval {gap.low * 100:.0f} to {gap.high * 100:.0f})."
    )
    weakest = min(result.differences, key=lambda name: result.differences[name].value)
    least = result.differences[weakest]
    if least.excludes_zero:
        return text + f" {names[weakest].capitalize()} told least: a gap of {least.value * 100:.0f} points."
    return text + f" {names[weakest].capitalize()} told nothing that chance could not have done."


def vips_at(value: pd.Series, *, ordered: pd.Series, top_share: float, code: str) -> str:
    """What a share of VIPs means: how many, from what amount, how much of the money."""
    spent = value[ordered].sort_values(ascending=False)
    count = max(1, round(top_share * len(spent)))
    share = spent.iloc[:count].sum() / spent.sum() if spent.sum() else 0.0
    return (
        f"{words.count(count, 'VIP')}, from {words.money(int(spent.iloc[count - 1]), code=code)}, would bring "
        f"{words.percent(share)} of the money. With 20 minutes a month for each, they take "
        f"{words.number(round(count / 3))} hours a month."
    )


def change_by(orders: pd.DataFrame, *, dimension: str, periods: tuple[Period, Period], code: str) -> str:
    """The part with the largest change, and the part that is furthest from its share."""
    table = change_by_member(orders, dimension=dimension, periods=periods)
    largest = table.loc[table["change_minor"].abs().idxmax()]
    excess = table["change_minor"] - table["expected_minor"]
    furthest = table.loc[excess.abs().idxmax()]
    text = f"The largest change is {words.plain(largest['member'])}: {words.money(int(largest['change_minor']), code=code)}."
    beyond = words.money(round(float(excess.abs().max())), code=code)
    if furthest["member"] == largest["member"]:
        return f"{text} It is also furthest from its share of the whole change, by {beyond}."
    return f"{text} But {words.plain(furthest['member'])} is furthest from its share of the whole change, by {beyond}."


@silent_when_withheld
def reached(table: pd.DataFrame, *, code: str) -> str:
    """What concentrating the calls adds."""
    rows = table.set_index("rule")
    dear, equal = rows.iloc[0], rows.iloc[1]
    return (
        f"**{words.number(table['calls'].iloc[0])} calls reach {words.percent(dear['share'])} of the value at stake when the dearest "
        f"come first**, and {words.percent(equal['share'])} when each list gets its turn. Value at stake is not value won: "
        "only the customers left alone by lot show what a call changes."
    )


@silent_when_withheld
def change(drill: DrillDown, *, code: str) -> str:
    """What changed, and whether one place explains it."""
    text = f"{_total(drill, code=code)}."
    if drill.not_opened:
        return f"{text} {drill.not_opened}"
    opened = words.listing(words.plain(name.replace("_", " ")) for name in drill.dimensions)
    if not drill.cause:
        return (
            f"{text} **No single place explains the change:** of {words.number(len(drill.cells))} combinations of "
            f"{opened}, none moved beyond what chance does to the purchases of single customers."
        )
    last = drill.path.iloc[-1]
    where = " × ".join(words.plain(member) for member in drill.cause.values())
    return (
        f"{text} **One place stands out: {where}** ({words.listing(name.replace('_', ' ') for name in drill.cause)}), "
        f"from {words.money(int(last['before_minor']), code=code)} to {words.money(int(last['after_minor']), code=code)}. "
        f"It is the clearest of {words.number(len(drill.cells))} combinations looked at, and beyond chance after correction. "
        f"All the rest together changed by {words.money(_rest_minor(drill), code=code)}, spread over many places. "
        "The data say where; who works there can say why."
    )


def _total(drill: DrillDown, *, code: str) -> str:
    change = drill.total_after_minor - drill.total_before_minor
    direction = "rose" if change > 0 else "fell" if change < 0 else "stayed"
    share = f" ({words.percent(change / drill.total_before_minor, digits=1)})" if drill.total_before_minor > 0 else ""
    return (
        f"Net revenue {direction} from {words.money(drill.total_before_minor, code=code)} in {drill.before.label} to "
        f"{words.money(drill.total_after_minor, code=code)} in {drill.after.label}{share}"
    )


def _rest_minor(drill: DrillDown) -> int:
    """The change outside the cause."""
    return drill.total_after_minor - drill.total_before_minor - int(drill.path.iloc[-1]["change_minor"])


def answer(
    *,
    people: int,
    buyers: int,
    window_days: int,
    concentration: Concentration | Withheld,
    drill: DrillDown | Withheld,
    burst: pd.DataFrame | Withheld,
    classes: SizeClasses | Withheld,
    stores: StoreCheck | Withheld,
    profit_summary: pd.DataFrame | Withheld,
    to_do: int,
    hold_out: int,
    code: str,
) -> list[str]:
    """The report's answer in a few sentences, the most urgent first.

    Returns
    -------
    list of str
        Markdown sentences for the head of the page.
    """
    sentences = []
    if isinstance(drill, DrillDown) and drill.cause:
        last = drill.path.iloc[-1]
        verb = "Repair" if last["change_minor"] < 0 else "Understand"
        sentences.append(
            f"**{verb} first: {' × '.join(words.plain(member) for member in drill.cause.values())}**, "
            f"{words.money(int(last['change_minor']), code=code)}: the one place that stands out from all the others. "
            f"{_total(drill, code=code)}; all the rest changed by {words.money(_rest_minor(drill), code=code)}."
        )
    elif isinstance(drill, DrillDown):
        sentences.append(f"{_total(drill, code=code)}; no single place stands out.")
    if isinstance(stores, StoreCheck) and stores.outliers:
        sentences.append(
            f"**Shop {words.listing(words.plain(store) for store in stores.outliers)} makes customers who cost more than they bring**, "
            "far more often than the others."
        )
    elif isinstance(profit_summary, pd.DataFrame) and "BZC" in set(profit_summary["value_class"]):
        row = profit_summary.set_index("value_class").loc["BZC"]
        sentences.append(
            f"{words.count(int(row['customers']), 'customer')} cost more than they bring, "
            f"{words.money(-int(row['value_minor']), code=code)} together; no single shop is behind it."
        )
    if bursts_stand_out(burst, classes):
        vips = int(classes.values.eq("VIP").sum())
        sentences.append(
            f"**{words.number(len(burst))} of {words.count(vips, 'VIP')} only look like VIPs**: one burst of buying, now over."
        )
    if isinstance(concentration, Concentration):
        sentences.append(
            f"{words.number(buyers)} of {words.count(people, 'customer')} ordered in the last {window_days} days; "
            f"the top 20 of 100 of them bring {words.percent(concentration.top_20_share)} of the money."
        )
    else:
        sentences.append(f"{words.number(buyers)} of {words.count(people, 'customer')} ordered in the last {window_days} days.")
    if to_do:
        sentences.append(
            f"**On Monday: {words.count(to_do, 'customer')} to contact**, in the lists below, best first; "
            f"{words.number(hold_out)} more are left alone by lot, so that the next report can say what it achieved."
        )
    else:
        sentences.append("On Monday: nobody to contact; the lists are empty, and the sections below say why.")
    return sentences


def limits(
    company, *, profit: pd.DataFrame | Withheld, past: dict[str, int] | Withheld, hold_out: int
) -> list[str]:
    """What these data cannot tell, in sentences."""
    sentences = [
        "An order file says what customers did, not why, and not what a move of ours causes. Every effect in this "
        "report is a difference against customers left alone by lot, or it is not claimed.",
    ]
    if not hold_out:
        sentences.append("Nobody is left alone by lot this time, so the next report cannot say what the lists achieved.")
    if isinstance(profit, Withheld):
        sentences.append(f"Value is spending here, not profit. {profit.reason} {profit.gain}".strip())
    if company.contacts is None:
        sentences.append("Open complaints and last contacts are not in the data: check them before anybody is called.")
    if company.customers is None or "consent" not in company.customers:
        sentences.append("Consent to be contacted is not in the data: check it before anybody is contacted.")
    if isinstance(past, Withheld):
        sentences.append(f"How many customers cross a threshold by themselves is not known. {past.reason}")
    return sentences


def key_numbers(
    *, customers: pd.DataFrame, concentration: Concentration | Withheld, sizes: SizeClasses | Withheld,
    burst: pd.DataFrame | Withheld, classes: pd.DataFrame | Withheld, stores: StoreCheck | Withheld, drill: DrillDown | Withheld,
) -> list[dict]:  # fmt: skip
    """The key numbers of this lesson for results.json.

    Returns
    -------
    list of dict with `key`, `value`, `unit`, `label`; what is withheld is missing.
    """
    rows = [("buyers", int((customers["frequency"] > 0).sum()), "count", "Customers with an order in the window")]
    rows.append(("money_minor", int(customers["value_minor"].sum()), "money", "Money in the window"))
    if isinstance(concentration, Concentration):
        rows.append(("gini", concentration.gini, "number", "Gini coefficient of money among buyers"))
        rows.append(("top_20_share", concentration.top_20_share, "share", "Share of money with the top 20 of 100 buyers"))
    if isinstance(sizes, SizeClasses):
        cuts = sizes.cuts.set_index("size")
        rows.append(("vips", int(cuts.loc["VIP", "customers"]), "count", "VIP customers"))
        rows.append(("vip_from_minor", int(cuts.loc["VIP", "from_minor"]), "money", "Money from which a customer is VIP"))
    if isinstance(burst, pd.DataFrame):
        rows.append(("bursts", len(burst), "count", "VIPs by one short burst that is over"))
    if isinstance(classes, pd.DataFrame):
        for name in ("MVC", "MGC", "BZC"):
            part = classes[classes["value_class"] == name]
            rows.append((f"{name.lower()}_customers", len(part), "count", f"Customers in the class {name}"))
            rows.append((f"{name.lower()}_value_minor", int(part["value_minor"].sum()), "money", f"Value of the class {name}"))
    if isinstance(stores, StoreCheck):
        rows.append(("stores_below_zero", ", ".join(stores.outliers), "text", "Shops with too many below-zero customers"))
    if isinstance(drill, DrillDown):
        rows.append(("change_before_minor", drill.total_before_minor, "money", f"Net revenue in {drill.before.label}"))
        rows.append(("change_after_minor", drill.total_after_minor, "money", f"Net revenue in {drill.after.label}"))
        cause = " x ".join(f"{name}={member}" for name, member in drill.cause.items())
        rows.append(("change_cause", cause, "text", "The place where the change is beyond chance"))
        if drill.cause:
            rows.append(("change_cause_minor", int(drill.path.iloc[-1]["change_minor"]), "money", "Change at that place"))
    return [dict(zip(("key", "value", "unit", "label"), row, strict=True)) for row in rows]
