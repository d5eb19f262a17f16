"""What the presets' own ways do to masks and depth: the figures against those of the files, and the words."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from PIL import Image

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.dataset.check import check
from fgbg_studio.core.dataset.harm import Harm, Share, harms, measured
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe, make_recipe
from fgbg_studio.core.project import presets, storage
from fgbg_studio.core.project.importing import add_backgrounds, add_foregrounds
from tests.conftest import MakeProject, draw_background, write_picture
from tests.helpers.datasets import make


def project_of(folder: Path, preset: str, cutouts: dict[str, Pixels], *changes: str) -> Path:
    from fgbg_studio.cli.assignments import parsed

    storage.create(folder / "p", preset, parsed(changes))
    list(add_backgrounds(folder / "p", [write_picture(folder / "bg.png", draw_background(1))]))
    verdicts = list(
        add_foregrounds(folder / "p", [write_picture(folder / name, pixels) for name, pixels in cutouts.items()])
    )
    assert [verdict.reason for verdict in verdicts] == [""] * len(cutouts)
    return folder / "p"


def soft(rim: int, alpha: int, side: int = 40) -> Pixels:
    """A square object of ``side`` pixels, its outermost ``rim`` of ``alpha``, in the middle of nothing."""
    rgba = np.full((side, side, 4), 90, np.uint8)
    rgba[..., :3] += np.arange(side, dtype=np.uint8)[:, None, None]
    rgba[..., 3] = alpha
    rgba[rim : side - rim, rim : side - rim, 3] = 255
    return np.pad(rgba, ((5, 5), (5, 5), (0, 0)))


def look(project: Path, *, depth: bool = True) -> tuple[Recipe, Harm]:
    recipe = make_recipe(storage.load(project))
    composer = Composer(Pictures(recipe, None, project))
    return recipe, measured(composer, recipe.settings.depth.way.open(composer, LocalStore(project)) if depth else None)


class TestPerforated:
    CUTOUTS: ClassVar = {"a.png": soft(0, 255), "b.png": soft(4, 200), "c.png": soft(8, 130), "d.png": soft(6, 100)}
    """Of 1,600 pixels of an object 576 and 1,024 are soft in b and c; d's rim is less than half covered: no object."""

    def test_the_share_and_the_worst_file(self, tmp_path: Path) -> None:
        _, harm = look(project_of(tmp_path, "classroom-192", self.CUTOUTS, "foreground.trim=alpha"))
        assert harm.lost == Share(pytest.approx(576 / 1600 / 2), 1024 / 1600, "foregrounds/c.png")

    def test_the_words(self, tmp_path: Path) -> None:
        recipe, harm = look(project_of(tmp_path, "classroom-192", self.CUTOUTS, "foreground.trim=alpha"))
        (issue,) = [issue for issue in harms(recipe.settings, harm) if issue.code == "mask-perforated"]
        assert issue.message == (
            "pixels whose alpha is under 255 fall out of mask and composite: 18% of an object (the median), at most "
            "64%, in foregrounds/c.png"
        )

    def test_clean_cutouts_are_no_reason_for_a_warning(self, tmp_path: Path) -> None:
        recipe, harm = look(project_of(tmp_path, "classroom-192", {"a.png": soft(0, 255)}))
        assert "mask-perforated" not in {issue.code for issue in harms(recipe.settings, harm)}

    def test_the_way_out_ends_it(self, tmp_path: Path) -> None:
        changes = ["compositing.mask_threshold=128", "compositing.mask_of=sized", "foreground.trim=alpha"]
        recipe, harm = look(project_of(tmp_path, "classroom-192", self.CUTOUTS, *changes))
        assert harm.lost is None
        assert "mask-perforated" not in {issue.code for issue in harms(recipe.settings, harm)}


class TestWide:
    def test_course_masks_take_in_what_is_hardly_covered(self, tmp_path: Path) -> None:
        """A rim of alpha 60 around 70 × 70 solid pixels of 90 × 90, at its own size."""
        sizes = ["foreground.sizing.low=90", "foreground.sizing.high=90"]
        project = project_of(tmp_path, "course-200", {"a.png": soft(10, 60, 90)}, *sizes)
        recipe, harm = look(project)
        assert harm.wider == Share(90**2 / 70**2, 90**2 / 70**2, "foregrounds/a.png")
        (issue,) = [issue for issue in harms(recipe.settings, harm) if issue.code == "mask-wide"]
        assert "1.65 times (at most 1.65 times, in foregrounds/a.png) as large as the object" in issue.message


