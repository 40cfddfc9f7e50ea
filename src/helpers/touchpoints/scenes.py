"""Three scenes with invented numbers: a sentence in a shoe shop, a dead charging dock, a desk of telephones. Money in yuan."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from helpers.stats.offers import PercentageOffer, ThresholdOffer
from helpers.touchpoints import queues

THRESHOLD = ThresholdOffer(8000, 20000)
"""80 off per full 200, as in case C04."""
BETTER = PercentageOffer(65)
"""65折: the customer pays 65 of 100."""


@dataclass(frozen=True)
class Shoe:
    """A pair of shoes, two offers and a sentence. The prices are the source's; cost and chances are ours.

    Attributes
    ----------
    price, cost : int
        On the label, and for the shop.
    buys_first, buys_better : float
        Of those who hesitate, the share who buy at the first and at the better offer.
    buys_after : float
        The share who still buy after the sentence.
    said_in : float
        Share of the sales in which somebody says such a thing.
    """

    price: int = 768
    cost: int = 300
    buys_first: float = 0.6
    buys_better: float = 0.9
    buys_after: float = 0.3
    said_in: float = 0.5


def pays(shoe: Shoe, *, better: bool) -> float:
    """What the customer pays, in yuan."""
    return (BETTER if better else THRESHOLD).pays_minor(100 * shoe.price) / 100


def offer_adds(shoe: Shoe) -> float:
    """What the better offer adds for each customer who hesitates: more buy, each leaves less."""
    return shoe.buys_better * (pays(shoe, better=True) - shoe.cost) - shoe.buys_first * (pays(shoe, better=False) - shoe.cost)


def sentence_costs(shoe: Shoe) -> float:
    """What the sentence takes, on average over all who hesitate and got the better offer."""
    return shoe.said_in * (shoe.buys_better - shoe.buys_after) * (pays(shoe, better=True) - shoe.cost)


@dataclass(frozen=True)
class Charger:
    """Broken docks that customers bring to a service point, and three ways to meet them.

    Attributes
    ----------
    dock : int
        Cost of a new one, with handing it over.
    look : int
        Cost of a workshop's look.
    own_fault : float
        Share of docks that customers broke themselves.
    a_year, years : int
        What a customer leaves in a year, and for how many more.
    leave_refused, leave_waiting, leave_shown : float
        Share who leave after a refusal, while they wait for the look, and after the look has shown that they broke it themselves.
    """

    dock: int = 60
    look: int = 40
    own_fault: float = 0.2
    a_year: int = 200
    years: int = 3
    leave_refused: float = 0.5
    leave_waiting: float = 0.1
    leave_shown: float = 0.05

    @property
    def value(self) -> int:
        """What a customer who stays will leave."""
        return self.a_year * self.years


def dock_costs(charger: Charger) -> dict[str, float]:
    """What each way costs for each dock that is brought in.

    Returns
    -------
    dict
        `first`: a new dock for everybody. `check`: a look for everybody, some leave while they wait, a dock for those whose
        dock was at fault, and the others are shown why not. `refuse`: no dock, and customers who leave.
    """
    return {
        "first": float(charger.dock),
        "check": charger.look
        + charger.leave_waiting * charger.value
        + (1 - charger.own_fault) * charger.dock
        + charger.own_fault * charger.leave_shown * charger.value,
        "refuse": charger.leave_refused * charger.value,
    }


@dataclass(frozen=True)
class Desk:
    """A hotline in its busiest hour."""

    calls_an_hour: int = 66
    minutes_a_call: float = 5.0


def fewest_agents(desk: Desk) -> int:
    """Calls in progress, rounded up: at least as many agents as talk at once."""
    return ceil(queues.load(desk.calls_an_hour, desk.minutes_a_call) - 1e-9)


def agents_needed(desk: Desk) -> int:
    """For 80 of 100 calls within 20 seconds."""
    return queues.agents_for(desk.calls_an_hour, desk.minutes_a_call)


@dataclass(frozen=True)
class Scene:
    """The three together."""

    shoe: Shoe
    charger: Charger
    desk: Desk


SCENES = {
    "lantern": Scene(Shoe(), Charger(), Desk()),
    # A sentence that is hardly ever said; docks that are dear and mostly broken by their owners; a large desk.
    "other": Scene(
        Shoe(price=1100, cost=300, said_in=0.05),
        Charger(dock=400, look=25, own_fault=0.85, years=5, leave_waiting=0.02, leave_shown=0.1),
        Desk(600, 6.0),
    ),
}

BAD_REPLY = (
    "Dear customer, according to our records the installer was on site as planned. You should have read the manual before you used the oven. "
    "We apologise for any inconvenience. Please contact the partner, who will get back to you as soon as possible. Customer service"
)
"""What a customer of Lantern Home got whose new oven does not heat."""
