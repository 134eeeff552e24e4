# The two commands a newcomer needs are `make demo` and `make test`; both can be run again, quickly.
# They need Python 3.11 to 3.13 and make, nothing else, and read nothing from the terminal.
# `make` alone lists what else there is.

# The first Python on PATH that fits; `make demo PYTHON=python3.12` chooses another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1 \
	&& echo $$python && break; done)
# Pythons that `make test-all` tests beside the one of .venv, as far as they are installed.
PYTHONS := 3.11 3.12 3.13
# One of them gets the oldest DuckDB that journeykit allows; the others the newest.
OLDEST_DUCKDB := 3.12

# What is tested there: what depends on Python and, with the oldest DuckDB, on that.
ON_DUCKDB := tests/unit/eventlog tests/unit/engines tests/unit/relations tests/unit/saving
ELSEWHERE := $(filter-out tests/unit/builtin tests/unit/analysis tests/unit/simulation tests/unit/cli tests/unit/html $(ON_DUCKDB),$(wildcard tests/unit/*))

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEVELOP := $(VENV)/.installed-dev

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## List these targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: $(INSTALLED) ## Set up, simulate a B2B log, print the three answers and write journey.html.
	$(BIN)/journeykit demo

.PHONY: test
test: lint types layers docs unit ## Everything that must hold before a commit, in 8 minutes at most.

.PHONY: test-all
test-all: package pythons slow ## What is slow: the package elsewhere, other Pythons, browsers, large data.

# --- setting up: a stamp says that all went well, so that an interrupted run starts over ---

# Make .venv, or make it anew where it does not work (interrupted, moved, its Python gone).
define make_venv
@test -n "$(PYTHON)" || { echo "journeykit needs Python 3.11, 3.12 or 3.13, and finds none. Try: make PYTHON=..." >&2; exit 1; }
@$(BIN)/pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
endef

$(INSTALLED): pyproject.toml
	$(make_venv)
	@echo "Installing journeykit into $(VENV): a minute, the first time."
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(DEVELOP): pyproject.toml
	$(make_venv)
	@echo "Installing journeykit and what its tests need into $(VENV): a minute or two, the first time."
	@$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $(INSTALLED) $@

# --- the parts of `make test` ---

.PHONY: lint
lint: $(DEVELOP) ## Check style and formatting.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: format
format: $(DEVELOP) ## Mend what can be mended of style and formatting.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: types
types: $(DEVELOP) ## Check types.
	$(BIN)/mypy

.PHONY: layers
layers: $(DEVELOP) ## Check what imports what.
	$(BIN)/lint-imports --no-logo --no-cache

.PHONY: docs
docs: $(DEVELOP) ## Build the documentation into site/; a broken link is an error.
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

.PHONY: unit
unit: $(DEVELOP) ## Run the quick tests.
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadfile </dev/null

# Takes twice as long as the tests alone, and so is no part of `make test`.
.PHONY: coverage
coverage: $(DEVELOP) ## Run the quick tests, and say which lines and branches they miss.
	$(BIN)/python -m pytest -m "not slow" -n 2 --cov --cov-report=term </dev/null

# --- the parts of `make test-all` ---

.PHONY: slow
slow: $(DEVELOP) ## Run the slow tests, property tests among them with more examples.
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -m slow -n 2 --dist loadfile --durations=10 </dev/null

.PHONY: package
package: $(DEVELOP) ## Build sdist and wheel; install the wheel into an empty environment elsewhere and use it there.
	@rm -rf dist
	@$(BIN)/python -m build --outdir dist . >/dev/null
	@set -e; wheel=$$(echo "$(CURDIR)"/dist/*.whl); python="$(CURDIR)/$(BIN)/python"; \
	elsewhere=$$(mktemp -d); trap 'rm -rf "$$elsewhere"' EXIT; trap 'exit 130' INT TERM; cd "$$elsewhere"; \
	echo "Installing $$(basename "$$wheel") into an empty environment."; \
	"$$python" -m venv empty; empty/bin/python -m pip install --quiet "$$wheel"; \
	empty/bin/journeykit --help </dev/null; empty/bin/journeykit demo </dev/null; test -s journey.html

.PHONY: pythons
pythons: $(PYTHONS:%=python-%) ## Run the unit tests on the other Pythons there are.

# What ships, the answers, the laws and the real logs depend on no Python, and are left to .venv. The Python with the oldest
# DuckDB is asked what depends on DuckDB, too, and the oracle.
# python-3.12 and so on: skipped, saying so, where .venv has that version or nothing else does.
.PHONY: $(PYTHONS:%=python-%)
$(PYTHONS:%=python-%): python-%: $(DEVELOP)
	@set -e; version='import sys; print("%d.%d" % sys.version_info[:2])'; \
	if [ "$$($(BIN)/python -c "$$version")" = $* ]; then echo "Python $*: has been tested, it is that of $(VENV)"; exit; fi; \
	for python in python$* "$$HOME"/.pyenv/versions/$*.*/bin/python; do \
		if [ "$$("$$python" -c "$$version" 2>/dev/null)" = $* ]; then \
			exec $(MAKE) --no-print-directory test-on-$* PYTHON="$$python" VENV=.venv-$*; \
		fi; \
	done; \
	echo "Python $*: skipped, for it is neither on PATH nor under ~/.pyenv/versions"

.PHONY: $(PYTHONS:%=test-on-%)
$(PYTHONS:%=test-on-%): test-on-%: .venv-%/.installed-test
	HYPOTHESIS_PROFILE=few $(BIN)/python -m pytest -m "not slow" -n 2 --dist loadfile -p no:cacheprovider $(ELSEWHERE) \
		$(if $(filter $(OLDEST_DUCKDB),$*),$(ON_DUCKDB) tests/property/test_oracle.py) </dev/null

.venv-%/.installed-test: pyproject.toml
	$(make_venv)
	@echo "Installing journeykit and its tests into $(VENV)."
	@$(BIN)/python -m pip install --quiet --editable '.[test]' $(if $(filter $(OLDEST_DUCKDB),$*),'duckdb<1.6')
	@touch $@

.PHONY: clean
clean: ## Remove what these targets made.
	rm -rf $(VENV) .venv-3.* dist site journey.html .coverage .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
