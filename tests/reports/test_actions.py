import zipfile

import pandas as pd
import pytest

from helpers import words
from helpers.errors import DataError
from helpers.reports.actions import ACTIONS, COLUMNS, LISTS, action_list, read_action_list, together


def candidates(ids, *, name="keep", value=1000):
    return pd.DataFrame(
        {
            "customer_id": list(ids),
            "list": name,
            "action": "call",
            "reason": "fell silent",
            "evidence": "3 orders",
            "value_at_stake_minor": [value * (number + 1) for number in range(len(ids))],
        }
    )


def ids(number, prefix="X"):
    return [f"{prefix}{place:03}" for place in range(number)]


def row(made, customer):
    return made.rows.set_index("customer_id").loc[customer]


@pytest.fixture
def company(tiny):
    return tiny.company()


def test_consent_contact_and_complaint_come_from_the_data(company):
    made = action_list(candidates(["C00", "C07", "C08", "C11", "X1"]), company=company, hold_out_share=0)
    facts = made.rows.set_index("customer_id")[["consent", "open_complaint"]]
    assert facts.to_dict("index") == {
        "C00": {"consent": "yes", "open_complaint": "no"},
        "C07": {"consent": "no", "open_complaint": "no"},
        "C08": {"consent": "yes", "open_complaint": "yes"},
        "C11": {"consent": "unknown", "open_complaint": "no"},
        "X1": {"consent": "unknown", "open_complaint": "no"},
    }
    assert row(made, "C08")["last_contact_on"] == pd.Timestamp("2026-06-28")


def test_prospects_bring_their_own_consent_and_last_contact(company):
    rows = candidates(["P1", "P2", "P3"], name="convert").assign(
        consent=["yes", "no", "unknown"], last_contact_on=pd.to_datetime(["2026-06-29", "2026-05-01", None])
    )
    made = action_list(rows, company=company, hold_out_share=0, quiet_days=7)
    assert made.rows.set_index("customer_id")["suppressed"].to_dict() == {
        "P1": "contacted on 29 June 2026, within 7 days", "P2": "no consent to be contacted", "P3": "",
    }  # fmt: skip
    assert row(made, "P3")["consent"] == "unknown" and pd.isna(row(made, "P3")["last_contact_on"])


def test_each_reason_to_leave_someone_alone_is_said(company):
    company.tables["customers"].loc[3, "kind"] = "staff"
    made = action_list(candidates(["C00", "C03", "C07", "C08", "C09", "C10"]), company=company, hold_out_share=0)
    assert made.rows.set_index("customer_id")["suppressed"].to_dict() == {
        "C00": "",
        "C03": "not a person (staff card)",
        "C07": "no consent to be contacted",
        "C08": "solve the complaint first; contacted on 28 June 2026, within 14 days",
        "C09": "contacted on 29 June 2026, within 14 days",
        "C10": "",
    }


def test_whoever_waits_for_an_answer_gets_the_repair(company):
    made = action_list(candidates(["C08"], name="repair"), company=company, hold_out_share=0)
    assert row(made, "C08")["suppressed"] == ""


def test_a_card_set_aside_among_the_lines_is_no_person(company):
    company.tables["orders"].loc[2, "status"] = "walk_in"
    made = action_list(candidates(["C02"]), company=company)
    assert row(made, "C02")["suppressed"] == "not a person (walk-in card)"


@pytest.mark.parametrize("quiet, suppressed", [(2, True), (1, False), (0, False)])
def test_quiet_days_end_when_they_end(company, quiet, suppressed):
    # C09 was contacted on the 29th, one day before the report date.
    made = action_list(candidates(["C09"]), company=company, quiet_days=quiet, hold_out_share=0)
    assert bool(row(made, "C09")["suppressed"]) is suppressed


def test_what_is_not_known_is_unknown(tiny):
    company = tiny.company()
    del company.tables["customers"], company.tables["contacts"]
    made = action_list(candidates(["C07", "C08"]), company=company, hold_out_share=0)
    assert set(made.rows["consent"]) == set(made.rows["open_complaint"]) == {"unknown"}
    assert made.rows["last_contact_on"].isna().all()
    assert set(made.rows["suppressed"]) == {""}


@pytest.mark.parametrize("number, share, held", [(100, 0.2, 20), (7, 0.2, 1), (2, 0.2, 0), (10, 0, 0), (5, 0.5, 3)])
def test_the_hold_out_is_an_exact_share(company, number, share, held):
    made = action_list(candidates(ids(number)), company=company, hold_out_share=share)
    assert made.rows["hold_out"].sum() == held


