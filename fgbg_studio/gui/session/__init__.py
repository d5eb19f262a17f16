"""The open project, and what the places have in common."""
