import pandas as pd
import pytest

from helpers import simulate
from helpers.data import load
from helpers.places import HOME

FRANCE = HOME.parent / "shared" / "data" / "online_retail_france.csv"


@pytest.fixture(scope="session")
def sample_company():
    """Lantern Home, read as a team's export is."""
    return load()


@pytest.fixture(scope="session")
def company_of(tmp_path_factory):
    """Another simulated company with the settings of `simulate.company`, saved and read again."""

    def make(**settings):
        folder = tmp_path_factory.mktemp("another") / "company"
        simulate.company(**settings).save(folder)
        return load(folder)

    return make


@pytest.fixture(scope="session")
def elsewhere(company_of):
    """Half the size, another seed, other sites."""
    return company_of(seed=7, customers=3000, plant={"hand_over": "delivery", "low_score": "sms"})


@pytest.fixture(scope="session")
def no_stories(company_of):
    return company_of(seed=7, customers=3000, stories=False)


@pytest.fixture(scope="session")
def france():
    """The public Online Retail data, France: an order file alone."""
    if not FRANCE.is_file():
        pytest.skip("the Online Retail lines of France are not here")
    return load(FRANCE, mapping=HOME / "data" / "mappings" / "online_retail.toml")


@pytest.fixture
def ratings_of():
    """Ratings from (sheet, touchpoint, expectation, perception)."""

    def make(*rows):
        frame = pd.DataFrame(rows, columns=["answer_id", "touchpoint", "expectation", "perception"])
        return frame.astype({"expectation": "Int64", "perception": "Int64"})

    return make


@pytest.fixture
def contacts_of():
    """Contacts from dicts, with the columns that a log usually has."""

    def make(*rows):
        usual = {"customer_id": "A", "touchpoint": "shop", "owner": "own", "phase": "after", "resolved": True, "cause": "", "status": "closed",
                 "cost_minor": 0, "wait_minutes": 0.0, "case_id": pd.NA, "reported_to": pd.NA, "closed_on": pd.NaT}  # fmt: skip
        frame = pd.DataFrame([usual | {"contact_id": f"T{place}"} | row for place, row in enumerate(rows)])
        frame["at"] = pd.to_datetime(frame["at"])
        frame["closed_on"] = pd.to_datetime(frame["closed_on"])
        return frame.astype({"resolved": "boolean"})

    return make
