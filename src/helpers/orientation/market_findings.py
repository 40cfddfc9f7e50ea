"""What markets show, in sentences whose numbers come from the shares."""

from __future__ import annotations

from helpers import words
from helpers.orientation.market_figures import in_words
from helpers.orientation.markets import (
    MANY_TO_MANY,
    MARKETS,
    ONE_TO_ONE,
    OWN_PRICE,
    REGULATORS,
    SELLER_HOUR,
    STRUCTURES,
    Market,
    concentration,
    level,
    minutes_of_talk,
    structure,
    with_first_at,
)

_HHI_WORDS = {"low": "not concentrated", "moderate": "moderately concentrated", "high": "highly concentrated"}


def levels() -> str:
    """From where regulators call a market concentrated."""
    said = [
        f"{name}: moderate from {words.number(moderate)}, high above {words.number(high)}"
        for name, (moderate, high) in REGULATORS.items()
    ]
    return f"A regulator looks at the square of every share instead. Its levels, as published ({'; '.join(said)})."


def rule() -> str:
    """How a market is given one of the four structures here."""
    return (
        "The source gives no measure, so this rule is ours. A licence makes an **administrative monopoly**. Few hands make an "
        f"**oligopoly**: an HHI above {words.number(REGULATORS['United States, 2023'][1])}, or one above "
        f"{words.number(REGULATORS['United States, 2023'][0])} where all sell at one price. Of the rest, sellers with prices of their own "
        f"(the dearest at least {OWN_PRICE:g} times the cheapest) are in **monopolistic competition**, the others in **perfect "
        f"competition**."
    )


def evidence(market: Market) -> str:
    """What is known of a market besides its shares."""
    licence = "Only licensed firms may sell." if market.licence else "Anybody may sell."
    times = f"{market.price_spread:g} times the cheapest" if market.price_spread >= OWN_PRICE else "hardly more than the cheapest"
    return f"The market is {words.plain(market.name)}, invented. {licence} For the same amount the dearest costs {times}."


def four_largest(market: Market) -> str:
    """The four largest shares, added up where the reader can see it."""
    found = concentration(market.shares)
    largest = sorted(market.shares, reverse=True)[:4]
    return (
        f"Here the four largest have {' + '.join(f'{share:g}' for share in largest)} = **{found.cr4:g}** of 100. That is "
        f"**CR4**, the share "
        f"of the four largest. It does not say whether one of them has most of it."
    )


def market_at(key: str, *, first: float) -> str:
    """The sentence under the playground of markets."""
    market = MARKETS[key]
    found = concentration(with_first_at(market.shares, 100 * first))
    kind = structure(found, licence=market.licence, price_spread=market.price_spread)
    return (
        f"With firm A at {words.percent(first)}, the four largest sell {found.cr4:.0f}% and the HHI is {words.number(found.hhi)}: "
        f"{_HHI_WORDS[level(found.hhi)]}, as if {words.number(found.as_if, digits=1)} firms of equal size shared it. "
        f"By our rule: **{STRUCTURES[kind]}**."
    )


def market_facts(market: Market) -> dict[str, str]:
    """What the options of the judgement on a market are filled with."""
    found = concentration(market.shares)
    return {
        "market": market.name,
        "hhi": words.number(found.hhi),
        "level": _HHI_WORDS[level(found.hhi)],
        "cr4": f"{found.cr4:.0f}%",
        "sellers": words.count(found.sellers, "seller"),
        "largest": f"{found.largest:.0f}%",
        "spread": f"{market.price_spread:g} times",
        "licence": "only licensed firms may sell" if market.licence else "nobody needs a licence",
    }


def talk(*, share: float, years: int) -> str:
    """The sentence under the playground of talk."""
    now = minutes_of_talk(share=share, years=years)
    one = minutes_of_talk(share=share)
    moved = now.loc[(now["way"] != one["way"]).to_numpy(), "product"].tolist()
    counts = now["way"].value_counts()
    said = [f"{words.count(int(counts[way]), 'product')} {way}" for way in ("one to many", "one to one", "many to many") if way in counts]
    first = (
        f"With an hour of a seller at {SELLER_HOUR:g} yuan and {words.percent(share)} of the margin for selling: {words.listing(said)} "
        f"(talk with each buyer from {in_words(ONE_TO_ONE)} on, a team from {in_words(MANY_TO_MANY)} on)."
    )
    if years:
        return (
            f"{first} Counting {words.count(years, 'year')} of one customer in place of one sale makes room to talk with buyers of: "
            f"**{words.listing(moved) or 'nothing more'}**."
        )
    return f"{first} A bottle of water pays for {in_words(float(now.loc[0, 'minutes']))}."
