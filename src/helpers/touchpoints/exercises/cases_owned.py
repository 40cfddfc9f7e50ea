"""The exercises of the cases about owning and answering (C05, C06); what they need is in `cases.inputs`."""

from __future__ import annotations

from helpers.teaching import Card, Option, exercise, sorting
from helpers.touchpoints import case_findings, cases, queues, scenes

# ---------------------------------------------------------------- C05


@exercise(
    "C05.1",
    minutes=2,
    spreadsheet=True,
    digits=1,
    covers=["S43"],
    hints=["Add the minutes of all four, and turn them into hours.", "60 minutes are an hour."],
    means="Four answers, none of them a solution; and the customer paid for the second dock, too.",
)
def hours_of_the_customer(dock_way):
    """How many hours did the customer spend until head office said no?"""
    return dock_way["minutes"].sum() / 60


@hours_of_the_customer.mistake("Those are minutes. The question is of hours.")
def _(dock_way):
    return float(dock_way["minutes"].sum())


@hours_of_the_customer.mistake("That is the mean of the four. He went through all of them: add them up.")
def _(dock_way):
    return dock_way["minutes"].mean() / 60


@exercise(
    "C05.2",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S43"],
    hints=[
        "What does a customer who stays leave in all the years?",
        "Times the share of those refused who leave, less the dock that was not handed out.",
    ],
    means="A refusal is cheap in the budget of the service point, and dear in one that nobody keeps.",
)
def refusal_costs_more(charger):
    """By how many yuan is a refusal dearer than a new dock, for each customer?"""
    return charger.leave_refused * charger.a_year * charger.years - charger.dock


@refusal_costs_more.mistake("You let all of those refused leave. Some stay.")
def _(charger):
    return charger.a_year * charger.years - charger.dock


@refusal_costs_more.mistake("That is one year only. A customer who leaves is missed in every year.")
def _(charger):
    return charger.leave_refused * charger.a_year - charger.dock


@refusal_costs_more.mistake("That is the whole cost of a refusal. How much *more* is it than a dock?")
def _(charger):
    return charger.leave_refused * charger.a_year * charger.years


@exercise(
    "C05.3",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S43"],
    hints=[
        "What does one listener cost on average: 2 of 100 stay away, and each would have left as much as he would have?",
        "Divide the cost of a dock by that.",
    ],
    means="He plays it wherever he goes. It takes one dinner.",
)
def listeners(charger, stays_away):
    """He plays the recording. If 2 of 100 listeners stay away, after how many has the story cost as much as a dock?"""
    return charger.dock / (stays_away * charger.a_year * charger.years)


@listeners.mistake("You took one year of a customer. A listener who stays away is missed in all of them.")
def _(charger, stays_away):
    return charger.dock / (stays_away * charger.a_year)


@listeners.mistake("You let every listener stay away. It is 2 of 100.")
def _(charger):
    return charger.dock / (charger.a_year * charger.years)


@sorting(
    "C05.4",
    minutes=3,
    covers=["S43"],
    piles={"step": "Ends it at this step", "next": "Needs one named next step", "lost": "Sends the customer away"},
    cards={
        "swap": Card("Service point 1: “Here is another one; we settle it with the maker.”", "step", "The customer is done."),
        "order": Card(
            "Service point 1: “Out of stock. I have ordered it; it is with you on Friday, and I ring you when it leaves.”",
            "next",
            "Named, dated, and nothing for the customer to do.",
        ),
        "elsewhere": Card(
            "Service point 1: “Out of stock. The other service point may have one.”",
            "lost",
            "The customer does the work, and *may* is no stock.",
            {
                "next": "It names a place and no person, and nobody has asked whether it has one. A phone call by the seller would make it a next step."
            },
        ),
        "courier": Card("Telephone: “You pay the courier? Then it goes out today; my name is Zhou.”", "next", "He had offered to pay."),
        "no_courier": Card("Telephone: “We have no such service.”", "lost", "True, and the end of it."),
        "sorry": Card(
            "Head office: “We understand your anger. After-sales is with a partner.”",
            "lost",
            "Understanding is no step.",
            {"next": "It sounds kind and names a partner. Who rings whom, and when?"},
        ),
        "money": Card(
            "Head office: “I send you the price of both docks today, and the partner will hear from me.”", "step", "Late, and settled."
        ),
    },
    hints=["After the sentence: has the customer got it, or a name and a day, or nothing?"],
    means="At each step one sentence would have ended it. None of them cost more than the price of a dock.",
)
def what_each_could_say():
    """What does each of these sentences do with the matter?"""


