"""Sentences say what the measures found, and no more; figures draw at every setting."""

from datetime import date

import pandas as pd
import pytest

from helpers.orientation import cohorts, figures, findings, measures
from helpers.orientation.exercises import hour
from helpers.pictures import Picture
from helpers.stats.intervals import Estimate
from helpers.withheld import Silence, Withheld

CODE = "CNY"
GROUND = measures.Ground(
    before_minor=400_000_00, after_minor=450_000_00, is_record=True, periods=3, same_season=True, new_before=1000, new_after=1500,
    known_before=2000, known_after=2000, back_before=1200, back_after=1000, from_new_minor=90_000_00, from_old_minor=-40_000_00,
    share_back=Estimate(-0.1, -0.13, -0.07), each_before=1.7, each_after=1.4, each=Estimate(-0.3, -0.4, -0.2),
)  # fmt: skip


@pytest.fixture(scope="module")
def company(sample_company):
    return sample_company


@pytest.fixture(scope="module")
def parts(company):
    """All that the report of the sample company works out."""
    orders, customers = company.orders, company.customers
    periods = measures.comparison_periods(orders["ordered_at"].min().date(), company.as_of)
    return {
        "periods": periods,
        "table": measures.period_table(orders, periods=periods),
        "simple": measures.decompose(orders, periods=periods),
        "change": measures.decompose(orders, periods=periods, way="old and new"),
        "result": measures.ground(orders, periods=periods),
        "route_table": cohorts.by_route(orders, customers, periods=periods),
        "first": cohorts.first_months_by_route(orders, customers, periods=periods, as_of=company.as_of),
    }


def answer(parts, **other):
    chosen = {name: parts[name] for name in ("table", "simple", "change", "result", "route_table", "first")} | other
    return findings.answer(**chosen, code=CODE)


def test_ground_is_said_with_both_counts_and_the_interval():
    text = findings.ground(GROUND, code=CODE)
    assert text.startswith("**A record that lost ground.** New customers brought ¥90,000 more, old ones ¥40,000 less.")
    assert "1,000 came back (50 of 100)" in text
    assert "1,200 of 2,000 (60 of 100)" in text
    assert "−0.30 (95% interval −0.40 to −0.20)" in text


@pytest.mark.parametrize(
    "each, says",
    [
        (Estimate(-0.3, -0.4, -0.2), "**Old customers come less than they did.**"),
        (Estimate(0.3, 0.2, 0.4), "**Old customers come more than they did.**"),
        (Estimate(0.0, -0.1, 0.1), "**Old customers come about as often as they did.**"),
    ],
)
def test_without_a_record_the_ground_is_said_plainly(each, says):
    other = measures.Ground(**{**vars(GROUND), "is_record": False, "each": each})
    text = findings.ground(other, code=CODE)
    assert text.startswith(says)
    assert ("Chance alone" in text) == (each.low < 0 < each.high)


def test_a_small_loss_with_old_customers_is_said_with_its_size():
    # 40,000 of 400,000 are 10 of 100; 12,000 are 3: too little to call it lost ground.
    assert GROUND.lost
    other = measures.Ground(**{**vars(GROUND), "from_old_minor": -12_000_00})
    assert not other.lost
    text = findings.ground(other, code=CODE)
    assert text.startswith("**Old customers come less than they did.**")
    assert text.endswith("In money they brought ¥12,000 less, 3.0% of the last period's revenue.")


def test_the_answer_of_the_sample_leads_with_the_lost_ground(parts):
    sentences = answer(parts)
    assert sentences[0].startswith("**A record that lost ground:** net revenue rose by")
    assert any("the number of new customers" in one for one in sentences)
    assert any("*advert* grew most" in one for one in sentences)
    assert "Most was lost with old customers" in sentences[-1]


def test_the_answer_without_old_and_new_keeps_to_the_three_factors(parts):
    gone = Withheld("x", "No look-back.")
    sentences = answer(parts, change=gone, result=gone, route_table=gone, first=gone)
    assert len(sentences) == 2
    assert sentences[0].startswith("**Net revenue rose by")
    assert sentences[1].startswith("Raised by customers who bought")


