"""Churn as it is met, in sentences: every number in them comes from the data."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import words
from helpers.churn.findings_seen import set_aside, span
from helpers.churn.levers import Held
from helpers.churn.met_lists import Both
from helpers.churn.saving import FAR, GROUPS, NEAR, Chosen, Responses, Saved, Trial, break_even, effect
from helpers.churn.warning import MODEL, PLAIN, Warned
from helpers.churn.worth import ToServe
from helpers.withheld import SILENCE, Silence, Withheld, silent_when_withheld

_WAYS = {MODEL: "the model", PLAIN: "the plain rule"}


# ---------------------------------------------------------------- before: the warning


@silent_when_withheld
def warning(result: Warned) -> list[str]:
    """Whether the model beats the plain rule, what a warning is worth, and how much time it leaves."""
    panel, best, plain = result.panel, result.row(result.chosen), result.row(PLAIN)
    other = result.row(MODEL)
    lot = result.row("by lot")
    says = [
        f"**Of {result.capacity:,} whom {_WAYS[result.chosen]} puts first, {best['caught']:.0f} were about to leave** ({100 * best['low']:.0f} to {100 * best['high']:.0f} of 100); "
        f"of as many drawn by lot it would be {lot['caught']:.0f}. The plain rule is: {panel.rule}."
    ]
    gap = f"AUC {other['auc']:.2f} against {plain['auc']:.2f}"
    if result.chosen == MODEL:
        says.append(f"The model ranks better than the plain rule beyond chance ({gap}), so the page uses the model.")
    else:
        says.append(f"The model does not rank better than the plain rule beyond chance ({gap}), so the page uses the rule, which anybody can check.")
    late = f" {words.count(panel.too_late, panel.unit)} left within {panel.gap_days} days of a snapshot, too soon for anybody to act; they count for nobody." if panel.too_late else ""
    says.append(
        f"Learned from {words.count(len(panel.days) - 1, 'earlier day')}, marked on {words.day(result.on)}, on customers whom the model had never met."
        + (f" Half of those found left {result.lead_days:.0f} days or more after the warning." if not np.isnan(result.lead_days) and panel.unit == "contract" else "")
        + late
    )
    return says


@silent_when_withheld
def calibration(result: Warned) -> str:
    """Whether the model's chances can be taken at their word."""
    table = result.calibration
    inside = int(((table["said"] >= table["low"]) & (table["said"] <= table["high"])).sum())
    gap = (table["said"] - table["left"]).abs().mul(table["customers"]).sum() / table["customers"].sum()
    side = table["left"].mul(table["customers"]).sum() - table["said"].mul(table["customers"]).sum()
    text = (
        f"The chances of {inside} of {words.count(len(table), 'group')} lie within the interval of what came; on average they are {100 * gap:.0f} of 100 off."
    )
    if inside < 0.75 * len(table):
        text += f" {'More' if side > 0 else 'Fewer'} left than the model said: the times have changed. Use the order of the list and not its chances."
    return text


@silent_when_withheld
def signs(result: Warned) -> str:
    """What speaks for leaving."""
    table = result.weights[result.weights["weight"].abs() > 0.1].sort_values("weight", key=abs, ascending=False)
    if table.empty:
        return "No sign that we have speaks strongly for or against leaving."
    shown = [f"{row.sign} ({'+' if row.weight > 0 else '−'}{abs(row.weight):.1f})" for row in table.head(3).itertuples()]
    return f"What counts most in the model: {'; '.join(shown)}. A sign goes along with leaving; it need not be its cause."


def among(found: dict[str, int], capacity: int, result: Warned) -> str:
    """What a playground says: leavers among the first so many."""
    by_lot = capacity * result.base_rate
    return f"Among {capacity:,}: the plain rule meets {found[PLAIN]} leavers, the model {found[MODEL]}, a lot {by_lot:.0f}."


# ---------------------------------------------------------------- during: the offer


