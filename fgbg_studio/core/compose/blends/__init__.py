"""The blends: one a file."""
