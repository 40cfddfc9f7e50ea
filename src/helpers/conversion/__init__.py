"""Conversion: how people who are not customers yet become customers, and what is said on the way."""