@silent_when_withheld
def trial(result: Trial) -> list[str]:
    """What was tried, and with whom."""
    people = result.people
    sizes = people["arm"].value_counts()
    parts = words.listing(f"{sizes.get(arm, 0):,} {'left alone' if arm == 'hold_out' else arm.replace('_', ' ')}" for arm in ("hold_out", *result.arms))
    aside = set_aside(result.set_aside, "customer")
    return [
        f"*{words.plain(result.activity)}* ({words.plain(result.campaign)}): {words.count(len(people), 'customer')} drawn by lot, {parts}; who had left "
        f"{result.measured_days} days later counts as lost.",
        *([aside] if isinstance(aside, str) else []),
    ]


@silent_when_withheld
def verdict(result: Saved) -> list[str]:
    """What each offer saved: of all, of those who still come, of those who do not."""
    says = []
    for row in result.whole.itertuples():
        one = effect(result.whole.loc[row.Index])
        sure = "" if one.low > 0 else ", which chance alone may do"
        says.append(f"**{row.arm.capitalize()}:** of 100, {_signed(one.value)} stayed because of it ({span(one)}){sure}.")
        parts = []
        for group in GROUPS:
            own = result.of(row.arm, group)
            if not np.isnan(own["saved"]):
                parts.append(f"of those who {GROUPS[group]} {_signed(own['saved'])} ({span(effect(own))})")
        if parts:
            says[-1] += " " + words.listing(parts).capitalize() + "."
    return says


def _signed(share: float) -> str:
    return f"{100 * share:.0f}".replace("-", "−") if round(100 * share) else "0"


def risk_or_response(saved: Saved | Withheld, chosen: Chosen | Withheld) -> str | Silence:
    """Whether those most likely to leave are those whom an offer holds."""
    if isinstance(saved, Withheld):
        return SILENCE
    arm = saved.best or str(saved.whole["arm"].iloc[0])
    rows = saved.groups[saved.groups["arm"] == arm].dropna(subset="saved").set_index("group")
    if len(rows) < 2:
        return "There are too few customers in one of the groups to say whom an offer holds."
    riskier = rows["left_alone"].idxmax()
    held = rows["saved"].idxmax()
    apart = saved.apart.set_index("arm")
    sure = arm in apart.index and (apart.loc[arm, "low"] > 0 or apart.loc[arm, "high"] < 0)
    if not sure:
        text = "**Risk or response?** The offer holds both groups about equally, as far as these numbers can tell."
    elif riskier != held:
        text = f"**Risk or response?** Those who {GROUPS[riskier]} leave most, and the {arm} does not hold them. It holds those who {GROUPS[held]}."
    else:
        text = f"**Risk or response?** Here both agree: those who {GROUPS[riskier]} leave most, and the {arm} holds them best."
    if isinstance(chosen, Chosen):
        text += (
            f" {chosen.calls:,} calls to the riskiest would have kept {_whole(chosen.saved('by risk'))} contracts, to the most responsive {_whole(chosen.saved('by response'))}, "
            f"by lot {_whole(chosen.saved('by lot'))}."
        )
    return text


def _whole(value: float) -> str:
    return f"{value:.0f}".replace("-", "−") if round(value) else "0"


