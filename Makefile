# The two commands: make book, make test. Everything lives in .venv and _build.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/klaar

.PHONY: help install book test check format demo serve clean lock oracles

help:
	@echo "make book    alle notebooks, dan de website in _build/html/index.html"
	@echo "make test    de hele testreeks"
	@echo "make check   stijl, types, kamers (ruff, mypy, import-linter)"
	@echo "make format  code netjes zetten"
	@echo "make demo    de fictieve voorbeeldgemeente opnieuw maken"
	@echo "make serve   de website bekijken op http://127.0.0.1:8000"
	@echo "make clean   alles weg wat gemaakt werd"
	@echo "make oracles de uitkomsten van pandapipes opnieuw maken (eigen omgeving)"

install: $(READY)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $(READY)

book: install
	$(BIN)/lekp book

test: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist loadfile

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

demo: install
	$(BIN)/lekp demo

serve: install
	$(BIN)/python -m http.server --directory _build/html --bind 127.0.0.1 8000

lock: install
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url --output-file requirements.lock

clean:
	rm -rf _build .pytest_cache .ruff_cache .mypy_cache

oracles:
	$(PYTHON) -m venv .venv-oracles
	.venv-oracles/bin/python -m pip install --quiet -r tests/oracles/requirements.txt
	.venv-oracles/bin/python tests/oracles/make_pandapipes_fixtures.py
