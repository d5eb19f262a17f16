"""The plan: a lazy sequence of samples, each a pure function of the recipe and its index.

Random numbers are not drawn from a stream but computed from the sample's identity (seed, the contents of
background and foreground, mirrored, k) with the finaliser of SplitMix64 (Steele, Lea and Flood, 'Fast
splittable pseudorandom number generators', OOPSLA 2014): any order, any number of workers and any machine
see the same ones, and adding a picture changes no sample of the others.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from typing import NamedTuple, overload

import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.arrays import Floats, Ints
from fgbg_studio.core.base.camera import GroundView
from fgbg_studio.core.base.errors import PlanError
from fgbg_studio.core.base.remedies import IncludeAgain
from fgbg_studio.core.base.sample import PlacedObject, Sample
from fgbg_studio.core.interfaces.depth import view_of
from fgbg_studio.core.interfaces.layout import INSTANCES, SAMPLE_KINDS, Ids, Paths
from fgbg_studio.core.interfaces.placement import Placed, Request
from fgbg_studio.core.placement.region_index import RegionIndex
from fgbg_studio.core.placement.region_sampling import on_ground
from fgbg_studio.core.plan.company import Company, Draw, PlacingByPlan
from fgbg_studio.core.plan.excluded import ExcludedNumbers, axes_of
from fgbg_studio.core.plan.keyed import GOLDEN, Keys, draws_of, mix, uniform
from fgbg_studio.core.plan.no_room import Also, no_room
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.core.plan.table import Flags, ObjectColumns, SampleTable
from fgbg_studio.core.plan.truncation import chosen, cut_by_frame, share_of
from fgbg_studio.core.project.exclusions import Exclusion

_DRAWS = 4
_BLOCK = 4000
_PAIRS = 1 << 16  # whose arrays lie in the processor's cache
_ALONE = Also()
_ELSEWHERE = np.uint64(0x656C736577686572)  # keys the draws of other places


class Cameras(NamedTuple):
    """The cameras of all backgrounds: (backgrounds,) arrays.

    The row of the horizon, the height over the ground in metres, the row in which the wall begins, and the tilt.
    """

    horizon: Floats
    height: Floats
    wall: Floats
    tilt: Floats


def _first_of_each(columns: Sequence[Ints | Floats]) -> Ints:
    """The number of the first of all rows that are alike, in order; ``columns`` are (n,) each."""
    numbers: Ints = np.sort(np.unique(np.stack(columns), axis=1, return_index=True)[1])
    return numbers


class Plan(Sequence[Sample]):
    """All samples of a recipe in the order of its layout, also those that are excluded.

    Where each scene is made with several blends, its samples have numbers of placements that follow one another: their
    random numbers are those of k // `times`, and k % `times` is the blend (`core.interfaces.blend`).

    An excluded sample keeps its number and its name, so that those of no other change; which are made, and in which
    order, `core.plan.order` says.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        settings = recipe.settings
        self.layout = settings.layout
        self.axes = axes_of(recipe)
        self.counts = self.axes.counts
        self.number, self.numbers, self.places = self.axes.number, self.axes.numbers, self.axes.places
        self.exclusions = ExcludedNumbers(recipe, self.axes)
        self._length = self.counts.samples
        self._grid, self._times = settings.placement.grid, settings.compositing.mode.times
        self._suffixes = tuple(self.layout.suffix(getattr(settings.codecs, kind)) for kind in SAMPLE_KINDS)
        self._background_suffix = self.layout.suffix(settings.codecs.bg)
        self._map_suffix = self.layout.suffix(settings.codecs.instances)

    @override
    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Sample: ...
    @overload
    def __getitem__(self, index: slice) -> list[Sample]: ...
    @override
    def __getitem__(self, index: int | slice) -> Sample | list[Sample]:
        if isinstance(index, slice):
            start, stop, step = index.indices(self._length)
            return self.table(start, stop).samples() if step == 1 else [self[i] for i in range(start, stop, step)]
        if not -self._length <= index < self._length:
            raise IndexError(f"sample {index} of {self._length}")
        index %= self._length
        return self.table(index, index + 1).samples()[0]

    @override
    def __iter__(self) -> Iterator[Sample]:
        for start in range(0, self._length, _BLOCK):  # a sample alone costs a hundred times as much
            yield from self.table(start, min(start + _BLOCK, self._length)).samples()

    def table(self, start: int, stop: int) -> SampleTable:
        """The samples start..stop at once: see `table_of`."""
        return self.table_of(np.arange(start, stop))

    def table_of(self, numbers: Ints) -> SampleTable:
        """The samples of these numbers, (n,) int64, at once, at well under 2 µs each.

        Raises:
            PlanError: a foreground that has no place in the frame.
        """
        axes = self.places(numbers)
        b, f, k = axes["background"], axes["foreground"], axes["placement"]
        flip = axes["mirrored"].astype(bool)
        if self.layout.mirrored_first and self.recipe.settings.mirrored:
            flip = ~flip
        scene = k // self._times
        placed = self._place(b, f, scene, partial(self._draws_of, b, f, scene, flip))
        first = self._columns(f, flip, placed)
        if self._company is None:
            return SampleTable(numbers, b, k, (first,))
        return SampleTable(numbers, b, k, *self._company(b, scene, first))

    def _columns(self, f: Ints, flip: Flags, placed: Placed) -> ObjectColumns:
        box = (placed.x, placed.y, placed.width, placed.height)
        return ObjectColumns(f, flip, *box, placed.layer, placed.height / self._natural[1][f])

    @cached_property
    def _company(self) -> Company | None:
        """What gives the first objects their company; None where all stand alone."""
        if self.recipe.settings.scene.objects.most == 1:
            return None
        kept = self.exclusions.kept_pictures[1]
        how = PlacingByPlan(self._stand, self._away, self._cut, self._keys_of)
        return Company(self.recipe, self.counts.placement // self._times, kept, how, self.exclusions.pairs)

    def _stand(self, b: Ints, f: Ints, k: Ints, flip: Flags, draws: Draw) -> ObjectColumns:
        return self._columns(f, flip, self._place(b, f, k, draws))

    def elsewhere(self, sample: Sample, place: int, attempt: int) -> PlacedObject | None:
        """Another place for an object of a planned sample, by random numbers of its own; None where it finds none.

        The first object keeps its size where that is drawn, and its row where the sample's number gives it.

        Args:
            sample: as it is planned.
            place: of the object in it.
            attempt: from 0; each is another place.
        """
        one, first, own = sample.objects[place], sample.first, place == sample.named
        b, f, flip = np.array([sample.background]), np.array([one.foreground]), np.array([one.mirrored])
        k = np.array([sample.k // self._times])
        identity = self._keys_of(b, np.array([first.foreground]), k, np.array([first.mirrored]))
        number = np.array([sample.indices[place] << 8 | attempt], np.uint64)
        keys = mix(mix(identity ^ _ELSEWHERE) + number * GOLDEN)
        size = self._draws(b, f, k, flip)[:, 3]
        if not own:
            places = self.counts.placement // self._times
            k = np.floor(draws_of(mix(keys ^ GOLDEN), 1)[:, 0] * places).astype(np.int64)

        def drawn(rows: Ints, again: int) -> Floats:
            draws = draws_of(keys[rows], _DRAWS, again)
            draws[:, 3] = size[rows] if own else draws[:, 3]
            return draws

        placed = self._sought(b, f, k, drawn)
        if not placed.fits[0]:
            return None
        return PlacedObject(*(column.tolist()[0] for column in self._columns(f, flip, placed)))

    def _cut(self, b: Ints, columns: ObjectColumns, draws: Floats) -> ObjectColumns:
        """The objects with some over an edge of the frame, if they then still stand where objects may."""
        placement = self.recipe.settings.placement
        rows = np.flatnonzero(chosen(draws, self.recipe.settings.scene.truncation))
        whole, b, draws = columns.of(rows), b[rows], draws[rows]
        request = self._request(b, whole.foreground, np.zeros_like(rows), np.zeros((len(rows), _DRAWS)))
        lowered = None
        if not placement.fixed_rows:
            foot = placement.feet_beyond(request, whole.height, share_of(draws))
            lowered = placement.lowered(request, whole.height, foot)
        moved = cut_by_frame(request, whole, draws, lowered)
        box = moved.x, moved.y, moved.width, moved.height
        stands = self._grounds.hold(b, Placed(*box, moved.layer, np.ones(len(rows), np.bool_)))
        cut = columns.of(np.arange(len(columns.x)))
        for column, new in zip(cut, moved, strict=True):
            column[rows[stands]] = new[stands]
        return cut

    def _away(self, b: Ints, columns: ObjectColumns) -> Floats:
        """(n,) how far away objects in backgrounds ``b`` are, in metres by the camera and the placement."""
        depth, views, heights = self.recipe.settings.placement.depth, self.views, self.real_heights.tolist()
        feet = (columns.y + columns.height).tolist()
        rows = zip(
            b.tolist(), feet, columns.height.tolist(), columns.layer.tolist(), columns.foreground.tolist(), strict=True
        )
        return np.array(
            [depth(views[n], foot, high, layer, heights[f]) for n, foot, high, layer, f in rows], np.float64
        )

    def away(self, sample: Sample) -> Floats:
        """(objects,) how far away the objects of a sample are, in metres by the camera and the placement."""
        f, flip, x, y, width, height, layer, scale = (np.array(column) for column in zip(*sample.objects, strict=True))
        columns = ObjectColumns(f, flip, x, y, width, height, layer, scale)
        return self._away(np.full(len(f), sample.background), columns)

    @property
    def made(self) -> int:
        """How many of its samples are not excluded."""
        return self._length - len(self.excluded)

    @property
    def excluded(self) -> Ints:
        """(n,) int64, ascending: the numbers of the excluded samples."""
        return self.exclusions.every

    def exclusion(self, sample: Sample) -> Exclusion:
        """What to exclude to be without ``sample``; its `Exclusion.wider` are what else it may be excluded by."""
        background, foreground, mirrored, k = sample.identity
        sources = self.recipe.backgrounds[background], self.recipe.foregrounds[foreground]
        return Exclusion(sources[0].sha256, sources[1].sha256, mirrored, k)

    def unplaced(self, background: int, foreground: int, mirrored: bool, k: int) -> Sample:
        """Which sample that is without where, for its name."""
        number = self.number(background, foreground, mirrored, k)
        return Sample(number, background, k, (PlacedObject(foreground, mirrored, 0, 0, 1, 1, -1, 1.0),))

    def check(self) -> None:
        """Look at every pair of background and foreground, at its largest size and its smallest, making no sample.

        Raises:
            PlanError: naming the first foreground that does not fit, and the background where that matters; or every
                sample is excluded.
        """
        if not self.made:
            raise PlanError(
                f"all {len(self):,} samples of the project {self.recipe.project!r} are excluded", IncludeAgain()
            )
        backgrounds, foregrounds = self._different
        total = len(backgrounds) * len(foregrounds)
        # A depth layer's size depends on the row alone: the first place of every row is enough.
        rows = range(0, self._grid.rows * self._grid.columns, self._grid.columns)
        for start in range(0, total, _PAIRS):
            b, f = np.divmod(np.arange(start, min(start + _PAIRS, total)), len(foregrounds))
            b, f, plain = backgrounds[b], foregrounds[f], np.zeros(len(b), np.bool_)
            for k, extreme in itertools.product(rows, self._extremes):
                drawn = partial(self._extreme, b, f, plain, k, extreme)
                fits = self._sought(b, f, np.full_like(b, k), drawn).fits
                if not fits.all():
                    row = int(np.flatnonzero(~fits)[0])
                    also = self._also(int(b[row]), int(f[row]), k, extreme)
                    self._refuse(row, b, f, np.full_like(b, k), drawn, also)

    def lacking(self) -> Ints:
        """(backgrounds,) for how many of the foregrounds that are not excluded each has no place."""
        kept, (_, different) = self.exclusions.kept_pictures[1], self._different
        own = [self._own_draws] if self.recipe.settings.foreground.sizing.once else []
        alike = np.stack([*self._natural, self.real_heights, *own])
        standing = {column.tobytes(): at for at, column in reversed(list(enumerate(alike[:, different].T.copy())))}
        rows = range(0, self._grid.rows * self._grid.columns, self._grid.columns)
        fits = np.ones((self.counts.background, len(different)), np.bool_)
        for start in range(0, fits.size, _PAIRS):
            pairs = np.arange(start, min(start + _PAIRS, fits.size))
            b, at = np.divmod(pairs, len(different))
            f, plain = different[at], np.zeros(len(b), np.bool_)
            for k, extreme in itertools.product(rows, self._extremes):
                drawn = partial(self._extreme, b, f, plain, k, extreme)
                fits[b, at] &= self._sought(b, f, np.full_like(b, k), drawn).fits
        of = np.array([standing[column.tobytes()] for column in alike[:, kept].T.copy()], np.int64)
        missing: Ints = np.count_nonzero(~fits[:, of], axis=1)
        return missing

    @property
    def _different(self) -> tuple[Ints, Ints]:
        """Numbers of the backgrounds, and of the foregrounds, that differ in what decides whether a pair fits.

        Each stands for those of higher numbers that are like it.
        """
        numbers = np.arange(self.counts.background)
        backgrounds: list[Ints | Floats] = [np.where(self._grounds.painted, numbers, -1)]
        backgrounds += self.cameras if self.recipe.settings.placement.uses_camera else []
        foregrounds: list[Ints | Floats] = [*self._natural, self.real_heights]
        foregrounds += [self._own_draws] if self.recipe.settings.foreground.sizing.once else []
        return _first_of_each(backgrounds), _first_of_each(foregrounds)

    @property
    def _extremes(self) -> tuple[float, ...]:
        """The draws that make foregrounds largest and smallest; a single one where no size is drawn."""
        draws = np.nextafter(1.0, 0.0), 0.0
        large, small = (
            self.recipe.settings.foreground.sizing.sizes(*self._natural, np.full(self.counts.foreground, draw))
            for draw in draws
        )
        return draws[:1] if all(map(np.array_equal, large, small)) else draws

    def ids(self, sample: Sample) -> Ids:
        """What a layout needs to name a sample: of its objects the first."""
        first = sample.first
        who = sample.number, sample.background, first.foreground, first.mirrored, sample.k
        return Ids(*who, self._grid.columns * self._times, self.counts.foreground, self.counts.placement)

    @property
    def walls(self) -> Floats:
        """(backgrounds,) the row in which each background's wall begins; its horizon where there is no wall."""
        return self.cameras.wall

    def paths(self, sample: Sample) -> Paths:
        """Where the sample's three pictures are, relative to the dataset, with suffixes."""
        composite, mask, depth = self.layout.sample(self.ids(sample))
        one, two, three = self._suffixes
        return Paths(composite + one, mask + two, depth + three)

    def path(self, kind: str, paths: Paths) -> str:
        """Where a sample's picture of ``kind`` is (`PER_SAMPLE`, or its own background), by the ``paths`` of others."""
        if kind == INSTANCES:
            return self.layout.instances(paths.fg_bg.rpartition(".")[0]) + self._map_suffix
        path: str = self.beside(paths) if kind == "bg" else getattr(paths, kind)
        return path

    def beside(self, paths: Paths) -> str:
        """Where the sample's background is where every sample has its own, by the ``paths`` of its pictures."""
        return self.layout.beside(paths.fg_bg.rpartition(".")[0]) + self._background_suffix

    def _draws(self, b: Ints, f: Ints, k: Ints, flip: Flags, again: int = 0) -> Floats:
        """(n, 4) uniform in [0, 1); others for each ``again``."""
        return draws_of(self._keys_of(b, f, k, flip), _DRAWS, again)

    def _keys_of(self, b: Ints, f: Ints, k: Ints, flip: Flags) -> Keys:
        """(n,) by the identity of each sample, from which its random numbers are."""
        backgrounds, foregrounds = self._keys
        place = (k.astype(np.uint64) << np.uint64(1)) | flip.astype(np.uint64)
        return mix(mix(mix(backgrounds[b] + GOLDEN) ^ foregrounds[f]) + place * GOLDEN)

    def _draws_of(self, b: Ints, f: Ints, k: Ints, flip: Flags, rows: Ints, again: int) -> Floats:
        return self._draws(b[rows], f[rows], k[rows], flip[rows], again)

    def _extreme(self, b: Ints, f: Ints, flip: Flags, k: int, extreme: float, rows: Ints, again: int) -> Floats:
        """Draws of extreme size at first; where a region has them stand elsewhere, as a sample's."""
        if not again:
            return np.full((len(rows), _DRAWS), extreme)
        return self._draws_of(b, f, np.full_like(b, k), flip, rows, again)

    def stored_size(self, foreground: int) -> tuple[int, int]:
        """(width, height) of a foreground as a picture of its own: of rules that draw for each sample the middle."""
        sizing, one = self.recipe.settings.foreground.sizing, slice(foreground, foreground + 1)
        draw = self._own_draws[one] if sizing.once else np.array([0.5])
        wide, high = sizing.sizes(self._natural[0][one], self._natural[1][one], draw)
        return int(wide[0]), int(high[0])

    def request(self, sample: Sample) -> Request:
        """What the placement is told of the first object of ``sample``, wherever its box is."""
        background, foreground, mirrored, placement = sample.identity
        b, f, k = (np.array([number]) for number in (background, foreground, placement // self._times))
        return self._request(b, f, k, self._draws(b, f, k, np.array([mirrored])))

    def _request(self, b: Ints, f: Ints, k: Ints, draws: Floats) -> Request:
        settings = self.recipe.settings
        width, height = self._natural
        sizing = settings.foreground.sizing
        wide, high = sizing.sizes(width[f], height[f], self._own_draws[f] if sizing.once else draws[:, 3])
        horizon, camera, wall, tilt = (column[b] for column in self.cameras)
        return Request(settings.size, wide, high, k, draws[:, :3], horizon, camera, self.real_heights[f], wall, tilt)

    def _place(self, b: Ints, f: Ints, k: Ints, drawn: Draw) -> Placed:
        placed = self._sought(b, f, k, drawn)
        if not placed.fits.all():
            self._refuse(int(np.flatnonzero(~placed.fits)[0]), b, f, k, drawn)
        return placed

    def _sought(self, b: Ints, f: Ints, k: Ints, drawn: Draw) -> Placed:
        """As `_place`, also where there is no place, as ``fits`` says."""
        placement, request = self.recipe.settings.placement, self._request(b, f, k, drawn(np.arange(len(b)), 0))
        placed = placement.place(request)
        if not self._grounds.painted[b].any():
            return placed
        return on_ground(placement, request, placed, b, self._grounds, lambda rows, again: drawn(rows, again)[:, :3])

    def _refuse(self, row: int, b: Ints, f: Ints, k: Ints, drawn: Draw, also: Also = _ALONE) -> None:
        one = slice(row, row + 1)
        request = self._request(b[one], f[one], k[one], drawn(np.array([row]), 0))
        raise no_room(self.recipe, self._grounds, request, int(b[row]), int(f[row]), also)

    def _also(self, background: int, foreground: int, k: int, extreme: float) -> Also:
        """How many pairs beside this one have no place for what it has none for."""
        missing = []
        for count, own in ((self.counts.foreground, False), (self.counts.background, True)):
            every, same = np.arange(count), np.full(count, foreground if own else background)
            b, f = (every, same) if own else (same, every)
            draws = partial(self._extreme, b, f, np.zeros(count, np.bool_), k, extreme)
            missing.append(int(np.count_nonzero(~self._sought(b, f, np.full(count, k), draws).fits)) - 1)
        return Also(*missing)

    @cached_property
    def _grounds(self) -> RegionIndex:
        return RegionIndex([source.standing for source in self.recipe.backgrounds], self.recipe.settings.size)

    @cached_property
    def _keys(self) -> tuple[Keys, Keys]:
        backgrounds = [int(source.sha256[:16], 16) for source in self.recipe.backgrounds]
        foregrounds = [int(source.sha256[:16], 16) for source in self.recipe.foregrounds]
        return np.array(backgrounds, np.uint64) ^ self._seed, np.array(foregrounds, np.uint64)

    @cached_property
    def _seed(self) -> Keys:
        return mix(np.array([self.recipe.seed], np.uint64) + GOLDEN)

    @cached_property
    def _own_draws(self) -> Floats:
        """(foregrounds,) uniform in [0, 1): what a foreground draws once, by the seed and its contents alone."""
        return uniform(mix(mix(self._keys[1] + GOLDEN) ^ self._seed))

    @cached_property
    def _natural(self) -> tuple[Ints, Ints]:
        square = self.recipe.settings.foreground.sizing.square
        sizes = np.array([source.natural(square=square) for source in self.recipe.foregrounds], np.int64)
        return sizes[:, 0], sizes[:, 1]

    @cached_property
    def views(self) -> tuple[GroundView, ...]:
        """The backgrounds as their cameras see them in the frame."""
        settings = self.recipe.settings
        shared = settings.camera, settings.size, settings.foreground.real_height
        return tuple(view_of(source, *shared) for source in self.recipe.backgrounds)

    @cached_property
    def cameras(self) -> Cameras:
        """The `views` as columns."""
        rows = [(view.horizon, view.camera_height, view.wall_row, view.tilt) for view in self.views]
        return Cameras(*np.array(rows, np.float64).reshape(-1, 4).T.copy())

    @cached_property
    def real_heights(self) -> Floats:
        """(foregrounds,) how tall each one's box is in the world, in metres."""
        square = self.recipe.settings.foreground.sizing.square
        return np.array([source.box_height(square=square) for source in self.recipe.foregrounds])
