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
from typing import Any, LiteralString

import psycopg
import redis

from functions.catalogue import all_functions
from gateway_bot.declaration import GATEWAY
from infra.rehearsal.changed_copy import ROWS, make_copy, path_of
from infra.rehearsal.command_line import CommandLine
from infra.rehearsal.emulator import start_emulator
from infra.rehearsal.front_door import DeployedApi
from infra.rehearsal.gateway import container_of, start_gateway
from infra.rehearsal.order import MIGRATES, TRIGGER, events_since, updated_before_migration
from infra.rehearsal.own_packages import ROOT
from infra.rehearsal.platforms import Platforms
from infra.rehearsal.processes import run_to_end
from infra.rehearsal.progress import RehearsalFailed, RehearsalStep
from infra.rehearsal.servers import RehearsalServers
from waddlebot.domain.key_texts import new_key_text
from waddlebot.runtime.environment import NOT_SET
from waddlebot.runtime.needs import LIVE, Secret
from waddlebot.stores.keys import Partition

STAGE = "production"
SYNTH_SECONDS = 240.0
LINES = {"!help": "!quote", "#roll 1d1": "1", "!quote": "quote"}
"""Each with what its answer holds."""
TOLD, ANSWERED = "#roll 3d1", "3d1"
FUNCTIONS_STACK = f"waddlebot-{STAGE}-functions"
KEPT = frozenset({"Retain", "RetainExceptOnCreate", "Snapshot"})


