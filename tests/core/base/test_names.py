"""One word for one thing: no two classes of the program have the same name."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import fgbg_studio


def test_no_public_class_name_is_defined_twice() -> None:
    package = Path(fgbg_studio.__file__).parent
    homes = defaultdict(list)
    for file in sorted(package.rglob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(str(file.relative_to(package)))
    assert len(homes) > 200
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}
