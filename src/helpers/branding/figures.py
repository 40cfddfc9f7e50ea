"""The brand in pictures: each takes what a measure returns and answers one question."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import words
from helpers.branding import price as prices
from helpers.branding import reach as mouth
from helpers.branding.funnel import STAGES, Funnel
from helpers.branding.price import Premium
from helpers.branding.promises import Gaps, OnFile, words_of
from helpers.branding.reach import Told
from helpers.branding.recommendation import Score
from helpers.branding.stretch import MIDDLE, Stretch
from helpers.branding.waves import NAMES as MEASURES
from helpers.branding.waves import Changes
from helpers.pictures import BLUE, GREEN, INK, ORANGE, QUIET, VERMILION, Picture, count_axis, money_axis, new_figure, short_labels
from helpers.withheld import passes_on_withheld, silent_when_withheld

_SHORT = {"aided": "know it", "considered": "consider it", "bought": "bought it", "preferred": "prefer it"}


def _bars(value: float, low: float, high: float) -> np.ndarray:
    return np.array([[max(value - low, 0)], [max(high - value, 0)]])


@passes_on_withheld
def funnel(result: Funnel) -> Picture:
    """The own brand's stages beside those of the best known rival."""
    brands = [result.own, *result.rivals[:1]]
    labels = short_labels(brands, longest=20)
    fig, ax = new_figure("Of 100 buyers in the market, how many come how far with each brand?")
    said = []
    for place, (brand, color) in enumerate(zip(brands, (BLUE, ORANGE), strict=False)):
        rows = pd.DataFrame([result.at(stage, brand) for stage in STAGES])
        y = np.arange(len(STAGES)) + 0.38 * place - 0.19 * (len(brands) - 1)
        errors = np.abs(rows[["low", "high"]].to_numpy(float).T - rows["share"].to_numpy(float)) * 100
        ax.barh(y, 100 * rows["share"], height=0.34, color=color, label=labels[brand], xerr=errors, ecolor=INK, capsize=2)
        for at, row in zip(y, rows.itertuples(), strict=True):
            ax.text(100 * row.high + 1.5, at, f"{100 * row.share:.0f}", va="center", fontsize=11)
        said.append(f"{labels[brand]}: " + ", ".join(f"{_SHORT[row.stage]} {100 * row.share:.0f}" for row in rows.itertuples()))
    ax.set_yticks(range(len(STAGES)), [_SHORT[stage] for stage in STAGES])
    ax.invert_yaxis()
    ax.set(xlabel="Of 100 people asked (lines: 95% intervals)", xlim=(0, 104))
    ax.legend(loc="lower right")
    return Picture(fig, f"Bars of how many of 100 people in the market come to each stage. {'; '.join(said)}.")


@passes_on_withheld
def distribution(result: Score) -> Picture:
    """How many customers gave each grade, with the three groups of the score."""
    fig, ax = new_figure("How likely are customers to recommend us? Every grade, not only the score")
    colors = [VERMILION if grade <= 6 else QUIET if grade <= 8 else GREEN for grade in result.counts.index]
    shares = 100 * result.counts / result.n
    ax.bar(result.counts.index, shares, color=colors)
    top = shares.max()
    for (left, right), name, share, color in (
        ((0, 6), "detractors", result.detractors, VERMILION),
        ((7, 8), "passives", 1 - result.promoters - result.detractors, INK),
        ((9, 10), "promoters", result.promoters, GREEN),
    ):
        ax.text((left + right) / 2, top * 1.16, f"{name}\n{100 * share:.0f}", ha="center", va="center", color=color, fontsize=11)
    ax.set(xlabel="Grade from 0 to 10", ylabel="Of 100 answers", ylim=(0, top * 1.32))
    ax.set_xticks(range(11))
    return Picture(
        fig,
        f"Bars of the share of answers with each grade from 0 to 10. Of 100 answers {100 * result.detractors:.0f} are from 0 to 6, "
        f"{100 * result.promoters:.0f} are 9 or 10. The score is {result.value:.0f}, from {result.estimate.low:.0f} to {result.estimate.high:.0f}.",
    )


