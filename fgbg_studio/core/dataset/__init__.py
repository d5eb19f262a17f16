"""A dataset on the disk: made, finished, opened, verified."""
