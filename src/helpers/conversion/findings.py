"""The pipeline in sentences, written from the measures: Markdown, one finding each."""

from __future__ import annotations

import itertools

import pandas as pd

from helpers import words
from helpers.conversion import attempts as talks
from helpers.conversion.figures import insurance
from helpers.conversion.funnel import Flow, Funnel, faults_in_words
from helpers.conversion.gates import GATES, chance_of_all, narrowest
from helpers.conversion.grades import LeakCheck, Score, by_grade
from helpers.conversion.routes import Routes
from helpers.conversion.tiers import TIERS, Barriers, TierSizes, in_words
from helpers.stats.intervals import Estimate
from helpers.withheld import Withheld, silent_when_withheld


def _of_100(one: Estimate) -> str:
    return f"{100 * one.value:.0f} of 100 ({100 * one.low:.0f} to {100 * one.high:.0f})"


def _signed(value: float) -> str:
    return f"{100 * value:+.0f}".replace("-", "−")


@silent_when_withheld
def tier_sizes(found: TierSizes) -> list[str]:
    """How large each tier is, and what was set aside."""
    parts = [f"{name} {_of_100(found.share(tier))}" for tier, name in TIERS.items()]
    text = f"**Of 100 households, tier by tier: {words.listing(parts)}.** {_of_100(found.share('customer'))} are customers."
    if found.households:
        largest = found.table[found.table["group"].isin(TIERS)].sort_values("share", ascending=False).iloc[0]
        text += (
            f" In the region these weights speak of {words.number(found.households)} households; the largest tier, {TIERS[largest['group']]}, holds "
            f"{_thousand(largest['households_low'])} to {_thousand(largest['households_high'])} of them."
        )
    said = [text]
    if found.set_aside:
        reasons = words.listing(f"{number} ({name})" for name, number in found.set_aside.items())
        said.append(
            f"{words.count(sum(found.set_aside.values()), 'sheet')} could not be used: {reasons}. They are left out and not guessed."
        )
    return said


def _thousand(value: float) -> str:
    return words.number(round(value, -3) if value >= 10_000 else round(value, -2))


@silent_when_withheld
def barriers(found: Barriers) -> str:
    """What the tiers have in common, or that they have nothing in common."""
    if found.shared:
        shares = found.table[found.table["barrier"] == found.shared].set_index("group")
        parts = words.listing(f"{TIERS[tier]} {_of_100(_estimate(shares.loc[tier]))}" for tier in found.of_tiers)
        text = f"**One barrier is first in {len(found.of_tiers)} tiers: {in_words(found.shared)}.** Of those who name a barrier: {parts}."
        if "tenants" in shares.index:
            text += f" Of tenants, whatever their tier: {_of_100(_estimate(shares.loc['tenants']))}."
        return (
            text
            + " An offer without it would speak to all of them. That people name it does not prove that they would buy without it."
        )
    if found.first:
        own = words.listing(f"{TIERS[tier]}: {in_words(name)}" for tier, name in found.first.items())
        return f"**The tiers share no barrier.** Each that has a clear first one has its own ({own}), so each needs its own answer."
    return "**No tier has a barrier that leads beyond chance.** More sheets, or fewer and better codes, would be needed to choose one."


def _estimate(row: pd.Series) -> Estimate:
    return Estimate(row["share"], row["low"], row["high"])


@silent_when_withheld
def flow(found: Flow) -> str:
    """The stock and the flows, and how much of it nobody works on."""
    text = (
        f"**{words.count(found.end, 'prospect')} are open on {words.day(found.until)}**, after {words.number(found.start)} on {words.day(found.since)}: "
        f"{words.number(found.entered)} came in, {words.number(found.ordered)} ordered, {words.number(found.lost)} said no for good."
    )
    if found.idle:
        text += (
            f" But {words.number(found.idle)} of the open ones have had no contact for more than {found.idle_days} days. They are a number in a list, not a pipeline: "
            "the work to come lies in the other "
            f"{words.number(found.end - found.idle)}."
        )
    return text


_STEP = {"entered": "who enter", "contacted": "of these", "offered": "with an offer"}
_THEN = {"contacted": "are contacted", "offered": "get an offer", "ordered": "order"}


