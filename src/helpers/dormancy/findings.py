"""Dormancy in sentences, written from the measures: Markdown, one finding each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import words
from helpers.dormancy.cycle import Lives
from helpers.dormancy.figures import arm_name
from helpers.dormancy.lists import Lifts, TestPlan
from helpers.dormancy.ranking import PLAIN, Ranking
from helpers.dormancy.reasons import REASONS, StockOuts
from helpers.dormancy.rhythm import Clocks, Rhythm, Waits
from helpers.dormancy.states import LEAST_IN_A_STATE, STATES, OneNumber, states_differ
from helpers.dormancy.waking import MODEL, ONCE, RISK, Chooser, Design, Trial, Verdict
from helpers.stats.intervals import Estimate
from helpers.withheld import Withheld, silent_when_withheld


@silent_when_withheld
def waiting(waits: Waits, *, at: int = 90) -> str:
    """How long a wait is, and what leaving the open ones out does."""
    right, wrong = waits.returned_by(at), waits.returned_by(at, closed_only=True)
    half = (
        "Fewer than half of all waits have ended"
        if np.isnan(waits.median_days)
        else f"Half of all waits are over after {waits.median_days:.0f} days"
    )
    text = (
        f"**{half}**; of 100 waits {100 * right:.0f} are over after {at} days. {words.count(waits.open, 'wait')} of {waits.waits:,} "
        "are still open: these customers have not come back yet, or never will."
    )
    if wrong - right > 0.02:
        text += f" Whoever looks at ended waits alone would say {100 * wrong:.0f} of 100: the long waits are missing, because they are still going on."
    return text


@silent_when_withheld
def clocks(result: Clocks) -> str:
    """Whether one clock will do."""
    after = {name: f"{100 * waits.returned_by(result.back_within):.0f} of 100" for name, waits in result.curves.items()}
    first = (
        f"After a basket with something that is used up, {after['consumable']} are back within {result.back_within} days; after durables alone, "
        f"{after['durable']}."
    )
    if not result.two:
        return f"**One clock will do.** {first} The typical waits do not differ enough to need two."
    medians = [result.curves[name].median_days for name in ("consumable", "durable")]
    return (
        f"**Two clocks are running.** {first} Half are back after {medians[0]:.0f} and after {medians[1]:.0f} days. One number of days for everybody "
        "calls the first too late and the second too early."
    )


@silent_when_withheld
def one_number(result: OneNumber, *, window_days: int) -> str:
    """What one number of days gets wrong."""
    text = (
        f"**“Asleep after {result.days} days” would have meant {words.count(result.called, 'call')}**; {words.count(result.came_anyway, 'customer')} "
        f"of those ordered within {window_days} days of themselves."
    )
    if result.missed:
        text += f" And it overlooks {words.count(result.missed, 'customer')} with a quick rhythm, silent for a shorter time but three times as long as usual for them."
    known = result.by_kind.dropna(subset=["rate"]).set_index("kind")
    if len(known) == 2:
        text += (
            f" Of 100 silent for {result.days} to {2 * result.days} days, {100 * known.loc['consumable', 'rate']:.0f} came whose last basket held something "
            f"that is used up, and {100 * known.loc['durable', 'rate']:.0f} who had bought durables alone."
        )
    return text


@silent_when_withheld
def own_rhythm(result: Rhythm) -> str:
    """How own waits and those of all are put together."""
    once = int((result.customers["order_days"] == 1).sum())
    weight = f"as if each customer had brought along {words.number(result.prior, digits=1)} waits of the usual length"
    source = (
        "measured from how much customers differ"
        if result.measured
        else "assumed, since too few customers have ordered three times"
    )
    days = sorted({round(value) for value in result.typical_days.values()})
    usual = f"{days[0]} days" if len(days) == 1 else f"{days[0]} to {days[-1]} days, by what the last basket held"
    return (
        f"On average a wait that ended took {usual}. Everybody's expected wait is their own habit drawn towards that, {weight} ({source}). "
        f"{words.count(once, 'customer')} of {len(result.customers):,} ordered on one day only: of their rhythm we know nothing but the others'."
    )


@silent_when_withheld
def states(now: pd.DataFrame, rates: pd.DataFrame | Withheld, *, window_days: int) -> str:
    """Who sleeps how deeply, and whether the two kinds of sleepers differ."""
    counts = now["state"].value_counts().reindex(list(STATES), fill_value=0)
    text = (
        f"**{words.count(int(counts['half-asleep']), 'customer')} are half-asleep and {counts['asleep']:,} asleep**, "
        f"{counts['active']:,} are active and {counts['gone']:,} gone by their own rhythm."
    )
    if isinstance(rates, Withheld):
        return text
    table = rates.set_index("state")
    known = [name for name in STATES if table.loc[name, "customers"] >= LEAST_IN_A_STATE]
    text += (
        " Of 100 in each state, ordered within "
        + f"{window_days} days of themselves: "
        + ", ".join(f"{name} {_of_100(table.loc[name, 'rate'])}" for name in known)
        + "."
    )
    if {"half-asleep", "asleep"} <= set(known):
        text += (
            " Waking the two is of different difficulty: the half-asleep often come of themselves, and then a call wakes nobody."
            if states_differ(rates)
            else " Half-asleep and asleep do not differ beyond chance here."
        )
    return text


def _of_100(rate: float) -> str:
    return "fewer than 1" if 0 < rate < 0.005 else f"{100 * rate:.0f}"


@silent_when_withheld
def silent_for(table: pd.DataFrame, *, window_days: int) -> str:
    """The life table in words."""
    known = table[table["rate"].notna()]
    if len(known) < 2:
        return ""
    first, last = known.iloc[0], known.iloc[-1]
    half = known[known["rate"] <= first["rate"] / 2]
    text = (
        f"Of 100 customers silent for less than {first['silent_until']:.0f} days, {_of_100(first['rate'])} ordered in the next {window_days} days; "
        f"of 100 silent for {last['silent_from']:.0f} days or more, {_of_100(last['rate'])}."
    )
    if len(half):
        text += f" From {half['silent_from'].iloc[0]:.0f} days of silence on it is half of the first or less."
    return text + " There is no day on which a customer leaves: the chance fades."


@silent_when_withheld
def once_and_again(table: pd.DataFrame, *, window_days: int) -> str:
    """One order day or more, at the same silence."""
    known = table.set_index("buyers")
    if known["rate"].isna().any():
        return "Too few customers silent for four months to a year to compare one-time buyers with the others."
    return (
        f"Of 100 customers silent for four months to a year, {_of_100(known.loc['two or more', 'rate'])} ordered in the next {window_days} days who had ordered on "
        f"two days or more, and {_of_100(known.loc['one order day', 'rate'])} who had ordered once. Whoever never had a rhythm can hardly be woken back into it."
    )


@silent_when_withheld
def ranking(result: Ranking) -> list[str]:
    """Which score ranks best, by how much, and what P(alive) does to one-time buyers."""
    gap = result.against_plain
    table = result.table.set_index("score")
    if result.chosen == PLAIN:
        first = f"**Nothing had beaten the plain rule beforehand, so the report ranks by {PLAIN}**: of 100 pairs it puts {100 * table.loc[PLAIN, 'auc']:.0f} in the right order."
    else:
        how = "more" if gap.value > 0 else "fewer"
        sure = "beyond chance" if gap.excludes_zero else "within chance"
        first = (
            f"**The report ranks by {result.chosen}**, chosen on an earlier window. On the last {result.window_days} days it put {100 * table.loc[result.chosen, 'auc']:.1f} of 100 "
            f"pairs in the right order, {abs(100 * gap.value):.1f} {how} than {PLAIN} (from {_signed(gap.low)} to {_signed(gap.high)}: {sure})."
        )
    says = [first]
    if not np.isnan(result.alive_once):
        says.append(
            f"BG/NBD's P(alive) calls {100 * result.alive_once:.0f} of 100 one-time buyers alive; {_of_100(result.came_once)} of 100 ordered in the {result.window_days} days after. "
            "For a customer with one order the model has never seen a chance to leave, so it flatters them all. We do not rank by it."
        )
    return says


def _signed(share: float) -> str:
    return f"{100 * share:+.1f}".replace("-", "−")


# ---------------------------------------------------------------- reasons


@silent_when_withheld
def stock_out(result: StockOuts) -> str:
    """A product that was not to be had, and whom it sent to sleep."""
    if result.found.empty:
        return "No product that is used up was missing for two months and left its users more silent than others. That speaks against one reason, not for another."
    row = result.found.iloc[0]
    return (
        f"**{words.plain(row['name'])} could not be bought for {words.count(int(row['months']), 'month')} from {row['first_month']:%B %Y}.** Of 100 customers who had used it, "
        f"{100 * row['users_silent'] / row['users']:.0f} have not ordered anything since; of 100 who used other things, {100 * row['others_silent'] / row['others']:.0f} "
        f"({100 * row['low']:.0f} to {100 * row['high']:.0f} of 100 more). Nobody drew by lot who met the empty shelf, but no other difference is as near at hand. "
        "Remedy: have it, say that it is back, and say it to them first."
    )


@silent_when_withheld
def signs(table: pd.DataFrame) -> str:
    """Which signs are more frequent before a silence."""
    more = table[(table["p_corrected"] < 0.05) & (table["difference"] > 0)]
    if more.empty:
        return (
            f"None of {words.count(len(table), 'sign')} that the data can show came before the silence more often than among those awake. "
            "The data do not say why they sleep: ask ten of them before anything is sent."
        )
    parts = [
        f"{REASONS[row.code][0].lower()} ({row.sleepers:,} of {row.of_sleepers:,} sleepers, {row.awake:,} of {row.of_awake:,} awake)"
        for row in more.itertuples()
    ]
    return f"More frequent before a silence than among the awake, beyond chance: {words.listing(parts)}. A hint to look into, not a proof."


# ---------------------------------------------------------------- the campaign


@silent_when_withheld
def trial(result: Trial) -> str:
    """What was tried."""
    sizes = result.people["arm"].value_counts()
    arms = words.listing(f"{words.plain(arm_name(arm))} {sizes[arm]:,}" for arm in [*result.arms, "hold_out"])
    return (
        f"The last campaign with a hold-out began on {words.day(result.started_on)} and was read after {result.window_days} days. A lot divided "
        f"{words.count(len(result.people), 'customer')}: {arms}. Everybody counts in the group that the lot gave, reached or not."
    )


@silent_when_withheld
def verdict(result: Verdict, *, code: str) -> list[str]:
    """What each arm caused, what a waking cost, and which arms showed nothing."""
    says = [
        f"Left alone, {result.came_anyway:,} of {result.hold_out:,} came anyway: {words.in_100(result.base_rate)}. They belong to no campaign."
    ]
    for row in result.table.itertuples():
        span = f"{100 * row.low:.0f} to {100 * row.high:.0f}".replace("-", "−")
        name = words.plain(arm_name(row.arm)).capitalize()
        left = _left(Estimate(row.left_minor, row.left_low_minor, row.left_high_minor), code)
        if row.arm in result.proven:
            says.append(
                f"**{name} woke {100 * row.difference:.0f} of 100** (95% interval {span}), {round(row.extra):,} customers who would not have come. Each cost "
                f"{words.money(row.cost_per_waking_minor, code=code)} in contacts ({words.money(row.cost_low_minor, code=code)} to {words.money(row.cost_high_minor, code=code)}). {left}"
            )
        elif row.p_corrected < 0.05:
            says.append(
                f"**{name} kept people away**: {abs(100 * row.difference):.0f} of 100 fewer came than of those left alone ({span}). {left}"
            )
        else:
            came = "" if np.isnan(row.anyway) else f" Of 100 who came, {100 * row.anyway:.0f} would have come anyway."
            says.append(f"{name} showed no waking beyond chance: {_signed(row.difference)} of 100 ({span}).{came} {left}")
    if result.split_p_value < 0.001:
        says.append(
            "**The groups are not of the sizes that the lot was to give. Find out why before any of this is believed.**"
        )
    return says


def _left(left: Estimate, code: str) -> str:
    """What each customer asked left over, in words."""
    if np.isnan(left.low):
        return ""
    span = f"{words.money(left.low, code=code)} to {words.money(left.high, code=code)}"
    if left.high < 0:
        return f"It lost {words.money(-left.value, code=code)} for each customer asked ({span}): it paid those who would have come."
    if left.low > 0:
        return f"It left {words.money(left.value, code=code)} for each customer asked, after its contacts ({span})."
    return f"What it left for each customer asked, after its contacts, may be a loss or a gain ({span})."


@silent_when_withheld
def design(result: Design) -> str:
    """How many are needed."""
    return (
        f"To see an effect of {100 * result.lift:.0f} more of 100, where {100 * result.base_rate:.0f} of 100 come anyway, each group needs "
        f"**{words.count(result.per_arm, 'customer')}**, {result.total:,} in all with the hold-out. With fewer, a good campaign looks like luck, and luck like a good campaign."
    )


@silent_when_withheld
def balance(table: pd.DataFrame) -> str:
    """Whether the lot did its work."""
    off = table[table["unbalanced"]]
    if off.empty:
        return (
            f"The lot did its work: on {words.count(len(table), 'feature')} known beforehand, hold-out and contacted are alike."
        )
    return f"**Hold-out and contacted differ on {words.listing(words.plain(name) for name in off['feature'])}: was it a lot?**"


@silent_when_withheld
def choosers(found: list[Chooser]) -> list[str]:
    """Which score may choose, arm by arm."""
    says = []
    for arm in dict.fromkeys(one.arm for one in found):
        own = {one.score: one for one in found if one.arm == arm and not isinstance(one.curve, Withheld)}
        if not own:
            continue
        good = [name for name in own if own[name].use]
        name = words.plain(arm_name(arm)).capitalize()
        if good:
            says.append(f"**{name}: {words.listing(good)} may choose**; the list is better than one by lot, beyond chance.")
            if {MODEL, ONCE} <= set(good):
                says[-1] += " A rule of three words does it as well as two forests, and everybody can check it."
        else:
            says.append(
                f"**{name}: no score may choose.** The uplift model does not beat a lot here, so it must not be used."
                if MODEL in own
                else f"**{name}: no score may choose.**"
            )
    risk = [one for one in found if one.score == RISK and not isinstance(one.curve, Withheld)]
    if risk and not any(one.use for one in risk):
        says.append(
            "The longest silence first is nowhere better than a lot: the deepest sleepers are not the ones whom a word wakes."
        )
    return says


# ---------------------------------------------------------------- the list


@silent_when_withheld
def whom(now: pd.DataFrame, lifts: Lifts, cost_and_gain: tuple[int, int], *, to_do: int, budget_minor: int, code: str) -> str:
    """What the list is built on, what it costs and what is expected of it."""
    if not to_do:
        basis = "in the last campaign" if lifts.measured else "as assumed"
        return f"**Nobody is to be contacted**: {basis}, no way of waking brings more than it costs for those who may be."
    cost, gain = cost_and_gain
    basis = (
        "what the last campaign measured for customers like them"
        if lifts.measured
        else f"an **assumption**: {words.percent(lifts.table['lift'].max())} woken. Nobody has measured it; only a hold-out can"
    )
    return (
        f"{words.count(to_do, 'customer')} to contact for {words.money(cost, code=code)} of a budget of {words.money(budget_minor, code=code)}, "
        f"the largest gain for each unit of money first. Expected gain after the contacts: {words.money(gain, code=code)}, from {basis}."
    )


def plan(result: TestPlan | Withheld) -> str:
    """What the hold-out of the list will be able to show."""
    if isinstance(result, Withheld):
        return f"**The list is no test:** {result.reason[0].lower()}{result.reason[1:]} {result.gain}".rstrip()
    smallest = (
        "no effect at all"
        if np.isnan(result.smallest_lift)
        else f"an effect of {100 * result.smallest_lift:.0f} more of 100 or larger"
    )
    text = (
        f"**The test that comes with the list:** {result.contacted:,} to contact, {result.held_out:,} left alone by lot. Where {100 * result.base_rate:.0f} of 100 come anyway, these numbers "
        f"show {smallest} 80 times in 100."
    )
    if result.expected_lift <= 0.002:
        return text
    if result.enough:
        return text + f" We expect {100 * result.expected_lift:.0f}, so the next report should see it."
    return text + (
        f" We expect {100 * result.expected_lift:.0f}: that needs {result.needed:,} to contact and as many left alone. Add the lists of several months up before you judge."
    )


def answer(
    *, now: pd.DataFrame | Withheld, clocks: Clocks | Withheld, stock_outs: StockOuts | Withheld, verdict: Verdict | Withheld,
    lifts: Lifts, chosen: pd.DataFrame, worth_minor: int, to_do: int, hold_out: int, code: str,
) -> list[str]:  # fmt: skip
    """The report's answer in a few sentences, the most urgent first."""
    if isinstance(now, Withheld):
        return [f"**These data cannot say who sleeps.** {now.reason} {now.gain}".strip()]
    counts = now["state"].value_counts()
    says = [
        (
            f"**{counts['half-asleep'] + counts['asleep']:,} of {len(now):,} customers sleep by their own rhythm**: {counts['half-asleep']:,} half-asleep, {counts['asleep']:,} asleep; "
            f"one order of each would bring {words.money(worth_minor, code=code)}."
        )
    ]
    if isinstance(stock_outs, StockOuts) and not stock_outs.found.empty:
        row = stock_outs.found.iloc[0]
        says.append(
            f"**One cause is ours: the stock-out of {words.plain(row['name'])}**; {row['users_silent']:,} of its {row['users']:,} users have been silent since. Repair that first, then write to them."
        )
    if isinstance(verdict, Verdict):
        if verdict.proven:
            best = verdict.table.set_index("arm").loc[verdict.proven[0]]
            says.append(
                f"In the last campaign {words.plain(arm_name(verdict.proven[0]))} woke {100 * best['difference']:.0f} of 100 ({100 * best['low']:.0f} to {100 * best['high']:.0f})."
            )
        lost = [arm_name(row.arm) for row in verdict.table.itertuples() if row.left_high_minor < 0]
        if lost:
            says.append(f"Stop the {words.listing(map(words.plain, lost))}: it paid those who would have come.")
        if not verdict.proven:
            says.append("In the last campaign no way of waking showed an effect beyond chance.")
    if to_do:
        on = "what the last campaign measured" if lifts.measured else "an assumption that nobody has measured"
        says.append(
            f"The list has {words.count(to_do, 'customer')} to contact and {hold_out:,} left alone by lot; what we expect of it rests on {on}."
        )
    elif chosen.empty:
        says.append("Nobody is on the list: nothing that we know of brings more than it costs.")
    if isinstance(clocks, Clocks) and clocks.two:
        says.append("Two clocks are running: use each customer's own rhythm, not one number of days.")
    return says


