import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols

from helpers.errors import DataError
from helpers.four_cs import case_figures, case_findings, case_worlds, cases
from helpers.stats.intervals import Estimate
from helpers.stats.offers import PercentageOffer, ThresholdOffer
from helpers.withheld import SILENCE, Withheld

# ---------------------------------------------------------------- C08: the worlds


def test_the_same_seed_gives_the_same_people():
    assert case_worlds.visitors().equals(case_worlds.visitors())
    assert not case_worlds.visitors().equals(case_worlds.visitors(seed=9))
    assert case_worlds.resales().equals(case_worlds.resales())
    assert case_worlds.shoppers().equals(case_worlds.shoppers())


@pytest.mark.parametrize(
    "make", [lambda: case_worlds.visitors("x"), lambda: case_worlds.resales("x"), lambda: case_worlds.shoppers("x")]
)
def test_an_unknown_world_is_refused_in_words(make):
    with pytest.raises(DataError, match=r"There is no (town|market) 'x'\. Use one of"):
        make()


def test_those_with_a_child_pay_what_was_planted_and_the_others_little():
    people = case_worlds.visitors(people=40_000)
    with_child = people[people["child"]]
    # The median of 16,800 lognormal answers with spread 0.5 is known to about 0.5%; they are rounded to thousands.
    assert with_child["pays_kindergarten"].median() == pytest.approx(60, abs=1)
    assert people.loc[~people["child"], "pays_kindergarten"].median() == 0
    assert people["child"].mean() == pytest.approx(0.42, abs=0.01)
    assert people.filter(like="likes_").min().min() >= 1 and people.filter(like="likes_").max().max() <= 10


# ---------------------------------------------------------------- C08: what is worked out


def test_surcharge_is_what_the_last_household_that_is_needed_would_pay():
    pays = pd.Series([5, 80, 0, 30, 20, 10])
    assert cases.surcharge(pays, case_worlds.Estate(flats=600, households=1800)) == 30
    assert cases.surcharge(pays, case_worlds.Estate(flats=900, households=1800)) == 20
    # Where every household is needed, the least willing one sets the price.
    assert cases.surcharge(pays, case_worlds.Estate(flats=1800, households=1800)) == 0


@pytest.mark.parametrize("town", case_worlds.TOWNS)
def test_no_other_surcharge_that_fills_the_flats_brings_more(town):
    """Checked against every price that somebody named."""
    estate, people = case_worlds.Estate(), case_worlds.visitors(town)
    for use in case_worlds.USES:
        pays = people[f"pays_{use}"]
        fills = [price for price in sorted(set(pays)) if (pays >= price).mean() >= estate.flats / estate.households]
        assert cases.surcharge(pays, estate) == max(fills, default=0)


def test_gain_by_hand():
    people = pd.DataFrame({f"likes_{use}": [5, 6, 7] for use in case_worlds.USES})
    people = people.assign(pays_kindergarten=[50, 0, 0], pays_clubhouse=[10, 10, 10], pays_parking=[0, 0, 0])
    table = cases.gains(people)
    # 50 x 0.6 = 30 thousand of 600 flats are 18,000; less 9,000. 10 x 0.6 x 600 = 3,600 less 6,000. Nothing, less 8,000.
    assert table["gain"].to_dict() == pytest.approx({"kindergarten": 9000, "clubhouse": -2400, "parking": -8000})
    assert table["likes"].tolist() == [6, 6, 6]
    # Everybody says the same of the clubhouse, so luck can do nothing.
    assert table.loc["clubhouse", ["low", "high"]].tolist() == [-2400, -2400]


def test_a_use_is_chosen_only_if_its_gain_is_sure():
    table = pd.DataFrame({"gain": [900.0, 500.0], "low": [-10.0, 20.0]}, index=["kindergarten", "parking"])
    assert cases.best_use(table) == "parking"
    assert cases.best_use(table.assign(low=-1.0)) == cases.NONE


def test_what_is_liked_most_is_not_what_is_paid_for_most():
    table = cases.gains(case_worlds.visitors())
    assert table["likes"].idxmax() == "clubhouse"
    assert table["surcharge"].idxmax() == cases.best_use(table) == "kindergarten"


