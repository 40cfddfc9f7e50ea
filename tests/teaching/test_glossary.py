"""The two tables of the course: words and frameworks."""

import csv
import re

import pytest

from helpers.errors import DataError
from helpers.places import SAMPLE
from helpers.teaching import term
from helpers.teaching.glossary import find, frameworks, glossary, words_met

# Part: (core, extra), as the plan of the course lists them.
PARTS = {
    "00a": ("S02 S03 S05 S17 S123 S124", "S11 S07"),
    "00b": ("S01 S08 S09 S10 S12 S14 S16 S23", "S04 S06 S13 S15 S18-S22 S24-S26"),
    "01a": ("S27 S29 S31 S32 S33 S35 S45 S46", "S30 S36 S48"),
    "01b": ("S28 S34 S37 S38 S41-S44", "S39 S40"),
    "02": ("S49-S51 S53-S55", "S52"),
    "03a": ("S56 S58 S60 S62 S64 S69 S70 S73", "S61"),
    "03b": ("S57 S63 S66 S67 S68", "S47 S65"),
    "04": ("S71 S72 S74", "S75 S76"),
    "05a": ("S59 S77-S79 S81 S84 S91", "S80"),
    "05b": ("S82 S83 S85 S87 S90 S92 S97", "S86 S88 S89 S93-S96 S98"),
    "06": ("S99 S101-S103 S105 S106 S108", "S100 S104 S107"),
    "07a": ("S109 S111-S113 S115", ""),
    "07b": ("S110 S114 S116-S120", ""),
    "08": ("S121 S125-S127", "S122"),
}


def spelled_out(text):
    ids = []
    for first, last in re.findall(r"S(\d+)(?:-S(\d+))?", text):
        ids += [f"S{number:02}" for number in range(int(first), int(last or first) + 1)]
    return ids


def test_every_framework_has_one_home_and_one_weight():
    assert list(frameworks()) == [f"S{number:02}" for number in range(1, 128)]
    assert all(one.name and one.chinese for one in frameworks().values())
    assert len({one.name for one in frameworks().values()}) == 127


@pytest.mark.parametrize("part", PARTS)
def test_each_part_has_its_core_and_its_extra(part):
    for weight, text in zip(("core", "extra"), PARTS[part], strict=True):
        there = [one.id for one in frameworks().values() if (one.home, one.weight) == (part, weight)]
        assert there == sorted(spelled_out(text), key=lambda id: int(id[1:]))


def test_no_part_has_more_than_eight_core_ideas():
    assert {one.home for one in frameworks().values()} == set(PARTS)
    assert max(len(spelled_out(core)) for core, _ in PARTS.values()) == 8


def test_the_glossary_is_whole():
    terms = glossary().values()
    assert len(terms) == 133
    assert {one.home for one in terms} <= set(PARTS)
    assert all(re.fullmatch(r"[a-z0-9-]+", one.id) for one in terms)
    assert all(re.search("[\u4e00-\u9fff]", one.chinese) for one in terms)
    assert all(one.definition.endswith(".") and len(one.definition.split()) <= 45 for one in terms)
    assert len({one.english.casefold() for one in terms}) == 133


@pytest.mark.parametrize("name", ["glossary.csv", "frameworks.csv"])
def test_the_tables_open_in_a_spreadsheet(name):
    raw = (SAMPLE / name).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "or a spreadsheet takes the Chinese for something else"
    assert b"\r" not in raw
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert len({len(row) for row in rows}) == 1
    # Only what computes it may be empty: not everything is computed.
    may_be_empty = rows[0].index("helper")
    assert not [cell for row in rows for place, cell in enumerate(row) if (not cell and place != may_be_empty) or cell != cell.strip() or cell[:1] in tuple("=+-@")]


@pytest.mark.parametrize(
    "word, id",
    [
        ("RFM", "rfm"),
        ("rfm", "rfm"),
        ("临界客户", "near-threshold-customer"),
        ("Near-threshold customer", "near-threshold-customer"),
        ("BZC", "bzc"),
        ("Most valuable customer", "mvc"),
        ("唤醒", "waking"),
        ("OLAP", "olap"),
    ],
)
def test_a_term_is_found_by_any_of_its_names(word, id):
    assert find(word).id == id


def test_a_name_that_stands_behind_several_terms_names_none():
    with pytest.raises(DataError, match="no term '4C'"):
        find("4C")


def test_a_term_that_is_not_there_gives_those_near_it():
    with pytest.raises(DataError, match=r"no term 'chrun'. Near it: .*Churn"):
        find("chrun")
    assert "Near it" in repr(term("chrun"))
    assert "data/glossary.csv lists all terms" in repr(term("<b>xyzxyz</b>"))
    assert "<b>" not in term("<b>xyzxyz</b>").html()


def test_a_term_shows_both_languages():
    shown = term("churn")
    assert repr(shown).startswith("Churn (客户流失) Customers leaving.")
    assert "客户流失" in shown._repr_mimebundle_()["text/html"]


def test_words_met_are_those_set_bold_or_shown():
    cells = [
        {"cell_type": "markdown", "source": "**Value classes**: **Most valuable customers** (MVC) and **churn**."},
        {"cell_type": "code", "source": 'term("RFM")'},
        {"cell_type": "code", "source": "x = '**brand**'"},
    ]
    assert [one.id for one in words_met({"cells": cells})] == ["churn", "mvc", "rfm"]
