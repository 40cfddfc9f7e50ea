import pandas as pd
import pytest


@pytest.fixture(scope="session")
def elsewhere(company_of):
    """Half the size, another seed, other sites."""
    return company_of(seed=7, customers=3000, plant={"hand_over": "delivery", "low_score": "sms"})


@pytest.fixture(scope="session")
def no_stories(company_of):
    return company_of(seed=7, customers=3000, stories=False)


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
