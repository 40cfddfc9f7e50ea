from datetime import date

import numpy as np
import pandas as pd
import pytest
from helpers.segmentation import drill, findings, measures
from helpers.withheld import SILENCE, Withheld

THIN = Withheld("x", "too few")


def lines(*rows):
    return pd.DataFrame(rows, columns=["customer_id", "amount_minor", "status"])


def test_a_marked_walk_in_card_is_named_with_its_rank():
    text = findings.not_persons(
        lines(("W1", 90000, "walk_in"), ("A", 50000, "sale"), ("A", -1000, "return")), code="CNY"
    )
    assert "Id W1 is no person." in text and "¥900 it would be the largest 'customer' of all" in text
    assert "The data mark it as a walk-in card." in text


def test_an_unmarked_shared_card_comes_with_what_to_do():
    text = findings.not_persons(lines(("W1", 90000, "shared_card"), ("A", 95000, "sale")), code="CNY")
    assert "'customer' number 2 by money" in text and "name it under `walk_in` in the mapping" in text


def test_no_card_is_said_too():
    assert findings.not_persons(lines(("A", 1, "sale")), code="CNY").startswith("No id in the file")


def test_names_from_the_data_cannot_bring_markup():
    text = findings.not_persons(lines(("<script>*x*", 90000, "walk_in")), code="CNY")
    assert "<script>" not in text and "*x*" not in text.replace("**", "").replace(r"\*x\*", "")


@pytest.mark.parametrize(
    "top, weight",
    [(0.8, "losing a few"), (0.6, "names, not only numbers"), (0.4, "a programme for a few would miss")],
)
def test_concentration_advises_by_its_degree(top, weight):
    result = measures.Concentration(pd.DataFrame(), 0.5, top, 100)
    text = findings.concentration(result, window_days=365)
    assert weight in text and f"{top:.0%}" in text


def test_what_is_withheld_stays_silent():
    assert findings.concentration(THIN, window_days=365) is SILENCE
    assert findings.change(THIN, code="CNY") is SILENCE


def store_check(*rows):
    table = pd.DataFrame(rows, columns=["store_id", "customers", "below_zero", "rate", "rate_elsewhere", "p"])
    return drill.StoreCheck(table, [row[0] for row in rows if row[5] < 0.01])


def test_an_outlying_shop_is_named_in_counts_of_100():
    text = findings.below_zero_by_store(store_check(("S7", 200, 60, 0.30, 0.03, 1e-9), ("S1", 200, 6, 0.03, 0.165, 1)))
    assert "come from S7" in text and "60 of 200 customers (30 of 100) against 3 of 100 elsewhere" in text


def test_shops_within_chance_are_not_blamed():
    assert "No shop stands out" in findings.below_zero_by_store(store_check(("S7", 200, 9, 0.045, 0.03, 0.6)))


def drilled(cause, before=1_000_000, after=900_000):
    path = pd.DataFrame(
        [("region", "Suzhou", 300_000, 100_000, -200_000)] if cause else [],
        columns=["dimension", "member", "before_minor", "after_minor", "change_minor"],
    )
    period = drill.Period(date(2025, 3, 1), date(2025, 6, 1)), drill.Period(date(2026, 3, 1), date(2026, 6, 1))
    cells = pd.DataFrame({"cell": [{}] * 42})
    return drill.DrillDown(*period, before, after, cells, cause, path, ("region", "line"))


def test_a_change_with_a_cause_names_it():
    text = findings.change(drilled({"region": "Suzhou"}), code="CNY")
    assert text.startswith("Net revenue fell from ¥10,000 in Mar to May 2025 to ¥9,000 in Mar to May 2026 (−10.0%).")
    assert "One place stands out: Suzhou" in text and "from ¥3,000 to ¥1,000" in text


def test_a_change_without_a_cause_blames_nobody():
    text = findings.change(drilled({}), code="CNY")
    assert "No single place explains the change" in text and "of 42 combinations of region and line" in text