@exercise(
    "C05.5",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S43"],
    hints=[
        "A look for everybody; some leave while they wait; those whose dock was at fault get a new one; a few of the others leave when they are shown why.",
        "Cost of the look, plus 1 of 10 times a customer's value (or the share given), plus the share at fault times a dock, plus the rest times the share who leave.",
    ],
    means="A check is fair and it is not free: the look, the wait and the quarrel all have a price.",
)
def check_costs(charger):
    """What does “look first” cost for each dock, in yuan?"""
    return (
        charger.look
        + charger.leave_waiting * charger.value
        + (1 - charger.own_fault) * charger.dock
        + charger.own_fault * charger.leave_shown * charger.value
    )


@check_costs.mistake("You left out those who leave while they wait for the look.")
def _(charger):
    return charger.look + (1 - charger.own_fault) * charger.dock + charger.own_fault * charger.leave_shown * charger.value


@check_costs.mistake("You gave a dock to those who broke theirs, and none to the others. It is the other way round.")
def _(charger):
    return (
        charger.look
        + charger.leave_waiting * charger.value
        + charger.own_fault * charger.dock
        + (1 - charger.own_fault) * charger.leave_shown * charger.value
    )


@check_costs.mistake("You left out the look itself: it is paid for every dock.")
def _(charger):
    return (
        charger.leave_waiting * charger.value
        + (1 - charger.own_fault) * charger.dock
        + charger.own_fault * charger.leave_shown * charger.value
    )


@exercise(
    "C05.6",
    minutes=2,
    kind="judge",
    covers=["S43"],
    options={
        "first": Option(
            "The service point that is asked first: a new dock at once, settled with the maker later",
            "Yes: {first} for each dock, against {check} with a look and {refuse} for a refusal.",
            "With these numbers it costs {first} for each dock; a look first {check}, a refusal {refuse}.",
        ),
        "check": Option(
            "A workshop: look first, then a dock for those whose dock was at fault",
            "Yes: docks are dear here and many are broken by their owners, so a look pays: {check}, against {first} at once and {refuse} for a refusal.",
            "The look and the wait cost more than they save: {check} for each dock, against {first} at once; a refusal costs {refuse}.",
        ),
        "refuse": Option(
            "Nobody: it is not our make",
            "By this account, yes: {refuse} for each dock, against {first} and {check}. It leaves out all who hear of it.",
            "A refusal costs {refuse} for each dock, in customers; a new dock {first}, a look first {check}. And nobody has counted the listeners.",
        ),
    },
    means="The answer depends on the price of the part and on how many break it themselves. Both can be counted. Who owns the matter meanwhile does not depend on anything.",
)
def who_owns_the_dock(charger):
    """Decide again: who owns a broken dock at step one, and does what?"""
    costs = scenes.dock_costs(charger)
    return min(costs, key=lambda key: (costs[key], key))


@who_owns_the_dock.facts
def _(charger):
    return {key: case_findings.yuan(cost) for key, cost in scenes.dock_costs(charger).items()}


# ---------------------------------------------------------------- C06


@exercise(
    "C06.1",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S41"],
    hints=["Divide the calls in which a record came up by all calls.", "In a cell: the mean of `number_on_file`, times 100."],
    means="For the others the call begins with “Your name, please?”: the script needs both beginnings.",
)
def calls_matched(calls):
    """For how many of 100 calls does a record come up?"""
    return 100 * calls["number_on_file"].mean()


@calls_matched.mistake("You counted the calls in which the *right* person's record came up.")
def _(calls):
    return 100 * calls["right_person"].mean()


@calls_matched.mistake("Those are the calls without a record.")
def _(calls):
    return 100 * (1 - calls["number_on_file"].mean())


@calls_matched.mistake("That is a number of calls. Divide by all calls, times 100.")
def _(calls):
    return float(calls["number_on_file"].sum())


@exercise(
    "C06.2",
    minutes=4,
    spreadsheet=True,
    digits=1,
    covers=["S41"],
    hints=["Look only at calls in which a record came up.", "Among them: the share in which `right_person` is 0."],
    means="So often the agent would greet somebody by another person's name, and show them another person's purchases. Ask before you say it: “Am I speaking with ...?”",
)
def wrong_greetings(calls):
    """Of 100 calls in which a record comes up, in how many is it somebody else's?"""
    matched = calls[calls["number_on_file"] == 1]
    return 100 * (1 - matched["right_person"].mean())


@wrong_greetings.mistake("You divided by all calls. Where no record comes up nobody is greeted wrongly: leave those calls out first.")
def _(calls):
    return 100 * ((calls["number_on_file"] == 1) & (calls["right_person"] == 0)).mean()


