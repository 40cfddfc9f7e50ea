"""The exercises of lesson 04: who sleeps, how deep, why, and what waking is worth.

Each is a function that works out the right answer from the lesson's data, with
the ways in which people go wrong below it. `inputs` gives them the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from helpers import words
from helpers.data.company import Company
from helpers.dormancy import ranking as scores
from helpers.dormancy import reasons, rhythm, states, waking
from helpers.dormancy.figures import arm_name
from helpers.dormancy.waking import HOLD_OUT
from helpers.teaching import Option, exercise
from helpers.withheld import Withheld

LIFT = 0.05


def inputs(company: Company, *, as_of: date, window_days: int = 90) -> Mapping[str, Any]:
    """What the exercises are worked out from, by name.

    Parameters
    ----------
    company : Company
    as_of : date
    window_days : int
        Days after a snapshot in which an order counts as coming back.

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    return {
        "orders": company.orders,
        "products": company.products,
        "contacts": company.contacts,
        "campaigns": company.campaigns,
        "assignments": company.assignments,
        "code": company.currency,
        "as_of": as_of,
        "window_days": window_days,
        "days": lambda orders, products, as_of: rhythm.visits(orders, products, as_of=as_of),
        "table": lambda days, as_of: rhythm.gaps(days, as_of=as_of),
        "two": _two,
        "waits": plain_waits,
        "last_start": pd.Timestamp(as_of) - pd.Timedelta(days=90),
        "habit": lambda table, two: rhythm.rhythm(table, two_clocks=two),
        "rhythms": plain_rhythms,
        "past": lambda days, as_of, window_days, two: states.snapshot(
            days, as_of=as_of, window_days=window_days, two_clocks=two
        ),
        "rates": lambda past: states.wake_rates(past),
        "table_of_silence": lambda past: states.life_table(past),
        "half_year": _half_year,
        "ranked": lambda days, as_of, window_days, two: scores.compare(
            days, as_of=as_of, window_days=window_days, two_clocks=two
        ),
        "ranked_facts": _ranked_facts,
        "remedy": _remedy,
        "tried": lambda campaigns, assignments, orders, as_of: waking.last_trial(campaigns, assignments, orders, as_of=as_of),
        "trial": plain_trial,
        "judged": lambda tried: waking.judge(tried),
        "way": _way,
        "base_rate": _base_rate,
        "need": lambda base_rate: waking.design(base_rate, LIFT).per_arm,
        "need_half": lambda base_rate: waking.design(base_rate, LIFT / 2).per_arm,
    }


def plain_waits(table: pd.DataFrame) -> pd.DataFrame:
    """Waits as an exercise shows them: `customer_id`, `began` (day), `days`, `ended` (False: still open)."""
    return pd.DataFrame(
        {
            "customer_id": table["customer_id"].astype("str"),
            "began": pd.Timestamp("1970-01-01") + pd.to_timedelta(table["day"], unit="D"),
            "days": table["gap_days"].astype("int64"),
            "ended": table["closed"],
        }
    ).reset_index(drop=True)


def plain_rhythms(habit: rhythm.Rhythm) -> pd.DataFrame:
    """Everybody's silence and expected wait in days: `customer_id`, `order_days`, `silent`, `expected` (one digit)."""
    table = habit.customers
    return pd.DataFrame(
        {
            "customer_id": table["customer_id"],
            "order_days": table["order_days"],
            "silent": table["silent_days"].astype("int64"),
            "expected": table["expected_gap_days"].round(1),
        }
    )


def plain_trial(tried: waking.Trial, code: str) -> pd.DataFrame:
    """The campaign as an exercise shows it: `customer_id`, `arm`, `woke`, `cost` in the main unit of money."""
    from helpers.money import in_major_units

    people = tried.people
    return people[["customer_id", "arm", "woke"]].assign(cost=in_major_units(people["cost_minor"], code=code))


# ---------------------------------------------------------------- silence


