"""The eleven places where customers meet a company, as data, and what of a team's ratings and contacts can be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from helpers import words
from helpers.errors import DataError


@dataclass(frozen=True)
class Touchpoint:
    """One of the eleven: its name, its Chinese name, and when it is met most."""

    name: str
    chinese: str
    phase: str


# The list of the source (S29), in its order.
TOUCHPOINTS = {
    "product": Touchpoint("the product", "公司产品", "after"),
    "market_activities": Touchpoint("market activities", "市场活动", "before"),
    "hotline": Touchpoint("the hotline", "咨询热线", "before"),
    "salespeople": Touchpoint("salespeople", "销售人员", "during"),
    "sales_channel": Touchpoint("the sales channel", "销售渠道", "during"),
    "technical_support": Touchpoint("technical support", "技术支持人员", "during"),
    "after_sales": Touchpoint("after-sales service", "售后服务人员", "after"),
    "email": Touchpoint("e-mail", "电子邮件", "before"),
    "letters": Touchpoint("letters", "信件", "before"),
    "sms": Touchpoint("text messages", "短信", "before"),
    "fax": Touchpoint("fax", "传真", "before"),
}
# Words of a contact log, and which of the eleven they belong to. Our own reading of the list.
BELONGS_TO = {
    "hotline": "hotline", "phone": "hotline", "shop": "salespeople", "store": "salespeople", "salespeople": "salespeople",
    "delivery": "sales_channel", "online": "sales_channel", "web": "sales_channel", "sales_channel": "sales_channel",
    "installation": "technical_support", "technical_support": "technical_support",
    "repair": "after_sales", "return_desk": "after_sales", "after_sales": "after_sales", "service_repair": "after_sales",
    "care_call": "after_sales", "email": "email", "letter": "letters", "letters": "letters", "sms": "sms", "fax": "fax",
    "coupon": "market_activities", "bundle_offer": "market_activities", "reminder": "market_activities",
    "market_activities": "market_activities", "event": "market_activities", "product": "product",
}  # fmt: skip
SCALE = (1, 10)
_REVERSED = -0.2


def touchpoint_name(code: str) -> str:
    """A touchpoint as a sentence says it; words of a team's own as they are."""
    known = TOUCHPOINTS.get(code)
    return known.name if known else words.plain(str(code).replace("_", " "))


def touchpoint_list() -> pd.DataFrame:
    """The eleven as a table: `touchpoint`, `chinese`, `phase`."""
    return pd.DataFrame(
        [{"touchpoint": one.name, "chinese": one.chinese, "mostly met": f"{one.phase} the purchase"} for one in TOUCHPOINTS.values()]
    )


@dataclass(frozen=True)
class Kept:
    """Rows that can be used, and how many could not, by reason.

    Attributes
    ----------
    table : DataFrame
    rejected : dict of str to int
        Reason in words, and number of rows.
    """

    table: pd.DataFrame
    rejected: dict[str, int]

    @property
    def sentence(self) -> str:
        """What was left out, in words; empty when nothing was."""
        if not self.rejected:
            return ""
        return "Left out: " + words.listing(f"{words.count(many, 'row')} ({why})" for why, many in self.rejected.items()) + "."


def sound_ratings(ratings: pd.DataFrame, *, overall: pd.Series | None = None) -> Kept:
    """The ratings that can be used: one of the eleven touchpoints, both answers on the scale, one row a sheet and touchpoint.

    Parameters
    ----------
    ratings : DataFrame
        `answer_id`, `touchpoint`, `expectation`, `perception`.
    overall : Series, optional
        Satisfaction on the whole, by `answer_id`.

    Raises
    ------
    DataError
        If those who rate the touchpoints high are less satisfied on the whole: the scale then runs the wrong way for
        everybody, and every gap would have the wrong sign.
    """
    rejected: dict[str, int] = {}
    table = ratings

    def leave_out(bad: pd.Series, why: str) -> None:
        nonlocal table
        bad = bad.fillna(True).astype(bool)
        if bad.any():
            rejected[why] = int(bad.sum())
            table = table[~bad]

    leave_out(~table["touchpoint"].isin(TOUCHPOINTS), "the touchpoint is none of the eleven")
    answers = table[["expectation", "perception"]]
    leave_out(answers.isna().any(axis=1), "an answer is missing")
    answers = table[["expectation", "perception"]].astype(float)
    leave_out(((answers < SCALE[0]) | (answers > SCALE[1])).any(axis=1), "an answer lies outside the scale from 1 to 10")
    leave_out(table.duplicated(["answer_id", "touchpoint"]), "the sheet rates the touchpoint a second time")
    if overall is not None and len(table):
        mean = table.groupby("answer_id")["perception"].mean().astype(float)
        both = pd.DataFrame({"mean": mean, "overall": overall.astype(float)}).dropna()
        if len(both) >= 30 and both["overall"].nunique() > 1 and both["mean"].nunique() > 1:
            agree = both["mean"].corr(both["overall"])
            if agree < _REVERSED:
                raise DataError(
                    f"On {len(both):,} sheets those who rate the touchpoints high are less satisfied on the whole (correlation {agree:.2f}). "
                    "One of the two scales seems to run the other way: turn it round (11 less the answer), so that 10 is the best in both."
                )
    return Kept(table, rejected)


def sound_contacts(contacts: pd.DataFrame, *, as_of: date) -> Kept:
    """The contacts up to a day that can be used: none closed before it began, and none before the contact it follows.

    Parameters
    ----------
    contacts : DataFrame
        `contact_id`, `at`; `closed_on` and `case_id` where known.
    as_of : date
    """
    table = contacts[contacts["at"] < pd.Timestamp(as_of) + pd.Timedelta(days=1)]
    rejected: dict[str, int] = {}
    if "closed_on" in table:
        early = table["closed_on"].notna() & (table["closed_on"] < table["at"].dt.normalize())
        if early.any():
            rejected["closed before it began"] = int(early.sum())
            table = table[~early]
    if "case_id" in table:
        began = contacts.drop_duplicates("contact_id").set_index("contact_id")["at"]
        first = table["case_id"].map(began)
        early = first.notna() & (table["at"] < first)
        if early.any():
            rejected["earlier than the contact that it follows"] = int(early.sum())
            table = table[~early]
    return Kept(table, rejected)
