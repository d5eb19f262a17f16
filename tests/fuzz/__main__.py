"""Coverage-guided fuzzing by atheris: ``python -m tests.fuzz [TARGET ...] [--runs N] [--seed N] [--keep FOLDER]``.

Each target runs in a process of its own, which a crash, a hang of ten seconds or 2 GB of memory end: what did it is
kept in ``FOLDER/TARGET-found``, and what led to new ways through the program in ``FOLDER/TARGET``, where the next run
goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# Of a million inputs: more where bytes are read by hand, fewer where each has to be looked at for long.
SHARES = {
    "regions": 200_000, "depths": 150_000, "steps": 150_000, "strokes": 150_000, "project": 150_000, "tar": 80_000,
    "outlines": 50_000, "zip": 50_000, "pictures": 30_000, "record": 10_000, "rows": 10_000, "notes": 3_000,
    "exports": 3_000,
}  # fmt: skip
OURS = ["fgbg_studio", "PIL", "zipfile", "tarfile", "json"]


def fuzz(name: str, runs: int, seed: int, keep: Path) -> None:
    """Run one target in this process until its end."""
    import atheris

    with atheris.instrument_imports(include=OURS):
        from tests.fuzz.targets import TARGETS, prepared

    found, corpus = keep / f"{name}-found", keep / name
    found.mkdir(parents=True, exist_ok=True)
    corpus.mkdir(exist_ok=True)
    shared_memory = Path("/dev/shm")
    where = shared_memory if shared_memory.is_dir() else None
    with tempfile.TemporaryDirectory(prefix=f"fuzz-{name}-", dir=where) as folder:
        read, seeds = prepared(TARGETS[name], Path(folder) / "work")
        for number, data in enumerate(seeds):
            (corpus / f"seed-{number:02}").write_bytes(data)
        longest = 4 * max(map(len, seeds)) + 64
        flags = [f"-atheris_runs={runs}", f"-seed={seed}", "-timeout=10", "-rss_limit_mb=2048", f"-max_len={longest}"]

        def kept(data: bytes) -> None:
            try:
                read(data)
            except BaseException:
                (found / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
                raise

        atheris.Setup([name, *flags, f"-artifact_prefix={found}/", str(corpus)], kept)
        atheris.Fuzz()


def main() -> None:
    """Run what the command line names; fails where something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", default=list(SHARES))
    parser.add_argument("--runs", type=int, help="inputs of each target, instead of a million of all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--here", action="store_true", help="in this process")
    options = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed: there is no wheel of it for this Python or this system")
        return
    if options.here:
        fuzz(options.targets[0], options.runs, options.seed, options.keep.resolve())
        return
    total, bad = 0, []
    for name in options.targets:
        runs = options.runs or SHARES[name]
        command = [sys.executable, "-m", "tests.fuzz", name, "--here", "--runs", str(runs)]
        command += ["--seed", str(options.seed), "--keep", str(options.keep)]
        log = options.keep / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as file:
            done = subprocess.run(command, stdout=file, stderr=subprocess.STDOUT, check=False, env=os.environ)
        text = log.read_text(encoding="utf-8", errors="replace")
        counts = [int(count) for count in re.findall(r"^(?:#|Done )(\d+)", text, re.MULTILINE)]
        ways = re.findall(r"cov: (\d+)", text)
        total += max(counts, default=0)
        # What ends is done; the alarm of its clock may still ring while Python goes.
        failed = not re.search(r"^Done ", text, re.MULTILINE) or bool(list((options.keep / f"{name}-found").iterdir()))
        bad += [name] * failed
        said = f"ended with {done.returncode}, see {log}" if failed else "nothing found"
        print(f"{name}: {max(counts, default=0):,} inputs, {ways[-1] if ways else 0} ways: {said}", flush=True)
    print(f"{total:,} inputs, seed {options.seed}")
    if bad:
        sys.exit(1)


if __name__ == "__main__":
    main()
