"""Does a dataset teach? A small network is trained on it, and held against what costs nothing.

``trial.run`` is the way in: a generator of `progress.TrialProgress` that trains, measures, exports and writes the
report. Keras is imported inside the functions that need it, never with these modules.
"""
