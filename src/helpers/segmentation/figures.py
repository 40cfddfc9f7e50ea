"""Segmentation in pictures: each takes what a measure returns and answers one question."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from helpers import words
from helpers.money import currency, in_major_units
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
from helpers.segmentation.drill import DrillDown, Period, StoreCheck, change_by_member
from helpers.segmentation.measures import RFM, Concentration, NextOrders, SizeClasses
from helpers.withheld import passes_on_withheld, silent_when_withheld


MOST_SHOPS = 10  # a taller figure has small words on a slide


@passes_on_withheld
def concentration(result: Concentration) -> Picture:
    """The Pareto curve: from the most valuable customer to the least."""
    fig, ax = new_figure("How much of the money comes from how few customers?")
    curve = result.curve
    ax.plot(curve["share_of_customers"], curve["share_of_value"], color=BLUE)
    ax.plot([0, 1], [0, 1], color=QUIET, linestyle="--", linewidth=1.2)
    ax.annotate("if all spent the same", (0.6, 0.55), color=INK, va="top", fontsize=11)
    ax.plot([0.2, 0.37], [result.top_20_share, 0.21], color=ORANGE, linewidth=1)
    ax.plot([0.2], [result.top_20_share], "o", color=ORANGE, markersize=8)
    # Below the diagonal there is room whatever the curve looks like.
    ax.annotate(
        f"the top 20% of customers:\n{words.percent(result.top_20_share)} of the money",
        (0.2, result.top_20_share), xytext=(0.36, 0.2), va="top",
    )  # fmt: skip
    ax.set(xlabel="Customers, most valuable first (share)", ylabel="Money (share)", xlim=(0, 1), ylim=(0, 1.02))
    percent_axis(ax.xaxis)
    percent_axis(ax.yaxis)
    return Picture(
        fig,
        f"Curve of the share of money against the share of customers. The most valuable 20 of 100 "
        f"customers bring {words.percent(result.top_20_share)} of the money.",
    )


@passes_on_withheld
def recency_by_frequency(rfm: RFM) -> Picture:
    """Customers by recency and frequency score, as a heat map with counts."""
    fig, ax = new_figure("Where do our customers stand: how recent, how often?", height=4.2)
    table = rfm.table
    grid = pd.crosstab(table["f"], table["r"]).reindex(index=range(1, 6), columns=range(1, 6), fill_value=0)
    _heat(ax, grid.to_numpy(), grid.to_numpy() / grid.to_numpy().max())
    ax.set_xticks(range(5), ["1\nlong ago", "2", "3", "4", "5\nrecent"])
    ax.set_yticks(range(5), ["1 seldom", "2", "3", "4", "5 often"])
    ax.invert_yaxis()
    ax.set(xlabel="Recency score", ylabel="Frequency score")
    top, faded = int(grid.loc[4:, 4:].to_numpy().sum()), int(grid.loc[4:, :2].to_numpy().sum())
    return Picture(
        fig,
        f"Heat map of customer counts by recency score and frequency score. "
        f"{words.count(top, 'customer')} score 4 or 5 on both; {words.count(faded, 'customer')} "
        "buy often by frequency but score 1 or 2 on recency.",
    )


@silent_when_withheld
def segments(summary: pd.DataFrame) -> Picture:
    """Share of customers beside share of money, for each segment."""
    fig, ax = new_figure("Which segments carry the business?", height=4.4)
    _paired_bars(ax, summary["segment"], summary["share_of_customers"], summary["share_of_value"])
    best = summary.loc[summary["share_of_value"].idxmax()]
    return Picture(
        fig,
        f"Bars of the share of customers and of money for each segment. {best['segment']} are "
        f"{words.percent(best['share_of_customers'])} of customers and bring "
        f"{words.percent(best['share_of_value'])} of the money.",
    )


@passes_on_withheld
def sizes(classes: SizeClasses) -> Picture:
    """Share of buyers beside share of money, for small, medium, large and VIP."""
    fig, ax = new_figure("What do small, medium, large and VIP customers bring?", height=3.4)
    cuts = classes.cuts
    _paired_bars(ax, cuts["size"], cuts["customers"] / cuts["customers"].sum(), cuts["share_of_value"])
    vip = cuts.iloc[-1]
    return Picture(
        fig,
        f"Bars of the share of customers and of money for each size. {words.count(int(vip['customers']), 'VIP')} "
        f"bring {words.percent(vip['share_of_value'])} of the money.",
    )


@passes_on_withheld
def margin_against_cost(profit: pd.DataFrame, classes: pd.DataFrame, *, code: str) -> Picture:
    """Each customer's margin against what serving them cost; below the line they cost us money."""
    fig, ax = new_figure("Who costs more to serve than they bring in?", height=4.2)
    bought = classes["value_class"].ne("no order").to_numpy()
    below = classes["value_class"].eq("BZC").to_numpy()
    margin = in_major_units(profit["margin_minor"], code=code)
    cost = in_major_units(profit["cost_to_serve_minor"], code=code)
    # A few giants would press everybody else into a corner; the question is asked near the line.
    high = float(np.quantile(np.r_[cost[bought], 1.0], 0.998))
    right = 2.5 * high
    ax.scatter(margin[bought & ~below], cost[bought & ~below], s=9, color=BLUE, alpha=0.35, linewidths=0, label="brings more than it costs")
    ax.scatter(margin[below], cost[below], s=16, color=VERMILION, marker="s", linewidths=0, label="costs more than it brings")
    ax.plot([0, high], [0, high], color=INK, linestyle="--", linewidth=1.2)
    # Room to the left only where customers are: returns can make a margin negative.
    left = float(np.clip(margin[bought].min() * 1.05, -0.5 * high, -0.05 * high))
    ax.set(xlim=(left, right), ylim=(-0.02 * high, 1.05 * high), xlabel=f"Margin after returns in the window ({currency(code).unit})", ylabel=f"Cost to serve ({currency(code).unit})")
    money_axis(ax.xaxis, code=code)
    money_axis(ax.yaxis, code=code)
    # Anchored at its right end, because at the left the second name ran out of the picture.
    ax.legend(loc="lower right", bbox_to_anchor=(1.02, 1.0), ncols=2, handletextpad=0.1, columnspacing=1.0)
    return Picture(
        fig,
        f"Scatter of margin against cost to serve. {words.count(int(below.sum()), 'customer')} of "
        f"{words.number(int(bought.sum()))} lie above the dashed line, where serving costs more than the margin. "
        "Customers with a larger margin lie outside the picture.",
    )