@wrong_greetings.mistake("You counted calls without a record as wrong greetings.")
def _(calls):
    return 100 * (1 - calls["right_person"].mean())


@wrong_greetings.mistake("That is the share in which the record is the right one.")
def _(calls):
    return 100 * calls.loc[calls["number_on_file"] == 1, "right_person"].mean()


@exercise(
    "C06.3",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S41"],
    hints=["Calls in progress: calls an hour times minutes of a call, over 60.", "Divide by the agents, and times 100."],
    means="It looks as if there were room. Calls come in bunches, so a desk that is busy four fifths of the time makes people wait.",
)
def busy_share(screen):
    """How much of their time do the agents talk, in percent?"""
    return 100 * screen.desk.calls_an_hour * screen.desk.minutes_a_call / 60 / screen.agents


@busy_share.mistake("That is the number of calls in progress, times 100. Divide by the agents who share them.")
def _(screen):
    return 100 * screen.desk.calls_an_hour * screen.desk.minutes_a_call / 60


@busy_share.mistake("That is the time in which they do *not* talk.")
def _(screen):
    return 100 - 100 * screen.desk.calls_an_hour * screen.desk.minutes_a_call / 60 / screen.agents


@exercise(
    "C06.4",
    minutes=2,
    kind="predict",
    spreadsheet=True,
    within=5,
    covers=["S41"],
    hints=["Near the limit every free minute counts many times.", "It is more than half of what is missing to 100."],
    means="One agent more takes little from the work of each, and much from the wait.",
)
def in_time_with_one_more(screen):
    """With one agent more, how many of 100 callers are answered within 20 seconds? A guess within 5 counts."""
    return 100 * cases.with_agent(screen).in_time


@in_time_with_one_more.mistake("It does change: that is the share with the agents of now.")
def _(screen):
    return 100 * cases.as_is(screen).in_time


@in_time_with_one_more.mistake("Nearly nobody would wait then. That takes three agents more.")
def _(screen):
    return 100 * queues.queue(screen.desk.calls_an_hour, screen.desk.minutes_a_call, screen.agents + 4).in_time


@sorting(
    "C06.5",
    minutes=3,
    covers=["S41"],
    piles={"show": "On the screen", "ask": "Not there: ask, or look up when needed"},
    cards={
        "name": Card("Name, and how the customer wishes to be addressed", "show", "The greeting needs it."),
        "bought": Card("What was bought, when, and by whom it was installed", "show", "The first question of every call."),
        "open": Card("Open matters, with their owner", "show", "So that nobody has to tell it twice."),
        "birth": Card(
            "Date of birth",
            "ask",
            "No call is answered better with it.",
            {
                "show": "It is nice to congratulate. To most callers it says that we know more than they told us, and it helps nobody mend a machine."
            },
        ),
        "income": Card("Income band, from the survey", "ask", "It was given for a survey, not for this."),
        "family": Card(
            "Others who use the same number",
            "ask",
            "That is why one asks “Am I speaking with ...?”",
            {"show": "It would prevent a wrong greeting. Asking does so, too, and does not tell one person of another's purchases."},
        ),
    },
    hints=["Which three does the agent need in the first ten seconds? And which were given for something else?"],
    means="Three fields are enough: who, what, and what is open. The rest is asked when it is needed.",
)
def three_fields():
    """The screen has room for three fields. Which?"""


@exercise(
    "C06.6",
    minutes=2,
    kind="judge",
    covers=["S41"],
    options={
        "screen": Option(
            "The screen with the record",
            "Yes: it brings {screen} of callers an answer in time for {screen_costs} a month; one more agent brings {agent} for {agent_costs}. And the greeting is another one.",
            "Here it brings {screen} for {screen_costs} a month; one more agent brings {agent} for {agent_costs}.",
        ),
        "agent": Option(
            "One agent more",
            "Yes, for the wait: {agent} of callers in time, for {agent_costs} a month; the screen brings {screen}, for {screen_costs}. What the greeting is worth is not counted.",
            "For the wait: {agent} of callers in time, for {agent_costs} a month; the screen brings {screen}, for {screen_costs}.",
        ),
    },
    means="The account counts waiting alone. Being known is worth something as well; a call on the next day, drawn by lot, would say how much.",
)
def screen_or_agent(screen):
    """Decide again: where does the money go, for the wait?"""
    return cases.shorter_queue(screen)


@screen_or_agent.facts
def _(screen):
    return case_findings.plan_facts(screen)
