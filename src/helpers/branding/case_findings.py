"""What the cases of branding found, in sentences whose numbers come from the data. Money in yuan."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from helpers import words
from helpers.branding import cases
from helpers.branding.case_worlds import TIMES_ORDINARY, Cookers, Dairy, Kettle, Shoes
from helpers.branding.cases import AfterComplaint, NamePremium
from helpers.branding.stretch import Stretch
from helpers.stats import uplift
from helpers.withheld import silent_when_withheld


def shop_says(shoes: Shoes) -> str:
    """What the shoe shop's books and guesses say."""
    return (
        f"Of 100 pairs, {shoes.claims['two_years']:g} would come back under a promise for two years, {shoes.claims['lifetime']:g} for life, and {shoes.claims['factory']:g} from people who insist "
        f"although they are sent to the factory. A repair costs {shoes.repair} yuan, and a pair leaves {shoes.margin}. Because of the promise {shoes.again['two_years']:g} more of 100 buyers would take their next pair here with "
        f"two years, and {shoes.again['lifetime']:g} for life: so the owner supposes."
    )


def promise(*, claims: int, again: int) -> str:
    """The account of the playground in words."""
    shoes = Shoes()
    found = cases.promise_accounts(
        replace(shoes, claims={**shoes.claims, "lifetime": float(claims)}, again={**shoes.again, "lifetime": float(again)})
    )["lifetime"]
    return (
        f"Of 100 pairs {claims} come back and cost {words.number(found.costs)} yuan; {again} buyers more bring {words.number(found.brings)}. "
        f"That leaves **{words.number(found.left)} yuan**. It costs what it brings at {found.break_even:.0f} claims."
    )


@silent_when_withheld
def after_complaints(found: AfterComplaint) -> str:
    """Whether those whose complaint was settled order more often afterwards."""
    gap = found.difference
    sure = gap.low > 0 or gap.high < 0
    return (
        f"Of 100 customers whose complaint was settled, {100 * found.settled.value:.0f} ordered again within {cases.LATER_DAYS} days; of 100 whose complaint was not, {100 * found.unsettled.value:.0f}. "
        f"The difference is {100 * gap.value:+.0f} (95% interval {100 * gap.low:.0f} to {100 * gap.high:.0f}), {'beyond chance' if sure else 'which may be chance'}. "
        "Nobody drew lots over who got a repair, so it is a sign and no proof of what settling does."
    ).replace("-", "−")


def survey_says(cookers: Cookers) -> str:
    """What was asked, and what each name would need."""
    parts = [
        f"{one.asked} saw the {label}" for label, one in zip(("known name", "known name with an addition", "new name"), (cookers.names[name] for name in cases.NAMES), strict=True)
    ]
    new, sub = cookers.names["new"], cookers.names["sub"]
    return (
        f"A lot decided which name stood under the same picture: {words.listing(parts)}. {words.number(cookers.households)} households will buy a cooker in the year, and one leaves {cookers.margin} yuan. "
        f"After a year {100 * cookers.names['old'].known:.0f} of 100 households would know the known name, {100 * sub.known:.0f} the addition (for {words.number(sub.launch)} yuan) and {100 * new.known:.0f} the new name "
        f"(for {words.number(new.launch)}): so the agency says."
    )


def names(cookers: Cookers) -> str:
    """What the lot found."""
    table = cases.name_table(cookers).set_index("name")
    old, new = table.loc["old"], table.loc["new"]
    apart = old["buy_high"] < new["buy_low"]
    return (
        f"**{100 * old['canteen']:.0f} of 100 think of a canteen at the known name**, {100 * new['canteen']:.0f} at the new one. {100 * old['buy']:.0f} of 100 would buy under the known name "
        f"({100 * old['buy_low']:.0f} to {100 * old['buy_high']:.0f}), {100 * new['buy']:.0f} under the new one ({100 * new['buy_low']:.0f} to {100 * new['buy_high']:.0f})"
        + ("; the intervals lie apart. What people say they would buy is more than they will buy, under each name alike." if apart else "; that may be chance.")
    )


def launch(*, known: float, millions: float) -> str:
    """Which name leaves most, with this launch."""
    cookers = cases.with_new_name(Cookers(), known=known, launch=1e6 * millions)
    best, need = cases.best_name(cookers), cases.known_needed(cookers)
    named = {"old": "the known name", "sub": "the known name with an addition", "new": "the new name"}[best]
    return f"Most is left with **{named}**. For the new name to leave as much as the known one, {100 * need:.0f} of 100 households must know it after a year" + (
        "; that cannot be." if need > 1 else "."
    )


