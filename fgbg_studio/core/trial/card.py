"""What came out of a trial put on the dataset's own card."""

from __future__ import annotations

import math

from fgbg_studio.core.base.outside import read_file
from fgbg_studio.core.dataset.exports.markdown_card import write_own_card
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.manifest import put_hashes
from fgbg_studio.core.dataset.record import HIDDEN, open_dataset, put_record
from fgbg_studio.core.dataset.trial_section import PICTURE, RECORD
from fgbg_studio.core.trial.report import PARTS, findings, rows_of, said
from fgbg_studio.core.trial.results import TrialResult


def put(contents: Contents, result: TrialResult) -> None:
    """Write a trial's figures and pictures into the card of the dataset, where it is this program's and a folder.

    Raises:
        DatasetError: the disk refuses.
    """
    if contents.dataset is None or not contents.path.is_dir() or not contents.dataset.complete:
        return
    scored = [score for _, scores in rows_of(result) for score in scores.values()]
    key = "abs_rel" if all(math.isnan(score.iou) for score in scored) else "iou"
    rows = [
        [who, *(said(getattr(scores[part], key)) if part in scores else "–" for part in PARTS)]
        for who, scores in rows_of(result)
    ]
    told = {"figure": key, "findings": findings(result), "header": list(PARTS), "rows": rows}
    dataset = open_dataset(contents.path)
    picture = next((name for name in result.pictures.values() if "worst" in name), None)
    with dataset.store.lock(f"{HIDDEN}/lock"):
        put_record(dataset.store, {**dataset.record, RECORD: told})
        if picture:
            dataset.store.put(PICTURE, read_file(result.folder / picture))
            put_hashes(open_dataset(contents.path), [PICTURE])
    write_own_card(contents.path)
