"""From a project to its samples: the recipe and the lazy plan."""
