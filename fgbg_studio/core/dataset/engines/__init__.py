"""Where shards run: one engine a file."""