@exercise(
    "4.1",
    minutes=2,
    kind="predict",
    within=4,
    hints=[
        "Think of a shop that you used to visit and have not seen for half a year. Of 100 people like you, how many go there within the next three months, if nobody asks them?",
        "Of customers who ordered within the last month, a third to a half come in the next quarter. After half a year it must be fewer.",
    ],
    covers=["S71", "S72"],
    means="So many come of themselves. A campaign that counts them as its own success praises itself for nothing.",
)
def who_comes_anyway(half_year):
    """Of 100 customers who had been silent for six to nine months, how many ordered in the window that followed, without being asked?"""
    return 100 * half_year[1] / half_year[0]


@who_comes_anyway.mistake(
    "Nobody would mean that half a year of silence is the end. Some come of themselves: look at the bars below."
)
def _():
    return 0


@who_comes_anyway.mistake("That is how many come who had been silent for less than a month. Half a year is another story.")
def _(table_of_silence):
    return 100 * float(table_of_silence["rate"].iloc[0])


@exercise(
    "4.2",
    minutes=5,
    kind="fill",
    spreadsheet=True,
    digits=2,
    hints=[
        "A wait that began fewer than 90 days ago cannot be judged yet: `old_enough` leaves it out.",
        "A wait is over within 90 days if it has ended *and* took 90 days or fewer. Two conditions, each in brackets, joined with `&`.",
        '`(old_enough["ended"] & (old_enough["days"] <= 90)).mean()`',
    ],
    covers=["S72"],
    means="Waits that are still open count as what they are: not over. That is the whole secret of the blue curve.",
)
def over_within_90(waits, as_of):
    """Of the waits that began 90 days or more before the report date: what share was over within 90 days?"""
    old_enough = waits[waits["began"] <= pd.Timestamp(as_of) - pd.Timedelta(days=90)]
    return float((old_enough["ended"] & (old_enough["days"] <= 90)).mean())


@over_within_90.mistake(
    "You looked at waits that ended, and no others. Those who have not come back are missing, and they are the question."
)
def _(waits, as_of):
    old_enough = waits[waits["began"] <= pd.Timestamp(as_of) - pd.Timedelta(days=90)]
    return float((old_enough.loc[old_enough["ended"], "days"] <= 90).mean())


@over_within_90.mistake(
    "You took the waits that began last month, too. They had no time to end within 90 days, and pull the share down."
)
def _(waits):
    return float((waits["ended"] & (waits["days"] <= 90)).mean())


@over_within_90.mistake("You counted waits that are still open after fewer than 90 days, as if they were over.")
def _(waits):
    return float((waits["days"] <= 90).mean())


@exercise(
    "4.3",
    minutes=4,
    kind="fill",
    hints=[
        "How many times as long as expected has this customer been silent? Silence stands above the line, the expected wait below.",
        'Divide `rhythms["silent"]` by a column of the same table.',
    ],
    covers=["S72", "S73"],
    means="The same silence of 120 days is nothing to one customer and an alarm for another. This number says which.",
)
def relative_silence(rhythms):
    """For each customer: the silence as a multiple of the expected wait."""
    return rhythms["silent"] / rhythms["expected"]


@relative_silence.mistake("It is the wrong way round: a long silence should give a large number.")
def _(rhythms):
    return rhythms["expected"] / rhythms["silent"].clip(lower=1)


@relative_silence.mistake("That divides by the same wait for everybody. Then it is one number of days again, in disguise.")
def _(rhythms):
    return rhythms["silent"] / rhythms["expected"].mean()


@relative_silence.in_a_spreadsheet("the mean over all customers", digits=2)
def _(column):
    return column.mean()


@exercise(
    "4.4",
    minutes=4,
    spreadsheet=True,
    digits=0,
    hints=[
        "Asleep begins above 3 and ends at 6; a silence of exactly 3 times still is half-asleep.",
        "Work out `silent / expected` for everybody, and count where it is above 3 and not above 6.",
        '`relative.between(3, 6, inclusive="right").sum()`',
    ],
    covers=["S72"],
    means="These are the asleep (沉睡客户). Beyond 6 times we call them gone, which is a word for the list and not a verdict on a person.",
)
def how_many_asleep(rhythms):
    """How many customers are asleep: silent for more than 3 times and at most 6 times their expected wait?"""
    relative = rhythms["silent"] / rhythms["expected"]
    return int(((relative > 3) & (relative <= 6)).sum())


