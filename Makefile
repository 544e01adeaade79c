# Parstock: everything a person or a machine does to this repository. `make` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup study test lint bench peers clean

# HiGHS takes six CPU minutes to compile, once per profile; ccache makes all but the first quick.
# Evaluated as each target begins, after the `needs-` target that may install ccache.
export CMAKE_C_COMPILER_LAUNCHER = $(shell command -v ccache 2>/dev/null)
export CMAKE_CXX_COMPILER_LAUNCHER = $(CMAKE_C_COMPILER_LAUNCHER)
# Paths are taken relative to the checkout, so that a second checkout hits the same cache.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

# Open MPI refuses root otherwise, and containers are root.
export OMPI_ALLOW_RUN_AS_ROOT := 1
export OMPI_ALLOW_RUN_AS_ROOT_CONFIRM := 1

# Tests on real sales look for `online_retail` here; a data folder beside this one is found alone.
PARSTOCK_DATA ?= $(patsubst %/online_retail,%,$(firstword \
	$(wildcard $(abspath $(CURDIR)/..)/*/data/online_retail)))
ifneq ($(PARSTOCK_DATA),)
export PARSTOCK_DATA
endif

QUICKSTART := examples/quickstart

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

setup: needs-study-test-lint ## install what is missing (PARSTOCK_SETUP=none only reports it)

needs-%:
	@scripts/setup.sh $(subst -, ,$*)

study: needs-study ## build the program and run the quickstart study
	cargo build --release
	rm -rf runs/quickstart  # of another build, perhaps
	[ -e $(QUICKSTART)/study.toml ] || target/release/parstock init retail $(QUICKSTART)
	target/release/parstock run $(QUICKSTART)/study.toml --run runs/quickstart

test: needs-study-test ## all tests, with MPI and Slurm where they can be had
	@scripts/test.sh

lint: needs-study-lint ## format, clippy, documentation, licences, house rules
	@scripts/lint.sh

bench: needs-study ## benchmarks of the loop, then of a study
	cargo bench -p benches
	cargo run --release --quiet -p benches --bin selection
	if [ -x scripts/bench_study.sh ]; then scripts/bench_study.sh; fi

peers: needs-study ## our speed beside other programs' (ARGS=--quick for one short round)
	@scripts/peers.sh $(ARGS)

clean: ## remove what was built and the quickstart's runs
	cargo clean
	rm -rf runs/quickstart
