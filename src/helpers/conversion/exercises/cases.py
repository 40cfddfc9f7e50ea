"""The exercises of the casebook of conversion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.conversion import case_findings, case_worlds, cases
from helpers.data.company import Company
from helpers.teaching import Card, Option, exercise, sorting


def inputs(company: Company | None = None, *, world: str = "first") -> Mapping[str, Any]:
    """What the exercises of all cases are worked out from, by name.

    Parameters
    ----------
    company : Company
        Not used: the cases calculate with invented numbers.
    world : str
        A key of `case_worlds.WORLDS`.

    Returns
    -------
    dict of str to a value
    """
    one = case_worlds.world(world)
    return {
        "office": one.office,
        "agent": one.agent,
        "showroom": one.showroom,
        "counter": one.counter,
        "log": cases.by_topic(one.counter)[["topic", "raised", "found", "minded"]],
        "cold": one.cold,
        "coats": one.coats,
    }


# ---------------------------------------------------------------- C29


@exercise(
    "C29.1",
    minutes=3,
    spreadsheet=True,
    digits=2,
    covers=["S84"],
    hints=["70 orders took one visit each, 23 two, 7 three.", "Add up the visits and divide by 100 orders."],
    means="So few visits for each order that was made. The visits to people who never ordered are not in it.",
)
def visits_an_order(office):
    """How many visits did an order take on average, if the rest came at the third?"""
    return sum(number * closed for number, closed in enumerate(office.closed, start=1)) / sum(office.closed)


@visits_an_order.mistake("That is the mean of 1, 2 and 3. They are not equally frequent: weigh each by its orders.")
def _(office):
    return 2.0


@visits_an_order.mistake("You left out the orders of the third visit. They took three visits each.")
def _(office):
    return (office.closed[0] + 2 * office.closed[1]) / sum(office.closed)


@visits_an_order.mistake("You divided by the orders of the first visit. All 100 orders belong below the line.")
def _(office):
    return sum(number * closed for number, closed in enumerate(office.closed, start=1)) / office.closed[0]


@exercise(
    "C29.2",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S84"],
    hints=["How many orders were still to come after the first visit?", "23 of those."],
    means="It looks as if the second visit were the great moment. It is a share among those who ordered in the end; nobody knows it beforehand.",
)
def second_of_the_rest(office):
    """Of 100 orders that did not come at the first visit, how many came at the second?"""
    return 100 * office.closed[1] / sum(office.closed[1:])


@second_of_the_rest.mistake("That is its share of all orders. Those of the first visit are no longer open.")
def _(office):
    return 100 * office.closed[1] / sum(office.closed)


@second_of_the_rest.mistake("Those are the orders that came later still.")
def _(office):
    return 100 * office.closed[2] / sum(office.closed[1:])


@exercise(
    "C29.3",
    minutes=2,
    kind="predict",
    spreadsheet=True,
    digits=1,
    within=2,
    covers=["S84"],
    hints=["Success is orders over visits, not over all orders.", "The orders of third visits, over the third visits that were made; times 100."],
    means="The visit that brings fewest orders can be the one that succeeds most often, because so few were made.",
)
def third_succeeds(office):
    """Of 100 third visits, how many end in an order? A guess within 2 counts."""
    return 100 * office.closed[2] / office.visits[2]


@third_succeeds.mistake("That is the share of the orders. Ask how many third visits there were.")
def _(office):
    return 100.0 * office.closed[2] / sum(office.closed)


@third_succeeds.mistake("You divided by the first visits. A third visit can only succeed where one was made.")
def _(office):
    return 100 * office.closed[2] / office.visits[0]


@exercise(
    "C29.4",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S84"],
    hints=["So often it succeeds, times what an order leaves.", "Then take off what the visit costs."],
    means="That, and not the 7 of 100, says whether to go a third time; as long as the people visited are of the same kind.",
)
def third_leaves(office):
    """What does a third visit leave on average, in yuan?"""
    return office.closed[2] / office.visits[2] * office.margin - office.cost


@third_leaves.mistake("You took its share of the orders for its success: divide its orders by the third visits that were made.")
def _(office):
    return office.closed[2] / sum(office.closed) * office.margin - office.cost


@third_leaves.mistake("The visit has to be paid for, too.")
def _(office):
    return office.closed[2] / office.visits[2] * office.margin


@sorting(
    "C29.5",
    minutes=3,
    covers=["S84"],
    piles={"share": "A share of the orders", "success": "A success of visits", "neither": "Neither can be said from it"},
    cards={
        "seventy": Card("“70 of 100 orders came at the first meeting”", "share", "Below the line stand orders."),
        "fifth": Card("“80 of 100 orders come after the fifth contact”", "share", "A share again, and one that is widely traced as invented.",
            {"success": "It is told as if contacts worked. Below the line stand orders, not contacts."}),
        "region": Card("“Half of our new contracts came from the north”", "share", "And how many visits were made there?"),
        "twenty": Card("“Of 20 third visits, 7 ended in an order”", "success", "Below the line stand visits."),
        "shop": Card("“Of 400 who came into the shop, 60 bought on that day”", "success", "Below the line stand visitors."),
        "call": Card("“One call in nine led to a meeting”", "success", "Below the line stand calls."),
        "one_more": Card("“One more visit to each would bring 7 more of 100”", "neither", "Those who got one were chosen. Only a lot would tell.",
            {"success": "It uses a success among the chosen for those who were not chosen."}),
        "never": Card("“Who has not ordered after two visits never will”", "neither", "Nobody went a third time to find out."),
    },
    hints=["What stands below the line: orders, or visits? And were those who got the visit chosen by somebody?"],
    means="Ask of each percentage: *of what?*",
)  # fmt: skip
def share_or_success():
    """What does each sentence give?"""


_OFFICE = "A first visit leaves {first}, a second {second}, a third {third}."


@exercise(
    "C29.6",
    minutes=2,
    kind="judge",
    covers=["S84"],
    options={
        "one": Option("Stop after the first visit", f"Yes: {_OFFICE}", f"Not here: {_OFFICE}"),
        "two": Option("Stop after the second visit", f"Yes: {_OFFICE} So many third visits were made that hardly any succeeds.", f"Not here: {_OFFICE}"),
        "three": Option("Go a third time, too", f"Yes: {_OFFICE} To those who are like those visited so far, and by lot at first.", f"Not here: {_OFFICE}"),
    },
    means="The shares are the same in every world: 70, 23 and 7. What decides is how many visits stand behind them.",
)
def how_many_visits(office):
    """After which visit should the office stop?"""
    return cases.last_visit(office)


@how_many_visits.facts
def _(office):
    return case_findings.office_facts(office)


# ---------------------------------------------------------------- C27


@exercise(
    "C27.1",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S93"],
    hints=["Eight hours go to each prospect, also to those who do not buy.", "Hours for each prospect, over the share who buy."],
    means="A week and more for one sale: the hours spent on those who do not buy belong to it.",
)
def hours_for_a_sale(agent):
    """How many hours does a sale take, if the agent does everything?"""
    return cases.hours_a_sale(agent, "all")


@hours_for_a_sale.mistake("Those are the hours for a prospect. Most prospects do not buy, and their hours count, too.")
def _(agent):
    return agent.hours["all"]


@hours_for_a_sale.mistake("That is with viewings and papers alone.")
def _(agent):
    return cases.hours_a_sale(agent, "core")


@exercise(
    "C27.2",
    minutes=2,
    kind="judge",
    covers=["S93"],
    options={
        "core": Option(
            "Viewings and papers, done well",
            "Yes: {core} a prospect, against {crafts} and {all}.",
            "It leaves {core} a prospect; with the class {crafts}, with all of it {all}.",
        ),
        "crafts": Option(
            "And the class for children",
            "Yes: {crafts} a prospect, against {core} without it and {all} with family matters, too.",
            "It leaves {crafts} a prospect; without it {core}, with all of it {all}.",
        ),
        "all": Option(
            "And help in family matters",
            "By the account, yes: {all} a prospect, against {crafts} and {core}. Whether it is an agent's business is another question.",
            "It leaves {all} a prospect; the class alone {crafts}, viewings and papers {core}.",
        ),
    },
    means="What suits depends on what a sale brings. Where help ends is not in the account.",
)
def way_of_the_agent(agent):
    """How far should the agent go?"""
    return cases.best_way(agent)


@way_of_the_agent.facts
def _(agent):
    return case_findings.agent_facts(agent)


# ---------------------------------------------------------------- C31


@exercise(
    "C31.1",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S90"],
    hints=[
        "First the close about the own make: 0.30 times (0.40 times 9,000, less 200).",
        "The other close has to leave as much: divide by its share who come back, add the talk, divide by 9,000.",
    ],
    means="More people to talk with, and fewer of them buy. The offer pays as long as more than this share does.",
)
def share_needed(showroom):
    """With advice on other makes: of 100 who come back, how many must buy, so that it leaves as much?"""
    return 100 * cases.buys_needed(showroom)


@share_needed.mistake("You left out the cost of the talks. More come back, so there are more of them.")
def _(showroom):
    return 100 * showroom.back_own * showroom.buys_own / showroom.back_advice


@share_needed.mistake("That is the share who buy after the other close. Here more come back, so fewer need to buy.")
def _(showroom):
    return 100 * showroom.buys_own


@exercise(
    "C31.2",
    minutes=2,
    kind="judge",
    covers=["S90"],
    options={
        "advice": Option(
            "Offer it, and mean it",
            "Yes: {advice} a visitor, against {own}; it needs {needs} and has {has}.",
            "Here it brings hardly anybody back: {advice} a visitor, against {own}. Offer it if you would anyway, and know what it costs.",
        ),
        "own": Option(
            "Speak of the own make alone",
            "By the account, yes: {own} a visitor, against {advice}; the offer would need {needs} and has {has}.",
            "It leaves {own} a visitor; with the offer {advice}, which needs {needs} and has {has}.",
        ),
    },
    means="The offer is a neutral expression with a bill. It works only if the advice is real.",
)
def advise_or_not(showroom):
    """Should the close offer advice on other makes?"""
    return "advice" if cases.left_advice(showroom) > cases.left_own(showroom) else "own"


@advise_or_not.facts
def _(showroom):
    return case_findings.showroom_facts(showroom)


# ---------------------------------------------------------------- C33


@exercise(
    "C33.1",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S89"],
    hints=["Take the row of *family*.", "Needs found, over the talks in which it was raised, times 100."],
    means="Half of the talks about the family found a need. A quarter of the customers minded being asked.",
)
def family_finds(log):
    """Of 100 talks in which the family was raised, in how many was a need found?"""
    row = log.set_index("topic").loc["family"]
    return 100 * row["found"] / row["raised"]


@family_finds.mistake("That is its share of all needs that were found. How often was it raised?")
def _(log):
    return 100 * log.set_index("topic").loc["family", "found"] / log["found"].sum()


@family_finds.mistake("You divided by all talks, also those in which it was not raised.")
def _(log):
    return 100 * log.set_index("topic").loc["family", "found"] / log["raised"].sum()


@family_finds.mistake("Those are the customers who minded.")
def _(log):
    row = log.set_index("topic").loc["family"]
    return 100 * row["minded"] / row["raised"]


def _topic(key: str, text: str) -> Option:
    return Option(
        text,
        f"Yes: {{{key}}}. No other topic that at most {{most}} mind leads to a need more often.",
        f"Look again: {{{key}}}. First those that at most {{most}} mind, then the one that finds most.",
    )


@exercise(
    "C33.2",
    minutes=2,
    kind="judge",
    covers=["S89"],
    options={
        "family": _topic("family", "Family (家庭)"),
        "occupation": _topic("occupation", "Occupation (职业)"),
        "recreation": _topic("recreation", "Recreation (娱乐)"),
        "message": _topic("message", "Message: news (讯息)"),
    },
    means="The topic that finds most may be the one that people mind. A log has to have a column for that.",
)
def first_topic(counter):
    """With which topic should first talks begin, if at most 10 of 100 customers may mind?"""
    return cases.best_topic(counter)


@first_topic.facts
def _(counter):
    return case_findings.topic_facts(counter)


# ---------------------------------------------------------------- C34


@exercise(
    "C34.1",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S85"],
    hints=["A call has to pass all four gates.", "Multiply the four shares, and then by 100."],
    means="So many talks stand behind a list of a hundred numbers. All others were disturbed for nothing.",
)
def talks_in_100(cold):
    """Of 100 numbers that are dialled, how many become a talk?"""
    return cases.talks_of(cold)


@talks_in_100.mistake("That is the last gate alone. A call has to come through the three before it.")
def _(cold):
    return 100 * cold.shares[-1]


@talks_in_100.mistake("You left out the first gate: many do not pick up.")
def _(cold):
    return cases.talks_of(cold) / cold.shares[0]


@talks_in_100.mistake("That is the mean of the four gates. They come one after another: multiply.")
def _(cold):
    return 100 * sum(cold.shares) / 4


_COLD = "As it is, 100 numbers leave {now}; with the name on the display {label}, with a better first sentence {first}, with a better question {interest}."


@exercise(
    "C34.2",
    minutes=2,
    kind="judge",
    covers=["S85"],
    options={
        "label": Option("The display: register the number with the firm's name", f"Yes. {_COLD}", f"Not this. {_COLD}"),
        "first": Option("The first five seconds: a better first sentence", f"Yes. {_COLD}", f"Not this. {_COLD}"),
        "interest": Option("The half minute: a better question", f"Yes. {_COLD}", f"Not this. {_COLD}"),
        "stop": Option(
            "None: stop ringing up strangers, and ring those who asked for it",
            f"Yes. {_COLD} Whatever is mended, it stays below zero.",
            f"By the account one of them pays. {_COLD} Whether it is lawful and decent is asked first.",
        ),
    },
    means="A gate is worth mending only if what comes through all of them pays for all the numbers that are dialled.",
)
def gate_to_mend(cold):
    """Which gate is mended first, if any?"""
    return cases.best_mending(cold)


@gate_to_mend.facts
def _(cold):
    return case_findings.cold_facts(cold)


# ---------------------------------------------------------------- C47


@exercise(
    "C47.1",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S94"],
    hints=[
        "Imagine 1,000 people who give advice. How many are qualified and wear a coat? How many wear one without being qualified?",
        "The first, over both together, times 100.",
    ],
    means="It hangs on how many wear a coat without having earned it, and on how few are qualified to begin with.",
)
def qualified_of_coats(coats):
    """Of 100 people in a white coat, how many are qualified?"""
    return 100 * cases.qualified_in_coats(coats)


@qualified_of_coats.mistake("That is the other way round: of the qualified, those who wear a coat.")
def _(coats):
    return 100 * coats.coat_if


@qualified_of_coats.mistake("Those are the qualified in a coat, of all people. Divide by all who wear one.")
def _(coats):
    return 100 * coats.qualified * coats.coat_if


@exercise(
    "C47.2",
    minutes=2,
    kind="judge",
    covers=["S94"],
    options={
        "coat": Option(
            "The coat is enough",
            "Yes, here: {share} of those in a coat are qualified, and {sure} were asked for. The licence may hang beside it all the same.",
            "Of those in a coat only {share} are qualified, and {sure} were asked for.",
        ),
        "licence": Option(
            "The licence on the wall, with a number that can be looked up",
            "Yes: of those in a coat only {share} are qualified, and {sure} were asked for.",
            "It does no harm. By the rule the coat is enough here: {share} of those who wear one are qualified, and {sure} were asked for.",
        ),
    },
    means="A sign of authority helps honest people only as long as others cannot put it on as easily.",
)
def coat_or_licence(coats):
    """What should the counter show?"""
    return "coat" if cases.qualified_in_coats(coats) >= coats.sure else "licence"


@coat_or_licence.facts
def _(coats):
    return case_findings.coat_facts(coats)