def test_the_intervals_of_a_gain_hold_the_truth_about_as_often_as_they_say():
    """The truth: the surcharge in a town of a million visitors. Of 100 samples a perfect 95% interval holds it 89 times or more, but once in 200 tests."""
    estate = case_worlds.Estate()
    truth = {}
    for use in case_worlds.USES:
        pays = case_worlds.visitors(people=1_000_000, seed=99)[f"pays_{use}"]
        truth[use] = cases.surcharge(pays, estate) * estate.counted * estate.flats - estate.cost[use]
    tables = [cases.gains(case_worlds.visitors(seed=seed), runs=300) for seed in range(100)]
    for use, value in truth.items():
        held = sum(table.loc[use, "low"] <= value <= table.loc[use, "high"] for table in tables)
        # Answers are whole thousands, which makes the intervals a little wide and never narrow.
        assert held >= 89, (use, held)


def test_counting_on_less_of_what_is_said_ends_in_building_nothing():
    people = case_worlds.visitors()
    best = [cases.best_use(cases.gains_if_counted(people, counted)) for counted in (0.3, 0.6, 1.0)]
    assert best[0] == cases.NONE and best[1] == "kindergarten" and best[2] == "kindergarten"


def test_like_with_like_is_what_an_independent_regression_finds():
    """A regression with both effects and their product, its effect averaged over the flats, is the same comparison."""
    flats = case_worlds.resales()
    found = ols(
        "price_per_m2 ~ near_kindergarten * near_metro", flats.astype({"near_kindergarten": int, "near_metro": int})
    ).fit(cov_type="HC3")
    names = ["near_kindergarten", "near_kindergarten:near_metro"]
    weights = np.array([1.0, flats["near_metro"].mean()])
    value = weights @ found.params[names]
    error = np.sqrt(weights @ found.cov_params().loc[names, names] @ weights)
    alike = cases.like_with_like(flats)
    assert alike.value == pytest.approx(value)
    assert (alike.high - alike.low) / 2 == pytest.approx(1.96 * error, rel=0.02)


@pytest.mark.parametrize("town", ["families", "drivers"])
def test_like_with_like_comes_near_the_truth_where_the_plain_difference_does_not(town):
    flats = case_worlds.resales(town, flats=100_000)
    truth = case_worlds.adds_per_m2(town)
    # Each mean of 25,000 flats is known to about 4 yuan.
    assert cases.like_with_like(flats).value == pytest.approx(truth, abs=12)
    assert abs(cases.plain_difference(flats).value - truth) > 250


def test_said_and_paid_in_thousands_of_a_flat():
    table = cases.said_and_paid(case_worlds.visitors(), case_worlds.resales()).set_index("way")
    said = table.loc["said by visitors", "value"]
    assert table.loc["said, and counted on", "value"] == pytest.approx(0.6 * said)
    # 90 square metres, in thousands.
    alike = cases.like_with_like(case_worlds.resales())
    assert table.loc["resales, like with like", "value"] == pytest.approx(alike.value * 0.09)


# ---------------------------------------------------------------- C12


@pytest.mark.parametrize("market", case_worlds.MARKETS)
def test_the_parts_of_a_price_add_up_to_it(market):
    table = case_worlds.build_up(market)
    assert (table["last"].sum(), table["this"].sum()) == (100, 200)
    assert case_worlds.garments(market)["price"].tolist() == [100, 200]


def test_lots_are_equal_and_say_nothing_about_the_person():
    people = case_worlds.shoppers(people=40_000)
    assert people["answer"].value_counts().nunique() == 1
    means = people.groupby("answer")["expected_before"].mean()
    # 10,000 each with a spread of 26 yuan: two means differ by luck of 0.4.
    assert means.max() - means.min() < 1.6


