# Everything a person would have to remember. `make help` lists it.
SHELL := /bin/bash
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
export HF_HUB_OFFLINE := 1
export TOKENIZERS_PARALLELISM := false

.PHONY: help install chat test check fix bench bench-fuzz bench-kill bench-quality train-reader train-gate bench-writer screenshots docs widget clean

help: ## List the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 16

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev,models]'
	touch $@

install: $(VENV)/.installed ## Install the tested set of dependencies into .venv

chat: install ## Index the shipped newsletter and open the chat on http://127.0.0.1:7860
	$(BIN)/newsletter-assistant serve

test: install ## Run every test, the browser's included
	$(BIN)/python -m pytest

check: install ## Lint, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: install ## Mend what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install ## Measure speed; writes benchmarks/results/
	$(BIN)/python -m benchmarks.answer_speed
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.growth
	$(BIN)/python -m benchmarks.dropped

bench-kill: install ## Kill a hundred syncs at random moments, nightly; writes benchmarks/results/
	$(BIN)/python -m benchmarks.kill --times 100

bench-fuzz: install ## Read 12 000 damaged documents in every format; writes benchmarks/results/
	$(BIN)/python -m benchmarks.fuzz --inputs 12000

bench-quality: install ## Measure answers on the archives beside plain LlamaIndex; writes benchmarks/results/
	$(BIN)/python -m benchmarks.quality

train-reader: install ## Rebuild the reader's weights from the question files
	$(BIN)/python -m benchmarks.training.run

train-gate: install ## Rebuild the model of the check on written sentences
	$(BIN)/python -m benchmarks.training.verification

bench-writer: install ## Measure answers of a small real model beside quotations; writes benchmarks/results/
	$(BIN)/python -m benchmarks.writer

screenshots: install ## Take the pictures that README and docs show
	$(BIN)/python -m benchmarks.screenshots

docs: install ## Write the parts of docs/ that are made from the program and from the measured figures
	$(BIN)/python docs/generate.py

widget: ## Build the portal widget (needs Node 20)
	cd ui/widget && npm ci --silent && npm run --silent build

clean: ## Remove the virtual environment and the default index
	rm -rf $(VENV) .newsletter-assistant
