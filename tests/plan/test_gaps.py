from helpers.plan import gaps
from helpers.withheld import Withheld


def test_the_gaps_by_hand(evidence_of):
    """Old customers: −107 and −408; orders grew in size, so that is no gap; sleepers wait and are more than all losses."""
    evidence = evidence_of({
        "00a": {
            "effect_old_share_back_minor": -107_00, "effect_old_orders_each_minor": -408_00, "effect_new_buyers_minor": 940_00, "effect_new_orders_each_minor": -139_00,
            "effect_old_order_value_minor": -77_00, "effect_new_order_value_minor": 168_00, "revenue_this_minor": (1, "Net revenue in Jun 2025 to May 2026"),
        },
        "03a": {"change_cause": "region=North x line=kitchen", "change_cause_minor": -50_00, "change_after_minor": (1, "Net revenue in Mar to May 2026"), "bzc_customers": 3, "bzc_value_minor": -11_00},
        "04": {"sleepers_worth_minor": 630_00},
    })  # fmt: skip
    found = gaps.gaps(evidence)
    assert [(one.key, one.amount_minor, one.kind) for one in found] == [
        ("old", 515_00, "lost"), ("place", 50_00, "lost"), ("below_zero", 11_00, "spent"), ("sleepers", 630_00, "waiting"),
    ]  # fmt: skip
    assert found[0].over == "Jun 2025 to May 2026, against the period before"
    assert found[1].name == "The fall at North, kitchen" and found[1].over == "Mar to May 2026, against the year before"


def test_growth_is_no_gap(evidence_of):
    grew = {"effect_old_share_back_minor": 5, "effect_old_orders_each_minor": -4}
    assert isinstance(gaps.gaps(evidence_of({"00a": grew, "03a": {"change_cause": "region=North", "change_cause_minor": 7}})), Withheld)


def test_what_waits_alone_is_named_as_such(evidence_of):
    found = gaps.gaps(evidence_of({"04": {"sleepers_worth_minor": 10}}))
    assert [one.kind for one in found] == ["waiting"]


def test_a_withheld_passes_on():
    assert isinstance(gaps.gaps(Withheld("Results", "None.")), Withheld)
