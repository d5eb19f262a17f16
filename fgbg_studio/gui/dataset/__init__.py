"""The parts of the place Dataset: opening, browsing, one sample large, verifying, what is said of it."""