class TestFiles:
    """The figures are those of a dataset's files, as any program reads them."""

    @pytest.mark.parametrize("preset", ["classroom-192", "street-224", "office-224", "layers-150", "course-200"])
    def test_masks(self, preset: str, make_project: MakeProject, tmp_path: Path) -> None:
        project, out = make_project(tmp_path, preset, 2, 3), tmp_path / "out"
        _, harm = look(project)
        make(project, out)
        plan, ratios = Plan(open_dataset(out).recipe), []
        for f in range(3):
            sample = plan[plan.number(f % 2, f, False, f)]
            mask = np.asarray(Image.open(out / plan.paths(sample).mask))
            ratios.append((mask > 0).sum() / (mask >= 128).sum())
        assert harm.read is not None
        assert harm.read[:2] == (pytest.approx(np.median(ratios)), pytest.approx(max(ratios)))
        assert harm.read.median > 1.02

    @pytest.mark.parametrize("preset", ["classroom-192", "street-224", "office-224", "layers-150"])
    def test_depth_near_an_edge(self, preset: str, make_project: MakeProject, tmp_path: Path) -> None:
        """Against depth that was never a JPEG, in metres; of the stretched ones with each map's own range."""
        project = make_project(tmp_path, preset, 1, 2)
        _, harm = look(project)
        make(project, tmp_path / "jpeg", limit=None)
        exact = ["depth.encoding=uint16-millimetres", "codecs.depth.format=png", "codecs.mask.format=png"]
        make(make_project(tmp_path, preset, 1, 2, exact, "exact"), tmp_path / "metres")
        jpeg, metres = (Plan(open_dataset(tmp_path / name).recipe) for name in ("jpeg", "metres"))
        wrong = []
        for f in range(2):
            sample = jpeg[jpeg.number(0, f, False, f)]
            true = np.asarray(Image.open(tmp_path / "metres" / metres.paths(metres[sample.number]).depth)) / 1000
            mask = np.asarray(Image.open(tmp_path / "metres" / metres.paths(metres[sample.number]).mask)) > 0
            mask = np.asarray(Image.fromarray(mask).resize(true.shape[::-1], Image.Resampling.NEAREST))
            value = np.asarray(Image.open(tmp_path / "jpeg" / jpeg.paths(sample).depth)) / 255
            said = {
                "classroom-192": true.min() + (1 - value) * np.ptp(true),
                "street-224": true.min() + value * np.ptp(true),
            }.get(preset, 10 * value)
            near = [np.roll(mask, (dy, dx), (0, 1)) for dy in range(-2, 3) for dx in range(-2, 3)]
            edge = np.logical_or.reduce(near) & ~np.logical_and.reduce(near)
            wrong.append((np.abs(said - true) > 0.05 * true)[edge])
        assert harm.border == pytest.approx(np.concatenate(wrong).mean(), abs=0.02)

    def test_where_nothing_is_lost_nothing_is_read(self, tmp_path: Path, make_project: MakeProject) -> None:
        project = make_project(tmp_path)
        for path in (project / "foregrounds").iterdir():
            path.unlink()
        recipe, harm = look(project)
        assert harm == Harm()
        assert list(harms(recipe.settings, harm)) == []

    def test_a_cutout_that_is_gone_does_not_hide_the_others(self, tmp_path: Path, make_project: MakeProject) -> None:
        project = make_project(tmp_path, "street-224", 1, 3)
        next(iter(sorted((project / "foregrounds").iterdir()))).unlink()
        _, harm = look(project)
        assert harm.read is not None
        assert harm.read.worst > 1


class TestWhereItIsSaid:
    @pytest.mark.parametrize("preset", presets.names())
    def test_on_the_card_as_in_the_check(self, preset: str, tmp_path: Path) -> None:
        cutouts = {"a.png": soft(4, 200, 90), "b.png": soft(6, 200, 90)}
        project, out = project_of(tmp_path, preset, cutouts), tmp_path / "out"
        codes = {"mask-perforated", "mask-wide", "mask-jpeg", "depth-jpeg", "depth-stretched", "depth-size"}
        said = [issue.message for issue in check(project, storage.load(project)) if issue.code in codes]
        make(project, out, limit=3)
        card = (out / "README.md").read_text(encoding="utf-8")
        for message in said:
            assert f"- {message[0].upper()}{message[1:]}.\n" in card
        assert ("## Read before training" in card) == bool(said)
        by_hand = preset not in {"studio-256", "scenes-384"}
        assert bool(said) == by_hand
        assert ("compare masks with 128, never with 0" in card) == by_hand

    def test_a_network_that_sees_composites_is_not_asked(self, tmp_path: Path, make_project: MakeProject) -> None:
        project = make_project(tmp_path, "street-224", changes=["depth.way=network"])
        found = [issue.message for issue in check(project, storage.load(project)) if issue.code == "depth-jpeg"]
        assert found == ["depth is stored as JPEG, which is not exact"]
