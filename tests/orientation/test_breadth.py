"""Who comes back and who buys across lines, on orders small enough to check by eye."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from helpers.orientation import breadth, breadth_figures, breadth_findings
from helpers.orientation.breadth import Ties, lines, pattern, ties, window
from helpers.withheld import SILENCE, Withheld

AS_OF = date(2026, 6, 30)
PRODUCTS = pd.DataFrame({"product_id": ["P", "Q"], "line": ["pots", "quilts"]})


def orders_of(*rows):
    """Order lines from (customer, day, product, amount in minor units)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "product_id", "amount_minor"])
    return frame.assign(ordered_at=pd.to_datetime(frame["ordered_at"]))


def many(*, back, across, customers=40):
    """Orders in which so many customers had bought before, and so many buy of a second line; each order costs 100."""
    rows = [("first", "2024-07-01", "P", 100)]
    for number in range(customers):
        who = f"K{number:02d}"
        if number < back:
            rows.append((who, "2025-05-01", "P", 100))
        rows.append((who, "2026-03-01", "P", 100))
        if number >= customers - across:
            rows.append((who, "2026-03-01", "Q", 100))
    return orders_of(*rows)


def ties_of(orders, **more):
    return ties(orders, PRODUCTS, over=window(orders, as_of=AS_OF, **more))


def test_half_of_a_short_export_is_looked_at_and_the_other_half_looked_back_into():
    orders = orders_of(("A", "2026-01-01", "P", 100), ("A", "2026-06-30", "P", 100))
    found = window(orders, as_of=AS_OF)
    # 181 days from 1 January to 30 June.
    assert (found.days, found.first, found.last) == (90, pd.Timestamp("2026-04-02"), pd.Timestamp("2026-06-30"))


def test_of_a_long_export_a_year_is_looked_at():
    orders = orders_of(("A", "2023-01-01", "P", 100))
    found = window(orders, as_of=AS_OF)
    assert (found.days, found.first) == (365, pd.Timestamp("2025-07-01"))
    before = window(orders, as_of=AS_OF, back=1)
    assert (before.days, before.last) == (365, pd.Timestamp("2025-06-30"))
    assert isinstance(window(orders, as_of=AS_OF, back=4), Withheld)


def test_too_short_an_export_is_withheld_with_its_days():
    found = window(orders_of(("A", "2026-06-01", "P", 100)), as_of=AS_OF)
    assert isinstance(found, Withheld) and "30 days" in found.reason
    empty = window(orders_of(("A", "2026-06-01", "P", 100)).iloc[:0], as_of=AS_OF)
    assert isinstance(empty, Withheld)


def test_ties_by_hand():
    # 40 customers order in March; 10 had ordered the May before, 8 take a quilt in March, too.
    # 48 orders of 100 in the window; those of the ten who came back: ten of pots (none of them takes a quilt).
    found = ties_of(many(back=10, across=8))
    assert (found.customers, found.returning, found.across) == (40, 10, 8)
    assert (found.sales_minor, found.repeat_minor) == (4800, 1000)
    assert (found.repeat_share, found.across_share) == pytest.approx((1000 / 4800, 0.2))
    assert found.by_lines.to_dict("list") == {
        "lines": ["1", "2"],
        "customers": [32, 8],
        "share": [0.8, 0.2],
        "sales_minor": [3200, 1600],
        "a_customer_minor": [100, 200],
    }


def test_the_second_order_within_the_window_comes_from_somebody_who_had_bought_before():
    orders = pd.concat([many(back=0, across=0), orders_of(*[(f"K{n:02d}", "2026-04-01", "P", 300) for n in range(5)])])
    found = ties_of(orders)
    assert (found.returning, found.repeat_minor) == (5, 1500)


def test_two_receipts_of_one_day_are_one_visit():
    orders = pd.concat([many(back=0, across=0), orders_of(*[(f"K{n:02d}", "2026-03-01 18:30", "P", 100) for n in range(40)])])
    assert ties_of(orders).repeat_minor == 0


def test_who_bought_longer_ago_than_the_window_is_new_again():
    orders = pd.concat([many(back=0, across=0), orders_of(*[(f"K{n:02d}", "2025-02-28", "P", 100) for n in range(40)])])
    # From 28 February 2025 to 1 March 2026 are 366 days; a day later it would have counted.
    assert ties_of(orders).returning == 0
    orders["ordered_at"] = orders["ordered_at"].replace(pd.Timestamp("2025-02-28"), pd.Timestamp("2025-03-01"))
    assert ties_of(orders).returning == 40


