"""What the company hears of values and costs, prices and needs: the tables, and what is planted in them."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers import simulate
from helpers.errors import DataError
from helpers.simulate import needs, prices, stories, values

PRICES = list(prices.QUESTIONS)


@pytest.fixture(scope="module")
def elsewhere():
    """Another cost weighs most, another product is asked about, another need is answered by nobody."""
    plant = {"bother": "time", "too_cheap": ("K004", 0.75), "unserved": "evening_visit"}
    return simulate.company(seed=31, plant=plant)


def slopes(world) -> pd.Series:
    """How a step on each scale moves the judgement, by plain least squares over the complete sheets of the panel."""
    sheets = world.frames_of("survey").query("mode == 'panel'")
    marks = sheets[[*values.COLUMNS, values.OVERALL]].dropna().astype(float)
    marks = marks[marks.nunique(axis=1) > 1]
    return sm.OLS(marks[values.OVERALL], sm.add_constant(marks[list(values.COLUMNS)])).fit().params


def acceptance(world) -> pd.Series:
    return world.frames_of("price_offers").groupby("price_minor")["would_buy"].mean()


# The marks of the panel


def test_marks_stand_on_the_sheets_of_the_panel_alone(world):
    survey = world.frames_of("survey")
    marks = survey[[*values.COLUMNS, values.OVERALL]]
    panel = survey["mode"] == "panel"
    assert marks[~panel].isna().all(axis=None)
    assert marks[panel].notna().mean().between(0.95, 1).all()


@pytest.mark.parametrize(("company", "most"), [("world", "energy"), ("elsewhere", "time")])
def test_the_planted_cost_weighs_most_and_money_is_marked_highest(request, company, most):
    company = request.getfixturevalue(company)
    found, true = slopes(company), company.truth_of("value_weights").set_index("measure")["weight"]
    costs = found[[f"{name}_cost" for name in values.COSTS]]
    assert costs.idxmin() == f"{most}_cost" == true.idxmin()
    # Scales end at 1 and 10, which pulls the slopes a little towards zero.
    assert (found[true.index] - true).abs().max() < 0.12
    marks = company.frames_of("survey").query("mode == 'panel'")[list(costs.index)].mean()
    assert marks.idxmax() == "money_cost"


def test_without_the_story_all_costs_weigh_the_same(no_stories):
    costs = slopes(no_stories)[[f"{name}_cost" for name in values.COSTS]]
    assert costs.max() - costs.min() < 0.15
    assert no_stories.truth_of("value_weights").set_index("measure")["weight"].filter(like="_cost").nunique() == 1


def test_people_who_own_a_purifier_feel_more_of_the_bother(world):
    frames = world.frames()
    purifiers = frames["products"].loc[frames["products"]["name"].str.contains("purifier"), "product_id"]
    before = frames["orders"][(frames["orders"]["ordered_at"] < "2026-03-02") & (frames["orders"]["kind"] == "sale")]
    owns = frames["survey"]["customer_id"].isin(before.loc[before["product_id"].isin(purifiers), "customer_id"])
    panel = frames["survey"]["mode"] == "panel"
    felt = frames["survey"]["energy_cost"].astype(float)
    assert felt[panel & owns].mean() - felt[panel & ~owns].mean() > 0.8


# The prices


def test_prices_stand_in_full_tens_and_a_few_sheets_make_no_sense(world):
    sheets = world.frames_of("price_answers")
    money = sheets[[*(f"{name}_minor" for name in PRICES), "expected_price_minor"]]
    assert (money.stack().dropna() % 1000 == 0).all()
    complete = sheets.dropna(subset=[f"{name}_minor" for name in PRICES])
    ladder = complete[[f"{name}_minor" for name in PRICES]].astype(float).diff(axis=1).iloc[:, 1:]
    assert 0.02 < (ladder < 0).any(axis=1).mean() < 0.09
    assert sheets["answered_on"].between("2026-04-06", "2026-04-17").all()


def test_everybody_asked_gets_the_same_eight_offers(world):
    frames = world.frames()
    offers = frames["price_offers"]
    assert offers.groupby("answer_id")["price_minor"].nunique().eq(8).all()
    assert set(offers["answer_id"]) == set(frames["price_answers"]["answer_id"])
    assert not offers.duplicated(["answer_id", "price_minor"]).any()


@pytest.mark.parametrize("company", ["world", "elsewhere"])
def test_a_low_price_is_refused_where_the_story_is_on(request, company):
    rate = acceptance(request.getfixturevalue(company))
    assert rate.max() > 0.8 and rate.iloc[0] < rate.max() - 0.3 and 0 < rate.argmax() < 6


def test_without_the_story_the_cheaper_the_more_say_yes(no_stories):
    rate = acceptance(no_stories)
    assert rate.iloc[:3].min() > 0.93 and (rate.diff().iloc[3:] < 0).all()


def test_the_band_lies_where_it_is_planted(world, elsewhere):
    for company, product, level in ((world, "W003", 0.92), (elsewhere, "K004", 0.75)):
        frames = company.frames()
        assert set(frames["price_answers"]["product_id"]) == {product}
        price = frames["products"].set_index("product_id").loc[product, "price_minor"]
        median = frames["price_answers"]["expected_price_minor"].astype(float).median()
        assert median / price == pytest.approx(level, rel=0.03)


def test_what_was_said_is_what_was_thought_but_for_slips(world):
    frames, minds = world.frames(), world.truth_of("price_minds").set_index("customer_id")
    sheets = frames["price_answers"].set_index("answer_id")
    thought = minds.loc[sheets["customer_id"]].astype(float).set_axis(sheets.index) * 100
    for name in PRICES:
        same = sheets[f"{name}_minor"].astype(float) == thought[name]
        assert same.mean() > 0.9
    offers = frames["price_offers"].merge(thought[["highest", "too_cheap"]], left_on="answer_id", right_index=True)
    would = (offers["price_minor"] <= offers["highest"]) & (offers["price_minor"] > offers["too_cheap"])
    assert abs((would != offers["would_buy"]).mean() - 0.02) < 4 * np.sqrt(0.02 * 0.98 / len(offers))


# The needs


def test_every_card_has_a_c_and_an_answer_of_its_own_p_unless_a_story_says_otherwise(no_stories):
    table = no_stories.frames_of("needs")
    served = table[table["action"] != ""]
    truth = no_stories.truth_of("needs").set_index("statement_id")["c"]
    assert (served["p"] == served["statement_id"].map(truth).map(needs.C_TO_P)).all()
    assert table.loc[table["action"] == "", "importance"].max() < 5
    assert set(table["c"]) == set(needs.C_TO_P)


@pytest.mark.parametrize(
    ("company", "unserved", "misdirected"),
    [("world", "old_appliance", "filter_change"), ("elsewhere", "evening_visit", "wait_at_home")],
)
def test_one_important_need_has_no_answer_and_one_the_wrong_one(request, company, unserved, misdirected):
    company = request.getfixturevalue(company)
    table, truth = company.frames_of("needs"), company.truth_of("needs")
    key = table["statement_id"].map(truth.set_index("statement_id")["key"])
    nobody = table["action"] == ""
    assert key[nobody & (table["importance"] >= 7)].tolist() == [unserved]
    wrong = ~nobody & (table["p"] != table["statement_id"].map(truth.set_index("statement_id")["c"]).map(needs.C_TO_P))
    assert key[wrong].tolist() == [misdirected]
    assert table.loc[wrong, "importance"].item() == table["importance"].max()


def test_the_true_sorting_of_the_cards_is_kept_apart(world):
    table, truth = world.frames_of("needs"), world.truth_of("needs")
    assert 3 <= (table["c"] != truth["c"]).sum() <= 5  # single words mislead the first person
    assert 1 <= (table["c_second"] != truth["c"]).sum() <= 3
    assert "key" not in table


# Streams of their own


def test_the_stories_move_their_own_tables_alone():
    names = ["bother", "too_cheap", "unserved"]
    others = sorted(set(stories.STORIES) - set(names))
    on, off = simulate.company(seed=8, customers=400), simulate.company(seed=8, customers=400, stories=others)
    changed = {name for name, table in on.tables().items() if not table.equals(off.tables()[name])}
    assert changed == {"survey", "price_answers", "price_offers", "needs"}
    same = [name for name in on.tables()["survey"] if name not in (*values.COLUMNS, values.OVERALL)]
    pd.testing.assert_frame_equal(on.tables()["survey"][same], off.tables()["survey"][same])


def test_the_tables_keep_their_bytes_when_the_company_lives_on(small):
    later = small.advance(quarters=2)
    for name in ("price_answers", "price_offers", "needs", "survey"):
        pd.testing.assert_frame_equal(later.tables()[name], small.tables()[name])


@pytest.mark.parametrize("seed", range(3))
def test_the_smallest_company_has_the_tables_too(seed):
    frames = simulate.company(seed=seed, customers=100).frames()
    assert len(frames["price_answers"]) and len(frames["price_offers"]) == 8 * len(frames["price_answers"])
    assert len(frames["needs"]) == len(needs.CARDS)


@pytest.mark.parametrize(
    ("plant", "message"),
    [
        ({"bother": "anger"}, "bother cannot be planted at 'anger'. Use one of money, time, energy, psychic"),
        ({"unserved": "x"}, "unserved cannot be planted at 'x'"),
        ({"too_cheap": "W003"}, "Give a product and a share of its list price"),
        ({"too_cheap": ("Q999", 0.9)}, "no product 'Q999'"),
        ({"too_cheap": ("W003", 9)}, "from 0.6 to 1.1"),
    ],
)
def test_a_site_that_does_not_exist_is_refused(plant, message):
    with pytest.raises(DataError, match=message.replace("(", r"\(")):
        simulate.company(plant=plant)


def test_the_sites_survive_in_the_state(elsewhere):
    again = simulate.world.World.from_state(elsewhere.state())
    assert again.stories == elsewhere.stories
