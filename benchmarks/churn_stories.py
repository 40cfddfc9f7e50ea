"""Are the planted stories of lessons 07a and 07b found, are no ghosts seen, and does saving by response beat saving by risk?

    python benchmarks/churn_stories.py [--seeds 100] [--first 9400] [--played 40] [--jobs 2]
    python benchmarks/churn_stories.py --seasons

Every company is simulated with a seed that nobody tuned on, saved as files, and
read through the same door as a team's own export. Of every second planted
company the sites are others: the renewal after two years, and another cause of
complaint. For the first companies the list `save` is played for a quarter,
beside as many calls to those who have been silent for longest. The result goes
into benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLES = ("orders", "products", "customers", "contacts", "contracts", "exits", "campaigns", "assignments")
SITES = ({"month_twelve": 12, "after_complaint": "promise_not_kept"}, {"month_twelve": 24, "after_complaint": "late"})
PLANTED = ("month_twelve", "after_complaint", "the planted cause is named", "beyond_saving", "those away leave most")
GHOSTS = ("a month stands out", "leaving clusters after complaints", "an offer holds somebody")
BATCH = 10


def seen(folder: Path, *, play: bool) -> tuple[dict[str, object], tuple[float, float] | None]:
    """What the reports of 07a and 07b say about a company's files; the profit of the list played, by response and by risk."""
    from helpers import simulate
    from helpers.churn import met_lists, nodes, saving, survival, windows
    from helpers.churn.exercises.met import value_of
    from helpers.data import load
    from helpers.reports.actions import action_list
    from helpers.withheld import Withheld

    company = load(str(folder))
    as_of = company.as_of
    days = windows.order_days(company.orders, company.products, as_of=as_of)
    held = windows.clean_contracts(company.contracts, as_of=as_of)
    lives = survival.contract_lives(held, as_of=as_of, watched_from=days["day"].min().date())
    ages, after = nodes.by_age(lives), nodes.after(lives, nodes.complaints(company.contacts, as_of=as_of))
    trial = saving.last_trial(company.campaigns, company.assignments, held, days, as_of=as_of)
    saved = saving.judge(trial)
    # In a company of a few contracts some of these are withheld: nothing is raised then.
    known = {name: not isinstance(one, Withheld) for name, one in (("ages", ages), ("after", after), ("saved", saved))}
    apart = saved.apart.set_index("arm") if known["saved"] else None
    said = {
        "peaks": ages.peaks if known["ages"] else (),
        "after": known["after"] and after.found,
        "worst": after.worst if known["after"] else None,
        # The call holds somebody beyond chance, and those who still come more than those who do not, beyond chance.
        "beyond": known["saved"] and saved.best == "call" and apart.loc["call", "low"] > 0,
        "away": known["saved"] and not saved.riskiest_first,
        "offer": known["saved"] and not saved.proven.empty,
    }
    if not play or not known["saved"]:
        return said, None
    expected = saving.responses(
        saved, trial, value_minor=value_of(held, 0.7), given_minor={"discount": 6000}, assumed=0.1, cost_minor=2500, base_rate=0.2
    )
    ending = met_lists.due(held, days, as_of=as_of, horizon_days=90, trial=trial)
    monday = action_list(met_lists.save_list(ending, expected, code="CNY"), company=company, hold_out_share=0.0, priority=["save"])
    both = met_lists.play_both(simulate.open_world(folder), monday, ending)
    if isinstance(both, Withheld):
        return said, None
    return said, (both.profit("by response") / 100, both.profit("by risk") / 100)


def one_company(seed: int, stories: bool, play: bool) -> tuple[dict[str, bool], tuple[float, float] | None]:
    """Whether each story is found (where it is planted) or raised (where it is not), and the profits."""
    from helpers import simulate
    from helpers.simulate import world

    # The tables that the reports of 07 and the quarter's money need; the others would only take time.
    world.BUILDERS = {name: build for name, build in world.BUILDERS.items() if name in TABLES}
    site = SITES[seed % 2]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "company"
        simulate.company(seed=seed, stories=stories, plant=site if stories else None).save(path)
        said, profit = seen(path, play=play)
    if stories:
        found = (
            said["peaks"][:1] == (site["month_twelve"],),
            said["after"],
            said["worst"] == site["after_complaint"],
            said["beyond"],
            said["away"],
        )
        return dict(zip(PLANTED, found, strict=True)), profit
    return dict(zip(GHOSTS, (bool(said["peaks"]), said["after"], said["offer"]), strict=True)), profit