@silent_when_withheld
def funnel(found: Funnel) -> list[str]:
    """How many come through, which cohorts are too young, what does not add up."""
    total = found.total
    names = list(total)
    steps = words.listing(
        f"{100 * total[b] / total[a]:.0f} of 100 {_STEP[a]} {_THEN[b]}" for a, b in itertools.pairwise(names) if total[a]
    )
    said = [
        f"**Of {words.count(total['entered'], 'prospect')} in the ripe quarters {words.number(total['ordered'])} ordered.** Step by step: {steps}."
    ]
    young = found.table[~found.table["ripe"]]
    if len(young):
        said.append(
            f"95 of 100 orders come within {words.count(found.ripe_days, 'day')} of entry, so {words.listing(young['cohort'])} cannot be judged yet: "
            "a lower share there may be nothing but youth."
        )
    if found.odd:
        said.append(
            f"In the data stand {faults_in_words(found.odd)}. They count as having passed the stage that was not noted."
        )
    return said


@silent_when_withheld
def routes(found: Routes, *, code: str) -> list[str]:
    """What a customer costs by either route, and how much of the difference is people."""
    table = found.table.set_index("route")
    out, into = table.loc["outbound"], table.loc["inbound"]
    said = []
    if pd.notna(out["cost_per_customer_minor"]) and pd.notna(into["cost_per_customer_minor"]):
        said.append(
            f"**A customer cost {words.money(out['cost_per_customer_minor'], code=code)} by going out and {words.money(into['cost_per_customer_minor'], code=code)} by being found.** "
            f"Of 100 prospects {100 * out['rate']:.0f} and {100 * into['rate']:.0f} ordered."
        )
    if pd.notna(out["repeat"]) and pd.notna(into["repeat"]):
        said.append(
            f"Of 100 won a year ago or earlier, {100 * out['repeat']:.0f} ({100 * out['repeat_low']:.0f} to {100 * out['repeat_high']:.0f}) came again within a year by the outbound route, "
            f"{100 * into['repeat']:.0f} ({100 * into['repeat_low']:.0f} to {100 * into['repeat_high']:.0f}) by the inbound one."
        )
    raw, alike = found.raw, found.alike
    if raw.low <= 0 <= raw.high:
        said.append("In orders after a first contact the routes do not differ beyond chance.")
    elif alike.low <= 0 <= alike.high:
        said.append(
            f"**The difference of {_signed(raw.value)} of 100 is people, not the route.** Among prospects with the same need, interest and class it is {_signed(alike.value)} of 100 "
            f"({_signed(alike.low)} to {_signed(alike.high)}). People who come by themselves already want something: pushing others down the same route would not make them alike."
        )
    else:
        said.append(
            f"Among like prospects a difference of {_signed(alike.value)} of 100 is left ({_signed(alike.low)} to {_signed(alike.high)}), of {_signed(raw.value)} as it stands. It may still be people: only what was "
            "noted could be made alike."
        )
    return said


@silent_when_withheld
def leak(found: LeakCheck) -> str:
    """Which column knows the future, and how one can tell."""
    if not len(found.table):
        return "No mark of yes and no with a day of its own stands on the sheets, so there is nothing to check."
    if not found.leaking:
        return "Every mark on the sheets was there by the day of the first contact. The score may use them."
    row = found.table[found.table["leaks"]].iloc[0]
    return (
        f"**{in_words(row['column']).capitalize()} must not be used.** Of 100 with a yes {100 * row['orders_if_yes']:.0f} ordered, of 100 without {100 * row['orders_if_no']:.0f}: too good to be true. "
        f"{words.number(row['late'])} of {words.number(row['yes'])} were dated after the first contact, the day on which the score is needed. The column does not foretell the order: it was written down with it."
    )


@silent_when_withheld
def too_good(with_leak: Score, without: Score) -> str:
    """What the leak would have promised, and what it would foretell today."""
    return (
        f"With the column the score would put {100 * with_leak.auc:.0f} of 100 pairs in the right order, without it {100 * without.auc:.0f}. On old sheets it looks brilliant. But whoever is open today can hardly have the mark yet, "
        f"so of the same people it expects {words.count(round(with_leak.expected.value), 'order')} where the honest score expects {without.expected.value:.0f}."
    )


@silent_when_withheld
def score(found: Score) -> list[str]:
    """Whether the score has earned its place."""
    b, p = found.brier, found.brier_plain
    certain = "beyond chance" if found.better.low > 0 else "by a margin that may be luck"
    if found.beats:
        first = f"**The score beats the seller's class, {certain}**: its mean squared error on later prospects is {b:.3f} against {p:.3f} (the same chance for everybody: {found.brier_base:.3f})."
    else:
        first = f"**The score does not beat the seller's class** ({b:.3f} against {p:.3f} mean squared error), so the grades below come from the class alone."
    return [
        first,
        (
            f"It learned from {words.count(found.learned, 'prospect')} and was marked on {words.number(len(found.judged))} who were first seen from {words.day(found.split_on)} on. The best fifth holds "
            f"{100 * found.captured:.0f} of 100 orders, {found.lift:.1f} times as many as a fifth drawn by lot. In {_kept(found)} of {len(found.calibration)} groups what was foretold lies within the interval of what came."
        ),
    ]


