"""How the window writes things."""

from __future__ import annotations

from fgbg_studio.gui.lib.formatting import capital


def test_a_sentence_begins_with_a_capital_and_a_file_as_it_is_called() -> None:
    assert capital("starting") == "Starting"
    assert capital("no such folder: a/b") == "No such folder: a/b"
    assert capital("foregrounds/anna.png does not fit") == "foregrounds/anna.png does not fit"
    assert capital("δ1 of depth") == "δ1 of depth"
    assert capital("") == ""
