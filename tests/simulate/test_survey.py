"""The survey: its sheets, who answers, what comes back changed, and that it moves nothing else."""

import numpy as np
import pandas as pd
import pytest

from helpers import simulate
from helpers.simulate import survey
from helpers.simulate.stories import STORIES
from plain_reading import person_lines

WAVE_BEGINS = pd.Timestamp("2026-03-02")


@pytest.fixture(scope="module")
def by_lot():
    """The sample company with all stories but the one of the survey."""
    return simulate.company(stories=set(STORIES) - {"survey_bias"})


@pytest.fixture(scope="module")
def sheets(world):
    return world.frames_of("survey")


def order_days(company) -> pd.DataFrame:
    """Customer and day of every order day of a person, from the public tables."""
    lines = person_lines(company)
    sold = lines[(lines["kind"] == "sale") & (lines["amount_minor"] > 0)]
    return sold[["customer_id", "day"]].drop_duplicates()


def population(company) -> pd.Series:
    """Order days of everybody who ordered in the 365 days before the wave."""
    days = order_days(company)
    year = days[(days["day"] < WAVE_BEGINS) & (days["day"] >= WAVE_BEGINS - pd.Timedelta(days=365))]
    return year.groupby("customer_id").size()


def errors(company, mode) -> dict[str, tuple[float, float]]:
    """Mean and standard error: claims less truth, who answers less truth, what they answer less what is true."""
    survey = company.frames_of("survey").query("mode == @mode")
    everybody = population(company)
    known = survey[survey["customer_id"] != ""]
    own = everybody.reindex(known["customer_id"]).fillna(0).to_numpy()
    parts = {
        "all": survey["orders_claimed"].to_numpy(float) - everybody.mean(),
        "who": own - everybody.mean(),
        "what": known["orders_claimed"].to_numpy(float) - own,
    }
    return {name: (part.mean(), part.std(ddof=1) / np.sqrt(len(part))) for name, part in parts.items()}


def cramers_v(one: pd.Series, other: pd.Series) -> float:
    """Cramér's V with the correction for chance of Bergsma (2013), J. Korean Stat. Soc. 42, 323-328."""
    counts = pd.crosstab(one, other).to_numpy(float)
    n, (rows, columns) = counts.sum(), counts.shape
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / n
    phi = ((counts - expected) ** 2 / expected).sum() / n
    phi = max(0.0, phi - (rows - 1) * (columns - 1) / (n - 1))
    rows, columns = (k - (k - 1) ** 2 / (n - 1) for k in (rows, columns))
    return float(np.sqrt(phi / (min(rows, columns) - 1)))


# The sheets


@pytest.mark.parametrize(("mode", "about"), [("panel", 700), ("street", 1100), ("internal", 300)])
@pytest.mark.parametrize("company", ["world", "by_lot"])
def test_each_mode_brings_about_as_many_answers_as_it_should(request, company, mode, about):
    # Everybody answers or not by a number of their own: within four spreads of a Poisson number.
    answers = request.getfixturevalue(company).frames_of("survey")
    assert abs((answers["mode"] == mode).sum() - about) < 4 * np.sqrt(about)


def test_one_wave_of_fifteen_days_in_march_in_the_order_of_the_days(sheets):
    assert set(sheets["wave"]) == {"2026-03"}
    assert set(sheets["answered_on"]) == set(pd.date_range("2026-03-02", "2026-03-16"))
    assert sheets["answered_on"].is_monotonic_increasing
    assert sheets["answer_id"].str.fullmatch(r"A2603-\d{4}").all() and sheets["answer_id"].is_monotonic_increasing


def test_nobody_answers_twice_in_one_mode(world):
    truth = world.truth_of("survey")
    customers = truth[truth["customer_id"] != ""]
    assert not customers.duplicated(["mode", "customer_id"]).any()


def test_the_number_of_a_customer_stands_where_somebody_knew_it(sheets):
    known = (sheets["customer_id"] != "").groupby(sheets["mode"]).mean()
    assert known[["panel", "internal"]].eq(1).all()
    assert 0.35 < known["street"] < 0.45


