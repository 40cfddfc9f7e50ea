import pandas as pd
import pytest

from helpers import simulate
from helpers.data import load
from helpers.places import HOME
from helpers.teaching.exercises import exercises_of
from helpers.teaching.marking import Workings

FRANCE = HOME.parent / "shared" / "data" / "online_retail_france.csv"


@pytest.fixture
def orders_of():
    """Order lines from {customer: [(day, amount in minor units), ...]}; a negative amount is a return."""

    def make(**customers):
        rows = [
            {"customer_id": customer, "ordered_at": pd.Timestamp(day), "amount_minor": amount}
            for customer, orders in customers.items()
            for day, amount in orders
        ]
        frame = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount_minor"])
        frame = frame.astype({"amount_minor": "int64", "ordered_at": "datetime64[us]", "customer_id": "str"})
        return frame.assign(status=frame["amount_minor"].map(lambda a: "sale" if a > 0 else "return").astype("str"))

    return make


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
