"""The reference counts were worked out apart from this code, from the published file."""

import pytest

from helpers.data import load
from helpers.places import SAMPLE

MAPPING = SAMPLE / "mappings" / "online_retail.toml"


def lines_by_reason(company):
    return company.reconciliation.lines.set_index("reason")["lines"].to_dict()


def test_without_any_exclusion_the_published_totals_appear(france):
    company = load(france, mapping=MAPPING, set_aside=())
    totals = company.reconciliation.totals
    assert totals["rows_in"] == 8557
    assert totals["customers_used"] == 87
    assert totals["gross_minor"] == 209_024_05
    assert totals["net_minor"] == 196_712_84
    assert (totals["no_customer_lines"], totals["no_customer_minor"]) == (66, 691_06)
    assert totals["amount_in_minor"] == 197_403_90
    assert totals["share_without_customer"] == pytest.approx(691.06 / 197_403.90)
    reasons = lines_by_reason(company)
    assert (reasons["sale"], reasons["return"], reasons["gift"], reasons["no_customer"]) == (8341, 149, 1, 66)
    assert sum(reasons.values()) == 8557
    assert len(company.rejects) == 0


@pytest.mark.parametrize(
    "set_aside, choices, sale_lines, gross",
    [
        pytest.param((), {"non_product": "in", "repeated": "in"}, 8341, 209_024_05, id="all-in"),
        pytest.param(("non_product",), {"non_product": "out", "repeated": "in"}, 8034, 183_891_68, id="no-postage"),
        pytest.param(("repeated",), {"non_product": "in", "repeated": "out"}, 8326, 208_934_31, id="no-repeats"),
    ],
)
def test_postage_and_repeats_are_named_in_or_out(france, set_aside, choices, sale_lines, gross):
    company = load(france, mapping=MAPPING, set_aside=set_aside)
    memo = company.reconciliation.memo.set_index("item")
    assert {item: memo.at[item, "choice"] for item in choices} == choices
    assert (memo.at["non_product", "sale_lines"], memo.at["non_product", "sale_minor"]) == (307, 25_132_37)
    assert (memo.at["repeated", "sale_lines"], memo.at["repeated", "sale_minor"]) == (15, 89_74)
    assert lines_by_reason(company)["sale"] == sale_lines
    assert company.reconciliation.totals["gross_minor"] == gross
    assert sum(lines_by_reason(company).values()) == 8557


def test_the_shipped_mapping_leaves_postage_out_and_says_so(france):
    company = load(france, mapping=MAPPING)
    assert company.name == "Online gift shop"
    assert company.currency == "GBP"
    said = " ".join(company.reconciliation.sentences())
    assert "8,557 order lines came in" in said
    assert "323 lines (£15,240.51), of which 307 sale lines of known customers (£25,132.37); left out" in said
    assert "Without a customer: 66 lines, £691.06." in said


def test_the_customers_of_france_match_the_published_medians(france):
    company = load(france, mapping=MAPPING, set_aside=())
    ledger = company.ledger()
    orders = company.orders[company.orders["status"] == "sale"].groupby("customer_id")["order_id"].nunique()
    assert (orders == 1).sum() == 28
    assert orders.median() == 3
    assert ledger["gross_minor"].median() == 862_81
    # The published recency counts to the day after the last day.
    assert ((ledger["last_order_on"].max() - ledger["last_order_on"]).dt.days + 1).median() == 32