@how_many_asleep.mistake("You counted the gone, too. Asleep ends at 6 times the expected wait.")
def _(rhythms):
    return int((rhythms["silent"] / rhythms["expected"] > 3).sum())


@how_many_asleep.mistake("These are the half-asleep, from 1.5 to 3 times. The question is about the next state.")
def _(rhythms):
    relative = rhythms["silent"] / rhythms["expected"]
    return int(((relative > 1.5) & (relative <= 3)).sum())


@how_many_asleep.mistake(
    "You used one number of days, 180 to 365, for everybody. Each customer has a wait of their own: `expected`."
)
def _(rhythms):
    return int(rhythms["silent"].between(181, 365).sum())


@exercise(
    "4.5",
    minutes=2,
    kind="judge",
    covers=["S73"],
    options={
        "plain": Option(
            "Days since the last order, the fewest first",
            "Yes. It puts {plain} of 100 pairs in the right order, and nothing had beaten it beforehand. Keep the plain rule.",
            "The plain rule puts {plain} of 100 pairs in the right order; {chosen}, chosen beforehand, {best}.",
        ),
        "expected": Option(
            "Purchases that a model expects of each customer",
            "Yes. {expected} of 100 pairs in the right order, against {plain} for the days since the last order; and it was chosen before this window began.",
            "Here it gets {expected} of 100 pairs right, the days since the last order {plain}. It had not earned its place beforehand: keep the plain rule.",
        ),
        "alive": Option(
            "The chance of being “alive”, by the best known model (BG/NBD)",
            "Here it does rank best: {alive} of 100 pairs.",
            "It gets {alive} of 100 pairs right. For whoever ordered once the chance is 1 by construction, so all of them come out on top.",
        ),
    },
    means="A score is good if those who came stood above those who did not, on a window that it had not seen.",
)
def rank_by(ranked_facts):
    """Next quarter's letter goes to those who are likeliest to order. By which score do you sort the customers?"""
    return ranked_facts["key"]


@rank_by.facts
def _(ranked_facts):
    return ranked_facts


# ---------------------------------------------------------------- reasons


@exercise(
    "4.6",
    minutes=2,
    kind="judge",
    covers=["S74"],
    options={
        "place": Option(
            "Place: have the goods, and tell those who missed them",
            "Yes. {what} was out of stock; of 100 users {users} have been silent since, of 100 others {others}. The reason is *inconvenient*, the lever is place, and it is ours.",
            "No product that is used up was missing and left its users silent, so there is nothing to bring back. {instead}",
        ),
        "price": Option(
            "Price: money off for everybody who sleeps",
            "Returns and bills did come before the silence more often than among the awake: *poor value*. {instead}",
            "Nothing points to the price. {instead}",
        ),
        "promotion": Option(
            "Promotion: train those who talk with customers, and say sorry",
            "Yes. {instead}",
            "Rude service and broken promises were no more frequent before a silence than among the awake. {instead}",
        ),
        "ask": Option(
            "None yet: ask ten sleepers why",
            "Yes. {instead} Most of the seven reasons leave no trace in orders.",
            "Asking is always right, but here the data already name one cause: {instead}",
        ),
    },
    means="The remedy follows the reason, not the habit. Money off is an answer to one reason of seven.",
)
def which_remedy(remedy):
    """The owner wants to send a discount to all sleepers. Which of the four Ps do you pull first?"""
    return remedy["key"]


@which_remedy.facts
def _(remedy):
    return remedy


# ---------------------------------------------------------------- the campaign


