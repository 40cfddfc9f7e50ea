"""The warning of lesson 07b: marked on a later day, on customers it has not met; nothing of the future in it; refused where there is nothing to learn."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from helpers.churn import findings_met, warning, windows
from helpers.errors import DataError
from helpers.stats.snapshots import Leak
from helpers.withheld import Withheld

AS_OF = date(2026, 6, 17)
FIRST = date(2023, 6, 1)


def contracts_of(rows):
    """A cleaned table from (customer, start, end or None)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "started_on", "ended_on"])
    frame["contract_id"] = [f"K{place:05d}" for place in range(len(frame))]
    frame[["started_on", "ended_on"]] = frame[["started_on", "ended_on"]].apply(pd.to_datetime)
    return windows.Contracts(frame)


def no_days():
    return pd.DataFrame({"customer_id": pd.Series([], dtype="str"), "day": pd.Series([], dtype="datetime64[us]")})


@pytest.fixture(scope="module")
def planted_panel(planted):
    days = windows.order_days(planted.orders, planted.products, as_of=planted.as_of)
    held = windows.clean_contracts(planted.contracts, as_of=planted.as_of)
    return warning.contract_panel(held, days, planted.contacts, as_of=planted.as_of, watched_from=FIRST)


def test_a_snapshot_by_hand():
    """Three contracts on 19 March 2026, 90 days before the report."""
    held = contracts_of(
        [
            ("A", "2025-04-01", None),  # eleven and a half months old: due in 13 days, the first term
            ("B", "2023-04-01", "2026-04-20"),  # due for the third time; ends 32 days after the snapshot
            ("C", "2025-10-01", "2026-03-22"),  # ends three days after it: nobody could have acted
            *[(f"X{n}", "2025-08-01", "2026-05-01" if n < 40 else None) for n in range(100)],
            *[(f"Y{n}", "2025-01-01", None) for n in range(40)],
        ]
    )
    days = pd.DataFrame({"customer_id": ["A", "A", "B"], "day": pd.to_datetime(["2026-03-09", "2026-05-01", "2025-06-01"])})
    panel = warning.contract_panel(held, days, None, as_of=AS_OF, watched_from=FIRST)
    last = panel.past[panel.past["on"] == date(2026, 3, 19)].set_index("customer_id")
    assert last.loc["A", ["due", "first_due", "silent", "order_days", "quiet"]].tolist() == [1, 1, 10, 1, 0]
    assert last.loc["B", ["due", "first_due", "silent", "quiet"]].tolist() == [1, 0, 291, 1]
    assert last.loc["B", "left"] and last.loc["B", "days_to"] == 32 and not last.loc["A", "left"]
    assert "C" not in last.index and panel.too_late >= 1


def test_the_snapshots_windows_are_over_and_follow_each_other(planted_panel):
    days = planted_panel.days
    assert days[-1] + timedelta(days=90) == AS_OF and len(days) == warning.SNAPSHOTS
    assert {(b - a).days for a, b in zip(days, days[1:], strict=False)} == {90}


def test_whoever_is_marked_was_in_no_row_that_taught(planted_panel, monkeypatch):
    taught, marked = [], []
    fit, chance = warning._fit, warning._chance
    monkeypatch.setattr(warning, "_fit", lambda rows, signs: (taught.append(set(rows["customer_id"])), fit(rows, signs))[1])
    monkeypatch.setattr(warning, "_chance", lambda model, rows, signs: (marked.append(set(rows["customer_id"])), chance(model, rows, signs))[1])
    warning.judge(planted_panel, capacity=100)
    pairs = list(zip(taught, marked, strict=False))[: warning.FOLDS]
    assert len(pairs) == warning.FOLDS and all(not learned & judged for learned, judged in pairs)


def test_the_marks_are_those_of_the_definitions(planted_panel):
    warned = warning.judge(planted_panel, capacity=120)
    marked = warned.marked
    order = marked.sort_values(["plain", "key"], ascending=[False, True])["left"]
    assert warned.row(warning.PLAIN)["caught"] == order.head(120).sum()
    assert warned.row(warning.MODEL)["auc"] == pytest.approx(roc_auc_score(marked["left"], marked["chance"]))
    assert warned.row("by lot")["caught"] == pytest.approx(120 * marked["left"].mean())
    assert warned.chosen == (warning.MODEL if warned.ahead.low > 0 else warning.PLAIN)


def test_planted_chances_come_out_calibrated():
    """Leaving is drawn with a known chance by whether the term is due: 30 of 100 or 4 of 100."""
    rng = np.random.default_rng(5)
    rows = []
    for n in range(4000):
        start = date(2021, 1, 1) + timedelta(days=int(rng.integers(0, 1500)))
        day, end = start, None
        while end is None and day < AS_OF:
            day += timedelta(days=90)
            age = (day - start).days / (365.25 / 12)
            due = age // 12 != ((day - start).days - 90) / (365.25 / 12) // 12
            if rng.random() < (0.30 if due else 0.04):
                end = day - timedelta(days=int(rng.integers(1, 80)))
        if end is None or end > FIRST:
            rows.append((f"C{n:05d}", start, end if end and end <= AS_OF else None))
    panel = warning.contract_panel(contracts_of(rows), no_days(), None, as_of=AS_OF, watched_from=FIRST)
    table = warning.judge(panel, capacity=200).calibration
    inside = ((table["said"] >= table["low"]) & (table["said"] <= table["high"])).sum()
    # Of eight intervals of 95 one or two may miss by chance.
    assert inside >= 6
    assert abs((table["said"] * table["customers"]).sum() - (table["left"] * table["customers"]).sum()) / table["customers"].sum() < 0.02


