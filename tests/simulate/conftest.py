"""Companies that several tests look at. They never change, so one of each is enough."""

import sys
from pathlib import Path

import pytest

from helpers import simulate

# With importlib as import mode the folder of a test is not on the path by itself.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def world():
    """The sample company."""
    return simulate.company()


@pytest.fixture(scope="session")
def no_stories():
    """The sample company with every story switched off."""
    return simulate.company(stories=False)


@pytest.fixture(scope="session")
def small():
    """A company for tests that do not need many customers."""
    return simulate.company(seed=5, customers=500)


@pytest.fixture(scope="session")
def next_quarter(small):
    """The small company a quarter later, without any action."""
    return small.advance()