def season_of(seed: int) -> bool:
    """Whether the page of 07a names the line of heaters and coolers as one with seasonal buyers."""
    from helpers import simulate
    from helpers.churn import windows
    from helpers.data import load
    from helpers.simulate import world
    from helpers.withheld import Withheld

    world.BUILDERS = {name: build for name, build in world.BUILDERS.items() if name in ("orders", "products", "customers")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "company"
        simulate.company(seed=seed).save(path)
        company = load(str(path))
    days = windows.order_days(company.orders, company.products, as_of=company.as_of)
    habits = windows.by_habit(days, as_of=company.as_of, window_days=180, follow_days=365)
    return not isinstance(habits, Withheld) and "climate" in habits.loc[habits["seasonal"], "line"].tolist()


def of_seasons(chosen, record, table) -> None:
    import joblib

    named = joblib.Parallel(n_jobs=chosen.jobs)(joblib.delayed(season_of)(chosen.first + n) for n in range(chosen.seeds))
    row = ("buyers of heaters and coolers are seasonal, not gone", f"{sum(named)} of {len(named)}", "at least 90 of 100")
    print(*row, sep="  ")
    if not chosen.dry:
        record(
            "Seasonal buyers in lesson 07a",
            f"Seeds {chosen.first} to {chosen.first + len(named) - 1}; such buyers are in every company. Found: their line has a calendar of its own, and those who usually buy it, called gone after "
            "180 days of silence, come back more often than others, both beyond chance.\n\n" + table(("story", "found", "wanted"), [row]),
        )


def main() -> None:
    import joblib
    import numpy as np
    import pandas as pd

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=9400)
    parser.add_argument("--played", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seasons", action="store_true", help="only whether seasonal buyers are named")
    parser.add_argument("--dry", action="store_true", help="print, and write nothing")
    chosen = parser.parse_args()
    sys.path.insert(0, str(HERE))
    from record import record, table

    if chosen.seasons:
        return of_seasons(chosen, record, table)
    found, profits, begun = {True: [], False: []}, [], time.monotonic()
    for start in range(0, chosen.seeds, BATCH):
        for stories in (True, False):
            numbers = range(start, min(start + BATCH, chosen.seeds))
            jobs = (joblib.delayed(one_company)(chosen.first + n, stories, stories and n < chosen.played) for n in numbers)
            done = joblib.Parallel(n_jobs=chosen.jobs)(jobs)
            found[stories] += [said for said, _ in done]
            profits += [profit for _, profit in done if profit]
        print(f"{len(found[True])} companies of each kind, {time.monotonic() - begun:.0f} s", flush=True)
    rows = []
    for stories, names, target in ((True, PLANTED, "at least 90 of 100"), (False, GHOSTS, "at most 5 of 100")):
        outcome = pd.DataFrame(found[stories])
        for name in names:
            wanted = "" if name.startswith("those away") else target
            rows.append((name, "planted" if stories else "switched off", f"{int(outcome[name].sum())} of {len(outcome)}", wanted))
            print(*rows[-1], sep="  ", flush=True)
    says = ""
    if profits:
        response, risk = np.array(profits).T
        lead = response - risk
        says = (
            f"\n\nThe list *save* played for a quarter in {len(lead)} companies, beside as many calls to those silent for longest: profit {response.mean():,.0f} yuan on average "
            f"against {risk.mean():,.0f}; ahead in {int((lead > 0).sum())} of {len(lead)}, mean lead {lead.mean():,.0f} (standard error {lead.std(ddof=1) / len(lead) ** 0.5:,.0f})."
        )
        print(says)
    if not chosen.dry:
        record(
            "Planted stories of lessons 07a and 07b, and the list *save* played",
            f"Seeds {chosen.first} to {chosen.first + len(found[True]) - 1}, none of them used for tuning; default parameters. "
            "*Those away leave most* is how often the data show it of those left alone.\n\n" + table(("story", "company", "found or raised", "wanted"), rows) + says,
        )


if __name__ == "__main__":
    main()
