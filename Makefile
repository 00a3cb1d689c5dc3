# What people and CI do with Lethe. `make` alone lists it.

CARGO ?= cargo
LISTEN ?= 127.0.0.1:8080
DATA ?= data
INTEROP_DIR ?= target/interop
BENCHES ?= ingest lineage search audit access grown
UI_SOURCES := $(shell find ui/src ui/public ui/index.html ui/vite.config.ts ui/tsconfig.json ui/scripts -type f)

# Where scripts/install-deps puts Node.js if the machine's own is missing or too old.
export PATH := $(CURDIR)/target/node/bin:$(PATH)

.PHONY: help ui walk bench-lineage lighthouse screenshots run test check bench bench-ui interop openapi grid test-kill fresh fuzz dist deps-test deps-interop

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

ui: ui/dist/index.html ## build the web UI into ui/dist

ui/node_modules/.package-lock.json: ui/package-lock.json
	@./scripts/install-deps node
	npm --prefix ui ci --no-audit --no-fund

ui/dist/index.html: ui/node_modules/.package-lock.json $(UI_SOURCES)
	npm --prefix ui run build

run: ui ## build Lethe and start it with a live demo pipeline on http://$(LISTEN)
	$(CARGO) build --release --bin lethe --bin lethe-demo --workspace
	@./scripts/run-demo target/release $(LISTEN) $(DATA)

test: deps-test ui ## run all tests (UI; SQLite and PostgreSQL)
	npm --prefix ui run size
	npm --prefix ui run test
	$(CARGO) test --workspace

check: ui ## formatting, lints, walls, OpenAPI drift
	npm --prefix ui run lint
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	$(CARGO) test --test it -- house:: openapi::

openapi: ui/node_modules/.package-lock.json ## write openapi/openapi.json and the UI's types anew
	$(CARGO) run --quiet --bin lethe -- openapi --output openapi/openapi.json
	npm --prefix ui run types

grid: ## write policies/grid.txt and its fellows anew: what each role may do, as the API decides
	LETHE_GRID=1 $(CARGO) test --test it -- grid:: coverage::

interop: deps-interop walk lighthouse bench-lineage ## run real clients (openlineage-python, dbt, Airflow, marquez-python) and browsers against the server
	LETHE_BIN=target/debug/lethe LETHE_INTEROP_DIR=$(INTEROP_DIR) tests/interop/run

walk: ui ## walk through the UI in Chromium, with the demo running
	@./scripts/install-deps chromium
	$(CARGO) build --workspace --bin lethe --bin lethe-demo
	npm --prefix ui run walk

# A frame that something else on the machine took is measured again, once.
bench-lineage: ui ## frames of the lineage explorer with 5,000 nodes, in Chromium
	@./scripts/install-deps chromium
	npm --prefix ui run bench-lineage || npm --prefix ui run bench-lineage

bench-ui: ui ## measure the UI: lineage explorer, search as you type over 1,000,000 datasets
	@./scripts/install-deps chromium
	$(CARGO) build --release --bin lethe
	npm --prefix ui run bench-lineage
	npm --prefix ui run bench-search

ui/lighthouse/node_modules/.package-lock.json: ui/lighthouse/package-lock.json ui/node_modules/.package-lock.json
	npm --prefix ui/lighthouse ci --no-audit --no-fund

lighthouse: ui ui/lighthouse/node_modules/.package-lock.json ## accessibility and performance of the UI's pages, in Chromium
	@./scripts/install-deps chromium
	$(CARGO) build --workspace --bin lethe --bin lethe-demo
	npm --prefix ui run lighthouse

bench: ## measure; figures go to docs/benchmarks.md by hand
	@for bench in $(BENCHES); do $(CARGO) bench --bench $$bench || exit 1; done

test-kill: deps-test ## 200 rounds of kill -9 on each database and of three nodes, 100 failovers to standbys that are behind
	LETHE_KILL_ROUNDS=200 LETHE_FAILOVER_ROUNDS=100 $(CARGO) test --test it -- kill:: nodes::failover --nocapture

fresh: ## `make test` in a minimal Debian 12 of its own (a chroot: needs root), from a clone of what is committed
	@./scripts/fresh

fuzz: ## an hour of each fuzz target on stable Rust (see fuzz/README.md)
	LETHE_FUZZ_SECONDS=3600 $(CARGO) test --test fuzz -- --nocapture

dist: ui ## the binary that is shipped
	$(CARGO) build --profile dist --bin lethe

screenshots: ui ## pictures of every page of the UI into ui/shots, light and dark, wide and narrow
	@./scripts/install-deps chromium
	$(CARGO) build --workspace --bin lethe --bin lethe-demo
	npm --prefix ui run screenshots

deps-test: ## install what the tests need (PostgreSQL's programs, PgBouncer), where that is possible
	@./scripts/install-deps postgresql pgbouncer

deps-interop: deps-test
	@./scripts/install-deps python-venv
