"""Ways to get depth, one a file; how it is stored; how two ways compare."""