def test_city_and_year_of_birth_are_those_of_the_customer(world, sheets):
    customers = world.frames_of("customers").set_index("customer_id")
    known = sheets[sheets["customer_id"] != ""]
    own = customers.loc[known["customer_id"]].reset_index(drop=True)
    assert (own["city"] == known["city"].to_numpy()).all()
    year = known["birth_year"].reset_index(drop=True)
    assert (own["birth_year"] == year).where(year.notna(), True).all()


def test_a_question_may_stay_open_but_not_those_that_the_lessons_need(sheets):
    empty = sheets.isna().mean()
    assert empty[["motive", "orders_claimed", "plans_to_buy", "weight"]].eq(0).all()
    assert empty[["birth_year", "household", "income_band", "recommendation"]].between(0.01, 0.2).all()
    assert (sheets.groupby("mode")["birth_year"].agg(lambda year: year.isna().mean()).idxmax()) == "internal"


# What was true


@pytest.mark.parametrize("company", ["world", "by_lot", "small"])
def test_the_true_order_days_are_those_of_the_order_table(request, company):
    company = request.getfixturevalue(company)
    sheets, truth = company.frames_of("survey"), company.truth_of("survey")
    assert (sheets["answer_id"] == truth["answer_id"]).all()
    pairs = truth.assign(answered_on=sheets["answered_on"]).merge(order_days(company), on="customer_id")
    before = (pairs["answered_on"] - pairs["day"]).dt.days.between(1, 365)
    counted = before.groupby(pairs["answer_id"]).sum().reindex(truth["answer_id"], fill_value=0)
    assert (counted.to_numpy() == truth["order_days"]).all()
    assert (sheets["orders_claimed"] != truth["order_days"]).eq(truth["orders_claimed_changed"] == "yes").all()


def test_the_true_values_of_the_population_are_those_of_the_public_tables(world):
    truth = world.truth_of("survey_population").set_index("measure")["value"]
    everybody = population(world)
    assert truth["customers"] == len(everybody)
    assert truth["mean_order_days"] == pytest.approx(everybody.mean(), abs=1e-6)
    days = order_days(world)
    quarter = days[days["day"].between("2026-03-02", "2026-05-30")]
    assert truth["share_order_in_90_days"] == pytest.approx(everybody.index.isin(quarter["customer_id"]).mean(), abs=1e-6)
    city = world.frames_of("customers").set_index("customer_id")["city"].reindex(everybody.index)
    for name, share in city.value_counts(normalize=True).items():
        assert truth[f"share_{name}"] == pytest.approx(share, abs=1e-6)
    assert truth.filter(like="share_motive").sum() == pytest.approx(1, abs=1e-5)


def test_who_answers_is_a_customer_of_that_year_or_no_customer_at_all(world, by_lot):
    for company, strangers in ((world, 110), (by_lot, 0)):
        sheets, truth = company.frames_of("survey"), company.truth_of("survey")
        nobody = truth["customer_id"] == ""
        assert nobody.sum() == strangers
        assert set(truth.loc[~nobody, "customer_id"]) <= set(population(company).index)
        assert set(sheets.loc[nobody, "mode"]) <= {"street"} and (sheets.loc[nobody, "customer_id"] == "").all()
        assert sheets.loc[nobody, "orders_claimed"].between(0, 2).all()


# Weights


def test_weights_give_the_panel_the_cities_and_the_frequent_buyers_of_the_customer_base(world, sheets):
    everybody = population(world)
    city = world.frames_of("customers").set_index("customer_id")["city"]
    panel = sheets[sheets["mode"] == "panel"].set_index("customer_id")
    assert panel["weight"].mean() == pytest.approx(1, abs=1e-4)
    for cell in (
        lambda ids: pd.cut(everybody[ids], [0, 1, 2, 4, 7, 999]).astype(str),
        # Where every band has enough answers in each city, the cells fit as well.
        lambda ids: (city[ids] + pd.cut(everybody[ids], [0, 1, 2, 4, 999]).astype(str)).where(everybody[ids] < 5, "5+"),
    ):
        wanted = cell(everybody.index).value_counts(normalize=True)
        weighted = panel["weight"].groupby(cell(panel.index)).sum() / panel["weight"].sum()
        pd.testing.assert_series_equal(weighted.sort_index(), wanted.sort_index(), check_names=False, atol=2e-4)


