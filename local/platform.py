"""The whole house on one machine: started in order, stopped in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from functions.catalogue import all_functions, builtin_modules, house_modules, lambda_modules
from functions.declared_commands import declared_commands
from gateway_bot.declaration import GATEWAY
from local import wiring
from local.api_gateway import Fronts, HttpFront, OpenSockets, SocketFront
from local.callers import App, LocalCallers
from local.children import Child
from local.clock import Clock
from local.community_functions import CommunityFunctions, forget_copies
from local.failed_deploys import failure_words
from local.first_words import first_words
from local.lambda_service import LambdaService
from local.module_secrets import missing_secrets, module_secrets
from local.object_store import ObjectStore
from local.one_port import FilesPort, OnePort, TunnelPort
from local.plane import DataPlane
from local.playground import Breaker, Playground
from local.pond import fill_pond, find_overlays
from local.port import free_port
from local.progress import PART_INDENT, StartFailed, StartProgress, complain, say
from local.real_platforms import TITLES, closed_stand_ins, keys_of_stand_ins, real_platforms
from local.serving import serving
from local.settings import LocalSettings
from local.stand_ins import StandIns, bot_environment, sign_in_environment
from local.stand_ins.faults import Faults
from local.stand_ins.services import OpenServices, open_services
from local.tokens import ask_platforms
from local.watch import keep_up
from waddlebot.platforms.signing_in import sign_in_variables
from waddlebot.runtime.needs import CONNECTIONS_URLS, PUBLIC_URL

_MOST_CLAIMS = "99"
"""As many as sockets carry: a machine has one gateway, and nobody else takes what it leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalPlatform:
    """`values` are the keys of dev.env or as they were given, and the addresses of the data plane;
    `made` are the keys of dev.env alone. `tunnel` listens where a tunnel may lead to,
    `files` where files of communities are served and nothing else.
    """

    settings: LocalSettings
    values: Mapping[str, str]
    made: Mapping[str, str]
    progress: StartProgress
    listener: socket.socket
    tunnel: socket.socket | None
    files: socket.socket
    plane: DataPlane
    is_first: bool

    async def run(self) -> None:
        """Until SIGINT or SIGTERM. Raises StartFailed."""
        stopped, sockets = _stop_signals(), OpenSockets()
        async with (
            open_services(
                house_modules(), {**self.settings.given, **module_secrets(self.settings)}
            ) as services,
            sockets.reachable(),
            self._lambda_service(services, sockets) as service,
        ):
            await self._deploy(service)
            self.progress.part_done("platform", _platform_words())
            stand_ins = self._stand_ins(services.faults)
            front = stand_ins.watching(
                Fronts(
                    http=HttpFront(wiring.routes(), service),
                    sockets=SocketFront(wiring.socket_apis(), service, sockets),
                )
            )
            async with (
                serving(self._app(service, stand_ins, front), self.listener),
                self._tunnelled(service, front),
                serving(FilesPort(front=front), self.files),
                _open(stand_ins),
                self._awake(service),
            ):
                self.progress.part_done("stand-ins", _stand_in_words(self.settings.given))
                if services.words:
                    self.progress.part_done("services", services.words)
                await self._say_what_is_real()
                if self.is_first:
                    await first_words(self.settings.url, closed_stand_ins(self.settings.given))
                self._say_where()
                await stopped.wait()

    @contextlib.asynccontextmanager
    async def _lambda_service(
        self, services: OpenServices, sockets: OpenSockets
    ) -> AsyncIterator[LambdaService]:
        port = free_port()
        forget_copies(self.settings.home / "assets")
        functions = wiring.local_functions(
            {
                **module_secrets(self.settings),
                **self.values,
                **self._asking(),
                PUBLIC_URL: self.settings.public_url,
                **self._signing_in(),
                **services.variables,
                CONNECTIONS_URLS["overlay"]: sockets.url,
                **wiring.player_addresses(self.settings.given),
                **wiring.store_variables(self.settings.url, self.settings.public_url),
                **wiring.files_variables(self.settings, self.files.getsockname()[1]),
            },
            lambda_url=f"http://127.0.0.1:{port}",
            assets=self.settings.home / "assets",
        )
        service = LambdaService(
            functions,
            logs=self.settings.logs,
            port=port,
            preload=wiring.preloaded,
            isolated_preload=wiring.ISOLATED_PRELOAD,
            reload=True,
            complain=complain,
        )
        await service.start()
        try:
            yield service
        finally:
            await service.stop()

    async def _deploy(self, service: LambdaService) -> None:
        """What a deployment calls once, in its order; then the first community."""
        commands = declared_commands(lambda_modules(), builtin_modules())
        for name in wiring.at_deploy():
            done = await service.invoke(name, json.dumps(commands).encode())
            if done.function_error:
                log = self.settings.logs / f"{name}.log"
                raise StartFailed(f"{name} failed: {failure_words(done.payload)}\nIts log: {log}")
        await asyncio.to_thread(fill_pond, self.values, real_platforms(self.settings.given))

    def _stand_ins(self, faults: Faults) -> StandIns:
        given = self.settings.given
        return StandIns(
            keys=keys_of_stand_ins(self.values, self.made, given),
            webhook_url=self.settings.url,
            closed=closed_stand_ins(given),
            real=real_platforms(given),
            kept_at=self.settings.conversation_file,
            faults=faults,
        )

    def _app(self, service: LambdaService, stand_ins: StandIns, front: App) -> OnePort:
        playground = Playground(
            url=self.settings.url,
            values=self.values,
            breakers=self._breakers(service),
            find_overlays=partial(find_overlays, self.values, real_platforms(self.settings.given)),
        )
        callers = LocalCallers(port=self.settings.port, host=self.settings.playground_host)
        return OnePort(
            front=front,
            store=self._store(service),
            stand_ins=stand_ins,
            playground=playground,
            callers=callers,
        )

    def _store(self, service: LambdaService) -> ObjectStore:
        async def tell(key: str, event: Mapping[str, Any]) -> None:
            for name in wiring.told_of_uploads(key):
                await service.invoke(name, json.dumps(event).encode())

        return ObjectStore(
            folder=self.settings.home / "media",
            secret=self.values[wiring.STORE_SECRET],
            woken=tell,
        )

    @contextlib.asynccontextmanager
    async def _tunnelled(self, service: LambdaService, front: App) -> AsyncIterator[None]:
        if self.tunnel is None:
            yield
            return
        port = TunnelPort(front=front, store=self._store(service))
        async with serving(port, self.tunnel):
            yield

    def _breakers(self, service: LambdaService) -> dict[str, Breaker]:
        """What the playground may break, each with the sentence of what should be seen."""

        async def hang() -> str:
            service.hold("memories")
            return "The quotes module hangs at its next call: one sentence within two seconds."

        async def stop_replica() -> str:
            await asyncio.to_thread(self.plane.stop_one, "replica")
            return "The read replica is gone: everything goes on, from the primary."

        async def start_replica() -> str:
            await asyncio.to_thread(self.plane.start_one, "replica")
            return "The read replica is back."

        return {"hang": hang, "stop_replica": stop_replica, "start_replica": start_replica}

    @contextlib.asynccontextmanager
    async def _awake(self, service: LambdaService) -> AsyncIterator[None]:
        """The clock, and what stays awake on AWS as a service of its own."""

        async def wake(function: str) -> None:
            await service.invoke(function, b"{}")

        gateway = Child(
            module=GATEWAY.module,
            environment=self._gateway_environment(service.url),
            log=self.settings.logs / "gateway.log",
            say=self.progress.part,
        )
        strangers = CommunityFunctions(
            service=service, assets=self.settings.home / "assets", say=self.progress.part
        )
        strangers.begin()
        tasks = [
            asyncio.create_task(strangers.follow()),
            asyncio.create_task(gateway.keep_running()),
            asyncio.create_task(keep_up(self.plane, self.progress.part)),
            asyncio.create_task(Clock(schedules=wiring.schedules(), wake=wake).run()),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _gateway_environment(self, lambda_url: str) -> dict[str, str]:
        return wiring.gateway_environment(self._at_platforms(), lambda_url=lambda_url)

    def _asking(self) -> dict[str, str]:
        """With what functions ask platforms about people."""
        known = self._at_platforms()
        asked = {name: known[name] for name in wiring.ASKED_WITH if known.get(name)}
        return {**asked, wiring.ASKED_AT: asked.get("TWITCH_API_URL", "")}

    def _at_platforms(self) -> dict[str, str]:
        """Real platforms where the person gave a token, stand-ins for the rest."""
        stand_ins = bot_environment(self.settings.url, self.values)
        given = wiring.platform_variables(self.settings.given)
        real = real_platforms(self.settings.given)
        told = {"MAX_CLAIMS": _MOST_CLAIMS, PUBLIC_URL: self.settings.public_url}
        known = {**told, **self.values, **given}
        for platform in TITLES:
            prefix = platform.upper()
            if platform not in real:
                known |= {name: text for name, text in stand_ins.items() if name.startswith(prefix)}
        if "discord" in real:  # the one of dev.env is the stand-in's
            known["DISCORD_APPLICATION_ID"] = given.get("DISCORD_APPLICATION_ID", "")
        if given.get("TWITCH_CHANNELS"):
            known["TWITCH_CHANNELS"] = given["TWITCH_CHANNELS"]
        return known

    def _signing_in(self) -> dict[str, str]:
        """The applications that the person named; stand-ins for the rest, but of real platforms."""
        known = {
            name: self.settings.given[name]
            for name in sign_in_variables()
            if self.settings.given.get(name)
        }
        real = real_platforms(self.settings.given)
        for platform, variables in sign_in_environment(self.settings.url, self.values).items():
            if not known.get(f"{platform}_CLIENT_SECRET") and platform.lower() not in real:
                known |= variables
        return known

    async def _say_what_is_real(self) -> None:
        given = self.settings.given
        for told in await asyncio.to_thread(ask_platforms, given):
            self.progress.part_done(told.platform, told.words)
            for sentence in told.missing:
                say(f"{PART_INDENT}MISSING: {sentence}")
        for sentence in missing_secrets(self.settings):
            complain(sentence)
        for platform, sentence in closed_stand_ins(given).items():
            if platform not in real_platforms(given):
                complain(sentence)

    def _say_where(self) -> None:
        self.settings.address_file.write_text(self.settings.url)
        say(
            f"\n  Talk to it    {self.settings.url}\n"
            f"{self._tunnel_words()}"
            "  In a terminal make chat\n"
            "  Stop Ctrl-C   Forget everything: make reset   What is wrong: make doctor"
        )

    def _tunnel_words(self) -> str:
        if self.tunnel is None:
            return ""
        at = f"http://localhost:{self.settings.tunnel_port}"
        return f"  For a tunnel  {at} (webhooks, and what the bot names)\n"


@contextlib.asynccontextmanager
async def _open(stand_ins: StandIns) -> AsyncIterator[None]:
    await stand_ins.start()
    try:
        yield
    finally:
        await stand_ins.stop()


def _stop_signals() -> asyncio.Event:
    """Set by SIGINT or SIGTERM, which are ignored from then on."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        stopped.set()
        for number in numbers:
            # While the loop has a handler it would give the signal back to Python at its end.
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN)

    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, stop)
    return stopped


def _platform_words() -> str:
    functions = all_functions()
    warm = [function.name for function in functions if function.quick]
    return f"{len(warm)} functions warm; {len(functions) - len(warm)} more start when called"


def _stand_in_words(given: Mapping[str, str]) -> str:
    names = [title for platform, title in TITLES.items() if platform not in real_platforms(given)]
    return f"{', '.join(names)} (no accounts needed)" if names else "none: every platform is real"
