"""The dataset engine: no window, no command line, no network library at import."""
