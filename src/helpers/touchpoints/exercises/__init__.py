"""The exercises of touchpoints, a module for each notebook."""
