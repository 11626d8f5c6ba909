# Every target works on a fresh clone with Go, a C compiler and Python 3.
# Tools are installed at pinned versions into .tools and .venv, which git
# ignores.

SHELL       := /bin/bash
.SHELLFLAGS := -o pipefail -c

GO       ?= go
# Everything is compiled as it is shipped, without C, so that it is compiled once;
# only the race detector needs C, and a second compilation.
export CGO_ENABLED := 0
RACE := CGO_ENABLED=1 $(GO) test -race
PYTHON   ?= python3
TOOLS    := $(CURDIR)/.tools
VENV     := $(CURDIR)/.venv
GOLANGCI := v2.15.0

MOTO_STAMP := $(VENV)/.$(shell cksum test/moto/requirements.txt | cut -d' ' -f1)

# Kubernetes for the operator's tests, built from Go modules. The folder's name
# changes with the pinned versions, so that stale binaries are never used.
KUBE := $(TOOLS)/kube-$(shell cat test/operator/kube/go.mod test/operator/kube/go.sum | cksum | cut -d' ' -f1)

# AWS's session-manager-plugin for the tests of sessions, pinned in test/plugin/go.mod.
PLUGIN := $(TOOLS)/session-manager-plugin-$(shell cat test/plugin/go.mod test/plugin/go.sum | cksum | cut -d' ' -f1)

.PHONY: plugin crash test test-operator bench-operator kube manifests image man lint vet generate check-generated bench fuzz chaos build clean moto tools public-files test-public

# The operator's tests need an API server; without one they are skipped.
OPERATOR := ./test/operator/...

# The crash points run hundreds of whole lives of a project: 40 s, and minutes
# with the race detector, so they run without it.
CRASH := ./test/crash

