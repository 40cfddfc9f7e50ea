"""The exercises of the casebook of branding (C15, C16, C17, C18, C37)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers import words
from helpers.branding import case_worlds, cases, reach
from helpers.data.company import Company
from helpers.teaching import Card, Option, exercise, sorting


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
        "shoes": one.shoes,
        "cookers": one.cookers,
        "dairy": one.dairy,
        "lists": case_worlds.brand_lists(one.dairy),
        "bicycles": one.bicycles,
        "premium": cases.premium_at_equal_parts(one.bicycles),
        "kettle": one.kettle,
    }


# ---------------------------------------------------------------- C15


@exercise(
    "C15.1",
    minutes=2,
    spreadsheet=True,
    digits=0,
    covers=["S105"],
    hints=["So many of 100 pairs come back under the promise for life.", "Each of them costs a repair."],
    means="A promise has a price that can be worked out before it is painted on the door: claims times what a claim costs.",
)
def lifetime_costs(shoes):
    """What does the promise for life cost the shop, in yuan, for 100 pairs sold?"""
    return shoes.claims["lifetime"] * shoes.repair


@lifetime_costs.mistake("Those are the claims. Each of them costs a repair.")
def _(shoes):
    return shoes.claims["lifetime"]


@lifetime_costs.mistake("That is the promise for two years. For life more pairs come back.")
def _(shoes):
    return shoes.claims["two_years"] * shoes.repair


@exercise(
    "C15.2",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S105"],
    hints=["How much do the buyers leave who come back because of the promise?", "Divide that by what one repair costs."],
    means="At so many claims the promise costs what it brings. Below, it earns; above, it is paid for by something else.",
)
def claims_to_break_even(shoes):
    """At how many claims of 100 pairs does the promise for life cost what it brings?"""
    return shoes.again["lifetime"] * shoes.margin / shoes.repair


@claims_to_break_even.mistake("You divided by what a pair leaves. What has to be covered is the repair.")
def _(shoes):
    return shoes.again["lifetime"] * shoes.repair / shoes.margin


@claims_to_break_even.mistake("You took every buyer. Only those count who come back *because* of the promise.")
def _(shoes):
    return 100 * shoes.margin / shoes.repair


@exercise(
    "C15.3",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S105"],
    hints=[
        "Circles overlap: in a small town some hear it twice.",
        "Share of the town that one teller does not reach, to the power of the tellers: so many have heard nothing.",
    ],
    means="Of a few tellers nearly everybody is a new listener; of many, fewer and fewer are. The simple product is an upper limit.",
)
def who_hears_of_it(shoes):
    """If each of those sent away tells their circle, how many different people of the town hear of it in a year?"""
    return reach.distinct_reach(shoes.refused, circle=shoes.circle, population=shoes.town)


@who_hears_of_it.mistake("That counts people twice who hear it from two sides. Take off the overlap.")
def _(shoes):
    return reach.naive_reach(shoes.refused, circle=shoes.circle)


@who_hears_of_it.mistake("That is one teller's circle.")
def _(shoes):
    return float(shoes.circle)


@exercise(
    "C15.4",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S105"],
    hints=["The first pair holds *and* the second breaks.", "Multiply the two shares."],
    means="So often would two makes of the same quality tell just this story. One pair of each says little about either.",
)
def same_story_by_luck(shoes):
    """Both makes break equally often. Of 100 buyers with one pair of each, how many can tell the story of the source?"""
    return 100 * cases.same_story(shoes.breaks)


@same_story_by_luck.mistake("That the second breaks is half of the story. The first has to hold, too.")
def _(shoes):
    return 100 * shoes.breaks


@same_story_by_luck.mistake("You counted the buyers whose first pair holds, whatever the second does.")
def _(shoes):
    return 100 * (1 - shoes.breaks)


@sorting(
    "C15.5",
    minutes=3,
    covers=["S105"],
    piles={"promise": "The promise", "shoe": "The shoe", "neither": "Cannot be said"},
    cards={
        "life": Card("“They repair for life, without a receipt”", "promise", "What the shop says it will do."),
        "ring": Card("“They told me to ring the factory”", "promise", "No promise is one, too: everybody hears it.",
            {"shoe": "The shoe broke; that nobody took it in is about the promise."}),
        "year": Card("“Worn for more than a year, no damage”", "shoe", "The promise was never used. The shoe held, or he was lucky.",
            {"promise": "Nobody had to keep the promise yet."}),
        "three": Card("“The sole broke in the third month”", "shoe", "Of this pair. Of how many?"),
        "better": Card("“So the first make is the better one”", "neither", "One pair of each."),
        "title": Card("“Both carry the same official title for well-known brands”", "neither", "A title says that a name is known, and nothing about the next pair.",
            {"promise": "The title promises nothing that one could hold the shop to."}),
    },
    hints=["Ask of each sentence: would it be the same if the other shoe had broken?"],
    means="The story mixes two things. A promise can be judged by what is done when it is called on, the shoe by many pairs.",
)  # fmt: skip
def promise_or_shoe():
    """What does each sentence say something about?"""


_ACCOUNT = "Of 100 pairs the factory's number leaves {factory} yuan, two years {two_years}, for life {lifetime}."


@exercise(
    "C15.6",
    minutes=2,
    kind="judge",
    covers=["S105"],
    options={
        "factory": Option("No promise: ring the factory", f"Yes. {_ACCOUNT}", f"{_ACCOUNT} Sending people away is not the cheapest; it is only the one whose cost no book shows."),
        "two_years": Option("Two years", f"Yes. {_ACCOUNT}", f"{_ACCOUNT} Two years leave less than the best promise."),
        "lifetime": Option("For life", f"Yes. {_ACCOUNT}", f"{_ACCOUNT} For life too many pairs come back for what the promise adds."),
    },
    means="What a promise brings (so many more come back) is the assumption on which all hangs. Try it in one shop of two, chosen by lot, before it is on every door.",
)  # fmt: skip
def which_promise(shoes):
    """Which promise leaves most?"""
    return cases.best_promise(shoes)


@which_promise.facts
def _(shoes):
    return {name: words.number(one.left) for name, one in cases.promise_accounts(shoes).items()}


# ---------------------------------------------------------------- C18


@exercise(
    "C18.1",
    minutes=2,
    spreadsheet=True,
    digits=0,
    covers=["S102"],
    hints=["Of those who saw the known name alone.", "Those reminded of canteens, over all who saw that name, times 100."],
    means="The image is real, and it sits on the name, not on the pot.",
)
def of_100_canteen(cookers):
    """Of 100 people who saw the known name, how many think of a canteen?"""
    return 100 * cookers.names["old"].canteen / cookers.names["old"].asked


@of_100_canteen.mistake("You divided by everybody who was asked. The others saw another name.")
def _(cookers):
    return 100 * cookers.names["old"].canteen / sum(one.asked for one in cookers.names.values())


@of_100_canteen.mistake("Those are the people who would buy.")
def _(cookers):
    return 100 * cookers.names["old"].would_buy / cookers.names["old"].asked


@exercise(
    "C18.2",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S102"],
    hints=["Two shares of 100, one for each name.", "The new name's less the known name's."],
    means="The same pot, the same picture; the lot decided who saw which name. So the difference is the name's.",
)
def points_of_the_new_name(cookers):
    """Of 100 people, how many more would buy under the new name than under the known one?"""
    new, old = cookers.names["new"], cookers.names["old"]
    return 100 * (new.would_buy / new.asked - old.would_buy / old.asked)


@points_of_the_new_name.mistake("That is how many *times* as many. Asked is the difference of two shares of 100.")
def _(cookers):
    new, old = cookers.names["new"], cookers.names["old"]
    return (new.would_buy / new.asked) / (old.would_buy / old.asked)


@points_of_the_new_name.mistake("You compared with the known name with an addition.")
def _(cookers):
    new, sub = cookers.names["new"], cookers.names["sub"]
    return 100 * (new.would_buy / new.asked - sub.would_buy / sub.asked)


@exercise(
    "C18.3",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S102"],
    hints=["Households, times the share who will know the name, times the share who would buy, times the margin.", "Then take off the launch."],
    means="A name that nobody knows sells nothing, however well it fits.",
)
def new_name_leaves(cookers):
    """What does the new name leave in the first year, in yuan?"""
    return cases.name_leaves(cookers, "new")


@new_name_leaves.mistake("The launch has to be paid.")
def _(cookers):
    return cases.name_leaves(cookers, "new") + cookers.names["new"].launch


@new_name_leaves.mistake("You let every household know the name. After a year only some do.")
def _(cookers):
    return cases.name_leaves(cases.with_new_name(cookers, known=1.0, launch=cookers.names["new"].launch), "new")


@exercise(
    "C18.4",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S102"],
    hints=["What would the new name leave, before its launch, if everybody knew it? One hundredth of that is a point.", "How many points cover the launch and what the known name leaves?"],
    means="So the question “extend or new?” becomes one that an agency can answer: how many will know the name, for what money?",
)
def of_100_must_know(cookers):
    """Of 100 households, how many must know the new name for it to leave as much as the known one?"""
    return 100 * cases.known_needed(cookers)


@of_100_must_know.mistake("That covers the launch alone. The known name leaves something, too, and without a launch.")
def _(cookers):
    new = cookers.names["new"]
    return 100 * new.launch / (new.would_buy / new.asked * cookers.households * cookers.margin)


@of_100_must_know.mistake("That leaves out the launch.")
def _(cookers):
    new = cookers.names["new"]
    return 100 * cases.name_leaves(cookers, "old") / (new.would_buy / new.asked * cookers.households * cookers.margin)


@sorting(
    "C18.5",
    minutes=3,
    covers=["S102"],
    piles={"differs": "Told, and it differs", "same": "Told, and it is the same", "not_told": "Not told"},
    cards={
        "taxi": Card("The maker's earlier car was a taxi", "same", "In both stories. That is what makes them worth comparing."),
        "name": Card("The name of the new car", "differs", "Known here, new there: the difference that the story is about."),
        "city": Card("The city", "differs", "Beijing and Shanghai.",
            {"same": "One was the taxi of Beijing, the other of Shanghai."}),
        "price": Card("The price of the new car", "not_told", "A dearer car is bought by other people, for other reasons."),
        "year": Card("The year in which it came out", "not_told", "Who could afford a car changed from year to year."),
        "abroad": Card("Whether the new name was known elsewhere", "not_told", "It was: Passat was sold in Europe long before. “New” is new in that market.",
            {"differs": "It does differ, and the story does not tell it."}),
        "sold": Card("How many were sold", "not_told", "“People would not buy” and “a very good result” are no numbers.",
            {"differs": "The result is told in words, and no number of either."}),
    },
    hints=["Read the story once more, and ask for each line whether it says it of both cars."],
    means="Two cases that differ in several things at once are no experiment. Whichever of them you like can be made the cause.",
)  # fmt: skip
def what_differs():
    """Which differences between the two cars does the story tell?"""


_LEAVES = "In the first year the known name leaves {old} yuan, the addition {sub}, the new name {new}."


@exercise(
    "C18.6",
    minutes=2,
    kind="judge",
    covers=["S102"],
    options={
        "old": Option("The known name", f"Yes. {_LEAVES}", f"{_LEAVES} The image costs more here than the launch of a name."),
        "sub": Option("The known name with an addition", f"Yes. {_LEAVES}", f"{_LEAVES} The addition takes part of the image along and needs a launch as well."),
        "new": Option("A new name", f"Yes. {_LEAVES}", f"{_LEAVES} Here the image does too little harm for the price of making a name known."),
    },
    means="One year is the near side of it. A new name is paid once, an image is paid every year; ask for three years before you sign.",
)
def which_name(cookers):
    """Under which name does the new line leave most in its first year?"""
    return cases.best_name(cookers)


@which_name.facts
def _(cookers):
    return {name: words.number(cases.name_leaves(cookers, name)) for name in cases.NAMES}


# ---------------------------------------------------------------- C16


@exercise(
    "C16.1",
    minutes=2,
    spreadsheet=True,
    digits=1,
    covers=["S101"],
    hints=["Count the rows of each person, then take the mean.", '`lists.groupby("person").size().mean()`'],
    means="Nobody chooses among all brands. People choose among the few that come to mind.",
)
def names_a_head(lists):
    """How many brands does a person write down on average?"""
    return lists.groupby("person").size().mean()


@names_a_head.mistake("That is how many different brands all of them know together.")
def _(lists):
    return float(lists["brand"].nunique())


@names_a_head.mistake("That is the longest list.")
def _(lists):
    return float(lists.groupby("person").size().max())


_DAIRY = "To be seen more brings {seen} yuan after its cost, better milk {better}, the shelf of its own {shelf}."


@exercise(
    "C16.2",
    minutes=1.5,
    kind="judge",
    covers=["S101"],
    options={
        "seen": Option("Be seen more, so that more people name us", f"Yes. {_DAIRY}", f"{_DAIRY} Most of the town names the dairy already, and does not choose it."),
        "better": Option("Better milk, so that more of those who name us choose us", f"Yes. {_DAIRY}", f"{_DAIRY} Better milk convinces those who think of it, and they are few."),
        "shelf": Option("A shelf of our own, where nobody has to remember", f"Yes. {_DAIRY}", f"{_DAIRY} The kiosks are few."),
    },
    means="Who is bought is a product: named, and chosen among those named. Spend where the weaker factor is.",
)
def where_to_spend(dairy):
    """Where does the dairy's money bring most?"""
    ways = cases.dairy_ways(dairy)
    return max(ways, key=ways.get)


