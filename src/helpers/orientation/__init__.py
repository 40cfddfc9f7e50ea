"""Orientation: the business as a formula, and what moved it."""