def offers(result: Responses, *, code: str, contracts: object = None) -> list[str]:
    """Which offer pays with whom, and which does not; without contracts everybody's own chance and value decide."""
    if isinstance(contracts, Withheld):
        return [
            "Without contracts there is no day before which to ask, and no price that is kept. So everybody's own chance of leaving and yearly margin decide who is on the list; "
            "what a call holds is an **assumption**, and the hold-out of the list will show what it is."
        ]
    says = []
    pays = result.paying
    if pays.empty:
        says.append("**No offer pays here.** With every group an offer costs more than the contracts it keeps bring.")
    for row in pays.itertuples():
        says.append(
            f"**A {row.arm} pays with those who {GROUPS[row.group]}**: of 100 left alone {100 * row.leaves_alone:.0f} leave, with it {100 * row.leaves_with:.0f}; each brings "
            f"{words.money(round(row.profit_minor), code=code)} on average after its cost."
        )
    losing = result.table[result.table["profit_minor"] <= 0]
    if result.measured and not len(losing) and pays.empty:
        says[-1] = "**No offer is made yet.** What might pay has not been shown to hold anybody beyond chance."
    if len(losing):
        worst = losing.sort_values("profit_minor").iloc[0]
        says.append(f"The {worst['arm']} to those who {GROUPS[worst['group']]} loses {words.money(-round(worst['profit_minor']), code=code)} each.")
        given = losing[(losing["given_minor"] > 0) & (losing["group"] == NEAR)]
        if len(given):
            one = given.iloc[0]
            says[-1] += f" Of 100 offered the {one['arm']}, {100 * (1 - one['leaves_with']):.0f} take it, and {100 * (1 - one['leaves_alone']):.0f} of them would have stayed without."
    if not result.measured:
        says.append("What a call holds is an **assumption** here. The hold-out of the list will show what it is.")
    return says


def pays_from(*, value: float, cost: float, given: float, leaves_alone: float, measured: float | None) -> str:
    """What a playground says."""
    zero = break_even(value=value, cost=cost, given=given, leaves_alone=leaves_alone)
    if zero > 100 * leaves_alone:
        return f"It does not pay: even if it held all {100 * leaves_alone:.0f} of 100 who would leave, it would cost more than it keeps."
    text = f"It pays from {zero:.0f} saved of 100 offered on; {100 * leaves_alone:.0f} would leave."
    if measured is not None:
        text += f" Measured are {_signed(measured)}."
    return text


# ---------------------------------------------------------------- levers


@silent_when_withheld
def several_lines(result: Held) -> str:
    """Whether several products hold people, or those who are held buy several."""
    fair = result.like_with_like
    text = f"Of 100 contracts of customers with one {result.unit} or none {_signed(result.plain.value)} more ended in the year than of those with several. "
    plain_sure = result.plain.low > 0 or result.plain.high < 0
    fair_sure = fair.low > 0 or fair.high < 0
    if not plain_sure:
        return text + f"Between few and many lies no difference beyond chance ({span(result.plain)} of 100)."
    if not fair_sure:
        return text + f"Among customers alike in the age of the contract and in how they come, the difference is {_signed(fair.value)} of 100 ({span(fair)}): who is new holds few products and stands before the first renewal; the number of products need not be what keeps the others."
    return text + f"The difference remains among customers alike in the age of the contract and in how they come: {_signed(fair.value)} of 100 ({span(fair)}). Whether *selling* them another product would keep them, only a lot can say."


@silent_when_withheld
def by_satisfaction(result: Held) -> str:
    """Whether better marks go with staying, and by which shape."""
    table = result.table.set_index("value")
    full = table.loc[table.index.max()]
    text = f"Of 100 contracts of customers whose mark was {table.index.max():g}, {100 * full['left']:.0f} ended in the year ({int(full['customers']):,} customers). With a mark of 3 or less "
    text += f"{_signed(result.plain.value)} more ended than with a better one ({span(result.plain)})"
    return text + (", beyond chance." if result.plain.low > 0 else ": no more than chance does. A mark after one contact is not the whole of a relation.")


@silent_when_withheld
def grades(table: pd.DataFrame, *, code: str) -> str:
    """What the loyalty grades cost beside what they bring."""
    top = table.iloc[0]
    text = (
        f"A customer of the grade {words.plain(top['tier'])} ({words.count(int(top['customers']), 'customer')}) left {words.money(top['margin_minor'], code=code)} in the year and cost "
        f"{words.money(top['benefit_cost_minor'], code=code)} in benefits"
    )
    if not np.isnan(top["of_100"]):
        text += f", {top['of_100']:.1f} of 100"
    return text + ". That they earn the grade by buying does not show that the grade makes them buy; some left out by lot would."


