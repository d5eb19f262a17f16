"""Libraries that exports are read with, so that none of them looks outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

leaves_tars_open = pytest.mark.filterwarnings("ignore:unclosed file .*[.]tar:ResourceWarning")
"""For tests that read by `webdataset`, which leaves closing to the collector of rubbish."""

decodes_masks = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")
"""For tests that decode by `pycocotools`, which knows no NumPy 2 there."""


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The library, which must not look for the Hub, nor keep anything in the home folder."""
    settings = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path_factory.mktemp("hub")), "HF_HUB_DISABLE_TELEMETRY": "1"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        import datasets

        datasets.disable_progress_bars()
        yield datasets
