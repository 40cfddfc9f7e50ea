"""The exercises of the short cases of touchpoints (C07, C13, C14, C19); what they need is in `cases.inputs`."""

from __future__ import annotations

from helpers.teaching import Option, exercise
from helpers.touchpoints import case_findings, cases

# ---------------------------------------------------------------- C07


@exercise(
    "C07.1",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S48"],
    hints=[
        "Add the minutes of all steps; an hour of a customer is worth 30 yuan.",
        "Then add what the bank pays for each time at the counter.",
    ],
    means="More than half of it never appears in the bank's books: it is the customer's time.",
)
def counter_costs(bank):
    """What does the step at the counter cost bank and customer together, in yuan?"""
    return bank.counter_cost + bank.hour * sum(bank.counter.values()) / 60


@counter_costs.mistake("That is the customer's side alone. The bank pays for the counter, too.")
def _(bank):
    return bank.hour * sum(bank.counter.values()) / 60


@counter_costs.mistake("You left out the way to the bank. It is the longest step.")
def _(bank):
    return bank.counter_cost + bank.hour * (sum(bank.counter.values()) - bank.counter["way"]) / 60


@counter_costs.mistake("Minutes are not hours: divide by 60.")
def _(bank):
    return bank.counter_cost + bank.hour * sum(bank.counter.values())


@exercise(
    "C07.2",
    minutes=2,
    kind="judge",
    covers=["S48"],
    options={
        "phone": Option(
            "By telephone only: close the counter for it",
            "By this account, yes: {phone} each time, against {both} with a small counter and {counter} as it is. So few cannot do it that a counter costs more than it saves; they still need an answer.",
            "It costs {phone} each time, because those who cannot do it are lost or need help; with a small counter it is {both}, as now {counter}.",
        ),
        "both": Option(
            "By telephone whoever can, and a small counter for the others",
            "Yes: {both} each time, against {phone} by telephone only and {counter} as it is.",
            "It costs {both} each time; by telephone only {phone}, as now {counter}.",
        ),
        "counter": Option(
            "At the counter, as it is",
            "By this account, yes: {counter} each time, against {both} and {phone}.",
            "It costs {counter} each time, most of it the customers' own minutes; by telephone and a small counter {both}, by telephone only {phone}.",
        ),
    },
    means="Work that moves to the customer can please both. The account has to have a line for those whom it does not.",
)
def way_of_the_bank(bank):
    """How should the step be done?"""
    return cases.best_way(bank)


@way_of_the_bank.facts
def _(bank):
    return case_findings.bank_facts(bank)


# ---------------------------------------------------------------- C13


@exercise(
    "C13.1",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S38"],
    hints=[
        "A message brings the share who come back because of it, times the margin, times the size of the order.",
        "It pays where that is as much as the message costs: divide.",
    ],
    means="Below it, thanks are a gift; which is no reason not to give them, only to know what they cost.",
)
def thanks_pay_from(thanks):
    """From which size of order, in yuan, does a message of thanks pay?"""
    return thanks.message / (thanks.comes_back * thanks.margin)


@thanks_pay_from.mistake("You took the order as if all of it were left. A quarter is: the margin.")
def _(thanks):
    return thanks.message / thanks.comes_back


@thanks_pay_from.mistake("You let everybody come back because of the message. Most would not.")
def _(thanks):
    return thanks.message / thanks.margin


@exercise(
    "C13.2",
    minutes=1,
    kind="judge",
    covers=["S38"],
    options={
        "all": Option(
            "Everybody, also the customer of 0.10 yuan",
            "By the account, yes: every size of order lies above {turn}, and thanking all brings {all} a month.",
            "As a matter of manners, perhaps: it brings {all} a month. By the account, thanks pay from {turn} on, and thanking from there on brings {chosen}.",
        ),
        "from": Option(
            "By message from the break-even on; the others are thanked on the receipt",
            "Yes: thanks by message pay from {turn} on and bring {chosen} a month; thanking all brings {all}. A line on the receipt is free.",
            "Here every size of order lies above {turn}: thanking all brings {all}.",
        ),
        "none": Option(
            "Nobody: it is a cost",
            "By the account, yes: no order is as large as {turn}.",
            "From {turn} on a message brings more than it costs: {chosen} a month.",
        ),
    },
    means="What a thank-you is worth beyond the next order is not in the account.",
)
def whom_to_thank(thanks):
    """Who gets a message of thanks?"""
    return cases.whom_to_thank(thanks)


