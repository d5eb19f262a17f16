"""FGBG Studio: composites, exact masks and depth maps from backgrounds and cutouts."""

__version__ = "0.1.0"
