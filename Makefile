# Antiphon's verbs. Each makes its own virtual environment in .venv and installs what it needs.

PYTHON ?= python3
BIN := .venv/bin
ON_DEMAND := tests/servers/ghost/install
PROCESSES := -n auto --dist loadgroup  # as many as there are cores; what shares a slow server stays together
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --constraint .ci/constraints.txt

.PHONY: demo test test-networks network-servers ghost-server check format docs bench eval chaos servers clean

demo: .venv/.demo  ## the whole story on real posts, and a report to look at
	$(BIN)/antiphon demo $(ARGS)

test: .venv/.dev servers  ## everything that must hold; prints pytest's closing line last
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/pytest -q -m "not slow" $(PROCESSES) $(ARGS)

test-networks: .venv/.dev network-servers  ## what must hold on real networks, which run on this machine
	$(BIN)/pytest -q -m networks $(ARGS)

bench: .venv/.dev  ## figures as ratios against a bare loop in the same run
	$(BIN)/python -m tests.bench $(ARGS)

eval: .venv/.dev  ## how well texts are understood, beside VADER and against the shipped scores; wants the shared data
	$(PIP) --editable '.[eval]'
	$(BIN)/python -m tests.eval $(ARGS)

chaos: .venv/.dev  ## workers killed at random while networks fail, and the count of what these received
	$(BIN)/python -m tests.chaos $(ARGS)

format: .venv/.dev  ## put the code in its form
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

docs: .venv/.dev  ## write the generated parts of the READMEs anew
	$(BIN)/cog -r README.md engine/README.md plugins/README.md workflows/README.md recipes/README.md docs/*.md

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Antiphon needs Python 3.11 or later; call make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.demo: .venv/bin/python pyproject.toml .ci/constraints.txt
	@echo "Installing Antiphon into .venv (about a minute the first time) ..."
	$(PIP) --editable .
	@touch $@

.venv/.dev: .venv/.demo
	$(PIP) --editable '.[dev]'
	@touch $@

servers:  ## the real programs that tests run against; without them those tests skip and say so
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
			&& apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null; } \
		|| echo "PostgreSQL is not here and cannot be installed: its tests will skip." >&2
	@command -v dovecot >/dev/null 2>&1 || [ -x /usr/sbin/dovecot ] \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
			&& apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
				apt-get install -y -qq --no-install-recommends dovecot-imapd >/dev/null; } \
		|| echo "Dovecot is not here and cannot be installed: the tests that read e-mail will skip." >&2
	@command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
			&& apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
				apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
		|| echo "Chromium is not here and cannot be installed: the tests that look at the pages will skip." >&2

network-servers:  ## real networks for the tests, into .servers; what cannot be installed says why, and its tests skip
	@for install in $(filter-out $(ON_DEMAND),$(wildcard tests/servers/*/install)); do $$install || true; done

ghost-server:  ## Ghost as well, which is large; its tests skip without it
	@tests/servers/ghost/install

clean:  ## remove what make made
	rm -rf .venv .servers .demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
