"""Orientation in pictures: each takes what a measure returns and answers one question."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from helpers import words
from helpers.money import currency, in_major_units
from helpers.orientation import measures
from helpers.orientation.cohorts import FirstMonths, customer_equity
from helpers.orientation.measures import Decomposition
from helpers.pictures import (
    BLUE,
    INK,
    ORANGE,
    QUIET,
    VERMILION,
    Picture,
    count_axis,
    money_axis,
    new_figure,
    percent_axis,
    short,
    short_labels,
)
from helpers.withheld import passes_on_withheld

MOST_ROUTES = 8  # a taller figure has small words on a slide
FACTOR_NAMES = {
    "traffic": "traffic",
    "page_views": "page views",
    "close_rate": "close rate",
    "conversion_rate": "conversion rate",
    "order_value": "order value",
    "repeat_rate": "repeat rate",
    "referral_rate": "referral rate",
    "margin_rate": "margin rate",
    "all": "all together",
}
_READING_NAMES = {"first orders": "first orders alone", "literal": "as printed: × rates", "multipliers": "as multipliers: × (1 + rate)"}


# ---------------------------------------------------------------- the formula


def readings(factors: Mapping[str, float], *, code: str) -> Picture:
    """The result of the formula: first orders alone, read as printed, and read with multipliers."""
    fig, ax = new_figure("What does the formula give, read in two ways?", height=2.9)
    values = {name: measures.performance(factors, reading=name) for name in measures.READINGS}
    places = np.arange(len(values))[::-1]
    ax.barh(places, values.values(), color=[QUIET, VERMILION, BLUE], height=0.6)
    for place, value in zip(places, values.values(), strict=True):
        ax.annotate(f" {_in_words(value, code)}", (value, place), va="center")
    ax.set_yticks(places, [_READING_NAMES[name] for name in values])
    ax.set(xlabel=f"Gross profit ({currency(code).unit})", xlim=(0, max(*values.values(), 1) * 1.25))
    ax.grid(axis="y", visible=False)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=4))
    money_axis(ax.xaxis, code=code)
    says = "; ".join(f"{_READING_NAMES[name]}: {_in_words(value, code)}" for name, value in values.items())
    return Picture(fig, f"Bars of the gross profit that the {measures.form_of(factors)} formula gives. {says}.")


def levers(factors: Mapping[str, float], *, change: float = 0.1) -> Picture:
    """What a tenth more of each factor is worth, in both readings."""
    fig, ax = new_figure(f"What is {words.percent(change)} more of each factor worth?", height=4.2)
    tables = {name: measures.levers(factors, change=change, reading=name) for name in ("literal", "multipliers")}
    places = np.arange(len(factors) + 1)[::-1]
    same = np.isclose(*(table["effect"] for table in tables.values()))
    for shift, (name, table), color in zip((0.19, -0.19), tables.items(), (QUIET, BLUE), strict=True):
        label = {"literal": "as printed", "multipliers": "as multipliers"}[name]
        ax.barh(places + shift, table["effect"], height=0.36, color=color, label=label)
        # Where both readings agree one label in the middle says it for both.
        for place, effect, once in zip(places, table["effect"], same, strict=True):
            if not once or name == "literal":
                height = place if once else place + 1.15 * shift
                ax.annotate(f" {words.percent(effect, digits=1)}", (effect, height), va="center", fontsize=11)
    ax.set_yticks(places, [FACTOR_NAMES[factor] for factor in tables["literal"]["factor"]])
    ax.set(xlabel="Change of the result", xlim=(0, max(table["effect"].max() for table in tables.values()) * 1.2))
    ax.grid(axis="y", visible=False)
    percent_axis(ax.xaxis)
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2)
    whole = {name: table["effect"].iloc[-1] for name, table in tables.items()}
    return Picture(
        fig,
        f"Bars of what {words.percent(change)} more of each factor is worth. As printed, each is worth the same and all together "
        f"{words.percent(whole['literal'], digits=1)}. As multipliers, the rates of repeat and referral are worth less than the "
        f"others, and all together {words.percent(whole['multipliers'], digits=1)}.",
    )


# ---------------------------------------------------------------- periods and what moved them


@passes_on_withheld
def periods(table: pd.DataFrame, *, code: str) -> Picture:
    """Net revenue of each complete period, that of old customers apart from that of new ones where it is known."""
    fig, ax = new_figure("Is it a record, and whose money is it?", height=3.7)
    place = np.arange(len(table))
    total = np.asarray(in_major_units(table["net_minor"], code=code), dtype=float)
    split = table["old_minor"].notna().to_numpy()
    old = np.asarray(in_major_units(table["old_minor"].fillna(0).astype("int64"), code=code), dtype=float)
    if (~split).any():
        ax.bar(place[~split], total[~split], color=QUIET, width=0.55, label="not told apart")
    if split.any():
        ax.bar(place[split], old[split], color=BLUE, width=0.55, label="old customers")
        ax.bar(place[split], (total - old)[split], bottom=old[split], color=ORANGE, width=0.55, label="new customers")
        for x, part, whole in zip(place[split], old[split], total[split], strict=True):
            # White on blue, dark on orange: both can be read in a grey print.
            ax.annotate(short(part), (x, part / 2), ha="center", va="center", color="white")
            ax.annotate(short(whole - part), (x, (part + whole) / 2), ha="center", va="center", color=INK)
    for x, whole in zip(place, total, strict=True):
        ax.annotate(_total(whole, currency(code).sign), (x, whole), ha="center", va="bottom", xytext=(0, 3),
                    textcoords="offset points", fontweight="bold")  # fmt: skip
    ax.set_xticks(place, [label.replace(" to ", " to\n") for label in table["period"]])
    ax.set(ylabel=f"Net revenue ({currency(code).unit})", ylim=(min(0, total.min() * 1.1), max(total.max(), 1) * 1.12), xlim=(-0.6, len(table) - 0.4))
    ax.grid(axis="x", visible=False)
    money_axis(ax.yaxis, code=code)
    if split.any():
        ax.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=3, columnspacing=1.0, handlelength=1.2)
    alt = "Bars of net revenue by period: " + "; ".join(
        f"{row.period} {words.money(row.net_minor, code=code)}"
        + (f", of it {words.money(row.old_minor, code=code)} from old customers" if pd.notna(row.old_minor) else "")
        for row in table.itertuples()
    )
    return Picture(fig, alt + ".")


@passes_on_withheld
def waterfall(change: Decomposition, *, code: str) -> Picture:
    """From the last period to this one, factor by factor."""
    steps = change.steps
    title = {
        "orders": "What moved revenue: customers, orders or order value?",
        "margin": "What moved the gross margin?",
        "old and new": "Who moved revenue: new customers or old ones?",
    }[change.way]
    fig, ax = new_figure(title, height=min(1.75 + 0.3 * (len(steps) + 2), 4.5))
    before, after = (float(in_major_units(value, code=code)) for value in (change.before_minor, change.after_minor))
    effects = np.asarray(in_major_units(steps["effect_minor"], code=code), dtype=float)
    ends = before + effects.cumsum()
    starts = np.r_[before, ends[:-1]]
    names = [measures.NAMES[part, factor] for part, factor in zip(steps["part"], steps["factor"], strict=True)]
    labels = [change.last.label, *names, change.this.label]
    places = np.arange(len(labels))[::-1]
    ax.barh(places[[0, -1]], [before, after], color=QUIET, height=0.62)
    ax.barh(places[1:-1], effects, left=starts, height=0.62, color=np.where(effects < 0, VERMILION, BLUE))
    for place, end in zip(places[:-1], [before, *ends], strict=True):
        ax.plot([end, end], [place - 0.31, place - 0.69], color=INK, linewidth=0.8)
    sign = currency(code).sign
    texts = [_total(before, sign), *(f"{'−' if one < 0 else '+'}{sign}{short(abs(one))}" for one in effects), _total(after, sign)]
    for place, start, end, text in zip(places, [before, *starts, after], [before, *ends, after], texts, strict=True):
        ax.annotate(f" {text}", (max(start, end), place), va="center")
    # The changes are small beside the totals, so the axis starts near them and says so.
    low, high = min(before, after, *ends), max(before, after, *ends)
    room = max(high - low, 0.02 * high)
    floor = max(0.0, low - 0.35 * room)
    ax.set_xlim(floor, high + 0.38 * (high - floor))
    ax.set_yticks(places, labels)
    ax.set_xlabel(f"{change.what} ({currency(code).unit}){', not from zero' if floor else ''}")
    ax.grid(axis="y", visible=False)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=4))
    money_axis(ax.xaxis, code=code)
    says = "; ".join(f"{name} {words.money(int(one), code=code)}" for name, one in zip(names, steps["effect_minor"], strict=True))
    return Picture(
        fig,
        f"Waterfall of {change.what.lower()} from {words.money(change.before_minor, code=code)} in {change.last.label} to "
        f"{words.money(change.after_minor, code=code)} in {change.this.label}. {says}.",
    )


@passes_on_withheld
def routes(table: pd.DataFrame, *, code: str) -> Picture:
    """New customers by the route that brought them, last period and this one, with what one cost."""
    table = table.head(MOST_ROUTES).iloc[::-1]
    fig, ax = new_figure("Which route brought the new customers?", height=1.9 + 0.46 * len(table))
    places = np.arange(len(table))
    ax.barh(places + 0.2, table["new_before"], height=0.38, color=QUIET, label="last period")
    ax.barh(places - 0.2, table["new_after"], height=0.38, color=BLUE, label="this period")
    for shift, name in ((0.2, "before"), (-0.2, "after")):
        costs = table.get(f"cost_{name}_minor", pd.Series(np.nan, index=table.index))
        for place, count, cost in zip(places, table[f"new_{name}"], costs, strict=True):
            text = words.number(count) + (f" at {words.money(cost, code=code)}" if pd.notna(cost) else "")
            ax.annotate(f" {text}", (count, place + shift), va="center", fontsize=11)
    labels = short_labels(table["route"].str.replace("_", " "))
    ax.set_yticks(places, [labels[name] for name in table["route"].str.replace("_", " ")])
    ax.set(xlabel="New customers, and what winning one cost", xlim=(0, max(table[["new_before", "new_after"]].to_numpy().max(), 1) * 1.4))
    ax.grid(axis="y", visible=False)
    count_axis(ax.xaxis)
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2)
    says = "; ".join(
        f"{str(row.route).replace('_', ' ')} {words.number(row.new_before)} and {words.number(row.new_after)}" for row in table.iloc[::-1].itertuples()
    )
    return Picture(fig, f"Bars of new customers by route, in the last period and in this one. {says}.")


@passes_on_withheld
def first_months(result: FirstMonths, *, code: str) -> Picture:
    """What a new customer has left day by day, for two groups."""
    what = "margin" if result.is_margin else "revenue"
    split = ", by route" if result.is_by_route else ""
    fig, ax = new_figure(f"What has a new customer left after {result.days} days{split}?", height=3.7)
    curve = result.curve
    labels = short_labels([name.replace("_", " ") for name in result.groups], longest=24)
    columns = ("first_minor", "second_minor")
    above = "first_minor" if curve["first_minor"].iloc[-1] > curve["second_minor"].iloc[-1] else "second_minor"
    # Two ends that lie close together would be written over each other.
    close = abs(curve[columns[0]].iloc[-1] - curve[columns[1]].iloc[-1]) < 0.1 * np.ptp(np.r_[0, curve[list(columns)].to_numpy().ravel()])
    for column, name, color, style in zip(columns, result.groups, (QUIET, BLUE), ("--", "-"), strict=True):
        money = np.asarray(in_major_units(curve[column], code=code), dtype=float)
        ax.plot(curve["day"], money, color=color, linestyle=style, linewidth=2.6, label=labels[name.replace("_", " ")])
        side = "center" if not close else "bottom" if column == above else "top"
        ax.annotate(f" {_in_words(money[-1], code)}", (curve["day"].iloc[-1], money[-1]), va=side, fontweight="bold")
    ax.axhline(0, color=INK, linewidth=1)
    low = min(0.0, float(in_major_units(curve[["first_minor", "second_minor"]].to_numpy().min(), code=code)))
    high = float(in_major_units(curve[["first_minor", "second_minor"]].to_numpy().max(), code=code))
    ax.set(xlabel="Days since the first order", ylim=(low * 1.1, high * 1.12), xlim=(0, result.days * 1.2),
           ylabel=f"{what.capitalize()}{' less cost' if result.knows_cost else ''} ({currency(code).unit})")  # fmt: skip
    ax.set_xticks(range(0, result.days + 1, 30 if result.days <= 240 else 90))
    money_axis(ax.yaxis, code=code)
    ax.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=2)
    ends = [words.money(curve[column].iloc[-1], code=code) for column in ("first_minor", "second_minor")]
    groups = [name.replace("_", " ") for name in result.groups]
    return Picture(
        fig,
        f"Two curves of the {what} that a new customer has left, {'less the cost of winning them, ' if result.knows_cost else ''}by days "
        f"since the first order. After {result.days} days: {groups[0]} {ends[0]}, {groups[1]} {ends[1]}.",
    )


# ---------------------------------------------------------------- beyond the core


def equity(yearly_minor: float, *, retention: float, code: str, discount: float = 0.1, years: int = 5) -> Picture:
    """What a customer is worth over some years, by the share who come back."""
    fig, ax = new_figure(f"What is a customer worth over {years} years?", height=3.3)
    shares = np.linspace(0, 1, 51)
    worth = [in_major_units(customer_equity(yearly_minor, retention=share, discount=discount, years=years), code=code) for share in shares]
    here = in_major_units(customer_equity(yearly_minor, retention=retention, discount=discount, years=years), code=code)
    ax.plot(shares, worth, color=QUIET)
    ax.plot([retention], [here], "o", color=BLUE, markersize=10)
    side = "right" if retention > 0.6 else "left"
    ax.annotate(f"{words.in_100(retention)} come back:\n{_in_words(here, code)}", (retention, here), ha=side, va="bottom",
                xytext=(-10 if side == "right" else 8, 8 if side == "right" else -34), textcoords="offset points", fontweight="bold")  # fmt: skip
    ax.set(xlabel="Share of customers who buy again in the next year", ylabel=f"Worth of one ({currency(code).unit})",
           xlim=(0, 1), ylim=(0, max(max(worth), 1) * 1.1))  # fmt: skip
    percent_axis(ax.xaxis)
    money_axis(ax.yaxis, code=code)
    return Picture(
        fig,
        f"Curve of a customer's worth over {years} years against the share who come back each year, bending upwards. "
        f"At {words.in_100(retention)} it is {_in_words(here, code)}, with {_in_words(float(in_major_units(yearly_minor, code=code)), code)} in the first year.",
    )


def one_percent(table: pd.DataFrame, *, code: str) -> Picture:
    """What one percent of price, volume or cost does to profit."""
    fig, ax = new_figure("One percent of what moves profit most?", height=2.9)
    places = np.arange(len(table))[::-1]
    ax.barh(places, table["gain"], color=[BLUE, ORANGE, QUIET, QUIET], height=0.6)
    for place, gain, share in zip(places, table["gain"], table["share"], strict=True):
        ax.annotate(f" {_in_words(gain, code)}" + (f" ({words.percent(share, digits=1)})" if pd.notna(share) else ""), (gain, place), va="center")
    ax.set_yticks(places, table["lever"])
    ax.set(xlabel=f"More profit ({currency(code).unit}; share of today's profit)", xlim=(0, max(table["gain"].max(), 1) * 1.45))
    ax.grid(axis="y", visible=False)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=4))
    money_axis(ax.xaxis, code=code)
    says = "; ".join(f"{row.lever} {_in_words(row.gain, code)}" for row in table.itertuples())
    return Picture(fig, f"Bars of the profit that one percent adds. {says}.")


def _total(value: float, sign: str) -> str:
    """A total with two digits after the point of a million: 4.00m beside 4.46m."""
    return f"{sign}{value / 1e6:.2f}m" if abs(value) >= 1e6 else f"{sign}{short(value)}"


def _in_words(value: float, code: str) -> str:
    """Money in major units, in words."""
    return words.money(round(value * currency(code).factor), code=code)