def test_weights_do_not_know_the_answers(world, sheets):
    panel = sheets[sheets["mode"] == "panel"]
    band = pd.cut(population(world)[panel["customer_id"]], [0, 1, 2, 4, 7, 999]).astype(str).to_numpy()
    assert panel.groupby([panel["city"], band])["weight"].nunique().max() == 1
    assert (sheets.loc[sheets["mode"] != "panel", "weight"] == 1).all()


def base_of(rows) -> pd.DataFrame:
    """A customer base of (order days, city, number of customers)."""
    return pd.DataFrame(
        [(days, city) for days, city, number in rows for _ in range(number)], columns=["order_days", "city"]
    )


def test_weights_of_a_base_worked_by_hand():
    # One band, four cities of 40 customers; 5, 5, 5 and 10 of them answered: 8, 8, 8 and 4 customers for each
    # answer. The mean over the 25 answers is 160 / 25 = 6.4.
    base = base_of([(1, city, 40) for city in range(4)])
    person = pd.Series([*range(5), *range(40, 45), *range(80, 85), *range(120, 130)])
    assert survey.weights(base, person).tolist() == [1.25] * 15 + [0.625] * 10


def test_a_cell_with_few_answers_is_weighted_with_the_others_of_its_band():
    # Only 4 of the last city answered, so the band stands as one: all weights are alike.
    base = base_of([(1, 0, 40), (1, 1, 40), (1, 2, 40), (1, 3, 80)])
    person = pd.Series([*range(10), *range(40, 45), *range(80, 85), *range(120, 124)])
    assert survey.weights(base, person).tolist() == [1.0] * 24


def test_a_band_with_few_answers_goes_with_the_band_below():
    # 100 customers with 1 day, 20 with 2, 30 with 9, of whom 10, 5 and 2 answered: bands of 100 and of 50
    # customers. 10 and 50/7 for each answer; the mean is 150 / 17.
    base = base_of([(1, 0, 100), (2, 0, 20), (9, 0, 30)])
    person = pd.Series([*range(10), *range(100, 105), *range(120, 122)])
    expected = [10 * 17 / 150] * 10 + [50 / 7 * 17 / 150] * 7
    assert survey.weights(base, person) == pytest.approx(expected, abs=5e-5)


# What is planted


def test_the_street_claims_too_many_order_days_most_of_it_by_who_answers(world):
    street = errors(world, "street")
    assert all(mean > 4 * error for mean, error in street.values())
    assert street["who"][0] > street["what"][0] + 2 * np.hypot(street["who"][1], street["what"][1])


def test_staff_claim_too_many_order_days_most_of_it_by_what_they_write(world):
    internal = errors(world, "internal")
    assert all(mean > 4 * error for mean, error in internal.values())
    assert internal["what"][0] > internal["who"][0] + 4 * np.hypot(internal["what"][1], internal["who"][1])


def test_the_weighted_panel_is_nearer_to_the_truth(world, sheets):
    panel, truth = sheets[sheets["mode"] == "panel"], population(world).mean()
    claimed = panel["orders_claimed"].astype(float)
    weighted = np.average(claimed, weights=panel["weight"])
    assert claimed.mean() - truth > 0.15
    assert abs(weighted - truth) < 0.5 * (claimed.mean() - truth)
    assert abs(errors(world, "panel")["what"][0]) < 0.1  # memory nearly right


def test_staff_write_service_and_plans_where_customers_say_something_else(world, sheets):
    truth = world.truth_of("survey")
    share = {
        mode: ((part["motive"] == "service").mean(), part["plans_to_buy"].mean())
        for mode, part in sheets.groupby("mode")
    }
    said = {
        mode: ((part["motive"] == "service").mean(), (part["plans_to_buy"] == "yes").mean())
        for mode, part in truth.groupby("mode")
    }
    assert share["internal"][0] - said["internal"][0] > 0.2 > 5 * abs(share["panel"][0] - said["panel"][0])
    assert share["internal"][1] - said["internal"][1] > 0.15
    assert share["panel"][1] == said["panel"][1]