@silent_when_withheld
def below(served: ToServe, *, code: str) -> list[str]:
    """Who costs more than they bring, why, and what to repair first."""
    rows, causes = served.below, served.causes()
    if rows.empty:
        return ["**Nobody cost more than they brought** in the last year."]
    first = causes.iloc[0]
    return [
        f"**{words.count(len(rows), 'customer')} of {len(served.customers):,} cost more than they brought** in the last year, {words.money(-int(rows['net_minor'].sum()), code=code)} together. "
        f"For {int(first['customers']):,} of them it is {first['says']}. {first['repair']}",
        "Counted are those who ordered in the year, with what their contracts leave. Lesson 03a counts everybody who was served, without contracts, so its number is another one.",
        "No offer is made to keep such a customer before that is repaired, and nobody is listed to be dropped.",
    ]


# ---------------------------------------------------------------- the report


def repairs(causes: pd.DataFrame) -> str | Silence:
    """The causes to stop, the dearest first."""
    if causes.empty:
        return SILENCE
    top = causes.iloc[0]
    return f"**Stop first:** {top['cause']}: {words.count(int(top['leavers']), 'contract')} in these data ended because of it, as far as counts can tell. {top['repair']}"


def no_single_cause(causes: pd.DataFrame, contracts: object) -> str | Silence:
    """`repairs`, or why there is none."""
    if len(causes):
        return repairs(causes)
    if isinstance(contracts, Withheld):
        return "Without contracts no day of leaving is known, so no cause can be counted. Lesson 07a shows after which order people do not come back."
    return "No moment stands out at which more leave than usual: there is no single cause to stop."


def answer(
    *, warned: Warned | Withheld, saved: Saved | Withheld, expected: Responses, served: ToServe | Withheld, causes: pd.DataFrame, to_save: int, to_warn: int,
    hold_out: int, profit_minor: int, code: str,
) -> list[str]:  # fmt: skip
    """The report's answer: whom to make an offer, whom to look after, what to repair."""
    says = []
    if to_save:
        basis = "as measured by lot" if expected.measured else "**if** a call holds what was assumed"
        says.append(
            f"**Make an offer to {words.count(to_save, 'customer')}** (list *save*); expected profit {words.money(profit_minor, code=code)}, {basis}. "
            f"{words.count(hold_out, 'other')} are left alone by lot, so that next month shows whether it is so."
        )
    else:
        if isinstance(warned, Withheld) and isinstance(saved, Withheld):
            return [f"**These data do not say whom to hold.** {warned.reason} {warned.gain}", f"And {saved.reason[0].lower()}{saved.reason[1:]}"]
        says.append("**No offer is expected to pay**, so the list *save* is empty.")
    if isinstance(saved, Saved) and saved.best and not saved.riskiest_first:
        own = saved.of(saved.best, NEAR)
        says.append(f"**Not the riskiest.** Those who {GROUPS[FAR]} leave most and cannot be held; a {saved.best} holds {100 * own['saved']:.0f} of 100 of those who {GROUPS[NEAR]}.")
    if isinstance(warned, Warned):
        best = warned.row(warned.chosen)
        says.append(f"**Look after {words.count(to_warn, 'customer')}** (list *warn*): of {warned.capacity:,} warned of in the last window {best['caught']:.0f} left, of as many by lot {warned.row('by lot')['caught']:.0f}.")
    else:
        says.append(f"**No warning:** {warned.reason}")
    if len(causes):
        says.append(str(repairs(causes)))
    if isinstance(served, ToServe) and len(served.below):
        top = served.causes().iloc[0]
        says.append(f"**Repair before keeping:** {words.count(len(served.below), 'customer')} cost more than they bring, most of them by {top['says']}.")
    return says


