"""Groups, ladder and survey in sentences, written from the measures: Markdown, one finding each.

Counts of the team's own customers are facts and carry no interval. Text from
the data goes through `words.plain`, so that nothing in it is markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from helpers import words
from helpers.money import currency, in_major_units
from helpers.segmentation.behaviour import Behaviour, Feature, with_features
from helpers.segmentation.groups import FEW_ORDERS, MIN_CLUMPS, MIN_STABILITY, Explanation, Groups, changed
from helpers.segmentation.groups import trials as try_numbers
from helpers.segmentation.ladder import LIFETIME, LONG_TERM, QUALITY, SILENT, Climbing, Ladder, rung_counts, stuck_rung
from helpers.segmentation.surveys import FOUND, LAST_YEAR, REACHES, TOP_SHARE, Comparison, reached
from helpers.segmentation.surveys import errors_by_size as sizes_and_errors
from helpers.segmentation.targets import KINDS, Statement, where_to_begin
from helpers.withheld import Withheld, passes_on_withheld, silent_when_withheld

_FAMILIES = {
    "size": "how large their orders are",
    "rhythm": "how often and how lately they come",
    "returns": "what they bring back",
    "price": "at what discount they buy",
    "what": "what they buy",
    "how": "in which way",
}

# ---------------------------------------------------------------- groups


@silent_when_withheld
def who_is_grouped(behaviour: Behaviour) -> str:
    """How many customers have habits that can be seen, and from what."""
    span = f"the last {words.number(behaviour.window_days)} days" if behaviour.window_days else "the whole export"
    families = dict.fromkeys(one.family for one in behaviour.features)
    return (
        f"**{words.count(len(behaviour.table), 'customer')} ordered on {behaviour.min_order_days} days or more in {span};** "
        f"{words.number(len(behaviour.few))} ordered less often, and so few receipts are luck, not habits. "
        f"{words.count(len(behaviour.features), 'column')} {'describes' if len(behaviour.features) == 1 else 'describe'} each of them: {words.listing(_FAMILIES[one] for one in families)}."
    )


@silent_when_withheld
def trials(table: pd.DataFrame, *, chosen: int | Withheld) -> str:
    """Whether groups were found, and how many."""
    if not isinstance(chosen, int):
        return f"**No groups are claimed here.** {chosen.reason} {chosen.gain}"
    held = table.loc[table["holds"], "k"].tolist()
    row = table[table["k"] == chosen].iloc[0]
    if chosen not in held:
        return (
            f"**{chosen} groups were asked for, and they do not pass both tests:** when customers are drawn again "
            f"{words.in_100(row['same'])} stay in their group. Read them as slices of a ruler, not as kinds."
        )
    soft = (
        " The borders are soft: with a silhouette below 0.25 groups run into each other, and who is near a border may stand on either side."
        if row["silhouette"] < 0.25
        else ""
    )
    return (
        f"**We use {chosen} groups.** When customers are drawn again {words.in_100(row['same'])} stay in their group (adjusted Rand "
        f"index {row['stability']:.2f}), and the silhouette is {row['silhouette'] / max(row['without_kinds'], 1e-9):.1f} times that of copies "
        f"without kinds. Both tests are passed with {words.listing(map(str, held))} groups.{soft}"
    )


@silent_when_withheld
def tried(behaviour: Behaviour, orders: pd.DataFrame, *, columns: list[str], k: int) -> str:
    """Whether the groups that some of the columns give are more than a ruler, to play with."""
    result = try_numbers(with_features(behaviour, columns), orders, least=k, most=k)
    if result.empty:
        return "These columns have too few different values for so many groups."
    row = result.iloc[0]
    times = row["silhouette"] / max(row["without_kinds"], 1e-9)
    verdict = "Both tests are passed." if row["holds"] else "Not both tests are passed: a ruler, not kinds."
    return (
        f"**{verdict}** When customers are drawn again {words.in_100(row['same'])} stay in their group (adjusted Rand index "
        f"{row['stability']:.2f}; {MIN_STABILITY:.2f} is asked for), and the silhouette is {times:.2f} times that of copies without kinds "
        f"({MIN_CLUMPS:g} is asked for)."
    )


@silent_when_withheld
def groups(found: Groups, table: pd.DataFrame, *, code: str) -> list[str]:
    """One sentence a group: how large, and what sets it apart; no two groups could share one."""
    everybody = found.behaviour.table
    says = []
    for row in table.itertuples():
        traits = [(feature, z) for feature, z in found.traits[row.group] if abs(z) >= 0.3][:3] or found.traits[row.group][:1]
        parts = [
            f"{words.plain(_short(feature))} {_in_words(feature, table.set_index('group').loc[row.group, feature.name], code)} "
            f"(all: {_in_words(feature, _overall(everybody, feature), code)})"
            for feature, _ in traits
        ]
        says.append(
            f"**{words.plain(row.group)}**: {words.count(row.customers, 'customer')}, {words.percent(row.share_of_value)} of the money; "
            f"{'; '.join(parts)}."
        )
    return says


@passes_on_withheld
def questions(explanation: Explanation, *, code: str) -> pd.DataFrame:
    """The questions of the tree, a row an end: `ask`, `group`, `customers`, `right`."""
    rows = [
        {
            "ask": "; ".join(_condition(*one, code=code) for one in row.conditions) or "everybody",
            "group": row.group,
            "customers": row.customers,
            "right_share": row.right / row.customers,
        }
        for row in explanation.rules.itertuples()
    ]
    return pd.DataFrame(rows)


@silent_when_withheld
def explained(explanation: Explanation) -> str:
    """How often the questions are right."""
    return (
        f"**A few questions put {words.in_100(explanation.agrees)} customers into their group** (each was asked by a tree that had not "
        f"seen them). Naming the largest group every time would be right for {words.in_100(explanation.largest)}. So a colleague can "
        "use the groups without a computer, and knows how often that goes wrong."
    )


@silent_when_withheld
def movement(table: pd.DataFrame, *, since: str) -> str:
    """Who changed their habits."""
    said = changed(table)
    if not said["grouped"]:
        return f"Nobody was in a group both {since} and now."
    joined = int(table.loc[FEW_ORDERS].drop(FEW_ORDERS).sum())
    left = int(table[FEW_ORDERS].drop(FEW_ORDERS).sum())
    return (
        f"**Of {words.count(said['grouped'], 'customer')} who were in a group both {since} and now, {words.number(said['changed'])} are in "
        f"another one.** Some crossed a soft border without a change that anybody would notice. {words.number(joined)} have come "
        f"to have habits since then, and {words.number(left)} have ordered too seldom to show any."
    )


@silent_when_withheld
def recovered(result: dict[str, float | str], *, groups: int) -> str:
    """How near the groups come to kinds that only a simulation can know."""
    return (
        f"**Only a simulation can know the true kinds.** The {groups} groups agree with them by an adjusted Rand index of "
        f"{result['groups']:.2f}. The best single column (*{words.plain(result['column'])}*) reaches {result['single']:.2f}, however it is cut. "
        + (
            "So no single column shows the kinds, all of them together show them partly, and nobody should treat a group as if it were a "
            "label on the door."
            if result["groups"] > result["single"]
            else "So here the groups show no more than that column does."
        )
    )


# ---------------------------------------------------------------- ladder


@silent_when_withheld
def ladder(result: Ladder, *, code: str) -> str:
    """Who stands high, and what they bring."""
    table = rung_counts(result).set_index("rung")
    total = int(table["customers"].sum())
    high = [rung for rung in (LONG_TERM, QUALITY, LIFETIME, "advocate") if rung in table.index]
    share = table.loc[high, "share_of_value"].sum()
    text = (
        f"**{words.number(table.loc[high, 'customers'].sum())} of {words.count(total, 'customer')} stand on the rung {LONG_TERM} or higher, "
        f"and bring {words.percent(share)} of the money of the last year.** {words.number(table.loc[SILENT, 'customers'])} have fallen silent. "
        f"A {QUALITY} customer spends {words.money(result.quality_from_minor, code=code)} a year or more."
    )
    return f"{text} {result.missing}".strip()


@silent_when_withheld
def climbing(result: Climbing) -> str:
    """Where people get stuck, and where they fall off."""
    stuck = stuck_rung(result)
    table = result.table.set_index("rung")
    if not stuck:
        return "Too few customers stood on any rung to say where they get stuck."
    row = table.loc[stuck]
    rows = table[(table["stood"] >= 30) & (table.index != SILENT)]
    lost = rows["fell_silent"].idxmax()
    return (
        f"**Customers get stuck on the rung *{stuck}*:** of 100 who stand there {100 * row['climb_share']:.0f} climb within a quarter. "
        f"Most fall silent from the rung *{lost}*: {words.number(rows.loc[lost, 'fell_silent'])} in "
        f"{words.count(len(result.quarters), 'quarter')}, {100 * rows.loc[lost, 'fell_silent'] / rows.loc[lost, 'stood']:.0f} of 100 a quarter."
    )


# ---------------------------------------------------------------- survey


@silent_when_withheld
def schemes(result: Comparison) -> str:
    """Which classes predict better, how sure that is, and whether a plain rule does as well."""
    value = result.table.set_index("scheme")["captured"]
    lead, plain = result.found_less_asked, result.found_less_plain
    best = f"{100 * TOP_SHARE:.0f}"
    if lead.excludes_zero:
        says = "Classes found predict better than classes asked" if lead.value > 0 else "Classes asked predict better than classes found"
    elif lead.value > 0:
        says = "Classes found are ahead of classes asked, but by no more than luck could do"
    else:
        says = "Classes found are no better here than classes asked"
    text = (
        f"**{says}.** Of 100 units of money spent in the quarter after the survey, the best {best} of 100 customers by *group and rung* "
        f"bring {100 * value['group and rung']:.0f}, by *{result.asked}* {100 * value[result.asked]:.0f}: a difference of "
        f"{100 * lead.value:.0f} (95% interval: {_points(lead.low)} to {_points(lead.high)}; {words.number(result.customers)} customers). "
    )
    if plain.low > 0:
        text += "They beat the plain rule of last year's money, too."
    else:
        text += (
            f"They do not clearly beat a plain rule: last year's money gives {100 * value['money of the last year']:.0f}. Groups say *what* to do "
            "with somebody; who will spend, last year's money says as well."
        )
    if result.agreement == result.agreement:
        text += (
            f" Asked and found are different classes: their adjusted Rand index is {result.agreement:.2f} (1: the same, 0: as far apart as chance)."
        )
    return text


@silent_when_withheld
def errors_by_mode(table: pd.DataFrame) -> str:
    """Who is nearest to the truth, who is furthest, and why."""
    truth = table["truth"].iloc[0]
    near, far = table.loc[table["error"].abs().idxmin()], table.loc[table["error"].abs().idxmax()]
    text = (
        f"**The true mean is {truth:.2f} order days.** {_began(near)} says {near['claimed']:.2f}. "
        f"{_began(far)} says {far['claimed']:.2f}, with {words.count(int(far['known']), 'answer')}: "
        f"{_signed(far['selection_error'])} come from who answers and {_signed(far['answer_error'])} from what they answer."
    )
    wrong = table[table["beyond_luck"]]
    if len(wrong):
        return text + (
            f" The interval misses the truth by more than luck for {words.listing(_mode(row) for _, row in wrong.iterrows())}: an interval "
            "knows the luck of the draw and nothing else."
        )
    return text + " None is off by more than the luck of the draw."


@silent_when_withheld
def errors_by_size(table: pd.DataFrame, *, truth: float, size: int, says: str) -> str:
    """What more answers do, and what they do not."""
    row = table[table["size"] == size].iloc[0]
    luck, bias = 200 * row["spread"], 100 * row["error"]
    text = f"Asked: {says}. With {words.number(size)} answers luck moves a survey by {luck:.1f} points up or down"
    if abs(bias) < 0.5:
        return f"{text}, and on average it is right ({words.percent(truth)})."
    return (
        f"{text}, and on average it is {abs(bias):.0f} points too {'high' if bias > 0 else 'low'} (the truth is {words.percent(truth)}). "
        "More answers make the first number smaller. They do nothing about the second."
    )


def reaching(base: pd.Series, *, size: int, reach: str, answer: str) -> str:
    """The sentence beside the surveys of one way to reach people."""
    truth = float(reached(base)["truth"].mean())
    return errors_by_size(sizes_and_errors(base, reach=reach, answer=answer), truth=truth, size=size, says=REACHES[reach])


# ---------------------------------------------------------------- target


@passes_on_withheld
def swot(statements: Sequence[Statement]) -> pd.DataFrame | Withheld:
    """The statements as a table, strengths first: `kind`, `statement`, `source`."""
    if not statements:
        return Withheld(
            "Strengths, weaknesses, opportunities and threats",
            "Each line compares two years or two numbers, and the export is too short for any.",
            "A longer export, product lines or a survey would fill the table.",
        )
    order = list(KINDS)
    rows = sorted(statements, key=lambda one: order.index(one.kind))
    return pd.DataFrame(
        [{"kind": one.kind, "statement": one.text.replace("*", ""), "source": one.source} for one in rows],
        columns=["kind", "statement", "source"],
    )


@silent_when_withheld
def targets(scores: pd.DataFrame, *, code: str) -> str:
    """The group to begin with, and why."""
    best = scores.iloc[0]
    if where_to_begin(scores) == "alike":
        return (
            f"**No group stands out:** in *{words.plain(best['group'])}* {words.money(best['score_minor'], code=code)} a year is within reach, in "
            f"*{words.plain(scores['group'].iloc[1])}* {words.money(scores['score_minor'].iloc[1], code=code)}. Nothing is lost by treating them alike."
        )
    text = (
        f"**We would begin with *{words.plain(best['group'])}*:** {words.money(best['at_stake_minor'], code=code)} a year are at stake there, "
        f"{words.in_100(best['reachable'])} of its customers can be reached, and {words.in_100(best['answering'])} ordered in the last quarter."
    )
    richest = scores.loc[scores["year_minor"].idxmax()]
    if richest["group"] != best["group"]:
        text += f" The group that brings most today is *{words.plain(richest['group'])}*; less of what is at stake there is within reach."
    return text + " At stake is what the group would bring more if each customer spent as its upper quarter does: an assumption, not a forecast."


# ---------------------------------------------------------------- the page as a whole


def answer(
    *,
    chosen: int | Withheld,
    trials: pd.DataFrame | Withheld,
    table: pd.DataFrame | Withheld,
    climb: Climbing | Withheld,
    errors: pd.DataFrame | Withheld,
    comparison: Comparison | Withheld,
    scores: pd.DataFrame | Withheld,
    to_do: int,
    hold_out: int,
    code: str,
) -> list[str]:
    """The report's answer in a few sentences.

    Returns
    -------
    list of str
        Markdown sentences for the head of the page.
    """
    sentences = []
    if isinstance(chosen, int) and isinstance(table, pd.DataFrame):
        said = [f"*{words.plain(name)}*" for name in table["group"]]
        names = words.listing(said if len(said) <= 7 else [*said[:6], f"{len(said) - 6} more"])
        sentences.append(
            f"**There are {chosen} kinds of customers in what people do**, and they come back when we look again: {names}."
            if chosen in set(trials.loc[trials["holds"], "k"])
            else f"**{chosen} groups were asked for, and they are no kinds**: they do not pass both tests. They are {names}."
        )
    elif isinstance(trials, pd.DataFrame) and len(trials):
        sentences.append("**No kinds of customers are claimed**: any groups would be slices of a ruler. Sizes and rungs say as much, and more plainly.")
    else:
        sentences.append(f"**No kinds of customers are claimed.** {getattr(chosen, 'reason', '')}".strip())
    if isinstance(scores, pd.DataFrame):
        best = scores.iloc[0]
        reach = f"{words.money(best['score_minor'], code=code)} a year of what is at stake there is within reach"
        sentences.append(
            f"**No group stands out as the one to begin with**: the best two are nearly level ({reach} in *{words.plain(best['group'])}*)."
            if where_to_begin(scores) == "alike"
            else f"**Begin with *{words.plain(best['group'])}***: {reach}{', more than in any other group' if len(scores) > 1 else ''}."
        )
    if isinstance(climb, Climbing) and (stuck := stuck_rung(climb)):
        share = climb.table.set_index("rung").loc[stuck, "climb_share"]
        sentences.append(f"On the ladder customers get stuck on the rung *{stuck}*: {words.in_100(share)} climb within a quarter.")
    if isinstance(errors, pd.DataFrame):
        near, far = errors.loc[errors["error"].abs().idxmin()], errors.loc[errors["error"].abs().idxmax()]
        most = f"trust {_mode(near)} most and {_mode(far)} least: it" if len(errors) > 1 else f"do not trust {_mode(far)}: it"
        sentences.append(
            f"Of the survey, {most} is {abs(far['error']):.1f} order days off a truth of {far['truth']:.1f}."
            if far["beyond_luck"]
            else "Where the survey can be checked, it is off by no more than the luck of the draw."
        )
    if isinstance(comparison, Comparison):
        value = comparison.table.set_index("scheme")["captured"]
        sentences.append(
            f"Which 25 of 100 customers spend most in the quarter to come? Those chosen by classes found brought {words.percent(value[FOUND])} of its "
            f"money, by classes asked {words.percent(value[comparison.asked])}, by last year's money {words.percent(value[LAST_YEAR])}."
        )
    if to_do:
        alone = f"; {words.number(hold_out)} more left alone by lot" if hold_out else ""
        sentences.append(f"**On Monday: {words.count(to_do, 'customer')} to help up the ladder**, with the action that fits their group{alone}.")
    else:
        sentences.append("On Monday: nobody to contact; the list is empty, and the sections below say why.")
    return sentences


def limits(company, *, hold_out: int, groups: Groups | Withheld, errors: pd.DataFrame | Withheld) -> list[str]:
    """What these data cannot tell, in sentences."""
    sentences = []
    if isinstance(groups, Groups):
        sentences.append(
            "A group says what customers do, not why, and not what an action of ours would cause. The action for each group is our choice; "
            "the hold-out says what it did."
        )
    if not hold_out:
        sentences.append("Nobody is left alone by lot this time, so the next report cannot say what the list achieved.")
    if isinstance(errors, Withheld):
        sentences.append(f"How far a survey could be trusted is not known. {errors.reason} {errors.gain}".strip())
    if company.contacts is None:
        sentences.append("Open complaints and last contacts are not in the data: check them before anybody is called.")
    if company.customers is None or "consent" not in company.customers:
        sentences.append("Consent to be contacted is not in the data: check it before anybody is contacted.")
    return sentences


def key_numbers(
    *, behaviour: Behaviour | Withheld, chosen: int | Withheld, table: pd.DataFrame | Withheld, trials: pd.DataFrame | Withheld,
    ladder: Ladder | Withheld, climb: Climbing | Withheld, errors: pd.DataFrame | Withheld, comparison: Comparison | Withheld,
    scores: pd.DataFrame | Withheld,
) -> list[dict]:  # fmt: skip
    """The key numbers of this lesson for results.json.

    Returns
    -------
    list of dict with `key`, `value`, `unit`, `label`; what is withheld is missing.
    """
    rows = []
    if isinstance(behaviour, Behaviour):
        rows.append(("grouped_customers", len(behaviour.table), "count", "Customers with enough orders to have habits"))
    if isinstance(chosen, int) and isinstance(trials, pd.DataFrame):
        row = trials[trials["k"] == chosen].iloc[0]
        rows.append(("groups", chosen, "count", "Groups of behaviour"))
        rows.append(("groups_stability", float(row["stability"]), "number", "Adjusted Rand index when customers are drawn again"))
        rows.append(("groups_same", float(row["same"]), "share", "Customers who stay in their group when drawn again"))
    if isinstance(table, pd.DataFrame):
        rows.append(("groups_named", "; ".join(table["group"]), "text", "Names of the groups, the largest first"))
    if isinstance(ladder, Ladder):
        counts = rung_counts(ladder).set_index("rung")["customers"]
        rows += [(f"rung_{rung.replace('-', '_')}", int(n), "count", f"Customers on the rung {rung}") for rung, n in counts.items()]
        rows.append(("quality_from_minor", ladder.quality_from_minor, "money", "Money a year from which a customer is a quality customer"))
    if isinstance(climb, Climbing) and (stuck := stuck_rung(climb)):
        rows.append(("stuck_rung", stuck, "text", "The rung on which customers get stuck"))
        share = climb.table.set_index("rung").loc[stuck, "climb_share"]
        rows.append(("stuck_climb_share", float(share), "share", "Share who climb from there within a quarter"))
    if isinstance(errors, pd.DataFrame):
        for _, row in errors.iterrows():
            key = f"survey_error_{row['mode']}{'_weighted' if row['weighted'] else ''}"
            rows.append((key, float(row["error"]), "number", f"Error of the survey in order days: {row['mode']}"))
    if isinstance(comparison, Comparison):
        value = comparison.table.set_index("scheme")["captured"]
        rows.append(("captured_found", float(value["group and rung"]), "share", "Next quarter's money in the best quarter by group and rung"))
        rows.append(("captured_asked", float(value[comparison.asked]), "share", "Next quarter's money in the best quarter by the survey's classes"))
        rows.append(("captured_plain", float(value["money of the last year"]), "share", "Next quarter's money in the best quarter by last year's money"))
    if isinstance(scores, pd.DataFrame):
        rows.append(("target_group", str(scores["group"].iloc[0]), "text", "The group to begin with"))
        rows.append(("target_score_minor", int(scores["score_minor"].iloc[0]), "money", "What is within reach there in a year"))
    return [dict(zip(("key", "value", "unit", "label"), row, strict=True)) for row in rows]


def customer_summary(groups: Groups | Withheld, ladder: Ladder | Withheld) -> pd.DataFrame | None:
    """One row per customer with group and rung, for `customers.csv`; None where neither is known."""
    if not isinstance(ladder, Ladder):
        return None
    table = ladder.table[["customer_id", "rung", "order_days", "known_days", "brought"]]
    if isinstance(groups, Groups):
        table = table.assign(group=table["customer_id"].map(groups.values).fillna(FEW_ORDERS).astype("str"))
    return table


def since_words(earlier: date) -> str:
    """How a page speaks of an earlier day: "on 17 June 2025"."""
    return f"on {words.day(earlier)}"


# ---------------------------------------------------------------- below


def _short(feature: Feature) -> str:
    """A feature without its kind: "water", "order days"."""
    return feature.label.partition(": ")[2] or feature.label


def _in_words(feature: Feature, value: float, code: str) -> str:
    if feature.unit == "money":
        return words.money(value, code=code)
    if feature.unit == "share":
        return words.percent(value)
    return words.number(value, digits=0 if feature.unit == "days" else 1)


def _overall(table: pd.DataFrame, feature: Feature) -> float:
    column = table[feature.name].astype(float)
    return float(column.median() if feature.unit in ("money", "days") else column.mean())


def _condition(feature: Feature, above: bool, limit: float, *, code: str) -> str:
    """One answer to a question of the tree: "water 40% or more"."""
    if feature.unit == "money":
        said = f"{currency(code).sign}{in_major_units(limit, code=code):,.0f}"
    else:
        said = words.percent(limit) if feature.unit == "share" else words.number(limit, digits=0 if feature.unit == "days" else 1)
    return f"{_short(feature)} {'more' if above else 'at most'} {'than ' if above else ''}{said}"


def _mode(row: pd.Series) -> str:
    """A way of asking, as a sentence names it."""
    return f"the {'weighted ' if row['weighted'] else ''}{words.plain(row['mode'])} survey"


def _began(row: pd.Series) -> str:
    return f"T{_mode(row)[1:]}"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _points(value: float) -> str:
    return f"{100 * value:.0f}".replace("-", "−")
