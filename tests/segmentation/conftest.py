import pandas as pd
import pytest


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
