"""Datasets that were made by hand: their shape recognised, what is missing in them completed."""