def limits(company, *, trial: Trial | Withheld, clocks: Clocks | Withheld, lifts: Lifts) -> list[str]:
    """What these data cannot tell, in sentences."""
    says = [
        "Silence is all that an order file shows. Who bought from a rival, moved away or died looks the same.",
        "The cuts between the states (1.5, 3 and 6 times the expected wait) are our choice; the source gives none. The wake rate beside each state is measured.",
        "Expected waits come from waits that ended. Customers who never came back are seen only as silence.",
    ]
    if isinstance(trial, Withheld):
        says.append(f"What waking causes is not known here. {trial.gain}".strip())
    if not lifts.measured:
        says.append("The effect behind the list is an assumption, labelled as one. The list's own hold-out settles it.")
    if isinstance(clocks, Withheld):
        says.append(f"One clock is used for everybody. {clocks.gain}".strip())
    if company.contacts is None:
        says.append(
            "Contacts are not in the data: waits and complaints before the silence, and open complaints, cannot be seen. Check them before anybody is called."
        )
    if company.customers is None or "consent" not in company.customers:
        says.append("Consent to be contacted is not in the data: check it before anybody is contacted.")
    return says


def key_numbers(
    *, now: pd.DataFrame | Withheld, rates: pd.DataFrame | Withheld, waits: Waits | Withheld, ranking: Ranking | Withheld,
    stock_outs: StockOuts | Withheld, verdict: Verdict | Withheld, worth_minor: int,
) -> list[dict]:  # fmt: skip
    """The key numbers of this lesson for results.json: `key`, `value`, `unit`, `label`; what is withheld is missing."""
    rows = []
    if isinstance(now, pd.DataFrame):
        counts = now["state"].value_counts()
        rows += [(name.replace("-", "_"), int(counts[name]), "count", f"Customers: {name}") for name in STATES]
        rows.append(("sleepers_worth_minor", worth_minor, "money", "One order of every sleeper"))
    if isinstance(rates, pd.DataFrame):
        rows += [
            (
                f"{row.state.replace('-', '_')}_came",
                float(row.rate),
                "share",
                f"Share of those {row.state} who ordered of themselves in the last window",
            )
            for row in rates.itertuples()
            if not np.isnan(row.rate)
        ]
    if isinstance(waits, Waits) and not np.isnan(waits.median_days):
        rows.append(("median_wait_days", waits.median_days, "number", "Days after which half of all waits are over"))
    if isinstance(ranking, Ranking):
        rows.append(("ranking", ranking.chosen, "text", "Score that ranks who comes"))
        rows.append(
            (
                "ranking_against_plain",
                ranking.against_plain.value,
                "number",
                "Its AUC less that of the days since the last order",
            )
        )
    if isinstance(stock_outs, StockOuts):
        rows.append(
            ("stock_out", ", ".join(stock_outs.found["product_id"]), "text", "Products whose stock-out left users silent")
        )
    if isinstance(verdict, Verdict):
        rows.append(("came_anyway", verdict.base_rate, "share", "Share of the hold-out who came anyway"))
        rows.append(("trial_hold_out", verdict.hold_out, "count", "Customers of the last campaign left alone by lot"))
        for row in verdict.table.itertuples():
            arm = row.arm
            rows += [
                (f"woken_{arm}", row.difference, "number", f"Share woken by {arm}, beyond the hold-out"),
                (f"woken_{arm}_low", row.low, "number", f"The same for {arm}, lower end of the interval"),
                (f"woken_{arm}_high", row.high, "number", f"The same for {arm}, upper end of the interval"),
                (f"asked_{arm}", int(row.customers), "count", f"Customers asked by {arm}"),
                (f"cost_{arm}_minor", int(row.cost_minor), "money", f"Cost of the contacts by {arm}"),
            ]
            if not np.isnan(row.left_low_minor):
                rows += [
                    (f"left_{arm}_minor", round(row.left_minor), "money", f"Left for each customer asked by {arm}, beyond the hold-out and after the contacts"),
                    (f"left_{arm}_low_minor", round(row.left_low_minor), "money", f"The same for {arm}, lower end of the interval"),
                    (f"left_{arm}_high_minor", round(row.left_high_minor), "money", f"The same for {arm}, upper end of the interval"),
                ]
        rows.append(("proven_arms", ", ".join(verdict.proven), "text", "Ways of waking shown beyond chance, the best first"))
    return [dict(zip(("key", "value", "unit", "label"), row, strict=True)) for row in rows]


@silent_when_withheld
def lives(result: Lives) -> str:
    """The purchasing life in words, with what a year more is."""
    low, high = result.kept.low, result.kept.high
    return (
        f"Of {words.count(result.buyers, 'customer')} who ordered in the year before last, {words.in_100(result.kept.value)} ordered in the last year "
        f"({100 * low:.0f} to {100 * high:.0f}). If every year kept that share, a customer would stay for {result.years:.1f} years. The lines above bend, so they do not: "
        "many leave at once and few later. Take the figure as a rule of thumb for *the mean*, never for a person."
    )