def test_answers_by_hand():
    asked = pd.DataFrame(
        {
            "answer": ["nothing"] * 4 + ["cost"] * 4 + ["benefit"] * 4 + ["discount"] * 4,
            "expected_before": 100,
            "expected_after": [110] * 4 + [120] * 4 + [150] * 4 + [95] * 4,
            "price": [200] * 12 + [150] * 4,
            "bought": [True, False, False, False] * 2 + [True, True, False, True] + [True, True, True, False],
        }
    )
    table = cases.answers(asked, cost=106)
    assert table["moved"].tolist() == [10, 20, 50, -5]
    # 94 yuan of one of four; three of four; 44 yuan of three of four.
    assert table["kept"].tolist() == pytest.approx([23.5, 23.5, 70.5, 33.0])
    assert table["more"].tolist() == pytest.approx([0, 0, 47.0, 9.5])
    assert (table.loc["cost", "low"] < 0) and (table.loc["cost", "high"] > 0)


def test_three_comparisons_together_are_wrong_5_times_in_100():
    """In a market where no answer does anything: any of three intervals off zero in at most 5 of 100 runs, luck allowed for."""
    lot = np.random.default_rng(4)
    alarms = 0
    for _ in range(400):
        asked = pd.DataFrame(
            {
                "answer": np.repeat(list(case_worlds.ANSWERS), 100),
                "price": 200,
                "expected_before": 1,
                "expected_after": 1,
            }
        )
        asked["bought"] = lot.random(400) < 0.4
        table = cases.answers(asked, cost=106).drop("nothing")
        alarms += bool(((table["low"] > 0) | (table["high"] < 0)).any())
    # 20 expected, of 400; more than 33 would happen by luck once in 300 times. The three share one group, so it is a little fewer.
    assert alarms <= 33


def test_acceptance_falls_on_both_sides():
    table = cases.acceptance(case_worlds.shoppers(), [20, 100, 400], cost=106)
    silent = table[table["answer"] == "nothing"].set_index("price")
    assert silent.loc[100, "buys"] > 0.7
    assert silent.loc[20, "doubts"] > 0.9 and silent.loc[400, "leaves"] > 0.9
    # Nobody both doubts a price and finds it too dear, so the three are everybody.
    assert table[["buys", "doubts", "leaves"]].sum(axis=1).tolist() == pytest.approx([1.0] * len(table))


def test_acceptance_at_the_price_asked_is_who_bought():
    """The curve and the till count the same people: `bought` is whoever the price lies between doubt and too dear."""
    people = case_worlds.shoppers()
    table = cases.acceptance(people, [200], cost=106).set_index("answer")
    for answer in ("nothing", "benefit"):
        bought = people.loc[people["answer"] == answer, "bought"].mean()
        assert table.loc[answer, "buys"] == pytest.approx(bought)


# ---------------------------------------------------------------- C12, on loaded orders

PRODUCTS = pd.DataFrame({"product_id": ["F", "G"], "line": ["water", "water"], "class": ["durable", "consumable"]})


def lines(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "product_id", "quantity", "amount_minor"])
    return frame.assign(ordered_at=pd.to_datetime(frame["ordered_at"]))


def test_price_steps_by_hand():
    rows = []
    for number in range(30):
        rows += [
            (f"K{number}", "2026-01-01", "F", 1, 10_000),
            # Two pieces of 60 yuan: cheaper a piece, not dearer.
            (f"K{number}", "2026-02-01", "F", 2, 12_000),
            # 90 yuan is 1.5 times 60; for ten of them only 80.
            (f"K{number}", "2026-03-01", "F", 1, 9000 if number < 20 else 8000),
            # Another kind is no comparison, and a return is none.
            (f"K{number}", "2026-03-02", "G", 1, 90_000),
            (f"K{number}", "2026-03-03", "F", -1, -9000),
        ]
    table = cases.price_steps(lines(*rows), PRODUCTS)
    assert table.to_dict("records") == [
        {"kind": "water, durable", "pairs": 60, "dear": 20, "share": pytest.approx(1 / 3)}
    ]


def test_two_pieces_of_one_moment_are_not_held_against_each_other():
    rows = [(f"K{n}", "2026-01-01", "F", 1, amount) for n in range(40) for amount in (5000, 20_000)]
    assert isinstance(cases.price_steps(lines(*rows), PRODUCTS), Withheld)


