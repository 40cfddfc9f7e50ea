"""The exercises of the lessons on churn, a module for each notebook."""
