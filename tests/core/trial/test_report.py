"""What a trial's report says of its figures, in sentences."""

from __future__ import annotations

from pathlib import Path

from fgbg_studio.core.trial.metrics import Scores
from fgbg_studio.core.trial.report import findings, report_lines
from fgbg_studio.core.trial.results import Baseline, NetworkResult, TrialResult
from fgbg_studio.core.trial.settings import Inputs, TrialSettings

EASY = Baseline("|composite − background| from 33 on", {"seen": Scores(8, iou=0.8)})


def result_of(inputs: Inputs, seen: float, afresh: float | None = None) -> TrialResult:
    noisy = {} if afresh is None else {"seen": Scores(8, iou=afresh)}
    network = NetworkResult(inputs, 400_000, 100, 50.0, 64.0, 0.014, {"seen": Scores(8, iou=seen)}, noisy)
    return TrialResult(
        Path("trial"), Path("rooms"), "rooms", TrialSettings(), 96, 48, "m", {"train": 80, "seen": 8}, 80, "drawn",
        (network,), (EASY,), 900.0, {},
    )  # fmt: skip


def test_a_network_that_relies_on_shared_noise_is_told_from_one_that_does_not() -> None:
    relying, free = findings(result_of("two", 0.915, 0.414)), findings(result_of("two", 0.915, 0.9))
    assert "relies on a background that equals the composite" in relying[1]
    assert "background_noise=fresh" in relying[1]
    assert "0.414" in relying[1]
    assert "does without the composite’s own noise" in free[1]
    assert not any("of the score" in sentence for sentence in relying)  # training afresh alone could say that


def test_what_beats_a_network_and_sees_more_is_said_so() -> None:
    assert findings(result_of("one", 0.732))[-1].endswith("(IoU 0.800), which sees the background, too.")
    assert findings(result_of("two", 0.732))[-1].endswith("(IoU 0.800).")


def test_the_time_waited_for_samples_is_said() -> None:
    result = result_of("one", 0.9)
    assert "64 samples a second; 1.4% of that time it waited for samples" in "\n".join(report_lines(result))
    assert result.to_dict()["networks"][0]["waited"] == 0.014
