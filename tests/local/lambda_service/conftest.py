from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from running_functions import Client, EventLoop, Running, Start, a_function

from local.lambda_service import LambdaService, LocalFunction


@pytest.fixture(scope="session")
def loop() -> Iterator[EventLoop]:
    loop = EventLoop()
    yield loop
    loop.close()


@contextmanager
def running_services(loop: EventLoop, folder: Path) -> Iterator[Start]:
    started: list[LambdaService] = []

    def start(*functions: LocalFunction, **settings: Any) -> Running:
        logs = folder / f"logs-{len(started)}"
        service = LambdaService(functions, logs=logs, **settings)
        started.append(service)
        loop.run(service.start())
        return Running(service=service, loop=loop, logs=logs)

    try:
        yield start
    finally:
        for service in started:
            loop.run(service.stop())


@pytest.fixture
def start(loop: EventLoop, tmp_path: Path) -> Iterator[Start]:
    """Starts a service with the functions given."""
    with running_services(loop, tmp_path) as start:
        yield start


@pytest.fixture(scope="session")
def running(loop: EventLoop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One service with every sample function that leaves nothing behind."""
    names = (
        "chatter client_context echo fail importable imported kill_itself leave leave_at_once",
        "length money much not_a_number not_json raw sleep talk who_am_i",
    )
    functions = [a_function(name, timeout_seconds=5) for name in " ".join(names).split()]
    with running_services(loop, tmp_path_factory.mktemp("lambda")) as start:
        yield start(
            *functions,
            a_function("impatient", handler="samples.sleep", timeout_seconds=0.2),
            a_function("sleep_with_child", timeout_seconds=0.3),
            a_function("missing"),
        )


@pytest.fixture
def client(running: Running) -> Iterator[Client]:
    client = Client(running.service.url)
    yield client
    client.close()
