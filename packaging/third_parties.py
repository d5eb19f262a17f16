"""Collects the licences of everything that a frozen program contains: ``python packaging/third_parties.py FOLDER``.

Run it with the environment that the program was frozen from. What is only there to freeze is left out.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = {
    "pip", "setuptools", "wheel", "pyinstaller", "pyinstaller-hooks-contrib", "altgraph", "fgbg-studio", "hatchling",
    "editables", "pathspec", "pluggy", "tomlkit", "trove-classifiers",
}  # fmt: skip
TEXT = re.compile(r"(^|/)(licen[cs]e|copying|notice|third.?party|authors)[^/]*$|/licen[cs]es/", re.IGNORECASE)
OURS = {"pyside6-essentials": "LGPL-3.0", "shiboken6": "LGPL-3.0"}  # their wheels carry no text
QT = """Qt and PySide6 are used under the GNU Lesser General Public License, version 3 (LGPL-3.0.txt, which adds to
GPL-3.0.txt). They are separate shared libraries in the program's folder (PySide6 and shiboken6), neither changed nor
linked into anything: you may replace them by your own build of the same version. Their source: https://download.qt.io
"""


def main() -> None:
    """Write the texts into the folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    without = collect(folder)
    if without:
        sys.exit(f"no text of a licence is known for: {', '.join(without)}")
    print(f"{folder}: {len(list(folder.iterdir())) - 4} packages")


def collect(folder: Path) -> list[str]:
    """Copy every package's texts, write the list; names those that have neither a text nor a licence's name."""
    lines, without = [], []
    for package in sorted(packages(), key=lambda p: p.name.lower()):
        name = f"{package.name}-{package.version}"
        texts = [file for file in package.files or [] if TEXT.search(str(file)) and file.suffix not in {".py", ".pyc"}]
        licence = licence_of(package)
        for file in texts:
            target = folder / name / re.sub(r"^[^/]*\.dist-info/(licenses/)?", "", str(file))
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(file.locate()), target)
        if not texts and not licence:
            without.append(package.name)
        lines.append(f"{package.name:28} {package.version:16} {licence}")
    for text in (HERE / "licences").iterdir():
        shutil.copy(text, folder)
    shutil.copy(Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", folder / "Python.txt")
    head = f"{'Python':28} {sys.version.split(maxsplit=1)[0]:16} PSF-2.0"
    (folder / "LIST.txt").write_text("\n".join([QT, head, *lines]) + "\n", encoding="utf-8")
    return without


def packages() -> Iterator[metadata.Distribution]:
    """What is installed here and goes into the program."""
    for package in metadata.distributions():
        if package.name.lower().replace("_", "-") not in TOOLS:
            yield package


def licence_of(package: metadata.Distribution) -> str:
    """A licence's name, from whichever of the fields a package fills."""
    known = OURS.get(package.name.lower().replace("_", "-"))
    told = package.metadata
    named = [c.rpartition(" :: ")[2] for c in told.get_all("Classifier") or [] if c.startswith("License ::")]
    free, exact = (str(told[key]).strip() if key in told else "" for key in ("License", "License-Expression"))
    return known or exact or ", ".join(named) or free.split("\n", maxsplit=1)[0][:60]


if __name__ == "__main__":
    main()
