"""The parts of the place Backgrounds: its actions, what is chosen of the list, what comes in, what is inspected."""
