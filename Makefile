# Lectern: `make run` starts everything, `make test` tests everything. Both work on a fresh machine.
.DEFAULT_GOAL := help
.PHONY: help run test check format lock assets translations pictures bench soak clean venv venv-dev chromium python

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
# Workers of the test run: 0 runs in this process, for a debugger. ARGS goes to pytest.
JOBS ?= auto
ARGS ?=

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|' 2>/dev/null \
	  || grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST)

run: venv ## start Lectern at http://127.0.0.1:8000 (PORT=8001 for another)
	@$(BIN)/python -m lms.ops.assets install --production
	@exec $(BIN)/python -m lms.ops.run

# What was compiled is kept: a hundred processes start with it.
test: venv-dev chromium ## all tests; ARGS="tests/quizzes -k timer" for some, JOBS=0 for a debugger
	@$(BIN)/python -m lms.ops.assets install
	@CHROMIUM="$$(PATH=$(BIN):$$PATH sh .ci/chromium)" PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(JOBS) $(ARGS)

check: venv-dev ## format, lint, types, architecture
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: venv-dev ## bring the code into shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

assets: venv ## browser libraries, fonts, style sheets, scripts, icons
	@$(BIN)/python -m lms.ops.assets install

translations: venv ## take new words of the sources into lms/translations, and compile them
	@$(BIN)/python -m lms.ops.translations

pictures: venv-dev chromium ## the pictures of docs/ anew; ARGS="lesson inbox" for some
	@$(BIN)/python -m lms.ops.assets install
	@CHROMIUM="$$(PATH=$(BIN):$$PATH sh .ci/chromium)" $(BIN)/python -m docs.pictures $(ARGS)

bench: venv-dev ## requests a second beside the floors of this machine
	@$(BIN)/python -m lms.ops.assets install
	@$(BIN)/python -m benchmarks $(ARGS)

soak: venv-dev ## hundreds of learners sit an exam while everything that can die does
	@$(BIN)/python -m lms.ops.assets install
	@$(BIN)/python -m benchmarks.soak $(ARGS)

lock: venv-dev ## compile the exact pins from the *.in files
	@for name in requirements requirements-local requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-header \
	    $$([ $$name = requirements ] || echo "--constraint requirements.txt") $$name.in -o $$name.txt $(ARGS) || exit 1; \
	done
	@PATH=$(BIN):$$PATH npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error

clean: ## remove what was built and installed; var/ with its database stays
	rm -rf $(VENV) node_modules lms/static/build lms/static/vendor lms/certificates/fonts lms/translations/*/LC_MESSAGES/*.mo

venv: $(STAMPS)/run
venv-dev: $(STAMPS)/dev

# The newest supported Python that really starts (a version manager's shim may not).
$(BIN)/python:
	@for name in python3.12 python3.11 python3 python; do \
	  found=$$(command -v $$name) && $$found -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null \
	    && break; found=; \
	done; \
	[ -n "$$found" ] || { echo "Lectern needs Python 3.11 or 3.12 on the PATH." >&2; exit 1; }; \
	echo "making $(VENV) with $$($$found --version)"; \
	$$found -m venv $(VENV) || { echo "On Debian and Ubuntu: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }

$(STAMPS)/run: requirements.txt requirements-local.txt | $(BIN)/python
	@echo "installing packages"
	@$(PIP) -r requirements.txt -r requirements-local.txt
	@mkdir -p $(@D) && touch $@

$(STAMPS)/dev: requirements-dev.txt $(STAMPS)/run
	@echo "installing packages for tests and checks"
	@$(PIP) -r requirements.txt -r requirements-local.txt -r requirements-dev.txt
	@mkdir -p $(@D) && touch $@

chromium: venv-dev
	@PATH=$(BIN):$$PATH sh .ci/chromium --install >/dev/null
