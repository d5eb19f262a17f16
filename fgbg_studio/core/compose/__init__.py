"""From a sample to pixels and bytes: prepared pictures, composites, JPEG, PNG."""
