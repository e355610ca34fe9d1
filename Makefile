# Everything that is done with this project by hand. `make` lists it.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run test test-split matrix check bench bench-policy bench-pictures release doc clean rust

# More for every cargo call, such as --locked.
CARGOFLAGS ?=
TARGET := $(or $(CARGO_TARGET_DIR),target)

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS=$$'\t' read -r target text; do \
		printf '  make %-12s  %s\n' "$$target" "$$text"; done

setup: rust ## Find or install what running and testing needs (PostgreSQL's programs)
	@if [[ -z "$${LOBBY__DATABASE__URL:-}" ]]; then scripts/postgres >/dev/null; fi

run: setup ## Build Lobby and run it with demo data on http://127.0.0.1:8080
	cargo build $(CARGOFLAGS) --bin lobby
	@export LOBBY__DATA_DIR="$${LOBBY__DATA_DIR:-$$(scripts/data-dir)}"; \
	export LOBBY__SERVER__LISTEN="$${LOBBY__SERVER__LISTEN:-127.0.0.1:8080}"; \
	if [[ -z "$${LOBBY__DATABASE__URL:-}" ]]; then export LOBBY_POSTGRES_BIN="$$(scripts/postgres)"; fi; \
	exec "$(TARGET)/debug/lobby" serve --seed

test: setup ## Run every test, on a PostgreSQL of their own
	@scripts/mail-server --install
	@scripts/s3-server --install || echo "!!! WITHOUT AN S3 SERVER THE TESTS ON S3 ARE SKIPPED !!!" >&2
	@export LOBBY_POSTGRES_BIN="$$(scripts/postgres)"; trap scripts/stop-test-postgres EXIT; \
	LOBBY_REDIS_SERVER="$$(scripts/redis)" || echo "!!! WITHOUT A REDIS SERVER THE TESTS ON REDIS ARE SKIPPED !!!" >&2; \
	scripts/nginx >/dev/null || echo "!!! WITHOUT NGINX THE TESTS BEHIND IT ARE SKIPPED !!!" >&2; \
	export LOBBY_REDIS_SERVER; set -x; \
	cargo build $(CARGOFLAGS) --bin lobby; \
	cargo test $(CARGOFLAGS) --workspace

# All of it, or what is named: `make test-split SPLIT_AREAS=projects::`. A test that is about one database says so itself.
SPLIT_AREAS ?=

test-split: setup ## Test with every module in a database of its own
	@export LOBBY_POSTGRES_BIN="$$(scripts/postgres)" LOBBY_TESTS_SPLIT=1; set -x; \
	cargo test $(CARGOFLAGS) --package tests --test it -- $(SPLIT_AREAS)

matrix: setup ## Test who may do what, and write a report: target/matrix/report.html
	@export LOBBY_POSTGRES_BIN="$$(scripts/postgres)"; outcome=0; \
	cargo test $(CARGOFLAGS) --package tests --test it -- matrix:: || outcome=$$?; \
	echo "What each role was answered: $(TARGET)/matrix/report.html (and report.md)"; exit $$outcome

check: rust ## Look over the code: format, clippy, unit tests (quick)
	cargo fmt --all -- --check
	cargo clippy $(CARGOFLAGS) --workspace --all-targets -- -D warnings
	cargo test $(CARGOFLAGS) --workspace --lib --bins

bench: setup bench-policy bench-pictures ## Run the benchmarks
	@if compgen -G 'tests/benches/*.rs' >/dev/null; then \
		LOBBY_POSTGRES_BIN="$$(scripts/postgres)" cargo bench $(CARGOFLAGS) --package tests; \
	fi

# A workspace of its own, so that no other build pays for what the engine is compared with.
bench-policy: rust ## Measure the role engine beside casbin and Cedar (builds them first, in release: minutes)
	@export CARGO_TARGET_DIR="$(abspath $(TARGET))/bench-policy"; set -x; \
	cargo build --locked --release --manifest-path benches/policy/Cargo.toml; \
	"$$CARGO_TARGET_DIR/release/policy-bench"

bench-pictures: rust ## Measure the picture engine beside sharp, Pillow and vipsthumbnail, as far as they can be had
	cargo bench $(CARGOFLAGS) --package pictures --bench renditions

release: rust ## Build the binary to ship: target/release/lobby
	cargo build $(CARGOFLAGS) --release --bin lobby

doc: rust ## Build the documentation of the code: target/doc
	RUSTDOCFLAGS="-D warnings" cargo doc $(CARGOFLAGS) --no-deps --workspace

clean: rust ## Remove what was built; data and downloaded tools stay
	cargo clean

rust:
	@command -v cargo >/dev/null || { echo 'Rust is missing: install it with rustup (see INSTALL.md), then open a new shell.' >&2; exit 1; }
	@command -v cc >/dev/null || { echo 'A C compiler (cc) is missing: see INSTALL.md for the packages.' >&2; exit 1; }
