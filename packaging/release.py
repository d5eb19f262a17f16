"""What every package says of the program: version, identity, icons; from pyproject.toml and the one icon there is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT: dict[str, Any] = PYPROJECT["project"]
DATA = {
    "resources/icons": "*.svg",
    "resources/presets": "*.png",
    "resources/samples": "*",
    "fgbg_studio/selftest": "tiny.*",
    "docs": "*.md",
    "docs/pictures": "*.png",
}
"""Folders of the repository with files that ship and are no code."""
MADE = {"docs/pictures"}
"""Those of them that are not kept: they ship where ``docs/screenshots.py`` made them."""

VERSION: str = PROJECT["version"]
SUMMARY: str = PROJECT["description"]
NAME = "FGBG Studio"
COMMAND = "fgbg-studio"
IDENTIFIER = "io.github.fgbg_studio.FGBGStudio"
BUNDLE = IDENTIFIER.replace("_", "-")  # Apple allows letters, digits, hyphens and periods; Linux wants no hyphens
PUBLISHER = "The FGBG Studio authors"
ADDRESS = "noreply@localhost"  # whom the .deb names for questions
DOOR = ".fgbg"  # the file in a project's folder that opens it by a double click
MIME = "application/x-fgbg-project"
ICON = ROOT / "resources" / "icons" / "icon.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def make_icons(folder: Path) -> Path:
    """Draw the icon as ``SIZE.png`` and as the files that Windows (.ico) and macOS (.icns) want; returns ``folder``."""
    from PIL import Image
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    folder.mkdir(parents=True, exist_ok=True)
    for side in SIZES:
        picture = QImage(side, side, QImage.Format.Format_ARGB32)
        picture.fill(0)
        painter = QPainter(picture)
        QSvgRenderer(str(ICON)).render(painter)
        painter.end()
        if not picture.save(str(folder / f"{side}.png")):
            raise RuntimeError(f"{folder / f'{side}.png'} cannot be written")
    pictures = {side: Image.open(folder / f"{side}.png") for side in SIZES}
    small = [side for side in SIZES if side <= 256]
    pictures[256].save(
        folder / "fgbg-studio.ico", sizes=[(side, side) for side in small], append_images=[pictures[s] for s in small]
    )
    pictures[512].save(folder / "fgbg-studio.icns", append_images=[pictures[side] for side in SIZES])
    return folder


def version_numbers() -> tuple[int, int, int, int]:
    """The version as the four numbers that Windows knows; what follows them (a, b, rc) is left out."""
    numbers = [int(number) for number in re.findall(r"\d+", VERSION.split("+", maxsplit=1)[0])[:3]]
    first, second, third = (*numbers, 0, 0, 0)[:3]
    return first, second, third, 0


def windows_version(name: str) -> Any:
    """The version resource of a program: what Windows shows under Properties → Details."""
    from PyInstaller.utils.win32 import versioninfo as info

    numbers = version_numbers()
    said = {
        "CompanyName": PUBLISHER, "FileDescription": NAME, "FileVersion": VERSION, "InternalName": name,
        "LegalCopyright": f"{PROJECT['license']} licence", "OriginalFilename": f"{name}.exe", "ProductName": NAME,
        "ProductVersion": VERSION,
    }  # fmt: skip
    table = info.StringTable("040904B0", [info.StringStruct(key, value) for key, value in said.items()])
    return info.VSVersionInfo(
        ffi=info.FixedFileInfo(filevers=numbers, prodvers=numbers),
        kids=[info.StringFileInfo([table]), info.VarFileInfo([info.VarStruct("Translation", [0x0409, 1200])])],
    )


def info_plist() -> dict[str, Any]:
    """What macOS wants to know of the program beside what PyInstaller says."""
    return {
        "CFBundleIdentifier": BUNDLE,
        "CFBundleDisplayName": NAME,
        "CFBundleShortVersionString": VERSION,
        "LSApplicationCategoryType": "public.app-category.graphics-design",
        "LSBackgroundOnly": False,  # PyInstaller takes a program with a terminal for one without a window
        "LSMinimumSystemVersion": "14.0",  # what ONNX Runtime's wheel asks for
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": f"{PROJECT['license']} licence",
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": f"{NAME} project",
                "CFBundleTypeRole": "Editor",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [f"{BUNDLE}.project"],
            }
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": f"{BUNDLE}.project",
                "UTTypeDescription": f"{NAME} project",
                "UTTypeConformsTo": ["public.data"],
                "UTTypeTagSpecification": {"public.filename-extension": [DOOR[1:]], "public.mime-type": [MIME]},
            }
        ],
    }
