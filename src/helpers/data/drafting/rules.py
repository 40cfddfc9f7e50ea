"""What lines are: products and shops, returns, cancelled lines, repeats, postage, and ids that are no persons."""

from __future__ import annotations

import re

import pandas as pd

from helpers import words
from helpers.data.contract import TABLES
from helpers.data.drafting import values
from helpers.data.drafting.columns import (
    CHECK,
    LIKELY,
    SURE,
    Columns,
    Guess,
    TableDraft,
    capital,
    header_said,
    holds_dates,
    is_prose,
    said_values,
)
from helpers.data.drafting.headers import matches, synonyms, word_list
from helpers.data.drafting.orders import joined_key
from helpers.data.drafting.values import joined, shown


def find_labels(columns: Columns, found: TableDraft, named: dict) -> None:
    """Product, shop, channel and the other columns of text."""
    for name in ("product_id", "store_id", "channel", "region", "campaign_id", "sales_behaviour"):
        for rank, header in named.get(name, []):
            reuse = columns.taken.get(header) == "order_id" and name == "store_id"
            if not (columns.free(header) or reuse) or not columns.filled(header):
                continue
            if holds_dates(columns, header) or (name == "product_id" and is_prose(columns, header)):
                continue
            seen = columns.counts(header)
            columns.taken[header] = name
            noun = {"product_id": "product", "store_id": "shop", "region": "region", "campaign_id": "campaign"}.get(
                name, "value"
            )
            sure = SURE if rank < 1000 else LIKELY
            why = f"{header_said(rank, header)}; {words.count(len(seen), noun)}"
            if len(seen) == 1:
                why += ", so it tells nothing apart"
            found.columns[name] = Guess(name, header, sure, why)
            break
    if "product_id" not in found.columns:
        name = next(
            (
                header
                for _, header in named.get("description", [])
                if columns.free(header) and columns.filled(header) and not columns.numbers(header).found
            ),
            "",
        )
        if name:
            columns.taken[name] = "product_id"
            found.columns["product_id"] = Guess(
                "product_id",
                name,
                CHECK,
                f'no product code; "{shown(name)}" stands in for it, {words.count(columns.distinct(name), "name")}',
            )
    name = next(
        (
            header
            for _, header in named.get("kind", [])
            if columns.free(header) and set(columns.counts(header).index) <= set(TABLES["orders"]["kind"].allowed)
        ),
        "",
    )
    if name and columns.filled(name):
        columns.taken[name] = "kind"
        found.columns["kind"] = Guess(
            "kind", name, SURE, f'header "{shown(name)}"; its values are the words of the contract'
        )


