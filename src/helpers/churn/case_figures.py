"""The pictures of the casebook of churn. Money in yuan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from helpers import words
from helpers.churn import cases
from helpers.churn.case_worlds import App, Cards, Milk, Plan, Trust, Writers, world
from helpers.pictures import BLUE, GREEN, INK, ORANGE, QUIET, SKY, VERMILION, Picture, count_axis, new_figure

_WAYS = {"nothing": ("nothing", QUIET, "-"), "picker": ("one more picker", ORANGE, "--"), "basket": ("a basket", BLUE, "-")}


_SHORT = {
    "a group with well-known writers": "group",
    "gifts, small and large": "gifts",
    "invitations to meetings": "meetings",
    "new products to try first": "first tries",
    "help with paid articles and columns": "articles",
    "a say in how the site is run": "a say",
    "a place on the front page": "front page",
}


def round_of(milk: Milk, *, years: int = 10) -> Picture:
    """Households on the round, year by year: with nothing, with a picker, with a basket."""
    fig, ax = new_figure("How many households in ten years?", height=3.4)
    ends = {}
    for way, (label, color, style) in _WAYS.items():
        extra = {"picker": {"more_won": milk.more_won}, "basket": {"fewer_lost": milk.fewer_lost}}.get(way, {})
        path = cases.households(milk, years=years, **extra)
        ax.plot(range(years + 1), path, color=color, linestyle=style, label=label, linewidth=2)
        ends[way] = path[-1]
    ax.axvline(milk.years, color=INK, linewidth=1, linestyle=":")
    ax.set(xlabel="Years from now", ylabel="Households", xlim=(0, years))
    count_axis(ax.yaxis)
    ax.legend(loc="best")
    said = ", ".join(f"{_WAYS[way][0]} {words.number(end)}" for way, end in ends.items())
    return Picture(fig, f"Three lines of households over {years} years; at the end: {said}.")


def round_played(*, churn: float, kept: float) -> Picture:
    """The same with the sliders' numbers."""
    return round_of(replace(Milk(), churn=churn, fewer_lost=kept))


