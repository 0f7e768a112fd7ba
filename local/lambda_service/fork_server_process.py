"""The fork server: an interpreter with the dependencies imported, forked once for each worker.

`fork_server.py` starts it as a program of its own (`python -I -S`), so only the standard library
is at hand here. They speak JSON lines over a Unix socket; a worker's log pipe comes with its order.
It stays single-threaded and opens nothing, the rules a SnapStart function lives by as well.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import resource
import select
import signal
import socket
import sys
import time
import traceback
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from local.lambda_service import imports_process as imports
    from local.lambda_service import keeper_process as keeper
else:

    def _beside(name: str) -> ModuleType:
        """Its folder is on no path here: only the standard library is."""
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    imports = _beside("imports_process")
    keeper = _beside("keeper_process")

# Threads reserve 8 MB of stack each without using it: room for two dozen of them.
MEMORY_HEADROOM = 256 * 1024 * 1024


def main(control_fd: int, launcher: int) -> None:
    keeper.die_with_parent(launcher, signal.SIGTERM)
    server = ForkServerProcess(socket.socket(fileno=control_fd))
    server.prepare()
    server.run()


class ForkServerProcess:
    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._received = b""
        self._log_pipes: deque[int] = deque()
        # Each child's number, and the worker's: another one where a keeper stands between.
        self._workers: dict[int, int] = {}
        self._pid = os.getpid()
        self._base_path: list[str] = []
        self._fds: tuple[int, ...] = ()

    def prepare(self) -> None:
        """Imports what the first line asks for; what goes wrong is said in words."""
        order = json.loads(self._first_line())
        try:
            self._base_path = imports.prepare_imports(order)
            imports.import_ahead(order["preload"])
        except Exception:  # noqa: BLE001 (whatever it is, the launcher says it)
            self._say(failed=traceback.format_exc())
            sys.exit(1)
        gc.collect()
        gc.disable()  # a collection here would unshare the pages the workers live on
        gc.freeze()
        self._say(ready=True)

    def run(self) -> NoReturn:
        keeper.adopt_orphans()
        signal.signal(signal.SIGTERM, lambda *_: self._end())
        waiting = select.poll()
        waiting.register(self._control, select.POLLIN)
        children_ended, telling = pipe_of_signal(signal.SIGCHLD)
        waiting.register(children_ended, select.POLLIN)
        self._fds = (self._control.fileno(), children_ended, telling)
        while True:
            for fd, _ in waiting.poll():
                if fd == children_ended:
                    os.read(children_ended, 4096)
                    self._reap()
                else:
                    self._read()

    def _first_line(self) -> bytes:
        while b"\n" not in self._received:
            self._receive()
        line, _, self._received = self._received.partition(b"\n")
        return line

    def _receive(self) -> None:
        try:
            data, fds, _, _ = socket.recv_fds(self._control, 65536, 64)
        except ConnectionResetError:  # the launcher has gone, and had not read all that we said
            self._end()
        self._log_pipes.extend(fds)
        if not data:
            self._end()
        self._received += data

    def _read(self) -> None:
        self._receive()
        *lines, self._received = self._received.split(b"\n")
        for line in lines:
            order = json.loads(line)
            if "fork" in order:
                self._fork(order, self._log_pipes.popleft())
            else:
                self._kill(order["kill"])

    def _fork(self, order: dict[str, Any], log_pipe: int) -> None:
        try:
            child, worker = self._forked(order, log_pipe)
        except OSError as error:
            self._say(unforked=order["fork"], why=str(error))
            return
        finally:
            os.close(log_pipe)
        self._workers[child] = worker
        self._say(forked=order["fork"], pid=worker)

    def _forked(self, order: dict[str, Any], log_pipe: int) -> tuple[int, int]:
        """The child's number and the worker's. Raises OSError."""
        if not order["kept"]:
            worker = os.fork()
            if worker == 0:
                self._become_worker(order, log_pipe)
            set_group(worker)
            return worker, worker
        told, tell = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(told)
            self._become_keeper(order, log_pipe, tell)
        os.close(tell)
        with os.fdopen(told) as telling:
            number = telling.read()
        if not number:
            os.waitpid(child, 0)
            raise OSError("the worker's keeper could not start it")
        return child, int(number)

    def _become_keeper(self, order: dict[str, Any], log_pipe: int, tell: int) -> NoReturn:
        try:
            reset_signals()
            keeper.die_with_parent(self._pid, signal.SIGTERM)
            for fd in self._fds:
                os.close(fd)
            self._fds = ()
            self._pid = os.getpid()
            keeper.name_process("keeper")
            keeper.keep(lambda: self._become_worker(order, log_pipe), tell)
        except BaseException:  # noqa: BLE001 (the last words of the process)
            traceback.print_exc()
        finally:
            os._exit(1)

    def _become_worker(self, order: dict[str, Any], log_pipe: int) -> NoReturn:
        """Never returns into the loop it was forked from."""
        status = 1
        try:
            set_group(0)
            keeper.die_with_parent(self._pid, signal.SIGKILL)
            reset_signals()
            for fd in self._fds:
                os.close(fd)
            self._control.detach()
            take_over_output(log_pipe)
            become(order, self._base_path)
            gc.enable()
            status = run_handler(order["handler"])
        except BaseException:  # noqa: BLE001 (the last words of the process)
            traceback.print_exc()
        finally:
            os._exit(status)

    def _kill(self, worker: int) -> None:
        # Only a child that was not waited for yet: its number cannot belong to anybody else.
        for child in [one for one, its in self._workers.items() if its == worker]:
            self._stop(child)

    def _stop(self, child: int) -> None:
        if self._workers[child] == child:
            keeper.kill_group(child)
        else:  # its keeper ends it with all that is below
            os.kill(child, signal.SIGTERM)
            os.kill(child, signal.SIGCONT)

    def _reap(self) -> None:
        while self._workers:
            # Looked at first, waited for after: while it is a zombie its group's number is ours,
            # so whatever the worker started can be ended with it.
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                return
            keeper.kill_group(ended.si_pid)
            _, status = os.waitpid(ended.si_pid, 0)
            worker = self._workers.pop(ended.si_pid, None)
            if worker is None:  # whoever's keeper it was, it was ours to wait for
                continue
            if worker != ended.si_pid:
                # A keeper that was killed leaves its worker to us, and what that started.
                keeper.end_all(spared=frozenset(self._workers))
            self._say(exited=worker, status=os.waitstatus_to_exitcode(status))

    def _end(self) -> NoReturn:
        """The launcher has gone: nothing it started stays."""
        for child in self._workers:
            self._stop(child)
        for child in self._workers:
            os.waitpid(child, 0)
        keeper.end_all(spared=frozenset())
        os._exit(0)

    def _say(self, **words: object) -> None:
        try:
            self._control.sendall(json.dumps(words).encode() + b"\n")
        except OSError:
            self._end()


def pipe_of_signal(number: signal.Signals) -> tuple[int, int]:
    """Both ends of a pipe that can be read as soon as the signal has come."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    return reading, writing


def set_group(pid: int) -> None:
    # Both sides do it: whoever comes first, the group exists before anybody kills it.
    try:
        os.setpgid(pid, pid)
    except OSError:
        return


def reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)


def take_over_output(log_pipe: int) -> None:
    os.dup2(log_pipe, 1)
    os.dup2(log_pipe, 2)
    os.close(log_pipe)


def become(order: dict[str, Any], base_path: Sequence[str]) -> None:
    os.environ.clear()
    os.environ.update(order["environment"])
    keeper.name_process(os.environ["AWS_LAMBDA_FUNCTION_NAME"])
    time.tzset()
    os.chdir(order["directory"])
    if order["memory_mb"] is not None:
        limit_memory(order["memory_mb"] * 1024 * 1024 + MEMORY_HEADROOM)
    sys.path[:] = [*order["path"], *base_path]
    sys.argv[:] = ["bootstrap"]
    imports.forget_imports(order["anew"])


def limit_memory(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def run_handler(handler: str) -> int:
    """Hands the process to the runtime client; the exit status when that ends."""
    from awslambdaric.__main__ import main as run

    try:
        run(["bootstrap", handler])
    except SystemExit as end:
        return exit_status(end.code)
    return 0


def exit_status(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
