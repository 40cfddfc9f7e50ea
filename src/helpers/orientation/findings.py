"""Orientation in sentences, written from the measures: Markdown, one finding each.

Counts of the team's own customers are facts and carry no interval; that
customers like these would do so again is an estimate, and has one.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers import words
from helpers.money import currency
from helpers.orientation import measures
from helpers.orientation.cohorts import Equity, FirstMonths, customer_equity
from helpers.orientation.measures import Decomposition, Ground, Periods
from helpers.stats.intervals import Estimate
from helpers.withheld import Withheld, silent_when_withheld

_MOVERS = {
    "new": "the number of new customers",
    "back": "how many old customers came back",
    "often": "how often each customer ordered",
    "size": "how much an order was worth",
}
_LOSSES = {"new": "new customers", "old": "old customers coming back, and ordering, less", "size": "smaller orders"}


# ---------------------------------------------------------------- the formula


def readings(factors: Mapping[str, float], *, code: str) -> str:
    """What both readings of the formula give, and which of them can be true."""
    values = {name: measures.performance(factors, reading=name) * currency(code).factor for name in measures.READINGS}
    text = (
        f"First orders alone bring {words.money(values['first orders'], code=code)}. Customers who buy again"
        f"{' and bring friends' if 'referral_rate' in factors else ''} can only add to that: read as multipliers the formula gives "
        f"{words.money(values['multipliers'], code=code)}."
    )
    if values["literal"] < values["first orders"]:
        text += f" Multiplied as printed it gives {words.money(values['literal'], code=code)}, as if loyal customers cost the shop its first orders."
    return text


# ---------------------------------------------------------------- periods and what moved them


@silent_when_withheld
def compared(periods: Periods) -> str:
    """What is compared with what, and where that is not fair."""
    text = f"Compared are {periods.this.label} and {periods.last.label}, {words.count(periods.months, 'complete month')} each."
    if not periods.same_season:
        text += " The export is too short for the same months of a year before, so a season may look like a change: read with care."
    return text


@silent_when_withheld
def periods(table: pd.DataFrame, *, code: str) -> str:
    """Revenue against the last period, whether it is a record, and the formula in numbers."""
    last, this = table.iloc[-2], table.iloc[-1]
    text = f"**Net revenue {_moved(last['net_minor'], this['net_minor'], code)}**"
    if len(table) > 2:
        place = int((table["net_minor"] > this["net_minor"]).sum()) + 1
        text += f", {'the highest' if place == 1 else f'number {place}'} of {words.count(len(table), 'complete period')}"
    text += (
        f". In numbers: {words.count(int(this['buyers']), 'customer')} bought on {this['orders_each']:.2f} days each, "
        f"{words.money(this['order_value_minor'], code=code)} a time."
    )
    if pd.notna(this["old_minor"]):
        text += (
            f" With old customers revenue {_moved(last['old_minor'], this['old_minor'], code)}; "
            f"with new ones it {_moved(last['new_minor'], this['new_minor'], code)}."
        )
    return text


def _moved(before: float, after: float, code: str) -> str:
    """rose by 11.4%, from ¥4,003,672 to ¥4,459,549"""
    if before == after:
        return f"stayed at {words.money(after, code=code)}"
    share = f" by {words.percent(abs(after / before - 1), digits=1)}" if before > 0 else ""
    return f"{'rose' if after > before else 'fell'}{share}, from {words.money(before, code=code)} to {words.money(after, code=code)}"


@silent_when_withheld
def steps(change: Decomposition, *, code: str) -> pd.DataFrame:
    """The steps of a waterfall as a table, the values of the factors in words: `factor`, `before`, `after`, `effect_minor`."""
    table = change.steps
    names = [measures.NAMES[part, factor] for part, factor in zip(table["part"], table["factor"], strict=True)]
    return pd.DataFrame(
        {
            "factor": names,
            "before": [_value(row.factor, row.before, code) for row in table.itertuples()],
            "after": [_value(row.factor, row.after, code) for row in table.itertuples()],
            "effect_minor": table["effect_minor"],
        }
    )


def _value(factor: str, value: float, code: str) -> str:
    if factor in ("buyers", "known"):
        return words.number(value)
    if factor in ("share_back", "margin_rate"):
        return words.percent(value, digits=1)
    return words.money(value, code=code) if factor == "order_value_minor" else f"{value:.2f}"


@silent_when_withheld
def explained(change: Decomposition, *, code: str, total: bool = True) -> str:
    """Which factors raised and which lowered the result, the strongest first; after the change itself, unless `total` is false."""
    table = change.steps.assign(size=change.steps["effect_minor"].abs()).sort_values("size", ascending=False, kind="stable")
    names = {pair: name.replace("new: ", "new customers' ").replace("old: ", "old customers' ") for pair, name in measures.NAMES.items()}
    names |= {("old", "share_back"): "the share of old customers who came back", ("old", "known"): "the number of old customers at the start"}
    says = {True: [], False: []}
    for row in table.itertuples():
        if row.effect_minor:
            says[row.effect_minor > 0].append(f"{names[row.part, row.factor]} ({words.money(abs(row.effect_minor), code=code)})")
    parts = [f"**{change.what} {_moved(change.before_minor, change.after_minor, code)}.**"] if total else []
    parts += [f"{verb} by {words.listing(says[up])}." for verb, up in (("Raised", True), ("Lowered", False)) if says[up]]
    return " ".join([*parts, "Together the parts are the change, to the last digit."])


@silent_when_withheld
def ways_to_share(change: Decomposition) -> pd.DataFrame:
    """Three ways to share a change out: each factor alone first, each alone last, and the even way.

    Returns
    -------
    DataFrame
        `factor`, `first_minor` (it alone changes), `last_minor` (it changes after all
        others), `even_minor`; the last two rows are the sums and what is left over.
    """
    before, after = change.steps["before"], change.steps["after"]
    first, left_first = measures.one_at_a_time(before, after)
    back, left_last = measures.one_at_a_time(after, before)
    names = [measures.NAMES[part, factor] for part, factor in zip(change.steps["part"], change.steps["factor"], strict=True)]
    columns = {"first_minor": (first, left_first), "last_minor": (-back, -left_last), "even_minor": (change.steps["effect_minor"].to_numpy(), 0)}
    table = pd.DataFrame({"factor": [*names, "together", "left over"]})
    for name, (effects, left) in columns.items():
        table[name] = [round(float(one)) for one in (*effects, sum(effects), left)]
    return table


@silent_when_withheld
def ground(result: Ground, *, code: str) -> str:
    """Whether ground was won or lost: revenue beside what old customers did."""
    each = result.each
    facts = (
        f"Of {words.count(result.known_after, 'old customer')} {words.number(result.back_after)} came back "
        f"({words.in_100(result.back_after / result.known_after)}); in the period before, {words.number(result.back_before)} of "
        f"{words.number(result.known_before)} ({words.in_100(result.back_before / result.known_before)}). An old customer ordered on "
        f"{result.each_after:.2f} days against {result.each_before:.2f}, a difference of {_signed(each)}."
    )
    if result.lost:
        return (
            f"**A record that lost ground.** New customers brought {words.money(result.from_new_minor, code=code)} more, old ones "
            f"{words.money(-result.from_old_minor, code=code)} less. {facts} That is more than chance does among customers like these, and more money than "
            f"{words.percent(measures.LARGE)} of the last period's revenue."
        )
    if each.high < 0:
        more = "more" if result.from_old_minor > 0 else "less"
        share = words.percent(abs(result.from_old_minor) / result.before_minor, digits=1)
        return (
            f"**Old customers come less than they did.** {facts} In money they brought "
            f"{words.money(abs(result.from_old_minor), code=code)} {more}, {share} of the last period's revenue."
        )
    if each.low > 0:
        return f"**Old customers come more than they did.** {facts}"
    return f"**Old customers come about as often as they did.** {facts} Chance alone could do that."


def _signed(estimate: Estimate) -> str:
    """−0.25 (95% interval −0.36 to −0.15)"""
    value, low, high = (f"{'−' if one < 0 else '+'}{abs(one):.2f}" for one in (estimate.value, estimate.low, estimate.high))
    return f"{value} ({words.percent(estimate.level)} interval {low} to {high})"


@silent_when_withheld
def largest_loss(change: Decomposition, *, code: str) -> str:
    """Where most was lost, beside last period's revenue; or that nothing much was."""
    found, key = measures.losses(change), measures.largest_loss(change)
    if key == "none":
        return (
            f"**No part lost more than {words.percent(measures.LARGE)} of the last period's revenue**, so there is no hole to fill: "
            "the next yuan goes where it can be tested best."
        )
    share = words.percent(-found[key] / change.before_minor)
    return (
        f"**Most was lost with {_LOSSES[key]}: {words.money(-found[key], code=code)}**, {share} of the last period's revenue. A loss says "
        "where to look, not what will work: try it on one half of the customers, drawn by lot."
    )


