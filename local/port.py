"""Is the port ours to take, and if not, whose is it?"""

from __future__ import annotations

import errno
import socket
from contextlib import ExitStack

import psutil

from local.plane.ports import hold_port

HOST = "127.0.0.1"
LAST = 65_535


class PortTaken(Exception):
    """The sentence names the process and the way round."""


def free_port() -> int:
    """None of those that outgoing connections take: one may come before whoever listens there."""
    with ExitStack() as held:
        return hold_port(0, held)


def listen(port: int, name: str = "PORT") -> socket.socket:
    """A listening socket on loopback; `name` is the variable that says which. Raises PortTaken."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise PortTaken(_why(port, name, error)) from error
    listener.listen(1024)
    return listener


def _why(port: int, name: str, error: OSError) -> str:
    if error.errno == errno.EACCES:
        return f"Port {port} is kept for root. Take another: {name}=8000 make run"
    another = port + 1 if port < LAST else port - 1
    return f"Port {port} is taken{_by_whom(port)}. Stop that, or: {name}={another} make run"


def _by_whom(port: int) -> str:
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:
        return ""
    for connection in connections:
        at_port = connection.laddr and connection.laddr.port == port
        if at_port and connection.status == psutil.CONN_LISTEN and connection.pid:
            return f" by {_name_of(connection.pid)} (process {connection.pid})"
    return ""


def _name_of(pid: int) -> str:
    try:
        return psutil.Process(pid).name()
    except psutil.Error:  # it has just ended
        return "somebody"
