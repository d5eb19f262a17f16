"""How the bytes of a shard reach the disk: one writer a file."""