# ---------------------------------------------------------------- new customers


@silent_when_withheld
def routes(table: pd.DataFrame, *, code: str) -> str:
    """The route that grew most, and what a new customer cost there."""
    top = table.iloc[0]
    new = {name: int(table[f"new_{name}"].sum()) for name in ("before", "after")}
    text = f"**New customers: {words.number(new['before'])} in the last period, {words.number(new['after'])} in this one.**"
    if top["change"] <= 0:
        return f"{text} No route brought more than before."
    name = words.plain(str(top["route"]).replace("_", " "))
    text += (
        f" The route *{name}* grew most, from {words.number(top['new_before'])} to {words.number(top['new_after'])}; "
        f"all others together changed by {_count(new['after'] - new['before'] - int(top['change']))}."
    )
    if "cost_after_minor" in table and pd.notna(top["cost_after_minor"]):
        rest = table.iloc[1:].dropna(subset=["cost_after_minor"])
        rest = rest[rest["new_after"] > 0]
        text += f" Winning one there cost {words.money(top['cost_after_minor'], code=code)}"
        if pd.notna(top["cost_before_minor"]):
            text += f" (before: {words.money(top['cost_before_minor'], code=code)})"
        if len(rest):
            mean = (rest["cost_after_minor"] * rest["new_after"]).sum() / rest["new_after"].sum()
            text += f"; by the other routes {words.money(mean, code=code)}"
        text += "."
    return text