@exercise(
    "4.7",
    minutes=2,
    kind="predict",
    within=0.6,
    spreadsheet=True,
    hints=[
        "Half the effect is harder to see. Twice the customers will not do: luck shrinks with the root of their number.",
        "To see half as much, luck must be half as large. The root of which number is 2?",
    ],
    covers=["S71"],
    means="A small effect is dear to see. So decide first which effect would matter, and do not test for less.",
)
def times_as_many(need, need_half):
    """How many times as many customers do you need to see half the effect?"""
    return need_half / need


@times_as_many.mistake("Twice as many halve the luck only by a third or so: it shrinks with the root of their number.")
def _():
    return 2


@times_as_many.mistake("With as many as before, half the effect drowns in luck.")
def _():
    return 1


@exercise(
    "4.8",
    minutes=5,
    spreadsheet=True,
    digits=1,
    hints=[
        "Two shares: of the customers with the arm `call`, and of those with the arm `hold_out`. The answer is their difference, times 100.",
        '`trial.loc[trial["arm"] == "call", "woke"].mean()` is the first of them.',
        "In a spreadsheet: AVERAGEIF over each arm, with woke as 1 and 0.",
    ],
    covers=["S71"],
    means="Only this difference is what the calls caused. The rest of those who came would have come to a silent telephone.",
)
def woken_by_the_call(trial):
    """Of 100 customers called, how many more ordered than of 100 left alone?"""
    share = trial.groupby("arm")["woke"].mean()
    return 100 * (share["call"] - share[HOLD_OUT])


@woken_by_the_call.mistake(
    "That is the share of the called who ordered. Some of them would have come anyway: take off the share of the hold-out."
)
def _(trial):
    return 100 * trial.loc[trial["arm"] == "call", "woke"].mean()


@woken_by_the_call.mistake(
    "You compared with all the others. Those who got a coupon or a reminder were asked, too: compare with `hold_out` alone."
)
def _(trial):
    return 100 * (trial.loc[trial["arm"] == "call", "woke"].mean() - trial.loc[trial["arm"] != "call", "woke"].mean())


@exercise(
    "4.9",
    minutes=5,
    spreadsheet=True,
    digits=0,
    hints=[
        "How many of the called came because of the call? So many of 100, as in 4.8, of all that were called.",
        "Then divide what all the calls cost by that number.",
        '`called = trial[trial["arm"] == "call"]`, then `called["cost"].sum() / (len(called) * extra / 100)`.',
    ],
    covers=["S71"],
    means="This is the price of one waking. Hold it against what a woken customer leaves in a quarter, not against the price of one call.",
)
def cost_of_a_waking(trial):
    """What did the calls cost for each customer who came because of them, in the main unit of money?"""
    called = trial[trial["arm"] == "call"]
    extra = called["woke"].mean() - trial.loc[trial["arm"] == HOLD_OUT, "woke"].mean()
    return called["cost"].sum() / (len(called) * extra)


@cost_of_a_waking.mistake("You divided by all called customers who came. Some came anyway and were not woken by anything.")
def _(trial):
    called = trial[trial["arm"] == "call"]
    return called["cost"].sum() / called["woke"].sum()


@cost_of_a_waking.mistake("That is what one call costs. Most calls wake nobody, and the woken must pay for all of them.")
def _(trial):
    called = trial[trial["arm"] == "call"]
    return called["cost"].sum() / len(called)


@exercise(
    "4.10",
    minutes=2,
    kind="judge",
    covers=["S71", "S74"],
    options={
        "call": Option("The call", "Yes. {call}", "Not here. {call}"),
        "coupon": Option("The coupon", "Yes. {coupon}", "{coupon}"),
        "reminder": Option("The quiet reminder", "Yes. {reminder}", "{reminder}"),
        "none": Option(
            "None of them: first find out why they sleep",
            "Yes. No way of waking showed an effect beyond chance, so another round would be another guess.",
            "One of them did show an effect beyond chance: {instead}",
        ),
    },
    means="The arm with most comers is not the arm that woke most, and the cheapest contact is not the cheapest waking.",
)
def way_to_wake(way):
    """You may repeat one arm of the campaign this month. Which one?"""
    return way["key"]


