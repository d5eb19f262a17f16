"""Which samples stand for a plan: different ones, the same again, and the same pictures when settings change."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.compose.preview import preview, write_preview
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.plan import selection
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.plan.selection import COUNT, SampleSelection, chosen, selected, spread, thinned
from fgbg_studio.core.project import presets, storage
from tests.conftest import MakeProject, drawn_recipe
from tests.helpers.datasets import small


@pytest.mark.parametrize("preset", presets.names())
@pytest.mark.parametrize("pictures", [1, 2, 3, 30])
def test_a_few_are_the_first_of_many(preset: str, pictures: int) -> None:
    plan = Plan(drawn_recipe(preset, pictures, pictures))
    many = selected(plan, SampleSelection())
    assert len(set(many)) == min(COUNT, len(plan))
    assert all(0 <= number < len(plan) for number in many)
    for count in (1, 12, COUNT):
        assert selected(plan, SampleSelection(count=count)) == many[:count]
    assert selected(plan, SampleSelection(seed=2)) != many


def test_of_one_picture_or_of_two() -> None:
    plan = Plan(drawn_recipe())
    background, foreground = plan.recipe.backgrounds[3].sha256, plan.recipe.foregrounds[5].sha256
    alone = selected(plan, SampleSelection(background=background))
    assert {plan[number].background for number in alone} == {3}
    assert len({plan[number].first.foreground for number in alone}) > 1
    both = selected(plan, SampleSelection(background=background, foreground=foreground))
    assert {plan[number].identity[:2] for number in both} == {(3, 5)}
    assert len(both) == plan.counts.mirrored * plan.counts.placement


def test_how_many_are_as_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan(drawn_recipe("studio-256", 5, 6))
    every = [plan[number] for number in range(len(plan))]
    background = plan.recipe.backgrounds[3].sha256
    assert chosen(plan, SampleSelection())[1:] == (len(plan), True)
    assert chosen(plan, SampleSelection(order="tiny"))[1:] == (len(plan), True)
    assert chosen(plan, SampleSelection(background=background))[1:] == (sum(s.background == 3 for s in every), True)
    size, low = plan.recipe.settings.size, 0.4
    tall = sum(sample.first.height >= low * size for sample in every)
    narrow = SampleSelection(heights=(low, 1.0))
    assert chosen(plan, narrow)[1:] == (tall, True)
    monkeypatch.setattr(selection, "_LOOKED_AT", len(plan) // 2)
    _, about, exact = chosen(plan, narrow)
    assert not exact
    assert about == pytest.approx(tall, rel=0.2)


def test_other_placements_show_the_same_pictures() -> None:
    shown = []
    for changes in (["placements=20"], ["placements=7"], ["placement=uniform", "mirrored=true"]):
        plan = Plan(drawn_recipe(changes=changes))
        shown.append([plan[number].identity[:3] for number in selected(plan, SampleSelection())])
    assert shown[0] == shown[1] == shown[2]


def test_the_sheet_of_the_command_line_shows_what_the_window_does(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, n_bg=2, n_fg=2, changes=small("studio-256"))
    recipe = make_recipe(storage.load(project))
    write_preview(recipe, project, 5, tmp_path / "sheet.png")
    composer, plan = Composer(Pictures(recipe, None, project)), Plan(recipe)
    window = preview(composer, plan, selected(plan, SampleSelection())[:5], LocalStore(tmp_path))
    assert (tmp_path / "sheet.png").read_bytes() == encode(window, Codec())


def test_spread_numbers_are_different_in_order_and_the_same_again() -> None:
    assert spread(5, 10) == [0, 1, 2, 3, 4]
    some = spread(1000, 24, 3)
    assert some == sorted(set(some)) == spread(1000, 24, 3)
    assert len(some) == 24


def test_samples_of_a_thinned_recipe_are_those_of_the_whole() -> None:
    whole = drawn_recipe(n_bg=40, n_fg=30)
    few, plan = thinned(whole, 7), Plan(whole)
    assert (len(few.backgrounds), len(few.foregrounds)) == (7, 7)
    assert thinned(whole, 40) == whole
    for sample in Plan(few)[::97]:
        b = whole.backgrounds.index(few.backgrounds[sample.background])
        f = whole.foregrounds.index(few.foregrounds[sample.first.foreground])
        same = plan[plan.number(b, f, sample.first.mirrored, sample.k)]
        assert same.first[1:] == sample.first[1:]
