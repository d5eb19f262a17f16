"""The first page: a new project, or one that is there already."""
