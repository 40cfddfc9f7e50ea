"""The exercises of lesson 03b: groups found, groups asked.

Each is a function that works out the right answer from the lesson's data, with
the ways in which people go wrong below it. `inputs` gives them the data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from helpers import words
from helpers.data.company import Company
from helpers.data.ledger import ledger
from helpers.errors import DataError
from helpers.money import in_major_units
from helpers.segmentation import behaviour, drill, groups, ladder, surveys, targets
from helpers.teaching import Option, exercise
from helpers.withheld import Withheld

NO_GROUPS = 3  # so many are cut where none are found: a ruler can be practised on, too


def inputs(
    company: Company,
    *,
    as_of: date,
    window_days: int = 730,
    min_order_days: int = 3,
    asked: Sequence[str] = ("motive", "income_band"),
    rules: ladder.Rules | None = None,
) -> Mapping[str, Any]:
    """What the exercises are worked out from, by name.

    Parameters
    ----------
    company : Company
    as_of : date
    window_days, min_order_days : int
        For habits; see `behaviour.behaviour`.
    asked : sequence of str
        The questions of the survey whose answers make its classes.
    rules : ladder.Rules, optional

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    return {
        "orders": drill.with_product_line(company.orders, company.products),
        "answers_given": company.tables.get("survey"),
        "code": company.currency,
        "as_of": as_of,
        "window_days": window_days,
        "min_order_days": min_order_days,
        "asked": tuple(asked),
        "rules": rules or ladder.Rules(),
        "known_customers": company.customers,
        "three": three_customers(),
        "habits_found": _habits_found,
        "order_counts": order_counts,
        "habits": habits,
        "tried": _tried,
        "chosen": _chosen,
        "found": _found,
        "drawn": _drawn,
        "quarter": quarter,
        "wave": _wave,
        "both_ways": _both_ways,
        "followed": followed,
        "comparison": _comparison,
        "errors": _errors,
        "furthest": _furthest,
        "said_and_did": said_and_did,
        "bands": bands,
        "swot": _swot,
        "swot_lines": swot_lines,
        "scores": _scores,
    }


# ---------------------------------------------------------------- what the exercises show


def three_customers() -> pd.DataFrame:
    """Three customers small enough for arithmetic by hand: `order_value` in yuan, `order_days` in a year."""
    return pd.DataFrame({"order_value": [500, 520, 900], "order_days": [12, 2, 11]}, index=["A", "B", "C"])


def order_counts(orders: pd.DataFrame, as_of: date, window_days: int) -> pd.DataFrame:
    """Everybody who ordered in the window: `customer_id`, `order_days`."""
    book = ledger(orders, as_of=as_of, since=as_of - timedelta(days=window_days - 1) if window_days else None)
    return book[["customer_id", "order_days"]].reset_index(drop=True)


def habits(habits_found: behaviour.Behaviour, code: str) -> pd.DataFrame:
    """Customers with enough orders: `customer_id`, `order_value` (money an order day), `order_days`, `days_silent`."""
    table = habits_found.table.sort_index()
    return pd.DataFrame(
        {
            "customer_id": table.index.to_numpy(),
            "order_value": in_major_units(table["mean_order_minor"], code=code).to_numpy(),
            "order_days": table["order_days"].to_numpy(),
            "days_silent": table["recency_days"].to_numpy(),
        }
    )


def quarter(orders: pd.DataFrame, known_customers, as_of: date, rules: ladder.Rules) -> pd.DataFrame | Withheld:
    """The rung of each customer 91 days ago (`start`) and now (`end`); `place_start` and `place_end` count the rungs, 0 is silent."""
    begin = as_of - timedelta(days=ladder.QUARTER_DAYS)
    if orders["ordered_at"].min() > pd.Timestamp(begin - timedelta(days=rules.silent_days)):
        return Withheld("The last quarter on the ladder", "The export is too short: nobody could be seen to fall silent before it.")
    stands = [ladder.ladder(orders, known_customers, as_of=day, rules=rules) for day in (begin, as_of)]
    if any(isinstance(one, Withheld) for one in stands):
        return next(one for one in stands if isinstance(one, Withheld))
    before, after = (one.table.set_index("customer_id")["rung"] for one in stands)
    table = pd.DataFrame({"start": before, "end": after.reindex(before.index)}).rename_axis("customer_id").reset_index()
    place = {rung: number for number, rung in enumerate(ladder.ORDER)}
    return table.assign(place_start=table["start"].map(place), place_end=table["end"].map(place))


