from helpers.plan import canvas, findings
from helpers.withheld import Withheld


def test_cells_are_filled_from_their_reports_and_empty_ones_say_so(evidence_of):
    cells = canvas.canvas(evidence_of({"02": {"price_pmc_minor": 114_500, "price_pme_minor": 194_300, "needs_unserved": 2}, "07a": {"churn_yearly": 0.32}}))
    said = dict(zip(cells["cell"].str.partition(" (")[0], cells["says"], strict=True))
    assert said["price"] == "accepted from ¥1,145 to ¥1,943" and said["product"] == "2 important needs that nobody serves"
    assert said["retain"] == "32 of 100 contracts leave in a year" and said["target group"] == canvas.MISSING
    assert canvas.filled(cells) == 3
    assert findings.canvas(cells).startswith("**3 of 10 cells have evidence.** Without: segments, target group")


def test_what_stands_in_the_four_fields_follows_the_numbers(evidence_of):
    found = canvas.swot(evidence_of({"00a": {"old_share_back": 0.9}, "01a": {"break_at": "hotline"}, "02": {"low_price_doubted": "no", "needs_unserved": 0}, "07b": {"offer_saved": -0.1}}))
    assert found[["kind", "says"]].values.tolist() == [["weakness", "Matters get stuck at hotline"]]
    found = canvas.swot(evidence_of({"00a": {"old_share_back": 0.5}, "02": {"low_price_doubted": "yes", "needs_unserved": 1}, "07b": {"offer_saved": 0.3}}))
    assert found["kind"].tolist() == ["strength", "weakness", "opportunity", "threat"]
    assert found["where"].tolist() == ["inside", "inside", "outside", "outside"]


def test_the_loop_closes_only_with_a_hold_out(evidence_of):
    closed = canvas.loop(evidence_of({"04": {"trial_hold_out": 381}}), moves=3)
    assert "closes" in findings.loop(closed) and "381 customers left alone" in closed["number"].iloc[-1]
    assert "does not close" in findings.loop(canvas.loop(evidence_of({"00a": {}}), moves=0))


def test_without_results_every_picture_is_withheld():
    nothing = Withheld("Results", "None.")
    for made in (canvas.canvas(nothing), canvas.swot(nothing), canvas.loop(nothing)):
        assert isinstance(made, Withheld)
