"""The one table of keys: what each means, the same in every place of the window."""

from __future__ import annotations

from enum import Enum, unique


@unique
class Keys(Enum):
    """A meaning and its keys in Qt's portable notation, the one to be shown first (Return is called Enter today).

    A place that knows the meaning takes the key from here, and no key stands twice: whoever learnt a letter in one
    place has learnt it for all of them.
    """

    # going through what a place shows
    PREVIOUS = ("A",)
    NEXT = ("D",)
    FIRST = ("Home",)
    LAST = ("End",)
    LARGE = ("V",)
    ALL = ("Q",)
    DATASET_SIZE = ("T",)
    OTHERS = ("N",)
    # judging
    PICK = ("P",)
    REJECT = ("X",)
    UNDECIDED = ("U",)
    REMOVE = ("Delete",)
    DELETE_REJECTED = ("Shift+Delete",)
    RENAME = ("F2",)
    KEEP_BETTER = ("K",)
    KEEP_ALL = ("Shift+K",)
    # adding, and each place's main step: the blue button
    ADD = ("Ctrl+Shift+A",)
    MAIN = ("Ctrl+Enter", "Ctrl+Return")
    MAIN_AND_NEXT = ("Ctrl+Shift+Enter", "Ctrl+Shift+Return")
    CANCEL = ("Escape",)
    # tools
    RECTANGLE = ("R",)
    LASSO = ("L",)
    CLICK = ("J",)
    BRUSH = ("B",)
    ERASER = ("E",)
    HAIR = ("Shift+H",)
    PAINT_IN = ("I",)
    PAINT_OUT = ("O",)
    SOFTEN = ("W",)
    SWAP = ("S",)
    THINNER = ("[",)
    THICKER = ("]",)
    # cutting and checking
    GUESS = ("G",)
    RUN = ("Enter", "Return")
    NEXT_ISSUE = ("C",)
    MEND = ("M",)
    STROKES = ("H",)
    # views of one picture
    VIEW_1 = ("1",)
    VIEW_2 = ("2",)
    VIEW_3 = ("3",)
    VIEW_4 = ("4",)
    VIEW_5 = ("5",)
    VIEW_6 = ("6",)
    VIEW_7 = ("7",)
    ZOOM_IN = ("+", "=")
    ZOOM_OUT = ("-",)
    FIT = ("F", "Ctrl+0")
    PIXELS = ("Z",)
    GREY = ("Y",)
    COMPARE = ("Ctrl+D",)
    HIDDEN_PARTS = ("Shift+G",)
    FLOOR = ("Shift+F",)
    # lists
    TAB_1 = ("Alt+1",)
    TAB_2 = ("Alt+2",)
    TAB_3 = ("Alt+3",)
    TAB_4 = ("Alt+4",)
    TAB_5 = ("Alt+5",)
    TAB_6 = ("Alt+6",)
    FILTER = ("Ctrl+Shift+F",)
    LARGER = ("Ctrl+=", "Ctrl++")
    SMALLER = ("Ctrl+-",)
    IN_ORDER = ("Shift+O",)
    # runs and datasets
    PAUSE = ("Ctrl+Shift+P",)
    STOP = ("Ctrl+.",)
    MEASURE = ("Ctrl+Shift+M",)
    DATASET_FOLDER = ("Ctrl+Shift+O",)
    SHOW_DATASET = ("Ctrl+Shift+D",)
    VERIFY = ("Ctrl+Shift+V",)
    SPLITS = ("Ctrl+Shift+T",)
    COPY_FIGURES = ("Ctrl+Shift+C",)
    # the window
    NEW = ("Ctrl+N",)
    OPEN = ("Ctrl+O",)
    SAVE = ("Ctrl+S",)
    CLOSE = ("Ctrl+W",)
    QUIT = ("Ctrl+Q",)
    UNDO = ("Ctrl+Z",)
    REDO = ("Ctrl+Shift+Z", "Ctrl+Y")
    SEARCH = ("Ctrl+F",)
    INSPECTOR = ("Ctrl+I",)
    FULL_SCREEN = ("F11",)
    GUIDE = ("Shift+F1",)
    SHORTCUTS = ("F1", "?")
    PLACE_1 = ("Ctrl+1",)
    PLACE_2 = ("Ctrl+2",)
    PLACE_3 = ("Ctrl+3",)
    PLACE_4 = ("Ctrl+4",)
    PLACE_5 = ("Ctrl+5",)


TABS = (Keys.TAB_1, Keys.TAB_2, Keys.TAB_3, Keys.TAB_4, Keys.TAB_5, Keys.TAB_6)
"""The tabs or pages of a place, from the left."""

VIEWS = (Keys.VIEW_1, Keys.VIEW_2, Keys.VIEW_3, Keys.VIEW_4, Keys.VIEW_5, Keys.VIEW_6, Keys.VIEW_7)
"""The views of one picture, from the left."""

PLACES = (Keys.PLACE_1, Keys.PLACE_2, Keys.PLACE_3, Keys.PLACE_4, Keys.PLACE_5)
"""The places, from the top of the rail."""
