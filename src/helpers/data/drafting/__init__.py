"""Drafting a mapping: from headers and values to guesses with their reasons, and to the TOML file."""
