"""What the cases of touchpoints calculate: by hand, by the numbers of the source, and by simulation."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.touchpoints import case_figures, case_findings, case_worlds, cases, queues, running_figures, running_findings, scenes
from helpers.touchpoints.case_worlds import NEEDS


@pytest.fixture(scope="module")
def market():
    return case_worlds.advisers()


# ---------------------------------------------------------------- C03


def test_what_is_heard_by_hand():
    frame = pd.DataFrame({"unhappy": [True, True, False, False]})
    for need in NEEDS:
        frame[f"has_{need}"] = frame[f"says_{need}"] = False
    frame["has_quiet"] = [True, True, True, False]
    frame["says_quiet"] = [True, False, False, False]
    frame["has_trial"], frame["says_trial"] = [False, False, False, True], [False, False, False, True]
    # One seat: an unhappy guest speaks of "quiet" in one of two cases; it is three of the four needs that people have.
    assert cases.heard(frame, "unhappy", seats=1) == pytest.approx(0.5 * 3 / 4)
    assert cases.heard(frame, "unhappy", seats=2) == pytest.approx(3 / 4)
    assert cases.heard(frame, "lot", seats=4) == pytest.approx(1)


@pytest.mark.parametrize("who", cases.INVITED)
def test_what_is_heard_against_tables_drawn_by_lot(who, market):
    lot = np.random.default_rng(5)
    guests = cases.group(market, who)
    says = guests[[f"says_{need}" for need in NEEDS]].to_numpy()
    have = market[[f"has_{need}" for need in NEEDS]].to_numpy().sum(axis=0)
    drawn = [have[says[lot.choice(len(says), 8, replace=False)].any(axis=0)].sum() / have.sum() for _ in range(3000)]
    assert cases.heard(market, who, seats=8) == pytest.approx(np.mean(drawn), abs=4 * np.std(drawn) / 3000**0.5)


def test_who_is_invited_turns_with_the_market(market):
    assert cases.best_guests(market) == "unhappy"
    assert cases.best_guests(case_worlds.advisers(alike=True)) != "unhappy"


def test_a_table_of_guests_is_of_unhappy_ones_and_always_the_same(market):
    table = cases.table_of_guests(market)
    assert table.equals(cases.table_of_guests(market)) and len(table) == 20
    assert set(table.columns) == {"guest", *NEEDS}
    with pytest.raises(DataError, match="Nobody can invite 'press'"):
        cases.group(market, "press")


# ---------------------------------------------------------------- C04, C05


def test_the_offers_of_the_source():
    shoe = scenes.Shoe()
    assert scenes.pays(shoe, better=False) == 528 and scenes.pays(shoe, better=True) == pytest.approx(499.20)
    table = cases.offers_by_price().set_index("price")
    # Appendix B: the percentage is lower at 196, the threshold at 204 and from 1,400 on.
    assert table.loc[196, "better"] < table.loc[196, "threshold"]
    assert table.loc[204, "threshold"] < table.loc[204, "better"]
    assert (table.loc[1400:, "threshold"] <= table.loc[1400:, "better"]).all()


def test_offer_and_sentence_by_hand():
    shoe = scenes.Shoe()
    # 0.9 * 199.20 - 0.6 * 228; half of 0.6 * 199.20
    assert scenes.offer_adds(shoe) == pytest.approx(42.48)
    assert scenes.sentence_costs(shoe) == pytest.approx(59.76)


def test_docks_by_hand():
    costs = scenes.dock_costs(scenes.Charger())
    # 40 + 0.1 * 600 + 0.8 * 60 + 0.2 * 0.05 * 600
    assert costs == pytest.approx({"first": 60, "check": 154, "refuse": 300})


def test_the_turning_point_is_where_the_lines_cross():
    charger = replace(scenes.Charger(), dock=400)
    share = cases.fault_from_which_to_check(charger)
    at = scenes.dock_costs(replace(charger, own_fault=share))
    assert at["check"] == pytest.approx(at["first"])
    # 100 of 370 yuan
    assert share == pytest.approx(100 / 370)
    assert cases.fault_from_which_to_check(scenes.Charger()) is None


# ---------------------------------------------------------------- C06 and the short cases


def test_a_screen_is_a_shorter_call():
    screen = case_worlds.world("first").screen
    assert cases.with_screen(screen) == queues.queue(66, 4.2, 7)
    assert cases.with_agent(screen) == queues.queue(66, 5.0, 8)


@pytest.mark.parametrize("cheaper, right", [(1000, "screen"), (20_000, "agent")])
def test_where_both_are_enough_the_cheaper_one_is_right(cheaper, right):
    screen = replace(case_worlds.world("first").screen, agents=12, screen_a_month=cheaper)
    assert cases.shorter_queue(screen) == right


def test_the_bank_by_hand():
    costs = cases.bank_costs(case_worlds.Bank())
    # 70 and 6 minutes at 30 yuan an hour: 14 + 35; 0.85 * 6 + 0.15 * 80; 0.85 * 6 + 0.15 * 49 + 2
    assert costs == pytest.approx({"counter": 49, "phone": 17.1, "both": 14.45})


def test_thanks_by_hand():
    thanks = case_worlds.Thanks(sizes={20.0: 10, 100.0: 10})
    # 0.01 * 0.25 * 20 - 0.10 = -0.05 each, and 0.15 each
    assert cases.thanked(thanks) == pytest.approx({"all": 1.0, "from": 1.5, "none": 0.0})
    assert cases.whom_to_thank(case_worlds.Thanks(sizes={1.0: 5})) == "none"


def test_fee_and_brochures_by_hand():
    assert cases.waive(case_worlds.Fee()) == pytest.approx(300 * 0.15 - 30)
    # 15 readers of 400 yuan; 1,500 and 0.4 of it; 6,000 and the delay
    assert cases.brochure_costs(case_worlds.Brochures()) == pytest.approx({"post": 6000, "slip": 3900, "bin": 14_000})


def test_worlds_and_their_limits():
    with pytest.raises(DataError, match="no world 'third'. There are: first, second"):
        case_worlds.world("third")
    with pytest.raises(DataError, match="Give a fraction from 0 to 1"):
        case_worlds.callers(known=1.5)
    with pytest.raises(DataError, match="100 or more"):
        case_worlds.advisers(customers=10)
    calls = case_worlds.callers()
    assert (calls["right_person"] <= calls["number_on_file"]).all()


# ---------------------------------------------------------------- figures and sentences


def pictures():
    world = case_worlds.world("first")
    return {
        "guests": case_figures.guests(seats=20, alike=True),
        "offers": case_figures.offers(price=820),
        "counter": case_figures.counter(world.shoe),
        "training": case_figures.training(said_in=0.5, buys_after=0.3),
        "docks": case_figures.docks_at(own_fault=0.6, dock=400),
        "plans": case_figures.plans(world.screen),
        "bank": case_figures.bank_at(cannot=0.1),
        "thanks": case_figures.thanks_at(message=0.1, comes_back=0.01),
        "fee": case_figures.fee_at(next_margin=300, points=0.15),
        "brochures": case_figures.brochures_at(notice=0.06, delay=0),
        "promise": running_figures.promise(days=3, real_days=3.0),
        "staffing": running_figures.staffing(agents=8, minutes=5.0),
    }


def test_every_figure_fits_a_slide_and_says_its_numbers():
    for name, picture in pictures().items():
        assert picture.figure.get_figheight() <= 4.5, name
        assert any(sign.isdigit() for sign in picture.alt), name
    assert "500.00 with" not in pictures()["offers"].alt
    assert "(500.00 against 533.00)" in pictures()["offers"].alt  # 820 - 320, and 65 of 100
    assert "cross at an order of 40 yuan" in pictures()["thanks"].alt


def test_sentences_follow_their_numbers():
    assert "80 off per full 200 is lower, by 33.00 yuan" in case_findings.offers(price=820)
    assert "65 of 100 is lower, by 28.80 yuan" in case_findings.offers(price=768)
    assert "the price is worth more" in case_findings.training(said_in=0.5, buys_after=0.8)
    assert "A look pays from 27 of 100 on" in case_findings.docks_at(own_fault=0.2, dock=400)
    assert "a look never pays" in case_findings.docks_at(own_fault=0.2, dock=60)
    assert "loses 15 yuan" in case_findings.fee_at(next_margin=300, points=0.05)
    assert "cannot keep up" in running_findings.staffing(agents=6, minutes=6.0)
    assert "60% and 98%" in running_findings.adopted(9, 10)
    assert "No promise brings more" in running_findings.promise(days=4, real_days=3.0)
