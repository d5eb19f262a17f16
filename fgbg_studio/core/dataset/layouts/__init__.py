"""Folders, names and order of a dataset: one layout a file."""