@where_to_spend.facts
def _(dairy):
    return {name: words.number(value) for name, value in cases.dairy_ways(dairy).items()}


# ---------------------------------------------------------------- C17


@exercise(
    "C17.1",
    minutes=2,
    spreadsheet=True,
    digits=0,
    covers=["S101"],
    hints=["A premium is what is paid *above* the ordinary price.", "Forty times the price is the ordinary one and 39 more."],
    means="A premium counts from the ordinary price on. And 5 to 40 times are eight-fold apart: this is no single product.",
)
def premium_of_the_dearest():
    """A bicycle costs 40 times an ordinary one. How large is the premium, in per cent?"""
    return 100.0 * (case_worlds.TIMES_ORDINARY[1] - 1)


@premium_of_the_dearest.mistake("That counts the ordinary price as premium, too. Take it off once.")
def _():
    return 100.0 * case_worlds.TIMES_ORDINARY[1]


@premium_of_the_dearest.mistake("That is the premium of the cheapest of them, at five times.")
def _():
    return 100.0 * (case_worlds.TIMES_ORDINARY[0] - 1)


_SHARE = "The known make costs {whole} more; at equal parts {name} are left ({low} to {high}). So the name explains about {share} of 100."


@exercise(
    "C17.2",
    minutes=2,
    kind="judge",
    covers=["S101"],
    options={
        "name": Option("Mostly the name", f"Yes. {_SHARE}", f"{_SHARE} Most of it is better parts."),
        "half": Option("About half and half", f"Yes. {_SHARE}", f"{_SHARE} That is not half."),
        "parts": Option("Mostly better parts", f"Yes. {_SHARE}", f"{_SHARE} Most of it is the name."),
    },
    means="Equal parts alone can tell. What the list does not hold (paint, service, a warranty) is still counted with the name.",
)
def name_or_parts(premium):
    """What is the premium of the known make in this price list?"""
    return "parts" if premium.share < 1 / 3 else "name" if premium.share > 2 / 3 else "half"


