# Everything that is done with this checkout. `make demo` needs Python 3.11 to 3.14, make and a package registry.

VENV ?= .venv
BIN := $(VENV)/bin
STORAGE ?= storage
QUESTION ?= How many vision tokens does LLaVA-Mini keep?
# The first Python on the path that is new enough; PYTHON=… names another.
PYTHON ?= $(or $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null && echo $$p && break; \
	done),$(error Python 3.11 to 3.14 is needed and none was found. Install one, or name it: make PYTHON=/path/to/python))

.PHONY: help setup demo ui screenshots test lint format lock trainer bench fresh fuzz campaign clean
.DEFAULT_GOAL := help

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1 — /p' $(MAKEFILE_LIST)

# The installation is compared by content with what the lock asks for: a checkout changes times, not needs.
# The project itself is built by the setuptools of the lock, so this step asks the registry for nothing.
setup:  ## .venv with the versions of requirements.lock, each file checked by its hash
	@cat requirements.lock pyproject.toml | cmp -s - $(VENV)/installed || { set -e; \
	echo "Installing the versions of requirements.lock into $(VENV) (about a minute) …" >&2; \
	$(PYTHON) -m venv $(VENV); \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .; \
	$(BIN)/python -m compileall -q rag ui; \
	cat requirements.lock pyproject.toml > $(VENV)/installed; }

demo: setup  ## ingest the bundled library and answer a question
	$(BIN)/footnote --storage "$(STORAGE)" ingest storage/library/papers.jsonl
	$(BIN)/footnote --storage "$(STORAGE)" ask "$(QUESTION)"

ui: setup  ## the chat page
	$(BIN)/footnote --storage "$(STORAGE)" ui

screenshots: setup  ## pictures of the chat page's main views, into build/screenshots and docs
	$(BIN)/python -m tests.ui.screenshots

test: setup  ## all tests; what was skipped is listed with the reason
	$(BIN)/python -m tests $(ARGS)

lint: setup  ## ruff (rules, format) and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup  ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# UPGRADE=--upgrade takes the newest versions. No address of a registry gets into the lock.
lock: setup  ## requirements.lock from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --extra dev --extra all $(UPGRADE) pyproject.toml --output-file requirements.lock

# torch itself by its version alone: which of its builds fits is for the machine to say.
trainer: setup  ## what `python -m eval train` needs besides (torch for the processor is 200 MB)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-train.lock

bench: setup  ## what ingest, search and ask cost, beside a plain pipeline
	$(BIN)/python -m eval bench $(ARGS)

fresh: setup  ## install the wheel into empty environments with pip, uv and pipx, and ask each (minutes, a registry)
	$(BIN)/python -m tests.house.installation $(ARGS)

fuzz: setup  ## ten thousand mutated files through all readers
	$(BIN)/python -m tests.fuzz --cases 10000 $(ARGS)

campaign: setup  ## kills, full disks, fuzzed inputs and many askers, and a table of what came of them
	$(BIN)/python -m tests.campaign $(ARGS)

clean:  ## away with the installation and all caches; libraries are kept
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
