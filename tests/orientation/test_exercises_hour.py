"""The exercises of lesson 00a: each untouched, solved and with each mistake, on three companies."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from helpers.data import load
from helpers.orientation import cohorts, findings, measures
from helpers.orientation.exercises import hour
from helpers.places import HOME
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CORRECT, NOT_YET, exercises_of
from helpers.teaching.inputs import Unavailable
from helpers.teaching.marking import Workings, check

EXERCISES = exercises_of(hour)
JUDGED = ("0a.9", "0a.10")
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))
FRANCE = HOME.parent / "shared" / "data" / "online_retail_france.csv"


def workings_of(company):
    made = Workings(EXERCISES)
    made.offer(**hour.inputs(company, as_of=company.as_of))
    return made


@pytest.fixture(scope="module")
def sample(sample_company):
    return workings_of(sample_company)


@pytest.fixture(scope="module")
def second(company_of):
    """Half the size, another seed, nothing planted."""
    return workings_of(company_of(seed=7, customers=3000, stories=False))


@pytest.fixture(scope="module")
def real():
    """The public Online Retail data, France: an order file alone, of a year."""
    if not Path(FRANCE).is_file():
        pytest.skip("the Online Retail lines of France are not here")
    return workings_of(load(FRANCE, mapping=HOME / "data" / "mappings" / "online_retail.toml"))


@each
def test_it_marks_as_it_should_on_the_sample(one, sample):
    assert rehearse(one, sample) == []


@each
def test_it_marks_as_it_should_on_a_second_company(one, second):
    assert rehearse(one, second) == []


@each
def test_it_marks_as_it_should_on_real_orders(one, real):
    if one.id in JUDGED:
        with pytest.raises(Unavailable, match="Who is an old customer in Dec 2010 to May 2011"):
            real.right(one)
    else:
        assert rehearse(one, real) == []


# ---------------------------------------------------------------- another company, another answer


def test_the_record_year_is_new_customers_and_the_hole_is_old_ones(sample):
    assert check(EXERCISES["0a.9"], "new", sample).kind == CORRECT
    assert check(EXERCISES["0a.10"], "old", sample).kind == CORRECT
    assert "they came less" in check(EXERCISES["0a.10"], "old", sample).text


def test_where_nothing_is_planted_other_options_are_right(second):
    assert check(EXERCISES["0a.9"], "size", second).kind == CORRECT
    assert check(EXERCISES["0a.9"], "new", second).kind == NOT_YET
    assert check(EXERCISES["0a.10"], "none", second).kind == CORRECT
    wrong = check(EXERCISES["0a.10"], "old", second)
    assert wrong.kind == NOT_YET
    assert "nothing lost more than 5%" in wrong.text


def made(*, back=120, often=2, new=80, amount=10_000):
    """A small company: 200 customers in 2024, 120 of them twice in 2025 with 80 new ones; in 2026 as it is told."""
    rows = []
    for number in range(200):
        rows.append((f"O{number}", "2024-03-01", 10_000))
        if number < 120:
            rows += [(f"O{number}", "2025-03-01", 10_000), (f"O{number}", "2025-09-01", 10_000)]
    rows += [(f"N{number}", "2025-05-01", 10_000) for number in range(80)]
    names = [f"O{number}" for number in range(120)] + [f"N{number}" for number in range(80)]
    rows += [(name, f"2026-0{1 + visit}-01", amount) for name in names[:back] for visit in range(often)]
    rows += [(f"M{number}", "2026-05-01", amount) for number in range(new)]
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount_minor"])
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"]).astype("datetime64[us]")
    frame = frame.astype({"customer_id": "str", "amount_minor": "int64"})
    return frame.assign(order_id=[f"R{place}" for place in range(len(frame))], status="sale")


@pytest.mark.parametrize(
    "world, moved, hole",
    [
        ({"new": 200}, "new", "none"),
        ({"back": 180}, "back", "none"),
        ({"new": 20}, "new", "new"),
        ({"back": 60}, "back", "old"),
        ({"often": 4}, "often", "none"),
        ({"often": 1}, "often", "old"),
        ({"amount": 20_000}, "size", "none"),
        ({"amount": 6_000}, "size", "size"),
    ],
    ids=["more new", "more back", "fewer new", "fewer back", "more often", "less often", "larger", "smaller"],
)
def test_every_option_is_right_at_some_company(world, moved, hole):
    one = Workings(EXERCISES)
    one.offer(**{**hour.inputs(Company(made(**world)), as_of=date(2026, 12, 31))})
    assert check(EXERCISES["0a.9"], moved, one).kind == CORRECT
    assert check(EXERCISES["0a.10"], hole, one).kind == CORRECT


def answer_on(orders, as_of=date(2026, 12, 31), customers=None):
    """What the report says first of some orders."""
    periods = measures.comparison_periods(orders["ordered_at"].min().date(), as_of)
    return findings.answer(
        table=measures.period_table(orders, periods=periods),
        simple=measures.decompose(orders, periods=periods),
        change=measures.decompose(orders, periods=periods, way="old and new"),
        result=measures.ground(orders, periods=periods),
        route_table=cohorts.by_route(orders, customers, periods=periods),
        first=cohorts.first_months_by_route(orders, customers, periods=periods, as_of=as_of),
        code="CNY",
    )


@pytest.mark.parametrize(
    "world, revenue, added, lost",
    [
        ({"new": 200}, "rose", "the number of new customers", "No part lost more than 5%"),
        ({"back": 180}, "rose", "how many old customers came back", "No part lost more than 5%"),
        ({"often": 4}, "rose", "how often each customer ordered", "No part lost more than 5%"),
        ({"amount": 20_000}, "rose", "how much an order was worth", "No part lost more than 5%"),
        ({"new": 300, "back": 60}, "rose", "the number of new customers", "Most was lost with old customers coming back"),
        ({"amount": 6_000, "new": 100}, "fell", "the number of new customers", "Most was lost with smaller orders"),
    ],
    ids=["more new", "more back", "more often", "larger", "a record that lost ground", "smaller"],
)
def test_the_report_names_the_cause_that_was_planted(world, revenue, added, lost):
    said = answer_on(made(**world))
    assert f"et revenue {revenue} by" in said[0]
    assert ("A record that lost ground" in said[0]) == (world == {"new": 300, "back": 60})
    assert any(one.startswith(f"Most was added by {added}:") for one in said)
    assert said[-1].startswith(f"**{lost}")


def test_a_partner_lost_to_the_rival_is_no_record_that_lost_ground(company_of):
    """The fall of lesson 03a takes orders of old customers, too: of so few that it is no hole in the whole."""
    company = company_of(seed=7, stories={"fall"})
    said = answer_on(company.orders, company.as_of, company.customers)
    assert "lost ground" not in " ".join(said)
    assert not any("grew most" in one for one in said)
    assert said[-1].startswith("**No part lost more than 5%")


class Company:
    """As much of a company as the exercises need."""

    def __init__(self, orders):
        self.orders, self.customers, self.currency = orders, None, "CNY"


# ---------------------------------------------------------------- by hand


@pytest.fixture
def tiny():
    """Three customers: A bought two things on one day and one a month later, B bought and brought back, C bought once."""
    lines = pd.DataFrame(
        {
            "customer_id": ["A", "A", "A", "B", "B", "C"],
            "order_id": ["1", "1", "2", "3", "4", "5"],
            "day": pd.to_datetime(["2026-01-01", "2026-01-01", "2026-02-01", "2026-01-11", "2026-01-21", "2026-02-10"]),
            "month": ["2026-01", "2026-01", "2026-02", "2026-01", "2026-01", "2026-02"],
            "amount": [10.0, 20.0, 30.0, 40.0, -40.0, 5.0],
        }
    )
    people = pd.DataFrame({"customer_id": ["A", "B", "C"], "standing": ["old", "new", "new"]})
    return {"lines": lines, "people": people}


def test_the_four_moves_by_hand(tiny):
    lines = tiny["lines"]
    assert hour.returned_lines(lines)["order_id"].tolist() == ["4"]
    assert hour.newest_month(lines, pd.Timestamp("2026-02-01")) == 35.0
    assert hour.money_by_month(lines).to_dict() == {"2026-01": 30.0, "2026-02": 35.0}
    assert hour.money_by_standing(lines, tiny["people"]).to_dict() == {"new": 5.0, "old": 60.0}


def test_the_factors_by_hand(tiny):
    # A on two days, B and C on one: 4 orders of 3 customers, 65 yuan net.
    assert hour.orders_each(tiny["lines"]) == pytest.approx(4 / 3)
    assert hour.order_value(tiny["lines"]) == pytest.approx(65 / 4)
    assert hour.as_multipliers(hour.EXAMPLE) == pytest.approx(57_200)
    two = pd.DataFrame({"buyers": [100, 150], "orders_each": [2.0, 1.5], "order_value": [50.0, 60.0], "revenue": [10_000.0, 13_500.0]})
    assert hour.only_buyers(two) == 5_000.0


def test_lines_and_people_belong_to_the_same_period():
    orders = made()
    lines = hour.plain_lines(orders, date(2026, 12, 31), 12, "CNY")
    people = hour.people_of(orders, None, date(2026, 12, 31), 12)
    assert lines["month"].min() == "2026-01"
    assert set(lines["customer_id"]) == set(people["customer_id"])
    assert people["standing"].value_counts().to_dict() == {"old": 120, "new": 80}
    assert people["customer_id"].is_unique


def test_an_export_of_two_months_still_has_lines_to_read():
    orders = made()
    short = orders[orders["ordered_at"] >= "2026-04-15"]
    lines = hour.plain_lines(short, date(2026, 5, 20), 12, "CNY")
    assert len(lines) == 80
    assert hour.people_of(short, None, date(2026, 5, 20), 12)["standing"].unique().tolist() == ["new"]


def test_online_there_is_no_referral_to_set():
    offline, online = (hour.on_paper(form, repeat=0.2, referral=0.4, close=0.03) for form in ("offline", "online"))
    assert offline["referral_rate"] == 0.4
    assert "referral_rate" not in online
    assert online["conversion_rate"] == 0.03
