from helpers.plan.evidence import same_place


def test_a_number_that_is_missing_or_withheld_is_the_default_and_is_not_a_source(evidence_of):
    evidence = evidence_of({"00a": {"revenue_minor": 5, "withheld": None, "empty": ""}})
    assert evidence.value("00a", "revenue_minor") == 5
    assert evidence.value("00a", "withheld", "no") == "no" == evidence.value("00a", "empty", "no")
    assert evidence.value("09", "anything") is None
    assert evidence.used == [("00a", "revenue_minor")]


def test_several_numbers_are_all_there_or_none(evidence_of):
    evidence = evidence_of({"00a": {"a_minor": 1, "b_minor": 2}})
    assert evidence.values("00a", "a_minor", "b_minor") == [1, 2]
    assert evidence.values("00a", "a_minor", "c_minor") is None


def test_the_sources_are_written_as_a_reader_writes_them(evidence_of):
    evidence = evidence_of({"00a": {"revenue_minor": (123_456_00, "Revenue")}, "03a": {"where": ("S07", "Shop")}})
    evidence.value("03a", "where"), evidence.value("00a", "revenue_minor"), evidence.value("03a", "where")
    assert evidence.sources().to_dict("records") == [
        {"what": "Revenue", "value": "¥123,456", "report": "00a", "key": "revenue_minor"},
        {"what": "Shop", "value": "S07", "report": "03a", "key": "where"},
    ]


def test_customers_to_contact_are_those_of_all_lists_but_the_plan_s_own(evidence_of):
    evidence = evidence_of({}, {"03a": {"keep": (10, 2, 5), "lift": (0, 0, 0)}, "04": {"wake": (7, 1, 1)}, "08": {"keep": (99, 0, 0)}})
    assert evidence.to_contact() == 17
    assert evidence.listed("03a", "lift") is None and evidence.listed("04", "wake")["hold_out"] == 1
    assert evidence.lessons == ["03a", "04"]


def test_places_are_the_same_by_the_beginning_of_a_word():
    assert same_place("installation (partner)", "Hangzhou, kitchen, installer referral")
    assert same_place("repair (partner)", "repaired_in_one_visit")
    assert not same_place("hotline", "installation (partner)")
    # Short words, such as "shop", prove nothing.
    assert not same_place("the shop", "our shop")