def limits(company, *, warned: Warned | Withheld, trial: Trial | Withheld, contracts: object) -> list[str]:
    """What these data cannot tell."""
    says = []
    if isinstance(contracts, Withheld):
        says.append("Contracts are not in the data: leaving is a silence, and there is no date before which something can be done. With start, end and paid-until of each they would be.")
    if isinstance(trial, Withheld):
        says.append(f"What an offer to stay causes has not been measured. {trial.gain}")
    else:
        says.append("What the offer caused was measured at the end of a year's contract. At other times, and with other words, it may do something else.")
    if company.contacts is None:
        says.append("Contacts are not in the data: nobody can be warned of because of trouble that was not solved.")
    if company.exits is None:
        says.append("Exits are not in the data: why people leave is not known, and a repair is a guess.")
    says.append("A contract kept is valued at one year's margin. Who is kept may stay for longer, or leave a year later.")
    return says


def key_numbers(*, warned: Warned | Withheld, saved: Saved | Withheld, chosen: Chosen | Withheld, expected: Responses, served: ToServe | Withheld, to_save: int, profit_minor: int) -> list[dict]:
    """The key numbers for results.json: `key`, `value`, `unit`, `label`; what is withheld is missing."""
    rows = []
    if isinstance(warned, Warned):
        rows.append(("warning_precision", float(warned.row(warned.chosen)["precision"]), "share", "Share of those warned of who left"))
        rows.append(("warning_base_rate", warned.base_rate, "share", "Share of all who left in the same window"))
        rows.append(("warning_by", warned.chosen, "text", "Who ranks: the model or the plain rule"))
    if isinstance(saved, Saved) and saved.best:
        own = saved.of(saved.best, NEAR)
        rows.append(("offer_arm", saved.best, "text", "Offer that holds most of a group"))
        rows.append(("offer_saved", float(own["saved"]), "share", f"Share of those who {GROUPS[NEAR]} who stay because of it"))
        rows.append(("offer_saved_low", float(own["low"]), "share", "The same, lower end of the interval"))
        rows.append(("offer_saved_high", float(own["high"]), "share", "The same, upper end of the interval"))
        cost = expected.table.loc[expected.table["arm"] == saved.best, "cost_minor"]
        if len(cost):
            rows.append(("offer_cost_minor", int(cost.iloc[0]), "money", "Cost of the offer for each customer asked"))
    if isinstance(chosen, Chosen):
        rows.append(("kept_by_risk", chosen.saved("by risk"), "number", f"Contracts kept by {chosen.calls:,} calls to the riskiest"))
        rows.append(("kept_by_response", chosen.saved("by response"), "number", f"Contracts kept by {chosen.calls:,} calls to the most responsive"))
    rows.append(("save_profit_minor", profit_minor, "money", "Expected profit of the list save"))
    rows.append(("save_customers", to_save, "count", "Customers on the list save who are contacted"))
    if isinstance(served, ToServe):
        rows.append(("below_zero", len(served.below), "count", "Customers who cost more than they bring"))
    return [dict(zip(("key", "value", "unit", "label"), row, strict=True)) for row in rows]


@silent_when_withheld
def played_both(result: Both, *, code: str) -> str:
    """What the two lists truly caused."""
    table = result.table.set_index("way")
    own, other = table.loc["by response"], table.loc["by risk"]
    ahead = own["profit_minor"] - other["profit_minor"]
    text = (
        f"**{int(own['calls']):,} calls by response kept fees of {words.money(own['fees_minor'], code=code)}; as many by risk {words.money(other['fees_minor'], code=code)}.** "
        f"After the cost of the calls and what customers did in the shops, the quarter brought {words.money(own['profit_minor'], code=code)} and "
        f"{words.money(other['profit_minor'], code=code)} more than without."
    )
    if ahead > 0:
        return text + " The riskiest were rung, were friendly, and left."
    return text + " This time luck was with the riskiest; over many quarters the list by response is ahead."