@passes_on_withheld
def below_zero_by_store(check: StoreCheck) -> Picture:
    """The share of below-zero customers, shop by shop."""
    # Highest first, as far as there is room; the share of all shops is the dashed line.
    table = check.table.head(MOST_SHOPS).iloc[::-1]
    more = "" if len(check.table) <= MOST_SHOPS else f", the {MOST_SHOPS} highest of {len(check.table)}"
    fig, ax = new_figure(f"Do below-zero customers come from one shop{more}?", height=1.6 + 0.28 * len(table))
    labels = short_labels(table["store_id"])
    colors = [VERMILION if store in check.outliers else QUIET for store in table["store_id"]]
    ax.barh([labels[store] for store in table["store_id"]], table["rate"], color=colors)
    overall = check.table["below_zero"].sum() / check.table["customers"].sum()
    ax.axvline(overall, color=INK, linestyle="--", linewidth=1.2)
    ax.set(xlabel="Share of the shop's customers (dashed: all shops)", ylabel="Shop")
    ax.grid(axis="y", visible=False)
    percent_axis(ax.xaxis)
    top = check.table.iloc[0]
    return Picture(
        fig,
        f"Bars of the share of below-zero customers by shop. Shop {top['store_id']} is highest with "
        f"{words.percent(top['rate'], digits=1)}; all shops together {words.percent(overall, digits=1)}.",
    )


