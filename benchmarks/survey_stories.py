"""Is what is planted in the survey found, and is nothing seen where all are drawn by lot?

    python benchmarks/survey_stories.py [--seeds 100] [--first 4100] [--jobs 2]

Every company is simulated with a seed that nobody tuned on, saved as files, and
read through the same door as a team's own export. The question whose true answer
the order file knows is "on how many days did you order in the last 12 months".
The truth is the mean of all customers with an order in the 365 days before the
wave. The result goes into benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
QUARTER = 91
# (measure, on the company with the story, on the one without); an empty text: nothing is asked of it.
FEW = "at most 10 of 100, 5 by chance"
WANTED = {
    "street claims too many order days": ("at least 90 of 100", FEW),
    "street: who answers leans (selection error above 0)": ("at least 90 of 100", FEW),
    "street: what they answer leans (answer error above 0)": ("at least 90 of 100", FEW),
    "street: who answers weighs more": ("at least 90 of 100", ""),
    "internal: who answers leans": ("at least 90 of 100", FEW),
    "internal: what they answer leans": ("at least 90 of 100", FEW),
    "internal: what they answer weighs more": ("at least 90 of 100", ""),
    "panel, unweighted, leans": ("", FEW),
    "panel: weighting brings it nearer to the truth": ("at least 90 of 100", ""),
    "panel, weighted: its interval holds the truth": ("at least 90 of 100", "at least 90 of 100"),
    "classes by behaviour foretell spend better than classes by survey": ("at least 90 of 100", ""),
    "classes by behaviour foretell better whether somebody orders at all": ("at least 90 of 100", ""),
    "classes by survey foretell whether somebody orders at all": ("at least 90 of 100", ""),
}


def seen(folder: Path) -> dict[str, int]:
    """What a company's files say about its survey, measure by measure: 1 yes, 0 no, -1 the other way round."""
    from helpers.data import load
    from helpers.data.ledger import ledger
    from helpers.stats.sampling import weighted_mean

    company = load(str(folder))
    survey = company.survey
    first = survey["answered_on"].min().date()
    population = _order_days(ledger, company.orders, until=first)
    truth = population.mean()

    def errors(mode: str):
        """Claims less the truth, who answers less the truth, what they answer less what is true of them."""
        sheets = survey[survey["mode"] == mode]
        known = sheets[sheets["customer_id"].notna()]
        own = _own_order_days(company.orders, known)
        claimed = known["orders_claimed"].astype(float).to_numpy()
        return weighted_mean(sheets["orders_claimed"].astype(float) - truth), *map(_mean, (own - truth, claimed - own))

    street, internal, panel = errors("street"), errors("internal"), errors("panel")
    sheets = survey[survey["mode"] == "panel"]
    weighted = weighted_mean(sheets["orders_claimed"].astype(float) - truth, sheets["weight"])
    spend, at_all = _foretold(company, sheets, ledger)
    found = (
        *map(_leans, street),
        street[1].mean > street[2].mean > 0,
        *map(_leans, internal[1:]),
        internal[2].mean > internal[1].mean > 0,
        _leans(panel[0]),
        abs(weighted.mean) < abs(panel[0].mean),
        weighted.low <= 0 <= weighted.high,
        spend[0] > spend[1],
        at_all[0] > at_all[1],
        at_all[1] > 0,
    )
    return dict(zip(WANTED, map(int, found), strict=True))


def _leans(error) -> int:
    """1 when the whole interval lies above 0, -1 when it lies below."""
    return int(error.low > 0) - int(error.high < 0)


def _mean(values):
    import pandas as pd

    from helpers.stats.sampling import weighted_mean

    return weighted_mean(pd.Series(values))


def _order_days(ledger, orders, *, until: date):
    """Order days of each customer in the 365 days before a day."""
    year = ledger(orders, as_of=until - timedelta(days=1), since=until - timedelta(days=365))
    return year.set_index("customer_id")["order_days"].astype(float)


