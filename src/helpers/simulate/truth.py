"""The truth behind the tables: for tests and for the cells that show what was planted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate import catalogue as shop
from helpers.simulate import brand, contracts, experience, households, identities, journeys, needs, people, prices, prospects, renewal, respondents, responses, survey, text, values, waking
from helpers.simulate import stories as planted
from helpers.simulate.tables import History


def customers(history: History, stories: planted.Stories) -> pd.DataFrame:
    """What each person is: latent type, response, home shop, whether gone, which stories."""
    crowd, life = history.crowd, history.life
    who = np.flatnonzero(history.known)
    gone = life.left_week[who] * 7 + 6 < history.last_day
    left_on = text.iso_days(np.minimum(life.left_week[who] * 7 + 6, history.last_day))
    missold = np.zeros(len(crowd), dtype=bool)
    missold[life.lines.loc[life.lines["missold"], "person"]] = True
    burst = crowd.kind[who] == people.NEW_FLAT
    last_burst = crowd.join_week[who] * 7 + 48
    return pd.DataFrame(
        {
            "customer_id": people.ids_of(who),
            "type": np.array([kind.name for kind in people.KINDS])[crowd.kind[who]],
            "response": np.array(people.RESPONSES)[crowd.response[who]],
            "city": np.array(shop.CITIES)[crowd.city[who]],
            "home_store": np.array(shop.STORES)[crowd.shop[who]],
            "cadence_weeks": np.round(crowd.cadence_weeks[who], 2),
            "buys_once": text.yes_no(crowd.once[who]),
            "left_on": np.where(gone, left_on, ""),
            "burst": text.yes_no(burst),
            "burst_began_on": np.where(burst, text.iso_days(crowd.join_day[who]), ""),
            "burst_over_on": np.where(burst, text.iso_days(last_burst), ""),
            "bought_growth": text.yes_no(crowd.bought_growth[who]),
            "missold": text.yes_no(missold[who]),
            "victim": text.yes_no(life.standing.victim[who]),
            "last_bad_service_on": np.where(
                life.hurt_week[who] >= 0, text.iso_days(life.hurt_week[who] * 7), ""
            ),
        }
    )


def effects(history: History, stories: planted.Stories) -> pd.DataFrame:
    """What each action would do to each person in the quarter that comes next."""
    who = np.flatnonzero(history.known)
    effects = history.life.next_effects
    parts = []
    for place, action in enumerate(responses.ACTIONS):
        parts.append(
            pd.DataFrame(
                {
                    "customer_id": people.ids_of(who),
                    "action": action,
                    "order_rate": effects.order_rate[place, who],
                    "basket": effects.basket[place, who],
                    "bundle_chance": effects.bundle[place, who],
                    "returns": effects.returns[place, who],
                    "contact_cost": effects.contact_cost[place, who],
                    "comes_back": text.yes_no(effects.comes_back[place, who]),
                    "action_cost": text.yuan([responses.ACTION_COST_FEN[place]] * len(who)),
                    "discount_percent": {
                        "coupon": responses.COUPON_DISCOUNT,
                        "offer": responses.BUNDLE_DISCOUNT,
                    }.get(action, 0),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def lost_lines(history: History, stories: planted.Stories) -> pd.DataFrame:
    """Order lines that the rival got: they stand in no public table."""
    lost = history.life.lost
    goods = shop.catalogue()
    return pd.DataFrame(
        {
            "customer_id": people.ids_of(lost["person"]),
            "ordered_on": text.iso_days(lost["day"]),
            "region": np.array(shop.CITIES)[lost["city"]],
            "product_id": goods.product_id[lost["product"]],
            "sales_behaviour": np.array(shop.BEHAVIOURS)[lost["behaviour"]],
            "amount": text.yuan(lost["amount_fen"]),
        }
    )


def answers(history: History, stories: planted.Stories) -> pd.DataFrame:
    """Who gave each answer of the survey, what was true, and what came back changed."""
    return survey.truth_of_answers(history)


def population(history: History, stories: planted.Stories) -> pd.DataFrame:
    """The true values of the customers whom the survey speaks about."""
    return survey.truth_of_population(history)


def sites(history: History, stories: planted.Stories) -> pd.DataFrame:
    """Which stories are on, where they sit and when they begin."""
    site = {
        "fall": " x ".join(stories.plant["fall"]),
        "misselling": stories.plant["misselling"],
        "shared_card": "C00001",
        "hand_over": stories.plant["hand_over"],
        "low_score": stories.plant["low_score"],
        "bother": stories.plant["bother"],
        "too_cheap": f"{stories.plant['too_cheap'][0]} at {stories.plant['too_cheap'][1]}",
        "unserved": stories.plant["unserved"],
        "stock_out": f"{stories.plant['stock_out'][0]}, {stories.plant['stock_out'][2]} months",
        "waking": waking.CAMPAIGN,
        "best_leads": stories.plant["best_leads"],
        "leak": stories.plant["leak"],
        "shared_barrier": stories.plant["shared_barrier"],
        "broken_promise": brand.broken(stories),
        "real_change": ", ".join(stories.plant["real_change"]),
        "stretch": stories.plant["stretch"],
        "month_twelve": f"month {stories.plant['month_twelve']}",
        "after_complaint": stories.plant["after_complaint"],
        "beyond_saving": renewal.CAMPAIGN,
    }
    since = {
        "record_year": planted.RECORD_FROM,
        "fall": planted.FALL_FROM,
        "misselling": planted.MISSELLING_FROM,
        "burst": planted.BURSTS_FROM,
        "survey_bias": respondents.FIRST_DAY,
        "hand_over": planted.HAND_OVER_FROM,
        "bother": respondents.FIRST_DAY,
        "too_cheap": prices.FIRST_DAY,
        "stock_out": stories.stock_out[1],
        "waking": waking.FIRST_DAY,
        "beyond_saving": renewal.FIRST_DAY,
    }
    return pd.DataFrame(
        {
            "story": list(planted.STORIES),
            "on": [
                "yes" if stories.has(name) or name == planted.ALWAYS_ON else "no"
                for name in planted.STORIES
            ],
            "site": [site.get(name, "") for name in planted.STORIES],
            "since": [
                str(text.iso_days(since[name])) if name in since else "" for name in planted.STORIES
            ],
            "what": list(planted.STORIES.values()),
        }
    )


BUILDERS = {
    "customers": customers,
    "responses": effects,
    "lost_orders": lost_lines,
    "survey": answers,
    "survey_population": population,
    "touchpoints": lambda history, stories: experience.truth_of_touchpoints(history),
    "identities": lambda history, stories: identities.truth_of_identities(history),
    "journeys": lambda history, stories: journeys.truth_of_journeys(history),
    "value_weights": values.truth_of_weights,
    "price_minds": prices.truth_of_minds,
    "needs": needs.truth_of_needs,
    "waking": waking.truth_of_waking,
    "stock_out": waking.truth_of_stock_out,
    "households": households.truth_of_households,
    "prospects": prospects.truth_of_prospects,
    "brand_waves": brand.truth_of_waves,
    "brand_promises": brand.truth_of_promises,
    "brand_stretch": brand.truth_of_stretch,
    "brand_premium": brand.truth_of_premium,
    "departures": contracts.truth_of_departures,
    "retention": renewal.truth_of_retention,
    "stories": sites,
}
