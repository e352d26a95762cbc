# Users' view: `make run` and `make test`. Everything else is for those who work on IZI.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --disable-pip-version-check --quiet --require-hashes
SOURCES := benchmarks bot content desk flows i18n notices storage tests
# Parallel test processes: one more than the smallest machine has cores, because many tests wait for a process.
JOBS ?= 3
KILLS ?= 200
# The peers that are measured beside IZI live in an environment of their own.
PEERS := .venv-peers
BENCH ?= --rounds 3
STOPS ?= 50
# Mutated bodies on each open endpoint.
BODIES ?= 100000
PEOPLE ?= 10000
# Open conversations of one helper.
OPEN ?= 50

.PHONY: help run test check format sandbox kill kill-whatsapp talks stop doubtful throttled live broadcast fuzz texts screenshots lock clean bench bench-broadcast

help:
	@echo "make run     install what is needed and start IZI (chat page, desk, Telegram if IZI_TELEGRAM_TOKEN is set)"
	@echo "make sandbox try everything without a token: a phone beside the desk, on one page"
	@echo "make test    install what the tests need, then run all of them"
	@echo "make check   format, lint, types, import rules, guides and translations"
	@echo "make kill    long kill test: make kill KILLS=200; likewise make kill-whatsapp, make stop STOPS=50 (asked to end, at most 10 s each),"
	@echo "             make doubtful (answers lost on the way) and make throttled (a storm of 429)"
	@echo "make broadcast  a notice to 10,000 people through 20 kills and a pause: make broadcast PEOPLE=3000"
	@echo "make talks   kills while people and assistants write to each other: make talks KILLS=100"
	@echo "make live    how long words take from a person to the thread on a helper's screen (chromium): make live OPEN=50"
	@echo "make fuzz    mutated bodies on every open endpoint: make fuzz BODIES=100000"
	@echo "make bench   measure IZI beside two peers: make bench BENCH='--rounds 1 --talks 100'; likewise make bench-broadcast"
	@echo "make texts   bring the translators' files up to today's English"
	@echo "make lock    compile the lock files anew (needs uv)"

run: $(VENV)/.run
	$(BIN)/izi serve

# The tests start a hundred processes: none of them needs to compile the code anew.
test: $(VENV)/.dev
	@sh tests/prepare.sh
	PYTHONDONTWRITEBYTECODE= TMPDIR=$$(sh tests/room.sh) $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(PYTEST)

sandbox: $(VENV)/.dev
	$(BIN)/izi sandbox

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(SOURCES)
	$(BIN)/lint-imports
	$(BIN)/izi check

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

kill: $(VENV)/.dev
	$(BIN)/python -m tests.reliability.kill --kills $(KILLS) --updates $$(( $(KILLS) * 100 )) --chats 300 --drop-answers 0.005

kill-whatsapp: $(VENV)/.dev
	$(BIN)/python -m tests.reliability.kill --channel whatsapp --kills $(KILLS) --updates $$(( $(KILLS) * 100 )) --chats 300 --drop-answers 0.005

talks: $(VENV)/.dev
	$(BIN)/python -m tests.reliability.talks --kills $(KILLS) --words $$(( $(KILLS) * 5 / 2 )) --drop-answers 0.01

stop: $(VENV)/.dev
	$(BIN)/python -m tests.reliability.kill --gently --kills $(STOPS) --updates $$(( $(STOPS) * 40 )) --redeliver 0 --drop-answers 0

doubtful: $(VENV)/.dev
	$(BIN)/python -m tests.reliability.doubtful

throttled: $(VENV)/.dev
	$(BIN)/python -m tests.reliability.throttled

live: $(VENV)/.dev
	$(BIN)/python -m tests.reliability.live --conversations $(OPEN)

broadcast: $(VENV)/.dev
	$(BIN)/python -m tests.reliability.broadcast --people $(PEOPLE)

fuzz: $(VENV)/.dev
	$(BIN)/python -m tests.reliability.fuzz --bodies $(BODIES)

bench: $(VENV)/.dev $(PEERS)/.done
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m benchmarks --python $(PEERS)/bin/python $(BENCH)

bench-broadcast: $(VENV)/.dev $(PEERS)/.done
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m benchmarks.broadcast --python $(PEERS)/bin/python $(BENCH)

$(PEERS)/.done: benchmarks/requirements-peers.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --disable-pip-version-check --quiet --require-hashes -r $<
	@touch $@

texts: $(VENV)/.run
	$(BIN)/izi texts update
	$(BIN)/izi texts compile

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "IZI needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python has no venv here. On Debian, install one package: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml $(wildcard i18n/locale/*/LC_MESSAGES/*.po) | $(VENV)/bin/python
	$(PIP) -r requirements.lock
	$(BIN)/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/izi texts compile
	$(BIN)/python -m compileall -q bot content desk flows i18n notices storage
	@touch $@

# Not compiled ahead: the tests use a small part of it.
$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(PIP) --no-compile -r requirements-dev.lock
	@touch $@

# Pictures of the chat, the guide pages and the desk for the README; needs chromium.
screenshots: $(VENV)/.dev
	$(BIN)/python -m tests.acceptance.screenshots
	$(BIN)/python -m tests.acceptance.desk_screenshots
	$(BIN)/python -m tests.acceptance.notice_screenshots

# The locks carry hashes and no address of a registry.
lock:
	uv pip compile pyproject.toml --extra build --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock
	uv pip compile pyproject.toml --extra build --extra dev --constraint requirements.lock --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) $(PEERS) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
