from types import SimpleNamespace

import pandas as pd
import pytest

from helpers import simulate
from helpers.data import load
from helpers.places import HOME
from helpers.simulate import brand, stories
from helpers.simulate import catalogue as shop
from helpers.simulate.dice import Dice
from helpers.teaching.exercises import exercises_of
from helpers.teaching.marking import Workings

FRANCE = HOME.parent / "shared" / "data" / "online_retail_france.csv"


@pytest.fixture(scope="session")
def company_of(tmp_path_factory):
    """A simulated company with the settings of `simulate.company`, saved and read again."""

    def make(**settings):
        folder = tmp_path_factory.mktemp("another") / "company"
        simulate.company(**settings).save(folder)
        return load(folder)

    return make


@pytest.fixture(scope="session")
def planted(company_of):
    """Lantern Home as the simulator makes it today."""
    return company_of()


@pytest.fixture(scope="session")
def plain(company_of):
    """Half the size, another seed, nothing planted."""
    return company_of(seed=7, customers=3000, stories=False)


@pytest.fixture(scope="session")
def france():
    """The public Online Retail data, France: an order file alone."""
    if not FRANCE.is_file():
        pytest.skip("the Online Retail lines of France are not here")
    return load(FRANCE, mapping=HOME / "data" / "mappings" / "online_retail.toml")


@pytest.fixture(scope="session")
def workings_of():
    """The exercises of a module, worked out on a company."""

    def make(module, company, **settings):
        made = Workings(exercises_of(module))
        made.offer(**module.inputs(company, as_of=company.as_of, **settings))
        return made

    return make


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
