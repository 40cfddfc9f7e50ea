import pytest

from helpers.plan import campaign, findings
from helpers.withheld import Withheld

WAYS = {
    "call": (400, 0.13, 0.07, 0.19, 10_000_00, 16_00, -9_00, 41_00),
    "coupon": (400, 0.02, -0.03, 0.07, 1_200_00, -18_00, -35_00, -40),
    "reminder": (400, 0.03, -0.02, 0.08, 400_00, 15_00, -10_00, 40_00),
    "letter": (400, 0.10, 0.05, 0.15, 800_00, 30_00, 5_00, 55_00),
}


def test_each_way_gets_its_verdict(evidence_of, campaign_numbers):
    judged = campaign.judge(evidence_of({"04": campaign_numbers(WAYS)}))
    assert dict(zip(judged.table["way"], judged.table["verdict"], strict=True)) == {"call": "repeat", "coupon": "stop", "reminder": "fix", "letter": "repeat"}
    assert judged.of("repeat") == ["call", "letter"]


def test_what_one_more_customer_cost_by_hand(evidence_of, campaign_numbers):
    """400 asked by call, 13 of 100 because of it: 52; 10,000 / 52 is 192.31. All who came are 23 of 100, 92: 108.70."""
    row = campaign.judge(evidence_of({"04": campaign_numbers(WAYS)})).table.iloc[0]
    assert campaign.cost_of_one_more_minor(row) == pytest.approx(19_230.77, abs=0.01)
    assert campaign.naive_cost_minor(row) == pytest.approx(10_869.57, abs=0.01)


def test_what_caused_nothing_has_no_price(evidence_of, campaign_numbers):
    row = campaign.judge(evidence_of({"04": campaign_numbers({"call": (400, -0.01, -0.05, 0.03, 10_000_00, 1, -9, 9)})})).table.iloc[0]
    assert campaign.cost_of_one_more_minor(row) == float("inf")


def test_without_a_hold_out_nothing_is_judged(evidence_of):
    judged = campaign.judge(evidence_of({"04": {"sleepers_worth_minor": 5}}))
    assert isinstance(judged, Withheld) and "left some customers alone" in judged.reason and findings.campaign(judged, code="CNY") == []


def test_a_way_without_money_is_judged_by_what_it_caused():
    assert [campaign.verdict(low, None, None, None) for low in (0.01, -0.01)] == ["repeat", "fix"]
    # It works, and on average costs more than it brings: not yet.
    assert campaign.verdict(0.05, -100, -900, 700) == "fix"
