"""Lantern Home, the simulated sample company: its past, its truth, its next quarter.

The modules, from the ground up: `dice` (random numbers by address),
`catalogue` (what is sold where), `people` (who arrives), `stories` (what is
planted), `responses` (what actions do), `baskets` (one order), `life` (week by
week), `till` (money without a person), `respondents` and `survey` (what people
say when they are asked), `tables` and `contacts` (what the company can see),
`truth` (what it cannot), `world` (all of it together), `saving` and `command`.
"""

from __future__ import annotations

__all__ = ["World", "company", "open_world"]


def __getattr__(name: str):
    # The modules below need numpy and pandas, which take time to load.
    if name in __all__:
        from helpers.simulate import world

        return getattr(world, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
