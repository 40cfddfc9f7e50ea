"""The exercises of dormancy: a module for each notebook."""
