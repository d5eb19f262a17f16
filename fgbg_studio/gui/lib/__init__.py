"""Widgets that more than one place uses; none knows the session."""
