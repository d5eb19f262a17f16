"""The undo of a photo on the disk: it comes back, and damage costs the damaged part of it alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fgbg_studio.core.base.errors import ProjectError
from fgbg_studio.core.cutting import step_file
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.cutting.seeds import Seeds, Stroke
from fgbg_studio.core.cutting.step_file import PlaneChange, StepHead, append, differing, new_word, steps_of, trim
from fgbg_studio.core.cutting.work import HISTORY, SavedWork, beside
from tests.conftest import longer

SHAPE, WORD = (40, 60), "0123456789abcdef"


def stroke(number: int) -> Stroke:
    return Stroke(points=((number % 60, 1.25),), radius=1 + number, object=bool(number % 2))


def write(photo: Path, count: int, done: int | None = None, size: int = 20, word: str = WORD) -> SavedWork:
    """So many strokes, one a step; the work as it is where ``done`` of them are."""
    rng = np.random.default_rng(count)
    seeds: Seeds = ()
    for number in range(1, count + 1):
        after = (*seeds, stroke(number))
        data = rng.bytes(size)
        head = StepHead(
            step=number, parent=number - 1, text=f"stroke {number}", common=differing(seeds, after), before=(),
            after=after[-1:], finish=(Refinement(), Refinement()),
            planes=(PlaneChange(plane="alpha", box=(1, 2, 3, 4), size=size, crc=step_file.zlib.crc32(data)),),
        )  # fmt: skip
        places = append(photo, word, [(head, [data])])
        assert places[number][0].read() == data
        seeds = after
    done = count if done is None else done
    return SavedWork(seeds=seeds[:done], history=word, step=done, newest=count)


def test_steps_come_back_with_the_seeds_around_them(tmp_path: Path) -> None:
    photo = tmp_path / "cat.jpg"
    saved = write(photo, 120, done=100)
    steps, index = steps_of(photo, saved, SHAPE)
    assert (len(steps), index) == (120, 100)
    assert [step.head.text for step in steps[:2]] == ["stroke 1", "stroke 2"]
    assert steps[0].before == ()
    assert steps[99].after == saved.seeds
    assert steps[-1].after == (*saved.seeds, *(stroke(n) for n in range(101, 121)))


def test_a_save_costs_what_the_change_costs(tmp_path: Path) -> None:
    photo = tmp_path / "cat.jpg"
    write(photo, 200)
    one, many = tmp_path / "one.jpg", beside(photo, HISTORY).stat().st_size
    write(one, 1)
    assert many < 215 * beside(one, HISTORY).stat().st_size


def test_another_photos_steps_are_not_taken(tmp_path: Path) -> None:
    photo = tmp_path / "cat.jpg"
    saved = write(photo, 5)
    assert steps_of(photo, saved.model_copy(update={"history": new_word()}), SHAPE) == ([], 0)
    assert steps_of(photo, saved.model_copy(update={"history": ""}), SHAPE) == ([], 0)
    assert steps_of(photo, saved.model_copy(update={"seeds": ()}), SHAPE) == ([], 0)
    assert steps_of(photo, saved, (3, 3)) == ([], 0)
    assert steps_of(tmp_path / "dog.jpg", saved, SHAPE) == ([], 0)


def test_steps_that_were_not_yet_said_to_be_done_change_nothing(tmp_path: Path) -> None:
    """The power failed after they were appended: the work is the one before them."""
    photo = tmp_path / "cat.jpg"
    saved = write(photo, 9).model_copy(update={"step": 7, "newest": 7, "seeds": tuple(map(stroke, range(1, 8)))})
    steps, index = steps_of(photo, saved, SHAPE)
    assert ([step.head.step for step in steps], index) == ([1, 2, 3, 4, 5, 6, 7], 7)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=longer(50, 500))
@given(st.data())
def test_damage_costs_the_damaged_part_alone(tmp_path: Path, data: st.DataObject) -> None:
    photo, path = tmp_path / "cat.jpg", tmp_path / "cat.history"
    path.unlink(missing_ok=True)
    count = 12
    saved = write(photo, count, done=data.draw(st.integers(0, count)))
    whole, _ = steps_of(photo, saved, SHAPE)
    ends = [place.start + place.size for step in whole for place in step.places]
    content = bytearray(path.read_bytes())
    kind = data.draw(st.sampled_from(["cut off", "overwritten", "put in", "taken out"]))
    start = data.draw(st.integers(0, len(content) - 1))
    length = data.draw(st.integers(1, 90))
    if kind == "cut off":
        del content[start:]
    elif kind == "overwritten":
        content[start : start + length] = data.draw(st.binary(min_size=length, max_size=length))
    elif kind == "put in":
        content[start:start] = data.draw(st.binary(min_size=length, max_size=length)) + b"STEP"
    else:
        del content[start : start + length]
    path.write_bytes(content)
    steps, index = steps_of(photo, saved, SHAPE)
    numbers = [step.head.step for step in steps]
    first = next((n for n, end in enumerate(ends) if end > start), count)  # the first that may be damaged
    last = next((n for n, end in enumerate(ends) if end >= start + length), count - 1) if kind != "cut off" else count
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
    if saved.step <= first:
        assert index == saved.step  # nothing before the damage is lost
    if last < saved.step:
        assert index >= saved.step - last - 1  # nor what was done after it
    for step in steps:
        assert step.places[0].read()
        assert step == next(one for one in whole if one.head.step == step.head.step) or kind in {"put in", "taken out"}
    more = append(photo, WORD, [(whole[-1].head.model_copy(update={"step": 99, "parent": saved.step}), [b"x" * 20])])
    assert 99 in more
    assert any(head.step == 99 for head, *_ in step_file._records(path, WORD))


def test_a_change_that_is_damaged_meanwhile_is_refused(tmp_path: Path) -> None:
    photo = tmp_path / "cat.jpg"
    steps, _ = steps_of(photo, write(photo, 3), SHAPE)
    beside(photo, HISTORY).write_bytes(b"?" * 5000)
    with pytest.raises(ProjectError, match=r"cat\.history"):
        steps[0].places[0].read()


def test_what_is_no_longer_reached_goes_and_the_oldest_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = tmp_path / "cat.jpg"
    saved = write(photo, 150, done=140, size=1000)
    steps, index = steps_of(photo, saved, SHAPE)
    assert not trim(photo, WORD, steps, index)
    monkeypatch.setattr(step_file, "BYTES", 170 * 1000)
    assert trim(photo, WORD, steps, index)
    fewer, index = steps_of(photo, saved, SHAPE)
    assert 100 < len(fewer) < 130
    assert len(fewer) - index == 10
    assert [step.head for step in fewer] == [step.head for step in steps[-len(fewer) :]]
    assert fewer[0].places[0].read()
    monkeypatch.setattr(step_file, "BYTES", 1000)
    assert trim(photo, WORD, fewer, index)
    assert len(steps_of(photo, saved, SHAPE)[0]) == 100