def find_returns(
    columns: Columns, found: TableDraft, named: dict, order: pd.Series | None, money: pd.Series | None
) -> None:
    """How returns and cancellations look, from status words, number prefixes and signs."""
    negative = money < 0 if money is not None else pd.Series(False, index=columns.frame.index)
    flags = [
        header
        for name in ("kind", "status")
        for _, header in named.get(name, [])
        if columns.taken.get(header, "") in ("", "status") and columns.filled(header)
    ]
    is_return = pd.Series(False, index=columns.frame.index)
    rules: list[dict] = []
    reasons: list[str] = []
    gone_rules: list[dict] = []
    gone_reasons: list[str] = []
    kinds = {header for _, header in named.get("kind", [])}
    for header in dict.fromkeys(flags):
        text = columns.text(header)
        keys = {value: joined(value) for value in columns.counts(header).index.astype(str)}
        back = [value for value, key in keys.items() if key in word_list("returned")]
        gone = [value for value, key in keys.items() if key in word_list("cancelled")]
        partly = [value for value, key in keys.items() if key in word_list("not_a_return")]
        if not back and any(word in joined(header) for word in ("退货", "退款", "return", "refund")):
            back = [value for value, key in keys.items() if key in _YES]
        if back or gone or partly:
            columns.taken[header] = "status"
        if back:
            lines = text.isin(back)
            said = f'"{shown(header)}" is {said_values(back)} on {words.count(int(lines.sum()), "line")}'
            rule = {"column": header, "equals": back}
            if header in kinds or negative[lines].any() or _has_partner(columns, found, lines, money):
                rules.append(rule)
                reasons.append(said)
                is_return |= lines
            else:
                gone_rules.append(rule)
                gone_reasons.append(
                    f"{said}, with positive amounts and no line that takes them back: the sale itself seems to be "
                    "marked"
                )
                found.questions.append(
                    f"The {words.count(int(lines.sum()), 'line')} with {shown(header)} = {said_values(back)} are "
                    "positive, and no other line takes the money back. "
                    "The draft takes them for sales that were undone, as if cancelled. Is that right?"
                )
        if gone:
            lines = int(text.isin(gone).sum())
            gone_rules.append({"column": header, "equals": gone})
            gone_reasons.append(f'"{shown(header)}" is {said_values(gone)} on {words.count(lines, "line")}')
            found.questions.append(
                f"Are the {words.count(lines, 'line')} with {shown(header)} = {said_values(gone)} orders that never "
                "happened? The draft takes them for cancelled and counts none of their money."
            )
        if partly:
            found.questions.append(
                f"{words.count(int(text.isin(partly).sum()), 'line')} with {shown(header)} = {said_values(partly)}: "
                "what was given back is not in the file, so they count in full."
            )
    if rules:
        found.rules["returns"] = Guess("returns", rules[0] if len(rules) == 1 else rules, LIKELY, "; ".join(reasons))
    if gone_rules:
        found.rules["cancelled"] = Guess(
            "cancelled", gone_rules[0] if len(gone_rules) == 1 else gone_rules, LIKELY, "; ".join(gone_reasons)
        )
    receipt = found["order_id"]
    receipt = receipt[-1] if isinstance(receipt, list) else receipt
    if not rules and receipt and money is not None and negative.any() and columns.taken.get(receipt) == "order_id":
        prefix = _prefix(columns.text(receipt), negative)
        if prefix:
            is_return = columns.text(receipt).str.startswith(prefix)
            minus = int((is_return & negative).sum())
            lines = int(is_return.sum())
            found.rules["returns"] = Guess(
                "returns", {"column": receipt, "starts_with": prefix}, SURE if minus == lines and not (negative & ~is_return).any() else LIKELY,
                f'{words.count(lines, "line")} with {shown(receipt)} starting with {prefix}; {minus:,} of them '
                f'negative, {int((negative & ~is_return).sum()):,} of the other lines',
            )  # fmt: skip
            found.questions.append(
                f"Are the lines whose {shown(receipt)} starts with {prefix} goods that came back (returns), or "
                "orders called off before delivery? The draft says returns: their money is taken off."
            )
    by_kind = "kind" in found.columns
    if by_kind:
        kind = columns.text(str(found["kind"])).str.lower()
        is_return |= kind == "return"
        negative = negative & ~kind.isin(["cancellation", "non_product"])
    unmarked = int((negative & ~is_return).sum())
    if "returns" in found.rules or (by_kind and is_return.any()):
        marked = money[is_return].dropna() if money is not None else pd.Series(dtype="float64")
        minus = float((marked < 0).mean()) if len(marked) else 1.0
        found.rules["returns_sign"] = Guess(
            "returns_sign", "negative" if minus >= 0.5 else "positive", SURE if minus in (0.0, 1.0) else LIKELY,
            f"{words.percent(minus)} of the amounts on returns are negative",
        )  # fmt: skip
    marks = "returns" in found.rules or by_kind
    if unmarked and not marks:
        why = f"{words.count(unmarked, 'line')} with a negative amount and nothing else that marks a return"
        found.rules["negative_amounts"] = Guess("negative_amounts", "return", CHECK, why)
        found.questions.append(
            f"Are the {words.count(unmarked, 'line')} with a negative amount returns? Nothing else in the file says so."
        )
    elif unmarked:
        found.rules["negative_amounts"] = Guess(
            "negative_amounts",
            "return",
            CHECK,
            f"{words.count(unmarked, 'line')} with a negative amount beside the marked returns",
        )
    else:
        found.rules["negative_amounts"] = Guess(
            "negative_amounts",
            "return",
            SURE,
            "no negative amount beside the marked returns" if marks else "no negative amount in the file",
        )
    if not marks and not unmarked:
        found.missing.append(
            (
                "returns",
                "no line looks like a return. If goods come back, the export may leave them out, and revenue is "
                "then too high.",
            )
        )


_YES = {"是", "yes", "y", "true", "1", "已退", "有", "ja", "oui"}


def _has_partner(columns: Columns, found: TableDraft, lines: pd.Series, money: pd.Series | None) -> bool:
    """Whether most marked lines repeat the amount of another line of the customer: a sale and its return."""
    if money is None or not found["customer_id"]:
        return False
    key = columns.text(found["customer_id"]) + "\x1f" + money.abs().map("{:.2f}".format)
    return bool(key[lines].isin(set(key[~lines])).mean() >= 0.5)