def test_the_street_meets_more_price_seekers_and_more_of_one_city(world, sheets):
    truth = world.truth_of("survey_population").set_index("measure")["value"]
    street = sheets[sheets["mode"] == "street"]
    city = street["city"].value_counts(normalize=True)
    assert city.idxmax() == "Shanghai" and city["Shanghai"] > truth["share_Shanghai"] + 0.06
    meant = world.truth_of("survey").query("mode == 'street'")["motive"]
    assert (meant == "price").mean() > truth["share_motive_price"] + 0.03


def test_motive_tells_something_of_the_type_and_demographics_hardly_anything(world, sheets):
    kind = world.truth_of("survey")["type"]
    panel = sheets["mode"] == "panel"
    age = pd.cut(sheets["birth_year"].astype(float), [0, 1970, 1985, 2030])
    assert 0.15 < cramers_v(sheets.loc[panel, "motive"], kind[panel]) < 0.45
    for column in (sheets["household"], sheets["income_band"], age):
        assert cramers_v(column[panel], kind[panel]) < 0.12


def test_the_correction_for_chance_is_right_at_both_ends():
    letters = pd.Series(list("aabbcc") * 50)
    assert cramers_v(letters, letters) == pytest.approx(1, abs=0.01)
    assert cramers_v(letters, pd.Series(list("xyxyxy") * 50)) == 0


def test_plans_are_more_frequent_among_those_who_then_order(world):
    truth = world.truth_of("survey").query("mode == 'panel'")
    days = order_days(world)
    orders = truth["customer_id"].isin(days.loc[days["day"].between("2026-03-02", "2026-05-30"), "customer_id"])
    plans = (truth["plans_to_buy"] == "yes").groupby(orders).mean()
    assert plans[True] > plans[False] + 0.2


# Without the story


@pytest.mark.parametrize("mode", ["panel", "street", "internal"])
def test_without_the_story_nobody_leans(by_lot, mode):
    assert all(abs(mean) < 3 * error for mean, error in errors(by_lot, mode).values())


def test_without_the_story_what_is_changed_is_a_small_slip(by_lot):
    sheets, truth = by_lot.frames_of("survey"), by_lot.truth_of("survey")
    assert (sheets["orders_claimed"] - truth["order_days"]).abs().max() == 1
    assert (truth["plans_to_buy_changed"] == "no").all()
    for column, share in (("orders_claimed_changed", 0.12), ("motive_changed", 0.10)):
        changed = truth[column] == "yes"
        assert abs(changed.mean() - share) < 4 * np.sqrt(share * (1 - share) / len(changed))


def test_the_story_of_the_survey_moves_no_other_table(world, by_lot):
    for name, table in world.tables().items():
        # The ratings are those of the panel, so they move with it.
        assert table.equals(by_lot.tables()[name]) == (name not in ("survey", "ratings"))


# Living on, and other sizes


def test_the_wave_keeps_its_bytes_when_the_company_lives_on(small):
    people = small.frames_of("customers").query("kind == 'person'")["customer_id"]
    # Service repair brings back people who had left: it changes more of the past's traits than any other action.
    after = [small.advance(quarters=2), small.advance(dict.fromkeys(people, "service_repair")).advance()]
    for company in after:
        pd.testing.assert_frame_equal(company.tables()["survey"], small.tables()["survey"])
        for name in ("survey", "survey_population"):
            pd.testing.assert_frame_equal(company.truth()[name], small.truth()[name])


def test_the_number_of_answers_goes_with_the_number_of_customers():
    answers = [len(simulate.company(seed=4, customers=n).frames_of("survey")) for n in (300, 1200)]
    assert abs(answers[0] - 105) < 4 * np.sqrt(105) and abs(answers[1] - 420) < 4 * np.sqrt(420)


def test_a_very_large_company_asks_no_more_than_ten_times_as_many(small):
    history = small.history
    ten, fifty = (
        survey.ask(history.dice, history.crowd, history.life.lines, small.stories, size=size) for size in (10, 50)
    )
    pd.testing.assert_frame_equal(ten, fifty)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("stories", [True, False])
def test_the_smallest_company_has_a_survey_too(seed, stories):
    frame = simulate.company(seed=seed, customers=100, stories=stories).frames_of("survey")
    assert set(frame["mode"]) == {"panel", "street", "internal"}
    assert frame.loc[frame["mode"] == "panel", "weight"].mean() == pytest.approx(1, abs=1e-3)