def test_price_steps_of_other_rows_are_the_same(sample_company):
    company = sample_company
    table = cases.price_steps(company.orders, company.products)
    shuffled = company.orders.sample(frac=1, random_state=3)
    assert table.equals(cases.price_steps(shuffled, company.products))


@pytest.mark.parametrize(
    "drop, named", [(["quantity"], "quantity"), (["product_id"], "product_id"), ([], "products.line")]
)
def test_without_the_columns_it_is_withheld_with_what_they_would_add(drop, named):
    orders = lines(("A", "2026-01-01", "F", 1, 100)).drop(columns=drop)
    found = cases.price_steps(orders, PRODUCTS if drop else None)
    assert isinstance(found, Withheld) and named in found.reason and "product lines" in found.gain
    assert case_figures.price_steps(found) is found
    assert case_findings.price_steps(found) is SILENCE


# ---------------------------------------------------------------- figures and words


@pytest.mark.parametrize(
    "town, market", [("families", "parents"), ("drivers", "makers"), ("thrifty", "bargain"), ("seniors", "parents")]
)
def test_every_figure_is_low_enough_and_has_words(town, market):
    visitors, resales, asked = case_worlds.visitors(town), case_worlds.resales(town), case_worlds.shoppers(market)
    build_up = case_worlds.build_up(market)
    cost = cases.variable_cost(build_up)
    plot = cases.gains(visitors, runs=200)
    pictures = [
        case_figures.liked_and_paid(plot),
        case_figures.resale_prices(cases.blocks(resales)),
        case_figures.said_and_paid(cases.said_and_paid(visitors, resales)),
        case_figures.gains(plot),
        case_figures.build_up(build_up),
        case_figures.kept(cases.answers(asked, cost=cost)),
        case_figures.acceptance(cases.acceptance(asked, range(40, 361, 10), cost=cost)),
        case_figures.two_offers(cases.PER_FULL_200, cases.PAYS_65, up_to_minor=200_000, marked_minor=(76_800,)),
    ]
    for picture in pictures:
        assert picture.figure.get_figheight() <= 4.5
        assert len(picture.alt) > 60 and "nan" not in picture.alt
        assert picture.png


def test_the_words_follow_the_numbers():
    both = pd.DataFrame({"likes": [8.0, 2.0, 2.0], "surcharge": [30.0, 1.0, 1.0]}, index=list(case_worlds.USES))
    assert "Here both say the same" in case_findings.liked_and_paid(both)
    apart = both.assign(surcharge=[1.0, 30.0, 1.0])
    assert "mild yes" in case_findings.liked_and_paid(apart)
    higher = case_findings.resale_prices(Estimate(500, 400, 600), Estimate(200, 100, 300))
    lower = case_findings.resale_prices(Estimate(-100, -200, 0), Estimate(200, 100, 300))
    assert "500 yuan more" in higher and "overstates by 300 yuan" in higher
    assert "100 yuan less" in lower and "understates by 300 yuan" in lower
    assert "does not hold it" in case_findings.the_truth(50, Estimate(200, 100, 300))
    assert "holds it" in case_findings.the_truth(150, Estimate(200, 100, 300))


def test_words_about_the_shoes_are_those_of_the_source():
    said = case_findings.two_offers(cases.PER_FULL_200, cases.PAYS_65, price_minor=cases.SHOES_MINOR)
    for expected in (
        "¥528.00",
        "68.75% of list",
        "¥168 earn nothing off",
        "¥499.20",
        "¥28.80 less",
        "from 1,400 on always",
    ):
        assert expected in said
    assert "200 to 228.57, 400 to 457.14" in said
    never = case_findings.two_offers(ThresholdOffer(6000, 20_000), PercentageOffer(65), price_minor=76_800)
    assert "cheaper one at every price" in never


def test_build_up_in_words_names_the_largest_part():
    assert "what the shop keeps 44 yuan more" in case_findings.build_up(case_worlds.build_up("parents"))
    assert case_findings.build_up(case_worlds.build_up("makers")).endswith("is sewing.")
