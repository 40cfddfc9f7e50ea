"""Groups: against scikit-learn, tables worked by hand, and companies whose kinds are known because they were made so."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from helpers.segmentation import behaviour as habits
from helpers.segmentation import groups
from helpers.withheld import SILENCE, Withheld

AS_OF = date(2026, 6, 30)
KINDS = {
    "large and seldom": (60_000, 90, "kitchen", "shop"),
    "small and often": (3_000, 20, "water", "online"),
    "in the middle": (15_000, 45, "cleaning", "hotline"),
}


def company(customers=60, *, kinds=KINDS, seed=1, days=600):
    """Order lines of customers of some kinds, each with its own order value, rhythm, line and way of buying."""
    lot = np.random.default_rng(seed)
    rows = []
    for number in range(customers):
        name = list(kinds)[number % len(kinds)]
        money, gap, line, way = kinds[name]
        day = int(lot.integers(0, gap))
        while day < days:
            # One receipt in five is for something else, so that shares are not all 0 or 1.
            other = lot.random() < 0.2
            rows.append(
                {
                    "customer_id": f"{name[0]}{number:03d}",
                    "ordered_at": pd.Timestamp(AS_OF - timedelta(days=day)),
                    "amount_minor": int(money * lot.lognormal(0, 0.25)),
                    "line": lot.choice(["kitchen", "water", "cleaning"]) if other else line,
                    "sales_behaviour": lot.choice(["shop", "online", "hotline"]) if other else way,
                }
            )
            day += max(1, int(gap * lot.uniform(0.6, 1.4)))
    return pd.DataFrame(rows).astype({"ordered_at": "datetime64[us]", "customer_id": "str"}).assign(status="sale")


@pytest.fixture(scope="module")
def planted():
    orders = company()
    return orders, habits.behaviour(orders, as_of=AS_OF)


@pytest.fixture(scope="module")
def shapeless():
    """One kind of customers, a few of them larger: a ruler, no clumps."""
    orders = company(200, kinds={"all": (10_000, 40, "kitchen", "shop")}, seed=2)
    return orders, habits.behaviour(orders, as_of=AS_OF)


# ---------------------------------------------------------------- against hand calculation and scikit-learn


def test_distances_by_hand():
    table = pd.DataFrame({"x": [0, 3, 0], "y": [0, 4, 0], "z": [0, 0, 12]}, index=list("ABC"))
    apart = groups.distances(table)
    assert apart.loc["A"].tolist() == [0, 5, 12]
    assert apart.loc["B", "C"] == 13  # 3, 4, 12
    assert (apart == apart.T).all(axis=None)


def test_agreement_of_the_table_in_hubert_and_arabie():
    # Two ways to sort six: by hand, 15 pairs; 3 and 6 pairs together, 2 in both.
    # Expected 3 * 6 / 15 = 1.2; (2 - 1.2) / ((3 + 6) / 2 - 1.2) = 0.8 / 3.3.
    first = pd.Series(list("aabbcc"))
    second = pd.Series(list("xxxyyy"))
    assert groups.agreement(first, second) == pytest.approx(0.8 / 3.3)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=12))
def test_agreement_ignores_names_and_sides(pairs):
    one, two = (pd.Series(list(side)) for side in zip(*pairs, strict=True))
    value = groups.agreement(one, two)
    assert value == pytest.approx(groups.agreement(two, one)) and value <= 1
    assert groups.agreement(one.map({0: "z", 1: "a", 2: "m"}), two) == pytest.approx(value)
    assert groups.agreement(one, one) == 1


def test_silhouette_by_hand():
    # Two pairs on a line: 0, 1 and 10, 11. The first: own group 1 away, the other (10 + 11) / 2 = 10.5.
    line = pd.DataFrame({"x": [0.0, 1.0, 10.0, 11.0]})
    each = [1 - 1 / 10.5, 1 - 1 / 9.5, 1 - 1 / 9.5, 1 - 1 / 10.5]
    assert groups.silhouette(line, pd.Series([1, 1, 2, 2])) == pytest.approx(sum(each) / 4)


def test_kmeans_is_that_of_scikit_learn_with_the_largest_group_first(planted):
    scaled = habits.standardised(planted[1])
    found = groups.kmeans(scaled, 3)
    assert found.value_counts().sort_index().is_monotonic_decreasing and set(found) == {1, 2, 3}
    centres = scaled.groupby(found).mean()
    # Nobody is nearer to another centre than to their own, and every centre is the mean of its members.
    apart = metrics.pairwise_distances(scaled, centres)
    assert (centres.index.to_numpy()[apart.argmin(axis=1)] == found).all()


# ---------------------------------------------------------------- planted truth


def test_planted_kinds_are_found_whole(planted):
    orders, behaviour = planted
    table = groups.trials(behaviour, orders, draws=6, copies=2)
    number = groups.number_of_groups(table)
    assert number == 3
    found = groups.groups_of(behaviour, number)
    kinds = pd.Series(found.values.index.str[0], index=found.values.index)
    assert pd.crosstab(kinds, found.values).gt(0).sum(axis=1).tolist() == [1, 1, 1]
    row = table.set_index("k").loc[3]
    assert row["holds"] and row["same"] > 0.95 and row["stability"] > 0.9
    assert groups.explain(found).agrees > 0.9


def test_the_reported_silhouette_and_stability_are_scikit_learns(planted):
    orders, behaviour = planted
    row = groups.trials(behaviour, orders, least=3, most=3, draws=4, copies=1).iloc[0]
    scaled = habits.standardised(behaviour).sort_index()
    assert row["silhouette"] == pytest.approx(metrics.silhouette_score(scaled, groups.kmeans(scaled, 3)))
    # Kinds this far apart come back on any draw: the index of perfect agreement.
    assert row["stability"] == pytest.approx(1, abs=0.05)


def test_a_ruler_is_not_taken_for_kinds(shapeless):
    orders, behaviour = shapeless
    number = groups.number_of_groups(groups.trials(behaviour, orders, draws=6, copies=2))
    assert isinstance(number, Withheld)
    assert "No number of groups from 2 to 6 passes both tests" in number.reason


def test_a_ruler_cut_in_two_is_stable_and_has_no_clumps():
    # The trap of Ben-David and others: stable, and still no kinds.
    values = np.linspace(0, 1, 400)[:, None] + np.random.default_rng(1).normal(0, 0.01, (400, 3))
    scaled = pd.DataFrame((values - values.mean(axis=0)) / values.std(axis=0))
    labels = groups.kmeans(scaled, 2)
    lot = np.random.default_rng(3)
    again = [groups.kmeans(scaled.iloc[np.sort(lot.choice(400, 300, replace=False))], 2) for _ in range(5)]
    assert min(groups.agreement(labels[one.index], one) for one in again) > groups.MIN_STABILITY
    copy = pd.DataFrame(groups.smooth_copy(scaled.to_numpy(), seed=1))
    ours, without = (groups.silhouette(one, groups.kmeans(one, 2)) for one in (scaled, copy))
    assert ours < groups.MIN_CLUMPS * without


def test_a_copy_without_clumps_keeps_every_column_and_how_they_go_together():
    lot = np.random.default_rng(5)
    x = lot.normal(size=2000)
    values = np.column_stack([x, 0.8 * x + 0.6 * lot.normal(size=2000), lot.exponential(size=2000)])
    copy = groups.smooth_copy(values, seed=1)
    assert np.array_equal(np.sort(copy, axis=0), np.sort(values, axis=0))
    assert np.corrcoef(copy.T)[0, 1] == pytest.approx(0.8, abs=0.05)  # as planted
    assert abs(np.corrcoef(copy.T)[0, 2]) < 0.08
    assert not np.array_equal(copy, values)


def test_the_order_of_the_rows_is_irrelevant(planted):
    orders, _ = planted
    mixed = orders.sample(frac=1, random_state=1)
    made = []
    for one in (orders, mixed):
        behaviour = habits.behaviour(one, as_of=AS_OF)
        table = groups.trials(behaviour, one, most=4, draws=3, copies=1)
        made.append((table, groups.groups_of(behaviour, 3).values.sort_index()))
    pd.testing.assert_frame_equal(made[0][0], made[1][0])
    pd.testing.assert_series_equal(made[0][1], made[1][1])


# ---------------------------------------------------------------- how many


def tried(*rows):
    table = pd.DataFrame(rows, columns=["k", "silhouette", "holds"])
    return table.assign(without_kinds=0.1, stability=0.8, same=0.9, smallest=50)


@pytest.mark.parametrize(
    "rows, number",
    [
        pytest.param([(2, 0.30, True), (3, 0.28, True), (4, 0.20, True)], 3, id="about as good: the most"),
        pytest.param([(2, 0.30, True), (3, 0.26, True)], 2, id="clearly worse: the best"),
        pytest.param([(2, 0.50, False), (3, 0.20, True)], 3, id="what does not hold does not count"),
    ],
)
def test_of_those_that_hold_and_are_about_as_good_the_most(rows, number):
    assert groups.number_of_groups(tried(*rows)) == number


def test_a_number_that_is_asked_for_is_taken_if_it_can_be_made():
    table = tried((2, 0.3, False), (3, 0.2, False))
    assert groups.number_of_groups(table, wanted=3) == 3
    assert "7 groups need more customers" in groups.number_of_groups(table, wanted=7).reason


def test_customers_who_all_do_the_same_are_no_groups():
    rows = [
        {"customer_id": f"C{n}", "ordered_at": pd.Timestamp(day), "amount_minor": 500, "status": "sale"}
        for n in range(50)
        for day in ("2026-01-01", "2026-02-01", "2026-03-01")
    ]
    orders = pd.DataFrame(rows).astype({"ordered_at": "datetime64[us]"})
    behaviour = habits.behaviour(orders, as_of=AS_OF)
    table = groups.trials(behaviour, orders)
    assert table.empty
    assert groups.number_of_groups(table).reason == "Too few different customers to try."


def test_what_is_withheld_is_passed_on():
    thin = Withheld("x", "too few")
    for call in (
        lambda: groups.trials(thin, None),
        lambda: groups.number_of_groups(thin),
        lambda: groups.groups_of(thin, 3),
        lambda: groups.profiles(thin),
        lambda: groups.explain(thin),
        lambda: groups.usage_profile(thin),
        lambda: groups.unscaled_groups(thin, 3),
    ):
        assert call() is thin
    assert groups.profiles(SILENCE) is SILENCE


# ---------------------------------------------------------------- what they are


def test_profiles_are_means_and_medians_of_the_members(planted):
    orders, behaviour = planted
    found = groups.groups_of(behaviour, 3)
    table = groups.profiles(found).set_index("group")
    assert table["customers"].tolist() == [20, 20, 20]
    assert table["share_of_customers"].sum() == pytest.approx(1) and table["share_of_value"].sum() == pytest.approx(1)
    assert table["value_minor"].sum() == orders.loc[orders["customer_id"].isin(behaviour.table.index), "amount_minor"].sum()
    large = found.values["l000"]
    members = found.values.index[found.values == large]
    assert set(members.str[0]) == {"l"}
    own = orders[orders["customer_id"].isin(members)].groupby("customer_id")["amount_minor"].mean()
    assert table.loc[large, "mean_order_minor"] == pytest.approx(own.median())
    kitchen = orders[orders["customer_id"].isin(members)].assign(k=lambda o: o["amount_minor"].where(o["line"] == "kitchen", 0))
    by = kitchen.groupby("customer_id")[["k", "amount_minor"]].sum()
    assert table.loc[large, "line=kitchen"] == pytest.approx((by["k"] / by["amount_minor"]).mean())


def test_names_begin_differently_and_say_what_sets_a_group_apart(planted):
    found = groups.groups_of(planted[1], 3)
    firsts = [name.partition(",")[0] for name in found.names]
    assert len(set(firsts)) == 3
    for name in found.names:
        word = name.partition(",")[0].lower()
        feature = next(one for one in found.scale.features if word in (one.high.lower(), one.low.lower()))
        column = found.centres[feature.name]
        assert column.idxmax() == name if word == feature.high.lower() else column.idxmin() == name


@pytest.mark.parametrize("second, name", [(0.9, "Between the others"), (0.1, "Average in everything")])
def test_a_group_that_goes_furthest_in_nothing_is_called_average_only_if_it_is(second, name):
    money = habits.Feature("money", "money", "size", "money", "log", "large", "small")
    centres = pd.DataFrame({"money": [1.5, second, -1.5]}, index=[1, 2, 3])
    traits = {number: [(money, centres.loc[number, "money"])] for number in centres.index}
    assert groups._names(centres, (money,), traits) == {1: "Large", 2: name, 3: "Small"}


def test_one_column_can_be_cut_into_more_groups_than_it_has_ends(planted):
    found = groups.groups_of(habits.with_features(planted[1], ["mean_order_minor"]), 5)
    assert len(set(found.names)) == 5 and set(found.values) == set(found.names)


def test_a_customer_is_placed_with_the_nearest_group(planted):
    found = groups.groups_of(planted[1], 3)
    assert found.place(planted[1]).equals(found.values.reindex(planted[1].table.index))


def test_the_questions_of_the_tree_count_every_customer_once(planted):
    found = groups.groups_of(planted[1], 3)
    explained = groups.explain(found)
    assert explained.rules["customers"].sum() == len(found.values)
    assert explained.largest == pytest.approx(20 / 60)
    for row in explained.rules.itertuples():
        inside = pd.Series(True, index=planted[1].table.index)
        for feature, above, limit in row.conditions:
            value = planted[1].table[feature.name].astype(float)
            inside &= (value > limit) if above else (value <= limit)
        assert inside.sum() == row.customers
        assert (found.values[inside[inside].index] == row.group).sum() == row.right


def test_a_group_of_one_customer_can_be_explained_too(planted):
    orders, _ = planted
    giant = orders[orders["customer_id"] == "l000"].assign(customer_id="X", line="giant", amount_minor=90_000_000)
    behaviour = habits.behaviour(pd.concat([orders, giant]), as_of=AS_OF)
    found = groups.groups_of(behaviour, 4)
    assert found.values.value_counts().min() == 1
    assert 0 <= groups.explain(found).agrees <= 1


def test_drawn_again_keeps_names_and_says_who_stays(planted):
    found = groups.groups_of(planted[1], 3)
    table = groups.drawn_again(found)
    assert table["customer_id"].is_unique and set(table["again"]) <= set(found.names)
    assert (table["group"] == table["again"]).mean() > 0.95


def test_recovery_of_planted_kinds_beats_every_single_column():
    # Four kinds of two properties: each column alone tells two of them apart at best.
    sorts = {"w": (3_000, 20), "x": (3_000, 80), "y": (60_000, 20), "z": (60_000, 80)}
    kinds = {name: (*sort, "kitchen", "shop") for name, sort in sorts.items()}
    orders = company(120, kinds=kinds, seed=4)
    behaviour = habits.with_features(habits.behaviour(orders, as_of=AS_OF), ["mean_order_minor", "order_days"])
    truth = pd.Series({name: name[0] for name in behaviour.table.index})
    result = groups.recovery(groups.groups_of(behaviour, 4), truth)
    assert result["groups"] > 0.9
    # Four kinds of 30 seen as two of 60: 1,740 pairs belong together, 3,540 are said to, of 7,140; 863 by chance.
    # (1,740 - 863) / (2,640 - 863) = 0.49, and a third or fourth cut through a column adds only luck.
    assert result["single"] < 0.6
    assert result["column"] in ("money an order day", "order days")


def test_usage_profile_takes_shares_of_money_by_line_alone(planted):
    usage = groups.usage_profile(planted[1])
    assert {one.name for one in usage.features} == {"line=kitchen", "line=water", "line=cleaning"}
    alone = habits.behaviour(planted[0].drop(columns="line"), as_of=AS_OF)
    assert "product line" in groups.usage_profile(alone).reason


# ---------------------------------------------------------------- movement


def test_movement_counts_everybody_of_both_dates_once(planted):
    orders, _ = planted
    behaviour = habits.behaviour(orders, as_of=AS_OF, window_days=250)
    found = groups.groups_of(behaviour, 3)
    earlier = AS_OF - timedelta(days=200)
    table = groups.movement(found, orders, earlier=earlier)
    days = orders["ordered_at"]
    late = pd.Timestamp(AS_OF)
    windows = [
        (days > end - pd.Timedelta(days=250)) & (days <= end) for end in (late, late - pd.Timedelta(days=200))
    ]
    assert table.to_numpy().sum() == orders.loc[windows[0] | windows[1], "customer_id"].nunique()
    # Nobody's habits change in this company.
    said = groups.changed(table)
    assert said["grouped"] > 0 and said["changed"] == 0


def test_movement_needs_an_export_that_reaches_back(planted):
    orders, behaviour = planted
    found = groups.groups_of(behaviour, 3)
    reason = groups.movement(found, orders, earlier=date(2025, 12, 31)).reason
    assert "begins before the export does" in reason


def test_changed_counts_those_off_the_diagonal():
    table = pd.DataFrame([[5, 2, 1], [3, 7, 0], [4, 4, 9]], index=["a", "b", groups.FEW_ORDERS], columns=["a", "b", groups.FEW_ORDERS])
    assert groups.changed(table) == {"grouped": 17, "changed": 5}
