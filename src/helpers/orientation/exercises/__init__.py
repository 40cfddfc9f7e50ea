"""The exercises of orientation, a module for each notebook."""
