"""One customer, one number: small tables by hand, the truth of the sample, and what cannot be linked."""

import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.touchpoints import linking
from helpers.withheld import Withheld


@pytest.fixture
def five():
    """A and B share a telephone and a year, B and C an address and a year; D shares the address and is younger; E is alone."""
    return pd.DataFrame(
        {
            "customer_id": ["A", "B", "C", "D", "E"],
            "phone_code": ["P1", "P1", "P2", "P3", pd.NA],
            "address_code": ["H1", "H2", "H2", "H2", pd.NA],
            "birth_year": [1980, 1980, 1980, 1985, 1980],
            "kind": "person",
        }
    )


def test_what_is_joined_with_one_is_joined_with_all_its_others(five):
    found = linking.link(five)
    assert found.person.to_dict() == {"A": "A", "B": "A", "C": "A", "D": "D", "E": "E"}
    assert found.joined.to_dict("records") == [{"person": "A", "numbers": 3}]


def test_an_address_alone_joins_a_household(five):
    assert linking.link(five, rules=("address",)).person.to_dict() == {"A": "A", "B": "B", "C": "B", "D": "B", "E": "E"}


def test_errors_by_hand(five):
    # By address B, C and D are joined: 3 pairs. In truth A, B and C are one: 3 pairs. Right is B with C alone.
    truth = pd.Series({"A": "A", "B": "A", "C": "A", "D": "D", "E": "E"})
    found = linking.errors(linking.link(five, rules=("address",)).person, truth)
    assert (found.joined, found.right, found.true) == (3, 1, 3)
    assert found.precision.value == found.recall.value == pytest.approx(1 / 3)
    careful = linking.errors(linking.link(five).person, truth)
    assert (careful.joined, careful.right, careful.true) == (3, 3, 3)


def test_the_order_of_rows_does_not_matter_and_cards_are_no_persons(five):
    mixed = linking.link(five.iloc[::-1].reset_index(drop=True)).person.sort_index()
    assert mixed.to_dict() == linking.link(five).person.to_dict()
    cards = five.assign(kind=["person", "staff", "person", "person", "person"])
    assert "B" not in linking.link(cards).person.index


def test_a_code_that_many_share_is_a_stand_in(five):
    office = pd.DataFrame({"customer_id": [f"X{n}" for n in range(9)], "phone_code": "P9", "address_code": pd.NA, "birth_year": 1990, "kind": "person"})
    found = linking.link(pd.concat([five, office], ignore_index=True), rules=("phone+year",))
    assert found.too_common == 1 and found.joined["numbers"].tolist() == [2]


def test_large_customers_behind_several_numbers(five):
    book = pd.DataFrame({"customer_id": ["A", "B", "C", *[f"Z{n}" for n in range(40)]], "net_minor": [400, 300, 200, *range(40)]})
    book.loc[book["customer_id"] == "Z39", "net_minor"] = 500
    found = linking.hidden(book, linking.link(five), share=0.99)
    # Of 42 with money, the cut lies between the two largest single numbers, 400 and 500; A, B and C bring 900 together.
    assert found[["person", "numbers", "count", "net_minor", "largest_single_minor"]].to_numpy().tolist() == [["A", "A, B, C", 3, 900, 400]]


def test_the_sample_hides_one_customer_behind_three_numbers(sample_company):
    from datetime import timedelta

    from helpers import simulate
    from helpers.data.ledger import ledger

    truth = simulate.company().truth_of("identities")
    three = sorted(truth.loc[truth["three_ids"] == "yes", "customer_id"])
    year = ledger(sample_company.orders, as_of=sample_company.as_of, since=sample_company.as_of - timedelta(days=364))
    large = linking.hidden(year, linking.link(sample_company.customers))
    assert large["numbers"].iloc[0] == ", ".join(three)
    careful = linking.compare_rules(sample_company.customers, truth, {"careful": linking.CAREFUL, "either": ("phone", "address")}).set_index("rule")
    assert careful.loc["careful", "precision"] > 0.85 > 0.6 > careful.loc["either", "precision"]


def test_nobody_is_joined_where_nobody_has_two_numbers(no_stories):
    found = linking.link(no_stories.customers)
    # Households share codes, and now and then a year of birth.
    assert len(found.joined) <= 0.005 * len(found.person)


def test_what_is_missing_or_unknown_is_said(five):
    assert isinstance(linking.link(None), Withheld)
    assert "phone_code" in linking.link(five.drop(columns="phone_code")).reason
    with pytest.raises(DataError, match="no rule 'shoe size'"):
        linking.link(five, rules=("shoe size",))
    assert isinstance(linking.compare_rules(five, None, {"x": ("phone",)}), Withheld)


def test_what_is_known_of_customers(five):
    tables = {"customers": five.assign(city=["Suzhou", "", "Suzhou", pd.NA, "Suzhou"]), "contacts": pd.DataFrame({"customer_id": ["A", "A", "Q"], "touchpoint": "shop"})}
    found = linking.completeness(tables, pd.Series(["A", "B", "C", "D"])).set_index("column")
    assert found.loc["customers.city", ["customers", "share"]].tolist() == [2, 0.5]
    assert found.loc["contacts.touchpoint", "customers"] == 1 and found.loc["survey.motive", "customers"] == 0
    assert found.loc["customers.city", "kind"] == "background" and found.loc["contacts.touchpoint", "kind"] == "behaviour"


def test_one_code_alone_names_no_large_customer():
    """F and G live together, were born in one year, and together spend much: a couple, as far as anybody can say."""
    couple = pd.DataFrame(
        {"customer_id": ["F", "G"], "phone_code": ["P1", "P2"], "address_code": ["H1", "H1"], "birth_year": [1980, 1980], "kind": "person"}
    )
    book = pd.DataFrame({"customer_id": ["F", "G", *[f"Z{n}" for n in range(40)]], "net_minor": [400, 450, *range(39), 500]})
    assert linking.hidden(book, linking.link(couple), share=0.99).empty
    same = couple.assign(phone_code="P1")
    assert linking.hidden(book, linking.link(same), share=0.99)["numbers"].tolist() == ["F, G"]
