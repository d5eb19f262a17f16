# The two commands that matter: `make demo` and `make test`. Both work on a fresh machine with Python 3.11 to 3.13.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements.lock

.PHONY: demo run test lint bench clean lock

$(VENV)/installed: pyproject.toml $(LOCK)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint $(LOCK) --editable .
	touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(BIN)/pip install --quiet --constraint $(LOCK) --editable ".[test,lint,tensorflow,onnx]"
	$(BIN)/pip install --quiet --constraint $(LOCK) --no-deps tf_keras # writes the legacy files that tests read
	touch $@

demo: $(VENV)/installed  ## Draw a project, make a dataset of it with depth, verify it, show its statistics.
	$(BIN)/fgbg-studio demo --out demo

run: $(VENV)/installed  ## Open the window with the demo project; it is drawn the first time.
	test -f demo/project/project.json || $(BIN)/python -c "from pathlib import Path; \
		from fgbg_studio.core.demo import make_demo; list(make_demo(Path('demo/project')))"
	$(BIN)/fgbg-studio demo/project

test: $(VENV)/installed-test  ## Install what the tests need and run them.
	PYTHON=$(BIN)/python sh packaging/qt-libraries.sh
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/installed-test  ## Style, types, and which part may import which.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/installed-test  ## Speed of composites and masks against the plain loop and the encoder's limit.
	$(BIN)/python benchmarks/compose.py

lock:  ## Write the versions that are installed now into the lock file.
	$(BIN)/pip freeze --exclude-editable > $(LOCK)

clean:
	rm -rf $(VENV) demo build dist *.egg-info
