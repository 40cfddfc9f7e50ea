"""Groups, ladder and survey in pictures: each takes what a measure returns and answers one question."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from helpers import words
from helpers.money import currency, in_major_units
from helpers.pictures import (
    BLUE,
    INK,
    MARKERS,
    ORANGE,
    PALETTE,
    QUIET,
    VERMILION,
    Picture,
    money_axis,
    new_figure,
    percent_axis,
    short,
    short_labels,
)
from helpers.segmentation.behaviour import Behaviour, Feature, with_features
from helpers.segmentation.groups import FEW_ORDERS, Groups, changed, groups_of
from helpers.segmentation.groups import profiles as group_profiles
from helpers.segmentation.ladder import SILENT, Climbing, Ladder, rung_counts
from helpers.segmentation.surveys import TOP_SHARE, Comparison, reached
from helpers.segmentation.surveys import errors_by_size as sizes_and_errors
from helpers.withheld import Withheld, passes_on_withheld


MOST_POINTS = 800  # in a scatter; more hide each other


# ---------------------------------------------------------------- groups


@passes_on_withheld
def two_columns(behaviour: Behaviour, labels: pd.Series, *, code: str, question: str) -> Picture:
    """Customers by money an order day and order days, with the group that each was put into; of very many, some."""
    table = behaviour.table.sort_index()
    labels = labels.reindex(table.index)
    fig, ax = new_figure(question, height=4.4)
    money = in_major_units(table["mean_order_minor"], code=code)
    drawn = np.zeros(len(table), dtype=bool)
    drawn[np.random.default_rng(2).permutation(len(table))[:MOST_POINTS]] = True
    shift = np.random.default_rng(1).uniform(-0.3, 0.3, len(table))  # days are whole: without it points hide each other
    for place, name in enumerate(sorted(labels.unique(), key=lambda one: money[labels == one].median())):
        group = (labels == name).to_numpy()
        inside = group & drawn
        ax.scatter(
            money[inside], table["order_days"][inside] + shift[inside], s=13, alpha=0.45, linewidths=0,
            color=PALETTE[place % len(PALETTE)], marker=MARKERS[place % len(MARKERS)],
            label=f"group {place + 1} ({words.number(group.sum())})",
        )  # fmt: skip
    low, high = (float(end) for end in money.quantile([0.002, 0.998]))
    _doubling_axis(ax, low * 0.9, high * 1.1, code=code)
    ax.set(
        xlabel=f"Money an order day ({currency(code).unit})"
        + ("" if drawn.all() else f"\n{words.number(drawn.sum())} of {words.number(len(table))} customers drawn"),
        ylabel="Order days",
        ylim=(0, table["order_days"].quantile(0.998) + 1),
    )  # fmt: skip
    ax.legend(
        loc="lower right", bbox_to_anchor=(1.02, 1.0), ncols=3, handletextpad=0.1, columnspacing=0.8, markerscale=1.8, fontsize=10
    )
    spans = "; ".join(
        f"{words.number((labels == name).sum())} customers with {words.money(table['mean_order_minor'][labels == name].median(), code=code)} "
        "an order day (median)"
        for name in sorted(labels.unique(), key=lambda one: money[labels == one].median())
    )
    return Picture(fig, f"Scatter of order days against money an order day, by group. {spans}.")


@passes_on_withheld
def trials(table: pd.DataFrame, *, chosen: int | Withheld) -> Picture | Withheld:
    """For each number of groups: is there more than in data without kinds, and do the groups come back?"""
    if table.empty:
        return chosen
    fig, (left, right) = new_figure("How many groups are there, if any?", height=3.9, columns=2)
    k = table["k"]
    ticks = k if len(k) <= 7 else k[::2]
    left.plot(k, table["silhouette"], "o-", color=BLUE, label="our customers")
    left.plot(k, table["without_kinds"], "s--", color=QUIET, label="copies without kinds")
    top = 1.12 * max(table["silhouette"].max(), table["without_kinds"].max(), 0.05)
    left.set(xlabel="Number of groups", ylabel="Silhouette", xticks=ticks, ylim=(0, top))
    right.plot(k, table["same"], "o-", color=BLUE, label="stay in their group")
    right.plot(k, table["stability"], "D:", color=ORANGE, label="adjusted Rand index")
    right.set(xlabel="Number of groups", ylabel="Drawn again", xticks=ticks, ylim=(0, 1.03))
    for ax in (left, right):
        if isinstance(chosen, int):
            ax.axvline(chosen, color=INK, linewidth=1, linestyle="--", zorder=0)
        ax.legend(loc="lower left", bbox_to_anchor=(-0.05, 1.0), handlelength=1.6, fontsize=10)
    held = table.loc[table["holds"], "k"].tolist()
    says = f"Both tests are passed with {words.listing(map(str, held))} groups" if held else "No number of groups passes both tests"
    at = table[table["k"] == chosen]
    more = (
        f"; {chosen} are used: {words.in_100(at['same'].iloc[0])} customers stay in their group when drawn again"
        if len(at)
        else ""
    )
    return Picture(fig, f"Two curves over the number of groups: silhouette beside copies without kinds, and stability. {says}{more}.")


MOST_COLUMNS = 6  # groups in a figure
MOST_ROWS = 9  # habits in a figure; more, and nobody in the back row can read them


@passes_on_withheld
def profiles(groups: Groups, table: pd.DataFrame, *, code: str, question: str = "What sets the groups apart?") -> Picture:
    """The habits that set the groups apart most, in the units of the data; the colour says how far from the average customer."""
    names = list(table["group"])[:MOST_COLUMNS]  # the largest first
    reach = groups.centres.loc[names].abs().max()
    kept = set(reach.sort_values(ascending=False, kind="stable").index[:MOST_ROWS])
    features = [one for one in groups.scale.features if one.name in kept]
    grid = groups.centres.loc[names, [one.name for one in features]].to_numpy().T
    fig, ax = new_figure(question, height=1.6 + 0.3 * len(features))
    _diverging(ax, grid)
    values = table.set_index("group")
    for row, feature in enumerate(features):
        for column, name in enumerate(names):
            ax.annotate(
                _value(feature, values.loc[name, feature.name], code), (column, row), ha="center", va="center", fontsize=11 if len(names) < 6 else 9,
                color="white" if abs(grid[row, column]) > 0.95 else INK,
            )  # fmt: skip
    ax.set_yticks(range(len(features)), [_label(one) for one in features], fontsize=11)
    ax.xaxis.tick_top()
    # No two names begin alike, so the first trait is enough for a head.
    heads = [_two_lines(name.partition(",")[0]) for name in names]
    ax.set_xticks(range(len(names)), heads, fontsize=11, rotation=30, ha="left", rotation_mode="anchor")
    ax.tick_params(length=0)
    ax.grid(visible=False)
    most = "" if len(names) == len(table) else f"\nThe {len(names)} largest of {len(table)} groups"
    ax.set_xlabel(f"Blue: above the average customer; orange: below{most}", fontsize=11)
    says = "; ".join(
        f"{name}: {words.number(values.loc[name, 'customers'])} customers, {_extreme(groups, name, values, code)}" for name in names
    )
    shown = "" if len(names) == len(table) else f" The {len(names)} largest of {len(table)} groups are shown."
    return Picture(fig, f"The {len(features)} habits that set the groups apart most, by group.{shown} {says}.")


@passes_on_withheld
def tried(behaviour: Behaviour, orders: pd.DataFrame, *, columns: list[str], k: int, code: str) -> Picture:
    """The groups that some of the columns give, to play with."""
    found = groups_of(with_features(behaviour, columns), k)
    return profiles(found, group_profiles(found), code=code, question=f"If we ask for {k} groups, what do we get?")


@passes_on_withheld
def movement(table: pd.DataFrame, *, since: str) -> Picture:
    """Counts of customers by group then and now."""
    fig, ax = new_figure("Who changed their habits?", height=min(2.1 + 0.48 * len(table), 4.5))
    counts = table.to_numpy()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    # Those with few orders are many and no group; they would drown the rest.
    _shade(ax, shares)
    for (row, column), value in np.ndenumerate(counts):
        ax.annotate(
            words.number(value), (column, row), ha="center", va="center", fontsize=10,
            color="white" if shares[row, column] > 0.55 else INK,
        )  # fmt: skip
    labels = [_two_lines(name) for name in table.index]
    ax.set_xticks(range(len(labels)), labels, fontsize=9.5, rotation=35, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(labels)), labels, fontsize=9.5)
    ax.set(xlabel="Group now", ylabel=f"Group {since}")
    ax.grid(visible=False)
    said = changed(table)
    return Picture(
        fig,
        f"Table of customers by group {since} (rows) and now (columns). Of {words.number(said['grouped'])} who were in a group "
        f"at both dates, {words.number(said['changed'])} are in another one; a darker cell is a larger share of its row.",
    )


# ---------------------------------------------------------------- ladder


@passes_on_withheld
def ladder(ladder: Ladder) -> Picture:
    """Customers on each rung, with the money of the last year they bring."""
    table = rung_counts(ladder)
    fig, ax = new_figure("On which rung do our customers stand?", height=1.4 + 0.42 * len(table))
    places = np.arange(len(table))
    colors = [QUIET if rung == SILENT else BLUE for rung in table["rung"]]
    ax.barh(places, table["customers"], color=colors, height=0.62)
    for place, row in zip(places, table.itertuples(), strict=True):
        money = "" if row.rung == SILENT else f", {words.percent(row.share_of_value)} of the money"
        ax.annotate(
            f"{words.number(row.customers)}{money}", (row.customers, place), va="center", xytext=(4, 0),
            textcoords="offset points", fontsize=10,
        )  # fmt: skip
    ax.set_yticks(places, table["rung"])
    ax.set_xlim(right=table["customers"].max() * 1.34)
    ax.set(xlabel="Customers", ylabel="Rung, the highest on top")
    ax.grid(axis="y", visible=False)
    says = "; ".join(f"{row.rung} {words.number(row.customers)}" for row in table.itertuples())
    return Picture(fig, f"Bars of customers by rung of the ladder: {says}.")


@passes_on_withheld
def climbing(result: Climbing) -> Picture:
    """What became of 100 customers of each rung within a quarter."""
    table = result.table[(result.table["rung"] != SILENT) & (result.table["stood"] > 0)].iloc[::-1]
    fig, ax = new_figure("Of 100 customers on a rung, what became of them in a quarter?", height=1.6 + 0.38 * len(table))
    places = np.arange(len(table))[::-1]
    start = np.zeros(len(table))
    for name, said, color in (
        ("climbed", "climbed", BLUE), ("stayed", "stayed", "#E4E7EB"), ("fell", "fell a rung", ORANGE),
        ("fell_silent", "fell silent", VERMILION),
    ):  # fmt: skip
        share = (table[name] / table["stood"]).to_numpy()
        ax.barh(places, share, left=start, color=color, height=0.66, label=said)
        for place, begin, part in zip(places, start, share, strict=True):
            if part >= 0.045:
                light = name == "stayed"
                ax.annotate(
                    f"{100 * part:.0f}", (begin + part / 2, place), ha="center", va="center", fontsize=10,
                    color=INK if light else "white",
                )  # fmt: skip
        start = start + share
    ax.set_yticks(places, table["rung"])
    ax.set(xlabel="Share of those on the rung", ylabel="Rung", xlim=(0, 1))
    ax.grid(visible=False)
    percent_axis(ax.xaxis)
    ax.legend(loc="lower right", bbox_to_anchor=(1.02, 1.0), ncols=4, handlelength=1.0, columnspacing=1.2, fontsize=10)
    says = "; ".join(
        f"{row.rung}: {100 * row.climbed / row.stood:.0f} climbed, {100 * row.fell_silent / row.stood:.0f} fell silent"
        for row in table.itertuples()
    )
    return Picture(fig, f"Bars for each rung, of 100 customers within a quarter. {says}.")


# ---------------------------------------------------------------- survey


@passes_on_withheld
def schemes(comparison: Comparison) -> Picture:
    """How much of the next quarter's money each way of sorting puts into its best quarter of customers."""
    table = comparison.table.sort_values("captured", kind="stable", ignore_index=True)
    fig, ax = new_figure("What do the best 25 of 100 customers of each way of sorting bring next quarter?", height=1.75 + 0.275 * len(table))
    colors = {"asked": ORANGE, "found": BLUE, "plain rule": QUIET}
    for kind, color in colors.items():
        rows = table[table["kind"] == kind]
        ax.barh(rows.index, rows["captured"], color=color, height=0.62, label=kind)
    ax.hlines(table.index, table["low"], table["high"], color=INK, linewidth=1.4)
    ax.axvline(TOP_SHARE, color=INK, linestyle="--", linewidth=1.2)
    ax.set_yticks(table.index, table["scheme"])
    ax.set_xlim(0, max(table["high"]) * 1.05)
    ax.set_xlabel("Share of the next quarter's money\n(dashed: by lot; lines: 95% intervals)")
    ax.grid(axis="y", visible=False)
    percent_axis(ax.xaxis)
    ax.legend(loc="lower right", bbox_to_anchor=(1.02, 1.0), ncols=3, handlelength=1.0)
    says = "; ".join(f"{row.scheme} {words.percent(row.captured)}" for row in table.iloc[::-1].itertuples())
    return Picture(fig, f"Bars of the share of the next quarter's money that comes from the best 25 of 100 customers of each scheme: {says}.")


