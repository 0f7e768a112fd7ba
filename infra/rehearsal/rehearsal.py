"""The steps, in their order, and what they pass on."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import redis

from functions.catalogue import all_functions
from functions.database_users import all_users
from gateway_bot.declaration import GATEWAY
from infra.edge.domain import MEDIA
from infra.rehearsal.attacks import attack
from infra.rehearsal.changed_copy import ROWS, make_copy, path_of
from infra.rehearsal.edge import RehearsedEdge
from infra.rehearsal.emulator import start_emulator
from infra.rehearsal.files_edge import RehearsedFiles
from infra.rehearsal.front_door import DeployedApi
from infra.rehearsal.gateway import container_of, start_gateway
from infra.rehearsal.keys import keys_of
from infra.rehearsal.order import (
    MIGRATES,
    TRIGGER,
    count_updated,
    events_since,
    updated_before_migration,
)
from infra.rehearsal.overlay_page import RehearsedOverlay
from infra.rehearsal.own_packages import ROOT
from infra.rehearsal.page import FollowedPage, needs_of_the_page
from infra.rehearsal.platforms import Platforms
from infra.rehearsal.processes import run_to_end
from infra.rehearsal.progress import RehearsalFailed, RehearsalStep
from infra.rehearsal.restore import RehearsedRestore
from infra.rehearsal.servers import RehearsalServers
from infra.rehearsal.staying import is_deleted, must_be_listed, must_stay, named_and_kept
from waddlebot.domain.stages import BOUNDARY, DEPLOYER
from waddlebot.runtime.needs import Secret
from waddlebot.stores.keys import Partition

STAGE = "production"
SYNTH_SECONDS = 240.0
LINES = {"!help": "!quote", "#roll 1d1": "1", "!quote": "quote"}
"""Each with what its answer holds."""
TOLD, ANSWERED = "#roll 3d1", "3d1"
LAST_TOLD, LAST_ANSWERED = "#roll 4d1", "4d1"
"""Told behind it: whatever becomes of the first has then come of it."""
FUNCTIONS_STACK = f"waddlebot-{STAGE}-functions"
GIVEN_BACK = (FUNCTIONS_STACK, f"waddlebot-{STAGE}-routes", f"waddlebot-{STAGE}-gateway")
DATA_STACK = f"waddlebot-{STAGE}-data"
KEPT = (f"waddlebot-{STAGE}-network", DATA_STACK)
SIGNED_WITH = "TWITCH_EVENTSUB_SECRET"
NO_CHANGES = "(no changes)"
NEEDS = GATEWAY.needs.union(*(function.needs for function in all_functions()))
SECRETS = frozenset(need.variable for need in NEEDS if isinstance(need, Secret))
"""Whoever needs one finds it in the account, and nothing of it is given by hand."""


class Rehearsal:
    """What was started is ended by `close`, in reverse order, however it came to that."""

    def __init__(self, folder: Path, domain: str = "") -> None:
        self._domain = domain
        self._folder = folder
        self._logs = folder / "logs"
        self._ending = ExitStack()
        self._assembly = folder / "cdk.out"
        self._changed = folder / "cdk.out.changed"

    def steps(self) -> Sequence[RehearsalStep]:
        return (
            RehearsalStep(name="synth", do=self.synth),
            RehearsalStep(name="servers", do=self.start_servers),
            RehearsalStep(name="emulator", do=self.start_emulator),
            RehearsalStep(name="bootstrap", do=self.bootstrap),
            RehearsalStep(name="deploy", do=self.deploy),
            *([RehearsalStep(name="edge", do=self.edge)] if self._domain else []),
            RehearsalStep(name="chat over the API", do=self.chat),
            RehearsalStep(name="secrets", do=self.set_secrets),
            RehearsalStep(name="deploy with secrets", do=self.deploy_secrets),
            RehearsalStep(name="webhook", do=self.webhook),
            RehearsalStep(name="attacks", do=self.attacks),
            RehearsalStep(name="gateway", do=self.gateway),
            RehearsalStep(name="overlay", do=self.overlay),
            RehearsalStep(name="restore", do=self.restore),
            RehearsalStep(name="changed migration", do=self.migrate),
            RehearsalStep(name="deploy again", do=self.deploy_again),
            RehearsalStep(name="destroy", do=self.destroy),
            RehearsalStep(name="part with the data", do=self.part_with_data),
        )

    def close(self) -> None:
        self._ending.close()
        shutil.rmtree(self._folder / "tmp", ignore_errors=True)

    def synth(self) -> str:
        """Of what is deployed first and of the release after it, while nothing else runs."""
        needs_of_the_page()
        self._synth(self._assembly, ROOT, os.environ)
        copy = self._folder / "changed"
        make_copy(copy)
        self._synth(self._changed, copy, {**os.environ, "PYTHONPATH": path_of(copy)})
        stacks = sorted(self._assembly.glob("*.template.json"))
        return ", ".join(path.name.removesuffix(".template.json") for path in stacks)

    def _synth(self, out: Path, folder: Path, environment: Mapping[str, str]) -> None:
        run_to_end(
            f"synth-{out.name}",
            [sys.executable, "-m", "infra.rehearsal.synth", str(out), STAGE, self._domain],
            logs=self._logs,
            environment=environment,
            folder=folder,
            seconds=SYNTH_SECONDS,
        )

    def start_servers(self) -> str:
        templates = [json.loads(path.read_text()) for path in self._stacks()]
        self.keys = keys_of(templates)
        self.servers = RehearsalServers(self._folder / "home", STAGE, self.keys)
        self._ending.callback(self.servers.stop)
        self.servers.start()
        self.platforms = Platforms(self._folder / "home", self._logs)
        self._ending.callback(self.platforms.stop)
        self.platforms.wait()
        return "PostgreSQL, Valkey and stand-ins of the platforms"

    def start_emulator(self) -> str:
        self.emulator = start_emulator(
            self._folder, self._logs, self.servers.steered, self.servers.given, self.keys
        )
        self._ending.callback(self.emulator.process.stop)
        terminal = {**self.emulator.environment, "CDK_HOME": str(self._folder / "cdk-home")}
        self.page = FollowedPage(terminal, self._logs)
        self._deploy_from(self._assembly)
        return "MiniStack, on loopback"

    def _deploy_from(self, assembly: Path) -> None:
        """What the command line finds in place of a synth for arm64, with an image of nobody's."""
        self.page.terminal["CDK_APP"] = str(assembly)

    def bootstrap(self) -> str:
        self.page.follow("bootstrap")
        policies = self.emulator.client("iam").list_policies(Scope="Local")["Policies"]
        made = {one["PolicyName"] for one in policies}
        if missing := {DEPLOYER, BOUNDARY} - made:
            raise RehearsalFailed(f"make bootstrap made no {', '.join(sorted(missing))}")
        return f"make bootstrap: {', '.join(sorted(made))}"

    def deploy(self) -> str:
        said = self.page.follow("deploy")
        states = self._states()
        for name, state in states.items():
            if state not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
                raise RehearsalFailed(f"{name} is {state}")
        if self.servers.let_in_by_password():
            raise RehearsalFailed("the master's password still opens the database")
        self._must_keep_apart()
        apis = self.emulator.client("apigatewayv2").get_apis()["Items"]
        [api] = (one["ApiId"] for one in apis if one["ProtocolType"] == "HTTP")
        self.door = DeployedApi(port=self.emulator.port, api=api)
        if (self._domain or self.door.api) not in said:
            raise RehearsalFailed(f"make deploy does not say where it answers: {said[-1500:]}")
        self.page.terminal["WADDLEBOT_URL"] = f"http://{self.door.host}"
        return f"{len(states)} stacks: {', '.join(sorted(states))}"

    def edge(self) -> str:
        """From here on the house is reached by it alone."""
        edge = RehearsedEdge(self.emulator, self._domain)
        self._ending.callback(edge.stop)
        self.door = DeployedApi(port=edge.port, api=self.door.api, domain=self._domain)
        self.page.terminal["WADDLEBOT_URL"] = f"http://{self.door.host}"
        files = RehearsedFiles(self.emulator, f"{MEDIA}.{self._domain}")
        past = edge.must_be_the_only_way_in(STAGE, self.door.api)
        return f"{past}; {files.must_serve_files_alone()}"

    def _must_keep_apart(self) -> None:
        """Each enters as whom its own role of the template names, and as nobody else of ours."""
        for name, own in self.keys.items():
            for user in all_users() if own.database else ():
                if self.servers.let_in(name, user) != (user in own.database):
                    raise RehearsalFailed(f"{name} with its keys, as {user}: the wrong way round")

    def _states(self) -> Mapping[str, str]:
        stacks = self.emulator.client("cloudformation").describe_stacks()["Stacks"]
        return {one["StackName"]: one["StackStatus"] for one in stacks}

    def chat(self) -> str:
        """With the operator's key, which nobody has seen before."""
        self.page.follow("key")
        key = self.page.terminal["WADDLEBOT_API_KEY"]
        first = self.page.follow("first-answer")
        if LINES["!help"] not in first:
            raise RehearsalFailed(f"the page's !help was answered with “{first[:300]}”")
        for line, expected in LINES.items():
            answer = self.door.say(line, key)
            if expected not in answer.lower():
                raise RehearsalFailed(f"{line} was answered with “{answer[:300]}”")
        return ", ".join(LINES)

    def set_secrets(self) -> str:
        """Those of Twitch; before, its webhook says what is missing."""
        status, text = self.door.tell_of_chat(TOLD, "not the secret")
        if status != 503 or SIGNED_WITH not in text:
            raise RehearsalFailed(f"a webhook whose secret is not set: {status} {text[:300]}")
        self.page.follow("secrets")
        told = {name: value for name, value in self.platforms.told.items() if name in SECRETS}
        words = (".venv/bin/waddlebot", "aws", "secret", "--stage", STAGE, "set")
        for name, value in told.items():
            self.page.pipe(value, *words, name)
        return f"before: 503; set: {', '.join(told)}"

    def deploy_secrets(self) -> str:
        said = self.page.follow("deploy-again")
        count = said.count(NO_CHANGES)
        if count != len(self._stacks()) - 1:
            raise RehearsalFailed(f"{count} stacks had no change, and one had one: {said[-1500:]}")
        return "make deploy finds the new version in the functions' stack alone"

    def webhook(self) -> str:
        """Signed it is stored, unsigned it is refused."""
        status, text = self.door.tell_of_chat(TOLD, "not the secret")
        if status != 403:
            raise RehearsalFailed(f"a webhook that Twitch did not sign: {status} {text[:300]}")
        status, text = self.door.tell_of_chat(TOLD, self.platforms.told[SIGNED_WITH], times=2)
        if status not in (200, 204):
            raise RehearsalFailed(f"Twitch's webhook was answered with {status}: {text[:300]}")
        self.door.tell_of_chat(LAST_TOLD, self.platforms.told[SIGNED_WITH])
        waiting = redis.Redis.from_url(self.servers.streams_url)
        if not waiting.xlen(Partition().events_stream()):
            raise RehearsalFailed(f"Twitch's webhook was answered with {status} and is not stored")
        return f"{status}, and it waits on the stream; one that is not signed: 403"

    def attacks(self) -> str:
        key = self.page.terminal["WADDLEBOT_API_KEY"]
        return attack(self.door, key=key, secret=self.platforms.told[SIGNED_WITH])

    def gateway(self) -> str:
        """What the webhook left on the stream, twice, is routed, and people at Twitch read one
        answer.
        """
        container = container_of(self.emulator)
        addresses = {
            name: value for name, value in self.platforms.told.items() if name not in SECRETS
        }
        own = self.keys[GATEWAY.name].environment
        where = {**addresses, **self.servers.given, **self.emulator.environment, **own}
        gateway = start_gateway(container, self._logs, elsewhere=where)
        try:
            self.platforms.wait_for(ANSWERED)
            self.platforms.wait_for(LAST_ANSWERED)
            answers = self.platforms.count(ANSWERED)
        finally:
            code = gateway.stop()
        if answers != 1:
            raise RehearsalFailed(f"one line that was told twice was answered {answers} times")
        if code:
            raise RehearsalFailed(f"the gateway ended with {code} when it was told to")
        return f"as {container['user']}, told {len(container['environment'])} variables: answered"

    def overlay(self) -> str:
        """OBS is told by the page where its socket is, and by the socket what to show."""
        return RehearsedOverlay(self.door, self.page.terminal["WADDLEBOT_API_KEY"]).watch()

    def restore(self) -> str:
        """What somebody deleted is back, and the house goes on."""
        done = RehearsedRestore(self.servers, self.page).bring_back()
        self.door.say("!quote", self.page.terminal["WADDLEBOT_API_KEY"])
        return done

    def migrate(self) -> str:
        """Before any function has its new code."""
        before = datetime.now(UTC)
        self._deploy_from(self._changed)
        self.page.follow("upgrade")
        self._must_have_run_once()
        events = events_since(self.emulator.client("cloudformation"), FUNCTIONS_STACK, before)
        if not any(event["LogicalResourceId"] == MIGRATES + TRIGGER for event in events):
            raise RehearsalFailed("the migrations were not called though one is new")
        early = updated_before_migration(events)
        if early:
            raise RehearsalFailed(f"these had their new code before the migration: {early}")
        return f"once, before any of {count_updated(events)} functions had its new code"

    def _must_have_run_once(self) -> None:
        with psycopg.connect(self.servers.owners_url) as connection:
            ran = connection.execute(ROWS).fetchall()
        if ran != [(1,)]:
            raise RehearsalFailed(f"the changed migration left {ran} instead of one row")

    def deploy_again(self) -> str:
        """And the migration of before does not run again."""
        said = self.page.follow("deploy-again")
        if said.count(NO_CHANGES) != len(self._stacks()):
            raise RehearsalFailed(f"something changed though nothing did: {said[-1500:]}")
        self._must_have_run_once()
        return "no changes"

    def destroy(self) -> str:
        """What must stay is there afterwards, by its own name."""
        staying = must_stay(self.emulator, self._templates(KEPT))
        said = self.page.follow("destroy")
        must_be_listed(said, STAGE)
        states = self._states()
        left = [
            name for name in GIVEN_BACK if states.get(name, "DELETE_COMPLETE") != "DELETE_COMPLETE"
        ]
        if left or not states.keys() >= set(KEPT):
            raise RehearsalFailed(f"after destroy there is {states}")
        if apis := self.emulator.client("apigatewayv2").get_apis()["Items"]:
            raise RehearsalFailed(f"addresses are left: {apis}")
        gone = staying - must_stay(self.emulator, self._templates(KEPT))
        if gone:
            raise RehearsalFailed(f"these are gone, and had to stay: {', '.join(sorted(gone))}")
        self._must_have_run_once()
        if forgotten := self.page.left_out():
            raise RehearsalFailed(f"nobody followed these blocks of the page: {forgotten}")
        return f"{len(staying)} resources of network and data stay, and what is in the tables"

    def part_with_data(self) -> str:
        """What the page has people type into AWS's own command line, which is not here."""
        cloudformation = self.emulator.client("cloudformation")
        kept = named_and_kept(self.emulator)
        if is_deleted(cloudformation, DATA_STACK):
            raise RehearsalFailed(f"{DATA_STACK} is deleted though it is protected")
        cloudformation.update_termination_protection(
            StackName=DATA_STACK, EnableTerminationProtection=False
        )
        if not is_deleted(cloudformation, DATA_STACK):
            raise RehearsalFailed(f"{DATA_STACK} cannot be deleted when it is told to")
        gone = kept - named_and_kept(self.emulator)
        if gone or not kept:
            raise RehearsalFailed(f"these went with {DATA_STACK}: {', '.join(sorted(gone))}")
        return f"not while it is protected; {len(kept)} stay even then: database, key, secrets"

    def _stacks(self) -> Sequence[Path]:
        return sorted(self._assembly.glob("*.template.json"))

    def _templates(self, stacks: Sequence[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for name in stacks:
            yield name, json.loads((self._assembly / f"{name}.template.json").read_text())
