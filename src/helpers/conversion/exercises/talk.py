"""The activities of lesson 05b: cards, two lines to write, two numbers and a decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from helpers import words
from helpers.conversion import lines
from helpers.conversion import talk as talks
from helpers.data.company import Company
from helpers.teaching import Card, Option, exercise, sorting

STILL_ON = 30
"""Seconds after which a call counts as still on."""


def inputs(company: Company | None = None, *, as_of: date | None = None, scene: str = "lantern") -> Mapping[str, Any]:
    """What the activities are worked out from, by name.

    Parameters
    ----------
    company, as_of
        Not used: all scenes of this lesson are invented.
    scene : str
        A key of `talk.SCENES`.

    Returns
    -------
    dict of str to a value
    """
    scenery = talks.SCENES[scene]
    return {"calls": talks.calls_of(scenery), "ledger": talks.ledger_of(scenery), "seconds": STILL_ON, "whose": "Ms Shen, repairs"}


# ---------------------------------------------------------------- steps and conducts


@sorting(
    "5b.1",
    minutes=3,
    covers=["S82"],
    piles={
        "accept": "Accepts you (接受)",
        "like": "Likes you (喜欢)",
        "trust": "Trusts you (信任)",
        "depend": "Depends on you (依赖)",
        "stay": "Cannot do without you (离不开)",
    },
    cards={
        "listens": Card("“All right, two minutes. What is it about?”", "accept", "The guard is down by a hand's breadth; more was not said."),
        "comes_in": Card(
            "He lets you measure the kitchen, and looks at his watch twice",
            "accept",
            "He puts up with you, politely.",
            {"trust": "He lets you in. Whether he believes what you say is not known yet."},
        ),
        "laughs": Card(
            "She tells of her holiday and asks about yours; the old oven stays",
            "like",
            "Pleasant, and no decision rests on it.",
            {"trust": "She likes the talk. Trust shows when something hangs on your word."},
        ),
        "tea": Card("He pours you tea and says: come by when you are near", "like", "You are welcome as a person."),
        "price": Card(
            "“You said the small one will do, so we take the small one”",
            "trust",
            "A decision rests on your word.",
            {"like": "There is no word of liking in it. She may not like you at all, and believes you."},
        ),
        "key": Card("She leaves you the key for the day of the installation", "trust", "Something hangs on it, and she is not there."),
        "asks_first": Card(
            "Before each change to her menu she asks what the ovens can do",
            "depend",
            "Her own work is built on your answers.",
            {"trust": "It is trust, and more: she plans by what you tell her, every time."},
        ),
        "tender": Card(
            "A cheaper offer comes, and the hotel says: without their service we would have to close for a week",
            "stay",
            "Leaving would cost more than it saves.",
        ),
    },
    hints=["Ask of each: what would happen if your word turned out to be wrong?"],
    means="Three steps lead up: put the guard down, be liked, be trusted. Only the third carries a decision. The last two are good for the customer only while leaving stays possible.",
)
def stages():
    """How far has the relationship come? Lay each sign with its stage."""


@sorting(
    "5b.2",
    minutes=3,
    covers=["S83"],
    piles={
        "details": "Attend to details (细节)",
        "behaviour": "Note behaviour (行为)",
        "help": "Help sincerely (真诚帮助)",
        "warm": "Keep warm (热情)",
        "around": "Note those around them (身边的人)",
    },
    cards={
        "spelling": Card("Lin writes the name as the customer writes it, with the rare character", "details", "A detail of theirs."),
        "stairs": Card("Lin has seen that the customer climbs the stairs slowly, and offers the seat first", "details", "A small thing, seen and used for them.",
            {"behaviour": "Also seen. Here it is a detail of the person, not how they go about buying."}),
        "returns": Card("The customer goes back to the induction hob for the third time; Lin notes it and asks", "behaviour", "What people do says more than what they say."),
        "phone": Card("He photographs the label and not the oven: he is comparing prices", "behaviour", "Behaviour, read as a question."),
        "rival": Card("“For two people the cheaper one of the other make will do”", "help", "It helps the customer and costs a sale.",
            {"warm": "It may be said drily. What makes it rare is that it helps against one's own purse."}),
        "leak": Card("Lin tightens the tap that drips beside the new machine, unasked", "help", "Help, without a bill."),
        "refused": Card("After the no, Lin thanks as kindly as before and holds the door", "warm", "Warmth that does not end with the sale."),
        "mother": Card("Lin explains the buttons to the mother, who will cook on it", "around", "She did not ask, and she will use it.",
            {"help": "It is help. The source's point is to see that there is somebody besides the buyer."}),
    },
    hints=["What did the seller look at: a detail, what the customer does, what they need, the mood, or somebody else in the room?"],
    means="All five, throughout: before the sale, at it, and after a no. That last one tells customers which of it was meant.",
)  # fmt: skip
def conducts():
    """Which of the five conducts does each show?"""


# ---------------------------------------------------------------- the first minute


@sorting(
    "5b.3",
    minutes=3,
    covers=["S85"],
    piles={
        "identity": "Identity: who I am (身份)",
        "tie": "Tie: who I am to you (关系)",
        "benefit": "Benefit: what you gain, or do not lose (利益)",
        "leave": "Better not said",
    },
    cards={
        "name": Card("“This is Lin Hui from Lantern Home, the kitchen shop on Canal Street”", "identity", "A name, a firm, a place that can be checked."),
        "licence": Card("“I fit gas hobs; my licence number is on the card”", "identity", "An authority that can be looked up."),
        "visit": Card("“You left your number at our cooking evening on Saturday”", "tie", "True, and the customer remembers it."),
        "neighbour": Card(
            "“Mr Tan from the second floor said that I may call you” (he did)",
            "tie",
            "Somebody both know, and who agreed.",
            {"leave": "If he agreed and you may use the number, it is a tie, and the strongest of all. If not, it is better not said."},
        ),
        "power": Card(
            "“The hob you looked at needs less power; I can tell you how much that is in your kitchen”",
            "benefit",
            "Something to gain, put so that it can be checked.",
        ),
        "pipe": Card("“Hoses of that year get brittle; it takes two minutes to look”", "benefit", "A loss avoided. It has to be true of that year."),
        "survey": Card(
            "“This is only a short survey” (it ends with an offer)",
            "leave",
            "A false label. It works once.",
            {"identity": "It says who one pretends to be. When the offer comes, all that was said before is worthless."},
        ),
        "secret": Card(
            "“There is something about your kitchen that I may not say on the telephone ...”",
            "leave",
            "Suspense made of nothing; the source recommends it, this course does not (honest note E2).",
            {"benefit": "What would they gain? Nothing has been said. It only makes them uneasy."},
        ),
    },
    hints=["Who are you? What have we to do with each other? What is in it for me? The fourth pile holds what is not true or not fair."],
    means="The other person asks three things within seconds: who, why me, what for. Answer them before they are asked, and truly.",
)
def answers_to_refusals():
    """What does each sentence tell the person who wants to hang up?"""


@exercise(
    "5b.4",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S85"],
    hints=[
        "First leave out the calls that nobody answered: `answered` is 0.",
        'In a spreadsheet: COUNTIF(seconds, ">30") over the sum of `answered`, times 100.',
    ],
    means="So many got as far as a talk at all. Nobody can say from it why the others hung up: that takes a note for each call.",
)
def still_on(calls, seconds):
    """Of 100 answered calls, how many lasted longer than 30 seconds?"""
    answered = calls[calls["answered"] == 1]
    return 100 * (answered["seconds"] > seconds).mean()


@still_on.mistake("That is of all numbers that were dialled. Nobody can hang up who did not pick up: divide by the answered calls.")
def _(calls, seconds):
    return 100 * (calls["seconds"] > seconds).mean()


@still_on.mistake("Those are the calls that were over by then. The question is how many were still on.")
def _(calls, seconds):
    answered = calls[calls["answered"] == 1]
    return 100 * (answered["seconds"] <= seconds).mean()


@still_on.mistake("That is the number of calls. The question is of 100 answered calls.")
def _(calls, seconds):
    return float((calls["seconds"] > seconds).sum())


# ---------------------------------------------------------------- neutral and true


@sorting(
    "5b.5",
    minutes=3,
    covers=["S87"],
    piles={
        "whether": "Whether you buy from me does not matter",
        "reference": "Take it as a reference, as one choice",
        "free": "It costs nothing and asks nothing",
        "friends": "No deal, and still friends",
        "pushes": "It pushes, or is not true",
    },
    cards={
        "either": Card("“You may well buy it elsewhere; I would like you to know what to look for”", "whether", "And then tell what to look for."),
        "list": Card("“Here are the three that fit your wall, two of them not ours”", "reference", "A reference is one only if others stand in it.",
            {"whether": "It comes near. It says more: here is something to compare with."}),
        "sheet": Card("“Keep the sheet, and lay it beside the other offers”", "reference", "One choice among several."),
        "evening": Card("“The cooking evening costs nothing; nobody will ask you to order” (nobody does)", "free", "No threshold, and it is kept.",
            {"pushes": "It would push if somebody took orders at the door. Here nobody does."}),
        "call": Card("“The measuring is free also if you decide against us” (it stands on the bill)", "free", "It can be checked."),
        "door": Card("“If it is not for you, that is all right. Ring me when something drips”", "friends", "The door stays open."),
        "hidden": Card("“It does not matter to me at all” (her bonus hangs on it)", "pushes", "A neutral sentence that is not true is a push with a smile.",
            {"whether": "Those are the words of the first neutral expression. They are not true here: the bonus hangs on it."}),
        "gift": Card("“The gift is free” (with a signature)", "pushes", "Free, with a string.",
            {"free": "It says *free*, and it is not: there is a signature for it."}),
    },
    hints=["Read what stands in brackets. Which of the four does it say, and is it so?"],
    means="Neutral words take the pressure out, and they work because they are true. Whoever uses them as a trick has to remember every customer who found out.",
)  # fmt: skip
def neutral_expressions():
    """Which neutral expression is it, and is it true?"""


@sorting(
    "5b.6",
    minutes=3,
    covers=["S87", "S85"],
    piles={
        "say": "May be said as it is",
        "prove": "Only with the proof beside it",
        "never": "Not to be said",
    },
    cards={
        "measured": Card("“Ours took 0.8 kWh for that roast; here is the meter”", "say", "A number, what it is of, and the meter."),
        "unsure": Card("“I do not know. I will ask and ring you on Thursday”", "say", "True, and followed by a day."),
        "no_fit": Card("“That one is too wide for your wall”", "say", "True, and against one's own sale."),
        "best": Card(
            "“It is the quietest in its class”",
            "prove",
            "Perhaps. Measured by whom, against which others?",
            {"say": "It may be so. A superlative is a claim on all others: lay the comparison beside it."},
        ),
        "hotels": Card("“Four of five hotels here cook with it”", "prove", "Then there is a list: how many hotels, which ones, and do they agree to be named?",
            {"say": "It has a number in it, which is not yet a proof. Of how many hotels?"}),
        "ends": Card("“The offer ends on Sunday”", "prove", "Fair, if it does. It is put in writing, and on Monday the price is the old one."),
        "exaggerate": Card("“You will never have to clean it again” (the source: *exaggerate in moderation*)", "never", "The customer will clean it in March, and remember who said so.",
            {"prove": "There is no proof for it. Moderate or not, it is not so."}),
        "owe": Card("“I got you this only because I like you; you will make it up to me”", "never", "A debt that nobody asked for."),
    },
    hints=["Three questions: Is it so? Could somebody check it today? Would I say it if the customer's lawyer sat beside them?"],
    means="A line passes if it is so, can be shown, and would be said the same way with a witness. *Moderate exaggeration* fails the first of the three.",
)  # fmt: skip
def truth_test():
    """May it be said?"""


def _mistake_without(one, parts, name, message):
    def without():
        return [part for part in parts if part != name]

    one.mistake(message)(without)


@exercise(
    "5b.7",
    minutes=5,
    covers=["S85", "S87"],
    any_order=True,
    hints=[
        "Five questions: Who speaks, for which firm? What have you two to do with each other? What do they gain? How do they get out? Is every word so?",
        "An example: “Good morning, Mr Ma, my name is Lin Hui from Lantern Home. You asked on Saturday which hob is quieter, and I have measured three so that you can "
        "compare. Is this a bad moment? You need not decide anything.”",
    ],
    means="Who, why you, what for, and a way out: that is an opening. What the rules cannot know is whether it is true.",
)
def parts_of_the_opening():
    """All five parts of an opening, as the rules find them: who, tie, benefit, way out, true."""
    return list(lines.OPENING)


_mistake_without(parts_of_the_opening, lines.OPENING, "who", "Everything but *who*: say your name and your firm. A stranger is hung up on.")
_mistake_without(parts_of_the_opening, lines.OPENING, "tie", "Everything but the *tie*: why do you call this person? Say what they asked, left or told you.")
_mistake_without(parts_of_the_opening, lines.OPENING, "benefit", "Everything but the *benefit*: what do they gain, or not lose, by listening?")
_mistake_without(parts_of_the_opening, lines.OPENING, "way out", "Everything but a *way out*: leave them free, in words: *you need not decide anything*.")
_mistake_without(parts_of_the_opening, lines.OPENING, "true", "All four are there, and one word needs a proof. Strike it, or lay the proof beside it.")


# ---------------------------------------------------------------- order, close, follow-up


@sorting(
    "5b.8",
    minutes=3,
    covers=["S88"],
    piles={"small": "Small talk (寒暄)", "cut_in": "Cut-in (切入)", "close": "Close (收尾)", "follow": "Follow-up (跟进)"},
    cards={
        "tea": Card("“What a smell. Is that the tea from your home province?”", "small", "On what is at hand."),
        "rain": Card("“With this rain, did you find a place to park?”", "small", "Weather, and a little care."),
        "cook": Card(
            "“You said that your parents cook with you now. How do four people use two burners?”",
            "cut_in",
            "From a topic to a need.",
            {"small": "It sounds like small talk about the family. It asks for a need: here the talk turns to the matter."},
        ),
        "where": Card("“What has to be different in a year, so that the new kitchen was worth it?”", "cut_in", "A question to the need."),
        "was_it": Card("“What did I not answer today?”", "close", "Feedback on this talk."),
        "next": Card(
            "“I will measure the third one, and bring you the numbers on Thursday. This is my card”",
            "close",
            "The benefit of the next talk, said at the end of this one.",
            {"follow": "It speaks of Thursday. It is said today, at the door: a close."},
        ),
        "numbers": Card(
            "On Thursday: “Here are the three numbers; the one in the corner was louder than I had said”", "follow", "What was promised, on the day."
        ),
        "drip": Card("Three weeks later: “Does the tap still hold?”", "follow", "Everyday, and about something real."),
    },
    hints=["Three are said in the shop, one after another; the fourth pile is for what comes on another day."],
    means="First the person, then the matter; and a talk without a close has no next one.",
)
def phases_of_a_talk():
    """Where in a first talk does each line belong?"""


@exercise(
    "5b.9",
    minutes=5,
    covers=["S90"],
    any_order=True,
    hints=[
        "Three things: ask how today's talk was, or admit what was missing (F); say what the next one brings, and on which day (B); leave a way to talk, whatever they decide (O).",
        "An example: “What did I not answer today? I could not tell you how loud it is. I will measure it and ring you on Thursday. My number is 555 0142, also if you buy elsewhere.”",
    ],
    means="A close admits something, promises something small with a day, and leaves the door open. Then keep the day.",
)
def parts_of_the_close():
    """All five parts of a close, as the rules find them: feedback, benefit, opportunity, day, true."""
    return list(lines.CLOSE)


_mistake_without(parts_of_the_close, lines.CLOSE, "feedback", "Everything but *feedback*: ask what was missing today, or say it yourself.")
_mistake_without(parts_of_the_close, lines.CLOSE, "benefit", "Everything but the *benefit*: what will you bring, measure or find out for the next talk?")
_mistake_without(parts_of_the_close, lines.CLOSE, "opportunity", "Everything but the *opportunity*: how do you two speak again, also after a no?")
_mistake_without(parts_of_the_close, lines.CLOSE, "day", "Everything but a *day*. What has no day is not promised.")
_mistake_without(parts_of_the_close, lines.CLOSE, "true", "All four are there, and one word needs a proof. Strike it, or lay the proof beside it.")


@sorting(
    "5b.10",
    minutes=3,
    covers=["S92"],
    piles={
        "left": "A question left over (遗留问题)",
        "help": "Helping them (帮助客户)",
        "news": "The latest information (最新信息)",
        "chat": "Everyday (日常)",
        "leave": "Leave it",
    },
    cards={
        "loud": Card("“You asked how loud it is: 46 decibels at one metre, measured yesterday”", "left", "It was asked, and it is answered."),
        "width": Card("“The niche you could not measure: if you send me a photograph with a ruler, I can say today”", "left", "It was left open in the talk.",
            {"help": "It is helpful, too. It picks up a question that stayed open between you, and that is its reason."}),
        "tutor": Card("“You are looking for somebody who lays tiles. She did ours; may I give her your number?”", "help", "Nothing to sell in it, and a question first."),
        "grant": Card("“The city pays a part of induction hobs until June; here is the page”", "news", "New, dated, and of use to them.",
            {"help": "It helps. What makes it the reason to write is that it is new: there was nothing to tell last week."}),
        "recall": Card("“The hose of that year is being recalled. Yours is not among them”", "news", "News about what they own."),
        "dumplings": Card("“You told me about the dumplings. I tried, and they fell apart”", "chat", "A thread of the talk, and nothing wanted."),
        "baby": Card("“Is the little one over the fever? By the way, the offer ends on Sunday”", "leave", "Care, used as a hook. A child's illness is no opening.",
            {"chat": "To ask would be kind. With the offer behind it, the child has become a means.", "help": "Where is the help? It asks about a child and sells a hob."}),
        "saw": Card("“I saw on your page that you were at the lake with a friend”", "leave", "Nobody told you that to your face (honest note E3)."),
    },
    hints=["What is the reason for writing? And would the customer be glad that you know it?"],
    means="A follow-up needs a reason that comes from the customer. *I only wanted to ask whether you have decided* is a reason that comes from us.",
)  # fmt: skip
def follow_up_topics():
    """Which topic does each message take up, and which is better left?"""


# ---------------------------------------------------------------- the account


@sorting(
    "5b.11",
    minutes=3,
    covers=["S97"],
    piles={"in": "Pays in", "out": "Draws out", "nothing": "Neither"},
    cards={
        "kept": Card("The drawing comes on Thursday, as was said", "in", "A promise kept."),
        "rival": Card("“For that the other make is better”", "in", "Loyal to the customer, against one's own purse."),
        "sorry": Card(
            "“That was our mistake, and we should have rung you on Monday”",
            "in",
            "Admitting a fault pays in.",
            {"out": "The mistake drew out. Saying so, and sorry, pays back a part."},
        ),
        "advice": Card("Her suggestion was taken up, and somebody told her so", "in", "Taking advice, and answering it."),
        "understand": Card("“Before you complain, let me explain how our stock works”", "out", "Asking to be understood first."),
        "late": Card("The offer promised for Friday comes on Tuesday, and is very good", "out", "A broken promise draws out, however good the offer.",
            {"in": "The offer is good. The promise was Friday, and four days were spent waiting."}),
        "behind": Card("In the back room: “That one again, with her niche.” She hears it", "out", "Two faces."),
        "advert": Card("The newsletter of May, sent to all", "nothing", "Nobody was meant by it.",
            {"in": "It is addressed to everybody. A deposit is made to one person."}),
        "bill": Card("The bill is correct", "nothing", "It was expected; only its opposite would count."),
    },
    hints=["Would the customer tell somebody about it tonight? As good or as bad?"],
    means="Small things pay in and one broken promise draws out. How many of the first make up for the second is a choice of weights, and nobody has measured it.",
)  # fmt: skip
def deposits_and_withdrawals():
    """What does each do to the account?"""


@exercise(
    "5b.12",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S97"],
    hints=["Take the rows of Ms Shen alone, and add up `weight` with its signs.", "In a spreadsheet: SUMIF over `customer`, of `weight`."],
    means="The balance is where it ends. Where it was lowest, and for how long, the figure shows.",
)
def balance_of_one(ledger, whose):
    """What is the balance of Ms Shen's account?"""
    return float(ledger.loc[ledger["customer"] == whose, "weight"].sum())