class Rehearsal:
    """What was started is ended by `close`, in reverse order, however it came to that."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._logs = folder / "logs"
        self._ending = ExitStack()
        self._assembly = folder / "cdk.out"

    def steps(self) -> Sequence[RehearsalStep]:
        return (
            RehearsalStep(name="synth", do=self.synth),
            RehearsalStep(name="servers", do=self.start_servers),
            RehearsalStep(name="emulator", do=self.start_emulator),
            RehearsalStep(name="bootstrap", do=self.bootstrap),
            RehearsalStep(name="deploy", do=self.deploy),
            RehearsalStep(name="chat over the API", do=self.chat),
            RehearsalStep(name="webhook", do=self.webhook),
            RehearsalStep(name="gateway", do=self.gateway),
            RehearsalStep(name="deploy again", do=self.deploy_again),
            RehearsalStep(name="changed migration", do=self.migrate),
            RehearsalStep(name="destroy", do=self.destroy),
        )

    def close(self) -> None:
        self._ending.close()
        shutil.rmtree(self._folder / "tmp", ignore_errors=True)

    def synth(self) -> str:
        self._synth(self._assembly, ROOT, os.environ)
        stacks = sorted(self._assembly.glob("*.template.json"))
        return ", ".join(path.name.removesuffix(".template.json") for path in stacks)

    def _synth(self, out: Path, folder: Path, environment: Mapping[str, str]) -> None:
        run_to_end(
            f"synth-{out.name}",
            [sys.executable, "-m", "infra.rehearsal.synth", str(out), STAGE],
            logs=self._logs,
            environment=environment,
            folder=folder,
            seconds=SYNTH_SECONDS,
        )

    def start_servers(self) -> str:
        self.servers = RehearsalServers(self._folder / "home", STAGE)
        self._ending.callback(self.servers.stop)
        self.servers.start()
        self.platforms = Platforms(self._folder / "home", self._logs)
        self._ending.callback(self.platforms.stop)
        self.platforms.wait()
        return "PostgreSQL, Valkey and stand-ins of the platforms"

    def start_emulator(self) -> str:
        self.emulator = start_emulator(
            self._folder, self._logs, self.servers.steered, self.servers.given
        )
        self._ending.callback(self.emulator.process.stop)
        self.cdk = CommandLine(self.emulator, self._folder, self._logs)
        return "MiniStack, on loopback"

    def bootstrap(self) -> str:
        self.cdk.bootstrap()
        return "cdk bootstrap"

    def deploy(self) -> str:
        missing = self._make_missing_secrets()
        self.cdk.deploy(self._assembly)
        stacks = self.emulator.client("cloudformation").describe_stacks()["Stacks"]
        states = {one["StackName"]: one["StackStatus"] for one in stacks}
        for name, state in states.items():
            if state not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
                raise RehearsalFailed(f"{name} is {state}")
        apis = self.emulator.client("apigatewayv2").get_apis()["Items"]
        self.door = DeployedApi(port=self.emulator.port, api=apis[0]["ApiId"])
        by_hand = [*missing, *self._point_live_at_what_is()]
        return f"{len(states)} stacks{f'; made by hand: {by_hand}' if by_hand else ''}"

    def _point_live_at_what_is(self) -> list[str]:
        """The alias that everybody calls by, where no stack makes it."""
        if any(self._of_type("AWS::Lambda::Alias")):
            return []
        lambda_ = self.emulator.client("lambda")
        for function in all_functions():
            name = f"waddlebot-{STAGE}-{function.name}"
            lambda_.create_alias(FunctionName=name, Name=LIVE, FunctionVersion="$LATEST")
        return ["aliases"]

    def _make_missing_secrets(self) -> list[str]:
        """Those that functions are told of and that no stack of the assembly makes."""
        self.key = new_key_text()
        given = {
            **self.platforms.told,
            "WADDLEBOT_API_KEY": self.key,
        }
        made = {told.get("Name") for told in self._of_type("AWS::SecretsManager::Secret")}
        needs = GATEWAY.needs.union(*(one.needs for one in all_functions()))
        keeper = self.emulator.client("secretsmanager")
        names = {need.variable for need in needs if isinstance(need, Secret)}
        missing = sorted(name for name in names if f"waddlebot/{STAGE}/{name}" not in made)
        versions = {}
        for name in missing:
            secret = f"waddlebot/{STAGE}/{name}"
            told = keeper.create_secret(Name=secret, SecretString=given.get(name, NOT_SET))
            versions[f"/waddlebot/{STAGE}/secrets/{name}"] = told["VersionId"]
        self._make_missing_parameters(versions)
        return [f"{len(missing)} secrets"] if missing else []

    def _make_missing_parameters(self, known: Mapping[str, str]) -> None:
        """What templates read and none writes: versions of the secrets above."""
        written = {told.get("Name") for told in self._of_type("AWS::SSM::Parameter")}
        read = {
            told["Default"]
            for template in self._templates()
            for told in template.get("Parameters", {}).values()
            if told["Type"].startswith("AWS::SSM::Parameter::Value")
            and not told["Default"].startswith("/cdk-bootstrap/")
        }
        keeper = self.emulator.client("ssm")
        for name in sorted(read - written):
            if value := known.get(name):
                keeper.put_parameter(Name=name, Value=value, Type="String")

    def chat(self) -> str:
        for line, expected in LINES.items():
            answer = self.door.say(line, self.key)
            if expected not in answer.lower():
                raise RehearsalFailed(f"{line} was answered with “{answer[:300]}”")
        return ", ".join(LINES)

    def webhook(self) -> str:
        """Signed it is stored, unsigned it is refused."""
        status, text = self.door.tell_of_chat(TOLD, "not the secret")
        if status != 403:
            raise RehearsalFailed(f"a webhook that Twitch did not sign: {status} {text[:300]}")
        status, text = self.door.tell_of_chat(TOLD, self.platforms.told["TWITCH_EVENTSUB_SECRET"])
        if status not in (200, 204):
            raise RehearsalFailed(f"Twitch's webhook was answered with {status}: {text[:300]}")
        waiting = redis.Redis.from_url(self.servers.streams_url)
        if not waiting.xlen(Partition().events_stream()):
            raise RehearsalFailed(f"Twitch's webhook was answered with {status} and is not stored")
        return f"{status}, and it waits on the stream; one that is not signed: 403"

    def deploy_again(self) -> str:
        said = self.cdk.deploy(self._assembly)
        stacks = len(list(self._templates()))
        if said.count("(no changes)") != stacks:
            raise RehearsalFailed(f"something changed though nothing did: {said[-1000:]}")
        return "no changes"

    def gateway(self) -> str:
        """What the webhook left on the stream is routed, and people at Twitch read the answer."""
        container = container_of(self.emulator) or self._container_by_hand()
        where = {**self.platforms.told, **self.servers.given, **self.emulator.environment}
        gateway = start_gateway(container, self._logs, elsewhere=where)
        try:
            self.platforms.wait_for(ANSWERED)
        finally:
            code = gateway.stop()
        if code:
            raise RehearsalFailed(f"the gateway ended with {code} when it was told to")
        return f"as {container['user']}, told {len(container['environment'])} variables: answered"

    def _container_by_hand(self) -> dict[str, Any]:
        told = {**self.servers.urls, "WADDLEBOT_FUNCTION_PREFIX": f"waddlebot-{STAGE}-"}
        return {
            "user": "65532:65532",
            "environment": [{"name": name, "value": value} for name, value in told.items()],
        }

    def migrate(self) -> str:
        """Once, and before any function has its new code."""
        copy = self._folder / "changed"
        make_copy(copy)
        changed = self._folder / "cdk.out.changed"
        self._synth(changed, copy, {**os.environ, "PYTHONPATH": path_of(copy)})
        before = datetime.now(UTC)
        self.cdk.deploy(changed)
        self.cdk.deploy(changed)
        ran = self._rows(ROWS)
        if ran != [(1,)]:
            raise RehearsalFailed(f"the changed migration left {ran} instead of one row")
        events = events_since(self.emulator.client("cloudformation"), FUNCTIONS_STACK, before)
        if not any(event["LogicalResourceId"] == MIGRATES + TRIGGER for event in events):
            raise RehearsalFailed("the migrations were not called though one is new")
        early = updated_before_migration(events)
        if early:
            raise RehearsalFailed(f"these had their new code before the migration: {early}")
        return f"once, before {len(events)} other changes; deployed again without another"

    def _rows(self, statement: LiteralString) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.servers.urls["DATABASE_URL"]) as connection:
            return connection.execute(statement).fetchall()

    def destroy(self) -> str:
        """What must stay is there afterwards, by its own name."""
        self.cdk.destroy(self._assembly)
        stays = [
            name
            for template in self._templates()
            for name, body in template["Resources"].items()
            if body.get("DeletionPolicy") in KEPT
        ]
        return f"{len(stays)} resources stay: {', '.join(stays[:4])}"

    def _templates(self) -> Iterator[Mapping[str, Any]]:
        for path in sorted(self._assembly.glob("*.template.json")):
            yield json.loads(path.read_text())

    def _of_type(self, kind: str) -> Iterator[Mapping[str, Any]]:
        for template in self._templates():
            for body in template["Resources"].values():
                if body["Type"] == kind:
                    yield body.get("Properties", {})