def followed(both_ways: pd.DataFrame, code: str) -> pd.DataFrame:
    """Customers of the survey: `customer_id`, `last_year` (money in the year before it), `next_quarter` (in the quarter after)."""
    return pd.DataFrame(
        {
            "customer_id": both_ways["customer_id"],
            "last_year": in_major_units(both_ways["year_minor"], code=code),
            "next_quarter": in_major_units(both_ways["next_minor"], code=code),
        }
    ).sort_values("customer_id", ignore_index=True)


def said_and_did(wave: surveys.Wave, furthest: str) -> pd.DataFrame:
    """Answers of one way of asking: `customer_id`, `said` (order days as they say), `did` (as the order file knows)."""
    answers = wave.answers
    part = answers[(answers["mode"] == furthest) & answers["own"].notna() & answers["orders_claimed"].notna()]
    return pd.DataFrame(
        {
            "customer_id": part["customer_id"].to_numpy(),
            "said": part["orders_claimed"].astype("int64").to_numpy(),
            "did": part["own"].astype("int64").to_numpy(),
        }
    )


def bands(wave: surveys.Wave) -> pd.DataFrame | Withheld:
    """The base and the panel by order days in the last year: `band`, `base` (customers), `panel` (answers)."""
    table = surveys.weighting_table(wave)
    return table if isinstance(table, Withheld) else table[["band", "base", "panel"]]


def swot_lines(swot: list[targets.Statement]) -> pd.DataFrame:
    """The statements to be sorted: `number`, `statement`."""
    return pd.DataFrame({"number": range(1, len(swot) + 1), "statement": [one.text.replace("*", "") for one in swot]})


# ---------------------------------------------------------------- 1 to 4: groups found


@exercise(
    "3b.1",
    minutes=1.5,
    kind="predict",
    within=5,
    hints=[
        "Most shops have far more customers who came once than they think.",
        "Think of the shops where you bought in the last two years. In how many of them on three different days or more?",
    ],
    covers=["S57"],
    means="Only these have habits that can be seen. With one or two receipts, kind and luck cannot be told apart.",
)
def enough_orders(order_counts, min_order_days):
    """Of every 100 customers who ordered in the window, how many ordered on three days or more?"""
    return 100 * (order_counts["order_days"] >= min_order_days).mean()


@enough_orders.mistake("That is everybody who came back at least once. Two order days show a return, and no habit yet.")
def _(order_counts):
    return 100 * (order_counts["order_days"] >= 2).mean()


@enough_orders.mistake("If nearly all came often, yes. A customer file is full of people who came once.")
def _():
    return 90


@exercise(
    "3b.2",
    minutes=3.5,
    hints=[
        "Three steps: take the logarithm, subtract its mean, divide by its spread (the standard deviation).",
        "`np.log(habits[\"order_value\"])` is the first step. `.mean()` and `.std()` of the result give what you need for the others.",
    ],
    within=0.005,
    covers=["S57"],
    means="Now 0 is the average customer and 1 is one spread above, for every column. No column shouts down the others.",
)
def z_of_order_value(habits):
    """Each customer's order value, logged and then standardised: mean 0, spread 1."""
    log = np.log(habits["order_value"])
    return (log - log.mean()) / log.std()


@z_of_order_value.mistake("The logarithm is missing. A few very large order values would still stretch the scale for all the others.")
def _(habits):
    return (habits["order_value"] - habits["order_value"].mean()) / habits["order_value"].std()


