"""What Dataset says of faults calls kinds of pictures as its table does."""

from __future__ import annotations

import pytest

from fgbg_studio.gui.dataset.wording import in_words, sentence


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ("fg_bg differs from what the recipe makes", "Composite differs from what the recipe makes"),
        ("mask is missing", "Mask is missing"),
        ("depth cannot be read", "Depth map cannot be read"),
        ("fg_mask lies in another folder", "Foreground mask lies in another folder"),
        ("fg_bg has pictures of 2 shapes", "Composite has pictures of 2 shapes"),
        ("dataset.json says 1,152 fg_bg, there are 1,150", "dataset.json says 1,152 composites, there are 1,150"),
        ("dataset.json says 16 depth, there are 15", "dataset.json says 16 depth maps, there are 15"),
        ("archive with pictures that belong into another one", "Archive with pictures that belong into another one"),
        ("fg_bg/bg_00/bg_00_fg_00.jpg is damaged", "fg_bg/bg_00/bg_00_fg_00.jpg is damaged"),
    ],
)
def test_kinds_have_the_names_of_the_page(clause: str, said: str) -> None:
    assert sentence(clause) == said


def test_in_the_middle_of_a_line_they_are_written_small() -> None:
    assert in_words("fg_bg is missing") == "composite is missing"
