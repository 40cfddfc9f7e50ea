"""Dormancy: who is silent for how long, what that means by their own rhythm, why, and what wakes whom."""