def _kept(found: Score) -> int:
    table = found.calibration
    return int(((table["chance"] >= table["low"]) & (table["chance"] <= table["high"])).sum())


@silent_when_withheld
def grades(found: Score) -> str:
    """What came of each grade, and how many are open."""
    table = by_grade(found)
    past = words.listing(f"{row.grade} {100 * row.rate:.0f}" for row in table.itertuples() if row.past)
    today = words.listing(f"{row.open} {row.grade}" for row in table.itertuples())
    return f"Of 100 later prospects of each grade ordered: {past}. Open today, within their window: {today}."


@silent_when_withheld
def attempts(table: pd.DataFrame) -> str:
    """Share and success, side by side."""
    first = table.iloc[0]
    best = table.loc[table["rate"].idxmax()]
    text = f"**{100 * first['share_of_orders']:.0f} of 100 orders come at the first attempt, yet of 100 first attempts {100 * first['rate']:.0f} succeed.** "
    later = table[table["attempt"] != first["attempt"]]
    if len(later) and best["attempt"] != first["attempt"]:
        text += (
            f"Attempt {best['attempt']} succeeds {100 * best['rate']:.0f} times of 100 ({100 * best['low']:.0f} to {100 * best['high']:.0f}). Its share is smaller because few prospects get that far. "
            "Who is visited again was chosen, so this does not say what visiting the others again would bring."
        )
    else:
        text += "Later attempts succeed no more often. Who is visited again was chosen, so this does not say what visiting others again would bring."
    return text


@silent_when_withheld
def sellers(found: talks.Sellers) -> str:
    """Whether the best closer closes best."""
    row, name = found.of_best, words.plain(found.best)
    head = f"**{name} closes {100 * row['rate']:.0f} of 100 first contacts.** "
    if found.explained:
        return head + (
            f"The prospects sent to {name} would give {100 * row['expected']:.0f} of 100 whoever sells; what is left is {_signed(row['more'])} ({_signed(row['low'])} to {_signed(row['high'])}), which may be luck. "
            "The best closer got the best leads: look at how they are handed out before anybody copies the pitch."
        )
    if found.raw_lead.low <= 0:
        return head + "That is no lead beyond chance over the others."
    return head + (
        f"Like prospects give {100 * row['expected']:.0f}, and {_signed(row['more'])} of 100 are left beyond chance ({_signed(row['low'])} to {_signed(row['high'])}): there is something to learn from {name}, or something that nobody noted."
    )


@silent_when_withheld
def gates(table: pd.DataFrame) -> list[str]:
    """Where talks end, and what a wider gate would give if the others stayed."""
    worst = narrowest(table)
    product = float(table["rate"].prod())
    better = product * min(1.0, worst["rate"] + 0.1) / worst["rate"]
    said = [
        (
            f"**Most talks that come so far end at *{worst['gate']}*: {worst['asks']}** {100 * worst['rate']:.0f} of 100 pass it ({100 * worst['low']:.0f} to {100 * worst['high']:.0f}). All six together let {100 * product:.0f} of 100 through; "
            f"ten more of 100 at this gate would make it {100 * better:.0f}, if those who come further are like the others."
        )
    ]
    if table.attrs.get("left_out"):
        said.append(
            f"{words.count(table.attrs['left_out'], 'contact')} without an order and without a noted doubt are left out."
        )
    return said


def gate_line(rate: float) -> str:
    """What six gates with one pass rate let through."""
    return f"With {100 * rate:.0f} of 100 passing each of {len(GATES)} gates, {100 * chance_of_all(rate):.0f} of 100 talks end in an order."


def what_if_attempts(second: int, third: int) -> str:
    """The counter-example in words."""
    table = insurance(second, third)
    rates = words.listing(f"{100 * row.rate:.0f}" for row in table.itertuples())
    return f"The shares of the orders stay 70, 23 and 7. The success of 100 first, second and later visits is {rates}: the shares never said."


