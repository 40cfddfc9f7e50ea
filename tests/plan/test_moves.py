"""Moves: what each is worth, worked out by hand, and which comes first."""

from datetime import date

import pytest

from helpers.errors import DataError
from helpers.plan import moves
from helpers.plan.moves import ASSUMED, MEASURED, UNKNOWN, Settings
from helpers.simulate.repairs import REPAIRS
from helpers.withheld import Withheld

BROKEN = {
    "00a": {"margin_rate_this": 0.4},
    "01a": {"break_at": "installation (partner)", "break_cost_minor": 17_000_00},
    "01b": {"stuck_at": "installation, partner"},
    "03a": {"change_cause": "region=North x line=kitchen x sales_behaviour=installer_referral", "change_cause_minor": -50_000_00},
    "06": {"leaking_promise": "installed_48h"},
}


def by_key(found):
    return {one.key: one for one in found}


def test_a_repair_by_hand(evidence_of):
    """At stake: 17,000 of calls, and 50,000 in three months, so 200,000 a year of which 0.4 is margin: 97,000. Cost 20,000 + 4 × 3,000. Half comes back."""
    evidence = evidence_of(BROKEN)
    settings = Settings(repair_once_minor=20_000_00, repair_quarter_minor=3_000_00, repaired=0.5)
    [one] = moves.moves(evidence, settings)
    assert (one.key, one.stake_minor, one.cost_minor, one.net_minor) == ("repair_break", 97_000_00, 32_000_00, 16_500_00)
    assert one.pays_from == pytest.approx(32 / 97) and one.basis == ASSUMED
    # 01a and 01b read one log: one witness. The fall and the promise are two more.
    assert one.reports == ("01a", "03a", "06")
    assert (one.begins, one.looked_at) == (date(2026, 6, 22), date(2026, 12, 21))


def test_without_a_price_nobody_knows_what_a_repair_leaves(evidence_of):
    [one] = moves.moves(evidence_of(BROKEN), Settings())
    assert one.net_minor is None and one.basis == UNKNOWN and one.pays_from is None
    # It is named by three reports, so it is still the first thing to do.
    assert moves.chosen([one]) == [one]


def test_places_that_differ_are_two_moves(evidence_of):
    elsewhere = BROKEN | {"01a": {"break_at": "hotline", "break_cost_minor": 9_00}, "01b": {}, "06": {"leaking_promise": "money_back"}}
    found = by_key(moves.moves(evidence_of(elsewhere), Settings(repair_quarter_minor=1_00)))
    assert set(found) == {"repair_break", "repair_fall", "repair_promise"}
    assert found["repair_break"].reports == ("01a",) and found["repair_break"].stake_minor == 9_00
    assert found["repair_fall"].stake_minor == 80_000_00
    assert found["repair_promise"].stake_minor is None and found["repair_promise"].net_minor is None


def test_what_a_lot_has_measured_by_hand(evidence_of, campaign_numbers):
    """The call leaves 16.00 for each asked, −9.00 to 41.00; 300 are on the list. The coupon loses 18.00 each (35.00 to 0.40): not sending it saves that."""
    numbers = campaign_numbers({
        "call": (381, 0.13, 0.07, 0.19, 9_525_00, 16_00, -9_00, 41_00),
        "coupon": (380, 0.02, -0.03, 0.07, 1_140_00, -18_00, -35_00, -40),
        "reminder": (380, 0.03, -0.02, 0.08, 380_00, 15_00, -10_00, 40_00),
    }, proven="call")  # fmt: skip
    found = by_key(moves.moves(evidence_of({"04": numbers}, {"04": {"wake": (300, 100, 20_000_00)}}), Settings()))
    wake, stop = found["wake"], found["stop_coupon"]
    assert (wake.net_minor, wake.low_minor, wake.high_minor, wake.cost_minor, wake.basis) == (4_800_00, -2_700_00, 12_300_00, 7_500_00, MEASURED)
    assert (stop.net_minor, stop.low_minor, stop.high_minor, stop.cost_minor) == (5_400_00, 120_00, 10_500_00, 0)
    assert wake.test == "100 customers left alone by lot will show whether it is so again."
    assert "stop_reminder" not in found and "stop_call" not in found


