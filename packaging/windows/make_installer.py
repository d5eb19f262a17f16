"""Makes the installer for Windows, by Inno Setup 6: ``python packaging/windows/make_installer.py DIST OUT``."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import release  # noqa: E402 - found only now

SCRIPT = HERE / "fgbg-studio.iss"


def defines(folder: Path, out: Path, edition: str, licences: Path, icon: Path) -> dict[str, str]:
    """What the script wants to be told."""
    return {
        "Version": release.VERSION,
        "VersionNumbers": ".".join(map(str, release.version_numbers())),
        "Publisher": release.PUBLISHER,
        "Folder": str(folder.resolve()),
        "Out": str(out.resolve()),
        "Edition": edition,
        "Icon": str(icon.resolve()),
        "Licences": str(licences.resolve()),
        "License": str(release.ROOT / "LICENSE"),
    }


def compiler() -> Path:
    """Where Inno Setup is, which puts itself on no path."""
    places = [os.environ.get(name, "") for name in ("ProgramFiles(x86)", "ProgramFiles")]
    for place in places:
        found = Path(place) / "Inno Setup 6" / "ISCC.exe"
        if place and found.exists():
            return found
    sys.exit("Inno Setup 6 is not installed: https://jrsoftware.org/isinfo.php")


def main() -> None:
    """Make the installer as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the frozen program")
    parser.add_argument("out", type=Path)
    parser.add_argument("--edition", choices=["light", "full"], default="light")
    parser.add_argument("--licences", type=Path, required=True)
    chosen = parser.parse_args()
    icons = release.make_icons(chosen.out / ".icons")
    told = defines(chosen.folder, chosen.out, chosen.edition, chosen.licences, icons / "fgbg-studio.ico")
    command = [str(compiler()), "/Qp", *(f"/D{name}={value}" for name, value in told.items()), str(SCRIPT)]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
