"""The pictures of the casebook of segmentation: each takes what `cases` returns and answers one question."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from helpers import words
from helpers.money import currency, in_major_units
from helpers.pictures import (
    BLUE,
    INK,
    ORANGE,
    PAPER,
    QUIET,
    VERMILION,
    Picture,
    money_axis,
    new_figure,
    percent_axis,
    short,
    short_labels,
)
from helpers.segmentation.cases import FACTORS, PAIRS, ErrorParts, name_of
from helpers.withheld import passes_on_withheld


def ways_of_asking(table: pd.DataFrame) -> Picture:
    """Each way's rating with its interval, beside the truth."""
    rows = table.iloc[::-1]
    truth = table["truth"].iloc[0]
    fig, ax = new_figure("Which way of asking comes near the truth?", height=4.0)
    places = np.arange(len(rows))
    holds = (rows["low"] <= truth) & (truth <= rows["high"])
    for place, low, high, rating, good in zip(places, rows["low"], rows["high"], rows["rating"], holds, strict=True):
        color = BLUE if good else VERMILION
        ax.plot([low, high], [place, place], color=color, linewidth=4, solid_capstyle="butt")
        ax.plot([rating], [place], "o" if good else "s", color=color, markersize=9)
    ax.axvline(truth, color=INK, linestyle="--", linewidth=1.4)
    ax.annotate("the truth", (truth, len(rows) - 0.5), xytext=(4, 0), textcoords="offset points", va="center", fontsize=11)
    ways = [way.replace(", ", ",\n") for way in rows["way"]]
    ax.set_yticks(places, [f"{way}\n({words.number(n)} homes)" for way, n in zip(ways, rows["answers"], strict=True)], fontsize=11)
    ax.set(xlabel="Homes that watched (bar: 95% interval)", ylim=(-0.6, len(rows) - 0.2))
    ax.grid(axis="y", visible=False)
    percent_axis(ax.xaxis)
    says = "; ".join(
        f"{way}: {words.percent(rating, digits=1)}" for way, rating in zip(table["way"], table["rating"], strict=True)
    )
    return Picture(
        fig, f"Four ratings of the same night, each with its interval, beside the truth of {words.percent(truth, digits=1)}. {says}."
    )


def panel_errors(table: pd.DataFrame, *, marked: tuple[int, int] = (1000, 5000)) -> Picture:
    """The typical error against the number of homes, for two ways of recruiting; the two plans marked."""
    fig, ax = new_figure("What brings a rating nearer to the truth?", height=3.7)
    looks = {"as today": (ORANGE, "s", "--"), "refusers won over": (BLUE, "o", "-")}
    ends = []
    for recruiting, part in table.groupby("recruiting", sort=False):
        color, marker, line = looks[recruiting]
        ax.plot(part["homes"], part["typical_error"], color=color, linestyle=line, label=f"recruited: {recruiting}")
        home = marked[1] if recruiting == "as today" else marked[0]
        here = part.loc[part["homes"] == home, "typical_error"]
        ax.plot([home] * len(here), here, marker, color=color, markersize=10)
        ends += [(home, value) for value in here]
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator(sorted(table["homes"].unique())))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.10g}"))
    ax.set(xlabel="Homes with a meter (marked: the two plans, which cost the same)", ylabel="Typical error (points)", ylim=(0, None))
    ax.xaxis.label.set_size(11)
    ax.legend(loc="lower left", bbox_to_anchor=(-0.1, 1.0), ncols=2, columnspacing=1.0)
    says = " and ".join(f"{100 * value:.1f} points with {words.number(home)} homes" for home, value in ends)
    return Picture(
        fig, f"Typical error of a rating by the number of homes: as recruited today, and with refusers won over. The two plans: {says}."
    )