@name_or_parts.facts
def _(premium):
    shares = {name: words.percent(getattr(premium, name)) for name in ("whole", "name", "low", "high")}
    return shares | {"share": f"{100 * premium.share:.0f}"}


# ---------------------------------------------------------------- C37


@exercise(
    "C37.1",
    minutes=2.5,
    spreadsheet=True,
    digits=0,
    covers=["S99"],
    hints=["Each month sells a fixed share of the month before.", "In a spreadsheet: 36 rows, each the row above times the share; then SUM."],
    means="A fashion that fades has a sum, however long one waits. If the moulds cost more than that, no patience helps.",
)
def pieces_in_three_years(kettle):
    """How many kettles are sold in 36 months?"""
    return cases.pieces_in(kettle, cases.MONTHS)


@pieces_in_three_years.mistake("That is a fashion that never fades: each month like the first.")
def _(kettle):
    return float(kettle.pieces * cases.MONTHS)


@pieces_in_three_years.mistake("You stopped after a year. Count all 36 months.")
def _(kettle):
    return cases.pieces_in(kettle, 12)


_KETTLE = "After 36 months the whole series leaves {series} yuan, the small batch {batch}."


@exercise(
    "C37.2",
    minutes=1.5,
    kind="judge",
    covers=["S99"],
    options={
        "series": Option("The whole series", f"Yes. {_KETTLE}", f"{_KETTLE} The fashion fades before the moulds are paid as well as in the small batch."),
        "batch": Option("A small batch first", f"Yes. {_KETTLE}", f"{_KETTLE} The fashion lasts long enough here for the whole series."),
        "none": Option("Neither", f"Yes. {_KETTLE}", f"{_KETTLE} Something is left, so neither is too careful."),
    },
    means="The answer hangs on one number that nobody knows beforehand: how fast it fades. The small batch buys that number.",
)
def how_many_moulds(kettle):
    """Which way leaves most?"""
    ways = cases.kettle_ways(kettle)
    return max(ways, key=ways.get)


@how_many_moulds.facts
def _(kettle):
    return {name: words.number(value) for name, value in cases.kettle_ways(kettle).items()}
