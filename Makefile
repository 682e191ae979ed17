# make demo   set everything up and draft the example episode
# make test   set everything up and run the tests
# make check  linters and types          make dev    the same set-up, for editors and type checkers
# make bench  measure speed and memory   make lock   renew requirements.lock
# make clean  remove what the others made (not the fetched model, which is kept for the user)

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SEED ?= 7
TEST_JOBS ?= 2
PYTEST_ARGS ?=
# The release that `make lock` pins. It is named here because the newest one may have no build for the CPU.
TORCH ?= 2.13.0

INSTALLED := $(VENV)/.installed
LINKS := $(addprefix src/storyroom/,agents graphs memory prompts)
DEMO := demo/the-last-light

.PHONY: demo test check dev bench lock clean model

demo: model $(DEMO)/series.yaml
	cd $(DEMO) && $(abspath $(BIN))/storyroom remember episodes/*.fountain
	cd $(DEMO) && $(abspath $(BIN))/storyroom draft idea.txt --episode 3 --model embedded --seed $(SEED)

# The copy is made once: what was drafted and remembered in it stays.
$(DEMO)/series.yaml:
	mkdir -p $(dir $(DEMO))
	cp -r examples/the-last-light $(DEMO)

test: model
	$(BIN)/python -m pytest -n $(TEST_JOBS) --dist loadfile $(PYTEST_ARGS)

check: dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: model
	$(BIN)/python benchmarks/run.py

# The editable install is a hook that type checkers and editors cannot follow. The links show them one package.
dev: $(INSTALLED) $(LINKS)

$(LINKS):
	ln -s ../../$(notdir $@) $@

$(INSTALLED): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -c requirements.lock -e ".[dev]"
	touch $@

# Fetches the embedded model into the user's cache, unless it is there already.
model: $(INSTALLED)
	$(BIN)/storyroom models pull

# Packages that only some machines need (CUDA, Triton) are left to torch, which asks for the very versions it
# was built for; a pin made on one machine would be wrong on another.
lock:
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install "torch==$(TORCH)" ".[dev]"
	build/lock/bin/python -m pip freeze --all --exclude pip --exclude storyroom \
		| sed -E 's/\+[a-z0-9.]+$$//' | grep -Ev '^(nvidia-|cuda-|triton)' | LC_ALL=C sort -f > build/lock/pins
	{ echo "# The versions that Storyroom is tested with, for pip's -c option. Made by: make lock"; \
		cat build/lock/pins; } > requirements.lock
	rm -rf build

clean:
	rm -rf $(VENV) build dist demo storyroom.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -f $(LINKS)