@passes_on_withheld
def errors_by_mode(table: pd.DataFrame) -> Picture:
    """From the truth to what a survey says: the step of who answers, and the step of what they answer."""
    fig, ax = new_figure("How far from the truth, and why?", height=1.9 + 0.5 * len(table))
    truth = float(table["truth"].iloc[0])
    names = [f"{row.mode}, weighted" if row.weighted else str(row.mode) for row in table.itertuples()]
    labels = short_labels(names)
    places = np.arange(len(table))[::-1]
    for place, row in zip(places, table.itertuples(), strict=True):
        ax.plot([truth, row.own], [place + 0.1] * 2, color=ORANGE, linewidth=6, solid_capstyle="butt")
        ax.plot([row.own, row.claimed], [place - 0.1] * 2, color=BLUE, linewidth=6, solid_capstyle="butt")
        ax.plot([row.low, row.high], [place - 0.1] * 2, color=INK, linewidth=1.3)
        ax.plot([row.claimed], [place - 0.1], "o", color=INK, markersize=6)
    ax.plot([], [], color=ORANGE, linewidth=6, label="who answers")
    ax.plot([], [], color=BLUE, linewidth=6, label="what they answer")
    ax.plot([], [], "o-", color=INK, linewidth=1.3, markersize=6, label="survey (95%)")
    ax.axvline(truth, color=INK, linestyle="--", linewidth=1.2)
    ax.set_yticks(places, [f"{labels[name]}\n({words.number(row.known)})" for name, row in zip(names, table.itertuples(), strict=True)])
    ax.set(xlabel="Mean order days in a year (dashed: truth)", ylabel="Way of asking (answers)", ylim=(-0.6, len(table) - 0.4))
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower right", bbox_to_anchor=(1.02, 1.0), ncols=3, handlelength=1.2, columnspacing=1.0, fontsize=10)
    says = "; ".join(f"{name} says {row.claimed:.1f}" for name, row in zip(names, table.itertuples(), strict=True))
    return Picture(fig, f"The true mean is {truth:.1f} order days; {says}. Each way is split into who answers and what they answer.")


