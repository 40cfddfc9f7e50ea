"""Statistics that more than one topic needs. Nothing in here knows a topic."""