@silent_when_withheld
def own_lines(found: Stretch) -> str:
    """How new lines fit the own name."""
    table = found.table
    best, worst = table.iloc[0], table.iloc[-1]
    text = (
        f"Of {words.count(len(table), 'line')} that people were asked about, {words.plain(best['line'])} fits best ({best['fit']:.1f} of 10, {best['low']:.1f} to {best['high']:.1f}) and "
        f"{words.plain(worst['line'])} least ({worst['fit']:.1f}, {worst['low']:.1f} to {worst['high']:.1f})."
    )
    if found.too_far:
        text += f" {words.listing([words.plain(one) for one in found.too_far]).capitalize()} lies below the middle beyond chance: there the name stretches too far, and the question of this case is open."
    return text


def recall(lists: pd.DataFrame) -> str:
    """What the class wrote down."""
    sizes = lists.groupby("person").size()
    together = cases.union_of(lists)
    first = lists[lists["place"] == 1]["brand"].value_counts()
    three = first.head(3).sum() / len(sizes)
    return (
        f"{len(sizes)} people wrote {sizes.mean():.1f} brands each; {(sizes > 7).sum()} wrote more than seven. Together they know {together.iloc[-1]}. "
        f"**{100 * three:.0f} of 100 first places went to three brands.**"
    )


def dairy_says(dairy: Dairy) -> str:
    """Where the small dairy stands."""
    return (
        f"{words.number(dairy.buyers)} people in the town buy milk. {100 * dairy.recalled:.0f} of 100 name the dairy when asked, and {100 * dairy.chosen:.0f} of 100 who name it buy it. For {words.number(dairy.cost)} yuan it can be seen "
        f"more ({100 * dairy.to_recalled:.0f} of 100 would name it), make better milk ({100 * dairy.to_chosen:.0f} of 100 who name it would buy it), or have a shelf of its own in kiosks ({dairy.own_shelf} buyers more). A buyer leaves {dairy.margin} yuan a year."
    )


def bicycles(premium: NamePremium) -> str:
    """The premium taken apart."""
    return (
        f"The known make costs {words.percent(premium.whole)} more than the others. At equal frame, gears and brakes **{words.percent(premium.name)}** are left ({words.percent(premium.low)} to {words.percent(premium.high)}). "
        f"The source's \"{TIMES_ORDINARY[0]} to {TIMES_ORDINARY[1]} times\" compares a bicycle with another one; only equal parts say what a name is worth."
    )


def kettle_says(kettle: Kettle) -> str:
    """What the kettle costs and leaves."""
    return (
        f"Moulds for the whole series cost {words.number(kettle.tooling)} yuan, and a kettle leaves {kettle.margin}. A small batch costs a third of that, and a kettle leaves {kettle.small_margin}. "
        f"{kettle.pieces} would be sold in the first month; the head of purchasing expects each month to sell {100 * kettle.keeps:.0f} of 100 of the month before."
    )


def fashion(*, keeps: float) -> str:
    """Which way leaves most, by how fast it fades."""
    ways = cases.kettle_ways(Kettle(keeps=keeps))
    best = max(ways, key=ways.get)
    named = {"series": "the whole series", "batch": "a small batch", "none": "neither"}[best]
    return f"With {100 * keeps:.0f} of 100 of the month before, {named} leaves most: series {words.number(ways['series'])} yuan, batch {words.number(ways['batch'])}."


STAYS_ANYWAY = 0.30
"""Share of shoe buyers who take their next pair in the same shop without any promise: an assumption of case C15."""


def trial(points: int) -> str:
    """How many pairs a trial takes that finds so many more of 100 buyers who come back."""
    on, off = uplift.sample_size(STAYS_ANYWAY, STAYS_ANYWAY + points / 100)
    return f"To find {points} more of 100: **{words.number(on)} pairs** sold under the promise, and {words.number(off)} without."


def years(cookers: Cookers, number: int) -> str:
    """What each name leaves over some years, if the launch is paid once."""
    left = {name: cases.name_leaves_over(cookers, name, years=number) / 1e6 for name in cases.NAMES}
    best = max(left, key=left.get)
    named = {"old": "the known name", "sub": "the addition", "new": "the new name"}
    says = ", ".join(f"{named[name]} {value:.1f}" for name, value in left.items())
    return f"Over {words.count(number, 'year')}, in million yuan: {says}. Most: **{named[best]}**."