def test_a_change_without_a_column_to_open_says_what_is_missing():
    from dataclasses import replace

    text = findings.change(replace(drilled({}), not_opened="No column to open."), code="CNY")
    assert text.endswith("(−10.0%). No column to open.")


def size_classes(vips, others=95):
    values = pd.Series(["VIP"] * vips + ["small"] * others)
    cuts = pd.DataFrame(
        {
            "size": measures.SIZES,
            "from_minor": [0, 10, 20, 3000],
            "customers": [others, 0, 0, vips],
            "value_minor": [1, 0, 0, 1],
            "share_of_value": [0.5, 0, 0, 0.5],
        }
    )
    return measures.SizeClasses(values, cuts)


def burst_of(n):
    return pd.DataFrame({"customer_id": [f"B{i}" for i in range(n)], "value_minor": 5000, "recency_days": 200})


@pytest.mark.parametrize(
    "n, says",
    [(0, "None of the 100 VIPs"), (3, "3 of 100 VIPs bought in one short burst"), (30, "**30 of 100 VIPs only look")],
)
def test_bursts_are_raised_only_when_they_change_the_picture(n, says):
    assert says in findings.bursts(burst_of(n), size_classes(100), code="CNY")


def test_near_threshold_warns_of_regression_to_the_mean():
    near = pd.DataFrame({"next_size": ["VIP", "large", "large"]})
    text = findings.near_threshold(near, {"near": 40, "rose": 14, "fell": 9, "stayed": 17}, later_days=90)
    assert "3 customers stand close below the next size** (2 before large and 1 before VIP)" in text
    assert "14 have crossed and 9 have fallen back" in text and "regression to the mean" in text


def answer(**changes):
    given = {
        "people": 100,
        "buyers": 60,
        "window_days": 365,
        "concentration": measures.Concentration(pd.DataFrame(), 0.5, 0.6, 60),
        "drill": drilled({"region": "Suzhou"}),
        "burst": burst_of(30),
        "classes": size_classes(100),
        "stores": store_check(("S7", 200, 60, 0.3, 0.03, 1e-9)),
        "profit_summary": pd.DataFrame({"value_class": ["BZC"], "customers": [12], "value_minor": [-5000]}),
        "to_do": 40,
        "hold_out": 10,
        "code": "CNY",
    }
    return findings.answer(**given | changes)


def test_the_answer_begins_with_what_to_repair():
    sentences = answer()
    assert sentences[0].startswith("**Repair first: Suzhou**, −¥2,000: the one place")
    # -1,000 in all, of which -2,000 in Suzhou: the rest gained 1,000.
    assert sentences[0].endswith("all the rest changed by ¥1,000.")
    assert sentences[-1].startswith("**On Monday: 40 customers to contact**")


def test_the_answer_of_thin_data_is_short_and_claims_nothing():
    sentences = answer(
        concentration=THIN, drill=THIN, burst=THIN, classes=THIN, stores=THIN, profit_summary=SILENCE, to_do=0
    )
    assert len(sentences) == 2
    assert "nobody to contact" in sentences[-1]


def test_cut_points_stand_in_words():
    table = pd.DataFrame(
        {
            "customer_id": [f"C{i}" for i in range(30)],
            "recency_days": range(30),
            "frequency": [0] + [1] * 20 + [2] * 9,
            "value_minor": 100,
            "mean_order_minor": [np.nan] + [100.0] * 29,
        }
    )
    words = findings.cut_points(measures.rfm(table), code="CNY")
    assert words.columns.tolist() == ["score", "recency (days)", "frequency (order days)", "money (mean order)"]
    assert words.iloc[0].tolist() == ["5", "0 to 5 (6)", "2 (9)", "¥1 (29)"]
    assert words.iloc[-1].tolist() == ["1", "24 to 29 (6)", "0 (1)", "no order (1)"]
