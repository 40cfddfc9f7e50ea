"""The game: budget, presets, lives compared in the same future."""

import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.simulate import company, game
from helpers.simulate.game import Decision


@pytest.fixture(scope="module")
def world():
    return company(seed=5, customers=500)


def test_what_a_decision_costs_by_hand():
    """300 calls of 25 and 100 coupons of 3 in the first quarter; own installers: 15,000 once, 3,000 in each of four quarters; a lower price once: 2,000."""
    quarter = (*(("C1", "call"),) * 300, *(("C2", "coupon"),) * 100)
    made = Decision("", "", lists=(quarter, (), (), ()), repairs=(("installers",), ("price_cut",), (), ()))
    assert made.spent_fen == 100 * (7_500 + 300 + 15_000 + 12_000 + 2_000)
    assert made.over_budget_fen == 0
    dear = Decision("", "", repairs=(("advertising",),) * 4)
    assert dear.over_budget_fen == 100 * (4 * 90_000 - 300_000)


def test_the_presets_keep_to_the_budget_and_to_people_who_may_be_asked(world):
    presets = game.presets(world)
    assert next(iter(presets)) == game.NOTHING and presets[game.NOTHING].spent_fen == 0
    assert max(one.over_budget_fen for one in presets.values()) == 0
    customers = world.frames_of("customers").set_index("customer_id")
    asked = {who for one in presets.values() for quarter in one.lists for who, _ in quarter}
    assert set(customers.loc[list(asked), "kind"]) == {"person"}
    assert customers.loc[list(asked), "consent"].astype(str).str.lower().isin(["true", "yes", "1"]).all()


def test_each_life_is_compared_with_doing_nothing_in_the_same_future(world):
    decisions = {"repair": game.presets(world)["repair"], "nothing": Decision("Nothing", "")}
    lived = game.compare(world, decisions, futures=2).set_index(["name", "future"])
    for future, luck in ((1, 0), (2, 1)):
        own, base = (int(game.live(world, one, luck=luck).results()["profit_minor"].sum()) for one in (decisions["repair"], decisions["nothing"]))
        assert lived.loc[("repair", future), "profit_minor"] == own
        assert lived.loc[("repair", future), "beyond_minor"] == own - base
        assert lived.loc[("nothing", future), "beyond_minor"] == 0
    # Another future is another life.
    assert lived.loc[("nothing", 1), "profit_minor"] != lived.loc[("nothing", 2), "profit_minor"]


def test_the_table_is_the_mean_over_the_futures():
    lived = pd.DataFrame({
        "name": ["a", "b", "a", "b"], "decision": ["A", "B", "A", "B"], "future": [1, 1, 2, 2], "spent_minor": [5, 7, 5, 9],
        "profit_minor": [0] * 4, "beyond_minor": [10, -4, 30, 8],
    })  # fmt: skip
    made = game.table(lived)
    assert made["decision"].tolist() == ["A", "B"] and made["beyond_minor"].tolist() == [20, 2]
    assert made["low_minor"].tolist() == [10, -4] and made["high_minor"].tolist() == [30, 8]
    assert made["ahead"].tolist() == [2, 1] and made["futures"].tolist() == [2, 2]


def test_a_company_that_somebody_let_live_is_a_decision(world):
    called = [(one, "call") for one in game._reachable(world)[:3]]
    played = world.advance(called, repairs=["installers"]).advance(repairs=["retraining"])
    decision = game.decision_of(played, title="Team A")
    assert decision.lists[0] == tuple(sorted(called)) and decision.repairs == (("installers",), ("retraining",), (), ())
    assert game.beginning(played) == world and game.same_beginning(played, world)
    assert not game.same_beginning(company(seed=6, customers=500), world)
    whole = game.live(game.beginning(played), decision).results()
    # A later export restates some lines of the quarters before, so these move a little; the decisions do not.
    same = ["quarter", "until", "list_cost_minor", "repair_cost_minor"]
    assert whole.head(2)[same].equals(played.results()[same])
    assert whole["profit_minor"].head(2).tolist() == pytest.approx(played.results()["profit_minor"].tolist(), rel=0.02)


def test_what_cannot_be_compared_is_refused(world):
    with pytest.raises(DataError, match="no quarter yet"):
        game.decision_of(world, title="Team A")
    with pytest.raises(DataError, match="5 quarters"):
        game.decision_of(world.advance(quarters=5), title="Team A")
    with pytest.raises(DataError, match="1 or more"):
        game.compare(world, {}, futures=0)


def test_nobody_does_better_than_who_sees_the_future(world):
    # So small a company cannot pay for any repair: the calls alone.
    best = game.best_possible(world, repairs=())
    assert best.over_budget_fen == 0
    base = game.live(world, Decision("", "")).results()["profit_minor"].sum()
    left = game.live(world, best).results()["profit_minor"].sum() - base
    presets = game.presets(world)
    others = [game.live(world, presets[name]).results()["profit_minor"].sum() - base for name in ("lot", "repair", "coupon")]
    assert left > max(others)


def test_the_table_opens_in_a_spreadsheet(world):
    text = game.as_csv(game.compare(world, {"nothing": Decision("Nothing", "")}, futures=1))
    assert text.splitlines()[0] == "decision,future,spent,profit,beyond" and text.splitlines()[1].startswith("Nothing,1,0.00,")
