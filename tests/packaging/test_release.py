"""What every system's package is told: versions, files that exist, scripts that a shell can read."""

from __future__ import annotations

import plistlib
import re
import shutil
import subprocess
import tomllib
import xml.etree.ElementTree as ET
from configparser import ConfigParser
from pathlib import Path

import bundle_contents
import make_deb
import man_page
import pytest
import release
from PIL import Image

import fgbg_studio
from fgbg_studio.cli import main
from fgbg_studio.core.project.storage import DOOR

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
SPEC = (PACKAGING / "fgbg-studio.spec").read_text(encoding="utf-8")
INNO = (PACKAGING / "windows" / "fgbg-studio.iss").read_text(encoding="utf-8")


def test_one_version_everywhere() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert told == fgbg_studio.__version__ == release.VERSION
    assert ".".join(map(str, release.version_numbers())) == f"{told}.0"
    assert release.info_plist()["CFBundleShortVersionString"] == told
    assert f'version="{told}"' in make_deb.metainfo()
    for text in (SPEC, INNO, (PACKAGING / "linux" / "metainfo.xml").read_text(encoding="utf-8")):
        assert told not in text, "a version that is written down is forgotten at the next one"


def test_one_suffix_and_kind_of_file_everywhere() -> None:
    assert DOOR == release.DOOR == ".fgbg"
    assert f'Subkey: "Software\\Classes\\{DOOR}"' in INNO
    kinds = ET.parse(PACKAGING / "linux" / "fgbg-studio.xml").getroot()
    assert [glob.get("pattern") for glob in kinds.iter() if glob.tag.endswith("glob")] == [f"*{DOOR}"]
    assert kinds[0].get("type") == release.MIME
    declared = release.info_plist()["UTExportedTypeDeclarations"][0]["UTTypeTagSpecification"]
    assert (declared["public.filename-extension"], declared["public.mime-type"]) == (["fgbg"], [release.MIME])


def test_the_spec_takes_in_every_module_and_file() -> None:
    modules = bundle_contents.modules()
    for path in (ROOT / "fgbg_studio").rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        assert name in {*modules, "fgbg_studio"}
    suffixes = {".svg", ".jpg", ".png", ".json", ".tflite", ".onnx"}
    folders = [ROOT / "fgbg_studio", ROOT / "resources"]
    there = {path for folder in folders for path in folder.rglob("*") if path.suffix in suffixes}
    there |= {*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "pictures").glob("*.png")}
    assert {Path(source) for source, _ in bundle_contents.data()} == there


def test_a_family_without_members_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    from fgbg_studio.core.interfaces.writer import Writer

    monkeypatch.setattr(Writer, "_members", {})
    with pytest.raises(RuntimeError, match="writer"):
        bundle_contents.modules()


@pytest.mark.parametrize(
    ("name", "out"),
    [
        ("onnxruntime/capi/libonnxruntime.so.1.31.1", True),
        ("onnxruntime/capi/libonnxruntime_providers_shared.so", False),
        ("cv2/qt/plugins/platforms/libqxcb.so", True),
        ("cv2/cv2.abi3.so", False),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", False),
        ("PySide6/Qt/plugins/platforms/libqwayland.so", False),
        ("PySide6\\plugins\\platforms\\qdirect2d.dll", True),
        ("PySide6\\plugins\\platforms\\qwindows.dll", False),
        ("PySide6/Qt/plugins/iconengines/libqsvgicon.so", False),
        ("tensorflow/lite/python/libpywrap_tflite_common.so", False),
    ],
)
def test_what_stays_out_is_what_is_meant(name: str, out: bool) -> None:
    assert bundle_contents._matches(name, bundle_contents.LEFT_OUT) is out


def test_tensorflow_is_in_one_edition_alone() -> None:
    assert "tensorflow" in bundle_contents.excluded("light")
    assert not {"tensorflow", "keras", "h5py"} & set(bundle_contents.excluded("full"))


def test_icons_of_every_system(tmp_path: Path) -> None:
    icons = release.make_icons(tmp_path)
    for side in release.SIZES:
        with Image.open(icons / f"{side}.png") as picture:
            assert picture.size == (side, side)
            assert picture.convert("RGBA").getextrema()[3] == (0, 255), "round corners on nothing"
    with Image.open(icons / "fgbg-studio.ico") as picture:
        assert {(16, 16), (32, 32), (48, 48), (256, 256)} <= picture.info["sizes"]
    with Image.open(icons / "fgbg-studio.icns") as picture:
        assert (256, 256, 2) in picture.info["sizes"] or (512, 512, 1) in picture.info["sizes"]