@z_of_order_value.mistake("You divided by the spread, but did not subtract the mean first. The average customer should be at 0.")
def _(habits):
    log = np.log(habits["order_value"])
    return log / log.std()


@z_of_order_value.in_a_spreadsheet("the largest of these values", digits=2)
def _(z):
    return z.max()


@exercise(
    "3b.3",
    minutes=2,
    kind="fill",
    spreadsheet=True,
    digits=2,
    hints=[
        "In how many of the rows is `again` the same as `group`? A comparison gives True or False, and True counts as 1.",
        '`(drawn["group"] == drawn["again"]).mean()` is the share of rows in which the two are the same.',
    ],
    covers=["S57"],
    means="If few stayed, the groups would be an accident of who happened to be in the file.",
)
def share_who_stay(drawn):
    """What share of the customers are in the same group when the groups are found again on other customers?"""
    return (drawn["group"] == drawn["again"]).mean()


@share_who_stay.mistake("That is the share who changed. Stability asks for those who stay.")
def _(drawn):
    return (drawn["group"] != drawn["again"]).mean()


@share_who_stay.mistake('In quotes alone, "again" is a word, and no group has that name. The column is `drawn["again"]`.')
def _(drawn):
    return (drawn["group"] == "again").mean()


@share_who_stay.mistake("You took the mean of the groups' shares. A small group then counts as much as a large one; count customers.")
def _(drawn):
    return (drawn["group"] == drawn["again"]).groupby(drawn["group"]).mean().mean()


@exercise(
    "3b.4",
    minutes=2,
    kind="judge",
    covers=["S57"],
    options={
        "none": Option(
            "No groups: what k-means gives would be slices of a ruler",
            "Yes. No number of groups passes both tests here; the steadiest has an adjusted Rand index of {stability}.",
            "Here something passes both tests: with {held} groups customers are closer to their own group than in copies without kinds, and "
            "the groups come back.",
        ),
        "few": Option(
            "Two or three groups",
            "Yes. Both tests are passed with {held}, and more groups than {chosen} say little more.",
            "{why}",
        ),
        "several": Option(
            "Four groups or more",
            "Yes. Both tests are passed with {held} groups, and of those that are about as good as the best we take the most: {chosen}.",
            "{why}",
        ),
    },
    means="k-means gives as many groups as it is asked for. Whether they are kinds is another question, and it has two tests.",
)
def kinds_or_slices(chosen):
    """Both curves are above. How many groups would you treat differently on Monday?"""
    if not chosen:
        return "none"
    return "few" if chosen <= 3 else "several"


@kinds_or_slices.facts
def _(tried, chosen):
    held = words.listing(map(str, tried.loc[tried["holds"], "k"])) or "no number of"
    best = tried["stability"].max()
    facts = {"held": held, "stability": f"{best:.2f}", "chosen": chosen}
    facts["why"] = (
        f"Both tests are passed with {held} groups, and of those that are about as good as the best we take {facts['chosen']}."
        if facts["chosen"]
        else "No number of groups passes both tests here, so any groups would be slices of a ruler."
    )
    return facts


# ---------------------------------------------------------------- 5: the ladder


@exercise(
    "3b.5",
    minutes=3,
    spreadsheet=True,
    digits=2,
    hints=[
        'First those who were new: `quarter[quarter["start"] == "new"]`.',
        "A customer has climbed when `place_end` is greater than `place_start`. The mean of that comparison is a share.",
    ],
    covers=["S63"],
    means="The step from the first to the second order is the steepest of the ladder in most trades. Measure it in yours.",
)
def new_who_climbed(quarter):
    """Of the customers who were new 91 days ago, what share stand on a higher rung now?"""
    new = quarter[quarter["start"] == "new"]
    return (new["place_end"] > new["place_start"]).mean()


@new_who_climbed.mistake("You counted everybody who is on another rung now. Some of them fell silent, which is no climb.")
def _(quarter):
    new = quarter[quarter["start"] == "new"]
    return (new["place_end"] != new["place_start"]).mean()


