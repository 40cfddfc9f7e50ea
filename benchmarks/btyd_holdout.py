"""Who comes back? On CDNOW's hold-out: each model's P(alive), expected purchases, and days since the last order.

    python benchmarks/btyd_holdout.py

The models are fitted on 2,357 customers up to 30 September 1997 and judged on the 39 weeks after it: the chance
that a customer who came back is ranked above one who did not (AUC; 0.5 is a coin). Beside it how well the orders
of all 39 weeks are foretold: in sum, and customer by customer.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd

END, HOLDOUT_DAYS = "1997-09-30", 273
DAYS_SINCE = "days since the last order"


def cdnow() -> pd.DataFrame:
    """A row a customer: x, t_x, T in weeks up to `END`, and the order days in the weeks after it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of lifetimes, which brings the file
        import lifetimes
    lines = pd.read_csv(
        Path(lifetimes.__file__).parent / "datasets" / "CDNOW_sample.txt",
        sep=r"\s+",
        header=None,
        usecols=[1, 2],
        names=["all_id", "customer", "day", "pieces", "amount"],
        dtype=str,
    )
    days = pd.DataFrame({"customer": lines["customer"], "day": pd.to_datetime(lines["day"], format="%Y%m%d")})
    days = days.drop_duplicates()  # orders of one day count as one
    before = days["day"] <= END
    first, last, count = (days[before].groupby("customer")["day"].agg(kind) for kind in ("min", "max", "count"))
    table = pd.DataFrame(
        {
            "x": count - 1,
            "t_x": (last - first).dt.days / 7,
            "T": (pd.Timestamp(END) - first).dt.days / 7,
        }
    )
    ahead = (days["day"] - pd.Timestamp(END)).dt.days.between(1, HOLDOUT_DAYS)
    table["later"] = days[ahead].groupby("customer").size().reindex(table.index, fill_value=0)
    return table


def scores(table: pd.DataFrame) -> dict[tuple[str, str], np.ndarray]:
    """For each model and rule what it says of each customer; more is better."""
    from helpers.stats import btyd

    x, t_x, T = (table[name].to_numpy() for name in ("x", "t_x", "T"))
    found = {("", DAYS_SINCE): t_x - T}
    histories = btyd.group(x, t_x, T)
    for kind in (btyd.BgNbd, btyd.MbgNbd, btyd.ParetoNbd):
        model = btyd.fit(kind, histories).model
        name = kind.title.removeprefix("The ").removesuffix(" model")
        found[name, "P(alive)"] = model.p_alive(x, t_x, T)
        found[name, "expected purchases"] = model.conditional(x, t_x, T, HOLDOUT_DAYS / 7)
    return found


def main() -> None:
    from record import record, table, versions
    from sklearn.metrics import roc_auc_score

    customers = cdnow()
    later = customers["later"]
    rows, auc_of = [], {}
    for (model, score), values in scores(customers).items():
        error, total = "", ""
        if score == "expected purchases":
            error, total = f"{np.abs(values - later).mean():.3f}", f"{values.sum():,.0f}"
        auc_of[model, score] = roc_auc_score(later > 0, values)
        rows.append((f"{model} {score}".strip(), f"{auc_of[model, score]:.3f}", total, error))
    # Two rules without a model: as often as so far, and nobody comes back.
    pace = customers["x"] / customers["T"] * HOLDOUT_DAYS / 7
    for name, values in (("as often as so far", pace), ("nobody comes back", 0 * pace)):
        auc = f"{roc_auc_score(later > 0, values):.3f}"
        rows.append((name, auc, f"{values.sum():,.0f}", f"{np.abs(values - later).mean():.3f}"))
    once = customers["x"] == 0
    ahead = [value - auc_of["", DAYS_SINCE] for (_, score), value in auc_of.items() if score == "expected purchases"]
    record(
        "Buy-till-you-die: CDNOW's hold-out",
        f"{len(customers):,} customers, fitted up to {END}, judged on the {HOLDOUT_DAYS // 7} weeks after it: "
        f"{int((later > 0).sum())} came back and placed {int(later.sum()):,} orders. {int(once.sum()):,} are "
        "one-time buyers, of whom "
        f"{(later[once] > 0).mean():.0%} came back; of the others {(later[~once] > 0).mean():.0%}.\n\n"
        + table(("ranked by", "AUC", "orders foretold", "off by, a customer"), rows)
        + "\n\nP(alive) of the BG/NBD is 1 for every one-time buyer, so it ranks them first: worse than a coin. "
        f"Expected purchases rank better than the days since the last order by {min(ahead):.3f} to "
        f"{max(ahead):.3f}.\n\n" + versions("numpy", "scipy", "scikit-learn") + ".",
    )


if __name__ == "__main__":
    main()