def test_a_list_without_a_campaign_is_an_assumption(evidence_of):
    """5 of 100 of 100,000 of revenue at stake, 0.4 of it margin: 2,000; 50 contacts of 25: 1,250."""
    [one] = moves.moves(evidence_of({}, {"03a": {"keep": (50, 12, 100_000_00)}}), Settings(margin=0.4, response=0.05, contact_minor=25_00))
    assert (one.net_minor, one.cost_minor, one.basis, one.low_minor) == (750_00, 1_250_00, ASSUMED, None)
    assert one.test == "12 customers left alone by lot will show whether it is so."


def test_an_offer_that_holds_by_hand(evidence_of):
    """20 customers, 1,000 expected, 25 each: 1,500 for a share of 0.3, so 5,000 for all; 0.2 and 0.4 of it less 500 of cost."""
    numbers = {"save_profit_minor": 1_000_00, "offer_saved": 0.3, "offer_saved_low": 0.2, "offer_saved_high": 0.4, "offer_cost_minor": 25_00, "offer_arm": "call"}
    [one] = moves.moves(evidence_of({"07b": numbers}, {"07b": {"save": (20, 5, 9_000_00)}}), Settings())
    assert (one.net_minor, one.low_minor, one.high_minor, one.cost_minor) == (1_000_00, 500_00, 1_500_00, 500_00)


def test_first_a_cause_with_witnesses_then_what_was_measured_then_what_is_assumed(evidence_of, campaign_numbers):
    call = campaign_numbers({"call": (381, 0.13, 0.07, 0.19, 9_525_00, 16_00, -9_00, 41_00)}, proven="call")
    evidence = evidence_of(BROKEN | {"04": call}, {"03a": {"keep": (10, 2, 9_000_000_00)}, "04": {"wake": (100, 20, 5_00)}, "07b": {"warn": (50, 10, 1_00)}})
    found = moves.moves(evidence, Settings(repair_once_minor=60_000_00))
    assert [one.key for one in found] == ["repair_break", "wake", "keep", "warn"]
    # The repair is expected to lose in its first year, and comes first all the same; the list that loses is not chosen.
    assert found[0].net_minor < 0 and found[3].net_minor < 0
    assert [one.key for one in moves.chosen(found, most=9)] == ["repair_break", "wake", "keep"]


def test_a_repair_that_cannot_pay_is_not_chosen(evidence_of):
    found = moves.moves(evidence_of(BROKEN), Settings(repair_once_minor=98_000_00))
    assert found[0].pays_from > 1 and moves.chosen(found) == []


def test_nothing_to_do_is_said(evidence_of):
    assert isinstance(moves.moves(evidence_of({"00a": {"margin_rate_this": 0.4}}), Settings()), Withheld)


def test_the_sample_company_s_offers_are_what_the_repairs_cost_there():
    names = {"repair_break": "installers", "repair_fall": "installers", "repair_store": "retraining"}
    assert moves.QUOTES == {key: (REPAIRS[name].once_fen, REPAIRS[name].quarter_fen) for key, name in names.items()}


def test_owners_are_read_and_a_mistake_says_what_to_write(evidence_of):
    settings = Settings(owners=moves.read_owners("keep=Ms Lin; sales = Mr Zhao"))
    lists = {"03a": {"keep": (50, 12, 100_00)}, "03b": {"climb": (5, 1, 100_00)}}
    assert {one.key: one.person for one in moves.moves(evidence_of({}, lists), settings)} == {"keep": "Ms Lin", "climb": "Mr Zhao"}
    assert moves.read_owners("") == {}
    for text in ("keep", "keep=", "nobody=Ms Lin"):
        with pytest.raises(DataError, match="owners"):
            moves.read_owners(text)