def test_returns_count_neither_as_money_nor_as_a_line():
    orders = pd.concat([many(back=0, across=0), orders_of(*[(f"K{n:02d}", "2026-03-09", "Q", -100) for n in range(40)])])
    found = ties_of(orders)
    assert (found.sales_minor, found.across) == (4000, 0)


def test_order_of_rows_is_irrelevant():
    orders = many(back=7, across=9)
    found, again = ties_of(orders), ties_of(orders.sample(frac=1, random_state=3))
    assert found.by_lines.equals(again.by_lines)
    assert (found.repeat_minor, found.returning) == (again.repeat_minor, again.returning)


@pytest.mark.parametrize(
    "back, across, right",
    [
        pytest.param(40, 40, "relation", id="they come back, across lines"),
        pytest.param(40, 0, "habit", id="they come back, for the same line"),
        pytest.param(0, 40, "spree", id="across lines, once"),
        pytest.param(0, 0, "single", id="new buyers of one line"),
        pytest.param(20, 19, "single", id="half of the customers came back, with a third of the money"),
    ],
)
def test_four_firms(back, across, right):
    assert pattern(ties_of(many(back=back, across=across))) == right


def test_where_the_line_of_the_half_is_drawn_is_a_parameter():
    found = ties_of(many(back=20, across=10))
    # 20 of 50 orders of the window, and 10 of 40 customers.
    assert (found.repeat_share, found.across_share) == pytest.approx((0.4, 0.25))
    assert pattern(found, clear=0.25) == "relation"
    assert pattern(found, clear=0.3) == "habit"


def test_too_few_customers_are_withheld():
    found = ties_of(many(back=5, across=5, customers=29))
    assert isinstance(found, Withheld) and "29 customers" in found.reason
    assert isinstance(pattern(found), Withheld)


@pytest.mark.parametrize("products", [None, PRODUCTS.drop(columns="line"), PRODUCTS.assign(line=None)])
def test_without_lines_coming_back_is_still_told(products):
    orders = many(back=40, across=0)
    over = window(orders, as_of=AS_OF)
    found = ties(orders, products, over=over)
    assert found.repeat_share == 1 and found.across is None and "product" in found.why_not
    assert isinstance(pattern(found), Withheld)
    assert isinstance(lines(orders, products, over=over), Withheld)
    assert "100%" in breadth_figures.ties(found, Withheld("x", "y")).alt
    assert breadth_findings.by_lines(found) is SILENCE
    said = breadth_findings.answer(now=found, before=Withheld("x", "y"), by_line=lines(orders, products, over=over))
    assert "100% of the money" in said[0]


def test_lines_by_hand():
    # 40 of pots and 10 of quilts in the window: 80% and 20%, 6,400 + 400.
    orders = many(back=3, across=10)
    found = lines(orders, PRODUCTS, over=window(orders, as_of=AS_OF))
    assert found.table.to_dict("list") == {
        "line": ["pots", "quilts"],
        "sales_minor": [4000, 1000],
        "share": [0.8, 0.2],
        "customers": [40, 10],
    }
    assert found.concentration.hhi == pytest.approx(6800)


def test_one_line_alone_is_not_spread():
    orders = many(back=3, across=0)
    assert "one line" in lines(orders, PRODUCTS, over=window(orders, as_of=AS_OF)).reason


# ---------------------------------------------------------------- sentences


def made(repeat, across, sales=10_000, customers=1000, error=0.01):
    over = breadth.Window(pd.Timestamp("2025-07-01"), pd.Timestamp("2026-06-30"), 365)
    across = None if across is None else round(customers * across)
    return Ties(over, customers, sales, round(sales * repeat), error, 500, across, "No lines.", pd.DataFrame())


@pytest.mark.parametrize(
    "before, now, right",
    [
        pytest.param((0.6, 0.4), (0.7, 0.5), "customer", id="both rose"),
        pytest.param((0.6, 0.4), (0.61, 0.5), "customer", id="one rose, one hardly moved"),
        pytest.param((0.6, 0.4), (0.5, 0.3), "product", id="both fell"),
        pytest.param((0.6, 0.4), (0.7, 0.3), "mixed", id="one up, one down"),
        pytest.param((0.6, 0.4), (0.61, 0.39), "nowhere", id="neither by two of 100"),
    ],
)
def test_which_way_the_firm_moved(before, now, right):
    assert breadth_findings.direction(made(*now), made(*before)) == right


@pytest.mark.parametrize(
    "customers, right",
    [
        # The share across lines rose from 40 to 50 of 100. Of 100 customers its error is √(0.24/100 + 0.25/100) = 0.07, of 300 it is 0.0404:
        # 2.24 of them are 0.157 and 0.091.
        (100, "nowhere"),
        (300, "customer"),
    ],
)
def test_what_chance_can_do_is_no_move(customers, right):
    assert breadth_findings.direction(made(0.6, 0.5, customers=customers), made(0.6, 0.4, customers=customers)) == right


