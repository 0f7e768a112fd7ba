"""The steps, in their order, and what they pass on."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from infra.rehearsal.command_line import CommandLine
from infra.rehearsal.emulator import Emulator, plain_environment, start_emulator
from infra.rehearsal.front_door import FrontDoor
from infra.rehearsal.own_packages import ROOT
from infra.rehearsal.processes import run_to_end
from infra.rehearsal.progress import RehearsalFailed, Step
from infra.rehearsal.servers import Servers

STAGE = "production"
SYNTH_SECONDS = 240.0
LINES = {"!help": "!help", "#roll 1d1": "1", "!quote": "quote"}
"""Each with what its answer holds."""


class Rehearsal:
    """What was started is ended by `close`, in reverse order, however it came to that."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._logs = folder / "logs"
        self._ending = ExitStack()
        self._assembly = folder / "cdk.out"

    def steps(self) -> Sequence[Step]:
        return (
            Step(name="synth", do=self.synth),
            Step(name="servers", do=self.start_servers),
            Step(name="emulator", do=self.start_emulator),
            Step(name="bootstrap", do=self.bootstrap),
            Step(name="deploy", do=self.deploy),
            Step(name="chat", do=self.chat),
            Step(name="deploy again", do=self.deploy_again),
            Step(name="destroy", do=self.destroy),
        )

    def close(self) -> None:
        self._ending.close()

    def synth(self) -> str:
        run_to_end(
            "synth",
            [sys.executable, "-m", "infra.rehearsal.synth", str(self._assembly), STAGE],
            logs=self._logs,
            environment=os.environ,
            folder=ROOT,
            seconds=SYNTH_SECONDS,
        )
        stacks = sorted(self._assembly.glob("*.template.json"))
        return ", ".join(path.name.removesuffix(".template.json") for path in stacks)

    def start_servers(self) -> str:
        self.servers = Servers(self._folder / "home")
        self._ending.callback(self.servers.stop)
        self.servers.start()
        return "PostgreSQL and Valkey"

    def start_emulator(self) -> str:
        self.emulator = start_emulator(self._folder, self._logs, {}, {})
        self._ending.callback(self.emulator.process.stop)
        self.cdk = CommandLine(self.emulator, self._folder, self._logs)
        return "MiniStack, on loopback"

    def bootstrap(self) -> str:
        self.cdk.bootstrap()
        return "cdk bootstrap"

    def deploy(self) -> str:
        self._set_secrets()
        self.cdk.deploy(self._assembly)
        stacks = self.emulator.client("cloudformation").describe_stacks()["Stacks"]
        states = {one["StackName"]: one["StackStatus"] for one in stacks}
        for name, state in states.items():
            if state not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
                raise RehearsalFailed(f"{name} is {state}")
        return f"{len(states)} stacks"

    def _set_secrets(self) -> None:
        import re
        from infra.functions_stack import _secrets
        from functions.catalogue import all_functions
        import secrets
        self.key = "wbot_" + secrets.token_hex(20)
        given = {**self.servers.urls, "WADDLEBOT_API_KEY": self.key}
        keeper = self.emulator.client("secretsmanager")
        for name in sorted({one for f in all_functions() for one in _secrets(f)}):
            keeper.create_secret(Name=f"waddlebot/{STAGE}/{name}", SecretString=given.get(name, "not-set"))

    def chat(self) -> str:
        apis = self.emulator.client("apigatewayv2").get_apis()["Items"]
        door = FrontDoor(port=self.emulator.port, api=apis[0]["ApiId"])
        for line, expected in LINES.items():
            answer = door.say(line, self.key)
            print(repr(answer))
            if expected not in answer.lower():
                raise RehearsalFailed(f"{line} was answered with “{answer}”")
        return ", ".join(LINES)

    def deploy_again(self) -> str:
        said = self.cdk.deploy(self._assembly)
        if said.count("(no changes)") != 1:
            raise RehearsalFailed(f"something changed: {said[-1000:]}")
        return "no changes"

    def destroy(self) -> str:
        self.cdk.destroy(self._assembly)
        return ""
