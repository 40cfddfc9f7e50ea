from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.simulate import brand, stories
from helpers.simulate import catalogue as shop
from helpers.simulate.dice import Dice


@pytest.fixture(scope="session")
def planted(company_of):
    """Lantern Home as the simulator makes it today."""
    return company_of()


@pytest.fixture(scope="session")
def plain(company_of):
    """Half the size, another seed, nothing planted."""
    return company_of(seed=7, customers=3000, stories=False)


@pytest.fixture(scope="session")
def tracker():
    """The tables of the brand tracker alone, straight from the simulator: no orders, so a thousand of them cost little."""

    def make(seed=20, on=True, plant=None, size=1.0, day="2026-06-17"):
        history = SimpleNamespace(dice=Dice(seed), stories=stories.choose(on, plant), size=size, last_day=shop.day_number(day))
        tables = {name: getattr(brand, name)(history) for name in ("brand_survey", "brand_funnel", "brand_promises", "brand_stretch")}
        sheets = tables["brand_survey"]
        sheets["label"] = sheets["label"].where(sheets["label"] != "", pd.NA)
        return SimpleNamespace(**tables, history=history)

    return make
