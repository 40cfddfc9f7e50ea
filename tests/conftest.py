import pytest
from hypothesis import settings

from helpers.places import HOME

FRANCE = HOME.parent / "shared" / "data" / "online_retail_france.csv"

# Examples are drawn the same way each time, and a slow machine is no failure.
settings.register_profile("workbook", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("workbook")


def pytest_addoption(parser):
    parser.addoption("--browser", action="store_true", help="also run the tests that drive Chromium")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--browser"):
        return
    skip = pytest.mark.skip(reason="drives a browser; to run it: python workbook.py test --browser")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def sample_company():
    """Lantern Home, read as a team's export is."""

    from helpers.data import load

    return load()


@pytest.fixture(scope="session")
def company_of(tmp_path_factory):
    """Another simulated company with the settings of `simulate.company`, saved and read again."""

    from helpers import simulate
    from helpers.data import load

    def make(**settings):
        folder = tmp_path_factory.mktemp("another") / "company"
        simulate.company(**settings).save(folder)
        return load(folder)

    return make


@pytest.fixture(scope="session")
def france():
    """The public Online Retail data, France: an order file alone."""

    from helpers.data import load

    if not FRANCE.is_file():
        pytest.skip("the Online Retail lines of France are not here")
    return load(FRANCE, mapping=HOME / "data" / "mappings" / "online_retail.toml")


@pytest.fixture(scope="session")
def workings_of():
    """The exercises of a module, worked out on a company."""

    from helpers.teaching.exercises import exercises_of
    from helpers.teaching.marking import Workings

    def make(module, company, **settings):
        made = Workings(exercises_of(module))
        made.offer(**module.inputs(company, as_of=company.as_of, **settings))
        return made

    return make
