"""The ground floor: errors, strategies, values, files, progress."""
