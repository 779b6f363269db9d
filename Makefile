# One command for each thing there is to do. `make help` lists them.

.DEFAULT_GOAL := help
.PHONY: venv demo serve manage check fast style test pytest stress drills previous-release-check lint evaluate train lock lock-check audit openapi examples \
	clean help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The first interpreter that is Python 3.11; say `make PYTHON=...` for another place.
PYTHON ?= $(shell for python in python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
RUNTIME := .venv/runtime.installed
DEV := .venv/dev.installed
TRAINING := .venv/training.installed
REPORT ?= var/evaluation
PROCESSES ?= 1
COMPILE = uv pip compile --python-version 3.11 --generate-hashes --no-header -q

# Checks and tests stand in a directory of their own, so that they never touch a developer's var/.
SCRATCH = scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && trap 'exit 130' HUP INT TERM && \
	export VAR_DIR="$$scratch/var" ENV_FILE=/dev/null

venv: $(RUNTIME) $(DEV) ## Install everything, for serving and for developing

demo: $(RUNTIME) ## Show one whole inspection of each mode (PHOTOS=directory, KEEP=1)
	@$(BIN)/python manage.py demo

serve: $(RUNTIME) ## Run the API, the workers and the scheduler on this machine (PORT=, VAR_DIR=)
	@exec $(BIN)/python manage.py serve

# A running server notes there where it is and what it serves; without one, the settings decide.
SERVED = $(or $(VAR_DIR),var)/served.env
# With compose: export MANAGE="docker compose exec web python manage.py"
MANAGE ?= $(BIN)/python manage.py

manage: $(if $(findstring $(BIN),$(MANAGE)),$(RUNTIME)) ## Run a management command on what is served here (ARGS="create_staff you@example.org", VAR_DIR=)
	@set -a; ! test -f "$(SERVED)" || . "$(abspath $(SERVED))"; exec $(MANAGE) $(ARGS)

check: $(DEV) ## Style, types and the fast tests
	@$(MAKE) -j2 style fast

# What testing/plugins/markers.py does not mark as slow.
fast: $(DEV)
	@$(MAKE) pytest PYTEST_ARGS="-n 2 -m 'not slow' tests"

style: $(DEV)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/lint-imports --no-logo
	@$(SCRATCH) && $(BIN)/mypy .

test: lint pytest ## Check everything and run the tests (-j2: side by side)

pytest: $(DEV) ## Run the tests only (PYTEST_ARGS=)
	@$(SCRATCH) && $(BIN)/python -m pytest -n 3 --dist worksteal $(PYTEST_ARGS)

# Each also alone, and without the guard that it attacks: CONTROL=1 .venv/bin/python -m drills.requests.key_reuse
drills: $(DEV) ## Attack what is promised, on real services and processes (ONLY=money, requests, jobs, photos, security, operations or a drill)
	@$(BIN)/python -m drills $(ONLY)

stress: $(DEV) ## Run the tests in random order, with a clock later than their import (STRESS_SEED= repeats one)
	@$(MAKE) pytest PYTEST_ARGS="-p testing.plugins.random_order $(PYTEST_ARGS)"

# On DATABASE_URL, a Postgres database of one's own, or on SQLite. See docs/runbooks/deploy.md.
previous-release-check: $(DEV) ## Run the tests of the release before on the schema of this one (PREVIOUS=tag, PYTEST_ARGS=)
	@PREVIOUS=$(PREVIOUS) ops/previous_release.sh $(PYTEST_ARGS)

lint: style ## Style, types, directions, migrations, settings, OpenAPI: no test is run
	@$(SCRATCH) && $(BIN)/python -m ops.lint_migrations
	@$(SCRATCH) && $(BIN)/python manage.py makemigrations --check --dry-run && \
		$(BIN)/python manage.py check && \
		$(BIN)/python manage.py spectacular --validate --fail-on-warn --file "$$scratch/openapi.yaml" && \
		{ diff -u docs/openapi.yaml "$$scratch/openapi.yaml" || \
			{ echo "docs/openapi.yaml is not what the code serves: make openapi" >&2; exit 1; }; }

# Only pictures that no head was taught or calibrated with judge; see training/data/split.py.
evaluate: $(RUNTIME) ## Measure the engines anew: the tables of docs/model-cards (DATA=, REPORT=var/evaluation, PROCESSES=1)
	@test -n "$(DATA)" || { echo "Say where the pictures are: make evaluate DATA=folder" >&2; exit 1; }
	@mkdir -p $(REPORT) && $(BIN)/python -m training.data.split --data $(DATA) --out $(REPORT)/manifest.csv
	@for mode in corrosion osmosis; do for engine in trained classical; do \
		$(BIN)/python manage.py evaluate_engine --processes $(PROCESSES) --mode $$mode --engine $$engine --manifest $(REPORT)/manifest.csv \
		--split validation --json $(REPORT)/$$mode-$$engine.json --report $(REPORT)/$$mode-$$engine || exit 1; done; done
	@$(BIN)/python -m training.synthesis.clean_scenes --data $(DATA) --out $(REPORT)/clean
	@for mode in corrosion osmosis; do $(BIN)/python manage.py evaluate_engine --processes $(PROCESSES) --mode $$mode --engine trained \
		--manifest $(REPORT)/clean/$$mode.csv --json $(REPORT)/$$mode-clean.json --report $(REPORT)/$$mode-clean || exit 1; done
	@$(BIN)/python -m training.synthesis.pairs --data $(DATA) --out $(REPORT)/pairs --seed 2026 2027 2028
	@$(BIN)/python manage.py evaluate_trend --manifest $(REPORT)/pairs/pairs.csv --engine trained \
		--json $(REPORT)/trend.json --report $(REPORT)/trend

train: $(TRAINING) ## Make gate and heads anew, in place: an hour and a half on two idle cores (DATA=folder, ROUNDS="6 4" to try)
	@test -n "$(DATA)" || { echo "Say where the pictures are: make train DATA=folder" >&2; exit 1; }
	@for part in domain_gate corrosion osmosis; do \
		$(BIN)/python -m training $$part --data $(DATA) $(if $(ROUNDS),--rounds $(ROUNDS)) || exit 1; done

lock: $(DEV) ## Resolve requirements*.in anew (UPGRADE=1 takes newer versions too)
	@$(BIN)/$(COMPILE) $(if $(UPGRADE),--upgrade) requirements.in -o requirements.txt
	@$(BIN)/$(COMPILE) $(if $(UPGRADE),--upgrade) requirements-dev.in -o requirements-dev.txt

lock-check: $(DEV) ## Fail if the locks are not what requirements*.in ask for (needs the network)
	@$(SCRATCH) && uv="$$PWD/$(BIN)" && cp requirements*.in requirements*.txt "$$scratch" && ( cd "$$scratch" && \
		"$$uv"/$(COMPILE) requirements.in -o requirements.txt && \
		"$$uv"/$(COMPILE) requirements-dev.in -o requirements-dev.txt ) && \
		for lock in requirements.txt requirements-dev.txt; do \
			diff -u $$lock "$$scratch/$$lock" || { echo "$$lock has drifted: make lock" >&2; exit 1; }; done

# Known faults of what is locked, from the public databases: by hand before a release, and weekly. See the runbook.
audit: $(DEV) ## Ask whether a locked dependency has a known vulnerability (needs the network)
	@$(BIN)/pip-audit --require-hashes --disable-pip --strict --progress-spinner off -r requirements.txt

openapi: $(DEV) ## Write docs/openapi.yaml
	@$(SCRATCH) && $(BIN)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

examples: $(DEV) ## Record the examples of the API documentation again, and write docs/openapi.yaml
	@$(SCRATCH) && RECORD_EXAMPLES=1 $(BIN)/python -m pytest -q -n 0 tests/contract/test_examples.py -k are_what_the_server
	@$(MAKE) openapi

clean: ## Remove what was installed and cached; the data in var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | while IFS='	' read -r name what; do \
		printf '  make %-22s %s\n' "$$name" "$$what"; done

# While pip works there is no .venv/made, so that whatever was interrupted half-way is started over.
INSTALL = rm -f $@ && mv .venv/made .venv/unfinished && echo "Installing $< (a minute or two, once)" && \
	{ $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $< > .venv/pip.log 2>&1 || \
		{ cat .venv/pip.log >&2; exit 1; }; } && mv .venv/unfinished .venv/made && touch $@

.venv/made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv && touch $@

$(RUNTIME): requirements.txt .venv/made
	@$(INSTALL)

$(DEV): requirements-dev.txt $(RUNTIME)
	@$(INSTALL)

# Not locked by hash: which build of torch there is depends on the machine.
$(TRAINING): training/requirements.txt $(RUNTIME)
	@echo "Installing $< (a minute or two, once)" && $(BIN)/python -m pip install -q --disable-pip-version-check -r $<
	@touch $@
