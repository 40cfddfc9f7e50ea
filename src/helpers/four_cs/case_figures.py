"""The pictures of the casebook of 4C: each takes what `cases` returns and answers one question."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter

from helpers import words
from helpers.four_cs.case_worlds import ANSWERS, NOTHING, PRICE, USES
from helpers.four_cs.cases import DEAR
from helpers.pictures import (
    BLUE,
    GREEN,
    INK,
    LINES,
    ORANGE,
    PAPER,
    QUIET,
    SKY,
    VERMILION,
    Picture,
    money_axis,
    new_figure,
    percent_axis,
    short,
    short_labels,
)
from helpers.stats.offers import PercentageOffer, ThresholdOffer, bands, effective_rate
from helpers.withheld import passes_on_withheld

CODE = "CNY"  # of the invented cases
_LABELS = {"kindergarten": "kindergarten", "clubhouse": "clubhouse", "parking": "100 parking\nplaces"}
_SAYS = {
    NOTHING: "says nothing\nof it",
    "cost": "tells what it\ncosts us",
    "benefit": "tells what the\nchild gets",
    "discount": "takes 50\nyuan off",
}


# ---------------------------------------------------------------- C08


def liked_and_paid(gains: pd.DataFrame) -> Picture:
    """How much each use is liked, beside the surcharge at which all flats would still be sold."""
    fig, (left, right) = new_figure("What is liked, and what is paid for?", height=3.0, columns=2, sharey=True)
    rows = gains.iloc[::-1]
    places = np.arange(len(rows))
    for ax, column, text in ((left, "likes", "{:.1f}"), (right, "surcharge", "{:.0f}")):
        best = rows[column].max()
        ax.barh(places, rows[column], height=0.55, color=[BLUE if value == best else QUIET for value in rows[column]])
        for place, value in zip(places, rows[column], strict=True):
            ax.annotate(
                text.format(value), (value, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=12
            )
        ax.grid(axis="y", visible=False)
        ax.margins(x=0.2)
    left.set_yticks(places, [_LABELS[use] for use in rows.index])
    left.set(xlabel="Liking (mean, 1 to 10)", xlim=(0, 10))
    right.set(xlabel="Surcharge, all flats sold\n(thousand yuan)")
    right.set_xlim(0, max(rows["surcharge"].max() * 1.25, 1))
    says = "; ".join(f"{USES[use]}: {row['likes']:.1f} and {row['surcharge']:.0f}" for use, row in gains.iterrows())
    return Picture(
        fig,
        "For each use of the plot: how much it is liked (1 to 10), and the surcharge in thousand yuan at which all flats "
        f"would still be sold. {says}.",
    )


def resale_prices(blocks: pd.DataFrame) -> Picture:
    """Prices far from and near a kindergarten: of all flats, and of those alike in their way to the metro."""
    fig, ax = new_figure("Do flats near a kindergarten sell for more?", height=3.6)
    looks = {True: (BLUE, "o", "-", "near the metro"), False: (ORANGE, "s", "-", "far from the metro")}
    ends = []
    for metro, part in blocks.groupby("near_metro"):
        prices = part.sort_values("near_kindergarten")["price_per_m2"].to_list()
        color, marker, line, label = looks[bool(metro)]
        ax.plot([0, 1], prices, color=color, marker=marker, linestyle=line, markersize=9)
        ends.append((label, prices))
        ax.annotate(label, (1, prices[1]), xytext=(10, 0), textcoords="offset points", va="center", fontsize=12)
    means = [
        np.average(part["price_per_m2"], weights=part["flats"])
        for _, part in blocks.sort_values("near_kindergarten").groupby("near_kindergarten")
    ]
    ax.plot([0, 1], means, color=INK, marker="D", linestyle="--", markersize=8)
    ax.annotate("all flats", (1, means[1]), xytext=(10, 0), textcoords="offset points", va="center", fontsize=12)
    ax.set_xticks([0, 1], ["beyond 500 metres", "within 500 metres"])
    ax.set(xlabel="Way to the next kindergarten", ylabel="Yuan a square metre", xlim=(-0.2, 1.75))
    money_axis(ax.yaxis, code=CODE)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words.number(value)))
    says = "; ".join(
        f"{label} from {words.number(a)} to {words.number(b)}" for label, (a, b) in [*ends, ("all flats", means)]
    )
    return Picture(
        fig, f"Mean price of a square metre beyond and within 500 metres of a kindergarten, in yuan. {says}."
    )


def said_and_paid(table: pd.DataFrame) -> Picture:
    """What a kindergarten is worth to a flat, found in four ways."""
    fig, ax = new_figure("What is a kindergarten worth to a flat?", height=3.3)
    rows = table.iloc[::-1]
    for place, (_, row) in enumerate(rows.iterrows()):
        plain = "near less far" in row["way"]
        color = VERMILION if plain else BLUE
        if not np.isnan(row["low"]):
            ax.plot([row["low"], row["high"]], [place, place], color=color, linewidth=4, solid_capstyle="butt")
        ax.plot([row["value"]], [place], "s" if plain else "o", color=color, markersize=9)
        ax.annotate(
            f"{row['value']:.0f}".replace("-", "−"),
            (row["value"], place),
            xytext=(0, 9),
            textcoords="offset points",
            ha="center",
            fontsize=12,
        )
    ax.axvline(0, color=INK, linewidth=1)
    ax.set_yticks(range(len(rows)), [way.replace(", ", ",\n") for way in rows["way"]])
    ax.set(xlabel="Thousand yuan a flat (bar: 95% interval)", ylim=(-0.5, len(rows) - 0.3))
    ax.set_xlim(min(0, table["low"].min()) - 3, None)
    ax.grid(axis="y", visible=False)
    says = "; ".join(f"{way}: {value:.0f}" for way, value in zip(table["way"], table["value"], strict=True))
    return Picture(fig, f"Four answers to what a kindergarten near by is worth to a flat, in thousand yuan. {says}.")


def gains(table: pd.DataFrame) -> Picture:
    """What each use of the plot leaves, with its interval."""
    fig, ax = new_figure("What does each use of the plot leave?", height=2.9)
    rows = table.iloc[::-1]
    places = np.arange(len(rows))
    values = rows["gain"] / 1000
    ax.barh(places, values, height=0.5, color=[BLUE if low > 0 else QUIET for low in rows["low"]])
    for place, value, low, high in zip(places, values, rows["low"] / 1000, rows["high"] / 1000, strict=True):
        ax.plot([low, high], [place, place], color=INK, linewidth=2)
        ax.annotate(
            _signed(value),
            (max(high, value, 0), place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=12,
        )
    ax.axvline(0, color=INK, linewidth=1)
    ax.set_yticks(places, [_LABELS[use] for use in rows.index])
    ax.set(xlabel="Million yuan, after its cost (line: 95% interval)")
    ax.margins(x=0.16)
    ax.grid(axis="y", visible=False)
    says = "; ".join(
        f"{USES[use]}: {_signed(row['gain'] / 1000)} ({_signed(row['low'] / 1000)} to {_signed(row['high'] / 1000)})"
        for use, row in table.iterrows()
    )
    return Picture(fig, f"Bars of what each use leaves in million yuan, with 95% intervals. {says}.")


# ---------------------------------------------------------------- C12


def build_up(table: pd.DataFrame) -> Picture:
    """The two prices, part by part."""
    fig, ax = new_figure("What are the two prices made of?", height=2.9)
    tones = (SKY, QUIET, BLUE, GREEN, ORANGE)
    starts = np.zeros(2)
    for color, (_, row) in zip(tones, table.iterrows(), strict=True):
        values = row[["this", "last"]].to_numpy(dtype=float)
        ax.barh([0, 1], values, left=starts, height=0.5, color=color, edgecolor=PAPER, linewidth=1.5, label=row["part"])
        for place, (value, start) in enumerate(zip(values, starts, strict=True)):
            if value >= 8:
                dark = color == BLUE
                ax.annotate(
                    f"{value:.0f}",
                    (start + value / 2, place),
                    ha="center",
                    va="center",
                    fontsize=12,
                    color=PAPER if dark else INK,
                )
        starts += values
    ax.set_yticks([0, 1], ["this one", "the last one"])
    ax.set(xlabel="Yuan", xlim=(0, starts.max() * 1.03))
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower left", bbox_to_anchor=(-0.22, 1.0), ncols=3, columnspacing=1.0, handlelength=1.2, fontsize=11)
    says = "; ".join(f"{row['part']} {row['last']} and {row['this']}" for _, row in table.iterrows())
    return Picture(fig, f"The price of the last garment and of this one, part by part, in yuan: {says}.")


def kept(answers: pd.DataFrame) -> Picture:
    """How far each answer moved the expected price, and what the shop keeps of 100 who ask."""
    fig, (left, right) = new_figure("What does each answer do?", height=3.5, columns=2, sharey=True)
    rows = answers.iloc[::-1]
    places = np.arange(len(rows))
    best = rows["kept"].max()
    left.barh(
        places,
        rows["moved"],
        height=0.55,
        color=[BLUE if value == rows["moved"].max() else QUIET for value in rows["moved"]],
    )
    right.barh(
        places, 100 * rows["kept"], height=0.55, color=[BLUE if value == best else QUIET for value in rows["kept"]]
    )
    for place, moved, money, bought in zip(places, rows["moved"], rows["kept"], rows["bought"], strict=True):
        left.annotate(
            _signed(moved, digits=0),
            (max(moved, 0), place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=12,
        )
        right.annotate(f"{short(100 * money)}\n{100 * bought:.0f} buy", (100 * money, place), xytext=(4, 0),
                       textcoords="offset points", va="center", fontsize=11)  # fmt: skip
    left.axvline(0, color=INK, linewidth=1)
    left.set_yticks(places, [_SAYS[answer] for answer in rows.index])
    left.set(xlabel="Expected price\nmoved by (yuan)")
    right.set(xlabel="Kept of 100\nwho ask (yuan)")
    left.margins(x=0.24)
    right.set_xlim(0, max(100 * best * 1.4, 1))
    right.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    right.locator_params(axis="x", nbins=3)
    for ax in (left, right):
        ax.grid(axis="y", visible=False)
    says = "; ".join(
        f"{ANSWERS[answer]}: {_signed(row['moved'], digits=0)} yuan, {100 * row['bought']:.0f} of 100 buy, {100 * row['kept']:,.0f} yuan kept"
        for answer, row in answers.iterrows()
    )
    return Picture(
        fig, f"For each answer: by how much the expected price moved, and what the shop keeps of 100 who ask. {says}."
    )


def acceptance(table: pd.DataFrame, *, price: int = PRICE) -> Picture:
    """Who would buy at each price, after each answer; the price that is asked marked."""
    fig, ax = new_figure("At which price do people buy?", height=3.8)
    looks = {NOTHING: (INK, LINES[0]), "cost": (ORANGE, LINES[1]), "benefit": (BLUE, LINES[3])}
    here = []
    for answer, part in table.groupby("answer", sort=False):
        color, line = looks[answer]
        ax.plot(part["price"], part["buys"], color=color, linestyle=line, label=_SAYS[answer])
        row = part.loc[part["price"] == price]
        if len(row):
            ax.plot(row["price"], row["buys"], "o", color=color, markersize=8)
            here.append(f"{ANSWERS[answer]}: {words.in_100(float(row['buys'].iloc[0]))}")
    ax.axvline(price, color=INK, linestyle=":", linewidth=1.4)
    ax.annotate(
        f"{price} yuan", (price, 1.02), xytext=(-4, 0), textcoords="offset points", fontsize=12, va="center", ha="right"
    )
    ax.set(xlabel="Price of the garment (yuan)", ylabel="Would buy", ylim=(0, 1.08))
    percent_axis(ax.yaxis)
    ax.legend(loc="upper right", title="The clerk", alignment="left")
    return Picture(
        fig, f"The share who would buy at each price, after three answers. At {price} yuan: {'; '.join(here)}."
    )


@passes_on_withheld
def price_steps(table: pd.DataFrame, *, most: int = 6) -> Picture:
    """For each kind of product: how often it cost much more than the customer's last one."""
    shown = table.head(most).iloc[::-1]
    fig, ax = new_figure("Where was the last one much cheaper?", height=1.6 + 0.36 * len(shown))
    names = short_labels([kind.replace("_", " ") for kind in shown["kind"]], longest=30)
    places = np.arange(len(shown))
    ax.barh(places, shown["share"], height=0.6, color=BLUE)
    for place, share, dear in zip(places, shown["share"], shown["dear"], strict=True):
        ax.annotate(
            words.number(dear), (share, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=11
        )
    ax.set_yticks(places, [names[kind.replace("_", " ")] for kind in shown["kind"]])
    ax.set(xlabel=f"Purchases at {DEAR:g} times the last price\nor more (with their count)")
    ax.set_xlim(0, max(shown["share"].max() * 1.15, 0.01))
    ax.grid(axis="y", visible=False)
    percent_axis(ax.xaxis)
    first = table.iloc[0]
    return Picture(
        fig,
        f"Share of purchases that cost {DEAR:g} times the customer's last one of that kind or more. Most often: {first['kind']}, "
        f"{words.percent(first['share'])} of {words.number(first['pairs'])}.",
    )


# ---------------------------------------------------------------- two offers


def two_offers(
    threshold: ThresholdOffer, percentage: PercentageOffer, *, up_to_minor: int, marked_minor: tuple[int, ...] = ()
) -> Picture:
    """What is paid of each yuan of list price, at every price, with both offers."""
    fig, ax = new_figure("Which of two offers is the cheaper one?", height=3.6)
    prices = np.arange(100, up_to_minor + 1, 100, dtype="int64")
    rate = np.asarray(effective_rate(threshold, prices), dtype=float)
    jumps = np.flatnonzero(np.diff(threshold.full_amounts(prices)))
    # A gap in the line at each full amount: the payment jumps, it does not slide.
    ax.plot(np.insert(prices / 100, jumps + 1, np.nan), np.insert(rate, jumps + 1, np.nan), color=BLUE)
    ax.axhline(percentage.pays_percent / 100, color=ORANGE, linestyle="--")
    for band in bands(threshold, percentage, up_to_minor=up_to_minor):
        if band.cheaper == "first":
            ax.axvspan(band.from_minor / 100, band.below_minor / 100, color=BLUE, alpha=0.14, linewidth=0)
    for price in marked_minor:
        share = effective_rate(threshold, price)
        ax.plot([price / 100], [share], "o", color=INK, markersize=8)
        ax.annotate(
            f"{price / 100:.0f}: pays {100 * share:.4g}%",
            (price / 100, share),
            xytext=(7, 6 if share > percentage.pays_percent / 100 else -15),
            textcoords="offset points",
            fontsize=11,
        )
    off, per = threshold.off_minor / 100, threshold.per_minor / 100
    ax.annotate(f"pays {percentage.pays_percent:g}%", (up_to_minor / 100, percentage.pays_percent / 100), xytext=(0, 6),
                textcoords="offset points", ha="right", fontsize=11)  # fmt: skip
    ax.set(
        xlabel=f"List price (yuan); shaded: {off:g} off per full {per:g} is cheaper",
        ylabel="Paid of list price",
        xlim=(0, up_to_minor / 100),
    )
    ax.xaxis.label.set_size(11)
    ax.set_ylim(min(0.5, percentage.pays_percent / 100 - 0.05), 1.05)
    percent_axis(ax.yaxis)
    inside = [band for band in bands(threshold, percentage, up_to_minor=up_to_minor) if band.cheaper == "first"]
    says = ", ".join(f"{band.from_minor / 100:,.2f} to {band.below_minor / 100:,.2f}" for band in inside) or "nowhere"
    return Picture(
        fig,
        f"What is paid of the list price with each offer. {off:g} off per full {per:g} is the cheaper one at: {says} yuan.",
    )


def _signed(value: float, *, digits: int = 1) -> str:
    """A number with its sign: +5.8, −0.6."""
    text = f"{abs(value):.{digits}f}"
    return text if not float(text) else ("+" if value > 0 else "−") + text
