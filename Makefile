# Everything a person needs: `make demo`, `make test`, `make run`, `make check`. Needs git, make and Python 3.11 or newer with
# its venv module; all else is installed into .venv from the lock files, verified by hash.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
  $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
WORKERS ?= 2
CONFIG ?= config/monitor.toml

.DEFAULT_GOAL := help
.PHONY: help demo run test test-slow check format lock clean browser evaluate evaluate-year bench bench-understanding fuzz

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

demo: .venv/ready ## the whole job offline, on invented news: poll twice, decide, print the digest
	@$(BIN)/monitor demo

run: .venv/ready ## start the service
	@$(BIN)/monitor --config $(CONFIG) run

test: .venv/ready-dev ## all tests but the slow ones, with branch coverage
	@$(BIN)/coverage erase
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not slow" --cov --cov-report= --ignore=tests/browser tests
	@$(BIN)/coverage report

test-slow: .venv/ready-dev ## the slow tests (marker "slow"), without coverage
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal -m slow tests

browser: .venv/ready-dev ## the pages in a real Chromium (Debian: apt install chromium fonts-noto-cjk): flows, axe, pictures in $$BROWSER_SHOTS
	@$(BIN)/pytest -q --timeout 300 tests/browser

check: .venv/ready-dev ## format, lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: .venv/ready-dev ## format and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

evaluate: .venv/ready-dev ## quality on the evaluation data beside the checkout, against the pinned floors
	@$(BIN)/python -m bench.evaluate

evaluate-year: .venv/ready-dev ## what three users would feel of a year of news: misses, false items, repeats, wrong lines (four minutes)
	@$(BIN)/python -m bench.year

bench: .venv/ready-dev ## speed: polling a thousand local feeds, side by side with lemon24/reader (installed beside, not here); understanding; pages and search
	@$(BIN)/python -m bench.polling
	@$(BIN)/python -m bench.understanding
	@$(BIN)/python -m bench.archive

bench-understanding: .venv/ready-dev ## the second half of it; LARGE=--large: also with a million stored articles
	@$(BIN)/python -m bench.understanding $(LARGE)

FUZZ ?= 10000
fuzz: .venv/ready-dev ## injured addresses, dates, feeds and pages: FUZZ=10000 of each
	@FUZZ_EXAMPLES=$(FUZZ) $(BIN)/pytest -n $(WORKERS) --dist worksteal -q tests/fuzz

lock: ## renew the lock files (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  pyproject.toml --group build -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  pyproject.toml --group dev -o requirements-dev.lock

clean: ## remove what these targets made
	rm -rf .venv .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist

.venv/bin/python:
	@test -n "$(PYTHON)" || \
	  { echo "make: no Python 3.11 or newer found: install one, or say make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "make: $(PYTHON) is no Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "make: the venv module is missing: install it (Debian: apt install python3-venv)" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/ready: .venv/bin/python requirements.lock pyproject.toml
	@echo "installing the locked versions into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
