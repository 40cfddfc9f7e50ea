"""The exercises of the casebook of churn (C01, C26, C42, C44, C45, C46)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers import words
from helpers.churn import case_worlds, cases
from helpers.data.company import Company
from helpers.teaching import Card, Option, exercise, sorting

CHEAP_BENEFIT, DEAR_BENEFIT = "a say in how the site is run", "gifts, small and large"


def inputs(company: Company | None = None, *, world: str = "first") -> Mapping[str, Any]:
    """What the exercises of all cases are worked out from, by name.

    Parameters
    ----------
    company : Company
        Not used: the exercises calculate with invented numbers.
    world : str
        A key of `case_worlds.WORLDS`.

    Returns
    -------
    dict of str to a value
    """
    one = case_worlds.world(world)
    return {
        "milk": one.milk,
        "writers": one.writers,
        "benefits": one.writers.benefits,
        "app": one.app,
        "users": one.app.users,
        "trust": one.trust,
        "people": one.trust.people,
        "bank_cards": one.cards,
        "closed_cards": one.cards.table,
        "plan": one.plan,
    }


# ---------------------------------------------------------------- C01


@exercise(
    "C01.1",
    minutes=2,
    spreadsheet=True,
    digits=0,
    covers=["S112"],
    hints=["Where it settles, as many leave in a year as are won.", "Won in a year, divided by the share that leaves."],
    means="A round settles by itself, however hard one works: at what comes in, divided by the share that runs out.",
)
def round_settles(milk):
    """Where does the round settle if nothing changes, in households?"""
    return cases.settles_at(milk.won, milk.churn)


@round_settles.mistake("So many leave in a year. Asked is how many are left when the numbers stand still.")
def _(milk):
    return milk.served * milk.churn


@round_settles.mistake("You divided by the share that stays.")
def _(milk):
    return milk.won / (1 - milk.churn)


@exercise(
    "C01.2",
    minutes=4,
    spreadsheet=True,
    digits=0,
    covers=["S112"],
    hints=["Five rows: each is the row above times the share that stays, and then the households won.", "With the picker more are won each year, from the first on."],
    means="In the first years the picker adds nearly all that he wins; later, those he has won leave like all the others.",
)
def after_five_years(milk):
    """With one more picker: how many households are on the round after five years?"""
    return float(cases.households(milk, more_won=milk.more_won)[milk.years])


@after_five_years.mistake("You added the households won and forgot that they leave, too.")
def _(milk):
    return float(cases.households(milk)[milk.years] + milk.more_won * milk.years)


@after_five_years.mistake("That is the round without him.")
def _(milk):
    return float(cases.households(milk)[milk.years])


@exercise(
    "C01.3",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S112"],
    hints=["With the basket the share that leaves is smaller by what it keeps.", "Won in a year, divided by that smaller share."],
    means="The basket moves the level at which the round settles, and it takes years to fill.",
)
def basket_settles(milk):
    """With the basket and without the picker: where does the round settle?"""
    return cases.settles_at(milk.won, milk.churn - milk.fewer_lost)


@basket_settles.mistake("You made the leak larger.")
def _(milk):
    return cases.settles_at(milk.won, milk.churn + milk.fewer_lost)


@basket_settles.mistake("That is where it settles without the basket.")
def _(milk):
    return cases.settles_at(milk.won, milk.churn)


@exercise(
    "C01.4",
    minutes=4,
    spreadsheet=True,
    digits=1,
    covers=["S109"],
    hints=["Both must settle at the same number of households: (won + more) / churn = won / (churn less kept).", "Kept = churn times more, divided by (won + more). Then times 100."],
    means="At so many kept the two are equal in the long run. The higher the churn, the more a basket must keep to match a picker.",
)
def kept_to_match(milk):
    """How many of 100 would the basket have to keep each year to settle where the picker settles?"""
    return cases.basket_like_a_picker(milk)


@kept_to_match.mistake("You divided by those won today. With the picker there are more of them.")
def _(milk):
    return 100 * milk.churn * milk.more_won / milk.won


@kept_to_match.mistake("That is what the basket is said to keep.")
def _(milk):
    return 100 * milk.fewer_lost


@sorting(
    "C01.5",
    minutes=3,
    covers=["S111"],
    piles={"unwanted": "We would have liked to keep them", "unavoidable": "Nobody could have kept them", "wanted": "Better for both sides"},
    cards={
        "moved": Card("“We are moving to the coast”", "unavoidable", "No milk round goes there."),
        "late": Card("“Three mornings of this month the milk came at ten”", "unwanted", "A reason that we can repair; and there will be others on that street."),
        "bottle": Card("“The bottles were broken twice, and nobody rang”", "unwanted", "The second time was ours to prevent."),
        "allergy": Card("“The doctor says no more milk”", "unavoidable", "Need has changed. Wish them well, and sell them nothing."),
        "far": Card("A farm an hour away that takes one bottle a week", "wanted", "The drive costs more than the bottle brings. A box at the road, or an honest word.",
            {"unwanted": "Kept as it is, it costs more than it brings. Kept otherwise, perhaps."}),
        "price": Card("“The supermarket has it for less”", "unwanted", "Sometimes it is the price; often it is what polite people say. Ask what happened before.",
            {"unavoidable": "The supermarket was there last year, too. Something has changed on our side."}),
    },
    hints=["Ask of each: could we have done something, and would we have wanted to?"],
    means="Not every cob belongs in the basket. Manage the unwanted, accept the unavoidable, and repair the cost before anybody is let go.",
)  # fmt: skip
def which_leavers():
    """Six households that left: unwanted, unavoidable, or wanted?"""


_MONEY = "In {years} years, beyond doing neither, the picker leaves {picker} yuan and the basket {basket}."


@exercise(
    "C01.6",
    minutes=2,
    kind="judge",
    covers=["S109", "S112"],
    options={
        "picker": Option("One more picker", f"Yes. {_MONEY} At a churn of {{churn}} of 100 what the basket keeps is soon lost for another reason.", f"{_MONEY} The picker's households leave, too."),
        "basket": Option("A basket", f"Yes. {_MONEY} At a churn of {{churn}} of 100 what is kept stays for years.", f"{_MONEY} Whom it keeps this year leaves next year."),
        "neither": Option("Neither", f"Yes. {_MONEY}", f"{_MONEY} One of them does pay."),
    },
    means="It depends on how fast the bucket leaks. And all of it depends on whether the basket keeps what it is said to keep: try it on half of the streets.",
)
def picker_or_basket(milk):
    """The same money: a picker, a basket, or neither?"""
    return cases.better_way(milk)


@picker_or_basket.facts
def _(milk):
    money = {way: words.number(cases.money_of(milk, way)).replace("-", "−") for way in ("picker", "basket")}
    return money | {"years": str(milk.years), "churn": f"{100 * milk.churn:.0f}"}


# ---------------------------------------------------------------- C26


@exercise(
    "C26.1",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S119"],
    hints=["Of 100 writers so many more stay because of it; all 100 cost something.", "100 times the cost of one writer, divided by the writers kept."],
    means="A benefit is paid for everybody who gets it, and works on a few. What one kept writer costs is the number to compare.",
)
def gifts_per_writer(benefits):
    """What do the gifts cost for each writer who stays because of them?"""
    row = benefits.set_index("benefit").loc[DEAR_BENEFIT]
    return 100 * row["cost"] / row["stay"]


@gifts_per_writer.mistake("That is the cost of one writer. Most of those who get gifts would have stayed anyway.")
def _(benefits):
    return float(benefits.set_index("benefit").loc[DEAR_BENEFIT, "cost"])


@gifts_per_writer.mistake("You multiplied. Of 100 only a few are kept: the cost of all 100 is divided by them.")
def _(benefits):
    row = benefits.set_index("benefit").loc[DEAR_BENEFIT]
    return row["cost"] * row["stay"]


@exercise(
    "C26.2",
    minutes=4,
    spreadsheet=True,
    digits=0,
    covers=["S119"],
    hints=["Work out the cost for each writer kept, for all seven.", "Sort, and add the cost of *one writer and year* of the first three."],
    means="The cheapest benefits are those that cost attention and not money. That is also why they can run out: a front page has one top.",
)
def three_cheapest(writers, benefits):
    """The three benefits that cost least for each writer kept: what do they cost together, for one writer and year?"""
    return float(benefits.set_index("benefit").loc[cases.plan_of(writers, "cheapest"), "cost"].sum())


@three_cheapest.mistake("Those are the three that the writers like best.")
def _(writers, benefits):
    return float(benefits.set_index("benefit").loc[cases.plan_of(writers, "liked"), "cost"].sum())


@three_cheapest.mistake("Those are the three that keep most, at any price.")
def _(benefits):
    return float(benefits.nlargest(3, "stay")["cost"].sum())


@exercise(
    "C26.3",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S119"],
    hints=["Readers a day, times the share that moves from the one to the other.", "Divided by the other writers: so many readers does each of them lose."],
    means="A place on the front page costs the firm next to nothing, and somebody else something. Fairness has a number, too.",
)
def readers_lost(writers):
    """How many readers a day does the front page take from each of the other writers?"""
    return cases.readers_moved(writers)


@readers_lost.mistake("You divided by the best writers. They are the ones who gain.")
def _(writers):
    return writers.readers * (writers.front_share - writers.fair_share) / writers.best


@readers_lost.mistake("You took all readers of the front page. A part of them read the best writers anyway.")
def _(writers):
    return writers.readers * writers.front_share / writers.others


@exercise(
    "C26.4",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S119"],
    hints=["The plan's three benefits keep so many of 100 together.", "The budget pays for so many writers; there are no more than the best ones."],
    means="A plan is limited by its budget or by the number of those it is for; then it keeps its share of them.",
)
def kept_by_the_cheapest(writers):
    """With the three cheapest for each writer kept, and this budget: how many writers stay because of the plan?"""
    return cases.kept_by(writers, cases.plan_of(writers, "cheapest"))[0]


@kept_by_the_cheapest.mistake("So many could be paid for. Most of them would have stayed anyway.")
def _(writers):
    return float(min(writers.best, writers.budget / writers.benefits.set_index("benefit").loc[cases.plan_of(writers, "cheapest"), "cost"].sum()))


@kept_by_the_cheapest.mistake("There are not so many writers in the plan as the money would pay for.")
def _(writers):
    own = writers.benefits.set_index("benefit").loc[cases.plan_of(writers, "cheapest")]
    return float(writers.budget / own["cost"].sum() * own["stay"].sum() / 100)


@sorting(
    "C26.5",
    minutes=3,
    covers=["S117", "S119"],
    piles={"status": "Standing before others", "part": "Taking part", "thing": "A thing"},
    cards={
        "group": Card("A group with well-known writers", "status", "One is seen among them.", {"part": "One is let in; what for is another matter."}),
        "gifts": Card("Gifts, small and large", "thing", "Pleasant once. By the third year it is expected."),
        "meetings": Card("Invitations to meetings", "part", "People who know each other write to each other."),
        "first": Card("New products to try first", "thing", "A thing with a compliment in it.", {"part": "It would be taking part if somebody read what they say about it."}),
        "say": Card("A say in how the site is run", "part", "It is theirs then, a little. And it has to be meant."),
        "page": Card("A place on the front page", "status", "Before everybody. And somebody else is not there."),
    },
    hints=["Ask what would be missing if nobody else could see it."],
    means="Things are soon taken for granted. Standing is scarce: what one gets, another has not. Taking part is the kind that can grow.",
)  # fmt: skip
def kinds_of_benefit():
    """What does each benefit give: standing, a part in it, or a thing?"""


_KEPT = "Within the budget the cheapest three keep {cheapest} writers, the three that they like best {liked}, the dearest three {dearest}."


@exercise(
    "C26.6",
    minutes=2,
    kind="judge",
    covers=["S119"],
    options={
        "cheapest": Option("The three that cost least for each writer kept", f"Yes. {_KEPT}", f"{_KEPT} With so much money it is not the price that limits the plan."),
        "liked": Option("The three that they like best", f"Yes. {_KEPT}", f"{_KEPT} What people say they like is not what it costs to keep them by it."),
        "dearest": Option("The three that cost most: they show that we mean it", f"Yes. {_KEPT}", f"{_KEPT} What is dear is noticed by whoever pays for it."),
    },
    means="Where money is short, compare the cost of each one kept; where it is not, what keeps most. Both numbers come from those whom a lot left out.",
)
def which_three(writers):
    """Which three benefits keep most writers within the budget?"""
    return cases.best_plan(writers)


@which_three.facts
def _(writers):
    return {way: words.number(cases.kept_by(writers, cases.plan_of(writers, way))[0]) for way in ("cheapest", "liked", "dearest")}


# ---------------------------------------------------------------- C42


@exercise(
    "C42.1",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S110"],
    hints=["Two groups: trust of 7 and more, trust of 5 and less.", "The mean of `spend` of the one less that of the other. In a spreadsheet: AVERAGEIFS twice."],
    means="They go together in the same year. Which of them goes first, this number cannot say.",
)
def more_spent(people):
    """How much more do those who trust most (7 and more) spend than those who trust least (5 and less), in the same year?"""
    return float(people.loc[people["trust"] >= 7, "spend"].mean() - people.loc[people["trust"] <= 5, "spend"].mean())


@more_spent.mistake("You took what they spent a year later.")
def _(people):
    return float(people.loc[people["trust"] >= 7, "spend_later"].mean() - people.loc[people["trust"] <= 5, "spend_later"].mean())


@more_spent.mistake("You compared with everybody, those who trust most among them.")
def _(people):
    return float(people.loc[people["trust"] >= 7, "spend"].mean() - people["spend"].mean())


_LEADS = "Trust and the change of spending go together by {heart}, spending and the change of trust by {purse} (from −1 to 1)."


@exercise(
    "C42.2",
    minutes=2,
    kind="judge",
    covers=["S110"],
    options={
        "heart": Option("First the heart, then the purse", f"Yes. {_LEADS}", f"{_LEADS} Here it is not the heart that goes first."),
        "purse": Option("First the purse, then the heart", f"Yes. {_LEADS} Who buys more gets to know us, and trusts us afterwards.", f"{_LEADS} Here it is not the purse that goes first."),
        "neither": Option("Neither goes first", f"Yes. {_LEADS}", f"{_LEADS} One of them does."),
    },
    means="What goes first can only be seen by asking the same people twice. And even then a third thing may lead both.",
)
def heart_or_purse(trust):
    """Which goes first: trust, or spending?"""
    return cases.which_leads(trust).first


@heart_or_purse.facts
def _(trust):
    found = cases.which_leads(trust)
    return {"heart": f"{found.heart_to_purse:.1f}".replace("-", "−"), "purse": f"{found.purse_to_heart:.1f}".replace("-", "−")}


# ---------------------------------------------------------------- C44


@exercise(
    "C44.1",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S118"],
    hints=["Closed cards over all cards, once for cards without a bill, once for those with three.", "The one share divided by the other."],
    means="So much more often are cards without bills closed. Whether the bills hold them, this number cannot say.",
)
def times_as_often(closed_cards):
    """How many times as often is a card without a bill closed as one with three?"""
    sums = closed_cards.groupby("bills")[["closed", "cards"]].sum()
    share = sums["closed"] / sums["cards"]
    return float(share[0] / share[3])


@times_as_often.mistake("You divided closed by closed. There are not as many cards of each kind.")
def _(closed_cards):
    closed = closed_cards.groupby("bills")["closed"].sum()
    return float(closed[0] / closed[3])


@times_as_often.mistake("That is a card with one bill.")
def _(closed_cards):
    sums = closed_cards.groupby("bills")[["closed", "cards"]].sum()
    share = sums["closed"] / sums["cards"]
    return float(share[0] / share[1])


@exercise(
    "C44.2",
    minutes=2,
    kind="judge",
    covers=["S118"],
    options={
        "bills": Option("The bills hold the card", "Yes, as far as this table goes. Among cards of one age those without bills are still closed {alike} times as often, in all {all} times.", "Among cards of one age the factor is {alike}, in all {all}: hardly anything remains for the bills."),
        "age": Option("Old cards have more bills, and old cards are seldom closed", "Yes. Among cards of one age the factor is {alike}; in all it is {all}.", "Among cards of one age the factor is still {alike}, in all {all}: age explains little."),
    },
    means="Like with like first. And even what remains is no proof that a bill more would hold anybody: offer it by lot.",
)
def bills_or_age(bank_cards):
    """What do these cards show?"""
    return cases.binds(bank_cards)


@bills_or_age.facts
def _(bank_cards):
    return {"all": f"{cases.times_harder(bank_cards):.1f}", "alike": f"{cases.times_harder_alike(bank_cards):.1f}"}


# ---------------------------------------------------------------- C45


@exercise(
    "C45.1",
    minutes=4,
    spreadsheet=True,
    digits=0,
    covers=["S118"],
    hints=["For users with four and more categories, and for those with one: users times share, added, divided by users.", "Times 100, and the one less the other."],
    means="A large difference, and the one that is shown on slides. It compares different people.",
)
def plain_difference(users):
    """Of 100, how many more of those with four and more categories stay active than of those with one?"""
    own = users.assign(still=users["users"] * users["active"])
    sums = own.groupby("categories")[["still", "users"]].sum()
    share = sums["still"] / sums["users"]
    return 100 * float(share[3] - share[1])


@plain_difference.mistake("You averaged the two shares as if both kinds of visitors were as many.")
def _(users):
    share = users.groupby("categories")["active"].mean()
    return 100 * float(share[3] - share[1])


@plain_difference.mistake("That is the share of those with most categories.")
def _(users):
    own = users[users["categories"] == 3]
    return 100 * float((own["users"] * own["active"]).sum() / own["users"].sum())


@exercise(
    "C45.2",
    minutes=4,
    spreadsheet=True,
    digits=0,
    covers=["S118"],
    hints=["Twice the same difference: among those who visit often, and among those who visit seldom.", "Averaged with the users of each kind as weights."],
    means="Among people who visit as often. What is left may be the categories, or something else in which they differ.",
)
def alike_difference(app):
    """The same, among users who visit as often: of 100, how many more?"""
    return cases.like_with_like(app)


@alike_difference.mistake("That is the difference of all users together.")
def _(app):
    share = cases.active_by_categories(app)
    return 100 * float(share[3] - share[1])


@alike_difference.mistake("That is with two or three categories.")
def _(app):
    table = app.users.pivot(index="visits", columns="categories", values="active")
    weight = app.users.groupby("visits")["users"].sum()
    return float(100 * ((table[2] - table[1]) * weight).sum() / weight.sum())


@exercise(
    "C45.3",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S118"],
    hints=["Two shares of those asked, one with the voucher, one without.", "100 times the difference."],
    means="This is what a further category *causes*, since a lot decided who got it. The interval beside it says how sure we are.",
)
def caused_by_lot(app):
    """Of 100 users given a further category by lot, how many more were active after a year?"""
    return 100 * (app.active_with - app.active_without) / app.asked


@caused_by_lot.mistake("So many of those with the voucher were active. Most of them would have been so without it.")
def _(app):
    return 100 * app.active_with / app.asked


@caused_by_lot.mistake("That is by how much of *itself* the share grew. Asked are users of 100.")
def _(app):
    return 100 * (app.active_with / app.active_without - 1)


@exercise(
    "C45.4",
    minutes=4,
    spreadsheet=True,
    digits=1,
    covers=["S118"],
    hints=["For all users: effect times margin, less the voucher; that times the users must pay for the range.", "(range cost / users + voucher) / margin, times 100."],
    means="Below that effect the wider range is paid for by something else. Compare it with what the lot has found, and with what the slide says.",
)
def effect_to_break_even(app):
    """From which effect on (of 100 users, so many more active) does the wider range pay?"""
    return 100 * (app.range_cost / app.all_users + app.voucher) / app.margin


@effect_to_break_even.mistake("You forgot the vouchers: every user gets one.")
def _(app):
    return 100 * app.range_cost / app.all_users / app.margin


@effect_to_break_even.mistake("You forgot the range: somebody has to fill the shelves.")
def _(app):
    return 100 * app.voucher / app.margin


@exercise(
    "C45.5",
    minutes=2,
    kind="predict",
    within=4,
    covers=["S118"],
    hints=["It is one of the three: of 100, as on the slide, among those alike, or by lot."],
    means="Promise no more than what a lot has shown, and that with its interval.",
)
def to_promise(app):
    """Which difference (of 100) do you promise the board for a further category?"""
    return 100 * cases.by_lot(app).value


@to_promise.mistake("That compares different people. The board will ask where it went.")
def _(app):
    share = cases.active_by_categories(app)
    return 100 * float(share[3] - share[1])


@to_promise.mistake("So many leave, whatever the range.")
def _(app):
    return 100 - 100 * cases.by_lot(app).value


_LOT = "The lot found {value} of 100 ({low} to {high}); it pays from {even} on."


@exercise(
    "C45.6",
    minutes=2,
    kind="judge",
    covers=["S118"],
    options={
        "broaden": Option("Broaden the range", f"Yes. {_LOT} Even the low end pays.", f"{_LOT} Not all of the interval pays."),
        "stay": Option("Stay with what we are good at", f"Yes. {_LOT} Even the high end does not pay.", f"{_LOT} There is more to be had."),
        "try": Option("Neither yet: try again with more users", f"Yes. {_LOT} The interval lies on both sides of it.", f"{_LOT} The interval lies on one side of it: more users would not change the answer."),
    },
    means="Breadth may hold people, and it has a price. What decides is the effect by lot beside the effect that pays.",
)
def broaden_or_stay(app):
    """Broaden the range, or stay?"""
    return cases.app_choice(app)


@broaden_or_stay.facts
def _(app):
    found = cases.by_lot(app)
    return {
        "value": f"{100 * found.value:.1f}", "low": f"{100 * found.low:.1f}".replace("-", "−"), "high": f"{100 * found.high:.1f}",
        "even": f"{100 * (app.range_cost / app.all_users + app.voucher) / app.margin:.1f}",
    }  # fmt: skip


# ---------------------------------------------------------------- C46


@exercise(
    "C46.1",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S118"],
    hints=["The plan with the telephone costs more each month than the same plan without.", "That difference, over all months of the plan."],
    means="Nothing is free for two years. The question is whether it is told, and whether one may leave.",
)
def the_free_telephone(plan):
    """What does the “free” telephone cost through the plan?"""
    return float(plan.months * (plan.with_phone - plan.without))


@the_free_telephone.mistake("That is all that is paid in two years. The plan itself is worth something, too.")
def _(plan):
    return float(plan.months * plan.with_phone)


@the_free_telephone.mistake("That is one year.")
def _(plan):
    return float(12 * (plan.with_phone - plan.without))


_OWED = "After {months} months {owed} yuan of the telephone are not paid yet; leaving costs {penalty}."


@exercise(
    "C46.2",
    minutes=2,
    kind="judge",
    covers=["S118"],
    options={
        "fair": Option("Fair: it asks for what is still owed, or less", f"Yes. {_OWED}", f"{_OWED} That is more than anybody owes."),
        "trap": Option("A trap: it asks for more than is owed", f"Yes. {_OWED}", f"{_OWED} That is no more than what is still owed."),
    },
    means="A penalty that falls with every month paid is the price of a telephone. One that does not is the price of leaving.",
)
def penalty_is(plan):
    """Is the penalty fair, or a trap?"""
    return cases.fair_or_trap(plan)


@penalty_is.facts
def _(plan):
    return {"months": str(plan.leaves_after), "owed": words.number(cases.still_owed(plan)), "penalty": words.number(cases.penalty(plan))}
