# The two commands that matter: `make demo` and `make test`. Both work on a fresh machine with Python 3.11 to 3.14.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements
# Nothing is installed whose hash is not in a lock; the program itself is built by what is in it, not by what pip would fetch.
INSTALL := pip install --quiet --disable-pip-version-check --require-hashes --requirement
OURSELVES := pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation

.PHONY: demo run test coverage soak fuzz lint bench installer docs clean lock audit sbom

$(VENV)/installed: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/$(INSTALL) requirements.lock
	$(BIN)/$(OURSELVES) --editable .
	touch $@

$(VENV)/installed-test: $(VENV)/installed $(LOCKS)/test.lock $(LOCKS)/legacy.lock
	$(BIN)/$(INSTALL) $(LOCKS)/test.lock
	$(BIN)/$(INSTALL) $(LOCKS)/legacy.lock --no-deps
	touch $@

demo: $(VENV)/installed  ## Make projects of the sample pictures and datasets of them with depth, one of scenes; verify them, show their statistics.
	$(BIN)/fgbg-studio demo --out demo

run: $(VENV)/installed  ## Open the window with the demo project; it is made the first time.
	sh packaging/qt-libraries.sh window
	test -f demo/project/project.json || $(BIN)/python -c "from pathlib import Path; \
		from fgbg_studio.core.project.demo import make_demo; list(make_demo(Path('demo/project')))"
	$(BIN)/fgbg-studio demo/project

test: $(VENV)/installed-test  ## Install what the tests need and run them.
	PYTHON=$(BIN)/python sh packaging/qt-libraries.sh
	$(BIN)/python -m pytest -m timing $$(grep -rl --include='test_*.py' mark.timing tests)
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not timing"

coverage: $(VENV)/installed-test  ## Which lines the tests run; by itself, as counting them takes the tests half as long again.
	PYTHON=$(BIN)/python sh packaging/qt-libraries.sh
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not timing" --cov --cov-report=term

SEED := $(shell date +%s)

soak: $(VENV)/installed-test  ## The long forms of the tests: every case, many random examples; SEED=... repeats a run.
	PYTHON=$(BIN)/python sh packaging/qt-libraries.sh
	@echo "seed $(SEED)"
	FGBG_SOAK=1 FGBG_SEED=$(SEED) $(BIN)/python -m pytest -n 2 --dist worksteal -m "not timing" --hypothesis-seed=$(SEED)

RUNS := $(if $(INPUTS),--runs $(INPUTS))

fuzz: $(VENV)/installed-test  ## Coverage-guided fuzzing of what reads strangers' files: a million inputs; INPUTS=... of each, SEED=...
	-$(BIN)/$(INSTALL) $(LOCKS)/fuzz.lock --only-binary :all:
	$(BIN)/python -m tests.fuzz --seed $(SEED) $(RUNS)

lint: $(VENV)/installed-test  ## Style, types, and which part may import which.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/installed-test  ## Speed of composites and masks against the plain loop and the encoder's limit.
	$(BIN)/python benchmarks/compose.py

EDITION := light
EDITION_LOCK := $(if $(filter full,$(EDITION)),$(LOCKS)/full.lock,requirements.lock)

$(VENV)-$(EDITION)/installed: pyproject.toml $(EDITION_LOCK) $(LOCKS)/freeze.lock
	$(PYTHON) -m venv $(VENV)-$(EDITION)
	$(VENV)-$(EDITION)/bin/$(INSTALL) $(EDITION_LOCK) --requirement $(LOCKS)/freeze.lock # what is frozen is this folder
	touch $@

installer: $(VENV)-$(EDITION)/installed  ## Freeze the program, test it, make the .deb and the .tar.gz in dist; EDITION=full for TensorFlow.
	sh packaging/qt-libraries.sh window
	$(VENV)-$(EDITION)/bin/python packaging/build_opencv.py build/opencv
	$(VENV)-$(EDITION)/bin/python packaging/build.py $(EDITION)
	$(VENV)-$(EDITION)/bin/python packaging/third_parties.py build/licences-$(EDITION)
	$(VENV)-$(EDITION)/bin/python packaging/make_deb.py dist/$(EDITION)/fgbg-studio dist \
		--licences build/licences-$(EDITION) $(if $(filter full,$(EDITION)),--full)

$(VENV)/installed-docs: $(VENV)/installed $(LOCKS)/docs.lock
	$(BIN)/$(INSTALL) $(LOCKS)/docs.lock
	touch $@

docs: $(VENV)/installed-docs  ## The guide in site/: its pictures are taken of the program as it is now.
	PYTHON=$(BIN)/python sh packaging/qt-libraries.sh
	$(BIN)/python docs/screenshots.py
	$(BIN)/mkdocs build --strict

$(VENV)-tools/installed: $(LOCKS)/tools.lock
	$(PYTHON) -m venv $(VENV)-tools
	$(VENV)-tools/bin/$(INSTALL) $(LOCKS)/tools.lock
	touch $@

COMPILE := $(VENV)-tools/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-annotate \
	--custom-compile-command "make lock" $(UPGRADE) pyproject.toml --extra gui --group build
LIKE_TEST := --constraint $(LOCKS)/test.lock

lock: $(VENV)-tools/installed  ## Write the locks anew: versions stay where they fit; UPGRADE=--upgrade takes the newest.
	$(COMPILE) --extra test --extra lint --extra tensorflow --extra onnx --extra openvino --extra export --extra remote --extra trial --output-file $(LOCKS)/test.lock
	$(COMPILE) $(LIKE_TEST) --extra onnx --output-file requirements.lock
	$(COMPILE) $(LIKE_TEST) --extra onnx --extra tensorflow --output-file $(LOCKS)/full.lock
	$(COMPILE) $(LIKE_TEST) --extra docs --output-file $(LOCKS)/docs.lock
	for group in freeze fuzz tools; do \
		$(ALONE) --group $$group --output-file $(LOCKS)/$$group.lock || exit 1; done
	$(ALONE) --group legacy --no-deps --output-file $(LOCKS)/legacy.lock
ALONE = $(subst pyproject.toml --extra gui --group build,,$(COMPILE)) $(LIKE_TEST)

audit: $(VENV)-tools/installed  ## Ask the public database of known vulnerabilities about every version of the locks.
	for lock in requirements.lock $(LOCKS)/*.lock; do \
		$(VENV)-tools/bin/pip-audit --require-hashes --disable-pip --strict --requirement $$lock || exit 1; done

sbom: $(VENV)-tools/installed  ## The parts list (CycloneDX) of what requirements.lock installs, held against the lock.
	mkdir -p dist
	$(VENV)-tools/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible \
		--of JSON --output-file dist/fgbg-studio.cdx.json
	$(VENV)-tools/bin/python packaging/parts_list.py dist/fgbg-studio.cdx.json requirements.lock

clean:
	rm -rf $(VENV) $(VENV)-light $(VENV)-full $(VENV)-tools demo build dist site docs/pictures *.egg-info