def _prefix(numbers: pd.Series, negative: pd.Series) -> str:
    """The letters before order numbers whose lines are negative, when other lines hardly ever are."""
    letters = numbers.str.extract(r"^([A-Za-z\u4e00-\u9fff]{1,4})", expand=False).fillna("")
    shares = negative.groupby(letters).agg(["mean", "size"])
    for prefix in shares.index[(shares["mean"] >= 0.95) & (shares.index != "")]:
        starts = numbers.str.startswith(prefix)
        if starts.mean() < 0.5 and negative[starts].mean() >= 0.95 and negative[~starts].mean() <= 0.05:
            return str(prefix)
    return ""


def find_repeats(columns: Columns, found: TableDraft) -> None:
    again = columns.frame.duplicated()
    lines = int(again.sum())
    if not lines:
        found.rules["repeats"] = Guess("repeats", "keep", SURE, "no line repeats another exactly")
        return
    found.rules["repeats"] = Guess(
        "repeats",
        "keep",
        CHECK,
        f"{words.count(lines, 'line')} {'repeats' if lines == 1 else 'repeat'} an earlier line exactly",
    )
    found.questions.append(
        f"{capital(words.count(lines, 'line'))} {'repeats' if lines == 1 else 'repeat'} an earlier line exactly. "
        "The same article scanned twice (keep), or exported twice (drop)? The draft keeps them."
    )


def find_non_products(columns: Columns, found: TableDraft, money: pd.Series | None) -> None:
    """Codes of postage, fees and manual entries, by the code and by the description beside it."""
    product = found["product_id"]
    found.non_product["treat"] = Guess("treat", "exclude", LIKELY, "postage and fees are no purchase")
    if not product:
        return
    known = synonyms()["non_product"]
    codes = columns.text(product)
    note = next(
        (
            header
            for _, header in matches("orders", columns.headers).get("description", [])
            if header != product and columns.filled(header) and not columns.numbers(header).found
        ),
        "",
    )
    if note:
        columns.taken.setdefault(note, "description")
    text = columns.text(note) if note else pd.Series("", index=codes.index)
    pairs = pd.DataFrame({"code": codes, "text": text, "money": money if money is not None else 0.0}).loc[
        lambda f: f["code"] != ""
    ]
    lines = pairs.groupby(["code", "text"], sort=False)["money"].agg(["size", "sum"]).reset_index()
    shapes = columns.counts(product).groupby([values.shape(str(code)) for code in columns.counts(product).index]).sum()
    has_digit = sum(int(rows) for form, rows in shapes.items() if "9" in form) / max(int(shapes.sum()), 1)
    usual = {form for form, rows in shapes.items() if rows >= 0.02 * shapes.sum() and "9" in form}
    by_text = lines["text"].map(lambda value: _is_phrase(value, known["phrases"]))
    by_name = lines["code"].map(lambda value: _is_phrase(value, known["phrases"]))
    # A code such as M or BAG is telling only where products usually carry numbers.
    by_code = (
        lines["code"].map(joined).isin(known["codes"]) if has_digit >= 0.8 else pd.Series(False, index=lines.index)
    )
    odd = lines["code"].map(lambda code: values.shape(code) not in usual)
    # One line described as postage under a real product's code is a slip of the pen: the code must mostly be so.
    share = (lines["size"].where(by_text, 0).groupby(lines["code"]).transform("sum")) / lines["size"].groupby(
        lines["code"]
    ).transform("sum")
    hit = (by_text & (share > 0.5)) | by_name | (by_code & odd)
    arguable = hit & (
        lines["text"].map(joined).isin(known["arguable"]) | lines["code"].map(joined).isin(known["arguable"])
    )
    chosen, doubtful = _grouped(lines[hit & ~arguable]), _grouped(lines[arguable])
    if chosen:
        found.non_product["product_id"] = Guess(
            "product_id",
            [code for code, _, _, _ in chosen],
            LIKELY,
            "; ".join(_said_code(*entry) for entry in chosen[:12]),
        )
        total = sum(rows for _, _, rows, _ in chosen)
        found.questions.append(
            f"Are {said_values([code for code, *_ in chosen[:8]])} postage, fees or manual entries "
            f"({words.count(total, 'line')})? The draft leaves them out of revenue and names them."
        )
    if doubtful:
        found.questions.append(
            "Some firms count these as sales, some do not; the draft counts them: "
            f"{'; '.join(_said_code(*entry) for entry in doubtful[:6])}. To leave them out, add the code to "
            "[orders.non_product]."
        )
    others = (
        [str(code) for code in lines.loc[~hit & odd, "code"].unique() if not re.search(r"\d", str(code))]
        if has_digit >= 0.8
        else []
    )
    if others:
        found.questions.append(
            f"Are these codes goods? They hold no number, as other codes do: {said_values(others[:8])}."
        )


