# Every target sets up what it needs: on Debian as root or with sudo it installs what is missing, elsewhere it prints
# the one line to run and ends with status 2. On a machine that has everything the set-up is silent and takes no time.

.PHONY: help run test check-deep bench fmt lint openapi schema setup

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build and serve, on an embedded PostgreSQL with demo data
	@./scripts/setup run
	cargo build --release --locked --bin quid
	@./scripts/run

test: ## Everything a commit needs; what CI runs
	@./scripts/setup test
	@./scripts/test

check-deep: ## The slow checks, before an issue is closed; one alone with STEP=crash
	@./scripts/setup deep
	@./scripts/check-deep $(STEP)

bench: ## Measure the service beside pgbench and a bare handler
	@./scripts/setup deep
	@./scripts/bench

fmt: ## Format the code
	cargo fmt

lint: ## The parts of `make test` that need no database
	@./scripts/setup test
	@./scripts/test lint

openapi: ## Write openapi/openapi.json anew from the code
	@./scripts/setup run
	@mkdir -p openapi
	cargo run --quiet --locked --bin quid -- openapi > openapi/openapi.json.new
	mv openapi/openapi.json.new openapi/openapi.json

schema: ## Write src/platform/db/schema.rs anew from the migrations
	@./scripts/setup test
	QUID_WRITE_SCHEMA=1 cargo test --quiet --locked --test api the_schema_that_diesel_knows

setup: ## Install everything that any target needs
	@./scripts/setup deep
