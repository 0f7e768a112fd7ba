# `make` alone lists the targets. Each sets up what it needs by itself.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
unexport PYTHONDONTWRITEBYTECODE
PY := .venv/bin/python
RUFF := .venv/bin/ruff
# Ctrl-C is no error: what runs has ended by itself, and make ends after it.
CALMLY := trap 'exit 0' INT;

.PHONY: help run chat test test-quick test-313 evasions chaos browsers soak bench check lint format synth profiles reset doctor logs lock new-module test-module functions commands description picture rehearse set-up-run set-up-test set-up-synth set-up-deploy set-up-lock bootstrap deploy diff destroy

help: ## List the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: set-up-run ## Start the whole platform on this machine
	@$(CALMLY) $(PY) -m local run

chat: set-up-run ## Talk to it in a terminal: echo '!quote' | make chat as=ana on=twitch
	@$(CALMLY) $(PY) -m local chat --as $(or $(as),ana) --on $(or $(on),twitch)

# More than two cores need: tests wait for servers and houses most of the time.
workers ?= 4
# `make test again=0` tries nothing twice.
again ?= 1
test: set-up-test ## Run every test, and say what each folder cost
	@$(CALMLY) $(PY) -m pytest -n $(workers) --dist loadgroup -p tests.frozen -p tests.compiled -p tests.grouped -p tests.budgets -p tests.again --reruns $(again)

# Of one folder many wait: who has done with its own takes from the others.
QUICK := tests/contract tests/docs tests/evasions tests/functions tests/gateway_bot tests/sdk tests/waddlebot
test-quick: set-up-test ## Run what needs no server, in less than a minute
	@$(CALMLY) $(PY) -m pytest -n 3 --dist worksteal -p tests.frozen -p tests.compiled -p tests.quick --ignore tests/docs/test_adding_a_module.py $(QUICK)

lint: set-up-test ## Format, lint, strict types, import contracts
	@$(CALMLY) $(RUFF) format --check --quiet . && $(RUFF) check --quiet .
	@$(CALMLY) $(PY) -m mypy
	@$(CALMLY) .venv/bin/lint-imports --no-cache

format: set-up-test ## Format and mend what can be mended
	@$(CALMLY) $(RUFF) format --quiet . && $(RUFF) check --fix --quiet .

test-313: set-up-test ## Run functions and journeys on the Python that Lambda runs
	@$(CALMLY) $(PY) -m tests.on_lambdas_python $(workers)

evasions: set-up-test ## Say what the ready-made rules catch of lines that hide what they say, and what they hit wrongly
	@$(CALMLY) $(PY) -m tests.evasions

chaos: set-up-test ## Kill processes and servers under 10,000 events, try every order of the protocol
	@$(CALMLY) WADDLEBOT_CHAOS_EVENTS=10000 $(PY) -m pytest -n 0 -s tests/chaos tests/protocol

browsers: set-up-test ## Bring the newer Chromiums in which overlays are shown beside the one that OBS ships
	@$(CALMLY) $(PY) -m local.chromium newer

# `make soak part=10`: the tenth part of it.
part ?= 1
soak: browsers ## Show 500 pushes in the browser that OBS ships, with cut networks, restarts and reloads, and 20 a second at 1,000 sockets; all figures in one table
	@$(CALMLY) WADDLEBOT_SOAK_PUSHES=$$((500 / $(part))) WADDLEBOT_SOCKETS=$$((1000 / $(part))) $(PY) -m pytest -n 0 -s -p tests.soak \
	  tests/functions/overlay/test_soak.py tests/failover/test_overlay_soak.py tests/functions/overlay/test_many_sockets.py tests/functions/overlay/test_newer_browsers.py

bench: set-up-test ## Measure all goals of speed beside floors and peers, in some minutes: bench/RESULTS.md
	@$(CALMLY) $(PY) -m bench peers
	@$(CALMLY) $(PY) -m bench results

check: lint test ## What the gate runs, without synth

# `make synth profile=large`; the other profiles are written beside, for the tests.
profile ?= small
synth: set-up-test set-up-synth ## Write the CloudFormation templates to cdk.out/
	@$(CALMLY) $(PY) -m infra --all -c profile=$(profile)
	@$(CALMLY) $(PY) -m tests.infra.edge_stacks build/synth
	@$(CALMLY) .venv/bin/cfn-lint --non-zero-exit-code error --ignore-checks W -- cdk.out/*.template.json build/synth/*/*.template.json
	@$(CALMLY) WADDLEBOT_SYNTHESIZED=$(profile) $(PY) -m pytest tests/infra