def test_the_answer_on_a_handful_of_customers_stops_at_revenue(parts):
    gone = Withheld("x", "In Jan to Dec 2025 7 customers bought; 30 are needed.")
    said = answer(parts, simple=gone, change=gone, result=gone, route_table=gone, first=gone)
    assert said[1:] == ["What moved it is not said here. In Jan to Dec 2025 7 customers bought; 30 are needed."]


def test_the_answer_on_two_seasons_says_so(parts):
    other = measures.comparison_periods(date(2025, 11, 1), date(2026, 5, 31))
    assert not other.same_season
    assert any("a season may look like a change" in one for one in answer(parts, periods=other))
    assert not any("season" in one for one in answer(parts, periods=parts["periods"]))


def test_the_answer_of_a_short_export_says_why():
    short = measures.comparison_periods(date(2026, 5, 1), date(2026, 5, 31))
    gone = {name: short for name in ("table", "simple", "change", "result", "route_table", "first")}
    (only,) = answer(gone)
    assert only.startswith("**Revenue is not compared here.** Two periods of 3 complete months are needed")


def test_a_route_that_grew_as_counts_do_by_chance_is_not_in_the_answer(parts):
    # 110 and 139: a difference of 29, and three standard errors are 47.
    few = parts["route_table"].assign(new_before=[110, 400, 90, 200, 150], new_after=[139, 405, 91, 198, 148])
    few["change"] = few["new_after"] - few["new_before"]
    assert not any("grew most" in one for one in answer(parts, route_table=few))
    # The section itself shows it all the same.
    assert "grew most, from 110 to 139" in findings.routes(few, code=CODE)


def test_a_gap_that_chance_could_make_is_not_in_the_answer(parts):
    vague = cohorts.FirstMonths(**{**vars(parts["first"]), "difference": Estimate(-100.0, -900.0, 700.0)})
    assert not any("180 days" in one for one in answer(parts, first=vague))
    assert "which chance alone could make" in findings.first_months(vague, code=CODE)


def test_parts_are_named_from_the_strongest_down(parts):
    text = findings.explained(parts["simple"], code=CODE)
    assert text.index("customers who bought") < text.index("order value") < text.index("Lowered by orders each")
    assert findings.explained(parts["simple"], code=CODE, total=False).startswith("Raised by")


def test_the_table_of_steps_has_values_in_words(parts):
    table = findings.steps(parts["change"], code=CODE).set_index("factor")
    steps = parts["change"].steps.set_index(["part", "factor"])
    assert table.loc["new customers", "after"] == f"{steps.loc[('new', 'buyers'), 'after']:,.0f}"
    assert table.loc["old: came back", "before"].endswith("%")
    assert table.loc["new: order value", "before"].startswith("¥")


def test_three_ways_to_share_by_hand():
    steps = pd.DataFrame(
        {"part": "all", "factor": ["buyers", "order_value_minor"], "before": [100.0, 10.0], "after": [200.0, 8.0], "effect_minor": [890, -290]}
    )
    periods = measures.Period(date(2025, 1, 1), date(2026, 1, 1)), measures.Period(date(2026, 1, 1), date(2027, 1, 1))
    table = findings.ways_to_share(measures.Decomposition("orders", *periods, 1_000, 1_600, steps)).set_index("factor")
    # First: 100 x 10 more, 100 x 2 less. Last: 100 x 8 more, 200 x 2 less.
    assert table["first_minor"].tolist() == [1_000, -200, 800, -200]
    assert table["last_minor"].tolist() == [800, -400, 400, 200]
    assert table["even_minor"].tolist() == [890, -290, 600, 0]


def test_a_name_from_the_data_is_no_markup(parts):
    strange = parts["route_table"].assign(route=["<b>*x*</b>", "b", "c", "d", "e"])
    assert "<b>" not in findings.routes(strange, code=CODE)


