import pytest
from hypothesis import settings

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