@passes_on_withheld
def score_over_time(table: pd.DataFrame) -> Picture:
    """The recommendation score and unaided awareness in each wave, with their intervals."""
    wanted = [name for name in ("unaided", "recommendation") if (table["measure"] == name).any()]
    fig, axes = new_figure("What moved between the waves, and how sure are we of each point?", columns=max(len(wanted), 1))
    said = []
    for ax, name, color in zip(np.atleast_1d(axes), wanted, (ORANGE, BLUE), strict=False):
        rows = table[table["measure"] == name]
        x = np.arange(len(rows))
        ax.errorbar(x, rows["value"], yerr=np.abs(rows[["low", "high"]].to_numpy().T - rows["value"].to_numpy()), fmt="o-", color=color, ecolor=INK, capsize=4)
        ax.set_xticks(x, rows["wave"], fontsize=10)
        ax.set(ylabel="Of 100 people" if name == "unaided" else "Score", xlabel=f"{MEASURES[name].capitalize()}", xlim=(-0.4, len(rows) - 0.6))
        said.append(f"{MEASURES[name]}: " + ", ".join(f"{row.wave} {row.value:.0f}" for row in rows.itertuples()))
    return Picture(fig, f"Points with 95% intervals by wave. {'; '.join(said)}.")


@passes_on_withheld
def changes(result: Changes) -> Picture:
    """Each measure's change between two waves with its interval; what is real is filled."""
    fig, ax = new_figure(f"What changed from {result.before} to {result.now}, and is it more than chance?")
    rows = result.table.iloc[::-1].reset_index(drop=True)
    # One grade of ten is drawn as ten points, so that all measures share an axis.
    scale = rows["unit"].map({"grade": 10.0}).fillna(1.0)
    for y, row, factor in zip(range(len(rows)), rows.itertuples(), scale, strict=True):
        color = VERMILION if row.real else QUIET
        ax.errorbar(row.change * factor, y, xerr=_bars(row.change, row.low, row.high) * factor, fmt="o", color=color, ecolor=color, capsize=4,
                    markersize=8, markerfacecolor=color if row.real else "white")  # fmt: skip
    ax.axvline(0, color=INK, linewidth=1)
    ax.set_yticks(range(len(rows)), [_measure(name) for name in rows["measure"]])
    ax.set(xlabel="Points of 100 (trust: tenths of a grade)", ylim=(-0.6, len(rows) - 0.4))
    real = words.listing(_measure(name) for name in result.real["measure"]) if len(result.real) else "none"
    return Picture(fig, f"One point with its interval for the change of each measure. Beyond chance after correction for {len(rows)} looks: {real}.")


def _measure(name: str) -> str:
    return {"unaided": "name it unprompted", "recommendation": "recommendation", "trust": "trust"}.get(name, _SHORT.get(name, name))


@passes_on_withheld
def gaps(result: Gaps) -> Picture:
    """Each promise as believed and as kept."""
    rows = result.table.iloc[::-1].reset_index(drop=True)
    names = short_labels(map(words_of, rows["promise"]), longest=24)
    fig, ax = new_figure("Which promises are believed, and which are kept?", height=3.9)
    leaks = set(result.leaks["promise"])
    for y, row in enumerate(rows.itertuples()):
        color = VERMILION if row.promise in leaks else QUIET
        ax.plot([row.believed, row.kept], [y, y], color=color, linewidth=3)
        ax.plot(row.believed, y, "o", color="white", markeredgecolor=INK, markersize=9)
        ax.plot(row.kept, y, "o", color=color if row.promise in leaks else BLUE, markersize=9)
    ax.plot([], [], "o", color="white", markeredgecolor=INK, label="believed")
    ax.plot([], [], "o", color=BLUE, label="kept (red: a leak)")
    ax.set_yticks(range(len(rows)), [names[words_of(name)] for name in rows["promise"]])
    ax.set(xlabel="Mean grade from 1 to 10", xlim=(3, 10))
    ax.legend(loc="lower left")
    worst = result.table.iloc[0]
    return Picture(
        fig,
        f"Two points for each of {len(rows)} promises, as believed and as kept. The largest shortfall is {words_of(worst['promise'])}: "
        f"believed {worst['believed']:.1f}, kept {worst['kept']:.1f}.",
    )