@passes_on_withheld
def effort(table: pd.DataFrame) -> Picture:
    """Share of money beside share of service cost, by customer size."""
    fig, ax = new_figure("Does our effort go where the value is?", height=3.6)
    _paired_bars(
        ax, table["size"], table["share_of_value"], table["share_of_cost"], names=("money", "cost to serve")
    )
    row = table.set_index("size")
    says = [
        f"{size}: {words.percent(row.loc[size, 'share_of_value'])} of the money, "
        f"{words.percent(row.loc[size, 'share_of_cost'])} of the cost"
        for size in row.index
    ]
    return Picture(fig, "Bars of the share of money and of service cost by size. " + "; ".join(says) + ".")


@passes_on_withheld
def movement(table: pd.DataFrame) -> Picture:
    """Counts of customers by size before and after."""
    fig, ax = new_figure("Who moved up, and who moved down?", height=4.2)
    counts = table.to_numpy()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    _heat(ax, counts, shares)
    ax.set_xticks(range(table.shape[1]), table.columns)
    ax.set_yticks(range(table.shape[0]), table.index)
    ax.set(xlabel="Size now", ylabel="Size before")
    stayed = sum(int(table.loc[name, name]) for name in table.index if name in table.columns)
    return Picture(
        fig,
        f"Table of customers by size before (rows) and now (columns). {words.count(stayed, 'customer')} "
        f"of {words.number(int(counts.sum()))} are in the same size; a darker cell is a larger share of its row.",
    )


@passes_on_withheld
def change(drill: DrillDown, *, code: str) -> Picture:
    """A waterfall from the earlier period to the later one, with the cause set apart."""
    fig, ax = new_figure("Where does the change in revenue come from?", height=3.9)
    before = in_major_units(drill.total_before_minor, code=code)
    after = in_major_units(drill.total_after_minor, code=code)
    cause_change = 0.0
    steps = [(drill.before.label, 0.0, before, QUIET)]
    if drill.cause:
        cause_change = in_major_units(int(drill.path.iloc[-1]["change_minor"]), code=code)
        members = [member.replace("_", " ") for member in drill.cause.values()]
        names = short_labels(members)
        label = "\n".join(names[member] for member in members)
        steps.append((label, before, before + cause_change, VERMILION if cause_change < 0 else BLUE))
    rest = after - before - cause_change
    steps.append(("all the rest" if drill.cause else "change", after - rest, after, ORANGE if rest < 0 else BLUE))
    steps.append((drill.after.label, 0.0, after, QUIET))
    for place, (_, start, end, color) in enumerate(steps):
        ax.bar(place, end - start, bottom=start, color=color, width=0.6)
        is_total = place in (0, len(steps) - 1)
        text = short(abs(end - start)) if is_total else f"{'+' if end >= start else '−'}{short(abs(end - start))}"
        ax.annotate(text, (place, max(start, end)), ha="center", va="bottom", xytext=(0, 3), textcoords="offset points")
    # The changes are small beside the totals, so the axis starts near them and says so.
    low = min(before, after, before + cause_change)
    floor = max(0.0, low - 1.5 * max(abs(rest), abs(cause_change), 0.05 * low))
    ax.set_ylim(floor, max(before, after, before + cause_change) + (max(before, after) - floor) * 0.12)
    ax.set_xticks(range(len(steps)), [label.replace(" 20", "\n20") for label, *_ in steps])
    ax.set_ylabel(f"Net revenue ({currency(code).unit})")
    ax.set_xlabel("The axis does not start at zero." if floor else "")
    ax.grid(axis="x", visible=False)
    money_axis(ax.yaxis, code=code)
    cause = " × ".join(drill.cause.values()).replace("_", " ")
    alt = (
        f"Waterfall of net revenue from {words.money(drill.total_before_minor, code=code)} in {drill.before.label} "
        f"to {words.money(drill.total_after_minor, code=code)} in {drill.after.label}."
    )
    if drill.cause:
        alt += f" {cause}: {words.money(int(drill.path.iloc[-1]['change_minor']), code=code)}."
    return Picture(fig, alt)