# The race detector makes a test several times slower, so it runs where goroutines share
# memory. These packages read files and build graphs in one goroutine, run whole
# programs as processes of their own, whose parts run with it elsewhere, or hold resource
# types, which share memory only when the engine runs them side by side: in engine, deploy
# and operator that is done with the race detector. Benchmarks measure time, and with it
# they would measure the detector's.
SERVICES := $(addprefix /internal/aws/,ec2 $(patsubst internal/aws/%/life_test.go,%,$(wildcard internal/aws/*/life_test.go)))
PURE := /internal/app /internal/blueprint /internal/outline /internal/plantext /internal/rollback /internal/command $(SERVICES) \
	/test/moto /test/bench /test/guest /test/docs /test/types /test/permissions

# The chaos rounds run alone: on a busy machine, an answer that takes longer than
# berth's ten seconds is one more fault, and the rounds without faults must have none.
CHAOS := ./test/chaos

## test: every test, including those with moto; with the race detector where code runs side by side
test: moto build plugin
	BERTH_PLUGIN=$(PLUGIN) BERTH_MOTO=$(VENV)/bin/moto_server BERTH_BINARY=$(CURDIR)/bin/berth $(RACE) -timeout 20m $$($(GO) list ./... | grep -v -e /test/crash -e /test/chaos $(patsubst %,-e %,$(PURE)))
	BERTH_MOTO=$(VENV)/bin/moto_server BERTH_BINARY=$(CURDIR)/bin/berth $(GO) test -timeout 20m $(patsubst %,.%/...,$(PURE))
	$(GO) test -timeout 20m -v -run TestCrashPoints $(CRASH) | grep -v -e '^=== ' -e '^ *--- PASS'
	$(GO) test -timeout 20m -skip TestCrashPoints $(CRASH)
	BERTH_MOTO=$(VENV)/bin/moto_server BERTH_BINARY=$(CURDIR)/bin/berth $(GO) test -count=1 -timeout 20m -v $(CHAOS) | grep -v -e '^=== ' -e '^ *--- PASS'

## test-operator: the operator against a real Kubernetes API, and the chart
test-operator: kube moto build
	BERTH_KUBE=$(KUBE) BERTH_MOTO=$(VENV)/bin/moto_server BERTH_BINARY=$(CURDIR)/bin/berth \
		$(GO) test -timeout 30m -count=1 $(OPERATOR)

## bench-operator: the operator's figures in docs/benchmarks.md; takes a quarter of an hour
bench-operator: kube moto build
	BERTH_KUBE=$(KUBE) BERTH_BINARY=$(CURDIR)/bin/berth BERTH_BENCH=1 \
		$(GO) test -timeout 60m -count=1 -v -run 'TestBench|TestThrottled|TestKill' ./test/operator

## kube: etcd, kube-apiserver, kubectl and helm; takes minutes the first time
kube: $(KUBE)/etcd $(KUBE)/kube-apiserver $(KUBE)/kubectl $(KUBE)/helm

$(KUBE)/etcd:           MAIN = go.etcd.io/etcd/server/v3
$(KUBE)/kube-apiserver: MAIN = k8s.io/kubernetes/cmd/kube-apiserver
$(KUBE)/kubectl:        MAIN = k8s.io/kubernetes/cmd/kubectl
$(KUBE)/helm:           MAIN = helm.sh/helm/v4/cmd/helm
$(KUBE)/%:
	mkdir -p $(KUBE)
	cd test/operator/kube && version=$$($(GO) list -m -f '{{.Version}}' k8s.io/kubernetes) && \
		$(GO) build -trimpath -o $@.new \
		-ldflags "-s -w -X k8s.io/component-base/version.gitVersion=$$version" $(MAIN)
	mv $@.new $@

## plugin: AWS's session-manager-plugin, which the tests of sessions run
plugin: $(PLUGIN)

$(PLUGIN):
	mkdir -p $(TOOLS)
	cd test/plugin && $(GO) build -trimpath -o $@.new github.com/aws/session-manager-plugin/src/sessionmanagerplugin-main
	mv $@.new $@

## build: the binaries, bin/berth and bin/berth-operator
build:
	$(GO) build -o bin/ ./cmd/berth ./cmd/berth-operator

## man: the manual pages of berth, in bin/man
man:
	env -u BERTH_SANDBOX $(GO) test -count=1 -run TestManPages ./internal/command -man $(CURDIR)/bin/man

## vet: go vet
vet:
	$(GO) vet ./...

## lint: golangci-lint at its pinned version
lint: $(TOOLS)/golangci-lint-$(GOLANGCI)
	$< run ./...

## generate: everything that is generated: docs/permissions.md, docs/compose-keys.md, docs/x-berth.md, docs/compatibility.md, docs/commands.md, docs/resource-types.md, deploy/manifests
generate:
	$(GO) generate ./...
	$(MAKE) manifests

# The chart as plain manifests. The kinds are in a separate file, so that deleting
# the operator does not delete every object of these kinds.
RENDER = $(KUBE)/helm template infra-operator deploy/chart --namespace infra-operator-system

## manifests: deploy/manifests, from the chart
manifests: $(KUBE)/helm
	mkdir -p deploy/chart/kinds && cp internal/operator/api/v1alpha1/crds/*.yaml deploy/chart/kinds
	$(RENDER) --set crds.keep=false --show-only templates/crds.yaml > deploy/manifests/kinds.yaml
	$(RENDER) --set crds.install=false --set namespace.create=true > deploy/manifests/operator.yaml

## image: the small images berth-operator and berth, with docker
image:
	docker build -t berth-operator .
	docker build -t berth --target berth .

## check-generated: fails if generation changes anything
check-generated: generate
	git diff --exit-code

## bench: the figures in docs/benchmarks.md
bench: moto build
	BERTH_MOTO=$(VENV)/bin/moto_server BERTH_BENCH=1 $(GO) test -count=1 -v -run 'TestBench' ./test/...

## fuzz: each fuzz target for a minute
fuzz:
	$(GO) test -run '^$$' -fuzz FuzzLoad -fuzztime 60s ./internal/app
	$(GO) test -run '^$$' -fuzz FuzzXBerth -fuzztime 60s ./internal/app
	$(GO) test -run '^$$' -fuzz FuzzDecode -fuzztime 60s ./internal/datachannel
	$(GO) test -run '^$$' -fuzz FuzzAttach -fuzztime 60s ./internal/datachannel

## crash: every crash point and disturbance of test/crash; takes an hour of processor time
crash:
	BERTH_CRASH=all $(GO) test -count=1 -v -timeout 180m $(CRASH) ./internal/rollback | grep -v -e '^=== ' -e '^ *--- PASS'

## chaos: ROUNDS=200 random rounds of test/chaos, or one round again with SEED=
chaos: moto build
	BERTH_MOTO=$(VENV)/bin/moto_server BERTH_BINARY=$(CURDIR)/bin/berth BERTH_CHAOS_ROUNDS=$(or $(ROUNDS),200) BERTH_CHAOS_SEED=$(SEED) \
		$(GO) test -count=1 -timeout 12h -parallel 8 -v -run TestChaos $(CHAOS)

# Compose files of other projects, each at its commit. What is there is not fetched again.
PUBLIC := $(CURDIR)/.public

## public-files: fetches the Compose files of test/files/public.txt into .public
public-files:
	@failed=0; \
	while read -r repository commit path; do \
		to=$(PUBLIC)/$$repository/$$commit/$$path; \
		[ -e "$$to" ] && continue; \
		mkdir -p "$$(dirname "$$to")" && \
		curl --fail --silent --show-error --location --retry 3 --max-time 60 --output "$$to.part" \
			"https://raw.githubusercontent.com/$$repository/$$commit/$$path" && mv "$$to.part" "$$to" || \
		{ rm -f "$$to.part"; echo "cannot fetch $$path of $$repository at $$commit" >&2; failed=1; }; \
	done < <(awk '/^[^# ]/ && NF == 5 { repository = $$1; commit = $$3; print repository, commit, $$2 } \
		$$1 == "reads" { print repository, commit, $$2 }' test/files/public.txt); \
	exit $$failed

## test-public: tries them in the sandbox; UPDATE=-update writes the results for docs/compatibility.md
test-public: public-files
	$(GO) test -count=1 -timeout 20m -v -run TestPublic ./test/files $(UPDATE)
	$(GO) test -count=1 -run TestCompatibilityPage ./test/docs $(UPDATE)

## moto: the emulator that the tests talk to over the wire
moto: $(MOTO_STAMP)

$(MOTO_STAMP): test/moto/requirements.txt
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r test/moto/requirements.txt
	touch $@

tools: $(TOOLS)/golangci-lint-$(GOLANGCI)

$(TOOLS)/golangci-lint-$(GOLANGCI):
	mkdir -p $(TOOLS)
	GOBIN=$(TOOLS) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI)
	mv $(TOOLS)/golangci-lint $@

clean:
	rm -rf bin dist