def per_writer(writers: Writers) -> Picture:
    """What each benefit costs for each writer who stays because of it."""
    cost = cases.per_writer_kept(writers).sort_values(ascending=False)
    fig, ax = new_figure("What does one writer kept cost, benefit by benefit?", height=3.6)
    places = np.arange(len(cost))
    ax.barh(places, cost, color=[BLUE if name in cases.plan_of(writers, "cheapest") else SKY for name in cost.index], height=0.64)
    for place, value in zip(places, cost, strict=True):
        ax.annotate(words.number(value), (value, place), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks(places, cost.index, fontsize=11)
    ax.set(xlabel="Yuan for each writer kept")
    ax.margins(x=0.14)
    ax.grid(axis="y", visible=False)
    said = "; ".join(f"{name} {words.number(value)}" for name, value in cost.iloc[::-1].items())
    return Picture(fig, f"Bars, yuan for each writer kept: {said}.")


def liked_and_cost(writers: Writers) -> Picture:
    """How well each benefit is liked, beside what one writer kept by it costs."""
    rank, cost = writers.ranks.mean(), cases.per_writer_kept(writers)
    fig, ax = new_figure("Do they like best what holds them cheapest?", height=3.6)
    ax.plot(rank, cost[rank.index], "o", color=BLUE, markersize=8)
    for name in rank.index:
        left = name.startswith("invitations")
        ax.annotate(_SHORT[name], (rank[name], cost[name]), xytext=(-6 if left else 6, -14 if left else 5), textcoords="offset points", fontsize=11, ha="right" if left else "left")
    ax.set(xlabel="Mean place in the writers' order (1: best)", ylabel="Yuan for each writer kept", xlim=(2.4, 6.6))
    count_axis(ax.yaxis)
    ax.margins(y=0.12)
    best = rank.idxmin()
    return Picture(fig, f"Points, one a benefit: place in the writers' order and cost of each writer kept. They like best {best}, which costs {words.number(cost[best])}.")


def by_categories(app: App) -> Picture:
    """Share still active, by categories, for all users and for the two kinds of visitors."""
    fig, axes = new_figure("Is it the categories, or the visitors?", columns=2, height=3.4, sharey=True)
    names = ["one", "two or three", "four or more"]
    together = 100 * cases.active_by_categories(app).to_numpy()
    axes[0].bar(range(3), together, color=BLUE, width=0.66)
    for place, value in enumerate(together):
        axes[0].annotate(f"{value:.0f}", (place, value), xytext=(0, 3), textcoords="offset points", ha="center")
    table = 100 * app.users.pivot(index="visits", columns="categories", values="active")
    for shift, visits, color in ((-0.2, "often", GREEN), (0.2, "seldom", ORANGE)):
        axes[1].bar(np.arange(3) + shift, table.loc[visits], color=color, width=0.38, label=f"visit {visits}")
        for place, value in enumerate(table.loc[visits]):
            axes[1].annotate(f"{value:.0f}", (place + shift, value), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=11)
    for ax, title in zip(axes, ("all users together", "among those alike"), strict=True):
        ax.set_xticks(range(3), [name.replace(" or ", "\nor ") for name in names], fontsize=11)
        ax.set_title(title, fontsize=12)
        ax.grid(axis="x", visible=False)
    axes[0].set(ylabel="Of 100, active after a year", ylim=(0, 100))
    axes[1].legend(loc="upper left", fontsize=10, ncols=2, columnspacing=0.8, handlelength=1.0)
    return Picture(
        fig,
        "Left, of 100 users active after a year by categories held: " + ", ".join(f"{name} {value:.0f}" for name, value in zip(names, together, strict=True))
        + f". Right, among those who visit often {table.loc['often', 1]:.0f} to {table.loc['often', 3]:.0f}, among those who visit seldom {table.loc['seldom', 1]:.0f} to {table.loc['seldom', 3]:.0f}.",
    )


def three_differences(app: App) -> Picture:
    """The difference on the slide, among those alike, and by lot, beside the one that pays."""
    share = cases.active_by_categories(app)
    found = cases.by_lot(app)
    values = {"on the slide": 100 * (share[3] - share[1]), "among those alike": cases.like_with_like(app), "by lot": 100 * found.value}
    pays = 100 * (app.range_cost / app.all_users + app.voucher) / app.margin
    fig, ax = new_figure("Three differences: which of them does a further category cause?", height=2.8)
    places = np.arange(3)[::-1]
    ax.barh(places, list(values.values()), color=[VERMILION, ORANGE, BLUE], height=0.6)
    ax.hlines(0, 100 * found.low, 100 * found.high, color=INK, linewidth=1.5)
    ax.axvline(pays, color=INK, linestyle="--", linewidth=1.5)
    ax.annotate(f"pays from {pays:.0f} on", (pays, 1.5), xytext=(6, 0), textcoords="offset points", va="center")
    for place, value in zip(places, values.values(), strict=True):
        ax.annotate(f"{value:.0f}", (max(value, 100 * found.high if place == 0 else 0), place), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks(places, list(values))
    ax.set(xlabel="Of 100, more active after a year")
    ax.margins(x=0.1)
    ax.grid(axis="y", visible=False)
    said = "; ".join(f"{name} {value:.0f}" for name, value in values.items())
    return Picture(fig, f"Of 100 users, more active: {said} ({100 * found.low:.0f} to {100 * found.high:.0f}). It pays from {pays:.0f} on.".replace("-", "−"))


def leads(trust: Trust) -> Picture:
    """What goes first: two correlations."""
    found = cases.which_leads(trust)
    fig, ax = new_figure("Which goes first: the heart or the purse?", height=2.4)
    values = [found.heart_to_purse, found.purse_to_heart]
    ax.barh([1, 0], values, color=[VERMILION, BLUE], height=0.58)
    for place, value in zip((1, 0), values, strict=True):
        ax.annotate(f"{value:.1f}".replace("-", "−"), (max(value, 0), place), xytext=(5, 0), textcoords="offset points", va="center")
    ax.axvline(0, color=INK, linewidth=1)
    ax.set_yticks([1, 0], ["trust, then\nmore spending", "spending, then\nmore trust"], fontsize=11)
    ax.set(xlabel="How closely they go together (0 not at all, 1 fully)", xlim=(min(-0.15, min(values) - 0.1), 1))
    ax.grid(axis="y", visible=False)
    return Picture(fig, f"Two bars: trust with the later change of spending {values[0]:.1f}, spending with the later change of trust {values[1]:.1f}.".replace("-", "−"))


def closures(cards: Cards) -> Picture:
    """Cards closed of 1,000, by bills, for new and old cards."""
    table = cases.closures(cards)
    fig, ax = new_figure("Do bills hold a card, or its age?", height=3.0)
    for shift, years, color in ((-0.2, "new", ORANGE), (0.2, "old", BLUE)):
        ax.bar(np.arange(3) + shift, table.loc[years], color=color, width=0.38, label=f"{years} cards")
        for place, value in enumerate(table.loc[years]):
            ax.annotate(f"{value:.0f}", (place + shift, value), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=11)
    ax.set_xticks(range(3), ["none", "one", "three"])
    ax.set(xlabel="Bills paid by the card", ylabel="Of 1,000, closed", ylim=(0, 1.4 * table.to_numpy().max()))
    ax.grid(axis="x", visible=False)
    ax.legend(ncols=2, loc="upper right")
    said = "; ".join(f"{years}: " + ", ".join(f"{value:.0f}" for value in table.loc[years]) for years in ("new", "old"))
    return Picture(fig, f"Cards closed of 1,000, with none, one and three bills: {said}.")


def owed(plan: Plan) -> Picture:
    """What of the telephone is owed, month by month, beside the penalty."""
    fig, ax = new_figure("When is leaving dearer than the telephone?", height=3.0)
    months = np.arange(plan.months + 1)
    ax.plot(months, plan.phone * (plan.months - months) / plan.months, color=BLUE, label="of the telephone not yet paid")
    ax.axhline(cases.penalty(plan), color=VERMILION, linestyle="--", label="penalty on leaving")
    ax.plot([plan.leaves_after], [cases.still_owed(plan)], "o", color=INK, markersize=7)
    ax.set(xlabel="Months since the start", ylabel="Yuan", xlim=(0, plan.months), ylim=(0, 1.45 * max(plan.phone, cases.penalty(plan))))
    count_axis(ax.yaxis)
    ax.legend(loc="upper right")
    return Picture(
        fig,
        f"A line falls from {words.number(plan.phone)} yuan to nothing in {plan.months} months; the penalty stands at {words.number(cases.penalty(plan))}. After {plan.leaves_after} months "
        f"{words.number(cases.still_owed(plan))} are owed.",
    )


def owed_played(*, fees: int) -> Picture:
    """The same with a penalty of so many fees."""
    return owed(cases.with_penalty(Plan(), fees))


def plans_played(*, budget: int) -> Picture:
    """What the three ways of choosing keep with another budget."""
    writers = replace(world("first").writers, budget=1_000 * budget)
    names = {"cheapest": "cheapest for\neach one kept", "liked": "liked best", "dearest": "dearest"}
    kept = {way: cases.kept_by(writers, cases.plan_of(writers, way))[0] for way in names}
    fig, ax = new_figure(f"With {budget:,} thousand yuan a year: which three keep most?", height=2.8)
    best = max(kept, key=kept.get)
    ax.barh([2, 1, 0], list(kept.values()), color=[BLUE if way == best else SKY for way in kept], height=0.6)
    for place, value in zip((2, 1, 0), kept.values(), strict=True):
        ax.annotate(f"{value:.0f}", (value, place), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks([2, 1, 0], list(names.values()), fontsize=11)
    ax.set(xlabel="Writers kept in a year", xlim=(0, 80))
    ax.grid(axis="y", visible=False)
    said = "; ".join(f"{way} {value:.0f}" for way, value in kept.items())
    return Picture(fig, f"Writers kept with {budget:,} thousand yuan: {said}.")


def range_played(*, margin: int, range_cost: int) -> Picture:
    """The three differences, beside the effect from which the range pays with other numbers."""
    return three_differences(replace(world("first").app, margin=margin, range_cost=1_000 * range_cost))