@passes_on_withheld
def who_orders_next(result: NextOrders) -> Picture:
    """Of 100 customers with a low and a high score, how many ordered since."""
    fig, ax = new_figure(f"Which score told who would order in the next {result.later_days} days?", height=3.5)
    names = {"R": "R: how recent", "F": "F: how often", "M": "M: how much"}
    table = result.table
    low = table["low_ordered"] / table["low_customers"]
    high = table["high_ordered"] / table["high_customers"]
    places = np.arange(len(table))[::-1]
    for start, end, place in zip(low, high, places, strict=True):
        ax.plot([start, end], [place, place], color=QUIET, linewidth=3, zorder=1)
    ax.scatter(low, places, s=90, color=ORANGE, marker="s", label="score 1 or 2", zorder=2)
    ax.scatter(high, places, s=90, color=BLUE, label="score 4 or 5", zorder=2)
    ax.set_yticks(places, [names[name] for name in table["measure"]])
    ax.set(xlabel="Share of customers who ordered", ylim=(-0.6, len(table) - 0.4), xlim=(-0.01, max(high.max(), low.max()) * 1.15))
    ax.grid(axis="y", visible=False)
    percent_axis(ax.xaxis)
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2, handletextpad=0.1)
    says = "; ".join(
        f"{name}: {words.in_100(a)} with a low score and {words.in_100(b)} with a high one"
        for name, a, b in zip(table["measure"], low, high, strict=True)
    )
    return Picture(fig, f"Shares of customers who ordered, by low and high score. {says}. The gap is widest for {result.best}.")


@passes_on_withheld
def vips_at(value: pd.Series, *, ordered: pd.Series, top_share: float, code: str) -> Picture:
    """Money by customer, dearest first, with the line where VIPs would begin."""
    spent = value[ordered].sort_values(ascending=False).to_numpy()
    count = max(1, round(top_share * len(spent)))
    fig, ax = new_figure("Where should VIP begin?", height=3.3)
    money = np.asarray(in_major_units(pd.Series(spent), code=code))
    place = np.arange(1, len(spent) + 1)
    ax.plot(place, money, color=QUIET, linewidth=1.6)
    ax.fill_between(place[:count], 0, money[:count], color=BLUE, linewidth=0)
    ax.axvline(count, color=INK, linestyle="--", linewidth=1.2)
    ax.set(xlabel="Customers, most money first", ylabel=f"Money ({currency(code).unit})", xlim=(0, len(spent)),
           ylim=(0, float(np.quantile(money, 0.995)) * 1.05))  # fmt: skip
    money_axis(ax.yaxis, code=code)
    count_axis(ax.xaxis)
    share = spent[:count].sum() / spent.sum() if spent.sum() else 0.0
    return Picture(
        fig,
        f"Money of each customer, the most first, falling steeply. The first {words.number(count)} of {words.number(len(spent))} are "
        f"coloured: they bring {words.percent(share)} of the money. The very largest lie above the picture.",
    )


