# What people and CI do with Lethe. `make` alone lists it.

CARGO ?= cargo
LISTEN ?= 127.0.0.1:8080
DATA ?= data
INTEROP_DIR ?= target/interop
BENCHES ?= ingest lineage search audit access

.PHONY: help run test check bench interop openapi grid test-kill fuzz dist deps-test deps-interop

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: ## build Lethe and start it with a live demo pipeline on http://$(LISTEN)
	$(CARGO) build --release --bin lethe --bin lethe-demo --workspace
	@./scripts/run-demo target/release $(LISTEN) $(DATA)

test: deps-test ## run all tests (SQLite and PostgreSQL)
	$(CARGO) test --workspace

check: ## formatting, lints, walls, OpenAPI drift
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	$(CARGO) test --test it -- house:: openapi::

openapi: ## write openapi/openapi.json anew
	$(CARGO) run --quiet --bin lethe -- openapi --output openapi/openapi.json

grid: ## write policies/grid.txt and its fellows anew: what each role may do, as the API decides
	LETHE_GRID=1 $(CARGO) test --test it -- grid:: coverage::

interop: deps-interop ## run real clients (openlineage-python, dbt, Airflow, marquez-python) against the server
	$(CARGO) build --bin lethe
	LETHE_BIN=target/debug/lethe LETHE_INTEROP_DIR=$(INTEROP_DIR) tests/interop/run

bench: ## measure; figures go to docs/benchmarks.md by hand
	@for bench in $(BENCHES); do $(CARGO) bench --bench $$bench || exit 1; done

test-kill: deps-test ## 200 rounds of kill -9 on each database
	LETHE_KILL_ROUNDS=200 $(CARGO) test --test it kill:: -- --nocapture

fuzz: ## an hour of each fuzz target on stable Rust (see fuzz/README.md)
	LETHE_FUZZ_SECONDS=3600 $(CARGO) test --test fuzz -- --nocapture

dist: ## the binary that is shipped
	$(CARGO) build --profile dist --bin lethe

deps-test: ## install what the tests need (PostgreSQL's programs), where that is possible
	@./scripts/install-deps postgresql

deps-interop: deps-test
	@./scripts/install-deps python-venv
