from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from helpers.reports.achieved import ALL, achieved, achieved_sentences, standing
from helpers.withheld import Withheld

SINCE, UNTIL = date(2026, 3, 31), date(2026, 6, 30)


def rows(contacted, held, name="keep", suppressed=0):
    n = contacted + held + suppressed
    return pd.DataFrame(
        {
            "customer_id": [f"{name}{i}" for i in range(n)],
            "list": name,
            "hold_out": [contacted <= i < contacted + held for i in range(n)],
            "suppressed": ["" if i < contacted + held else "no consent" for i in range(n)],
        }
    )


def spent(amounts, day="2026-05-01"):
    frame = pd.DataFrame({"customer_id": list(amounts), "amount_minor": list(amounts.values())})
    return frame.assign(
        ordered_at=pd.Timestamp(day), status=np.where(frame["amount_minor"] > 0, "sale", "return")
    )


def test_effect_by_hand():
    listed = rows(20, 10)
    # Contacted: half spend 300, so 150 each on average. Held out: two of ten spend 200, so 40 each.
    orders = spent({f"keep{i}": 300 for i in range(10)} | {"keep20": 200, "keep21": 200})
    result = achieved(listed, orders, since=SINCE, until=UNTIL)
    assert result.effects["keep"].value == pytest.approx(110)
    assert result.totals["keep"].value == pytest.approx(2200)
    assert result.order_effects["keep"].value == pytest.approx(0.5 - 0.2)


def test_prospects_on_the_list_are_not_taken_for_customers():
    orders = spent({f"convert{i}": 300 for i in range(10)})
    assert isinstance(achieved(rows(20, 10, name="convert"), orders, since=SINCE, until=UNTIL), Withheld)


def test_interval_agrees_with_scipy():
    from scipy import stats

    rng = np.random.default_rng(0)
    amounts = rng.integers(1, 900, 60)
    orders = spent({f"keep{i}": int(amount) for i, amount in enumerate(amounts)})
    result = achieved(rows(40, 20), orders, since=SINCE, until=UNTIL).effects["keep"]
    expected = stats.ttest_ind(amounts[:40], amounts[40:], equal_var=False).confidence_interval(0.95)
    assert (result.low, result.high) == pytest.approx((expected.low, expected.high))


def test_money_before_the_list_and_suppressed_customers_do_not_count():
    listed = rows(20, 10, suppressed=5)
    old = spent({"keep0": 99999}, day="2026-03-31 23:59")
    suppressed = spent({"keep30": 5000})
    result = achieved(listed, pd.concat([old, suppressed]), since=SINCE, until=UNTIL)
    assert result.effects["keep"].value == 0
    assert result.table.loc[0, ["contacted", "held_out"]].tolist() == [20, 10]


def test_all_lists_together_add_up():
    listed = pd.concat([rows(20, 10), rows(30, 15, name="grow")])
    orders = spent({"keep0": 400, "grow0": 900, "grow1": 300, "keep25": 100})
    totals = achieved(listed, orders, since=SINCE, until=UNTIL).totals
    assert totals[ALL].value == pytest.approx(totals["keep"].value + totals["grow"].value)
    half = {name: (part.high - part.low) / 2 for name, part in totals.items()}
    assert half[ALL] == pytest.approx(np.hypot(half["keep"], half["grow"]))


@pytest.mark.parametrize("contacted, held", [(20, 9), (9, 20)])
def test_small_groups_are_withheld(contacted, held):
    result = achieved(rows(contacted, held), spent({"keep0": 5}), since=SINCE, until=UNTIL)
    assert isinstance(result, Withheld) and "10 customers contacted and 10 held out" in result.reason


def test_a_difference_that_may_be_luck_is_called_so():
    result = achieved(rows(20, 10), spent({"keep0": 300}), since=SINCE, until=UNTIL)
    assert "it may be luck" in achieved_sentences(result, code="CNY")[0]


def test_a_clear_gain_is_called_a_gain_with_its_interval():
    orders = spent({f"keep{i}": 100000 + i * 100 for i in range(20)})
    result = achieved(rows(20, 10), orders, since=SINCE, until=UNTIL)
    assert achieved_sentences(result, code="CNY")[0].startswith("**The list *keep* added ¥20,190**")


def test_standing_by_hand():
    orders = pd.concat(
        [spent({"A": 1000, "B": 500}, "2026-01-01"), spent({"A": -300, "ghost": -50}, "2026-02-01"), spent({"A": 7})]
    )
    assert standing(orders, as_of=SINCE) == {
        "customers": 2,
        "order_days": 2,
        "gross_minor": 1500,
        "returns_minor": -350,
        "net_minor": 1150,
    }


def test_prospects_won_are_counted_against_those_held_out():
    """10 of 40 contacted ordered for the first time, 2 of 20 held out: 25 less 10 of 100; two orders before and after the dates do not count."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    from helpers.reports.achieved import won, won_sentence

    listed = rows(40, 20, name="convert")
    days = {f"convert{i}": SINCE + timedelta(days=5) for i in (*range(10), 40, 41)}
    days |= {"convert11": SINCE, "convert12": UNTIL + timedelta(days=1)}
    prospects = pd.DataFrame({"prospect_id": listed["customer_id"], "converted_on": pd.to_datetime(listed["customer_id"].map(days))})
    result = won(listed, prospects, since=SINCE, until=UNTIL)
    assert (result.of_contacted, result.contacted, result.of_held_out, result.held_out) == (10, 40, 2, 20)
    low, high = confint_proportions_2indep(10, 40, 2, 20, method="newcomb")
    assert result.effect.value == pytest.approx(0.15) and (result.effect.low, result.effect.high) == pytest.approx((low, high), abs=1e-3)
    assert "10 of 40" in won_sentence(result) and "no more than chance" in won_sentence(result)


def test_contracts_kept_are_counted_against_those_held_out():
    """4 of 40 offered left, 8 of 20 held out: 40 less 10 of 100 were kept. An end by the company, or before the list, is no leaving."""
    from helpers.reports.achieved import kept, kept_sentence

    listed = rows(40, 20, name="save")
    left = {f"save{i}" for i in (0, 1, 2, 3, *range(40, 48))}
    frame = pd.DataFrame({"customer_id": listed["customer_id"], "ended_by": "customer"})
    frame["ended_on"] = pd.to_datetime(frame["customer_id"].map(lambda who: SINCE + timedelta(days=30) if who in left else None))
    more = pd.DataFrame({"customer_id": ["save10", "save11"], "ended_by": ["company", "customer"], "ended_on": pd.to_datetime([SINCE + timedelta(days=9), SINCE])})
    result = kept(listed, pd.concat([frame, more], ignore_index=True), since=SINCE, until=UNTIL)
    assert (result.of_contacted, result.of_held_out) == (4, 8) and result.effect.value == pytest.approx(0.30)
    assert "4 of 40 ended their contract" in kept_sentence(result) and result.effect.low > 0


def test_prospects_without_a_list_or_too_few_are_withheld():
    from helpers.reports.achieved import won

    prospects = pd.DataFrame({"prospect_id": ["a"], "converted_on": [pd.NaT]})
    for earlier in (None, rows(40, 20), rows(9, 20, name="convert")):
        assert isinstance(won(earlier, prospects, since=SINCE, until=UNTIL), Withheld)
    assert isinstance(won(rows(40, 20, name="convert"), None, since=SINCE, until=UNTIL), Withheld)