@passes_on_withheld
def errors_by_size(table: pd.DataFrame, *, truth: float, size: int, question: str = "Does asking more people help?") -> Picture:
    """Where the results of many surveys lie, for growing numbers of answers."""
    fig, ax = new_figure(question, height=3.9)
    middle = truth + table["error"]
    ax.fill_between(
        table["size"], (middle - 2 * table["spread"]).clip(0, 1), (middle + 2 * table["spread"]).clip(0, 1), color=BLUE, alpha=0.22,
        linewidth=0, label="19 of 20 surveys",
    )  # fmt: skip
    ax.plot(table["size"], middle, color=BLUE, label="on average")
    ax.axhline(truth, color=INK, linestyle="--", linewidth=1.4, label="the truth")
    row = table[table["size"] == size].iloc[0]
    at = truth + row["error"]
    ax.errorbar([size], [at], yerr=[2 * row["spread"]], fmt="o", color=VERMILION, markersize=8, capsize=5, linewidth=2)
    ax.set_xscale("log")
    ticks = table["size"].iloc[::3]
    ax.set_xticks(ticks, [words.number(one) for one in ticks])
    ax.minorticks_off()
    ax.set(xlabel="Answers", ylabel="Share who say yes", ylim=(0, 1))
    percent_axis(ax.yaxis)
    ax.legend(loc="lower right", bbox_to_anchor=(1.02, 1.0), ncols=3, handlelength=1.2, columnspacing=1.0, fontsize=10)
    return Picture(
        fig,
        f"Band of survey results over the number of answers. The truth is {words.percent(truth)}; with {words.number(size)} answers "
        f"surveys say {words.percent(at)} on average, 19 of 20 of them within {100 * 2 * row['spread']:.1f} points of that.",
    )