def test_calibration_by_hand():
    table = warning.calibration([0.1] * 40 + [0.5] * 40, [True] * 4 + [False] * 36 + [True] * 20 + [False] * 20, groups=2)
    assert table["said"].tolist() == pytest.approx([0.1, 0.5]) and table["left"].tolist() == pytest.approx([0.1, 0.5])
    assert table["customers"].tolist() == [40, 40]


def test_a_sign_dated_after_its_snapshot_makes_the_run_fail(planted, planted_panel):
    """`paid_until` of today's file says of a renewed contract what came after the snapshot."""
    last = planted_panel.past[planted_panel.past["on"] == planted_panel.days[-1]]
    paid = planted.contracts.set_index("contract_id")["paid_until"] - pd.Timedelta(days=365)
    with pytest.raises(Leak, match="'paid until' has .* dated after the snapshot"):
        warning.judge(planted_panel, capacity=100, known_on={"paid until": last["key"].map(paid)})


def test_the_future_changes_no_sign(planted):
    days = windows.order_days(planted.orders, planted.products, as_of=planted.as_of)
    held = windows.clean_contracts(planted.contracts, as_of=planted.as_of)
    earlier = date(2025, 12, 19)
    cut = pd.Timestamp(earlier) + pd.Timedelta(days=1)
    contacts = planted.contacts
    then = warning.contract_panel(
        windows.clean_contracts(planted.contracts[planted.contracts["started_on"] < cut], as_of=earlier), days[days["day"] < cut],
        contacts[contacts["at"] < cut], as_of=earlier, watched_from=FIRST,
    ).today.set_index("key")  # fmt: skip
    now = warning.contract_panel(held, days, contacts, as_of=planted.as_of, watched_from=FIRST)
    now = now.past[now.past["on"] == earlier].set_index("key")
    both = now.index.intersection(then.index)
    assert len(both) > 800
    pd.testing.assert_frame_equal(now.loc[both, list(warning.contract_panel(held, days, contacts, as_of=planted.as_of, watched_from=FIRST).signs)],
                                  then.loc[both, list(warning.contract_panel(held, days, contacts, as_of=planted.as_of, watched_from=FIRST).signs)])  # fmt: skip


def test_on_orders_alone_silence_is_what_is_warned_of(planted):
    days = windows.order_days(planted.orders, planted.products, as_of=planted.as_of)
    warned = warning.judge(warning.order_panel(days, None, as_of=planted.as_of, window_days=180), capacity=200)
    assert warned.panel.unit == "customer" and warned.row(warned.chosen)["precision"] > warned.base_rate
    assert any("plain rule" in sentence for sentence in findings_met.warning(warned))


# ---------------------------------------------------------------- bad input


def test_one_snapshot_is_refused():
    held = contracts_of([(f"C{n}", "2025-01-01", None) for n in range(200)])
    refused = warning.contract_panel(held, no_days(), None, as_of=AS_OF, watched_from=date(2026, 2, 1))
    assert isinstance(refused, Withheld) and "The data allow 1 day" in refused.reason


def test_no_churn_at_all_is_refused():
    held = contracts_of([(f"C{n}", "2023-01-01", None) for n in range(200)])
    refused = warning.contract_panel(held, no_days(), None, as_of=AS_OF, watched_from=FIRST)
    assert isinstance(refused, Withheld) and "nobody left" in refused.reason


def test_everybody_churned_is_refused():
    held = contracts_of([(f"C{n}", "2023-01-01", "2026-05-01") for n in range(200)])
    refused = warning.contract_panel(held, no_days(), None, as_of=AS_OF, watched_from=FIRST)
    assert isinstance(refused, Withheld) and "nobody stayed" in refused.reason


def test_nobody_left_before_is_refused():
    """In the last window some leave; in those before it nobody did, so there is nothing to learn from."""
    held = contracts_of([(f"C{n}", "2023-01-01", "2026-05-01" if n < 60 else None) for n in range(200)])
    panel = warning.contract_panel(held, no_days(), None, as_of=AS_OF, watched_from=FIRST)
    refused = warning.judge(panel, capacity=50)
    assert isinstance(refused, Withheld) and "In the earlier windows nobody left" in refused.reason


@pytest.mark.parametrize("capacity", [0, -5])
def test_a_team_of_nobody_is_refused(planted_panel, capacity):
    with pytest.raises(DataError, match="capacity"):
        warning.judge(planted_panel, capacity=capacity)


def test_no_orders_is_refused():
    assert isinstance(warning.order_panel(no_days(), None, as_of=AS_OF, window_days=90), Withheld)
