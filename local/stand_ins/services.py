"""Other people's services on this machine: what modules ask is answered by what lies beside them.

A module of the house that names hosts `outside` may have a `stand_in.py` with one `STAND_IN`.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import inspect
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from local.port import listen
from local.serving import serving
from local.stand_ins.asgi import (
    AsgiAnswer,
    AsgiRequest,
    Dropped,
    Receive,
    Scope,
    Send,
    break_off,
    json_answer,
    read_request,
    send_answer,
)
from local.stand_ins.faults import ANSWERS, Fault, Faults
from waddlebot.outside.stand_in import ServiceRequest, ServiceStandIn
from waddlebot.runtime.needs import STAND_INS
from waddlebot_sdk.module import Module


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """`name` is the module's; `hosts` are those that it stands in for here."""

    name: str
    hosts: tuple[str, ...]
    secrets: tuple[str, ...]
    stand_in: ServiceStandIn

    @property
    def ways(self) -> dict[str, str]:
        """In which it can be wrong, each with a sentence."""
        own = {name: _first_line(answers) for name, answers in self.stand_in.wrong.items()}
        return {**ANSWERS, **own}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenServices:
    """`variables` are what functions find set: who answers for which host, and secrets."""

    services: tuple[Service, ...]
    variables: Mapping[str, str]
    faults: Faults

    @property
    def words(self) -> str:
        return ", ".join(f"{', '.join(one.hosts)} ({one.name})" for one in self.services)


def stand_in_services(
    modules: Iterable[Module[Any]], given: Mapping[str, str]
) -> tuple[Service, ...]:
    """Those of modules for which nobody gave a secret; a host that is named in `given` stays so."""
    named = _named(given.get(STAND_INS, ""))
    found = []
    for module in modules:
        hosts = tuple(host for host in module.outside if host not in named)
        is_real = any(given.get(secret) for secret in module.secrets)
        if hosts and not is_real and (stand_in := _stand_in_of(module.name)):
            found.append(
                Service(name=module.name, hosts=hosts, secrets=module.secrets, stand_in=stand_in)
            )
    return tuple(found)


@contextlib.asynccontextmanager
async def open_services(
    modules: Sequence[Module[Any]], given: Mapping[str, str]
) -> AsyncIterator[OpenServices]:
    """Each on a port of its own on loopback, until this is left."""
    services = stand_in_services(modules, given)
    faults = Faults({one.name: one.ways for one in services})
    variables = {one: given[one] for module in modules for one in module.secrets if given.get(one)}
    named = [given[STAND_INS]] if given.get(STAND_INS) else []
    async with contextlib.AsyncExitStack() as opened:
        for service in services:
            listener = listen(0)
            origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
            await opened.enter_async_context(serving(ServiceApp(service, faults), listener))
            named += [f"{host}={origin}" for host in service.hosts]
            variables |= dict.fromkeys(service.secrets, "stand-in")
        if named:
            variables[STAND_INS] = ",".join(named)
        yield OpenServices(services=services, variables=variables, faults=faults)


@dataclass(frozen=True, slots=True)
class ServiceApp:
    """One service; it answers to the names of its hosts alone, which no page of a browser has."""

    service: Service
    faults: Faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        request = await read_request(scope, receive, str(scope["path"]))
        try:
            answer = await self._answer(request)
        except Dropped:
            await break_off(send)
            return
        await send_answer(answer, send)

    async def _answer(self, request: AsgiRequest) -> AsgiAnswer:
        host = request.headers.get("host", "").partition(":")[0].lower()
        if host not in self.service.hosts:
            return json_answer(
                {"error": f"{self.service.name}'s stand-in is asked as its host."}, 421
            )
        spoken_of = f"{request.path} {request.query} {request.body.decode(errors='replace')}"
        fault = self.faults.take(self.service.name, frozenset(self.service.ways), spoken_of)
        answers = self.service.stand_in.answer
        if fault and fault.what in self.service.stand_in.wrong:
            answers = self.service.stand_in.wrong[fault.what]
        elif fault and (answer := await _wrong_as_any(fault)):
            return answer
        told = await asyncio.to_thread(answers, _as_asked(request, host))
        return AsgiAnswer(status=told.status, headers=told.headers, body=told.body)


async def _wrong_as_any(fault: Fault) -> AsgiAnswer | None:
    """As every service may be; None where it is only late."""
    if fault.what == "drop":
        raise Dropped
    if fault.what == "slow":
        await asyncio.sleep(fault.seconds)
        return None
    if fault.what == "429":
        return json_answer({}, 429, {"retry-after": str(max(1, round(fault.seconds)))})
    return json_answer({}, 503)


def _as_asked(request: AsgiRequest, host: str) -> ServiceRequest:
    return ServiceRequest(
        method=request.method,
        host=host,
        path=request.path,
        query={name: values[0] for name, values in request.query.items()},
        headers=request.headers,
        body=request.body,
    )


def _named(text: str) -> Collection[str]:
    """The hosts for which somebody has said who answers."""
    if not text:
        return ()
    from waddlebot.outside.named_answerers import read_stand_ins

    return read_stand_ins(text)


def _stand_in_of(module: str) -> ServiceStandIn | None:
    file = f"functions.modules.{module}.stand_in"
    if find_spec(file) is None:
        return None
    stand_in: ServiceStandIn = importlib.import_module(file).STAND_IN
    return stand_in


def _first_line(answers: object) -> str:
    return (inspect.getdoc(answers) or "").partition("\n")[0]
