"""The public tables orders, customers and products, from what happened.

To add a table: write a function that takes a `History` and returns a frame with
money in columns named `<name>_minor`, draw its random numbers from a purpose of
its own (`history.dice.table("reviews", ...)`), and add it to `BUILDERS` in
`world.py`. The other tables keep their bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from helpers.simulate import catalogue as shop
from helpers.simulate import life, people, responses, text, till, waking
from helpers.simulate import stories as planted
from helpers.simulate.dice import Dice
from helpers.simulate.numbers import OrderNumbers

RESTATED_DAYS = 14
"""Lines of the last fortnight before an export may still be cancelled in the next one."""
POSTAGE_BELOW_FEN = 9_900
FREE_FITTING_FROM_FEN = 100_000
_KINDS = ("sale", "return", "cancellation", "non_product")
SALE, RETURN, CANCELLATION, NON_PRODUCT = range(4)


@dataclass(frozen=True)
class History:
    """Everything that a table may be made from.

    Attributes
    ----------
    dice : Dice
    crowd : People
    life : Life
    receipts : DataFrame
        The till's lines.
    numbers : OrderNumbers
    answers : DataFrame
        The survey's sheets, with what was true of those who answered.
    last_day : int
        Day number of `as_of`.
    exports : tuple of int
        Day numbers of the earlier exports, oldest first.
    actions : tuple of (first day, actions)
        Quarters played.
    stories : Stories
    size : float
        1 for the default company.
    """

    dice: Dice
    crowd: people.People
    life: life.Life
    receipts: pd.DataFrame
    numbers: OrderNumbers
    answers: pd.DataFrame
    last_day: int
    exports: tuple[int, ...]
    actions: tuple[tuple[int, np.ndarray], ...]
    stories: planted.Stories
    size: float

    @property
    def known(self) -> np.ndarray:
        """Whether each person is a customer by now."""
        return self.life.came & (self.crowd.join_day <= self.last_day)

    @cached_property
    def held(self) -> pd.DataFrame:
        """The contracts, as `contracts.book` gives them: three tables are made from them."""
        from helpers.simulate import contracts

        return contracts.book(self)


def orders(history: History) -> pd.DataFrame:
    """Order lines: sales, gifts, cancellations, returns, fees, and a few exact repeats."""
    lines = _numbered(history)
    parts = [_sales(history, lines), _returns(history, lines), _fees(lines)]
    rows = pd.concat(parts, ignore_index=True)
    # Exact repeats, as a till that sends a line twice makes them.
    rows = pd.concat([rows, rows[rows["repeated"]]], ignore_index=True)
    rows["ordered_at"] = text.moments(rows["day"], rows["minute"])
    rows = rows.sort_values(["ordered_at", "order_id", "slot", "rank"], kind="stable")
    goods = shop.catalogue()
    store = rows["store"].to_numpy()
    channel = np.select([store == shop.ONLINE, store == shop.HOTLINE], ["online", "hotline"], "shop")
    card = rows["card"].to_numpy()
    return pd.DataFrame(
        {
            "order_id": rows["order_id"].to_numpy(),
            "customer_id": np.where(card > 0, people.customer_ids(card), ""),
            "ordered_at": rows["ordered_at"].to_numpy(),
            "amount_minor": rows["amount_fen"].to_numpy(),
            "quantity": rows["quantity"].to_numpy(),
            "list_price_minor": goods.price_fen[rows["product"]],
            "margin_minor": rows["margin_fen"].to_numpy(),
            "product_id": goods.product_id[rows["product"]],
            "store_id": np.array(shop.STORES)[store],
            "channel": channel,
            "region": np.array(shop.CITIES)[rows["city"]],
            "campaign_id": _campaign(history, rows),
            "sales_behaviour": np.array(shop.BEHAVIOURS)[rows["behaviour"]],
            "kind": np.array(_KINDS)[rows["rank"]],
        }
    )


def _numbered(history: History) -> pd.DataFrame:
    """All lines, of people and of the till, with card and order number."""
    own = history.life.lines
    own = own.assign(
        card=own["person"] + people.FIRST_NUMBER,
        number=history.numbers.of_people(own["person"], own["day"]),
    )
    receipts = history.receipts
    # The first lines of the receipts of a day, counted from zero.
    place = receipts.groupby("day")["first"].cumsum() - 1
    receipts = receipts.assign(person=-1, number=history.numbers.of_receipts(place))
    shared = [name for name in own.columns if name in receipts.columns]
    lines = pd.concat([own[shared], receipts[shared]], ignore_index=True)
    lines["order_id"] = history.numbers.text("O", lines["day"], lines["number"])
    return lines


def _sales(history: History, lines: pd.DataFrame) -> pd.DataFrame:
    """Lines as they were sold, or called off."""
    off = lines["cancelled"].to_numpy().copy()
    day = lines["day"].to_numpy()
    for export in history.exports:
        fresh = (day > export - RESTATED_DAYS) & (day <= export)
        off |= fresh & lines["restated"].to_numpy()
    return lines.assign(
        rank=np.where(off, CANCELLATION, SALE), repeated=lines["repeated"] & ~off
    )


def _returns(history: History, lines: pd.DataFrame) -> pd.DataFrame:
    """Lines given back, days later, under the number of their order."""
    back = lines[(lines["returned"] > 0) & (lines["return_day"] <= history.last_day)]
    each = back["quantity"]
    return back.assign(
        day=back["return_day"],
        # Some time while the desk is open, fixed by the time of the sale.
        minute=600 + back["minute"] * 7 % 600,
        quantity=-back["returned"],
        amount_fen=-back["amount_fen"] // each * back["returned"],
        margin_fen=-back["margin_fen"] // each * back["returned"],
        rank=RETURN,
        repeated=False,
    )


def _fees(lines: pd.DataFrame) -> pd.DataFrame:
    """Postage on small parcels and a fee where the company installs: not products."""
    goods = shop.catalogue()
    sold = lines[~lines["cancelled"]]
    total = sold.groupby("order_id")["amount_fen"].transform("sum")
    fitted = pd.Series(goods.installed[sold["product"]], index=sold.index)
    fitted &= (sold["behaviour"] != shop.INSTALLER_REFERRAL) & (sold["store"] < shop.HOTLINE)
    fitted &= sold["amount_fen"] < FREE_FITTING_FROM_FEN
    posted = sold[sold["first"] & (sold["store"] >= shop.ONLINE) & (total < POSTAGE_BELOW_FEN)]
    installed = sold[sold["first"] & fitted.groupby(sold["order_id"]).transform("any")]
    parts = []
    for rows, product, slot in ((posted, goods.postage, 7), (installed, goods.installation_fee, 8)):
        price, cost = int(goods.price_fen[product]), int(goods.cost_fen[product])
        parts.append(
            rows.assign(
                product=product,
                slot=slot,
                quantity=1,
                amount_fen=price,
                margin_fen=price - cost,
                rank=NON_PRODUCT,
                repeated=False,
            )
        )
    return pd.concat(parts, ignore_index=True)


def _campaign(history: History, rows: pd.DataFrame) -> np.ndarray:
    """The promotion of the month, or the action that an order answered."""
    month = text.iso_days(rows["day"])
    named = np.array([f"P{date[2:4]}{date[5:7]}" for date in month], dtype=object)
    named[(rows["behaviour"] != shop.PROMOTION).to_numpy()] = ""
    action = rows["action"].to_numpy()
    slot = rows["slot"].to_numpy()
    first_days = np.array([waking.FIRST_DAY, *(first for first, _ in history.actions)])
    began = first_days[np.maximum(np.searchsorted(first_days, rows["day"].to_numpy(), side="right") - 1, 0)]
    quarter = text.iso_days(began)
    for place, name, by_line in (
        (responses.COUPON, "COUPON", np.ones(len(rows), dtype=bool)),
        (responses.OFFER, "BUNDLE", slot == 4),
    ):
        for at in np.flatnonzero((action == place) & by_line):
            month = f"{quarter[at][2:4]}{quarter[at][5:7]}"
            named[at] = waking.CAMPAIGN if began[at] == waking.FIRST_DAY else f"{name}-{month}"
    return named


def customers(history: History) -> pd.DataFrame:
    """Everybody with a customer card: people, staff, and the walk-in card."""
    from helpers.simulate.identities import codes
    from helpers.simulate.loyalty import programme

    crowd, known = history.crowd, history.known
    place = np.flatnonzero(known)
    referrer = crowd.referrer[place]
    has_referrer = (referrer >= 0) & known[referrer]
    persons = pd.DataFrame(
        {
            "customer_id": people.ids_of(place),
            "joined_on": text.moments(crowd.join_day[place], np.zeros(len(place))),
            "acquisition_route": np.array(people.ROUTES)[crowd.route[place]],
            "acquisition_cost_minor": pd.array(crowd.acquisition_cost_fen[place], dtype="Int64"),
            "referrer_id": np.where(has_referrer, people.ids_of(referrer), ""),
            "city": np.array(shop.CITIES)[crowd.city[place]],
            "birth_year": pd.array(crowd.birth_year[place], dtype="Int64"),
            "background": crowd.background[place],
            "consent": crowd.consent[place],
            "kind": "person",
            **codes(history, place),
            **programme(history, place),
        }
    )
    cards = [(number, "staff") for number in till.STAFF_NUMBERS]
    if (history.receipts["card"] == till.WALK_IN_NUMBER).any():
        cards = [(till.WALK_IN_NUMBER, "walk_in"), *cards]
    others = pd.DataFrame(
        {
            "customer_id": people.customer_ids([number for number, _ in cards]),
            "joined_on": text.moments(np.full(len(cards), -1247), np.zeros(len(cards))),
            "acquisition_route": "",
            "acquisition_cost_minor": pd.array([pd.NA] * len(cards), dtype="Int64"),
            "referrer_id": "",
            "city": "",
            "birth_year": pd.array([pd.NA] * len(cards), dtype="Int64"),
            "background": "",
            "consent": False,
            "kind": [kind for _, kind in cards],
            "phone_code": "",
            "address_code": "",
            "tier": "",
            "points": pd.array([pd.NA] * len(cards), dtype="Int64"),
            "benefit_cost_minor": pd.array([pd.NA] * len(cards), dtype="Int64"),
        }
    )
    return pd.concat([others, persons], ignore_index=True)


def products(history: History) -> pd.DataFrame:
    """The catalogue, as far as it was on sale by `as_of`."""
    goods = shop.catalogue()
    launch = np.zeros(len(goods.product_id), dtype=int)
    design, generation = np.nonzero(goods.product_of >= 0)
    launch[goods.product_of[design, generation]] = goods.launched[design, generation]
    on_sale = launch <= history.last_day
    line = np.array([*shop.LINES, ""])[goods.line]
    return pd.DataFrame(
        {
            "product_id": goods.product_id,
            "name": goods.name,
            "line": line,
            "class": goods.cls,
            "brand": goods.brand,
            "price_minor": goods.price_fen,
            "cost_minor": goods.cost_fen,
            "generation": goods.generation,
        }
    )[on_sale].reset_index(drop=True)
