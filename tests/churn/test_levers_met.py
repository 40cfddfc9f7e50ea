"""Why people stay and what keeping costs: like with like, the cost of each customer, the care calendar."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.churn import findings_met, levers, met_figures, met_lists, nodes, survival, warning, windows, worth
from helpers.churn.exercises.met import worth_lines
from helpers.pictures import Picture
from helpers.withheld import Withheld

AS_OF = date(2026, 6, 17)


def held_of(rows):
    """Contracts from (customer, start, end or None)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "started_on", "ended_on"])
    frame["contract_id"] = frame["customer_id"]
    frame[["started_on", "ended_on"]] = frame[["started_on", "ended_on"]].apply(pd.to_datetime)
    return windows.Contracts(frame)


def test_like_with_like_by_hand():
    """Old contracts, all near: of 100 with one line 30 left, of 100 with two 10; in the first year 60 and 60 of 100, and most of those hold one line."""
    rows, lines = [], {}
    for number, (start, one, count, left) in enumerate(
        [("2023-01-01", 1, 100, 30), ("2023-01-01", 2, 100, 10), ("2025-01-01", 1, 200, 120), ("2025-01-01", 2, 100, 60)]
    ):
        for n in range(count):
            who = f"{number}-{n}"
            rows.append((who, start, "2026-01-01" if n < left else None))
            lines[who] = one
    orders = pd.DataFrame(
        [(who, pd.Timestamp("2025-06-01"), 100, f"line{k}") for who, many in lines.items() for k in range(many)],
        columns=["customer_id", "ordered_at", "amount_minor", "line"],
    )
    days = orders.rename(columns={"ordered_at": "day"})[["customer_id", "day"]].drop_duplicates()
    found = levers.several_lines(orders, held_of(rows), days, as_of=AS_OF)
    # 150 of 300 against 70 of 200; alike: 0 among 300 in their first year, 20 among 200 others: (0*300 + 0.2*200)/500.
    assert found.plain.value == pytest.approx(0.15)
    assert found.like_with_like.value == pytest.approx(0.08)
    assert found.table.set_index("value")["left"].to_dict() == pytest.approx({1: 0.5, 2: 0.35})


def test_what_a_customer_left_over_by_hand():
    """A: margin 100, one return of 30, a complaint for 45 with a visit for 90, a fee of 398 at 70 of 100; B below zero by service."""
    at = pd.Timestamp("2026-03-01")
    orders = pd.DataFrame(
        {"customer_id": ["A", "A", "B", "B"], "ordered_at": [at] * 4, "amount_minor": [30000, -9000, 2000, 1000], "margin_minor": [10000, -3000, 500, -200]}
    )
    contacts = pd.DataFrame(
        {
            "customer_id": ["A", "A", "B"], "at": [at] * 3, "cost_minor": [4500, 9000, 7000],
            "cause": ["late", "", ""], "case_id": ["T1", "T1", "T2"],
        }
    )  # fmt: skip
    held = windows.Contracts(pd.DataFrame({"customer_id": ["A"], "ended_on": [pd.NaT], "price_minor": [39800]}))
    company = SimpleNamespace(orders=orders, contacts=contacts, customers=pd.DataFrame({"customer_id": ["A"], "benefit_cost_minor": [700]}))
    served = worth.to_serve(company, held, as_of=AS_OF, fee_margin=0.7)
    one = served.customers.set_index("customer_id")
    assert one.loc["A", ["margin_minor", "fees_minor", "returns", "complaints", "service", "benefits"]].tolist() == [10000, 27860, 3000, 13500, 0, 700]
    assert one.loc["A", "net_minor"] == 10000 + 27860 - 3000 - 13500 - 700
    assert one.loc["B", "net_minor"] == 500 - 200 - 7000
    assert served.below["customer_id"].tolist() == ["B"] and served.below["source"].tolist() == ["service"]
    causes = served.causes()
    assert causes[["source", "customers", "cost_minor"]].values.tolist() == [["service", 1, 7000]]


def test_without_margin_nothing_is_said_of_cost():
    company = SimpleNamespace(orders=pd.DataFrame({"customer_id": ["A"], "ordered_at": [pd.Timestamp(AS_OF)], "amount_minor": [1]}), contacts=None, customers=None)
    assert isinstance(worth.to_serve(company, Withheld("a", "b"), as_of=AS_OF, fee_margin=0.7), Withheld)