@passes_on_withheld
def change_by(orders: pd.DataFrame, *, dimension: str, periods: tuple[Period, Period], code: str) -> Picture:
    """The change of each part beside the change it would have had, had all parts changed alike."""
    table = change_by_member(orders, dimension=dimension, periods=periods).head(10).iloc[::-1]
    fig, ax = new_figure(f"Opened by {dimension.replace('_', ' ')}: which part changed more than its share?", height=1.7 + 0.34 * len(table))
    places = np.arange(len(table))
    table = table.assign(member=table["member"].str.replace("_", " "))
    names = short_labels(table["member"])
    ax.barh(places + 0.19, in_major_units(table["expected_minor"].round().astype("int64"), code=code), height=0.36, color=QUIET, label="if all had changed alike")
    ax.barh(places - 0.19, in_major_units(table["change_minor"], code=code), height=0.36, color=VERMILION, label="what happened")
    ax.axvline(0, color=INK, linewidth=1)
    ax.set_yticks(places, [names[member] for member in table["member"]])
    ax.set(xlabel=f"Change in net revenue ({currency(code).unit})")
    ax.grid(axis="y", visible=False)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=5))
    money_axis(ax.xaxis, code=code)
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2)
    worst = table.loc[(table["change_minor"] - table["expected_minor"]).abs().idxmax()]
    return Picture(
        fig,
        f"Bars of the change in net revenue by {dimension.replace('_', ' ')}. {worst['member']} is furthest from its share: "
        f"{words.money(int(worst['change_minor']), code=code)} against {words.money(round(worst['expected_minor']), code=code)}.",
    )


@passes_on_withheld
def reached(table: pd.DataFrame, *, code: str) -> Picture:
    """Value at stake that the calls reach, by the rule that chooses whom to call."""
    fig, ax = new_figure(f"How much value do {words.number(table['calls'].iloc[0])} calls reach?", height=2.6)
    rows = table.iloc[::-1]
    ax.barh(rows["rule"], in_major_units(rows["reached_minor"], code=code), color=[QUIET, ORANGE, BLUE])
    for place, (amount, share) in enumerate(zip(rows["reached_minor"], rows["share"], strict=True)):
        ax.annotate(f" {words.percent(share)}", (in_major_units(int(amount), code=code), place), va="center", fontsize=11)
    ax.set(xlabel=f"Value at stake with those called ({currency(code).unit})")
    ax.margins(x=0.12)
    ax.grid(axis="y", visible=False)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=5))
    money_axis(ax.xaxis, code=code)
    says = "; ".join(f"{rule}: {words.percent(share)}" for rule, share in zip(table["rule"], table["share"], strict=True))
    return Picture(fig, f"Bars of the share of all value at stake that {words.number(table['calls'].iloc[0])} calls reach. {says}.")


def _paired_bars(ax, labels, first, second, *, names=("customers", "money")) -> None:
    """Two bars a label: told apart by colour and by lightness."""
    places = np.arange(len(labels))[::-1]
    ax.barh(places + 0.19, first, height=0.36, color=QUIET, label=f"share of {names[0]}")
    ax.barh(places - 0.19, second, height=0.36, color=BLUE, label=f"share of {names[1]}")
    for place, a, b in zip(places, first, second, strict=True):
        ax.annotate(words.percent(a), (max(a, 0), place + 0.19), va="center", xytext=(3, 0), textcoords="offset points", fontsize=10)
        ax.annotate(words.percent(b), (max(b, 0), place - 0.19), va="center", xytext=(3, 0), textcoords="offset points", fontsize=10)
    ax.set_yticks(places, labels)
    ax.set_xlim(right=max(max(first), max(second)) * 1.15)
    ax.set_xlabel(f"Share of all {names[0]} or of all {names[1]}")
    ax.grid(axis="y", visible=False)
    percent_axis(ax.xaxis)
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2)


def _heat(ax, counts: np.ndarray, shade: np.ndarray) -> None:
    """A grid of counts, darker where `shade` is larger."""
    from matplotlib.colors import LinearSegmentedColormap

    ax.imshow(shade, cmap=LinearSegmentedColormap.from_list("tone", ["#F5F7FA", BLUE]), aspect="auto", vmin=0, vmax=1)
    for (row, column), value in np.ndenumerate(counts):
        ax.annotate(
            words.number(value), (column, row), ha="center", va="center",
            color="white" if shade[row, column] > 0.55 else INK, fontsize=11,
        )  # fmt: skip
    ax.grid(visible=False)
