"""What the workflows run exists, a shell can read it, and nothing is pasted into it that another could have written."""

from __future__ import annotations

import re
import shutil
import subprocess
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TEXTS = [path.read_text(encoding="utf-8") for path in WORKFLOWS]
EVERY = "\n".join(TEXTS)


def scripts(text: str) -> Iterator[tuple[str, str]]:
    """Each step's script and its shell; the workflows' own layout is enough to find them, without a reader of YAML."""
    for step in re.split(r"^      - ", text, flags=re.MULTILINE)[1:]:
        found = re.search(r"^ *run: (?:\|\n((?: {10}.*\n|\n)+)|(.+)\n)", step, re.MULTILINE)
        shell = re.search(r"^ *shell: (\w+)$", step, re.MULTILINE)
        if found:
            yield textwrap.dedent(found[1] or found[2]), shell[1] if shell else "bash"


RUN = [script for text in TEXTS for script in scripts(text)]


def test_every_script_was_found() -> None:
    assert [path.name for path in WORKFLOWS] == ["release.yml", "tests.yml"]
    assert len(RUN) == len(re.findall(r"^ +(?:- )?run: ", EVERY, re.MULTILINE)) > 15


def test_workflows_are_yaml() -> None:
    yaml = pytest.importorskip("yaml", reason="only the guide's tools bring a reader of YAML")
    for text in TEXTS:
        jobs = yaml.safe_load(text)["jobs"]
        assert all("timeout-minutes" in job or "uses" in job for job in jobs.values())
        known = [step["run"].strip() for job in jobs.values() for step in job.get("steps", []) if "run" in step]
        assert [script.strip() for script, _ in scripts(text)] == known


@pytest.mark.parametrize("script", [script for script, shell in RUN if shell == "bash"], ids=lambda s: s.split("\n")[0])
def test_a_shell_can_read_each_script(script: str) -> None:
    if shutil.which("bash") is None:
        pytest.skip("there is no bash here")
    done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_is_pasted_into_a_script() -> None:
    """An expression in a script is code of whoever chose its value, such as a branch's name: it comes as a variable."""
    assert [script for script, _ in RUN if "${{" in script] == []


def test_what_the_workflows_name_exists() -> None:
    named = set(re.findall(r"(?<![\w/.])(?:packaging|docs|tests|benchmarks|resources|requirements)/[\w./-]+\w", EVERY))
    named |= set(re.findall(r"(?<![\w/.-])(?:[\w-]+\.(?:lock|toml|md))\b", EVERY))
    named |= set(re.findall(r"uses: \./(\S+)", EVERY))
    assert {"packaging/build.py", "requirements.lock", ".github/workflows/tests.yml"} <= named
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_targets_that_the_workflows_use_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"\bmake ([a-z-]+)", EVERY))
    assert targets == {"lint", "docs"}
    assert [name for name in targets if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []


def test_the_workflows_install_by_hashes_alone() -> None:
    """Of what the registry has today nothing is taken but what a lock names, and no build fetches more."""
    installed = re.findall(r"pip install (.+)", EVERY)
    assert len(installed) >= 4
    assert [
        line for line in installed if "--require-hashes" not in line and "--no-deps --no-build-isolation" not in line
    ] == []


def test_every_secret_is_one_that_the_scripts_ask_for() -> None:
    asked = "".join((ROOT / "packaging" / "macos" / name).read_text() for name in ("keychain.sh", "make_dmg.sh"))
    secrets = set(re.findall(r"secrets\.(\w+)", EVERY))
    assert len(secrets) == 7
    assert [name for name in secrets if f"${name}" not in asked and f"${{{name}:-}}" not in asked] == []
