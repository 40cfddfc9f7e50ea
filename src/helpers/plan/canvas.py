"""The whole on one page: strategy, tactics and customer operation (STP + 4P + CRM), the loop that joins them, and strengths and threats with their evidence."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers import words
from helpers.plan.evidence import Evidence
from helpers.plan.gaps import place_in_words
from helpers.withheld import passes_on_withheld

MISSING = "no evidence yet"
INSIDE, OUTSIDE = "inside", "outside"
STRENGTH, WEAKNESS, OPPORTUNITY, THREAT = "strength", "weakness", "opportunity", "threat"
QUADRANTS = {STRENGTH: INSIDE, WEAKNESS: INSIDE, OPPORTUNITY: OUTSIDE, THREAT: OUTSIDE}
DEPARTMENTS = pd.DataFrame(
    [
        ("marketing (市场部)", "who our customers are, what they need, what we promise", "STP", "share of the target group that knows and considers us"),
        ("sales (销售部)", "the product, its price, where it is sold, the order", "4P", "orders of 100 talks, and what is left of each"),
        ("service (客服部)", "requests, trouble, relations, coming back", "CRM", "matters settled at the first attempt, of 100; customers who stay"),
    ],
    columns=["department", "answers_for", "part", "metric"],
)
"""Three departments and their missions (S122)."""


@passes_on_withheld
def canvas(evidence: Evidence) -> pd.DataFrame:
    """Ten cells, each filled from a report: `part` (STP, 4P, CRM), `cell`, `says`, `report`; "no evidence yet" where none speaks of it.

    Parameters
    ----------
    evidence : Evidence
    """
    cells: list[tuple[str, str, str, Callable[[Evidence], str | None]]] = [
        ("STP", "segments (市场细分)", "03b", _segments),
        ("STP", "target group (目标群体)", "03b", lambda e: _text(e, "03b", "target_group")),
        ("STP", "position (产品定位)", "06", _position),
        ("4P", "product (产品)", "02", _product),
        ("4P", "price (价格)", "02", _price),
        ("4P", "place (渠道)", "01a", lambda e: _text(e, "01a", "break_at", "breaks at {}")),
        ("4P", "promotion (推广)", "04", _promotion),
        ("CRM", "attract (引流)", "00a", _attract),
        ("CRM", "close (成交)", "05a", lambda e: _text(e, "05a", "narrowest_gate", "most talks end at the doubt {}")),
        ("CRM", "retain (留存)", "07a", _retain),
    ]
    rows = []
    for part, cell, report, says in cells:
        said = says(evidence)
        rows.append((part, cell, said or MISSING, report if said else ""))
    return pd.DataFrame(rows, columns=["part", "cell", "says", "report"])


def filled(cells: pd.DataFrame) -> int:
    """How many cells have evidence."""
    return int((cells["says"] != MISSING).sum())


def _text(evidence: Evidence, lesson: str, key: str, template: str = "{}") -> str | None:
    value = evidence.value(lesson, key)
    return None if value is None else template.format(str(value).replace("_", " "))


def _segments(evidence: Evidence) -> str | None:
    groups = evidence.value("03b", "groups")
    if groups is not None:
        return f"{words.count(groups, 'group')} by what people do"
    vips, buyers = evidence.value("03a", "vips"), evidence.value("03a", "buyers")
    return None if vips is None else f"by worth: {words.count(vips, 'VIP')} among {words.count(buyers, 'buyer')}"


def _position(evidence: Evidence) -> str | None:
    leaking, stretched = evidence.value("06", "leaking_promise"), evidence.value("06", "stretches_too_far")
    if leaking is None and stretched is None:
        return None
    said = [f"not kept: {str(leaking).replace('_', ' ')}"] if leaking else []
    return "; ".join([*said, *([f"too far: {stretched}"] if stretched else [])])


def _product(evidence: Evidence) -> str | None:
    unserved = evidence.value("02", "needs_unserved")
    return None if unserved is None else f"{words.count(unserved, 'important need')} that nobody serves"


def _price(evidence: Evidence) -> str | None:
    band = evidence.values("02", "price_pmc_minor", "price_pme_minor")
    if band is None:
        return None
    return f"accepted from {words.money(band[0], code=evidence.code)} to {words.money(band[1], code=evidence.code)}"


def _promotion(evidence: Evidence) -> str | None:
    proven = evidence.value("04", "proven_arms")
    if proven is not None:
        return f"shown to work: {proven}"
    return None if evidence.value("04", "came_anyway") is None else "nothing shown to work"


def _attract(evidence: Evidence) -> str | None:
    new, route = evidence.value("00a", "new_customers"), evidence.value("00a", "route_that_grew_most")
    if new is None:
        return None
    return f"{words.count(new, 'new customer')}" + (f", most more by {route}" if route else "")


def _retain(evidence: Evidence) -> str | None:
    for key, what in (("churn_yearly", "contracts leave"), ("churn_by_silence", "fall silent")):
        share = evidence.value("07a", key)
        if share is not None:
            return f"{words.in_100(share)} {what} in a year"
    back = evidence.value("00a", "old_share_back")
    return None if back is None else f"{words.in_100(back)} came back"


# ---------------------------------------------------------------- the loop


@passes_on_withheld
def loop(evidence: Evidence, *, moves: int = 0) -> pd.DataFrame:
    """The loop of sales, marketing and service (一体化) with the number at each of its steps: `step`, `number`, `report`.

    Parameters
    ----------
    evidence : Evidence
    moves : int
        Moves that the plan has chosen.
    """
    judged = evidence.value("04", "trial_hold_out")
    unsettled = evidence.value("01b", "kept_share")
    return pd.DataFrame(
        [
            ("1. Know", f"{words.count(len(evidence.lessons), 'report')} read", "all"),
            ("2. Plan and do", f"{words.count(moves, 'move')}; {words.count(evidence.to_contact(), 'customer')} to contact", "08"),
            ("3. Serve", f"{words.in_100(unsettled)} matters settled in the first hand" if unsettled is not None else MISSING, "01b" if unsettled is not None else ""),
            ("4. Judge", f"{words.count(judged, 'customer')} left alone by lot" if judged is not None else "no campaign with a hold-out", "04" if judged is not None else ""),
        ],
        columns=["step", "number", "report"],
    )


# ---------------------------------------------------------------- strengths, weaknesses, opportunities, threats


@passes_on_withheld
def swot(evidence: Evidence) -> pd.DataFrame:
    """What the reports say of strengths, weaknesses, opportunities and threats: `kind`, `where`, `says`, `report`.

    Inside is what a decision of our own could change; outside is what we can
    only use or prepare for.
    """
    code = evidence.code
    rows: list[tuple[str, str, str]] = []

    def add(kind: str, lesson: str, key: str, says: Callable[[object], str | None]) -> None:
        value = evidence.value(lesson, key)
        said = None if value is None else says(value)
        if said:
            rows.append((kind, said, lesson))

    add(STRENGTH, "03a", "top_20_share", lambda share: f"The best 20 of 100 buyers bring {words.percent(share)} of the money, and we know their names")
    add(STRENGTH, "04", "proven_arms", lambda arms_: f"A way to wake sleepers has been shown to work: {arms_}")
    add(STRENGTH, "07b", "offer_saved", lambda saved: f"An offer holds {words.in_100(saved)} of those who still come" if saved > 0 else None)
    add(STRENGTH, "06", "brand_aided", lambda share: f"{words.in_100(share)} buyers in the market know the name")
    add(WEAKNESS, "01a", "break_at", lambda place: f"Matters get stuck at {place.replace('_', ' ')}")
    add(WEAKNESS, "01a", "reaches_head_office", lambda share: f"Head office hears of {words.in_100(share)} problems" if share < 0.5 else None)
    add(WEAKNESS, "03a", "change_cause", lambda cause: f"Revenue fell at {place_in_words(cause)}")
    add(WEAKNESS, "00a", "old_share_back", lambda share: f"Of 100 old customers {round(100 * share)} came back" if share < 0.6 else None)
    add(WEAKNESS, "06", "leaking_promise", lambda promise: f"A promise is believed and not kept: {promise.replace('_', ' ')}")
    add(WEAKNESS, "02", "needs_misdirected", lambda number: f"{words.count(number, 'need is', 'needs are')} answered with the wrong lever" if number else None)
    add(OPPORTUNITY, "05a", "share_unexplored", lambda share: f"{words.in_100(share)} households have never thought of us")
    add(OPPORTUNITY, "02", "needs_unserved", lambda number: f"{words.count(number, 'important need')} that nobody in the market serves" if number else None)
    add(OPPORTUNITY, "06", "price_premium", lambda share: f"People would pay {words.percent(share)} more for the name" if share > 0 else None)
    add(OPPORTUNITY, "02", "price_pme_minor", lambda price: f"Prices up to {words.money(price, code=code)} are accepted")
    add(THREAT, "05a", "share_refusing", lambda share: f"{words.in_100(share)} households refuse, whatever we say today")
    add(THREAT, "06", "told_bad_each", lambda number: f"Who is disappointed tells {number:.1f} others")
    add(THREAT, "02", "low_price_doubted", lambda doubted: "A price war would breed doubt: too cheap is not believed" if doubted == "yes" else None)
    add(THREAT, "00a", "route_that_grew_most", lambda route: f"Growth hangs on one route, {route}, whose price others set")
    frame = pd.DataFrame([(kind, QUADRANTS[kind], said, lesson) for kind, said, lesson in rows], columns=["kind", "where", "says", "report"])
    order = list(QUADRANTS)
    return frame.sort_values("kind", key=lambda kinds: kinds.map(order.index), kind="stable", ignore_index=True)


def cards() -> pd.DataFrame:
    """Ten statements to sort, about a firm like ours: `statement`, `where` (inside or outside), `kind`."""
    made = [
        ("Our own installers keep nine of ten promises.", STRENGTH),
        ("Fewer flats are built in our cities than last year.", THREAT),
        ("Complaints of shops never reach head office.", WEAKNESS),
        ("Households grow older and want things carried away.", OPPORTUNITY),
        ("We could start a filter subscription.", STRENGTH),
        ("The rival has closed two shops near ours.", OPPORTUNITY),
        ("We do not know who came because of the coupon.", WEAKNESS),
        ("A platform raises its fee for every advert.", THREAT),
        ("The rival installs within 24 hours.", THREAT),
        ("Old appliances may no longer be put out with the rubbish.", OPPORTUNITY),
    ]
    return pd.DataFrame([(says, QUADRANTS[kind], kind) for says, kind in made], columns=["statement", "where", "kind"])