@balance_of_one.mistake("That is what was paid in. The withdrawals belong to it, with their minus.")
def _(ledger, whose):
    rows = ledger.loc[ledger["customer"] == whose, "weight"]
    return float(rows[rows > 0].sum())


@balance_of_one.mistake("You took the withdrawals as if they were paid in: mind the minus.")
def _(ledger, whose):
    return float(ledger.loc[ledger["customer"] == whose, "weight"].abs().sum())


@balance_of_one.mistake("Those are all three customers together. An account belongs to one.")
def _(ledger):
    return float(ledger["weight"].sum())


def _customer(name: str) -> Option:
    return Option(name, "Yes. {all} One account alone is lowest below zero.", "Not first. {all}")


@exercise(
    "5b.13",
    minutes=2,
    kind="judge",
    covers=["S97", "S92"],
    options={
        "wang": _customer("Ms Wang, of the hotel kitchens"),
        "shen": _customer("Ms Shen, who had more trouble than the others"),
        "tan": _customer("Mr Tan, of the new flat"),
        "none": Option("Nobody: all accounts are paid up", "Yes. {all} Keep what was promised.", "Somebody's is below zero. {all}"),
    },
    means="The one who had most trouble may be the best friend of the house by now, and the quiet one may be leaving. Count, then call, and bring no offer.",
)
def whom_first(ledger):
    """Whom do you ring up first today: whose account is lowest, below zero?"""
    name = talks.lowest(ledger)
    return "none" if name is None else {"Ms Wang": "wang", "Ms Shen": "shen", "Mr Tan": "tan"}[name.partition(",")[0]]