@silent_when_withheld
def by_owner(result: Gaps) -> Picture:
    """How far own staff and partners kept each promise that both keep."""
    rows = result.table.dropna(subset=["own_less_partner"]).iloc[::-1].reset_index(drop=True)
    fig, ax = new_figure("How far is each promise kept, by own staff and by partners?")
    if rows.empty:
        ax.text(0.5, 0.5, "No promise is kept by both.", ha="center", transform=ax.transAxes)
        return Picture(fig, "No promise is kept by own staff and by partners in numbers that can be compared.")
    names = short_labels(map(words_of, rows["promise"]), longest=24)
    y = np.arange(len(rows))
    ax.barh(y + 0.19, rows["own_kept"], height=0.34, color=BLUE, label="own staff")
    ax.barh(y - 0.19, rows["partner_kept"], height=0.34, color=ORANGE, label="partner")
    for at, row in zip(y, rows.itertuples(), strict=True):
        ax.text(row.own_kept + 0.1, at + 0.19, f"{row.own_kept:.1f}", va="center", fontsize=11)
        ax.text(row.partner_kept + 0.1, at - 0.19, f"{row.partner_kept:.1f}", va="center", fontsize=11)
    ax.set_yticks(y, [names[words_of(name)] for name in rows["promise"]])
    ax.set(xlabel="Mean grade from 1 to 10", xlim=(0, 11))
    ax.legend(loc="upper center", bbox_to_anchor=(0.4, -0.2), ncols=2)
    said = "; ".join(f"{words_of(row.promise)}: own {row.own_kept:.1f}, partner {row.partner_kept:.1f}" for row in rows.iloc[::-1].itertuples())
    return Picture(fig, f"Bars of how far each promise was kept. {said}.")


@passes_on_withheld
def on_file(result: OnFile) -> Picture:
    """The promise in the contacts, own staff beside partners."""
    fig, ax = new_figure(f"Of 100 matters ({words_of(result.touchpoint)}), how many are settled within {result.hours} hours of the first visit?", height=2.9)
    rows = result.table
    for y, row, color in zip((1, 0), rows.itertuples(), (BLUE, ORANGE), strict=True):
        ax.barh(y, 100 * row.share, color=color, height=0.55, xerr=100 * _bars(row.share, row.low, row.high), ecolor=INK, capsize=3)
        ax.text(3, y, f"{100 * row.share:.0f} of 100 ({row.matters:,})", va="center", color="white" if color == BLUE else INK, fontsize=11)
    ax.set_yticks([1, 0], ["own staff", "partner"])
    ax.set(xlabel="Of 100 matters, settled in time", xlim=(0, 104))
    own, partner = rows.iloc[0], rows.iloc[1]
    return Picture(fig, f"Two bars. Own staff settle {100 * own['share']:.0f} of 100 matters within {result.hours} hours, partners {100 * partner['share']:.0f} of 100.")


@passes_on_withheld
def premium(result: Premium, *, code: str) -> Picture:
    """What people would pay for the same product under each name."""
    from helpers.money import currency

    factor = currency(code).factor
    rows = result.table.iloc[::-1].reset_index(drop=True)
    names = short_labels([_label(label) for label in rows["label"]], longest=20)
    fig, ax = new_figure("The same product, three names drawn by lot: what would people pay?", height=3.1)
    ax.barh(range(len(rows)), rows["typical_minor"] / factor, color=[BLUE if label == result.own else QUIET for label in rows["label"]])
    for y, row in enumerate(rows.itertuples()):
        more = "" if np.isnan(row.premium) else f" ({100 * row.premium:+.0f}%, {100 * row.low:+.0f} to {100 * row.high:+.0f})".replace("-", "−")
        ax.text(row.typical_minor / factor * 0.02, y, words.money(int(row.typical_minor), code=code) + more, va="center", fontsize=11,
                color="white" if row.label == result.own else INK)  # fmt: skip
    ax.set_yticks(range(len(rows)), [names[_label(label)] for label in rows["label"]])
    ax.set(xlabel="Typical price that people would pay")
    money_axis(ax.xaxis, code=code)
    said = "; ".join(f"{_label(row.label)} {words.money(int(row.typical_minor), code=code)}" for row in result.table.itertuples())
    return Picture(fig, f"Bars of the typical price that people would pay for the same product. {said}.")


def _label(label: str) -> str:
    return "no name" if label == prices.NO_NAME else str(label)


