# `make help` lists what there is. Works with the make that macOS ships (3.81).

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3.13 python3.12 python3.11 python3
# Options for JupyterLab itself: make lab LAB="--no-browser -- --allow-root"
LAB ?=
# pytest workers; nbval's cells share a kernel, so it runs without.
WORKERS ?= 2

PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
INPUTS := pyproject.toml requirements.lock

# A virtualenv holds its own address and its Python's: one that was moved, cut short in the making, or whose Python
# is gone is made anew.
SOUND := $(BIN)/python -c 'import pip' >/dev/null 2>&1 && grep -qF "$(CURDIR)/$(VENV)" $(BIN)/activate
UNSOUND := $(shell { $(SOUND); } || echo unsound)

.DEFAULT_GOAL := help
.PHONY: help attacks figures katas lab mutants plan race stories test setup setup-dev build check lock chromium unsound cohort proxy

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

lab: setup ## set up what is missing, then open JupyterLab on the start page
	@$(BIN)/loopready lab $(LAB)

test: setup-dev chromium proxy ## set up what is missing, then run every check and test
	@$(MAKE) --no-print-directory check
	set -e; own=$$(mktemp -d); trap 'rm -rf "$$own"' EXIT; export LOOPREADY_MY="$$own"; \
	$(BIN)/python -m pytest -q -p no:cacheprovider --nbval-lax source; \
	$(BIN)/python -m pytest -q -p no:cacheprovider --nbval notebooks
	# By file: the class is graded once, and all its tests wait for that.
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

build: setup ## build the notebooks from the lessons
	@$(BIN)/loopready build

check: setup-dev ## format, lint, and whether the notebooks are what the lessons build
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/loopready build --check

attacks: setup-dev ## run every attack on stock nbgrader and on the referee; half an hour, and on a machine that can be lost
	@$(BIN)/python benchmarks/attacks.py $(FAMILIES)

cohort: setup-dev ## measure the instructor's page for 60 and for 1,000 learners (COHORT="--folder DEMO")
	@$(BIN)/python benchmarks/cohort.py $(COHORT)

figures: setup-dev ## measure what a user waits for (SETUP=--setup: from nothing as well)
	@$(BIN)/python benchmarks/figures.py $(SETUP)

race: setup-dev ## grade the same class with stock nbgrader and with loopready (RACE="--submissions 10 --rounds 1")
	@$(BIN)/python benchmarks/grading.py $(RACE)

katas: setup-dev ## time the naive answers to the katas beside the reference
	@$(BIN)/python benchmarks/katas.py $(WEEKS)

stories: setup-dev ## measure the story bank (BROWSER=--browser: in a real browser as well)
	@$(BIN)/python benchmarks/stories.py $(BROWSER)

plan: setup-dev ## measure the planner, the review and the progress page on a made-up year
	@$(BIN)/python benchmarks/planning.py

mutants: setup-dev ## put slips into the reference answers and see whether the tests notice
	@$(BIN)/python benchmarks/mutants.py $(WEEKS)

setup: $(VENV)/.installed ## make .venv with what the course needs
setup-dev: $(VENV)/.installed-dev

# Constraints and not requirements: a package that the lock names for another platform is not asked for.
$(VENV)/.installed: $(INPUTS) $(UNSOUND)
	@$(call virtualenv)
	@echo "Installing the course into $(VENV): once, a few minutes."
	@$(PIP) install --constraint requirements.lock --editable . || { $(call say_again); exit 1; }
	@touch $@

$(VENV)/.installed-dev: $(INPUTS) $(UNSOUND)
	@$(call virtualenv)
	@echo "Installing the course and its tests into $(VENV): once, a few minutes."
	@$(PIP) install --constraint requirements.lock --editable '.[dev]' || { $(call say_again); exit 1; }
	@touch $(VENV)/.installed $@

unsound:

# Each candidate is run: a name on PATH can be a shim with nothing behind it.
define virtualenv
{ $(SOUND); } && exit; \
for python in $(PYTHON); do \
  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
  "$$python" -m venv --clear $(VENV) >/dev/null 2>&1 && exit; \
  echo "loopready: $$python cannot make a virtualenv here: install its venv module (Debian: apt-get install python3-venv)" >&2; \
  exit 1; \
done; \
echo "loopready: no Python 3.11 or newer among: $(PYTHON); install one, or name it with make PYTHON=..." >&2; \
exit 1
endef

define say_again
echo "loopready: the packages could not be installed, see above; run make again and it goes on from there" >&2
endef

chromium: setup-dev
	@$(BIN)/python -c 'from loopready.doctor import chromium; raise SystemExit(not chromium())' || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get -qq update && apt-get -qq install --yes --no-install-recommends chromium >/dev/null; \
	  else \
	    echo "loopready: the browser tests need a Chromium: install chromium or Google Chrome, or set LOOPREADY_CHROMIUM to one" >&2; \
	    exit 1; \
	  fi; }

# Where there is no npm the tests of the hub are skipped, but not in CI.
proxy: examples/hub/node_modules/.installed ## get the proxy of JupyterHub, for a class on one (docs/class.md) and its tests

examples/hub/node_modules/.installed: examples/hub/package.json examples/hub/package-lock.json
	@if ! command -v npm >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get -qq update && apt-get -qq install --yes --no-install-recommends nodejs npm >/dev/null; \
	fi; \
	command -v npm >/dev/null && npm ci --prefix examples/hub --no-audit --no-fund --silent && touch $@ || \
	  echo "loopready: npm is not here or got no package, so the tests of a class on JupyterHub are left out: install nodejs and npm, and run make proxy" >&2

# The oldest Python that is supported, so that every version in the lock installs on all of them.
lock: ## write requirements.lock: today's newest versions, from a clean virtualenv
	@set -e; clean=$$(mktemp -d); trap 'rm -rf "$$clean"' EXIT; \
	python3.11 -m venv "$$clean" || { echo "loopready: make lock needs python3.11, the oldest supported" >&2; exit 1; }; \
	"$$clean/bin/pip" --disable-pip-version-check --quiet install '.[dev]' >&2; \
	"$$clean/bin/pip" --disable-pip-version-check freeze --exclude loopready > "$$clean/lock"; \
	mv "$$clean/lock" requirements.lock
