import pandas as pd
import pytest

from helpers.data import load
from helpers.data.notes import late_start


def notes(door, **columns):
    return " ".join(door(**columns).notes)


def test_the_report_date_is_said_when_nobody_chose_it(door):
    assert "The report date is 6 March 2025, the day of the newest order" in notes(door)
    assert "The report date is" not in notes(door, as_of="2025-03-31")


def test_an_incomplete_last_month_is_said(door):
    assert "March 2025 is incomplete: it ends with 6 March 2025." in notes(door)
    assert "incomplete: it ends" not in notes(door, ordered_at=["2025-02-01"] * 5 + ["2025-02-28"])


def test_an_incomplete_first_month_is_said(door):
    said = notes(door, ordered_at=["2025-01-15"] * 5 + ["2025-02-28"])
    assert "January 2025 is incomplete: the first order is of 15 January 2025." in said


def test_silence_before_the_report_date_is_said(door):
    said = notes(door, as_of="2025-03-20")
    assert "The newest order is of 6 March 2025, 14 days before the report date 20 March 2025." in said


def sales(first_months):
    """One customer for each entry, first buying in that month of 2025."""
    return pd.DataFrame(
        {
            "customer_id": [f"c{number}" for number in range(len(first_months))],
            "ordered_at": [pd.Timestamp(2025, month, 2) for month in first_months],
            "amount_minor": 100,
        }
    )


def test_customers_who_only_look_new_are_counted():
    assert late_start(sales([1] * 20 + [2] * 4 + [3] * 3 + [4] * 5)) == [
        "Of 32 customers, 20 (62%) have their first order in the first month of the file, January 2025, against 4.0 in a later "
        "month on average. About 16 of them are not new: they bought before the export starts. Count new customers only from later months."
    ]


@pytest.mark.parametrize(
    "first_months",
    [
        pytest.param([1] * 12 + [2] * 11 + [3] * 12 + [4] * 12, id="steady"),
        pytest.param([1] * 9 + [4], id="few"),
        pytest.param([1] * 40 + [2] * 2, id="two-months-only"),
    ],
)
def test_a_steady_start_is_not_called_late(first_months):
    assert late_start(sales(first_months)) == []


def test_much_money_without_a_customer_is_a_warning(door):
    said = notes(door, customer_id=["", "c1"], amount=["10.00", "90.00"], lines=2, mapping="")
    assert "1 line (€10.00, 10.0% of the money) has no customer. What is said about customers is silent about this part" in said


def test_a_shared_card_is_named_loudly(write):
    rows = [f"o{day}-{order},9999,2025-01-{day:02d},1.00\n" for day in range(1, 29) for order in range(4)]
    path = write("order_id,customer_id,ordered_at,amount\nx,c1,2025-01-31,5.00\n" + "".join(rows))
    company = load(path)
    assert company.reconciliation.cards == ("9999",)
    assert any(note.startswith("1 customer id (9999) behaves like a card that many people share") for note in company.notes)
    assert any("Its 112 lines (¥112.00) are set aside." in note for note in company.notes)
    assert load(path, set_aside=[]).reconciliation.totals["customers_used"] == 2


def test_references_to_unknown_customers_and_products_are_counted_not_rejected(write, tmp_path):
    write("order_id,customer_id,ordered_at,amount,product_id\na,c1,2025-01-01,5,p1\nb,c2,2025-01-02,5,p9\nc,c2,2025-01-03,5,p9\n")
    write("customer_id\nc1\n", "customers.csv")
    write("product_id\np1\n", "products.csv")
    write("contact_id,customer_id,at\n1,c7,2025-01-01\n2,c8,2025-01-01\n", "contacts.csv")
    company = load(tmp_path)
    assert company.reconciliation.totals["rows_used"] == 3
    said = " ".join(company.notes)
    assert "1 customer in orders (2 lines) is not in customers." in said
    assert "2 customers in contacts (2 lines) are not in customers." in said
    assert "1 product in orders (2 lines) is not in products." in said