@pytest.mark.parametrize("error, right", [(0.02, "customer"), (0.04, "nowhere")])
def test_money_that_chance_can_shift_is_no_move(error, right):
    # It rose by 0.1. Two errors of 0.02 are 0.028 together, of 0.04 they are 0.057: 2.24 of them are 0.063 and 0.127.
    assert breadth_findings.direction(made(0.7, 0.5, error=error), made(0.6, 0.5, error=error)) == right


def test_the_error_of_money_that_came_again_is_that_of_customers_drawn_by_lot():
    # Ten of 40 had bought before; each spends 100, but five of the others 500: 1,000 of 6,000 came again.
    orders = pd.concat([many(back=10, across=0), orders_of(*[(f"K{n}", "2026-03-01", "P", 400) for n in range(20, 25)])])
    found = ties_of(orders)
    assert (found.sales_minor, found.repeat_minor) == (6000, 1000)
    # What is left of each: 10 x (100 - 100/6)², 25 x (100/6)², 5 x (500/6)².
    squares = 10 * (250 / 3) ** 2 + 25 * (50 / 3) ** 2 + 5 * (250 / 3) ** 2
    assert found.repeat_error == pytest.approx((40 / 39 * squares) ** 0.5 / 6000)
    # And as drawing the forty with replacement shows it.
    dice = np.random.default_rng(1)
    spent, again = np.repeat([100.0, 100.0, 500.0], [10, 25, 5]), np.repeat([100.0, 0.0], [10, 30])
    drawn = dice.integers(0, 40, size=(20_000, 40))
    assert found.repeat_error == pytest.approx((again[drawn].sum(axis=1) / spent[drawn].sum(axis=1)).std(), rel=0.1)


def test_which_way_is_withheld_without_lines_or_without_a_time_before():
    assert isinstance(breadth_findings.direction(made(0.5, None), made(0.5, None)), Withheld)
    assert isinstance(breadth_findings.direction(made(0.5, 0.5), Withheld("x", "y")), Withheld)


def test_the_answer_of_a_record_year_that_lost_ground_says_both():
    said = " ".join(breadth_findings.answer(now=made(0.7, 0.6, 11_100), before=made(0.8, 0.7), by_line=Withheld("x", "y")))
    assert "fell from 80% to 70%" in said and "fell from 70% to 60%" in said
    assert "grew by 11%" in said and "towards the product" in said
    assert "second line" in said


def test_the_weaker_of_the_two_is_the_first_step():
    back = " ".join(breadth_findings.answer(now=made(0.3, 0.8), before=Withheld("x", "y"), by_line=Withheld("x", "y")))
    assert "begin with those who bought once" in back


def test_nothing_is_said_where_nothing_can_be_seen():
    nothing = Withheld("Who came back", "The orders span 30 days.", "A year would do.")
    said = breadth_findings.answer(now=nothing, before=nothing, by_line=nothing)
    assert len(said) == 1 and "cannot be seen yet" in said[0] and "30 days" in said[0]
    assert breadth_findings.ties(nothing) is SILENCE and breadth_findings.moved(nothing, nothing) == ""
    assert breadth_findings.key_numbers(now=nothing, by_line=nothing) == []
    assert breadth_findings.limits(now=nothing, by_line=nothing)


def test_against_the_last_report():
    said = breadth_findings.since(made(0.7, 0.6), repeat=0.8, across=0.6, on=date(2026, 3, 31))
    assert "31 March 2026" in said and "fell from 80% to 70%" in said and "stayed at 60%" in said
    assert breadth_findings.since(made(0.7, 0.6), repeat=None, across=None, on=None) == ""


def test_the_map_says_where_the_firm_is_and_was():
    alt = breadth_figures.ties(made(0.7, 0.6), made(0.8, 0.7)).alt
    assert "70%" in alt and "60%" in alt and "80%" in alt


def test_a_time_before_that_is_withheld_takes_nothing_from_the_map():
    alt = breadth_figures.ties(made(0.7, 0.6), Withheld("The time before", "Too short.")).alt
    assert "70% of the money" in alt and "time before" not in alt
    nothing = Withheld("Who came back", "Too short.")
    assert breadth_figures.ties(nothing, made(0.7, 0.6)) is nothing


def test_a_line_s_name_from_data_is_no_markup():
    orders = many(back=3, across=10)
    products = PRODUCTS.assign(line=["<b>pots</b>", "quilts"])
    found = lines(orders, products, over=window(orders, as_of=AS_OF))
    assert "<b>" not in breadth_findings.lines(found)[0]
