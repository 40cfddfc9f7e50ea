"""Segmentation: who is worth what, who moved, and where a fall comes from."""
