"""Helpers of the customer workbook: measures, figures, lessons and reports."""

__version__ = "0.1.0"
