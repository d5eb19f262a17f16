"""Cutting objects out of photos: GrabCut, strokes, soft borders, refinement, checks."""