@whom_to_thank.facts
def _(thanks):
    return case_findings.thanks_facts(thanks)


# ---------------------------------------------------------------- C14


@exercise(
    "C14.1",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S43"],
    hints=["Waiving gives 30 yuan away. How many points of a margin of 300 are that?", "30 over 300, times 100."],
    means="So many more of 100 have to buy the next one here. Is that likely? It can be tried: waive by lot for a month.",
)
def points_that_waiving_needs(fee):
    """By how many points must the share who buy again rise for a waived fee to pay?"""
    return 100 * fee.fee / fee.next_margin


@points_that_waiving_needs.mistake("You added the work. It is done either way, with a fee or without.")
def _(fee):
    return 100 * (fee.fee + fee.work) / fee.next_margin


@points_that_waiving_needs.mistake("That is the share itself, from 0 to 1. In points it is a hundred times as much.")
def _(fee):
    return fee.fee / fee.next_margin


@points_that_waiving_needs.mistake("You took the work in place of the fee. What is given away is the fee.")
def _(fee):
    return 100 * fee.work / fee.next_margin


@exercise(
    "C14.2",
    minutes=1,
    kind="judge",
    covers=["S43"],
    options={
        "waive": Option(
            "Waive it",
            "Yes: it needs {needs}, and has {has}: {gain} a customer to the good.",
            "It needs {needs}, and has {has}: {gain} a customer are lost. Say first what it costs, and it hurts less.",
        ),
        "charge": Option(
            "Charge it",
            "Yes, by this account: waiving needs {needs} and has {has}, so it would lose {gain} a customer.",
            "Charging takes 30 yuan and loses more: waiving needs {needs} and has {has}, {gain} a customer to the good.",
        ),
    },
    means="Both shares are supposed. Only a lot, waive or charge, would say what the fee does.",
)
def waive_or_charge(fee):
    """Waive the fee, or charge it?"""
    return "waive" if cases.waive(fee) > 0 else "charge"


@waive_or_charge.facts
def _(fee):
    return case_findings.fee_facts(fee)


# ---------------------------------------------------------------- C19


@exercise(
    "C19.1",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S38"],
    hints=["How many of 5,000 readers notice, and how many of those turn away?", "Times what each of them would have brought."],
    means="It is an expectation: perhaps nobody notices, perhaps the one customer who counts.",
)
def posting_costs(brochures):
    """What is posting them as they are expected to cost, in yuan?"""
    return brochures.copies * brochures.notice * brochures.minds * brochures.loss


@posting_costs.mistake("You let everybody turn away who notices. Most smile.")
def _(brochures):
    return brochures.copies * brochures.notice * brochures.loss


@posting_costs.mistake("You let everybody notice. Few read the small print on page 2.")
def _(brochures):
    return brochures.copies * brochures.minds * brochures.loss


@posting_costs.mistake("That is how many turn away. Each would have brought something.")
def _(brochures):
    return brochures.copies * brochures.notice * brochures.minds


@exercise(
    "C19.2",
    minutes=1,
    kind="judge",
    covers=["S38"],
    options={
        "post": Option(
            "Post them",
            "Yes, here: {post}, against {slip} with a slip and {bin} for the bin.",
            "It is expected to cost {post}; a slip {slip}, the bin {bin}.",
        ),
        "slip": Option(
            "A slip with the correction in each envelope",
            "Yes, here: {slip}, against {post} as they are and {bin} for the bin. And it says: we saw it.",
            "It is expected to cost {slip}; posting {post}, the bin {bin}.",
        ),
        "bin": Option(
            "Throw them away and print again, as the book says",
            "Yes, here: {bin}, against {post} and {slip}.",
            "As a symbol, perhaps. It costs {bin}; a slip {slip}, posting {post}. And they are late already: that has a price as well.",
        ),
    },
    means="An absolute rule spares the arithmetic. Somebody still pays the price of the delay.",
)
def post_slip_or_bin(brochures):
    """Post, slip or bin?"""
    return cases.best_brochures(brochures)


@post_slip_or_bin.facts
def _(brochures):
    return case_findings.brochure_facts(brochures)
