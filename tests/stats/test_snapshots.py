"""What was known on a day: a leak planted in a test makes the run fail."""

from datetime import date

import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.stats import snapshots

ROWS = pd.DataFrame(
    {"customer_id": ["A", "A", "B"], "at": pd.to_datetime(["2026-01-05", "2026-02-10", "2026-02-20"]), "amount": [5, 7, 9]}
)
DAY = date(2026, 1, 31)


def test_the_day_of_the_snapshot_itself_is_known():
    assert len(snapshots.until(ROWS, date(2026, 2, 10), at="at")) == 2


def test_the_window_begins_on_the_day_after():
    after = snapshots.window_after(ROWS, date(2026, 2, 10), at="at", days=10, as_of=date(2026, 3, 1))
    assert after["amount"].tolist() == [9]


def test_a_window_that_is_not_over_is_refused():
    with pytest.raises(DataError, match="The window of 30 days after 10 February 2026 is not over on 1 March 2026"):
        snapshots.window_after(ROWS, date(2026, 2, 10), at="at", days=30, as_of=date(2026, 3, 1))


def test_a_feature_dated_after_the_snapshot_is_named_with_its_latest_day():
    known_on = {
        "city": pd.Series(pd.to_datetime(["2020-01-01"])),
        "last visit": pd.Series(pd.to_datetime(["2026-01-30", "2026-02-01", "2026-02-03"])),
    }
    with pytest.raises(
        snapshots.Leak,
        match="The feature 'last visit' has 2 values dated after the snapshot of 31 January 2026, the latest on 3 February 2026",
    ):
        snapshots.refuse_leaks(known_on, DAY)


def test_features_without_a_leak_pass():
    snapshots.refuse_leaks({"last visit": pd.Series(pd.to_datetime(["2026-01-31", None]))}, DAY)
    honest = lambda rows: snapshots.until(rows, DAY, at="at").groupby("customer_id")["amount"].sum().to_frame()
    assert snapshots.without_the_future(honest, ROWS, DAY, at="at")["amount"].tolist() == [5]


def test_a_feature_that_looks_ahead_is_caught_though_it_carries_no_date():
    def leaks(rows):
        known = snapshots.until(rows, DAY, at="at")[["customer_id"]].drop_duplicates()
        return known.assign(spent=known["customer_id"].map(rows.groupby("customer_id")["amount"].sum()))

    with pytest.raises(snapshots.Leak, match="The feature 'spent' differs for 1 customer once the rows after 31 January 2026"):
        snapshots.without_the_future(leaks, ROWS, DAY, at="at")


def test_customers_who_came_later_are_a_leak_too():
    with pytest.raises(snapshots.Leak, match="there are 2 customers in place of 1"):
        snapshots.without_the_future(lambda rows: rows.groupby("customer_id")[["amount"]].sum(), ROWS, DAY, at="at")
