import datetime

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from helpers.reports import table
from helpers.withheld import Withheld


def cells(made):
    soup = BeautifulSoup(made._repr_html_(), "html.parser")
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in soup.find_all("tr")]


def test_numbers_become_words_by_the_names_of_their_columns():
    frame = pd.DataFrame(
        {
            "size": ["VIP"],
            "customers": [1200],
            "share_of_money": [0.256],
            "net_minor": [-123456],
            "gap": [2.345],
            "last_order_on": pd.to_datetime(["2026-03-04"]),
            "is_new": [True],
        }
    )
    assert cells(table(frame, "Who?", code="CNY")) == [
        ["size", "customers", "share of money", "net", "gap", "last order on", "is new"],
        ["VIP", "1,200", "26%", "−¥1,235", "2.3", "4 March 2026", "yes"],
    ]


def test_formats_and_labels_can_be_given():
    frame = pd.DataFrame({"net_minor": [5], "rate": [0.1234], "when": [datetime.date(2026, 3, 1)], "x": [3]})
    made = table(
        frame,
        "Who?",
        code="CNY",
        labels={"net_minor": "money"},
        formats={"net_minor": "cents", "rate": "percent1", "when": "month", "x": lambda value: "*" * value},
    )
    assert cells(made) == [["money", "rate", "when", "x"], ["¥0.05", "12.3%", "March 2026", "***"]]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT])
def test_a_missing_value_is_a_dash(missing):
    assert cells(table(pd.DataFrame({"a": ["x", missing]}, dtype=object), "Who?"))[2] == ["–"]


def test_nothing_from_the_data_is_markup():
    nasty = "<script>alert(1)</script>"
    frame = pd.DataFrame({nasty: [nasty]})
    made = table(frame, nasty, note=nasty, labels={nasty: nasty})
    soup = BeautifulSoup(made._repr_html_(), "html.parser")
    assert soup.find("script") is None
    assert made._repr_html_().count("&lt;script&gt;") == 4


def test_screen_readers_know_heads_and_rows():
    made = table(pd.DataFrame({"size": ["VIP"], "customers": [3]}), "Who?")
    soup = BeautifulSoup(made._repr_html_(), "html.parser")
    assert soup.caption.get_text() == "Who?"
    assert [head["scope"] for head in soup.find_all("th")] == ["col", "col", "row"]


def test_numbers_stand_at_the_right():
    made = table(pd.DataFrame({"size": ["VIP"], "customers": [3], "text": ["a"]}), "Who?")
    soup = BeautifulSoup(made._repr_html_(), "html.parser")
    assert [cell["class"] for cell in soup.tbody.find_all(["th", "td"])] == [["t"], ["n"], ["t"]]


def test_a_long_table_says_how_much_is_left_out():
    made = table(pd.DataFrame({"a": range(100)}), "Who?", longest=10, rest="customers.csv", note="Sorted.")
    assert len(made.rows) == 10
    assert made.note == "Sorted. 10 of 100 rows shown; all are in customers.csv."


def test_a_withheld_result_stays_withheld():
    withheld = Withheld("Who?", "Too few.")
    assert table(withheld, "Who?") is withheld


def test_money_needs_its_currency():
    with pytest.raises(ValueError, match="needs the currency"):
        table(pd.DataFrame({"net_minor": [1]}), "Who?")


def test_a_misspelt_column_is_named():
    with pytest.raises(ValueError, match="no column 'nett'"):
        table(pd.DataFrame({"net": [1]}), "Who?", labels={"nett": "x"})


def test_an_empty_table_has_its_heads():
    assert cells(table(pd.DataFrame({"a": pd.Series(dtype="int64")}), "Who?")) == [["a"]]
