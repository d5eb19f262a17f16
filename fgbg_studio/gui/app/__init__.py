"""The frame around the places: application, main window, top and bottom line, rail."""
