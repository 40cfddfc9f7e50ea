"""Touchpoints: where customers and the firm meet, how well it goes, and who owns what goes wrong."""