def street_errors(table: pd.DataFrame, parts: ErrorParts) -> Picture:
    """What shrinks with the number of sheets, and what does not."""
    fig, ax = new_figure("Do more sheets mend the survey?", height=3.6)
    ax.plot(table["size"], table["typical_error"].abs(), color=VERMILION, marker="s", label="typical error")
    ax.plot(table["size"], table["spread"], color=BLUE, marker="o", label="the luck of the draw")
    ax.axhline(abs(parts.said - parts.truth), color=INK, linestyle="--", linewidth=1.4)
    ax.annotate("who answers, and what they answer", (table["size"].max(), abs(parts.said - parts.truth)),
                xytext=(0, -5), textcoords="offset points", ha="right", va="top", fontsize=11)  # fmt: skip
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator(table["size"].tolist()))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.10g}"))
    ax.set(xlabel="Sheets filled in", ylabel="Error (points)", ylim=(0, None))
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2)
    last = table.iloc[-1]
    return Picture(
        fig,
        f"Errors against the number of sheets. With {words.number(int(last['size']))} sheets the luck of the draw is "
        f"{100 * last['spread']:.1f} points, and the typical error still {100 * last['typical_error']:.1f}.",
    )


@passes_on_withheld
def claims_against_orders(table: pd.DataFrame) -> Picture:
    """For each way of asking: the error from who answers and the error from what they answer."""
    rows = table.iloc[::-1]
    fig, ax = new_figure("How often do people order: who answers, and what they answer?", height=1.9 + 0.55 * len(rows))
    places = np.arange(len(rows))
    ax.barh(places + 0.19, rows["who"], height=0.36, color=ORANGE, label="who answers")
    ax.barh(places - 0.19, rows["what"], height=0.36, color=BLUE, label="what they answer")
    for column, shift in (("who", 0.19), ("what", -0.19)):
        for place, value in zip(places, rows[column], strict=True):
            ax.annotate(_signed(value), (value, place + shift), xytext=(4 if value >= 0 else -4, 0), textcoords="offset points",
                        va="center", ha="left" if value >= 0 else "right", fontsize=11)  # fmt: skip
    ax.axvline(0, color=INK, linewidth=1)
    ax.set_yticks(places, [f"{mode}\n({words.number(n)} sheets)" for mode, n in zip(rows["mode"], rows["sheets"], strict=True)])
    ax.set(xlabel="Order days a year, too many (or too few) by")
    ax.margins(x=0.15)
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2)
    says = "; ".join(
        f"{mode}: {_signed(who)} from who answers, {_signed(what)} from what they answer"
        for mode, who, what in zip(table["mode"], table["who"], table["what"], strict=True)
    )
    return Picture(fig, f"Bars of two errors in order days a year. {says}.")


def four_groups(groups: dict[str, pd.DataFrame]) -> Picture:
    """For each pair of behaviours, the four groups' share who accepted."""
    fig, ax = new_figure("Which two behaviours tell who accepts the offer?", height=3.2)
    keys = list(groups)[::-1]
    names = {"sms": "SMS", "bill": "size of the bill", "months": "months with us"}
    for place, key in enumerate(keys):
        rate = groups[key]["rate"]
        ax.plot([rate.min(), rate.max()], [place, place], color=QUIET, linewidth=3, zorder=1)
        ax.scatter(rate, [place] * len(rate), s=70, color=BLUE, zorder=2)
        ax.annotate(f"{100 * (rate.max() - rate.min()):.0f} points", (rate.max(), place), xytext=(10, 0),
                    textcoords="offset points", va="center", fontsize=11)  # fmt: skip
    whole = next(iter(groups.values()))
    ax.axvline(whole["accepted"].sum() / whole["customers"].sum(), color=INK, linestyle="--", linewidth=1.2)
    ax.set_yticks(range(len(keys)), [" and\n".join(names.get(name, name) for name in PAIRS[key]) for key in keys])
    ax.set(xlabel="Share of a group who accepted (dashed: of all)", ylim=(-0.6, len(keys) - 0.4))
    ax.margins(x=0.18)
    ax.grid(axis="y", visible=False)
    percent_axis(ax.xaxis)
    says = "; ".join(
        f"{words.listing(PAIRS[key])}: from {words.percent(one['rate'].min())} to {words.percent(one['rate'].max())}"
        for key, one in groups.items()
    )
    return Picture(fig, f"Four groups for each pair of behaviours, by the share who accepted. {says}.")