@whom_first.facts
def _(ledger):
    parts = [f"{name.partition(',')[0]} stands at {'−' if value < 0 else ''}{words.number(abs(value))}" for name, value in talks.balances(ledger).items()]
    return {"all": f"{words.listing(parts)}."}


# ---------------------------------------------------------------- beyond the core


@sorting(
    "5b.14",
    minutes=3,
    covers=["S96"],
    piles={"functional": "Functional: useful to me (功能)", "emotional": "Emotional: we get along (情感)", "ideal": "Ideal: the same aims (理想)"},
    cards={
        "tarpaulin": Card("Goods get wet, and the seller helps to cover them", "functional", "A problem is solved.",
            {"emotional": "It may become that. Just now the goods are dry, and that is useful."}),
        "hours": Card("The part is there the next morning, each time", "functional", "He does what he says."),
        "stock": Card("She tells the dealer which models will not sell in his street", "functional", "Knowledge that is of use."),
        "match": Card("They talk about the match before they talk about ovens", "emotional", "They get along."),
        "letter": Card("After the flood he rang to hear how they were, and wanted nothing", "emotional", "It was felt.",
            {"functional": "What was it of use for? He solved nothing, and it was not forgotten."}),
        "waste": Card("Both want machines to be mended and not thrown away", "ideal", "A shared aim, beyond both firms."),
        "train": Card("They run the evening class for young cooks together, without pay", "ideal", "They want the same thing to exist.",
            {"emotional": "They may like each other, too. What binds them is a third thing."}),
    },
    hints=["Useful, pleasant, or for a third thing that both want?"],
    means="The source builds from the first: useful, and do what you say. Liking is not needed for it.",
)  # fmt: skip
def relationship_values():
    """Which value does each tie have first?"""
