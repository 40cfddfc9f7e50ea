import pandas as pd
import pytest


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
        frame = frame.astype({"amount_minor": "int64", "ordered_at": "datetime64[us]", "customer_id": "str", "product_id": "str"})
        return frame.assign(status=frame["amount_minor"].map(lambda a: "sale" if a > 0 else "return").astype("str"))

    return make


@pytest.fixture(scope="session")
def planted(company_of):
    """Lantern Home as the simulator makes it today."""
    return company_of()


@pytest.fixture(scope="session")
def plain(company_of):
    """Half the size, another seed, nothing planted."""
    return company_of(seed=7, customers=3000, stories=False)