def test_the_hold_out_is_drawn_in_each_list_alone(company):
    both = pd.concat([candidates(ids(50, "A")), candidates(ids(10, "B"), name="grow")])
    made = action_list(both, company=company, hold_out_share=0.2)
    assert made.rows.groupby("list")["hold_out"].sum().to_dict() == {"keep": 10, "grow": 2}


def test_suppressed_customers_are_not_in_the_hold_out(company):
    made = action_list(candidates(["C07", *ids(4)]), company=company, hold_out_share=0.5)
    assert not row(made, "C07")["hold_out"]
    assert made.rows["hold_out"].sum() == 2


def test_the_lot_does_not_look_at_the_order_of_rows(company):
    frame = candidates(ids(40), value=0)
    one = action_list(frame, company=company, seed=5)
    other = action_list(frame.sample(frac=1, random_state=3), company=company, seed=5)
    assert one.rows.equals(other.rows)


def test_another_seed_is_another_lot(company):
    frame = candidates(ids(40))
    held = [
        set(made.rows.loc[made.rows["hold_out"], "customer_id"])
        for made in (action_list(frame, company=company, seed=seed) for seed in (1, 2))
    ]
    assert held[0] != held[1]


def test_the_lot_is_fair():
    # Over many lists each of ten customers is held out about one time in five.
    from helpers.reports.actions import _lot

    names = ids(10)
    held = dict.fromkeys(names, 0)
    for seed in range(2000):
        for name in sorted(names, key=lambda name: _lot(seed, "keep", name))[:2]:
            held[name] += 1
    # Standard error: sqrt(2000 * .2 * .8) = 18; four of them.
    assert all(abs(count - 400) < 72 for count in held.values())


def test_a_customer_stands_on_the_first_list_that_fits(company):
    both = pd.concat([candidates(["C00", "C01"], name="grow"), candidates(["C01"], name="repair")])
    made = action_list(both, company=company, hold_out_share=0)
    assert made.rows.set_index("customer_id")["list"].to_dict() == {"C01": "repair", "C00": "grow"}
    assert made.repeats == 1


def test_the_priority_can_be_turned_round(company):
    both = pd.concat([candidates(["C01"], name="grow"), candidates(["C01"], name="repair")])
    made = action_list(both, company=company, priority=("grow", "lift", "keep", "repair"))
    assert row(made, "C01")["list"] == "grow"


def test_those_to_contact_come_first_and_the_dearest_of_them_first(company):
    made = action_list(candidates(["C07", *ids(10)]), company=company, hold_out_share=0.3)
    turns = made.rows["hold_out"].astype(int) + 2 * made.rows["suppressed"].ne("").astype(int)
    assert turns.is_monotonic_increasing
    assert made.to_do["value_at_stake_minor"].is_monotonic_decreasing
    assert made.rows["rank"].tolist() == list(range(1, 12))


def test_counts_add_up(company):
    made = action_list(candidates([*ids(10), "C07"]), company=company, hold_out_share=0.2)
    keep = made.counts().set_index("list").loc["keep"]
    assert keep[["to_do", "hold_out", "suppressed"]].tolist() == [8, 2, 1]
    assert keep["value_at_stake_minor"] == made.to_do["value_at_stake_minor"].sum()


def test_the_table_says_why_people_are_left_alone(company):
    note = action_list(candidates(["C07", "C08", "C11"]), company=company).table().note
    assert "1 with an open complaint; 1 without consent" in note
    assert "Consent is unknown for 1 customer" in note


def test_nobody_to_contact_is_an_empty_list(company, tmp_path):
    made = action_list(candidates([]), company=company)
    made.save(tmp_path)
    assert made.counts()["to_do"].sum() == 0
    assert read_action_list(tmp_path / "monday.csv", code="CNY").empty


@pytest.mark.parametrize(
    "change, message",
    [
        ({"list": "drop"}, "list 'drop' is not known"),
        ({"action": "shout"}, "action 'shout' is not known"),
        ({"value_at_stake_minor": None}, "must be known"),
    ],
)
def test_a_faulty_notebook_is_told(company, change, message):
    with pytest.raises(ValueError, match=message):
        action_list(candidates(["C00"]).assign(**change), company=company)


