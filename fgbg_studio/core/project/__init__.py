"""A project: the folder that a person works on, its settings and its pictures."""
