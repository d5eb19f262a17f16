"""Other forms of a finished dataset: one export a file."""
