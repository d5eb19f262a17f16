"""Builds OpenCV with what the program uses of it, and puts it into the environment that runs this.

    python packaging/build_opencv.py build/opencv

The published wheel takes 159 MB, of which most is video, networks and calibration, and the libraries of FFmpeg and
OpenBLAS. Here the same version's sources are built with four modules, and the result takes the place of the wheel's
compiled part. That takes a C++ compiler, NASM (without it JPEG is several times as slow) and some ten minutes on two
cores; what is there already is used again.

What is built must do the same to the last bit: the demo's datasets are made before and after, and compared.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import venv
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "opencv-python-headless"
# Pictures of people are read by Pillow: OpenCV's own part is JPEG and PNG.
LEFT_OUT = [
    *("FFMPEG", "GSTREAMER", "V4L", "OBSENSOR", "VA", "OPENCL", "ITT", "IPP", "LAPACK", "EIGEN", "VTK", "UNIFONT"),
    *("TIFF", "WEBP", "OPENEXR", "JASPER", "OPENJPEG", "AVIF", "PROTOBUF", "FLATBUFFERS"),
]
OPTIONS = [
    *("-GNinja", "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_LIST=core,geometry,imgproc,imgcodecs,python3"),
    *(f"-DBUILD_{name}=ON" for name in ("JPEG", "PNG", "ZLIB")),
    *(f"-DBUILD_{name}=OFF" for name in ("SHARED_LIBS", "TESTS", "PERF_TESTS", "JAVA", "opencv_apps")),
    *(f"-DWITH_{name}=OFF" for name in LEFT_OUT),
    *("-DPYTHON3_LIMITED_API=ON", f"-DPYTHON3_EXECUTABLE={sys.executable}"),
    # Said, because CMake finds the system's Python first.
    f"-DPYTHON3_INCLUDE_DIR={sysconfig.get_path('include')}",
    f"-DPYTHON3_LIBRARY={sysconfig.get_config_var('LIBDIR')}/{sysconfig.get_config_var('LDLIBRARY')}",
]


def main() -> None:
    """Build or find the library, put it in, hold what it does against the published one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="for the library and its sources")
    folder = parser.parse_args().folder.resolve() / version(PACKAGE)
    built = folder / "cv2.abi3.so"
    if not built.exists():
        build(folder, built)
    with tempfile.TemporaryDirectory() as temporary:
        before, after = Path(temporary, "published"), Path(temporary, "built")
        pip("install", "--quiet", "--force-reinstall", "--no-deps", f"{PACKAGE}=={version(PACKAGE)}")
        datasets(before)
        put_in(built)
        datasets(after)
        differing = compare(before, after)
    if differing:
        sys.exit(f"OpenCV as built makes other files than as published: {', '.join(differing[:5])}")
    print(f"{built}: {built.stat().st_size / 1e6:.0f} MB, the demo's datasets are the same to the last bit")


def build(folder: Path, built: Path) -> None:
    """Fetch the sources of the version that is installed, and compile them."""
    for tool in ("c++", "nasm", "strip"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is missing: install the packages g++, nasm and binutils")
    folder.mkdir(parents=True, exist_ok=True)
    exact = f"{PACKAGE}=={version(PACKAGE)}"
    pip("download", "--quiet", "--no-deps", "--no-binary", PACKAGE, "--dest", str(folder), exact)
    archive = next(folder.glob("*.tar.gz"))
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    sources, work = folder / archive.name.removesuffix(".tar.gz") / "opencv", folder / "work"
    tools = folder / "tools"  # apart: what is in this environment is what will be frozen and listed as its parts
    venv.create(tools, with_pip=True)
    subprocess.run([tools / "bin" / "pip", "install", "--quiet", "cmake>=3.31,<5", "ninja>=1.11,<2"], check=True)
    environment = {**os.environ, "PATH": f"{tools / 'bin'}:{os.environ['PATH']}"}
    cmake = [tools / "bin" / "cmake"]
    subprocess.run([*cmake, "-S", sources, "-B", work, *OPTIONS], check=True, env=environment)
    subprocess.run([*cmake, "--build", work, "--target", "opencv_python3"], check=True, env=environment)
    subprocess.run(["strip", "--strip-unneeded", "-o", built, work / "lib" / "python3" / built.name], check=True)
    shutil.rmtree(sources.parent)
    shutil.rmtree(work)


def put_in(built: Path) -> None:
    """Replace the wheel's compiled part, and remove the libraries that it alone needed."""
    found = find_spec("cv2")
    if found is None or found.origin is None:
        sys.exit(f"{PACKAGE} is not installed here")
    package = Path(found.origin).parent
    if not (package / built.name).exists():
        sys.exit(f"{package} has no {built.name}: the wheel is not what this script knows")
    shutil.copy(built, package / built.name)
    shutil.rmtree(package.parent / "opencv_python_headless.libs", ignore_errors=True)


def pip(*arguments: str) -> None:
    """Run pip in this environment."""
    subprocess.run([sys.executable, "-m", "pip", *arguments], check=True)


def datasets(out: Path) -> None:
    """Make the demo's dataset with the program's sources, and one so large that foregrounds grow."""
    demo, large = str(out / "project"), str(out / "large")
    for command in (
        ("demo", "--out", str(out)),
        ("set", demo, "size=448", "foreground.feather=1.5"),
        ("generate", demo, "--out", large),
    ):
        program = [sys.executable, "-m", "fgbg_studio", *command]
        subprocess.run(program, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def compare(one: Path, two: Path) -> list[str]:
    """Files that are not the same in both folders."""
    names = {str(path.relative_to(root)) for root in (one, two) for path in root.rglob("*") if path.is_file()}
    _, other, missing = filecmp.cmpfiles(one, two, sorted(names), shallow=False)
    return sorted(other + missing)


if __name__ == "__main__":
    main()
