"""Sentences of lesson 02 on companies where something else is true, and where hardly anything is known."""

import pytest

from helpers.data import load
from helpers.four_cs import (
    conclusions,
    discounts,
    figures,
    findings,
    needs,
    prices,
    value,
)
from helpers.pictures import Picture
from helpers.withheld import SILENCE, Withheld


def read(company):
    """Everything that the report of 02 works out."""
    sheets = prices.price_answers(company.price_answers)
    asked = prices.demand(company.price_offers, company.price_answers, product_id=sheets.product_id if sheets else "")
    weighed = value.weights(value.marks(company.survey))
    return {
        "found": needs.needs(company.needs),
        "weighed": weighed,
        "heavy": value.heaviest_cost(weighed) if weighed else SILENCE,
        "points": prices.points(sheets),
        "best": prices.best_price(asked),
        "low": prices.doubt(asked),
        "given": discounts.discounts(company.orders, as_of=company.as_of),
    }


def plan_of(parts):
    return conclusions.plan(**{name: parts[name] for name in ("found", "heavy", "points", "best", "low")}, code="CNY")


@pytest.fixture(scope="module")
def sample(sample_company):
    return sample_company


@pytest.fixture(scope="module")
def second(company_of):
    return company_of(seed=2003, plant={"bother": "psychic", "too_cheap": ("N004", 0.85), "unserved": "spare_parts"})


@pytest.fixture(scope="module")
def plain(company_of):
    return company_of(seed=2003, stories=False)


@pytest.fixture
def orders_alone(tmp_path):
    rows = [f"o{at},c{at % 9},2026-03-{at % 28 + 1:02d},{10 + at}.00" for at in range(40)]
    (tmp_path / "orders.csv").write_text("order_id,customer_id,ordered_at,amount\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return load(tmp_path)


@pytest.mark.parametrize(
    ("company", "cost", "need"),
    [("sample", "effort and bother", "the old one stands in my hall"), ("second", "worry", "one knob is broken")],
)
def test_each_company_is_told_its_own_cost_and_its_own_need(request, company, cost, need):
    parts = read(request.getfixturevalue(company))
    said = " ".join(conclusions.answer(**parts, code="CNY"))
    assert f"**Of the four costs, {cost} weighs most**" in said and need in said and "**Too cheap breeds doubt**" in said
    plan = plan_of(parts)
    assert any(f"Lower the {cost}" in action for action in plan["action"]) and any(need in action for action in plan["action"])
    assert 1 <= len(plan) <= 5


def test_where_nothing_is_planted_no_cost_is_named_and_no_low_price_frightens(plain):
    parts = read(plain)
    said = " ".join(conclusions.answer(**parts, code="CNY"))
    assert "no more than chance could make" in said and "doubt" not in said and "Every important need has an action." in said
    assert not any("Lower the" in action or "Do not go below" in action for action in plan_of(parts)["action"])


def test_orders_alone_give_an_answer_that_says_what_is_missing(orders_alone):
    parts = read(orders_alone)
    assert all(isinstance(one, Withheld) or one is SILENCE for one in parts.values())
    said = conclusions.answer(**parts, code="CNY")
    assert "cannot be seen in these data" in said[0]
    limits = " ".join(conclusions.limits(orders_alone, weighed=parts["weighed"], points=parts["points"], best=parts["best"]))
    assert all(what in limits for what in ("four values, four costs", "band of prices", "needs that nobody serves", "list price"))
    assert plan_of(parts).empty and conclusions.key_numbers(**parts) == []


def test_key_numbers_are_those_of_the_measures(sample):
    parts = read(sample)
    rows = {row["key"]: row["value"] for row in conclusions.key_numbers(**parts)}
    assert rows["price_pmc_minor"] == round(parts["points"]["pmc"].value) and rows["needs_unserved"] == 1
    assert rows["heaviest_cost"] == "effort and bother" and rows["low_price_doubted"] == "yes"


@pytest.mark.parametrize(("cut", "says"), [(0.5, "below the band"), (0.15, "inside the band")])
def test_a_proposal_is_placed_by_the_band_and_not_by_a_word(sample, cut, says):
    points = read(sample)["points"]
    price = round(169_000 * (1 - cut))
    assert says in findings.proposal(points, price_minor=price, cut=cut, code="CNY").replace("**", "")
    assert findings.proposal(points, price_minor=None, cut=cut, code="CNY") == ""


def test_the_list_price_is_left_where_what_is_left_is_largest(sample):
    parts = read(sample)
    asked = prices.demand(sample.price_offers, sample.price_answers, product_id="W003")
    leaves = prices.best_price(asked, unit_cost_minor=101_400)
    inside = round(leaves.price.value)
    chosen = {name: parts[name] for name in ("found", "heavy", "points", "best", "low")}
    for list_minor, says in ((inside, "Leave the list price"), (inside * 2, "Try a price between")):
        plan = conclusions.plan(**chosen, leaves=leaves, list_minor=list_minor, code="CNY")
        assert plan["action"].str.contains(says).sum() == 1


def test_what_moved_since_the_last_report(sample):
    parts = read(sample)
    said = conclusions.since(parts["points"], parts["heavy"], pmc=100_000, pme=200_000, heaviest_cost="money", code="CNY")
    assert "The band was ¥1,000 to ¥2,000" in said and "was money and is effort and bother now" in said
    assert conclusions.since(parts["points"], parts["heavy"], pmc=None, pme=None, heaviest_cost=None, code="CNY") == ""


def test_every_figure_has_alt_text_with_numbers_and_is_low_enough_for_a_slide(sample):
    parts = read(sample)
    sheets = prices.price_answers(sample.price_answers)
    asked = prices.demand(sample.price_offers, sample.price_answers, product_id=sheets.product_id)
    made = [
        figures.served(parts["found"]),
        figures.gaps(needs.gaps(parts["found"])),
        figures.weights(parts["weighed"]),
        figures.loud_and_heavy(parts["weighed"], parts["heavy"]),
        figures.delivered(value.mean_delivered(parts["weighed"])),
        figures.levers(parts["weighed"], steps={"money_cost": -1}),
        figures.price_band(sheets, parts["points"], code="CNY"),
        figures.at_price(sheets, price=1200, code="CNY"),
        figures.demand(asked, parts["best"], code="CNY"),
        figures.around_expected(prices.around_expected(asked, sheets)),
        figures.off_the_list(parts["given"], code="CNY"),
    ]
    for picture in made:
        assert isinstance(picture, Picture) and any(letter.isdigit() for letter in picture.alt)
        assert picture.figure.get_figheight() <= 4.5


def test_what_100_people_say_of_a_price_adds_up(sample):
    sheets = prices.price_answers(sample.price_answers)
    for price in (500, 1100, 1500, 2500, 9000):
        assert sum(prices.says_of(sheets, price=price, code="CNY").values()) == pytest.approx(1)


def test_figures_pass_on_what_is_withheld():
    nothing = Withheld("x", "too few")
    assert figures.served(nothing) is nothing and figures.price_band(nothing, nothing, code="CNY") is nothing
    assert figures.demand(nothing, nothing, code="CNY") is nothing and figures.around_expected(nothing) is nothing
