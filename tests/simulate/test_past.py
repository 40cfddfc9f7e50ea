"""Several futures share one past: nobody can tell that it was lived once."""

from dataclasses import replace

import numpy as np
import pytest

from helpers.simulate import company
from helpers.simulate.world import World

pytestmark = pytest.mark.usefixtures("lived_anew")


def of_whole_life(world, monkeypatch):
    """The same company with no past to begin from: everything is lived from the first week on."""
    with monkeypatch.context() as patch:
        patch.setattr(World, "_past", None)
        alone = replace(world, root=None)
        return alone.frames(), alone.truth()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seed", "stories", "repair"), [(3, True, "advertising"), (4, False, "installers"), (5, True, "price_cut")]
)
def test_a_future_that_begins_in_the_past_is_the_future_lived_from_the_start(seed, stories, repair, monkeypatch):
    world, rng = company(seed=seed, customers=300, stories=stories), np.random.default_rng(seed)
    people = world.frames_of("customers").query("kind == 'person'")["customer_id"].to_numpy(dtype=object)

    def some_actions():
        return {who: str(rng.choice(["call", "coupon", "service_repair", "offer", "reminder"])) for who in rng.choice(people, 60, replace=False)}

    later = world.another_future(2).advance(some_actions(), repairs=repair).advance(some_actions())
    for lived in (world, later):
        frames, truth = of_whole_life(lived, monkeypatch)
        for name, table in frames.items():
            assert lived.frames_of(name).equals(table), name
        for name, table in truth.items():
            assert lived.truth_of(name).equals(table), name


def test_the_past_is_lived_once_for_all_its_futures(monkeypatch):
    from helpers.simulate import life

    weeks, live = [], life._live_a_week
    monkeypatch.setattr(life, "_live_a_week", lambda *given: weeks.append(given[-1]) or live(*given))
    world = company(seed=6, customers=120)
    for luck in range(3):
        assert world.another_future(luck).advance().history
    # Every week of the past once, and the weeks of a quarter three times.
    assert weeks.count(5) == 1 and weeks.count(max(weeks) - 1) == 3