def _count(value: int) -> str:
    return f"{'−' if value < 0 else '+'}{words.number(abs(value))}"


@silent_when_withheld
def first_months(result: FirstMonths, *, code: str) -> str:
    """What a new customer of each group left, and whether the groups differ."""
    first, second = (words.plain(name.replace("_", " ")) for name in result.groups)
    ends = [words.money(result.curve[column].iloc[-1], code=code) for column in ("first_minor", "second_minor")]
    gap = result.difference
    money = "margin" if result.is_margin else "revenue"
    text = (
        f"**{result.days} days after the first order a new customer had left {ends[0]} ({first}) and {ends[1]} ({second})**, "
        f"{money}{' less the cost of winning them' if result.knows_cost else ''}. The gap ({second} less {first}) is {_money_estimate(gap, code)}"
    )
    text += ", more than chance makes." if gap.excludes_zero else ", which chance alone could make."
    if not result.knows_cost:
        text += " What winning them cost is not in the data."
    return text


@silent_when_withheld
def groups(result: FirstMonths) -> pd.DataFrame:
    """The table of the groups, their names as a reader says them."""
    return result.table.assign(group=result.table["group"].str.replace("_", " "))


def _money_estimate(estimate: Estimate, code: str) -> str:
    low, high = (words.money(one, code=code) for one in (estimate.low, estimate.high))
    return f"{words.money(estimate.value, code=code)} ({words.percent(estimate.level)} interval {low} to {high})"


@silent_when_withheld
def equity(result: Equity, *, code: str) -> str:
    """What a customer won in the last period is worth, as a stock; with what it rests on."""
    money = "margin" if result.is_margin else "revenue"
    cost = "" if result.cost_minor is None else f" It cost {words.money(result.cost_minor, code=code)} to win one."
    return (
        f"**A customer won in {result.came.label} is worth about {_money_estimate(result.value, code)} of {money} over {result.years} years.** "
        f"Seen: {words.money(result.first_minor, code=code)} in the year of coming and {words.money(result.second_minor, code=code)} in the year "
        f"after.{cost} Assumed: each later year brings what the year before it brought, from the {words.in_100(result.retention.value)} who come "
        f"back as old customers do now, and money a year later is worth {words.percent(result.discount)} less. The interval knows the luck of who "
        "came, not whether that share will last."
    )


