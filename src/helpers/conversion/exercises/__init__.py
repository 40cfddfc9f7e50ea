"""The exercises of conversion, a module for each notebook."""