def reaching(base: pd.Series, *, size: int, reach: str, answer: str) -> Picture:
    """Surveys of one way to reach people, to play with."""
    truth = float(reached(base)["truth"].mean())
    table = sizes_and_errors(base, reach=reach, answer=answer)
    return errors_by_size(table, truth=truth, size=size, question=f"Do more answers help? Reached: {reach}, {answer}")


# ---------------------------------------------------------------- target


@passes_on_withheld
def targets(scores: pd.DataFrame, *, code: str) -> Picture:
    """What is at stake in each group, and what is left of it after who can be reached and who still answers."""
    table = scores.iloc[::-1].reset_index(drop=True)
    fig, ax = new_figure("Which group first?", height=1.7 + 0.56 * len(table))
    stake, score = (in_major_units(table[name], code=code) for name in ("at_stake_minor", "score_minor"))
    ax.barh(table.index, stake, color="#D5DBE1", height=0.66, label="at stake in a year")
    ax.barh(table.index, score, color=BLUE, height=0.66, label="within reach")
    for place, row in table.iterrows():
        ax.annotate(
            f"{100 * row['reachable']:.0f} can be reached,\n{100 * row['answering']:.0f} ordered lately", (stake[place], place),
            va="center", xytext=(4, 0), textcoords="offset points", fontsize=9.5,
        )  # fmt: skip
    ax.set_yticks(table.index, [_two_lines(name) for name in table["group"]])
    ax.set_xlim(0, stake.max() * 1.5)
    ax.set_xlabel(f"Money ({currency(code).unit}); beside: of 100 customers")
    ax.grid(axis="y", visible=False)
    money_axis(ax.xaxis, code=code)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=4))
    ax.legend(loc="lower right", bbox_to_anchor=(1.02, 1.0), ncols=2, handlelength=1.0)
    says = "; ".join(f"{row.group} {words.money(row.score_minor, code=code)}" for row in scores.itertuples())
    return Picture(fig, f"Bars of what is at stake in each group and of what can be won of it: {says}.")