class TestLinux:
    def test_the_menu_entry_runs_the_command(self) -> None:
        entry = ConfigParser(interpolation=None, strict=True)
        entry.optionxform = str  # type: ignore[assignment,method-assign]
        entry.read(PACKAGING / "linux" / "fgbg-studio.desktop", encoding="utf-8")
        told = entry["Desktop Entry"]
        assert (told["Exec"], told["Icon"]) == (f"{release.COMMAND} %f", release.COMMAND)
        assert told["MimeType"] == f"{release.MIME};"

    @pytest.mark.parametrize(
        ("tool", "file"),
        [("desktop-file-validate", "fgbg-studio.desktop"), ("xmllint --noout", "fgbg-studio.xml")],
    )
    def test_a_checker_has_nothing_to_say(self, tool: str, file: str) -> None:
        command = tool.split()
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed")
        done = subprocess.run([*command, PACKAGING / "linux" / file], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout + done.stderr) == (0, "")

    def test_the_software_centre_s_file_is_valid(self, tmp_path: Path) -> None:
        text = make_deb.metainfo()
        assert not re.search("@[A-Z]+@", text)
        file = tmp_path / f"{release.IDENTIFIER}.metainfo.xml"
        file.write_text(text, encoding="utf-8")
        assert ET.parse(file).getroot().findtext("id") == release.IDENTIFIER
        if shutil.which("appstreamcli") is None:
            pytest.skip("appstreamcli is not installed")
        done = subprocess.run(
            ["appstreamcli", "validate", "--no-net", file], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout

    def test_the_manual_page_has_every_command(self) -> None:
        page = man_page.page()
        for name in main.main.commands:
            assert f".SS {name}".replace("-", "\\-") in page
        if shutil.which("man") is None:
            pytest.skip("man is not installed")
        done = subprocess.run(["man", "--warnings", "-l", "-"], input=page, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")

    @pytest.mark.parametrize(
        ("told", "ordered"),
        [("1.0.0", "1.0.0"), ("1.0rc1", "1.0~rc1"), ("1.0.0.dev3", "1.0.0~dev3"), ("2.0b1", "2.0~b1")],
    )
    def test_a_preview_comes_before_its_release(self, told: str, ordered: str) -> None:
        assert make_deb.version(told) == ordered
        if shutil.which("dpkg") is None:
            pytest.skip("dpkg is not installed")
        final = told.partition("rc")[0].partition(".dev")[0].partition("b")[0]
        assert subprocess.run(["dpkg", "--compare-versions", ordered, "le", final], check=False).returncode == 0

    def test_debian_s_tools_can_read_the_changes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
        first, *_, last = make_deb.changelog("fgbg-studio-full").rstrip().split("\n")
        assert first == f"fgbg-studio-full ({release.VERSION}) stable; urgency=medium"
        assert last == f" -- {release.PUBLISHER} <{release.ADDRESS}>  Fri, 02 Jan 1970 00:00:00 +0000"

    def test_what_qt_needs_is_declared(self) -> None:
        declared = (PACKAGING / "linux" / "depends.txt").read_text().split()
        assert {"libxcb-cursor0", "libegl1", "libxkbcommon-x11-0"} <= set(declared)
        script = (PACKAGING / "qt-libraries.sh").read_text()
        wanted = {word for line in re.findall(r'wanted="([^"]*)"', script) for word in line.split() if word[0] != "$"}
        assert wanted <= set(declared)


@pytest.mark.parametrize("script", ["linux/install.sh", "macos/keychain.sh", "macos/make_dmg.sh", "qt-libraries.sh"])
def test_a_shell_can_read_the_script(script: str) -> None:
    if shutil.which("sh") is None:
        pytest.skip("there is no shell here")
    done = subprocess.run(["sh", "-n", PACKAGING / script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_windows_installer_is_told_all_it_asks() -> None:
    import importlib.util

    spec = importlib.util.spec_from_file_location("make_installer", PACKAGING / "windows" / "make_installer.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    told = made.defines(*(Path("x") for _ in range(2)), "light", Path("x"), Path("x"))
    asked = set(re.findall(r"{#(\w+)}", INNO)) - set(re.findall(r"^#define (\w+)", INNO, re.MULTILINE))
    assert asked == set(told)
    assert "PrivilegesRequired=lowest" in INNO
    assert '#define Program "FGBG Studio.exe"' in INNO
    assert 'program("FGBG Studio", console=False)' in SPEC


def test_entitlements_are_a_property_list() -> None:
    with (PACKAGING / "macos" / "entitlements.plist").open("rb") as file:
        assert all(value is True for value in plistlib.load(file).values())
    plistlib.dumps(release.info_plist())
    told = release.info_plist()
    named = [told["CFBundleIdentifier"], told["UTExportedTypeDeclarations"][0]["UTTypeIdentifier"]]
    assert all(re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", name) for name in named), "Apple allows nothing else"
    assert told["CFBundleDocumentTypes"][0]["LSItemContentTypes"] == named[1:]
    assert told["LSBackgroundOnly"] is False, "without this the window has no place in the Dock"
