# The one front door. `make` alone prints what there is.
# Everything runs from .venv, which `make setup` makes from uv.lock; nothing is installed outside this folder.

SHELL := /bin/bash
PORT ?= 8000
BIN := .venv/bin
READY := .venv/.ready
TOOLS := tests/tools/node_modules/.package-lock.json

.PHONY: help setup tools demo run test check fix bench crawl screenshots languages docs plain coverage clean

help:
	@echo "make demo [PORT=8123]  start the product with the demo families on SQLite, and print the address"
	@echo "make run               start it for real, from the environment (see README)"
	@echo "make test              all tests, on SQLite, and on PostgreSQL where there is one"
	@echo "make check             style, types, walls, glossary, translations, plain language, generated docs (under 50 s)"
	@echo "make fix               mend what a machine can mend: style and generated docs"
	@echo "make bench             benchmarks, as a table"
	@echo "make crawl             every page as everybody, looked at for barriers: half an hour; needs chromium and node"
	@echo "make screenshots       pictures of every page as everybody, in var/screenshots [ARGS='--language en']"
	@echo "make languages         how far each translation for families is, and what is checked"
	@echo "make docs              write docs/map.md, docs/states.md and docs/access-matrix.md anew"
	@echo "make plain             what is hard to read in the Dutch for families; ARGS=web.birthday for one file"
	@echo "make coverage          branch coverage of the last test run: 100 % of rules, actions and access"
	@echo "make setup             make .venv from the lock file (the others do it by themselves)"

setup: $(READY)

$(READY): pyproject.toml uv.lock scripts/setup
	@scripts/setup
	@touch $@

# Node tools are used by tests alone; without Node the tests say that they skip them.
tools:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(TOOLS); fi

$(TOOLS): tests/tools/package-lock.json
	@npm --prefix tests/tools ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

demo: setup
	@$(BIN)/kindzorg demo --port $(PORT)

run: setup
	@$(BIN)/kindzorg serve --port $(PORT)

test: setup tools
	@$(BIN)/python scripts/run_tests.py $(ARGS)

coverage: setup
	@$(BIN)/coverage combine --quiet 2>/dev/null || true
	@$(BIN)/coverage report

check: setup
	@$(BIN)/python scripts/run_checks.py

fix: setup
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/python scripts/translations.py tidy
	@KINDZORG_DEMO=1 $(BIN)/python -m kindzorg.config.generated_docs --write

docs: setup
	@KINDZORG_DEMO=1 $(BIN)/python -m kindzorg.config.generated_docs --write
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m tests.plain_language --lower

plain: setup
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m tests.plain_language --report $(ARGS)

languages: setup
	@$(BIN)/python scripts/translations.py

bench: setup
	@$(BIN)/python -m bench $(ARGS)

crawl: setup tools
	@$(BIN)/python -m crawl $(ARGS)

screenshots: setup
	@$(BIN)/python -m crawl --screenshots $(ARGS)

clean:
	rm -rf .venv tests/tools/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
