"""The sentences of the casebook of churn: every number in them is worked out. Money in yuan."""

from __future__ import annotations

from dataclasses import replace

from helpers import words
from helpers.churn import cases
from helpers.churn.case_worlds import App, Cards, Milk, Plan, Trust, Writers, world


def round_today(milk: Milk) -> str:
    """The milk round in numbers."""
    return (
        f"{words.number(milk.served)} households today; {words.number(milk.won)} are won in a year, and {100 * milk.churn:.0f} of 100 leave. A household leaves {words.number(milk.margin)} yuan a year. "
        f"For {words.number(milk.cost)} yuan a year there is either one more seller, who wins {words.number(milk.more_won)} more (the picker), or one more driver, who is said to keep {100 * milk.fewer_lost:.0f} of 100 (the basket)."
    )


def round_played(*, churn: float, kept: float) -> str:
    """What the playground of the milk round says."""
    milk = replace(Milk(), churn=churn, fewer_lost=kept)
    left = {way: cases.money_of(milk, way) for way in ("picker", "basket")}
    money = {way: words.number(value).replace("-", "−") for way, value in left.items()}
    ahead = "The basket is ahead." if left["basket"] > left["picker"] else "The picker is ahead."
    return f"In {milk.years} years the picker leaves {money['picker']} yuan, the basket {money['basket']}. {ahead} To settle where the picker settles, the basket must keep {cases.basket_like_a_picker(milk):.1f} of 100."


def site(writers: Writers) -> str:
    """The site of recipes in numbers."""
    return (
        f"{words.number(writers.best)} of {words.number(writers.best + writers.others)} writers bring half of the readers; {100 * writers.leave:.0f} of 100 of them left last year. There are "
        f"{words.number(writers.budget)} yuan a year. For two years a lot has left out one in five from each benefit, so the column *stay* says what each one caused."
    )


def plans(writers: Writers) -> str:
    """What the three ways of choosing keep and cost."""
    parts = []
    for way, name in (("cheapest", "the three cheapest for each one kept"), ("liked", "the three best liked"), ("dearest", "the three dearest")):
        kept, cost = cases.kept_by(writers, cases.plan_of(writers, way))
        parts.append(f"{name} keep {kept:.0f} writers for {words.number(cost)} yuan")
    return f"Within the budget {words.listing(parts)}. We add the effects up, as if they did not overlap; they will, so these are upper ends."


def slide(app: App) -> str:
    """What the slide shows and what it does not."""
    share = cases.active_by_categories(app)
    return f"Of 100 users with one category {100 * share[1]:.0f} are still active after a year, with four and more {100 * share[3]:.0f}. The slide says: *each further category keeps them.*"


def lot(app: App) -> str:
    """What the lot found, and what it is worth."""
    found = cases.by_lot(app)
    leaves = cases.broadening_leaves(app)
    verb = "leave" if leaves > 0 else "cost"
    return (
        f"By lot, {100 * found.value:.1f} of 100 more were active ({100 * found.low:.1f} to {100 * found.high:.1f}). For {words.number(app.all_users)} users the wider range would {verb} "
        f"{words.number(abs(leaves))} yuan a year."
    ).replace("-", "−")


def trust_of(trust: Trust) -> str:
    """What was asked."""
    return f"{words.number(len(trust.people))} customers of a pharmacy were asked how far they trust it (1 to 10), and asked again a year later; what they spent stands beside both."


def leads(trust: Trust) -> str:
    """Which goes first."""
    found = cases.which_leads(trust)
    who = {"heart": "Trust goes first here.", "purse": "Spending goes first here.", "neither": "Neither goes clearly first."}[found.first]
    return f"{who} A third thing, such as a new neighbour who works at the counter, may still lead both."


def cards(one: Cards) -> str:
    """The factor, in all and among those of one age."""
    return f"All cards together: {cases.times_harder(one):.1f} times. Among cards of one age: {cases.times_harder_alike(one):.1f} times."


def penalty(plan: Plan) -> str:
    """The penalty beside what is owed."""
    return (
        f"After {plan.leaves_after} months {words.number(cases.still_owed(plan))} yuan of the telephone are not paid; leaving costs {plan.penalty_months} monthly fees, {words.number(cases.penalty(plan))} yuan."
    )


def owed_played(*, fees: int) -> str:
    """What the playground of the plan says."""
    plan = cases.with_penalty(Plan(), fees)
    from_month = max(0.0, plan.months * (1 - cases.penalty(plan) / plan.phone))
    fair = "Fair up to the last month." if cases.penalty(plan) == 0 else f"From month {from_month:.0f} on the penalty asks for more than is owed."
    return f"{penalty(plan)} {fair}"


def plans_played(*, budget: int) -> str:
    """What the playground of the writers says."""
    writers = replace(world("first").writers, budget=1_000 * budget)
    best = cases.best_plan(writers)
    name = {"cheapest": "the three cheapest for each one kept", "liked": "the three liked best", "dearest": "the three dearest"}[best]
    most = [way for way in ("cheapest", "liked", "dearest") if cases.kept_by(writers, cases.plan_of(writers, way))[1] < writers.budget]
    left = " The cheapest three do not use up the money: there are no more writers to give them to." if "cheapest" in most else ""
    return f"Most writers are kept by {name}.{left}"


def range_played(*, margin: int, range_cost: int) -> str:
    """What the playground of the app says."""
    app = replace(world("first").app, margin=margin, range_cost=1_000 * range_cost)
    said = {"broaden": "Even the low end of the interval pays.", "stay": "Even the high end of the interval does not pay.", "try": "The interval lies on both sides: more users would tell."}
    return f"{lot(app)} {said[cases.app_choice(app)]}"
