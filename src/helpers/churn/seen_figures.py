"""Churn as it is seen, in pictures: how many leave, when, who and why."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import words
from helpers.churn import bucket as buckets
from helpers.churn import windows
from helpers.churn.bucket import Bucket, Choice
from helpers.churn.nodes import After, Ages
from helpers.churn.reasons import MORE, Reasons
from helpers.churn.survival import Segments, Stay
from helpers.churn.windows import Churn, FalseChurn
from helpers.pictures import (
    BLUE, GREEN, INK, LINES, ORANGE, PALETTE, PURPLE, QUIET, SKY, VERMILION, Picture, count_axis, new_figure, short_labels,
)  # fmt: skip
from helpers.withheld import Withheld, passes_on_withheld


def said(kind: str) -> str:
    """A code as a reader says it."""
    return str(kind).replace("_", " ")


@passes_on_withheld
def false_churn(result: FalseChurn) -> Picture:
    """Of 100 called gone by each window, how many came back."""
    table = result.table
    fig, ax = new_figure("Of 100 whom a silence calls gone, how many come back?")
    places = np.arange(len(table))
    rate, low, high = (100 * table[name].to_numpy() for name in ("rate", "low", "high"))
    chosen = table["window_days"].to_numpy() == result.used
    ax.bar(places, rate, color=np.where(chosen, BLUE, QUIET), width=0.7)
    ax.vlines(places, low, high, color=INK, linewidth=1.5)
    for place, value, top in zip(places, rate, high, strict=True):
        ax.annotate(f"{value:.0f}", (place, top), xytext=(0, 3), textcoords="offset points", ha="center")
    ax.axhline(100 * result.limit, color=VERMILION, linestyle="--", linewidth=1.5)
    ax.annotate(
        f"we accept {100 * result.limit:.0f}", (len(places) - 0.55, 100 * result.limit), xytext=(0, 3), textcoords="offset points",
        ha="right" if len(places) < 3 else "left", color=INK, fontsize=11,
    )  # fmt: skip
    ax.set_xticks(places, [f"{days:,}" for days in table["window_days"]])
    ax.set(xlabel="Days of silence after which we call somebody gone", ylabel=f"Of 100, back in {result.follow_days} days")
    ax.set(xlim=(-0.6, len(places) + 0.35), ylim=(0, max(high.max(), 100 * result.limit) * 1.15))
    ax.grid(axis="x", visible=False)
    first, last = table.iloc[0], table.iloc[-1]
    return Picture(
        fig,
        f"Bars with intervals: of 100 called gone after {first['window_days']:.0f} days of silence {100 * first['rate']:.0f} came back, after "
        f"{last['window_days']:.0f} days {100 * last['rate']:.0f}. The page uses {result.used} days.",
    )


@passes_on_withheld
def rate(result: Churn, *, alarm: float) -> Picture:
    """The rate of the last year beside the year before and the alarm, and quarter by quarter."""
    quarterly = len(result.quarters) >= 2
    fig, axes = new_figure(
        f"How many of 100 {result.unit}s leave, and is it more than before?", columns=2 if quarterly else 1,
        gridspec_kw={"width_ratios": [1, 1.9]} if quarterly else None, height=3.5,
    )  # fmt: skip
    left = axes[0] if quarterly else axes
    bars = [("before", result.before, QUIET), ("last", result.rate, BLUE)] if result.before else [("last", result.rate, BLUE)]
    for place, (_, one, color) in enumerate(bars):
        left.bar(place, 100 * one.value, color=color, width=0.66)
        left.vlines(place, 100 * one.low, 100 * one.high, color=INK, linewidth=1.5)
        left.annotate(f"{100 * one.value:.0f}", (place, 100 * one.high), xytext=(0, 3), textcoords="offset points", ha="center")
    line = 100 * (1 - (1 - alarm) ** (result.days / windows.YEAR))
    left.axhline(line, color=VERMILION, linestyle="--", linewidth=1.5)
    span = {365: "year", 182: "half-year", 91: "quarter"}.get(result.days, f"{result.days} days")
    left.annotate("alarm", (len(bars) - 0.42, line), xytext=(0, 3), textcoords="offset points", ha="right", fontsize=10.5)
    names = {"before": f"{span}\nbefore", "last": f"last\n{span}"}
    left.set_xticks(range(len(bars)), [names[name] for name, _, _ in bars], fontsize=11)
    left.set(ylabel="Of 100, left", ylim=(0, max(max(100 * one.high for _, one, _ in bars), line) * 1.2), xlim=(-0.6, len(bars) - 0.4))
    left.grid(axis="x", visible=False)
    if quarterly:
        right, table = axes[1], result.quarters
        places = np.arange(len(table))
        right.plot(places, 100 * table["rate"], "o-", color=BLUE)
        right.vlines(places, 100 * table["low"], 100 * table["high"], color=BLUE, linewidth=1.5)
        right.axhline(100 * (1 - (1 - alarm) ** 0.25), color=VERMILION, linestyle="--", linewidth=1.5)
        step = 2 if len(table) > 4 else 1
        right.set_xticks(places[::-1][::step][::-1], [f"{day:%b %y}" for day in table["end"]][::-1][::step][::-1], fontsize=11)
        right.set(xlabel="Quarter that ended in", ylabel="Of 100 in a quarter", ylim=(0, max(100 * table["high"].max(), 7) * 1.15))
    text = f"Of 100 {result.unit}s {100 * result.rate.value:.0f} left in the last {span} ({100 * result.rate.low:.0f} to {100 * result.rate.high:.0f})"
    text += f", {100 * result.before.value:.0f} in the one before" if result.before else ""
    return Picture(fig, f"{text}. The dashed line is the alarm of {100 * alarm:.0f} of 100 a year.")


def left_of_100(yearly: float, *, years: int = 10) -> Picture:
    """Of 100 customers, how many are left after so many years, at a steady yearly churn."""
    fig, ax = new_figure("Of 100 customers of today, how many are left when?")
    when = np.linspace(0, years, 121)
    ax.plot(when, 100 * (1 - yearly) ** when, color=BLUE)
    half = windows.half_life(yearly)
    if half <= years:
        ax.plot([half, half, 0], [0, 50, 50], color=QUIET, linestyle=":", linewidth=1.5)
        ax.plot([half], [50], "o", color=VERMILION, markersize=8)
        ax.annotate(f"half: {half:.1f} years", (half, 50), xytext=(8, 5), textcoords="offset points")
    at_five = 100 * windows.left_after(yearly, 5)
    ax.plot([5], [at_five], "s", color=ORANGE, markersize=8)
    ax.annotate(f"{at_five:.0f} after 5 years", (5, at_five), xytext=(8, 8), textcoords="offset points")
    ax.set(xlabel="Years", ylabel="Of 100, still there", ylim=(0, 103), xlim=(0, years * 1.12))
    return Picture(
        fig,
        f"A falling curve: at a churn of {words.percent(yearly)} a year {at_five:.0f} of 100 are left after 5 years"
        + (f", and half after {half:.1f} years." if np.isfinite(half) else "."),
    )


@passes_on_withheld
def stay(result: Stay) -> Picture:
    """The survival curve beside the two that are wrong."""
    fig, ax = new_figure(f"Of 100 {result.unit}s, how many are still there? (the thin curves are wrong)")
    top = min(float(result.curve.table["time"].max()), 60.0)
    share = result.left_only[result.left_only.index <= top]
    ax.plot(share.index, 100 * share, color=ORANGE, linestyle="--", linewidth=1.5, label="only those who left")
    if result.blind is not None:
        part = result.blind.table[result.blind.table["time"] <= top]
        ax.step(np.append(0, part["time"]), np.append(100, 100 * part["survival"]), where="post", color=PURPLE, linestyle=":", linewidth=1.8, label="as if watched from the start")
    part = result.curve.table[result.curve.table["time"] <= top]
    when = np.append(0, part["time"])
    ax.fill_between(when, np.append(100, 100 * part["low"]), np.append(100, 100 * part["high"]), step="post", color=BLUE, alpha=0.2, linewidth=0)
    ax.step(when, np.append(100, 100 * part["survival"]), where="post", color=BLUE, label="all, from when they were watched")
    ax.set(xlabel=f"Months since the {'start' if result.unit == 'contract' else 'first order'}", ylabel="Of 100, still there", ylim=(0, 103), xlim=(0, top))
    ax.legend(loc="upper right")
    year = result.stay(13)
    text = f"After 13 months {100 * year.value:.0f} of 100 are still there" if not np.isnan(year.value) else "Nobody was watched for 13 months"
    return Picture(fig, f"A survival curve with its interval. {text}. The curve of those who left alone lies lower; the curve as if all had been watched from the start lies higher.")


@passes_on_withheld
def segments(result: Segments) -> Picture:
    """The curves of the way of dividing that differs most."""
    row = result.table.iloc[0]
    curves = result.curves[row["name"]]
    names = short_labels(curves)
    fig, ax = new_figure(f"Do {result.unit}s stay longer by {row['name']}?")
    top = min(max(float(curve.table["time"].max()) for curve in curves.values()), 48.0)
    for place, (group, curve) in enumerate(curves.items()):
        part = curve.table[curve.table["time"] <= top]
        ax.step(np.append(0, part["time"]), np.append(100, 100 * part["survival"]), where="post", color=PALETTE[place], linestyle=LINES[place], label=names[group])
    ax.axvline(result.months, color=QUIET, linewidth=1)
    ax.set(xlabel="Months", ylabel="Of 100, still there", ylim=(0, 103), xlim=(0, top))
    ax.legend(loc="upper right", fontsize=11)
    return Picture(
        fig,
        f"Survival curves by {row['name']}: after {result.months:.0f} months {100 * row['low_share']:.0f} of 100 are left of {row['low_group']}, "
        f"{100 * row['high_share']:.0f} of {row['high_group']}.",
    )


@passes_on_withheld
def ages(result: Ages) -> Picture:
    """Of 100 who reach a month of age, how many leave in it."""
    table = result.table[result.table["judged"]]
    fig, ax = new_figure(f"In which month of a {result.unit}'s life do they leave?")
    colors = [VERMILION if month in result.peaks else BLUE for month in table["month"]]
    ax.bar(table["month"], 100 * table["rate"], color=colors, width=0.8)
    peak = table["month"].isin(result.peaks)
    ax.vlines(table.loc[peak, "month"], 100 * table.loc[peak, "low"], 100 * table.loc[peak, "high"], color=INK, linewidth=1.5)
    for row in table[peak].itertuples():
        ax.annotate(f"month {row.month}: {100 * row.rate:.0f}", (row.month, 100 * row.high), xytext=(0, 3), textcoords="offset points", ha="center")
    ax.axhline(100 * result.usual, color=INK, linestyle="--", linewidth=1.2)
    top = 100 * (table.loc[peak, "high"].max() if peak.any() else table["rate"].max())
    ax.set(xlabel=f"Month of age (with {int(table['at_risk'].min())} or more at risk)", ylabel="Of 100 who reach it, left", ylim=(0, top * 1.18))
    ax.grid(axis="x", visible=False)
    stands = f"Month {words.listing(str(month) for month in result.peaks)} stands out" if result.peaks else "No month stands out"
    more = "".join(f"; in month {month} {100 * result.at(month)['rate']:.0f} of 100 left" for month in result.peaks)
    return Picture(fig, f"Bars by month of age. {stands}{more}. The usual month: {100 * result.usual:.1f} of 100.")


@passes_on_withheld
def after(result: After, *, what: str = "a complaint", names=said) -> Picture:
    """Of 100 times that something happened, how many ended within the window; and how many would have anyway."""
    table = pd.concat([result.table.iloc[1:].sort_values("rate", ascending=False, kind="stable"), result.table.iloc[:1]])
    fig, ax = new_figure(f"Of 100 times {what}, how often had they left {result.days} days later?", height=1.6 + 0.42 * len(table))
    places = np.arange(len(table))[::-1]
    labels = ["all" if kind == "all" else names(kind) for kind in table["kind"]]
    drives = result.drives
    for place, row in zip(places, table.itertuples(), strict=True):
        color = QUIET if row.kind == "all" else VERMILION if row.kind == result.worst else BLUE if row.kind in drives else SKY
        ax.barh(place, 100 * row.rate, color=color, height=0.66)
        ax.hlines(place, 100 * row.low, 100 * row.high, color=INK, linewidth=1.5)
        ax.plot([100 * row.usual] * 2, [place - 0.38, place + 0.38], color=ORANGE, linewidth=3)
        ax.annotate(f"{100 * row.rate:.0f}", (100 * row.high, place), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks(places, labels)
    ax.set(xlabel="Of 100, left (orange: at other times)", xlim=(0, 100 * table["high"].max() * 1.15))
    ax.grid(axis="y", visible=False)
    text = "; ".join(f"{label} {100 * row.rate:.0f}" for label, row in zip(labels, table.itertuples(), strict=True))
    return Picture(fig, f"Of 100 times {what}, left within {result.days} days: {text}. At other times and the same ages: {100 * result.all['usual']:.0f}.")


@passes_on_withheld
def by_order(table: pd.DataFrame, *, window_days: int) -> Picture:
    """After which order they do not come back."""
    fig, ax = new_figure("After which order do they not come back?")
    places = np.arange(len(table))
    rate, low, high = (100 * table[name].to_numpy() for name in ("rate", "low", "high"))
    ax.bar(places, rate, color=[VERMILION, *[BLUE] * (len(table) - 1)], width=0.7)
    ax.vlines(places, low, high, color=INK, linewidth=1.5)
    for place, value, top in zip(places, rate, high, strict=True):
        ax.annotate(f"{value:.0f}", (place, top), xytext=(0, 3), textcoords="offset points", ha="center")
    ax.set_xticks(places, [*map(str, table["order"][:-1]), f"{table['order'].iloc[-1]}+"])
    ax.set(xlabel="Order (each customer's first, second, ...)", ylabel=f"Of 100, silent for\n{window_days} days after it", ylim=(0, high.max() * 1.15))
    ax.grid(axis="x", visible=False)
    return Picture(fig, f"Bars: after the first order {rate[0]:.0f} of 100 fall silent for {window_days} days, after the second {rate[1]:.0f}, after the last shown {rate[-1]:.0f}.")


@passes_on_withheld
def reasons(result: Reasons) -> Picture:
    """The reasons, most frequent first."""
    table = result.table
    fig, ax = new_figure("Why do they leave? What those who left said", height=4.2)
    places = np.arange(len(table))[::-1]
    ax.barh(places, 100 * table["share"], color=[QUIET if code in MORE else BLUE for code in table["code"]], height=0.66)
    ax.hlines(places, 100 * table["low"], 100 * table["high"], color=INK, linewidth=1.5)
    for place, row in zip(places, table.itertuples(), strict=True):
        ax.annotate(f"{100 * row.share:.0f}", (100 * row.high, place), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks(places, table["reason"])
    ax.set(xlabel=f"Of 100 who were asked ({result.asked:,} interviews)", xlim=(0, 100 * table["high"].max() * 1.15))
    ax.grid(axis="y", visible=False)
    return Picture(fig, "Bars: of 100 who left and were asked, said " + "; ".join(f"{row.reason.lower()} {100 * row.share:.0f}" for row in table.itertuples()) + ".")


@passes_on_withheld
def flow(result: Bucket) -> Picture:
    """The year of the bucket: what was in it, what came in, what ran out."""
    fig, ax = new_figure("What ran into the bucket, and what ran out?")
    steps = [("at the\nstart", result.start, INK), ("won", result.won, GREEN), ("came\nback", result.back, SKY), ("lost", -result.lost, VERMILION)]
    steps = [one for one in steps if one[1] or one[0] != "came\nback"]
    held, bottom = 0, 0
    for place, (_, amount, color) in enumerate(steps):
        bottom = held if amount >= 0 else held + amount
        ax.bar(place, abs(amount), bottom=bottom, color=color, width=0.66)
        ax.annotate(f"{'−' if amount < 0 else '+' if place else ''}{abs(amount):,}", (place, bottom + abs(amount)), xytext=(0, 3), textcoords="offset points", ha="center")
        held += amount
    ax.bar(len(steps), result.end, color=BLUE, width=0.66)
    ax.annotate(f"{result.end:,}", (len(steps), result.end), xytext=(0, 3), textcoords="offset points", ha="center")
    ax.set_xticks(range(len(steps) + 1), [*(name for name, _, _ in steps), "at the\nend"])
    ax.set(ylabel="Running contracts" if result.unit == "contract" else "Active customers", ylim=(0, (result.start + result.won + result.back) * 1.1))
    count_axis(ax.yaxis)
    ax.grid(axis="x", visible=False)
    return Picture(fig, f"A bridge of {result.days} days: {result.start:,} {result.unit}s at the start, {result.won:,} won, {result.back:,} came back, {result.lost:,} lost, {result.end:,} at the end.")


def choice(result: Choice) -> Picture:
    """One more picker or one more basket, year by year."""
    fig, ax = new_figure("One more picker, or one more basket?")
    for name, values, color, style in (
        ("neither", result.as_is, QUIET, ":"), ("one more picker", result.picker, ORANGE, "--"), ("one more basket", result.basket, BLUE, "-"),
    ):  # fmt: skip
        ax.plot(values.index, values, color=color, linestyle=style, label=name)
    ax.set(xlabel="Years from today", ylabel="Customers", xlim=(0, result.years))
    lowest = min(values.min() for values in (result.as_is, result.picker, result.basket))
    ax.set_ylim(bottom=0 if lowest < 0.5 * result.basket.max() else lowest * 0.92)
    count_axis(ax.yaxis)
    ax.legend(loc="best")
    return Picture(
        fig,
        f"Three lines over {result.years} years: {result.as_is.iloc[-1]:,.0f} customers with neither, {result.picker.iloc[-1]:,.0f} with one more picker, "
        f"{result.basket.iloc[-1]:,.0f} with one more basket.",
    )


def monkey(table: pd.DataFrame) -> Picture:
    """Cobs picked, and cobs still held."""
    fig, ax = new_figure("The monkey's walk: what was picked, and what is held?", height=3.0)
    step = np.arange(1, len(table) + 1)
    ax.plot(step, table["picked"], color=ORANGE, linestyle="--", label="picked")
    ax.plot(step, table["held"], color=BLUE, label="held")
    ax.set(xlabel="Cobs along the field", ylabel="Cobs", ylim=(0, None))
    ax.legend(loc="upper left")
    last = table.iloc[-1]
    return Picture(fig, f"Two lines: at the end of the field {last['picked']} cobs have been picked and {last['held']} are held.")


@passes_on_withheld
def level(start: float, gains: float, churn: float, *, years: int = 15) -> Picture | Withheld:
    """How full a bucket becomes."""
    values = buckets.path(start, gains, churn, years=years)
    fig, ax = new_figure("How full does the bucket become?")
    ax.plot(values.index, values, color=BLUE)
    top = buckets.level(gains, churn)
    if np.isfinite(top):
        ax.axhline(top, color=ORANGE, linestyle="--", linewidth=1.5)
        ax.annotate(f"level: {top:,.0f}", (years, top), xytext=(0, 4), textcoords="offset points", ha="right")
    ax.set(xlabel="Years from today", ylabel="Customers", xlim=(0, years), ylim=(0, max(values.max(), top if np.isfinite(top) else 0) * 1.15))
    count_axis(ax.yaxis)
    return Picture(fig, f"From {start:,.0f} customers, with {gains:,.0f} won and {100 * churn:.0f} of 100 lost each year, {values.iloc[-1]:,.0f} after {years} years; the level is {top:,.0f}.")