@way_to_wake.facts
def _(way):
    return way


# ---------------------------------------------------------------- what the exercises build on


def _two(table):
    found = rhythm.clocks(table)
    return isinstance(found, rhythm.Clocks) and found.two


def _half_year(past):
    rows = past.customers[past.customers["silent_days"].between(180, 269)]
    if len(rows) < states.LEAST_IN_A_STATE:
        return Withheld(
            "Silent for half a year",
            f"Only {words.count(len(rows), 'customer')} had been silent for six to nine months at the snapshot.",
        )
    return len(rows), int(rows["came"].sum())


def _base_rate(rates, campaigns, assignments, orders, as_of):
    judged = waking.judge(waking.last_trial(campaigns, assignments, orders, as_of=as_of))
    if isinstance(judged, waking.Verdict):
        return judged.base_rate
    table = rates.set_index("state")
    both = table.loc[["half-asleep", "asleep"], ["customers", "came"]].sum()
    return float(both["came"] / both["customers"]) if both["customers"] else 0.1


def _ranked_facts(ranked):
    table = ranked.table.set_index("score")["auc"]

    def of_100(name):
        return f"{100 * table[name]:.0f}" if name in table.index else "an unknown number"

    key = {scores.PLAIN: "plain", scores.EXPECTED: "expected"}.get(ranked.chosen, "plain")
    return {
        "key": key,
        "chosen": ranked.chosen,
        "plain": of_100(scores.PLAIN),
        "expected": of_100(scores.EXPECTED),
        "alive": of_100(scores.ALIVE_BG),
        "best": f"{100 * table[ranked.chosen]:.0f}",
    }


def _remedy(products, table, two, contacts, orders, as_of):
    stock_outs = reasons.stock_outs(orders, products, as_of=as_of)
    if isinstance(stock_outs, reasons.StockOuts) and not stock_outs.found.empty:
        row = stock_outs.found.iloc[0]
        what = str(row["name"])
        return {
            "key": "place",
            "what": what,
            "users": round(100 * row["users_silent"] / row["users"]),
            "others": round(100 * row["others_silent"] / row["others"]),
            "instead": f"{what} was out of stock, and those who used it fell silent; begin there.",
        }
    habit = rhythm.rhythm(table, two_clocks=two)
    if isinstance(habit, Withheld):
        return habit
    found = reasons.signs(states.with_states(habit.customers), contacts, orders, as_of=as_of)
    facts = {"what": "Nothing", "users": 0, "others": 0}
    if isinstance(found, pd.DataFrame):
        more = found[(found["p_corrected"] < 0.05) & (found["difference"] > 0)]
        if len(more):
            code = more["code"].iloc[0]
            lever = reasons.REASONS[code][4]
            key = lever if lever in ("price", "promotion") else "ask"
            return facts | {
                "key": key,
                "instead": f"Before the silence one sign was more frequent than among the awake: {reasons.REASONS[code][0].lower()}.",
            }
    return facts | {"key": "ask", "instead": "No sign in these data came before the silence more often than among the awake."}


def _way(judged, code):
    facts = {}
    for row in judged.table.itertuples():
        name = arm_name(row.arm)
        facts[row.arm] = (
            (
                f"Of 100 asked by {name}, {100 * row.difference:.0f} more came than of those left alone ({100 * row.low:.0f} to {100 * row.high:.0f}); "
                f"for each customer asked it left {words.money(row.left_minor, code=code)} after its contacts."
            )
            .replace(" -", " −")
            .replace("(-", "(−")
        )
    for name in ("call", "coupon", "reminder"):
        facts.setdefault(name, "The campaign had no such arm.")
    best = judged.proven
    # Of those that wake beyond chance, the one that leaves most for each customer asked.
    table = judged.table.set_index("arm")
    key = max(best, key=lambda arm: table.loc[arm, "left_minor"]) if best else "none"
    return facts | {"key": key if key in ("call", "coupon", "reminder", "none") else "none", "instead": facts.get(key, "")}