@passes_on_withheld
def stretch(result: Stretch) -> Picture:
    """How well each new line fits, with its interval and the middle of the scale."""
    rows = result.table.iloc[::-1].reset_index(drop=True)
    names = short_labels(map(words_of, rows["line"]), longest=22)
    fig, ax = new_figure("Which new line can the brand carry?")
    for y, row in enumerate(rows.itertuples()):
        color = {"stretches": VERMILION, "fits": BLUE}.get(row.verdict, QUIET)
        ax.errorbar(row.fit, y, xerr=_bars(row.fit, row.low, row.high), fmt="o", color=color, capsize=4, markersize=9)
        ax.text(row.high + 0.15, y, f"{row.fit:.1f}; {100 * row.would_buy:.0f} of 100 would buy", va="center", fontsize=10, backgroundcolor="white")
    ax.axvline(MIDDLE, color=INK, linewidth=1, linestyle="--")
    ax.set_yticks(range(len(rows)), [names[words_of(name)] for name in rows["line"]])
    ax.set(xlabel="Fit, mean grade from 1 to 10", xlim=(1, 12), ylim=(-0.6, len(rows) - 0.4))
    ax.set_xticks(range(1, 11))
    said = ", ".join(f"{words_of(row.line)} {row.fit:.1f}" for row in result.table.itertuples())
    return Picture(fig, f"Points with intervals of how well each new line fits the brand, from 1 to 10: {said}.")


@passes_on_withheld
def told(result: Told) -> Picture:
    """How many people each customer told, good and bad."""
    fig, ax = new_figure("How many people did each customer tell?")
    edges, names = (0, 1, 2, 4, 8, 16, 10**6), ("nobody", "1", "2-3", "4-7", "8-15", "16 or more")
    x = np.arange(len(names))
    for offset, values, color, name in ((-0.2, result.good, GREEN, "something good"), (0.2, result.bad, VERMILION, "something bad")):
        counts = pd.cut(values, edges, right=False, labels=False).value_counts().reindex(range(len(names)), fill_value=0)
        ax.bar(x + offset, 100 * counts / len(values), width=0.38, color=color, label=name)
    ax.set_xticks(x, names, fontsize=11)
    ax.set(xlabel="People told in 12 months", ylabel="Of 100 customers")
    ax.legend()
    return Picture(
        fig,
        f"Bars of how many people customers told. On average {result.mean_good.value:.1f} heard something good from a customer and {result.mean_bad.value:.1f} something bad; "
        f"the most that one customer told is {result.largest}.",
    )


@passes_on_withheld
def reach(tellers: float, circle: float, *, population: int = 100_000) -> Picture:
    """Listeners counted in full, and different people, as more and more tell."""
    x = np.linspace(0, max(tellers * 1.5, 600), 120)
    fig, ax = new_figure(f"How many different people hear it in a town of {population:,}?")
    ax.plot(x, [mouth.naive_reach(n, circle=circle) for n in x], linestyle="--", color=ORANGE, label="circles added up (wrong)")
    ax.plot(x, [mouth.distinct_reach(n, circle=circle, population=population) for n in x], color=BLUE, label="different people")
    ax.axhline(population, color=QUIET, linewidth=1)
    found = mouth.distinct_reach(tellers, circle=circle, population=population)
    ax.plot([tellers], [found], "o", color=BLUE, markersize=9)
    ax.set(xlabel="Customers who tell it to their whole circle", ylabel="People", ylim=(0, population * 1.25), xlim=(0, x[-1]))
    count_axis(ax.yaxis)
    ax.legend(loc="lower right")
    return Picture(
        fig,
        f"Two curves by the number of people who tell. At {tellers:,.0f} tellers with a circle of {circle:,.0f} the circles add up to "
        f"{mouth.naive_reach(tellers, circle=circle):,.0f}, but {found:,.0f} different people hear it.",
    )


def guarantee(claims: float, *, cost: float, stay_longer: float, margin: float, code: str) -> Picture:
    """What a guarantee costs at each claim rate, and what it brings."""
    found = prices.guarantee(claims=claims, cost=cost, stay_longer=stay_longer, margin=margin)
    most = max(2 * found.break_even, claims * 1.3, 1)
    x = np.linspace(0, most, 50)
    fig, ax = new_figure("Up to which rate of claims does the guarantee pay?")
    ax.plot(x, x * cost, color=VERMILION, label="costs")
    ax.axhline(found.brings, color=BLUE, label="brings")
    ax.plot([claims], [found.costs], "o", color=VERMILION, markersize=9)
    ax.set(xlabel="Claims of 100 buyers", ylabel="For 100 buyers", xlim=(0, most), ylim=(0, max(most * cost, found.brings) * 1.1))
    money_axis(ax.yaxis, code=code)
    ax.legend(loc="upper left")
    return Picture(fig, f"A rising line of costs and a level line of what comes back. They meet at {found.break_even:.1f} claims of 100 buyers; at {claims:g} claims the guarantee costs {found.costs:,.0f} and brings {found.brings:,.0f}.")


