"""The exercises of lesson 06 and of its casebook."""