@new_who_climbed.mistake("You divided by all customers. The question is about those who were new at the start.")
def _(quarter):
    return ((quarter["start"] == "new") & (quarter["place_end"] > quarter["place_start"])).mean()


# ---------------------------------------------------------------- 6 and 7: when a sample can be trusted


@exercise(
    "3b.6",
    minutes=3,
    spreadsheet=True,
    digits=2,
    hints=[
        "The same people said one thing and did another. Who they are plays no part in that.",
        "The mean of `said` less the mean of `did`.",
    ],
    covers=["S66"],
    means="The rest of the error comes from who answers: these people's own mean differs from that of all customers.",
)
def answer_error(said_and_did):
    """How far is the survey off because of what people answer (in order days, on average)?"""
    return said_and_did["said"].mean() - said_and_did["did"].mean()


@answer_error.mistake("That is the whole error: it also holds who answers. Compare what they said with what the same people did.")
def _(said_and_did, errors, furthest):
    return said_and_did["said"].mean() - errors["truth"].iloc[0]


@answer_error.mistake("That is the error of who answers: it compares what these people did with what all customers did.")
def _(said_and_did, errors, furthest):
    return said_and_did["did"].mean() - errors["truth"].iloc[0]


@exercise(
    "3b.7",
    minutes=4,
    hints=[
        "Make two shares of each band: of all customers (`base`), and of the panel (`panel`). Each column of shares adds up to 1.",
        "A band with too few answers must count for more than 1: the share it should have, divided by the share it has.",
    ],
    covers=["S66", "S67"],
    means="One answer of a band with weight 1.2 stands for 1.2 answers. Weights mend who answered, as far as those who answered are like "
    "the others of their band.",
)
def weights_by_hand(bands):
    """The weight of an answer in each band, so that the panel looks like the base."""
    return (bands["base"] / bands["base"].sum()) / (bands["panel"] / bands["panel"].sum())


@weights_by_hand.mistake("Upside down: a band that is too small in the panel must count for more, not for less. Base share over panel share.")
def _(bands):
    return (bands["panel"] / bands["panel"].sum()) / (bands["base"] / bands["base"].sum())


@weights_by_hand.mistake("You divided counts. The base is larger than the panel, so every weight comes out too large; divide shares.")
def _(bands):
    return bands["base"] / bands["panel"]


@weights_by_hand.in_a_spreadsheet("the weight of the first band (1 order day)", digits=2)
def _(weights):
    return weights.iloc[0]


# ---------------------------------------------------------------- 8 and 9: which classes predict


