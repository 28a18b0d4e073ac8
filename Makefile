# One command has to be enough on a machine with nothing but Python and make,
# so every target that needs an environment makes it, and mends a stale one.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test format lint types bench mutation lock docs clean FORCE

SHELL := /bin/sh
# The tests start Python hundreds of times, which should not compile everything each time.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
VENVS := .venv .venv-bench .venv-mutation

# Which Python to build an environment with; empty looks for one.
PYTHON ?=
CANDIDATES := python3 python3.13 python3.12 python3.11
# Worker processes for the tests; 0 runs them in one, for a debugger. More than cores, since many tests wait for others.
WORKERS ?= 4
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
VERSION := import sys; print("%d.%d" % sys.version_info[:2])
# The Python behind an activated environment, which may be the very one that
# is about to be replaced.
BASE := import sys; print(sys._base_executable)

# -qq, because pip warns at length about settings of the user's that are none
# of ours; what makes an install fail is still printed.
PIP_INSTALL := -I -m pip install -qq --disable-pip-version-check --no-input

heading = @printf '\n== %s\n' '$(1)'

help:
	@echo 'make demo              play the tour (REPO=PATH: on that repository; ARGS=--once: and end)'
	@echo 'make test              everything CI runs: format, lint, types, import contracts, tests, coverage'
	@echo 'make format            rewrite the code in the house format'
	@echo 'make lint              format, lint and import contracts, changing nothing'
	@echo 'make types             mypy, strict'
	@echo 'make docs              write the generated pages of docs/ anew'
	@echo 'make bench             speed beside others, and a storm with kills (an environment of its own; wrk and npm)'
	@echo 'make mutation          mutation tests of rules/ (an environment of its own; slow)'
	@echo 'make lock              pin the requirements anew, with uv (ARGS=--upgrade: newer versions too)'
	@echo 'make clean             remove all that make has made'
	@echo
	@echo 'PYTHON=python3.12 chooses the Python; otherwise the first of $(CANDIDATES) that will do.'

demo: .venv/.runtime
	@$(BIN)/pilotgate demo $(if $(REPO),--repo "$(REPO)") $(ARGS)

# Cheap checks first: a typo should not have to wait for the tests.
test: .venv/.dev
	$(call heading,ruff format)
	@$(BIN)/ruff format --check .
	$(call heading,ruff check)
	@$(BIN)/ruff check .
	$(call heading,mypy)
	@$(BIN)/mypy
	$(call heading,import contracts)
	@$(BIN)/lint-imports --no-logo
	$(call heading,pytest)
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -n $(WORKERS) --dist worksteal
	@$(BIN)/coverage combine -q
	$(call heading,coverage of rules/: lines and branches: all of them)
	@$(BIN)/coverage report --include='rules/*' --fail-under=100
	$(call heading,coverage of bot/: lines and branches: 90 % at least)
	@$(BIN)/coverage report --include='bot/*' --fail-under=90

# The formatter goes last, since a fix may leave a line it would lay out anew.
format: .venv/.dev
	@$(BIN)/ruff check --fix --exit-zero .
	@$(BIN)/ruff format .

lint: .venv/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-logo

types: .venv/.dev
	@$(BIN)/mypy

docs: .venv/.runtime
	@$(BIN)/python docs/generate.py

bench: .venv-bench/.bench
	@.venv-bench/bin/python -m tests.bench.check
	@.venv-bench/bin/python -m tests.bench.parse
	@.venv-bench/bin/python -m tests.bench.evaluate
	@.venv-bench/bin/python -m tests.bench.kills --engine sqlite
	@.venv-bench/bin/python -m tests.bench.accept
	@.venv-bench/bin/python -m tests.bench.scan
	@.venv-bench/bin/python -m tests.bench.year
	@.venv-bench/bin/python -m tests.bench.limits

mutation: .venv-mutation/.mutation
	@.venv-mutation/bin/mutmut run $(ARGS)
	@.venv-mutation/bin/mutmut results

LOCK = uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(ARGS) \
	pyproject.toml --group build

# Each file is held to the versions of the one it extends, so that what was
# tested is what runs.
lock:
	@command -v uv >/dev/null || { echo 'make lock needs uv on the PATH: pipx install uv' >&2; exit 1; }
	@$(LOCK) -o requirements.txt
	@$(LOCK) --group dev -c requirements.txt -o requirements-dev.txt
	@$(LOCK) --group bench -c requirements-dev.txt -o requirements-bench.txt
	@$(LOCK) --group mutation -c requirements-dev.txt -o requirements-mutation.txt

clean:
	rm -rf $(VENVS) .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache \
		.ruff_cache build dist mutants
	find bot rules tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is touched last: an interrupted install leaves none, and the next
# make takes it up again.

.venv/.runtime: requirements.txt pyproject.toml .venv/.made
	@echo 'Installing what pilotgate runs on …'
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements.txt
	@$(BIN)/python $(PIP_INSTALL) --no-build-isolation --no-deps -e .
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	@echo 'Installing the development tools …'
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

.venv-bench/.bench: requirements-bench.txt pyproject.toml .venv-bench/.made
.venv-mutation/.mutation: requirements-mutation.txt pyproject.toml .venv-mutation/.made
.venv-bench/.bench .venv-mutation/.mutation:
	@echo 'Installing what it needs …'
	@$(@D)/bin/python $(PIP_INSTALL) --require-hashes -r $<
	@$(@D)/bin/python $(PIP_INSTALL) --no-build-isolation --no-deps -e .
	@touch $@

# A link whose Python has gone counts as absent, and one whose Python was
# replaced as newer: either way the environment is made anew.
$(VENVS:%=%/bin/python): ;

# A name on the PATH proves little: a version manager's shim may not run, and
# Debian's Python comes without ensurepip.
$(VENVS:%=%/.made): %/.made: %/bin/python
	@for name in $(or $(PYTHON),$(CANDIDATES)); do \
		"$$name" -Ic '$(FITS)' 2>/dev/null || continue; \
		version=$$("$$name" -Ic '$(VERSION)'); \
		"$$name" -Ic 'import ensurepip, venv' 2>/dev/null || continue; \
		base=$$("$$name" -Ic '$(BASE)'); \
		echo "Making $(@D) (once, about a minute) with Python $$version …"; \
		rm -rf $(@D) && "$$base" -m venv $(@D) && touch $@; \
		exit; \
	done; \
	if [ -n "$$version" ]; then \
		echo "Python $$version is here without its venv module; on Debian or Ubuntu: apt-get install python$$version-venv" >&2; \
	else \
		echo 'Pilotgate needs Python 3.11, 3.12 or 3.13, and $(or $(PYTHON),none of $(CANDIDATES)) is $(if $(PYTHON),not one,here); say where it is: make PYTHON=/path/to/python3' >&2; \
	fi; \
	exit 1

# A Python asked for by name wins over an environment made with another.
ifneq ($(PYTHON),)
version-of = $(shell $(1) -Ic '$(VERSION)' 2>/dev/null)
ASKED := $(call version-of,$(PYTHON))
$(foreach venv,$(VENVS),$(if $(filter-out $(ASKED),$(call version-of,$(venv)/bin/python)),$(eval $(venv)/.made: FORCE)))
endif
