"""Churn: how many leave, when and why (seen); who is warned, saved and repaired for (met)."""
