"""The list of entries keeps its order and its entries while a person works, until they choose anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fgbg_studio.core.project.model import Foreground
from fgbg_studio.gui.foregrounds.photo_item import ItemFilter, ItemOrder, PhotoItem, State, shown
from fgbg_studio.gui.foregrounds.shown_items import ShownItems

NAMES = ["cup-10", "cup-2", "ant", "Bee"]


def foreground(name: str, status: str = "good", *, reviewed: bool = True) -> Foreground:
    box = (0, 0, 1, 1)
    sha256 = name.encode().hex().rjust(64, "0")
    return Foreground.model_validate(
        {"file": f"foregrounds/{name}.png", "sha256": sha256, "width": 1, "height": 1, "box": box, "contour": box,
         "status": status, "reviewed": reviewed}
    )  # fmt: skip


def item(name: str, state: State = State.TO_CUT) -> PhotoItem:
    kept = {
        State.KEPT: foreground(name), State.TO_LOOK_AT: foreground(name, reviewed=False),
        State.REJECTED: foreground(name, "rejected"),
    }  # fmt: skip
    return PhotoItem(Path("photos") / f"{name}.jpg", state is State.BEGUN, kept.get(state))


def names(items: ShownItems) -> list[str]:
    return [path.stem for path in items.paths]


@pytest.fixture
def items() -> ShownItems:
    made = ShownItems()
    made.set_items([item(name) for name in NAMES])
    return made


@pytest.mark.parametrize("state", list(State))
def test_an_entry_knows_how_far_it_is(state: State) -> None:
    assert item("cup", state).state is state


def test_orders() -> None:
    states = [State.KEPT, State.TO_CUT, State.REJECTED, State.TO_LOOK_AT]
    every = [item(name, state) for name, state in zip(NAMES, states, strict=True)]
    badness = {every[0].cutout: 1.0, every[3].cutout: 4.0, every[2].cutout: 0.0}

    def order(order: ItemOrder, *, reverse: bool = False) -> list[str]:
        return [path.stem for path in shown(every, ItemFilter(order=order, reverse=reverse), badness)]

    assert order(ItemOrder.ADDED) == NAMES
    assert order(ItemOrder.NAME) == ["ant", "Bee", "cup-2", "cup-10"]
    copies = [item("cup-2"), item("cup")]  # as another object of the same photo is called
    assert shown(copies, ItemFilter(order=ItemOrder.NAME), {}) == [Path("photos/cup.jpg"), Path("photos/cup-2.jpg")]
    assert order(ItemOrder.NAME, reverse=True) == ["cup-10", "cup-2", "Bee", "ant"]
    assert order(ItemOrder.STATE) == ["cup-2", "Bee", "cup-10", "ant"]
    assert order(ItemOrder.WORST) == ["Bee", "cup-10", "ant", "cup-2"]


def test_what_was_done_to_an_entry_leaves_it_until_one_moves_on(items: ShownItems) -> None:
    items.choose(ItemFilter(State.TO_CUT))
    items.set_items([item("cup-10"), item("cup-2", State.KEPT), item("ant"), item("Bee")])
    assert names(items) == NAMES
    items.move_on(Path("photos/cup-2.jpg"))
    assert names(items) == NAMES
    assert items.neighbour(Path("photos/cup-2.jpg"), 1) == Path("photos/ant.jpg")
    items.move_on(Path("photos/ant.jpg"))
    assert names(items) == ["cup-10", "ant", "Bee"]
    items.set_items([item(name) for name in NAMES])  # undone
    items.move_on(Path("photos/Bee.jpg"))
    assert names(items) == NAMES


@pytest.mark.parametrize("order", [ItemOrder.STATE, ItemOrder.WORST, ItemOrder.NAME])
def test_nothing_is_sorted_anew_by_itself(items: ShownItems, order: ItemOrder) -> None:
    items.choose(ItemFilter(order=order))
    before = names(items)
    items.set_badness({}, complete=True)
    items.set_items([item("cup-10"), item("cup-2", State.KEPT), item("ant", State.REJECTED), item("Bee")])
    items.set_badness({item("ant", State.KEPT).cutout: 9.0, item("cup-2", State.KEPT).cutout: 3.0}, complete=True)
    items.move_on(Path("photos/Bee.jpg"))
    assert names(items) == before
    items.choose(items.choice)
    assert (names(items) == before) == (order is ItemOrder.NAME)


def test_the_worst_come_first_as_soon_as_all_is_measured(items: ShownItems) -> None:
    items.set_items([item(name, State.KEPT) for name in NAMES])
    items.choose(ItemFilter(order=ItemOrder.WORST))
    bad = {item(name, State.KEPT).cutout: float(number) for number, name in enumerate(NAMES)}
    items.set_badness(bad, complete=False)
    assert names(items) == NAMES
    items.set_badness(bad, complete=True)
    assert names(items) == NAMES[::-1]


def test_what_is_new_comes_where_it_belongs(items: ShownItems) -> None:
    items.choose(ItemFilter(order=ItemOrder.NAME))
    items.set_items([*(item(name) for name in NAMES), item("bat")])
    assert names(items) == ["ant", "bat", "Bee", "cup-2", "cup-10"]
    items.set_items([item(name) for name in NAMES[1:]])
    assert names(items) == ["ant", "Bee", "cup-2"]


def test_photos_that_are_found_late_come_before_cutouts_without_one() -> None:
    items = ShownItems()
    alone = PhotoItem(Path("foregrounds/z.png"), foreground=foreground("z"))
    items.set_items([alone])
    items.set_items([item("a"), item("b"), alone])
    assert names(items) == ["a", "b", "z"]


def test_a_cutout_that_becomes_a_photo_stays_in_its_place(items: ShownItems) -> None:
    alone = PhotoItem(Path("foregrounds/z.png"), foreground=foreground("z"))
    items.set_items([item("a"), alone, item("b")])
    items.set_items([item("a"), item("b"), item("z", State.KEPT)])
    assert names(items) == ["a", "z", "b"]


def test_searching_finds_every_word(items: ShownItems) -> None:
    items.choose(ItemFilter(text="CUP 2"))
    assert names(items) == ["cup-2"]
    items.choose(replace(items.choice, text=""))
    assert names(items) == NAMES


def test_from_what_is_not_shown_one_goes_to_an_end(items: ShownItems) -> None:
    items.choose(ItemFilter(State.KEPT))
    assert items.neighbour(Path("photos/ant.jpg"), 1) is None
    items.choose(ItemFilter(text="cup"))
    assert items.neighbour(Path("photos/ant.jpg"), 1) == Path("photos/cup-10.jpg")
    assert items.neighbour(Path("photos/ant.jpg"), -1) == Path("photos/cup-2.jpg")