def test_limits_name_what_is_missing(company, parts):
    orders = company.orders
    full = findings.limits(company, periods=parts["periods"], orders=orders, change=parts["change"])
    assert not any("not in the data, so" in one or "looks like any other" in one for one in full)

    class Alone:
        customers = None

    bare = findings.limits(Alone(), periods=parts["periods"], orders=orders.drop(columns="margin_minor"), change=Withheld("x", "No look-back."))
    assert any("speaks of revenue, not of profit" in one for one in bare)
    assert any("growth that was bought looks like any other" in one for one in bare)
    assert any("No look-back." in one for one in bare)


def test_key_numbers_agree_with_the_measures(parts):
    numbers = {
        one["key"]: one["value"]
        for one in findings.key_numbers(table=parts["table"], change=parts["change"], result=parts["result"],
                                        route_table=parts["route_table"], worth=Withheld("x", "y"))
    }  # fmt: skip
    effects = sum(value for key, value in numbers.items() if key.startswith("effect_"))
    assert effects == numbers["revenue_this_minor"] - numbers["revenue_last_minor"]
    assert numbers["record_lost_ground"] == "yes"
    assert "equity_low_minor" not in numbers


def test_an_earlier_report_is_set_beside_this_one(parts):
    class Earlier:
        as_of = date(2026, 3, 31)

        def number(self, key, default=None):
            return {"revenue_this_minor": 420_000_00, "buyers_this": 3_000, "orders_each_this": 2.2}.get(key, default)

    text = findings.since_report(Earlier(), parts["table"], code=CODE)
    assert "The report of 31 March 2026 had ¥420,000 in its newest period, from 3,000 customers who bought on 2.20 days each." in text
    assert findings.since_report(None, parts["table"], code=CODE) == ""


def test_what_is_withheld_is_silent_in_words_and_said_once_in_figures():
    gone = Withheld("x", "y")
    for say in (findings.explained, findings.ground, findings.routes, findings.first_months, findings.equity, findings.largest_loss):
        assert isinstance(say(gone, code=CODE), Silence)
    for draw in (figures.periods, figures.waterfall, figures.routes, figures.first_months):
        assert draw(gone, code=CODE) is gone


# ---------------------------------------------------------------- playgrounds


@pytest.mark.parametrize("form", ["offline", "online"])
def test_the_formula_draws_at_every_setting(form):
    for repeat in (0, 0.1, 0.3, 0.6):
        for referral in (0, 0.1, 0.4):
            for close in (0.03, 0.05, 0.08):
                paper = hour.on_paper(form, repeat=repeat, referral=referral, close=close)
                assert isinstance(figures.readings(paper, code=CODE), Picture)
                assert "read as multipliers" in findings.readings(paper, code=CODE)


@pytest.mark.parametrize("months", [12, 6, 3])
@pytest.mark.parametrize("way", measures.WAYS)
def test_the_change_draws_at_every_setting(company, way, months):
    orders = company.orders
    periods = measures.comparison_periods(orders["ordered_at"].min().date(), company.as_of, months=months)
    change = measures.decompose(orders, periods=periods, way=way)
    picture = figures.waterfall(change, code=CODE)
    assert picture.figure.get_figheight() <= 4.5
    assert change.what.lower() in picture.alt
    assert "Together the parts are the change" in findings.explained(change, code=CODE)


def test_beyond_the_core_every_setting_draws():
    for share in (0, 0.05, 0.5, 0.65, 0.9):
        assert isinstance(figures.equity(40_000, retention=share, code=CODE), Picture)
        assert "in the first year" in findings.worth_at(40_000, retention=share, code=CODE)
    for variable in (0.2, 0.5, 0.8):
        for fixed in (0.1, 0.4):
            table = measures.one_percent(revenue=100_000, variable_cost=100_000 * variable, fixed_cost=100_000 * fixed)
            assert isinstance(figures.one_percent(table, code=CODE), Picture)
            assert "strongest lever is *price up*" in findings.one_percent(table)
