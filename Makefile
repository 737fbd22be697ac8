# make run, make test and make check are all that is needed; each makes .venv first if it is not there.
# Windows has no make: README.md lists the same commands.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_FLAGS ?=

.PHONY: venv run test test-pages test-slow check format bench golden
.PHONY: check-format check-lint check-types check-layers check-web

venv: $(VENV)/.installed

# A torch that is already in .venv and new enough stays (a CPU build, say): pip only fetches what is missing.
$(VENV)/.installed: requirements.txt requirements-dev.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@

run: venv
	$(BIN)/python launch.py

# Two processes, a file each at a time: the tests of one file share a server or a pool.
test: venv
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow and not pages" $(PYTEST_FLAGS)

test-pages: venv
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "pages and not slow" $(PYTEST_FLAGS)

test-slow: venv
	$(BIN)/python -m pytest -m slow $(PYTEST_FLAGS)

# make -k check goes on after a finding, so that one run shows all of them.
check: check-format check-lint check-types check-layers check-web

check-format: venv
	$(BIN)/ruff format --check .

check-lint: venv
	$(BIN)/ruff check .

check-types: venv
	$(BIN)/mypy

check-layers: venv
	$(BIN)/lint-imports

check-web: venv
	$(BIN)/biome check .

format: venv
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/biome check --write .

bench: venv
	$(BIN)/python -m benchmarks

# Rewrites the golden files; the diff is what to read.
golden: venv
	EXPLORER_GOLDEN=rewrite $(BIN)/python -m pytest -k golden $(PYTEST_FLAGS)
