"""Whatever the disk refuses, at whatever step of a run: one sentence, and the same command finishes the same bytes.

`make soak` fails every step of small runs by all writers; else some steps of each are tried.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.dataset.run import Options, generate
from tests.conftest import SOAK, MakeProject, longer
from tests.helpers.datasets import differing, last, make, small, tree
from tests.helpers.faulty_store import FaultyStore, Trouble

OF: dict[str, dict[str, Any]] = {
    **{name: {"writer": name} for name in ("folders", "zip", "tar")},
    "sets": {"writer": "sets", "set_size": 7},
}
CODES = [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT]
EVERY = longer(9, 1)  # of the steps, one is tried


@pytest.fixture(scope="module")
def project(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    changes = [*small("street-224"), "shard=6", "placements=2"]
    return make_project(tmp_path_factory.mktemp("project"), "street-224", changes=changes)


def run(project: Path, store: FaultyStore, writer: str) -> None:
    last(generate(project, store, Options(engine="inline", **OF[writer])))


@pytest.mark.parametrize("writer", OF)
def test_the_nth_step_fails(writer: str, project: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    counted = Trouble()
    run(project, FaultyStore(whole, counted), writer)
    wanted, tried = tree(whole), 0
    for at in range(1 + sum(map(ord, writer)) % EVERY, len(counted.steps) + 1, EVERY):
        code = CODES[at % len(CODES)]
        trouble = Trouble(at, code, lasts=bool(at // len(CODES) % 2))
        out = tmp_path / f"{at}"
        store, step = FaultyStore(out, trouble), f"{at}: {counted.steps[at - 1]}"
        with pytest.raises(DatasetError) as caught:
            run(project, store, writer)
        assert str(out) in caught.value.problem, step
        said = "the disk is full" if code in {errno.ENOSPC, errno.EDQUOT} else os.strerror(code)
        assert said in caught.value.problem, step
        for name, found in tree(out).items() if out.exists() else ():
            if name.endswith((".zip", ".tar")) and name in wanted:
                assert found == wanted[name], f"{step}: {name} has its name before it is whole"
        make(project, out, **OF[writer])
        assert differing(whole, out) == [], step
        tried += 1
    if SOAK:
        sys.stdout.write(
            f"\n{writer}: {tried} of {len(counted.steps)} steps failed, each continued to the same bytes\n"
        )
    assert tried >= 5
