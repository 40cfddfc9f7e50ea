"""States at their cuts, wake rates and the life table by hand, and the leak that the features refuse."""

from datetime import date

import pandas as pd
import pytest

from helpers.dormancy import rhythm, states
from helpers.stats.snapshots import Leak
from helpers.withheld import Withheld


def test_a_silence_at_a_cut_belongs_to_the_state_below():
    table = states.with_states(pd.DataFrame({"relative_gap": [0.0, 1.5, 1.51, 3.0, 3.01, 6.0, 6.01]}))
    assert table["state"].tolist() == ["active", "active", "half-asleep", "half-asleep", "asleep", "asleep", "gone"]


def past_of(rows):
    """A snapshot from (silent days, relative gap, kind, order days, came)."""
    frame = pd.DataFrame(rows, columns=["silent_days", "relative_gap", "kind", "order_days", "came"])
    frame.insert(0, "customer_id", [f"C{number}" for number in range(len(frame))])
    return states.Snapshot(states.with_states(frame), date(2026, 1, 1), 90)


def test_wake_rates_count_who_came_and_stay_silent_for_small_states():
    past = past_of([(40, 2.0, 0, 3, n < 6) for n in range(30)] + [(200, 4.0, 1, 3, n < 1) for n in range(19)])
    rates = states.wake_rates(past).set_index("state")
    assert rates.loc["half-asleep", ["customers", "came"]].tolist() == [30, 6]
    # Wilson for 6 of 30: 0.0951 to 0.3731.
    assert rates.loc["half-asleep", ["rate", "low", "high"]].tolist() == pytest.approx([0.2, 0.0951, 0.3731], abs=5e-4)
    assert rates.loc["asleep", "customers"] == 19 and pd.isna(rates.loc["asleep", "rate"])


def test_the_life_table_puts_everybody_into_one_row():
    past = past_of([(days, 1.0, 1, 2, days < 60) for days in (0, 29, 30, 59, 60, 600)])
    table = states.life_table(past)
    assert table["customers"].tolist() == [2, 2, 1, 0, 0, 0, 0, 0, 1]
    assert table["came"].sum() == 4 and table["silent_until"].iloc[-1] == float("inf")


def test_one_number_of_days_calls_those_who_come_anyway_and_overlooks_quick_rhythms():
    past = past_of([(150, 1.0, 1, 2, True), (150, 8.0, 0, 2, False), (100, 5.0, 0, 9, False), (100, 1.0, 1, 2, True)])
    found = states.one_number(past, days=120)
    assert (found.called, found.came_anyway, found.missed, found.missed_came) == (2, 1, 1, 0)


def test_states_differ_only_beyond_chance():
    far = past_of([(1, 2.0, 1, 2, n < 40) for n in range(200)] + [(1, 4.0, 1, 2, n < 4) for n in range(200)])
    near = past_of([(1, 2.0, 1, 2, n < 6) for n in range(60)] + [(1, 4.0, 1, 2, n < 5) for n in range(60)])
    assert states.states_differ(states.wake_rates(far)) and not states.states_differ(states.wake_rates(near))


def test_once_and_again_are_compared_at_the_same_silence():
    past = past_of([(150, 1.0, 1, 1, False)] * 20 + [(150, 1.0, 1, 2, True)] * 20 + [(10, 1.0, 1, 2, False)] * 50)
    table = states.once_and_again(past).set_index("buyers")
    assert table["customers"].tolist() == [20, 20] and table["came"].tolist() == [0, 20]


def test_the_snapshot_of_the_past_knows_nothing_that_came_later(plain):
    days = rhythm.visits(plain.orders, plain.products, as_of=plain.as_of)
    past = states.snapshot(days, as_of=plain.as_of)
    edge = (pd.Timestamp(past.on) - pd.Timestamp("1970-01-01")).days
    assert past.customers["last_on"].max() <= edge
    assert set(past.customers["customer_id"]) == set(days.loc[days["day"] <= edge, "customer_id"].astype("str"))
    later = set(days.loc[days["day"] > edge, "customer_id"].astype("str"))
    assert past.customers["came"].equals(past.customers["customer_id"].isin(later))


def test_a_leak_planted_into_the_features_makes_the_run_fail(plain, monkeypatch):
    on = date(2026, 3, 1)
    honest = rhythm.visits
    states.features(plain.orders, plain.products, on=on)
    # The planted leak: order days are counted up to the end of the file, whatever day was asked for.
    monkeypatch.setattr(states.habits, "visits", lambda lines, products, *, as_of: honest(lines, products, as_of=plain.as_of))
    with pytest.raises(Leak):
        states.features(plain.orders, plain.products, on=on)


def test_france_is_too_small_for_the_deep_states(france):
    days = rhythm.visits(france.orders, france.products, as_of=france.as_of)
    rates = states.wake_rates(states.snapshot(days, as_of=france.as_of)).set_index("state")
    assert rates.loc[["half-asleep", "asleep", "gone"], "rate"].isna().all()


def test_a_company_of_forty_orders_is_withheld(orders_of):
    orders = orders_of(**{f"K{n % 18}{n}": [(f"2026-01-{1 + n % 28:02d}", 100)] for n in range(40)})
    days = rhythm.visits(orders, as_of=date(2026, 3, 20))
    assert isinstance(states.snapshot(days, as_of=date(2026, 3, 20)), Withheld)
