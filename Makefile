# What a person or CI does with Tsunagi; `make` alone prints the list.

GO ?= go
# Two cores: packages in parallel share them with one Postgres each, and what waits lets others go on. A package has the
# time that it needs beside a machine full of other work; a test that waits in vain says so long before.
TEST = $(GO) test -race -count=1 -timeout 30m -p 2 -parallel 6

# A CI may have no home, or one that is closed; Go wants one for its caches.
ifneq ($(shell test -d "$(HOME)" && test -w "$(HOME)" && echo yes),yes)
export HOME := $(shell home=/var/tmp/tsunagi-home-$$(id -u); mkdir -p -m 700 "$$home" && echo "$$home")
endif

.PHONY: help demo test check verify bench format vet

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Built and then run: `go run` ends with 1 after Ctrl-C however well the demo has ended.
demo: ## a desk to play with in the browser, both sides; nothing to set up
	@.ci/setup postgres
	@$(GO) build -o bin/tsunagi . && exec bin/tsunagi demo $(ARGS)

test: ## all tests; installs Postgres, Redis and Chromium when missing
	@.ci/setup compiler postgres redis chromium fonts
	@$(MAKE) --no-print-directory format vet
	$(TEST) ./...

check: test ## what CI runs

verify: ## rebuild everything that is generated and compare; the page's bundle needs npm
	@.ci/setup postgres
	$(GO) test -count=1 -run '^(TestPage|TestSchema|TestDocs)$$' ./bot/proposal ./bot/rights ./store ./config
	$(GO) run ./handlers/playground/bundle -verify

bench: ## the figures of docs/performance.md, in some ten minutes; AGAINST=<commit> compares with one
	@.ci/setup postgres redis
	$(GO) run ./handlers/bench $(if $(AGAINST),-against $(AGAINST)) $(ARGS)

format:
	@files=$$(gofmt -l .); \
	if [ -n "$$files" ]; then echo "not as gofmt writes it: $$files"; exit 1; fi

vet:
	$(GO) vet ./...
