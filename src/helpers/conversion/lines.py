"""Lines of a sales talk, read by rules that anybody can follow: an opening, a close, and a truth test for every line.

The rules look for words. They do not understand a sentence and do not know whether it is true;
each reading names the words it found, or the kind of words it looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from helpers import words

FEWEST_WORDS = 10
"""Words of a text, below which it is not read: nothing can be missing from nothing."""

OPENING = {
    "who": "it says who is speaking, and for which firm",
    "tie": "it says what these two have to do with each other",
    "benefit": "it says what the other person gains, or does not lose",
    "way out": "it leaves the other person free, in words",
    "true": "no word in it needs a proof that is not given",
}
"""The parts of an opening: identity, tie and benefit of the source, a neutral expression, and the truth test."""

CLOSE = {
    "feedback": "it asks how this talk was, or admits what was missing",
    "benefit": "it says what the next contact brings",
    "opportunity": "it leaves a way to talk again, whatever is decided",
    "day": "what is promised has a day",
    "true": "no word in it needs a proof that is not given",
}
"""The parts of a close: feedback, benefit and opportunity of the source, a day, and the truth test."""

_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|tonight"
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAY = (
    rf"\b(?:{_DAYS})\b|\b\d{{1,2}} (?:{_MONTHS})\b|\b(?:{_MONTHS}) \d{{1,2}}\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b|\bin (?:one|two|three|four|five|\d+) days?\b"
    r"|周[一二三四五六日天]|星期[一二三四五六日天]|明天|今天|\d{1,2}月\d{1,2}日"
)
_WHO = r"\b(?:[Mm]y name is|[Tt]his is|I am|I'm) [A-Z][\w-]+|我是|我叫"
_FIRM = r"\b(?:from|of|at|with|for) (?:the )?[A-Z][\w-]+|公司|店"
_TIE = (
    r"\byou (?:had |have )?(?:asked|left|wrote|visited|came|bought|called|rang|told|gave|looked|were|said|mentioned|tried)\b|\byour (?:visit|question|note|call|message|card|number)\b"
    r"|\b(?:we|I) (?:met|spoke|talked)\b|\b(?:recommended|gave me your|sent me)\b|上次|您问过|介绍"
)
_BENEFIT = (
    r"\b(?:save[sd]?|less|lower|fewer|quieter|faster|shorter|longer|easier|avoid|without|instead of|cheaper than|so that you|you (?:will |would |can |could )?(?:know|see|get|try|keep|compare|choose|find))\b"
    r"|\b(?:gain|worth|free of)\b|省|少花|方便"
)
_WAY_OUT = (
    r"\b(?:no obligation|whether (?:or not )?you (?:buy|come|decide)|either way|(?:you )?need not|don't (?:need|have) to|do not (?:need|have) to|if not,?|if it (?:does not|doesn't) (?:suit|fit)"
    r"|just say|say so|up to you|nothing to buy|is (?:it|this|now) a bad (?:time|moment)|may I (?:ask|have|take)|would you rather|or not at all|even if you)\b|没关系|不买也|不合适"
)
_FEEDBACK = (
    r"\b(?:content|satisfied|happy|clear|useful|helpful|missing|unanswered)\b[^.!]*\?|\b(?:how was|did I (?:answer|forget|explain|show)|what did I (?:miss|forget|not (?:answer|show|explain))|what was missing|what is still open)\b"
    r"|\bI (?:could not|couldn't|did not|didn't|have not|haven't) (?:answer|show|explain|know|have|tell|say)\b|\b(?:I owe you|poorly|badly) (?:an answer|answered|explained|shown)\b|满意吗|没答好"
)
_NEXT = (
    r"\b(?:I|we)(?: will|'ll| shall)(?: \w+){0,2}? (?:bring|send|show|measure|look|find|ask|write|work out|call|ring|tell|compare|draw|check|have|lend|prepare|try)\b"
    r"|\bnext time\b|\bnext (?:week|visit|talk)\b|下次|会(?:给|带)"
)
_OPPORTUNITY = (
    r"\b(?:my (?:card|number|line|telephone|e-?mail)|call me|ring me|write to me|reach me|ask for me)\b|\d{3,}[\d -]{2,}|\b(?:even if|whatever you (?:decide|choose|buy)|whether or not you buy|also if you buy elsewhere)\b"
    r"|\b(?:may|shall|can) I (?:call|ring|write|come|send)\b|名片|电话"
)

WARNINGS = {
    r"\b(?:best|number one|no\. ?1|unbeatable|unique|perfect|cheapest|lowest price|revolutionary|unbelievable|miracle)\b": "a superlative: who measured it, against which others?",
    r"\b(?:guarantee[ds]?|100 ?%|never (?:fails?|breaks?)|always works?|no risk|risk-free|certain(?:ly)? (?:to|rises?))\b": "a certainty: what happens, in writing, if it does not come true?",
    r"\b(?:everybody|everyone|nobody|no one|all (?:our |the )?(?:customers|neighbours|experts))\b": "all or none: count them, and say how many of how many",
    r"\b(?:only today|today only|last (?:one|chance|piece)|ends tonight|now or never|somebody else (?:wants|is)|almost (?:gone|sold out))\b": "a hurry: it may be said if it is so tomorrow, too, when somebody checks",
    r"\b(?:you have (?:won|been (?:chosen|selected))|lucky winner|survey|study|not (?:a )?sales call|not selling anything)\b": "a disguise: say what you want before you ask",
    r"\b(?:your (?:child|baby|son|daughter|wife|husband|marriage|divorce|salary|income|debts?|illness|health|pregnancy))\b": "a private matter: may you know it, and did they tell you so that you use it for this?",
    r"\b(?:you would be (?:stupid|mad|crazy)|regret it|are you not|don't you (?:care|love)|a good (?:mother|father|son|daughter))\b": "pressure on the person",
    r"最好的|第一名|保证|绝对|最后一|仅限今天|人人都|稳赚": "a superlative, a certainty or a hurry: can it be shown?",
}
"""Words that need a proof, a reason or leave, with the question that each has to answer."""


@dataclass(frozen=True)
class Reading:
    """One part of a text.

    Attributes
    ----------
    part : str
    found : bool
    why : str
        The words it was found by; or what the rule looks for.
    """

    part: str
    found: bool
    why: str


def read_opening(text: object) -> list[Reading]:
    """The parts of an opening line, each with the words that decide; anything that is no text has none."""
    return _read(
        text,
        OPENING,
        {
            "who": lambda said: _both(said, _WHO, _FIRM, "*my name is* or *this is* with a name, and *from* or *of* with a firm"),
            "tie": lambda said: _one(said, _TIE, "*you asked*, *you left*, *your visit*, *we met*"),
            "benefit": lambda said: _one(said, _BENEFIT, "*less*, *quieter*, *without*, *so that you*, *you can compare*"),
            "way out": lambda said: _one(said, _WAY_OUT, "*if not*, *whether or not you buy*, *need not*, *is this a bad moment*"),
        },
    )


def read_close(text: object) -> list[Reading]:
    """The parts of a close, each with the words that decide; anything that is no text has none."""
    return _read(
        text,
        CLOSE,
        {
            "feedback": lambda said: _one(said, _FEEDBACK, "a question such as *what was missing?*, or *I could not answer*"),
            "benefit": lambda said: _one(said, _NEXT, "*I will* with something that is done: bring, send, show, measure, find"),
            "opportunity": lambda said: _one(said, _OPPORTUNITY, "*my number*, *call me*, *may I call*, *whatever you decide*"),
            # "What did I forget today?" names a day and promises nothing: questions are left out.
            "day": lambda said: _one(re.sub(r"[^.!?。？]*[?？]", " ", said), _DAY, "a day: *Thursday*, *tomorrow*, *3 June*"),
        },
    )


def opening(text: object) -> list[str] | object:
    """The parts of an opening that were found; a blank stays a blank."""
    return _found(text, read_opening)


def close(text: object) -> list[str] | object:
    """The parts of a close that were found; a blank stays a blank."""
    return _found(text, read_close)


def warnings(text: str) -> list[tuple[str, str]]:
    """The words of a line that do not pass the truth test by themselves, each with the question it has to answer.

    Returns
    -------
    list of (words, question), in the order of the text
    """
    said = _straight(text)
    found = [(match.start(), " ".join(match.group(0).split()), why) for pattern, why in WARNINGS.items() for match in re.finditer(pattern, said, flags=re.I)]
    return [(quoted, why) for _, quoted, why in sorted(found)]


class Checked:
    """A text with what was found in it, to be shown.

    Parameters
    ----------
    readings : list of Reading
    """

    def __init__(self, readings: list[Reading]) -> None:
        self.readings = readings

    @property
    def missing(self) -> list[str]:
        return [one.part for one in self.readings if not one.found]

    def _repr_markdown_(self) -> str:
        lines = [f"- **{one.part}**: {'found' if one.found else 'not found'}. {one.why}" for one in self.readings]
        end = (
            "All are there. The rules cannot know whether it is true, and they hear no tone: read it aloud to somebody."
            if not self.missing
            else "The rules look for words. If your line says the same in other words, the rule is wrong, and your line may be right."
        )
        return "\n".join(lines) + f"\n\n{end}"

    def __repr__(self) -> str:
        return self._repr_markdown_()


def _found(text: object, reader: Callable[[object], list[Reading]]) -> list[str] | object:
    if text is ... or text is None or text == "":
        return ...
    return [one.part for one in reader(text) if one.found]


def _read(text: object, parts: dict[str, str], rules: dict[str, Callable[[str], tuple[bool, str]]]) -> list[Reading]:
    if type(text) is not str or _count(text) < FEWEST_WORDS:
        return [Reading(part, False, f"There is no text of {FEWEST_WORDS} words or more to read.") for part in parts]
    said = _straight(text)
    return [Reading(part, *(rules[part](said) if part in rules else _true(said))) for part in parts]


def _one(said: str, pattern: str, looks_for: str) -> tuple[bool, str]:
    match = re.search(pattern, said, flags=re.I)
    return (True, f"By “{_quoted(match)}”.") if match else (False, f"The rule looks for {looks_for}.")


def _both(said: str, first: str, second: str, looks_for: str) -> tuple[bool, str]:
    # With capitals: "I am from" is no name.
    one, other = re.search(first, said), re.search(second, said)
    return (True, f"By “{_quoted(one)}” and “{_quoted(other)}”.") if one and other else (False, f"The rule looks for {looks_for}.")


def _true(said: str) -> tuple[bool, str]:
    found = warnings(said)
    if not found:
        return True, f"None of the {len(WARNINGS)} kinds of words was found that need a proof."
    return False, " ".join(f"“{words.plain(quoted)}” is {why.rstrip('.?')}{'?' if why.endswith('?') else '.'}" for quoted, why in found)


def _straight(text: str) -> str:
    return text.replace("’", "'").replace("–", "-")


def _quoted(match: re.Match[str]) -> str:
    return words.plain(" ".join(match.group(0).split()))


def _count(text: str) -> int:
    """Words of a text; in Chinese, two characters count as a word."""
    return len(re.findall(r"[A-Za-z0-9'’-]+", text)) + len(re.findall(r"[\u4e00-\u9fff]", text)) // 2
