"""What functions can see of the machine, and what is left of them."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from running_functions import FUNCTIONS, Running, Start, a_function

from local.lambda_service import ForkServerFailed
from local.lambda_service.fork_server import (
    PROGRAM,
    Preparation,
    as_line,
    preparation_as_json,
)
from tests.helpers.patience import eventually, was_within

ROOT = Path(__file__).parents[3]
OURS = ["waddlebot", "waddlebot_sdk", "local", "functions", "psycopg", "redis", "httptools"]
RUNTIME_VARIABLES = {
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_TASK_ROOT",
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "PATH",
    "LANG",
    "TZ",
}


def invoke(running: Running, name: str, payload: Any = None) -> Any:
    answer = running.loop.run(running.service.invoke(name, json.dumps(payload).encode()))
    assert answer.function_error is None, answer.payload
    return json.loads(answer.payload)


def test_an_isolated_function_finds_the_runtime_client_and_nothing_of_ours(start: Start) -> None:
    running = start(a_function("importable", isolated=True), preload=lambda: ["psycopg"])

    found = invoke(running, "importable", [*OURS, "awslambdaric", "samples", "json"])

    assert found == ["awslambdaric", "samples", "json"]


def test_an_isolated_function_sees_what_its_path_says(start: Start, tmp_path: Path) -> None:
    (tmp_path / "waddlebot_sdk").mkdir()
    (tmp_path / "waddlebot_sdk" / "__init__.py").touch()
    running = start(a_function("importable", isolated=True, python_path=(FUNCTIONS, tmp_path)))

    assert invoke(running, "importable", ["waddlebot_sdk"]) == ["waddlebot_sdk"]


def test_a_function_does_not_see_the_layers_of_another(start: Start, tmp_path: Path) -> None:
    (tmp_path / "somebody_elses.py").touch()
    running = start(a_function("importable"), a_function("echo", python_path=(FUNCTIONS, tmp_path)))

    assert invoke(running, "importable", ["somebody_elses"]) == []


def test_an_isolated_function_cannot_take_all_of_the_memory(start: Start) -> None:
    running = start(a_function("hoard", isolated=True, memory_mb=128))

    answer = running.loop.run(running.service.invoke("hoard", b"1000"))

    assert json.loads(answer.payload)["errorType"] == "MemoryError"
    assert invoke(running, "hoard", 50) == 50 * 1024 * 1024


def test_our_functions_find_the_dependencies_and_their_own_path(running: Running) -> None:
    assert invoke(running, "importable", ["psycopg", "samples"]) == ["psycopg", "samples"]
    assert invoke(running, "importable", ["local", "waddlebot_sdk"]) == []


@pytest.mark.parametrize("isolated", [True, False])
def test_a_function_sees_its_own_variables_and_the_runtimes(
    start: Start, monkeypatch: pytest.MonkeyPatch, *, isolated: bool
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "not for functions")
    function = a_function("who_am_i", isolated=isolated, environment={"GREETING": "héllo"})
    running = start(function)

    environment = invoke(running, "who_am_i")["environment"]

    assert environment["GREETING"] == "héllo"
    assert set(environment) - RUNTIME_VARIABLES == {"GREETING"}
    assert environment["TZ"] == ":UTC"
    assert environment["AWS_EXECUTION_ENV"] == "AWS_Lambda_python{}.{}".format(*sys.version_info)


def test_a_preloaded_module_is_there_before_the_handler(start: Start) -> None:
    running = start(a_function("imported"), preload=lambda: ["redis"])

    assert "redis" in invoke(running, "imported")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("import no_such_package", "No module named 'no_such_package'"),
        ("def broken(:", "SyntaxError"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
    ],
)
def test_a_preload_that_cannot_be_imported_is_skipped_and_logged(
    start: Start, tmp_path: Path, words: str, why: str
) -> None:
    (tmp_path / "broken.py").write_text(words)
    (tmp_path / "needs.py").write_text("import broken\ndef handler(event, context): return 1")
    needs = a_function("needs", handler="needs.handler", python_path=(FUNCTIONS, tmp_path))
    running = start(a_function("imported"), needs, preload=lambda: ["broken", "redis"])

    assert "redis" in invoke(running, "imported")
    log = (running.logs / "fork-server-functions.log").read_text()
    assert "broken could not be imported" in log
    assert why in log
    assert running.loop.run(running.service.invoke("needs", b"null")).function_error


def test_what_is_preloaded_is_asked_anew_when_a_fork_server_starts_again(start: Start) -> None:
    names = ["redis"]
    running = start(a_function("imported"), a_function("who_am_i"), preload=lambda: tuple(names))
    worker = psutil.Process(invoke(running, "who_am_i")["pid"])
    assert "psycopg" not in invoke(running, "imported")

    names[:] = ["psycopg"]
    os.kill(worker.ppid(), signal.SIGKILL)

    assert all_end([worker])
    assert "psycopg" in invoke(running, "imported")


@pytest.mark.parametrize("isolated", [True, False])
def test_a_worker_holds_no_pipe_of_the_fork_server(start: Start, *, isolated: bool) -> None:
    running = start(a_function("sleep", isolated=isolated, timeout_seconds=30))
    with pytest.raises(TimeoutError):  # it goes on
        running.loop.run(running.service.invoke("sleep", b"30", timeout_seconds=1))
    [child] = workers_of(running)
    fork_server = child.parent()
    assert fork_server is not None

    for process in (child, *child.children()):
        assert not pipes_of(process) & pipes_of(fork_server)


def pipes_of(process: psutil.Process) -> set[str]:
    places = [str(one.readlink()) for one in Path(f"/proc/{process.pid}/fd").iterdir()]
    return {place for place in places if place.startswith("pipe:")}


def test_a_preload_that_starts_a_thread_is_named(start: Start, tmp_path: Path) -> None:
    (tmp_path / "threaded.py").write_text(
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
    )

    with pytest.raises(ForkServerFailed, match="leave threaded out of `preload`"):
        start(a_function("echo", python_path=(FUNCTIONS, tmp_path)), preload=lambda: ["threaded"])


def test_a_port_that_is_taken_is_the_callers_error(start: Start) -> None:
    running = start(a_function("echo"))

    with pytest.raises(OSError, match="in use"):
        start(a_function("echo"), port=int(running.service.url.rpartition(":")[2]))


def test_the_service_goes_on_when_a_fork_server_dies(start: Start) -> None:
    running = start(a_function("who_am_i"))
    worker = psutil.Process(invoke(running, "who_am_i")["pid"])

    os.kill(worker.ppid(), signal.SIGKILL)

    assert all_end([worker])
    assert invoke(running, "who_am_i")["pid"] != worker.pid


def test_changed_code_serves_the_next_event(start: Start, tmp_path: Path) -> None:
    (tmp_path / "greeting").mkdir()
    source = tmp_path / "greeting" / "handler.py"
    source.write_text("def handler(event, context): return 'hello'")
    function = a_function("greet", handler="greeting.handler.handler", python_path=(tmp_path,))
    running = start(function, reload=True)
    assert invoke(running, "greet") == "hello"

    source.write_text("def handler(event, context): return 'good evening'")
    time.sleep(1.05)  # sources are looked at once a second

    assert invoke(running, "greet") == "good evening"


def test_changed_code_of_a_layer_that_was_preloaded_serves_the_next_event(
    start: Start, tmp_path: Path
) -> None:
    task, layer = tmp_path / "task", tmp_path / "layer"
    for folder in (task / "greeting", layer / "words"):
        folder.mkdir(parents=True)
    (task / "greeting" / "handler.py").write_text(
        "from words.greetings import WORD\ndef handler(event, context): return WORD"
    )
    source = layer / "words" / "greetings.py"
    source.write_text("WORD = 'hello'")
    function = a_function("greet", handler="greeting.handler.handler", python_path=(task, layer))
    running = start(function, reload=True, preload=lambda: ["words.greetings"])
    assert invoke(running, "greet") == "hello"

    source.write_text("WORD = 'good evening'")

    assert eventually(lambda: invoke(running, "greet") == "good evening", within=15)
    (layer / "words" / "more.py").write_text("WORD = 'good night'")
    source.write_text("from words.more import WORD")
    assert eventually(lambda: invoke(running, "greet") == "good night", within=15)


def test_all_workers_but_one_end_after_five_idle_minutes(start: Start) -> None:
    running = start(a_function("sleep"))
    running.loop.run(three_at_once(running))
    workers = workers_of(running)
    assert len(workers) == 3

    running.loop.run(five_minutes_pass(running))

    assert eventually_only_one_of(workers)
    assert invoke(running, "sleep", 0) == "rested"


async def three_at_once(running: Running) -> None:
    await asyncio.gather(*(running.service.invoke("sleep", b"0.2") for _ in range(3)))


async def five_minutes_pass(running: Running) -> None:
    running.service._pools["sleep"].retire_idle(now=time.monotonic() + 301)


def eventually_only_one_of(processes: list[psutil.Process]) -> bool:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if sum(is_running(process) for process in processes) == 1:
            return True
        time.sleep(0.01)
    return False


def test_stop_leaves_no_process(start: Start) -> None:
    isolated = a_function("sleep", isolated=True, timeout_seconds=30)
    running = start(a_function("who_am_i", warm=2), isolated)
    invoke(running, "who_am_i")
    with pytest.raises(TimeoutError):  # it goes on
        running.loop.run(running.service.invoke("sleep", b"30", timeout_seconds=0.5))
    workers = workers_of(running)
    fork_servers = {worker.parent() for worker in workers}
    assert (len(workers), len(fork_servers)) == (3, 2)

    running.loop.run(running.service.stop())

    assert not [process for process in [*workers, *fork_servers] if is_running(process)]


def test_a_worker_that_could_not_be_ordered_is_not_heard_of_at_the_stop(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    running = start(a_function("echo"), a_function("who_am_i", environment={"ROOT": ROOT}))
    with pytest.raises(TypeError, match="not JSON serializable"):
        invoke(running, "who_am_i")

    running.loop.run(running.service.stop())

    gc.collect()  # what nobody has asked for is complained of when it goes
    assert "never retrieved" not in caplog.text


def test_stop_does_not_wait_for_a_function(start: Start) -> None:
    running = start(a_function("sleep", timeout_seconds=30))
    with pytest.raises(TimeoutError):
        running.loop.run(running.service.invoke("sleep", b"30", timeout_seconds=0.1))
    began = time.monotonic()

    running.loop.run(running.service.stop())

    assert was_within(2, began)


def workers_of(running: Running) -> list[psutil.Process]:
    return [
        worker
        for fork_server in psutil.Process().children()
        if writes_below(running.logs, fork_server)
        for worker in fork_server.children()
    ]


def writes_below(folder: Path, process: psutil.Process) -> bool:
    try:
        return str(folder) in str(Path(f"/proc/{process.pid}/fd/1").readlink())
    except OSError:
        return False


@contextmanager
def a_launcher(logs: Path) -> Iterator[tuple[subprocess.Popen[str], list[psutil.Process]]]:
    """A process whose function runs, with what it started."""
    launcher = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("launcher.py"), FUNCTIONS, logs],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with launcher:
        assert launcher.stdout is not None
        assert launcher.stdout.readline() == "running\n"
        started = psutil.Process(launcher.pid).children(recursive=True)
        assert len(started) == 4  # a fork server, two workers, and what one of them started
        yield launcher, started
        launcher.kill()


def test_killing_the_launcher_leaves_no_process(tmp_path: Path) -> None:
    with a_launcher(tmp_path / "logs") as (launcher, started):
        launcher.kill()

    assert all_end(started)


def test_a_launcher_that_has_not_read_all_it_was_told_is_gone_as_well() -> None:
    """The kernel calls that a reset, not an end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        fork_server = subprocess.Popen(
            [sys.executable, "-I", "-S", PROGRAM, str(theirs.fileno()), str(os.getpid())],
            pass_fds=[theirs.fileno()],
        )
        ours.sendall(as_line(preparation_as_json(Preparation(label="t"))))
        assert select.select([ours], [], [], 30)[0]  # it is ready, and says so

    assert fork_server.wait(timeout=30) == 0


def all_end(processes: list[psutil.Process]) -> bool:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if not any(is_running(process) for process in processes):
            return True
        time.sleep(0.01)
    return False


def is_running(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
