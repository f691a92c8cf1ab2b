# Everything here does its own set-up, and is safe to repeat and to interrupt. `make` alone lists the commands.

PYTHON ?= python3
BOOTSTRAP = $(PYTHON) scripts/bootstrap.py
MARDEV = .venv/bin/mardev
TOOL = .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test e2e up down status doctor reset check format docs lock bench screenshots
# Compiled code must be written: without it each part of Airflow starts three seconds later.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH

help:  ## List these commands.
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo:  ## Run a whole influencer iteration in a simulated world and be shown around (about five minutes).
	@$(BOOTSTRAP)
	@$(MARDEV) demo

test:  ## Run all tests, a whole iteration in a real Airflow and Chromium among them.
	@$(BOOTSTRAP) --dev --browser
	@$(TOOL)/pytest --numprocesses auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder

e2e:  ## Run only that whole iteration, and walk it in Chromium (about four minutes).
	@$(BOOTSTRAP) --dev --browser
	@$(TOOL)/pytest tests/e2e

setup:  ## Make the virtual environment with everything pinned.
	@$(BOOTSTRAP)

up:  ## Start everything and show where to click.
	@$(BOOTSTRAP)
	@$(MARDEV) up

down:  ## Stop everything; nothing is lost.
	@$(BOOTSTRAP)
	@$(MARDEV) down

status:  ## Show what runs.
	@$(BOOTSTRAP)
	@$(MARDEV) status

doctor:  ## Say what is wrong with this machine or its configuration, and how to mend it.
	@$(BOOTSTRAP)
	@$(MARDEV) doctor

reset:  ## Stop everything and delete the data of this checkout.
	@$(BOOTSTRAP)
	@$(MARDEV) reset

check:  ## Check style, types, who imports whom, spelling, SQL and scripts.
	@$(BOOTSTRAP) --dev
	@$(TOOL)/ruff check .
	@$(TOOL)/ruff format --check .
	@cd include && ../$(TOOL)/mypy -p mardev -p sandbox
	@cd include && ../$(TOOL)/lint-imports --config ../pyproject.toml
	@$(TOOL)/codespell
	@$(TOOL)/sqlfluff lint sql
	@$(TOOL)/shellcheck .ci/run

format:  ## Put the code into its common form.
	@$(BOOTSTRAP) --dev
	@$(TOOL)/ruff check --fix .
	@$(TOOL)/ruff format .

docs:  ## Write the generated pages of docs/ anew.
	@$(BOOTSTRAP) --dev
	@$(TOOL)/python scripts/write_docs.py

bench:  ## Measure parsing, loading and a whole iteration (a quarter of an hour); one JSON object each.
	@$(BOOTSTRAP) --dev
	@$(MARDEV) bench parse --json
	@$(MARDEV) bench load --json
	@$(MARDEV) bench iteration --json
	@$(MARDEV) bench graph --json

screenshots:  ## Take the pictures of the README anew, from a running demo.
	@$(BOOTSTRAP) --dev --browser
	@$(TOOL)/python scripts/take_screenshots.py

lock:  ## Resolve the pinned packages anew, from pyproject.toml.
	@$(BOOTSTRAP) --dev
	@sh scripts/lock.sh