def _own_order_days(orders, sheets):
    """Order days of who answered in the 365 days before the answer; a year that ends on one day for all leans a little."""
    import pandas as pd

    sold = orders.loc[orders["amount_minor"] > 0, ["customer_id", "ordered_at"]]
    days = sold.assign(day=sold["ordered_at"].dt.normalize())[["customer_id", "day"]].drop_duplicates()
    pairs = sheets[["answer_id", "customer_id", "answered_on"]].merge(days, on="customer_id")
    before = (pairs["answered_on"] - pairs["day"]) / pd.Timedelta(days=1)
    counts = pairs[before.between(1, 365)].groupby("answer_id").size()
    return counts.reindex(sheets["answer_id"], fill_value=0).to_numpy(float)


def _foretold(company, sheets, ledger) -> list[tuple[float, float]]:
    """How much classes by behaviour and classes by survey foretell of the panel's next quarter: spend, any order.

    Each person is foretold by the mean of the others in the class; 1 less the
    squared errors over those of foretelling each by the mean of all others.
    """
    import pandas as pd

    last = sheets["answered_on"].max().date()
    year = ledger(company.orders, as_of=last, since=last - timedelta(days=364)).set_index("customer_id")
    after = company.orders[company.orders["ordered_at"] >= pd.Timestamp(last + timedelta(days=1))]
    after = after[after["ordered_at"] < pd.Timestamp(last + timedelta(days=1 + QUARTER))]
    ids = sheets["customer_id"]
    spend = after.groupby("customer_id")["amount_minor"].sum().reindex(ids).fillna(0).reset_index(drop=True)
    days = year["order_days"].reindex(ids).fillna(0).to_numpy()
    silent = (pd.Timestamp(last) - year["last_order_on"].reindex(ids)).dt.days.fillna(366).to_numpy()
    often = pd.cut(days, [-1, 1, 2, 4, 1000]).astype(str)
    lately = pd.cut(silent, [-1, 60, 150, 1000]).astype(str)
    by_behaviour = pd.Series(often).str.cat(lately)
    by_survey = sheets["motive"].fillna("").str.cat(sheets["household"].fillna("")).reset_index(drop=True)

    def gain(y, classes) -> float:
        sums, sizes = (y.groupby(classes.to_numpy()).transform(how) for how in ("sum", "size"))
        everybody = (y.sum() - y) / (len(y) - 1)
        others = ((sums - y) / (sizes - 1)).where(sizes > 1, everybody)
        return 1 - float(((y - others) ** 2).sum() / ((y - everybody) ** 2).sum())

    return [(gain(y, by_behaviour), gain(y, by_survey)) for y in (spend, (spend > 0).astype(float))]


def one_company(seed: int, biased: bool) -> dict[str, int]:
    """What is found at one simulated company, with the story or with that story alone switched off."""
    from helpers import simulate
    from helpers.simulate.stories import STORIES

    world = simulate.company(seed=seed, stories=set(STORIES) - (set() if biased else {"survey_bias"}))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "company"
        world.save(path)
        return seen(path)


def main() -> None:
    import joblib
    import pandas as pd

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=4100)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    sys.path.insert(0, str(HERE))
    from record import record, table

    seeds = range(chosen.first, chosen.first + chosen.seeds)
    columns = []
    for biased in (True, False):
        outcome = joblib.Parallel(n_jobs=chosen.jobs)(joblib.delayed(one_company)(seed, biased) for seed in seeds)
        # Where nothing is planted, either side would be a ghost.
        columns.append((pd.DataFrame(outcome) == 1).sum() if biased else (pd.DataFrame(outcome) != 0).sum())
        print(columns[-1].to_string(), flush=True)
    rows = [
        (name, f"{columns[0][name]}", wanted[0], f"{columns[1][name]}", wanted[1]) for name, wanted in WANTED.items()
    ]
    record(
        "Planted stories of the survey",
        f"Seeds {seeds.start} to {seeds.stop - 1}, none of them used for tuning, of {len(seeds)} companies each with the "
        "story `survey_bias` and without it (all drawn by lot). Intervals: 95%, as for samples of a large population, "
        "so they hold the truth more often than they say where a fifth of all customers or more is asked. `leans` and `too many`: the whole "
        "interval lies above 0, or without the story on either side of it.\n\n"
        + table(("", "with the story", "wanted", "without it", "wanted"), rows),
    )


if __name__ == "__main__":
    main()
