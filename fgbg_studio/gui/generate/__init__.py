"""The parts of the place Generate: what is asked before a run, the run itself, and what is shown of it."""
