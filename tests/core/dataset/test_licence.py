"""The licence of a dataset: on its card and exported page, before a run and after it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from fgbg_studio.core.dataset.check import check
from fgbg_studio.core.dataset.hub_page import Config, ConfigSplit, hub_page
from fgbg_studio.core.dataset.inspect.open_contents import opened
from fgbg_studio.core.dataset.licence import LICENCE
from fgbg_studio.core.project import storage
from tests.helpers.datasets import make, small

CASES = {
    ("CC BY-SA 4.0", "CC BY 4.0"): ("**CC-BY-SA-4.0**", "cc-by-sa-4.0", 0),
    ("CC BY-SA 4.0", "CC BY-NC 4.0"): ("**The whole may not be given to others**", "other", 1),
    ("CC0", "CC BY-ND 4.0"): ("**The whole may not be given to others**", "other", 1),
    ("CC0", "<b>Flickr</b>"): ("Of the whole it is not known", "unknown", 0),
    ("own work", "CC0"): ("whoever made it may choose one", "other", 0),
}  # fmt: skip


@pytest.mark.parametrize(("of_backgrounds", "of_foregrounds"), list(CASES))
def test_card_page_and_warnings(
    make_project: Callable[..., Path], tmp_path: Path, of_backgrounds: str, of_foregrounds: str
) -> None:
    sentence, hub, warnings = CASES[of_backgrounds, of_foregrounds]
    folder = make_project(tmp_path, n_bg=1, n_fg=1, changes=small("studio-256"))
    project = storage.load(folder)
    backgrounds = tuple(one.model_copy(update={"licence": of_backgrounds}) for one in project.backgrounds)
    foregrounds = tuple(one.model_copy(update={"licence": of_foregrounds}) for one in project.foregrounds)
    project = project.model_copy(update={"backgrounds": backgrounds, "foregrounds": foregrounds})
    storage.save(folder, project)
    before = [issue for issue in check(folder, project, samples=False) if issue.code == LICENCE]
    assert len(before) == warnings
    after = make(folder, tmp_path / "set")
    assert [issue for issue in after.issues if issue.code == LICENCE] == before
    card = (tmp_path / "set" / "README.md").read_text("utf-8")
    section = card.partition("## Licence\n")[2].partition("\n## ")[0]
    assert sentence in section
    assert "<b>" not in section
    page = hub_page(
        opened(tmp_path / "set"), [Config("samples", "data", {"fg_bg": "image"}, [ConfigSplit("train", 1, 0)])]
    )
    assert yaml.safe_load(page.split("---\n")[1])["license"] == hub
    assert sentence in page


def test_a_dataset_that_says_no_licence_is_of_an_unknown_one(datasets: Callable[..., Path]) -> None:
    text = (datasets() / "README.md").read_text("utf-8")
    assert "the licence of 4 of 4 pictures is not stated" in text.lower()
