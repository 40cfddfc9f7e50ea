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
    """Order lines from {customer: [(day, amount in minor units, product), ...]}; a negative amount is a return."""

    def make(**customers):
        rows = [
            {
                "customer_id": customer,
                "ordered_at": pd.Timestamp(line[0]),
                "amount_minor": line[1],
                "product_id": line[2] if len(line) > 2 else "P",
            }
            for customer, lines in customers.items()
            for line in lines
        ]
        frame = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount_minor", "product_id"])
        frame = frame.astype(
            {"amount_minor": "int64", "ordered_at": "datetime64[us]", "customer_id": "str", "product_id": "str"}
        )
        return frame.assign(status=frame["amount_minor"].map(lambda a: "sale" if a > 0 else "return").astype("str"))

    return make


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
