"""What benchmarks/btyd_holdout.py publishes: who comes back, on the hold-out of CDNOW."""

import importlib.util
from pathlib import Path

import pytest
from sklearn.metrics import roc_auc_score

HOME = Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location("btyd_holdout_benchmark", HOME / "benchmarks" / "btyd_holdout.py")
benchmark = importlib.util.module_from_spec(spec)
spec.loader.exec_module(benchmark)


@pytest.fixture(scope="module")
def customers(peer):
    return benchmark.cdnow()


def test_calibration_period_is_the_published_one(customers, cdnow):
    # The same customers as in the summary that the authors published, which rounds weeks to two digits.
    assert customers["x"].tolist() == cdnow["x"].tolist()
    assert customers["t_x"].to_numpy() == pytest.approx(cdnow["t_x"].to_numpy(), abs=0.0051)
    assert customers["T"].to_numpy() == pytest.approx(cdnow["T"].to_numpy(), abs=0.0051)
    # Fader, Hardie and Lee (2005): 1,882 repeat orders in the 39 weeks after it.
    assert customers["later"].sum() == 1882


def test_p_alive_ranks_worse_than_a_coin_and_expected_purchases_as_well_as_the_last_order(customers):
    auc = {name: roc_auc_score(customers["later"] > 0, values) for name, values in benchmark.scores(customers).items()}
    expected = {
        ("", benchmark.DAYS_SINCE): 0.771,
        ("BG/NBD", "P(alive)"): 0.316,
        ("MBG/NBD", "P(alive)"): 0.687,
        ("Pareto/NBD", "P(alive)"): 0.726,
        ("BG/NBD", "expected purchases"): 0.773,
        ("MBG/NBD", "expected purchases"): 0.773,
        ("Pareto/NBD", "expected purchases"): 0.779,
    }
    assert auc == pytest.approx(expected, abs=6e-4)
