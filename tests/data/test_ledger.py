from datetime import date

import duckdb
import pandas as pd
import pytest
from helpers.data.ledger import COLUMNS, ledger
from hypothesis import given
from hypothesis import strategies as st

DAY = date(2026, 3, 31)


def lines(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount_minor"])
    return frame.astype({"customer_id": "str", "ordered_at": "datetime64[us]", "amount_minor": "int64"})


def test_one_customer_by_hand():
    book = ledger(
        lines(
            ("A", "2026-01-01 09:00", 1000),
            ("A", "2026-01-01 18:00", 500),  # the same day: one order day
            ("A", "2026-01-11 10:00", 2000),
            ("A", "2026-01-31 23:59:59", 300),
            ("A", "2026-02-02 10:00", -700),  # a return is no order day
            ("A", "2026-04-01 00:00", 9999),  # the day after the report date
        ),
        as_of=DAY,
    )
    assert book.iloc[0].to_dict() == {
        "customer_id": "A",
        "first_order_on": pd.Timestamp("2026-01-01"),
        "last_order_on": pd.Timestamp("2026-01-31"),
        "order_days": 3,
        "gross_minor": 3800,
        "returns_minor": -700,
        "net_minor": 3100,
        "mean_gap_days": 15.0,
    }


def test_orders_on_the_report_date_count():
    assert ledger(lines(("A", "2026-03-31 23:59:59", 5)), as_of=DAY)["order_days"].tolist() == [1]


def test_since_starts_at_midnight_of_its_day():
    book = ledger(
        lines(("A", "2026-01-01 23:59", 1), ("A", "2026-01-02 00:00", 2)), as_of=DAY, since=date(2026, 1, 2)
    )
    assert book["gross_minor"].tolist() == [2]


def test_who_only_gave_back_has_no_row():
    assert ledger(lines(("A", "2026-01-01", -5)), as_of=DAY).empty


def test_nobody_gives_an_empty_ledger_with_all_columns():
    assert tuple(ledger(lines(), as_of=DAY).columns) == COLUMNS


def test_money_without_a_customer_is_left_out():
    frame = lines(("A", "2026-01-01", 5), (None, "2026-01-01", 7))
    assert ledger(frame, as_of=DAY)["gross_minor"].sum() == 5


def test_status_decides_where_it_is_given():
    frame = lines(("A", "2026-01-01", 5), ("A", "2026-01-02", 7)).assign(status=["sale", "cancelled"])
    assert ledger(frame, as_of=DAY)["gross_minor"].tolist() == [5]


rows = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "007"]),
        st.dates(date(2026, 1, 1), date(2026, 4, 5)),
        st.integers(-(10**12), 10**12).filter(bool),
    ),
    max_size=12,
)


@given(rows)
def test_pandas_and_duckdb_give_the_same_ledger_to_the_cent(rows):
    frame = lines(*rows)
    with duckdb.connect() as connection:
        from_duckdb = ledger(connection.from_df(frame), as_of=DAY)
    pd.testing.assert_frame_equal(ledger(frame, as_of=DAY), from_duckdb)


def test_parquet_through_duckdb_gives_the_same_ledger(tmp_path):
    frame = lines(("A", "2026-01-01 09:30", 123456), ("B", "2026-02-01", 99), ("A", "2026-03-01", -23))
    frame.to_parquet(tmp_path / "orders.parquet")
    with duckdb.connect() as connection:
        from_file = ledger(connection.read_parquet(str(tmp_path / "orders.parquet")), as_of=DAY)
    pd.testing.assert_frame_equal(ledger(frame, as_of=DAY), from_file)


@given(rows)
def test_order_of_rows_is_irrelevant(rows):
    frame = lines(*rows)
    shuffled = frame.sample(frac=1, random_state=0)
    pd.testing.assert_frame_equal(ledger(frame, as_of=DAY), ledger(shuffled, as_of=DAY))


@given(rows)
def test_no_money_is_lost_or_made(rows):
    frame = lines(*rows)
    past = frame[frame["ordered_at"] < pd.Timestamp("2026-04-01")]
    book = ledger(frame, as_of=DAY)
    known = past[past["customer_id"].isin(book["customer_id"])]
    assert book["net_minor"].sum() == known["amount_minor"].sum()


@pytest.mark.parametrize("column", ["order_days", "gross_minor", "returns_minor", "net_minor"])
def test_counts_and_money_are_whole_numbers(column):
    assert ledger(lines(("A", "2026-01-01", 5)), as_of=DAY)[column].dtype == "int64"