@silent_when_withheld
def expected(found: Score, worth: Estimate | Withheld, *, code: str, money: str = "revenue") -> str:
    """Customers and money to come from those open."""
    one = found.expected
    text = f"**From the {words.count(len(found.open), 'prospect')} open within their window expect {one.value:.0f} orders ({one.low:.0f} to {one.high:.0f})**"
    if not isinstance(worth, Withheld):
        # Both ends at once would be too wide; each is stated for what it is.
        text += (
            f", worth about {words.money(one.value * worth.value, code=code)} of {money} in their first 90 days, from {words.money(one.low * worth.value, code=code)} to "
            f"{words.money(one.high * worth.value, code=code)} at {words.money(worth.value, code=code)} a customer ({words.money(worth.low, code=code)} to {words.money(worth.high, code=code)})"
        )
    return text + ". That is what comes if the talks go on as they did."


def limits(company, *, score: Score | Withheld) -> list[str]:
    """What these data cannot tell."""
    said = ["A chance says who will order, not whom a call moves: only a part of the list left alone by lot can show that."]
    if company.has("households"):
        said.append(
            "What households say keeps them away is what they say. Remove the barrier for a few, by lot, before you rebuild the offer."
        )
    if company.has("visits"):
        said.append(
            "Who got a second visit, or was sent to which seller, was chosen by somebody. Differences between them are no effects."
        )
    if not isinstance(score, Withheld) and not score.beats:
        said.append("The score did not beat the seller's own class on later prospects, so it is not used.")
    missing = [name for name in ("prospects", "visits", "households") if not company.has(name)]
    if missing:
        said.append(
            f"Without {words.listing(missing)} the pipeline before the first order is dark: orders show only those who came through."
        )
    return said


def answer(*, tiers, barriers, flow, score, worth, gates, to_do: int, code: str, money: str = "revenue") -> list[str]:
    """The answer to the lesson's question, the most important sentence first."""
    said = []
    if not isinstance(score, Withheld):
        said.append(expected(score, worth, code=code, money=money))
        if to_do:
            said.append(
                f"Call {words.count(to_do, 'prospect')} first: those with the highest chance of an order still to come, each with the reason and the barrier beside the name."
            )
    if not isinstance(flow, Withheld):
        said.append(
            f"{words.count(flow.end, 'prospect')} are open; {words.number(flow.idle)} of them have been idle for more than {flow.idle_days} days."
        )
    if not isinstance(barriers, Withheld) and barriers.shared:
        said.append(f"One barrier stands before {len(barriers.of_tiers)} tiers of non-customers: {in_words(barriers.shared)}.")
    elif not isinstance(tiers, Withheld):
        said.append(
            f"Of 100 households {100 * tiers.share('unexplored').value:.0f} have never thought of buying here; the tiers share no barrier."
        )
    if not isinstance(gates, Withheld):
        said.append(f"Most talks end at the doubt *{narrowest(gates)['gate']}*.")
    if not said:
        said = [
            "**The pipeline cannot be seen in these data.** Orders show those who came through, not those who stand before the door.",
            "A list of prospects (day of entry, first contact, order) would show how many customers to expect and whom to call first; a list of sales contacts, where talks end; a survey of households, how large each tier is and what keeps it away.",
        ]
    return said


def key_numbers(*, tiers, flow, score, worth, gates) -> list[dict]:
    """Arguments for `Report.number`."""
    numbers = []

    def add(key, value, unit, label):
        numbers.append({"key": key, "value": value, "unit": unit, "label": label})

    if not isinstance(tiers, Withheld):
        for tier, name in TIERS.items():
            add(f"share_{tier}", tiers.share(tier).value, "share", f"Share of households: {name}")
    if not isinstance(flow, Withheld):
        add("prospects_open", flow.end, "count", "Open prospects")
        add("prospects_idle", flow.idle, "count", "Open prospects that are idle")
    if not isinstance(score, Withheld):
        for key, value in (("", score.expected.value), ("_low", score.expected.low), ("_high", score.expected.high)):
            add(f"expected_orders{key}", round(value), "count", f"Orders expected from open prospects{key.replace('_', ', ')}")
        add("score_brier", score.brier, "number", "Mean squared error of the score")
        add("score_brier_plain", score.brier_plain, "number", "Mean squared error of the seller's class")
    if not isinstance(worth, Withheld):
        add("worth_of_a_prospect_minor", round(worth.value), "money", "What a won prospect brings in 90 days")
    if not isinstance(gates, Withheld):
        add("narrowest_gate", str(narrowest(gates)["gate"]), "text", "The doubt at which most talks end")
        add("gates_passed", float(gates["rate"].prod()), "share", "Share of talks that pass all six doubts")
    return numbers
