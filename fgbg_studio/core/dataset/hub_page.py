"""The page of an exported dataset for the Hugging Face Hub: a README whose YAML head says what is where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from fgbg_studio.core.base.words import one_line
from fgbg_studio.core.dataset.card import licence_section, plain
from fgbg_studio.core.dataset.export_tables import Columns
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.plan.licences import whole_licence
from fgbg_studio.core.plan.recipe import BackgroundSource, ForegroundSource

_SIZES = ((1e3, "n<1K"), (1e4, "1K<n<10K"), (1e5, "10K<n<100K"), (1e6, "100K<n<1M"), (1e7, "1M<n<10M"))
"""The Hub's words for how many samples there are."""
_NAMES = {"one": "as-its-pictures", "free": "own", "forbidden": "not-to-be-shared"}
"""What a licence is called that the Hub has no word for."""
_ABOUT = {
    "name": "name of the sample, by which FGBG Studio makes it again",
    "fg_bg": "the composite",
    "mask": "255 where an object is solid, else 0",
    "background": "name of its background, as in `backgrounds`",
    "foreground": "name of its first object's picture, as in `foregrounds`",
    "instances": "which object is seen where: its `index`, 0 for none",
    "objects": "its objects from back to front: picture, class, box in pixels, depth layer (-1: none)",
}


class ConfigSplit(NamedTuple):
    """A split of a table: its name on the Hub, its rows, and the bytes of its files."""

    name: str
    rows: int
    bytes: int


@dataclass
class Config:
    """One table of a dataset on the Hub.

    Attributes:
        name: what it is called; of the first one it is what is loaded where nobody says.
        folder: its Parquet files are ``folder/SPLIT-*.parquet``.
        columns: of all its files.
        splits: in their order.
    """

    name: str
    folder: str
    columns: Columns
    splits: list[ConfigSplit] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many there are in all splits."""
        return sum(split.rows for split in self.splits)

    @property
    def bytes(self) -> int:
        """Of all its files."""
        return sum(split.bytes for split in self.splits)


def hub_split(name: str) -> str:
    """A split's name as the Hub takes it: letters, digits, ``_`` and ``.`` alone."""
    return name.replace("-", "_")


def hub_page(contents: Contents, configs: Sequence[Config]) -> str:
    """The whole README of these tables."""
    head = yaml.safe_dump(_head(contents, configs), sort_keys=False, allow_unicode=True, width=200)
    samples = configs[0]
    lines = [
        f"# {plain(contents.title)}", "",
        f"{samples.rows:,} composites of foregrounds on backgrounds, exported by FGBG Studio.", "",
        "```python", "from datasets import load_dataset", "",
        f'samples = load_dataset("path/to/this/folder", "{samples.name}", split="{samples.splits[0].name}")', "```", "",
        *(f"- `{split.name}`: {split.rows:,} samples" for split in samples.splits), "",
        *about_columns(contents, samples.columns),
    ]  # fmt: skip
    if len(configs) > 1:
        lines += ["", "Other tables:", "", *(f"- `{config.name}`: {config.rows:,} pictures" for config in configs[1:])]
    return f"---\n{head}---\n\n" + "\n".join([*lines, *credits_of(contents)]) + "\n"


def _head(contents: Contents, configs: Sequence[Config]) -> dict[str, Any]:
    size = next((words for most, words in _SIZES if configs[0].rows < most), "10M<n<100M")
    tasks = ["image-segmentation", *(["depth-estimation"] if "depth" in configs[0].columns else [])]
    return {
        "pretty_name": one_line(contents.title),
        **_licence(contents),
        "task_categories": tasks,
        "tags": ["synthetic", "fgbg-studio"],
        "size_categories": [size],
        "configs": [
            {
                "config_name": config.name,
                **({"default": True} if config is configs[0] else {}),
                "data_files": [
                    {"split": split.name, "path": f"{config.folder}/{split.name}-*.parquet"} for split in config.splits
                ],
            }
            for config in configs
        ],
        "dataset_info": [
            {
                "config_name": config.name,
                "features": _features(config.columns),
                "splits": [
                    {"name": split.name, "num_bytes": split.bytes, "num_examples": split.rows}
                    for split in config.splits
                ],
                "download_size": config.bytes,
                "dataset_size": config.bytes,
            }
            for config in configs
        ],
    }


def _features(columns: Columns) -> list[dict[str, Any]]:
    return [
        {"name": name, "list": _features(kind[0])} if isinstance(kind, list) else {"name": name, "dtype": kind}
        for name, kind in columns.items()
    ]


def _licences(contents: Contents) -> Counter[tuple[str, str]]:
    """How many pictures there are of each licence and origin; none where nobody keeps a list of them."""
    if contents.dataset is None:
        said, number = contents.adoption, sum(contents.counts.get(kind, 0) for kind in ("bg", "fg")) or 1
        return Counter({(said.licence, said.origin): number}) if said and (said.licence or said.origin) else Counter()
    recipe = contents.dataset.recipe
    pictures: tuple[BackgroundSource | ForegroundSource, ...] = (*recipe.backgrounds, *recipe.foregrounds)
    return Counter((one.licence, one.origin) for one in pictures)


def _licence(contents: Contents) -> dict[str, str]:
    """The Hub's key for it; a licence that the Hub has no word for has a name and the words of its pictures."""
    whole = whole_licence(licence for (licence, _), number in _licences(contents).items() for _ in range(number))
    said = sorted({one_line(licence) for licence, _ in _licences(contents)})
    if whole.hub != "other":
        return {"license": whole.hub}
    names = ", ".join(name or "not stated" for name in said)
    return {"license": "other", "license_name": _NAMES[whole.verdict], "license_details": names}


def about_columns(contents: Contents, columns: Iterable[str]) -> list[str]:
    """A table of what the columns are."""
    return ["| column | |", "|---|---|", *(f"| `{name}` | {_about(contents, name)} |" for name in columns)]


def _about(contents: Contents, name: str) -> str:
    if name != "depth":
        return _ABOUT.get(name, "as the dataset has it")
    reading = contents.reading
    if reading.encoding is None:
        return "the depth map as it was stored; nobody says what its values are"
    return f"the depth map, {reading.encoding.name}: {plain(reading.encoding.meaning)}"


def credits_of(contents: Contents) -> list[str]:
    """The licence of the whole, and where the pictures are from; nothing where nobody keeps a list of them."""
    said = sorted(_licences(contents).items())
    if not said:
        return []
    whole = whole_licence(licence for (licence, _), number in said for _ in range(number))
    lines = ["", *licence_section(whole), "", "## Sources and licences", ""]
    lines += ["| licence | origin | pictures |", "|---|---|--:|"]
    return [*lines, *(f"| {_cell(licence)} | {_cell(origin)} | {number:,} |" for (licence, origin), number in said)]


def _cell(text: str) -> str:
    return plain(text) or "not stated"
