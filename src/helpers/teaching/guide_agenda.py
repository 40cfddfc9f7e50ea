"""Agendas: what is taught when. Only arithmetic on parts with minutes; nothing here reads a file.

A day is laid out one part after the other. Before a part that would make
people sit for too long there is a break, and lunch at the first break after
its earliest time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from helpers.teaching.guide_parts import Part


class DoesNotFit(ValueError):
    """The parts do not fit into the time."""


@dataclass(frozen=True)
class Day:
    """The frame of a day or of a session, in minutes after midnight.

    Attributes
    ----------
    start, end : int
    stretch : int
        So long may people sit without a break.
    pause, lunch : int
        Minutes of a break and of lunch; 0 for a session without lunch.
    lunch_from, lunch_until : int
        When lunch may begin at the earliest and must begin at the latest.
    grace : int
        No break any more when so few minutes are left.
    """

    start: int = 9 * 60
    end: int = 17 * 60
    stretch: int = 90
    pause: int = 15
    lunch: int = 60
    lunch_from: int = 11 * 60 + 40
    lunch_until: int = 13 * 60
    grace: int = 25


SESSION = Day(end=11 * 60, stretch=65, pause=10, lunch=0)


@dataclass(frozen=True)
class Slot:
    """From when to when, and what is done.

    Attributes
    ----------
    start, end : int
        Minutes after midnight.
    kind : {"work", "pause", "lunch"}
    parts : tuple of Part
        For work: what is done, all of one lesson; empty for a break.
    """

    start: int
    end: int
    kind: str
    parts: tuple[Part, ...] = ()

    @property
    def minutes(self) -> int:
        return self.end - self.start


@dataclass(frozen=True)
class Session:
    """A day or a week: its slots, and what is done at home before and after it."""

    slots: tuple[Slot, ...]
    homework: tuple[Part, ...] = ()
    before: tuple[Part, ...] = ()

    @property
    def parts(self) -> list[Part]:
        return [part for slot in self.slots for part in slot.parts]

    @property
    def minutes_at_home(self) -> int:
        return sum(part.minutes for part in (*self.before, *self.homework))


@dataclass(frozen=True)
class Agenda:
    """A whole course.

    Attributes
    ----------
    title : str
    sessions : tuple of Session
    left_out : tuple of str
        Ids of the core frameworks that no part of it teaches.
    lessons_in_part, lessons_left_out : tuple of str
        Ids of the lessons of which a part is taught, or nothing.
    """

    title: str
    sessions: tuple[Session, ...]
    left_out: tuple[str, ...] = ()
    lessons_in_part: tuple[str, ...] = ()
    lessons_left_out: tuple[str, ...] = field(default=())

    @property
    def parts(self) -> list[Part]:
        """Everything, in the order in which it is done, homework included."""
        return [part for session in self.sessions for part in (*session.before, *session.parts, *session.homework)]


# ---------------------------------------------------------------- a day


def lay_out(parts: Sequence[Part], day: Day) -> tuple[Slot, ...]:
    """One day, from its start.

    Parameters
    ----------
    parts : sequence of Part
        In the order in which they are done. Neighbours of one lesson stand in
        one slot until the next break.

    Raises
    ------
    DoesNotFit
        If they need more time than the day has.
    """
    slots: list[Slot] = []
    clock, sat, had_lunch = day.start, 0, day.lunch == 0
    left = sum(part.minutes for part in parts)
    for part in parts:
        too_long = sat + part.minutes > day.stretch
        hungry = clock + part.minutes > day.lunch_until or (too_long and clock >= day.lunch_from)
        if sat and hungry and not had_lunch:
            slots.append(Slot(clock, clock + day.lunch, "lunch"))
            clock, sat, had_lunch = clock + day.lunch, 0, True
        elif sat and too_long and left > day.grace:
            slots.append(Slot(clock, clock + day.pause, "pause"))
            clock, sat = clock + day.pause, 0
        end = clock + part.minutes
        if slots and _goes_on(slots[-1], part):
            slots[-1] = Slot(slots[-1].start, end, "work", (*slots[-1].parts, part))
        else:
            slots.append(Slot(clock, end, "work", (part,)))
        clock, sat, left = end, sat + part.minutes, left - part.minutes
    if clock > day.end:
        raise DoesNotFit(f"The parts need {clock - day.end} minutes more than the day has.")
    return tuple(slots)


def _goes_on(slot: Slot, part: Part) -> bool:
    """Whether a part continues the lesson of a slot; every case stands alone."""
    if slot.kind != "work" or not part.lesson or part.case:
        return False
    return slot.parts[0].lesson == part.lesson and not slot.parts[0].case


def lay_out_days(parts: Sequence[Part], day: Day, *, days: int, closing: Sequence[Part] = ()) -> tuple[Session, ...]:
    """Several days, one part after the other; what closes the course stands at the end of the last day.

    A day ends where the next part no longer fits, and sooner where that
    keeps a lesson together that the next day can hold.

    Raises
    ------
    DoesNotFit
        If they need more days.
    """
    rest, sessions = list(parts), []
    for number in range(1, days + 1):
        last = number == days
        tail = list(closing) if last else []
        taken = len(rest)
        while taken and not _fits([*rest[:taken], *tail], day):
            taken -= 1
        if not last:
            taken = _at_a_seam(rest, taken, least=30)
        sessions.append(Session(lay_out([*rest[:taken], *tail], day)))
        rest = rest[taken:]
    if rest:
        raise DoesNotFit(f"{len(rest)} parts are left over after {days} days.")
    return tuple(sessions)


def _at_a_seam(parts: Sequence[Part], taken: int, *, least: int) -> int:
    """Go back to the beginning of a lesson that would be cut after so few minutes."""
    if not 0 < taken < len(parts) or parts[taken - 1].lesson != parts[taken].lesson or not parts[taken].lesson:
        return taken
    begin = next(place for place, part in enumerate(parts) if part.lesson == parts[taken].lesson)
    done = sum(part.minutes for part in parts[begin:taken])
    return begin if begin and done <= least else taken


def _fits(parts: Sequence[Part], day: Day) -> bool:
    try:
        lay_out(parts, day)
    except DoesNotFit:
        return False
    return True


# ---------------------------------------------------------------- what is chosen


def with_prerequisites(lesson: str, prerequisites: Mapping[str, Sequence[str]]) -> set[str]:
    """A lesson and all that comes before it, as far as it exists."""
    found, ask = set(), [lesson]
    while ask:
        one = ask.pop()
        if one not in found and one in prerequisites:
            found.add(one)
            ask += prerequisites[one]
    return found


def choose(
    wanted: Sequence[str], prerequisites: Mapping[str, Sequence[str]], fits: Callable[[list[str]], bool]
) -> list[str]:
    """As many lessons as fit, the first wanted first, none without what comes before it.

    Parameters
    ----------
    wanted : sequence of str
        Ids, the most important first. What is not there is passed over.
    prerequisites : dict
        Of each lesson that there is, in the order of the course.
    fits : function of a list of ids
        Whether these lessons fit together.

    Returns
    -------
    list of str
        In the order of the course.
    """
    chosen: set[str] = set()
    for lesson in [*wanted, *prerequisites]:
        tried = chosen | with_prerequisites(lesson, prerequisites)
        if tried != chosen and fits([one for one in prerequisites if one in tried]):
            chosen = tried
    return [one for one in prerequisites if one in chosen]


def add_what_fits(
    parts: Sequence[Part], extra: Sequence[Part], order: Mapping[tuple[str, str], int], fits: Callable[[list[Part]], bool]
) -> list[Part]:
    """Add parts while they fit, the first one first, each at its place in the course.

    Parameters
    ----------
    order : dict of (lesson, title) to int
        The place of every part in the course.
    """
    chosen = list(parts)
    for part in extra:
        tried = sorted([*chosen, part], key=lambda one: order[one.lesson, one.title])
        if fits(tried):
            chosen = tried
    return chosen


def in_weeks(minutes: Sequence[int], topics: Sequence[str], weeks: int, *, split: float = 900) -> list[int]:
    """Spread lessons over weeks in their order, as evenly as possible.

    Parameters
    ----------
    minutes, topics : sequences, one entry a lesson
    weeks : int
        At most as many as there are lessons.
    split : float
        What it costs when a topic goes on in the next week, in squared minutes.

    Returns
    -------
    list of int
        How many lessons each week has. Of all ways it has the least sum of squared minutes and splits.
    """
    n = len(minutes)
    weeks = min(weeks, n)
    before = [0]
    for value in minutes:
        before.append(before[-1] + value)
    best: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {(0, 0): (0.0, ())}
    for week in range(1, weeks + 1):
        for end in range(week, n + 1):
            ways = []
            for begin in range(week - 1, end):
                if (week - 1, begin) not in best:
                    continue
                cost, sizes = best[week - 1, begin]
                cut = split if begin and topics[begin - 1] == topics[begin] else 0.0
                ways.append((cost + (before[end] - before[begin]) ** 2 + cut, (*sizes, end - begin)))
            if ways:
                best[week, end] = min(ways)
    return list(best[weeks, n][1])


def week(
    opening: Sequence[Part], parts: Sequence[Part], closing: Sequence[Part], cases: Iterable[Part], day: Day, *, at_home: int
) -> Session:
    """A session and the homework after it: in class as far as the time goes, the rest at home, in the same order.

    Parameters
    ----------
    cases : iterable of Part
        Added to the homework, the first one first, while it stays within
        `at_home` minutes.
    """
    parts = list(parts)
    taken = len(parts)
    while taken and not _fits([*opening, *parts[:taken], *closing], day):
        taken -= 1
    taken = _at_a_seam(parts, taken, least=5)
    homework = parts[taken:]
    for case in cases:
        if sum(part.minutes for part in homework) + case.minutes <= at_home:
            homework.append(case)
    return Session(lay_out([*opening, *parts[:taken], *closing], day), tuple(homework))


def last_week(opening: Sequence[Part], parts: Sequence[Part], closing: Sequence[Part], day: Day) -> Session:
    """The last session: nothing is left for afterwards, so what has no place in class is done at home before it."""
    parts = list(parts)
    begin = 0
    while begin < len(parts) and not _fits([*opening, *parts[begin:], *closing], day):
        begin += 1
    return Session(lay_out([*opening, *parts[begin:], *closing], day), before=tuple(parts[:begin]))


def clock(minutes: int) -> str:
    """Minutes after midnight as a clock shows them.

    >>> clock(545)
    '09:05'
    """
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