# ---------------------------------------------------------------- below


def _value(feature: Feature, value: float, code: str) -> str:
    """A cell of the profile, short."""
    if feature.unit == "money":
        return currency(code).sign + short(in_major_units(float(value), code=code))
    if feature.unit == "share":
        return words.percent(value, digits=1 if 0 < value < 0.005 else 0)
    return words.number(value) if feature.unit == "days" else words.number(value, digits=1)


def _label(feature: Feature) -> str:
    """A row of the profile; a member from the data is cut and made drawable."""
    head, colon, member = feature.label.partition(": ")
    return short_labels([member], longest=24)[member] if colon else head


def _two_lines(name: str) -> str:
    """A group's name, broken after its first trait."""
    parts = [short_labels([part], longest=18)[part] for part in name.split(", ")]
    return "\n".join([",\n".join(parts)]) if len(parts) > 1 else (parts[0].replace(" ", "\n", 1) if name == FEW_ORDERS else parts[0])


def _extreme(groups: Groups, name: str, values: pd.DataFrame, code: str) -> str:
    feature, z = groups.traits[name][0]
    return f"{feature.label} {_value(feature, values.loc[name, feature.name], code)} ({'high' if z > 0 else 'low'})"


def _doubling_axis(ax, low: float, high: float, *, code: str) -> None:
    """A horizontal axis on which equal steps are equal factors, with ticks at 1, 2, 5, 10 ..."""
    ax.set_xscale("log")
    ticks = [lead * 10.0**power for power in range(-3, 10) for lead in (1, 2, 5) if low <= lead * 10.0**power <= high]
    ax.xaxis.set_major_locator(FixedLocator(ticks or [low, high]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: currency(code).sign + short(value)))
    ax.set_xlim(low, high)


def _diverging(ax, grid: np.ndarray) -> None:
    """Cells from orange (below average) over white to blue (above)."""
    from matplotlib.colors import LinearSegmentedColormap

    tone = LinearSegmentedColormap.from_list("around", ["#C4741A", "#F3D9B4", "#FFFFFF", "#B9D6EA", BLUE])
    ax.imshow(grid, cmap=tone, aspect="auto", vmin=-1.6, vmax=1.6)


def _shade(ax, shares: np.ndarray) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    ax.imshow(shares, cmap=LinearSegmentedColormap.from_list("tone", ["#F5F7FA", BLUE]), aspect="auto", vmin=0, vmax=1)
