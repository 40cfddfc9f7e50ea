import pandas as pd
import pytest

from helpers.data import contract
from helpers.data.dictionary import data_dictionary
from helpers.places import SAMPLE


def typed(**columns):
    """Two good orders with single columns replaced, in the contract's types."""
    frame = pd.DataFrame(
        {
            "order_id": pd.Series(["a", "b"], dtype="str"),
            "customer_id": pd.Series(["c1", None], dtype="str"),
            "ordered_at": pd.to_datetime(["2025-01-01", "2025-01-02"]).astype("datetime64[us]"),
            "amount_minor": pd.Series([100, -100], dtype="int64"),
        }
    )
    return frame.assign(**columns)


def test_good_orders_pass():
    assert contract.failures("orders", typed()) == []


@pytest.mark.parametrize(
    "columns, column, rule, lines",
    [
        ({"order_id": pd.Series(["a", None], dtype="str")}, "order_id", "missing", [1]),
        ({"kind": pd.Series(["sale", "swap"], dtype="str")}, "kind", "allowed values", [1]),
        ({"kind": pd.Series(["return", None], dtype="str")}, "amount", "sign", [0]),
        ({"kind": pd.Series(["sale", "sale"], dtype="str")}, "amount", "sign", [1]),
        ({"list_price_minor": pd.array([-1, None], dtype="Int64")}, "list_price", "range", [0]),
        (
            {"order_id": pd.Series(["a", "a"], dtype="str"), "customer_id": pd.Series(["c1", "c2"], dtype="str")},
            "order_id",
            "one customer an order",
            [0, 1],
        ),
    ],
)
def test_each_rule_finds_its_lines(columns, column, rule, lines):
    found = [(name, broken, list(index)) for name, broken, index in contract.failures("orders", typed(**columns))]
    assert found == [(column, rule, lines)]
    fact, advice = contract.in_words("orders", column, rule)
    assert column in fact or rule in ("sign", "one customer an order")
    assert advice


def test_a_second_row_for_a_customer_is_the_one_that_breaks_the_contract():
    customers = pd.DataFrame({"customer_id": pd.Series(["a", "b", "a"], dtype="str")})
    assert [(rule, list(lines)) for _, rule, lines in contract.failures("customers", customers)] == [("unique", [2])]


def test_a_wrong_type_is_a_fault_of_the_program():
    with pytest.raises(TypeError, match="orders: order_id failed dtype"):
        contract.failures("orders", typed(order_id=[1, 2]))


def test_every_rule_has_its_words():
    for table in contract.TABLES.values():
        for column in table:
            for rule in contract.RULES:
                assert all(contract.in_words(table.name, column.name, rule))


def test_the_data_dictionary_is_in_step_with_the_contract():
    page = (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert page == data_dictionary(), "Write it again with: python -m helpers.data.dictionary"
    for table in contract.TABLES.values():
        for column in table:
            assert f"| `{column.name}` | {column.means} |" in page


def test_the_contract_names_the_tables_and_the_columns_that_are_needed():
    assert {name: table.required for name, table in contract.TABLES.items()} == {
        "orders": ("order_id", "customer_id", "ordered_at", "amount"),
        "customers": ("customer_id",),
        "products": ("product_id",),
        "contacts": ("contact_id", "customer_id", "at"),
        "survey": ("answer_id", "answered_on", "mode"),
        "ratings": ("answer_id", "touchpoint", "expectation", "perception"),
        "journeys": ("journey_id", "at", "touchpoint", "ordered"),
        "price_answers": ("answer_id", "product_id", "too_cheap", "cheap", "expensive", "too_expensive"),
        "price_offers": ("answer_id", "price", "would_buy"),
        "needs": ("statement_id", "statement", "c", "importance", "action"),
        "campaigns": ("campaign_id", "started_on"),
        "assignments": ("campaign_id", "customer_id", "arm", "assigned_on"),
        "households": ("answer_id", "answered_on", "aware", "considered", "rejected", "buys", "uses_minimally"),
        "prospects": ("prospect_id", "entered_on"),
        "visits": ("visit_id", "prospect_id", "at", "attempt", "outcome"),
        "brand_survey": ("answer_id", "answered_on", "wave", "sample"),
        "brand_funnel": ("answer_id", "brand", "own", "unaided", "aided", "considered", "bought", "preferred"),
        "brand_promises": ("answer_id", "promise", "believed", "kept"),
        "brand_stretch": ("answer_id", "line", "fit"),
        "referrals": ("referral_id", "referrer_id", "referred_on", "customer_id"),
        "contracts": ("contract_id", "customer_id", "started_on", "paid_until", "ended_on"),
        "exits": ("exit_id", "customer_id", "left_on", "reason"),
    }