def worth_at(yearly_minor: float, *, retention: float, code: str, discount: float = 0.1, years: int = 5) -> str:
    """A customer's worth at a share who come back, beside the first year alone."""
    worth = customer_equity(yearly_minor, retention=retention, discount=discount, years=years)
    more = customer_equity(yearly_minor, retention=min(retention + 0.1, 1.0), discount=discount, years=years)
    text = f"One customer is worth {words.money(worth, code=code)}, of it {words.money(yearly_minor, code=code)} in the first year."
    if retention < 1:
        text += f" Ten more of 100 coming back would add {words.money(more - worth, code=code)}."
    return text


def one_percent(table: pd.DataFrame) -> str:
    """Which lever moves profit most, and what it takes for granted."""
    best = table.loc[table["gain"].idxmax(), "lever"]
    return f"The strongest lever is *{best}*. That takes for granted that nothing else moves: who raises prices also loses some buyers."


# ---------------------------------------------------------------- the page as a whole


def since_report(previous, table: pd.DataFrame | Withheld, *, code: str) -> str:
    """What an earlier report said of its newest period, beside what this one says of its own; empty without one.

    Parameters
    ----------
    previous : PreviousReport or None
    table : DataFrame
        From `measures.period_table`.
    """
    if previous is None:
        return ""
    then = previous.number("revenue_this_minor")
    if then is None or isinstance(table, Withheld):
        return f"The report of {words.day(previous.as_of)} has no revenue to compare with."
    this = table.iloc[-1]
    return (
        f"The report of {words.day(previous.as_of)} had {words.money(then, code=code)} in its newest period, from "
        f"{words.count(int(previous.number('buyers_this', 0)), 'customer')} who bought on {previous.number('orders_each_this', 0.0):.2f} days "
        f"each. Now it is {words.money(int(this['net_minor']), code=code)} in {this['period']}, from {words.number(this['buyers'])} on "
        f"{this['orders_each']:.2f} days each."
    )


def answer(
    *,
    table: pd.DataFrame | Withheld,
    simple: Decomposition | Withheld,
    change: Decomposition | Withheld,
    result: Ground | Withheld,
    route_table: pd.DataFrame | Withheld,
    first: FirstMonths | Withheld,
    code: str,
    periods: Periods | Withheld | None = None,
) -> list[str]:
    """The report's answer in a few sentences, the most important first; where `periods` are of two seasons, it says so.

    Returns
    -------
    list of str
        Markdown sentences for the head of the page.
    """
    if isinstance(table, Withheld):
        return [f"**Revenue is not compared here.** {table.reason} {table.gain}"]
    last, this = table.iloc[-2], table.iloc[-1]
    sentences = []
    revenue = f"Net revenue {_moved(last['net_minor'], this['net_minor'], code)} in {this['period']}"
    if isinstance(result, Ground) and result.lost:
        sentences.append(
            f"**A record that lost ground:** net revenue {_moved(last['net_minor'], this['net_minor'], code)} in {this['period']}, while old "
            f"customers brought {words.money(-result.from_old_minor, code=code)} less than the period before."
        )
    else:
        sentences.append(f"**{revenue}.**")
    if isinstance(periods, Periods) and not periods.same_season:
        sentences.append(f"{last['period']}, with which it is compared, are other months of the year: a season may look like a change.")
    if isinstance(change, Decomposition):
        found = measures.movers(change)
        up = max(found, key=found.get)
        if found[up] > 0:
            sentences.append(f"Most was added by {_MOVERS[up]}: {words.money(found[up], code=code)}.")
    elif isinstance(simple, Decomposition):
        sentences.append(explained(simple, code=code, total=False))
    else:
        sentences.append(f"What moved it is not said here. {simple.reason}")
    if isinstance(result, Ground):
        sentences.append(
            f"**An old customer ordered on {result.each_after:.2f} days, against {result.each_before:.2f}**: a difference of {_signed(result.each)}"
            f"{'.' if result.each.excludes_zero else ', which chance alone could make.'}"
        )
    if isinstance(route_table, pd.DataFrame) and _stands_out(route_table.iloc[0]):
        sentences.append(routes(route_table, code=code).replace("**", ""))
    if isinstance(first, FirstMonths) and first.difference.excludes_zero:
        sentences.append(first_months(first, code=code).replace("**", ""))
    if isinstance(change, Decomposition):
        sentences.append(largest_loss(change, code=code))
    return sentences