@exercise(
    "3b.8",
    minutes=2,
    kind="fill",
    spreadsheet=True,
    digits=2,
    hints=[
        "Whom would you have chosen on the day of the survey? You knew `last_year`, and did not know `next_quarter`.",
        'Sort by `"last_year"`, the largest first. The cell below takes the first quarter of the rows and adds up what they spent next.',
    ],
    covers=["S57"],
    means="By lot it would be 0.25. This is the plain rule that every cleverer way of sorting has to beat.",
)
def captured_by_last_year(followed):
    """What share of the next quarter's money comes from the quarter of customers who had spent most in the year before?"""
    ranked = followed.sort_values("last_year", ascending=False, kind="stable")
    return ranked.head(len(ranked) // 4)["next_quarter"].sum() / ranked["next_quarter"].sum()


@captured_by_last_year.mistake(
    "You sorted by what they spent *afterwards*. On the day of the survey nobody knows that; a rule may only use what came before."
)
def _(followed):
    ranked = followed.sort_values("next_quarter", ascending=False, kind="stable")
    return ranked.head(len(ranked) // 4)["next_quarter"].sum() / ranked["next_quarter"].sum()


@captured_by_last_year.mistake("You took those who had spent least. Largest first: `ascending=False`.")
def _(followed):
    ranked = followed.sort_values("last_year", ascending=True, kind="stable")
    return ranked.head(len(ranked) // 4)["next_quarter"].sum() / ranked["next_quarter"].sum()


@exercise(
    "3b.9",
    minutes=2,
    kind="judge",
    covers=["S57"],
    options={
        "asked": Option(
            "By what they said in the survey",
            "Yes. The best quarter by {asked_is} brings {asked} of 100 units of money, by last year's money {plain}, and the difference is more than luck.",
            "The best quarter by {asked_is} brings {asked} of 100 units of money, by last year's money {plain}. Asking tells what they want, not when they come.",
        ),
        "found": Option(
            "By the groups and rungs found in what they do",
            "Yes. The best quarter by group and rung brings {found} of 100 units of money, by last year's money {plain}, and the difference is more than luck.",
            "The best quarter by group and rung brings {found} of 100 units of money, by last year's money {plain}. That is not clearly better, and the plain rule "
            "needs no model.",
        ),
        "plain": Option(
            "By last year's money, as before",
            "Yes. It brings {plain} of 100 units of money, group and rung {found}, the survey {asked}. Neither beats it by more than luck, so the plain rule stays.",
            "Last year's money brings {plain} of 100 units of money, and {better} beats it by more than luck.",
        ),
    },
    means="A model is worth its trouble where it beats a plain rule on data that it has not seen. Groups may still say *what* to offer.",
)
def whom_to_choose_by(comparison):
    """You can call one customer in four, and want those who will spend next quarter. By what do you choose them?"""
    return surveys.best_scheme(comparison)


@whom_to_choose_by.facts
def _(comparison):
    value = comparison.table.set_index("scheme")["captured"]
    best = surveys.best_scheme(comparison)
    return {
        "asked_is": comparison.asked,
        "asked": round(100 * value[comparison.asked]),
        "found": round(100 * value[surveys.FOUND]),
        "plain": round(100 * value[surveys.LAST_YEAR]),
        "better": {"asked": "the survey", "found": "group and rung"}.get(best, "nothing"),
    }


# ---------------------------------------------------------------- 10 and 11: from SWOT to a target group


@exercise(
    "3b.10",
    minutes=3,
    kind="fill",
    hints=[
        "Two questions for each statement. Is it about what *we* do, or about what customers and their market do? And is it good or bad for us?",
        "What we do: strength or weakness. What customers and their market do: opportunity or threat.",
    ],
    covers=["S68"],
    means="Each line has its number beside it. A line without a number is an opinion, and may stay one, but says so.",
)
def swot_kinds(swot):
    """The kind of each statement, in their order: strength, weakness, opportunity or threat."""
    return [one.kind for one in swot]


@swot_kinds.mistake("Inside and outside are swapped: strengths and weaknesses are ours, opportunities and threats come from customers and their market.")
def _(swot):
    other = {"strength": "opportunity", "weakness": "threat", "opportunity": "strength", "threat": "weakness"}
    return [other[one.kind] for one in swot]


@swot_kinds.mistake("Good and bad are swapped. Read both numbers of each statement: which way does it go?")
def _(swot):
    other = {"strength": "weakness", "weakness": "strength", "opportunity": "threat", "threat": "opportunity"}
    return [other[one.kind] for one in swot]


@exercise(
    "3b.11",
    minutes=2,
    kind="judge",
    covers=["S68"],
    options={
        "stake": Option(
            "With the group where most is at stake",
            "Yes. In *{stake}* most is at stake ({stake_money} a year), and after reach and answers most remains there, too.",
            "Most is at stake in *{stake}* ({stake_money} a year), but {stake_reach} of 100 there can be reached and {stake_answer} ordered "
            "lately, so {stake_score} remains. {instead}",
        ),
        "reach": Option(
            "With another group: less is at stake there, but more of it is within reach",
            "Yes. Most is at stake in *{stake}*, but of 100 customers there {stake_answer} ordered lately. In *{best}* {best_answer} did, so {best_score} a year "
            "is within reach there against {stake_score}.",
            "{instead}",
        ),
        "alike": Option(
            "With all groups alike",
            "Yes. The two best groups are nearly level ({best_score} and {second_score} a year), so nothing is lost by treating them alike.",
            "One group stands out: in *{best}* {best_score} a year is within reach, in the next one {second_score}. {instead}",
        ),
    },
    means="The rule (at stake, times reachable, times still ordering) is ours. Write down yours before you see the numbers.",
)
def which_group_first(scores):
    """You can look after one group properly this quarter. With which one do you begin?"""
    return targets.where_to_begin(scores)


@which_group_first.facts
def _(scores, code):
    best, most = scores.iloc[0], scores.loc[scores["at_stake_minor"].idxmax()]
    second = scores.iloc[min(1, len(scores) - 1)]
    key = targets.where_to_begin(scores)
    return {
        "best": best["group"],
        "best_answer": round(100 * best["answering"]),
        "best_score": words.money(best["score_minor"], code=code),
        "second_score": words.money(second["score_minor"], code=code),
        "stake": most["group"],
        "stake_money": words.money(most["at_stake_minor"], code=code),
        "stake_reach": round(100 * most["reachable"]),
        "stake_answer": round(100 * most["answering"]),
        "stake_score": words.money(most["score_minor"], code=code),
        "instead": {
            "stake": "Most is at stake and most is within reach in the same group: begin there.",
            "reach": f"Most is within reach in another group: {best['group']}.",
            "alike": "The two best groups are nearly level here, so treat them alike.",
        }[key],
    }


def where_stuck(orders, known_customers, as_of, rules):
    """The rung from which the smallest share climbs: the right option of a quiz question."""
    found = ladder.climbing(orders, known_customers, as_of=as_of, rules=rules)
    rung = ladder.stuck_rung(found) if not isinstance(found, Withheld) else ""
    if not rung:
        raise DataError("The export is too short to see where customers get stuck.")
    return rung


# ---------------------------------------------------------------- made once, when an exercise needs it


def _habits_found(orders, as_of, window_days, min_order_days):
    return behaviour.behaviour(orders, as_of=as_of, window_days=window_days, min_order_days=min_order_days)


def _tried(habits_found, orders):
    return groups.trials(habits_found, orders)


def _chosen(tried):
    """The number of groups; 0 where none is found, so that a judgement can say so."""
    number = groups.number_of_groups(tried)
    return 0 if isinstance(number, Withheld) else number


def _found(habits_found, chosen):
    return groups.groups_of(habits_found, chosen or NO_GROUPS)


def _drawn(found):
    return groups.drawn_again(found)


def _wave(answers_given, orders, as_of):
    return surveys.latest_wave(answers_given, orders, as_of=as_of)


def _both_ways(wave, orders, known_customers, as_of, window_days, min_order_days, rules):
    return surveys.classes_then(
        wave, orders, known_customers, as_of=as_of, window_days=window_days, min_order_days=min_order_days, rules=rules
    )


def _comparison(both_ways, asked):
    return surveys.compare_schemes(both_ways, asked=asked)


def _errors(wave):
    return surveys.errors_by_mode(wave)


def _furthest(errors):
    plain = errors[~errors["weighted"]]
    return str(plain.loc[plain["error"].abs().idxmax(), "mode"])


def _swot(orders, known_customers, answers_given, as_of, rules):
    stands = ladder.ladder(orders, known_customers, as_of=as_of, rules=rules)
    climb = ladder.climbing(orders, known_customers, as_of=as_of, rules=rules)
    found = targets.statements(
        orders, as_of=as_of, ladder=stands, climbing=climb, wave=surveys.latest_wave(answers_given, orders, as_of=as_of)
    )
    return found or Withheld("Strengths and weaknesses", "The export is too short to compare anything with the year before.")


def _scores(found, orders, known_customers, as_of):
    return targets.target_scores(found, orders, known_customers, as_of=as_of)