def test_the_care_calendar_by_hand():
    table = worth.calendar([10, 100], [12, 1], minutes=15, cap_a_year=6)
    assert table["a_quarter"].tolist() == [15.0, 25.0] and table["hours"].sum() == 10.0


def test_grades_are_averages_of_the_customers_in_them(planted):
    held = windows.clean_contracts(planted.contracts, as_of=planted.as_of)
    served = worth.to_serve(planted, held, as_of=planted.as_of, fee_margin=0.7)
    table = worth.grades(planted.customers, served).set_index("tier")
    gold = planted.customers[planted.customers["tier"] == "gold"]
    assert table.loc["gold", "customers"] == len(gold)
    assert table.loc["gold", "benefit_cost_minor"] == pytest.approx(gold["benefit_cost_minor"].mean(), abs=1)


def test_the_causes_planted_are_named_and_none_where_there_is_none(planted, company_of):
    for company, expected in ((planted, 2), (company_of(seed=8, customers=4000, stories=False), 0)):
        days = windows.order_days(company.orders, company.products, as_of=company.as_of)
        held = windows.clean_contracts(company.contracts, as_of=company.as_of)
        lives = survival.contract_lives(held, as_of=company.as_of, watched_from=days["day"].min().date())
        found = worth.causes_of_leaving(nodes.by_age(lives), nodes.after(lives, nodes.complaints(company.contacts, as_of=company.as_of)))
        assert len(found) == expected
    assert isinstance(findings_met.no_single_cause(found, held), str)


def test_too_few_contracts_are_refused():
    held = held_of([(f"C{n}", "2023-01-01", None) for n in range(50)])
    orders = pd.DataFrame({"customer_id": ["C1"], "ordered_at": [pd.Timestamp("2024-01-01")], "amount_minor": [1], "line": ["a"]})
    days = pd.DataFrame({"customer_id": ["C1"], "day": [pd.Timestamp("2024-01-01")]})
    refused = levers.several_lines(orders, held, days, as_of=AS_OF)
    assert isinstance(refused, Withheld) and "a comparison needs 60 of each" in refused.reason


def test_every_picture_can_be_drawn(planted):
    days = windows.order_days(planted.orders, planted.products, as_of=planted.as_of)
    held = windows.clean_contracts(planted.contracts, as_of=planted.as_of)
    warned = warning.judge(warning.contract_panel(held, days, planted.contacts, as_of=planted.as_of, watched_from=date(2023, 6, 1)), capacity=150)
    served = worth.to_serve(planted, held, as_of=planted.as_of, fee_margin=0.7)
    several = levers.several_lines(worth_lines(planted), held, days, as_of=planted.as_of)
    for picture in (
        met_figures.caught(warned), met_figures.calibration(warned), met_figures.by_capacity(warned, 10), met_figures.by_capacity(warned, 10_000),
        met_figures.costs(served.causes(), code="CNY"), met_figures.grades(worth.grades(planted.customers, served), code="CNY"),
        met_figures.held(several, question="Do they?"), met_figures.pays_from(50.0, 60.0, 60.0, leaves_alone=0.3), met_figures.pays_from(280.0, 25.0, 0.0, leaves_alone=0.3, measured=0.2),
    ):  # fmt: skip
        assert isinstance(picture, Picture) and len(picture.alt) > 40
    found = met_figures.found_among(warned, 150)
    assert found[warning.PLAIN] == warned.row(warning.PLAIN)["caught"] and found[warning.MODEL] == warned.row(warning.MODEL)["caught"]


def test_lists_name_everybody_once():
    rows = pd.DataFrame({"customer_id": ["A", "B"], "list": "save"})
    more = pd.DataFrame({"customer_id": ["B", "C"], "list": "warn"})
    both = met_lists.together(rows, more)
    assert both["customer_id"].tolist() == ["A", "B", "C"] and both["list"].tolist() == ["save", "save", "warn"]
    assert np.array_equal(met_lists.together(met_lists.together()).columns, met_lists.COLUMNS)
