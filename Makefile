# The commands of this project. `make help` lists them.

.DEFAULT_GOAL := help
.PHONY: venv web try-web demo serve manage check fast style test pytest stress drills previous-release-check lint evaluate train lock lock-check audit openapi clients examples \
	clean help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The first interpreter that is Python 3.11. `make PYTHON=...` names another one.
PYTHON ?= $(shell for python in python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
RUNTIME := .venv/runtime.installed
DEV := .venv/dev.installed
WEB := .venv/web.installed
TRAINING := .venv/training.installed
REPORT ?= var/evaluation
PROCESSES ?= 1
COMPILE = uv pip compile --python-version 3.11 --generate-hashes --no-header -q

# Checks and tests use a temporary directory, so that they never change a developer's var/.
SCRATCH = scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && trap 'exit 130' HUP INT TERM && \
	export VAR_DIR="$$scratch/var" ENV_FILE=/dev/null

venv: $(RUNTIME) $(DEV) ## Install everything, for serving and for developing

web: web/dist/app/index.html ## Build the owner's web app, which the server has at /app/

# Without a way to fetch Node or npm's packages the server starts all the same. Recipes call it, because an installation
# must not run beside another.
try-web:
	@$(MAKE) web || echo "The web app is not built: the server starts without /app/" >&2

WEB_SOURCES := $(shell find web/src web/public web/app clients/typescript/src -type f ! -name schema.ts) \
	$(wildcard web/*.json web/*.ts clients/typescript/*.json) docs/openapi.yaml ops/build_web.sh
web/dist/app/index.html: $(WEB_SOURCES) $(WEB) $(RUNTIME)
	@ops/build_web.sh $(BIN)/python && $(BIN)/python -m whitenoise.compress --quiet web/dist

demo: $(RUNTIME) ## Show inspections of each mode, a timeline, a dossier, an appointment, a handover (PHOTOS=folder, KEEP=1)
	@$(if $(KEEP),$(MAKE) try-web)
	@$(BIN)/python manage.py demo

serve: $(RUNTIME) ## Run the API, the workers and the scheduler on this machine (PORT=, VAR_DIR=)
	@$(MAKE) try-web
	@exec $(BIN)/python manage.py serve

# A running server writes its address and services here; without one, the settings apply.
SERVED = $(or $(VAR_DIR),var)/served.env
# With compose: export MANAGE="docker compose exec web python manage.py"
MANAGE ?= $(BIN)/python manage.py

manage: $(if $(findstring $(BIN),$(MANAGE)),$(RUNTIME)) ## Run a management command on the data of `make serve` (ARGS="create_staff you@example.org", VAR_DIR=)
	@set -a; ! test -f "$(SERVED)" || . "$(abspath $(SERVED))"; exec $(MANAGE) $(ARGS)

check: $(DEV) ## Style, types and the fast tests
	@$(MAKE) -j2 style fast

# The tests that testing/plugins/markers.py does not mark as slow.
fast: $(DEV)
	@$(MAKE) pytest PYTEST_ARGS="-n 2 -m 'not slow' tests"

style: $(DEV)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/lint-imports --no-logo
	@$(SCRATCH) && $(BIN)/mypy .

test: lint pytest ## Check everything and run the tests (-j2: side by side)

pytest: $(DEV) ## Run the tests only (PYTEST_ARGS=)
	@$(MAKE) try-web
	@$(SCRATCH) && $(BIN)/python -m pytest -n 3 --dist worksteal $(PYTEST_ARGS)

# One drill alone, and without the guard that it attacks: CONTROL=1 .venv/bin/python -m drills.requests.key_reuse
drills: $(DEV) ## Attack each promise, on real services and processes (ONLY=money, requests, jobs, notifications, photos, dossiers, security, operations or a drill)
	@$(BIN)/python -m drills $(ONLY)

stress: $(DEV) ## Run the tests in random order, with a clock later than their import (STRESS_SEED= repeats one)
	@$(MAKE) pytest PYTEST_ARGS="-p testing.plugins.random_order $(PYTEST_ARGS)"

# On SQLite, or on DATABASE_URL: a Postgres database used for nothing else. See docs/runbooks/deploy.md.
previous-release-check: $(DEV) ## Run the tests of the previous release on the schema of this one (PREVIOUS=tag, PYTEST_ARGS=)
	@PREVIOUS=$(PREVIOUS) ops/previous_release.sh $(PYTEST_ARGS)

lint: style ## Style, types, imports, migrations, settings, OpenAPI, clients; runs no test
	@$(SCRATCH) && $(BIN)/python -m ops.lint_migrations
	@$(SCRATCH) && $(BIN)/python manage.py makemigrations --check --dry-run && \
		$(BIN)/python manage.py check && \
		$(BIN)/python manage.py spectacular --validate --fail-on-warn --file "$$scratch/openapi.yaml" && \
		{ diff -u docs/openapi.yaml "$$scratch/openapi.yaml" || \
			{ echo "docs/openapi.yaml differs from the code: run make openapi" >&2; exit 1; }; }
	@$(BIN)/python -m ops.generate_clients --check

# Uses only pictures on which no head was trained or calibrated; see training/data/split.py.
evaluate: $(RUNTIME) ## Measure the engines for the tables of docs/model-cards (DATA=, REPORT=var/evaluation, PROCESSES=1)
	@test -n "$(DATA)" || { echo "Name the folder of the pictures: make evaluate DATA=folder" >&2; exit 1; }
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

train: $(TRAINING) ## Train gate and heads, in place: an hour and a half on two idle cores (DATA=folder, ROUNDS="6 4" to try)
	@test -n "$(DATA)" || { echo "Name the folder of the pictures: make train DATA=folder" >&2; exit 1; }
	@for part in domain_gate corrosion osmosis; do \
		$(BIN)/python -m training $$part --data $(DATA) $(if $(ROUNDS),--rounds $(ROUNDS)) || exit 1; done

lock: $(DEV) ## Resolve requirements*.in (UPGRADE=1 also takes newer versions)
	@$(BIN)/$(COMPILE) $(if $(UPGRADE),--upgrade) requirements.in -o requirements.txt
	@$(BIN)/$(COMPILE) $(if $(UPGRADE),--upgrade) requirements-dev.in -o requirements-dev.txt
	@$(BIN)/$(COMPILE) $(if $(UPGRADE),--upgrade) -c requirements-dev.txt requirements-web.in -o requirements-web.txt

lock-check: $(DEV) ## Fail if the locks do not match requirements*.in (needs the network)
	@$(SCRATCH) && uv="$$PWD/$(BIN)" && cp requirements*.in requirements*.txt "$$scratch" && ( cd "$$scratch" && \
		"$$uv"/$(COMPILE) requirements.in -o requirements.txt && \
		"$$uv"/$(COMPILE) requirements-dev.in -o requirements-dev.txt && \
		"$$uv"/$(COMPILE) -c requirements-dev.txt requirements-web.in -o requirements-web.txt ) && \
		for lock in requirements.txt requirements-dev.txt requirements-web.txt; do \
			diff -u $$lock "$$scratch/$$lock" || { echo "$$lock does not match its .in file: run make lock" >&2; exit 1; }; done

# From the public databases of vulnerabilities: run it before a release, and weekly. See docs/runbooks/deploy.md.
audit: $(DEV) ## Find known vulnerabilities of the locked dependencies (needs the network)
	@$(BIN)/pip-audit --require-hashes --disable-pip --strict --progress-spinner off -r requirements.txt

openapi: $(DEV) ## Write docs/openapi.yaml
	@$(SCRATCH) && $(BIN)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

clients: $(DEV) ## Generate clients/ from docs/openapi.yaml
	@$(BIN)/python -m ops.generate_clients

examples: $(DEV) ## Record the examples of the API documentation, and write docs/openapi.yaml
	@$(SCRATCH) && RECORD_EXAMPLES=1 $(BIN)/python -m pytest -q -n 0 tests/contract/test_examples.py -k are_what_the_server
	@$(MAKE) openapi

clean: ## Remove installed packages and caches; the data in var/ stays
	rm -rf .venv web/node_modules web/dist clients/typescript/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | while IFS='	' read -r name what; do \
		printf '  make %-22s %s\n' "$$name" "$$what"; done

# During an installation there is no .venv/made, so that an interrupted one starts over.
INSTALL = rm -f $@ && mv .venv/made .venv/unfinished && ops/install.sh $(BIN)/python $< --require-hashes && \
	mv .venv/unfinished .venv/made && touch $@

.venv/made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv && touch $@

$(RUNTIME): requirements.txt .venv/made
	@$(INSTALL)

$(DEV): requirements-dev.txt $(RUNTIME)
	@$(INSTALL)

$(WEB): requirements-web.txt $(RUNTIME)
	@ops/install.sh $(BIN)/python $< --require-hashes && touch $@

# Not locked by hash: the build of torch depends on the machine.
$(TRAINING): training/requirements.txt $(RUNTIME)
	@ops/install.sh $(BIN)/python $< && touch $@
