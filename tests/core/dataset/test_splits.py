"""Splits leak nothing: no picture, nor one that is nearly the same, is in two parts; and every reader finds them."""

from __future__ import annotations

import csv
import json
import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest

from fgbg_studio.core.base.arrays import AnyPixels
from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.base.seal import sealed, unsealed
from fgbg_studio.core.dataset.inspect.open_contents import opened
from fgbg_studio.core.dataset.normalisation import normalise
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.dataset.splits import (
    NAMES,
    NONE,
    Splits,
    SplitSettings,
    leak_of_random,
    make_splits,
    read_splits,
)
from fgbg_studio.core.project import storage
from tests.conftest import MakeProject, draw_background, draw_cutout, write_picture
from tests.helpers.datasets import find, last, make, mend, quick, small
from tests.helpers.foreign import by_hand, composite, mask, save

SETTINGS = SplitSettings(background=0.4, foreground=0.4, pairs=0.3)


def split(path: Path, settings: SplitSettings = SETTINGS) -> Splits:
    made = last(make_splits(path, settings))
    assert isinstance(made, Splits)
    return made


def lists(folder: Path) -> dict[str, list[str]]:
    return {name: (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines() for name in NAMES}


@pytest.fixture(scope="module")
def pristine(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished dataset of 5 × 5 pictures without splits, in ZIPs."""
    folder = tmp_path_factory.mktemp("splits")
    project = make_project(folder, n_bg=5, n_fg=5, changes=small("studio-256", "depth.way=none", "writer=zip"))
    make(project, folder / "out")
    return folder / "out"


@pytest.fixture
def dataset(pristine: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pristine, tmp_path / "out"))


def test_no_picture_is_trained_with_and_judged_by(dataset: Path) -> None:
    made, who = split(dataset), defaultdict[str, set[tuple[str, str]]](set)
    with (dataset / "splits" / "splits.csv").open(encoding="utf-8", newline="") as table:
        by_name = {row["name"]: row["split"] for row in csv.DictReader(table)}
    with (dataset / "samples.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            who[by_name.pop(row["name"])].add((row["background"], row["foreground"]))
    assert not by_name
    assert set(who) == set(NAMES)  # every part has some: 2 of 5 are held out on both sides
    backgrounds, foregrounds = ({pair[side] for pair in who["train"] | who["seen"]} for side in (0, 1))
    assert len(backgrounds) == len(foregrounds) == 3
    assert not who["train"] & who["seen"]
    assert not {b for b, _ in who["new-background"] | who["both-new"]} & backgrounds
    assert not {f for _, f in who["new-foreground"] | who["both-new"]} & foregrounds
    assert {f for _, f in who["new-background"]} <= foregrounds
    assert {b for b, _ in who["new-foreground"]} <= backgrounds
    assert made.counts == {"train": 24, "seen": 12, "new-background": 24, "new-foreground": 24, "both-new": 16, NONE: 0}


def test_the_lists_and_what_is_read_say_the_same(dataset: Path) -> None:
    made, contents = split(dataset), opened(dataset)
    found = read_splits(dataset)
    assert found is not None
    assert found.settings == SETTINGS
    assert found.digest == made.digest
    assert found.backgrounds == made.backgrounds
    for name in NAMES:
        numbers = found.numbers(name)
        assert [contents.triple(number).name for number in numbers.tolist()] == lists(dataset / "splits")[name]
        assert {found.of(number) for number in numbers.tolist()} == {name}
    assert found.of(contents.dataset.plan()[7] if contents.dataset else 7) == found.of(7)
    np.testing.assert_array_equal(found.column([7, 3, 3]), found.codes[[7, 3, 3]])
    with pytest.raises(IndexError):
        found.column([len(contents.numbers())])
    with pytest.raises(ValueError, match="no split 'validation'"):
        found.numbers("validation")


def test_a_seed_says_which_they_are(dataset: Path) -> None:
    split(dataset)
    first = {path.name: path.read_bytes() for path in (dataset / "splits").iterdir()}
    other = split(dataset, SETTINGS.model_copy(update={"seed": 3}))
    assert (dataset / "splits" / "splits.csv").read_bytes() != first["splits.csv"]
    assert other.counts["train"] == 24
    split(dataset)
    assert {path.name: path.read_bytes() for path in (dataset / "splits").iterdir()} == first


def test_a_person_may_say_which_pictures_are_held_out(dataset: Path) -> None:
    names = {"new_backgrounds": ("bg_003",), "trained_foregrounds": ("fg_000", "fg_001", "fg_002")}
    made = split(dataset, SETTINGS.model_copy(update=names))
    assert {one.name: one.new for one in made.backgrounds}["bg_003"]
    assert [one.name for one in made.foregrounds if one.new] == ["fg_003", "fg_004"]
    with pytest.raises(UsageError, match="no picture 'bg_9'"):
        split(dataset, SplitSettings(new_backgrounds=("bg_9",)))
    with pytest.raises(UsageError, match="bg_001, or a picture that is nearly the same, is both"):
        split(dataset, SplitSettings(new_backgrounds=("bg_001",), trained_backgrounds=("bg_001",)))


def test_nothing_is_held_out_where_nothing_is_asked_for(dataset: Path) -> None:
    made = split(dataset, SplitSettings(background=0, foreground=0, pairs=0))
    assert made.counts["train"] == len(made.codes)


def test_a_dataset_in_one_archive_has_them_beside_it_or_in_it(dataset: Path, tmp_path: Path) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", dataset.parent, "out"))
    assert read_splits(archive) is None
    made = split(archive)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "packed.zip", "packed.zip.splits"]
    beside = read_splits(archive)
    assert beside is not None
    assert beside.digest == made.digest
    split(dataset, SplitSettings(seed=9))
    inside = Path(shutil.make_archive(str(tmp_path / "with"), "tar", dataset.parent, "out"))
    packed, own = read_splits(inside), read_splits(dataset)
    assert packed is not None
    assert own is not None
    assert packed.digest == own.digest != made.digest


def test_verifying_knows_them_and_repair_writes_the_lists_again(dataset: Path) -> None:
    split(dataset)
    assert quick(dataset).clean
    assert find(dataset).clean
    before = {path.name: path.read_bytes() for path in (dataset / "splits").iterdir()}
    (dataset / "splits" / "seen.txt").unlink()
    (dataset / "splits" / "splits.csv").write_bytes(b"name,split\n")
    assert {file for group in quick(dataset).in_order() for file in group.files} == {
        "splits/seen.txt", "splits/splits.csv",
    }  # fmt: skip
    assert mend(dataset).restored == ["splits/seen.txt", "splits/splits.csv"]
    assert {path.name: path.read_bytes() for path in (dataset / "splits").iterdir()} == before


def test_damaged_ones_are_not_believed(dataset: Path) -> None:
    split(dataset)
    file = dataset / "splits" / "splits.json"
    file.write_bytes(file.read_bytes().replace(b'"seed": 0', b'"seed": 1'))
    with pytest.raises(DatasetError, match=r"cannot be used \(its contents are not those that were written\)"):
        read_splits(dataset)
    assert [group.issue.code for group in quick(dataset).in_order()] == ["splits"]
    split(dataset)
    assert quick(dataset).clean


def test_those_of_other_samples_are_not_taken(dataset: Path, tmp_path: Path) -> None:
    hand = pairs(tmp_path / "hand", 3, 3)
    split(hand)
    extra = "bg_000_fg_000_01.png"
    save(hand / "fg_bg" / extra, composite(9))
    save(hand / "mask" / extra, mask(9))
    with pytest.raises(DatasetError, match="of other samples"):
        read_splits(hand)
    for kind in ("fg_bg", "mask"):  # as many as before, and one is another
        (hand / kind / "bg_000_fg_000_00.png").unlink()
    with pytest.raises(DatasetError, match="of other samples"):
        read_splits(hand)
    split(dataset)
    shutil.copytree(hand / "splits", dataset / "splits", dirs_exist_ok=True)
    with pytest.raises(DatasetError, match="of other samples"):
        read_splits(dataset)
    assert any("other samples" in message for message in quick(dataset).groups)


def test_a_folder_of_that_name_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    hand = pairs(tmp_path / "hand", 2, 2)
    (hand / "splits").mkdir()
    (hand / "splits" / "mine.txt").write_text("a", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"not of this program \(mine.txt\)"):
        split(hand)
    assert [path.name for path in (hand / "splits").iterdir()] == ["mine.txt"]


def pairs(root: Path, backgrounds: int, foregrounds: int) -> Path:
    """A dataset made by hand, one sample a pair, without the pictures themselves."""
    for b in range(backgrounds):
        for f in range(foregrounds):
            name = f"bg_{b:03}_fg_{f:03}_00.png"
            save(root / "fg_bg" / name, composite(b * foregrounds + f))
            save(root / "mask" / name, mask(b + f))
    return root


def of_pictures(root: Path, bg: Iterable[AnyPixels], fg: Iterable[AnyPixels]) -> Path:
    """Likewise, with them."""
    shown = {"bg": list(bg), "fg": list(fg)}
    for axis, pictures in shown.items():
        for number, pixels in enumerate(pictures):
            write_picture(root / axis / f"{axis}_{number:03}.png", np.ascontiguousarray(pixels))
    return pairs(root, len(shown["bg"]), len(shown["fg"]))


def test_what_is_nearly_the_same_stays_together(tmp_path: Path) -> None:
    room, figure = draw_background(0), draw_cutout(1)
    smaller = cv2.resize(room, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)
    recoloured = figure.copy()
    recoloured[..., :3] = 255 - recoloured[..., :3]
    hand = of_pictures(
        tmp_path / "hand",
        [room, draw_background(1), smaller, room[:, ::-1], draw_background(2)],
        [figure, draw_cutout(2), figure[:, ::-1], recoloured],
    )
    made = split(hand, SplitSettings(background=0.2, foreground=0.25))
    assert [one.identity for one in made.backgrounds] == [0, 1, 0, 0, 2]
    assert [one.identity for one in made.foregrounds] == [0, 1, 0, 2]
    for pictures in (made.backgrounds, made.foregrounds):
        assert len({one.new for one in pictures if one.identity == 0}) == 1
        assert sum(one.new for one in pictures) == 1


def test_a_picture_with_more_light_is_the_same(tmp_path: Path) -> None:
    room = draw_background(0)
    brighter, darker = (np.clip(room * gain, 0, 255).astype(np.uint8) for gain in (1.5, 0.5))
    assert abs(brighter.mean() - room.mean()) > 32 < abs(darker.mean() - room.mean())
    hand = of_pictures(tmp_path / "hand", [room, draw_background(1), brighter, darker], [draw_cutout(1)])
    assert [one.identity for one in split(hand, SplitSettings(foreground=0)).backgrounds] == [0, 1, 0, 0]


def test_mirrored_foregrounds_with_numbers_of_their_own_belong_to_the_plain_ones(tmp_path: Path) -> None:
    hand = pairs(tmp_path / "hand", 2, 6)
    for number in range(3):
        write_picture(hand / "fg" / f"fg_{number:03}.png", draw_cutout(number))
    assert [one.identity for one in split(hand).foregrounds] == [0, 1, 2, 0, 1, 2]


@pytest.mark.parametrize("team", ["classroom", "street", "office", "layers", "course"])
def test_datasets_made_by_hand_are_split_as_they_are_named(tmp_path: Path, team: str) -> None:
    made = split(by_hand(tmp_path / "hand", team))
    assert sum(made.counts.values()) == 6
    found = read_splits(tmp_path / "hand")
    assert found is not None
    assert found.digest == made.digest
    assert find(tmp_path / "hand").passed.total == 0


def test_names_that_say_nothing_are_refused(tmp_path: Path) -> None:
    for number in range(3):
        save(tmp_path / "hand" / "fg_bg" / f"{number}.png", composite(number))
        save(tmp_path / "hand" / "mask" / f"{number}.png", mask(number))
    with pytest.raises(UsageError, match="do not say which background and foreground"):
        split(tmp_path / "hand")


def test_names_of_which_a_few_say_nothing_are_named(tmp_path: Path) -> None:
    from fgbg_studio.core.dataset.adopting.adopt import adopt

    hand = by_hand(tmp_path / "hand", "street")
    for kind in ("fg_bg", "fg_bg_masks", "fg_bg_depth"):
        (hand / kind / "bg_00" / "IMG_2041.jpg").write_bytes(next((hand / kind / "bg_00").iterdir()).read_bytes())
    with pytest.raises(
        UsageError, match=r"of 1 of 7 samples .* foreground they are of: IMG_2041\. Name them like"
    ) as said:
        split(hand)
    assert "described (adopt)" in str(said.value)
    assert "1 of 7 names do not say" in opened(hand).notes[0]
    last(adopt(hand))
    assert split(hand).counts[NONE] == 1


def test_of_scenes_every_object_counts(make_project: MakeProject, tmp_path: Path) -> None:
    changes = small("studio-256", "scene.objects.least=1", "scene.objects.most=3", "depth.way=none", "placements=4")
    make(make_project(tmp_path, n_bg=4, n_fg=6, changes=changes), tmp_path / "out")
    made, plan = split(tmp_path / "out"), open_dataset(tmp_path / "out").plan()
    new_b, new_f = ([one.new for one in pictures] for pictures in (made.backgrounds, made.foregrounds))
    trained: set[tuple[int, int]] = set()
    judged: set[tuple[int, int]] = set()
    for sample in plan:
        objects = {one.foreground for one in sample.objects}
        news, name = {new_f[f] for f in objects}, made.of(sample)
        expected = {
            (False, False): {"train", "seen", NONE}, (True, False): {"new-background"},
            (False, True): {"new-foreground"}, (True, True): {"both-new"},
        }  # fmt: skip
        assert name in ({NONE} if len(news) > 1 else expected[new_b[sample.background], news.pop()])
        if name == "train":
            trained |= {(sample.background, f) for f in objects}
        if name == "seen":
            judged.add((sample.background, sample.first.foreground))
    assert trained
    assert judged
    assert not trained & judged
    assert made.counts[NONE]


def test_excluded_samples_have_no_split(make_project: MakeProject, tmp_path: Path) -> None:
    from fgbg_studio.cli.main import main

    project = make_project(tmp_path, n_bg=3, n_fg=3, changes=small("studio-256", "depth.way=none"))
    main.main(["exclude", str(project), "bg_001 fg_001", "bg_000_fg_000_p_00"], standalone_mode=False)
    make(project, tmp_path / "out")
    made, contents = split(tmp_path / "out"), opened(tmp_path / "out")
    assert len(made.codes) == 3 * 3 * 2 * 2 - 5
    numbers = np.asarray(contents.numbers(), np.int64)
    assert [made.of(int(number)) for number in numbers] == [NAMES[code] for code in made.column(numbers)]
    with pytest.raises(IndexError):
        made.of(0)


def test_nothing_is_written_through_a_link(dataset: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    try:
        (dataset / "splits").symlink_to(elsewhere, target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links")
    with pytest.raises(DatasetError, match="is a link"):
        split(dataset)
    assert not list(elsewhere.iterdir())


def test_a_random_split_leaks_where_pictures_come_again(dataset: Path, tmp_path: Path) -> None:
    assert "each of 5 backgrounds is in about 20 samples" in leak_of_random(opened(dataset))
    assert "the 4 samples of a pair" in leak_of_random(opened(dataset))
    assert leak_of_random(opened(by_hand(tmp_path / "hand", "course"))) == ""


def test_the_card_says_how_it_is_split_and_is_mended(dataset: Path) -> None:
    card = dataset / "README.md"
    before = card.read_text(encoding="utf-8")
    split(dataset)
    text = card.read_text(encoding="utf-8")
    assert text.index("## Statistics") < text.index("## Splits") < text.index("## Files")
    assert "| `train` | 24 | to train with |" in text
    assert "Held out are 2 of 5 backgrounds and 2 of 5 foregrounds" in text
    assert "splits/" in text.partition("## Files")[2].partition("## ")[0]
    last(normalise(dataset))
    text = card.read_text(encoding="utf-8")
    assert "Of 24 samples to train with: composites mean 0." in text
    assert quick(dataset).clean
    assert text.replace("## Splits", "").count("## ") == before.count("## ")
    card.write_text("", encoding="utf-8")
    assert mend(dataset).restored == ["README.md"]
    assert card.read_text(encoding="utf-8") == text


def test_a_run_splits_what_it_has_made(make_project: MakeProject, tmp_path: Path) -> None:
    changes = small("studio-256", "splits.made=true", "splits.background=0.5", "splits.seed=4")
    project = make_project(tmp_path, n_bg=4, n_fg=4, changes=changes)
    make(project, tmp_path / "out")
    made = read_splits(tmp_path / "out")
    assert made is not None
    assert made.settings == SplitSettings(background=0.5, seed=4)
    assert find(tmp_path / "out").clean
    by_hand_now = split(tmp_path / "out", SplitSettings(seed=9))
    make(project, tmp_path / "out")
    kept = read_splits(tmp_path / "out")
    assert kept is not None
    assert kept.settings == by_hand_now.settings
    assert quick(tmp_path / "out").clean


def test_a_project_that_asks_for_other_splits_goes_on_with_its_dataset(
    make_project: MakeProject, tmp_path: Path
) -> None:
    project = make_project(tmp_path, n_bg=3, n_fg=3, changes=small("studio-256", "depth.way=none"))
    make(project, tmp_path / "out")
    assert "splits" not in open_dataset(tmp_path / "out").record["recipe"]["settings"]
    assert read_splits(tmp_path / "out") is None
    storage.save(project, storage.changed(storage.load(project), {"splits.made": True}))
    picture = next((tmp_path / "out" / "fg_bg").rglob("*.jpg"))
    before = picture.stat().st_mtime_ns
    make(project, tmp_path / "out")
    assert read_splits(tmp_path / "out") is not None
    assert picture.stat().st_mtime_ns == before


def test_samples_whose_names_say_nothing_are_in_no_split(tmp_path: Path) -> None:
    from fgbg_studio.core.dataset.adopting.adopt import adopt

    hand = by_hand(tmp_path / "hand", "street")
    last(adopt(hand))
    for kind in ("fg_bg", "fg_bg_masks", "fg_bg_depth"):
        (hand / kind / "bg_00" / "odd.jpg").write_bytes(next((hand / kind / "bg_00").iterdir()).read_bytes())
    assert split(hand).counts[NONE] == 1


@pytest.mark.parametrize("runs", ["", "0", "0 x", "7 80", "0 -80", f"0 {10**30}", "0 9000000000000000"])
def test_runs_that_somebody_else_wrote_are_refused(dataset: Path, runs: str) -> None:
    split(dataset)
    file = dataset / "splits" / "splits.json"
    said = unsealed(file.read_bytes())
    file.write_bytes(sealed(f"{json.dumps({**said, 'runs': runs}, indent=1)}\n"))
    with pytest.raises(DatasetError, match="cannot be used"):
        read_splits(dataset)
    (dataset / "splits" / "seen.txt").unlink()
    assert "splits/seen.txt" in mend(dataset).left
