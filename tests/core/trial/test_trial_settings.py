"""Settings of a trial, from what a person types."""

from __future__ import annotations

import pytest

from fgbg_studio.cli.assignments import parsed
from fgbg_studio.core.base.declared import declared
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.trial.depth_losses import DepthLoss
from fgbg_studio.core.trial.depth_losses.summed import Summed
from fgbg_studio.core.trial.mask_losses import MaskLoss
from fgbg_studio.core.trial.settings import TrialSettings, trial_settings


def test_what_is_typed() -> None:
    made = trial_settings(parsed(["epochs=3", "depth_loss=l1", "mask_loss=dice", "inputs=one", "real=2024"]))
    assert (made.epochs, made.depth_loss.name, made.mask_loss.name, made.runs) == (3, "l1", "dice", ("one",))
    assert made.real == "2024"  # a folder may be called so
    assert trial_settings(made.to_dict()) == made


def test_a_part_of_a_loss() -> None:
    assert trial_settings(parsed(["depth_loss.ssim=0"])).depth_loss == Summed(ssim=0)
    made = trial_settings(parsed(["depth_loss=scale-invariant", "depth_loss.share=1"]))
    assert made.depth_loss.to_dict() == {"name": "scale-invariant", "share": 1.0}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("epoch=3", "epochs"),
        ("epochs=0", "epochs"),
        ("side=100", "multiple of 16: 96"),
        ("side=16", "32"),
        ("mask_loss=dise", "dice"),
        ("inputs=three", "inputs"),
        ("rate.x=1", "rate"),
    ],
)
def test_what_does_not_fit_is_said(typed: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        trial_settings(parsed([typed]))


def test_nothing_to_learn_is_refused() -> None:
    with pytest.raises(UsageError, match="learns nothing"):
        trial_settings({"mask_weight": 0, "depth_weight": 0})


def test_every_setting_says_what_it_is() -> None:
    assert all(one.help for one in declared(TrialSettings).values())
    assert {"bce", "dice", "bce-dice"} <= set(MaskLoss.known())
    assert {"l1", "ssim", "gradient", "scale-invariant", "sum"} <= set(DepthLoss.known())
