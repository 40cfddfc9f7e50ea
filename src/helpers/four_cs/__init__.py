"""4C to 4P: what customers value, what it costs them, which price they accept, and which needs an action serves."""
