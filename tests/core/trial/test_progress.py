"""How far a trial is as a whole, whatever phase it is in."""

from __future__ import annotations

import pytest

from fgbg_studio.core.trial.progress import TrialProgress, WholeTrial
from fgbg_studio.core.trial.settings import Inputs


def test_the_whole_never_falls_and_training_is_nearly_all_of_it() -> None:
    whole, shares = WholeTrial(), []

    def tell(phase: str, done: int, total: int, run: Inputs | None = None, *, finished: bool = False) -> float:
        step = whole.told(TrialProgress(phase, done, total, run=run, finished=finished))
        shares.append(step.share)
        return step.share

    for phase in ("comparing backgrounds", "comparing foregrounds", "splitting samples", "opening"):
        for done in range(3):
            tell(phase, done, 2)
    assert tell("measuring the training part", 0, 1) < 0.03
    whole.after = 5
    assert tell("training on composite and background", 50, 200, "two") == pytest.approx(0.03 + 0.25 * 0.89)
    assert tell("training on the composite alone", 150, 200, "one") == pytest.approx(0.03 + 0.75 * 0.89)
    assert tell("training on the composite alone", 200, 200, "one") == pytest.approx(0.92)
    networks: tuple[Inputs, ...] = ("two", "one")
    for run in networks:
        tell("writing the network", 0, 1, run)
        tell("measuring", 5, 10, run)
        tell("measuring", 10, 10, run)
    assert tell("measuring baselines", 3, 4) < 1
    tell("a phase that nobody counted", 1, 1)
    assert shares == sorted(shares)
    assert max(shares) <= 1
    assert tell("finished", 1, 1, finished=True) == 1