profiles: set-up-synth ## Print what each size of house comes to on AWS, counted from a synth
	@$(CALMLY) $(PY) -m infra profiles

doctor: set-up-run ## Say what is wrong on this machine
	@$(CALMLY) $(PY) -m local doctor

logs: set-up-run ## Follow the logs: make logs function=router session=sess_1 level=warning json=1
	@$(CALMLY) $(PY) -m local logs $(if $(function),--function $(function)) $(if $(session),--session $(session)) \
	  $(if $(level),--level $(level)) $(if $(json),--json)

reset: set-up-run ## Forget everything: data, keys, logs
	@$(CALMLY) $(PY) -m local reset

functions: set-up-run ## Everything deployed, as a table
	@$(CALMLY) $(PY) -m local functions

commands: set-up-run ## Write docs/commands.md anew from what the modules declare
	@$(CALMLY) $(PY) -m local commands

description: set-up-run ## Write functions/description/openapi.json anew from what the routes declare
	@$(CALMLY) $(PY) -m local description

picture: set-up-test ## Take docs/playground.png anew, a conversation in a house of its own, and the overlays in each theme
	@$(CALMLY) $(PY) -m tests.journey.picture
	@$(CALMLY) $(PY) -m pytest -n 0 tests/functions/overlay/pictures.py

new-module: set-up-run ## make new-module name=dice: a module of your own to change
	@$(CALMLY) $(PY) -m local new-module $(name)

test-module: set-up-test ## make test-module name=dice: its tests, and the promises that every module keeps
	@$(CALMLY) $(PY) -m pytest -n 0 tests/functions/modules/$(name) tests/contract -k $(name)

# Account and region are those of AWS_PROFILE or AWS_*; more for `cdk -c`: context="concurrency=1000"
ON_AWS = $(PY) -m operations.aws $@ $(if $(stage),--stage $(stage))
OF_SIZE = $(if $(profile),--profile $(profile)) $(addprefix -c ,$(context))

bootstrap: set-up-deploy ## Prepare an account and region of AWS, once
	@$(CALMLY) $(ON_AWS)

deploy: set-up-deploy ## make deploy profile=small stage=production: everything on AWS, docs/aws.md
	@$(CALMLY) $(ON_AWS) $(OF_SIZE) $(if $(drained),--drained)

diff: set-up-deploy ## make diff stage=production: what a deploy would change
	@$(CALMLY) $(ON_AWS) $(OF_SIZE)

destroy: set-up-deploy ## make destroy stage=production: functions and gateways go, data stays
	@$(CALMLY) $(ON_AWS) $(OF_SIZE) $(if $(yes),--yes)

set-up-run set-up-test set-up-synth set-up-deploy set-up-lock: set-up-%:
	@$(CALMLY) command -v $(PYTHON) >/dev/null || { \
	  echo "There is no $(PYTHON) here, and WaddleBot needs Python 3.11 or newer." >&2; \
	  echo "Install it, or name yours: make run PYTHON=python3.13" >&2; exit 1; }; \
	  $(PYTHON) local/bootstrap.py $*
	@$(CALMLY) if [ $* = test ] && ! command -v chromium >/dev/null; then $(PY) -m local.chromium; fi

lock: set-up-lock ## Pin requirements/*.in again, with hashes and without addresses
	@$(CALMLY) for level in test functions run gateway synth bench rehearse; do \
	  constraint=$$( [ $$level = test ] || [ $$level = bench ] || [ $$level = rehearse ] || echo "--constraint requirements/test.txt" ); \
	  env -u UV_DEFAULT_INDEX -u UV_INDEX_URL .tools/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-annotate --no-emit-index-url --no-emit-find-links $$constraint requirements/$$level.in -o requirements/$$level.txt; done

# `make rehearse domain=bot.example.org`: with what stands before a house that has a domain.
rehearse: set-up-test set-up-deploy ## Deploy everything from nothing to an AWS of this machine, and chat with it
	@$(CALMLY) $(PY) -m infra.rehearsal $(domain)
