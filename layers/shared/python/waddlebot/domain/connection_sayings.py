"""What is said of connections."""

from __future__ import annotations


def connection_lost(name: str, service: str, why: str, where: str) -> str:
    """`why` is a sentence, `where` the address at which it is connected again."""
    of = f"{name} on {service}" if name else service
    return f"I lost the connection with {of}. {why} Connect it again at {where}."


def house_connection_lost(name: str, why: str, service: str) -> str:
    """For the operator."""
    return f"The connection with {name} is lost. {why} waddlebot connect {service} says what to do."
