"""Dormancy in pictures: each takes what a measure returns and answers one question."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import words
from helpers.dormancy.cycle import Lives
from helpers.dormancy.ranking import Ranking
from helpers.dormancy.reasons import REASONS
from helpers.dormancy.rhythm import Clocks, Waits
from helpers.dormancy.states import LEAST_IN_A_STATE
from helpers.dormancy.waking import Chooser, Verdict
from helpers.pictures import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    QUIET,
    SKY,
    VERMILION,
    Picture,
    count_axis,
    new_figure,
)
from helpers.stats import uplift
from helpers.withheld import Withheld, passes_on_withheld, silent_when_withheld

STATE_COLORS = {"active": GREEN, "half-asleep": SKY, "asleep": BLUE, "gone": INK}
_UP_TO = 400  # days shown of a waiting-time curve


def arm_name(arm: str) -> str:
    """An arm as a reader says it."""
    return str(arm).replace("_", " ").replace("hold out", "left alone")


@passes_on_withheld
def share_returning(waits: Waits, *, at: int = 90) -> Picture:
    """The waiting-time curve with open waits counted as open, beside the curve of the closed ones alone, which is wrong."""
    fig, ax = new_figure("Of 100 waits for the next order, how many are over by when? (the dashed curve is wrong)")
    for table, color, style in ((waits.curve, BLUE, "-"), (waits.closed_only, ORANGE, "--")):
        part = table[table["days"] <= _UP_TO]
        ax.step(part["days"], 100 * part["returned"], where="post", color=color, linestyle=style)
    right, wrong = (100 * waits.returned_by(at), 100 * waits.returned_by(at, closed_only=True))
    ax.vlines(at, right, wrong, color=VERMILION, linewidth=1.5)
    ax.plot([at, at], [right, wrong], "o", color=VERMILION, markersize=6)
    _end_label(ax, 100 * waits.returned_by(_UP_TO, closed_only=True), "waits that ended,\nand no others", ORANGE)
    _end_label(ax, 100 * waits.returned_by(_UP_TO), "all waits, open\nones too", BLUE)
    ax.set(xlabel="Days since an order", ylabel="Of 100 waits, over", xlim=(0, _UP_TO * 1.42), ylim=(0, 103))
    ax.set_xticks(range(0, _UP_TO + 1, 100))
    return Picture(
        fig,
        f"Two curves of the share of waits that are over by the days since an order. With open waits counted, {right:.0f} of 100 are over "
        f"after {at} days; counted from ended waits alone it would be {wrong:.0f}, which is too many.",
    )


def _end_label(ax, height: float, text: str, color: str) -> None:
    ax.annotate(
        text,
        (_UP_TO, height),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        color=INK if color == ORANGE else color,
        fontsize=11,
    )


@passes_on_withheld
def clocks(result: Clocks) -> Picture:
    """The waiting-time curves after a basket with something that is used up, and after durables alone."""
    fig, ax = new_figure("Do customers come back by one clock or by two?")
    shown = {}
    for (name, waits), color, style in zip(result.curves.items(), (GREEN, PURPLE), ("-", "--"), strict=True):
        part = waits.curve[waits.curve["days"] <= _UP_TO]
        ax.fill_between(part["days"], 100 * part["low"], 100 * part["high"], step="post", color=color, alpha=0.2, linewidth=0)
        ax.step(
            part["days"], 100 * part["returned"], where="post", color=color, linestyle=style, label=f"after {_basket(name)}"
        )
        shown[name] = 100 * waits.returned_by(result.back_within)
        ax.plot([result.back_within], [shown[name]], "o", color=color, markersize=7)
        ax.annotate(
            f"{shown[name]:.0f}", (result.back_within, shown[name]), xytext=(-6, 4), textcoords="offset points", ha="right"
        )
    ax.axvline(result.back_within, color=QUIET, linewidth=1, linestyle=":")
    ax.set(xlabel="Days since an order", ylabel="Of 100 waits, over", xlim=(0, _UP_TO), ylim=(0, 103))
    ax.legend(loc="lower right")
    return Picture(
        fig,
        f"Waiting-time curves by what the basket held. After {result.back_within} days {shown['consumable']:.0f} of 100 waits are over that began "
        f"with something that is used up, and {shown['durable']:.0f} of 100 that began with durables alone.",
    )


def _basket(kind: str) -> str:
    return {"consumable": "something that is used up", "durable": "durables alone"}[kind]


@passes_on_withheld
def life_table(table: pd.DataFrame, *, window_days: int) -> Picture | Withheld:
    """Of 100 silent for so long, who came in the next window of themselves."""
    fig, ax = new_figure(f"Of 100 customers silent for so long, how many order in the next {window_days} days?")
    shown = table[table["rate"].notna()]
    if len(shown) < 2:
        return Withheld(
            "Who comes, by days of silence",
            f"Of all rows only {len(shown)} has {LEAST_IN_A_STATE} customers or more.",
            "More customers would show when the chance fades.",
        )
    places = np.arange(len(shown))
    rate, low, high = (100 * shown[name].to_numpy() for name in ("rate", "low", "high"))
    ax.bar(places, rate, color=BLUE, width=0.72)
    ax.vlines(places, low, high, color=INK, linewidth=1.5)
    for place, value, top in zip(places, rate, high, strict=True):
        ax.annotate(f"{value:.0f}", (place, top), xytext=(0, 3), textcoords="offset points", ha="center")
    ax.set_xticks(places, [f"{row.silent_from:.0f}+" for row in shown.itertuples()], fontsize=11)
    ax.set(
        xlabel="Silent for at least so many days at the snapshot", ylabel="Of 100, ordered", ylim=(0, max(high.max() * 1.15, 5))
    )
    ax.grid(axis="x", visible=False)
    first, last = shown.iloc[0], shown.iloc[-1]
    return Picture(
        fig,
        f"Bars with intervals: of 100 customers silent for {_band(first['silent_from'], first['silent_until'])} days {100 * first['rate']:.0f} ordered in the "
        f"next {window_days} days, of 100 silent for {_band(last['silent_from'], last['silent_until'])} days {100 * last['rate']:.0f}.",
    )


def _band(start: float, end: float) -> str:
    return f"{start:.0f}+" if np.isinf(end) else f"{start:.0f}–{end - 1:.0f}"


@passes_on_withheld
def states(now: pd.DataFrame, rates: pd.DataFrame | Withheld, *, window_days: int) -> Picture:
    """How many are in each state today, and how many of 100 in each came of themselves at the last snapshot."""
    counts = now["state"].value_counts().reindex(list(STATE_COLORS), fill_value=0)
    measured = isinstance(rates, pd.DataFrame)
    fig, axes = new_figure(
        "How deep do they sleep, and how many come of themselves?", columns=2 if measured else 1, sharey=True, height=3.3
    )
    left, right = axes if measured else (axes, None)
    places = np.arange(len(counts))[::-1]
    left.barh(places, counts.to_numpy(), color=[STATE_COLORS[name] for name in counts.index], height=0.66)
    for place, value in zip(places, counts.to_numpy(), strict=True):
        left.annotate(f"{value:,}", (value, place), xytext=(4, 0), textcoords="offset points", va="center")
    left.set_yticks(places, list(counts.index))
    left.set(xlabel="Customers today", xlim=(0, counts.max() * 1.32))
    count_axis(left.xaxis)
    said = "; ".join(f"{name} {value:,}" for name, value in counts.items())
    if measured:
        table = rates.set_index("state").reindex(list(STATE_COLORS))
        top = np.nan_to_num(100 * table["high"].to_numpy(dtype=float)).max()
        for place, (name, row) in zip(places, table.iterrows(), strict=True):
            if row["customers"] < LEAST_IN_A_STATE:
                right.annotate("too few", (0, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=11)
                continue
            right.barh(place, 100 * row["rate"], color=STATE_COLORS[name], height=0.66)
            right.hlines(place, 100 * row["low"], 100 * row["high"], color=ORANGE, linewidth=2)
            right.annotate(
                _few(row["rate"]), (100 * row["high"], place), xytext=(5, 0), textcoords="offset points", va="center"
            )
        right.set(xlabel=f"Of 100, ordered in\nthe next {window_days} days", xlim=(0, max(top * 1.3, 5)))
        said += ". Of 100 in each state, ordered of themselves: " + "; ".join(
            f"{name} {_few(row['rate'])}" for name, row in table.iterrows() if row["customers"] >= LEAST_IN_A_STATE
        )
    for ax in (left, right) if measured else (left,):
        ax.grid(axis="y", visible=False)
    return Picture(fig, f"Customers by state: {said}.")


def _few(rate: float) -> str:
    return "below 1" if 0 < rate < 0.005 else f"{100 * rate:.0f}"


@passes_on_withheld
def ranking(result: Ranking) -> Picture:
    """How often each score puts two customers in the right order."""
    table = result.table
    fig, ax = new_figure(
        "Of 100 pairs, one who came and one who did not: how many does each score get right?", height=1.9 + 0.36 * len(table)
    )
    places = np.arange(len(table))[::-1]
    for place, row in zip(places, table.itertuples(), strict=True):
        chosen = row.score == result.chosen
        color = BLUE if chosen else VERMILION if row.auc < 0.5 else QUIET
        ax.hlines(place, 50, 100 * row.auc, color=color, linewidth=3)
        ax.plot([100 * row.auc], [place], "s" if row.auc < 0.5 else "o", color=color, markersize=9)
        below = row.auc < 0.5
        ax.annotate(
            f"{100 * row.auc:.0f}",
            (100 * row.auc, place),
            xytext=(-9 if below else 9, 0),
            textcoords="offset points",
            va="center",
            ha="right" if below else "left",
        )
    ax.axvline(50, color=INK, linewidth=1, linestyle="--")
    ax.set_yticks(places, [f"{name}{' ✓' if name == result.chosen else ''}" for name in table["score"]], fontsize=11)
    ax.set(
        xlabel="Of 100 pairs, right (a coin: 50)",
        xlim=(min(20, 100 * table["auc"].min() - 8), 100),
        ylim=(-0.6, len(table) - 0.4),
    )
    ax.grid(axis="y", visible=False)
    said = "; ".join(f"{row.score} {100 * row.auc:.0f}" for row in table.itertuples())
    return Picture(
        fig,
        f"Of 100 pairs of customers, in the right order by each score: {said}. A coin gets 50. The report uses {result.chosen}.",
    )


@passes_on_withheld
def one_time_buyers(result: Ranking) -> Picture | Withheld:
    """What P(alive) says of those with one order day, and what they did."""
    if np.isnan(result.alive_once):
        return Withheld("What P(alive) says of one-time buyers", "The model could not be fitted to these customers.")
    fig, ax = new_figure("One-time buyers: what the model says, and what they did", height=2.7)
    values = (100 * result.alive_once, 100 * result.came_once)
    ax.barh([1, 0], values, color=[ORANGE, BLUE], height=0.6)
    for place, value in zip((1, 0), values, strict=True):
        inside = value > 70
        ax.annotate(
            f"{value:.0f} of 100",
            (value, place),
            xytext=(-6 if inside else 6, 0),
            textcoords="offset points",
            va="center",
            ha="right" if inside else "left",
        )
    ax.set_yticks([1, 0], ["“alive”, says BG/NBD", f"ordered within {result.window_days} days"])
    ax.set(xlabel=f"Of 100 one-time buyers ({result.once:,} in all)", xlim=(0, 100), ylim=(-0.6, 1.6))
    ax.grid(axis="y", visible=False)
    return Picture(
        fig,
        f"Of 100 customers with one order day the BG/NBD model calls {values[0]:.0f} alive; {values[1]:.0f} ordered in the "
        f"{result.window_days} days after.",
    )


@passes_on_withheld
def stock_out(result) -> Picture | Withheld:
    """Users of what was out of stock, beside users of other things: who has been silent since?"""
    if result.found.empty:
        return Withheld(
            "A stock-out that put people to sleep",
            "No product that is used up was missing for two months and left its users more silent than others.",
        )
    row = result.found.iloc[0]
    fig, ax = new_figure("Who used what was out of stock, and has been silent since?", height=2.7)
    shares = (row["users_silent"] / row["users"], row["others_silent"] / row["others"])
    ax.barh([1, 0], [100 * one for one in shares], color=[VERMILION, QUIET], height=0.6)
    for place, share, n in zip((1, 0), shares, (row["users"], row["others"]), strict=True):
        ax.annotate(
            f"{100 * share:.0f} of 100 ({n:,})", (100 * share, place), xytext=(5, 0), textcoords="offset points", va="center"
        )
    ax.set_yticks([1, 0], ["used it", "used other things"])
    ax.set(xlabel="Of 100, silent since the stock-out", xlim=(0, 128), ylim=(-0.6, 1.6))
    ax.set_xticks(range(0, 101, 20))
    ax.grid(axis="y", visible=False)
    return Picture(
        fig,
        f"Of 100 customers who used {words.plain(row['name'])}, {100 * shares[0]:.0f} have not ordered since it was out of stock; of 100 who used "
        f"other things that are used up, {100 * shares[1]:.0f}.",
    )


@passes_on_withheld
def signs(table: pd.DataFrame) -> Picture:
    """Signs of a reason before the silence: among sleepers, and among those awake."""
    fig, ax = new_figure("Which signs came before the silence more often than among the awake?", height=1.9 + 0.42 * len(table))
    places = np.arange(len(table))[::-1]
    for place, row in zip(places, table.itertuples(), strict=True):
        ax.plot(
            [100 * row.low, 100 * row.high],
            [place] * 2,
            color=VERMILION if row.low > 0 and row.p_corrected < 0.05 else QUIET,
            linewidth=4,
            solid_capstyle="butt",
        )
        ax.plot([100 * row.difference], [place], "|", color=INK, markersize=14, markeredgewidth=2)
    ax.axvline(0, color=INK, linewidth=1, linestyle="--")
    ax.set_yticks(places, [REASONS[code][0] for code in table["code"]])
    ax.set(xlabel="Of 100 sleepers, more\nthan of 100 awake", ylim=(-0.6, len(table) - 0.4))
    ax.grid(axis="y", visible=False)
    said = "; ".join(f"{REASONS[row.code][0]} {100 * row.difference:+.0f}" for row in table.itertuples())
    return Picture(fig, f"Signs before the silence, of 100 sleepers more than of 100 awake, with intervals: {said}.")


@silent_when_withheld
def hundred(verdict: Verdict) -> Picture:
    """A hundred sleepers left alone, and a hundred asked in the way that woke most."""
    best = verdict.table.iloc[0]
    anyway = round(100 * verdict.base_rate)
    woken = max(round(100 * best["difference"]), 0)
    fig, axes = new_figure("A hundred sleepers: who comes anyway, and who because we asked?", columns=2, height=3.7)
    groups = ((axes[0], "left alone", 0), (axes[1], f"asked: {arm_name(best['arm'])}", woken))
    for ax, name, more in groups:
        for number in range(100):
            x, y = number % 10, 9 - number // 10
            color, mark = (QUIET, "o") if number < anyway else (BLUE, "s") if number < anyway + more else ("#E4E7EB", "o")
            ax.plot(
                [x],
                [y],
                mark,
                color=color,
                markersize=9.5,
                markeredgecolor=INK if number < anyway + more else "#C5CCD3",
                markeredgewidth=0.6,
            )
        ax.set(xlim=(-0.7, 9.7), ylim=(-0.7, 9.7), xlabel=name, aspect="equal")
        ax.set_xticks([])
        ax.set_yticks([])
        ax.grid(visible=False)
        for side in ("left", "bottom"):
            ax.spines[side].set_visible(False)
    axes[1].plot([], [], "o", color=QUIET, markeredgecolor=INK, markersize=9, label=f"come anyway: {anyway}")
    axes[1].plot([], [], "s", color=BLUE, markeredgecolor=INK, markersize=9, label=f"come because we asked: {woken}")
    fig.legend(loc="outside lower center", ncols=2)
    return Picture(
        fig,
        f"Two grids of a hundred sleepers. Left alone, {anyway} ordered; asked by {arm_name(best['arm'])}, {anyway + woken}: the same {anyway} who come anyway and "
        f"{woken} who came because of it.",
    )


@silent_when_withheld
def arms(verdict: Verdict) -> Picture:
    """What each way of waking added, with intervals."""
    table = verdict.table
    fig, ax = new_figure("Of 100 sleepers asked, how many came who would not have come?", height=1.9 + 0.5 * len(table))
    places = np.arange(len(table))[::-1]
    for place, row in zip(places, table.itertuples(), strict=True):
        proven = row.arm in verdict.proven
        ax.plot(
            [100 * row.low, 100 * row.high], [place] * 2, color=BLUE if proven else QUIET, linewidth=6, solid_capstyle="butt"
        )
        ax.plot([100 * row.difference], [place], "o", color=INK, markersize=7)
        ax.annotate(
            f"{100 * row.difference:+.0f}".replace("-", "−"),
            (100 * row.high, place),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
        )
    ax.axvline(0, color=ORANGE, linewidth=1.4, linestyle="--")
    ax.set_yticks(places, [arm_name(arm) for arm in table["arm"]])
    ax.set(xlabel="More of 100 than of those left alone\n(bars: 95% intervals)", ylim=(-0.6, len(table) - 0.4))
    ax.margins(x=0.12)
    ax.grid(axis="y", visible=False)
    said = "; ".join(
        f"{arm_name(row.arm)} {100 * row.difference:+.0f} ({100 * row.low:.0f} to {100 * row.high:.0f})"
        for row in table.itertuples()
    )
    return Picture(fig, f"More of 100 sleepers who came than among those left alone, with 95% intervals: {said}.")


@silent_when_withheld
def choosers(found: list[Chooser], *, arm: str) -> Picture | Withheld:
    """The Qini curves of the scores that choose whom to wake in one way, against a random list."""
    own = [one for one in found if one.arm == arm and not isinstance(one.curve, Withheld)]
    if not own:
        return Withheld(
            "Which score may choose",
            "The campaign is too small for any score to be judged.",
            "A larger campaign by lot would show it.",
        )
    fig, ax = new_figure(f"{arm_name(arm).capitalize()}: who should choose whom to wake, a score or a lot?", height=3.8)
    for one, color, style in zip(own, (BLUE, GREEN, VERMILION), ("-", "-.", "--"), strict=False):
        curve = one.curve.curve
        ax.plot(
            100 * curve["share"], 100 * curve["gain"], color=color, linestyle=style, label=one.score + (" ✓" if one.use else "")
        )
    line = own[0].curve.curve
    ax.plot([0, 100], [0, 100 * line["random"].iloc[-1]], color=INK, linestyle=":", linewidth=1.5, label="a random list")
    ax.set(xlabel="Of 100 sleepers, asked (best of each score first)", ylabel="Woken, of 100 on the list", xlim=(0, 100))
    ax.legend(loc="upper left", fontsize=10.5)
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom, top + 0.35 * (top - bottom))
    said = "; ".join(f"{one.score} {'beats' if one.use else 'does not beat'} it" for one in own)
    return Picture(
        fig, f"Qini curves for {arm_name(arm)}: woken customers by the share asked, against a random list. {said.capitalize()}."
    )


def sizes_needed(base_rate: float, *, lift: float, arms: int = 1) -> Picture:
    """How many customers each arm needs, by the lift that is to be seen."""
    from helpers.dormancy.waking import design

    fig, ax = new_figure("How many customers must each group have?", height=3.2)
    lifts = np.array([0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15])
    needed = [design(base_rate, float(one), arms=arms).per_arm for one in lifts]
    chosen = design(base_rate, lift, arms=arms).per_arm
    ax.plot(100 * lifts, needed, color=BLUE)
    ax.plot([100 * lift], [chosen], "o", color=ORANGE, markersize=10, markeredgecolor=INK)
    ax.annotate(f"{chosen:,} in each group", (100 * lift, chosen), xytext=(10, 10), textcoords="offset points")
    ax.set(
        xlabel="Smallest effect worth seeing (more of 100)",
        ylabel="Customers a group",
        ylim=(0, max(needed) * 1.05),
        xlim=(1, 16),
    )
    count_axis(ax.yaxis)
    return Picture(
        fig,
        f"Curve of the customers that each group needs against the smallest effect: {chosen:,} for {100 * lift:.0f} more of 100, where "
        f"{100 * base_rate:.0f} of 100 come anyway.",
    )


def power_of(base_rate: float, lift: float, each: int) -> float:
    """How often groups of this size find the lift."""
    return uplift.power(base_rate, min(base_rate + lift, 1.0), each, each)


@passes_on_withheld
def one_number(result, *, window_days: int) -> Picture:
    """What calling everybody asleep after so many days means: called in vain, called though they came anyway, overlooked."""
    fig, ax = new_figure(f"“Asleep after {result.days} days”: who is called, who is overlooked?", height=2.9)
    rows = {
        "called, stay silent": (result.called - result.came_anyway, QUIET),
        "called, would have come": (result.came_anyway, ORANGE),
        "overlooked, quick rhythm": (result.missed, VERMILION),
    }
    places = np.arange(len(rows))[::-1]
    values = [value for value, _ in rows.values()]
    ax.barh(places, values, color=[color for _, color in rows.values()], height=0.62)
    for place, value in zip(places, values, strict=True):
        ax.annotate(f"{value:,}", (value, place), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks(places, list(rows))
    ax.set(xlabel="Customers at the snapshot", xlim=(0, max(*values, 1) * 1.18))
    count_axis(ax.xaxis)
    ax.grid(axis="y", visible=False)
    return Picture(
        fig,
        f"With {result.days} days for everybody {result.called:,} customers are called, of whom {result.came_anyway:,} came of themselves within "
        f"{window_days} days; {result.missed:,} with a quick rhythm are overlooked.",
    )


@passes_on_withheld
def lives(result: Lives) -> Picture | Withheld:
    """The retention triangle as lines, one a cohort."""
    table = result.triangle.dropna(axis=0, how="all")
    if table.empty:
        return Withheld("Cohorts over their half-years", "No cohort of thirty customers has lived a whole half-year yet.")
    fig, ax = new_figure("Of 100 customers of a cohort, how many order in each later half-year?", height=3.2)
    for name, row in table.iterrows():
        ax.plot(row.index, 100 * row, "-o", color=BLUE, alpha=0.35, markersize=4, linewidth=1.4)
    mean = table.mean()
    ax.plot(mean.index, 100 * mean, "-s", color=INK, markersize=6)
    ax.annotate("mean", (mean.index[0], 100 * mean.iloc[0]), xytext=(8, 8), textcoords="offset points")
    ax.set(xlabel="Half-years since the first order", ylabel="Of 100, ordered", ylim=(0, None))
    ax.set_xticks(list(mean.index))
    return Picture(
        fig,
        f"A line for each cohort. On average {100 * mean.iloc[0]:.0f} of 100 order in the first half-year after the one they came in, and {100 * mean.iloc[-1]:.0f} in the last shown.",
    )