def _is_phrase(value: str, phrases: dict[str, int]) -> bool:
    return bool(value) and joined(value) in phrases


def _grouped(lines: pd.DataFrame) -> list[tuple[str, str, int, float]]:
    """[(code, description, lines, money)] with the most lines first."""
    return [
        (str(code), str(group["text"].iloc[0]), int(group["size"].sum()), float(group["sum"].sum()))
        for code, group in sorted(lines.groupby("code", sort=False), key=lambda item: -int(item[1]["size"].sum()))
    ]


def _said_code(code: str, text: str, rows: int, total: float) -> str:
    name = f" ({shown(text).lower()})" if text and joined(text) != joined(code) else ""
    return f"{shown(code)}{name} {words.count(rows, 'line')}, {total:,.2f}"


def find_not_persons(columns: Columns, found: TableDraft) -> None:
    """Ids that are no person: words such as 散客, ids of zeros, and cards that behave like nobody."""
    customer = found["customer_id"]
    found.not_persons["walk_in"] = Guess("walk_in", [], LIKELY, "no id is called walk-in or guest")
    found.not_persons["staff"] = Guess(
        "staff", [], CHECK, "a file of orders does not say who is staff: list their ids here"
    )
    if not customer:
        return
    seen = columns.counts(customer)
    walk_in = [str(code) for code in seen.index if joined(code) in word_list("walk_in") or not joined(code)]
    staff = [str(code) for code in seen.index if joined(code) in word_list("staff")]
    filler = [str(code) for code in seen.index if re.fullmatch(r"0+|9{3,}|-1", str(code))]
    usual = seen.drop(filler + walk_in)
    busy = float(usual.quantile(0.9)) if len(usual) else 0.0
    walk_in += [code for code in filler if seen[code] >= max(3, 2 * busy)]
    asked = [code for code in filler if seen[code] < max(3, 2 * busy)]
    if walk_in:
        total = int(seen[walk_in].sum())
        found.not_persons["walk_in"] = Guess(
            "walk_in", walk_in, LIKELY, f"{said_values(walk_in)}: {words.count(total, 'line')}, no single person"
        )
        found.questions.append(
            f"Does {said_values(walk_in)} stand for customers without a card ({words.count(total, 'line')})? The "
            "draft counts their money and gives it to nobody."
        )
    if asked:
        found.questions.append(f"Is {said_values(asked)} a real customer? Such ids often mean that nobody gave a card.")
    if staff:
        found.not_persons["staff"] = Guess("staff", staff, LIKELY, f"{said_values(staff)} by the word")
    shared = _shared_cards(columns, found, set(walk_in + staff))
    if shared:
        said = "; ".join(
            f"{shown(code)}: {days} days with {orders:g} orders a day" for code, days, orders in shared[:5]
        )
        found.not_persons["shared_card"] = Guess(
            "shared_card", "set_aside", LIKELY, f"behaves like no single person: {said}"
        )
        found.questions.append(
            f"Who is {said_values([code for code, _, _ in shared[:5]])}? "
            f"{'It buys' if len(shared) == 1 else 'They buy'} several times a day, as a card at the till would. The "
            f"draft sets {'it' if len(shared) == 1 else 'them'} aside."
        )
    else:
        found.not_persons["shared_card"] = Guess(
            "shared_card", "set_aside", SURE, "no id behaves like a card that many people share"
        )


def _shared_cards(columns: Columns, found: TableDraft, known: set[str]) -> list[tuple[str, int, float]]:
    """Ids with 20 order days or more and at least 3 orders a day in the median: (id, days, orders a day)."""
    order, when = found["order_id"], found["ordered_at"]
    when = when[0] if isinstance(when, list) else when
    if not order or not when:
        return []
    frame = pd.DataFrame({
        "who": columns.text(found["customer_id"]), "day": columns.dates(when).parsed.dt.normalize(),
        "order": joined_key(columns, order if isinstance(order, list) else [order]),
    }).loc[lambda f: (f["who"] != "") & ~f["who"].isin(known)]  # fmt: skip
    a_day = frame.groupby(["who", "day"])["order"].nunique().groupby("who").agg(["size", "median"])
    cards = a_day[(a_day["size"] >= 20) & (a_day["median"] >= 3)]
    return [(str(code), int(row["size"]), float(row["median"])) for code, row in cards.iterrows()]