def saved(company, folder, frame=None):
    made = action_list(candidates(["=1+1", "007", *ids(8)]) if frame is None else frame, company=company)
    made.save(folder)
    return made


def test_the_files_are_the_lists_and_all_together(company, tmp_path):
    saved(company, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [f"{name}.csv" for name in LISTS] + ["monday.csv", "monday.xlsx"]
    )


def test_a_list_comes_back_as_it_was(company, tmp_path):
    made = saved(company, tmp_path)
    pd.testing.assert_frame_equal(read_action_list(tmp_path / "monday.csv", code="CNY"), made.rows)


def test_no_cell_of_the_csv_is_a_formula(company, tmp_path):
    saved(company, tmp_path, candidates(["C00"]).assign(reason="=HYPERLINK(1)", evidence="@SUM(1)"))
    text = (tmp_path / "monday.csv").read_text(encoding="utf-8-sig")
    assert ",'=HYPERLINK(1),'@SUM(1)," in text


def test_the_csv_has_the_columns_of_the_format(company, tmp_path):
    saved(company, tmp_path)
    text = (tmp_path / "keep.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].split(",") == [
        "rank", "customer_id", "list", "action", "reason", "evidence", "value_at_stake", "consent",
        "last_contact_on", "open_complaint", "hold_out", "suppressed",
    ]  # fmt: skip


def test_the_simulator_reads_the_same_file(company, tmp_path):
    from helpers.simulate.actions import read_actions
    from helpers.simulate.responses import ACTIONS as ANSWERED

    made = saved(company, tmp_path)
    known = dict.fromkeys(made.rows["customer_id"], "person")
    read = read_actions(tmp_path / "monday.csv", known=known)
    assert set(read) == set(zip(made.to_do["customer_id"], made.to_do["action"], strict=True))
    assert set(ACTIONS) <= set(ANSWERED) | {"none"}


def test_the_spreadsheet_has_numbers_text_and_no_formula(company, tmp_path):
    from python_calamine import CalamineWorkbook

    saved(company, tmp_path)
    first, *rows = CalamineWorkbook.from_path(tmp_path / "monday.xlsx").get_sheet_by_name("Monday list").to_python()
    assert first[1:7] == ["customer_id", "list", "action", "reason", "evidence", "value_at_stake (CNY)"]
    by_id = {row[1]: row for row in rows}
    assert {"007", "=1+1"} <= set(by_id)
    assert by_id["007"][6] == 20.0
    with zipfile.ZipFile(tmp_path / "monday.xlsx") as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "/worksheets/" in name]
    assert not any("<f>" in sheet for sheet in sheets)


def test_the_files_have_the_same_bytes_each_time(company, tmp_path):
    for name in ("a", "b"):
        saved(company, tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def edited(folder, old, new):
    path = folder / "monday.csv"
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    return path


def test_a_list_that_excel_saved_is_read(company, tmp_path):
    made = saved(company, tmp_path, candidates(["C09", "C00"], value=100_000_000))
    path = edited(tmp_path, "2026-06-29", "2026/6/29")
    edited(tmp_path, "1000000.00", '"1,000,000.00"')
    read = read_action_list(path, code="CNY")
    assert read["last_contact_on"].equals(made.rows["last_contact_on"])
    assert read["value_at_stake_minor"].equals(made.rows["value_at_stake_minor"])


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("hold_out", "hold", "has no column 'hold_out'"),
        ("X001", "X000", "customer 'X000' stands there more than once"),
        (",keep,", ",hold,", f"row 2: list is 'hold'. Use {words.listing(LISTS)}"),
        (",call,", ",ring,", "row 2: action is 'ring'"),
    ],
)
def test_a_list_that_somebody_broke_is_refused_with_the_reason(company, tmp_path, old, new, message):
    saved(company, tmp_path)
    with pytest.raises(DataError, match=message):
        read_action_list(edited(tmp_path, old, new), code="CNY")


def test_lists_of_two_lessons_have_each_customer_once(company):
    first = action_list(candidates(["C00", "C01"], name="grow"), company=company).rows
    second = action_list(candidates(["C01", "C02"], name="keep"), company=company).rows
    both = together([first, second], company=company).rows
    assert both[["customer_id", "list", "rank"]].values.tolist() == [
        ["C02", "keep", 1],
        ["C01", "keep", 2],
        ["C00", "grow", 1],
    ]


def test_every_column_is_explained():
    assert all(COLUMNS.values())
