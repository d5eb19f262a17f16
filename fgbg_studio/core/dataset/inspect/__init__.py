"""Any dataset read back: files, contents, statistics, verifying, repair."""
