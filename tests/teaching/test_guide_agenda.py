"""Agendas, by hand: where breaks fall, what fits, what comes before what."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.teaching.guide_agenda import (
    Day,
    DoesNotFit,
    add_what_fits,
    choose,
    in_weeks,
    last_week,
    lay_out,
    lay_out_days,
    week,
    with_prerequisites,
)
from helpers.teaching.guide_parts import Part

DAY = Day(start=540, end=1020, stretch=90, pause=15, lunch=60, lunch_from=700, lunch_until=780, grace=25)


def parts(*minutes, lesson="01"):
    return [Part(f"{lesson}.{place}", each, lesson) for place, each in enumerate(minutes)]


def times(slots):
    return [(slot.start, slot.end, slot.kind) for slot in slots]


def test_a_break_comes_before_the_part_that_would_be_too_much():
    # 9:00 + 50 + 40 = 90 minutes of sitting; the next part waits for a break of 15.
    assert times(lay_out(parts(50, 40, 60), DAY)) == [(540, 630, "work"), (630, 645, "pause"), (645, 705, "work")]


def test_lunch_comes_where_the_next_part_would_run_past_its_latest_time():
    # 9:00-10:30, break, 10:45-12:15, then 60 minutes would end at 13:15, later than 13:00.
    assert times(lay_out(parts(90, 90, 60), DAY)) == [
        (540, 630, "work"),
        (630, 645, "pause"),
        (645, 735, "work"),
        (735, 795, "lunch"),
        (795, 855, "work"),
    ]


def test_there_is_one_lunch_only():
    kinds = [slot.kind for slot in lay_out(parts(*[30] * 11), DAY)]
    assert kinds.count("lunch") == 1
    assert kinds.count("pause") == 2


def test_no_break_for_the_last_few_minutes():
    # 90 minutes are over, 20 are left, and 20 is within the grace of 25.
    assert times(lay_out(parts(90, 20), DAY)) == [(540, 650, "work")]
    assert [slot.kind for slot in lay_out(parts(90, 26), DAY)] == ["work", "pause", "work"]


def test_neighbours_of_a_lesson_share_a_slot_and_cases_do_not():
    case = Part("Case C01", 10, "01-cases", case="C01")
    slots = lay_out([*parts(10, 10), *parts(10, lesson="02"), case, Part("Close", 5)], DAY)
    assert [len(slot.parts) for slot in slots] == [2, 1, 1, 1]


def test_what_needs_more_than_the_day_is_refused():
    # 8 hours less one lunch and at least three breaks.
    with pytest.raises(DoesNotFit, match="more than the day has"):
        lay_out(parts(*[60] * 8), DAY)


@given(st.lists(st.integers(0, 25), max_size=16))
def test_slots_add_up_and_stay_within_the_day(minutes):
    slots = lay_out(parts(*minutes), DAY)
    assert sum(slot.minutes for slot in slots if slot.kind == "work") == sum(minutes)
    assert [one for slot in slots for one in slot.parts] == parts(*minutes)
    assert all(before.end == after.start for before, after in zip(slots, slots[1:], strict=False))
    assert all(slot.end <= DAY.end for slot in slots)


def test_days_follow_each_other_and_what_closes_stands_last():
    first, second = lay_out_days(parts(*[30] * 14), DAY, days=2, closing=[Part("Close", 10)])
    assert len(first.parts) + len(second.parts) == 15
    assert second.parts[-1].title == "Close"
    assert [one.title for one in first.parts] == [f"01.{place}" for place in range(len(first.parts))]


def test_a_lesson_that_hardly_began_waits_for_the_next_day():
    # 360 minutes of the first lesson fill the day but for 20 minutes: lesson 02 would be cut after them.
    first, second = lay_out_days([*parts(*[30] * 12), *parts(20, 30, 30, lesson="02")], DAY, days=2)
    assert {one.lesson for one in first.parts} == {"01"}
    assert {one.lesson for one in second.parts} == {"02"}


def test_more_than_the_days_hold_is_refused():
    with pytest.raises(DoesNotFit, match="left over after 2 days"):
        lay_out_days(parts(*[60] * 15), DAY, days=2)


BEFORE = {"00": [], "01": ["00"], "02": ["00"], "03": ["01", "02"], "04": ["00", "09"]}


def test_prerequisites_are_followed_to_the_beginning():
    assert with_prerequisites("03", BEFORE) == {"00", "01", "02", "03"}
    assert with_prerequisites("04", BEFORE) == {"00", "04"}  # 09 does not exist
    assert with_prerequisites("09", BEFORE) == set()


def test_the_wanted_come_first_and_bring_what_they_build_on():
    # Three lessons fit. 03 needs four, so it is passed over; 02 comes with 00, then 01.
    assert choose(["03", "02"], BEFORE, lambda ids: len(ids) <= 3) == ["00", "01", "02"]
    assert choose(["03"], BEFORE, lambda ids: len(ids) <= 4) == ["00", "01", "02", "03"]
    assert choose(["08", "01"], BEFORE, lambda ids: len(ids) <= 2) == ["00", "01"]


def test_extra_parts_are_added_in_the_order_of_wishes_and_stand_in_that_of_the_course():
    every = parts(10, 10, 10, 10)
    order = {(one.lesson, one.title): place for place, one in enumerate(every)}
    chosen = add_what_fits(every[:1], [every[3], every[2], every[1]], order, lambda some: len(some) <= 3)
    assert chosen == [every[0], every[2], every[3]]


def brute_force(minutes, topics, weeks, split):
    """Every way of cutting, without any cleverness."""
    costs = {}
    for cuts in combinations(range(1, len(minutes)), weeks - 1):
        ends = [0, *cuts, len(minutes)]
        groups = list(zip(ends, ends[1:], strict=False))
        cost = sum(sum(minutes[a:b]) ** 2 for a, b in groups)
        cost += sum(split for cut in cuts if topics[cut - 1] == topics[cut])
        costs[tuple(b - a for a, b in groups)] = cost
    return costs


@given(st.lists(st.tuples(st.integers(1, 99), st.sampled_from("ab")), min_size=3, max_size=8), st.integers(1, 3))
def test_weeks_are_as_even_as_any_way_of_cutting(lessons, weeks):
    minutes, topics = [one[0] for one in lessons], [one[1] for one in lessons]
    sizes = in_weeks(minutes, topics, weeks, split=500)
    costs = brute_force(minutes, topics, weeks, 500)
    assert costs[tuple(sizes)] == min(costs.values())


def test_a_topic_stays_in_one_week_where_that_costs_little():
    # 80 | 80 80 and 80 80 | 80 are as even; only the second keeps topic a together.
    assert in_weeks([80, 80, 80], ["a", "a", "b"], 2) == [2, 1]


def test_more_weeks_than_lessons_leave_no_week_empty():
    assert in_weeks([80, 80], ["a", "b"], 8) == [1, 1]


SHORT = Day(start=540, end=600, stretch=60, pause=10, lunch=0, grace=0)


def test_what_has_no_place_in_a_session_is_done_at_home():
    case = Part("Case C01", 30, "01-cases", case="C01")
    large = Part("Case C02", 99, "01-cases", case="C02")
    # 60 minutes less 10 and 5 hold the first two parts of 20.
    found = week([Part("Back", 10)], parts(20, 20, 20), [Part("Next", 5)], [large, case], SHORT, at_home=50)
    assert [one.minutes for one in found.parts] == [10, 20, 20, 5]
    assert [one.title for one in found.homework] == ["01.2", "Case C01"]  # 20 + 99 is too much, 20 + 30 is not
    assert found.minutes_at_home == 50


def test_a_session_does_not_end_with_the_first_minutes_of_a_lesson():
    # 10 + 40 + 5 of 60 minutes: the 4 minutes with which lesson 02 begins would fit, and are not begun.
    found = week([Part("Back", 10)], [*parts(40), *parts(4, 30, lesson="02")], [Part("Next", 5)], [], SHORT, at_home=50)
    assert [one.lesson for one in found.parts] == ["", "01", ""]
    assert [one.minutes for one in found.homework] == [4, 30]


def test_the_last_week_leaves_nothing_for_afterwards():
    found = last_week([Part("Back", 10)], parts(20, 20, 20), [Part("Close", 5)], SHORT)
    assert [one.title for one in found.before] == ["01.0"]
    assert found.homework == ()
    assert [one.title for one in found.parts] == ["Back", "01.1", "01.2", "Close"]