@passes_on_withheld
def four_reports(table: pd.DataFrame, *, code: str) -> Picture:
    """For each dimension: the largest fall in money, and how clearly its clearest part stands out."""
    rows = table.iloc[::-1]
    question = "Which report shows a break, and which only a big number?"
    fig, (left, right) = new_figure(question, height=3.8, columns=2, sharey=True)
    places = np.arange(len(rows))
    names = short_labels([*rows["largest_fall"], *rows["clearest"]], longest=20)
    right.axvline(2, color=INK, linestyle="--", linewidth=1.2)
    left.barh(places, in_major_units(rows["change_minor"], code=code), color=QUIET, height=0.5)
    right.barh(places, rows["z"].abs(), color=[BLUE if z == rows["z"].abs().max() else QUIET for z in rows["z"].abs()], height=0.5)
    for place, member, clear in zip(places, rows["largest_fall"], rows["clearest"], strict=True):
        left.annotate(names[member], (0, place + 0.25), ha="right", va="bottom", fontsize=11)
        right.annotate(names[clear], (0, place + 0.25), va="bottom", fontsize=11, xytext=(2, 0), textcoords="offset points",
                       bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.5})  # fmt: skip
    left.set_yticks(places, [name_of(name).replace(" ", "\n") for name in rows["dimension"]])
    left.set(xlabel="Largest fall in money", ylim=(-0.5, len(rows) - 0.2))
    right.set(xlabel="Standard errors")
    for ax in (left, right):
        ax.grid(axis="y", visible=False)
    money_axis(left.xaxis, code=code)
    left.xaxis.set_major_locator(MaxNLocator(nbins=3))
    best = table.iloc[0]
    largest = table.loc[table["change_minor"].idxmin()]
    return Picture(
        fig,
        f"For each dimension the part with the largest fall, and the part that stands out most. The largest fall: "
        f"{largest['largest_fall']}, {words.money(int(largest['change_minor']), code=code)}. Clearest: {best['clearest']} "
        f"(by {name_of(best['dimension'])}), by {abs(best['z']):.1f} standard errors.",
    )


@passes_on_withheld
def what_changed_inside(table: pd.DataFrame, *, code: str) -> Picture:
    """The change in sales, shared out over orders, pieces and prices."""
    fig, ax = new_figure("What changed: orders, pieces, or the price of a piece?", height=2.7)
    rows = table.iloc[::-1]
    values = in_major_units(rows["share_minor"], code=code)
    ax.barh(range(len(rows)), values, color=[VERMILION if value < 0 else BLUE for value in values], height=0.55)
    for place, value in enumerate(values):
        ax.annotate(("+" if value > 0 else "−") + currency(code).sign + short(abs(value)), (max(value, 0), place), xytext=(4, 0),
                    textcoords="offset points", va="center", fontsize=11)  # fmt: skip
    ax.axvline(0, color=INK, linewidth=1)
    ax.set_yticks(range(len(rows)), rows["factor"])
    ax.set(xlabel=f"Its part of the change in sales ({currency(code).unit})")
    ax.margins(x=0.16)
    ax.grid(axis="y", visible=False)
    money_axis(ax.xaxis, code=code)
    says = "; ".join(
        f"{FACTORS[key]}: {words.money(round(share), code=code)}"
        for key, share in zip(table["key"], table["share_minor"], strict=True)
    )
    return Picture(fig, f"Bars of what each factor did to sales. {says}.")


def _signed(value: float) -> str:
    """A difference with its sign: +0.9, −0.2."""
    text = f"{abs(value):.1f}"
    return text if text == "0.0" else ("+" if value > 0 else "−") + text
