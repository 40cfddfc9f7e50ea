"""A reply to a customer who is angry, read for five ingredients by rules that anybody can follow.

The rules look for words. They do not understand a sentence, and they say so:
each reading names the words it found, or the kind of words it looked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from helpers import words

FEWEST_WORDS = 12
"""Words of a reply, below which it is not read: nothing can be missing from nothing."""

INGREDIENTS = {
    "apology": "it says sorry, without an *if*",
    "owner": "one person stands behind it and can be reached",
    "date": "it names a day or an hour",
    "next step": "it says what *we* do next",
    "no blame": "it blames nobody: not the customer, not a partner",
}
"""The five ingredients, with what each means."""

_SORRY = r"\b(?:sorry|apolog(?:y|ise|ize|ies|ising|izing)|our (?:mistake|fault))\b|抱歉|对不起|道歉"
_HALF_SORRY = r"\b(?:sorry|apologi[sz]e|apologies|apology)\b[^.!?\n]{0,30}?\b(?:if|that you feel|you feel|any inconvenience)\b|\b(?:no|not|nothing to|cannot|can't|unable to|refuse to)\b[^.!?\n]{0,20}\b(?:sorry|apologi[sz]e|apology)\b"
_PERSON = r"\b[Mm]y name is\b|\bI(?:'ll|'m| am| will| shall| have| take| own| answer)?\b|我"
_REACH = r"\b(?:my (?:own |direct )?(?:number|line|telephone|extension|e-?mail)|reach me|call me|ring me|write to me|ask for me)\b|[\w.]+@[\w.]+|\d{3,}[\d -]{2,}"
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|tonight"
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DATE = (
    rf"\b(?:{_DAYS})\b|\b\d{{1,2}} (?:{_MONTHS})\b|\b(?:{_MONTHS}) \d{{1,2}}\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b"
    r"|\b(?:within|in) (?:\d+|one|two|three|four|five|twenty-four|24|48) (?:hours?|days?)\b"
    r"|\b(?:by|before|at|until) \d{1,2}(?::\d{2}| ?(?:am|pm|o'clock))|周[一二三四五六日天]|星期[一二三四五六日天]|明天|今天|\d{1,2}月\d{1,2}日"
)
_ACTS = (
    "call|ring|phone|telephone|come|visit|bring|send|replace|repair|mend|fix|exchange|refund|pay|return|collect|fetch|deliver|install|"
    "check|look|find|write|report|stay|make|arrange|book|see to|take care"
)
_STEP = rf"\b(?:I|[Ww]e|[A-Z][a-z]+ [A-Z][a-z]+)(?: will|'ll| shall)(?: \w+){{0,2}}? (?:{_ACTS})\b|(?:我|我们)(?:会|将)"
_BLAME = {
    r"\byou (?:should|could|ought to|must) (?:not )?have\b": "it tells the customer what they should have done",
    r"\b(?:you|customer) (?:did not|didn't|failed|forgot|neglected|broke|damaged|misused|ignored)\b": "it says what the customer did wrong",
    r"\b(?:your|the user's|user) (?:own )?(?:fault|mistake|error|misuse|negligence|carelessness)\b|\buser error\b": "it calls it the customer's fault",
    r"\b(?:caused by (?:you|the customer)|improper (?:use|handling))\b": "it calls it the customer's fault",
    r"\b(?:not our|isn't our|none of our) (?:product|responsibility|fault|problem|business|department|job|make)\b": "it says that we have nothing to do with it",
    r"\b(?:partner|installer|courier|supplier|manufacturer|service point|factory|shop|store|contractor|colleagues?|department)(?:'s)? "
    r"(?:fault|mistake|is responsible|are responsible|was responsible|is to blame|made|failed|did not|didn't|caused)\b": "it passes the blame to somebody else",
    r"\b(?:contact|ask|turn to|go to|speak to|address)(?: \w+){0,2} (?:partner|installer|courier|supplier|manufacturer|service point|factory|department)\b": "it sends the customer elsewhere",
    r"\b(?:according to our (?:records|terms|policy|rules)|against (?:our|the) (?:policy|rules))\b": "it hides behind a rule",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """One ingredient of a reply.

    Attributes
    ----------
    ingredient : str
        A key of `INGREDIENTS`.
    found : bool
    why : str
        The words it was found by; or what is missing, with what the rule looks for.
    """

    ingredient: str
    found: bool
    why: str


def read(reply: object) -> list[Reading]:
    """The five ingredients of a reply, each with the words that decide.

    Parameters
    ----------
    reply : str
        What would be sent. Anything else, and a text below `FEWEST_WORDS`, has no ingredient.
    """
    if type(reply) is not str or _count(reply) < FEWEST_WORDS:
        why = f"There is no reply of {FEWEST_WORDS} words or more to read."
        return [Reading(name, False, why) for name in INGREDIENTS]
    text = reply.replace("’", "'").replace("–", "-")
    return [_apology(text), _owner(text), _date(text), _step(text), _no_blame(text)]


def ingredients(reply: object) -> list[str] | object:
    """The names of the ingredients that were found; a blank stays a blank."""
    if reply is ... or reply is None:
        return reply
    return [one.ingredient for one in read(reply) if one.found]


class Checked:
    """A reply with what was found in it, to be shown.

    Attributes
    ----------
    readings : list of Reading
    """

    def __init__(self, reply: object) -> None:
        self.is_blank = reply is ... or reply is None
        self.readings = [] if self.is_blank else read(reply)

    @property
    def missing(self) -> list[str]:
        return [one.ingredient for one in self.readings if not one.found]

    def _repr_markdown_(self) -> str:
        if self.is_blank:
            return "Write your reply in the place of the three dots, between the quotation marks, then run the cell again."
        lines = [f"- **{one.ingredient}**: {'found' if one.found else 'not found'}. {one.why}" for one in self.readings]
        end = (
            "All five are there. The rules cannot hear a tone: read it aloud to somebody before you send it."
            if not self.missing
            else "The rules look for words. If yours says the same in other words, the rule is wrong, and your reply may be right."
        )
        return "\n".join(lines) + f"\n\n{end}"

    def __repr__(self) -> str:
        return self._repr_markdown_()


def table(reply: object) -> pd.DataFrame:
    """The readings as a table: `ingredient`, `found`, `why`."""
    return pd.DataFrame([vars(one) for one in read(reply)], columns=["ingredient", "found", "why"])


def _apology(text: str) -> Reading:
    half = re.search(_HALF_SORRY, text, flags=re.IGNORECASE)
    # A whole apology elsewhere in the text still counts.
    rest = re.sub(_HALF_SORRY, " ", text, flags=re.IGNORECASE)
    if whole := re.search(_SORRY, rest, flags=re.IGNORECASE):
        return Reading("apology", True, f"By the word “{_quoted(whole)}”.")
    if half:
        return Reading(
            "apology", False, f"“{_quoted(half)}” is half an apology: it doubts the trouble, or refuses. Say sorry for what happened."
        )
    return Reading("apology", False, "The rule looks for *sorry*, *apologise* or *our mistake*.")


def _owner(text: str) -> Reading:
    person = re.search(_PERSON, text)
    reach = re.search(_REACH, text, flags=re.IGNORECASE)
    if person and reach:
        return Reading("owner", True, f"By “{_quoted(person)}” and “{_quoted(reach)}”.")
    if person:
        return Reading(
            "owner",
            False,
            "Somebody says *I*, but the customer cannot reach them. The rule looks for *my number*, *call me*, digits or an address.",
        )
    return Reading(
        "owner",
        False,
        "Nobody says *I*. A department cannot be rung up: the rule looks for *I* or *my name is*, and for a way to reach that person.",
    )


def _date(text: str) -> Reading:
    # "may" is a month only with a day beside it; the pattern sees to that.
    if found := re.search(_DATE, text, flags=re.IGNORECASE):
        return Reading("date", True, f"By “{_quoted(found)}”.")
    soon = re.search(r"\b(?:soon(?:er|est)?|as soon as possible|shortly|in due course|promptly|immediately|at once)\b", text, flags=re.IGNORECASE)
    if soon:
        return Reading("date", False, f"“{_quoted(soon)}” is no date: nobody can wait for it. Name a day or an hour.")
    return Reading("date", False, "The rule looks for a day (*Thursday*, *tomorrow*, *3 June*), an hour (*by 17:00*) or *within two days*.")


def _step(text: str) -> Reading:
    if found := re.search(_STEP, text):
        return Reading("next step", True, f"By “{_quoted(found)}”.")
    asks = re.search(r"\b(?:please|kindly|you (?:can|may|need to|have to|must))\b", text, flags=re.IGNORECASE)
    if asks:
        return Reading(
            "next step", False, f"“{_quoted(asks)}” gives the customer something to do. The rule looks for *I will* or *we will*, and what."
        )
    return Reading(
        "next step", False, "The rule looks for *I will* or *we will* with something that is done: call, come, send, replace, refund."
    )


def _no_blame(text: str) -> Reading:
    for pattern, why in _BLAME.items():
        if found := re.search(pattern, text, flags=re.IGNORECASE):
            return Reading("no blame", False, f"“{_quoted(found)}”: {why}.")
    return Reading("no blame", True, f"None of the {len(_BLAME)} kinds of blame was found.")


def _quoted(found: re.Match[str]) -> str:
    return words.plain(" ".join(found.group(0).split()))


def _count(text: str) -> int:
    """Words of a text; in Chinese, two characters count as a word."""
    return len(re.findall(r"[A-Za-z0-9'’-]+", text)) + len(re.findall(r"[\u4e00-\u9fff]", text)) // 2
