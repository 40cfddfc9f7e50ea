"""Cards to be sorted into piles: an exercise without any code.

    @sorting(
        "0b.1",
        minutes=4,
        piles={"durable": "Durable goods", "daily": "Daily goods"},
        cards={
            "fridge": Card("A fridge", "durable", "It is used for years.", {"daily": "It is used daily, and bought once in ten years."}),
            "salt": Card("Salt", "daily", "It is bought often and with little thought."),
        },
        covers=["S08"],
    )
    def product_classes():
        '''Which class does each product belong to?'''

In the notebook `lesson.sort("0b.1")` shows it. Putting things in order is
sorting too: the piles are first, second, third ...
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from helpers import words
from helpers.teaching import marks, widgets
from helpers.teaching.answers import CannotRead
from helpers.teaching.boxes import Box
from helpers.teaching.exercises import CORRECT, NOT_YET, Card, Exercise, Outcome, exercise

MOST_WORDS_ON_CARDS = 2  # how many wrong cards are spoken about at a time


def sorting(
    id: str,
    *,
    minutes: float,
    piles: Mapping[str, str],
    cards: Mapping[str, Card],
    hints: Sequence[str] = (),
    covers: Sequence[str] = (),
    means: str = "",
) -> Callable[[Callable[[], None]], Exercise]:
    """Make an exercise of cards and piles; the function below it has the question as its docstring.

    Parameters
    ----------
    id, minutes, hints, covers, means
        As for `exercise`.
    piles : dict of key to text
        In the order in which they are offered.
    cards : dict of key to Card

    Raises
    ------
    ValueError
        If a card belongs to no pile, or fewer than two cards say what tempts people to put them elsewhere.
    """
    strange = [key for key, card in cards.items() if {card.pile, *card.tempting} - set(piles)]
    if strange:
        raise ValueError(f"Exercise {id}: the card {strange[0]!r} names a pile that there is not. Piles: {', '.join(piles)}.")
    if sum(bool(card.tempting) for card in cards.values()) < 2:
        raise ValueError(f"Exercise {id}: at least two cards need a word for the pile that people put them in by mistake.")

    def make(function: Callable[[], None]) -> Exercise:
        def right() -> dict[str, str]:
            return {key: card.pile for key, card in cards.items()}

        right.__name__, right.__doc__ = function.__name__, function.__doc__
        made = exercise(id, minutes=minutes, kind="sort", hints=hints, covers=covers, means=means)(right)
        made.piles, made.cards = dict(piles), dict(cards)
        return made

    return make


def check_sorting(one: Exercise, answer: Any) -> Outcome:
    """Mark a dict of card to pile; cards and piles may be given by key or by their text.

    Raises
    ------
    CannotRead
        If it is no such dict. The message is for the learner.
    """
    given = _read(one, answer)
    wrong = [key for key, card in one.cards.items() if given.get(key) != card.pile]
    if not wrong:
        return Outcome(CORRECT, one.means, same_form=True)
    right = len(one.cards) - len(wrong)
    laid = [key for key in wrong if key in given]
    said = [f"**{one.cards[key].text}**: {one.cards[key].tempting[given[key]]}" for key in laid if given[key] in one.cards[key].tempting]
    # Those with a word of their own first; then the others, by name alone.
    others = [f"**{one.cards[key].text}**: look at it again." for key in laid if given[key] not in one.cards[key].tempting]
    lines = [f"- {line}" for line in (said + others)[:MOST_WORDS_ON_CARDS]]
    still = len(wrong) - len(laid)
    open_ones = f" {words.count(still, 'card')} not sorted yet." if still else ""
    text = f"{right} of {words.count(len(one.cards), 'card')} lie right.{open_ones}"
    return Outcome(NOT_YET, "\n\n".join(filter(None, [text, "\n".join(lines)])))


def _read(one: Exercise, answer: Any) -> dict[str, str]:
    """The answer by keys."""
    if type(answer) is not dict:
        raise CannotRead('Cards and their piles are expected, such as `{"' + next(iter(one.cards)) + '": "' + next(iter(one.piles)) + '"}`.')
    cards = {_plain(text): key for key, card in one.cards.items() for text in (key, card.text)}
    piles = {_plain(text): key for key, pile in one.piles.items() for text in (key, pile)}
    given = {}
    for name, pile in answer.items():
        if type(name) is not str or _plain(name) not in cards:
            raise CannotRead(f"There is a card that is none of these: {', '.join(one.cards)}.")
        if pile is None or pile is ...:
            continue
        if type(pile) is not str or _plain(pile) not in piles:
            raise CannotRead(f"The card `{cards[_plain(name)]}` lies on none of the piles: {', '.join(one.piles)}.")
        given[cards[_plain(name)]] = piles[_plain(pile)]
    return given


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def solved(one: Exercise) -> str:
    """Every card with its pile and why, in Markdown."""
    lines = []
    for pile, name in one.piles.items():
        lines += [f"- **{card.text}**: {name}. {card.why}".rstrip() for card in one.cards.values() if card.pile == pile]
    return "\n".join(lines)


class Sorting(widgets.WithTwin):
    """Cards and piles on the screen.

    Parameters
    ----------
    one : Exercise
        Of the kind "sort".
    check : function of a dict
        Marks and records: `lesson.check` of the exercise.
    """

    def __init__(self, one: Exercise, check: Callable[[dict[str, str]], Outcome]) -> None:
        self.one, self._check = one, check

    @property
    def _task(self) -> str:
        return " ".join(self.one.task.split()) or f"Exercise {self.one.id}"

    def html(self) -> str:
        piles = "".join(f"<li>{marks.inline_html(pile)}</li>" for pile in self.one.piles.values())
        rows = "".join(
            f'<tr><td style="text-align:left;padding:.3em 1em .3em 0;border-bottom:1px solid #e4e7eb">{marks.inline_html(card.text)}</td>'
            f'<td style="border-bottom:1px solid #e4e7eb;min-width:11em;color:#52606d">{"_" * 14}</td></tr>'
            for card in self.one.cards.values()
        )
        return (
            f'<div class="wb-sorting" style="max-width:46em;line-height:1.5;break-inside:avoid"><p><strong>{marks.inline_html(self._task)}'
            f'</strong></p><ul style="margin:.2em 0 .6em">{piles}</ul><table style="border-collapse:collapse">{rows}</table></div>'
        )

    def plain(self) -> str:
        piles = " | ".join(marks.to_plain(pile) for pile in self.one.piles.values())
        cards = [f"  ____  {marks.to_plain(card.text)}" for card in self.one.cards.values()]
        return "\n".join([marks.to_plain(self._task), f"Piles: {piles}", *cards])

    def widget(self) -> Any:
        import ipywidgets

        options = [("choose ...", ""), *((marks.to_plain(pile), key) for key, pile in self.one.piles.items())]
        lists, rows = {}, []
        for key, card in self.one.cards.items():
            chosen = ipywidgets.Dropdown(options=options, value="", layout={"width": "16em"})
            lists[key] = widgets.named(chosen, marks.to_plain(card.text))
            name = ipywidgets.HTML(f'<div style="line-height:1.4;padding:.25em 0">{marks.inline_html(card.text)}</div>', layout={"width": "26em"})
            rows.append(ipywidgets.HBox([name, lists[key]], layout={"align_items": "center", "flex_flow": "row wrap"}))
        said = widgets.words_of()

        def pressed() -> None:
            laid = {key: chosen.value for key, chosen in lists.items() if chosen.value}
            if not laid:
                box: Any = Box("quiet", "Nothing sorted yet.", "Choose a pile for each card: with the mouse, or with Tab and the arrow keys.")
            else:
                box = self._check(laid)
            said.value = widgets.spoken(box._repr_mimebundle_()["text/html"])

        head = widgets.words_of(f"<p style='margin:.4em 0 .3em'><strong>{html.escape(marks.to_plain(self._task))}</strong></p>")
        return widgets.group(head, *rows, widgets.button("Check my sorting", pressed), said, first=True)