def _stands_out(route: pd.Series) -> bool:
    """Whether a route grew by more than counts of people do by chance: three standard errors of a Poisson difference."""
    return bool(route["change"] > 3 * (route["new_before"] + route["new_after"]) ** 0.5)


def limits(company, *, periods: Periods | Withheld, orders: pd.DataFrame, change: Decomposition | Withheld) -> list[str]:
    """What these data cannot tell, in sentences."""
    sentences = [
        "An order file knows who bought, not who came and did not: traffic and close rate are one number here, the customers who bought.",
        "The parts say where revenue moved, not why, and not what a move of ours would cause. Whether the whole market grew is not in "
        "the data either.",
    ]
    if isinstance(periods, Periods) and periods.lookback_months:
        sentences.append(
            f"Old is who bought in the {words.count(periods.lookback_months, 'month')} before a period; who had stayed away longer counts as "
            "new again. The old customers of two periods are not the same people: where many were won in between who buy once, the average "
            "falls although nobody changed."
        )
    if isinstance(periods, Periods) and not periods.same_season:
        sentences.append("The two periods are not the same months of the year, so a season may look like a change.")
    if isinstance(change, Withheld) and isinstance(periods, Periods):
        sentences.append(f"Old and new customers are not told apart. {change.reason}")
    if not measures.has_margins(orders):
        sentences.append("Margins are not in the data, so this page speaks of revenue, not of profit.")
    if company.customers is None or "acquisition_route" not in company.customers:
        sentences.append("How customers were won, and at what cost, is not in the data: growth that was bought looks like any other.")
    return sentences


def key_numbers(
    *, table: pd.DataFrame | Withheld, change: Decomposition | Withheld, result: Ground | Withheld,
    route_table: pd.DataFrame | Withheld, worth: Equity | Withheld,
) -> list[dict]:  # fmt: skip
    """The key numbers of this lesson for results.json.

    Returns
    -------
    list of dict with `key`, `value`, `unit`, `label`; what is withheld is missing.
    """
    rows = []
    if isinstance(table, pd.DataFrame):
        for name, row in (("last", table.iloc[-2]), ("this", table.iloc[-1])):
            rows += [
                (f"revenue_{name}_minor", int(row["net_minor"]), "money", f"Net revenue in {row['period']}"),
                (f"buyers_{name}", int(row["buyers"]), "count", f"Customers who bought in {row['period']}"),
                (f"orders_each_{name}", float(row["orders_each"]), "number", f"Orders of a customer in {row['period']}"),
                (f"order_value_{name}_minor", round(row["order_value_minor"]) if pd.notna(row["order_value_minor"]) else None, "money",
                 f"Money an order in {row['period']}"),
            ]  # fmt: skip
            if "margin_rate" in row:
                rows.append((f"margin_rate_{name}", float(row["margin_rate"]), "share", f"Margin rate in {row['period']}"))
    if isinstance(change, Decomposition):
        for row in change.steps.itertuples():
            name = measures.NAMES[row.part, row.factor]
            key = f"effect_{row.part}_{row.factor.removesuffix('_minor')}_minor"
            rows.append((key, int(row.effect_minor), "money", f"Effect on net revenue: {name}"))
        rows.append(("largest_loss", measures.largest_loss(change), "text", "Where most was lost: new, old, size, or none"))
    if isinstance(result, Ground):
        rows += [
            ("old_share_back", result.back_after / result.known_after, "share", "Share of old customers who came back"),
            ("old_orders_each", result.each_after, "number", "Orders of an old customer, those who stayed away included"),
            ("record_lost_ground", "yes" if result.lost else "no", "text", "A record while old customers clearly come less, and bring less"),
        ]
    if isinstance(route_table, pd.DataFrame):
        rows.append(("new_customers", int(route_table["new_after"].sum()), "count", "New customers in this period"))
        rows.append(("route_that_grew_most", str(route_table["route"].iloc[0]), "text", "The route that brought most more new customers"))
    if isinstance(worth, Equity):
        rows.append(("equity_of_a_new_customer_minor", round(worth.value.value), "money", f"Worth of a customer won in {worth.came.label}, estimate"))
        rows.append(("equity_low_minor", round(worth.value.low), "money", "Lower end of its 95% interval"))
        rows.append(("equity_high_minor", round(worth.value.high), "money", "Upper end of its 95% interval"))
    return [dict(zip(("key", "value", "unit", "label"), row, strict=True)) for row in rows]
